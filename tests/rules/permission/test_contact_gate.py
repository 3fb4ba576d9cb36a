"""The nine rules, one person at a time: every reason is there, and not knowing sends nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.gate import (
    PRIVACY_RULES,
    RULES,
    Contact,
    Person,
    decide,
    is_open,
    youngest_birth_on,
)

NOON_IN_SHANGHAI = datetime(2026, 3, 2, 4, tzinfo=UTC)
ANN = Person(1, True, True, True, True, True, birth_on=date(1990, 5, 1), timezone="Asia/Shanghai")
LETTER = Contact("letter", "due_this_month", NOON_IN_SHANGHAI, campaign=7, priority=5)
MAIL = replace(LETTER, channel="email")


def stopped_by(person: Person, contact: Contact) -> list[tuple[str, str, str]]:
    return [(answer.rule, answer.answer, answer.code) for answer in decide(person, contact).against]


def test_ann_consented_and_passes_all_nine() -> None:
    decision = decide(ANN, MAIL)
    assert (decision.verdict, decision.strip, decision.first, decision.until) == ("allowed", "ppppppppp", None, None)
    assert tuple(answer.rule for answer in decision.rules) == RULES


def test_bob_is_refused_the_minute_he_withdraws() -> None:
    bob = replace(ANN, allows_direct_marketing=False, allows_email=False)
    assert stopped_by(bob, MAIL) == [
        ("direct_marketing", "stop", "marketing_closed"),
        ("channel", "stop", "channel_closed"),
    ]
    assert decide(bob, MAIL).verdict == "refused"


def test_every_reason_is_collected_before_anyone_answers() -> None:
    everything_wrong = Person(
        9, False, False, False, False, False, reachable=False, reason_holds=False, suppressions=("bounced",),
        birth_on=date(2020, 1, 1), open_complaints=2, contacts_30d=3, competing_priority=9, timezone="Asia/Shanghai",
    )  # fmt: skip
    at_night = replace(MAIL, at=NOON_IN_SHANGHAI + timedelta(hours=12))
    assert decide(everything_wrong, at_night).strip == "ssssswwww"
    assert len(decide(everything_wrong, at_night).against) == 9


@pytest.mark.parametrize(
    ("unknown", "rule"),
    [
        ("reason_holds", "reason"),
        ("allows_direct_marketing", "direct_marketing"),
        ("allows_email", "channel"),
        ("reachable", "channel"),
        ("suppressions", "suppression"),
        ("open_complaints", "complaint"),
        ("contacts_30d", "frequency_cap"),
        ("timezone", "quiet_hours"),
    ],
)
def test_not_knowing_is_an_answer_and_sends_nothing(unknown: str, rule: str) -> None:
    decision = decide(replace(ANN, **{unknown: None}), MAIL)  # type: ignore[arg-type]
    assert decision.verdict == "held" and decision.strip.count("u") == 1
    assert stopped_by(replace(ANN, **{unknown: None}), MAIL) == [(rule, "wait", "unknown")]  # type: ignore[arg-type]


def test_a_closed_channel_is_a_no_even_if_nobody_knows_the_address() -> None:
    assert stopped_by(replace(ANN, allows_email=False, reachable=None), MAIL) == [("channel", "stop", "channel_closed")]


def test_an_order_that_is_ready_is_told_to_bob_too_but_not_at_night() -> None:
    bob = Person(2, False, False, False, False, False, open_complaints=1, contacts_30d=9, timezone="Asia/Shanghai")
    ready = replace(MAIL, reason="order_ready", purpose="service", service=True)
    assert (decide(bob, ready).verdict, decide(bob, ready).strip) == ("allowed", "pnppnnnnp")
    assert decide(bob, replace(ready, at=NOON_IN_SHANGHAI + timedelta(hours=12))).verdict == "held"
    assert decide(replace(bob, suppressions=("deceased",)), ready).verdict == "refused"
    assert decide(replace(bob, reachable=False), ready).verdict == "refused"


def test_a_contact_without_a_reason_is_refused_and_so_is_one_whose_reason_is_gone() -> None:
    assert stopped_by(ANN, replace(MAIL, reason=" ")) == [("reason", "stop", "no_reason")]
    assert stopped_by(replace(ANN, reason_holds=False), MAIL) == [("reason", "stop", "reason_gone")]


@pytest.mark.parametrize(
    ("jurisdiction", "adult_from"),
    [("CN", date(2012, 3, 2)), ("EU", date(2010, 3, 2)), ("US-CA", date(2010, 3, 2)), ("none", date(2008, 3, 2))],
)
def test_a_minor_is_one_until_the_birthday_of_the_law(jurisdiction: str, adult_from: date) -> None:
    of_age = replace(ANN, jurisdiction=jurisdiction, birth_on=adult_from)
    assert decide(of_age, MAIL).verdict == "allowed"
    assert stopped_by(replace(of_age, birth_on=adult_from + timedelta(days=1)), MAIL) == [("minor", "stop", "minor")]


def test_an_unknown_birth_date_makes_nobody_a_minor_but_a_flag_does() -> None:
    assert decide(replace(ANN, birth_on=None), MAIL).verdict == "allowed"
    assert stopped_by(replace(ANN, birth_on=None, flagged_minor=True), MAIL) == [("minor", "stop", "minor_by_flag")]


def test_of_a_birth_year_the_younger_reading_protects() -> None:
    shown_by_year = replace(ANN, birth_on=None, jurisdiction="CN")
    assert decide(replace(shown_by_year, birth_year=2011), MAIL).verdict == "allowed"
    assert decide(replace(shown_by_year, birth_year=2012), MAIL).verdict == "refused"


def test_the_cap_counts_contacts_already_made() -> None:
    assert decide(replace(ANN, contacts_30d=2), MAIL).verdict == "allowed"
    third = decide(replace(ANN, contacts_30d=3), MAIL)
    assert third.first is not None and third.first.values == {"contacts": 3, "cap": 3, "days": 30}


def test_the_weightier_campaign_goes_first_and_of_equals_the_older() -> None:
    assert decide(replace(ANN, competing_priority=4, competing_campaign=1), MAIL).verdict == "allowed"
    assert stopped_by(replace(ANN, competing_priority=6, competing_campaign=9), MAIL) == [
        ("priority", "wait", "yields")
    ]
    assert decide(replace(ANN, competing_priority=5, competing_campaign=6), MAIL).verdict == "held"
    assert decide(replace(ANN, competing_priority=5, competing_campaign=8), MAIL).verdict == "allowed"


@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 50), st.integers(51, 99))
def test_of_two_campaigns_exactly_one_yields(one: int, other: int, older: int, newer: int) -> None:
    first = decide(
        replace(ANN, competing_priority=other, competing_campaign=newer), replace(MAIL, priority=one, campaign=older)
    )
    second = decide(
        replace(ANN, competing_priority=one, competing_campaign=older), replace(MAIL, priority=other, campaign=newer)
    )
    assert {first.verdict, second.verdict} == {"allowed", "held"}


def test_wang_fang_is_asleep_in_shanghai_while_it_is_noon_in_london() -> None:
    call = Contact("phone", "happy_call", datetime(2026, 3, 2, 12, 30, tzinfo=ZoneInfo("Europe/London")))
    wang_fang = replace(ANN, customer_id=4)
    decision = decide(wang_fang, call)
    assert decision.verdict == "held" and decision.until == datetime(2026, 3, 3, 1, tzinfo=UTC)
    assert decide(replace(wang_fang, timezone="Europe/London"), call).verdict == "allowed"


def test_a_letter_has_no_hour() -> None:
    assert (
        decide(replace(ANN, timezone=None), replace(LETTER, at=NOON_IN_SHANGHAI + timedelta(hours=12))).strip
        == "ppppppppn"
    )


def test_her_own_hours_come_before_the_house_hours() -> None:
    evenings = replace(ANN, may_from=time(19), may_until=time(22))
    assert decide(evenings, MAIL).until == datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert decide(evenings, replace(MAIL, at=datetime(2026, 3, 2, 13, 30, tzinfo=UTC))).verdict == "allowed"


def test_more_than_quiet_hours_gives_no_moment_to_try_again() -> None:
    late = replace(MAIL, at=NOON_IN_SHANGHAI + timedelta(hours=12))
    assert decide(replace(ANN, open_complaints=1), late).until is None


def test_a_contact_says_how_and_in_which_zone() -> None:
    with pytest.raises(BadInput, match="contact_channel_unknown"):
        replace(MAIL, channel="pigeon")
    with pytest.raises(BadInput, match="contact_without_zone"):
        replace(MAIL, at=NOON_IN_SHANGHAI.replace(tzinfo=None))


zones = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
hours = st.times().map(lambda t: t.replace(minute=t.minute // 15 * 15, second=0, microsecond=0))
moments = st.integers(0, 3 * 365 * 96).map(lambda quarters: NOON_IN_SHANGHAI + timedelta(minutes=15 * quarters + 1))


@given(moments, zones, hours, st.integers(2, 20))
def test_when_the_gate_says_until_it_opens_then(at: datetime, zone: str, opens: time, length: int) -> None:
    closes = time((opens.hour + length) % 24, opens.minute)
    person = replace(ANN, timezone=zone, may_from=opens, may_until=closes)
    held = decide(person, replace(MAIL, at=at))
    if held.verdict == "held":
        assert held.until is not None and at < held.until <= at + timedelta(hours=25)
        assert decide(person, replace(MAIL, at=held.until)).verdict == "allowed"


@given(st.times(), hours, hours)
def test_hours_and_their_complement_share_the_day(now: time, opens: time, closes: time) -> None:
    if opens != closes:
        assert is_open(now, opens, closes) != is_open(now, closes, opens)
    else:
        assert is_open(now, opens, closes)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.sampled_from(["CN", "EU", "none"]))
def test_the_day_of_coming_of_age_moves_on_with_the_days(on: date, jurisdiction: str) -> None:
    assert youngest_birth_on(jurisdiction, on) <= youngest_birth_on(jurisdiction, on + timedelta(days=1))


def test_four_of_the_nine_rules_are_privacy() -> None:
    assert sorted(PRIVACY_RULES) == ["channel", "direct_marketing", "minor", "suppression"]
