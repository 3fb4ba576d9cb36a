"""The contact gate for a whole audience: the nine rules as one expression over a table, and the funnel they leave.

`ask_everyone` gives every person one number, two bits per rule (0 pass, 1 stop, 2 wait, 3 nobody knows), because a
number is cheap for millions and there are only a few hundred different ones. Strips, first reasons, verdicts and the
funnel are then read off the different numbers. Row for row it says what `gate.decide` says of one person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

import duckdb

from regulars.rules.permission.gate import (
    ADULT_AT,
    PRIVACY_RULES,
    RULES,
    Contact,
    Rule,
    Verdict,
    is_asked,
    is_open,
    verdict_of,
    youngest_birth_on,
    zone_of,
)

# One column per field of gate.Person. `suppressed` stands for its list; hours and birth date keep their types.
PERSON_COLUMNS: Final[Mapping[str, str]] = {
    "customer_id": "BIGINT",
    "allows_direct_marketing": "BOOLEAN",
    "allows_email": "BOOLEAN",
    "allows_phone": "BOOLEAN",
    "allows_letter": "BOOLEAN",
    "allows_sms": "BOOLEAN",
    "reachable": "BOOLEAN",
    "reason_holds": "BOOLEAN",
    "suppressed": "BOOLEAN",
    "birth_on": "DATE",
    "birth_year": "SMALLINT",
    "flagged_minor": "BOOLEAN",
    "jurisdiction": "VARCHAR",
    "open_complaints": "INTEGER",
    "contacts_30d": "INTEGER",
    "competing_priority": "INTEGER",
    "competing_campaign": "BIGINT",
    "may_from": "TIME",
    "may_until": "TIME",
    "timezone": "VARCHAR",
    "subject_closed": "BOOLEAN",
}

PASS, STOP, WAIT, UNKNOWN = range(4)
_ANSWERS: Final = ("pass", "stop", "wait", "wait")


@dataclass(frozen=True, slots=True)
class Step:
    """How many a rule took out of those the rules before it had left, and how many it left."""

    rule: Rule
    is_privacy: bool
    is_asked: bool
    taken: int
    unknown: int
    left: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """From everyone to those who may be contacted, rule by rule in the gate's order; who is held, who refused."""

    everyone: int
    steps: tuple[Step, ...]
    left: int
    held: int
    refused: int

    @property
    def taken_by_privacy(self) -> int:
        """How many the privacy rules took out: a number to show, never a link to people."""
        return sum(step.taken for step in self.steps if step.is_privacy)


def ask_everyone(persons: duckdb.DuckDBPyRelation, contact: Contact) -> duckdb.DuckDBPyRelation:
    """A lazy table (customer_id BIGINT, answers INTEGER) with the nine answers about one contact for every person.

    `persons` has the columns of PERSON_COLUMNS; NULL means that nobody knows, as None does for gate.Person, except
    where it means none (birth, competing campaign, hours).
    """
    zones = _zones(persons, contact.at) if is_asked("quiet_hours", contact) else {}
    return persons.project(f"customer_id, ({answers_sql(contact, zones)})::INTEGER AS answers")


def answers_sql(contact: Contact, zones: Mapping[str, time]) -> str:
    """The SQL expression for a person's nine answers in one number; `zones` has the local time of day of each zone."""
    asked = ((number, rule) for number, rule in enumerate(RULES) if is_asked(rule, contact))
    return "\n | ".join(_case(_cases(rule, contact, zones), 4**number) for number, rule in asked)


def count_funnel(asked: duckdb.DuckDBPyRelation, contact: Contact) -> Funnel:
    """The funnel of an audience that has been asked."""
    return funnel_of(_tally(asked), contact)


def funnel_of(tally: Mapping[int, int], contact: Contact) -> Funnel:
    """The funnel of an audience from how often each number of answers occurs.

    >>> from datetime import UTC, datetime
    >>> letter = Contact("letter", "due", datetime(2026, 3, 2, 3, tzinfo=UTC))
    >>> closed, cap = STOP * 4 ** 1, WAIT * 4 ** 6
    >>> funnel = funnel_of({0: 70, closed: 20, cap: 7, closed + cap: 3}, letter)
    >>> funnel.everyone, [(step.rule, step.taken, step.left) for step in funnel.steps if step.taken], funnel.left
    (100, [('direct_marketing', 23, 77), ('frequency_cap', 7, 70)], 70)
    """
    everyone = left = sum(tally.values())
    steps = []
    for number, rule in enumerate(RULES):
        taken = {answers: count for answers, count in tally.items() if _first(answers) == number}
        unknown = sum(count for answers, count in taken.items() if _digit(answers, number) == UNKNOWN)
        left -= sum(taken.values())
        asked = is_asked(rule, contact)
        steps.append(Step(rule, rule in PRIVACY_RULES, asked, sum(taken.values()), unknown, left))
    verdicts = [(verdict(answers), count) for answers, count in tally.items()]
    held, refused = (sum(count for said, count in verdicts if said == which) for which in ("held", "refused"))
    return Funnel(everyone, tuple(steps), left, held, refused)


def read_answers(asked: duckdb.DuckDBPyRelation, contact: Contact) -> duckdb.DuckDBPyRelation:
    """A lazy table (customer_id, verdict, first_rule, strip): the numbers in words; first_rule NULL if allowed."""
    return asked.project(
        f"customer_id, {_VERDICT_SQL} AS verdict, {_FIRST_SQL} AS first_rule, {_strip_sql(contact)} AS strip"
    )


def allowed(asked: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """A lazy table (customer_id) of those whom all nine rules let pass."""
    return asked.filter("answers = 0").project("customer_id")


def verdict(answers: int) -> Verdict:
    """The verdict a number of nine answers amounts to."""
    return verdict_of(_ANSWERS[_digit(answers, number)] for number in range(len(RULES)))


def first_rule(answers: int) -> Rule | None:
    """The first rule that did not let a person pass, None if all did."""
    first = _first(answers)
    return None if first is None else RULES[first]


def strip(answers: int, contact: Contact) -> str:
    """The nine letters of gate.Decision.strip for a number of answers.

    >>> from datetime import UTC, datetime
    >>> strip(WAIT * 4 ** 5, Contact("sms", "due", datetime(2026, 3, 2, 3, tzinfo=UTC)))
    'pppppwppp'
    """
    letters = ("pswu"[_digit(answers, number)] for number in range(len(RULES)))
    return "".join(letter if is_asked(rule, contact) else "n" for rule, letter in zip(RULES, letters, strict=True))


def _digit(answers: int, number: int) -> int:
    return answers >> 2 * number & 3


def _first(answers: int) -> int | None:
    return next((number for number in range(len(RULES)) if _digit(answers, number)), None)


def _tally(asked: duckdb.DuckDBPyRelation) -> dict[int, int]:
    return dict(asked.aggregate("answers, count(*)", "answers").fetchall())


def _strip_sql(contact: Contact) -> str:
    letters = (
        f"substr('pswu', (answers >> {2 * number} & 3) + 1, 1)" if is_asked(rule, contact) else "'n'"
        for number, rule in enumerate(RULES)
    )
    return " || ".join(letters)


# A stop is the digit 1: its low bit set and its high bit not.
_LOW_BITS: Final = sum(4**number for number in range(len(RULES)))
_IS_REFUSED: Final = f"answers & ~(answers >> 1) & {_LOW_BITS} <> 0"
_VERDICT_SQL: Final = f"CASE WHEN answers = 0 THEN 'allowed' WHEN {_IS_REFUSED} THEN 'refused' ELSE 'held' END"
_FIRST_SQL: Final = (
    "CASE "
    + " ".join(f"WHEN answers & {3 * 4**number} <> 0 THEN '{rule}'" for number, rule in enumerate(RULES))
    + " END"
)


def _zones(persons: duckdb.DuckDBPyRelation, at: datetime) -> dict[str, time]:
    """The local time of day, at a moment, of every zone that occurs and that somebody knows."""
    names = (name for (name,) in persons.project("timezone").distinct().fetchall())
    known = ((name, zone) for name in names if (zone := zone_of(name)))
    return {name: at.astimezone(zone).time() for name, zone in known}


# A rule in SQL: which condition makes which answer, the first that is true counts, and the answer if none is.
Cases = tuple[list[tuple[str, int]], int]


def _case(cases: Cases, weight: int) -> str:
    # The answers are weighted here and joined by OR: multiplying and adding, checked for overflow, costs twice as much.
    whens, otherwise = cases
    listed = " ".join(f"WHEN {condition} THEN {answer * weight}" for condition, answer in whens)
    return f"CASE {listed} ELSE {otherwise * weight} END" if whens else str(otherwise * weight)


def _cases(rule: Rule, contact: Contact, zones: Mapping[str, time]) -> Cases:
    return _quiet_cases(contact, zones) if rule == "quiet_hours" else _CASES[rule](contact)


_CASES: Final[Mapping[Rule, Callable[[Contact], Cases]]] = {
    "reason": lambda contact: _must("reason_holds") if contact.reason.strip() else ([], STOP),
    "direct_marketing": lambda _: _must("(allows_direct_marketing AND NOT subject_closed)"),
    "channel": lambda contact: _must("reachable" if contact.service else f"(allows_{contact.channel} AND reachable)"),
    "suppression": lambda _: ([("NOT suppressed", PASS), ("suppressed", STOP)], UNKNOWN),
    "minor": lambda contact: _minor_cases(contact.at.date()),
    "complaint": lambda _: ([("open_complaints <= 0", PASS), ("open_complaints IS NULL", UNKNOWN)], WAIT),
    "frequency_cap": lambda contact: (
        [(f"contacts_30d < {contact.cap}", PASS), ("contacts_30d IS NULL", UNKNOWN)],
        WAIT,
    ),
    "priority": lambda contact: _priority_cases(contact),
}


def _must(condition: str) -> Cases:
    # Three-valued logic does the not knowing: FALSE AND NULL is FALSE, TRUE AND NULL is NULL.
    return [(condition, PASS), (f"NOT {condition}", STOP)], UNKNOWN


def _minor_cases(on: date) -> Cases:
    cutoffs = {where: youngest_birth_on(where, on) for where in [*ADULT_AT, "elsewhere"]}
    of_age_anywhere = f"birth_on <= DATE '{min(cutoffs.values())}'"
    cases = " ".join(f"WHEN '{where}' THEN {_born_after(day)}" for where, day in cutoffs.items())
    is_minor = f"CASE jurisdiction {cases} ELSE {_born_after(cutoffs['elsewhere'])} END"
    return [("flagged_minor", STOP), (of_age_anywhere, PASS), (is_minor, STOP)], PASS


def _born_after(day: date) -> str:
    # Of a birth year only its last day counts, so a whole year is after `day` unless `day` is that last day.
    first_year = day.year + ((day.month, day.day) == (12, 31))
    return f"CASE WHEN birth_on IS NOT NULL THEN birth_on > DATE '{day}' ELSE birth_year >= {first_year} END"


def _priority_cases(contact: Contact) -> Cases:
    is_older = f"competing_priority = {contact.priority} AND coalesce(competing_campaign, 0) < {contact.campaign}"
    is_weightier = f"competing_priority > {contact.priority}"
    return [("competing_priority IS NULL", PASS), (is_weightier, WAIT), (is_older, WAIT)], PASS


def _quiet_cases(contact: Contact, zones: Mapping[str, time]) -> Cases:
    # Hardly anybody has hours of her own: for the others the answer is the same all over a zone, and asked first.
    awake = [name for name, now in zones.items() if is_open(now, contact.open_from, contact.open_until)]
    asleep = [name for name in zones if name not in awake]
    usual = "AND may_from IS NULL AND may_until IS NULL"
    cases = [(f"{_in_zones(names)} {usual}", answer) for names, answer in ((awake, PASS), (asleep, WAIT)) if names]
    for now in sorted(set(zones.values())):
        here = _in_zones([name for name in zones if zones[name] == now])
        cases += [(f"{here} AND {_is_open_sql(now, contact)}", PASS), (here, WAIT)]
    return cases, UNKNOWN


def _in_zones(names: list[str]) -> str:
    return f"timezone IN ({', '.join(map(_quoted, names))})"


def _is_open_sql(now: time, contact: Contact) -> str:
    opens = f"coalesce(may_from, TIME '{contact.open_from}')"
    closes = f"coalesce(may_until, TIME '{contact.open_until}')"
    after, before = f"{opens} <= TIME '{now}'", f"TIME '{now}' < {closes}"
    return f"CASE WHEN {opens} < {closes} THEN {after} AND {before} ELSE {after} OR {before} END"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
