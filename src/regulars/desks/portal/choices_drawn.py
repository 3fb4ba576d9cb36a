"""The switches in words: what each allows, and what it stands on now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from regulars.desks.shared.customer_words import CHOICE_SENTENCES
from regulars.desks.shared.dates import day
from regulars.desks.shared.words import Words
from regulars.journeys.read_choices import HeldChoices
from regulars.records.choices.signals import SignalHeard
from regulars.records.choices.subjects import subjects
from regulars.records.customers.access import CustomerFacts
from regulars.rules.permission.choices import DIRECT_MARKETING, Scope, Standing
from regulars.rules.permission.errors import NotThere

SMALL: Final[Words] = {
    "allows_direct_marketing": gettext_lazy("Off: no advertising at all, by no way"),
    "allows_phone": gettext_lazy("Off: not even a courtesy call"),
    "allows_automated_decision": gettext_lazy("Off changes neither points nor prices"),
    "allows_disclosure": gettext_lazy("Off: nobody outside gets anything about you"),
    "allows_sensitive_use": gettext_lazy("Off: they are kept, and nobody uses them"),
}
#: On her page, where they stand beneath the whole, the channels need fewer words.
SHORT: Final[Words] = {
    "allows_email": gettext_lazy("by e-mail"),
    "allows_sms": gettext_lazy("by SMS"),
    "allows_letter": gettext_lazy("by letter"),
}


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch; `rests_on` says since when, or that nothing was said. `beneath` ones hang on marketing as a whole.

    `kept`: turning it on is a guardian's to say.
    """

    allows: str
    label: str
    small: str
    rests_on: str
    on: bool
    beneath: bool
    idle: bool
    kept: bool = False

    @property
    def turns_to(self) -> str:
        """What moving it says."""
        return "denied" if self.on else "granted"


def switches(held: HeldChoices, *, at: datetime) -> list[Switch]:
    """All eight, in the order people ask about them."""
    standing = {one.allows: one for one in held.choices}
    versions = {fact.id: fact.statement_version for fact in held.history}
    return [_switch(standing[allows], versions, at, held.is_child) for allows in CHOICE_SENTENCES]


@dataclass(frozen=True, slots=True)
class SubjectSwitch:
    """A brand or topic: on while news about it may come."""

    kind: str
    key: str
    label: str
    on: bool

    @property
    def turns_to(self) -> str:
        """What moving it says."""
        return "denied" if self.on else "granted"


def subject_switches(held: HeldChoices) -> list[SubjectSwitch]:
    """Brands, then topics, that can be taken out of news and offers by themselves."""
    language = get_language() or "en"
    return [
        SubjectSwitch(one.kind, one.key, one.called(language), _scope(one.kind, one.key) not in held.exceptions)
        for one in subjects()
    ]


def subject_wording(kind: str, key: str) -> str:
    """The very sentence she says yes or no to; NotThere for a brand or topic that cannot be taken out."""
    language = get_language() or "en"
    named = next((one.called(language) for one in subjects() if (one.kind, one.key) == (kind, key)), None)
    if named is None:
        raise NotThere("choice_subject_unknown", {"kind": kind, "key": key[:40]})
    return _("News and offers about %(name)s") % {"name": named}


def signal_sentence(heard: SignalHeard | None, *, at: datetime) -> str:
    """What became of her browser's signal, or nothing when it sent none."""
    if heard is None:
        return ""
    words = {"day": day(heard.at, at=at)}
    if heard.outcome == "denied":
        return _("Your browser asks us not to sell or share your data. Since %(day)s that counts as your no.") % words
    return _("Your browser asks us not to sell or share your data. We noted it on %(day)s; nobody gets anything "
             "about you without your yes.") % words  # fmt: skip


def _scope(kind: str, key: str) -> Scope:
    return Scope(DIRECT_MARKETING, brand=key if kind == "brand" else "", topic=key if kind == "topic" else "")


def hours_sentence(facts: CustomerFacts) -> str:
    """When she may be reached, in one line."""
    if facts.quiet_from is None or facts.quiet_until is None:
        return _("At any decent hour")
    return _("Only from %(from)s:00 to %(until)s:00") % {"from": facts.quiet_until, "until": facts.quiet_from}


def _switch(one: Standing, versions: Mapping[int, int | None], at: datetime, is_child: bool) -> Switch:
    idle = one.because == "whole_closed"
    on = one.said == "granted" if idle else one.holds
    return Switch(
        one.allows,
        str(SHORT.get(one.allows) or CHOICE_SENTENCES[one.allows]),
        str(SMALL.get(one.allows, "")),
        _rests_on(one, versions, at),
        on,
        bool(one.channel),
        idle,
        is_child and not on,
    )


def _rests_on(one: Standing, versions: Mapping[int, int | None], at: datetime) -> str:
    if one.because == "whole_closed":
        return _("Rests while the switch above is off.")
    if one.because == "child":
        return _("You have not said; at your age it counts as no.")
    if one.entry is not None and one.said != "unset":
        words = {"day": day(one.entry.at, at=at), "version": versions.get(one.entry.id)}
        under = words["version"] is not None
        return (
            _("You said so on %(day)s, under statement %(version)s.") if under else _("You said so on %(day)s.")
        ) % words
    return _("You have not said; it counts as yes.") if one.holds else _("You have not said; it counts as no.")
