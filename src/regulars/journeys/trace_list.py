"""A list turned up somewhere: who is in it, and from which export it comes. An old list is to be used: may it still?

A list is read by whatever is left of it. Neither answer trusts the one who asks: a trace is the officer's alone, and a
re-check answers no to everything that is not certain.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings

from regulars.journeys.hand_out_people import KEY
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.access_log.readings import key_of
from regulars.records.access_log.search import who_opened
from regulars.records.company.access import today
from regulars.records.customers.known_by import ids_of_numbers, ids_of_others, still_shown
from regulars.records.disclosures.access import releases_with
from regulars.records.exports.access import (
    DecoyMet,
    ExportFacts,
    decoys_met,
    export_called,
    figures_in,
    held_somebody_erased,
    most_alike,
    places_in,
)
from regulars.records.own_attributes.of_people import own_columns
from regulars.records.watched.access import canaries_among
from regulars.rules.noticing.figures import agreeing, fits
from regulars.rules.noticing.lists import PSEUDONYM, Listed, is_heading, read_list
from regulars.rules.noticing.tracing import (
    MAY,
    POSSIBLE,
    Overlap,
    Row,
    Suspect,
    agreement,
    recheck_rows,
    suspects,
)
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

MAY_RECHECK: Final = frozenset({"officer", "marketer", "program"})
#: So many rows, spread over the list, are enough to find the exports that are worth a closer look.
SAMPLED: Final = 2_000


@dataclass(frozen=True, slots=True)
class Traced:
    """What a found list is: its rows, how many of them are about somebody here, how many canaries are among them; the
    exports it may come from, the surest first; who opened contact data of these customers one by one; and releases
    to partners that held its pseudonyms (partner, release, when, how many)."""

    rows: int
    recognised: int
    canaries: int
    suspects: Sequence[tuple[ExportFacts, Suspect]]
    openers: Sequence[tuple[str, int]]
    releases: Sequence[tuple[str, int, datetime, int]] = ()


@dataclass(frozen=True, slots=True)
class Rechecked:
    """An old list, row by row; `why` is a code where none of its rows may be used, `export` what it was taken for."""

    export: int | None
    expires_on: date | None
    why: str
    rows: Sequence[Row]

    @property
    def must_go(self) -> list[Row]:
        """The rows that may not be used any more."""
        return [row for row in self.rows if row.answer != MAY]


@dataclass(frozen=True, slots=True)
class _Known:
    """A list whose rows are recognised: whom each may mean, the leftmost cell's first, and whom of the invented."""

    rows: Sequence[Listed]
    whose: Sequence[tuple[int, ...]]
    decoys: Sequence[Sequence[DecoyMet]]

    def people(self) -> list[int]:
        return sorted(set().union(*self.whose)) if self.whose else []


def trace_list(content: bytes, *, by: Asker, because: str) -> Traced:
    """From which export a list comes, even where rows or columns are gone. For the officer; logged.

    `content` is a table or one entry a line: customer numbers, mail addresses, phone numbers or names.
    """
    if by.role != "officer":
        note_denial(by, door="trace_list", because=because)
        raise Denied("tracing_is_the_officers")
    known = _recognised(read_list(content))
    people, pseudonyms = known.people(), _pseudonyms(known)
    note_access(by, door="trace_list", because=because, rows=len(people) + len(pseudonyms))
    found = [(export_called(one.overlap.export), one) for one in _suspects(known)]
    recognised = sum(bool(who or met) for who, met in zip(known.whose, known.decoys, strict=True))
    canaries = len(canaries_among(people))
    return Traced(len(known.rows), recognised, canaries, found, who_opened(people, by=by), releases_with(pseudonyms))


def recheck_list(content: bytes, *, export: int | None = None, by: Asker, because: str) -> Rechecked:
    """For every row of an old list whether it may still be used: today, and for what the list was made for.

    Without its number the export is found as a trace finds it, and only a sure answer counts. All rows must go when
    the export is not known, was ended or has expired. Logged.

    A row without a number is known by a name, an address or a phone, which others may have: once somebody who was in
    the export is erased it may be hers, and is not certain any more.

    To all but the officer a row is known by what files hold, numbers and names: else one could find out whose a guessed
    address is. Why a row must go is told to whoever took the list: else one could count up numbers for who said no.
    """
    if by.role not in MAY_RECHECK:
        note_denial(by, door="recheck_list", because=because)
        raise Denied("recheck_not_for_this_role")
    known = _recognised(read_list(content), addresses_too=by.role == "officer")
    facts = _taken_for(known, export, by)
    state = (facts.state(today()) or _columns_state(facts)) if facts else "export_unknown"
    rows = _placed(known, facts.id) if facts else [(row.line, row.known_by, ()) for row in known.rows]
    there = _still_there(facts, known) if facts and not state else {}
    tells = by.role == "officer" or (facts is not None and facts.reader == key_of(by))
    answered = recheck_rows(rows, state, there, unsure=_unsure(facts, known), tells=tells)
    note_access(by, door="recheck_list", because=because, rows=sum(row.answer == MAY for row in answered))
    return Rechecked(facts.id if facts else None, facts.expires_on if facts else None, state, answered)


def _columns_state(facts: ExportFacts) -> str:
    """Why its own attributes forbid it; empty where its view shows each of them as it did then."""
    now = {one.what.key: one.shown for one in own_columns(facts.view)} if facts.own_columns else {}
    same = all(now.get(key) == how for key, how in facts.own_columns.items())
    return "" if same else "export_columns_changed"


def _recognised(rows: Sequence[Listed], *, addresses_too: bool = True) -> _Known:
    """Whom each row may mean; a line of headings above numbers goes, being about nobody. A line that is no heading is
    answered as any other: a pasted list may begin with somebody who has no number."""
    numbers = ids_of_numbers({number for row in rows for number in row.numbers})
    cells = {cell for row in rows if not row.numbers for cell in row.others}
    others = ids_of_others(cells, addresses_too=addresses_too)
    met = decoys_met(_unique(row.numbers for row in rows), _unique(row.others for row in rows if not row.numbers))
    whose = [_whose(row, numbers, others) for row in rows]
    decoys = [[one for one in met if one.number in row.numbers or one.name in row.others] for row in rows]
    headed = bool(rows) and not (rows[0].numbers or whose[0] or decoys[0]) and is_heading(rows[0].cells)
    first = 1 if headed and any(row.numbers for row in rows[1:]) else 0
    return _Known(rows[first:], whose[first:], decoys[first:])


def _whose(row: Listed, numbers: Mapping[str, int], others: Mapping[str, list[int]]) -> tuple[int, ...]:
    if row.numbers:
        return tuple(dict.fromkeys(numbers[number] for number in row.numbers if number in numbers))
    return tuple(dict.fromkeys(who for cell in row.others for who in others.get(cell, ())))


def _suspects(known: _Known) -> list[Suspect]:
    step = max(1, len(known.whose) // SAMPLED)
    sample = sorted(set().union(*known.whose[::step])) if known.whose else []
    named = {one.export for met in known.decoys for one in met if not _has_namesake(one, known)}
    compared = sorted({*most_alike(sample), *named})
    told = fits([_shares(known, export) for export in compared])
    return suspects([_overlap(known, export, fit) for export, fit in zip(compared, told, strict=True)])


def _has_namesake(decoy: DecoyMet, known: _Known) -> bool:
    """Met by her name alone, while somebody real in the list bears it too."""
    rows = [n for n, met in enumerate(known.decoys) if decoy in met]
    return all(decoy.number not in known.rows[n].numbers and bool(known.whose[n]) for n in rows)


def _shares(known: _Known, export: int) -> list[float]:
    """For each figure of that export the share of the list's rows that say it as it did; nothing where it said none."""
    marks, key = figures_in(export, known.people()), settings.KEYS.read(KEY)
    rows = [(who[0], row.cells) for row, who in zip(known.rows, known.whose, strict=True) if who and who[0] in marks]
    told = [agreeing(key, who, cells, marks[who]) for who, cells in rows[:: max(1, len(rows) // SAMPLED)]]
    return [sum(column) / len(told) for column in zip(*told, strict=True)]


def _overlap(known: _Known, export: int, fit: float | None) -> Overlap:
    placed = _placed(known, export)
    places = [some[0] for _, _, some in placed if some]
    by_name = [
        not any(one.number in row.numbers for one in met if one.export == export)
        for row, who, met in zip(known.rows, known.whose, known.decoys, strict=True)
        if not who and any(one.export == export for one in met)
    ]
    pairs, in_order = agreement(list(dict.fromkeys(places)))
    return Overlap(export, len(placed), len(places) - len(by_name), pairs, in_order, len(by_name), sum(by_name), fit)


def _placed(known: _Known, export: int) -> list[tuple[int, str, Sequence[int]]]:
    """For every row its line, what it is known by, and the places it may have had in that export: of namesakes all."""
    places = places_in(export, known.people())
    return [
        (row.line, row.known_by, _places(who, met, places, export))
        for row, who, met in zip(known.rows, known.whose, known.decoys, strict=True)
    ]


def _places(who: Sequence[int], met: Sequence[DecoyMet], places: Mapping[int, int], export: int) -> Sequence[int]:
    real = [places[one] for one in who if one in places]
    return real or [one.place for one in met if one.export == export]


def _taken_for(known: _Known, export: int | None, by: Asker) -> ExportFacts | None:
    """The export it is re-checked as: that of the number, else the one a trace is sure of; through one's own view."""
    if export is None:
        sure = [one.overlap.export for one in _suspects(known) if one.verdict != POSSIBLE]
        export = sure[0] if len(sure) == 1 else None
    facts = export_called(export) if export is not None else None
    return facts if facts and (by.role == "officer" or facts.view == by.view) else None


def _still_there(facts: ExportFacts, known: _Known) -> dict[int, bool]:
    """Place → whether the view the list was made through shows her now. A decoy's row is answered like any other."""
    places = places_in(facts.id, known.people())
    shown = still_shown(list(places), facts.view)
    there = {place: who in shown for who, place in places.items()}
    return there | {one.place: True for met in known.decoys for one in met if one.export == facts.id}


def _unsure(facts: ExportFacts | None, known: _Known) -> set[int]:
    """Lines that may be about whoever was in the export and is erased, for somebody else is called or reached so."""
    if facts is None or not held_somebody_erased(facts.id):
        return set()
    return {row.line for row in known.rows if not row.numbers}


def _pseudonyms(known: _Known) -> list[str]:
    return sorted({cell for row in known.rows for cell in row.others if PSEUDONYM.match(cell)})


def _unique(cells: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(cell for row in cells for cell in row))
