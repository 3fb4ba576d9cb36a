"""The card in words: what a customer's file says, as far as the reader's view shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from regulars.desks.service.cases import cases_of, who_could
from regulars.desks.service.choices_drawn import choices_drawn, why_no_marketing
from regulars.desks.service.timeline_drawn import drawn, earlier_url
from regulars.desks.service.work_drawn import complaint_drawn, preferences_drawn
from regulars.desks.shared.addresses import address
from regulars.desks.shared.cleaning_words import all_of
from regulars.desks.shared.customer_words import (
    CONTACT_POINTS,
    LANGUAGES,
    MARITAL,
    SEXES,
    TASK_ICONS,
    TASK_KINDS,
    since_last,
)
from regulars.desks.shared.dates import clock, day, is_soon, left
from regulars.desks.shared.frame import initial_of
from regulars.desks.shared.log_words import said_because
from regulars.desks.shared.merging_words import MAY_DECIDE
from regulars.desks.shared.navigation import url_of
from regulars.desks.shared.parts import Opening
from regulars.desks.shared.quality_words import asks_said
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import say
from regulars.journeys.open_contact import ROLES, ContactKey
from regulars.journeys.open_customer import CustomerCard
from regulars.journeys.recognise_customer import Recognised
from regulars.records.company.access import company
from regulars.records.customers.access import ContactPointFacts, CustomerFacts
from regulars.records.orders.of_customer import Activity
from regulars.records.own_attributes.access import OwnFact
from regulars.records.scores.of_customer import Standing as Value
from regulars.records.tasks.access import TaskFacts
from regulars.rules.cleaning.places import in_one_line
from regulars.rules.intake.money import digits_of
from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.own_values import spoken
from regulars.rules.privacy.views import MASKED, SHOWN
from regulars.rules.quality.asking import Ask, Known, Way, to_ask

YEAR = timedelta(days=365)
SENSITIVE = ("allergies",)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: `how` is open, coarse or masked; `source` is where it came from; a masked one may have an opening."""

    label: str
    text: str
    how: str = "open"
    source: str = ""
    opening: Opening | None = None
    key: str = ""
    channel: str = ""
    point: int = 0
    invented: bool = False
    until: str = ""
    came: str = ""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One customer found, with hints in words."""

    number: str
    name: str
    initial: str
    url: str
    where: str
    last: str
    state: str
    state_tone: str
    complaint: bool
    marketing: bool
    prospect: bool
    invented: bool
    may_open: bool


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task in the card's right column."""

    icon: str
    label: str
    due: str
    soon: bool
    small: str


def line_of(found: Recognised, *, at: datetime) -> FoundLine:
    """One line of the list of those found."""
    who, state = found.customer, _standing_word(found.state)
    return FoundLine(
        number=who.number, name=who.name or who.number, initial=initial_of(who.name or ""),
        url=address("service:customer", who.number),
        where=" · ".join(part for part in (who.home_branch or "", who.city or "") if part),
        last=since_last(found.last_at, at=at) if found.last_at else "", state=state, state_tone="heed" if state else "",
        complaint=found.complaint_open, marketing=who.allows_direct_marketing, prospect=who.stage == "prospect",
        invented=who.invented, may_open=who.may_open,
    )  # fmt: skip


def card_page(
    card: CustomerCard, *, by: Asker, at: datetime, kind: str, keys: Sequence[ContactKey] = ()
) -> dict[str, Any]:
    """Everything the template of the card needs; `keys` are to the contact points that are open for a while."""
    page = _who(card, by, at) | _holds(card, by, at, keys) | _happened(card, by, at, kind) | _worth(card, by, at)
    masked = sum(fact.how == "masked" for fact in (*page["known"], *page["reach"]))
    absent = ngettext("%(n)d masked", "%(n)d masked", masked) % {"n": masked} if masked else ""
    return page | {"absent_label": absent}


def _who(card: CustomerCard, by: Asker, at: datetime) -> dict[str, Any]:
    facts = card.facts
    return {
        "facts": facts, "name": facts.name or facts.number, "initial": initial_of(facts.name or ""),
        "subtitle": _subtitle(facts, card.activity, at),
        "merged": [
            {"goes": one.goes, "at": one.at, "who": one.who, "why": said_because(one.because)} for one in card.merged
        ],
        "may_unmerge": by.role in MAY_DECIDE,
        "may_serve": by.role in ROLES, "may_work": by.role in ROLES | {"marketer"},
        "may_sell": by.role == "service",
    }  # fmt: skip


def _holds(card: CustomerCard, by: Asker, at: datetime, keys: Sequence[ContactKey]) -> dict[str, Any]:
    seconds = [int((key.until - timezone.now()).total_seconds()) + 1 for key in keys]
    return {
        "choices": choices_drawn(card.choices, card.facts),
        "no_marketing": why_no_marketing(card.choices),
        "known": [*facts_drawn(card), *own_drawn(card)],
        "reach": reach_drawn(card, by, keys),
        "ask": asks_said(_to_ask(card, at)) if by.role in ROLES else "",
        "closes_in": max(min(seconds), 1) if seconds else 0,
    }


def _to_ask(card: CustomerCard, at: datetime) -> list[Ask]:
    """What to ask for again now that she is here, from what the card shows anyway."""
    ways = (Way(one.channel, one.valid, one.noted_at.date()) for one in card.points)
    fields = (Known(one.field, one.since.date(), one.disputed) for one in card.sure)
    return to_ask(ways, fields, on=at.date())


def _happened(card: CustomerCard, by: Asker, at: datetime, kind: str) -> dict[str, Any]:
    number, serving = card.facts.number, by.role in ROLES
    return {
        "lines": drawn(card.timeline.moments, number, at=at, serving=serving),
        "earlier_url": earlier_url(card.timeline, number, kind),
        "filters": filters(kind),
        "waiting": [complaint_drawn(one, at=at) for one in card.complaints if one.closed_at is None and serving],
    }


def _worth(card: CustomerCard, by: Asker, at: datetime) -> dict[str, Any]:
    return {
        "value": card.value, "activity": card.activity, "standing": _standing(card.value, at),
        "rfm_url": url_of("rfm", by),
        "rhythm": round(card.value.rhythm_days) if card.value else 0, "wishes": card.wishes,
        "segments": [_segment(one, by) for one in card.segments], "tasks_url": url_of("tasks", by),
        "preferences": preferences_drawn(card.preferences),
        "tasks": [_task(one, at) for one in card.tasks if one.state == "open"],
    }  # fmt: skip


def filters(chosen: str) -> list[tuple[str, str, bool]]:
    """(kind, words, chosen) of the timeline's filters."""
    words = {
        "": pgettext("filter", "All"), "bought": pgettext("filter", "Bought"), "contact": pgettext("filter", "Contact"),
        "service": pgettext("filter", "Service"), "event": pgettext("filter", "Events"),
        "choice": pgettext("filter", "Choices"),
    }  # fmt: skip
    return [(kind, label, kind == chosen) for kind, label in words.items()]


def facts_drawn(card: CustomerCard) -> list[Fact]:
    """What is known; masked facts look alike whether there is a value or not."""
    facts = card.facts
    rows = [
        (_("Sex"), "sex", say(SEXES, facts.sex or "")), (_("Born"), "birth_on", _born(facts)),
        (_("Lives in"), "city", _place(facts)), (_("Household"), "household_size", _people(facts.household_size)),
        (_("Family"), "marital_status", say(MARITAL, facts.marital_status or "")),
        (_("Income"), "income_band", facts.income_band),
        (_("Language"), "language", say(LANGUAGES, facts.language or "")),
        (_("Knows"), "product_knowledge", facts.product_knowledge), (_("Allergy"), "allergies", facts.allergies),
    ]  # fmt: skip
    shown = [_fact(label, name, text or "", facts) for label, name, text in rows]
    return [fact for fact in shown if fact.text or fact.how == "masked"]


def own_drawn(card: CustomerCard) -> list[Fact]:
    """The company's own attributes; one that the view closes looks alike whether anything is noted or not."""
    language, digits = get_language() or "en", digits_of(company().currency)
    return [_own(one, language, digits) for one in card.own if one.plain is not None or one.shown == MASKED]


def _own(one: OwnFact, language: str, digits: int) -> Fact:
    label = one.what.label_in(language)
    if one.plain is None:
        who = _("Your view leaves this out, whether anything is noted or not. The privacy officer sees it.")
        closed = _("sensitive") if one.what.data_class == "sensitive" else _("closed")
        opening = Opening(who, data_class=one.what.data_class, subject=label)
        return Fact(label, closed, "masked", opening=opening, key=f"own-{one.what.key}")
    text = spoken(one.what, one.plain, digits=digits, language=language)
    return Fact(label, text, "open" if one.shown == SHOWN else "coarse")


def reach_drawn(card: CustomerCard, by: Asker, keys: Sequence[ContactKey] = ()) -> list[Fact]:
    """Ways to reach the customer: that there is one is told, the value only to whom the view or a reason shows it."""
    opening, until = _opening(card, by), {key.point_id: key for key in keys}
    return [_point(point, card, opening, until.get(point.id)) for point in card.points]


def _fact(label: str, name: str, text: str, facts: CustomerFacts) -> Fact:
    if name in facts.masked:
        class_ = "sensitive" if name in SENSITIVE else "personal"
        who = _("Your view leaves this out, whether anything is noted or not. The privacy officer sees it.")
        return Fact(
            label, _closed_word(name), "masked", opening=Opening(who, data_class=class_, subject=label), key=name
        )
    how = "coarse" if name in facts.coarse else "open"
    return Fact(label, text, how)


def _closed_word(name: str) -> str:
    return _("sensitive") if name in SENSITIVE else _("closed")


def _point(point: ContactPointFacts, card: CustomerCard, opening: Opening, opened: ContactKey | None) -> Fact:
    label = point.label or say(CONTACT_POINTS, point.channel)
    key = f"{point.channel}-{point.id}"
    noted = _("%(source)s, %(day)s") % {"source": point.source, "day": day(point.noted_at)} if point.source else ""
    if point.value is None:
        dots = {"email": "•••••@•••", "letter": "••••••••"}.get(point.channel, "••• •••• ••••")
        mine = Opening(opening.who, opening.url, opening.reasons, opening.data_class, label)
        return Fact(label, dots, "masked", noted, mine, key, point.channel, point.id)
    until = (
        _("open until %(clock)s, for %(case)s") % {"clock": clock(opened.until), "case": opened.reference}
        if opened
        else ""
    )
    return Fact(
        label, point.value, "open", noted, None, key, point.channel, point.id, card.facts.invented, until, _came(point)
    )


def _came(point: ContactPointFacts) -> str:
    """How it came and why it was changed; nothing where it came as it is kept."""
    if not point.came:
        return ""
    return _("came as “%(text)s”: %(why)s") % {"text": point.came, "why": all_of(point.changed)}


def _opening(card: CustomerCard, by: Asker) -> Opening:
    may = by.role in ROLES
    url = address("service:open_contact", card.facts.number) if may else ""
    return Opening(who_could(card.reach, by.role), url, cases_of(card) if may else ())


def _subtitle(facts: CustomerFacts, activity: Activity | None, at: datetime) -> str:
    since = _since(facts, at)
    visits = ""
    if activity:
        visits = ngettext("%(n)d visit", "%(n)d visits", activity.orders) % {"n": activity.orders}
        last = since_last(activity.last_at, at=at)
        visits = _("%(visits)s, last %(when)s") % {"visits": visits, "when": last}
    return " · ".join(part for part in (facts.number, facts.home_branch or "", since, visits) if part)


def _since(facts: CustomerFacts, at: datetime) -> str:
    if facts.stage == "prospect":
        return _("not a customer yet")
    years = (at.date() - facts.first_seen_on) // YEAR
    if years < 1:
        return _("known since %(day)s") % {"day": day(facts.first_seen_on, at=at)}
    return ngettext("a regular for %(n)d year", "a regular for %(n)d years", years) % {"n": years}


def _born(facts: CustomerFacts) -> str:
    if facts.birth_on is None:
        return ""
    return str(facts.birth_on.year) if "birth_on" in facts.coarse else day(facts.birth_on)


def _place(facts: CustomerFacts) -> str:
    return in_one_line(facts.city, facts.region)


def _people(size: int | None) -> str:
    return ngettext("%(n)d person", "%(n)d people", size) % {"n": size} if size else ""


def _standing_word(state: str) -> str:
    return _("due, did not come") if state == "lapsed" else ""


def _standing(value: Value | None, at: datetime) -> tuple[str, str]:
    """Where they stand on the three lists, in a sentence, and its tone."""
    if value is None:
        return "", ""
    today: date = at.date()
    if value.state == "lapsed":
        return _("Was due %(day)s and did not come") % {"day": day(value.due_on, at=today)}, "heed"
    if value.due_on <= today:
        return _("Due since %(day)s, within grace") % {"day": day(value.due_on, at=today)}, ""
    return _("Due %(day)s") % {"day": day(value.due_on, at=today)}, ""


def _segment(one: Any, by: Asker) -> tuple[str, str]:
    chinese = (get_language() or "").startswith("zh")
    home = url_of("segments", by)
    return (one.name_zh or one.name) if chinese else one.name, f"{home}{one.key}/" if home else ""


def _task(one: TaskFacts, at: datetime) -> TaskLine:
    owner = called(one.owner or "") or _("nobody has taken it yet")
    small: Sequence[str] = [part for part in (owner, one.words) if part]
    return TaskLine(
        TASK_ICONS.get(one.kind, "list-check"), say(TASK_KINDS, one.kind), left(one.due_on, at=at.date()),
        is_soon(one.due_on, at=at.date()), " · ".join(small),
    )  # fmt: skip
