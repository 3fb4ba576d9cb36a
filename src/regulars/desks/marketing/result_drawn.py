"""What came of a campaign, in figures with their intervals: test, threshold, hold-out, cost, expected and actual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.charts import Picture, response_curve
from regulars.desks.marketing.ways import way_to
from regulars.desks.shared.dates import day
from regulars.desks.shared.figures import money, money_whole, number, percent, signed
from regulars.desks.shared.parts import Cell, Chart, Column, Key, Table
from regulars.desks.shared.pictures import framed
from regulars.records.campaigns.access import CampaignFacts
from regulars.rules.experiments.effect import Arm, rate

ROOM: Final = 1.25  # how much wider than its longest part the line of an interval is


@dataclass(frozen=True, slots=True)
class Band:
    """An estimate on a line: middle, low, high, the end of the line, the threshold; and the same in words."""

    middle: float
    low: float
    high: float
    most: float
    threshold: float | None
    words: str


def band_of(facts: CampaignFacts) -> Band | None:
    """The response with its interval: of the test, or of everybody contacted once it is over; None without answers."""
    is_over = facts.state in ("finished", "rolling_out")
    seen = (facts.result.get("contacted") or {}) if is_over else test_seen(facts)
    if seen.get("value") is None:
        return None
    words = _effect_words(facts) if is_over else _test_words(facts, seen)
    most = max(seen["high"], facts.threshold) * ROOM
    return Band(seen["value"], seen["low"], seen["high"], most, facts.threshold, words)


def test_seen(facts: CampaignFacts) -> Mapping[str, Any]:
    """The test as it was last looked at, with the interval of that look: what nobody has looked at is not shown here,
    or every glance would be one more look."""
    judgement = facts.result.get("judgement") or {}
    return judgement.get("rate") or {}


def _test_words(facts: CampaignFacts, seen: Mapping[str, Any]) -> str:
    words = _("%(rate)s (%(between)s), threshold %(threshold)s") % {
        "rate": percent(seen["value"]), "between": between(seen), "threshold": percent(facts.threshold),
    }  # fmt: skip
    verdict = (facts.result.get("judgement") or {}).get("verdict")
    return " · ".join((words, _("cannot tell yet"))) if verdict == "cannot_tell_yet" else words


def _effect_words(facts: CampaignFacts) -> str:
    gain = facts.result.get("effect") or {}
    if gain.get("value") is None:
        return percent(facts.result["contacted"]["value"])
    return _("%(points)s points against the hold-out (%(low)s to %(high)s)") % {
        "points": points(gain["value"]), "low": points(gain["low"]), "high": points(gain["high"]),
    }  # fmt: skip


def between(seen: Mapping[str, Any]) -> str:
    """An interval of rates without its percent signs, as it stands in brackets: 3.4–6.9."""
    return f"{number(seen['low'] * 100, 1)}–{number(seen['high'] * 100, 1)}"


def points(share: float) -> str:
    """A difference of rates in percentage points with its sign.

    >>> points(0.0339), points(-0.0242)
    ('+3.4', '−2.4')
    """
    return signed(share * 100, 1)


def curve_rows(facts: CampaignFacts) -> list[dict[str, Any]]:
    """Day by day the answered share of the test group (with its interval) and of the hold-out."""
    arms = facts.result.get("arms") or {}
    test, holdout = (int((arms.get(arm) or {}).get("people", 0)) for arm in ("test", "holdout"))
    return [_curve_row(one, test, holdout) for one in facts.result.get("curve") or []]


def _curve_row(one: Mapping[str, Any], test: int, holdout: int) -> dict[str, Any]:
    seen, held = rate(Arm(test, min(one["test"], test))), rate(Arm(holdout, min(one["holdout"], holdout)))
    shown = seen.value is not None
    return {
        "day": one["day"], "rate": seen.value, "low": seen.low if shown else None, "high": seen.high if shown else None,
        "hold_out": held.value,
    }  # fmt: skip


def curve_picture(facts: CampaignFacts) -> Picture:
    """The curve with the reader's words."""
    rows = curve_rows(facts)
    words = {one["day"]: day(date.fromisoformat(one["day"]), at=date.fromisoformat(rows[-1]["day"])) for one in rows}
    words |= {
        "rate": pgettext("arm", "test"), "hold_out": _("hold-out"), "threshold": _("threshold"),
        "low": _("at least"), "high": _("at most"), "day": pgettext("column", "Day"),
    }  # fmt: skip
    return response_curve(rows, threshold=facts.threshold, words=words)


def curve_chart(facts: CampaignFacts) -> Chart | None:
    """The curve as a chart; None before the first answer."""
    if not facts.result.get("curve"):
        return None
    held = facts.result.get("holdout") or {}
    keys = [Key(_("Test group with 95% bounds"))]
    if held.get("value") is not None:
        keys.append(
            Key(
                _("Hold-out %(rate)s (%(between)s)") % {"rate": percent(held["value"]), "between": between(held)},
                "line",
            )
        )
    return framed(
        "test", curve_picture(facts), _("Response of test group and hold-out, with interval and threshold"),
        currency=facts.currency, keys=keys, csv_url=way_to("marketing:campaign", facts.key, csv="test"),
    )  # fmt: skip


def expected_table(facts: CampaignFacts) -> Table:
    """What was expected, what the test brought, and what everybody contacted brings or will bring."""
    columns = [
        Column(""), Column(_("Expected"), numeric=True), Column(_("Test so far"), numeric=True),
        Column(_("Everybody contacted"), numeric=True),
    ]  # fmt: skip
    rows = [_response_row(facts), _people_row(facts), _cost_row(facts), _each_row(facts)]
    return Table(columns, rows, caption=_("Expected and actual"), close=True)


def _response_row(facts: CampaignFacts) -> Sequence[Any]:
    test, all_ = (facts.result.get(name) or {} for name in ("test", "contacted"))
    return [
        _("Response"), Cell(percent(facts.expected_response), tone="mid"), Cell(_rate(test), strong=True), _rate(all_),
    ]  # fmt: skip


def _people_row(facts: CampaignFacts) -> Sequence[Any]:
    arms = facts.result.get("arms") or {}
    test, rollout = arms.get("test") or {}, arms.get("rollout") or {}
    people = _planned_people(facts)
    expected = number(people * facts.expected_response) if people else None
    return [
        _("People who answered"), Cell(expected or "–", tone="mid"), Cell(_count(test), strong=True),
        _answers(facts, test, rollout),
    ]  # fmt: skip


def _answers(facts: CampaignFacts, test: Mapping[str, Any], rollout: Mapping[str, Any]) -> str:
    """Counted where the roll-out was sent, else estimated with its interval from the test."""
    if rollout.get("sent"):
        return number(int(test.get("responders", 0)) + int(rollout.get("responders", 0)))
    likely = facts.result.get("expected_responses") or {}
    if likely.get("value") is None:
        return "–"
    return _("%(low)s–%(high)s, estimated") % {"low": number(likely["low"]), "high": number(likely["high"])}


def _cost_row(facts: CampaignFacts) -> Sequence[Any]:
    arms = facts.result.get("arms") or {}
    sent = int((arms.get("test") or {}).get("sent", 0))
    people = _planned_people(facts)
    return [
        pgettext("campaign", "Cost"),
        Cell(money_whole(people * facts.cost_each_minor, facts.currency) if people else "–", tone="mid"),
        Cell(money(sent * facts.cost_each_minor, facts.currency) if sent else "–", strong=True),
        money(facts.result["cost_minor"], facts.currency) if facts.result.get("cost_minor") is not None else "–",
    ]


def _each_row(facts: CampaignFacts) -> Sequence[Any]:
    """The cost of one answer: expected, in the test, and in all with its interval."""
    expected = round(facts.cost_each_minor / facts.expected_response) if facts.expected_response else None
    arms = facts.result.get("arms") or {}
    test = arms.get("test") or {}
    tested = test.get("sent", 0) * facts.cost_each_minor / test["responders"] if test.get("responders") else None
    each = facts.result.get("cost_per_response") or {}
    return [
        _("Each answer"), Cell(money(expected, facts.currency), tone="mid"),
        Cell(money(round(tested), facts.currency) if tested is not None else "–", strong=True),
        _cost_interval(each, facts.currency),
    ]  # fmt: skip


def _cost_interval(each: Mapping[str, Any], currency: str) -> str:
    if each.get("value") is None:
        return "–"
    high = money(round(each["high"]), currency) if each.get("high") is not None else _("no upper limit")
    return _("%(value)s (%(low)s to %(high)s)") % {
        "value": money(round(each["value"]), currency), "low": money(round(each["low"]), currency), "high": high,
    }  # fmt: skip


def _planned_people(facts: CampaignFacts) -> int:
    """How many the gate left, less the hold-out."""
    left = int(facts.funnel.get("left", 0))
    return round(left * (1 - facts.holdout_share))


def _rate(seen: Mapping[str, Any]) -> str:
    return percent(seen["value"]) if seen.get("value") is not None else "–"


def _count(arm: Mapping[str, Any]) -> str:
    return number(arm["responders"]) if arm.get("sent") else "–"


def figures(facts: CampaignFacts) -> list[tuple[str, str, str]]:
    """The three figures of a test: (label, value, small print)."""
    test, gain = facts.result.get("test") or {}, facts.result.get("effect") or {}
    known = test.get("value") is not None
    over_holdout = gain.get("value") is not None
    return [
        (_("Response"), percent(test["value"]) if known else "–", between(test) if known else ""),
        (
            _("Threshold"),
            percent(facts.threshold),
            _("set on %(day)s, not to be changed") % {"day": day(facts.made_at)},
        ),
        (
            _("Lift over hold-out"),
            points(gain["value"]) if over_holdout else "–",
            _gain_between(facts, gain) if over_holdout else "",
        ),
    ]


def _gain_between(facts: CampaignFacts, gain: Mapping[str, Any]) -> str:
    """The bounds of the lift, and whose it is once it is no longer the test group's alone."""
    said = {"low": points(gain["low"]), "high": points(gain["high"])}
    rolled_out = ((facts.result.get("arms") or {}).get("rollout") or {}).get("sent")
    words = _("everybody contacted, %(low)s to %(high)s points") if rolled_out else _("%(low)s to %(high)s points")
    return words % said
