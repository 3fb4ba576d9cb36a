"""Why a customer is in a segment, or is not: the rule asked of one person's facts, condition by condition."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from regulars.rules.segments.rule import Condition, Group, Part, Path, Value
from regulars.rules.segments.sql import compare, period_of, ready_column, window_of


@dataclass(frozen=True, slots=True)
class Line:
    """One order line of the person, with what its product is."""

    order_key: int
    ordered_on: date
    amount_minor: int
    product_id: int | None = None
    branch_id: int | None = None
    department: str | None = None
    category: str | None = None
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One campaign the person answered, and when."""

    campaign_id: int
    answered_on: date


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person: the row of the profile, the order lines, the answers, and what own attributes say
    (field → its value as a rule writes it)."""

    profile: Mapping[str, object]
    lines: Sequence[Line] = ()
    answers: Sequence[Answer] = ()
    own: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Because:
    """What one condition found in the facts, and whether that speaks for the person being in the segment.

    `holds`: the condition is fulfilled. `speaks_for`: it is fulfilled where the rule wants it, and not where it does
    not.
    """

    path: Path
    condition: Condition
    found: object
    holds: bool
    speaks_for: bool


@dataclass(frozen=True, slots=True)
class Why:
    """Whether the person is in the segment, and every condition with what it found."""

    is_in: bool
    reasons: tuple[Because, ...] = field(default_factory=tuple)

    @property
    def against(self) -> tuple[Because, ...]:
        """The conditions that speak against; of several in an `any` group one for may be enough."""
        return tuple(reason for reason in self.reasons if not reason.speaks_for)


def why_in(rule: Group, facts: Facts, *, at: date) -> Why:
    """Whether a person is in a segment at the end of `at`, and why.

    >>> from regulars.rules.segments.rule import parse
    >>> rule = parse({"all": [{"field": "frequency", "operator": "at_least", "value": 3},
    ...                       {"none": [{"field": "city", "operator": "any_of", "value": ["Turin"]}]}]})
    >>> why = why_in(rule, Facts({"frequency": 2, "city": None}), at=date(2026, 3, 2))
    >>> why.is_in, [(reason.condition.field, reason.found, reason.speaks_for) for reason in why.reasons]
    (False, [('frequency', 2, False), ('city', None, True)])
    """
    reasons = tuple(_reasons(rule, facts, at, (), True))
    holding = {reason.path: reason.holds for reason in reasons}
    return Why(_holds(rule, (), holding), reasons)


def _holds(part: Part, path: Path, holding: Mapping[Path, bool]) -> bool:
    if isinstance(part, Condition):
        return holding[path]
    inner = [_holds(each, (*path, number), holding) for number, each in enumerate(part.parts)]
    return all(inner) if part.joined == "all" else any(inner) == (part.joined == "any")


def _reasons(part: Part, facts: Facts, at: date, path: Path, wanted: bool) -> Iterable[Because]:
    if isinstance(part, Condition):
        found, holds = _asked(part, facts, at)
        yield Because(path, part, found, holds, holds == wanted)
        return
    wanted = wanted != (part.joined == "none")
    for number, inner in enumerate(part.parts):
        yield from _reasons(inner, facts, at, (*path, number), wanted)


def _asked(condition: Condition, facts: Facts, at: date) -> tuple[object, bool]:
    kind = condition.of.kind
    if kind == "bought":
        return _bought(condition, facts, at)
    if kind == "answered":
        return _answered(condition, facts, at)
    if condition.of.source == "own":
        found = facts.own.get(condition.field)
        return found, _fits(condition, found, at)
    found = _measured(condition, facts, at) if condition.of.has_period else facts.profile.get(condition.of.column)
    return found, _fits(condition, found, at)


def _fits(condition: Condition, found: object, at: date) -> bool:
    operator, value = condition.operator, condition.value
    if operator in ("is_known", "is_unknown"):
        return (found is not None) == (operator == "is_known")
    if found is None:
        return False
    if operator in ("any_of", "none_of"):
        return (found in _values(value)) == (operator == "any_of")
    if window := window_of(operator, value, at):
        return window[0] <= found <= window[1]  # type: ignore[operator]
    return compare(operator, found, value)  # type: ignore[arg-type]


def _measured(condition: Condition, facts: Facts, at: date) -> object:
    column = ready_column(condition)
    if column is not None:
        return facts.profile.get(column)
    if condition.field == "orders":
        return len(_kept_orders(condition, facts, at))
    return sum(line.amount_minor for line in facts.lines if _within(line.ordered_on, condition, at))


def _kept_orders(condition: Condition, facts: Facts, at: date) -> list[int]:
    known = sorted((line for line in facts.lines if line.ordered_on <= at), key=lambda line: line.order_key)
    orders = {key: list(lines) for key, lines in groupby(known, key=lambda line: line.order_key)}
    return [
        key
        for key, lines in orders.items()
        if sum(line.amount_minor for line in lines) > 0
        and _within(min(line.ordered_on for line in lines), condition, at)
    ]


def _bought(condition: Condition, facts: Facts, at: date) -> tuple[object, bool]:
    wanted = _values(condition.value)
    bought = {
        getattr(line, condition.of.column)
        for line in facts.lines
        if line.amount_minor > 0 and _within(line.ordered_on, condition, at)
    }
    found = tuple(value for value in wanted if value in bought)
    if condition.operator == "all_of":
        return found, len(found) == len(wanted)
    return found, bool(found) == (condition.operator == "any_of")


def _answered(condition: Condition, facts: Facts, at: date) -> tuple[object, bool]:
    wanted = None if condition.value is None else _values(condition.value)
    found = tuple(
        answer.campaign_id
        for answer in facts.answers
        if _within(answer.answered_on, condition, at) and (wanted is None or answer.campaign_id in wanted)
    )
    return found, bool(found) == (condition.operator in ("any_of", "at_all"))


def _within(day: date, condition: Condition, at: date) -> bool:
    since, until = period_of(condition, at)
    return (since is None or since <= day) and day <= until


def _values(value: Value) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)
