"""Counts of a night as shares: complete of all people; valid, fresh, disputed and confirmed of what is there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from regulars.rules.quality.fields import DOUBLED


@dataclass(frozen=True, slots=True)
class Counted:
    """What one night counted of one field of the people one source brought (None: nobody's source).

    Of the field `doubled`, `filled` is how many records seem to be about somebody who has another.
    """

    on: date
    source_id: int | None
    field: str
    people: int
    filled: int
    valid: int
    fresh: int
    disputed: int = 0
    confirmed: int = 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """What one night counted of a source whose word on a field stands beside another that says otherwise: of how many
    people, and of how many of them the record shows another's word (None: nobody knows any more whose word it is).
    """

    on: date
    source_id: int | None
    field: str
    said: int
    against: int


@dataclass(frozen=True, slots=True)
class Shares:
    """Parts of one; None where there is nothing to be a part of."""

    complete: float | None
    valid: float | None
    fresh: float | None
    disputed: float | None
    confirmed: float | None


def shares_of(one: Counted) -> Shares:
    """The shares of one count.

    >>> shares_of(Counted(date(2026, 3, 12), None, "city", 10, 8, 6, 4, 2, 1))
    Shares(complete=0.8, valid=0.75, fresh=0.5, disputed=0.25, confirmed=0.125)
    >>> shares_of(Counted(date(2026, 3, 12), None, "phone", 10, 0, 0, 0)).valid is None
    True
    """
    of_filled = (_part(part, one.filled) for part in (one.valid, one.fresh, one.disputed, one.confirmed))
    return Shares(_part(one.filled, one.people), *of_filled)


def together(counts: Iterable[Counted]) -> list[Counted]:
    """The counts of all sources as one, by day and field in the order they come."""
    found: dict[tuple[date, str], Counted] = {}
    for one in counts:
        before = found.get((one.on, one.field), Counted(one.on, None, one.field, 0, 0, 0, 0))
        found[one.on, one.field] = Counted(
            one.on, None, one.field, before.people + one.people, before.filled + one.filled, before.valid + one.valid,
            before.fresh + one.fresh, before.disputed + one.disputed, before.confirmed + one.confirmed,
        )  # fmt: skip
    return list(found.values())


def doubled_share(counts: Iterable[Counted]) -> float | None:
    """The share of records that seem to be about somebody who has another, over these counts."""
    doubled = [one for one in counts if one.field == DOUBLED]
    return _part(sum(one.filled for one in doubled), sum(one.people for one in doubled))


def _part(part: int, whole: int) -> float | None:
    return part / whole if whole else None
