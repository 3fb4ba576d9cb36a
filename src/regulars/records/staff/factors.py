"""Second factors: what somebody has besides her password. Secrets are sealed, recovery codes are digests."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from pyotp import TOTP

from regulars.connections.keys.sealed_text import open_text, seal_text
from regulars.records.staff.models import RecoveryCode, SecondFactorRole, StaffPasskey, StaffTotp
from regulars.rules.permission.one_time_codes import step_of

KEY: Final = "sign_in"
SECRET_BYTES: Final = 20  # RFC 4226, 4: 160 bits are recommended
RECOVERY_CODES: Final = 10
#: Without what looks alike when written by hand.
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody has: since when an authenticator app (None: none), how many recovery codes and passkeys."""

    app_since: datetime | None
    codes_left: int
    passkeys: int

    @property
    def any(self) -> bool:
        """Whether she has to prove more than her password."""
        return self.app_since is not None or self.passkeys > 0


def factors_of(staff_id: int) -> Factors:
    """Her factors now."""
    app = StaffTotp.objects.filter(staff_id=staff_id, confirmed_at__isnull=False).first()
    left = RecoveryCode.objects.filter(staff_id=staff_id, used_at__isnull=True).count()
    keys = StaffPasskey.objects.filter(staff_id=staff_id).count()
    return Factors(app.confirmed_at if app else None, left if app else 0, keys)


def app_in_making(staff_id: int, *, at: datetime) -> str:
    """The secret (Base32) she has to bring into her app: the same one until it is confirmed with a code of it."""
    fresh = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    StaffTotp.objects.get_or_create(staff_id=staff_id, defaults={"sealed": _sealed(fresh, staff_id), "made_at": at})
    app = StaffTotp.objects.get(staff_id=staff_id)
    return "" if app.confirmed_at else _opened(app)


def app_address(secret: str, username: str, issuer: str) -> str:
    """The `otpauth:` address that authenticator apps read from a picture."""
    return TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def confirm_app(staff_id: int, code: str, *, at: datetime) -> list[str]:
    """Her recovery codes, shown this once, when the code is of the app in making; [] when it is not."""
    with transaction.atomic():
        app = StaffTotp.objects.select_for_update().filter(staff_id=staff_id, confirmed_at__isnull=True).first()
        step = step_of(_opened(app), code, at=at) if app else None
        if step is None:
            return []
        StaffTotp.objects.filter(staff_id=staff_id).update(confirmed_at=at, last_step=step)
        return _new_codes(staff_id)


def check_code(staff_id: int, code: str, *, at: datetime) -> str:
    """By what the code proves her: "app", "recovery", or "" when it does not. Each counts once."""
    with transaction.atomic():
        app = StaffTotp.objects.select_for_update().filter(staff_id=staff_id, confirmed_at__isnull=False).first()
        if app is None:
            return ""
        step = step_of(_opened(app), code, at=at, after=app.last_step)
        if step is not None:
            StaffTotp.objects.filter(staff_id=staff_id).update(last_step=step)
            return "app"
        unused = RecoveryCode.objects.filter(staff_id=staff_id, digest=_digest(staff_id, code), used_at__isnull=True)
        return "recovery" if unused.update(used_at=at) else ""


def drop_app(staff_id: int) -> None:
    """No code is asked of her any more; her passkeys stay."""
    with transaction.atomic():
        RecoveryCode.objects.filter(staff_id=staff_id).delete()
        StaffTotp.objects.filter(staff_id=staff_id).delete()


def drop_factors(staff_id: int) -> bool:
    """Her password alone opens the door again; False when it did before."""
    had = factors_of(staff_id).any
    with transaction.atomic():
        drop_app(staff_id)
        StaffPasskey.objects.filter(staff_id=staff_id).delete()
    return had


def roles_asked() -> frozenset[str]:
    """Roles the privacy officer asks a second factor of."""
    return frozenset(SecondFactorRole.objects.values_list("role", flat=True))


def ask_of(roles: Iterable[str], *, asked_by: str, at: datetime) -> None:
    """From now on a second factor is asked of these roles and of no others."""
    wanted = set(roles)
    with transaction.atomic():
        SecondFactorRole.objects.exclude(role__in=wanted).delete()
        for role in sorted(wanted):
            SecondFactorRole.objects.get_or_create(role=role, defaults={"since": at, "asked_by": asked_by})


def _new_codes(staff_id: int) -> list[str]:
    codes = [
        "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    ]
    RecoveryCode.objects.filter(staff_id=staff_id).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(staff_id=staff_id, digest=_digest(staff_id, one)) for one in codes)
    return codes


def _digest(staff_id: int, code: str) -> str:
    """Keyed, so that a stolen database cannot try all codes."""
    typed = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hmac.digest(settings.KEYS.read(KEY), f"recovery|{staff_id}|{typed}".encode(), hashlib.sha256).hex()


def _sealed(secret: str, staff_id: int) -> bytes:
    return seal_text(settings.KEYS.read(KEY), secret, about=f"staff_totp|{staff_id}")


def _opened(app: StaffTotp) -> str:
    return open_text(settings.KEYS.read(KEY), bytes(app.sealed), about=f"staff_totp|{app.staff_id}")
