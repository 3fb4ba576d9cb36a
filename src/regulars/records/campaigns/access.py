"""The reading door of campaigns. No person is in a campaign itself, so nothing is logged here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from regulars.records.campaigns.models import Campaign, CampaignStep
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """A campaign as planned, and what came of it so far. Shares and rates from 0 to 1; money in minor units."""

    id: int
    key: str
    name: str
    name_zh: str
    selling_point: str
    channel: str
    purpose: str
    reason: str
    priority: int
    cap_30d: int
    segment_id: int
    segment_name: str
    segment_name_zh: str
    audience_id: int | None
    subject: str
    subject_zh: str
    body: str
    body_zh: str
    test_share: float
    holdout_share: float
    threshold: float
    expected_response: float
    budget_minor: int
    cost_each_minor: int
    currency: str
    answers_until: date | None
    state: str
    owner: str
    made_at: datetime
    funnel: Mapping[str, Any]
    result: Mapping[str, Any]
    replay_of: str
    brand: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A state the campaign entered."""

    state: str
    at: datetime
    by: str
    detail: Mapping[str, Any]


FIELDS = tuple(
    {"segment_name": "segment__name", "segment_name_zh": "segment__name_zh"}.get(name, name)
    for name in CampaignFacts.__dataclass_fields__
)


def campaigns(*, by: Asker) -> list[CampaignFacts]:
    """All campaigns, newest first."""
    return [CampaignFacts(*row) for row in Campaign.objects.using(by.view).order_by("-made_at").values_list(*FIELDS)]


def campaign(key: str, *, by: Asker) -> CampaignFacts:
    """The campaign of that key; NotThere when there is none."""
    row = Campaign.objects.using(by.view).filter(key=key).values_list(*FIELDS).first()
    if row is None:
        raise NotThere("no_such_campaign", {"key": key})
    return CampaignFacts(*row)


def campaign_by_id(campaign_id: int, *, by: Asker) -> CampaignFacts:
    """The campaign of that number; NotThere when there is none."""
    row = Campaign.objects.using(by.view).filter(id=campaign_id).values_list(*FIELDS).first()
    if row is None:
        raise NotThere("no_such_campaign", {"key": campaign_id})
    return CampaignFacts(*row)


def steps_of(campaign_id: int, *, by: Asker) -> Sequence[StepFacts]:
    """Every state the campaign entered, oldest first."""
    rows = CampaignStep.objects.using(by.view).filter(campaign_id=campaign_id).order_by("id")
    return [StepFacts(*row) for row in rows.values_list("state", "at", "by", "detail")]


def using_segment(segment_id: int, *, by: Asker) -> list[CampaignFacts]:
    """Campaigns that were or will be sent to a segment."""
    rows = Campaign.objects.using(by.view).filter(segment_id=segment_id).order_by("-made_at").values_list(*FIELDS)
    return [CampaignFacts(*row) for row in rows]
