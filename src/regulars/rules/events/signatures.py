"""Signatures of webhooks, as the Standard Webhooks specification has them (https://www.standardwebhooks.com, 1.0).

What is signed is `id.timestamp.body`, by HMAC-SHA-256 (RFC 2104) with the secret; the header may hold several
signatures, each with its version before it, so that a secret can be changed without a gap.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Final

PREFIX: Final = "whsec_"
TOLERANCE: Final = 300  # seconds
LONGEST: Final = 2_000


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature as the header has it.

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
    ...           b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode()


def key_of(secret: str) -> bytes:
    """The bytes a secret stands for; ValueError for what is no secret."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("no secret") from error


def refusal(secret: str, message_id: str, timestamp: str, signatures: str, body: bytes, *, now: int) -> str:
    """Why the message is not believed; "" when it is."""
    if not message_id or not timestamp or not signatures or len(signatures) > LONGEST or len(message_id) > 256:
        return "webhook_unsigned"
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        return "webhook_unsigned"
    if abs(now - int(timestamp)) > TOLERANCE:
        return "webhook_out_of_time"
    wanted = signature(secret, message_id, int(timestamp), body).encode()
    given = [one.encode() for one in signatures.split(" ")]
    return "" if any(hmac.compare_digest(wanted, one) for one in given) else "webhook_wrong_signature"
