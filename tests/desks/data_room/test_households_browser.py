"""Proposed households in a real Chromium: read by everybody, agreed to and refused."""

from collections.abc import Callable

import pytest

from regulars.journeys.match_customers import match_customers
from regulars.records.customers.models import Customer
from regulars.records.groups.models import GroupMember, HouseholdPair
from regulars.records.staff.actions import hire
from tests.browser import LOOKS, Visitor
from tests.cast import STEN, customer
from tests.story import PASSWORD, findable, shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]
HOMES = {
    "湖滨路8号2栋301室": (("王晓芳", "female"), ("王建国", "male")),
    "12 Alder Row, Flat 3": (("Ann Archer", ""), ("Tom Archer", "")),
}


def proposals() -> None:
    shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    for street, people in HOMES.items():
        for name, sex in people:
            parts = {"family_name": name[0], "given_name": name[1:]} if " " not in name else {}
            findable(customer(name, street=street, sex=sex, city="杭州" if parts else "Dublin", **parts))
    match_customers(by=STEN, because="spring cleaning")


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_the_page_can_be_read_by_everybody(visitor: Making, language: str, theme: str, width: int) -> None:
    proposals()
    sten = visitor(language=language, theme=theme, width=width).comes_in("sten")
    sten.complaints.clear()
    sten.goes_to("/data/households/")
    assert sten.findings() == [] and not sten.slides_sideways() and sten.complaints == []


def test_sten_says_who_lives_together_and_who_does_not(visitor: Making) -> None:
    proposals()
    sten = visitor().comes_in("sten")
    page = sten.goes_to("/data/duplicates/")
    page.get_by_role("link", name="Proposed households").click()
    page.wait_for_url("**/data/households/")
    assert page.get_by_text("same home").count() == 2
    page.get_by_role("button", name="They live together").first.click()
    page.get_by_text("now.").first.wait_for()
    page.get_by_role("button", name="They do not").first.click()
    page.get_by_text("No household is proposed").wait_for()
    assert GroupMember.objects.count() == 2 and HouseholdPair.objects.filter(state="refused").count() == 1
    assert Customer.objects.filter(erased_at__isnull=True).count() >= 4
