"""Answers are recorded; the test is judged against its threshold, the effect against the hold-out, the responders
drawn."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any

from regulars.records.campaigns.access import CampaignFacts, campaign
from regulars.records.campaigns.actions import enter, note_result
from regulars.records.campaigns.looks import last_look, note_look
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
    note_result(facts.id, result_of(facts, by=by))
    return new


def look_at_test(facts: CampaignFacts, *, by: Asker, at: datetime) -> CampaignFacts:
    """The campaign with what its test says now, to be shown to somebody: while it runs, new figures are a new look.

    Before the first answer there is nothing to see, and that nothing is there yet is no look.
    """
    test, last = _test(facts.id), last_look(facts.id, by=by)
    is_seen = last is not None and Arm(last.people, last.responses) == test
    if facts.state != "testing" or is_seen or not test.responses:
        return facts
    return _looked(facts, test, by, at)


def judge_test(key: str, *, by: Asker, at: datetime) -> Judgement:
    """Whether the test surely passed, surely failed, or cannot be told yet. Passed: the roll-out is due within 48
    hours."""
    facts = campaign(key, by=by)
    test = _test(facts.id)
    if facts.state == "testing" and test.people:
        _looked(facts, test, by, at)
    judgement = judged(facts, by=by) or decide(test, facts.threshold)
    if facts.state == "testing" and judgement.verdict != "cannot_tell_yet":
        due = {"roll_out_by": (at + ROLL_OUT_WITHIN).isoformat()} if judgement.verdict == "passed" else {}
        enter(facts.id, judgement.verdict, by=by, at=at, detail=asdict(judgement) | due)
    note_result(facts.id, result_of(facts, by=by))
    return judgement


def _looked(facts: CampaignFacts, test: Arm, by: Asker, at: datetime) -> CampaignFacts:
    note_look(facts.id, test.people, test.responses, by=by, at=at)
    result = result_of(facts, by=by)
    note_result(facts.id, result)
    return replace(facts, result=result)


def judged(facts: CampaignFacts, *, by: Asker) -> Judgement | None:
    """What the last look at the test said; None when nobody has looked. Answers that come later do not change it."""
    last = last_look(facts.id, by=by)
    return decide(Arm(last.people, last.responses), facts.threshold, look=last.number) if last else None


def finish_campaign(key: str, *, by: Asker, at: datetime) -> dict[str, Any]:
    """The campaign is over; its result as it stays."""
    facts = campaign(key, by=by)
    result = result_of(facts, by=by)
    note_result(facts.id, result)
    enter(facts.id, "finished", by=by, at=at)
    return result


def result_of(facts: CampaignFacts, *, by: Asker) -> dict[str, Any]:
    """Everything the campaign page shows of the outcome: rates, effect, cost, split check, the curve day by day.

    Its judgement is that of the last look; counting new answers is no look.
    """
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
        "judgement": _kept_judgement(facts, by),
        "cost_minor": sent * facts.cost_each_minor,
        "cost_per_response": _finite(asdict(cost_per_response(sent * facts.cost_each_minor, contacted))),
        "expected_responses": asdict(expected_responses(test, contacted.people)),
        "split": _finite(asdict(check_split(*_split(arms, facts)))) if arms else {},
        "curve": _curve(facts),
    }


def _kept_judgement(facts: CampaignFacts, by: Asker) -> dict[str, Any]:
    """That of the last look; of a test judged before looks were counted, what was kept then."""
    judgement = judged(facts, by=by)
    return asdict(judgement) if judgement else dict(facts.result.get("judgement") or {})


def _test(campaign_id: int) -> Arm:
    return _arms(campaign_id).get("test", Arm(0, 0))


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
