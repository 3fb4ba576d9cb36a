"""The phone rings in a real Chromium: who calls pops up, her card opens beside the page, what was said is noted."""

from collections.abc import Callable

import pytest

from regulars.journeys.take_call import call_comes
from regulars.records.access_log.models import AccessEntry
from regulars.records.staff.actions import hire
from regulars.records.touchpoints.models import Touchpoint
from tests.browser import LOOKS, Visitor
from tests.cast import asking
from tests.story import PASSWORD, shop, wanqing

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_who_calls_pops_up_and_her_card_opens_beside(visitor: Making, language: str, theme: str, width: int) -> None:
    wanqing(shop())
    dora = visitor(language=language, theme=theme, width=width).comes_in("dora")
    dora.complaints.clear()  # the front page is another desk's
    page = dora.goes_to("/complaints/")
    call_comes("13800004187", "c-1", agent="dora", line="3", by=asking("Switchboard", "service"))
    page.wait_for_selector("#ringing a:has-text('陈婉清')", timeout=10_000)
    assert dora.findings() == []
    assert not dora.slides_sideways()
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.innerText") == "陈婉清"
    page.keyboard.press("Enter")
    page.wait_for_selector("#beside[open] h2:has-text('陈婉清')")
    assert dora.findings() == []
    page.keyboard.press("Escape")
    page.wait_for_selector("#beside", state="hidden")
    assert AccessEntry.objects.filter(door="open_customer", because="call", who="Dora").exists()
    page.fill("#ringing input[name=title]", "Asked about the coat")
    with page.expect_navigation():
        page.press("#ringing input[name=title]", "Enter")
    assert page.url.endswith("/customers/C-20418/")
    assert Touchpoint.objects.get(kind="call").title == "Asked about the coat"
    assert dora.complaints == []


def test_a_call_comes_on_another_desks_page_and_takes_nobody_out_of_what_she_types(visitor: Making) -> None:
    at = shop()
    wanqing(at)
    hire("sam", "Sam", roles=["steward", "service"], password=PASSWORD)
    sam = visitor().comes_in("sam")
    sam.complaints.clear()
    page = sam.goes_to("/data/sources/new/")
    page.focus("input[name=name]")
    page.keyboard.type("Web ")
    call_comes("13800004187", "c-1", agent="sam", line="3", by=asking("Switchboard", "service"))
    page.wait_for_selector("#ringing a:has-text('陈婉清')", timeout=10_000)
    page.keyboard.type("shop")
    assert page.input_value("input[name=name]") == "Web shop"
    assert sam.findings() == [] and not sam.slides_sideways()
    page.click("#ringing a:has-text('陈婉清')")
    page.wait_for_selector("#beside[open] h2:has-text('陈婉清')")
    assert sam.complaints == []


def test_she_says_it_is_otherwise(visitor: Making) -> None:
    wanqing(shop())
    dora = visitor().comes_in("dora")
    dora.complaints.clear()
    page = dora.goes_to("/customers/C-20418/sources/")
    page.click("#f-city summary")
    page.fill("#f-city input[name=value]", "苏州")
    page.fill("#f-city input[name=because]", "She moved")
    with page.expect_navigation():
        page.press("#f-city input[name=because]", "Enter")
    assert "told to Dora" in page.inner_text("#f-city") and "苏州" in page.inner_text("#f-city")
    assert dora.findings() == [] and not dora.slides_sideways()
    with page.expect_navigation():
        page.click("#f-city button:has-text('Take back')")
    assert "苏州" not in page.inner_text("#f-city")
    assert dora.complaints == []
