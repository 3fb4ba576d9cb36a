"""The customer's own pages in a real Chromium: phone and desk, both languages, light and dark, without scripts too."""

from collections.abc import Callable

import pytest

from regulars.journeys.unsubscribe import unsubscribe_token
from regulars.records.choices.subjects import name_subject
from regulars.records.contacts.models import Contact
from regulars.records.customers.models import Customer
from tests.browser import LOOKS, Visitor
from tests.cast import EMIL, NOON
from tests.story import shop, wanqing

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = (
    "/me/",
    "/me/data/",
    "/me/contacts/",
    "/me/seen/",
    "/me/hours/",
    "/me/data/correct/city/",
    "/me/data/delete/",
    "/me/seen/odd/",
)
Making = Callable[..., Visitor]


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_every_page_can_be_read_by_everybody(visitor: Making, language: str, theme: str, width: int) -> None:
    wanqing(shop())
    name_subject("brand", "tea", name="Tea House", name_zh="茶屋", by=EMIL, at=NOON)
    herself = visitor(language=language, theme=theme, width=width).comes_home("C-20418")
    token = unsubscribe_token(Contact.objects.get(state="waiting").id)
    for path in (*PAGES, f"/u/{token}/"):
        herself.goes_to(path)
        assert herself.findings() == [], path
        assert not herself.slides_sideways(), path
        assert herself.lost_on_the_way() == [], path
    assert herself.complaints == []


def test_the_address_bar_forgets_the_secret(visitor: Making) -> None:
    wanqing(shop())
    herself = visitor(width=375).comes_home("C-20418")
    assert herself.page.url == f"{herself.address}/me/"
    herself.page.go_back()
    assert "/enter/" not in herself.page.url


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_switch_is_moved_and_holds(visitor: Making, scripts: bool) -> None:
    who = wanqing(shop())
    herself = visitor(width=375, java_script_enabled=scripts).comes_home("C-20418")
    switch = herself.page.get_by_role("switch", name="Call me")
    assert switch.get_attribute("aria-checked") == "false"
    switch.click()
    herself.page.wait_for_load_state("networkidle")
    assert herself.page.get_by_role("switch", name="Call me").get_attribute("aria-checked") == "true"
    assert "“Call me” is on, from this moment" in herself.page.locator("[role=status]").inner_text()
    assert Customer.objects.get(id=who.id).allows_phone


def test_one_press_ends_the_mail(visitor: Making) -> None:
    who = wanqing(shop())
    herself = visitor(width=375)
    herself.goes_to(f"/u/{unsubscribe_token(Contact.objects.get(state='waiting').id)}/")
    herself.page.get_by_role("button", name="Yes, no more").click()
    herself.page.wait_for_load_state("networkidle")
    assert "from this moment" in herself.page.locator("h1").inner_text()
    assert not Customer.objects.get(id=who.id).allows_email
