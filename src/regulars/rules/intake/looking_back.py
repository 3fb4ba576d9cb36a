"""From where a table of others is read again, so that what was written into it late is read too.

A row may come to stand below the value that was reached: a long transaction is confirmed after later ones, numbers were
handed out and used hours afterwards, a clock goes slow. So each reading begins a span earlier: of *moments* that span
before the last value (or before the last reading, where a value lies in the future), of anything else at the value
that had been reached that span before the last reading. What is written within the span of being numbered is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Self

USUAL_HOURS: Final = 24
MOST_HOURS: Final = 31 * 24
STEPS: Final = 24  # a span is remembered in so many steps


@dataclass(frozen=True, slots=True)
class Step:
    """A value of the column, and when it was reached; without a moment, before anything was. `BEGINNING` is none."""

    kind: str
    text: str
    at: str = ""


BEGINNING: Final = Step("", "")


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a table has been read: the last value, when it was read last, and the steps on the way there."""

    kind: str
    text: str
    read_at: str = ""
    steps: tuple[Step, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """As it was kept; before there were steps, only kind and text were."""
        steps = tuple(Step(**one) for one in kept.get("steps", ()))
        return cls(kept["kind"], kept["text"], kept.get("read_at", ""), steps)

    def kept(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def begins_at(reached: Reached, span: timedelta) -> Step:
    """The value from which the next reading begins; `BEGINNING` where it reads all.

    >>> steps = (Step("int", "1"), Step("int", "700", "2026-03-02T09:00:00+00:00"))
    >>> till = Reached("int", "900", "2026-03-03T12:00:00+00:00", steps)
    >>> begins_at(till, timedelta(hours=24)).text, begins_at(till, timedelta(hours=48)).text
    ('700', '1')
    >>> begins_at(Reached("str", "2099-01-01 08:00:00", "2026-03-03T12:00:00+00:00"), timedelta(hours=24)).text
    '2026-03-02 12:00:00'
    """
    if not reached.read_at:
        return Step(reached.kind, reached.text)
    last = datetime.fromisoformat(reached.read_at)
    if (moment := _moment(reached)) is not None:
        return Step(reached.kind, _earlier(reached, moment, last, span))
    first = reached.steps[0] if reached.steps else Step(reached.kind, reached.text)
    return next((one for one in reversed(reached.steps) if _was_there(one, last - span)), first)


def gone_on(
    before: Reached | None, last: Step, first: Step | None, *, at: datetime, more: bool, span: timedelta
) -> Reached:
    """How far the table has been read once `last` is in; `first` stands some thousand rows before it, if there
    are so many.

    Where more waits, what was reached is no step: its rows may have been written at any time. A clock that was put
    back makes nothing of the steps before untrue.
    """
    steps = tuple(_by_this_clock(one, at) for one in before.steps) if before else ()
    if not any(one.at for one in steps):
        steps = (first or _left_at(before),)
    if not more and _is_due(steps[-1], at, span):
        steps = (*steps, replace(last, at=at.isoformat()))
    return Reached(last.kind, last.text, at.isoformat(), _still_needed(steps, at - span))


def _left_at(before: Reached | None) -> Step:
    """Where it stood when nobody noted yet what was reached when."""
    if before is None:
        return BEGINNING
    return before.steps[0] if before.steps else Step(before.kind, before.text)


def _by_this_clock(step: Step, at: datetime) -> Step:
    """What was reached later than now was reached by a clock that went ahead: it counts as of now."""
    return step if _was_there(step, at) else replace(step, at=at.isoformat())


def _is_due(newest: Step, at: datetime, span: timedelta) -> bool:
    return not newest.at or datetime.fromisoformat(newest.at) <= at - span / STEPS


def _still_needed(steps: Sequence[Step], since: datetime) -> tuple[Step, ...]:
    """The last that was there by then, and all after it."""
    there = [number for number, one in enumerate(steps) if _was_there(one, since)]
    return tuple(steps[there[-1] if there else 0 :])


def _was_there(step: Step, by: datetime) -> bool:
    return not step.at or datetime.fromisoformat(step.at) <= by


def _moment(reached: Reached) -> datetime | None:
    """The value as a moment, where it is one or is written as one."""
    written = reached.kind in {"datetime", "date"} or (reached.kind == "str" and reached.text[4:5] == "-")
    try:
        return datetime.fromisoformat(reached.text) if written else None
    except ValueError:
        return None


def _earlier(reached: Reached, moment: datetime, last: datetime, span: timedelta) -> str:
    """That span before, written as the column writes it."""
    read = last.astimezone(moment.tzinfo or UTC)
    try:
        begin = min(moment, read if moment.tzinfo else read.replace(tzinfo=None)) - span
    except OverflowError:
        return reached.text
    if len(reached.text) <= len(date.min.isoformat()):
        return begin.date().isoformat()
    return (begin if reached.kind == "datetime" else begin.replace(tzinfo=None)).isoformat(sep=reached.text[10])
