"""Her record, her contacts and the looks into her file, in words she can do something with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from regulars.desks.shared.codes_said import matter_said
from regulars.desks.shared.countries import country_said
from regulars.desks.shared.customer_words import (
    ACCESS_REASONS,
    COMPLAINT_OUTCOMES,
    CONTACT_POINTS,
    CONTACT_STATES,
    EVENT_KINDS,
    LANGUAGES,
    MARITAL,
    SEXES,
    TOUCHPOINT_KINDS,
    article_name,
    in_a_list,
    in_a_row,
    scores_said,
    since_last,
)
from regulars.desks.shared.dates import day, moment
from regulars.desks.shared.figures import money
from regulars.desks.shared.group_words import KINDS as GROUP_KINDS
from regulars.desks.shared.group_words import KNOWN_BY as GROUP_KNOWN_BY
from regulars.desks.shared.group_words import ROLES as GROUP_ROLES
from regulars.desks.shared.group_words import days_said
from regulars.desks.shared.kept_reasons import Kept, answers_of, kept
from regulars.desks.shared.log_words import said_because
from regulars.desks.shared.parts import Answer
from regulars.desks.shared.reasons import sentence_to_customer
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import CHANNELS, PRIVACY_RULES, ROLES, VIEWS, Words, say
from regulars.journeys.show_own_record import OwnRecord
from regulars.records.access_log.access import AccessLine
from regulars.records.company.access import company
from regulars.records.contacts.of_customer import ContactFacts
from regulars.records.customers.access import ContactPointFacts, CustomerFacts
from regulars.records.customers.origins import Origin, SaidBy
from regulars.records.groups.access import OwnBelonging
from regulars.records.orders.of_customer import Order
from regulars.records.own_attributes.access import OwnFact
from regulars.records.touchpoints.access import ComplaintFacts
from regulars.rules.cleaning.places import in_one_line
from regulars.rules.intake.money import digits_of
from regulars.rules.privacy.own_values import spoken

FIELDS: Final[Words] = {
    "name": pgettext_lazy("own data", "Name"), "honorific": gettext_lazy("How you are addressed"),
    "birth_on": gettext_lazy("Birth date"), "language": gettext_lazy("Language"), "city": gettext_lazy("Place"),
    "household_size": gettext_lazy("Household"),
    "email": gettext_lazy("E-mail"), "phone": gettext_lazy("Phone"), "letter": gettext_lazy("Address"),
    "orders": gettext_lazy("Purchases"), "other": pgettext_lazy("own data", "Something else"),
}  # fmt: skip
MAY_BE_STOPPED: Final = frozenset({"sent", "waiting", "reserved"})


@dataclass(frozen=True, slots=True)
class Held:
    """One thing we hold, with its source; `field` is what a correction is about, "" where it cannot be corrected."""

    label: str
    text: str
    source: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact: what it was, what became of it, the nine answers, and why in her own words."""

    id: UUID
    title: str
    state: str
    answers: Sequence[Answer]
    arm: str
    why: str
    said_no: bool
    channel: str
    may_stop: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Looks into the file on one day by one person for one reason."""

    icon: str
    who: str
    when: str
    why: str
    veil: bool


def record_drawn(held: OwnRecord, *, at: datetime, currency: str) -> dict[str, Any]:
    """What the page "my data" shows."""
    return {
        "basics": [*basics(held.facts, held.origins), *own_basics(held.own), *belongs(held.groups)],
        "source": held.facts.source or "",
        "reach": [_reach(point) for point in held.points], "bought": _bought(held, at),
        "orders": [_order(order, at) for order in held.orders], "met": _met(held, at),
        "events": _events(held, at), "value": _value(held),
        "closed": not held.facts.allows_automated_decision,
    }  # fmt: skip


def belongs(groups: Iterable[OwnBelonging]) -> list[Held]:
    """Households and accounts she belongs to, and how that is known; who else does is not said."""
    return [
        Held(
            str(say(GROUP_KINDS, one.kind)), " · ".join(filter(None, (
                one.name, say(GROUP_ROLES, one.role or ""),
                days_said(day(one.since_on) if one.since_on else "", day(one.until_on) if one.until_on else ""),
            ))), say(GROUP_KNOWN_BY, one.known_by), "other",
        )
        for one in groups
    ]  # fmt: skip


def basics(facts: CustomerFacts, origins: Iterable[Origin] = ()) -> list[Held]:
    """What is known of the person, and who said it where it was not the record's first source; what is not known is
    not listed."""
    rows = (
        (_("Customer number"), facts.number, "", ""), (FIELDS["name"], facts.name, "name", "name"),
        (FIELDS["honorific"], facts.honorific, "honorific", "honorific"),
        (_("Sex"), say(SEXES, facts.sex or ""), "other", "sex"),
        (FIELDS["birth_on"], day(facts.birth_on) if facts.birth_on else "", "birth_on", "birth_on"),
        (FIELDS["language"], say(LANGUAGES, facts.language or ""), "language", "language"),
        (FIELDS["city"], _place(facts), "city", "city"), (_("Postcode"), facts.postcode, "letter", "postcode"),
        (_("Shop"), facts.home_branch, "other", ""),
        (FIELDS["household_size"], _people(facts.household_size), "household_size", "household_size"),
        (_("Family"), say(MARITAL, facts.marital_status or ""), "other", "marital_status"),
        (_("Income"), facts.income_band, "other", "income_band"),
        (_("Knows about"), facts.product_knowledge, "other", ""), (_("Allergy"), facts.allergies, "other", "allergies"),
        (_("Id document"), facts.id_document, "other", "id_document"),
        (_("Known since"), day(facts.first_seen_on), "", ""),
    )  # fmt: skip
    said = {one.field: _said_by(one) for one in origins if one.others or (one.best and one.best.source != facts.source)}
    return [Held(str(label), str(text), said.get(of, ""), field) for label, text, field, of in rows if text]


def _said_by(one: Origin) -> str:
    """Who is believed, since when, and what others say instead."""
    told = [_others_say(other.source, _spoken(one.field, other.value)) for other in one.others if _differs(other, one)]
    if one.best and one.best.confirmed_at:
        told.insert(0, _("confirmed, %(day)s") % {"day": day(one.best.confirmed_at)})
    elif one.best and one.best.source:
        told.insert(0, _("%(source)s, %(day)s") % {"source": one.best.source, "day": day(one.best.said_at)})
    return " · ".join(told)


def _differs(other: SaidBy, one: Origin) -> bool:
    return one.best is None or other.value != one.best.value


def _others_say(source: str | None, value: str) -> str:
    return _("%(source)s says: %(value)s") % {"source": source, "value": value} if source else value


def _spoken(field: str, value: str) -> str:
    words: Mapping[str, Words] = {"sex": SEXES, "language": LANGUAGES, "marital_status": MARITAL}
    return say(words[field], value) if field in words else value


def own_basics(known: Iterable[OwnFact]) -> list[Held]:
    """What is known under the company's own attributes."""
    language, digits = get_language() or "en", digits_of(company().currency)
    return [
        Held(one.what.label_in(language), spoken(one.what, one.plain, digits=digits, language=language), field="other")
        for one in known
        if one.plain is not None
    ]


def contact_lines(contacts: Iterable[ContactFacts], *, at: datetime) -> list[ContactLine]:
    """Why she was contacted, and why not, newest first."""
    return [_contact(one, at) for one in contacts]


def looks(lines: Sequence[AccessLine]) -> list[Look]:
    """Who looked; the same person for the same reason on the same day is one line."""
    return [_look(list(group)) for _key, group in groupby(lines, key=_same)]


def _contact(one: ContactFacts, at: datetime) -> ContactLine:
    chinese = (get_language() or "").startswith("zh")
    campaign = (one.campaign_zh or one.campaign) if chinese else one.campaign
    title = _("%(channel)s: %(campaign)s") % {"channel": say(CHANNELS, one.channel), "campaign": campaign}
    rules = kept(one.reasons)
    against = [rule for rule in rules if rule.answer in ("stop", "wait")]
    words = [words for rule in (against or rules) if (words := sentence_to_customer(rule))]
    apart = one.state == "holdout"
    why = _("You were left out on purpose, to see what the message does.") if apart else in_a_row(*words)
    return ContactLine(
        one.id, f"{day(one.at, at=at)} {title}", say(CONTACT_STATES, one.state), answers_of(one.strip, one.reasons),
        "hold_out" if apart else "", why, _said_no(against), say(CHANNELS, one.channel), one.state in MAY_BE_STOPPED,
    )  # fmt: skip


def _said_no(against: Sequence[Kept]) -> bool:
    """Whether it was her own word that stood against it."""
    return bool(against) and against[0].rule in PRIVACY_RULES


def _same(line: AccessLine) -> tuple[object, ...]:
    on = timezone.localtime(line.at).date()
    return on, line.who, line.door, line.because, line.reference, line.allowed


def _why(because: str) -> str:
    """To her face where we have words for it; otherwise as the house says it."""
    return say(ACCESS_REASONS, because) if because in ACCESS_REASONS else said_because(because)


def _look(group: Sequence[AccessLine]) -> Look:
    line = group[0]
    role = say(ROLES, line.role)
    times = ngettext("%(n)d time", "%(n)d times", len(group)) % {"n": len(group)} if len(group) > 1 else ""
    why = " · ".join(part for part in (_why(line.because), line.reference, say(VIEWS, line.view), times) if part)
    when = moment(line.at, at=timezone.now())
    if not line.allowed:
        return Look("ban", _("Refused: %(role)s tried to look") % {"role": role}, when, why, True)
    if line.door == "open_contact":
        return Look("lock-open", _("%(role)s opened how to reach you") % {"role": role}, when, why, True)
    return Look("user", role, when, why, False)


def _reach(point: ContactPointFacts) -> Held:
    noted = day(point.noted_at)
    source = _("%(source)s, %(day)s") % {"source": point.source, "day": noted} if point.source else noted
    return Held(point.label or say(CONTACT_POINTS, point.channel), point.value or "", source, point.channel)


def _bought(held: OwnRecord, at: datetime) -> str:
    if held.activity is None:
        return ""
    count = ngettext("%(n)d purchase", "%(n)d purchases", held.activity.orders) % {"n": held.activity.orders}
    spent = money(held.activity.amount_minor, held.activity.currency)
    return _("%(count)s, %(money)s, last %(when)s") % {
        "count": count,
        "money": spent,
        "when": since_last(held.activity.last_at, at=at),
    }


def _order(order: Order, at: datetime) -> Held:
    named = [name for line in order.lines if (name := article_name(line.product or line.category))]
    what = in_a_list(named[:3]) + (" …" if len(named) > 3 else "")
    source = " · ".join(part for part in (order.branch or "", order.source or "", order.ref) if part)
    return Held(day(order.at, at=at), f"{money(order.amount_minor, order.currency)} {what}".strip(), source)


def _events(held: OwnRecord, at: datetime) -> list[Held]:
    """Her days on the web, in the app, at the till, each with what happened and where we have it from."""
    rows = []
    for one in held.events:
        count = ngettext("%(n)d event", "%(n)d events", one.events) % {"n": one.events}
        named = in_a_list(name for name in one.names if name)
        parts = (str(say(EVENT_KINDS, one.kind)), named, scores_said(one.scores), count)
        text = " · ".join(part for part in parts if part)
        rows.append(Held(day(one.at, at=at), text, one.source or ""))
    return rows


def _met(held: OwnRecord, at: datetime) -> list[Held]:
    """Meetings and complaints, newest first."""
    met = [
        (one.at, one.title or say(TOUCHPOINT_KINDS, one.kind), one.detail or "", called(one.staff_name or ""))
        for one in held.touchpoints
    ]
    complaints = [
        (one.opened_at, _complaint(one), one.detail or "",
         say(COMPLAINT_OUTCOMES, one.outcome) if one.outcome else "")
        for one in held.complaints
    ]  # fmt: skip
    rows = sorted((*met, *complaints), key=lambda row: row[0], reverse=True)
    return [Held(day(on, at=at), title, " · ".join(p for p in (detail, who) if p)) for on, title, detail, who in rows]


def _complaint(one: ComplaintFacts) -> str:
    return _("Complaint %(ref)s: %(matter)s") % {"ref": one.ref, "matter": matter_said(one.code)}


def _value(held: OwnRecord) -> str:
    value = held.value
    if value is None:
        return ""
    bands = _("How recently, how often and how much you buy, from 1 to 5: %(r)d, %(f)d, %(m)d.")
    rhythm = _("You come about every %(days)d days.") % {"days": round(value.rhythm_days)}
    return in_a_row(bands % {"r": value.r, "f": value.f, "m": value.m}, rhythm)


def _place(facts: CustomerFacts) -> str:
    return in_one_line(in_one_line(facts.city, facts.region), country_said(facts.country or ""))


def _people(size: int | None) -> str:
    return ngettext("%(n)d person", "%(n)d people", size) % {"n": size} if size else ""
