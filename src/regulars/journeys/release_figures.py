"""Figures go to a partner: declared beforehand, counted from those who grant it, compared with all it was told before.

The ledger of the partner is held while an answer is made, so that no two are compared with the same past.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from regulars.journeys.hand_out_release import (
    Packed,
    ReleaseMade,
    as_file,
    hand_out,
    only_the_officer,
    running_contract,
)
from regulars.journeys.propose import ask_second, settled
from regulars.records.company.access import company, today
from regulars.records.dictionary import DICTIONARY
from regulars.records.disclosures.access import ContractFacts, partner_called, rows_ever_allowed
from regulars.records.statistics import actions as book
from regulars.records.statistics.access import CubeFacts, ledger, people_of, standing_cube
from regulars.records.statistics.actions import NewCube
from regulars.records.statistics.extract_access import extract_left
from regulars.records.statistics.members import ledger_key
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.four_eyes import CUBE, RELEASE, Approved
from regulars.rules.privacy.releases import figures_manifest
from regulars.rules.statistics.answering import (
    Counted,
    Figure,
    Remembered,
    answered,
    counted_under,
    remembered,
    tells_something_new,
)
from regulars.rules.statistics.counting import Grid, counted
from regulars.rules.statistics.cubes import Cube, declared

__all__ = ["NewCube", "Previewed", "declare_cube", "end_cube", "preview_figures", "release_figures"]


@dataclass(frozen=True, slots=True)
class Previewed:
    """An answer nobody was given yet: every figure, and beside it how many people are in that cell now."""

    cube: CubeFacts
    least: int
    cells: Sequence[tuple[Figure, int]]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What would be told, and all it was made of."""

    grid: Grid
    counted: Counted
    earlier: Sequence[Remembered]
    figures: tuple[Figure, ...]


def declare_cube(
    key: str, new: NewCube, *, because: str, by: Asker, at: datetime, approved: Approved | None = None
) -> int:  # fmt: skip
    """The number of the declaration: from now on this, and nothing else, is counted for the partner.

    BadInput for what cannot be counted by, and where the partner may have rows: rows and figures do not go together.
    """
    only_the_officer(by)
    partner = partner_called(key, by=by)
    _nothing_else(partner.id, key)
    cube = _declared(new)
    told = {"key": key, "name": new.name, "dimensions": list(new.dimensions), "measures": list(new.measures),
            "only": list(new.only), "since": str(new.since or ""), "until": str(new.until or ""),
            "percent": new.percent, "because": because}  # fmt: skip
    ask_second(CUBE, key, told, because=because, by=by, approved=approved)
    with transaction.atomic():
        settled(approved, by=by)
        return book.keep_cube(partner.id, new, cube, because=because, by=by, at=at)


def end_cube(key: str, cube_id: int, *, because: str, by: Asker, at: datetime) -> None:
    """It is counted no more. What was told stays in the ledger, and later answers are compared with it."""
    only_the_officer(by)
    cube = standing_cube(cube_id, by=by, partner_id=partner_called(key, by=by).id)
    book.end_cube(cube.id, because=because or "ended", by=by, at=at)


def preview_figures(key: str, cube_id: int, *, by: Asker, at: datetime) -> Previewed:
    """What the partner would be told now, and of every cell that would be withheld why; nobody is told anything."""
    only_the_officer(by)
    contract, _ = running_contract(key, by=by, at=at)
    cube = standing_cube(cube_id, by=by, partner_id=contract.partner_id)
    with transaction.atomic():
        answer = _answer(cube, contract)
        transaction.set_rollback(True)  # numbers drawn for a look are nobody's
    cells = [(figure, answer.grid.at[figure.at].people) for figure in answer.figures]
    return Previewed(cube, contract.least, cells)


def release_figures(
    key: str, cube_id: int, *, because: str, by: Asker, at: datetime, approved: Approved | None = None
) -> ReleaseMade:
    """The figures as a file, noted in the register and, where they tell anything new, in the partner's ledger.

    Asked again while nothing changed they are the same, and the ledger does not grow. Denied where no contract runs.
    """
    only_the_officer(by)
    contract, _ = running_contract(key, by=by, at=at)
    _nothing_else(contract.partner_id, key)
    if not because.strip():
        raise BadInput("release_wants_a_reason", {})
    cube = standing_cube(cube_id, by=by, partner_id=contract.partner_id)
    asked = {"key": key, "cube": cube.id, "because": because}
    ask_second(RELEASE, key, asked, because=because, by=by, approved=approved)
    with transaction.atomic():
        answer = _answer(cube, contract)
        made = hand_out(
            key, contract, _packed(key, cube, contract, answer.figures, at), because=because, by=by, at=at,
            approved=approved,
        )  # fmt: skip
        _remember(cube, contract, answer, made.id, at)
    return made


def _answer(cube: CubeFacts, contract: ContractFacts) -> _Answer:
    """Within a transaction, which holds the ledger to its end."""
    book.hold_ledger(contract.partner_id)
    people = people_of(_stands(cube), contract, company().currency)
    grid = counted(_stands(cube), people, least=contract.least)
    numbers = book.numbers_of(contract.partner_id, grid.people.who.tolist())
    mine, earlier = counted_under(numbers, grid.people, ledger_key()), ledger(contract.partner_id)
    figures = answered(grid, mine, earlier, least=contract.least, percent=cube.percent, on=today())
    return _Answer(grid, mine, earlier, figures)


def _remember(cube: CubeFacts, contract: ContractFacts, answer: _Answer, release: int, at: datetime) -> None:
    if tells_something_new(answer.figures, answer.earlier, answer.grid.cube):
        told = remembered(answer.grid, answer.counted, answer.figures)
        book.note_answer(
            cube.id, contract.partner_id, told, release_id=release, least=contract.least, on=today(), at=at
        )  # fmt: skip


def _packed(key: str, cube: CubeFacts, contract: ContractFacts, figures: Sequence[Figure], at: datetime) -> Packed:
    stands, house = _stands(cube), company()
    columns = [one.column for one in stands.dimensions] + ["people"]
    columns += [{"orders": "orders", "money": "money_minor"}[one] for one in stands.measures] + ["as_of"]
    told = figures_manifest(
        company=house.name, partner=key, contract=contract.ref, purpose=contract.purpose, cube=cube.name,
        columns=columns, only=cube.only, since=cube.since, until=cube.until, currency=house.currency,
        least=contract.least, made_at=at,
    )  # fmt: skip
    content = as_file("csv", columns, [_row(one, stands) for one in figures], told)
    return Packed("figures.csv", "figures", content, len(figures), (), contract.valid_until)


def _row(one: Figure, cube: Cube) -> list[Any]:
    sums = [{"orders": one.orders, "money": one.money}[name] for name in cube.measures]
    return [*one.at, one.people, *sums, one.as_of]


def _stands(cube: CubeFacts) -> Cube:
    """The declaration as it was made; the dictionary may have become stricter, and then it is refused."""
    return declared(
        cube.dimensions, DICTIONARY, measures=cube.measures, only=cube.only, since=cube.since, until=cube.until
    )  # fmt: skip


def _declared(new: NewCube) -> Cube:
    return declared(new.dimensions, DICTIONARY, measures=new.measures, only=new.only, since=new.since, until=new.until)


def _nothing_else(partner_id: int, key: str) -> None:
    """Whoever has had rows, or an extract, can subtract them from figures."""
    if rows_ever_allowed(partner_id):
        raise BadInput("rows_may_leave", {"partner": key[:40]})
    if extract_left(partner_id):
        raise BadInput("extract_left_already", {"partner": key[:40]})
