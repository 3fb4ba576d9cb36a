"""The booleans on the customer's row follow the ledger: for any history, and whoever writes at the same time."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.records.choices.actions import add_choice
from regulars.records.choices.models import ChoiceEntry, ChoiceException
from regulars.records.company.models import Company
from regulars.records.contacts.gate_persons import persons_for_gate
from regulars.records.customers.models import Customer
from regulars.rules.permission.choices import (
    ALLOWS,
    CHANNELS,
    JURISDICTIONS,
    VALUES,
    Choice,
    Scope,
    covers,
    exceptions,
    what_holds,
)
from regulars.rules.permission.errors import BadInput, NotThere
from regulars.rules.permission.gate import Contact, decide
from regulars.rules.permission.youth import youth_of
from regulars.rules.privacy.reconciliation import exceptions_that_disagree, who_disagrees
from tests.cast import DORA, NOON, ann, customer, reach, said

pytestmark = pytest.mark.usefixtures("house")

SAID = st.tuples(
    st.sampled_from(sorted(ALLOWS.values())),
    st.sampled_from(VALUES),
    st.integers(-3, 3).map(lambda h: NOON + timedelta(hours=h)),
)


BRANDS, TOPICS = ("", "tea", "toys"), ("", "recipes")
SCOPED = st.tuples(
    st.sampled_from(sorted(ALLOWS.values())),
    st.sampled_from(BRANDS),
    st.sampled_from(TOPICS),
    st.sampled_from(VALUES),
    st.booleans(),
    st.integers(-4, 3).map(lambda years: NOON + timedelta(days=365 * years)),
)
PLACES = st.sampled_from([*((j, "") for j in JURISDICTIONS), ("EU", "BE"), ("EU", "FR"), ("XX", "")])
BIRTHDAYS = st.one_of(
    st.none(), st.dates(date(2005, 1, 1), date(2017, 12, 31)), st.sampled_from([date(2012, 2, 29), date(2010, 3, 12)])
)


def present(who: Customer) -> dict[str, bool]:
    return Customer.objects.filter(id=who.id).values(*ALLOWS).get()


def ledger(who: Customer) -> list[Choice]:
    rows = ChoiceEntry.objects.filter(customer=who).values_list(
        "purpose", "channel", "value", "at", "id", "brand", "topic", "by_guardian"
    )
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


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLACES, BIRTHDAYS, st.lists(SCOPED, max_size=12), PLACES, st.dates(date(2005, 1, 1), date(2017, 12, 31)))
def test_guardians_ages_brands_and_topics_are_the_same_in_the_database(
    place: tuple[str, str],
    born: date | None,
    history: list[tuple[object, ...]],
    moves: tuple[str, str],
    late: date | None,
) -> None:
    """Triggers, rule and reconciliation agree for any history; also after a move or a corrected birthday."""
    Company.objects.update_or_create(id=1, defaults={"name": "Shop", "business_on": NOON.date(), "timezone": "UTC"})
    number = f"C-{Customer.objects.count() + 50_000}"
    who = customer("Ann Archer", number=number, jurisdiction=place[0], country=place[1], birth_on=born)
    for (purpose, channel), brand, topic, value, by_guardian, at in history:  # type: ignore[misc]
        ChoiceEntry.objects.create(
            customer=who, purpose=purpose, channel=channel, value=value, at=at, by="x", source="portal", brand=brand,
            topic=topic, by_guardian=by_guardian,
        )  # fmt: skip
    _agrees(who, place, born)
    Customer.objects.filter(id=who.id).update(jurisdiction=moves[0], country=moves[1], birth_on=late)
    _agrees(who, moves, late)


def _agrees(who: Customer, place: tuple[str, str], born: date | None) -> None:
    said, youth = ledger(who), youth_of(*place, born, on=NOON.date())
    assert present(who) == what_holds(said, place[0], youth)
    out = ChoiceException.objects.filter(customer=who).values_list("purpose", "channel", "brand", "topic")
    assert {Scope(*row) for row in out} == exceptions(said, youth)
    with connections["owner"].cursor() as cursor:
        for question in (who_disagrees(), exceptions_that_disagree()):
            cursor.execute(question)
            assert cursor.fetchall() == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SCOPED, max_size=10), st.sampled_from(CHANNELS), st.sampled_from(BRANDS), st.sampled_from(TOPICS))
def test_the_gate_lets_through_what_all_five_steps_cover(
    history: list[tuple[object, ...]], channel: str, brand: str, topic: str
) -> None:
    number = f"C-{Customer.objects.count() + 50_000}"
    who = customer("Ann Archer", number=number, email="a@example.com", phone="+15550100", street="1 Elm Street")
    reach(who, "sms", "+15550100")
    for (purpose, way), of_brand, of_topic, value, by_guardian, at in history:  # type: ignore[misc]
        ChoiceEntry.objects.create(
            customer=who, purpose=purpose, channel=way, value=value, at=at, by="x", source="portal", brand=of_brand,
            topic=of_topic, by_guardian=by_guardian,
        )  # fmt: skip
    [person] = persons_for_gate([who.id], channel=channel, campaign=0, at=NOON, zone="UTC", brand=brand, topic=topic)
    decision = decide(person, Contact(channel, "segment", NOON, brand=brand, topic=topic))
    use = Scope("direct_marketing", channel, brand, topic)
    assert (decision.verdict == "allowed") == covers(use, ledger(who), "none")


def test_who_comes_of_age_is_followed_by_night() -> None:
    """A Californian's silence is a no until she is sixteen; a guardian's yes to disclosure stays what it was."""
    company, _ = Company.objects.update_or_create(
        id=1, defaults={"name": "Shop", "business_on": NOON.date() - timedelta(days=1), "timezone": "UTC"}
    )
    who = customer("Mina Young", jurisdiction="US-CA", birth_on=date(2010, 3, 12))
    assert not any(present(who).values())
    Company.objects.filter(id=company.id).update(business_on=NOON.date())
    assert present(who)["allows_direct_marketing"]
    Company.objects.filter(id=company.id).update(business_on=NOON.date() - timedelta(days=1))
    assert not any(present(who).values())


def test_a_childs_own_yes_is_not_heard_and_her_no_is() -> None:
    who = customer("Xiao Ming", jurisdiction="CN", birth_on=NOON.date() - timedelta(days=365 * 10))
    said(who, "sensitive_use", "granted")
    assert not present(who)["allows_sensitive_use"]
    entry = {"purpose": "sensitive_use", "by": "Dora", "source": "counter", "by_guardian": True}
    ChoiceEntry.objects.create(customer=who, value="granted", at=NOON + timedelta(hours=1), **entry)
    assert present(who)["allows_sensitive_use"]
    said(who, "sensitive_use", "denied", at=NOON + timedelta(hours=2))
    assert not present(who)["allows_sensitive_use"]
    said(who, "sensitive_use", "unset", at=NOON + timedelta(hours=3))
    assert not present(who)["allows_sensitive_use"]


def test_nobody_reopens_a_brand_but_through_the_ledger() -> None:
    who = ann()
    ChoiceEntry.objects.create(
        customer=who, purpose="direct_marketing", brand="tea", value="denied", at=NOON, by="Ann", source="portal"
    )
    for statement in ("DELETE FROM choice_exception", "UPDATE choice_exception SET brand = 'toys'"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


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
