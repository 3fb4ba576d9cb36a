"""The rows of a rule as the form shows them: what can be chosen, what was chosen, how many it leaves."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext

from regulars.desks.marketing.rule_form import IN_DAYS, PERIODS, Draft, Row, Rows
from regulars.desks.marketing.words import (
    FIELD_SOURCES,
    GROUPS,
    KINDS_FIRST,
    KINDS_IF_ALL,
    KINDS_IF_ANY,
    OPERATORS,
    SEXES_AND_STAGES,
    STATES,
    UNITS,
)
from regulars.desks.marketing.words import PERIODS as PERIOD_WORDS
from regulars.desks.shared.figures import number, sign_of
from regulars.desks.shared.words import say
from regulars.journeys.offer_values import Offered
from regulars.rules.segments.aloud import Spoken
from regulars.rules.segments.fields import Field, field_called
from regulars.rules.segments.words import values_of

#: More values than these are not listed as boxes to tick; they are typed, with the names offered.
TICKED_AT_MOST: Final = 24
SHOWN_IN_SUMMARY: Final = 2
WORDS_OF_VALUES: Final = {"rfm_group": GROUPS, "state": STATES, "sex": SEXES_AND_STAGES, "stage": SEXES_AND_STAGES}
KEYWORDS: Final = frozenset(
    {
        *(
            "WITH",
            "AS",
            "SELECT",
            "FROM",
            "WHERE",
            "AND",
            "OR",
            "NOT",
            "IN",
            "IS",
            "TRUE",
            "NULL",
            "LEFT",
            "JOIN",
            "ON",
        ),
        *("BETWEEN", "DATE", "CASE", "WHEN", "THEN", "ELSE", "END", "USING", "GROUP", "BY", "HAVING", "DISTINCT"),
        *("ORDER", "LIMIT", "FILTER", "AT", "TIME", "ZONE", "DESC"),
    }
)

Options = Sequence[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value to tick: itself, its name, whether it is ticked."""

    value: str
    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class RowDrawn:
    """One condition with everything that can be chosen in it. `name` begins the names of its fields."""

    name: str
    place: str
    row: Row
    label: str
    fields: Sequence[tuple[str, Options]]
    operators: Options
    ticks: Sequence[Chosen]
    offered: str
    summary: str
    periods: Options
    before: str
    after: str
    input: str


@dataclass(frozen=True, slots=True)
class PartDrawn:
    """One part of the rule: how it is joined, its conditions, how many are left after it, and what is wrong with it."""

    name: str
    place: str
    kinds: Options
    is_group: bool
    is_bare: bool
    between: str
    rows: Sequence[RowDrawn]
    left: str
    share: float
    error: str


def parts_drawn(
    draft: Draft, *, offered: Offered, names: Mapping[str, Mapping[Any, str]], fields: Sequence[Field], currency: str,
    left: Mapping[int, tuple[int, float]], errors: Mapping[int, str],
) -> list[PartDrawn]:  # fmt: skip
    """The parts in order; `left` and `errors` are by the part's number, counted from one."""
    return [
        _part(n, part, draft, fields, offered, names, currency, left.get(n), errors.get(n, ""))
        for n, part in enumerate(draft.parts, 1)
    ]


def _part(
    n: int, part: Rows, draft: Draft, fields: Sequence[Field], offered: Offered, names: Mapping[str, Mapping[Any, str]],
    currency: str, left: tuple[int, float] | None, error: str,
) -> PartDrawn:  # fmt: skip
    words = KINDS_FIRST if n == 1 else KINDS_IF_ALL if draft.joined == "all" else KINDS_IF_ANY
    inside = part.kind != "one"
    rows = [
        _row(
            f"p{n}-{m}" if inside else f"p{n}", f"{n}-{m}" if inside else str(n), row, fields, offered, names, currency
        )
        for m, row in enumerate(part.rows, 1)
    ]
    return PartDrawn(
        f"p{n}",
        str(n),
        [(kind, str(word), kind == part.kind) for kind, word in words.items()],
        inside,
        part.kind == "none" and len(part.rows) == 1,
        pgettext("rule", "and") if part.kind == "all" else pgettext("rule", "or"),
        rows,
        number(left[0]) if left else "",
        left[1] if left else 0.0,
        error,
    )


def _row(
    name: str,
    place: str,
    row: Row,
    fields: Sequence[Field],
    offered: Offered,
    names: Mapping[str, Mapping[Any, str]],
    currency: str,
) -> RowDrawn:
    language = get_language() or "en"
    sources = {source: [one for one in fields if one.source == source] for source in FIELD_SOURCES}
    grouped = [
        (say(FIELD_SOURCES, source), [(one.key, one.label_in(language), one.key == row.field) for one in found])
        for source, found in sources.items()
        if found
    ]
    before, after = _units(row, currency)
    ticks = _ticks(row, offered, names)
    return RowDrawn(
        name, place, row, _label(row, fields, language), grouped,
        [(one, say(OPERATORS, one), one == row.operator_now) for one in row.of.operators],
        ticks, _more(row, offered), _summary([one.name for one in ticks if one.on]),
        [(one, say(PERIOD_WORDS, one), one == row.period) for one in PERIODS] if row.of.has_period else [],
        before, after, _input(row),
    )  # fmt: skip


def _label(row: Row, fields: Sequence[Field], language: str) -> str:
    """What the field is called; an own attribute by the name the company gave it."""
    return next((one for one in fields if one.key == row.field), row.of).label_in(language)


def _ticks(row: Row, offered: Offered, names: Mapping[str, Mapping[Any, str]]) -> list[Chosen]:
    """A short list whole, of a long one only what was chosen."""
    if not row.is_listed:
        return []
    if row.of.values:
        return [Chosen(value, value_word(row.field, value), value in row.values) for value in row.of.values]
    choices = {str(value): name for value, name in offered.choices.get(row.field, ())}
    if len(choices) <= TICKED_AT_MOST:
        listed = [*choices, *(value for value in row.values if value not in choices)]
    else:
        listed = list(row.values)
    known = {str(value): name for value, name in names.get(row.field, {}).items()}
    called = ((value, choices.get(value) or known.get(value) or value) for value in listed)
    return [Chosen(value, value_word(row.field, name), value in row.values) for value, name in called]


def value_word(field: str, value: object) -> str:
    """What a value of a field is called; itself where it has no other name."""
    if field in WORDS_OF_VALUES:
        return say(WORDS_OF_VALUES[field], str(value))
    asked = field_called(field)
    pair = values_of(asked).get(str(value)) if asked else None
    return pair[(get_language() or "en").startswith("zh")] if pair else str(value)


def _more(row: Row, offered: Offered) -> str:
    """The list of names a typed value is offered from; "free" where none is offered, empty where nothing is typed."""
    if not row.is_listed or row.of.values:
        return ""
    count = len(offered.choices.get(row.field, ()))
    if row.field == "bought_product":
        return "free"
    return row.field if count > TICKED_AT_MOST else ""


def _summary(chosen: Sequence[str]) -> str:
    if not chosen:
        return pgettext("rule", "choose…")
    shown = pgettext("between values", ", ").join(chosen[:SHOWN_IN_SUMMARY])
    more = len(chosen) - SHOWN_IN_SUMMARY
    return f"{shown} +{more}" if more > 0 else shown


def _units(row: Row, currency: str) -> tuple[str, str]:
    """What stands before and after the box one types in."""
    if row.of.kind == "money":
        return sign_of(currency).strip(), ""
    if row.of.kind == "share":
        return "", "%"
    if row.of.kind == "date":
        return "", str(UNITS["days"]) if row.operator_now in IN_DAYS else ""
    return "", str(UNITS.get(row.of.unit, ""))


def _input(row: Row) -> str:
    """The kind of box: number, decimal, date; empty where values are ticked."""
    if row.is_listed or not row.wants_value:
        return ""
    if row.of.kind == "date":
        return "number" if row.operator_now in IN_DAYS else "date"
    return "decimal" if row.of.kind in ("money", "share", "number") else "number"


def offers(draft: Draft, offered: Offered) -> list[tuple[str, list[str]]]:
    """The lists of names the form refers to, each once."""
    wanted = dict.fromkeys(row.field for part in draft.parts for row in part.rows if _more(row, offered) == row.field)
    return [(field, [name for _value, name in offered.choices[field]]) for field in wanted]


def read(pieces: Sequence[Spoken]) -> SafeString:
    """The sentence, with the conditions underlined and the joining words plain."""
    marked = ((mark_safe(f"<em>{escape(one.text)}</em>") if one.path else one.text,) for one in pieces)  # noqa: S308  escaped here
    return format_html_join("", "{}", marked)


def coloured(sql: str) -> SafeString:
    """The SQL with its keywords set strong."""
    words = re.split(r"(\w+)", sql)
    marked = ((mark_safe(f"<b>{word}</b>") if word in KEYWORDS else word,) for word in words)  # noqa: S308  a word of our list
    return format_html_join("", "{}", marked)
