"""Whatever sources say, the rule chooses what somebody said, the same for every order of saying it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.intake.choosing import FOLLOWS, RULES, TOGETHER, Says, choose

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
PLACE = [field for field in TOGETHER["place"] if field not in FOLLOWS]

moments = st.integers(0, 5).map(lambda days: NOON + timedelta(days=days))
rules = st.sampled_from(sorted(RULES))


@st.composite
def says(draw: st.DrawFn, fields: list[str]) -> list[Says]:
    sources = draw(st.lists(st.integers(1, 9), unique=True, max_size=6))
    return [
        Says(
            source,
            draw(st.dictionaries(st.sampled_from(fields), st.sampled_from("ab"), min_size=1)),
            draw(st.integers(1, 5)),
            draw(moments),
            draw(st.none() | moments),
        )
        for source in sources
    ]


@given(says(PLACE), rules, st.randoms())
def test_the_order_in_which_sources_are_asked_changes_nothing(told: list[Says], rule: str, chance: object) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert choose(shuffled, rule) == choose(told, rule)


@given(says(PLACE), rules)
def test_what_is_believed_was_said_by_whom_it_is_said_to_come_from(told: list[Says], rule: str) -> None:
    by_source = {one.source: one.values for one in told}
    for field, chosen in choose(told, rule).items():
        assert by_source[chosen.source][field] == chosen.value


@given(says(["sex"]), rules)
def test_one_field_is_what_an_oracle_picks_by_hand(told: list[Says], rule: str) -> None:
    """Confirmed last; else by the rule; else the source of the lowest number."""
    best = None
    for one in told:
        if best is None or _beats(one, best, rule):
            best = one
    chosen = choose(told, rule).get("sex")
    assert (chosen and chosen.source) == (best and best.source)


def _beats(one: Says, other: Says, rule: str) -> bool:
    if one.confirmed_at != other.confirmed_at:
        if one.confirmed_at is None or other.confirmed_at is None:
            return other.confirmed_at is None
        return one.confirmed_at > other.confirmed_at
    by_trust, by_date = (one.trust, other.trust), (one.said_at, other.said_at)
    for mine, theirs in (by_trust, by_date) if rule == "trusted" else (by_date, by_trust):
        if mine != theirs:
            return mine > theirs  # type: ignore[operator]
    return (one.source or 0) < (other.source or 0)


@given(says(PLACE), rules)
def test_nothing_believed_contradicts_the_best_source(told: list[Says], rule: str) -> None:
    """Who fills what the best leaves open agrees with all that is believed: no postcode of another town."""
    chosen = choose(told, rule)
    by_source = {one.source: one.values for one in told}
    for source in {one.source for one in chosen.values()}:
        for field, value in by_source[source].items():
            assert chosen[field].value == value


@given(says(["sex"]), rules)
def test_a_loser_who_leaves_changes_nothing(told: list[Says], rule: str) -> None:
    chosen = choose(told, rule).get("sex")
    for loser in [one for one in told if chosen and one.source != chosen.source]:
        left = choose([one for one in told if one is not loser], rule)["sex"]
        assert (left.value, left.source) == (chosen.value, chosen.source)  # type: ignore[union-attr]


@given(says(["sex"]), rules)
def test_what_was_confirmed_gives_way_to_nothing_but_a_later_confirmation(told: list[Says], rule: str) -> None:
    chosen = choose(told, rule).get("sex")
    confirmed = [one for one in told if one.confirmed_at]
    if confirmed:
        assert chosen is not None
        latest = max(one.confirmed_at for one in confirmed if one.confirmed_at)
        assert next(one for one in told if one.source == chosen.source).confirmed_at == latest


OLD, NEW = NOON, NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("rule", "told", "value", "why"),
    [
        ("trusted", [Says(1, {"sex": "f"}, 3, OLD)], "f", "only"),
        ("trusted", [Says(1, {"sex": "f"}, 3, OLD), Says(2, {"sex": "f"}, 3, NEW)], "f", "agree"),
        ("trusted", [Says(1, {"sex": "f"}, 4, OLD), Says(2, {"sex": "m"}, 3, NEW)], "f", "trusted"),
        ("newest", [Says(1, {"sex": "f"}, 4, OLD), Says(2, {"sex": "m"}, 3, NEW)], "m", "newest"),
        ("trusted", [Says(1, {"sex": "f"}, 3, OLD), Says(2, {"sex": "m"}, 3, NEW)], "m", "newest"),
        ("newest", [Says(1, {"sex": "f"}, 1, OLD, OLD), Says(2, {"sex": "m"}, 5, NEW)], "f", "confirmed"),
        ("trusted", [Says(1, {"sex": "f"}, 3, OLD), Says(2, {"sex": "m"}, 3, OLD)], "f", "first"),
    ],
)
def test_why_it_won_can_be_read(rule: str, told: list[Says], value: str, why: str) -> None:
    chosen = choose(told, rule)["sex"]
    assert (chosen.value, chosen.why) == (value, why)


def test_the_law_that_holds_goes_with_the_country() -> None:
    till = Says(1, {"country": "CN", "jurisdiction": "CN"}, 2, NEW)
    shop = Says(2, {"city": "Berlin", "jurisdiction": "CN"}, 5, OLD)
    web = Says(3, {"country": "DE", "jurisdiction": "EU"}, 4, OLD)
    chosen = choose([till, shop, web])
    assert {field: one.value for field, one in chosen.items()} == {
        "city": "Berlin", "country": "DE", "jurisdiction": "EU",
    }  # fmt: skip
    assert chosen["country"].why == "fills"
