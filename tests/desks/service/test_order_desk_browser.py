"""The order desk in a real Chromium, with the keyboard alone: recognised, counted, taken."""

from collections.abc import Callable

import pytest

from regulars.records.company.access import now
from regulars.records.customers.models import Customer
from regulars.records.orders.models import DeskOrder
from regulars.records.orders.selling import learn_prices
from tests.browser import LOOKS, Visitor
from tests.story import DAY, shop, wanqing

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]


def at_the_desk(dora: Visitor) -> Visitor:
    """She has begun an order."""
    wanqing(shop())
    learn_prices(since=now() - 400 * DAY, until=now())
    dora.comes_in("dora").goes_to("/desk/")
    dora.complaints.clear()  # the front page is another desk's
    with dora.page.expect_navigation():
        dora.page.keyboard.press("Enter")
    dora.page.wait_for_load_state("networkidle")
    return dora


def test_an_order_is_taken_without_the_mouse(visitor: Making) -> None:
    dora = at_the_desk(visitor())
    page = dora.page
    page.keyboard.type("chne wanqing", delay=20)
    page.wait_for_selector("#likely button:has-text('陈婉清')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#who a:has-text('陈婉清')")
    page.wait_for_function("document.activeElement.name === 'wanted'")
    page.keyboard.type("linen", delay=20)
    page.wait_for_selector("#products button:has-text('Linen shirt')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#lines td:has-text('Linen shirt')")
    page.keyboard.type("socks", delay=20)
    page.wait_for_selector("#products button:has-text('Socks')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#lines td:has-text('Socks')")
    page.fill("input[name=quantity] >> nth=0", "3")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("10%")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sum b:has-text('¥741')")
    assert page.locator("#amount-0").inner_text().strip() == "¥702"
    assert dora.findings() == []
    page.focus("button[value=place]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert DeskOrder.objects.get().customer.number == "C-20418"
    assert "is taken" in page.locator("h1").inner_text()
    assert dora.complaints == []


def test_escape_puts_away_what_was_found_and_nothing_typed_is_lost(visitor: Making) -> None:
    dora = at_the_desk(visitor())
    page = dora.page
    page.keyboard.type("wanqing", delay=20)
    page.wait_for_selector("#likely button:has-text('陈婉清')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.locator("#likely [data-suggested]").count() == 0
    assert page.evaluate("document.activeElement.name") == "typed"
    with page.expect_response("**/desk/**"):
        page.select_option("select[name=channel]", "phone")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.input_value("input[name=typed]") == "wanqing"
    assert page.input_value("select[name=channel]") == "phone"


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_somebody_new_is_taken_in_and_everybody_can_read_the_page(
    visitor: Making, language: str, theme: str, width: int
) -> None:
    dora = at_the_desk(visitor(language=language, theme=theme, width=width))
    page = dora.page
    page.keyboard.type("李小龙 13900139000", delay=10)
    page.wait_for_load_state("networkidle")
    page.click("button[value=new]")
    page.wait_for_selector("input[name=email]")
    page.fill("input[name=email]", "li@gmial.com")
    page.press("input[name=email]", "Enter")
    page.wait_for_selector("#looked:has-text('gmail.com')")
    page.check("input[name=says_allows_direct_marketing][value=granted]")
    assert dora.findings() == []
    assert not dora.slides_sideways()
    page.fill("input[name=wanted]", "socks")
    page.wait_for_selector("#products button")
    page.click("#products button")
    page.wait_for_selector("#lines table")
    assert dora.findings() == []
    assert page.locator("#lines .scroll").evaluate("at => at.scrollWidth <= at.clientWidth"), "lines are whole"
    assert dora.lost_on_the_way() == []
    with page.expect_navigation():
        page.click("button[value=place]")
    who = Customer.objects.exclude(number="C-20418").get()
    assert (who.name, who.allows_direct_marketing) == ("李小龙", True)
    dora.goes_to("/desk/")
    assert dora.findings() == []
    assert not dora.slides_sideways()
    assert dora.complaints == []
