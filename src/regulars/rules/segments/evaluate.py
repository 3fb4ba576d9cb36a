"""Who is in a segment: one rule by its SQL, or a thousand rules that share their conditions and their scans."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

import numpy as np
from duckdb import DuckDBPyRelation as Relation
from numpy.typing import NDArray

from regulars.rules.permission.errors import BadInput
from regulars.rules.segments.members import Members
from regulars.rules.segments.rule import Condition, Group, Part, Path, conditions
from regulars.rules.segments.sql import Names, as_sql, part_sql

_GIVEN: Final = Names("given_profile", "given_lines", "given_products", "given_answers")
# So many conditions are asked in one scan, and so many rules keep their answers in memory together.
_AT_ONCE: Final = 48
_RULES_TOGETHER: Final = 250

Bits = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Tables:
    """What rules are evaluated on, all from one DuckDB connection.

    `profile` has the columns of `profile.PROFILE`, `order_lines` and `products` those of the warehouse, `answers`
    customer_id, campaign_id, answered_on. What no rule asks may be left out.
    """

    profile: Relation
    order_lines: Relation | None = None
    products: Relation | None = None
    answers: Relation | None = None


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
    _require(rule, tables)
    found = _asked(tables, as_sql(rule, at=at, names=_GIVEN)).fetchnumpy()
    return Members(found["customer_id"])


def count_steps(rule: Group, tables: Tables, *, at: date) -> Steps:
    """How many are left after each top part of a rule, for the picture beside it."""
    _require(rule, tables)
    parts = ", ".join(f"({part_sql(part, at=at, names=_GIVEN)}) IS TRUE AS p{n}" for n, part in enumerate(rule.parts))
    counts = ", ".join(f"count(*) FILTER (WHERE {_up_to(rule, number)})" for number in range(len(rule.parts)))
    answer = _asked(
        tables, f"SELECT count(*), {counts} FROM (SELECT {parts} FROM {_GIVEN.profile}) AS parts"
    ).fetchall()
    everyone, *left = answer[0]
    return Steps(everyone, tuple(Step((number,), count) for number, count in enumerate(left)))


def evaluate_many(rules: Mapping[str, Group], tables: Tables, *, at: date) -> dict[str, Members]:
    """The members of many segments at once; each condition is asked only once, many conditions in one scan."""
    members: dict[str, Members] = {}
    names = iter(rules)
    while together := {name: rules[name] for name in islice(names, _RULES_TOGETHER)}:
        members |= _together(together, tables, at)
    return members


def _together(rules: Mapping[str, Group], tables: Tables, at: date) -> dict[str, Members]:
    for rule in rules.values():
        _require(rule, tables)
    asked = list(dict.fromkeys(condition for rule in rules.values() for _, condition in conditions(rule)))
    ids, answers = _answers(asked, tables, at)
    return {name: Members(ids[_chosen(_bits(rule, answers), len(ids))]) for name, rule in rules.items()}


def _answers(asked: Sequence[Condition], tables: Tables, at: date) -> tuple[NDArray[np.int64], dict[Condition, Bits]]:
    ids = np.sort(tables.profile.project("customer_id").fetchnumpy()["customer_id"])
    bits: dict[Condition, Bits] = {}
    for start in range(0, len(asked), _AT_ONCE):
        batch = asked[start : start + _AT_ONCE]
        columns = ", ".join(f"({part_sql(each, at=at, names=_GIVEN)}) IS TRUE AS c{n}" for n, each in enumerate(batch))
        rows = _asked(tables, f"SELECT customer_id, {columns} FROM {_GIVEN.profile}").fetchnumpy()
        order = _order(rows["customer_id"])
        bits |= {each: np.packbits(rows[f"c{n}"][order]) for n, each in enumerate(batch)}
    return ids, bits


def _order(ids: NDArray[np.int64]) -> NDArray[np.intp] | slice:
    # A plain scan comes back in order, a join need not.
    return slice(None) if bool(np.all(ids[:-1] <= ids[1:])) else np.argsort(ids, kind="stable")


def _bits(part: Part, answers: Mapping[Condition, Bits]) -> Bits:
    if isinstance(part, Condition):
        return answers[part]
    inner = [_bits(each, answers) for each in part.parts]
    joined: Bits = np.bitwise_and.reduce(inner) if part.joined == "all" else np.bitwise_or.reduce(inner)
    return ~joined if part.joined == "none" else joined


def _chosen(bits: Bits, count: int) -> NDArray[np.bool_]:
    return np.unpackbits(bits, count=count).view(np.bool_)


def _up_to(rule: Group, number: int) -> str:
    parts = [f"p{n}" for n in range(number + 1)]
    if rule.joined == "none":
        return f"NOT ({' OR '.join(parts)})"
    return (" AND " if rule.joined == "all" else " OR ").join(parts)


def _require(rule: Group, tables: Tables) -> None:
    for path, condition in conditions(rule):
        for name in _wanted(condition):
            if getattr(tables, name) is None:
                raise BadInput("table_not_at_hand", {"path": path, "field": condition.field, "table": name})


def _wanted(condition: Condition) -> Collection[str]:
    if condition.of.kind == "answered":
        return ("answers",)
    if condition.of.column in ("department", "category", "brand"):
        return ("order_lines", "products")
    return ("order_lines",) if condition.of.has_period else ()


def _asked(tables: Tables, sql: str) -> Relation:
    """The answer, worked out: names given to the tables are theirs only until the next question gives them anew."""
    given = {"given_lines": tables.order_lines, "given_products": tables.products, "given_answers": tables.answers}
    for name, table in given.items():
        if table is not None:
            table.create_view(name, replace=True)
    return tables.profile.query(_GIVEN.profile, sql).execute()
