"""Several sources speak of one customer: all of it is kept, and the record shows what is believed."""

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from regulars.journeys.expire_sources import believe_anew
from regulars.records.customers.actions import TOLD, add_contact_points, create_customers, tell_customers
from regulars.records.customers.keys import keys_at_hand
from regulars.records.customers.models import ContactPoint, ContactPointSaid, Customer, CustomerChange, FieldSaid
from regulars.records.customers.saying import CLOSED, FIELDS, settle
from regulars.records.customers.shown import shown_through
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.rules.intake.meanings import SEALED
from tests.cast import NOON, STEN

pytestmark = pytest.mark.usefixtures("house")
LATER = NOON + timedelta(days=30)


def source(ref: str, trust: int = 3) -> int:
    made = ensure_source(ref, by=STEN, at=NOON).id
    describe_source(made, by=STEN, trust=trust)
    return made


def created(origin: int, **said: Any) -> int:
    row = {"ref": ["a"], "first_seen_on": [NOON.date()]} | {name: [value] for name, value in said.items()}
    (made,) = create_customers(pa.table(row), source_id=origin, stage="prospect", by=STEN, at=NOON)
    return int(made)


def told(who: int, origin: int, at: datetime = LATER, **said: Any) -> bool:
    row = {"customer_id": [who]} | {name: [value] for name, value in said.items()}
    return bool(tell_customers(pa.table(row), source_id=origin, by=STEN, at=at))


def record(who: int, *fields: str) -> tuple[Any, ...]:
    return tuple(Customer.objects.values_list(*fields).get(id=who))


def rows(who: int) -> set[tuple[str, str, str | None]]:
    """(field, source, value) of all that is kept beside the record."""
    found = FieldSaid.objects.filter(customer_id=who).values_list("field", "source__ref", "value", "closed")
    return {(field, ref, value or closed) for field, ref, value, closed in found}


def test_all_fields_are_known_and_those_the_everyday_view_does_not_show_lie_apart() -> None:
    assert set(FIELDS) == set(TOLD.names)
    hidden = shown_through("standard")
    assert set(CLOSED) | set(SEALED) == (hidden.masked | hidden.coarse) & set(FIELDS)


def test_of_one_source_nothing_is_kept_beside_the_record() -> None:
    till = source("till")
    who = created(till, name="Ann Archer", city="Paris")
    assert not told(who, till, name="Ann Archer", city="Paris")
    assert (rows(who), record(who, "source_id", "told_at")) == (set(), (till, NOON))


def test_a_second_source_that_agrees_is_kept_and_changes_nothing() -> None:
    till, shop = source("till"), source("shop")
    who = created(till, city="Paris")
    assert not told(who, shop, city="Paris")
    assert rows(who) == {("city", "till", "Paris"), ("city", "shop", "Paris")}
    assert set(FieldSaid.objects.values_list("source__ref", "said_at")) == {("till", NOON), ("shop", LATER)}
    assert not CustomerChange.objects.exists()


def test_the_newer_of_two_like_sources_is_believed_and_the_other_kept() -> None:
    till, shop = source("till"), source("shop")
    who = created(till, city="Paris", birth_on=NOON.date())
    assert told(who, shop, city="Lyon")
    assert record(who, "city", "birth_on") == ("Lyon", NOON.date())
    assert rows(who) == {("city", "till", "Paris"), ("city", "shop", "Lyon")}


def test_a_less_trusted_source_is_kept_and_not_believed_however_often_it_says_so() -> None:
    till, bought = source("till", 4), source("acme", 1)
    who = created(till, city="Paris", postcode="75001", allergies="wool")
    news = [told(who, bought, city="Lyon", allergies="silk", sex="f") for _ in range(2)]
    assert news == [True, False]  # the second time nothing is new, and what was not believed is not written either
    assert record(who, "city", "postcode", "sex") == ("Paris", "75001", "f")
    assert ("city", "acme", "Lyon") in rows(who)
    assert FieldSaid.objects.filter(customer_id=who, field="allergies").exclude(cell=None).count() == 2


def test_what_the_first_source_says_anew_is_dated_and_what_it_said_is_in_the_book() -> None:
    till = source("till")
    who = created(till, city="Paris", sex="f")
    assert told(who, till, city="Lyon", sex="f")
    assert (record(who, "city"), rows(who)) == (("Lyon",), {("city", "till", "Lyon")})
    assert CustomerChange.objects.count() == 1


def test_a_new_town_does_not_keep_the_postcode_of_the_old_one() -> None:
    till, shop = source("till"), source("shop")
    who = created(till, city="Berlin", postcode="10115", country="DE", jurisdiction="EU")
    assert told(who, shop, city="Munich")
    assert record(who, "city", "postcode", "country", "jurisdiction") == ("Munich", "", "", "EU")
    assert ("postcode", "till", "10115") in rows(who)
    assert told(who, shop, LATER + timedelta(days=1), city="Berlin")
    assert record(who, "city", "postcode", "country") == ("Berlin", "10115", "DE")


def test_when_a_source_gains_trust_the_record_follows() -> None:
    till, shop = source("till", 4), source("shop", 2)
    who = created(till, city="Paris")
    told(who, shop, city="Lyon")
    assert record(who, "city") == ("Paris",)
    describe_source(shop, by=STEN, trust=5)
    assert settle({"place": {who}}, by=STEN, through="test", at=LATER) == {who}
    assert record(who, "city") == ("Lyon",)


def test_who_was_erased_is_told_nothing_by_anybody() -> None:
    till, shop = source("till"), source("shop")
    who = created(till, city="Paris")
    Customer.objects.filter(id=who).update(erased_at=NOON)
    assert not told(who, shop, city="Lyon")
    assert not FieldSaid.objects.exists()


def test_very_long_and_very_foreign_names_are_kept_as_they_are() -> None:
    till, bought = source("till", 5), source("acme", 1)
    who = created(till, name="王芳")
    for name in ("x" * 10_000, "👩‍👩‍👧 Ann", "شيماء أحمد", "ﾊﾝｶｸ ﾀﾛｳ", 'O\'Neil \\ "x"; DROP TABLE'):
        told(who, bought, name=name)
        assert ("name", "acme", name) in rows(who)
        assert record(who, "name") == ("王芳",)


def test_a_mail_box_in_two_spellings_stands_once() -> None:
    """The first spelling stands; whoever told the other is known to have told it too."""
    till, shop = source("till"), source("shop")
    who, other = created(till, name="Ann Archer"), created(shop, name="Bob Baker")
    told_of(till, (who, "Ann@Example.com"), (other, "ann@example.com"), (who, "ann@example.com"))
    told_of(shop, (who, "ANN@example.com"), (who, "anna@example.com"))
    keys = keys_at_hand([who, other])
    held = [
        (point.customer_id, keys[point.customer_id].open("contact_point.value", bytes(point.value)), point.source_id)
        for point in ContactPoint.objects.order_by("id")
    ]  # fmt: skip
    assert sorted(held) == sorted([
        (who, "Ann@Example.com", till), (other, "ann@example.com", till), (who, "anna@example.com", shop),
    ])  # fmt: skip
    assert list(ContactPointSaid.objects.values_list("customer_id", "source_id")) == [(who, shop)]


def told_of(origin: int, *points: tuple[int, str]) -> None:
    shape = pa.schema({"customer_id": pa.int64(), "channel": pa.string(), "value": pa.string()})
    rows = [{"customer_id": who, "channel": "email", "value": value} for who, value in points]
    add_contact_points(pa.Table.from_pylist(rows, schema=shape), source_id=origin, at=NOON)


def test_what_was_written_before_allergies_added_up_is_added_up_by_night() -> None:
    who = created(source("till"), allergies="wool")
    before = Customer.objects.get(id=who).allergies
    told(who, source("shop"), allergies="nuts")
    Customer.objects.filter(id=who).update(allergies=before)
    assert (believe_anew(at=LATER), believe_anew(at=LATER)) == (1, 0)
    cell = bytes(Customer.objects.get(id=who).allergies or b"")
    assert keys_at_hand([who])[who].open("customer.allergies", cell) == "nuts; wool"
