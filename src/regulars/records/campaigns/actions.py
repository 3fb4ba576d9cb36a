"""The writing door of campaigns: drafting, and the states one after the other."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from regulars.records.campaigns.models import Campaign, CampaignStep
from regulars.records.choices.subjects import check_subject
from regulars.rules.page_keys import is_page_key
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere

#: From which state which others can be reached. Nothing leads out of the last three.
NEXT: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"ready", "stopped"}),
    "ready": frozenset({"testing", "stopped"}),
    "testing": frozenset({"passed", "failed", "stopped"}),
    "passed": frozenset({"rolling_out", "stopped"}),
    "rolling_out": frozenset({"finished", "stopped"}),
    "failed": frozenset(),
    "finished": frozenset(),
    "stopped": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What has to be said of a campaign before it can be prepared. Rates and shares from 0 to 1."""

    key: str
    name: str
    channel: str
    reason: str
    segment_id: int
    threshold: float
    expected_response: float
    currency: str
    name_zh: str = ""
    selling_point: str = ""
    subject: str = ""
    subject_zh: str = ""
    body: str = ""
    body_zh: str = ""
    test_share: float = 0.2
    holdout_share: float = 0.1
    priority: int = 5
    cap_30d: int = 3
    budget_minor: int = 0
    cost_each_minor: int = 0
    answers_until: date | None = None
    replay_of: str = ""
    brand: str = ""
    topic: str = ""


def draft_campaign(draft: Draft, *, by: Asker, at: datetime) -> int:
    """The number of the campaign, in state draft. BadInput when the key is taken or the figures cannot be."""
    _check(draft)
    check_subject(draft.brand, draft.topic)
    with transaction.atomic():
        campaign = Campaign.objects.create(**asdict(draft), owner=by.name, made_at=at)
        _step(campaign.pk, "draft", by, at, {})
    return int(campaign.pk)


def enter(campaign_id: int, state: str, *, by: Asker, at: datetime, detail: Mapping[str, Any] | None = None) -> None:
    """The campaign is in that state; BadInput when no way leads there from where it is."""
    with transaction.atomic():
        found = Campaign.objects.select_for_update().filter(id=campaign_id).values_list("state", flat=True).first()
        if found is None:
            raise NotThere("no_such_campaign", {"key": campaign_id})
        if state not in NEXT[found]:
            raise BadInput("no_way_to_state", {"from": found, "to": state})
        Campaign.objects.filter(id=campaign_id).update(state=state)
        _step(campaign_id, state, by, at, detail or {})


def note_audience(campaign_id: int, audience_id: int, funnel: Mapping[str, Any]) -> None:
    """The frozen audience and the funnel belong to the campaign."""
    Campaign.objects.filter(id=campaign_id).update(audience_id=audience_id, funnel=funnel)


def note_result(campaign_id: int, result: Mapping[str, Any]) -> None:
    """What is known of the campaign's effect now."""
    Campaign.objects.filter(id=campaign_id).update(result=result)


def _check(draft: Draft) -> None:
    if not draft.key or not draft.name:
        raise BadInput("campaign_without_name")
    if not is_page_key(draft.key):
        raise BadInput("key_not_possible", {"key": draft.key[:64]})
    if Campaign.objects.filter(key=draft.key).exists():
        raise BadInput("campaign_key_taken", {"key": draft.key})
    if not 0 < draft.threshold < 1 or not 0 < draft.expected_response < 1:
        raise BadInput("rate_out_of_range", {"threshold": draft.threshold, "expected": draft.expected_response})
    if not (draft.test_share > 0 and draft.holdout_share >= 0 and draft.test_share + draft.holdout_share <= 1):
        raise BadInput("shares_do_not_add_up", {"test": draft.test_share, "holdout": draft.holdout_share})


def _step(campaign_id: int, state: str, by: Asker, at: datetime, detail: Mapping[str, Any]) -> None:
    CampaignStep.objects.create(campaign_id=campaign_id, state=state, at=at, by=by.name, detail=detail)


def bring_in_finished(draft: Draft, *, by: Asker, sent_at: datetime, ended_at: datetime) -> int:
    """The number of a campaign that ran and ended before us; its two states stand in its history."""
    _check(draft)
    with transaction.atomic():
        campaign = Campaign.objects.create(**asdict(draft), owner=by.name, made_at=sent_at, state="finished")
        _step(campaign.pk, "rolling_out", by, sent_at, {"brought_in": True})
        _step(campaign.pk, "finished", by, ended_at, {"brought_in": True})
    return int(campaign.pk)
