"""Answers are recorded; the test is judged against its threshold, the effect against the hold-out, the responders
drawn."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from regulars.records.campaigns.access import CampaignFacts, campaign
from regulars.records.campaigns.actions import enter, note_result
from regulars.records.contacts.access import answer_days, arm_answers
from regulars.records.contacts.answers import Answer, record_answers
from regulars.rules.experiments.effect import (
    Arm,
    Judgement,
    check_split,
    cost_per_response,
    decide,
    difference,
    expected_responses,
    rate,
)
from regulars.rules.permission.asking import Asker

ROLL_OUT_WITHIN = timedelta(hours=48)


def record_campaign_answers(key: str, answers: Iterable[Answer], *, by: Asker) -> int:
    """How many of these answers were new; told twice, they count once. The campaign's result is drawn again."""
    facts = campaign(key, by=by)
    new = record_answers(facts.id, answers)
    note_result(facts.id, result_of(facts))
    return new


def judge_test(key: str, *, by: Asker, at: datetime) -> Judgement:
    """Whether the test surely passed, surely failed, or cannot be told yet. Passed: the roll-out is due within 48
    hours."""
    facts = campaign(key, by=by)
    test = _arms(facts.id).get("test", Arm(0, 0))
    judgement = decide(test, facts.threshold)
    if facts.state == "testing" and judgement.verdict != "cannot_tell_yet":
        due = {"roll_out_by": (at + ROLL_OUT_WITHIN).isoformat()} if judgement.verdict == "passed" else {}
        enter(facts.id, judgement.verdict, by=by, at=at, detail=asdict(judgement) | due)
    note_result(facts.id, result_of(facts))
    return judgement


def finish_campaign(key: str, *, by: Asker, at: datetime) -> dict[str, Any]:
    """The campaign is over; its result as it stays."""
    facts = campaign(key, by=by)
    result = result_of(facts)
    note_result(facts.id, result)
    enter(facts.id, "finished", by=by, at=at)
    return result


def result_of(facts: CampaignFacts) -> dict[str, Any]:
    """Everything the campaign page shows of the outcome: rates, effect, cost, split check, the curve day by day."""
    arms = _arms(facts.id)
    contacted = _together(arms.get("test"), arms.get("rollout"))
    holdout, test = arms.get("holdout", Arm(0, 0)), arms.get("test", Arm(0, 0))
    answers = arm_answers(facts.id)
    sent = sum(one.sent for one in answers)
    return {
        "arms": {one.arm: asdict(one) for one in answers},
        "test": asdict(rate(test)),
        "contacted": asdict(rate(contacted)),
        "holdout": asdict(rate(holdout)),
        "effect": asdict(difference(contacted, holdout)),
        "judgement": asdict(decide(test, facts.threshold)),
        "cost_minor": sent * facts.cost_each_minor,
        "cost_per_response": _finite(asdict(cost_per_response(sent * facts.cost_each_minor, contacted))),
        "expected_responses": asdict(expected_responses(test, contacted.people)),
        "split": _finite(asdict(check_split(*_split(arms, facts)))) if arms else {},
        "curve": _curve(facts),
    }


def _arms(campaign_id: int) -> dict[str, Arm]:
    return {one.arm: Arm(one.people, one.responders) for one in arm_answers(campaign_id)}


def _together(*arms: Arm | None) -> Arm:
    there = [arm for arm in arms if arm]
    return Arm(sum(arm.people for arm in there), sum(arm.responses for arm in there))


def _split(arms: dict[str, Arm], facts: CampaignFacts) -> tuple[dict[str, int], dict[str, float]]:
    shares = {"test": facts.test_share, "holdout": facts.holdout_share}
    shares["rollout"] = max(0.0, 1 - sum(shares.values()))
    return {arm: arms[arm].people if arm in arms else 0 for arm in shares}, shares


def _curve(facts: CampaignFacts) -> list[dict[str, Any]]:
    """Day by day: how many of each arm had answered by then."""
    days = answer_days(facts.id)
    if not days:
        return []
    first, last = min(day for *_, day in days), max(day for *_, day in days)
    return [_day(first + timedelta(days=n), days) for n in range((last - first).days + 1)]


def _day(day: date, days: list[tuple[int, str, date]]) -> dict[str, Any]:
    so_far = [arm for _, arm, answered in days if answered <= day]
    return {"day": day.isoformat(), **{arm: so_far.count(arm) for arm in ("test", "rollout", "holdout")}}


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    """JSON knows no infinity: what has no upper limit has none."""
    return {name: None if value == float("inf") else value for name, value in values.items()}
