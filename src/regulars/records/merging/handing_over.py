"""Rows change hands: from the one who goes to the one who stays, and back.

A row that has no place beside what the other one has already (the same phone, the same list) stays where it is, out of
sight with its owner. What went over is noted by its key, so it finds back whatever else has happened to it. Sealed
cells are opened with the one key and sealed with the other.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.connections.keys.envelope import DataKey
from regulars.connections.postgres.asking import WRITER
from regulars.records.customers.keys import cursor_of, keys_at_hand, sealing_keys
from regulars.rules.permission.errors import NotThere

Key = tuple[str, ...]
Rows = dict[str, list[Key]]
DataKeys = Mapping[int, DataKey]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed column of `t`, and the SQL that tells the place its cell is bound to. `alike` gives two spellings of one
    thing the same text, where there are several."""

    column: str
    place: str
    alike: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Belonging:
    """A table whose rows belong to a customer.

    `key` are the columns that name a row, with their types. What is the same in `once` stands beside a customer one
    time only, where `only` holds of a row `{}`. `source`: its rows know where they came from. `newer` grows with every
    row that comes. `told` is when a row was told, where a merge tells old words again in rows of its own.
    """

    table: str
    key: Mapping[str, str]
    once: tuple[str, ...] | None = None
    only: str = "true"
    sealed: Sealed | None = None
    source: bool = False
    newer: str = ""
    told: str = "'infinity'::timestamptz"


def by_id(table: str, **more: Any) -> Belonging:
    """A table whose rows have a number of their own that grows."""
    return Belonging(table, {"id": "bigint"}, newer="id", **more)


def hand_over(belongings: Collection[Belonging], giver: int, taker: int, only: Rows | None = None) -> Rows:
    """Table → keys of the rows that are the taker's when the transaction commits: all of the giver's, or of those only
    that are named, as far as the taker has room for them.
    """
    keys = keys_at_hand([giver]) | sealing_keys([taker])
    moved = {
        one.table: _move(one, giver, taker, keys, None if only is None else only.get(one.table, []))
        for one in belongings
    }
    return {table: rows for table, rows in moved.items() if rows}


def of_sources(
    belongings: Collection[Belonging], sources: Collection[int], customer_id: int, *, since: datetime
) -> Rows:
    """Table → the customer's rows that came from these sources; of their words those that were told since."""
    return {
        one.table: _keys(one, customer_id, f"t.source_id = ANY (%s) AND {one.told} > %s", list(sources), since)
        for one in belongings if one.source
    }  # fmt: skip


def of_customer(belongings: Collection[Belonging], table: str, customer_id: int) -> list[Key]:
    """All her rows of one table."""
    return _keys(next(one for one in belongings if one.table == table), customer_id, "true")


def newest_rows(belongings: Collection[Belonging]) -> dict[str, int]:
    """Table → the newest row there is, whoever's."""
    asked = {one.table: f"SELECT max({one.newer}) FROM {one.table}" for one in belongings if one.newer}  # noqa: S608
    return {table: int(_execute(question)[0][0] or 0) for table, question in asked.items()}


def came_since(belongings: Collection[Belonging], marks: Mapping[str, int], customer_id: int) -> Rows:
    """Table → the customer's rows that are newer than those marks."""
    found = {
        one.table: _keys(one, customer_id, f"t.{one.newer} > %s", marks[one.table])
        for one in belongings if one.table in marks
    }  # fmt: skip
    return {table: rows for table, rows in found.items() if rows}


def _keys(one: Belonging, customer_id: int, where: str, *values: object) -> list[Key]:
    question = f"SELECT {_told(one)} FROM {one.table} t WHERE t.customer_id = %s AND {where}"  # noqa: S608  (our names)
    return _execute(question, customer_id, *values)


def _move(one: Belonging, giver: int, taker: int, keys: DataKeys, only: list[Key] | None) -> list[Key]:
    rows = _held(one, giver)
    if only is not None:
        wanted = set(only)
        rows = [row for row in rows if row[: len(one.key)] in wanted]
    if one.sealed and one.sealed.alike:
        there = {_spelled(one, row, keys.get(taker)) for row in _held(one, taker)}
        rows = [row for row in rows if _spelled(one, row, keys.get(giver)) not in there]
    if not rows:
        return []
    columns = [list(column) for column in zip(*(row[: len(one.key)] for row in rows), strict=True)]
    at = len(one.key)
    cells = [_resealed(keys, giver, taker, *row[at : at + 2]) for row in rows] if one.sealed else [None] * len(rows)
    return _execute(_update(one), taker, *columns, cells, giver, taker)


def _held(one: Belonging, giver: int) -> list[Any]:
    beside = [f"t.{name}" for name in one.once or () if one.sealed and name != one.sealed.column]
    cell = ", ".join(["", one.sealed.place, f"t.{one.sealed.column}", *beside]) if one.sealed else ""
    names = ", ".join(f"t.{name}" for name in one.key)
    return _execute(
        f"SELECT {_told(one)}{cell} FROM {one.table} t WHERE t.customer_id = %s ORDER BY {names} FOR UPDATE OF t",  # noqa: S608
        giver,
    )


def _spelled(one: Belonging, row: Any, key: DataKey | None) -> tuple[object, ...]:
    """What the row says, the same for every spelling of it; where it cannot be opened, the row itself."""
    place, cell, *beside = row[len(one.key) :]
    if key is None or cell is None or one.sealed is None or one.sealed.alike is None:
        return tuple(row)
    return (*beside, one.sealed.alike(key.open(place, bytes(cell))))


def _update(one: Belonging) -> str:
    """One statement: what is the taker's now comes back by its keys."""
    names = [f"k{place}" for place in range(len(one.key))]
    arrays = ", ".join(["%s::text[]"] * len(names))
    same = " AND ".join(f"t.{name} = n.{k}::{kind}" for (name, kind), k in zip(one.key.items(), names, strict=True))
    cell = f", {one.sealed.column} = n.cell" if one.sealed else ""
    return (
        f"UPDATE {one.table} t SET customer_id = %s{cell}"  # noqa: S608  (names of belongings)
        f" FROM unnest({arrays}, %s::bytea[]) n ({', '.join(names)}, cell)"
        f" WHERE t.customer_id = %s AND {same} AND NOT ({_taken(one)}) RETURNING {_told(one)}"
    )


def _taken(one: Belonging) -> str:
    """Whether the taker has such a row already; asked with her id in any case."""
    if one.once is None:
        return "%s::bigint IS NULL"
    cell = one.sealed.column if one.sealed else ""
    same = (f" AND o.{name} IS NOT DISTINCT FROM {'n.cell' if name == cell else f't.{name}'}" for name in one.once)
    only = f"{one.only.format('o')} AND {one.only.format('t')}"
    return f"EXISTS (SELECT FROM {one.table} o WHERE o.customer_id = %s AND {only}{''.join(same)})"


def _told(one: Belonging) -> str:
    return ", ".join(f"t.{name}::text" for name in one.key)


def _resealed(keys: DataKeys, giver: int, taker: int, place: str | None, cell: bytes | None) -> bytes | None:
    if cell is None or place is None:
        return None
    if giver not in keys or taker not in keys:
        raise NotThere("customer_not_there")
    return keys[taker].seal(place, keys[giver].open(place, bytes(cell)))


def _execute(statement: str, *values: object) -> list[Any]:
    """All rows; the statement is made of names that are written in this house."""
    return cursor_of(WRITER).execute(statement, values).fetchall()
