"""Segments in words: the list, the ready ones, earlier versions, and why somebody is in one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.desks.marketing.rule_drawn import value_word
from regulars.desks.marketing.today_drawn import named
from regulars.desks.shared.dates import ago, day
from regulars.desks.shared.figures import money_short, money_whole, number, percent
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.staff_names import called
from regulars.journeys.explore_segment import aloud
from regulars.journeys.why_in_segment import WhyThisOne
from regulars.records.campaigns.access import CampaignFacts
from regulars.records.segments.access import SegmentFacts, VersionFacts
from regulars.rules.segments.aloud import Reader, phrase
from regulars.rules.segments.facts import Because
from regulars.rules.segments.ready import READY
from regulars.rules.segments.rule import mistake_in

Names = Mapping[str, Mapping[Any, str]]


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment in the list; `reading` is how its rule reads, or why it cannot be read."""

    name: str
    url: str
    reading: str
    is_set_aside: bool
    count: str
    share: float
    worth: str
    counted: str
    used: str


@dataclass(frozen=True, slots=True)
class Said:
    """One condition as it was found for one customer."""

    words: str
    found: str
    holds: bool
    speaks_for: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Whether one customer is in a segment, and what every condition found."""

    name: str
    url: str
    is_in: bool
    of: str
    said: Sequence[Said]


def list_rows(
    living: Iterable[SegmentFacts],
    sent: Iterable[CampaignFacts],
    *,
    names: Names,
    everybody: int,
    currency: str,
    language: str,
    at: datetime,
) -> list[SegmentRow]:
    """The list of segments."""
    uses: dict[int, list[str]] = {}
    for one in sent:
        uses.setdefault(one.segment_id, []).append(named(one.name, one.name_zh, language))
    return [
        SegmentRow(
            named(one.name, one.name_zh, language),
            reverse("marketing:segment", args=[one.key]),
            reading_of(one.rule, language, names),
            one.mistake is not None,
            number(one.count) if one.counted_at else "–",
            one.count / everybody if everybody and one.counted_at else 0.0,
            money_short(one.worth_minor, currency) if one.counted_at else "–",
            ago(one.counted_at, at=max(at, one.counted_at)) if one.counted_at else _("not counted yet"),
            _shortened(uses.get(one.id, [])),
        )
        for one in living
    ]


def reading_of(rule: Mapping[str, Any], language: str, names: Names | None = None) -> str:
    """The rule in a sentence, or in a sentence what keeps it from being read."""
    mistake = mistake_in(rule)
    return sentence_for(mistake) if mistake else aloud(rule, language, names)


def _shortened(many: Sequence[str]) -> str:
    if len(many) <= 2:
        return pgettext("between values", ", ").join(many)
    return _("%(first)s and %(n)d more") % {"first": many[0], "n": len(many) - 1}


def ready_rows(taken: Iterable[str], language: str) -> list[tuple[str, str, str]]:
    """(key, name, use) of the ready segments that nobody has taken yet."""
    chinese, known = language.startswith("zh"), set(taken)
    return [
        (one.key, one.name_zh if chinese else one.name, one.use_zh if chinese else one.use)
        for one in READY.values()
        if one.key not in known
    ]


def versions_drawn(versions: Iterable[VersionFacts], language: str, at: datetime) -> list[tuple[int, str, str, str]]:
    """(number, what the rule said, who changed it, when) of earlier versions."""
    return [
        (one.version, reading_of(one.rule, language), called(one.changed_by), day(one.changed_at, at=at))
        for one in versions
    ]


def why_drawn(told: WhyThisOne, names: Names, language: str, currency: str) -> Told:
    """The answer in words."""
    reader = Reader(language, currency, names)
    return Told(
        told.name,
        reverse("service:customer", args=[told.number]),
        told.why.is_in,
        day(told.as_of),
        [
            Said(phrase(one.condition, reader), _found(one, names, currency), one.holds, one.speaks_for)
            for one in told.why.reasons
        ],
    )


def _found(one: Because, names: Names, currency: str) -> str:
    """What is known of the customer, as one would say it."""
    found, kind = one.found, one.condition.of.kind
    if found is None or found == ():
        return _("nothing known") if found is None else _("nothing")
    if isinstance(found, tuple):
        return pgettext("between values", ", ").join(_named(one, each, names) for each in found)
    if kind == "money" and isinstance(found, int):
        return money_whole(found, currency)
    if kind == "share" and isinstance(found, float):
        return percent(found)
    if isinstance(found, date):
        return day(found)
    return number(found) if isinstance(found, int) and kind != "id" else _named(one, found, names)


def _named(one: Because, value: Any, names: Names) -> str:
    return names.get(one.condition.field, {}).get(value) or value_word(one.condition.field, value)
