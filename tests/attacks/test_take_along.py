"""What a customer took along comes back as it was: attack 37 of privacy.md asks for nothing less."""

import json
from typing import Any

import pytest

from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.keep_own_attributes import (
    Classing,
    add_own_attribute,
    class_own_attribute,
    fill_own_attribute,
)
from regulars.journeys.show_own_record import copy_of_own_data
from regulars.journeys.take_in_own_file import FACTS, take_in_own_file
from regulars.records.customers.models import Customer
from regulars.rules.permission.errors import BadInput, Denied
from regulars.rules.privacy.own_attributes import Choice, OwnAttribute
from tests.cast import DORA, EMIL, NOON
from tests.story import DAY, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
LATER = NOON + 30 * DAY


def as_she_came_in() -> Customer:
    """Her address as the house keeps it since it cleans whatever comes in."""
    return wanqing(shop(), street="湖滨路8号", city="杭州市", region="浙江省")


def taken_along(number: str, *, at: Any = NOON) -> dict[str, Any]:
    """Her copy, through a file as anybody would take it."""
    told: dict[str, Any] = json.loads(json.dumps(copy_of_own_data(number, by=EMIL, at=at), ensure_ascii=False))
    return told


def hers(held: dict[str, Any]) -> dict[str, Any]:
    """What is hers in it, and not the house's: numbers of rows, sources and whoever looked are left out."""
    person = held["customer"]
    return {
        "facts": {name: person[name] or None for name in (*FACTS, "preferred_channel", "quiet_from", "quiet_until")},
        "ways": sorted((way["channel"], way["value"]) for way in held["ways_to_reach"]),
        "choices": sorted((one["purpose"], one["channel"], one["value"], one["at"]) for one in held["choices"]),
        "orders": sorted(
            (order["ref"], order["at"], order["currency"], order["branch"] or "", sorted(
                (line["product"], line["quantity_milli"], line["amount_minor"], line["discount_minor"])
                for line in order["lines"]))
            for order in held["orders"]
        ),
    }  # fmt: skip


def test_37_what_she_took_along_comes_back_equal() -> None:
    held = taken_along(as_she_came_in().number)
    erase_customer("C-20418", by=EMIL, because="her wish", reference="T-1", at=NOON)
    done = take_in_own_file(held, by=EMIL, at=LATER)
    assert done.number != "C-20418"
    assert (done.order_lines, done.choices) == (35, 5)
    back = taken_along(done.number, at=LATER)
    assert hers(back) == hers(held)
    assert back["customer"]["allows_direct_marketing"] == held["customer"]["allows_direct_marketing"]
    assert back["customer"]["allows_phone"] is False


def test_37_bringing_it_again_changes_nothing() -> None:
    held = taken_along(as_she_came_in().number)
    first = take_in_own_file(held, by=EMIL, at=LATER)
    again = take_in_own_file(held, by=EMIL, at=LATER + DAY)
    assert (again.number, again.order_lines, again.choices) == (first.number, 0, 0)
    assert hers(taken_along(first.number, at=LATER + DAY)) == hers(held)
    assert Customer.objects.count() == 2


def test_37_what_the_company_noted_of_its_own_comes_back_too_but_money_only_in_its_own_currency() -> None:
    number = as_she_came_in().number
    everyday = Classing("personal", "user", frozenset({"service"}))
    said = {"text": "tea", "number": "-1.5", "money": "12.50", "date": "2026-03-31", "yes_no": "yes", "choice": "box"}
    for kind, typed in said.items():
        choices = (Choice("box", "Box", "盒"),) if kind == "choice" else ()
        add_own_attribute(OwnAttribute(f"a_{kind}", kind, kind, kind, choices), by=EMIL, at=NOON)
        class_own_attribute(f"a_{kind}", everyday, by=EMIL, at=NOON)
        fill_own_attribute(number, f"a_{kind}", typed, by=EMIL, because="told us", at=NOON)
    held = taken_along(number)
    held["orders"] = []  # what currency she bought in says nothing about the company's
    back = taken_along(take_in_own_file(held, by=EMIL, at=LATER).number, at=LATER)
    assert noted(back) == noted(held)
    assert noted(held).keys() == {f"a_{kind}" for kind in said}
    for one in held["own_attributes"]:
        one["currency"] = one["currency"] and "JPY"
    held["customer"]["number"] = "C-7"
    elsewhere = taken_along(take_in_own_file(held, by=EMIL, at=LATER).number, at=LATER)
    assert noted(back).items() - noted(elsewhere).items() == {("a_money", "12.50")}


def noted(held: dict[str, Any]) -> dict[str, str]:
    """What stands under the company's own attributes."""
    return {one["key"]: one["value"] for one in held["own_attributes"]}


@pytest.mark.parametrize("held", [{}, {"format": "other"}, [], {"format": "regulars/own-data/1"}])
def test_37_what_is_no_such_file_is_refused(held: Any) -> None:
    with pytest.raises(BadInput, match="own_file_unknown"):
        take_in_own_file(held, by=EMIL, at=LATER)
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"customer": {"number": "C-1"}}, {"orders": 5}, {"orders": [{"lines": [{}]}]}, {"choices": "all"},
        {"choices": [{}]}, {"ways_to_reach": None}, {"own_attributes": [5]}, {"customer": None},
    ],
)  # fmt: skip
def test_37_a_file_with_a_broken_part_is_refused_as_a_whole(broken: dict[str, Any]) -> None:
    """Nothing of it comes in, and she who broke it is told so; no part is taken and another left."""
    held = taken_along(as_she_came_in().number) | broken
    with pytest.raises(BadInput, match="own_file_unknown"):
        take_in_own_file(held, by=EMIL, at=LATER)
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    "said", [{"at": "0001-01-01T00:00:00+00:00"}, {"at": 5}, {"at": "2026-01-01"}, {"purpose": []}, {"value": "maybe"}]
)
def test_37_a_choice_nobody_can_have_made_is_refused(said: dict[str, Any]) -> None:
    held = taken_along(as_she_came_in().number)
    held["choices"][0] |= said
    with pytest.raises(BadInput, match="own_file_unknown"):
        take_in_own_file(held, by=EMIL, at=LATER)
    assert Customer.objects.count() == 1


def test_37_only_the_officer_brings_it() -> None:
    held = taken_along(as_she_came_in().number)
    with pytest.raises(Denied):
        take_in_own_file(held, by=DORA, at=LATER)
