"""The people of the demonstration as a company that gives extracts away, and the list an attacker brings along."""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from regulars.connections.files.complete_journey import households
from regulars.journeys.demo.households import write_households
from regulars.journeys.release_extract import NewExtract, declare_extract, release_extract
from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.models import Customer
from regulars.records.scores.models import Score
from tests.cast import EMIL, NOON
from tests.figures import DISCLOSURE, TODAY

BORN, CITY, SEX, GROUP = "customer.birth_on", "customer.city", "customer.sex", "score.rfm_group"
Row = tuple[str, ...]


@cache
def demo_people() -> list[dict[str, str]]:
    """Every household of the demonstration, with the person invented for it."""
    with TemporaryDirectory() as folder:
        write_households(households(), Path(folder) / "people.parquet")
        return list(pq.read_table(Path(folder) / "people.parquet").to_pylist())


def households_move_in(*, most: int = 3_000) -> list[Customer]:
    """They are customers, with their income's word for their group. Who did not say no says yes to disclosure: the few
    who do in the demonstration are too few for an extract of a thousand."""
    told = demo_people()[:most]
    made = Customer.objects.bulk_create(_customer(number, one) for number, one in enumerate(told))
    answers = {"no": "denied"}
    allow(
        (who, answers.get(one["consent_third_party_disclosure"], "granted"))
        for who, one in zip(made, told, strict=True)
    )
    grouped({who: one["income"] for who, one in zip(made, told, strict=True) if one["income"]})
    return made


def _customer(number: int, one: dict[str, str]) -> Customer:
    return Customer(
        number=f"H-{number:05}", name=f"{one['given_name']} {one['family_name']}", city=one["city"],
        region=one["region"], country=one["country"], sex=one["sex"], birth_on=date.fromisoformat(one["birth_date"]),
        language=one["language"], first_seen_on=TODAY, changed_at=NOON, jurisdiction="CN",
    )  # fmt: skip


def allow(said: Iterable[tuple[Customer, str]]) -> None:
    """Each of them says so about disclosure."""
    at = NOON + timedelta(minutes=ChoiceEntry.objects.count())
    ChoiceEntry.objects.bulk_create(
        ChoiceEntry(
            customer=who, purpose=DISCLOSURE, value=value, at=at, by=who.name, source="portal"
        )
        for who, value in said
    )  # fmt: skip


def grouped(groups: dict[Customer, str]) -> None:
    """They are of these groups at the last refresh; who is of another already changes."""
    Score.objects.filter(customer__in=list(groups)).delete()
    same: dict[str, Any] = {"as_of": TODAY, "recency_days": 1, "frequency": 1, "monetary_minor": 1, "r": 1, "f": 1,
            "m": 1, "first_on": TODAY, "last_on": TODAY, "rhythm_days": 1.0, "due_on": TODAY, "grace_until": TODAY,
            "state": "due"}  # fmt: skip
    Score.objects.bulk_create(Score(customer=who, rfm_group=group, **same) for who, group in groups.items())


def extracts_for(*known: str, confidential: str = "", key: str = "acme", **more: Any) -> int:
    """A declaration; its number."""
    new = NewExtract("Who our regulars are", known, confidential, **more)
    return declare_extract(key, new, because="agreed", by=EMIL, at=NOON)


@dataclass(frozen=True)
class Got:
    """A file as the partner reads it."""

    columns: list[str]
    rows: list[Row]
    manifest: dict[str, Any]
    confidential: bool

    @property
    def classes(self) -> dict[Row, Counter[str]]:
        """Each class, and how often it holds each confidential value."""
        found: dict[Row, Counter[str]] = {}
        for row in self.rows:
            known, value = (row[:-1], row[-1]) if self.confidential else (row, "")
            found.setdefault(known, Counter())[value] += 1
        return found


_moments = iter(range(1, 1_000_000))


def hands_out(key: str = "acme", kind: str = "csv", *, confidential: bool = True) -> Got:
    """What the partner gets and reads."""
    at = NOON + timedelta(seconds=next(_moments))
    content = release_extract(key, kind=kind, because="monthly", by=EMIL, at=at).content
    if kind == "parquet":
        table = pq.read_table(io.BytesIO(content))
        manifest = json.loads(next(iter((table.schema.metadata or {}).values())))
        return Got(table.column_names, [tuple(row.values()) for row in table.to_pylist()], manifest, confidential)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rows = list(csv.reader(io.StringIO(archive.read("rows.csv").decode("utf-8-sig"))))
        manifest = json.loads(archive.read("manifest.json"))
    return Got(rows[0], [tuple(row) for row in rows[1:]], manifest, confidential)


def public_list(got: Got, people: Iterable[Customer] | None = None) -> Iterator[tuple[Customer, Row]]:
    """Everybody by name, as a register of voters has them, and beside each the words her row would have in the file:
    written here anew from what the file says of its columns, not with the house's own ladders."""
    for who in Customer.objects.all() if people is None else people:
        pairs = zip(got.columns, got.manifest["coarse_as"], strict=False)
        yield who, tuple(_as_in_file(who, column, rung) for column, rung in pairs)


def _as_in_file(who: Customer, column: str, rung: str) -> str:
    year = who.birth_on.year if who.birth_on else 0
    way = [who.country, who.region, who.city]
    match rung:
        case "all":
            return "*"
        case "decade":
            return f"{year // 10 * 10}s"
        case "twenty_years":
            return f"{year // 20 * 20}–{year // 20 * 20 + 19}"
        case "city" | "region" | "country":
            depth = ["country", "region", "city"].index(rung) + 1
            return " / ".join(way[:depth])
    return str(getattr(who, column)) or "(unknown)"
