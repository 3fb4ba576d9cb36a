"""Who is in a segment: one rule by its SQL, or a thousand rules that share their conditions and their scans."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from regulars.rules.segments.at_hand import Tables, ask, by_customer, named, require
from regulars.rules.segments.columns import Bits, Columns
from regulars.rules.segments.members import Members
from regulars.rules.segments.rule import Condition, Group, Part, Path, conditions
from regulars.rules.segments.sql import Names, as_sql, part_sql

__all__ = ["Step", "Steps", "Tables", "count_steps", "evaluate", "evaluate_many"]

# So many conditions are asked in one scan, and so many rules keep their answers in memory together.
_AT_ONCE: Final = 48
_RULES_TOGETHER: Final = 250


@dataclass(frozen=True, slots=True)
class Step:
    """How many are left after a part of the rule (its `path`) and all parts before it."""

    path: Path
    left: int


@dataclass(frozen=True, slots=True)
class Steps:
    """The way from everyone to the members, part by part."""

    everyone: int
    steps: tuple[Step, ...]

    @property
    def left(self) -> int:
        """How many are in the segment."""
        return self.steps[-1].left


def evaluate(rule: Group, tables: Tables, *, at: date) -> Members:
    """The members of a segment at the end of `at`."""
    require(rule, tables)
    with named(tables) as names:
        return Members(ask(tables, names, as_sql(rule, at=at, names=names)).fetchnumpy()["customer_id"])


def count_steps(rule: Group, tables: Tables, *, at: date) -> Steps:
    """How many are left after each top part of a rule, for the picture beside it."""
    require(rule, tables)
    with named(tables) as names:
        everyone, *left = ask(tables, names, _steps_sql(rule, at, names)).fetchall()[0]
    return Steps(everyone, tuple(Step((number,), count) for number, count in enumerate(left)))


def _steps_sql(rule: Group, at: date, names: Names) -> str:
    parts = ", ".join(f"({part_sql(part, at=at, names=names)}) IS TRUE AS p{n}" for n, part in enumerate(rule.parts))
    counts = ", ".join(f"count(*) FILTER (WHERE {_up_to(rule, number)})" for number in range(len(rule.parts)))
    return f"SELECT count(*), {counts} FROM (SELECT {parts} FROM {names.profile}) AS parts"


def evaluate_many(rules: Mapping[str, Group], tables: Tables, *, at: date) -> dict[str, Members]:
    """The members of many segments at once; each condition is asked only once, many conditions in one scan."""
    for rule in rules.values():
        require(rule, tables)
    columns, members, names = Columns(tables.profile), dict[str, Members](), iter(rules)
    ids = columns.ids()
    while together := {name: rules[name] for name in islice(names, _RULES_TOGETHER)}:
        answers = _answers(together.values(), tables, columns, at)
        members |= {name: Members(_chosen(ids, _bits(rule, answers))) for name, rule in together.items()}
    return members


def _answers(rules: Iterable[Group], tables: Tables, columns: Columns, at: date) -> dict[Condition, Bits]:
    asked = dict.fromkeys(condition for rule in rules for _, condition in conditions(rule))
    bits = {condition: bits for condition in asked if (bits := columns.bits(condition, at)) is not None}
    others = [condition for condition in asked if condition not in bits]
    for start in range(0, len(others), _AT_ONCE):
        bits |= _by_sql(others[start : start + _AT_ONCE], tables, at)
    return bits


def _by_sql(asked: Sequence[Condition], tables: Tables, at: date) -> dict[Condition, Bits]:
    with named(tables) as names:
        columns = ", ".join(f"{part_sql(each, at=at, names=names)} AS c{n}" for n, each in enumerate(asked))
        found = ask(tables, names, f"SELECT customer_id, {columns} FROM {names.profile}").fetchnumpy()
    rows = by_customer(found)
    return {each: np.packbits(np.ma.filled(rows[f"c{n}"], False)) for n, each in enumerate(asked)}


def _bits(part: Part, answers: Mapping[Condition, Bits]) -> Bits:
    if isinstance(part, Condition):
        return answers[part]
    inner = [_bits(each, answers) for each in part.parts]
    joined: Bits = np.bitwise_and.reduce(inner) if part.joined == "all" else np.bitwise_or.reduce(inner)
    return ~joined if part.joined == "none" else joined


def _chosen(ids: NDArray[np.uint64], bits: Bits) -> NDArray[np.uint64]:
    return ids[np.unpackbits(bits, count=len(ids)).view(np.bool_)]


def _up_to(rule: Group, number: int) -> str:
    parts = [f"p{n}" for n in range(number + 1)]
    if rule.joined == "none":
        return f"NOT ({' OR '.join(parts)})"
    return (" AND " if rule.joined == "all" else " OR ").join(parts)
