"""The service desk in a real Chromium: both languages, light and dark, desk and phone, and Dora at work."""

from collections.abc import Callable

import pytest

from regulars.journeys.keep_groups import add_group, put_under, say_member
from regulars.records.customers.models import Customer
from regulars.records.groups.actions import NewGroup
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.models import Complaint
from tests.browser import LOOKS, Visitor
from tests.cast import DORA, NOON, customer
from tests.story import shop, wanqing

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CARD = "/customers/C-20418/"
Making = Callable[..., Visitor]


def pages() -> list[str]:
    at = shop()
    who = wanqing(at)
    Task.objects.create(
        customer=who, kind="call_back", due_on=NOON.date(), opened_at=NOON, owner_id=at.dora, words="Coat"
    )
    complaint = f"{CARD}complaints/{Complaint.objects.get().id}/"
    return [
        "/customers/",
        "/customers/?q=chen",
        CARD,
        f"{CARD}choices/",
        f"{CARD}sources/",
        f"{CARD}notes/new/",
        complaint,
        "/tasks/",
        "/complaints/",
    ]


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_every_page_can_be_read_by_everybody(visitor: Making, language: str, theme: str, width: int) -> None:
    paths = pages()
    dora = visitor(language=language, theme=theme, width=width).comes_in("dora")
    dora.complaints.clear()  # the front page is another desk's
    for path in paths:
        dora.goes_to(path)
        assert dora.findings() == [], path
        assert not dora.slides_sideways(), path
        assert dora.lost_on_the_way() == [], path
    assert dora.complaints == []


@pytest.mark.parametrize("name", ["W" * 200, "王" * 60], ids=["a word", "characters"])
def test_no_name_pushes_the_page_aside(visitor: Making, name: str) -> None:
    pages()
    Customer.objects.filter(number="C-20418").update(name=name, given_name="", family_name="", city=name)
    dora = visitor(language="zh-hans", width=375).comes_in("dora")
    for path in (CARD, "/customers/?q=13800004187", "/tasks/", "/complaints/"):
        assert name[:20] in dora.goes_to(path).content(), path
        assert not dora.slides_sideways(), path


def test_dora_finds_while_she_types_and_opens_with_the_keyboard(visitor: Making) -> None:
    pages()
    dora = visitor().comes_in("dora")
    page = dora.goes_to("/customers/")
    page.keyboard.type("wanq", delay=30)
    page.wait_for_selector("#found a:has-text('陈婉清')")
    assert page.url.endswith("?q=wanq")
    page.locator("input[name=q].field-search").blur()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{CARD}")


def test_dora_reaches_a_customer_for_a_reason(visitor: Making) -> None:
    pages()
    dora = visitor().comes_in("dora")
    page = dora.goes_to(CARD)
    masked = page.locator("button.masked[popovertarget^=open-phone]")
    masked.click()
    floating = page.locator("[popover]:popover-open")
    assert "Who could open it" in floating.inner_text()
    floating.locator("button:has-text('Open')").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("#reach").get_by_text("+8613800004187").is_visible()
    assert page.locator("#reach button.masked").count() == 2


def test_orders_and_earlier_moments_come_without_leaving_the_page(visitor: Making) -> None:
    pages()
    page = visitor().comes_in("dora").goes_to(CARD)
    page.locator(".tl a:has-text('¥299')").first.click()
    page.wait_for_selector(".tl .lines table")
    before = page.locator(".tl > li").count()
    page.locator(".onward a").click()
    page.locator(".tl > li").nth(before).wait_for()
    assert page.url.endswith(CARD)


def test_everything_works_without_scripts(visitor: Making) -> None:
    pages()
    dora = visitor(java_script_enabled=False).comes_in("dora")
    page = dora.goes_to("/customers/")
    page.fill("input.field-search", "chen")
    page.press("input.field-search", "Enter")
    page.locator("#found a").click()
    page.locator(".onward a").click()
    assert page.locator(".tl > li").count() > 10
    page.goto(f"{dora.address}{CARD}")
    page.locator(".tl a:has-text('¥299')").first.click()
    assert "Linen shirt" in page.locator("main").inner_text()


def test_a_slip_while_typing_brings_her_and_the_keyboard_opens_her(visitor: Making) -> None:
    pages()
    dora = visitor().comes_in("dora")
    page = dora.goes_to("/customers/")
    page.keyboard.type("chne wanqing", delay=20)
    page.wait_for_selector("#found section a:has-text('陈婉清')")
    assert dora.findings() == []
    page.locator("input[name=q].field-search").blur()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{CARD}")


def test_households_and_accounts_can_be_read_by_everybody(visitor: Making) -> None:
    at = shop()
    who, other = wanqing(at), customer("李明", home_branch_id=at.lake)
    home = add_group(NewGroup("household"), by=DORA, at=NOON)
    firm = add_group(
        NewGroup("company", "Nanzhi Group", company_code="91110000600037341L", country="CN"), by=DORA, at=NOON
    )
    branch = add_group(NewGroup("company", "Nanzhi East"), by=DORA, at=NOON)
    put_under(branch, firm, by=DORA, at=NOON)
    for one, ref, role in ((who, home, "adult"), (other, home, "adult"), (who, branch, "buyer")):
        say_member(one.number, ref, role=role, by=DORA, because="serving", at=NOON)
    for language, theme, width in LOOKS:
        dora = visitor(language=language, theme=theme, width=width).comes_in("dora")
        dora.complaints.clear()
        for path in ("/groups/?q=Nanzhi", f"/groups/{home}/", f"/groups/{firm}/", f"{CARD}groups/"):
            dora.goes_to(path)
            assert dora.findings() == [], path
            assert not dora.slides_sideways(), path
        assert dora.complaints == []
