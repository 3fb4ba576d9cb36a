"""The reading door of figures: what is counted for whom, what each was told, and the people a cube counts.

People are read through the view `disclosure`, in which nobody is who has not granted it: they leave before anything is
added up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.disclosures.access import ContractFacts
from regulars.records.statistics.members import opened_members
from regulars.records.statistics.models import Cube, CubeAnswer
from regulars.records.watched.access import all_canaries
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere
from regulars.rules.privacy.partners import PURPOSE
from regulars.rules.statistics.answering import Figure, Remembered
from regulars.rules.statistics.counting import People
from regulars.rules.statistics.cubes import Cube as Declared
from regulars.rules.statistics.cubes import Dimension, as_declared
from regulars.rules.statistics.question import orders_of, question_about

READER: Final = "disclosure"


@dataclass(frozen=True, slots=True)
class CubeFacts:
    """One declaration; `ended_at` is None while it is counted."""

    id: int
    partner_id: int
    name: str
    dimensions: Sequence[str]
    measures: Sequence[str]
    only: Sequence[str]
    since: date | None
    until: date | None
    percent: int
    because: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """One line of a recipient's ledger: which cube, when, from how many people on, and every figure with its reason."""

    id: int
    cube_id: int
    cube: str
    release_id: int
    made_at: datetime
    least: int
    dimensions: Sequence[str]
    measures: Sequence[str]
    figures: tuple[Figure, ...]

    @property
    def told(self) -> int:
        """How many figures it has."""
        return sum(one.is_told for one in self.figures)


def cubes(*, by: Asker, partner_id: int | None = None) -> list[CubeFacts]:
    """Declarations, the newest first: of all partners, or of one."""
    _for_the_office(by)
    found = Cube.objects.using(by.view).order_by("-id")
    found = found if partner_id is None else found.filter(partner_id=partner_id)
    return [CubeFacts(*row) for row in found.values_list(*CubeFacts.__dataclass_fields__)]


def standing_cube(cube_id: int, *, by: Asker, partner_id: int) -> CubeFacts:
    """The declaration of that number; NotThere when this partner has none, or it was ended."""
    for one in cubes(by=by, partner_id=partner_id):
        if one.id == cube_id and one.ended_at is None:
            return one
    raise NotThere("no_such_cube", {"cube": cube_id})


def answers(*, by: Asker, partner_id: int, limit: int = 100) -> list[AnswerFacts]:
    """What a partner was told, the newest first."""
    _for_the_office(by)
    found = CubeAnswer.objects.using(by.view).filter(cube__partner_id=partner_id).order_by("-id")[:limit]
    rows = found.values_list(
        "id", "cube_id", "cube__name", "release_id", "made_at", "least", "cube__dimensions", "cube__measures", "figures"
    )
    return [_answer_facts(*row) for row in rows]


def figures_left(partner_id: int) -> bool:
    """Whether figures ever went to this partner; the house's own question."""
    return CubeAnswer.objects.filter(cube__partner_id=partner_id).exists()


def ledger(partner_id: int) -> list[Remembered]:
    """Everything a partner was told, in its order, with whom it is of; the house's own question."""
    found = CubeAnswer.objects.filter(cube__partner_id=partner_id).order_by("id").select_related("cube")
    return [_remembered(one) for one in found]


def people_of(cube: Declared, contract: ContractFacts, currency: str) -> People:
    """Who grants disclosure now, for this contract, as the cube counts them."""
    who, columns = who_grants(cube.columns, contract)
    bought = _bought(cube, currency)
    return People(_ints(who), columns, *(_ints(bought.get(one, (0, 0))[place] for one in who) for place in (0, 1)))


def who_grants(
    columns: Sequence[Dimension], contract: ContractFacts
) -> tuple[list[int], tuple[tuple[str, ...], ...]]:  # fmt: skip
    """Everybody who grants disclosure now, for this contract, and what the columns say of them; no canary."""
    out = _left_out(contract) | all_canaries()
    rows = [row for row in ask(READER, question_about(columns)) if row[0] not in out]
    told = tuple(tuple(str(row[place + 1]) for row in rows) for place in range(len(columns)))
    return [int(row[0]) for row in rows], told


def about(partner_id: int, cube_id: int, made_at: datetime) -> str:
    """What a block of members says it is, so that it opens nowhere else."""
    return f"cube_answer|{partner_id}|{cube_id}|{int(made_at.timestamp() * 1_000_000)}"


def figures_from(kept: Iterable[Sequence[Any]]) -> tuple[Figure, ...]:
    """Figures as they were kept in JSON."""
    return tuple(
        Figure(tuple(at), state, people, orders, money, date.fromisoformat(as_of) if as_of else None, tuple(why))
        for at, state, people, orders, money, as_of, why in kept
    )


def _answer_facts(*row: Any) -> AnswerFacts:
    facts = dict(zip(AnswerFacts.__dataclass_fields__, row, strict=True))
    return AnswerFacts(**facts | {"figures": figures_from(facts["figures"])})


def _bought(cube: Declared, currency: str) -> dict[int, tuple[int, int]]:
    if not cube.measures:
        return {}
    bounds = [bound for bound in (cube.since, cube.until) if bound]
    return {
        int(who): (int(orders), int(money)) for who, orders, money in ask(READER, orders_of(cube), [currency, *bounds])
    }


def _left_out(contract: ContractFacts) -> frozenset[int]:
    """Who took the contract's brand or topic out of disclosure; the house's own question, as in the partner's view."""
    if not (contract.brand or contract.topic):
        return frozenset()
    return frozenset(int(who) for (who,) in ask(WRITER, _EXCEPTED, [PURPOSE, contract.brand, contract.topic]))


_EXCEPTED: Final = """
SELECT customer_id FROM choice_exception
 WHERE purpose = %s AND channel = '' AND brand IN (%s, '') AND topic IN (%s, '')
"""


def _remembered(one: CubeAnswer) -> Remembered:
    kept, place = one.cube, about(one.cube.partner_id, one.cube_id, one.made_at)
    cube = as_declared(kept.dimensions, kept.measures, kept.only, kept.since, kept.until)
    categories = tuple(tuple(known) for known in one.categories)
    members = opened_members(bytes(one.members), about=place)
    return Remembered(cube, categories, **members, figures=figures_from(one.figures))


def _ints(numbers: Iterable[int]) -> Any:
    return np.fromiter(numbers, dtype=np.int64)


def _for_the_office(by: Asker) -> None:
    if by.view != "personal" or by.role == "customer":
        raise Denied("disclosures_are_the_officers")
