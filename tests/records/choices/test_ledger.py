"""The booleans on the customer's row follow the ledger: for any history, and whoever writes at the same time."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.records.choices.actions import add_choice
from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.models import Customer
from regulars.rules.permission.choices import ALLOWS, JURISDICTIONS, VALUES, Choice, what_holds
from regulars.rules.permission.errors import BadInput, NotThere
from tests.cast import DORA, NOON, ann, customer

pytestmark = pytest.mark.usefixtures("house")

SAID = st.tuples(
    st.sampled_from(sorted(ALLOWS.values())),
    st.sampled_from(VALUES),
    st.integers(-3, 3).map(lambda h: NOON + timedelta(hours=h)),
)


def present(who: Customer) -> dict[str, bool]:
    return Customer.objects.filter(id=who.id).values(*ALLOWS).get()


def ledger(who: Customer) -> list[Choice]:
    rows = ChoiceEntry.objects.filter(customer=who).values_list("purpose", "channel", "value", "at", "id")
    return [Choice(*row) for row in rows]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*JURISDICTIONS, "XX"]), st.lists(SAID, max_size=12))
def test_for_any_history_the_present_is_what_holds(
    jurisdiction: str, history: list[tuple[tuple[str, str], str, object]]
) -> None:
    who = customer("Ann Archer", number=f"C-{Customer.objects.count() + 50_000}", jurisdiction=jurisdiction)
    for (purpose, channel), value, at in history:
        ChoiceEntry.objects.create(
            customer=who, purpose=purpose, channel=channel, value=value, at=at, by="x", source="portal"
        )
    assert present(who) == what_holds(ledger(who), jurisdiction)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SAID, min_size=2, max_size=8))
def test_through_the_door_the_last_word_is_the_last_word(history: list[tuple[tuple[str, str], str, object]]) -> None:
    who = customer("Bob Baker", number=f"C-{Customer.objects.count() + 70_000}", jurisdiction="EU")
    last = {}
    for where, value, at in history:
        add_choice(who.id, purpose=where[0], channel=where[1], value=value, at=at, by=DORA, source="counter")
        last[where] = value
    said = [Choice(*where, value, NOON, n) for n, (where, value) in enumerate(last.items())]
    assert present(who) == what_holds(said, "EU") == what_holds(ledger(who), "EU")


def test_two_who_write_at_once_leave_what_the_ledger_says() -> None:
    who = customer("Ann Archer")
    meet = threading.Barrier(2)

    def say(channel: str, value: str) -> None:
        try:
            meet.wait(5)
            for n in range(15):
                value = "denied" if value == "granted" else "granted"
                purpose_channel = channel if n % 2 else ""
                add_choice(
                    who.id,
                    purpose="direct_marketing",
                    channel=purpose_channel,
                    value=value,
                    at=NOON,
                    by=DORA,
                    source="counter",
                )
        finally:
            connections.close_all()

    writers = [
        threading.Thread(target=say, args=("email", "granted")),
        threading.Thread(target=say, args=("phone", "denied")),
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert len(ledger(who)) == 30
    assert present(who) == what_holds(ledger(who), "none")


def test_a_clock_set_back_does_not_let_the_older_word_win() -> None:
    who = ann()
    before, at = add_choice(
        who.id, purpose="direct_marketing", value="denied", at=NOON - timedelta(days=1), by=DORA, source="counter"
    )
    assert (before, at) == ("granted", NOON)
    assert not present(who)["allows_direct_marketing"]


def test_an_entry_keeps_who_how_and_under_which_words() -> None:
    who = ann()
    add_choice(
        who.id,
        purpose="sensitive_use",
        value="granted",
        at=NOON,
        by=DORA,
        source="counter",
        statement_version=3,
        wording="Use my sizes",
    )
    entry = ChoiceEntry.objects.get(purpose="sensitive_use")
    assert (entry.by, entry.source, entry.statement_version, entry.wording) == ("Dora", "counter", 3, "Use my sizes")


def test_what_is_said_is_never_altered_not_even_by_the_writer() -> None:
    ann()
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        connection.cursor().execute("UPDATE choice_entry SET value = 'granted'")
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        connection.cursor().execute("DELETE FROM choice_entry")


def test_the_writer_cannot_open_a_permission_by_itself() -> None:
    ann()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE customer SET allows_disclosure = true")


def test_unknown_words_are_refused_before_they_reach_the_ledger() -> None:
    who = ann()
    with pytest.raises(BadInput, match="choice_purpose_unknown"):
        add_choice(who.id, purpose="everything", value="granted", at=NOON, by=DORA, source="counter")
    with pytest.raises(IntegrityError), transaction.atomic():
        ChoiceEntry.objects.create(
            customer=who, purpose="sensitive_use", value="maybe", at=NOON, by="x", source="portal"
        )
    with pytest.raises(NotThere):
        add_choice(who.id + 1, purpose="sensitive_use", value="denied", at=NOON, by=DORA, source="counter")
