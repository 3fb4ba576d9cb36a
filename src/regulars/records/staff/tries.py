"""Wrong tries at the door: counted before the password is looked at, for names that exist and names that do not."""

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.db import transaction

from regulars.records.staff.models import SignInTry
from regulars.rules.permission.errors import Denied
from regulars.rules.permission.lockout import FORGOTTEN_AFTER, Tries, one_more


def take_turn(*, at: datetime, **whose: str) -> None:
    """The try counts when this returns; Denied `too_many_tries` with the seconds to wait, and it does not count.

    `whose` says under which name and from which address: `name="dora", address="10.0.0.7"`. A hundred tries at once
    count as a hundred: each waits for the one before it.
    """
    asked = sorted((_digest(kind, who), kind) for kind, who in whose.items() if who)
    SignInTry.objects.filter(at__lt=at - FORGOTTEN_AFTER).delete()
    with transaction.atomic():
        held = {digest: _held(digest, at) for digest, _ in asked}
        if closed := [tries.closed_until for tries in held.values() if tries.closed_until > at]:
            raise Denied("too_many_tries", {"seconds": int((max(closed) - at).total_seconds()) + 1})
        for digest, kind in asked:
            now = one_more(held[digest], kind, at=at)
            SignInTry.objects.filter(who=digest).update(failures=now.failures, at=at, closed_until=now.closed_until)


def forgive(*, at: datetime, **whose: str) -> None:
    """The last try was right: the name begins anew, the address has one wrong try less and waits no longer for it.

    One right password does not wipe out what else was tried from that address.
    """
    with transaction.atomic():
        for digest, kind in sorted((_digest(kind, who), kind) for kind, who in whose.items() if who):
            if kind == "name":
                SignInTry.objects.filter(who=digest).delete()
            elif held := SignInTry.objects.select_for_update().filter(who=digest).first():
                SignInTry.objects.filter(who=digest).update(failures=max(0, held.failures - 1), closed_until=at)


def _held(digest: str, at: datetime) -> Tries:
    """The tries so far, held until this transaction ends."""
    SignInTry.objects.bulk_create(
        [SignInTry(who=digest, failures=0, at=at, closed_until=at)], ignore_conflicts=True
    )  # fmt: skip
    held = SignInTry.objects.select_for_update().get(who=digest)
    return Tries(held.failures, held.at, held.closed_until)


def _digest(kind: str, who: str) -> str:
    """The table names nobody: what was typed at the door may be a password in the wrong field."""
    typed = f"{kind}|{who.strip().casefold()}".encode()
    return hmac.digest(settings.KEYS.read("sign_in"), typed, hashlib.sha256).hex()
