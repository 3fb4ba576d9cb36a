"""Which of two values stands when two records become one: the rule, and what no choice moves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.merging.winners import FIELDS, TOGETHER, Known, Merged, Origin, Side, Winner, merged, winner
from regulars.rules.permission.errors import BadInput

MAY = datetime(2026, 5, 1, tzinfo=UTC)
TODAY = date(2026, 6, 1)
COLUMNS = tuple(column for columns in FIELDS.values() for column in columns)
BLANK: dict[str, Any] = dict.fromkeys(COLUMNS) | {
    "jurisdiction": "none", "country": "", "stage": "prospect", "first_seen_on": date(2024, 1, 1), "allergies": None
}  # fmt: skip


IN_MAY = Origin(MAY)


def record(origin: Origin = IN_MAY, **said: Any) -> Known:
    return Known(BLANK | said, dict.fromkeys(FIELDS, origin))


def together(into: Known, other: Known, **chosen: Side) -> Merged:
    return merged(into, other, on=TODAY, chosen=chosen)


def who_wins(into: Known, other: Known, field: str = "name") -> tuple[str, str]:
    found = winner(field, into, other)
    return found.side, found.because


LATER, TRUSTED, HERS = Origin(MAY + timedelta(days=1)), Origin(MAY, trust=2), Origin(MAY, confirmed=True)


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (record(name="Ann"), record(name="Ann"), ("into", "same")),
        (record(), record(name="Ann"), ("from", "only")),
        (record(name="Ann"), record(), ("into", "only")),
        (record(name="Ann"), record(LATER, name="Anne"), ("from", "newest")),
        (record(LATER, name="Ann"), record(TRUSTED, name="Anne"), ("from", "trusted")),
        (record(HERS, name="Ann"), record(replace(TRUSTED, at=LATER.at), name="Anne"), ("into", "confirmed")),
        (record(name="Ann"), record(name="Anne"), ("into", "stays")),
    ],
)
def test_the_rule_is_read_from_the_top(mine: Known, theirs: Known, expected: tuple[str, str]) -> None:
    assert who_wins(mine, theirs) == expected


def test_the_parts_of_a_name_are_not_mixed() -> None:
    mine = record(name="Ann Archer", given_name="Ann", family_name="Archer", name_sort="archer ann")
    theirs = record(LATER, name="Anne", given_name="Anne", family_name="", name_sort="anne")
    found = together(mine, theirs).columns
    assert [found[one] for one in FIELDS["name"]] == ["Anne", "Anne", "", "anne"]


def test_a_law_without_a_place_is_no_address() -> None:
    mine, theirs = record(city="Lyon", country="FR", jurisdiction="EU"), record(LATER, jurisdiction="CN")
    assert together(mine, theirs).columns["jurisdiction"] == "EU"
    assert who_wins(mine, theirs, "address") == ("into", "only")


def test_a_person_may_choose_otherwise() -> None:
    mine, theirs = record(name="Ann", sex="female"), record(LATER, name="Anne", sex="female")
    found = together(mine, theirs, name="into", sex="from")
    assert found.columns["name"] == "Ann" and found.winners == (Winner("name", "into", "chosen"),)
    with pytest.raises(BadInput):
        together(mine, theirs, shoe_size="from")


def test_what_either_cannot_bear_she_cannot_bear_whoever_chooses() -> None:
    mine = record(allergies="wool", stage="prospect", first_seen_on=date(2023, 1, 1))
    theirs = record(LATER, allergies="nuts; wool", stage="customer", first_seen_on=date(2022, 1, 1))
    found = together(mine, theirs).columns
    assert [found[one] for one in TOGETHER] == ["customer", date(2022, 1, 1), "wool; nuts"]


def test_while_by_one_of_two_birth_dates_she_is_a_child_she_is_one() -> None:
    grown, child = record(HERS, birth_on=date(1988, 4, 2)), record(birth_on=date(2014, 4, 2))
    for found in (together(grown, child), together(child, grown), together(grown, child, birth_on="into")):
        assert found.columns["birth_on"] == date(2014, 4, 2)
        assert [one.because for one in found.winners if one.field == "birth_on"] == ["child"]
    found = together(grown, record(LATER, birth_on=date(1989, 4, 2)))
    assert found.columns["birth_on"] == date(1988, 4, 2)


said = st.fixed_dictionaries(
    dict.fromkeys(("name", "sex", "city"), st.sampled_from(["", "a", "b"]))
    | {"birth_on": st.sampled_from([None, date(1980, 1, 1), date(2015, 1, 1)])}
    | {"allergies": st.sampled_from([None, "wool", "nuts"])}
)
origins = st.builds(
    Origin, st.datetimes(timezones=st.just(UTC)), st.integers(0, 2), st.booleans(),
)  # fmt: skip


@given(said, origins, said, origins)
def test_every_value_is_one_of_the_two_and_nothing_known_is_lost(
    mine: dict[str, Any], one: Origin, theirs: dict[str, Any], two: Origin
) -> None:
    into, other = record(one, **mine), record(two, **theirs)
    found = together(into, other).columns
    for column in ("name", "sex", "city", "birth_on"):
        assert found[column] in (mine[column], theirs[column])
        assert found[column] or not (mine[column] or theirs[column])
    assert together(Known(found, into.origins), Known(found, other.origins)).winners == ()


@given(said, origins, said, origins)
def test_which_record_survives_changes_nothing_that_a_rule_decides(
    mine: dict[str, Any], one: Origin, theirs: dict[str, Any], two: Origin
) -> None:
    into, other = record(one, **mine), record(two, **theirs)
    if any(found.because == "stays" for found in together(into, other).winners):
        return
    left, right = together(into, other).columns, together(other, into).columns
    assert {name: left[name] for name in COLUMNS if name != "jurisdiction"} == {
        name: right[name] for name in COLUMNS if name != "jurisdiction"
    }
