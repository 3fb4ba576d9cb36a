"""Why somebody was contacted, and why not: the codes of the contact gate as sentences.

`sentence` speaks about a customer to the people at a desk, `sentence_to_customer` to the customer on their own page.
Both take one answer of `rules/permission/gate.py` (or anything with `rule`, `answer`, `code` and `values`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any, Final, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.desks.shared.dates import moment
from regulars.desks.shared.parts import Answer
from regulars.desks.shared.words import Words


class Answered(Protocol):
    """What one rule said."""

    @property
    def rule(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def values(self) -> Mapping[str, object]: ...


REASONS: Final[Words] = {
    "due": gettext_lazy("due to buy"),
    "due_this_month": gettext_lazy("due this month"),
    "lapsed": gettext_lazy("was due and did not come"),
    "bought": gettext_lazy("bought lately"),
    "segment": gettext_lazy("belongs to the chosen segment"),
    "birthday": gettext_lazy("birthday this month"),
}

TO_A_DESK: Final[Words] = {
    "reason": "%(reason)s",
    "no_reason": gettext_lazy("no reason is given"),
    "decided_elsewhere": gettext_lazy("decided before it came into this house"),
    "reason_gone": gettext_lazy("no longer true: %(reason)s"),
    "marketing_open": gettext_lazy("agreed to direct marketing"),
    "erased": gettext_lazy("the customer was erased"),
    "marketing_closed": gettext_lazy("wants no direct marketing"),
    "subject_closed": gettext_lazy("wants nothing about this brand or topic"),
    "channel_open.email": gettext_lazy("e-mail is welcome"),
    "channel_open.phone": gettext_lazy("calls are welcome"),
    "channel_open.letter": gettext_lazy("letters are welcome"),
    "channel_open.sms": gettext_lazy("SMS are welcome"),
    "channel_closed.email": gettext_lazy("wants no e-mail"),
    "channel_closed.phone": gettext_lazy("takes no calls"),
    "channel_closed.letter": gettext_lazy("wants no letters"),
    "channel_closed.sms": gettext_lazy("wants no SMS"),
    "no_address": gettext_lazy("no usable address for this channel"),
    "suppressed": gettext_lazy("on a list of those never to be contacted"),
    "not_suppressed": gettext_lazy("on no suppression list"),
    "minor_by_flag": gettext_lazy("marked as under age"),
    "minor": gettext_lazy("under %(adult_at)s"),
    "of_age": gettext_lazy("of age"),
    "age_not_known": gettext_lazy("age not known, nothing speaks for under age"),
    "complaint_open": gettext_lazy("a complaint is still open"),
    "no_complaint": gettext_lazy("no open complaint"),
    "cap_reached": gettext_lazy("already contacted %(contacts)s times in %(days)s days, at most %(cap)s"),
    "under_cap": gettext_lazy("contacted %(contacts)s times in %(days)s days, at most %(cap)s"),
    "yields": gettext_lazy("gives way to a more important campaign"),
    "goes_first": gettext_lazy("goes before the other campaign planned"),
    "nothing_weightier": gettext_lazy("nothing more important is planned"),
    "awake": gettext_lazy("inside the hours %(from)s–%(until_time)s"),
    "quiet_hours": gettext_lazy("outside the hours %(from)s–%(until_time)s; asked again %(until)s"),
    "unknown": gettext_lazy("cannot tell yet, so nothing is sent"),
    "letter_has_no_hour": gettext_lazy("not asked: a letter has no hour"),
    "service_message": gettext_lazy("not asked: a service message"),
}

TO_THE_CUSTOMER: Final[Words] = {
    "marketing_open": gettext_lazy("You agreed to news and offers."),
    "marketing_closed": gettext_lazy("You want no news and offers."),
    "subject_closed": gettext_lazy("You want no news about this brand or topic."),
    "channel_closed.email": gettext_lazy("You want no e-mail."),
    "channel_closed.phone": gettext_lazy("You take no calls."),
    "channel_closed.letter": gettext_lazy("You want no letters."),
    "channel_closed.sms": gettext_lazy("You want no SMS."),
    "no_address": gettext_lazy("We have no address to reach you there."),
    "suppressed": gettext_lazy("You asked never to be contacted."),
    "complaint_open": gettext_lazy("Your complaint comes first."),
    "cap_reached": gettext_lazy("You had already heard from us %(contacts)s times in %(days)s days."),
    "quiet_hours": gettext_lazy("Not at this hour."),
    "minor": gettext_lazy("We do not advertise to young people."),
    "minor_by_flag": gettext_lazy("We do not advertise to young people."),
    "yields": gettext_lazy("Something more important came first."),
    "unknown": gettext_lazy("We could not tell, so nothing was sent."),
}


def sentence(said: Answered) -> str:
    """What this rule says about a customer, for those at a desk, in the language now active."""
    return _filled(TO_A_DESK, said)


def sentence_to_customer(said: Answered) -> str:
    """The same for the customer; empty where the rule says nothing one would ask about."""
    return _filled(TO_THE_CUSTOMER, said) if _words(TO_THE_CUSTOMER, said) else ""


def told(answers: Iterable[Answered]) -> list[Answer]:
    """All nine answers with their sentences, ready for the tags `gate_strip` and `why`."""
    return [Answer(said.rule, said.answer, sentence(said)) for said in answers]


def headline(answers: Iterable[Answered]) -> str:
    """The one line beside the strip: why this contact, or the first reason why not."""
    stops = [said for said in answers if said.answer in ("stop", "wait")]
    if not stops:
        return _("Why this contact")
    return _("Why not: %(reason)s") % {"reason": sentence(stops[0])}


def _filled(words: Words, said: Answered) -> str:
    text = _words(words, said)
    return str(text) % _spoken(said.values) if text else said.code


def _words(words: Words, said: Answered) -> Any:
    return words.get(said.code) or words.get(f"{said.code}.{said.values.get('channel', '')}")


def _spoken(values: Mapping[str, object]) -> dict[str, str]:
    return {name: _spoken_value(name, value) for name, value in values.items()}


def _spoken_value(name: str, value: object) -> str:
    if name == "reason":
        return str(REASONS.get(str(value), value))
    if isinstance(value, datetime):
        return moment(value)
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)
