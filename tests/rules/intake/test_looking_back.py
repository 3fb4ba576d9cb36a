"""From where a table of others is read again: by the value for moments, by what was reached then for all else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from regulars.rules.intake.looking_back import BEGINNING, STEPS, Reached, Step, begins_at, gone_on

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
DAY = timedelta(hours=24)


def moved(
    reached: Reached | None, value: int, *, hours: float = 0, more: bool = False, span: timedelta = DAY
) -> Reached:
    first = Step("int", str(value - 10)) if value > 10 else None
    return gone_on(reached, Step("int", str(value)), first, at=NOON + timedelta(hours=hours), more=more, span=span)


@pytest.mark.parametrize(
    ("kind", "text", "begin"),
    [
        ("datetime", "2026-03-03T10:00:00", "2026-03-02T10:00:00"),
        ("datetime", "2026-03-03T10:00:00+08:00", "2026-03-02T10:00:00+08:00"),
        ("datetime", "2099-01-01T00:00:00+08:00", "2026-03-02T20:00:00+08:00"),
        ("date", "2026-03-03", "2026-03-02"), ("date", "2099-01-01", "2026-03-02"),
        ("date", "0001-01-01", "0001-01-01"),
        ("str", "2026-03-03 10:00:00", "2026-03-02 10:00:00"), ("str", "2026-03-03T10:00:00Z", "2026-03-02T10:00:00"),
        ("str", "2026-03-03", "2026-03-02"), ("str", "2026-99-99", "2026-99-99"), ("int", "7", "7"),
    ],
)  # fmt: skip
def test_of_moments_it_begins_the_span_before_the_last_or_before_it_was_read(kind: str, text: str, begin: str) -> None:
    assert begins_at(Reached(kind, text, NOON.isoformat()), DAY) == Step(kind, begin)


def test_where_nobody_knows_when_it_was_read_the_last_value_is_read_again() -> None:
    assert begins_at(Reached.of({"kind": "int", "text": "7", "rows": 1}), DAY) == Step("int", "7")


def test_on_the_first_day_it_begins_some_rows_before() -> None:
    assert begins_at(moved(moved(None, 100), 130, hours=23), DAY).text == "90"
    assert begins_at(moved(moved(None, 100), 130, hours=24), DAY).text == "100"
    assert begins_at(moved(None, 10), DAY) == BEGINNING
    assert begins_at(moved(moved(None, 100, more=True), 5, hours=1), DAY).text == "90"
    assert begins_at(moved(Reached("int", "7"), 9), DAY).text == "7"  # read before anybody looked back


def test_while_more_waits_what_was_reached_says_nothing_of_when_it_was_written() -> None:
    first = moved(moved(None, 100, more=True), 200, hours=1, more=True)
    assert [one.text for one in first.steps] == ["190"]
    assert begins_at(first, DAY).text == "190"
    assert begins_at(moved(first, 300, hours=2), DAY).text == "290"  # the first reading that saw the end


def test_a_quiet_table_goes_on_from_what_was_reached_long_ago() -> None:
    quiet = moved(moved(moved(None, 100), 100, hours=100), 100, hours=200)
    assert begins_at(quiet, DAY).text == "100"


@given(
    some.lists(some.tuples(some.floats(0.01, 40), some.integers(0, 90)), min_size=1, max_size=120), some.integers(0, 72)
)
def test_what_is_written_within_the_span_of_being_numbered_is_read(told: list[tuple[float, int]], span: int) -> None:
    """Readings hours apart: a number that was handed out the span before a reading, and written after it, lies above
    what had been reached when it was handed out; so does all that the next one reads."""
    reached, value, hours, was = None, 1000, 0.0, list[tuple[float, int]]()
    for apart, numbers in told:
        reached = moved(reached, value, hours=hours, span=timedelta(hours=span))
        was.append((hours, value))
        then = [number for at, number in was if at <= hours - span] or [990]
        assert int(begins_at(reached, timedelta(hours=span)).text) <= (max(then) if span else value)
        assert len(reached.steps) <= STEPS + 3
        hours, value = hours + apart, value + numbers


def test_a_clock_that_went_a_year_ahead_and_was_put_right_hides_no_late_row() -> None:
    """Nothing that was reached by the wrong clock was reached before the right one says so: it is as if it were now."""
    ahead = moved(moved(moved(None, 100), 200, hours=9_000), 300, hours=9_030)
    right = moved(ahead, 400, hours=2)
    assert begins_at(right, DAY).text != "400", "a row of yesterday may still come"
    assert int(begins_at(right, DAY).text) <= 300
    for hours in range(4, 60, 2):
        right = moved(right, 400 + hours, hours=hours)
    assert 400 < int(begins_at(right, DAY).text) < 440, "and a day later it begins a day back, as ever"


def test_who_looks_further_back_than_steps_were_kept_begins_at_the_first_of_them() -> None:
    reached = moved(None, 100)
    for hours in range(2, 60, 2):
        reached = moved(reached, 100 + hours, hours=hours)
    assert begins_at(reached, 10 * DAY) == reached.steps[0]
    assert int(reached.steps[0].text) < int(reached.text)
