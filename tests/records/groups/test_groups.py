"""Households, companies and agents in the vault: moves, sums held against a slow count, and who is told what."""

import threading
from datetime import date, timedelta
from random import Random
from time import sleep

import pytest
from django.db import connections, transaction

from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.keep_groups import (
    add_group,
    groups_on_card,
    live_together,
    look_at_group,
    look_for_groups,
    put_under,
    say_left,
    say_member,
    take_from_under,
)
from regulars.records.access_log.models import AccessEntry, ChangeEntry
from regulars.records.customers.models import Customer
from regulars.records.groups.actions import NewGroup
from regulars.records.groups.models import GroupMember, GroupPlace
from regulars.rules.groups.spans import span
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob, cleo, customer
from tests.shop import open_shop, sell

pytestmark = pytest.mark.usefixtures("house")
TODAY = date(2026, 3, 12)
MARCH = date(2026, 3, 1)
CODE = "91110000600037341L"


def household(*people: Customer, since: date | None = None) -> str:
    """A household of these."""
    ref = add_group(NewGroup("household"), by=DORA, at=NOON)
    for who in people:
        say_member(who.number, ref, role="adult", days=(since, None), by=DORA, because="serving", at=NOON)
    return ref


def company(name: str, under: str = "", **more: str) -> str:
    ref = add_group(NewGroup("company", name, **more), by=STEN, at=NOON)
    if under:
        put_under(ref, under, by=STEN, at=NOON)
    return ref


@pytest.mark.parametrize("ref", ["KA/12", "..", " K-1"])
def test_a_reference_that_cannot_stand_in_an_address_is_refused(ref: str) -> None:
    with pytest.raises(BadInput, match="group_ref_unclear"):
        company("Nanzhi", ref=ref)


def test_one_company_code_is_one_company_whether_or_not_the_country_is_said() -> None:
    company("Nanzhi", company_code=CODE)
    with pytest.raises(BadInput, match="group_taken"):
        company("Nanzhi Trading", company_code=CODE, country="CN")
    assert company("Nanzhi of elsewhere", company_code=CODE, country="SG")


def test_of_two_clerks_at_once_nobody_is_put_into_two_households() -> None:
    he, she, child = bob(), cleo(), ann()
    told = list[str]()

    def together(other: Customer) -> None:
        try:
            told.append(
                live_together(he.number, other.number, role="adult", since=None, by=DORA, because="serving", at=NOON)
            )
        finally:
            connections.close_all()

    clerks = [threading.Thread(target=together, args=[one]) for one in (she, child)]
    with transaction.atomic():
        Customer.objects.select_for_update().get(id=he.id)
        for one in clerks:
            one.start()
        sleep(3)
    for one in clerks:
        one.join()
    assert len(told) == 2
    assert len(set(told)) == 1
    assert GroupMember.objects.filter(customer=he).count() == 1


def test_bob_and_cleo_are_a_household_and_each_card_shows_the_other() -> None:
    he, she = bob(), cleo()
    ref = household(he, she)
    _, [his] = groups_on_card(he.number, by=DORA, because="serving", on=TODAY)
    assert (his.group.ref, his.known_by, [one.name for one in his.others]) == (ref, "told", ["Cleo Baker"])
    seen = look_at_group(ref, by=DORA, because="serving", on=TODAY)
    assert [one.number for one in seen.opened.members] == [he.number, she.number]
    line = AccessEntry.objects.filter(door="open_group").get()
    assert (line.rows, line.allowed) == (2, True)
    assert ChangeEntry.objects.filter(subject="group_member", field=ref).count() == 2


def test_who_moved_in_march_counts_where_she_lived_then() -> None:
    open_shop()
    who, other, third = ann(), bob(), cleo()
    old, new = household(who, other), household(third)
    say_left(who.number, old, until=MARCH, by=DORA, because="serving")
    say_member(who.number, new, role="adult", days=(MARCH, None), by=DORA, because="serving", at=NOON)
    for on, amount in ((MARCH - timedelta(days=1), 100), (MARCH, 1000), (date(2025, 5, 1), 10)):
        sell(who, on, amount)
    before = look_at_group(old, by=DORA, because="serving", on=date(2026, 2, 1)).summed
    after = look_at_group(new, by=DORA, because="serving", on=TODAY).summed
    assert [(one.year, one.orders, one.amount_minor) for one in before.cells] == [(2026, 1, 100), (2025, 1, 10)]
    assert [(one.year, one.orders, one.amount_minor) for one in after.cells] == [(2026, 1, 1000)]
    this_year = (date(2026, 1, 1), None)
    told = look_at_group(old, by=DORA, because="serving", on=date(2026, 2, 1), within=this_year).summed.cells
    assert sum(one.amount_minor for one in told) == 100


def test_a_company_is_summed_up_by_branch_and_year_up_and_down() -> None:
    open_shop()
    agent = add_group(NewGroup("agent", "Lake Tours"), by=STEN, at=NOON)
    top = company("Nanzhi Group", agent, company_code=CODE, country="CN")
    east, west = company("Nanzhi East", top), company("Nanzhi West", top)
    buyers = [customer(f"Buyer {n}") for n in range(3)]
    for who, ref in zip(buyers, (top, east, west), strict=True):
        say_member(who.number, ref, role="buyer", by=DORA, because="serving", at=NOON)
    for n, who in enumerate(buyers):
        sell(who, date(2025, 6, 1), 10 ** (n + 1), branch=n % 2 + 1)
    seen = look_at_group(top, by=STEN, because="serving", on=TODAY)
    assert [(one.branch, one.people, one.amount_minor) for one in seen.summed.cells] == [(1, 2, 1010), (2, 1, 100)]
    assert {group.name: cells[0].amount_minor for group, cells in seen.summed.children} == {
        "Nanzhi East": 100, "Nanzhi West": 1000,
    }  # fmt: skip
    assert [one.name for one in seen.opened.above] == ["Lake Tours"]
    over = look_at_group(agent, by=STEN, because="serving", on=TODAY).summed
    assert sum(one.amount_minor for one in over.cells) == 1110
    assert [one.ref for one in look_for_groups(CODE, by=STEN, because="searching")] == [top]
    assert {one.ref for one in look_for_groups("nanzhi", by=STEN, because="searching")} == {top, east, west}


@pytest.mark.parametrize("seed", range(4))
def test_sums_of_random_trees_and_moves_are_those_of_a_slow_count(seed: int) -> None:
    open_shop()
    chance = Random(seed)
    days = [date(2025, 11, 1) + timedelta(days=20 * n) for n in range(8)]
    refs = [company(f"Company {n}") for n in range(5)]
    people = [customer(f"Person {n}") for n in range(4)]

    def some_days() -> tuple[date | None, date | None]:
        return chance.choice([None, *days[:4]]), chance.choice([None, *days[4:]])

    for _ in range(8):
        try:
            put_under(*chance.sample(refs, 2), days=some_days(), by=STEN, at=NOON)
        except BadInput:
            continue
    for _ in range(12):
        who, ref = chance.choice(people), chance.choice(refs)
        try:
            say_member(who.number, ref, role="buyer", days=some_days(), by=STEN, because="serving", at=NOON)
        except BadInput:
            continue
    sold = [(who, on, chance.randint(1, 10**6)) for who in people for on in chance.sample(days, 5)]
    for who, on, amount in sold:
        sell(who, on, amount)
    for ref in refs:
        found = look_at_group(ref, by=EMIL, because="oversight", on=TODAY).summed
        wanted = sum(amount for who, on, amount in sold if ref in belonged_to(who, on))
        assert sum(one.amount_minor for one in found.cells) == wanted


def belonged_to(who: Customer, on: date) -> set[str]:
    """Step by step, from the rows as they lie."""
    held = {
        one.group.ref for one in GroupMember.objects.filter(customer=who).select_related("group")
        if on in span(one.since_on, one.until_on)
    }  # fmt: skip
    places = [(one.group.ref, one.parent.ref, span(one.since_on, one.until_on)) for one in
              GroupPlace.objects.select_related("group", "parent")]  # fmt: skip
    while more := {parent for ref, parent, when in places if ref in held and on in when} - held:
        held |= more
    return held


def test_no_circle_no_second_parent_no_wrong_kind() -> None:
    top, low = company("Top"), company("Low")
    agent = add_group(NewGroup("agent", "Agent"), by=STEN, at=NOON)
    assert put_under(low, top, by=STEN, at=NOON)
    assert not put_under(low, top, by=STEN, at=NOON)
    for ref, parent, code in ((top, low, "group_circle"), (agent, low, "group_cannot_stand_under")):
        with pytest.raises(BadInput, match=code):
            put_under(ref, parent, by=STEN, at=NOON)
    with pytest.raises(BadInput, match="group_has_parent_then"):
        put_under(low, company("Other"), by=STEN, at=NOON)
    take_from_under(low, top, until=MARCH, by=STEN)
    assert put_under(top, low, days=(MARCH, None), by=STEN, at=NOON)
    with pytest.raises(NotThere, match="group_place_not_there"):
        take_from_under(low, top, until=TODAY, by=STEN)


def test_saying_it_twice_changes_nothing_and_overlapping_days_are_refused() -> None:
    he = bob()
    ref = household()
    say = {"role": "adult", "by": DORA, "because": "serving", "at": NOON}
    assert say_member(he.number, ref, days=(None, MARCH), **say)
    assert not say_member(he.number, ref, days=(None, MARCH), **say)
    with pytest.raises(BadInput, match="group_member_already"):
        say_member(he.number, ref, days=(date(2026, 2, 1), None), **say)
    assert say_member(he.number, ref, days=(MARCH, None), **say)
    with pytest.raises(BadInput, match="group_no_days"):
        say_member(he.number, ref, days=(MARCH, MARCH), **say)
    with pytest.raises(BadInput, match="group_role_unknown"):
        say_member(he.number, ref, **say | {"role": "buyer"})
    with pytest.raises(NotThere, match="group_member_not_there"):
        say_left(cleo().number, ref, until=TODAY, by=DORA, because="serving")


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewGroup("club", "Golf"), "group_kind_unknown"), (NewGroup("company"), "group_name_needed"),
        (NewGroup("household", "Baker"), "household_has_no_name"), (NewGroup("company", "x" * 201), "said_too_much"),
        (NewGroup("company", "X", company_code="91110000600037341A", country="CN"), "company_code_wrong"),
        (NewGroup("company", "X", ref="H-7"), "group_ref_is_ours"), (NewGroup("agent", "a\x00"), "said_too_much"),
    ],
)  # fmt: skip
def test_what_is_no_group_is_refused(new: NewGroup, code: str) -> None:
    with pytest.raises(BadInput, match=code):
        add_group(new, by=STEN, at=NOON)


def test_a_code_belongs_to_one_company() -> None:
    company("Nanzhi", company_code="9111 0000 6000 37341l", country="CN")
    with pytest.raises(BadInput, match="group_taken"):
        company("Again", company_code=CODE, country="CN")
    assert company("Elsewhere", company_code="HRB 1234", country="DE")


def test_only_who_serves_or_keeps_data_writes_and_mia_writes_nothing() -> None:
    for by in (MIA, EMIL):
        with pytest.raises(Denied, match="groups_not_for_this_role"):
            add_group(NewGroup("household"), by=by, at=NOON)
    assert AccessEntry.objects.filter(door="groups", allowed=False).count() == 2


def test_erased_people_belong_to_nobody() -> None:
    he, she, who = bob(), cleo(), ann()
    ref = household(he, she, who)
    erase_customer(he.number, by=EMIL, because="asked", reference="R-1", at=NOON)
    assert not GroupMember.objects.filter(customer_id=he.id).exists()
    assert len(look_at_group(ref, by=EMIL, because="oversight", on=TODAY).opened.members) == 2


def test_a_move_that_is_rolled_back_leaves_nothing() -> None:
    top, low = company("Top"), company("Low")
    with transaction.atomic():
        put_under(low, top, by=STEN, at=NOON)
        transaction.set_rollback(True)
    assert not GroupPlace.objects.exists()
