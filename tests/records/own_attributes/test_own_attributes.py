"""An attribute of the company's own: added without touching a table, classed, filled, seen through each view as it may
be, and gone with its customer.
"""

import re
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import date, timedelta
from http import HTTPStatus

import psycopg
import pytest
from django.db import connections, transaction

from regulars.connections.postgres.asking import ask
from regulars.journeys.check_house import check_house
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.expire_sources import believe_anew, expire_sources
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
from regulars.journeys.let_go import keep_no_longer
from regulars.journeys.merge_customers import merge_customers, unmerge_customers
from regulars.journeys.where_from import confirm_value, correct_value, take_back_correction, where_from
from regulars.records.choices.actions import add_choice
from regulars.records.customers.access import open_customer
from regulars.records.customers.changes import changes_of
from regulars.records.customers.models import Customer
from regulars.records.free_texts.models import TextFlag
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.own_attributes.access import own_attribute
from regulars.records.own_attributes.actions import class_attribute, forget_values_of_source, lay_values, tell_values
from regulars.records.own_attributes.models import OwnShown, OwnValue, OwnValueSaid
from regulars.records.staff.actions import hire
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.privacy.own_attributes import Choice, OwnAttribute
from regulars.rules.privacy.views import VIEWS
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob, customer
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.story import PASSWORD

pytestmark = pytest.mark.usefixtures("house")
SHOE = OwnAttribute("shoe_size", "number", "Shoe size", "鞋码")
FAITH = OwnAttribute("faith", "text", "Faith", "信仰")
EVERYDAY_SHOE = Classing(
    "personal", "user.demographic", frozenset({"service", "analysis", "direct_marketing"}), coarser="band"
)
WRAP = OwnAttribute(
    "wrapping", "choice", "Wrapping", "包装", (Choice("paper", "Paper", "纸"), Choice("box", "Box", "盒"))
)
EVERYDAY_WRAP = Classing("personal", "user.behavior", frozenset({"service"}), coarser="keep")
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


LATER = NOON + timedelta(days=30)


def sources() -> tuple[int, int]:
    """A till that is trusted, and a shop that is trusted like most."""
    till, web = (ensure_source(ref, by=STEN, at=NOON, name=ref.title()).id for ref in ("own-till", "own-shop"))
    describe_source(till, by=STEN, trust=4)
    return till, web


def told_sizes(number: str, by: object = DORA) -> tuple[str | None, str, list[str]]:
    """What is believed of her shoes, why, and what others say."""
    [one] = [own.origin for own in where_from(number, by=by, because="test").own]  # type: ignore[arg-type]
    return one.best.value if one.best else None, one.why, [other.value for other in one.others]


@pytest.fixture
def sized() -> Customer:
    """The till says 42 and the web shop, later, 43."""
    her, (till, web) = ann(), sources()
    add_own_attribute(SHOE, by=STEN, at=NOON)
    class_own_attribute("shoe_size", EVERYDAY_SHOE, by=EMIL, at=NOON)
    assert tell_values("shoe_size", [(her.id, "42000")], source_id=till, by=STEN, at=NOON) == {her.id}
    assert not OwnValueSaid.objects.exists()
    assert tell_values("shoe_size", [(her.id, "43000")], source_id=web, by=STEN, at=LATER) == frozenset()
    return her


def test_two_sources_are_both_kept_and_the_more_trusted_is_believed(sized: Customer) -> None:
    assert the_value(sized.number, "shoe_size", DORA) == "42000"
    assert told_sizes(sized.number) == ("42000", "trusted", ["43000"])
    assert OwnValue.objects.get().noted_at == NOON
    describe_source(sources()[0], by=STEN, trust=1)
    assert believe_anew(at=LATER) == 1
    assert told_sizes(sized.number) == ("43000", "trusted", ["42000"])


def test_what_she_says_herself_is_believed_with_its_reason_until_it_is_taken_back(sized: Customer) -> None:
    till, _ = sources()
    correct_value(sized.number, "own.shoe_size", "44.5", by=DORA, because="she tried one on", at=LATER)
    assert told_sizes(sized.number) == ("44500", "confirmed", ["43000", "42000"])
    [own] = where_from(sized.number, by=DORA, because="test").own
    assert own.origin.best and (own.origin.best.herself, own.origin.best.because) == (True, "she tried one on")
    tell_values("shoe_size", [(sized.id, "41000")], source_id=till, by=STEN, at=LATER)
    assert the_value(sized.number, "shoe_size", DORA) == "44500"
    take_back_correction(sized.number, "own.shoe_size", by=DORA, because="a slip", at=LATER)
    assert told_sizes(sized.number) == ("41000", "trusted", ["43000"])
    with pytest.raises(NotThere, match="source_says_nothing"):
        take_back_correction(sized.number, "own.shoe_size", by=DORA, because="a slip", at=LATER)
    told = {(line.field, line.new) for line in changes_of(open_customer(sized.number, by=EMIL, because="x")[0])}
    assert {("own.shoe_size", "44500"), ("own.shoe_size", "41000")} <= told


def test_what_only_she_told_goes_with_taking_it_back() -> None:
    her = ann()
    add_own_attribute(FAITH, by=STEN, at=NOON)
    class_own_attribute("faith", SECRET_FAITH, by=EMIL, at=NOON)
    with pytest.raises(Denied, match="field_not_shown"):
        correct_value(her.number, "own.faith", "quaker", by=DORA, because="she said", at=LATER)
    with pytest.raises(BadInput, match="correction_reason"):
        correct_value(her.number, "own.faith", "quaker", by=EMIL, because=" ", at=LATER)
    correct_value(her.number, "own.faith", "quaker", by=EMIL, because="has cancer, she wrote", at=LATER)
    assert the_value(her.number, "faith", EMIL) == "quaker" and OwnValueSaid.objects.get().text is None
    assert TextFlag.objects.filter(table_name="own_value_said", column_name="because").count() == 1
    take_back_correction(her.number, "own.faith", by=EMIL, because="a slip", at=LATER)
    assert the_value(her.number, "faith", EMIL) is None
    assert not OwnValue.objects.exists() and not OwnValueSaid.objects.exists()


def test_she_says_otherwise_through_page_terminal_and_programs(sized: Customer) -> None:
    add_own_attribute(WRAP, by=STEN, at=NOON)
    class_own_attribute("wrapping", EVERYDAY_WRAP, by=EMIL, at=NOON)
    hire("dora", "Dora", roles=["service"], password=PASSWORD)
    dora, page = signed_in("dora"), f"/customers/{sized.number}/sources/"
    assert 'value="own.wrapping">Wrapping' in dora.get(page).content.decode()
    typed = {"do": "correct", "field": "own.wrapping", "value": "Box", "because": "a present"}
    told = dora.post(page, typed, follow=True).content.decode()
    assert "Wrapping: written down as she says" in told and '<option value="paper">Paper' in told
    assert "told to Dora on" in told and "a present" in told
    wrong = dora.post(page, typed | {"value": "a bag"}, follow=True)
    assert wrong.status_code == HTTPStatus.OK and the_value(sized.number, "wrapping", DORA) == "box"
    dora.post(page, {"do": "take_back", "field": "own.wrapping"})
    assert the_value(sized.number, "wrapping", DORA) is None
    where = f"/customers/{sized.number}/sources/own.shoe_size/correction"
    assert program("service").put(where, {"value": "45", "because": "a call"}).status == HTTPStatus.NO_CONTENT
    assert the_value(sized.number, "shoe_size", DORA) == "45000"
    assert program("service").delete(where, because="a slip").status == HTTPStatus.NO_CONTENT
    regulars("customer", "correct", sized.number, "own.shoe_size", "46", "--because", "she said so")
    assert the_value(sized.number, "shoe_size", DORA) == "46000"
    back = regulars("customer", "correct", sized.number, "own.shoe_size", "--take-back", "--because", "x")
    assert "Shoe size" in back.out


def test_what_was_typed_or_confirmed_at_the_desk_is_not_overwritten_by_a_file(sized: Customer) -> None:
    till, web = sources()
    confirm_value(sized.number, "own.shoe_size", web, by=DORA, because="she told me", at=LATER)
    assert told_sizes(sized.number)[:2] == ("43000", "confirmed")
    tell_values("shoe_size", [(sized.id, "44000")], source_id=till, by=STEN, at=LATER)
    assert the_value(sized.number, "shoe_size", DORA) == "43000"
    fill_own_attribute(sized.number, "shoe_size", "45", by=STEN, because="told us", at=LATER)
    assert told_sizes(sized.number)[:2] == ("45000", "confirmed")
    fill_own_attribute(sized.number, "shoe_size", "", by=STEN, because="told us", at=LATER)
    assert the_value(sized.number, "shoe_size", DORA) is None and not OwnValueSaid.objects.exists()
    fill_own_attribute(sized.number, "shoe_size", "45", by=STEN, because="told us", at=LATER)
    with pytest.raises(NotThere):
        confirm_value(sized.number, "own.shoe_size", 999_999, by=DORA, because="a look", at=LATER)
    with pytest.raises(Denied, match="field_not_shown"):
        confirm_value(sized.number, "own.faith", None, by=DORA, because="a look", at=LATER)


def test_an_expired_sources_value_gives_way_to_what_another_said(sized: Customer) -> None:
    till, web = sources()
    forget_values_of_source(till, [sized.id])
    assert the_value(sized.number, "shoe_size", DORA) == "43000"
    assert OwnValue.objects.get().source_id == web and OwnValueSaid.objects.get().source_id == web
    forget_values_of_source(web, [sized.id])
    assert not OwnValue.objects.exists() and not OwnValueSaid.objects.exists()


def test_a_source_that_only_spoke_beside_another_expires_too(sized: Customer) -> None:
    _, web = sources()
    describe_source(web, by=STEN, expires_on=NOON.date())
    assert expire_sources(at=LATER) == {"own-shop": 1}
    assert told_sizes(sized.number) == ("42000", "only", [])
    assert not OwnValueSaid.objects.filter(source_id=web).exists()


def test_when_its_class_changes_what_every_source_says_is_sealed_too(sized: Customer) -> None:
    class_own_attribute("shoe_size", SECRET_FAITH, by=EMIL, at=NOON)
    assert all(one.amount is None and one.sealed is not None for one in OwnValueSaid.objects.all())
    assert OwnValueSaid.objects.count() == 2 and lay_values("shoe_size") == 0
    assert where_from(sized.number, by=DORA, because="test").own == ()
    assert told_sizes(sized.number, EMIL) == ("42000", "trusted", ["43000"])
    retire_own_attribute("shoe_size", by=EMIL, at=NOON)
    keep_no_longer(at=LATER)
    assert not OwnValue.objects.exists() and not OwnValueSaid.objects.exists()


def test_the_page_and_a_program_tell_whose_word_a_value_is(sized: Customer) -> None:
    hire("dora", "Dora", roles=["service"], password=PASSWORD)
    page = signed_in("dora").get(f"/customers/{sized.number}/sources/").content.decode()
    assert "Shoe size" in page and "more trusted than the others" in page
    told = program("service").get(f"/customers/{sized.number}/sources", because="a look").told
    own = next(one for one in told if one["field"] == "own.shoe_size")
    assert (own["best"]["value"], own["others"][0]["value"]) == ("42", "43")
    assert "42" in regulars("customer", "sources", sized.number, "--because", "a look").out


def test_erasing_takes_what_sources_said_along(sized: Customer) -> None:
    erase_customer(sized.number, by=EMIL, because="she asked", reference="R-1", at=NOON)
    assert not OwnValueSaid.objects.exists()


def test_merged_both_words_are_kept_and_each_has_her_own_again() -> None:
    her, him, (till, web) = ann(), bob(), sources()
    add_own_attribute(SHOE, by=STEN, at=NOON)
    class_own_attribute("shoe_size", EVERYDAY_SHOE, by=EMIL, at=NOON)
    for who, size, source in ((her, "42000", till), (him, "43000", web)):
        tell_values("shoe_size", [(who.id, size)], source_id=source, by=STEN, at=NOON)
    merge_customers(him.number, her.number, by=STEN, because="the same", at=LATER)
    assert told_sizes(her.number) == ("42000", "trusted", ["43000"])
    unmerge_customers(him.number, by=STEN, because="two", at=LATER)
    assert not OwnValueSaid.objects.exists()
    assert [the_value(who.number, "shoe_size", DORA) for who in (her, him)] == ["42000", "43000"]


def test_merged_the_more_trusted_word_is_believed_whoever_goes_and_undone_each_her_own() -> None:
    her, him, (till, web) = ann(), bob(), sources()
    add_own_attribute(SHOE, by=STEN, at=NOON)
    class_own_attribute("shoe_size", EVERYDAY_SHOE, by=EMIL, at=NOON)
    for who, size, source in ((her, "42000", till), (him, "43000", web)):
        tell_values("shoe_size", [(who.id, size)], source_id=source, by=STEN, at=NOON)
    before = list(OwnValue.objects.order_by("id").values())
    merge_customers(her.number, him.number, by=STEN, because="the same", at=LATER)
    assert told_sizes(him.number) == ("42000", "trusted", ["43000"])
    assert the_value(him.number, "shoe_size", DORA) == "42000"
    unmerge_customers(her.number, by=STEN, because="two", at=LATER)
    assert not OwnValueSaid.objects.exists() and list(OwnValue.objects.order_by("id").values()) == before


def test_who_leaves_first_takes_her_own_value_along_though_another_came_since() -> None:
    her, him, cleo, (till, web) = ann(), bob(), customer("Cleo"), sources()
    add_own_attribute(SHOE, by=STEN, at=NOON)
    class_own_attribute("shoe_size", EVERYDAY_SHOE, by=EMIL, at=NOON)
    for who, size, source in ((him, "42000", web), (cleo, "43000", till)):
        tell_values("shoe_size", [(who.id, size)], source_id=source, by=STEN, at=NOON)
    before = list(OwnValue.objects.order_by("id").values())
    for who in (him, cleo):
        merge_customers(who.number, her.number, by=STEN, because="the same", at=LATER)
    assert told_sizes(her.number) == ("43000", "trusted", ["42000"])
    unmerge_customers(him.number, by=STEN, because="two", at=LATER)
    assert [the_value(who.number, "shoe_size", DORA) for who in (her, him)] == ["43000", "42000"]
    unmerge_customers(cleo.number, by=STEN, because="two", at=LATER)
    assert not OwnValueSaid.objects.exists() and list(OwnValue.objects.order_by("id").values()) == before


@pytest.mark.parametrize(("language", "said"), [("en", "Shoe size: confirmed"), ("zh-hans", "鞋码：已确认")])
def test_dora_confirms_on_the_page_what_a_source_says(sized: Customer, language: str, said: str) -> None:
    hire("dora", "Dora", roles=["service"], password=PASSWORD)
    dora, page = signed_in("dora", language), f"/customers/{sized.number}/sources/"
    shown = dora.get(page).content.decode()
    [theirs] = re.findall(r'id="f-own.shoe_size".*?</li>', shown, re.DOTALL)
    forms = re.findall(r'name="field" value="own.shoe_size"><input type="hidden" name="source" value="(\d+)"', theirs)
    till, web = sources()
    assert forms == [str(web), str(till)], "the other word, and the one that is believed"
    told = dora.post(page, {"field": "own.shoe_size", "source": str(web)}, follow=True).content.decode()
    assert said in told and "own.shoe_size:" not in told
    assert told_sizes(sized.number)[:2] == ("43000", "confirmed")


def test_what_one_source_alone_says_can_be_confirmed(sized: Customer) -> None:
    till, _ = sources()
    add_own_attribute(replace(SHOE, key="hat_size", label="Hat size"), by=STEN, at=NOON)
    class_own_attribute("hat_size", EVERYDAY_SHOE, by=EMIL, at=NOON)
    tell_values("hat_size", [(sized.id, "58000")], source_id=till, by=STEN, at=NOON)
    confirm_value(sized.number, "own.hat_size", till, by=DORA, because="she told me", at=LATER)
    [hat] = [one.origin for one in where_from(sized.number, by=DORA, because="test").own if one.what.key == "hat_size"]
    assert hat.best and (hat.best.value, hat.best.confirmed_by) == ("58000", DORA.name)
