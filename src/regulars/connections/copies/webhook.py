"""A copy by webhook, signed after Standard Webhooks 1.0: whoever receives it can tell that it is ours, and when.

`webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` with the shared secret. The same
message sent again keeps its id, so a receiver that got it twice keeps it once.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from regulars.connections.web import WebAway, WebRefused, ask_web, web_host

SECONDS = 10.0
PREFIX = "whsec_"


class WebhookError(Exception):
    """It did not arrive, or the receiver did not say that it did. Never holds the address or the secret."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where to, and the secret shared with the receiver (bytes)."""

    url: str
    secret: bytes

    @property
    def place(self) -> str:
        """How people call it: an address may hold a password or a token behind its host."""
        return f"webhook {web_host(self.url) or '?'}"

    def send(self, body: bytes, *, message_id: str, timestamp: int) -> None:
        """The receiver has confirmed the message (2xx) when this returns; WebhookError otherwise."""
        headers = {"content-type": "application/json", **signed(body, self.secret, message_id, timestamp)}
        try:
            ask_web(self.url, body=body, headers=headers, seconds=SECONDS, most=1)
        except (WebAway, WebRefused) as error:
            raise WebhookError(str(error)) from None


def signed(body: bytes, secret: bytes, message_id: str, timestamp: int) -> Mapping[str, str]:
    """The three headers of Standard Webhooks.

    >>> signed(b"{}", b"secret", "msg_1", 1700000000)["webhook-signature"][:3]
    'v1,'
    """
    said = f"{message_id}.{timestamp}.".encode() + body
    mark = base64.b64encode(hmac.digest(secret, said, hashlib.sha256)).decode()
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": f"v1,{mark}"}


def secret_for_receiver(secret: bytes) -> str:
    """The secret as receivers' libraries want it.

    >>> secret_for_receiver(b"abc")
    'whsec_YWJj'
    """
    return PREFIX + base64.b64encode(secret).decode()
