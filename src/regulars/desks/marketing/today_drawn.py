"""The first page in words: who waits for what, what runs, what is late, for the eyes of each role."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from regulars.desks.marketing.result_drawn import Band, band_of
from regulars.desks.marketing.ways import link, people_url, way_to
from regulars.desks.marketing.words import CAMPAIGN_ICONS, CAMPAIGN_STATES, CAMPAIGN_TONES, LISTS
from regulars.desks.shared.codes_said import matter_said
from regulars.desks.shared.customer_words import TASK_ICONS, TASK_KINDS
from regulars.desks.shared.dates import ago, day, is_soon, left, long_day
from regulars.desks.shared.figures import money_whole, number, percent
from regulars.desks.shared.parts import Piece
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import GATE_RULES, PRIVACY_RULES, say
from regulars.journeys.see_today import Today
from regulars.records.campaigns.access import CampaignFacts
from regulars.records.contacts.access import GateDay
from regulars.records.intake.access import SourceLine
from regulars.records.scores.access import Lists
from regulars.records.tasks.access import TaskFacts
from regulars.records.touchpoints.access import ComplaintLine
from regulars.rules.permission.asking import Asker

RUNNING: Final = ("passed", "rolling_out", "testing", "ready", "failed", "finished")
CAMPAIGNS_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work in the list of the morning."""

    icon: str
    title: str
    url: str
    due: str
    soon: bool
    small: str


@dataclass(frozen=True, slots=True)
class Running:
    """One campaign with its interval on a line."""

    name: str
    url: str
    state: str
    tone: str
    icon: str
    band: Band | None
    words: str
    urgent: str


@dataclass(frozen=True, slots=True)
class GateWords:
    """What the gate decided in a day."""

    when: str
    let_through: int
    by_privacy: int
    by_tact: int
    mostly: str


@dataclass(frozen=True, slots=True)
class Fresh:
    """One source and when it was heard of last."""

    name: str
    seen: str
    late: str


def sentence(today: Today, *, at: datetime, by: Asker) -> SafeString:
    """The day, and in one sentence what waits; every number leads to it."""
    said = (_waiting_clause(today, at), _complaints_clause(today), _passed_clause(today), _late_clause(today, at))
    clauses = [clause for clause in said if clause]
    if not clauses:
        return format_html(_("{day}. Nothing waits for you. All is in order."), day=long_day(at))
    joined = format_html_join(pgettext("between clauses", ", "), "{}", ((clause,) for clause in clauses))
    return format_html(_("{day}. {what}. All else is in order."), day=long_day(at), what=joined)


def _waiting_clause(today: Today, at: datetime) -> SafeString | None:
    waiting = today.waiting
    if not waiting.total:
        return None
    words = ngettext("{n} thing waits", "{n} things wait", waiting.total)
    tasks = link(way_to("service:tasks", whose=waiting.whose), format_html(words, n=number(waiting.total)))
    oldest = (at.date() - waiting.tasks[0].due_on).days
    if oldest <= 0:
        return tasks
    more = ngettext("the oldest {n} day late", "the oldest {n} days late", oldest)
    return format_html("{} ({})", tasks, format_html(more, n=oldest))


def _complaints_clause(today: Today) -> SafeString | None:
    count = today.complaints_in_all
    if not count:
        return None
    words = ngettext("{n} complaint wants an answer", "{n} complaints want an answer", count)
    return link(way_to("service:complaints"), format_html(words, n=number(count)))


def _passed_clause(today: Today) -> SafeString | None:
    passed = [one for one in today.campaigns if one.state == "passed"]
    if not passed:
        return None
    words = ngettext("{n} test has passed", "{n} tests have passed", len(passed))
    return link(way_to("marketing:campaign", passed[0].key), format_html(words, n=len(passed)))


def _late_clause(today: Today, at: datetime) -> SafeString | None:
    late = sum(1 for line in today.sources if line.is_overdue(at))
    if not late:
        return None
    words = ngettext("{n} source is late", "{n} sources are late", late)
    return link(way_to("data_room:sources"), format_html(words, n=late))


def lists_pieces(lists: Lists) -> list[Piece]:
    """The bar above the lists."""
    whole = lists.due or 1
    return [Piece(lists.bought / whole), Piece(lists.within_grace / whole, "b2"), Piece(lists.lapsed / whole, "b3")]


def lists_rows(today: Today, lists: Lists, *, currency: str, by: Asker) -> list[dict[str, Any]]:
    """The four lines of the three lists: key, label, small print, people, share and where they lead."""
    each = money_whole(lists.bought_minor // lists.bought, currency) if lists.bought else ""
    lapse = today.lapse
    small = {
        "due": _("by each one’s own rhythm"),
        "bought": _("%(money)s each on average") % {"money": each} if each else "",
        "within_grace": _("each still within their own patience"),
        "lapsed": _lapse_words(lapse.owned, lapse.ownerless) if lapse else "",
    }
    keys = {"due": None, "bought": "", "within_grace": "k3", "lapsed": "sand"}
    return [
        {
            "key": keys[which], "label": say(LISTS, which), "small": small[which], "people": getattr(lists, which),
            "share": percent(getattr(lists, which) / lists.due) if lists.due else "",
            "url": people_url(by, list=which, month=f"{lists.month:%Y-%m}") if getattr(lists, which) else "",
        }
        for which in LISTS
    ]  # fmt: skip


def _lapse_words(owned: int, ownerless: int) -> str:
    words = {"owned": number(owned), "free": number(ownerless)}
    if not owned + ownerless:
        return _("each deserves a task")
    if not ownerless:
        return _("%(owned)s of them have a task and an owner") % words
    return _("%(owned)s have a task and an owner, %(free)s a task without one") % words


def work(tasks: Iterable[TaskFacts], *, at: datetime, currency: str, own: bool = False) -> list[Work]:
    """Tasks as lines of the morning's list; of her `own` nobody needs to be told whose they are."""
    return [
        Work(
            TASK_ICONS.get(one.kind, "list-check"), _task_title(one), way_to("service:customer", one.number),
            left(one.due_on, at=at.date()), is_soon(one.due_on, at=at.date()), _task_small(one, currency, own),
        )
        for one in tasks
    ]  # fmt: skip


def _task_title(one: TaskFacts) -> str:
    who = one.name or one.number
    if one.words:
        return f"{who} · {one.words}"
    since = one.because.get("days_since")
    if one.kind == "lapse" and isinstance(since, int):
        return ngettext("%(who)s: %(n)s day away", "%(who)s: %(n)s days away", since) % {"who": who, "n": since}
    return f"{who} · {say(TASK_KINDS, one.kind)}"


def _task_small(one: TaskFacts, currency: str, own: bool) -> str:
    worth = _("%(money)s so far") % {"money": money_whole(one.worth_minor, currency)} if one.worth_minor else ""
    owner = "" if own else called(one.owner or "") or _("nobody has taken it yet")
    return " · ".join(part for part in (worth, owner) if part)


def complaint_work(lines: Iterable[ComplaintLine], *, at: datetime) -> list[Work]:
    """Complaints that wait for an answer."""
    return [
        Work(
            "alert-triangle", f"{line.name or line.number} · {matter_said(line.complaint.code)}",
            way_to("service:complaint", line.number, line.complaint.id),
            left(line.complaint.answer_by, at=at) if line.complaint.answer_by else "",
            bool(line.complaint.answer_by and is_soon(line.complaint.answer_by, at=at)),
            line.complaint.ref + (f" · {line.branch}" if line.branch else ""),
        )
        for line in lines
    ]  # fmt: skip


def running(campaigns: Iterable[CampaignFacts], *, at: datetime, language: str) -> list[Running]:
    """The campaigns most worth a look: passed first, then those under way, then the newest that ended."""
    ranked = sorted((one for one in campaigns if one.state in RUNNING), key=lambda one: RUNNING.index(one.state))
    return [_running(one, at, language) for one in ranked[:CAMPAIGNS_SHOWN]]


def _running(one: CampaignFacts, at: datetime, language: str) -> Running:
    band = band_of(one)
    return Running(
        name=named(one.name, one.name_zh, language), url=way_to("marketing:campaign", one.key),
        state=say(CAMPAIGN_STATES, one.state), tone=CAMPAIGN_TONES.get(one.state, ""), icon=CAMPAIGN_ICONS[one.state],
        band=band, words=band.words if band else _("no answers yet"),
        urgent=_("rolls out within 48 hours") if one.state == "passed" else "",
    )  # fmt: skip


def named(name: str, name_zh: str, language: str) -> str:
    """The name in the reader's language."""
    return (name_zh if language.startswith("zh") else "") or name


def gate_words(gate: GateDay | None, *, at: datetime) -> GateWords | None:
    """How many contacts were let through, how many privacy and tact kept back, and what kept back most."""
    if gate is None:
        return None
    stops: dict[str, int] = {}
    let_through = 0
    for strip, count in gate.strips.items():
        rule = first_stop(strip)
        if rule is None:
            let_through += count
        else:
            stops[rule] = stops.get(rule, 0) + count
    by_privacy = sum(count for rule, count in stops.items() if rule in PRIVACY_RULES)
    mostly = say(GATE_RULES, max(stops, key=lambda rule: stops[rule])) if stops else ""
    return GateWords(day(gate.until, at=at), let_through, by_privacy, sum(stops.values()) - by_privacy, mostly)


def first_stop(strip: str) -> str | None:
    """The first rule of a strip that did not let pass."""
    return next((rule for rule, letter in zip(GATE_RULES, strip, strict=False) if letter in "swu"), None)


def freshness(sources: Iterable[SourceLine], *, at: datetime) -> list[Fresh]:
    """Each source that sends something, when it was heard of last, and how often it should be if that is overdue."""
    return [_fresh(line, at) for line in sources if line.files or line.last_at or line.source.refresh_days]


def _fresh(line: SourceLine, at: datetime) -> Fresh:
    late = ""
    if line.is_overdue(at):
        days = line.source.refresh_days or 1
        late = ngettext("due every day", "due every %(n)d days", days) % {"n": days}
    return Fresh(line.source.name or line.source.ref, ago(min(line.last_at, at) if line.last_at else None, at=at), late)
