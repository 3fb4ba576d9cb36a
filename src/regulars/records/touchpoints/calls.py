"""Calls while they ring: for whom, on which line, since when. The number is sealed, and goes when the call is over.

Times are by the clock on the wall: a phone rings now, whatever day the business is at.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from regulars.connections.keys.sealed_text import open_text, seal_text
from regulars.records.touchpoints.models import PhoneCall
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere

KEY: Final = "calls"
RINGING, OVER = "ringing", "over"
#: A call that telephony never said was over is shown for so long.
RINGS_FOR: Final = timedelta(minutes=2)
#: An agent may come back to a call she answered for so long; then its number goes by itself.
KEPT_FOR: Final = timedelta(hours=2)
MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call; `phone` is "" where the number was withheld, or is gone because the call is over."""

    id: int
    phone: str
    line: str
    rang_at: datetime
    over: bool


def call_begins(
    key: UUID, phone: str, *, staff_id: int | None, branch_id: int | None, line: str, at: datetime
) -> int:  # fmt: skip
    """The number of the call of that key; the one it has when telephony told of it before."""
    made, _ = PhoneCall.objects.get_or_create(
        key=key,
        defaults={
            "phone": seal_text(settings.KEYS.read(KEY), phone, about=key.hex) if phone else None,
            "staff_id": staff_id, "branch_id": branch_id, "line": line, "rang_at": at,
        },
    )  # fmt: skip
    return made.id


def call_ends(key: UUID, *, at: datetime) -> bool:
    """Whether there is such a call; it rings no more. Whoever answered it may still write down what was said."""
    known = PhoneCall.objects.filter(key=key)
    known.filter(state=RINGING).update(state=OVER, over_at=at)
    return known.exists()


def calls_ringing(*, by: Asker, at: datetime) -> list[Ringing]:
    """Calls that ring for her or for whoever answers at her branches, the newest first."""
    now = _hers(by).filter(state=RINGING, rang_at__gt=at - RINGS_FOR).order_by("-id")[:MOST]
    return [Ringing(one.id, "", one.line, one.rang_at, over=False) for one in now]


def call_for(call_id: int, *, by: Asker) -> Ringing:
    """The call with its number; NotThere for somebody else's, as for none."""
    one = _hers(by).filter(id=call_id).first()
    if one is None:
        raise NotThere("call_not_there")
    phone = open_text(settings.KEYS.read(KEY), bytes(one.phone), about=one.key.hex) if one.phone else ""
    return Ringing(one.id, phone, one.line, one.rang_at, over=one.state == OVER)


def settle_call(call_id: int, *, by: Asker, touchpoint_id: int | None, at: datetime) -> None:
    """The call is over for everybody, and its number is gone."""
    _hers(by).filter(id=call_id).update(
        state=OVER, over_at=at, phone=None, taken_by_id=by.staff_id, touchpoint_id=touchpoint_id
    )


def forget_calls(*, at: datetime) -> int:
    """How many numbers of calls that are long over are gone."""
    return PhoneCall.objects.filter(rang_at__lt=at - KEPT_FOR, phone__isnull=False).update(phone=None, state=OVER)


def _hers(by: Asker) -> "QuerySet[PhoneCall]":
    """Calls for her, or for nobody in particular at one of her branches."""
    anybodys = Q(staff_id=None) & (Q(branch_id=None) | Q(branch_id__in=sorted(by.branches)) if by.branches else Q())
    return PhoneCall.objects.filter(Q(staff_id=by.staff_id) | anybodys if by.staff_id else anybodys)
