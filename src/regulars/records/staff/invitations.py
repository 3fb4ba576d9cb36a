"""Links by which people set their own password: the newest of somebody's, until its moment, once."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from regulars.records.staff.access import SignedIn, signed_in, token_digest
from regulars.records.staff.models import StaffInvitation


def issue_invitation(staff_id: int, *, made_by: str, at: datetime, ends_at: datetime) -> str:
    """The secret of a new link, shown this once; links of hers from before end."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        end_invitations(staff_id)
        StaffInvitation.objects.create(
            staff_id=staff_id, digest=token_digest(secret), made_by=made_by, made_at=at, ends_at=ends_at
        )
    return secret


def invited(secret: str, *, at: datetime) -> SignedIn | None:
    """Whose link this is, while it opens; None for any other."""
    found = _open(secret, at).first()
    return signed_in(found.staff_id) if found else None


def use_invitation(secret: str, *, at: datetime) -> bool:
    """The link has been used, once; False when it had been, or had ended."""
    return bool(_open(secret, at).update(used_at=at))


def end_invitations(staff_id: int) -> None:
    """No link of hers opens anything any more."""
    StaffInvitation.objects.filter(staff_id=staff_id, used_at__isnull=True).delete()


def _open(secret: str, at: datetime) -> "QuerySet[StaffInvitation]":
    return StaffInvitation.objects.filter(digest=token_digest(secret), used_at__isnull=True, ends_at__gt=at)
