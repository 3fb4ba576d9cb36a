"""A campaign in words: its steps, what can be done next, a few people with the reasons, what told answerers apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from regulars.desks.marketing.result_drawn import between, test_seen
from regulars.desks.marketing.rule_drawn import value_word
from regulars.desks.marketing.today_drawn import named
from regulars.desks.marketing.ways import link, way_to
from regulars.desks.marketing.words import ARMS, CAMPAIGN_ICONS, CAMPAIGN_STATES, CAMPAIGN_TONES
from regulars.desks.shared.dates import day, moment
from regulars.desks.shared.figures import money, money_whole, number, percent
from regulars.desks.shared.kept_reasons import answers_of, kept
from regulars.desks.shared.parts import Answer, Step
from regulars.desks.shared.reasons import headline
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import CHANNELS, GATE_RULES, say
from regulars.journeys.judge_campaign import ROLL_OUT_WITHIN
from regulars.journeys.open_campaign import OpenedCampaign
from regulars.records.campaigns.access import CampaignFacts
from regulars.records.contacts.access import ContactLine
from regulars.rules.experiments.effect import LEVEL, level_of
from regulars.rules.experiments.profile import Band, Cell, ResponderProfile, Trait
from regulars.rules.segments.fields import FIELDS

#: The way a campaign takes when all goes well.
WAY: Final = ("draft", "ready", "testing", "passed", "rolling_out", "finished")
ENDS: Final = ("failed", "stopped")
TOLD_AT_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Doing:
    """Something that can be done now: its name in the address, its label, and the question asked before, if any."""

    what: str
    label: str
    icon: str
    main: bool = False
    question: str = ""


@dataclass(frozen=True, slots=True)
class Sampled:
    """One contact with the gate's strip and sentences."""

    name: str
    url: str
    city: str
    answers: Sequence[Answer]
    arm: str
    words: str
    when: str


@dataclass(frozen=True, slots=True)
class Clock:
    """How long until the roll-out goes out by itself."""

    left: str
    share: float
    label: str
    until: str


@dataclass(frozen=True, slots=True)
class Lift:
    """One group of people and how much likelier they were to answer."""

    trait: str
    value: str
    people: str
    rate: str
    lift: str
    between: str
    up: bool
    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One campaign in the list."""

    name: str
    url: str
    state: str
    tone: str
    icon: str
    segment: str
    contacted: str
    result: str
    around: str
    made: str


def state_tag(facts: CampaignFacts) -> tuple[str, str, str]:
    """The state as word, tone and icon."""
    return say(CAMPAIGN_STATES, facts.state), CAMPAIGN_TONES.get(facts.state, ""), CAMPAIGN_ICONS[facts.state]


def sentence(facts: CampaignFacts, language: str, *, segment_url: str) -> SafeString:
    """By which way, at what cost, why, whose it is."""
    parts = [say(CHANNELS, facts.channel)]
    if facts.cost_each_minor:
        parts.append(pgettext("campaign", "%(money)s each") % {"money": money(facts.cost_each_minor, facts.currency)})
    if facts.selling_point:
        parts.append(facts.selling_point)
    parts.append(_("owner %(name)s") % {"name": called(facts.owner)})
    if facts.budget_minor:
        spent = money_whole(int(facts.result.get("cost_minor") or 0), facts.currency)
        parts.append(
            _("budget %(budget)s, spent %(spent)s")
            % {"budget": money_whole(facts.budget_minor, facts.currency), "spent": spent}
        )
    segment = link(segment_url, named(facts.segment_name, facts.segment_name_zh, language))
    return format_html("{} · {}", " · ".join(parts), segment)


def steps(opened: OpenedCampaign, at: datetime) -> list[Step]:
    """The way from draft to end, what is under way dashed."""
    facts = opened.facts
    reached = [step.state for step in opened.steps]
    way = [state for state in WAY if facts.state not in ENDS or state in reached]
    drawn = [_step(state, opened, at) for state in way]
    if facts.state in ENDS:
        drawn.append(Step(say(CAMPAIGN_STATES, facts.state), _when(opened, facts.state, at), "done"))
    return drawn


def _step(state: str, opened: OpenedCampaign, at: datetime) -> Step:
    facts, order = opened.facts, WAY.index(state)
    now = WAY.index(facts.state) if facts.state in WAY else len(WAY)
    is_over = facts.state in ("finished", *ENDS)
    mark = "done" if order < now or (order == now and is_over) else "now" if order == now else ""
    return Step(_step_label(state, opened), _when(opened, state, at) or _ahead(state, facts, at), mark)


def _step_label(state: str, opened: OpenedCampaign) -> str:
    arms = _arm_sizes(opened)
    if state == "ready" and opened.facts.funnel:
        return _("Ready: %(n)s may be contacted") % {"n": number(sum(arms.values()))}
    if state == "testing" and arms["test"]:
        return _("Test: %(n)s messages") % {"n": number(arms["test"])}
    if state == "rolling_out" and arms["rollout"]:
        return _("Roll-out: %(n)s messages") % {"n": number(arms["rollout"])}
    return {"passed": _("Passed"), "finished": _("End")}.get(state, say(CAMPAIGN_STATES, state))


def _when(opened: OpenedCampaign, state: str, at: datetime) -> str:
    entered = opened.entered(state)
    return moment(entered, at=at) if entered else ""


def _ahead(state: str, facts: CampaignFacts, at: datetime) -> str:
    if state == "rolling_out":
        return _("within 48 hours of passing")
    if state == "finished" and facts.answers_until:
        return _("answers until %(day)s") % {"day": day(facts.answers_until, at=at)}
    return ""


def _arm_sizes(opened: OpenedCampaign) -> dict[str, int]:
    sizes = {"test": 0, "rollout": 0, "holdout": 0}
    for (arm, _state), count in opened.counts.items():
        if arm in sizes:
            sizes[arm] += count
    return sizes


def arm_sizes(opened: OpenedCampaign) -> dict[str, int]:
    """How many were drawn into each arm."""
    return _arm_sizes(opened)


def doings(opened: OpenedCampaign) -> list[Doing]:
    """What the owner can do next; the first that leads on is the main one."""
    state, waiting = opened.facts.state, opened.in_state("waiting", "held")
    rest = opened.in_state("reserved")
    stop = Doing(
        "stop",
        pgettext("campaign", "Stop"),
        "player-stop",
        question=_("Stop this campaign? What has left has left; nothing more does."),
    )
    send = [Doing("send", _("Send those waiting"), "send")] if waiting else []
    return {
        "draft": [Doing("prepare", _("Prepare"), "clipboard-list", main=True), stop],
        "ready": [
            Doing("test", _("Start the test"), "flask", main=True, question=_("The test messages leave now. Go on?")),
            stop,
        ],
        "testing": [Doing("judge", _("Judge the test"), "scale", main=True), *send, stop],
        "passed": [Doing("roll-out", _("Roll out now"), "send", main=True, question=_roll_out_question(rest)), stop],
        "rolling_out": [
            Doing(
                "finish",
                _("Close it"),
                "circle-check",
                main=not waiting,
                question=_("Close the campaign with its result?"),
            ),
            *send,
            stop,
        ],
    }.get(state, [])


def _roll_out_question(rest: int) -> str:
    words = ngettext("%(n)s message leaves now. Go on?", "%(n)s messages leave now. Go on?", rest)
    return words % {"n": number(rest)}


def clock(opened: OpenedCampaign, at: datetime) -> Clock | None:
    """The clock of a test that passed; None when none is running."""
    passed = opened.entered("passed")
    if opened.facts.state != "passed" or passed is None:
        return None
    left = max(passed + ROLL_OUT_WITHIN - at, timedelta(0))
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    label = _("of 48 hours, %(hours)d hours and %(minutes)d minutes are left") % {"hours": hours, "minutes": minutes}
    return Clock(f"{hours}:{minutes:02d}", left / ROLL_OUT_WITHIN, label, moment(passed + ROLL_OUT_WITHIN, at=at))


def verdict_words(facts: CampaignFacts) -> tuple[str, str]:
    """What the test says, as tone and sentence; empty before any answer."""
    judgement = facts.result.get("judgement") or {}
    seen = judgement.get("rate") or {}
    if seen.get("value") is None:
        return "", ""
    values = {
        "low": percent(seen["low"]), "high": percent(seen["high"]), "threshold": percent(facts.threshold),
        "rate": percent(seen["value"]),
    }  # fmt: skip
    tone = {"passed": "ok", "failed": "heed"}.get(judgement["verdict"], "")
    return tone, str(VERDICTS[judgement["verdict"]]) % values


def look_words(facts: CampaignFacts) -> str:
    """The how-manieth look at the test the verdict is of, and what looking again costs; empty before any answer."""
    judgement = facts.result.get("judgement") or {}
    if (judgement.get("rate") or {}).get("value") is None:
        return ""
    look = int(judgement.get("look", 1))
    if look == 1:
        return _("This is the first look at the test, its interval held to %(level)s.") % {"level": percent(LEVEL)}
    return _(
        "This is look number %(n)s at the test. Who looks often meets a lucky day, so the interval grows with every "
        "look at new figures; it is now held to %(level)s."
    ) % {"n": number(look), "level": percent(level_of(look), 2)}


VERDICTS: Final[Mapping[str, str | Promise]] = {
    "passed": gettext_lazy("The lower bound, %(low)s, has reached the threshold of %(threshold)s."),
    "failed": gettext_lazy(
        "The upper bound, %(high)s, stays below the threshold of %(threshold)s: the rest is not written to."
    ),
    "cannot_tell_yet": gettext_lazy(
        "%(rate)s so far, between %(low)s and %(high)s: the threshold of %(threshold)s lies inside. Cannot tell yet."
    ),
}


def split_words(facts: CampaignFacts) -> tuple[str, str]:
    """Whether the arms have the sizes they were meant to have, as tone and sentence."""
    split = facts.result.get("split") or {}
    if not split:
        return "", ""
    if split.get("is_mismatch"):
        return "heed", _(
            "The arms do not have the sizes they were meant to have (p = %(p)s). "
            "Do not trust the comparison; look for who went missing."
        ) % {"p": _p(split["p_value"])}
    return "ok", _("The arms have the sizes they were meant to have (p = %(p)s).") % {"p": _p(split["p_value"])}


def _p(value: Any) -> str:
    return f"{float(value):.2f}" if float(value) >= 0.005 else "< 0.005"


def samples(lines: Iterable[ContactLine], at: datetime) -> list[Sampled]:
    """Some contacts with their reasons."""
    return [_sampled(line, at) for line in lines]


def _sampled(line: ContactLine, at: datetime) -> Sampled:
    held_out = line.arm == "holdout"
    return Sampled(
        line.name or line.number,
        way_to("service:customer", line.number),
        line.city or "",
        answers_of(line.strip, line.reasons) if line.strip else (),
        "hold_out" if held_out else "",
        _sample_words(line, at),
        moment(line.sent_at, at=at) if line.sent_at else "",
    )


def _sample_words(line: ContactLine, at: datetime) -> str:
    if line.arm == "holdout":
        return _("Hold-out: could be written to, on purpose is not")
    if line.state == "sent":
        return _("%(arm)s, sent %(when)s") % {"arm": say(ARMS, line.arm), "when": moment(line.sent_at, at=at)}
    if line.state in ("reserved", "waiting"):
        return _("%(arm)s, not sent yet") % {"arm": say(ARMS, line.arm)}
    if line.state == "cancelled":
        return _("called off")
    return headline(kept(line.reasons)) if len(line.reasons) == len(GATE_RULES) else _("not sent")


def rows(all_: Iterable[CampaignFacts], *, language: str, at: datetime) -> list[CampaignRow]:
    """The list of campaigns."""
    return [_row(one, language, at) for one in all_]


def _row(one: CampaignFacts, language: str, at: datetime) -> CampaignRow:
    state, tone, icon = state_tag(one)
    arms = one.result.get("arms") or {}
    sent = sum(int((arms.get(arm) or {}).get("sent", 0)) for arm in ("test", "rollout"))
    seen = test_seen(one) if one.state == "testing" else one.result.get("contacted") or {}
    known = seen.get("value") is not None and sent
    return CampaignRow(
        named(one.name, one.name_zh, language),
        way_to("marketing:campaign", one.key),
        state,
        tone,
        icon,
        named(one.segment_name, one.segment_name_zh, language),
        number(sent) if sent else "–",
        percent(seen["value"]) if known else "–",
        between(seen) if known else "",
        day(one.made_at, at=at),
    )


# Who answered


def lifts(profile: ResponderProfile, currency: str, language: str) -> list[Lift]:
    """What told answerers from the others, the surest first."""
    told: dict[tuple[int, int], Lift] = {}
    for trait, cell in profile.telling:
        # The same people under another name (those of whom nobody knows the income, nor the household) are told once.
        told.setdefault((cell.people, cell.responders), _lift(trait, cell, currency, language))
    return list(told.values())[:TOLD_AT_MOST]


def _lift(trait: Trait, cell: Cell, currency: str, language: str) -> Lift:
    times = cell.lift
    endless = times.high == float("inf")
    value = times.value if times.value is not None else max(times.low * 2, 4.0)
    high = max(value * 2, times.low * 2, 4.0) if endless else times.high
    bounds = _("%(low)s or more") if endless else "%(low)s–%(high)s"
    return Lift(
        trait=FIELDS[trait.key].label_in(language) if trait.key in FIELDS else trait.key,
        value=_value_words(trait, cell.value, currency),
        people=number(cell.people),
        rate=percent(cell.rate.value),
        # Where nobody else answered there is nothing to be so many times of.
        lift=f"×{number(value, 1)}" if times.value is not None else _("nobody else"),
        between=bounds % {"low": number(times.low, 1), "high": number(high, 1)},
        up=value >= 1,
        middle=value,
        low=times.low,
        high=high,
    )


def _value_words(trait: Trait, value: object, currency: str) -> str:
    if value is None:
        return _("nothing known")
    if isinstance(value, Band):
        return _band_words(value, FIELDS[trait.key].kind if trait.key in FIELDS else "", currency)
    return value_word(trait.key, value)


def _band_words(band: Band, kind: str, currency: str) -> str:
    def written(amount: float | None) -> str:
        if kind == "money":
            return money_whole(int(amount or 0), currency)
        return percent(amount) if kind == "share" else number(amount)

    if band.above is None:
        return _("up to %(n)s") % {"n": written(band.up_to)}
    if band.up_to is None:
        return _("over %(n)s") % {"n": written(band.above)}
    return _("over %(low)s, up to %(high)s") % {"low": written(band.above), "high": written(band.up_to)}
