"""What other doors need to know of customers without opening a file: keys of the night, references, who is in reach."""

from dataclasses import replace

import pytest
from django.db import connections

from regulars.connections.postgres.asking import ask
from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.access import contact_points_of, count_absent, open_contact_point, open_customer
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.customers.inventing import mark_invented
from regulars.records.customers.models import AnonymousKey, ContactPoint, Customer, CustomerRef
from regulars.records.customers.refs import customers_by_ref
from regulars.records.customers.side_by_side import (
    customer_behind,
    example_people,
    example_person,
    numbers_of,
    rows_through,
)
from regulars.records.customers.within_reach import named, within_reach
from regulars.records.dictionary import DICTIONARY
from regulars.records.intake.models import Source
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob, cleo, customer, said

pytestmark = pytest.mark.usefixtures("house")
PERSON = next(table for table in DICTIONARY if table.name == "customer")
POINTS = next(table for table in DICTIONARY if table.name == "contact_point")


def test_every_night_everybody_has_another_key() -> None:
    people = [ann(), bob(), cleo()]
    assert renew_anonymous_keys() == 3
    first = dict(AnonymousKey.objects.values_list("customer_id", "key"))
    renew_anonymous_keys()
    second = dict(AnonymousKey.objects.values_list("customer_id", "key"))
    assert first.keys() == second.keys() == {who.id for who in people}
    assert not set(first.values()) & set(second.values())
    assert len(set(second.values())) == 3


def test_the_erased_have_no_key_and_are_in_no_anonymous_row() -> None:
    who, other = ann(), bob()
    Customer.objects.filter(id=who.id).update(erased_at=NOON)
    assert renew_anonymous_keys() == 1
    [row] = ask("anonymous", "SELECT id, name, number FROM customer")
    assert row == (AnonymousKey.objects.get(customer=other).key, None, None)


def test_a_sources_own_numbers_lead_to_customers_for_whom_the_view_has_them() -> None:
    """Sten cares for data; the marketing view has no such numbers at all."""
    source = Source.objects.create(ref="till", name="Till", created_at=NOON)
    yes, no = ann(), bob()
    for who, ref in ((yes, "M1"), (no, "M2")):
        CustomerRef.objects.create(customer=who, source=source, ref=ref)
    assert customers_by_ref("till", ["M1", "M2", "M3"], by=STEN) == {"M1": yes.id, "M2": no.id}
    assert customers_by_ref("till", ["M1", "M2"], by=MIA) == {}
    assert customers_by_ref("shop", ["M1"], by=STEN) == {}
    assert [entry.rows for entry in AccessEntry.objects.order_by("id")] == [2, 0, 0]


def test_invented_people_are_marked_and_others_are_not() -> None:
    source = Source.objects.create(ref="journey", name="Journey", created_at=NOON)
    invented, real = customer("Made Up", source_id=source.id), ann()
    assert mark_invented("journey") == 1
    assert mark_invented("journey") == 0
    assert dict(Customer.objects.values_list("id", "invented")) == {invented.id: True, real.id: False}


def reached(by: Asker) -> set[str]:
    """Whom a list of rows about everybody would name for this asker."""
    whose, values = within_reach(by)
    asked = f"SELECT c.name FROM (SELECT id AS customer_id FROM customer) t JOIN LATERAL ({whose}) c ON true"
    return {name for (name,) in ask(by.view, asked, values)}


def test_lists_name_whom_the_view_shows_and_the_branch_serves() -> None:
    lake = Customer.objects.filter(id=ann().id)
    lake.update(home_branch_id=None)
    bob(), cleo()
    assert reached(DORA) == {"Ann Archer", "Bob Baker", "Cleo Baker"}
    assert reached(MIA) == {"Ann Archer", "Cleo Baker"}


def test_a_customer_without_a_branch_belongs_to_every_branch() -> None:
    from regulars.records.company.actions import ensure_branches

    places = ensure_branches(["lake", "hill"])
    for who, branch in ((ann(), "lake"), (bob(), "hill")):
        Customer.objects.filter(id=who.id).update(home_branch_id=places[branch])
    cleo()
    assert reached(replace(DORA, branches=frozenset({places["lake"]}))) == {"Ann Archer", "Cleo Baker"}


def test_names_of_a_page_are_those_of_the_view() -> None:
    yes, no = ann(), bob()
    assert {who.name for who in named([yes.id, no.id, 0], by=MIA).values()} == {"Ann Archer"}
    assert set(named([yes.id, no.id], by=DORA)) == {yes.id, no.id}


def test_how_many_a_view_leaves_out_is_a_count_only() -> None:
    ann(), bob(), cleo()
    assert (count_absent(by=MIA), count_absent(by=DORA)) == (1, 0)


def test_a_masked_phone_is_there_and_not_shown() -> None:
    who = ann()
    opened, _ = open_customer(who.number, by=DORA, because="test")
    assert {(point.channel, point.value) for point in contact_points_of(opened)} == {
        ("email", None), ("letter", None), ("phone", None),
    }  # fmt: skip


def test_one_contact_point_is_opened_through_the_opening_view_and_logged() -> None:
    who = ann()
    opened, _ = open_customer(who.number, by=DORA, because="test")
    clear = replace(DORA, view="opening", reference="K-118")
    assert open_contact_point(opened, "phone", by=clear, because="call back").value == "+15550100001"
    chosen = ContactPoint.objects.get(customer=who, channel="email")
    assert (
        open_contact_point(opened, "email", by=clear, because="call back", point_id=chosen.id).value
        == "ann@example.com"
    )
    line = AccessEntry.objects.latest("id")
    assert (line.door, line.view, line.reference, line.customer_id, line.rows) == (
        "open_contact", "opening", "K-118", who.id, 1,
    )  # fmt: skip


def test_a_contact_point_of_somebody_else_is_not_there() -> None:
    opened, _ = open_customer(ann().number, by=DORA, because="test")
    bobs = ContactPoint.objects.get(customer=bob(), channel="email")
    with pytest.raises(NotThere, match="contact_point_not_there"):
        open_contact_point(opened, "email", by=replace(DORA, view="opening"), because="x", point_id=bobs.id)
    with pytest.raises(NotThere):
        open_contact_point(opened, "sms", by=replace(DORA, view="opening"), because="x")
    assert AccessEntry.objects.latest("id").rows == 0


@pytest.fixture
def example() -> Customer:
    """An invented person who says no to marketing and has something sensitive."""
    who = customer("陈婉清", phone="+8613800004187", invented=True, allergies="wool", income_band="150-199K")
    said(who, "direct_marketing", "denied")
    said(who, "third_party_disclosure", "granted")
    return who


def test_the_most_telling_example_comes_first(example: Customer) -> None:
    plain = customer("Plain Person", invented=True)
    ann()
    assert [one.number for one in example_people(by=EMIL)] == [example.number, plain.number]
    assert example_person(example.number, by=EMIL).name == "陈婉清"


def test_a_real_person_is_not_laid_out() -> None:
    for number in (ann().number, "C-0"):
        with pytest.raises(NotThere, match="example_person"):
            example_person(number, by=EMIL)


def test_each_login_tells_for_itself_what_it_hands_out(example: Customer) -> None:
    who = example_person(example.number, by=EMIL)
    renew_anonymous_keys()
    shown = {view: rows_through(view, PERSON, who) for view in ("standard", "personal", "anonymous", "marketing")}
    assert [row["allergies"] for row in shown["personal"]] == ["wool"]
    assert [row["allergies"] for row in shown["standard"]] == [None]
    assert [(row["name"], row["id"] == example.id) for row in shown["anonymous"]] == [(None, False)]
    assert shown["marketing"] == []
    assert [row["value"] for row in rows_through("personal", POINTS, who)] == ["+8613800004187"]


def test_a_view_without_the_table_hands_out_nothing(example: Customer) -> None:
    log = next(table for table in DICTIONARY if table.name == "access_entry")
    assert rows_through("marketing", log, example_person(example.number, by=EMIL)) == ()


def test_the_officers_log_gets_numbers_for_ids(example: Customer) -> None:
    assert numbers_of([example.id, 0], by=EMIL) == {example.id: (example.number, "陈婉清")}
    assert customer_behind(example.number.lower(), by=EMIL) == example.id
    assert customer_behind("C-0", by=EMIL) is None


@pytest.mark.parametrize("by", [DORA, MIA, STEN], ids=lambda by: by.role)
def test_side_by_side_is_the_officers(by: Asker) -> None:
    for door in (
        lambda: example_people(by=by), lambda: example_person("C-1", by=by), lambda: numbers_of([1], by=by),
        lambda: customer_behind("C-1", by=by),
    ):  # fmt: skip
        with pytest.raises(Denied, match="side_by_side_is_for_the_officer"):
            door()


def test_the_views_are_asked_by_their_own_logins() -> None:
    with connections["anonymous"].cursor() as cursor:
        cursor.execute("SELECT current_user::text")
        assert cursor.fetchone() == ("regulars_anonymous",)
