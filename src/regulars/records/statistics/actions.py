"""The writing door of figures: declarations, the ledgers, and who has which number in them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from django.db import connection

from regulars.records.access_log.actions import note_change
from regulars.records.customers.alive import held_alive
from regulars.records.statistics.access import about
from regulars.records.statistics.members import sealed_members
from regulars.records.statistics.models import CountedPerson, Cube, CubeAnswer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere
from regulars.rules.statistics.answering import Figure, Remembered
from regulars.rules.statistics.cubes import PERCENT
from regulars.rules.statistics.cubes import Cube as Declared

BITS: Final = 62
AT_ONCE: Final = 5_000


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


def numbers_of(partner_id: int, customers: Sequence[int]) -> Any:
    """Everybody's number in this partner's ledger, in their order; drawn for whoever has none.

    Whoever was erased since she was counted gets one that nobody keeps: it leads to nobody, as hers would by now.
    """
    known = _known(partner_id)
    missing = [who for who in customers if who not in known]
    alive = held_alive(missing)
    drawn = [CountedPerson(partner_id=partner_id, customer_id=who, number=secrets.randbits(BITS)) for who in missing]
    CountedPerson.objects.bulk_create([one for one in drawn if one.customer_id in alive], batch_size=AT_ONCE)
    known |= {one.customer_id: one.number for one in drawn}
    return np.fromiter((known[who] for who in customers), np.int64, len(customers))


def numbers_for_a_look(partner_id: int, customers: Sequence[int]) -> Any:
    """As `numbers_of`, but nothing is drawn or kept: who has none has one of this look's own, that no ledger knows."""
    known = _known(partner_id)
    return np.fromiter((known.get(who, -who) for who in customers), np.int64, len(customers))


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


def _known(partner_id: int) -> dict[int, int]:
    return dict(CountedPerson.objects.filter(partner_id=partner_id).values_list("customer_id", "number"))


def _kept(one: Figure) -> list[Any]:
    as_of = one.as_of.isoformat() if one.as_of else None
    return [list(one.at), one.state, one.people, one.orders, one.money, as_of, list(one.why)]


def _noted(by: Asker, subject: str, field: str, new: object) -> None:
    note_change(by, door="figures", subject=subject, field=field, old=None, new=new, customer_id=None)
