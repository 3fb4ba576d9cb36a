"""What a line of a book says as evidence: everything that happened, and nobody a customer could be found by.

Customers stand under a keyed pseudonym, and so does whoever is no staff, house or program. What people typed — reasons,
case numbers — stands as a keyed mark: whoever has the key and the words can show that they are the same. Evidence is
kept for ever and cannot be erased, so nothing goes in that a customer may ask to be forgotten.

This is form 1 and never changes; whatever is to be written otherwise becomes form 2 beside it (`batches.FORM`).
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from regulars.rules.evidence.canonical import quoted

Row = Sequence[Any]
Write = Callable[[Row], bytes]
Marks = Callable[[str, str], str]
Say = Callable[[str], str]
NOTHING: Final = '""'

#: The columns of each book in the order in which `writer_for` takes them; moments as text in UTC.
COLUMNS: Final = {
    "access": (
        "id", "at", "who", "role", "view", "purpose", "door", "because", "reference", "customer_id", "rows", "allowed",
    ),
    "privacy": ("id", "at", "who", "role", "deed", "subject", "detail", "customer_id", "allowed"),
}  # fmt: skip
BOOKS: Final = tuple(COLUMNS)
KNOWN: Final = frozenset({"marketer", "service", "officer", "steward", "house", "program"})
#: A reason that is a code of ours. Single words only from this list, so that no name passes for a code.
CODE: Final = re.compile(r"[a-z]+(?:_[a-z]+)+\Z")
WORDS: Final = frozenset(
    {
        "oversight", "serving", "searching", "today", "timeline", "order", "choice", "complaint", "task", "signed in",
        "wrong name or password", "page of another role", "warehouse refresh", "unknown token",
        "token of another purpose",
    }
)  # fmt: skip
NUMBERED: Final = re.compile(r"[^/ ]*\d[^/ ]*")
REMEMBERED: Final = 50_000


def writer_for(book: str, key: bytes) -> Write:
    """Writes rows of that book (columns as in COLUMNS) as canonical lines, under pseudonyms of this key.

    >>> write = writer_for("access", b"k" * 32)
    >>> write((7, "2026-11-21T09:00:00.000000Z", "Dora", "service", "standard", "service", "open_customer",
    ...        "serving", "", 4, 1, True)).decode()[:62]
    '{"allowed":true,"at":"2026-11-21T09:00:00.000000Z","because":"'
    """
    marks = lru_cache(REMEMBERED)(lambda kind, text: quoted(mark(key, kind, text)))
    return _access(marks) if book == "access" else _privacy(marks)


def mark(key: bytes, kind: str, text: str) -> str:
    """A keyed mark of 128 bits: equal for equal texts of a kind, and nothing else can be told from it.

    What may also stand in clear says first that it does not; a customer never does.
    """
    said = hmac.digest(key, f"{kind}|{text}".encode(), hashlib.sha256).hex()[:32]
    return said if kind == "customer" else f"{kind}:{said}"


def _access(marks: Marks) -> Write:
    """Written out by hand, three times as fast as by way of a dictionary; a test holds it to the standard."""
    say, what, where, who_is = _readers(marks)

    def write(row: Row) -> bytes:
        id_, at, who, role, view, purpose, door, because, reference, customer, rows, allowed = row
        return (
            f'{{"allowed":{"true" if allowed else "false"},"at":"{at}","because":{what(because)},'
            f'"customer":{"null" if customer is None else marks("customer", str(customer))},"door":{where(door)},'
            f'"id":{id_},"purpose":{say(purpose)},"reference":{marks("case", reference) if reference else NOTHING},'
            f'"role":{say(role)},"rows":{rows},"view":{say(view)},"who":{who_is(role, who)}}}'
        ).encode()

    return write


def _privacy(marks: Marks) -> Write:
    say, _, _, who_is = _readers(marks)

    def write(row: Row) -> bytes:
        id_, at, who, role, deed, subject, detail, customer, allowed = row
        return (
            f'{{"allowed":{"true" if allowed else "false"},"at":"{at}",'
            f'"customer":{"null" if customer is None else marks("customer", str(customer))},"deed":{say(deed)},'
            f'"detail":{quoted(detail)},"id":{id_},"role":{say(role)},"subject":{say(subject)},'
            f'"who":{who_is(role, who)}}}'
        ).encode()

    return write


def _readers(marks: Marks) -> tuple[Say, Say, Say, Callable[[str, str], str]]:
    """How a plain word, a reason, a door and a person are written; what comes again is remembered."""
    remembered = lru_cache(REMEMBERED)
    return (
        remembered(quoted),
        remembered(lambda because: quoted(because) if _is_code(because) else marks("said", because)),
        remembered(lambda door: quoted(NUMBERED.sub("*", door))),
        remembered(lambda role, who: quoted(who) if role in KNOWN else marks("who", who)),
    )


def _is_code(text: str) -> bool:
    return text in WORDS or bool(CODE.match(text))
