"""The reading door of the access log: the privacy officer's search, and a customer's own "who saw my data"."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from regulars.records.access_log.models import AccessEntry, ChangeEntry
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One line of the access log. `rows` is how many rows were handed out."""

    at: datetime
    who: str
    role: str
    view: str
    purpose: str
    door: str
    because: str
    reference: str
    customer_id: int | None
    rows: int
    allowed: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One changed value."""

    at: datetime
    who: str
    door: str
    subject: str
    field: str
    old: str | None
    new: str | None


FIELDS = tuple(AccessLine.__dataclass_fields__)
CHANGE_FIELDS = tuple(ChangeLine.__dataclass_fields__)


def read_log(
    *,
    by: Asker,
    text: str = "",
    only_denied: bool = False,
    customer_id: int | None = None,
    before: datetime | None = None,
    limit: int = 100,
) -> list[AccessLine]:
    """The newest lines first, for the privacy officer only; `text` matches who, door, reason or view."""
    if by.view != "personal":
        raise Denied("log_is_for_the_officer")
    lines = AccessEntry.objects.using(by.view).order_by("-at", "-id")
    if text:
        lines = lines.filter(_mentions(text))
    if only_denied:
        lines = lines.filter(allowed=False)
    if customer_id is not None:
        lines = lines.filter(customer_id=customer_id)
    if before is not None:
        lines = lines.filter(at__lt=before)
    return [AccessLine(*row) for row in lines.values_list(*FIELDS)[:limit]]


def who_saw(customer_id: int, *, by: Asker, limit: int = 50) -> list[AccessLine]:
    """Who opened this one customer's file, newest first; for the customer's own page and the officer."""
    if by.view != "personal":
        raise Denied("log_is_for_the_officer")
    lines = AccessEntry.objects.using(by.view).filter(customer_id=customer_id).order_by("-at", "-id")
    return [AccessLine(*row) for row in lines.values_list(*FIELDS)[:limit]]


def changes_of(customer_id: int, *, by: Asker, limit: int = 50) -> list[ChangeLine]:
    """What was changed in this customer's record, newest first."""
    if by.view != "personal":
        raise Denied("log_is_for_the_officer")
    lines = ChangeEntry.objects.using(by.view).filter(customer_id=customer_id).order_by("-at", "-id")
    return [ChangeLine(*row) for row in lines.values_list(*CHANGE_FIELDS)[:limit]]


def _mentions(text: str) -> Q:
    return Q(who__icontains=text) | Q(door__icontains=text) | Q(because__icontains=text) | Q(view=text)
