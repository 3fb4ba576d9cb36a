"""What holds follows from what was said: newest first, the whole before its parts, unset by jurisdiction."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.permission.choices import (
    ALLOWS,
    CHANNELS,
    DEFAULTS,
    JURISDICTIONS,
    ONLY_WHEN_GRANTED,
    PURPOSES,
    VALUES,
    Choice,
    check_choice,
    default_for,
    what_holds,
    where_it_stands,
)
from regulars.rules.permission.errors import BadInput

MARCH = datetime(2026, 3, 1, 9, tzinfo=UTC)
CHANNEL_NAMES = [f"allows_{channel}" for channel in CHANNELS]

keys = st.sampled_from(sorted(ALLOWS.values()))
moments = st.integers(0, 4).map(lambda hours: MARCH + timedelta(hours=hours))


@st.composite
def histories(draw: st.DrawFn) -> list[Choice]:
    said = draw(st.lists(st.tuples(keys, st.sampled_from(VALUES), moments), max_size=12))
    entries = [
        Choice(purpose, channel, value, at, number) for number, ((purpose, channel), value, at) in enumerate(said)
    ]
    return draw(st.permutations(entries))


def said(purpose: str, channel: str, value: str, hour: int = 0, number: int = 1) -> Choice:
    return Choice(purpose, channel, value, MARCH + timedelta(hours=hour), number)


def test_ann_consented_and_every_channel_of_hers_is_open_in_china() -> None:
    holds = what_holds([said("direct_marketing", "", "granted")], "CN")
    assert holds["allows_direct_marketing"] and all(holds[name] for name in CHANNEL_NAMES)
    assert not holds["allows_disclosure"] and not holds["allows_sensitive_use"]


def test_bob_withdrew_the_whole_and_all_his_channels_close_with_it() -> None:
    bob = [said("direct_marketing", "email", "granted", 0, 1), said("direct_marketing", "", "denied", 1, 2)]
    holds = what_holds(bob, "US-CA")
    assert not any(holds[name] for name in ["allows_direct_marketing", *CHANNEL_NAMES])
    email = next(standing for standing in where_it_stands(bob, "US-CA") if standing.allows == "allows_email")
    assert (email.said, email.because, email.entry) == ("granted", "whole_closed", bob[1])


def test_bob_comes_back_and_his_old_word_on_e_mail_counts_again() -> None:
    bob = [
        said("direct_marketing", "email", "denied", 0, 1),
        said("direct_marketing", "", "denied", 1, 2),
        said("direct_marketing", "", "granted", 2, 3),
    ]
    holds = what_holds(bob, "none")
    assert holds["allows_direct_marketing"] and holds["allows_letter"] and not holds["allows_email"]


def test_two_words_of_one_moment_are_ordered_by_id() -> None:
    yes, no = said("automated_decision", "", "granted", 0, 7), said("automated_decision", "", "denied", 0, 8)
    assert not what_holds([yes, no], "CN")["allows_automated_decision"]
    assert not what_holds([no, yes], "CN")["allows_automated_decision"]


def test_taking_a_word_back_returns_to_the_default() -> None:
    cleo = [said("automated_decision", "", "denied", 0, 1), said("automated_decision", "", "unset", 1, 2)]
    assert what_holds(cleo, "CN")["allows_automated_decision"]
    assert not what_holds(cleo, "EU")["allows_automated_decision"]


def test_in_europe_unset_e_mail_stays_closed_while_letters_may_go() -> None:
    holds = what_holds([], "EU")
    assert [name for name in CHANNEL_NAMES if holds[name]] == ["allows_letter"]


def test_a_history_may_spell_the_whole_as_none() -> None:
    assert what_holds([replace(said("direct_marketing", "", "granted"), channel=None)], "CN")["allows_sms"]  # type: ignore[arg-type]


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_every_jurisdiction_has_a_default_with_a_source_for_each_permission(jurisdiction: str) -> None:
    written = [(d.purpose, d.channel) for d in DEFAULTS if d.jurisdiction == jurisdiction]
    assert sorted(written) == sorted(ALLOWS.values())
    assert all(d.source and d.value in ("granted", "denied") for d in DEFAULTS)


def test_where_nobody_wrote_defaults_nothing_holds() -> None:
    assert not any(what_holds([], "Atlantis").values())
    assert default_for("Atlantis", "direct_marketing").value == "denied"


@pytest.mark.parametrize(
    ("purpose", "channel", "value", "code"),
    [
        ("selling", "", "granted", "choice_purpose_unknown"),
        ("direct_marketing", "pigeon", "granted", "choice_channel_unknown"),
        ("automated_decision", "sms", "granted", "choice_channel_only_for_marketing"),
        ("direct_marketing", "sms", "perhaps", "choice_value_unknown"),
    ],
)
def test_a_choice_that_cannot_be_written_says_why(purpose: str, channel: str, value: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_choice(purpose, channel, value)
    assert refused.value.code == code


@given(histories(), st.sampled_from([*JURISDICTIONS, "Atlantis"]))
def test_what_holds_is_what_a_naive_reader_of_the_ledger_finds(history: list[Choice], jurisdiction: str) -> None:
    def counts(purpose: str, channel: str) -> bool:
        own = sorted((e for e in history if (e.purpose, e.channel) == (purpose, channel)), key=lambda e: (e.at, e.id))
        value = own[-1].value if own else "unset"
        if value == "unset":
            value = "denied" if purpose in ONLY_WHEN_GRANTED else default_for(jurisdiction, purpose, channel).value
        return value == "granted"

    expected = {name: counts(purpose, channel) and counts(purpose, "") for name, (purpose, channel) in ALLOWS.items()}
    assert what_holds(history, jurisdiction) == expected


@given(histories(), st.sampled_from(JURISDICTIONS))
def test_one_more_denial_never_opens_anything(history: list[Choice], jurisdiction: str) -> None:
    before = what_holds(history, jurisdiction)
    for purpose in PURPOSES:
        after = what_holds([*history, said(purpose, "", "denied", 99, 99)], jurisdiction)
        assert all(before[name] or not after[name] for name in ALLOWS)


@given(histories(), st.sampled_from(JURISDICTIONS))
def test_what_nobody_granted_is_neither_disclosed_nor_used(history: list[Choice], jurisdiction: str) -> None:
    holds = what_holds([e for e in history if e.value != "granted"], jurisdiction)
    assert not holds["allows_disclosure"] and not holds["allows_sensitive_use"]
