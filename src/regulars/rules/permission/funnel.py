"""The contact gate for a whole audience: the nine rules as one expression over a table, and the funnel they leave.

`ask_everyone` gives every person one number, two bits per rule (0 pass, 1 stop, 2 wait, 3 nobody knows), because a
number is cheap for millions and there are only a few hundred different ones. Strips, first reasons, verdicts and the
funnel are then read off the different numbers. Row for row it says what `gate.decide` says of one person.
"""

from collections.abc import Mapping
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
    return "\n + ".join(f"({_sql(rule, contact, zones)}) * {4**number}" for number, rule in asked)


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


def _sql(rule: Rule, contact: Contact, zones: Mapping[str, time]) -> str:
    """One rule as an SQL number 0 to 3; three-valued logic does the not knowing: FALSE AND NULL is still FALSE."""
    match rule:
        case "reason":
            return "coalesce((NOT reason_holds)::INTEGER, 3)" if contact.reason.strip() else "1"
        case "direct_marketing":
            return "coalesce((NOT allows_direct_marketing)::INTEGER, 3)"
        case "channel":
            open_channel = "reachable" if contact.service else f"allows_{contact.channel} AND reachable"
            return f"coalesce((NOT ({open_channel}))::INTEGER, 3)"
        case "suppression":
            return "coalesce(suppressed::INTEGER, 3)"
        case "minor":
            return f"coalesce((flagged_minor OR {_is_minor_sql(contact.at.date())})::INTEGER, 0)"
        case "complaint":
            return "coalesce((open_complaints > 0)::INTEGER * 2, 3)"
        case "frequency_cap":
            return f"coalesce((contacts_30d >= {contact.cap})::INTEGER * 2, 3)"
        case "priority":
            return f"coalesce(({_yields_sql(contact)})::INTEGER * 2, 0)"
        case "quiet_hours":
            return _quiet_sql(contact, zones)


def _is_minor_sql(on: date) -> str:
    elsewhere = _born_after_sql(youngest_birth_on("none", on))
    cases = " ".join(f"WHEN '{where}' THEN {_born_after_sql(youngest_birth_on(where, on))}" for where in ADULT_AT)
    return f"CASE jurisdiction {cases} ELSE {elsewhere} END"


def _born_after_sql(day: date) -> str:
    # Of a birth year only its last day counts, so a whole year is after `day` unless `day` is that last day.
    first_year = day.year + ((day.month, day.day) == (12, 31))
    return f"CASE WHEN birth_on IS NOT NULL THEN birth_on > DATE '{day}' ELSE birth_year >= {first_year} END"


def _yields_sql(contact: Contact) -> str:
    older = f"coalesce(competing_campaign, 0) < {contact.campaign}"
    return f"competing_priority > {contact.priority} OR (competing_priority = {contact.priority} AND {older})"


def _quiet_sql(contact: Contact, zones: Mapping[str, time]) -> str:
    names_at: dict[time, list[str]] = {}
    for name, now in zones.items():
        names_at.setdefault(now, []).append(name)
    cases = " ".join(
        f"WHEN timezone IN ({', '.join(map(_quoted, names))}) THEN {_quiet_at_sql(contact, now)}"
        for now, names in names_at.items()
    )
    return f"CASE {cases} ELSE 3 END" if cases else "3"


def _quiet_at_sql(contact: Contact, now: time) -> str:
    # Hardly anybody has hours of her own: for the others the answer is the same all over a zone.
    usual = 0 if is_open(now, contact.open_from, contact.open_until) else WAIT
    opens = f"coalesce(may_from, TIME '{contact.open_from}')"
    closes = f"coalesce(may_until, TIME '{contact.open_until}')"
    after, before = f"{opens} <= TIME '{now}'", f"TIME '{now}' < {closes}"
    own = f"CASE WHEN {opens} < {closes} THEN {after} AND {before} ELSE {after} OR {before} END"
    return f"CASE WHEN may_from IS NULL AND may_until IS NULL THEN {usual} WHEN {own} THEN 0 ELSE {WAIT} END"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
