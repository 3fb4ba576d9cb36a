"""Codes that count once: six digits of the half minute (RFC 6238, SHA-1, as every authenticator app has it)."""

import hmac
from datetime import datetime
from typing import Final

from pyotp import TOTP

SECONDS: Final = 30
#: A clock may be half a minute slow or fast (RFC 6238, 5.2).
NEIGHBOURS: Final = (-1, 0, 1)


def step_of(secret: str, code: str, *, at: datetime, after: int = 0) -> int | None:
    """Which half minute since 1970 the code is of; None when it is wrong, too old, or not later than step `after`.

    `secret` is in Base32. Keeping the step and handing it in as `after` makes every code count once. The example is
    the first of RFC 6238, appendix B, in its last six digits.

    >>> from datetime import UTC
    >>> seed, then = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", datetime.fromtimestamp(59, UTC)
    >>> step_of(seed, "287082", at=then), step_of(seed, "287082", at=then, after=1)
    (1, None)
    """
    now, typed = int(at.timestamp()) // SECONDS, "".join(code.split())
    wanted = [(now + neighbour, TOTP(secret).generate_otp(now + neighbour)) for neighbour in NEIGHBOURS]
    return next((step for step, right in wanted if step > after and _same(right, typed)), None)


def _same(right: str, typed: str) -> bool:
    return hmac.compare_digest(right.encode(), typed.encode())
