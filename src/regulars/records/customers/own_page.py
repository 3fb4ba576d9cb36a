"""The doors of the customer's own page: links that lead to it, and the few things she changes there herself at once.

Of a link only a digest is kept. Tables read here are in no view; the link itself is the permission.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from regulars.records.access_log.actions import note_change
from regulars.records.customers.access import Opened
from regulars.records.customers.alive import hold_alive
from regulars.records.customers.changes import note_customer_changes
from regulars.records.customers.models import Customer, PortalLink
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import CHANNELS
from regulars.rules.permission.errors import BadInput

HOURS = range(24)


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Whose page a link leads to."""

    link_id: int
    number: str


def issue_link(opened: Opened, *, at: datetime, expires_at: datetime) -> str:
    """The secret of a new link, shown this once; NotThere when she has been erased meanwhile."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        hold_alive(opened.id)
        link = PortalLink.objects.create(
            customer_id=opened.id, digest=digest(secret), issued_by=opened.by.name, issued_at=at, expires_at=expires_at
        )
        _note_link(opened.by, opened.id, link.id, None, "issued")
    return secret


def use_link(secret: str, *, at: datetime) -> LinkHolder | None:
    """Whose page this is, and older links of theirs end; None for a secret that is unknown, ended or revoked."""
    link = (
        _alive(at)
        .filter(digest=digest(secret))
        .values_list("id", "customer__number", "customer_id", "issued_at")
        .first()
    )
    if link is None:
        return None
    link_id, number, customer_id, issued_at = link
    older = _alive(at).filter(customer_id=customer_id, issued_at__lt=issued_at)
    older.update(revoked_at=at)
    return LinkHolder(link_id, number)


def holder_of(link_id: int, *, at: datetime) -> LinkHolder | None:
    """Whose page the link of that id leads to, if it has not ended since it was used."""
    link = _alive(at).filter(id=link_id).values_list("id", "customer__number").first()
    return LinkHolder(*link) if link else None


def revoke_links(opened: Opened, *, at: datetime) -> int:
    """How many links of the customer ended now."""
    with transaction.atomic():
        ended = _alive(at).filter(customer_id=opened.id).update(revoked_at=at)
        _note_link(opened.by, opened.id, ended, "issued", "revoked")
    return ended


def invented_number() -> str | None:
    """The number of one invented customer, for the demonstration; None when nobody is invented."""
    invented = Customer.objects.filter(invented=True, erased_at__isnull=True)
    return invented.order_by("id").values_list("number", flat=True).first()


def set_preferences(
    opened: Opened, *, preferred_channel: str, quiet_from: int | None, quiet_until: int | None, at: datetime
) -> None:
    """The customer wants to be reached so, and not between these hours (local, 0–23); BadInput for what is no hour.

    Both hours or neither: half a pair means nothing to the gate.
    """
    check_preferences(preferred_channel, quiet_from, quiet_until)
    wanted = {"preferred_channel": preferred_channel, "quiet_from": quiet_from, "quiet_until": quiet_until}
    with transaction.atomic():
        hold_alive(opened.id)
        before = Customer.objects.select_for_update(no_key=True).filter(id=opened.id).values(*wanted).get()
        Customer.objects.filter(id=opened.id).update(**wanted, changed_at=at)
        changed = [(opened.id, f, _text(before[f]), _text(wanted[f])) for f in wanted if before[f] != wanted[f]]
        note_customer_changes(changed, by=opened.by, door="set_preferences", at=timezone.now())


def digest(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _alive(at: datetime) -> "QuerySet[PortalLink, PortalLink]":
    person = Q(customer__erased_at__isnull=True)
    return PortalLink.objects.filter(person, revoked_at__isnull=True, expires_at__gt=at)


def check_preferences(preferred_channel: str, quiet_from: int | None, quiet_until: int | None) -> None:
    """Nothing where that may be wished for; else BadInput."""
    if preferred_channel and preferred_channel not in CHANNELS:
        raise BadInput("choice_channel_unknown", {"channel": preferred_channel[:40]})
    hours = [hour for hour in (quiet_from, quiet_until) if hour is not None]
    if len(hours) == 1 or any(hour not in HOURS for hour in hours):
        raise BadInput("hours_unclear", {})


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _note_link(by: Asker, customer_id: int, link: int, old: str | None, new: str) -> None:
    note_change(
        by, door="portal_link", subject="portal_link", field=str(link), old=old, new=new, customer_id=customer_id
    )
