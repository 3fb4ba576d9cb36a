"""A segment becomes a campaign's audience: frozen, asked through the gate with every reason kept, arms drawn by keyed
hash."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice

import numpy as np
from django.conf import settings

from regulars.connections.warehouse import Warehouse
from regulars.journeys.segment_tables import segment_tables
from regulars.journeys.warehouse_room import open_warehouse
from regulars.records.access_log.actions import note_access
from regulars.records.audiences.actions import freeze_audience
from regulars.records.campaigns.access import CampaignFacts, campaign
from regulars.records.campaigns.actions import enter, note_audience
from regulars.records.company.access import company
from regulars.records.contacts.gate_persons import persons_for_gate
from regulars.records.contacts.planning import Planned, plan_contacts
from regulars.records.segments.access import SegmentFacts, segment_by_id
from regulars.rules.experiments.split import Shares, arm_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.funnel import Funnel, funnel_of
from regulars.rules.permission.gate import Contact, Decision, decide
from regulars.rules.segments.evaluate import evaluate
from regulars.rules.segments.rule import parse

AT_ONCE = 20_000
NOBODY_DRAWN = ""
BEGINS = {"test": "waiting", "rollout": "reserved", "holdout": "holdout"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The audience of a campaign and what the gate left of it."""

    audience_id: int
    everyone: int
    allowed: int
    arms: dict[str, int]


def preview_funnel(segment: SegmentFacts, contact: Contact, *, by: Asker, as_of: date) -> Funnel:
    """The funnel of a segment for such a contact, nothing kept: everyone, what each rule takes out, who is left."""
    with open_warehouse() as warehouse:
        ids = _members(segment, warehouse, as_of)
    decided = _decide_all(ids, contact)
    note_access(by, door="preview_funnel", because=f"funnel of segment {segment.key}", rows=len(decided))
    return _funnel([decision for _, decision in decided], contact)


def prepare_campaign(key: str, *, by: Asker, at: datetime, as_of: date) -> Prepared:
    """The campaign is ready: its audience frozen, every person decided with all reasons, arms drawn, nothing sent.

    Asked again for a campaign that is ready already, it is BadInput and nothing changes.
    """
    facts = campaign(key, by=by)
    if facts.state != "draft":
        raise BadInput("campaign_not_draft", {"key": key, "state": facts.state})
    segment = segment_by_id(facts.segment_id)
    with open_warehouse() as warehouse:
        ids = _members(segment, warehouse, as_of)
    contact = contact_for(facts, at)
    planned = [_plan(person, decision, facts) for person, decision in _decide_all(ids, contact)]
    return _keep(facts, segment, planned, contact, by, at)


def contact_for(facts: CampaignFacts, at: datetime) -> Contact:
    """What the gate is asked about: the campaign's message at a moment."""
    return Contact(
        channel=facts.channel, reason=facts.reason, at=at, purpose=facts.purpose, campaign=facts.id,
        priority=facts.priority, cap=facts.cap_30d, brand=facts.brand, topic=facts.topic,
    )  # fmt: skip


def funnel_as_data(funnel: Funnel) -> dict[str, object]:
    """The funnel as it is kept with the campaign."""
    return asdict(funnel)


def _members(segment: SegmentFacts, warehouse: Warehouse, as_of: date) -> Sequence[int]:
    return [int(one) for one in evaluate(parse(segment.rule), segment_tables(warehouse), at=as_of).ids()]


def _decide_all(ids: Sequence[int], contact: Contact) -> list[tuple[int, Decision]]:
    """Every person with all nine answers; people in thousands at a time."""
    zone, rest, decided = company().timezone, iter(ids), []
    while some := list(islice(rest, AT_ONCE)):
        people = persons_for_gate(
            some, channel=contact.channel, campaign=contact.campaign, at=contact.at, zone=zone, brand=contact.brand,
            topic=contact.topic,
        )  # fmt: skip
        decided += [(person.customer_id, decide(person, contact)) for person in people]
    return decided


def _plan(person: int, decision: Decision, facts: CampaignFacts) -> Planned:
    """An arm is drawn only for those who may be contacted, now or when they wake up."""
    if decision.verdict == "allowed" or decision.until is not None:
        shares = Shares(facts.test_share, facts.holdout_share)
        arm = arm_of(person, shares, campaign=facts.key, key=settings.KEYS.read("split"))
        return Planned(person, arm, BEGINS[arm], decision)
    return Planned(person, NOBODY_DRAWN, decision.verdict, decision)


def _keep(
    facts: CampaignFacts, segment: SegmentFacts, planned: list[Planned], contact: Contact, by: Asker, at: datetime
) -> Prepared:
    arms = {
        arm: np.array([p.customer_id for p in planned if p.arm == arm], np.int64) for arm in (*BEGINS, NOBODY_DRAWN)
    }
    audience = freeze_audience(segment.id, segment.version, segment.rule, arms, by=by, at=at)
    plan_contacts(facts.id, facts.channel, planned, at=at)
    funnel = _funnel([one.decision for one in planned], contact)
    note_audience(facts.id, audience, funnel_as_data(funnel))
    counts = {arm: len(arms[arm]) for arm in BEGINS}
    enter(facts.id, "ready", by=by, at=at, detail={"everyone": funnel.everyone, "left": funnel.left, **counts})
    note_access(by, door="prepare_campaign", because=f"audience of campaign {facts.key}", rows=funnel.everyone)
    return Prepared(audience, funnel.everyone, funnel.left, counts)


def _funnel(decisions: Sequence[Decision], contact: Contact) -> Funnel:
    tally: dict[int, int] = {}
    for decision in decisions:
        number = answers_number(decision)
        tally[number] = tally.get(number, 0) + 1
    return funnel_of(tally, contact)


def answers_number(decision: Decision) -> int:
    """A decision as `funnel` counts it: two bits a rule."""
    return sum("pswu".find(letter) << 2 * number for number, letter in enumerate(decision.strip) if letter != "n")
