"""Two records become one, and with them what sources say of both: whose word each is stays known.

What only the records say is spelled out first, so that a value the survivor takes over is told as its source's, with
its date. Undone, rows that were made for the merge go again, and those that gave way are back.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from regulars.records.customers.keys import cursor_of, open_cell, sealing_keys
from regulars.records.customers.saying import FIELDS, laid, said_now, settle, spell_out
from regulars.rules.intake.choosing import fields_of, thing_of
from regulars.rules.intake.meanings import SEALED
from regulars.rules.permission.asking import Asker

_ROWS: Final = """
SELECT id, customer_id, field, source_id, coalesce(value, closed), cell, said_at, confirmed_at, confirmed_by,
       because
  FROM field_said WHERE customer_id = ANY (%s) ORDER BY id
"""
_SOURCES: Final = "SELECT id, source_id FROM customer WHERE id = ANY (%s)"
_CONFIRM: Final = "UPDATE field_said SET confirmed_at = %s, confirmed_by = %s WHERE id = ANY (%s)"
_UNCONFIRM: Final = """
UPDATE field_said f SET confirmed_at = n.at, confirmed_by = n.who
  FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) n (id, at, who)
 WHERE f.id = n.id AND f.confirmed_at = %s
"""
# A word that was spelled out for the merge goes with it, as long as the record says it: unless another source still
# speaks of the field, or somebody who is one of them still and whose word has no room beside it.
_UNSPELL: Final = f"""
DELETE FROM field_said f USING unnest(%(ids)s::bigint[], %(at)s::timestamptz[]) n (id, at), customer c
 WHERE f.id = n.id AND f.said_at = n.at AND f.confirmed_at IS NULL AND c.id = f.customer_id
   AND (f.cell IS NOT NULL OR EXISTS (SELECT FROM {said_now("c")} r (name, text, cell)
                                       WHERE r.name = f.field AND r.text = coalesce(f.value, f.closed)))
   AND NOT EXISTS (SELECT FROM field_said o WHERE o.field = f.field AND o.id <> ALL (%(ids)s)
                      AND (o.customer_id = f.customer_id OR o.customer_id IN (
                          SELECT goes_id FROM merge m WHERE m.into_id = f.customer_id AND m.undone_at IS NULL
                             AND m.goes_id <> ALL (%(two)s))))
"""  # noqa: S608  (names of our own columns)
_BACK: Final = """
INSERT INTO field_said (id, customer_id, field, source_id, value, closed, cell, said_at, confirmed_at, confirmed_by,
       because)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
# What was said since, and what the record shows otherwise since: told again without news, taken back, a source trusted
# less. What other merges did to it does not count.
_CHANGED: Final = """
SELECT field FROM field_said WHERE customer_id = ANY (%(two)s) AND said_at > %(since)s
UNION
SELECT field FROM customer_change
 WHERE customer_id = %(into)s AND at > %(since)s AND door NOT IN ('merge', 'unmerge') AND field = ANY (%(fields)s)
"""
_SPOKEN_OF: Final = "SELECT DISTINCT field FROM field_said WHERE customer_id = %s"
_LEFT: Final = "SELECT id FROM field_said WHERE id = ANY (%s)"

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sayings:
    """What a merge did to what sources say, as plain values: rows spelled out (id, date), rows of the survivor that
    gave way (whole, in clear), and rows a person's choice confirmed (id, when and by whom they were before). `anew` are
    things that were settled while it stood though nobody spoke of them: undone, they are settled again.
    """

    spelled: tuple[list[Any], ...] = ()
    gave_way: tuple[list[Any], ...] = ()
    confirmed: tuple[list[Any], ...] = ()
    anew: tuple[str, ...] = ()


@dataclass(slots=True)
class _Two:
    """The one who stays and the one who goes: what each record says, and its rows by field."""

    into: int
    goes: int
    columns: Mapping[int, Columns]
    sources: dict[int, int | None] = field(default_factory=dict)
    rows: dict[tuple[int, str], list[tuple[Any, ...]]] = field(default_factory=dict)

    def says(self, who: int, name: str) -> bool:
        return self.columns[who][name] not in (None, "", "none")


def put_together(
    into: int, goes: int, columns: Mapping[int, Columns], taken: Collection[str], chosen: Collection[str],
    *, by: Asker, at: datetime,
) -> Sayings:  # fmt: skip
    """What both records say by themselves is spelled out wherever two sources come to speak of one field, or one gives
    way to the other; of what is `taken` from who goes, her source's row stands where the survivor has one of that
    source. `chosen` are columns on which a person decided: the row that says what stands is confirmed by her.

    Before rows change hands, in the caller's transaction. `columns` are both records in clear, before the merge.
    """
    two = _read(_Two(into, goes, columns))
    known = {row[0] for rows in two.rows.values() for row in rows}
    spell_out([goes], [name for name in FIELDS if two.says(goes, name)])
    two = _read(two)
    spell_out([into], [name for name in FIELDS if (goes, name) in two.rows or name in taken])
    two = _read(two)
    gave_way = tuple(row for name in FIELDS if name in taken for row in _give_way(two, name))
    confirmed = _confirm(two, chosen, taken, by, at)
    spelled = (row for rows in two.rows.values() for row in rows if row[0] not in known)
    return Sayings(tuple([row[0], row[6].isoformat()] for row in spelled), gave_way, confirmed)


def rows_back(
    two: tuple[int, int], sayings: Sayings, went: Collection[int], later: Sequence[tuple[datetime, Sayings]],
    *, since: datetime,
) -> tuple[Sayings, ...]:  # fmt: skip
    """Rows that gave way in the merge are there again, once those that went are back with whose they are.

    `two` are who stayed and who went, `went` the numbers of the rows that went over, `later` what merges into the same
    one did since, and when. As they are to be kept now comes back: what a later one holds still, it gives back when it
    is undone; of rows that went it holds nothing any more.
    """
    into, goes = two
    rest = [replace(one, gave_way=tuple(_unconfirmed(row, sayings, since) for row in one.gave_way)) for _, one in later]
    for row in sayings.gave_way:
        rest = _put_back_or_down(into, row, went, rest)
    for row in (row for one in rest for row in one.gave_way if row[0] in went):
        _put_back(goes, row)
    for at, one in reversed(later):
        _confirmed_as_before([row for row in one.confirmed if row[0] in went], at)
    before = {row[0]: row for row in sayings.confirmed}
    for place, one in enumerate(rest):
        gave_way = tuple(row for row in one.gave_way if row[0] not in went)
        confirmed = tuple(before.pop(row[0], row) for row in one.confirmed if row[0] not in went)
        rest[place] = replace(one, gave_way=gave_way, confirmed=confirmed)
    _confirmed_as_before(before.values(), since)
    return tuple(rest)


def take_apart(
    two: tuple[int, int], sayings: Sayings, later: Sequence[Sayings], *, since: datetime, by: Asker, at: datetime
) -> Sayings:
    """Of what was said since the merge each of the two records shows what is believed of her own sources' words; and
    what was only spelled out for the merge is told by the record alone again, but for rows beside which another source
    speaks. What other merges are to hold now: the words that are left, the things that were settled.
    """
    cursor = cursor_of("default")
    asked = {"two": list(two), "into": two[0], "since": since, "fields": list(FIELDS)}
    said = {thing_of(name) for (name,) in cursor.execute(_CHANGED, asked).fetchall()}
    things = frozenset({*said, *sayings.anew})
    _settle_each(two, things, by, at)
    ids, dates = [one[0] for one in sayings.spelled], [one[1] for one in sayings.spelled]
    cursor.execute(_UNSPELL, {"ids": ids, "at": dates, "two": list(two)})
    left = {row[0] for row in cursor.execute(_LEFT, [ids]).fetchall()}
    left |= {row[0] for one in later for row in one.gave_way}
    return Sayings(tuple(one for one in sayings.spelled if one[0] in left), anew=tuple(sorted(things)))


def _spoken_of(who: int) -> frozenset[str]:
    """Fields of which her sources speak by rows."""
    return frozenset(name for (name,) in cursor_of("default").execute(_SPOKEN_OF, [who]).fetchall())


def _settle_each(two: tuple[int, int], things: Collection[str], by: Asker, at: datetime) -> None:
    """Where the one who went has a word, all that the other has stands in rows too: without any, she says nothing."""
    into, goes = two
    fields = {name for thing in things for name in fields_of(thing)}
    spell_out([into], sorted(fields - _spoken_of(goes)))
    spell_out([goes], sorted(fields))
    settle({thing: set(two) for thing in things}, by=by, through="unmerge", at=at, unsaid=True, stays=())


def _read(two: _Two) -> _Two:
    cursor = cursor_of("default")
    both = [two.into, two.goes]
    two.sources = dict(cursor.execute(_SOURCES, [both]).fetchall())
    two.rows = {}
    for row in cursor.execute(_ROWS, [both]).fetchall():
        two.rows.setdefault((row[1], row[2]), []).append(row)
    return two


def _word(two: _Two, who: int, name: str) -> Sequence[Any] | None:
    """The row that says just what the record shows."""
    rows = two.rows.get((who, name), ()) if two.says(who, name) else ()
    key = sealing_keys([who])[who] if name in SEALED and rows else None
    return next((row for row in rows if _text(row, key, name) == str(two.columns[who][name])), None)


def _give_way(two: _Two, name: str) -> Iterator[list[Any]]:
    """The survivor's row of the source whose word is taken from the other, if any, taken out and told whole."""
    word = _word(two, two.goes, name)
    for row in two.rows.get((two.into, name), ()):
        if word and row[3] == word[3]:
            key = sealing_keys([two.into])[two.into] if row[5] is not None else None
            cursor_of("default").execute("DELETE FROM field_said WHERE id = %s", [row[0]])
            yield [row[0], name, row[3], _text(row, key, name), row[6].isoformat(), _told(row[7]), row[8], row[9]]


def _put_back_or_down(into: int, row: list[Any], went: Collection[int], later: list[Sayings]) -> list[Sayings]:
    """The row is there again; or, where a later merge put another of its source in that one's place, is held by it."""
    for place, one in enumerate(later):
        if any(held[0] in went and held[1:3] == row[1:3] for held in one.gave_way):
            return [*later[:place], replace(one, gave_way=(*one.gave_way, row)), *later[place + 1 :]]
    _put_back(into, row)
    return later


def _unconfirmed(row: list[Any], sayings: Sayings, since: datetime) -> list[Any]:
    """A row that is held elsewhere, confirmed no more where that merge had confirmed it."""
    before = {number: [at, who] for number, at, who in sayings.confirmed}
    return [*row[:5], *before[row[0]], *row[7:]] if row[0] in before and row[5] == since.isoformat() else row


def _confirmed_as_before(rows: Iterable[list[Any]], since: datetime) -> None:
    """Rows that were confirmed then are as they were before."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    cursor_of("default").execute(_UNCONFIRM, [*columns, since])


def _put_back(who: int, row: Sequence[Any]) -> None:
    number, name, source, text, said_at, *confirmed = row
    key = sealing_keys([who])[who] if name in SEALED else None
    cursor_of("default").execute(_BACK, [number, who, name, source, *laid(name, text, key), said_at, *confirmed])


def _confirm(
    two: _Two, chosen: Collection[str], taken: Collection[str], by: Asker, at: datetime
) -> tuple[list[Any], ...]:
    """Rows that say what a person chose are confirmed by her, so that no later word of a source moves it by itself."""
    sides = ((two.goes if name in taken else two.into, name) for name in FIELDS if name in chosen)
    found = [row for who, name in sides if (row := _word(two, who, name))]
    cursor_of("default").execute(_CONFIRM, [at, by.name, [row[0] for row in found]])
    return tuple([row[0], _told(row[7]), row[8]] for row in found)


def _told(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _text(row: Sequence[Any], key: Any, name: str) -> str | None:
    return row[4] if row[5] is None else open_cell(key, f"customer.{name}", row[5])
