"""Answers are read from a file, or told by a program: whose they are by the source's references, once each."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from regulars.records.contacts.answers import POSITIVE, Answer
from regulars.records.customers.refs import customers_by_ref
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

NEEDED = ("customer", "at", "ref")


@dataclass(frozen=True, slots=True)
class Told:
    """One answer as a program tells it: the customer by the source's own reference."""

    customer: str
    kind: str
    at: datetime
    ref: str
    amount_minor: int = 0


@dataclass(frozen=True, slots=True)
class AnswersRead:
    """The answers of people the source knows, and how many rows were of others."""

    answers: list[Answer]
    unknown: int


def answers_from_csv(path: Path, *, source_ref: str, by: Asker) -> AnswersRead:
    """Answers from a CSV (RFC 4180, UTF-8) with columns customer, at (ISO 8601), ref, and maybe kind and amount_minor.

    BadInput names the missing column, or the row whose moment, kind or amount cannot be read; nothing is recorded then.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in NEEDED if name not in (reader.fieldnames or [])]:
            raise BadInput("columns_missing", {"columns": ", ".join(missing)})
        rows = list(reader)
    people = customers_by_ref(source_ref, {row["customer"] for row in rows}, by=by)
    answers = [_answer(number, row, people) for number, row in enumerate(rows, start=2) if row["customer"] in people]
    return AnswersRead(answers, len(rows) - len(answers))


def answers_told(told: Sequence[Told], *, source_ref: str, by: Asker) -> AnswersRead:
    """The same of what a program tells; people the asker's view leaves out count as unknown."""
    people = customers_by_ref(source_ref, {one.customer for one in told}, by=by)
    answers = [
        Answer(people[one.customer], one.kind, one.at, one.ref, one.amount_minor)
        for one in told
        if one.customer in people
    ]
    return AnswersRead(answers, len(told) - len(answers))


def _answer(number: int, row: dict[str, str], people: dict[str, int]) -> Answer:
    kind = row.get("kind") or "redemption"
    if kind not in POSITIVE:
        raise BadInput("answer_kind_unknown", {"row": number, "kind": kind, "known": ", ".join(POSITIVE)})
    try:
        at = datetime.fromisoformat(row["at"])
        amount = int(row.get("amount_minor") or 0)
    except ValueError as error:
        raise BadInput("answer_not_readable", {"row": number, "reason": str(error)}) from error
    return Answer(people[row["customer"]], kind, at if at.tzinfo else at.replace(tzinfo=UTC), row["ref"], amount)
