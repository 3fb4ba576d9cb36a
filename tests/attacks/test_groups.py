"""Nothing is told through a household that could not be asked of the person herself."""

from dataclasses import replace
from datetime import date

import pytest

from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.keep_groups import add_group, groups_on_card, look_at_group, look_for_groups, say_member
from regulars.journeys.show_own_record import copy_of_own_data
from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.models import Customer
from regulars.records.groups.actions import NewGroup
from regulars.records.watched.actions import protect
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob, cleo, customer, said
from tests.shop import open_shop, sell

pytestmark = pytest.mark.usefixtures("house")
TODAY = date(2026, 3, 12)


def belonging(kind: str, *people: Customer) -> str:
    ref = add_group(NewGroup(kind, "" if kind == "household" else "Nanzhi"), by=STEN, at=NOON)
    for who in people:
        role = "adult" if kind == "household" else "buyer"
        say_member(who.number, ref, role=role, by=STEN, because="serving", at=NOON)
    return ref


def granting(name: str) -> Customer:
    who = customer(name)
    said(who, "direct_marketing", "granted")
    return who


def test_mia_does_not_learn_that_anns_husband_refused() -> None:
    she, he = ann(), bob()
    ref = belonging("household", she, he)
    assert groups_on_card(she.number, by=MIA, because="serving", on=TODAY)[1] == []
    with pytest.raises(NotThere, match="group_not_there"):
        look_at_group(ref, by=MIA, because="serving", on=TODAY)
    with pytest.raises(NotThere, match="group_not_there"):
        look_at_group("H-99999", by=MIA, because="serving", on=TODAY)
    assert AccessEntry.objects.filter(door="open_group", allowed=False).count() == 2


def test_a_household_from_which_one_withdraws_looks_as_if_she_had_never_lived_there() -> None:
    people = [granting(f"Person {n}") for n in range(3)]
    whole, without = belonging("household", *people), belonging("household", *people[:2])
    said(people[2], "direct_marketing", "denied")
    seen = [look_at_group(ref, by=MIA, because="serving", on=TODAY) for ref in (whole, without)]
    assert seen[0].opened.members == tuple(replace(one, group_ref=whole) for one in seen[1].opened.members)
    assert seen[0].summed.people == seen[1].summed.people == 2


def test_no_sum_through_a_purpose_stands_for_few_and_none_holds_who_refused() -> None:
    open_shop()
    people = [granting(f"Person {n}") for n in range(5)]
    refusing = bob()
    ref = belonging("company", *people, refusing)
    for who in (*people, refusing):
        sell(who, date(2026, 2, 1), 100, branch=1)
    sell(people[0], date(2026, 2, 1), 7777, branch=2)
    told = look_at_group(ref, by=MIA, because="serving", on=TODAY).summed
    assert [(one.branch, one.people, one.amount_minor) for one in told.cells] == [(1, 5, 500)]
    said(people[4], "direct_marketing", "denied")
    assert look_at_group(ref, by=MIA, because="serving", on=TODAY).summed.cells == ()
    staff = look_at_group(ref, by=DORA, because="serving", on=TODAY).summed
    assert sum(one.amount_minor for one in staff.cells) == 600 + 7777


def test_a_clerk_of_one_branch_learns_nothing_of_another_through_the_household() -> None:
    open_shop()
    here, there = ann(), bob()
    Customer.objects.filter(id=here.id).update(home_branch_id=1)
    Customer.objects.filter(id=there.id).update(home_branch_id=2)
    sell(there, date(2026, 2, 1), 100)
    home, firm = belonging("household", here, there), belonging("company", here, there)
    hers = replace(DORA, branches=frozenset({1}))
    assert [one.group.ref for one in groups_on_card(here.number, by=hers, because="serving", on=TODAY)[1]] == [firm]
    with pytest.raises(NotThere):
        look_at_group(home, by=hers, because="serving", on=TODAY)
    seen = look_at_group(firm, by=hers, because="serving", on=TODAY)
    assert ([one.number for one in seen.opened.members], seen.summed.cells) == ([here.number], ())


def test_a_protected_customer_has_no_name_in_a_list_and_is_in_no_sum() -> None:
    open_shop()
    star, other = ann(), bob()
    ref = belonging("household", star, other)
    protect(star.id, because="known from the news", by=EMIL, at=NOON)
    sell(star, date(2026, 2, 1), 100)
    seen = look_at_group(ref, by=DORA, because="serving", on=TODAY)
    assert {(one.number, one.name) for one in seen.opened.members} == {(star.number, None), (other.number, "Bob Baker")}
    assert (seen.summed.cells, seen.summed.people) == ((), 1)
    assert look_at_group(ref, by=EMIL, because="oversight", on=TODAY).summed.people == 2


def test_who_needs_a_reason_sees_nobody_elses_name_through_a_household() -> None:
    she, he = bob(), cleo()
    ref = belonging("household", she, he)
    asking = Asker("Dora", "service", "assigned", "service")
    with pytest.raises(NotThere):
        look_at_group(ref, by=asking, because="serving", on=TODAY)


def test_a_household_is_not_found_by_searching() -> None:
    ref = belonging("household", bob(), cleo())
    for text in (ref, "H-", "", "%", "Baker", "\x00", "_" * 500):
        assert look_for_groups(text, by=DORA, because="searching") == []


def test_a_sum_of_few_people_counts_as_reading_their_files() -> None:
    look_at_group(belonging("company", ann(), bob(), cleo()), by=DORA, because="serving", on=TODAY)
    assert AccessEntry.objects.get(door="roll_up").rows == 3


def test_her_own_copy_says_where_she_belongs_and_of_nobody_else() -> None:
    she, he = bob(), cleo()
    belonging("household", she, he)
    own = Asker(she.name, "customer", "personal", "oversight")
    held = copy_of_own_data(she.number, by=own, at=NOON)
    assert [(one["kind"], one["role"], one["known_by"]) for one in held["groups"]] == [("household", "adult", "told")]
    assert "Cleo" not in str(held)
    assert he.number not in str(held)


def test_of_an_erased_member_no_trace_is_in_the_household() -> None:
    she, he, third = bob(), cleo(), ann()
    ref = belonging("household", she, he, third)
    erase_customer(he.number, by=EMIL, because="asked", reference="R-1", at=NOON)
    members = look_at_group(ref, by=EMIL, because="oversight", on=TODAY).opened.members
    assert {one.number for one in members} == {she.number, third.number}
