"""How a customer is found: keys kept beside the record, and the keys that a typed text asks for.

Names are kept in clear, word by word, in small letters and in pinyin; so a beginning finds them. Phones and mail
addresses are kept only as keyed digests (HMAC-SHA-256, RFC 2104, cut to 128 bits): without the key, which is not in the
database, nobody can list or guess them; with it, exactly the typed one is found.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from regulars.rules.identity.emails import read_email, same_mailbox
from regulars.rules.identity.names import HAN, readings, tidy
from regulars.rules.identity.phones import read_phone

WORD, NUMBER, SECRET = "w:", "n:", "k:"
LONGEST_WORD: Final = 60
MOST_WORDS: Final = 8
CUSTOMER_NUMBER: Final = re.compile(r"[A-Za-z]{1,4}-?\d{2,}\Z")
PHONE_LIKE: Final = re.compile(r"\+?[\d\s().\-/]{6,}\Z")
#: After every character a name may hold, so that [token, token + LAST) is all that begins with the token.
LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Lookup:
    """One thing a customer's keys must hold: the token itself, or any that begins with it (up to, not with, `beyond`)."""

    token: str
    exact: bool

    @property
    def beyond(self) -> str:
        """The end of the range of tokens that begin with this one."""
        return self.token + LAST


def name_tokens(*names: str) -> frozenset[str]:
    """The keys of a person's names: each word, the whole run together, and for 汉字 the pinyin, whole and by initials.

    >>> sorted(name_tokens("王芳"))
    ['w:fang', 'w:wang', 'w:wangfang', 'w:wf', 'w:王', 'w:王芳', 'w:芳']
    >>> sorted(name_tokens("Ann Archer"))
    ['w:ann', 'w:annarcher', 'w:archer']
    """
    return frozenset(WORD + word[:LONGEST_WORD] for name in names for word in _words(tidy(name)))


def number_tokens(*numbers: str) -> frozenset[str]:
    """The keys of customer numbers and of numbers in other systems.

    >>> sorted(number_tokens("C-10042"))
    ['n:c10042']
    """
    return frozenset(NUMBER + bare for number in numbers if (bare := _bare(number)))


def contact_token(channel: str, value: str, key: bytes, country: str = "") -> str | None:
    """The keyed digest of a phone number or mail address; None for a letter's address or what is neither.

    >>> contact_token("phone", "138 0013 8000", b"k", "CN") == contact_token("sms", "+86 13800138000", b"k")
    True
    """
    if channel == "email":
        address = read_email(value)
        return keyed("email", same_mailbox(address), key) if address else None
    number = read_phone(value, country) if channel in ("phone", "sms") else None
    return keyed("phone", number, key) if number else None


def query_tokens(text: str, key: bytes, country: str = "CN") -> list[Lookup]:
    """What the keys of the wanted customer must hold, for what a clerk typed; empty when nothing can be asked.

    >>> query_tokens("wang fa", b"k")
    [Lookup(token='w:wang', exact=False), Lookup(token='w:fa', exact=False)]
    >>> query_tokens("C-10042", b"k")
    [Lookup(token='n:c10042', exact=True)]
    """
    plain = tidy(text)
    if address := read_email(plain):
        return [Lookup(keyed("email", same_mailbox(address), key), True)]
    if PHONE_LIKE.match(plain) and (number := read_phone(plain, country)):
        return [Lookup(keyed("phone", number, key), True)]
    if CUSTOMER_NUMBER.match(plain) or plain.isdecimal():
        return [Lookup(NUMBER + _bare(plain), True)]
    return [Lookup(WORD + word, False) for word in _typed_words(plain)[:MOST_WORDS]]


def keyed(kind: str, value: str, key: bytes) -> str:
    """The digest kept instead of a contact."""
    return SECRET + hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:32]


def _words(name: str) -> Iterator[str]:
    if not name:
        return
    folded = name.casefold()
    yield from re.findall(r"[\w'’]+", folded)
    yield re.sub(r"[\W_]+", "", folded)
    if HAN.search(name):
        syllables = readings(name)
        yield from syllables
        yield "".join(syllables)
        yield "".join(syllable[0] for syllable in syllables)
        yield from (character for character in folded if HAN.match(character))


def _typed_words(plain: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in re.findall(r"[\w'’]+", plain.casefold()) if word]


def _bare(number: str) -> str:
    return re.sub(r"[\W_]+", "", number.casefold())[:LONGEST_WORD]


def all_tokens(
    names: Iterable[str], numbers: Iterable[str], contacts: Iterable[tuple[str, str]], key: bytes, country: str = ""
) -> frozenset[str]:
    """Every key of one customer: names, numbers, and (channel, value) contacts."""
    secret = (contact_token(channel, value, key, country) for channel, value in contacts)
    return name_tokens(*names) | number_tokens(*numbers) | {token for token in secret if token}
