"""A shop whose figures a partner wants: crowds of customers, the contract without rows, and the file as it is read."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from regulars.journeys.disclose import NewContract, name_partner, sign_contract
from regulars.journeys.release_figures import NewCube, declare_cube, release_figures
from regulars.records.choices.models import ChoiceEntry
from regulars.records.company.access import forget_company
from regulars.records.company.models import Company
from regulars.records.customers.models import Customer
from regulars.records.orders.models import OrderLine
from tests.cast import EMIL, NOON, said
from tests.shop import open_shop, sell

DISCLOSURE = "third_party_disclosure"
TODAY = NOON.date()
Told = dict[tuple[str, ...], dict[str, str]]


def open_house() -> None:
    """A company whose day is the cast's."""
    open_shop(TODAY)
    Company.objects.update(business_on=TODAY)
    forget_company()


def crowd(
    count: int, *, city: str = "Lyon", born: int = 1985, sex: str = "", choice: str = "granted", spends: int = 0
) -> list[Customer]:  # fmt: skip
    """So many customers of one kind, who said that about disclosure (nothing where it is empty)."""
    start = Customer.objects.count()
    made = Customer.objects.bulk_create(
        Customer(
            number=f"F-{start + n:05}", name=f"Person {start + n}", first_seen_on=TODAY, changed_at=NOON, city=city,
            birth_on=date(born, 4, 2), sex=sex, jurisdiction="CN",
        )
        for n in range(count)
    )  # fmt: skip
    for one in made:
        if choice:
            said(one, DISCLOSURE, choice)
        if spends:
            sell(one, TODAY, spends)
    return made


def withdraws(who: Customer) -> None:
    """She closes disclosure."""
    said(who, DISCLOSURE, "denied", at=NOON + timedelta(minutes=ChoiceEntry.objects.count()))


def lets_figures_leave(key: str = "acme", *, least: int = 10) -> None:
    """A partner with a contract that names no column."""
    name_partner(key, name=key.title(), by=EMIL, at=NOON)
    new = NewContract(
        "DPA-9", "study of tastes", [], "no re-identification", TODAY, TODAY + timedelta(days=90), least=least
    )
    sign_contract(key, new, by=EMIL, at=NOON)


def counts(*dimensions: str, key: str = "acme", name: str = "", **more: Any) -> int:
    """A declaration; its number."""
    new = NewCube(name or " ".join(dimensions), dimensions, **more)
    return declare_cube(key, new, because="agreed", by=EMIL, at=NOON)


_moments = iter(range(1, 1_000_000))


def asks(cube: int, key: str = "acme") -> Told:
    """What the partner reads in the file: the figures of each cell, by its categories."""
    at = NOON + timedelta(seconds=next(_moments))
    return figures_in(release_figures(key, cube, because="monthly", by=EMIL, at=at).content)


def figures_in(content: bytes) -> Told:
    """The figures of a file, by the categories of their cell."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rows = list(csv.reader(io.StringIO(archive.read("rows.csv").decode("utf-8-sig"))))
        assert json.loads(archive.read("manifest.json"))["format"].startswith("regulars/partner-figures/")
    dimensions = rows[0].index("people")
    return {tuple(row[:dimensions]): dict(zip(rows[0][dimensions:], row[dimensions:], strict=True)) for row in rows[1:]}


def people(told: Told) -> dict[str, int | None]:
    """How many are told of each cell, None where nothing is."""
    return {" ".join(at): int(one["people"]) if one["people"] else None for at, one in told.items()}


def lines_of(people: Iterable[Customer]) -> int:
    """How many order lines they have."""
    return OrderLine.objects.filter(customer__in=list(people)).count()
