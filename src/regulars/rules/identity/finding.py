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
from itertools import combinations
from typing import Final

from regulars.rules.cleaning.emails import read_email, same_mailbox
from regulars.rules.cleaning.phones import phone_meant, read_phone
from regulars.rules.cleaning.writing import (
    HAN,
    name_parts,
    plain_letters,
    readings,
    surname_reading,
    tidy,
    umlauts_spelled_out,
)

WORD, PAIR, NUMBER, SECRET = "w:", "p:", "n:", "k:"
LONGEST_WORD: Final = 60
MOST_WORDS: Final = 8
#: The first letters of two words together are a key of their own: of a million people a few hundred share it, where
#: ten thousand share either beginning.
HEAD: Final = 2
MOST_HEADS: Final = 8
CUSTOMER_NUMBER: Final = re.compile(r"[A-Za-z]{1,4}-?\d{2,}\Z")
PHONE_LIKE: Final = re.compile(r"\+?[\d\s().\-/]{6,}\Z")
#: Words of small plain letters: Chinese runs apart from others, marks as in O'Neill inside.
WORDS: Final = re.compile(r"[㐀-䶿一-鿿\uf900-\ufaff〇]+|(?:(?![㐀-䶿一-鿿\uf900-\ufaff〇])[\w'])+")
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
    """The keys of a person's names: each word, the whole run together, and for 汉字 the pinyin, whole and by initials;
    each two words by their first letters.

    >>> sorted(name_tokens("王芳"))
    ['p:fa.wa', 'w:fang', 'w:wang', 'w:wangfang', 'w:wf', 'w:王', 'w:王芳', 'w:芳']
    >>> sorted(name_tokens("Ann Archer"))
    ['p:an.ar', 'w:ann', 'w:annarcher', 'w:archer']
    """
    words = {word for name in names for word in _words(tidy(name))}
    return frozenset(WORD + word[:LONGEST_WORD] for word in words if word.strip("_")) | pair_tokens(*names)


def pair_tokens(*names: str) -> frozenset[str]:
    """The keys of each two words of a person's names by their first letters, 汉字 by their pinyin.

    >>> sorted(pair_tokens("Ann Maria Archer"))
    ['p:an.ar', 'p:an.ma', 'p:ar.ma']
    """
    heads = _heads(word for name in names for word in _spelled(tidy(name)))
    return frozenset(_pair(one, other) for one, other in combinations(heads[:MOST_HEADS], 2))


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
    if PHONE_LIKE.match(plain) and (number := phone_meant(plain, country)):
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


def pair_of(lookups: Sequence[Lookup]) -> Lookup | None:
    """The key of two of the words, so that few come into question; None where no two begin with other letters.

    >>> pair_of(query_tokens("wang fa", b"k")).token, pair_of(query_tokens("wang w", b"k"))
    ('p:fa.wa', None)
    """
    words = [one.token.removeprefix(WORD) for one in lookups if one.token.startswith(WORD)]
    heads = _heads(sorted(words, key=len, reverse=True))
    return Lookup(_pair(*heads[:2]), True) if len(heads) > 1 else None


def keyed(kind: str, value: str, key: bytes) -> str:
    """The digest kept instead of a contact."""
    return SECRET + hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:32]


def _words(name: str) -> Iterator[str]:
    """Every spelling of every part of a name that somebody may begin to type; 汉字 also by the initials."""
    yield from _spelled(name)
    if HAN.search(name):
        yield from ("".join(syllable[0] for syllable in syllables) for syllables in _syllables(name))


def _spelled(name: str) -> Iterator[str]:
    for words in _as_written(name):
        yield from (part for word in words for part in (word.replace("'", ""), word.rpartition("'")[2]))
        yield "".join(words).replace("'", "")
    if HAN.search(name):
        yield from _chinese_words(name)


def _as_written(name: str) -> list[list[str]]:
    spellings = {plain_letters(name), umlauts_spelled_out(name)}
    return [words for spelled in sorted(spellings) if (words := WORDS.findall(spelled))]


def _chinese_words(name: str) -> Iterator[str]:
    """Characters, given name, pinyin by part, by syllable and whole."""
    family, given = name_parts(name)
    yield from HAN.findall(name)
    yield plain_letters(given)
    for part in (readings(given), surname_reading(family).split()):
        yield plain_letters("".join(part))
    for syllables in _syllables(name):
        yield from syllables
        yield "".join(syllables)


def _syllables(name: str) -> Iterator[list[str]]:
    """The pinyin of a name syllable by syllable, with the surname's own reading too."""
    family, given = name_parts(name)
    for said in sorted({tuple(readings(family)), tuple(surname_reading(family).split())}):
        syllables = [plain_letters(word) for word in (*said, *readings(given)) if word[0].isalnum()]
        yield syllables
        if any("v" in syllable for syllable in syllables):  # 吕 is typed lv, and lu by those who mean lü
            yield [syllable.replace("v", "u") for syllable in syllables]


def _heads(words: Iterable[str]) -> list[str]:
    """The first letters of words, each once; 汉字 are told apart by one alone, and one letter tells too little."""
    return list(dict.fromkeys(word[:HEAD] for word in words if len(word) >= HEAD and not HAN.search(word[:HEAD])))


def _pair(one: str, other: str) -> str:
    return f"{PAIR}{min(one, other)}.{max(one, other)}"


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
