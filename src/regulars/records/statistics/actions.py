"""The writing door of figures: declarations, the ledgers, and who has which number in them."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
from django.db import connection

from regulars.connections.postgres.copying import copy_in
from regulars.records.access_log.actions import note_change
from regulars.records.customers.alive import held_alive
from regulars.records.statistics.access import about
from regulars.records.statistics.members import sealed_members
from regulars.records.statistics.models import CountedPerson, Cube, CubeAnswer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere
from regulars.rules.statistics.answering import Figure, Remembered
from regulars.rules.statistics.counting import Ints
from regulars.rules.statistics.cubes import PERCENT
from regulars.rules.statistics.cubes import Cube as Declared
from regulars.rules.statistics.generalising import Bools

BITS: Final = 62


@dataclass(frozen=True, slots=True)
class NewCube:
    """What has to be said of a cube before it is counted: a name, words of columns, what is summed up, of whom."""

    name: str
    dimensions: Sequence[str]
    measures: Sequence[str] = ()
    only: Sequence[str] = ()
    since: date | None = None
    until: date | None = None
    percent: int = PERCENT


def keep_cube(
    partner_id: int, new: NewCube, declared: Declared, *, because: str, by: Asker, at: datetime
) -> int:  # fmt: skip
    """The number of the declaration. BadInput where one that says the same stands, or it has no name or reason."""
    if not new.name.strip() or not because.strip() or not 1 <= new.percent <= 100:
        raise BadInput("cube_says_too_little", {"cube": new.name[:80]})
    standing = Cube.objects.filter(partner_id=partner_id, digest=declared.digest, ended_at__isnull=True).first()
    if standing is not None:
        raise BadInput("cube_declared_already", {"cube": standing.name})
    made = Cube.objects.create(
        partner_id=partner_id, name=new.name.strip(), dimensions=[str(one) for one in declared.dimensions],
        measures=list(declared.measures), only=[str(one) for one in declared.only], since=new.since, until=new.until,
        percent=new.percent, digest=declared.digest, because=because, made_by=by.name, made_at=at,
    )  # fmt: skip
    _noted(by, f"cube {made.id}", "name", made.name)
    return int(made.id)


def end_cube(cube_id: int, *, because: str, by: Asker, at: datetime) -> None:
    """It is counted no more; what was told stays in the ledger. NotThere when it does not stand."""
    if not Cube.objects.filter(id=cube_id, ended_at__isnull=True).update(ended_at=at):
        raise NotThere("no_such_cube", {"cube": cube_id})
    _noted(by, f"cube {cube_id}", "ended", because)


def hold_ledger(partner_id: int) -> None:
    """Until the transaction ends nobody else adds to what this partner was told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM partner WHERE id = %s FOR UPDATE", [partner_id])


def numbers_of(partner_id: int, customers: Sequence[int]) -> Ints:
    """Everybody's number in this partner's ledger, in their order; drawn for whoever has none, all in one COPY.

    Whoever was erased since she was counted gets one that nobody keeps: it leads to nobody, as hers would by now.
    Measured with 300,000 people new to it, on a busy machine: 34 s; with rows made one by one 59 s.
    """
    wanted = np.asarray(customers, np.int64)
    there, numbers = _found(partner_id, wanted)
    missing = np.unique(wanted[~there])
    drawn = _drawn(len(missing))
    _keep_numbers(partner_id, missing, drawn)
    if len(missing):
        numbers[~there] = drawn[np.searchsorted(missing, wanted[~there])]
    return numbers


def numbers_for_a_look(partner_id: int, customers: Sequence[int]) -> Ints:
    """As `numbers_of`, but nothing is drawn or kept: who has none has one of this look's own, that no ledger knows."""
    wanted = np.asarray(customers, np.int64)
    there, numbers = _found(partner_id, wanted)
    return np.where(there, numbers, -wanted)


def note_answer(
    cube_id: int, partner_id: int, told: Remembered, *, release_id: int, least: int, on: date, at: datetime
) -> None:
    """The ledger remembers the answer, and whom it is of."""
    columns = {"who": told.who, "leaf": told.leaf, "purchases": told.purchases, "amount": told.amount}
    CubeAnswer.objects.create(
        cube_id=cube_id, release_id=release_id, made_at=at, made_on=on, least=least, categories=told.categories,
        figures=[_kept(one) for one in told.figures],
        members=sealed_members(columns, about=about(partner_id, cube_id, at)),
    )  # fmt: skip


def _found(partner_id: int, wanted: Ints) -> tuple[Bools, Ints]:
    """Who of them has a number in the ledger, and what it is there; anything where there is none."""
    kept = CountedPerson.objects.filter(partner_id=partner_id).order_by("customer_id")
    known = np.array(list(kept.values_list("customer_id", "number")), np.int64).reshape(-1, 2)
    if not len(known):
        return np.zeros(len(wanted), np.bool_), np.zeros(len(wanted), np.int64)
    place = np.minimum(np.searchsorted(known[:, 0], wanted), len(known) - 1)
    return known[place, 0] == wanted, known[place, 1]


def _drawn(count: int) -> Ints:
    """So many numbers below 2 ** BITS, from the system's own chance."""
    return (np.frombuffer(os.urandom(8 * count), np.uint64) >> np.uint64(64 - BITS)).astype(np.int64)


def _keep_numbers(partner_id: int, customers: Ints, numbers: Ints) -> None:
    """The ledger knows these; of whoever is erased by now it learns nothing."""
    alive = np.isin(customers, np.fromiter(held_alive(customers.tolist()), np.int64))
    people = {"customer_id": customers[alive], "number": numbers[alive]}
    rows = pa.table(people | {"partner_id": np.full(int(alive.sum()), partner_id, np.int64)})
    with connection.cursor() as cursor:
        copy_in(cursor, "counted_person", rows)


def _kept(one: Figure) -> list[Any]:
    as_of = one.as_of.isoformat() if one.as_of else None
    return [list(one.at), one.state, one.people, one.orders, one.money, as_of, list(one.why)]


def _noted(by: Asker, subject: str, field: str, new: object) -> None:
    note_change(by, door="figures", subject=subject, field=field, old=None, new=new, customer_id=None)
