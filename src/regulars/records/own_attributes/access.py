"""The reading door of own attributes: what they are, and what is known of a customer whose file is open.

A view that does not show an attribute hands out no row for it; so what is masked is told from the attribute's own
class, never from a missing value (decision 0006).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from regulars.connections.postgres.asking import WRITER, Asking, Question, Row, ask, door
from regulars.records.access_log.actions import note_access
from regulars.records.customers.access import Opened
from regulars.records.customers.keys import open_cell, opening_keys
from regulars.records.customers.origins import Origin, SaidBy
from regulars.records.own_attributes.saying import Word, chosen_of, plain_in
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere
from regulars.rules.privacy.own_attributes import Choice, OwnAttribute, shown_in
from regulars.rules.privacy.own_values import Held, plain_of

_WHAT: Final = """
SELECT id, key, kind, label, label_zh, choices, data_class, category, purposes, coarse, coarser, keep, retired_at
  FROM own_attribute
"""
_CLASSED: Final = f"{_WHAT} WHERE retired_at IS NULL AND data_class <> '' ORDER BY key"
_VALUES: Final = "SELECT attribute_id, text, amount, day, yes, sealed, noted_at FROM own_value WHERE customer_id = %s"
_SHOWN_WHOLE: Final = "SELECT attribute_id FROM own_shown WHERE view = %s AND shape = 'keep'"
_SOURCE_NAMES: Final = "SELECT id, name, trust, ref = 'herself' FROM source"
_BELIEVED: Final = """
SELECT attribute_id, source_id, text, amount, day, yes, sealed, noted_at, NULL::timestamptz, '', '' FROM own_value
 WHERE customer_id = %s
"""
_SAID: Final = """
SELECT attribute_id, source_id, text, amount, day, yes, sealed, said_at, confirmed_at, confirmed_by, because
  FROM own_value_said WHERE customer_id = %s
"""
_COUNTED: Final = """
SELECT a.key, count(v.id) FROM own_attribute a LEFT JOIN own_value v ON v.attribute_id = a.id GROUP BY a.key
"""


@dataclass(frozen=True, slots=True)
class Known:
    """An attribute of the house, with its number; `retired_at` is None while it is in use."""

    id: int
    what: OwnAttribute
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnFact:
    """What a file says under one attribute, in its plain form; None where nothing is known or where it is masked.

    `shown` is how the asker's view shows it: keep, a coarsening, or gone.
    """

    what: OwnAttribute
    plain: str | None
    shown: str
    noted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnOrigin:
    """Where the value under an attribute comes from, in the shape of the record's own fields: `own.` before its key,
    values in their plain form."""

    what: OwnAttribute
    origin: Origin


@dataclass(frozen=True, slots=True)
class _Source:
    """What a source is called, how far it is trusted, and whether it is the customer herself."""

    name: str | None
    trust: int
    herself: bool


def own_attributes(*, retired: bool = False) -> list[Known]:
    """The attributes of the house, by key; what they are concerns no customer."""
    where = "" if retired else " WHERE retired_at IS NULL"
    return [_known(row) for row in ask(WRITER, f"{_WHAT}{where} ORDER BY key")]


def own_attribute(key: str) -> Known:
    """The attribute of that key; NotThere when there is none in use."""
    found = next((one for one in own_attributes() if one.what.key == key), None)
    if found is None:
        raise NotThere("attribute_not_there", {"attribute": key[:40]})
    return found


def classed_attributes() -> list[Known]:
    """Those somebody has classed, and that are in use."""
    return [one for one in own_attributes() if one.what.data_class]


def shown_whole(view: str) -> list[OwnAttribute]:
    """The attributes that view shows as they are; what they are concerns no customer."""
    shown = {number for (number,) in ask(WRITER, _SHOWN_WHOLE, [view])}
    return [one.what for one in classed_attributes() if one.id in shown]


@door
def own_facts(opened: Opened) -> Asking[list[OwnFact]]:
    """What is known of the customer under every classed attribute, as the opener's view shows it."""
    view = opened.by.view
    what, rows = yield [Question(WRITER, _CLASSED), Question(view, _VALUES, [opened.id])]
    known = [_known(row) for row in what]
    values = {row[0]: row[1:] for row in rows}
    keys = opening_keys(view, [opened.id]) if any(row[4] is not None for row in values.values()) else {}
    return [_fact(one, view, values.get(one.id), keys.get(opened.id)) for one in known]


@door
def own_origins(opened: Opened) -> Asking[list[OwnOrigin]]:
    """Of every attribute that the opener's view shows as it is: whose word is believed and why, and what others say."""
    view = opened.by.view
    what, whole, names, values, rows = yield [
        Question(WRITER, _CLASSED), Question(WRITER, _SHOWN_WHOLE, [view]), Question(WRITER, _SOURCE_NAMES),
        Question(view, _BELIEVED, [opened.id]), Question(WRITER, _SAID, [opened.id]),
    ]  # fmt: skip
    shown = {number for (number,) in whole}
    sources = {row[0]: _Source(*row[1:]) for row in names}
    keys = opening_keys(view, [opened.id]) if any(row[6] is not None for row in (*values, *rows)) else {}
    origins = []
    for one in (known for row in what if (known := _known(row)).id in shown):
        said = [row for row in rows if row[0] == one.id] or [row for row in values if row[0] == one.id]
        if said:
            words = [_word(one.what, row, keys, opened.id) for row in said]
            origins.append(OwnOrigin(one.what, _origin(one, words, sources)))
    return origins


def _word(what: OwnAttribute, row: Row, keys: Any, who: int) -> Word:
    _, source_id, *value, said_at, confirmed_at, confirmed_by, because = row
    return Word(source_id, plain_in(what, value, keys, who) or "", said_at, confirmed_at, confirmed_by, because)


def _origin(known: Known, words: Sequence[Word], sources: Mapping[int, _Source]) -> Origin:
    chosen = chosen_of(words, {number: source.trust for number, source in sources.items()})
    said = [_said_by(one, sources.get(one.source_id or 0, _Source(None, 0, herself=False))) for one in words]
    best = next(one for one in said if one.source_id == chosen.source)
    others = sorted((one for one in said if one is not best), key=lambda one: one.said_at, reverse=True)
    return Origin(f"own.{known.what.key}", best, chosen.why, tuple(others))


def _said_by(one: Word, source: _Source) -> SaidBy:
    return SaidBy(
        one.source_id, source.name, one.plain, one.said_at, one.confirmed_at, one.confirmed_by, source.herself,
        one.because,
    )  # fmt: skip


def counted_values(*, by: Asker, because: str) -> Mapping[str, int]:
    """Attribute → of how many customers something is known under it. Counts only."""
    counts: dict[str, int] = dict(ask(WRITER, _COUNTED))
    note_access(by, door="counted_values", because=because, rows=0)
    return counts


def attribute_of(row: Row) -> OwnAttribute:
    """The attribute of a row of `_WHAT`, from its key on."""
    key, kind, label, label_zh, choices, data_class, category, purposes, coarse, coarser, keep = row
    told = json.loads(choices) if isinstance(choices, str) else choices
    return OwnAttribute(
        key, kind, label, label_zh, tuple(Choice(*one) for one in told), data_class, category, frozenset(purposes),
        coarse, coarser, keep,
    )  # fmt: skip


def _known(row: Row) -> Known:
    return Known(row[0], attribute_of(row[1:-1]), row[-1])


def _fact(one: Known, view: str, row: Row | None, key: Any) -> OwnFact:
    how = shown_in(one.what).get(view, "gone")
    if row is None or how == "gone":
        return OwnFact(one.what, None, how)
    text, amount, day, yes, sealed, noted_at = row
    if sealed is not None:
        return OwnFact(one.what, open_cell(key, one.what.place, sealed), how, noted_at)
    return OwnFact(one.what, plain_of(Held(text, amount, day, yes)), how, noted_at)
