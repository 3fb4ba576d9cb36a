"""Who would be left if the campaign in the form were prepared now, and whether its test is large enough to tell."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import get_language

from regulars.desks.marketing.funnel_drawn import asleep_words, funnel_drawn
from regulars.desks.marketing.today_drawn import named
from regulars.desks.marketing.ways import way_to
from regulars.desks.shared.mistakes import sentence_for
from regulars.journeys.plan_campaign import preview_funnel
from regulars.records.scores.access import last_refresh
from regulars.records.segments.access import SegmentFacts, segment
from regulars.rules.experiments.effect import people_needed
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import RegularsError
from regulars.rules.permission.funnel import Funnel
from regulars.rules.permission.gate import Contact

#: A campaign that does not exist yet is younger than all others.
NOT_YET: Final = 2**62
USUAL: Final = {
    "test_percent": 20.0, "holdout_percent": 10.0, "threshold_percent": 3.0, "expected_percent": 5.0, "cap_30d": 3.0,
    "priority": 5.0,
}  # fmt: skip


def preview_of(typed: Mapping[str, Any], key: str, *, by: Asker, at: datetime, as_of: date) -> dict[str, Any]:
    """What the preview shows: the funnel with its arms, who sleeps, whether the test is large enough."""
    if not key or last_refresh() is None:
        return {"preview": None}
    said = {name: _read(typed, name) for name in USUAL}
    contact = Contact(
        "email", "segment", at, cap=int(said["cap_30d"]), priority=int(said["priority"]), campaign=NOT_YET,
        brand=str(typed.get("brand", ""))[:40], topic=str(typed.get("topic", ""))[:40],
    )  # fmt: skip
    try:
        facts = segment(key)
        found = preview_funnel(facts, contact, by=by, as_of=as_of)
    except RegularsError as error:
        return {"preview": None, "problem": sentence_for(error)}
    return _drawn(facts, found, said)


def _drawn(facts: SegmentFacts, found: Funnel, said: Mapping[str, float]) -> dict[str, Any]:
    asleep = next((step.taken - step.unknown for step in found.steps if step.rule == "quiet_hours"), 0)
    arms = _arms(found.left + asleep, said)
    needed = people_needed(said["threshold_percent"] / 100, said["expected_percent"] / 100)
    name = named(facts.name, facts.name_zh, get_language() or "en")
    return {
        "preview": funnel_drawn(
            asdict(found), segment=name, segment_url=way_to("marketing:segment", facts.key), arms=arms,
            cap=int(said["cap_30d"]),
        ),
        "asleep": asleep_words(asdict(found)), "needed": needed, "tested": arms["test"],
        "enough": needed is not None and arms["test"] >= needed,
    }  # fmt: skip


def _arms(left: int, said: Mapping[str, float]) -> dict[str, int]:
    """About how many each arm gets."""
    test, holdout = (round(left * said[name] / 100) for name in ("test_percent", "holdout_percent"))
    return {"test": test, "rollout": max(0, left - test - holdout), "holdout": holdout}


def _read(typed: Mapping[str, Any], name: str) -> float:
    """A number of the form as far as it is one, within what it can be."""
    try:
        number = float(typed.get(name) or USUAL[name])
    except ValueError:
        number = USUAL[name]
    return min(max(number, 0.0), 100.0) if number == number else USUAL[name]
