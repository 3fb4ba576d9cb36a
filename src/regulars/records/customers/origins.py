"""The door of origins: of every field of an opened file, which source says what, since when, and why one is believed.

Told through the opener's view. Fields that view masks or coarsens are left out whole: that sources disagree about a
birthday is already a word about it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from regulars.connections.postgres.asking import Asking, Row, door, first, question, together
from regulars.records.access_log.actions import note_denial
from regulars.records.customers.access import Opened
from regulars.records.customers.alive import hold_alive
from regulars.records.customers.keys import cursor_of, open_cell, opening_keys, sealing_keys
from regulars.records.customers.saying import CLOSED, FIELDS, laid, rules_in_force, settle, spell_out
from regulars.records.customers.shown import shown_through
from regulars.rules.intake.choosing import ALL, Says, choose, fields_of, thing_of
from regulars.rules.intake.meanings import SEALED
from regulars.rules.intake.sources import USUAL_TRUST
from regulars.rules.permission.errors import Denied, NotThere

#: Fields people read; the others are worked out of them.
TOLD: Final = tuple(name for name in FIELDS if name not in ("name_sort", "home_branch_id", "jurisdiction", "timezone"))

_RECORD: Final = f"""
SELECT c.source_id, s.name, s.trust, coalesce(c.told_at, c.first_seen_on::timestamptz),
       {", ".join(f"c.{name}{'' if name in SEALED else '::text'}" for name in FIELDS)}
  FROM customer c LEFT JOIN source s ON s.id = c.source_id WHERE c.id = %s
"""  # noqa: S608  (names of our own columns)
_ROWS: Final = """
SELECT f.field, f.source_id, s.name, coalesce(s.trust, 3), coalesce(f.value, f.closed), f.cell, f.said_at,
       f.confirmed_at, f.confirmed_by, coalesce(s.ref = 'herself', false), f.because
  FROM field_said f LEFT JOIN source s ON s.id = f.source_id WHERE f.customer_id = %s
"""
_POINTS: Final = """
SELECT p.id, p.channel, p.valid, s.name, p.noted_at FROM contact_point p LEFT JOIN source s ON s.id = p.source_id
 WHERE p.customer_id = %s ORDER BY p.channel, p.noted_at, p.id
"""
_POINTS_TOLD_TOO: Final = """
SELECT p.contact_point_id, s.name, p.noted_at FROM contact_point_said p LEFT JOIN source s ON s.id = p.source_id
 WHERE p.customer_id = %s ORDER BY p.noted_at, p.source_id
"""
_OPEN: Final = tuple(name for name in TOLD if name not in SEALED and name not in CLOSED)
_NAMED: Final = ", ".join(f"('{name}', c.{name}::text)" for name in _OPEN)
_SINCE: Final = f"""
SELECT f.name, coalesce(max(greatest(s.said_at, s.confirmed_at)) FILTER (WHERE s.value = f.told), c.told_at,
                        c.first_seen_on::timestamptz),
       count(DISTINCT s.value) > 1
       AND NOT coalesce(bool_or(s.confirmed_at IS NOT NULL) FILTER (WHERE s.value = f.told), false)
  FROM customer c CROSS JOIN LATERAL (VALUES {_NAMED}) f (name, told)
  LEFT JOIN field_said s ON s.customer_id = c.id AND s.field = f.name
 WHERE c.id = %s AND f.told <> '' GROUP BY f.name, c.told_at, c.first_seen_on
"""  # noqa: S608  (names of our own columns)
_CONFIRM: Final = """
INSERT INTO field_said AS s (customer_id, field, source_id, value, closed, cell, said_at, confirmed_at, confirmed_by)
SELECT customer_id, field, %(desk)s, value, closed, cell, %(at)s, %(at)s, %(who)s FROM field_said
 WHERE customer_id = %(customer)s AND field = ANY (%(fields)s) AND source_id IS NOT DISTINCT FROM %(source)s
ON CONFLICT (customer_id, field, source_id) DO UPDATE
   SET value = excluded.value, closed = excluded.closed, cell = excluded.cell, said_at = excluded.said_at,
       confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by
RETURNING field
"""
# Where the desk confirmed otherwise before, nothing of that stays: one city's postcode beside the other city.
_GIVE_WAY: Final = """
DELETE FROM field_said
 WHERE customer_id = %(customer)s AND source_id = %(desk)s AND field = ANY (%(fields)s) AND EXISTS (
    SELECT FROM field_said d JOIN field_said s ON s.customer_id = d.customer_id AND s.field = d.field
     WHERE d.customer_id = %(customer)s AND d.source_id = %(desk)s AND d.field = ANY (%(fields)s)
       AND s.source_id IS NOT DISTINCT FROM %(source)s
       AND (s.value, s.closed, s.cell) IS DISTINCT FROM (d.value, d.closed, d.cell))
"""
_UNTELL: Final = "DELETE FROM field_said WHERE customer_id = %s AND source_id = %s AND field = ANY (%s)"
_TELL: Final = """
INSERT INTO field_said
       (customer_id, field, source_id, value, closed, cell, said_at, confirmed_at, confirmed_by, because)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
_PLACE: Final = "SELECT country, region, city, postcode FROM customer WHERE id = %s"


@dataclass(frozen=True, slots=True)
class SaidBy:
    """What one source says of a field; `source` is its name, None where nobody knows any more who said it.

    `herself`: the customer told it to whoever confirmed it, because the record said otherwise; `because` is why.
    """

    source_id: int | None
    source: str | None
    value: str
    said_at: datetime
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    herself: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """A field: what is believed of it, who says so since when, why that one, and what the others say.

    `why` is confirmed, trusted, newest, first, agree, only, fills or all (rules.intake.choosing). Where nothing is
    believed `best` is None: what is said stands in a place or name of which another is believed. Of what adds up,
    `best` is one word of several that count.
    """

    field: str
    best: SaidBy | None
    why: str
    others: tuple[SaidBy, ...]

    @property
    def is_disputed(self) -> bool:
        """Whether somebody says otherwise than what is believed; where all that is said counts, nobody does."""
        return self.why != ALL and any(self.best is None or one.value != self.best.value for one in self.others)


@dataclass(frozen=True, slots=True)
class FieldSince:
    """Since when a field of the record is known, and whether sources disagree about it and nobody has asked her."""

    field: str
    since: datetime
    disputed: bool


@dataclass(frozen=True, slots=True)
class PointOrigin:
    """A way to reach somebody, without where it leads: whether it works, and which sources told of it when, in their
    order; None for one that nobody knows any more."""

    channel: str
    works: bool
    said: tuple[tuple[str | None, datetime], ...]


@door
def fields_since(opened: Opened) -> Asking[list[FieldSince]]:
    """Of every field that the opener's view shows as it is and that says something: since when."""
    view = opened.by.view
    hidden = shown_through(view)
    rows = yield from question(view, _SINCE, [opened.id])
    return [FieldSince(*row) for row in rows if row[0] not in hidden.masked | hidden.coarse]


@door
def origins_of(opened: Opened) -> Asking[list[Origin]]:
    """Every field of which somebody says something, as the opener's view shows it, in the order of the record."""
    view = opened.by.view
    record, rows, rules = yield from together(
        question(view, _RECORD, [opened.id]), question(view, _ROWS, [opened.id]), rules_in_force.asked()
    )
    row = first(record)
    if row is None:
        return []
    hidden = shown_through(view)
    said = [one for one in _all_said(opened, row, rows) if one[0] not in hidden.masked | hidden.coarse]
    return [origin for field in TOLD if (origin := _origin(field, said, rules)) is not None]


@door
def points_from(opened: Opened) -> Asking[list[PointOrigin]]:
    """Of every way to reach her which sources told of it; where it leads is sealed, and not opened for this."""
    view = opened.by.view
    points, more = yield from together(
        question(view, _POINTS, [opened.id]), question(view, _POINTS_TOLD_TOO, [opened.id])
    )
    told: dict[int, list[tuple[str | None, datetime]]] = {}
    for point, source, at in more:
        told.setdefault(point, []).append((source, at))
    return [
        PointOrigin(channel, works, ((source, at), *told.get(point, ())))
        for point, channel, works, source, at in points
    ]


def _all_said(opened: Opened, record: Row, rows: Sequence[Row]) -> Iterator[tuple[str, int, SaidBy]]:
    """(field, trust, what is said); of fields with no rows, what the record says is its own source's."""
    sealed = any(row[5] is not None for row in rows) or any(record[4 + FIELDS.index(name)] for name in SEALED)
    key = opening_keys(opened.by.view, [opened.id]).get(opened.id) if sealed else None
    for field, source_id, source, trust, text, cell, *said in rows:
        value = text if cell is None else open_cell(key, f"customer.{field}", cell) if key else None
        if value:
            yield field, trust, SaidBy(source_id, source, value, *said)
    there = {row[0] for row in rows}
    source_id, source, trust, told_at, *values = record
    for field, held in zip(FIELDS, values, strict=True):
        text = (open_cell(key, f"customer.{field}", held) if key else None) if field in SEALED else held
        if text and field not in there:
            yield field, USUAL_TRUST if trust is None else trust, SaidBy(source_id, source, text, told_at)


def _origin(field: str, said: Sequence[tuple[str, int, SaidBy]], rules: Mapping[str, str]) -> Origin | None:
    thing = thing_of(field)
    chosen = choose(_together([one for one in said if one[0] in fields_of(thing)]), rules[thing]).get(field)
    mine = [one for name, _, one in said if name == field]
    if not mine:
        return None
    best = next((one for one in mine if chosen and one.source_id == chosen.source), None)
    others = sorted((one for one in mine if one is not best), key=lambda one: one.said_at, reverse=True)
    return Origin(field, best, chosen.why if chosen else "", tuple(others))


def _together(said: Sequence[tuple[str, int, SaidBy]]) -> list[Says]:
    """What each source says of all of these fields."""
    by_source: dict[int | None, list[tuple[str, int, SaidBy]]] = {}
    for one in said:
        by_source.setdefault(one[2].source_id, []).append(one)
    return [
        Says(
            source, {field: one.value for field, _, one in told}, told[0][1], max(one.said_at for _, _, one in told),
            max((one.confirmed_at for _, _, one in told if one.confirmed_at), default=None),
        )
        for source, told in by_source.items()
    ]  # fmt: skip


def confirm_said(opened: Opened, field: str, source_id: int | None, *, desk_id: int, at: datetime) -> None:
    """What that source says of the field, and of what is chosen with it, is confirmed by the opener: it is believed
    from now on, whatever others say or will say.

    NotThere when the source says nothing of it; Denied `field_not_shown` for what the opener's view does not show.
    """
    _demand_shown(opened, field, "confirm_said")
    fields = list(fields_of(thing_of(field)))
    values: dict[str, Any] = {
        "customer": opened.id, "fields": fields, "source": source_id, "desk": desk_id, "at": at, "who": opened.by.name,
    }  # fmt: skip
    with transaction.atomic():
        hold_alive(opened.id)
        spell_out([opened.id], fields)
        cursor_of("default").execute(_GIVE_WAY, values)
        confirmed = {name for (name,) in cursor_of("default").execute(_CONFIRM, values).fetchall()}
        if field not in confirmed:
            raise NotThere("source_says_nothing", {"field": field[:40]})
        settle({thing_of(field): {opened.id}}, by=opened.by, through="confirm_said", at=at)


def correct_said(
    opened: Opened, values: Mapping[str, str], *, herself_id: int, because: str, at: datetime
) -> dict[str, int]:
    """What the customer told the opener of one thing (field → value, cleaned) is believed from now on, whatever others
    say or will say; field → number of the row that says so, with the reason.

    Denied `field_not_shown` for a field the opener's view does not show. In the caller's transaction.
    """
    fields = list(fields_of(thing_of(next(iter(values)))))
    hold_alive(opened.id)
    spell_out([opened.id], fields)
    cursor_of("default").execute(_UNTELL, [opened.id, herself_id, fields])
    key = sealing_keys([opened.id])[opened.id] if values.keys() & set(SEALED) else None
    told = {
        field: cursor_of("default").execute(
            _TELL, [opened.id, field, herself_id, *laid(field, value, key), at, at, opened.by.name, because]
        ).fetchall()[0][0]
        for field, value in values.items()
    }  # fmt: skip
    settle({thing_of(fields[0]): {opened.id}}, by=opened.by, through="correct_said", at=at)
    return told


def take_back_said(opened: Opened, field: str, *, herself_id: int, at: datetime) -> None:
    """What she is noted to have told of the field, and of what is chosen with it, is not said any more; what others say
    counts again. NotThere when she told nothing of it; Denied as for correcting.
    """
    _demand_shown(opened, field, "take_back_said")
    thing = thing_of(field)
    with transaction.atomic():
        hold_alive(opened.id)
        if not cursor_of("default").execute(_UNTELL, [opened.id, herself_id, list(fields_of(thing))]).rowcount:
            raise NotThere("source_says_nothing", {"field": field[:40]})
        settle({thing: {opened.id}}, by=opened.by, through="take_back_said", at=at, unsaid=True)


def demand_correctable(opened: Opened, field: str) -> Mapping[str, Any]:
    """What the record believes of what is chosen with the field, for cleaning what is typed; Denied `field_not_shown`
    for what the opener's view does not show.
    """
    _demand_shown(opened, field, "correct_said")
    row = cursor_of("default").execute(_PLACE, [opened.id]).fetchone()
    return dict(zip(("country", "region", "city", "postcode"), row or (), strict=False))


def _demand_shown(opened: Opened, field: str, door: str) -> None:
    hidden = shown_through(opened.by.view)
    if field not in TOLD or field in hidden.masked | hidden.coarse:
        note_denial(opened.by, door=door, because=opened.because, customer_id=opened.id)
        raise Denied("field_not_shown", {"field": field[:40]})
