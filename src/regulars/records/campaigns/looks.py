"""How often a running test was looked at: each look is noted, or chance would crown whoever looks often enough."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from regulars.records.campaigns.models import Campaign, CampaignLook
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere


@dataclass(frozen=True, slots=True)
class Look:
    """The `number`-th look at a test: how many people were in it, and how many of them had answered."""

    number: int
    at: datetime
    by: str
    people: int
    responses: int


FIELDS = tuple(Look.__dataclass_fields__)


def last_look(campaign_id: int, *, by: Asker) -> Look | None:
    """The last look at the campaign's test, None before the first."""
    rows = CampaignLook.objects.using(by.view).filter(campaign_id=campaign_id).order_by("-number")
    row = rows.values_list(*FIELDS).first()
    return Look(*row) if row else None


def note_look(campaign_id: int, people: int, responses: int, *, by: Asker, at: datetime) -> Look:
    """The look at these figures. Figures that were seen last time already tell nothing new: that is no other look."""
    with transaction.atomic():
        if not Campaign.objects.select_for_update().filter(id=campaign_id).exists():
            raise NotThere("no_such_campaign", {"key": campaign_id})
        last = CampaignLook.objects.filter(campaign_id=campaign_id).order_by("-number").values_list(*FIELDS).first()
        if last and last[-2:] == (people, responses):
            return Look(*last)
        number = last[0] + 1 if last else 1
        look = Look(number, at, by.name, people, responses)
        CampaignLook.objects.create(campaign_id=campaign_id, **asdict(look))
    return look
