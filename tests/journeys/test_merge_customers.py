"""Two records become one and two again: everything goes over, the stricter choice holds, and everything finds back."""

import random
from datetime import datetime

import pytest

from regulars.journeys.approve import approve, ask_for_two
from regulars.journeys.erase_customer import erase_customer, proof_of_erasure
from regulars.journeys.merge_customers import gather_late, merge_customers, preview_merge, unmerge_customers
from regulars.records.access_log.models import AccessEntry, PrivacyEntry
from regulars.records.choices.models import ChoiceEntry
from regulars.records.contacts.models import Contact, Response
from regulars.records.customers.access import find_customers, open_customer
from regulars.records.customers.changes import note_customer_changes
from regulars.records.customers.keys import keys_at_hand
from regulars.records.customers.known_by import ids_of_numbers
from regulars.records.customers.models import ContactPoint, Customer, CustomerKey, CustomerRef, PortalLink
from regulars.records.merging.models import Merge
from regulars.records.merging.reviewing import are_different, say_different
from regulars.records.orders.models import CustomerActivity, OrderLine
from regulars.records.own_attributes.models import OwnValue
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.models import Complaint, Touchpoint
from regulars.rules.merging.winners import FIELDS
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import Scope
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, EMIL, MIA, NOON, STEN, asking, customer, reach, reached_by, said
from tests.merging import DAY, World, chosen_by, differences, merge, rows_of, seeds, unmerge, vault
from tests.story import contact

pytestmark = pytest.mark.usefixtures("house")


@pytest.mark.parametrize("seed", range(8))
def test_merged_and_unmerged_is_as_if_nothing_had_been(seed: int) -> None:
    dice, world = random.Random(seed), World()
    ann, anne = world.somebody("Ann Archer", dice), world.somebody("Anne Archer", dice)
    before = vault()
    merge(anne, ann, chosen=chosen_by(dice))
    assert differences(before, vault())
    unmerge(anne)
    assert differences(before, vault()) == {}


@pytest.mark.parametrize("seed", seeds([*range(5), 159, 172, 229, 242, 302, 303, 337]))
def test_any_order_of_merges_and_of_undoing(seed: int) -> None:
    dice, world = random.Random(seed), World()
    people = [world.somebody(f"Person {n}", dice, famous=n > 1) for n in range(4)]
    before, standing, there = vault(), [], list(people)
    while len(there) > 1:
        goes, into = dice.sample(there, 2)
        merge(goes, into, by=EMIL, chosen=chosen_by(dice), at=NOON + len(standing) * DAY)
        there.remove(goes)
        standing.append((goes, into))
    while standing:
        free = [pair for pair in standing if pair[1] in there]
        goes, _ = pair = dice.choice(free)
        unmerge(goes, by=EMIL)
        standing.remove(pair)
        there.append(goes)
    assert differences(before, vault()) == {}


def test_everything_goes_over_but_what_has_no_room() -> None:
    dice, world = random.Random(7), World()
    ann, anne = world.somebody("Ann Archer", dice), world.somebody("Anne Archer", dice)
    had, hers = rows_of(ann), rows_of(anne)
    done = merge(anne, ann)
    have, left = rows_of(ann), rows_of(anne)
    for table, count in hers.items():
        if table == "field_said":  # what only the records said is spelled out too
            continue
        assert have[table] == had.get(table, 0) + count - left.get(table, 0)
        assert done.rows.get(table, 0) == count - left.get(table, 0)
    assert done.rows["order_line"] == hers["order_line"]


def test_nobody_finds_or_opens_her_and_her_number_is_the_others() -> None:
    ann, anne = two()
    merge(anne, ann)
    opened, facts = open_customer(anne.number, by=STEN, because="test")
    assert (opened.id, facts.number) == (ann.id, ann.number)
    assert [one.number for one in find_customers(anne.number, by=STEN, because="test")] == [ann.number]
    assert [one.number for one in find_customers("anne", by=STEN, because="test")] == [ann.number]
    assert ids_of_numbers([anne.number, ann.number]) == {anne.number: ann.id, ann.number: ann.id}
    assert CustomerRef.objects.filter(ref__startswith=anne.number, customer=ann).count() == 2
    assert use_link_of(anne, NOON) == ann.number


def test_the_numbers_of_all_who_went_mean_who_stayed_last() -> None:
    dice, world = random.Random(1), World()
    first, second, third = (world.somebody(f"Ann {n}", dice) for n in "abc")
    merge(first, second)
    merge(second, third)
    assert set(ids_of_numbers([first.number, second.number, third.number]).values()) == {third.id}
    with pytest.raises(BadInput, match="merged_further"):
        unmerge(first)
    unmerge(second)
    assert ids_of_numbers([first.number]) == {first.number: second.id}


def test_the_stricter_choice_holds_and_each_has_her_own_again() -> None:
    ann, anne = customer("Ann"), customer("Anne")
    said(ann, "direct_marketing", "granted", at=NOON - 9 * DAY)
    said(anne, "direct_marketing", "denied", "email", at=NOON - 99 * DAY)
    said(anne, "sensitive_use", "granted", at=NOON - 99 * DAY)
    done = merge(anne, ann)
    assert done.closed == (Scope("direct_marketing", "email"),)
    assert allows(ann) == {"direct_marketing", "automated_decision", "phone", "letter", "sms"}
    newest = ChoiceEntry.objects.filter(customer=ann).latest("id")
    assert (newest.value, newest.channel, newest.source, newest.by) == ("denied", "email", "merge", "Sten")
    unmerge(anne)
    assert "email" in allows(ann) and "email" not in allows(anne) and "sensitive_use" in allows(anne)


def test_a_no_said_meanwhile_counts_for_both_and_a_yes_for_who_stayed() -> None:
    ann, anne = customer("Ann"), customer("Anne")
    merge(anne, ann)
    said(ann, "automated_decision", "denied")
    said(ann, "third_party_disclosure", "granted")
    assert unmerge(anne).noes == 1
    assert "automated_decision" not in allows(ann) | allows(anne)
    assert "disclosure" in allows(ann) and "disclosure" not in allows(anne)


def test_what_was_changed_since_stands_and_what_was_not_comes_back() -> None:
    ann, anne = customer("Ann", city="Lyon"), customer("Anne", sex="female", allergies="nuts")
    merge(anne, ann)
    assert facts_of(ann)["sex"] == "female" and sealed_text(ann, "allergies") == "nuts"
    Customer.objects.filter(id=ann.id).update(sex="male")
    assert unmerge(anne).fields == ("sex",)
    assert facts_of(ann)["sex"] == "male" and Customer.objects.get(id=ann.id).allergies is None


def test_a_year_later_rows_go_to_whose_source_it_was_and_the_rest_is_told() -> None:
    dice, world = random.Random(5), World()
    ann, anne = world.somebody("Ann Archer", dice), world.somebody("Anne Archer", dice)
    only_ann, shared, alone = world.sources
    CustomerRef.objects.filter(customer__in=[ann, anne]).delete()
    for who, sources in ((ann, (only_ann, shared)), (anne, (shared, alone))):
        for source in sources:
            CustomerRef.objects.create(source_id=source, ref=f"{who.number}-{source}", customer=who)
    merge(anne, ann)
    world.buys(ann, alone, dice), world.visits(ann, alone, dice), world.visits(ann, shared, dice)
    Touchpoint.objects.create(customer=ann, at=NOON, kind="visit", channel="counter", title="without a source")
    before = rows_of(ann)["touchpoint"]
    done = unmerge(anne)
    assert rows_of(anne)["touchpoint"] == 3 and rows_of(ann)["touchpoint"] == before - 3
    assert done.stayed["touchpoint"] == 2 and done.stayed["event"] == 1 and "order_line" not in done.stayed
    for who in (ann, anne):
        activity = CustomerActivity.objects.get(customer=who)
        assert activity.lines == OrderLine.objects.filter(customer=who).count()
        assert activity.amount_minor == sum(
            OrderLine.objects.filter(customer=who).values_list("amount_minor", flat=True)
        )


def test_a_year_later_complaints_tasks_and_answers_to_campaigns_since_stay_and_are_told() -> None:
    dice, world = random.Random(5), World()
    ann, anne = world.somebody("Ann Archer", dice), world.somebody("Anne Archer", dice)
    before = {who.id: rows_of(who) for who in (ann, anne)}
    merge(anne, ann)
    later = NOON + 365 * DAY
    heard = Complaint.objects.create(customer=ann, opened_at=later, code="service", detail="Nobody came")
    Task.objects.create(customer=ann, kind="lapse", due_on=later.date(), opened_at=later)
    Response.objects.create(campaign=world.campaigns[2], customer=ann, kind="order", at=later, ref="r2")
    done = unmerge(anne)
    assert {table: done.stayed.get(table) for table in ("complaint", "task", "response")} == {
        "complaint": 1, "task": 1, "response": 1,
    }  # fmt: skip
    assert Complaint.objects.get(id=heard.id).customer_id == ann.id
    for table in ("complaint", "task", "response"):
        assert rows_of(ann)[table] == before[ann.id][table] + 1 and rows_of(anne)[table] == before[anne.id][table]


def test_what_campaigns_sent_meanwhile_stays_and_is_told() -> None:
    dice, world = random.Random(5), World()
    ann, anne, cleo = (world.somebody(name, dice) for name in ("Ann Archer", "Anne Archer", "Cleo Archer"))
    Contact.objects.all().delete()
    spring, summer, autumn = world.campaigns
    contact(anne, spring, "email", "sent", NOON - DAY)
    merge(anne, ann)
    contact(ann, summer, "letter", "sent", NOON + 3 * DAY)
    contact(cleo, autumn, "sms", "sent", NOON + 4 * DAY)
    merge(cleo, ann)
    done = unmerge(anne)
    assert [(one.campaign, one.channel, one.state, one.at) for one in done.went] == [
        (summer.name, "letter", "sent", NOON + 3 * DAY)
    ]
    assert {one.campaign_id for one in Contact.objects.filter(customer=ann)} == {summer.id, autumn.id}
    assert [one.campaign for one in unmerge(cleo).went] == [summer.name], "what she brought was sent to her"


@pytest.mark.parametrize(("state", "told"), [("unsure", 1), ("waiting", 0), ("refused", 0), ("holdout", 0)])
def test_only_what_went_or_may_have_is_told(state: str, told: int) -> None:
    dice, world = random.Random(5), World()
    ann, anne = world.somebody("Ann Archer", dice), world.somebody("Anne Archer", dice)
    merge(anne, ann)
    Contact.objects.all().delete()
    contact(ann, world.campaigns[0], "email", state, NOON + DAY)
    assert len(unmerge(anne).went) == told


def test_an_import_that_knew_the_old_name_only_is_gathered_by_night() -> None:
    dice, world = random.Random(5), World()
    ann, anne = world.somebody("Ann Archer", dice), world.somebody("Anne Archer", dice)
    merge(anne, ann)
    had = rows_of(ann)["order_line"]
    world.buys(anne, world.sources[0], dice)
    late = rows_of(anne)["order_line"]
    assert (gather_late(at=NOON), gather_late(at=NOON)) == (1, 0)
    assert rows_of(ann)["order_line"] == had + late == CustomerActivity.objects.get(customer=ann).lines
    unmerge(anne)
    assert OrderLine.objects.filter(customer=anne, order_ref__isnull=False).count() >= late


def test_a_mail_box_written_in_two_ways_stands_there_once_and_is_each_ones_again() -> None:
    ann, anne = (
        customer("Ann", email="Ann@example.com"),
        customer("Anne", email="ann@example.com", phone="+15550100001"),
    )
    for channel in ("phone", "sms"):
        reach(ann, channel, "+15550100009")
    merge(anne, ann)
    assert reached_by(ann) == [
        ("email", "Ann@example.com"), ("phone", "+15550100001"), ("phone", "+15550100009"), ("sms", "+15550100009"),
    ]  # fmt: skip
    unmerge(anne)
    assert reached_by(anne) == [("email", "ann@example.com"), ("phone", "+15550100001")]
    assert reached_by(ann) == [("email", "Ann@example.com"), ("phone", "+15550100009"), ("sms", "+15550100009")]


def test_two_who_are_two_are_merged_only_when_somebody_says_that_was_wrong() -> None:
    ann, anne = two()
    say_different(ann.id, anne.id, by=STEN, because="twins")
    with pytest.raises(Denied, match="confirmed_different"):
        merge(anne, ann)
    assert merge(anne, ann, though_different=True).into == ann.number
    assert not are_different(ann.id, anne.id)
    unmerge(anne, are_two=True)
    assert are_different(ann.id, anne.id)


def test_where_it_takes_two_the_officer_answers() -> None:
    ann, anne = two()
    ask_for_two("merge", asked=True, by=EMIL)
    sten = asking("Sten", "steward", staff_id=4)
    with pytest.raises(Denied, match="waits_for_second") as told:
        merge(anne, ann, by=sten, chosen={"name": "from"})
    assert Customer.objects.filter(erased_at__isnull=True).count() == 2
    approve(told.value.values["proposal"], by=EMIL, at=NOON)
    assert facts_of(ann)["name"] == "Anne Archer"


def test_who_erases_her_erases_all_that_was_merged_into_her() -> None:
    ann, anne = two()
    merge(anne, ann)
    erase_customer(anne.number, by=EMIL, because="she asked", reference="L-1", at=NOON)
    assert not Customer.objects.filter(erased_at__isnull=True).exists()
    assert not ContactPoint.objects.exists() and not CustomerKey.objects.exists() and not OwnValue.objects.exists()
    assert Merge.objects.get().kept is None and Merge.objects.get().because == ""
    for who in (ann, anne):
        assert proof_of_erasure(who.number, by=EMIL, because="test").reference == "L-1"
    with pytest.raises(NotThere):
        unmerge(anne)


@pytest.mark.parametrize("by", [DORA, MIA])
def test_nobody_else_merges(by: Asker) -> None:
    ann, anne = two()
    for refused in (
        lambda: merge(anne, ann, by=by), lambda: preview_merge(anne.number, ann.number, by=by, because="test"),
        lambda: unmerge_customers(anne.number, by=by, because="test", at=NOON),
    ):  # fmt: skip
        with pytest.raises(Denied):
            refused()
    assert AccessEntry.objects.filter(who=by.name, allowed=False).count() == 3


def test_what_is_no_merge() -> None:
    ann, anne = two()
    with pytest.raises(BadInput, match="pair_of_one"):
        merge(ann, ann)
    with pytest.raises(BadInput, match="merge_of_invented"):
        merge(customer("Nobody", invented=True), ann)
    with pytest.raises(BadInput, match="nothing_said"):
        merge_customers(anne.number, ann.number, by=STEN, because=" ", at=NOON)
    with pytest.raises(BadInput, match="merge_field_unknown"):
        merge(anne, ann, chosen={"shoe": "from"})
    with pytest.raises(NotThere):
        unmerge(anne)


def test_a_merge_that_was_undone_makes_no_value_newer_than_it_was() -> None:
    ann, anne = two()
    for who, channel, door in ((ann, "email", "set_preferences"), (anne, "phone", "import")):
        Customer.objects.filter(id=who.id).update(preferred_channel=channel)
        note_customer_changes([(who.id, "preferred_channel", "", channel)], by=DORA, door=door, at=NOON - DAY)
    before = preview_merge(anne.number, ann.number, by=STEN, because="test").winners
    assert {one.because for one in before if one.field == "preferred_channel"} == {"confirmed"}
    merge(anne, ann, chosen=dict.fromkeys(FIELDS, "from"))
    unmerge(anne)
    assert preview_merge(anne.number, ann.number, by=STEN, because="test").winners == before


def test_the_preview_tells_what_the_merge_then_does() -> None:
    ann, anne = two()
    said(anne, "direct_marketing", "denied")
    told = preview_merge(anne.number, ann.number, by=STEN, because="test")
    assert {one.field for one in told.winners} >= {"name"} and not told.different
    assert told.match.steps[0].comparison == "prior" and len(told.match.steps) > 5
    assert merge(anne, ann).closed == told.closes
    assert PrivacyEntry.objects.filter(deed="merge", who="Sten").count() == 1


def two() -> tuple[Customer, Customer]:
    dice, world = random.Random(11), World()
    return world.somebody("Ann Archer", dice), world.somebody("Anne Archer", dice)


def allows(who: Customer) -> set[str]:
    row = Customer.objects.values().get(id=who.id)
    return {name.removeprefix("allows_") for name, holds in row.items() if name.startswith("allows_") and holds}


def facts_of(who: Customer) -> dict[str, object]:
    return Customer.objects.values().get(id=who.id)


def sealed_text(who: Customer, column: str) -> str:
    return keys_at_hand([who.id])[who.id].open(f"customer.{column}", bytes(facts_of(who)[column]))  # type: ignore[arg-type]


def use_link_of(who: Customer, at: datetime) -> str:
    return str(PortalLink.objects.filter(issued_at=at).values_list("customer__number", flat=True).distinct().get())
