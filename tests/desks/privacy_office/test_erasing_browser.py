"""Erasing in a real Chromium: readable for everybody, and Emil is asked before anybody is gone for good."""

from collections.abc import Callable

import pytest

from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.tell_us import ask_to_be_deleted
from regulars.records.customers.models import Customer
from regulars.rules.permission.asking import Asker
from tests.browser import LOOKS, Visitor
from tests.cast import EMIL, NOON, bob
from tests.story import shop, wanqing

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]


@pytest.fixture
def waiting(house: None) -> None:
    """陈婉清 wants to be deleted; Bob was."""
    wanqing(shop())
    ask_to_be_deleted(
        "C-20418", words="please", by=Asker("customer C-20418", "customer", "personal", "oversight"), at=NOON
    )
    erase_customer(bob().number, by=EMIL, because="his own wish, by letter", reference="letter of 3 March", at=NOON)


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_the_page_can_be_read_by_everybody(
    waiting: None, visitor: Making, language: str, theme: str, width: int
) -> None:
    emil = visitor(language=language, theme=theme, width=width).comes_in("emil")
    emil.complaints.clear()  # the front page is another desk's
    emil.goes_to("/privacy/erasing/")
    assert emil.findings() == []
    assert not emil.slides_sideways()
    assert emil.complaints == []


def test_emil_is_asked_before_she_is_gone(waiting: None, visitor: Making) -> None:
    emil = visitor().comes_in("emil")
    page = emil.goes_to("/privacy/erasing/?number=C-20418&reference=T-1")
    page.fill("input[name=because]", "her own wish")
    page.click("form.asking button")
    assert page.inner_text("#confirm-title") == "Erase this customer for good? Nothing brings her back."
    page.click("#confirm button[value=no]")
    assert Customer.objects.filter(name="陈婉清").exists()
    page.click("form.asking button")
    page.click("#confirm button[value=yes]")
    page.wait_for_selector("text=Nobody can find, read or reach her any more")
    assert not Customer.objects.filter(name="陈婉清").exists()
