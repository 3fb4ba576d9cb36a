"""One click in a mail, and no further mail comes (RFC 8058): without a name, a password or a question.

The token in the address is the contact's number with a keyed signature: it can neither be guessed nor changed into
another's, and it leads to nothing but this one withdrawal, so it does not expire.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from django.conf import settings

from regulars.journeys.withdraw_consent import ChoiceMade, withdraw_consent
from regulars.records.contacts.answers import Answer, record_answers
from regulars.records.contacts.of_customer import contact_of, recipient_of
from regulars.records.customers.access import open_customer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere

SIGNATURE_BYTES = 16


def unsubscribe_url(contact_id: UUID) -> str:
    """The address for the `List-Unsubscribe` header and the link of that contact's mail."""
    return f"{settings.PUBLIC_URL}/u/{unsubscribe_token(contact_id)}/"


def unsubscribe_token(contact_id: UUID) -> str:
    """The signed token of that contact."""
    return base64.urlsafe_b64encode(contact_id.bytes + _signature(contact_id.bytes)).decode().rstrip("=")


def contact_behind(token: str) -> UUID:
    """The contact a token was made for; NotThere for one we did not sign."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotThere("link_not_ours") from None
    if len(raw) != SIGNATURE_BYTES * 2 or not hmac.compare_digest(raw[16:], _signature(raw[:16])):
        raise NotThere("link_not_ours")
    return UUID(bytes=raw[:16])


def unsubscribe(token: str, *, at: datetime, wording: str = "") -> ChoiceMade:
    """No direct marketing by e-mail to the recipient of that mail from this moment; NotThere for a token not ours."""
    contact_id = contact_behind(token)
    number = recipient_of(contact_id)
    if number is None:
        raise NotThere("link_not_ours")
    herself = Asker(f"customer {number}", "customer", "personal", "oversight", reference=f"mail {contact_id}")
    made = withdraw_consent(number, by=herself, source="unsubscribe", at=at, channel="email", wording=wording)
    _answered(number, contact_id, herself, at)
    return made


def _answered(number: str, contact_id: UUID, herself: Asker, at: datetime) -> None:
    """The campaign learns that its mail was answered so; however often the link is pressed, it counts once."""
    opened, _ = open_customer(number, by=herself, because="own_record")
    contact = contact_of(opened, contact_id)
    if contact is not None:
        answer = Answer(opened.id, "unsubscribe", at, ref=str(contact_id))
        record_answers(contact.campaign_id, [answer])


def _signature(contact: bytes) -> bytes:
    return hmac.new(settings.KEYS.read("links"), b"unsubscribe" + contact, hashlib.sha256).digest()[:SIGNATURE_BYTES]
