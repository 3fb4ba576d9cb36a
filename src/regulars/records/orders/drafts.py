"""Orders somebody is taking: her own drafts, kept at every step and sealed, gone once they are placed or left.

Nobody but whoever began a draft sees it, or learns that there is one. When it was touched is told by the clock on the
wall: a draft has no business day.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from regulars.connections.keys.sealed_text import open_text, seal_text
from regulars.records.orders.models import OrderDraft
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

#: Drafts that nobody has touched for so long are forgotten.
KEPT_FOR: Final = timedelta(days=7)
MOST_KEPT: Final = 50
LARGEST: Final = 200_000  # characters of JSON
KEY: Final = "order_desk"


@dataclass(frozen=True, slots=True)
class DraftOfOrder:
    """What was typed so far, as plain values; `order_ref` is set, and nothing else is left, once it was placed."""

    key: UUID
    content: Mapping[str, Any]
    changed_at: datetime
    order_ref: str = ""


def begin_draft(key: UUID, content: Mapping[str, Any], *, by: Asker) -> None:
    """There is a draft of that key, hers; BadInput `too_many_drafts` when very many are open already."""
    if OrderDraft.objects.filter(staff_id=_whose(by), order_ref="").count() >= MOST_KEPT:
        raise BadInput("too_many_drafts", {"most": MOST_KEPT})
    OrderDraft.objects.create(key=key, staff_id=_whose(by), content=_sealed(key, content), changed_at=timezone.now())


def draft_of(key: UUID, *, by: Asker) -> DraftOfOrder:
    """Her draft of that key; NotThere for anybody else's, as for none."""
    row = OrderDraft.objects.filter(key=key, staff_id=_whose(by)).first()
    if row is None:
        raise NotThere("draft_not_there")
    return _opened(row)


def drafts_of(*, by: Asker) -> list[DraftOfOrder]:
    """Her drafts that are not placed yet, the newest first."""
    mine = OrderDraft.objects.filter(staff_id=_whose(by), order_ref="").order_by("-changed_at")[:MOST_KEPT]
    return [_opened(row) for row in mine]


def keep_draft(key: UUID, content: Mapping[str, Any], *, by: Asker) -> bool:
    """Her draft says so from now on; False when it was placed meanwhile, and nothing is kept any more."""
    open_ones = OrderDraft.objects.filter(key=key, staff_id=_whose(by), order_ref="")
    return bool(open_ones.update(content=_sealed(key, content), changed_at=timezone.now()))


def hold_draft(key: UUID, *, by: Asker) -> DraftOfOrder:
    """Her draft, held until the transaction ends: of two who place it at once, the second sees what the first did."""
    row = OrderDraft.objects.select_for_update().filter(key=key, staff_id=_whose(by)).first()
    if row is None:
        raise NotThere("draft_not_there")
    return _opened(row)


def empty_draft(key: UUID, order_ref: str) -> None:
    """The draft became that order; nothing of what was typed is kept."""
    OrderDraft.objects.filter(key=key).update(content=None, order_ref=order_ref)


def leave_draft(key: UUID, *, by: Asker) -> None:
    """Her draft is gone, unless it has become an order."""
    OrderDraft.objects.filter(key=key, staff_id=_whose(by), order_ref="").delete()


def forget_drafts(*, at: datetime) -> int:
    """How many drafts nobody had touched for a week are gone."""
    with transaction.atomic():
        return int(OrderDraft.objects.filter(changed_at__lt=at - KEPT_FOR).delete()[0])


def forget_drafts_about(number: str) -> int:
    """How many drafts for the customer of that number are gone, whoever began them: for erasing her."""
    begun = OrderDraft.objects.filter(content__isnull=False).iterator()
    about = [row.key for row in begun if _opened(row).content.get("customer") == number]
    return int(OrderDraft.objects.filter(key__in=about).delete()[0])


def _whose(by: Asker) -> int:
    """Whose drafts they are; Denied for a program, which takes an order in one step."""
    if by.staff_id is None:
        raise Denied("orders_not_for_this_role")
    return by.staff_id


def _sealed(key: UUID, content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False)
    if len(text) > LARGEST:
        raise BadInput("draft_too_large")
    return seal_text(settings.KEYS.read(KEY), text, about=key.hex)


def _opened(row: OrderDraft) -> DraftOfOrder:
    sealed = row.content
    content = {} if sealed is None else json.loads(open_text(settings.KEYS.read(KEY), bytes(sealed), about=row.key.hex))
    return DraftOfOrder(row.key, content, row.changed_at, row.order_ref)
