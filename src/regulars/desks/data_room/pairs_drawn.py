"""Pairs as the steward sees them: the list, and two records side by side with what speaks for and against."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.desks.shared.countries import country_said
from regulars.desks.shared.customer_words import LANGUAGES, MARITAL, SEXES, in_a_list
from regulars.desks.shared.dates import day
from regulars.desks.shared.figures import signed
from regulars.desks.shared.merging_words import BECAUSE, FIELDS, PAIR_STATES, scope_said
from regulars.desks.shared.parts import Cell, Column, Table
from regulars.desks.shared.recognition_words import LIKELIHOODS, likelihood, reason_said
from regulars.desks.shared.words import CHANNELS, say
from regulars.journeys.merge_customers import MergePreview
from regulars.records.customers.access import CustomerFacts
from regulars.records.customers.within_reach import Named
from regulars.records.merging.reviewing import PairInQuestion
from regulars.rules.identity.judging import SURE, judged
from regulars.rules.identity.model import Match
from regulars.rules.merging.winners import FIELDS as COLUMNS
from regulars.rules.merging.winners import Side, Winner

#: Columns of a field that stand in another one's words already, or mean nothing to a reader.
NOT_SHOWN: Final = frozenset({"given_name", "family_name", "name_sort", "timezone", "jurisdiction", "home_branch_id"})
#: Fields whose values are codes.
WORDS: Final = {"sex": SEXES, "language": LANGUAGES, "marital_status": MARITAL, "preferred_channel": CHANNELS}
WIDEST: Final = 12.0


def pairs_table(pairs: Sequence[PairInQuestion]) -> Table:
    """The pairs that wait, each with its strongest reasons."""
    columns = [
        Column(pgettext("pair", "One")), Column(pgettext("pair", "The other")), Column(_("How likely")),
        Column(_("Why"), wide=True), Column(_("State")),
    ]  # fmt: skip
    rows = [_line(one) for one in pairs]
    return Table(columns, rows, caption=_("Pairs that may be one person"), close=True, keys=True)


def pair_page(
    found: PairInQuestion, seen: MergePreview, *, swapped: bool, chosen: Mapping[str, Side]
) -> dict[str, Any]:  # fmt: skip
    """Everything the page of a pair says."""
    return {
        "pair": found, "seen": seen, "swapped": swapped, "chosen": chosen,
        "fields": [_field(one, seen) for one in seen.winners],
        "alike": [_alike(name, seen.into) for name in _same(seen)], "waterfall": _waterfall(seen.match),
        "closes": [scope_said(scope) for scope in seen.closes],
        "how_likely": _how_likely(seen.match), "points": signed(seen.match.bits, 1),
    }  # fmt: skip


def _line(one: PairInQuestion) -> list[Cell]:
    reasons = in_a_list(reason_said(step) for step in one.match.reasons[:3])
    return [
        replace(_named(one.one), url=reverse("data_room:pair", args=[one.id]), strong=True),
        _named(one.other), Cell(_how_likely(one.match)),
        Cell(reasons or "–", tone="mid"), Cell(say(PAIR_STATES, one.state), tone="mid"),
    ]  # fmt: skip


def _how_likely(match: Match) -> str:
    return say(LIKELIHOODS, likelihood(match.probability, sure=judged(match) == SURE))


def _named(one: Named) -> Cell:
    return Cell(one.name, small=one.number) if one.name else Cell(one.number)


def _field(one: Winner, seen: MergePreview) -> dict[str, Any]:
    """One field on which they differ: both values, whose stands and why; a child's birth date is nobody's to choose."""
    return {
        "key": one.field, "label": say(FIELDS, one.field), "into": shown(seen.into, one.field),
        "goes": shown(seen.goes, one.field), "side": one.side, "because": say(BECAUSE, one.because),
        "fixed": one.because == "child", "ruled": one.because != "chosen",
    }  # fmt: skip


def _alike(name: str, record: CustomerFacts) -> tuple[str, str]:
    return str(say(FIELDS, name)), shown(record, name)


def _same(seen: MergePreview) -> list[str]:
    """Fields on which both say the same, and something."""
    differ = {one.field for one in seen.winners}
    return [name for name in COLUMNS if name not in differ and shown(seen.into, name)]


def shown(record: CustomerFacts, name: str) -> str:
    """What a record says under a field, as far as the reader's view shows it."""
    if name == "home_branch":
        return record.home_branch or ""
    if name in WORDS:
        return str(say(WORDS[name], str(getattr(record, name) or "")))
    told = ((column, getattr(record, column)) for column in COLUMNS[name] if column not in NOT_SHOWN)
    return " ".join(_text(column, value) for column, value in told if value not in (None, ""))


def _text(column: str, value: object) -> str:
    if column == "country":
        return country_said(str(value))
    return str(day(value)) if isinstance(value, date) else str(value)


def _waterfall(match: Match) -> list[dict[str, Any]]:
    """Each comparison that says something: for or against, and how strongly (0 to 100)."""
    return [
        {"label": reason_said(step), "points": signed(step.bits, 1), "for": step.bits > 0,
         "size": round(min(abs(step.bits) / WIDEST, 1.0) * 100)}
        for step in match.steps if round(step.bits, 1)
    ]  # fmt: skip
