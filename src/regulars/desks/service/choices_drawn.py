"""What a customer said, as the panel "do not disturb" shows it: channels that stand alike on one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from regulars.desks.shared.customer_words import CHOICE_SENTENCES, CHOICE_SOURCES
from regulars.desks.shared.dates import moment
from regulars.desks.shared.laws import law_in_words
from regulars.desks.shared.parts import Choice
from regulars.desks.shared.words import CHANNELS, PURPOSES, say
from regulars.journeys.read_choices import HeldChoices
from regulars.records.choices.access import ChoiceFacts
from regulars.records.choices.subjects import subjects
from regulars.records.customers.access import CustomerFacts
from regulars.rules.permission.choices import DIRECT_MARKETING, Scope, Standing


def choices_drawn(choices: Sequence[Standing], facts: CustomerFacts) -> list[Choice]:
    """Marketing as a whole, its channels (alike ones together), then the other purposes."""
    whole = [one for one in choices if one.purpose == DIRECT_MARKETING and not one.channel]
    channels = sorted((one for one in choices if one.channel), key=_alike)
    others = [one for one in choices if one.purpose != DIRECT_MARKETING]
    return [
        *(_line(say(PURPOSES, one.purpose), one, "") for one in whole),
        *(_channels(list(group), facts) for _key, group in groupby(channels, key=_alike)),
        *(_line(say(PURPOSES, one.purpose), one, "") for one in others),
    ]


def why_no_marketing(choices: Sequence[Standing]) -> str:
    """Why no marketing reaches her, in a sentence; empty where it may."""
    whole = next((one for one in choices if one.purpose == DIRECT_MARKETING and not one.channel), None)
    if whole is None or whole.holds:
        return ""
    if whole.said == "denied":
        return _("No marketing reaches this customer: they closed it.")
    return _("No marketing reaches this customer: they have not said yes.")


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One permission on the page where it is written down: what holds, what it rests on, what can be said."""

    allows: str
    label: str
    sentence: str
    holds: bool
    said: str
    rests_on: str
    beneath: bool


def every_choice(held: HeldChoices, *, at: datetime) -> list[ChoiceRow]:
    """The eight permissions in the order people are asked, each with the entry or the article it rests on."""
    standing = {one.allows: one for one in held.choices}
    return [_row(standing[allows], rests_on(standing[allows], held.history, at)) for allows in CHOICE_SENTENCES]


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A brand or topic that can be taken out of news and offers."""

    kind: str
    key: str
    label: str
    sentence: str
    out: bool


def subject_rows(held: HeldChoices) -> list[SubjectRow]:
    """Brands, then topics, each with the sentence to read out."""
    language = get_language() or "en"
    return [_subject(one.kind, one.key, one.called(language), held.exceptions) for one in subjects()]


def _subject(kind: str, key: str, name: str, out: frozenset[Scope]) -> SubjectRow:
    scope = Scope(DIRECT_MARKETING, brand=key if kind == "brand" else "", topic=key if kind == "topic" else "")
    return SubjectRow(kind, key, name, _("News and offers about %(name)s") % {"name": name}, scope in out)


def _row(one: Standing, rests: str) -> ChoiceRow:
    label = say(CHANNELS, one.channel) if one.channel else say(PURPOSES, one.purpose)
    sentence = str(CHOICE_SENTENCES[one.allows])
    return ChoiceRow(one.allows, label, sentence, one.holds, one.said, rests, bool(one.channel))


def rests_on(one: Standing, history: Sequence[ChoiceFacts], at: datetime) -> str:
    """Why it holds or not: "Said 18 May 2024, at the counter, statement 3", or the article that counts by itself."""
    if one.because == "whole_closed":
        return _("Marketing as a whole is closed, so this is too.")
    if one.because == "child":
        return _("Nothing was said; a child's silence is a no.")
    if one.entry is None or one.said == "unset":
        return _("Nothing was said; %(law)s") % {"law": law_in_words(one.source)}
    entry = next((fact for fact in history if fact.id == one.entry.id), None)
    source = say(CHOICE_SOURCES, entry.source) if entry else ""
    version = entry.statement_version if entry else None
    statement = _("statement %(version)s") % {"version": version} if version else ""
    said = _("Said %(when)s") % {"when": moment(one.entry.at, at=at)}
    return pgettext("clauses", ", ").join(part for part in (said, source, statement) if part)


def hours_of(facts: CustomerFacts) -> str:
    """The hours the customer may be reached in, or nothing when they never said."""
    if facts.quiet_from is None or facts.quiet_until is None:
        return ""
    return _("%(from)s:00–%(until)s:00") % {"from": facts.quiet_until, "until": facts.quiet_from}


def _alike(one: Standing) -> tuple[bool, str, str]:
    """What is closed from above looks alike, whatever was once said about it."""
    return one.holds, "" if one.because == "whole_closed" else one.said, one.because


def _channels(group: Sequence[Standing], facts: CustomerFacts) -> Choice:
    names = _joined([say(CHANNELS, one.channel) for one in group])
    return _line(names, group[0], hours_of(facts) if group[0].holds else "")


def _joined(names: Sequence[str]) -> str:
    if (get_language() or "").startswith("zh"):
        return "、".join(names)
    return ", ".join([*names[:1], *(name if name.isupper() else name.lower() for name in names[1:])])


def _line(label: str, one: Standing, note: str) -> Choice:
    if one.because == "whole_closed":
        return Choice(label, "denied", _("no marketing at all"), pgettext("choice", "no"))
    if one.said == "unset":
        return Choice(label, "unset", _("counts as yes") if one.holds else _("counts as no"))
    return Choice(label, one.said, note)
