"""Who seems to live together waits for the steward's word; nothing is told of whom she does not see, and no decoy."""

from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner

from regulars.desks.cli.grouping import group_command
from regulars.journeys.ask_to_match import match_by_night
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.keep_groups import (
    ProposedHousehold,
    accept_household,
    groups_on_card,
    proposed_households,
    refuse_household,
)
from regulars.journeys.match_customers import match_customers
from regulars.records.access_log.models import AccessEntry, ChangeEntry
from regulars.records.customers.marking import mark_customers
from regulars.records.customers.models import Customer
from regulars.records.groups.models import GroupMember, HouseholdPair
from regulars.records.merging.models import ReviewPair
from regulars.records.watched.actions import protect
from regulars.records.watched.models import Canary
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob, cleo, customer
from tests.merging import branch

pytestmark = pytest.mark.usefixtures("house")
WHY = "proposed households"


def proposed(by: Asker = STEN) -> list[ProposedHousehold]:
    return proposed_households(by=by, because=WHY)


def numbers(household: ProposedHousehold) -> list[str]:
    return [one.number for one in household.members]


def family() -> list[Customer]:
    """Bob, Cleo and their son of ten, in one house; Ann lives elsewhere."""
    ann()
    return [bob(), cleo(), customer("Tom Baker", street="2 Oak Street", birth_on=date(NOON.year - 10, 1, 5))]


def compared() -> None:
    match_customers(by=STEN, because=WHY)


def test_bob_cleo_and_their_son_are_proposed_with_the_reasons_and_nobody_is_glued() -> None:
    people = family()
    compared()
    [one] = proposed()
    assert numbers(one) == [who.number for who in people] and one.probability > 0.8
    assert {"address", "family_name"} <= {step.comparison for step in one.reasons}
    assert not ReviewPair.objects.exists() and not GroupMember.objects.exists()
    assert AccessEntry.objects.filter(door="proposed_households", who="Sten", rows=3).exists()


@pytest.mark.parametrize(("town", "proposes"), [("Leeds", True), ("York", False)])
def test_the_same_street_in_another_town_is_another_home(town: str, proposes: bool) -> None:
    customer("Miles Baker", street="7 Elm Street", city="Leeds")
    customer("Flora Baker", street="7 Elm Street", city=town)
    compared()
    assert bool(proposed()) is proposes


def test_accepted_they_are_a_household_known_by_a_rule_and_not_proposed_again() -> None:
    people = family()
    compared()
    ref = accept_household(numbers(proposed()[0]), by=STEN, because="told at the desk", at=NOON)
    members = GroupMember.objects.filter(group__ref=ref).order_by("customer_id")
    assert [(one.customer_id, one.role, one.known_by) for one in members] == [
        (people[0].id, "adult", "rule"), (people[1].id, "adult", "rule"), (people[2].id, "child", "rule")
    ]  # fmt: skip
    assert len(groups_on_card(people[0].number, by=DORA, because=WHY, on=NOON.date())[1][0].others) == 2
    compared()
    assert proposed() == [] and not HouseholdPair.objects.filter(state="waiting").exists()
    assert ChangeEntry.objects.filter(door="propose_household", new="accepted").exists()


def test_only_two_of_three_who_were_proposed() -> None:
    people = family()
    compared()
    accept_household([people[0].number, people[2].number], by=STEN, because=WHY, at=NOON)
    assert set(GroupMember.objects.values_list("customer_id", flat=True)) == {people[0].id, people[2].id}
    [rest] = proposed()
    assert people[1].number in numbers(rest)
    accept_household(numbers(rest), by=STEN, because=WHY, at=NOON)
    assert GroupMember.objects.values("group").distinct().count() == 1


def test_refused_they_are_not_proposed_again_by_whoever_compares() -> None:
    people = family()
    compared()
    refuse_household([people[0].number, people[1].number], by=STEN, because="neighbours of one name", at=NOON)
    for _ in range(2):
        assert not any({people[0].number, people[1].number} <= set(numbers(one)) for one in proposed())
        compared()
    refused = HouseholdPair.objects.get(state="refused")
    assert (refused.because, refused.decided_at) == ("neighbours of one name", NOON)
    refuse_household(numbers(proposed()[0]), by=STEN, because=WHY, at=NOON)
    match_by_night()
    assert not any(people[2].number in numbers(one) and people[0].number in numbers(one) for one in proposed())


def test_by_night_a_newcomer_is_proposed_with_whom_she_lives() -> None:
    people = [bob(), *(customer(f"{name} Far", street=f"{n} Hill Road") for n, name in enumerate("ABCDEFGH", 3))]
    match_by_night()
    newcomer = cleo()
    streets = {one.id: [("letter", "2 Oak Street" if one is newcomer else "x")] for one in (newcomer,)}
    mark_customers([newcomer.id], streets)
    mark_customers([people[0].id], {people[0].id: [("letter", "2 Oak Street")]})
    match_by_night()
    assert numbers(proposed()[0]) == [people[0].number, newcomer.number]


def test_of_another_branch_of_somebody_protected_and_of_a_decoy_nothing_is_told() -> None:
    people = family()
    compared()
    there = branch()
    Customer.objects.filter(id=people[2].id).update(home_branch=there)
    elsewhere = replace(STEN, branches=frozenset({there + 1}))
    assert [numbers(one) for one in proposed(elsewhere)] == [[people[0].number, people[1].number]]
    protect(people[1].id, because="known from the news", by=EMIL, at=NOON)
    assert proposed(elsewhere) == []
    assert [numbers(one) for one in proposed()] == [[people[0].number, people[2].number]]
    with pytest.raises(NotThere):
        accept_household([people[0].number, people[1].number], by=STEN, because=WHY, at=NOON)
    HouseholdPair.objects.all().delete()
    Canary.objects.create(customer_id=people[0].id, planted_at=NOON, planted_by="Emil")
    compared()
    assert not any(people[0].number in numbers(one) for one in proposed())


def test_who_was_not_proposed_is_not_put_together_by_her_number() -> None:
    people = family()
    compared()
    stranger = Customer.objects.get(name="Ann Archer").number
    for some in ([people[0].number], [people[0].number, stranger], ["C-99999", "C-99998"]):
        with pytest.raises(NotThere, match="household_not_proposed"):
            accept_household(some, by=STEN, because=WHY, at=NOON)
    assert not GroupMember.objects.exists()


@pytest.mark.parametrize("by", [DORA, MIA, EMIL])
def test_nobody_else_looks_or_decides(by: Asker) -> None:
    family()
    compared()
    with pytest.raises(Denied):
        proposed(by)
    with pytest.raises(Denied):
        refuse_household(["C-1", "C-2"], by=by, because=WHY, at=NOON)


def test_who_is_erased_is_in_no_proposal() -> None:
    people = family()
    compared()
    erase_customer(people[0].number, by=EMIL, because="asked for it", reference="E-1", at=NOON)
    assert not HouseholdPair.objects.filter(low_id=people[0].id).exists()
    assert [numbers(one) for one in proposed()] == [[people[1].number, people[2].number]]


def test_ten_at_one_address_are_no_household() -> None:
    for n in range(10):
        customer(f"Guest N{n}", street="1 Harbour Hostel")
    compared()
    assert proposed() == []


def test_the_terminal_says_who_and_why() -> None:
    people = family()
    compared()
    told = CliRunner().invoke(group_command, ["proposed", "--because", WHY])
    assert told.exit_code == 0 and people[0].number in told.output and "same home" in told.output
    done = CliRunner().invoke(group_command, ["together", people[0].number, people[1].number, "--because", WHY])
    assert done.exit_code == 0 and GroupMember.objects.count() == 2
    refused = CliRunner().invoke(
        group_command, ["together", people[0].number, people[2].number, "--no", "--because", WHY]
    )
    assert refused.exit_code == 0, refused.output
