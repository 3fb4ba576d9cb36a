"""Two records become one: which of two values stands, told in a rule one can read.

For each field, in this order: who says something goes before who says nothing; what the customer confirmed herself goes
before what was only noted; the more trusted source before the less; the newer before the older; and where nothing tells
them apart, what the surviving record says stays. Fields that only make sense together, such as the parts of a name, are
one field here. A person may choose otherwise, field by field.

Four fields are not chosen but put together, and no choice moves them: who has bought anything is a customer, she is
first seen when either was, what either cannot bear she cannot bear, and while by one of two birth dates she is a child,
she is one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from regulars.rules.intake.choosing import ADDS_UP, all_told
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.youth import youth_of

Side = Literal["into", "from"]
Because = Literal["same", "only", "confirmed", "trusted", "newest", "stays", "chosen", "together", "child"]
Columns = Mapping[str, Any]

#: Field → its columns. They win or give way together.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "given_name", "family_name", "name_sort"),
    "honorific": ("honorific",),
    "sex": ("sex",),
    "birth_on": ("birth_on",),
    "language": ("language",),
    "address": ("city", "region", "postcode", "country", "timezone", "jurisdiction"),
    "home_branch": ("home_branch_id",),
    "household_size": ("household_size",),
    "marital_status": ("marital_status",),
    "income_band": ("income_band",),
    "potential_index": ("potential_index",),
    "product_knowledge": ("product_knowledge",),
    "id_document": ("id_document",),
    "preferred_channel": ("preferred_channel",),
    "quiet_hours": ("quiet_from", "quiet_until"),
}
#: Put together, whatever anybody chooses.
TOGETHER: Final = ("stage", "first_seen_on", "allergies")
#: A place nobody has told is no address: these columns alone do not say one.
_ALONE_NOTHING: Final = frozenset({"jurisdiction", "timezone"})


@dataclass(frozen=True, slots=True)
class Origin:
    """How a field came to be what it is: when, how trusted its source is, and whether she confirmed it herself."""

    at: datetime
    trust: int = 0
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A record with where its fields come from, by field."""

    columns: Columns
    origins: Mapping[str, Origin]


@dataclass(frozen=True, slots=True)
class Winner:
    """Which side's value of a field stands, and why."""

    field: str
    side: Side
    because: Because


@dataclass(frozen=True, slots=True)
class Merged:
    """What the surviving record says afterwards, and for each field on which the two differ whose word it is."""

    columns: Mapping[str, Any]
    winners: tuple[Winner, ...]


def merged(into: Known, other: Known, *, on: date, chosen: Mapping[str, Side] | None = None) -> Merged:
    """The record that survives and the one that goes, as one; `chosen` is what a person decided, by field.

    BadInput for a choice of no such field.
    """
    chosen = chosen or {}
    if unknown := sorted(set(chosen) - set(FIELDS)):
        raise BadInput("merge_field_unknown", {"field": unknown[0][:40], "known": ", ".join(FIELDS)})
    winners = tuple(one for name in FIELDS if (one := _winner(name, into, other, chosen)).because != "same")
    winners = tuple(_while_a_child(one, into, other, on) for one in winners)
    columns = {
        column: other.columns[column]
        for one in winners if one.side == "from" for column in FIELDS[one.field]
    }  # fmt: skip
    return Merged({**into.columns, **columns, **_together(into.columns, other.columns)}, winners)


def winner(field_name: str, into: Known, other: Known) -> Winner:
    """Which of the two values stands when nobody decides otherwise.

    >>> from datetime import UTC
    >>> may, june = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    >>> old, new = Known({"sex": "female"}, {"sex": Origin(may)}), Known({"sex": "male"}, {"sex": Origin(june)})
    >>> winner("sex", old, new)
    Winner(field='sex', side='from', because='newest')
    >>> winner("sex", Known({"sex": "female"}, {"sex": Origin(may, confirmed=True)}), new).because
    'confirmed'
    """
    mine, theirs = _said(field_name, into.columns), _said(field_name, other.columns)
    if mine == theirs:
        return Winner(field_name, "into", "same")
    if mine is None or theirs is None:
        return Winner(field_name, "from" if mine is None else "into", "only")
    one, two = into.origins[field_name], other.origins[field_name]
    for because, left, right in (
        ("confirmed", one.confirmed, two.confirmed), ("trusted", one.trust, two.trust), ("newest", one.at, two.at),
    ):  # fmt: skip
        if left != right:
            return Winner(field_name, "into" if left > right else "from", because)  # type: ignore[operator, arg-type]
    return Winner(field_name, "into", "stays")


def alone_said(into: Known, other: Known, *, but: Collection[str]) -> dict[str, Any]:
    """Columns of those fields of which only the other says anything, but for fields with any of those columns.

    >>> nothing = {column: "" for columns in FIELDS.values() for column in columns}
    >>> alone_said(Known(nothing, {}), Known({**nothing, "sex": "female"}, {}), but=())
    {'sex': 'female'}
    """
    silent = [name for name in FIELDS if _said(name, into.columns) is None and not set(FIELDS[name]) & set(but)]
    fields = (FIELDS[name] for name in silent if _said(name, other.columns) is not None)
    return {column: other.columns[column] for columns in fields for column in columns}


def _winner(name: str, into: Known, other: Known, chosen: Mapping[str, Side]) -> Winner:
    ruled = winner(name, into, other)
    return ruled if ruled.because == "same" or name not in chosen else Winner(name, chosen[name], "chosen")


def _while_a_child(one: Winner, into: Known, other: Known, on: date) -> Winner:
    """The younger birth date stands, whoever chose the other, as long as it makes her a child where she lives."""
    if one.field != "birth_on" or one.because == "only":
        return one
    sides: tuple[tuple[Side, Columns], ...] = (("into", into.columns), ("from", other.columns))
    side, columns = max((told for told in sides if told[1]["birth_on"]), key=lambda told: told[1]["birth_on"])
    youth = youth_of(columns["jurisdiction"], columns["country"], columns["birth_on"], on=on)
    return Winner("birth_on", side, "child") if youth.presumes_nothing or youth.needs_guardian else one


def _together(one: Columns, other: Columns) -> dict[str, Any]:
    return {
        "stage": "customer" if "customer" in (one["stage"], other["stage"]) else one["stage"],
        "first_seen_on": min(one["first_seen_on"], other["first_seen_on"]),
        "allergies": all_told([one["allergies"], other["allergies"]]),
    }


def _said(name: str, columns: Columns) -> tuple[Any, ...] | None:
    """What a record says under a field; None when that is nothing."""
    told = tuple(columns[column] for column in FIELDS[name])
    speaks = (value for column, value in zip(FIELDS[name], told, strict=True) if column not in _ALONE_NOTHING)
    return told if any(value not in (None, "") for value in speaks) else None


Changes = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Undone:
    """What the surviving record says again, what stays as it was changed since, and what later merges now hold of it:
    for each of them, column → old and new value.
    """

    columns: Mapping[str, Any]
    stays: tuple[str, ...]
    later: tuple[Changes, ...]


def undone(changed: Changes, now: Columns, later: Sequence[Changes], parts: Sequence[Columns] = ()) -> Undone:
    """A merge is taken out of what a record says: `changed` is what it changed, `later` what those after it did.

    Where a later merge changed the value on, that one now begins from the older value; where nobody did, the older
    value comes back; and where a person or a file changed it since, that stands. Of what adds up, what the `parts` say
    who came with the later ones is still said.

    >>> undone({"sex": ("", "female")}, {"sex": "female"}, ()).columns
    {'sex': ''}
    >>> undone({"sex": ("", "female")}, {"sex": "male"}, ({"sex": ("female", "male")},)).later
    ({'sex': ('', 'male')},)
    >>> undone({"sex": ("", "female")}, {"sex": "male"}, ()).stays
    ('sex',)
    >>> undone({"allergies": ("a", "a; b")}, {"allergies": "a; b"}, ({},), ({"allergies": "b"},)).later
    ({'allergies': ('a', 'a; b')},)
    """
    columns, stays, rest = {}, [], [dict(one) for one in later]
    for name, (old, new) in changed.items():
        if name in ADDS_UP and now[name] == _last(name, new, rest):
            columns[name] = _added_up(name, old, rest, parts)
            continue
        after = next((one for one in rest if name in one and one[name][0] == new), None)
        if after is not None:
            after[name] = (old, after[name][1])
        elif now[name] == new:
            columns[name] = old
        else:
            stays.append(name)
    return Undone(columns, tuple(stays), tuple(rest))


def _last(name: str, new: Any, later: Sequence[Changes]) -> Any:
    """What the last of the merges made of it."""
    return next((one[name][1] for one in reversed(later) if name in one), new)


def _added_up(name: str, old: Any, later: Sequence[dict[str, tuple[Any, Any]]], parts: Sequence[Columns]) -> Any:
    """What stands when each of the parts adds what it says to the older value; the later merges then hold that."""
    for one, part in zip(later, parts, strict=True):
        both = all_told([old, part[name]]) if part[name] else old
        one.pop(name, None)
        if both != old:
            one[name] = (old, both)
        old = both
    return old
