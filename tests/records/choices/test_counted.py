"""What people said, counted; and what files bring along of what they said elsewhere."""

from datetime import timedelta

import pyarrow as pa
import pytest

from regulars.records.choices.access import choices_of, count_closed_since
from regulars.records.choices.actions import add_choice
from regulars.records.choices.brought_along import add_brought_choices
from regulars.records.choices.models import ChoiceEntry
from regulars.records.choices.statistics import count_choices
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import Customer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob, cleo, customer, said, wang_fang

pytestmark = pytest.mark.usefixtures("house")
HOUR = timedelta(hours=1)
WHOLE = "allows_direct_marketing"


def brought(*rows: tuple[Customer, str, str, str]) -> int:
    """Those choices come with a file of Sten's."""
    table = pa.table({
        "customer_id": [who.id for who, _, _, _ in rows], "purpose": [row[1] for row in rows],
        "channel": [row[2] for row in rows], "value": [row[3] for row in rows],
    })  # fmt: skip
    return add_brought_choices(table, by=STEN, at=NOON, wording="as the old till had it")


def allows(who: Customer) -> bool:
    return bool(Customer.objects.filter(id=who.id).values_list(WHOLE, flat=True).get())


def test_said_and_holding_are_counted_apart() -> None:
    """Ann said yes, Bob no, Cleo nothing (which counts as yes without a law), 王芳 nothing (in China a no)."""
    ann(), bob(), cleo(), wang_fang()
    [line] = [one for one in count_choices(by=EMIL) if one.allows == WHOLE]
    assert (line.granted, line.denied, line.unset, line.everybody) == (1, 1, 2, 4)
    assert line.holds == 2


def test_who_takes_a_word_back_has_said_nothing() -> None:
    who = ann()
    said(who, "direct_marketing", "unset", at=NOON + HOUR)
    [line] = [one for one in count_choices(by=EMIL) if one.allows == WHOLE]
    assert (line.granted, line.unset) == (0, 1)


@pytest.mark.parametrize("by", [DORA, MIA, STEN], ids=lambda by: by.role)
def test_the_figures_are_the_officers(by: Asker) -> None:
    with pytest.raises(Denied, match="statistics_are_for_the_officer"):
        count_choices(by=by)


def test_refusals_since_a_moment_are_people_not_entries_and_not_files() -> None:
    who, other, third = bob(), ann(), cleo()
    for channel in ("email", "phone"):
        said(who, "direct_marketing", "denied", channel, at=NOON + HOUR)
    said(other, "third_party_disclosure", "granted", at=NOON + HOUR)
    brought((third, "direct_marketing", "", "denied"))
    assert count_closed_since(NOON) == 1
    assert count_closed_since(NOON - HOUR) == 1
    assert count_closed_since(NOON + HOUR) == 0


def test_an_entry_never_comes_before_the_one_it_follows() -> None:
    who = ann()
    before, moment = add_choice(
        who.id, purpose="direct_marketing", value="denied", at=NOON - HOUR, by=DORA, source="counter"
    )
    assert (before, moment) == ("granted", NOON)
    assert not allows(who)


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": "gossip"},
        {"value": "maybe"},
        {"channel": "pigeon"},
        {"purpose": "sensitive_use", "channel": "email"},
    ],
)
def test_what_cannot_be_chosen_is_not_noted(wrong: dict[str, str]) -> None:
    who = ann()
    words = {"purpose": "direct_marketing", "value": "denied", "channel": ""} | wrong
    with pytest.raises(BadInput):
        add_choice(who.id, at=NOON, by=DORA, source="counter", **words)
    assert ChoiceEntry.objects.count() == 1


def test_who_is_not_there_chooses_nothing() -> None:
    erased = ann()
    Customer.objects.filter(id=erased.id).update(erased_at=NOON)
    for customer_id in (0, erased.id):
        with pytest.raises(NotThere):
            add_choice(customer_id, purpose="direct_marketing", value="denied", at=NOON, by=DORA, source="counter")


def test_a_file_says_what_nobody_said_yet() -> None:
    who, other = customer("New One"), customer("New Two")
    assert brought((who, "direct_marketing", "", "granted"), (other, "direct_marketing", "email", "denied")) == 2
    entry = ChoiceEntry.objects.get(customer=who)
    assert (entry.value, entry.source, entry.by, entry.wording) == (
        "granted",
        "import",
        "Sten",
        "as the old till had it",
    )


def test_a_file_never_says_yes_over_a_customers_no() -> None:
    """Bob withdrew in the portal; the old till's list still has him as willing."""
    who = bob()
    assert brought((who, "direct_marketing", "", "granted")) == 0
    assert not allows(who)


def test_a_no_in_a_file_is_heard_even_over_a_yes() -> None:
    who = ann()
    assert brought((who, "direct_marketing", "", "denied")) == 1
    assert not allows(who)


def test_a_later_file_may_take_back_what_an_earlier_one_said() -> None:
    who = customer("New One")
    assert brought((who, "direct_marketing", "", "denied")) == 1
    assert brought((who, "direct_marketing", "", "denied")) == 0
    assert brought((who, "direct_marketing", "", "granted")) == 1
    assert allows(who)


def test_an_erased_customer_is_passed_by_and_an_empty_file_says_nothing() -> None:
    who = ann()
    Customer.objects.filter(id=who.id).update(erased_at=NOON)
    assert brought((who, "direct_marketing", "", "denied")) == 0
    assert brought() == 0


def test_where_each_permission_stands_and_why() -> None:
    opened, facts = open_customer(wang_fang().number, by=DORA, because="test")
    standing = {one.allows: one for one in choices_of(opened, jurisdiction=facts.jurisdiction)}
    assert len(standing) == 8
    assert not standing[WHOLE].holds
