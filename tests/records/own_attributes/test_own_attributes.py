"""An attribute of the company's own: added without touching a table, classed, filled, seen through each view as it may
be, and gone with its customer.
"""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date

import psycopg
import pytest
from django.db import connections, transaction

from regulars.connections.postgres.asking import ask
from regulars.journeys.check_house import check_house
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.keep_own_attributes import (
    Classing,
    add_own_attribute,
    class_own_attribute,
    fill_own_attribute,
    finish_classing,
    kept_attributes,
    own_facts_of,
    retire_own_attribute,
)
from regulars.records.choices.actions import add_choice
from regulars.records.customers.access import open_customer
from regulars.records.customers.changes import changes_of
from regulars.records.own_attributes.access import own_attribute
from regulars.records.own_attributes.actions import class_attribute, lay_values, tell_values
from regulars.records.own_attributes.models import OwnShown, OwnValue
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.privacy.own_attributes import Choice, OwnAttribute
from regulars.rules.privacy.views import VIEWS
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob

pytestmark = pytest.mark.usefixtures("house")
SHOE = OwnAttribute("shoe_size", "number", "Shoe size", "鞋码")
FAITH = OwnAttribute("faith", "text", "Faith", "信仰")
EVERYDAY_SHOE = Classing(
    "personal", "user.demographic", frozenset({"service", "analysis", "direct_marketing"}), coarser="band"
)
SECRET_FAITH = Classing(
    "sensitive", "user.demographic.religious_belief", frozenset({"service", "oversight", "sensitive_use"})
)


def the_value(number: str, key: str, by: object) -> str | None:
    """What the file says under the attribute, through that person's view."""
    facts = own_facts_of(number, by=by, because="test")  # type: ignore[arg-type]
    return next((one.plain for one in facts if one.what.key == key), None)


def held_in(view: str) -> list[tuple[object, ...]]:
    """Every value the view's own login reads."""
    return ask(view, "SELECT text, amount, day, yes, sealed FROM own_value")


def test_sten_adds_and_emil_classes_and_dora_reads() -> None:
    her = ann()
    add_own_attribute(SHOE, by=STEN, at=NOON)
    fill_own_attribute(her.number, "shoe_size", "42.5", by=STEN, because="told us", at=NOON)
    assert own_facts_of(her.number, by=DORA, because="test") == []
    kept = class_own_attribute("shoe_size", EVERYDAY_SHOE, by=EMIL, at=NOON)
    assert (kept.values, kept.shown["anonymous"]) == (1, "band")
    assert the_value(her.number, "shoe_size", DORA) == "42500"
    assert held_in("standard") == [(None, 42500, None, None, None)]
    assert held_in("anonymous") == []  # nobody is in it before the night draws keys


def test_nobody_but_the_officer_classes_and_dora_adds_nothing() -> None:
    add_own_attribute(SHOE, by=STEN, at=NOON)
    with pytest.raises(Denied):
        class_own_attribute("shoe_size", EVERYDAY_SHOE, by=STEN, at=NOON)
    with pytest.raises(Denied):
        add_own_attribute(FAITH, by=DORA, at=NOON)
    with pytest.raises(Denied):
        kept_attributes(by=MIA)
    with pytest.raises(BadInput):
        add_own_attribute(SHOE, by=STEN, at=NOON)
    with pytest.raises(NotThere):
        class_own_attribute("hat_size", EVERYDAY_SHOE, by=EMIL, at=NOON)


def test_what_is_unclassed_is_in_no_view_and_the_check_says_so(
    administrator_connection: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    her = ann()
    add_own_attribute(FAITH, by=STEN, at=NOON)
    fill_own_attribute(her.number, "faith", "quaker", by=STEN, because="told us", at=NOON)
    assert all(held_in(view.name) == [] for view in VIEWS if view.name not in ("opening", "repair"))
    assert OwnValue.objects.get().sealed is not None
    found = {(one.code, one.place) for one in check_house(administrator_connection).findings}
    assert ("attribute_unclassed", "faith") in found


def test_faith_lies_sealed_and_is_read_by_the_officer_alone() -> None:
    her = ann()
    add_own_attribute(FAITH, by=STEN, at=NOON)
    class_own_attribute("faith", SECRET_FAITH, by=EMIL, at=NOON)
    fill_own_attribute(her.number, "faith", "quaker", by=STEN, because="told us", at=NOON)
    value = OwnValue.objects.get()
    assert value.text is None
    assert b"quaker" not in bytes(value.sealed or b"")
    assert held_in("standard") == held_in("marketing") == held_in("warehouse") == held_in("sensitive") == []
    assert (the_value(her.number, "faith", EMIL), the_value(her.number, "faith", DORA)) == ("quaker", None)
    (masked,) = own_facts_of(her.number, by=DORA, because="test")
    assert masked.shown == "gone"


def test_the_sensitive_view_opens_it_once_she_agreed() -> None:
    her = ann()
    add_own_attribute(FAITH, by=STEN, at=NOON)
    class_own_attribute("faith", SECRET_FAITH, by=EMIL, at=NOON)
    fill_own_attribute(her.number, "faith", "quaker", by=STEN, because="told us", at=NOON)
    add_choice(
        her.id, purpose="sensitive_use", channel="", value="granted", at=NOON, by=EMIL, source="test", wording=""
    )
    assert len(held_in("sensitive")) == 1


def test_bob_who_withdrew_is_not_in_the_marketing_view() -> None:
    bobs = bob()
    add_own_attribute(SHOE, by=STEN, at=NOON)
    class_own_attribute("shoe_size", EVERYDAY_SHOE, by=EMIL, at=NOON)
    fill_own_attribute(bobs.number, "shoe_size", "44", by=STEN, because="told us", at=NOON)
    assert len(held_in("standard")) == 1
    assert held_in("marketing") == []


def test_another_class_lays_every_value_anew_and_a_cut_short_change_shows_nobody_anything() -> None:
    her = ann()
    add_own_attribute(FAITH, by=STEN, at=NOON)
    open_ = Classing("personal", "user.demographic", frozenset({"service"}))
    class_own_attribute("faith", open_, by=EMIL, at=NOON)
    fill_own_attribute(her.number, "faith", "quaker", by=STEN, because="told us", at=NOON)
    assert the_value(her.number, "faith", DORA) == "quaker"
    class_attribute("faith", SECRET_FAITH, by=EMIL, at=NOON)  # and here the power goes
    assert held_in("standard") == held_in("personal") == []
    assert not OwnShown.objects.exists()
    assert finish_classing() == ["faith"]
    assert finish_classing() == []
    assert OwnValue.objects.get().text is None
    assert (the_value(her.number, "faith", EMIL), the_value(her.number, "faith", DORA)) == ("quaker", None)
    assert lay_values("faith") == 0


def test_a_value_that_comes_in_while_emil_classes_it_lies_as_the_new_class_wants() -> None:
    her = ann()
    add_own_attribute(FAITH, by=STEN, at=NOON)
    class_own_attribute("faith", Classing("personal", "user.demographic", frozenset({"service"})), by=EMIL, at=NOON)
    with ThreadPoolExecutor(1) as emil:
        with transaction.atomic():
            tell_values("faith", [(her.id, "quaker")], source_id=None, by=STEN, at=NOON)
            classing = emil.submit(_classed_apart)
            wait([classing], timeout=2)
        classing.result(timeout=60)
    value = OwnValue.objects.get()
    assert (value.text, value.sealed is not None) == (None, True)


def _classed_apart() -> None:
    try:
        class_own_attribute("faith", SECRET_FAITH, by=EMIL, at=NOON)
    finally:
        connections.close_all()


def test_what_gave_way_is_in_the_book_and_in_no_clear_text() -> None:
    her = ann()
    add_own_attribute(FAITH, by=STEN, at=NOON)
    class_own_attribute("faith", SECRET_FAITH, by=EMIL, at=NOON)
    for said in ("quaker", "buddhist", ""):
        fill_own_attribute(her.number, "faith", said, by=STEN, because="told us", at=NOON)
    opened, _ = open_customer(her.number, by=EMIL, because="test")
    told = {(line.old, line.new) for line in changes_of(opened) if line.field == "own.faith"}
    assert told == {(None, "quaker"), ("quaker", "buddhist"), ("buddhist", None)}
    assert not OwnValue.objects.exists()


def test_many_values_come_in_at_once_and_a_second_time_change_nothing() -> None:
    people = [ann(), bob()]
    add_own_attribute(SHOE, by=STEN, at=NOON)
    class_own_attribute("shoe_size", EVERYDAY_SHOE, by=EMIL, at=NOON)
    told = [(one.id, "40000") for one in people]
    assert tell_values("shoe_size", told, source_id=None, by=STEN, at=NOON) == {one.id for one in people}
    assert tell_values("shoe_size", told, source_id=None, by=STEN, at=NOON) == frozenset()


def test_a_retired_attribute_is_seen_by_nobody() -> None:
    her = ann()
    add_own_attribute(SHOE, by=STEN, at=NOON)
    class_own_attribute("shoe_size", EVERYDAY_SHOE, by=EMIL, at=NOON)
    fill_own_attribute(her.number, "shoe_size", "42", by=STEN, because="told us", at=NOON)
    retire_own_attribute("shoe_size", by=EMIL, at=NOON)
    assert held_in("standard") == held_in("personal") == []
    assert kept_attributes(by=EMIL) == []


def test_erasing_ann_takes_her_values_along() -> None:
    her, him = ann(), bob()
    add_own_attribute(SHOE, by=STEN, at=NOON)
    class_own_attribute("shoe_size", EVERYDAY_SHOE, by=EMIL, at=NOON)
    for one in (her, him):
        fill_own_attribute(one.number, "shoe_size", "42", by=STEN, because="told us", at=NOON)
    left = erase_customer(her.number, by=EMIL, because="she asked", reference="R-1", at=NOON)
    assert left.closed["own_attributes"] == 1
    assert [one.customer_id for one in OwnValue.objects.all()] == [him.id]
    assert tell_values("shoe_size", [(her.id, "43000")], source_id=None, by=STEN, at=NOON) == frozenset()


def test_the_check_finds_a_showing_that_nobody_decided(
    administrator_connection: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    add_own_attribute(FAITH, by=STEN, at=NOON)
    class_own_attribute("faith", SECRET_FAITH, by=EMIL, at=NOON)
    assert check_house(administrator_connection).agrees
    OwnShown.objects.create(attribute_id=own_attribute("faith").id, view="standard", shape="keep")
    found = {(one.code, one.place) for one in check_house(administrator_connection).findings}
    assert found == {("attribute_shown_extra", "standard faith keep")}


def test_every_kind_comes_back_as_it_went_in() -> None:
    her = ann()
    said = {"text": "tea", "number": "1.5", "money": "12.50", "date": "2026-03-31", "yes_no": "yes", "choice": "box"}
    plain = {"text": "tea", "number": "1500", "money": "1250", "date": "2026-03-31", "yes_no": "true", "choice": "box"}
    for kind, typed in said.items():
        choices = (Choice("box", "Box", "盒"),) if kind == "choice" else ()
        add_own_attribute(OwnAttribute(f"a_{kind}", kind, kind, kind, choices), by=STEN, at=NOON)
        class_own_attribute(f"a_{kind}", Classing("personal", "user", frozenset({"service"})), by=EMIL, at=NOON)
        fill_own_attribute(her.number, f"a_{kind}", typed, by=DORA, because="told us", at=NOON)
    assert {one.what.kind: one.plain for one in own_facts_of(her.number, by=DORA, because="test")} == plain
    with connections["standard"].cursor() as cursor:
        cursor.execute("SELECT day FROM own_value WHERE day IS NOT NULL")
        assert cursor.fetchall() == [(date(2026, 3, 31),)]
