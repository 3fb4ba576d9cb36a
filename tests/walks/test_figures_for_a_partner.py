"""The walk of docs/walks/figures-for-a-partner.md, step by step."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from scipy.optimize import linprog

from regulars.journeys.disclose import NewContract, sign_contract, stop_contract
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.release_figures import preview_figures
from regulars.records.customers.models import Customer
from regulars.records.disclosures.access import contracts, partner_called
from regulars.records.statistics.access import ledger
from regulars.records.statistics.models import CountedPerson, CubeAnswer
from regulars.rules.permission.errors import BadInput
from tests.cast import EMIL, NOON
from tests.figures import TODAY, Told, asks, counts, crowd, lets_figures_leave, open_house, people, withdraws
from tests.walks.steps import Steps, walk_through

pytestmark = pytest.mark.usefixtures("house")
BY = ("customer.city", "customer.birth_on:decade")


@dataclass
class Story:
    """What the steps hand to each other."""

    cube: int = 0
    told: Told = field(default_factory=dict)
    ann: Customer = field(init=False)
    number: int = 0


walk = Steps()


@walk.says(
    "The shop has customers in three cities; most of them said yes to disclosure, some said no, some said nothing."
)
def customers(story: Story) -> None:
    open_house()
    for city, born, count in (
        ("Lyon", 1985, 40), ("Lyon", 1975, 25), ("Lyon", 1965, 3), ("Nice", 1985, 30), ("Nice", 1975, 33),
        ("Nice", 1965, 14), ("Metz", 1985, 15), ("Metz", 1975, 26), ("Metz", 1965, 19),
    ):  # fmt: skip
        some = crowd(count, city=city, born=born, spends=1_000 + born)
        story.ann = some[0] if (city, born) == ("Lyon", 1985) else getattr(story, "ann", some[0])
    crowd(9, choice="denied"), crowd(9, choice="")


@walk.says(
    "Emil writes a contract with Acme that names no column: figures may leave, rows never, and there is no view and no "
    "login."
)
def contract(story: Story) -> None:
    lets_figures_leave()
    assert [list(one.fields) for one in contracts(by=EMIL)] == [[]]


@walk.says("He declares what is counted: people and money, by city and by decade of birth.")
def declares(story: Story) -> None:
    story.cube = counts(*BY, measures=["money"])


@walk.says("A name, a phone number, an allergy or an income cannot be counted by; it is refused in a sentence.")
def refuses(story: Story) -> None:
    for column in ("customer.name", "contact_point.value", "customer.allergies", "customer.income_band"):
        with pytest.raises(BadInput, match="cube_never_counts_by"):
            counts(column)


@walk.says("Before anything leaves he looks at the table, and at every cell that would be withheld, with the reason.")
def looks(story: Story) -> None:
    seen = preview_figures("acme", story.cube, by=EMIL, at=NOON)
    why = {figure.at: figure.why for figure, _ in seen.cells if not figure.is_told}
    assert "few_people" in why["1960s", "Lyon"]
    assert ("would_tell_another",) in why.values()
    assert not CubeAnswer.objects.exists()


@walk.says(
    "He releases it. Every figure told is of ten people or more, and whoever did not say yes is in none of them."
)
def releases(story: Story) -> None:
    story.told = asks(story.cube)
    told = [int(one["people"]) for one in story.told.values() if one["people"]]
    assert min(told) >= 10
    assert max(told) == 205
    assert len(told) >= 9


@walk.says("Nobody who has all the figures, and knows how such tables are added up, can work out a withheld cell.")
def solver(story: Story) -> None:
    leaves = [at for at in story.told if "*" not in at]
    known = {at: float(one["people"]) for at, one in story.told.items() if one["people"]}
    sums = np.array([[inside(leaf, at) for leaf in leaves] for at in known])
    goal = np.array([inside(leaf, ("1960s", "Lyon")) for leaf in leaves])
    low, high = (linprog(sign * goal, A_eq=sums, b_eq=list(known.values())).fun for sign in (1, -1))
    assert -high - low >= 10


def inside(leaf: tuple[str, ...], at: tuple[str, ...]) -> float:
    return float(all(value in ("*", own) for own, value in zip(leaf, at, strict=True)))


@walk.says("Acme asks again, with the columns the other way round: the same figures, and its ledger has not grown.")
def again(story: Story) -> None:
    with pytest.raises(BadInput, match="cube_declared_already"):
        counts(*reversed(BY), measures=["money"])
    assert asks(story.cube) == story.told
    assert CubeAnswer.objects.count() == 1


@walk.says(
    "Acme asks for the same table without the people born in one decade: the cells that would tell who is missing are "
    "withheld."
)
def without(story: Story) -> None:
    found = people(asks(counts(*BY, measures=["money"], only=["customer.birth_on:decade=1970s|1980s"])))
    assert found["* Lyon"] is None
    assert found["1980s Nice"] == 30


@walk.says("Ann, who was counted, closes disclosure. The next table shows the very figures it showed before.")
def closes(story: Story) -> None:
    story.number = CountedPerson.objects.get(customer=story.ann).number
    withdraws(story.ann)
    assert asks(story.cube) == story.told


@walk.says(
    "Twelve new customers of her city say yes. Now enough people have changed, and the figure of the city moves."
)
def moves(story: Story) -> None:
    crowd(12, city="Lyon", born=1985, spends=3_000)
    found = people(asks(story.cube))
    assert found["* Lyon"] == 40 + 25 + 3 - 1 + 12
    assert found["* Nice"] == 77


@walk.says("Ann is erased. Nothing in the ledger leads to her any more, and the figures that left stay what they were.")
def erased(story: Story) -> None:
    erase_customer(story.ann.number, because="her wish", reference="T-1", by=EMIL, at=NOON)
    assert not CountedPerson.objects.filter(number=story.number).exists()
    assert not CountedPerson.objects.filter(customer=story.ann).exists()
    first = ledger(partner_called("acme", by=EMIL).id)[0]
    told = {one.at: one.people for one in first.figures if one.is_told}
    assert told == {at: int(one["people"]) for at, one in story.told.items() if one["people"]}


@walk.says("Acme asks for the rows after all: they are refused, for figures have left.")
def rows(story: Story) -> None:
    stop_contract("acme", because="a new one", by=EMIL, at=NOON)
    new = NewContract("DPA-10", "study", ["customer.city"], "deleted after use", TODAY, TODAY)
    with pytest.raises(BadInput, match="figures_left_already"):
        sign_contract("acme", new, by=EMIL, at=NOON)


@pytest.mark.slow
def test_the_walk() -> None:
    walk_through("figures-for-a-partner", walk, Story())
