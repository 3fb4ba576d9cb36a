"""Two files say different things of Ann: Dora sees who says what and why, asks her, and confirms it."""

import json
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.let_go import keep_no_longer, let_rule_go
from regulars.journeys.show_own_record import copy_of_own_data
from regulars.journeys.where_from import confirm_value, correct_value, take_back_correction, where_from
from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.access import find_customers, open_customer
from regulars.records.customers.actions import add_contact_points, create_customers, tell_customers
from regulars.records.customers.changes import changes_of
from regulars.records.customers.models import ContactPoint, ContactPointSaid, Customer, FieldSaid
from regulars.records.free_texts.models import TextFlag
from regulars.records.free_texts.texts import flagged_texts, texts_waiting
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.staff.actions import hire
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, EMIL, MIA, NOON, STEN
from tests.cast import ann as a_consenting_customer
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.story import PASSWORD

pytestmark = pytest.mark.usefixtures("house")
LATER = NOON + timedelta(days=30)


@pytest.fixture
def ann() -> str:
    """The till says Paris and wool, the shop says Lyon and silk; her number."""
    till, shop = (ensure_source(ref, by=STEN, at=NOON, name=ref.title()).id for ref in ("till", "shop"))
    describe_source(till, by=STEN, trust=4)
    row = {"ref": ["a"], "first_seen_on": [NOON.date()], "name": ["Ann Archer"], "city": ["Paris"], "sex": ["female"]}
    said: dict[str, Any] = row | {"allergies": ["wool"], "birth_on": [NOON.date()]}
    (who,) = create_customers(pa.table(said), source_id=till, stage="customer", by=STEN, at=NOON)
    news = {"customer_id": [who], "name": ["Ann Archer"], "city": ["Lyon"], "allergies": ["silk"]}
    tell_customers(pa.table(news), source_id=shop, by=STEN, at=LATER)
    return Customer.objects.get(id=who).number


def said(number: str, by: Any) -> dict[str, tuple[str, str, list[str]]]:
    """Field → what is believed, why, and what others say."""
    found = where_from(number, by=by, because="a look").fields
    return {one.field: (one.best.value if one.best else "", one.why, [o.value for o in one.others]) for one in found}


def test_dora_sees_who_says_what_and_why_and_nothing_her_view_masks(ann: str) -> None:
    assert said(ann, DORA) == {
        "name": ("Ann Archer", "agree", ["Ann Archer"]), "city": ("Paris", "trusted", ["Lyon"]),
        "sex": ("female", "only", []),
    }  # fmt: skip
    told = said(ann, EMIL)
    assert told["allergies"] == ("wool", "all", ["silk"])
    assert told["birth_on"][:2] == ("2026-03-12", "only")
    assert AccessEntry.objects.filter(door="open_customer", allowed=True).count() == 2


def test_what_dora_confirms_is_believed_whatever_sources_say_later(ann: str) -> None:
    shop = ensure_source("shop", by=STEN, at=NOON).id
    confirm_value(ann, "city", shop, by=DORA, because="she told me", at=LATER)
    assert said(ann, DORA)["city"][:2] == ("Lyon", "confirmed")
    who = Customer.objects.get(number=ann)
    assert who.city == "Lyon"
    news = pa.table({"customer_id": [who.id], "city": ["Nice"]})
    for ref in ("till", "shop"):
        tell_customers(news, source_id=ensure_source(ref, by=STEN, at=NOON).id, by=STEN, at=LATER + timedelta(days=9))
    assert said(ann, DORA)["city"] == ("Lyon", "confirmed", ["Nice", "Nice"])


def test_nobody_confirms_what_she_does_not_see_or_what_nobody_says(ann: str) -> None:
    with pytest.raises(Denied, match="field_not_shown"):
        confirm_value(ann, "allergies", None, by=DORA, because="a look", at=LATER)
    consented = a_consenting_customer().number
    with pytest.raises(Denied, match="confirming_not_for_this_role"):
        confirm_value(consented, "city", None, by=MIA, because="a look", at=LATER)
    with pytest.raises(NotThere):
        confirm_value(ann, "city", 999_999, by=DORA, because="a look", at=LATER)


def test_confirming_another_city_leaves_nothing_of_the_one_confirmed_before(ann: str) -> None:
    till, shop = (ensure_source(ref, by=STEN, at=NOON).id for ref in ("till", "shop"))
    who = Customer.objects.get(number=ann)
    place = pa.table({"customer_id": [who.id], "country": ["FR"], "city": ["Paris"], "postcode": ["75001"]})
    tell_customers(place, source_id=till, by=STEN, at=LATER)
    confirm_value(ann, "city", till, by=DORA, because="she told me", at=LATER)
    confirm_value(ann, "city", shop, by=DORA, because="she moved", at=LATER + timedelta(days=1))
    who.refresh_from_db()
    assert (who.city, who.postcode) == ("Lyon", "")


def test_confirming_what_agrees_keeps_what_was_confirmed_with_it(ann: str) -> None:
    till, other = (ensure_source(ref, by=STEN, at=NOON).id for ref in ("till", "list"))
    who = Customer.objects.get(number=ann).id
    confirm_value(ann, "city", till, by=DORA, because="she told me", at=LATER)
    tell_customers(pa.table({"customer_id": [who], "country": ["FR"]}), source_id=other, by=STEN, at=LATER)
    confirm_value(ann, "country", other, by=DORA, because="yes", at=LATER)
    assert said(ann, DORA)["city"][:2] == ("Paris", "confirmed") and said(ann, DORA)["country"][0] == "FR"


def test_a_source_that_says_a_postcode_only_says_nothing_of_the_city(ann: str) -> None:
    only = ensure_source("list", by=STEN, at=NOON).id
    who = Customer.objects.get(number=ann).id
    tell_customers(pa.table({"customer_id": [who], "postcode": ["75001"]}), source_id=only, by=STEN, at=LATER)
    with pytest.raises(NotThere, match="source_says_nothing"):
        confirm_value(ann, "city", only, by=DORA, because="a look", at=LATER)
    assert not FieldSaid.objects.filter(source__ref="desk").exists()


def test_the_newer_source_brings_its_city_with_its_own_country() -> None:
    """Each spoke of the country before; what a newer word of one brings stands beside its own country."""
    till, shop = (ensure_source(ref, by=STEN, at=NOON, name=ref.title()).id for ref in ("till", "shop"))
    row = {"ref": ["b"], "first_seen_on": [NOON.date()], "name": ["Bea"], "country": ["FR"], "jurisdiction": ["EU"]}
    (who,) = create_customers(pa.table(row), source_id=till, stage="customer", by=STEN, at=NOON)
    words = ((shop, {"country": "US", "jurisdiction": "US-CA"}), (till, {"city": "Graz"}))
    for days, (source, word) in enumerate(words):
        told = pa.table({"customer_id": [who]} | {name: [value] for name, value in word.items()})
        tell_customers(told, source_id=source, by=STEN, at=LATER + timedelta(days=days))
    bea = Customer.objects.get(id=who)
    assert (bea.country, bea.jurisdiction, bea.city) == ("FR", "EU", "Graz")


def test_an_erased_customer_leaves_nothing_of_what_sources_said(ann: str) -> None:
    who = Customer.objects.get(number=ann).id
    points = pa.table({"customer_id": [who], "channel": ["email"], "value": ["ann@example.com"]})
    for ref in ("till", "shop"):
        add_contact_points(points, source_id=ensure_source(ref, by=STEN, at=NOON).id, at=LATER)
    assert ContactPointSaid.objects.count() == 1
    erase_customer(ann, by=EMIL, because="she asked", reference="T-1", at=LATER)
    assert not FieldSaid.objects.exists()
    assert not ContactPointSaid.objects.exists()


def test_of_each_way_to_reach_her_it_is_told_who_told_of_it_and_not_where_it_leads(ann: str) -> None:
    who = Customer.objects.get(number=ann).id
    for ref, at, phones in (("till", NOON, ["+15550100001"]), ("shop", LATER, ["+15550100001", "+15550100002"])):
        points = pa.table({"customer_id": [who] * len(phones), "channel": ["phone"] * len(phones), "value": phones})
        add_contact_points(points, source_id=ensure_source(ref, by=STEN, at=at).id, at=at)
    ContactPoint.objects.filter(noted_at=LATER).update(valid=False)
    found = where_from(ann, by=DORA, because="a look").points
    assert [(one.channel, one.works, one.said) for one in found] == [
        ("phone", True, (("Till", NOON), ("Shop", LATER))), ("phone", False, (("Shop", LATER),)),
    ]  # fmt: skip
    hire("dora", "Dora", roles=["service"], password=PASSWORD)
    page = signed_in("dora", "zh-hans").get(f"/customers/{ann}/sources/").content.decode()
    ways = page.partition("联系方式</h2>")[2]
    assert ways.index("Till，") < ways.index("Shop，") < ways.index("已失效")
    told = program("service").get(f"/customers/{ann}/ways", because="a look").told
    assert [[said["source"] for said in one["said"]] for one in told] == [["Till", "Shop"], ["Shop"]]
    at_terminal = regulars("customer", "sources", ann, "--because", "a look").out
    assert at_terminal.count("Phone number") == 3
    assert "555010000" not in page + str(told) + at_terminal


def test_her_copy_says_where_each_field_comes_from(ann: str) -> None:
    told = {one["field"]: one for one in json.loads(json.dumps(copy_of_own_data(ann, by=EMIL, at=LATER)))["where_from"]}
    assert (told["city"]["best"]["source"], told["city"]["others"][0]["value"]) == ("Till", "Lyon")
    assert told["allergies"]["others"][0]["value"] == "silk"


def test_what_has_outlived_its_keep_goes_from_beside_the_record_too(ann: str) -> None:
    assert FieldSaid.objects.filter(field="allergies").count() == 2
    let_rule_go("customer.allergies", True, by=EMIL, at=LATER)
    keep_no_longer(at=LATER + timedelta(days=2_000))
    assert not FieldSaid.objects.filter(field="allergies").exists()
    assert FieldSaid.objects.filter(field="city").count() == 2


def test_the_page_the_terminal_and_programs_tell_the_same(ann: str) -> None:
    hire("dora", "Dora", roles=["service"], password=PASSWORD)
    dora = signed_in("dora")
    page = dora.get(f"/customers/{ann}/sources/").content.decode()
    assert all(word in page for word in ("Paris", "Lyon", "more trusted than the others", "Confirm this one"))
    assert "wool" not in page
    assert f"/customers/{ann}/sources/" in dora.get(f"/customers/{ann}/").content.decode()
    shop = ensure_source("shop", by=STEN, at=NOON).id
    assert dora.post(f"/customers/{ann}/sources/", {"field": "city", "source": shop}).status_code == 302
    told = program("service").get(f"/customers/{ann}/sources", because="a look").told
    city = next(one for one in told if one["field"] == "city")
    assert (city["best"]["value"], city["why"], city["best"]["confirmed_by"]) == ("Lyon", "confirmed", "Dora")
    till = next(one["source_id"] for one in city["others"] if one["source"] == "Till")
    put = program("service").put(f"/customers/{ann}/sources/city", {"source_id": till, "because": "she said so"})
    assert put.status == 204
    [city] = [
        one
        for one in regulars("customer", "sources", ann, "--because", "a look", "--json").json()
        if one["field"] == "city"
    ]
    assert city["best"]["value"] == "Paris"
    said_again = regulars(
        "customer", "sources", ann, "--because", "a call", "--confirm", "city", "--source", "Shop", "--json"
    )
    assert next(one for one in said_again.json() if one["field"] == "city")["best"]["value"] == "Lyon"


def test_what_she_says_herself_is_believed_and_can_be_taken_back(ann: str) -> None:
    correct_value(ann, "city", "nice", by=DORA, because="she moved in May", at=LATER)
    city = next(one for one in where_from(ann, by=DORA, because="a look").fields if one.field == "city")
    assert city.best and (city.best.value, city.best.herself, city.best.confirmed_by) == ("nice", True, "Dora")
    assert (city.why, city.best.because) == ("confirmed", "she moved in May")
    assert [one.value for one in city.others] == ["Lyon", "Paris"] and Customer.objects.get(number=ann).city == "nice"
    assert ("city", "Paris", "nice", "correct_said") in changes(ann)
    take_back_correction(ann, "city", by=DORA, because="a slip", at=LATER)
    assert said(ann, DORA)["city"] == ("Paris", "trusted", ["Lyon"])
    assert ("city", "nice", "Paris", "take_back_said") in changes(ann)
    with pytest.raises(NotThere):
        take_back_correction(ann, "city", by=DORA, because="a slip", at=LATER)


def test_a_corrected_name_is_taken_apart_and_finds_her(ann: str) -> None:
    correct_value(ann, "name", "BAKER, anna", by=DORA, because="she married", at=LATER)
    who = Customer.objects.get(number=ann)
    assert (who.name, who.given_name, who.family_name) == ("Anna Baker", "Anna", "Baker")
    assert [one.number for one in find_customers("anna baker", by=DORA, because="a look")] == [ann]


def test_a_corrected_place_keeps_what_is_larger_and_no_postcode_of_elsewhere(ann: str) -> None:
    who = Customer.objects.get(number=ann)
    place = pa.table({"customer_id": [who.id], "country": ["FR"], "city": ["Paris"], "postcode": ["75001"]})
    tell_customers(place, source_id=ensure_source("till", by=STEN, at=NOON).id, by=STEN, at=LATER)
    correct_value(ann, "city", "Graz", by=EMIL, because="she moved", at=LATER)
    who.refresh_from_db()
    assert (who.country, who.city, who.postcode, who.jurisdiction) == ("FR", "Graz", "", "EU")
    correct_value(ann, "country", "Austria", by=EMIL, because="she moved", at=LATER)
    who.refresh_from_db()
    assert (who.country, who.city) == ("AT", "Lyon")  # the shop says Lyon, and of no country


def test_a_sealed_field_is_corrected_by_who_sees_it_and_stays_sealed(ann: str) -> None:
    with pytest.raises(Denied, match="field_not_shown"):
        correct_value(ann, "allergies", "milk", by=DORA, because="she told me", at=LATER)
    correct_value(ann, "allergies", "milk", by=EMIL, because="a letter", at=LATER)
    assert said(ann, EMIL)["allergies"] == ("milk", "confirmed", ["silk", "wool"])
    row = FieldSaid.objects.get(field="allergies", source__ref="herself")
    assert row.value is None and row.closed is None and b"milk" not in bytes(row.cell or b"")
    assert b"milk" not in bytes(Customer.objects.get(number=ann).allergies or b"")


@pytest.mark.parametrize(("field", "value", "because", "code"), [
    ("sex", "42", "why", "correction_unclear"), ("city", " ", "why", "correction_empty"),
    ("birth_on", "tomorrow", "why", "correction_unclear"), ("city", "Graz", " ", "correction_reason"),
    ("city", "x" * 300, "why", "correction_unclear"), ("given_name", "Ann", "why", "correction_unclear"),
    ("country", "Atlantis", "why", "correction_unclear"), ("city", "Graz", "w" * 201, "correction_reason"),
])  # fmt: skip
def test_what_is_no_correction(ann: str, field: str, value: str, because: str, code: str) -> None:
    before = said(ann, EMIL)
    with pytest.raises(BadInput, match=code):
        correct_value(ann, field, value, by=EMIL, because=because, at=LATER)
    assert said(ann, EMIL) == before


def test_something_only_she_told_goes_with_taking_it_back(ann: str) -> None:
    correct_value(ann, "household_size", "5+", by=STEN, because="she told me", at=LATER)
    assert Customer.objects.get(number=ann).household_size == 5
    take_back_correction(ann, "household_size", by=STEN, because="a slip", at=LATER)
    assert Customer.objects.get(number=ann).household_size is None
    assert not FieldSaid.objects.filter(field="household_size").exists()


def test_the_book_tells_what_was_sealed_and_is_taken_back(ann: str) -> None:
    correct_value(ann, "id_document", "P1234567", by=EMIL, because="a letter", at=LATER)
    take_back_correction(ann, "id_document", by=EMIL, because="a slip", at=LATER)
    assert not Customer.objects.get(number=ann).id_document
    assert ("id_document", "P1234567", None, "take_back_said") in changes(ann)


def test_a_reason_that_says_too_much_waits_for_the_officer(ann: str) -> None:
    correct_value(ann, "city", "Nice", by=DORA, because="moved to the oncology ward, has cancer", at=LATER)
    assert TextFlag.objects.filter(table_name="field_said", column_name="because").count() == 1


def test_with_a_correction_its_reason_waits_for_nobody_any_more(ann: str) -> None:
    correct_value(ann, "city", "Nice", by=DORA, because="moved to the oncology ward, has cancer", at=LATER)
    assert (texts_waiting(), flagged_texts(by=EMIL, because="a look")[0]) == (1, 1)
    take_back_correction(ann, "city", by=DORA, because="a slip", at=LATER)
    assert (texts_waiting(), flagged_texts(by=EMIL, because="a look")) == (0, (0, []))


def test_nobody_else_corrects(ann: str) -> None:
    consented = a_consenting_customer().number
    for refused in (correct_value, lambda n, f, _v, **more: take_back_correction(n, f, **more)):
        with pytest.raises(Denied, match="confirming_not_for_this_role"):
            refused(consented, "city", "Graz", by=MIA, because="a look", at=LATER)


def test_corrections_through_page_terminal_and_programs(ann: str) -> None:
    hire("dora", "Dora", roles=["service"], password=PASSWORD)
    dora, page = signed_in("dora"), f"/customers/{ann}/sources/"
    shown = dora.get(page).content.decode()
    assert "She says otherwise" in shown and 'value="allergies"' not in shown
    wrong = dora.post(page, {"do": "correct", "field": "sex", "value": "42", "because": "x"}, follow=True)
    assert "cannot be understood" in wrong.content.decode()
    typed = {"do": "correct", "field": "city", "value": "Nice", "because": "she moved"}
    told = dora.post(page, typed, follow=True).content.decode()
    assert "the customer herself, told to Dora on" in told and "she moved" in told and "Take back" in told
    assert "Paris" in dora.post(page, {"do": "take_back", "field": "city"}, follow=True).content.decode()
    where = f"/customers/{ann}/sources/city/correction"
    assert program("service").put(where, {"value": "Graz", "because": "a call"}).status == 204
    told_now = program("service").get(f"/customers/{ann}/sources", because="a look").told
    city = next(one for one in told_now if one["field"] == "city")
    assert city["best"] == city["best"] | {"value": "Graz", "herself": True, "because": "a call"}
    assert program("service").delete(where, because="a slip").status == 204
    regulars("customer", "correct", ann, "sex", "other", "--because", "she said so")
    assert Customer.objects.get(number=ann).sex == "other"
    regulars("customer", "correct", ann, "sex", "--take-back", "--because", "a slip")
    assert Customer.objects.get(number=ann).sex == "female"


def changes(number: str) -> set[tuple[str, str | None, str | None, str]]:
    opened, _ = open_customer(number, by=EMIL, because="a look")
    return {(line.field, line.old, line.new, line.door) for line in changes_of(opened)}
