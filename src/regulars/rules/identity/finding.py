"""How a customer is found: keys kept beside the record, and the keys that a typed text asks for.

Names are kept in clear, word by word, in small letters and in pinyin; so a beginning finds them. Phones and mail
addresses are kept only as keyed digests (HMAC-SHA-256, RFC 2104, cut to 128 bits): without the key, which is not in the
database, nobody can list or guess them; with it, exactly the typed one is found.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from regulars.rules.identity.emails import read_email, same_mailbox
from regulars.rules.identity.names import (
    HAN,
    plain_letters,
    read_name,
    readings,
    surname_reading,
    tidy,
    umlauts_spelled_out,
)
from regulars.rules.identity.phones import read_phone

WORD, NUMBER, SECRET = "w:", "n:", "k:"
LONGEST_WORD: Final = 60
MOST_WORDS: Final = 8
CUSTOMER_NUMBER: Final = re.compile(r"[A-Za-z]{1,4}-?\d{2,}\Z")
PHONE_LIKE: Final = re.compile(r"\+?[\d\s().\-/]{6,}\Z")
#: Words of small plain letters: Chinese runs apart from others, marks as in O'Neill inside.
WORDS: Final = re.compile(r"[㐀-䶿一-鿿豈-﫿〇]+|(?:(?![㐀-䶿一-鿿豈-﫿〇])[\w'])+")
#: After every character a name may hold, so that [token, token + LAST) is all that begins with the token.
LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Lookup:
    """One thing a customer's keys must hold: the token itself, or any that begins with it (up to, not with, `beyond`).

    Where the typed text can be meant in two ways (a phone number, or a card number of as many digits), one of
    `or_exactly` will do as well.
    """

    token: str
    exact: bool
    or_exactly: tuple[str, ...] = ()

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
    words = {word for name in names for word in _words(tidy(name))}
    return frozenset(WORD + word[:LONGEST_WORD] for word in words if word.strip("_"))


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

    >>> [(wanted.token, wanted.exact) for wanted in query_tokens("wang fa", b"k")]
    [('w:wang', False), ('w:fa', False)]
    >>> [(wanted.token, wanted.exact) for wanted in query_tokens("C-10042", b"k")]
    [('n:c10042', True)]
    """
    plain = tidy(text)
    if address := read_email(plain):
        return [Lookup(keyed("email", same_mailbox(address), key), True)]
    if PHONE_LIKE.match(plain) and (number := read_phone(plain, country)):
        return [Lookup(keyed("phone", number, key), True, (NUMBER + _bare(plain),))]
    if CUSTOMER_NUMBER.match(plain) or (plain.isascii() and " " not in plain and any(map(str.isdecimal, plain))):
        return [Lookup(NUMBER + _bare(plain), True)]
    return [Lookup(WORD + word, False) for word in _typed_words(plain)[:MOST_WORDS]]


def run_together(lookups: Sequence[Lookup]) -> Lookup:
    """The words as one beginning: a name's whole run is a key too, so this is who is called just as was typed.

    >>> run_together(query_tokens("ann arch", b"k")).token
    'w:annarch'
    """
    if len(lookups) == 1:
        return lookups[0]
    return Lookup(WORD + "".join(one.token.removeprefix(WORD) for one in lookups)[:LONGEST_WORD], exact=False)


def whole_but_last(lookups: Sequence[Lookup]) -> list[Lookup]:
    """Every word typed to its end, but for the last, which may go on.

    >>> [(one.token, one.exact) for one in whole_but_last(query_tokens("ann arch", b"k"))]
    [('w:ann', True), ('w:arch', False)]
    """
    return [*(replace(one, exact=True) for one in lookups[:-1]), *lookups[-1:]]


def keyed(kind: str, value: str, key: bytes) -> str:
    """The digest kept instead of a contact."""
    return SECRET + hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:32]


def _words(name: str) -> Iterator[str]:
    """Every spelling of every part of a name that somebody may begin to type."""
    if not name:
        return
    for spelled in {plain_letters(name), umlauts_spelled_out(name)}:
        words = WORDS.findall(spelled)
        yield from (part for word in words for part in (word.replace("'", ""), word.rpartition("'")[2]))
        yield "".join(words).replace("'", "")
    if HAN.search(name):
        yield from _chinese_words(name)


def _chinese_words(name: str) -> Iterator[str]:
    """Characters, given name, pinyin: by syllable, by part, whole, by initials; with the surname's own reading too."""
    read = read_name(name)
    yield from HAN.findall(name)
    yield plain_letters(read.given)
    given = readings(read.given)
    yield from (plain_letters("".join(part)) for part in (given, surname_reading(read.family).split()))
    for family in {tuple(readings(read.family)), tuple(surname_reading(read.family).split())}:
        syllables = [plain_letters(word) for word in (*family, *given) if word[0].isalnum()]
        yield from _pinyin_words(syllables)
        if any("v" in syllable for syllable in syllables):  # 吕 is typed lv, and lu by those who mean lü
            yield from _pinyin_words([syllable.replace("v", "u") for syllable in syllables])


def _pinyin_words(syllables: list[str]) -> Iterator[str]:
    yield from syllables
    yield "".join(syllables)
    yield "".join(syllable[0] for syllable in syllables)


def _typed_words(plain: str) -> list[str]:
    words = (word.replace("'", "") for word in WORDS.findall(plain_letters(plain)))
    return [word[:LONGEST_WORD] for word in words if word.strip("_")]


def _bare(number: str) -> str:
    return re.sub(r"[\W_]+", "", number.casefold())[:LONGEST_WORD]


def all_tokens(
    names: Iterable[str], numbers: Iterable[str], contacts: Iterable[tuple[str, str]], key: bytes, country: str = ""
) -> frozenset[str]:
    """Every key of one customer: names, numbers, and (channel, value) contacts."""
    secret = (contact_token(channel, value, key, country) for channel, value in contacts)
    return name_tokens(*names) | number_tokens(*numbers) | {token for token in secret if token}
