"""Two records from two sources become one: whose word each field is stays known, and goes when its source goes."""

import random
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.expire_sources import expire_sources
from regulars.journeys.open_customer import open_card
from regulars.journeys.show_own_record import copy_of_own_data, who_looked
from regulars.journeys.where_from import confirm_value, where_from
from regulars.records.contacts.models import Contact
from regulars.records.customers.actions import create_customers, tell_customers
from regulars.records.customers.keys import keys_at_hand
from regulars.records.customers.marking import mark_the_rest
from regulars.records.customers.models import ContactPoint, Customer, CustomerChange, FieldSaid
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.merging.merges import kept_of, standing_merge
from regulars.records.orders.models import DeskOrder, OrderLine
from tests.cast import DORA, EMIL, NOON, STEN, said
from tests.merging import DAY, World, differences, merge, rows_of, unmerge, vault
from tests.story import order

pytestmark = pytest.mark.usefixtures("house")
LONG_AGO, LATER = NOON - 60 * DAY, NOON - 30 * DAY
SINCE = NOON + 30 * DAY


def source(ref: str) -> int:
    return ensure_source(ref, by=STEN, at=NOON, name=ref.title()).id


def told(ref: str, at: Any = LONG_AGO, **said: Any) -> Customer:
    """Somebody of whom one source told."""
    row = {"ref": [f"{ref}-1"], "first_seen_on": [at.date()]} | {name: [value] for name, value in said.items()}
    (who,) = create_customers(pa.table(row), source_id=source(ref), stage="customer", by=STEN, at=at)
    return Customer.objects.get(id=who)


def says(who: Customer, by: Any = DORA) -> dict[str, tuple[str, str | None, list[tuple[str, str | None]]]]:
    """Field → what is believed, whose word it is, and what others say."""
    found = where_from(who.number, by=by, because="a look").fields
    return {
        one.field: (one.best.value, one.best.source, [(other.value, other.source) for other in one.others])
        for one in found if one.best
    }  # fmt: skip


def test_what_a_merge_takes_over_is_told_as_its_sources_word_with_its_date() -> None:
    ann = told("till", name="Ann Archer", city="Paris", sex="female")
    anne = told("shop", LATER, name="Anne Archer", city="Lyon", allergies="wool", marital_status="married")
    mark_the_rest()
    before = vault()
    merge(anne, ann)
    found = says(ann)
    assert found["city"] == ("Lyon", "Shop", [("Paris", "Till")])
    assert found["marital_status"] == ("married", "Shop", []) and found["sex"] == ("female", "Till", [])
    assert says(ann, EMIL)["allergies"] == ("wool", "Shop", [])
    city = next(one for one in where_from(ann.number, by=DORA, because="a look").fields if one.field == "city")
    assert city.best and city.best.said_at == LATER and city.others[0].said_at == LONG_AGO
    unmerge(anne)
    assert not FieldSaid.objects.exists() and differences(before, vault()).keys() <= {"customer_key"}


def test_two_records_of_one_source_keep_one_word_of_it() -> None:
    ann, anne = told("till", name="Ann Archer", city="Paris"), told("shop", name="Ann Archer", city="Lyon")
    for who, city in ((ann, "Nice"), (anne, "Graz")):
        tell_customers(pa.table({"customer_id": [who.id], "city": [city]}), source_id=source("crm"), by=STEN, at=LATER)
    mark_the_rest()
    before = vault()
    merge(anne, ann, chosen={"address": "from"})
    assert Customer.objects.get(id=ann.id).city == "Graz"
    city = next(one for one in where_from(ann.number, by=DORA, because="a look").fields if one.field == "city")
    assert city.best and (city.best.value, city.best.source, city.best.confirmed_by) == ("Graz", "Crm", "Sten")
    assert {(one.value, one.source) for one in city.others} == {("Paris", "Till"), ("Lyon", "Shop")}
    unmerge(anne)
    assert differences(before, vault()) == {}
    assert says(ann)["city"] == ("Nice", "Crm", [("Paris", "Till")])
    assert says(anne)["city"] == ("Graz", "Crm", [("Lyon", "Shop")])


def test_what_a_person_chose_is_not_moved_by_the_next_file() -> None:
    ann, anne = told("till", LATER, name="Ann Archer", city="Paris"), told("shop", name="Ann Archer", city="Lyon")
    merge(anne, ann, chosen={"address": "from"})
    news = pa.table({"customer_id": [ann.id], "city": ["Nice"]})
    tell_customers(news, source_id=source("till"), by=STEN, at=SINCE)
    assert says(ann)["city"] == ("Lyon", "Shop", [("Nice", "Till")])


def test_undone_each_believes_what_her_own_sources_said_meanwhile() -> None:
    ann, anne = (
        told("till", name="Ann Archer", city="Paris"),
        told("shop", LATER, name="Anne Archer", city="Lyon", sex="female"),
    )
    merge(anne, ann)
    news = pa.table({"customer_id": [ann.id], "city": ["Nice"], "sex": ["other"]})
    tell_customers(news, source_id=source("shop"), by=STEN, at=SINCE)
    assert Customer.objects.get(id=ann.id).city == "Nice"
    assert unmerge(anne).fields == ()
    found = [(one.city, one.sex) for one in (Customer.objects.get(id=who.id) for who in (ann, anne))]
    assert found == [("Paris", ""), ("Nice", "other")]


def test_what_she_confirmed_before_counts_still_and_is_whose_it_was() -> None:
    ann, anne = told("till", LATER, name="Ann Archer", city="Paris"), told("shop", name="Anne Archer", city="Lyon")
    confirm_value(anne.number, "city", source("shop"), by=DORA, because="she told me", at=LATER)
    merge(anne, ann)
    assert says(ann)["city"][:2] == ("Lyon", "Desk")
    unmerge(anne)
    assert (says(ann)["city"][0], says(anne)["city"][:2]) == ("Paris", ("Lyon", "Desk"))


def test_a_word_that_two_merges_confirmed_stays_so_for_the_one_that_stands_and_no_longer() -> None:
    ann = told("till", name="Ann Archer", city="Paris")
    anne, anna = told("shop", LATER, name="Anne Archer", city="Lyon"), told("crm", LATER, name="Anna A.", city="Graz")
    for n, who in enumerate((anne, anna)):
        merge(who, ann, chosen={"address": "into"}, at=NOON + n * DAY)
    unmerge(anne)
    city = FieldSaid.objects.get(customer=ann, field="city", value="Paris")
    assert (city.confirmed_at, city.confirmed_by) == (NOON + DAY, "Sten")
    unmerge(anna)
    assert not FieldSaid.objects.exists()


@pytest.fixture
def bought() -> tuple[Customer, Customer]:
    """Anne came with a list whose licence ends in March, Ann with the till; then they turned out to be one."""
    ann = told("till", name="Ann Archer", city="Paris")
    anne = told("acme", LATER, name="Anne Secret", city="Graz", allergies="wool", postcode="8010")
    tell_customers(pa.table({"customer_id": [anne.id], "city": ["Lyon"]}), source_id=source("acme"), by=STEN, at=LATER)
    ContactPoint.objects.create(customer=anne, channel="letter", value=None, noted_at=NOON, source_id=source("acme"))
    describe_source(source("acme"), by=STEN, expires_on=date(2026, 6, 30))
    return ann, anne


EXPIRED = NOON.replace(month=7, day=1, hour=23)


def test_an_expired_sources_words_go_from_who_stayed_and_from_who_went(bought: tuple[Customer, Customer]) -> None:
    ann, anne = bought
    merge(anne, ann)
    assert Customer.objects.get(id=ann.id).city == "Lyon"
    assert expire_sources(at=EXPIRED) == {"acme": 1} and expire_sources(at=EXPIRED) == {}
    stays, went = (Customer.objects.get(id=who.id) for who in (ann, anne))
    assert (stays.name, stays.city, stays.postcode, stays.allergies) == ("Ann Archer", "Paris", "", None)
    assert (went.name, went.city, went.postcode, went.allergies) == ("", "", "", None) and went.erased_at
    words = " ".join(everything_opened(ann) + everything_opened(anne))
    assert not any(word in words for word in ("Lyon", "Graz", "Secret", "wool", "8010"))
    assert not any(word in str(kept_of(standing_merge(anne.number))) for word in ("Lyon", "Secret", "wool", "8010"))
    unmerge(anne)
    again = Customer.objects.get(id=anne.id)
    assert (again.name, again.city, again.erased_at) == ("", "", None) and Customer.objects.get(
        id=ann.id
    ).city == "Paris"


def test_the_survivors_expired_words_do_not_come_back_with_undoing(bought: tuple[Customer, Customer]) -> None:
    ann, anne = bought
    merge(ann, anne, chosen={"address": "from", "name": "from"})
    assert Customer.objects.get(id=anne.id).city == "Paris"
    expire_sources(at=EXPIRED)
    unmerge(ann)
    stayed, back = Customer.objects.get(id=anne.id), Customer.objects.get(id=ann.id)
    assert (stayed.name, stayed.city) == ("", "") and (back.name, back.city) == ("Ann Archer", "Paris")


def everything_opened(who: Customer) -> list[str]:
    """Every word of her change book that can still be opened."""
    key = keys_at_hand([who.id])[who.id]
    rows = CustomerChange.objects.filter(customer=who).values_list("field", "old", "new")
    return [key.open(f"customer.{field}", bytes(cell)) for field, *cells in rows for cell in cells if cell]


def test_an_order_line_without_a_file_is_told_and_finds_back_with_its_order() -> None:
    dice, world = random.Random(5), World()
    ann, anne = world.somebody("Ann Archer", dice), world.somebody("Anne Archer", dice)
    hers = OrderLine.objects.filter(customer=anne, amount_minor__gt=0).first()
    assert hers
    merge(anne, ann)
    order(ann, NOON, [("a new thing", 700)], branch=world.branch, source=source("desk"), ref="D-7")
    OrderLine.objects.filter(order_ref="D-7").update(import_run=None)
    back = OrderLine.objects.filter(customer=ann, order_key=hers.order_key).first()
    assert back
    back.line_key, back.amount_minor = "7" * 32, -hers.amount_minor
    OrderLine.objects.bulk_create([back])
    had = rows_of(ann)["order_line"]
    done = unmerge(anne)
    assert done.stayed["order_line"] == 1 and OrderLine.objects.filter(customer=ann, order_ref="D-7").count() == 1
    assert OrderLine.objects.filter(customer=anne, line_key="7" * 32).exists()
    assert rows_of(ann)["order_line"] == had - done.back["order_line"]


def test_what_was_brought_back_at_the_desk_goes_with_the_order_it_was_of() -> None:
    dice, world = random.Random(5), World()
    ann, anne = world.somebody("Ann Archer", dice), world.somebody("Anne Archer", dice)
    ref = OrderLine.objects.filter(customer=anne).values_list("order_ref", flat=True)[0]
    merge(anne, ann)
    till = source("order-desk")
    made = {"channel": "counter", "taken_at": NOON, "customer": ann, "state": "handed_over"}
    DeskOrder.objects.create(key=world_key(1), ref="D-8", returns_ref=ref, **made)
    DeskOrder.objects.create(key=world_key(2), ref="D-9", **made)
    order(ann, NOON, [("thing", -700)], branch=world.branch, source=till, ref="D-8")
    order(ann, NOON, [("thing", 700)], branch=world.branch, source=till, ref="D-9")
    done = unmerge(anne)
    assert set(DeskOrder.objects.filter(customer=anne).values_list("ref", flat=True)) == {"D-8"}
    assert OrderLine.objects.filter(customer=anne, order_ref="D-8").exists()
    assert (done.stayed["order_line"], done.stayed["desk_order"]) == (1, 1)


def world_key(n: int) -> str:
    return f"{n:032x}"


def test_her_card_and_her_copy_tell_what_was_said_and_done_under_the_number_that_went() -> None:
    dice, world = random.Random(11), World()
    ann, anne = world.somebody("Ann Archer", dice), world.somebody("Anne Archer", dice)
    said(anne, "third_party_disclosure", "denied", at=NOON - timedelta(hours=1))
    where_from(anne.number, by=DORA, because="before")
    tell_customers(
        pa.table({"customer_id": [anne.id], "language": ["fr"]}), source_id=world.sources[0], by=STEN, at=NOON
    )
    merge(anne, ann)
    card = open_card(ann.number, by=DORA, because="a call", at=NOON + DAY, kind="choice")
    of = {getattr(one.what, "of", "") for one in card.timeline.moments}
    assert anne.number in of
    copy = copy_of_own_data(ann.number, by=EMIL, at=NOON + DAY)
    [part] = copy["merged_records"]
    assert part["number"] == anne.number
    assert "third_party_disclosure" in {one["purpose"] for one in part["choices"]}
    assert ("language", "fr") in {(one["field"], one["new"]) for one in part["changes"]}
    assert "before" in {one["because"] for one in part["who_looked"]}
    assert len(part["contacts"]) == Contact.objects.filter(customer=anne).count()
    assert "before" in {one.because for one in who_looked(ann.number, by=EMIL)[1]}
    unmerge(anne)
    assert copy_of_own_data(ann.number, by=EMIL, at=NOON + DAY)["merged_records"] == []
    erase_customer(anne.number, by=EMIL, because="she asked", reference="T-1", at=NOON)
    assert not FieldSaid.objects.filter(customer=anne).exists()
