"""The timeline in words: each moment as a line with its icon, its sentence and, for a contact, why or why not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.desks.shared.addresses import address
from regulars.desks.shared.codes_said import code_said, matter_said
from regulars.desks.shared.customer_words import (
    CHOICE_ICONS,
    CHOICE_SOURCES,
    COMPLAINT_OUTCOMES,
    CONTACT_ICONS,
    CONTACT_STATES,
    EVENT_ICONS,
    EVENT_KINDS,
    TOUCHPOINT_CHANNELS,
    TOUCHPOINT_ICONS,
    TOUCHPOINT_KINDS,
    article_name,
    in_a_list,
    scores_said,
)
from regulars.desks.shared.dates import clock, day, moment, named_day
from regulars.desks.shared.figures import money
from regulars.desks.shared.figures import number as number_in_words
from regulars.desks.shared.kept_reasons import answers_of, kept
from regulars.desks.shared.parts import Answer
from regulars.desks.shared.reasons import headline
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import CHANNELS, PURPOSES, say
from regulars.journeys.open_customer import Moment, Timeline
from regulars.records.choices.access import ChoiceFacts, FormerChoice
from regulars.records.contacts.of_customer import ContactFacts
from regulars.records.events.reading import EventDay, EventFacts
from regulars.records.orders.of_customer import Order, OrderLineFacts
from regulars.records.touchpoints.access import ComplaintFacts, TouchpointFacts
from regulars.rules.permission.choices import CHANNELS as ALL_CHANNELS

SENT = frozenset({"sent", "sending"})
SAID_NO = frozenset({"refused", "cancelled"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline; see `parts.Entry`, which this resembles. `lines_url` leads to an order's lines."""

    when: str
    clock: str
    icon: str
    title: str
    text: str = ""
    tone: str = ""
    tag: str = ""
    tag_tone: str = ""
    url: str = ""
    amount: str = ""
    lines_url: str = ""
    key: str = ""
    invented: bool = False
    masked: bool = False
    said: Sequence[tuple[str, str, str]] = ()
    answers: Sequence[Answer] = ()
    arm: str = ""
    headline: str = ""
    source: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def drawn(moments: Iterable[Moment], number: str, *, at: datetime, serving: bool) -> list[Line]:
    """The moments in words; choices made in one breath are one line. Who serves finds the way to complaints."""
    lines = (_line(list(group), number, at) for _key, group in groupby(moments, key=_breath))
    return [line if serving else replace(line, url="") for line in lines]


def earlier_url(timeline: Timeline, number: str, kind: str) -> str:
    """Where the timeline goes on, or nothing at its end."""
    if timeline.earlier is None:
        return ""
    before = timeline.earlier.isoformat().replace("+", "%2B")
    return f"{address('service:earlier', number)}?before={before}&show={kind}"


def order_drawn(order: Order) -> dict[str, Any]:
    """One order with its lines in words."""
    rows = [_article(line, order.currency) for line in order.lines]
    return {"order": order, "rows": rows, "total": money(order.amount_minor, order.currency)}


def _article(line: OrderLineFacts, currency: str) -> tuple[str, str, str, str]:
    """What, how many, for how much, and how much less by promotion."""
    saved = money(line.discount_minor, currency) if line.discount_minor else ""
    what = article_name(line.product or line.category) or _("article")
    return what, quantity(line.quantity_milli), money(line.amount_minor, currency), saved


def quantity(milli: int) -> str:
    """Thousandths as people write them: 2, 0.5."""
    return number_in_words(milli / 1000, 0 if milli % 1000 == 0 else 3)


def _breath(one: Moment) -> tuple[object, ...]:
    if not isinstance(one.what, ChoiceFacts):
        return (id(one),)
    return (one.at, one.kind, one.what.source, one.what.of if isinstance(one.what, FormerChoice) else "")


def _line(group: Sequence[Moment], number: str, at: datetime) -> Line:
    line = _said(group, number, at)
    local, today = timezone.localtime(group[0].at), timezone.localtime(at)
    return line if local.year == today.year else replace(line, when=day(local, at=local), clock=_year(local))


def _year(on: datetime) -> str:
    return f"{on.year}年" if (get_language() or "").startswith("zh") else str(on.year)


def _said(group: Sequence[Moment], number: str, at: datetime) -> Line:
    first = group[0].what
    when = named_day(group[0].at, at=at)
    if isinstance(first, ChoiceFacts):
        return _choices([one.what for one in group if isinstance(one.what, ChoiceFacts)], when)
    if isinstance(first, Order):
        return _order(first, number, when)
    if isinstance(first, ContactFacts):
        return _contact(first, when)
    if isinstance(first, EventFacts | EventDay):
        return _event_day(first, when) if isinstance(first, EventDay) else _event(first, when)
    return _complaint(first, number, when, at) if isinstance(first, ComplaintFacts) else _touchpoint(first, when)


def _order(order: Order, number: str, when: str) -> Line:
    back = order.amount_minor < 0
    what = _named(order.lines)
    title = _("Brought back: %(what)s") % {"what": what} if back else _("Bought %(what)s") % {"what": what}
    saved = _("%(money)s less by promotion") % {"money": money(order.discount_minor, order.currency)}
    text = " · ".join(part for part in (order.branch or "", saved if order.discount_minor > 0 else "") if part)
    page = f"{address('service:order', number, order.key)}?at={order.at.isoformat().replace('+', '%2B')}"
    return Line(
        when, clock(order.at), "arrow-back-up" if back else "shopping-bag", title, text,
        amount=money(order.amount_minor, order.currency), lines_url=page, key=f"order-{order.key}",
    )  # fmt: skip


def _named(lines: Sequence[OrderLineFacts]) -> str:
    """The dearest line by name, and how many others."""
    names = [article_name(line.product or line.category) for line in lines if line.product or line.category]
    if not names:
        return ngettext("%(n)s article", "%(n)s articles", len(lines)) % {"n": number_in_words(len(lines))}
    others = len(lines) - 1
    more = ngettext("%(what)s and %(n)d more", "%(what)s and %(n)d more", others) % {"what": names[0], "n": others}
    return more if others else names[0]


def _touchpoint(one: TouchpointFacts, when: str) -> Line:
    kind = say(TOUCHPOINT_KINDS, one.kind)
    title = one.title if one.kind != "correction" else _("%(kind)s: %(title)s") % {"kind": kind, "title": one.title}
    noted = one.staff_name if one.kind != "correction" else ""
    served = _("noted by %(name)s") % {"name": called(noted)} if noted else ""
    about = code_said("call", one.code) if one.code else ""
    text = " · ".join(part for part in (about, one.detail or "", one.branch or "", served) if part)
    said = f"{kind} · {say(TOUCHPOINT_CHANNELS, one.channel)}" if one.channel else kind
    icon = TOUCHPOINT_ICONS.get(one.kind, "note")
    return Line(
        when, clock(one.at), icon, str(title or said), text or ("" if one.title is None else said),
        invented=one.invented, masked=one.title is None,
    )  # fmt: skip


def _complaint(one: ComplaintFacts, number: str, when: str, at: datetime) -> Line:
    title = _("Complaint %(ref)s: %(matter)s") % {"ref": one.ref, "matter": matter_said(one.code)}
    page = address("service:complaint", number, one.id)
    if one.closed_at is not None:
        ended = say(COMPLAINT_OUTCOMES, one.outcome) if one.outcome else _("closed")
        return Line(
            when,
            clock(one.opened_at),
            "arrow-back-up",
            title,
            one.detail or "",
            tag=ended,
            url=page,
            invented=one.invented,
        )
    due = _("answer by %(when)s") % {"when": moment(one.answer_by, at=at)} if one.answer_by else _("still open")
    rest = _("No marketing until it is closed")
    text = f"{one.detail} · {rest}" if one.detail else rest
    return Line(
        when, clock(one.opened_at), "arrow-back-up", title, text, "bad", due, "heed", url=page, invented=one.invented
    )


def _event(one: EventFacts, when: str) -> Line:
    """One event with its plain values; what else was said is shown where the view opens it."""
    said = {**(one.properties or {}), **(one.free or {})}
    values = " · ".join(
        f"{name}: {value}"[:80] for name, value in list(said.items())[:6] if not isinstance(value, list)
    )
    text = " · ".join(part for part in (values, one.source or "") if part)
    return Line(when, clock(one.at), EVENT_ICONS.get(one.kind, "activity"), _event_title(one.kind, [one.name]), text)


def _event_day(one: EventDay, when: str) -> Line:
    count = ngettext("%(n)s event", "%(n)s events", one.events) % {"n": number_in_words(one.events)}
    text = " · ".join(part for part in (scores_said(one.scores), count, one.source or "") if part)
    return Line(when, clock(one.at), EVENT_ICONS.get(one.kind, "activity"), _event_title(one.kind, one.names), text)


def _event_title(kind: str, names: Sequence[str]) -> str:
    named = in_a_list(name for name in names if name)
    said = say(EVENT_KINDS, kind)
    return _("%(kind)s: %(title)s") % {"kind": said, "title": named} if named else said


def _contact(one: ContactFacts, when: str) -> Line:
    chinese = (get_language() or "").startswith("zh")
    campaign = (one.campaign_zh or one.campaign) if chinese else one.campaign
    title = _("%(channel)s: %(campaign)s") % {"channel": say(CHANNELS, one.channel), "campaign": campaign}
    went, stayed = CONTACT_ICONS.get(one.channel, ("message", "message-off"))
    sent = one.state in SENT
    answers, rules = answers_of(one.strip, one.reasons), kept(one.reasons)
    held_back = any(a.answer == "stop" and a.rule != "reason" for a in answers)
    apart = one.state == "holdout"
    return Line(
        when, clock(one.at), went if sent or one.state == "waiting" else stayed, title,
        tone=_tone(one.state, held_back), tag=say(CONTACT_STATES, one.state), tag_tone="ok" if sent else "",
        answers=answers,
        arm="hold_out" if apart else "", headline=_("Kept back on purpose, to compare") if apart else headline(rules),
    )  # fmt: skip


def _tone(state: str, held_back: bool) -> str:
    if state in SENT:
        return "out"
    return "held" if state in SAID_NO and held_back else ""


def _choices(entries: Sequence[ChoiceFacts], when: str) -> Line:
    """What was said in one breath: everything alike in one sentence, else one line for each."""
    first = entries[0]
    said = [
        (say(PURPOSES, e.purpose) if not e.channel else say(CHANNELS, e.channel), e.value) for e in _ordered(entries)
    ]
    statement = _("statement %(version)s") % {"version": first.statement_version} if first.statement_version else ""
    former = _("as %(number)s") % {"number": first.of} if isinstance(first, FormerChoice) else ""
    text = " · ".join(part for part in (say(CHOICE_SOURCES, first.source), statement, former) if part)
    icon = CHOICE_ICONS[first.value] if len({value for _label, value in said}) == 1 else "adjustments"
    tone = "held" if any(value == "denied" for _label, value in said) else ""
    listed = [(label, value, CHOICE_ICONS[value]) for label, value in said]
    return Line(when, clock(first.at), icon, _("Said about the use of their data"), text, tone, said=listed)


def _ordered(entries: Sequence[ChoiceFacts]) -> list[ChoiceFacts]:
    place = {name: n for n, name in enumerate(("", *ALL_CHANNELS))}
    return sorted(entries, key=lambda e: (tuple(PURPOSES).index(e.purpose), place[e.channel]))
