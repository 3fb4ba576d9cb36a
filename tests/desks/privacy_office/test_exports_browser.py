"""The pages about exports, watched customers and four eyes in a real Chromium, each with something on it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from regulars.journeys.approve import ask_for_two
from regulars.journeys.canaries import plant_canary
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.hand_out_people import people_file
from regulars.records.customers.access import open_customer
from regulars.records.customers.inventing import Invented
from regulars.records.watched.actions import protect
from regulars.rules.permission.errors import Denied
from tests.browser import LOOKS, Visitor
from tests.cast import DORA, EMIL, MIA, NOON
from tests.desks.marketing.corner_shop import corner_shop
from tests.desks.shared.test_sign_in_browser import fine

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_the_pages_can_be_read_by_everybody(
    house: None, visitor: Making, language: str, theme: str, width: int
) -> None:
    people = corner_shop(12)
    left = people_file(by=MIA, because="spring", content="Everybody", at=NOON, limit=500)
    number = plant_canary(Invented("Nadja Winter", email="nadja@ours.example"), note="spring", by=EMIL, at=NOON)
    open_customer(number, by=DORA, because="serving")
    protect(people[0].id, because="known from television", by=EMIL, at=NOON)
    ask_for_two("erasure", asked=True, by=EMIL)
    with pytest.raises(Denied):
        erase_customer(people[1].number, by=replace(EMIL, staff_id=999), because="his wish", reference="T-1", at=NOON)
    one = visitor(language=language, theme=theme, width=width).comes_in("emil")
    one.complaints.clear()
    for room in ("exports", "watching", "approvals"):
        one.goes_to(f"/privacy/{room}/")
        fine(one, f"{room}-{language}-{theme}")
    one.goes_to("/privacy/exports/")
    field = one.page.locator("input[type=file]")
    assert field.evaluate("at => getComputedStyle(at, '::file-selector-button').borderRadius") == "8px", (
        "as buttons are"
    )
    one.page.fill("textarea[name=text]", "\n".join(line.number for line in left.lines))
    one.page.fill("input[name=because]", "found on a stick")
    one.page.click("form[action$='/trace/'] button:not([formaction])")
    one.page.wait_for_selector("#traced")
    fine(one, f"traced-{language}-{theme}")
    assert one.complaints == []
