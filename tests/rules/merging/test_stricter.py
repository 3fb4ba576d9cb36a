"""Two histories become one: nothing is open afterwards that was not open for both, whatever was said and whenever."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.merging.stricter import Said, to_close
from regulars.rules.permission.choices import (
    CHANNELS,
    JURISDICTIONS,
    PURPOSES,
    VALUES,
    WITH_EXCEPTIONS,
    Choice,
    Scope,
    covers,
)
from regulars.rules.permission.youth import GROWN, Youth, youth_of

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
CHILD = youth_of("EU", "FR", date(2014, 1, 1), on=MARCH.date())


def word(purpose: str, value: str, channel: str = "", *, day: int = 0, brand: str = "") -> Choice:
    return Choice(purpose, channel, value, MARCH + timedelta(days=day), day, brand=brand)


def scopes(stays: Said, goes: Said, after: Said | None = None) -> list[Scope]:
    return [one.scope for one in to_close(stays, goes, after or stays)]


def test_an_old_no_beats_a_new_yes() -> None:
    yes, no = word("direct_marketing", "granted", day=9), word("direct_marketing", "denied", day=1)
    [closing] = to_close(Said([yes], "none"), Said([no], "none"), Said([yes], "none"))
    assert closing.scope == Scope("direct_marketing") and closing.word is no


def test_a_yes_does_not_travel() -> None:
    yes = Said([word("sensitive_use", "granted")], "none")
    assert scopes(Said([], "none"), yes) == []
    assert scopes(yes, Said([], "none")) == [Scope("sensitive_use")]


def test_the_silence_of_a_stricter_law_counts() -> None:
    assert Scope("direct_marketing") in scopes(Said([], "none"), Said([], "CN"))


def test_a_channel_beneath_a_closed_purpose_is_no_no_of_its_own() -> None:
    closed = Said([word("direct_marketing", "denied")], "none")
    assert scopes(Said([], "none"), closed) == [Scope("direct_marketing")]


def test_a_brand_taken_out_by_either_is_out() -> None:
    tea = Said([word("direct_marketing", "denied", brand="tea")], "none")
    assert scopes(Said([], "none"), tea) == [Scope("direct_marketing", brand="tea")]
    assert scopes(tea, Said([], "none")) == []


def test_a_child_keeps_her_protection() -> None:
    assert Scope("direct_marketing") in scopes(Said([], "EU"), Said([], "EU", CHILD))


entries = st.lists(
    st.builds(
        lambda purpose, channel, value, day, brand, guardian: Choice(
            purpose, channel if purpose == "direct_marketing" else "", value, MARCH + timedelta(days=day), day,
            brand=brand if purpose in WITH_EXCEPTIONS else "", by_guardian=guardian,
        ),
        st.sampled_from(PURPOSES), st.sampled_from(("", *CHANNELS)), st.sampled_from(VALUES), st.integers(0, 30),
        st.sampled_from(("", "", "tea")), st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)  # fmt: skip
sides = st.builds(Said, entries, st.sampled_from(JURISDICTIONS), st.sampled_from((GROWN, CHILD)))
uses = st.builds(Scope, st.sampled_from(PURPOSES), st.sampled_from(("", *CHANNELS)), st.sampled_from(("", "tea")))


@given(sides, sides, st.sampled_from((0, 1)), uses)
def test_nothing_is_open_that_was_not_open_for_both(stays: Said, goes: Said, law: int, use: Scope) -> None:
    under = (stays, goes)[law]
    youth: Youth = CHILD if CHILD in (stays.youth, goes.youth) else GROWN
    after = Said(stays.history, under.jurisdiction, youth)
    closed = [
        Choice(one.scope.purpose, one.scope.channel, "denied", MARCH + timedelta(days=99), 1000 + n,
               brand=one.scope.brand, topic=one.scope.topic)
        for n, one in enumerate(to_close(stays, goes, after))
    ]  # fmt: skip
    if covers(use, [*stays.history, *closed], under.jurisdiction, youth):
        for side in (stays, goes):
            assert covers(use, side.history, side.jurisdiction, side.youth)


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_two_who_said_the_same_close_nothing(jurisdiction: str) -> None:
    said = Said([word("direct_marketing", "granted"), word("direct_marketing", "denied", "sms")], jurisdiction)
    assert scopes(said, said) == []
