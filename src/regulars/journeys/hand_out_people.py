"""A list of people leaves the house: on record before it does, until a day, and marked so that it can be traced.

A file's rows stand in an order no other file has, with a few invented people among them. A list that a program reads
page by page is one export a day, in an order of its own, without anybody invented: a program would count them. A work
list keeps its order, the most urgent first; it is on record, and its order proves nothing.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from regulars.journeys.canaries import met_in_export
from regulars.records.company.access import company, today
from regulars.records.customers.alive import held_alive
from regulars.records.customers.known_by import ids_of_numbers
from regulars.records.exports.access import export_rule
from regulars.records.exports.actions import Decoy, NewExport, free_numbers, open_export, put_decoys, put_people
from regulars.records.own_attributes.of_people import OwnColumn, columns_called, own_values_of
from regulars.records.scores.access import ScoredLine, people_where
from regulars.rules.intake.money import digits_of
from regulars.rules.noticing.figures import marks_of
from regulars.rules.noticing.watermarks import between, decoy_places, how_many_decoys, invented_name, marked_order
from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.own_attributes import OwnAttribute

KEY: Final = "exports"
NOBODY: Final = 0
GAP: Final = 2  # between places whose order is not marked


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A list that may leave: the number of its export, its rows in the order to be kept, until when it may be used, and
    the own attributes it has as columns."""

    export: int
    lines: Sequence[ScoredLine]
    expires_on: date
    own: Sequence[OwnAttribute] = ()


@dataclass(frozen=True, slots=True)
class ListedPeople:
    """A page of a list: how many match in all, its rows in the order to be kept, the number of the export they belong
    to (None where nobody was handed out), and the own attributes it has as columns."""

    total: int
    lines: Sequence[ScoredLine]
    export: int | None
    own: Sequence[OwnAttribute] = ()


def people_file(
    *, by: Asker, because: str, content: str, at: datetime, own: Iterable[str] = (), **asked: Any
) -> HandedOut:
    """Scored people for a file, as far as the asker's view shows them (see `people_where`), on record and marked; `own`
    are keys of own attributes that are columns too (BadInput where one is not to be had).

    Nobody who is invented here counts anywhere else, and her number is nobody's.
    """
    columns = columns_called(own, by=by)
    _visible, scored = people_where(by=by, because=because, **asked)
    told = _with_own(scored, columns, by, because)
    rule, expires = export_rule(), _expires()
    with transaction.atomic():
        found = _still_there(told)
        new = NewExport("people_file", because, content, expires, own_columns=_shown(columns))
        export = open_export(new, by=by, at=at)
        lines = _marked(_with_decoys(found, export) if rule.decoys else found, export)
        real = [(n, one) for n, one in enumerate(lines) if one.customer_id != NOBODY]
        put_people(export, [(one.customer_id, n) for n, one in real], _figures(one for _, one in real))
        put_decoys(export, [_decoy(one, n) for n, one in enumerate(lines) if one.customer_id == NOBODY])
    met_in_export((one.customer_id for one in found), export, by=by, because=because)
    return HandedOut(export, lines, expires, [one.what for one in columns])


def people_listed(
    *, by: Asker, because: str, door: str, at: datetime, offset: int = 0, own: Iterable[str] = (), **asked: Any
) -> ListedPeople:
    """How many scored people match and a page of them, marked by its order; `own` as in `people_file`."""
    columns = columns_called(own, by=by)
    what = [one.what for one in columns]
    total, found = people_where(by=by, because=because, offset=offset, **asked)
    if not found:
        return ListedPeople(total, found, None, what)
    told = _with_own(found, columns, by, because)
    with transaction.atomic():
        export = _list_of_today(by, door, because, at, columns)
        lines = _marked(_still_there(told), export, first=offset)
        put_people(export, [(one.customer_id, offset + n) for n, one in enumerate(lines)], _figures(lines))
    met_in_export((one.customer_id for one in lines), export, by=by, because=because)
    return ListedPeople(total, lines, export, what)


def note_listed(numbers: Iterable[str], *, by: Asker, because: str, door: str, at: datetime, offset: int = 0) -> None:
    """These customers, read in this order, are in an export from now on; none is made where there is nobody.

    Their order is the list's own, and another reader's is the same: so their places leave gaps, and no two of them are
    the neighbours by which a trace tells one export's order from another's.
    """
    wanted = list(numbers)
    if not wanted:
        return
    known = ids_of_numbers(wanted)
    with transaction.atomic():
        export = _list_of_today(by, door, because, at)
        alive, places = held_alive(known.values()), enumerate(wanted, start=offset)
        put_people(export, [(known[one], GAP * place) for place, one in places if known.get(one) in alive])
    met_in_export(alive, export, by=by, because=because)


def _list_of_today(by: Asker, door: str, because: str, at: datetime, columns: Sequence[OwnColumn] = ()) -> int:
    """The list of the day is one for each set of columns: what left is known column by column."""
    own = [f"{key}={how}" for key, how in sorted(_shown(columns).items())]
    named = "|".join((by.name, str(by.staff_id), by.role, by.view, door, because, today().isoformat(), *own))
    digest = hashlib.sha256(named.encode()).hexdigest()
    return open_export(NewExport(door, because, because, _expires(), digest, _shown(columns)), by=by, at=at)


def _shown(columns: Sequence[OwnColumn]) -> dict[str, str]:
    return {one.what.key: one.shown for one in columns}


def _with_own(
    lines: Sequence[ScoredLine], columns: Sequence[OwnColumn], by: Asker, because: str
) -> Sequence[ScoredLine]:
    told = own_values_of([one.customer_id for one in lines], columns, by=by, because=because)
    return [replace(one, own=told.get(one.customer_id, {})) for one in lines] if columns else lines


def _still_there(lines: Sequence[ScoredLine]) -> list[ScoredLine]:
    """Without whoever was erased since the list was read; the others are held until the list is on record."""
    alive = held_alive(one.customer_id for one in lines)
    return [one for one in lines if one.customer_id in alive]


def _figures(lines: Iterable[ScoredLine]) -> list[bytes]:
    """The marks of what the list says of each in figures: days, purchases, money as files say it, the day due."""
    key, scale = settings.KEYS.read(KEY), Decimal(10) ** digits_of(company().currency)
    return [
        marks_of(
            key, one.customer_id,
            (one.recency_days, one.frequency, Decimal(one.monetary_minor) / scale, one.due_on),
        )
        for one in lines
    ]  # fmt: skip


def _marked(lines: Sequence[ScoredLine], export: int, first: int = 0) -> list[ScoredLine]:
    return [lines[row] for row in marked_order(len(lines), settings.KEYS.read(KEY), export, first)]


def _with_decoys(lines: Sequence[ScoredLine], export: int) -> list[ScoredLine]:
    """The rows with invented people among them, each with the figures of the row beside her.

    Her money lies between that row's and the one before: the same twice would give her away. Own attributes are those
    of a row elsewhere.
    """
    count = how_many_decoys(len(lines))
    if not count:
        return list(lines)
    key, names, numbers = settings.KEYS.read(KEY), [one.name for one in lines], free_numbers(count)
    before = dict(zip(decoy_places(count, len(lines), key, export), range(count), strict=True))
    mixed: list[ScoredLine] = []
    for row, line in enumerate(lines):
        if (n := before.get(row)) is not None:
            name, above = invented_name(names, key, export, n), lines[max(0, row - 1)]
            money, own = between(line.monetary_minor, above.monetary_minor), lines[row // 2].own
            mixed.append(replace(line, customer_id=NOBODY, number=numbers[n], name=name, monetary_minor=money, own=own))
        mixed.append(line)
    return mixed


def _decoy(line: ScoredLine, place: int) -> Decoy:
    return Decoy(place, line.number, line.name, line.city)


def _expires() -> date:
    return today() + timedelta(days=export_rule().days)
