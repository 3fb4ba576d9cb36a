"""The privacy office in a real Chromium: both languages, light and dark, desk and phone, and Emil at work."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from regulars.journeys.check_house import check_and_keep
from regulars.records.choices.subjects import name_subject
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from tests.browser import LOOKS, Visitor
from tests.cast import EMIL, NOON, ann, bob
from tests.story import shop, wanqing

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]
PAGES = (
    "",
    "dictionary/",
    "reach/",
    "reach/standard/",
    "needs/",
    "log/",
    "choices/",
    "choices/list/",
    "statement/",
    "logins/",
    "checks/",
    "evidence/",
    "reports/",
    "reports/model/",
)


@pytest.fixture
def busy_house(house: None) -> None:
    """An invented customer, two real ones, and a check in the book."""
    wanqing(shop())
    ann(), bob()
    name_subject("brand", "tea", name="Tea House", name_zh="茶屋", by=EMIL, at=NOON)
    renew_anonymous_keys()
    check_and_keep(asked_by="night shift", at=timezone.now())


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_every_page_can_be_read_by_everybody(
    busy_house: None, visitor: Making, language: str, theme: str, width: int
) -> None:
    emil = visitor(language=language, theme=theme, width=width).comes_in("emil")
    emil.complaints.clear()  # the front page is another desk's
    for path in PAGES:
        emil.goes_to(f"/privacy/{path}")
        assert emil.findings() == [], path
        assert not emil.slides_sideways(), path
    assert emil.complaints == []


def test_emil_narrows_the_dictionary_while_he_types(busy_house: None, visitor: Making) -> None:
    emil = visitor().comes_in("emil")
    page = emil.goes_to("/privacy/dictionary/")
    page.fill("main input[name=q]", "allerg")
    page.wait_for_selector("#entries:has-text('1 column')")
    assert "customer.allergies" in page.inner_text("#entries")
    page.wait_for_url("**q=allerg**")


def test_emil_looks_at_somebody_else_without_leaving_the_page(busy_house: None, visitor: Making) -> None:
    emil = visitor().comes_in("emil")
    page = emil.goes_to("/privacy/log/")
    page.select_option("select[name=outcome]", "denied")
    page.wait_for_selector("#lines:has-text('No line fits')")
    assert emil.complaints == []
