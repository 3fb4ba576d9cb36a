"""Mail addresses in one spelling, good enough to find and to write to; whether one lives, only a message can tell."""

import re
from typing import Final

#: What RFC 5321 allows without quotes, and in domains what RFC 5890 calls LDH labels or U-labels.
SHAPE: Final = re.compile(
    r"[^\s@\"(),:;<>\[\]\\]{1,64}@(?:[^\s@.,;:\"()<>\[\]\\]{1,63}\.)+[^\s@.,;:\"()<>\[\]\\\d]{2,63}\Z"
)


def read_email(text: str) -> str | None:
    """The address with its domain in small letters, or None when it is none.

    >>> read_email(" Ann.Archer@Example.COM "), read_email("ann at example.com")
    ('Ann.Archer@example.com', None)
    """
    plain = text.strip().removeprefix("mailto:")
    if len(plain) > 254 or not SHAPE.match(plain) or ".." in plain:
        return None
    user, _, domain = plain.rpartition("@")
    return f"{user}@{domain.casefold()}"


def same_mailbox(address: str) -> str:
    """The key two spellings of one mailbox share: small letters throughout.

    >>> same_mailbox("Ann@Example.com")
    'ann@example.com'
    """
    return address.strip().casefold()
