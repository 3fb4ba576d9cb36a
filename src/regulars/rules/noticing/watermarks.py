"""What marks a file of people as one export and no other: the order of its rows, and people who do not exist.

Neighbours are swapped or left by keyed bits, so two exports of the same list differ in about every second pair, and a
leaked part of one still shows which: a mark that needs no column and survives lost rows. Invented people (decoys) in a
file settle it with a single row. Marking by order after Li, Swarup and Jajodia, "Fingerprinting relational databases"
(2005), reduced to what leaves every value true.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Final

#: A file of fewer rows holds no decoy: it would stand out, and disturb.
LEAST_ROWS: Final = 10
ROWS_FOR_ANOTHER: Final = 200
MOST_DECOYS: Final = 12
HAN: Final = re.compile(r"[㐀-䶿一-鿿]{2,5}\Z")


def bits(key: bytes, export: int, what: str, count: int) -> list[int]:
    """So many bits of one export, each as likely 0 as 1, known to whoever has the key (HMAC-SHA-256, RFC 2104)."""
    stream = b""
    while 8 * len(stream) < count:
        block = f"{what}|{export}|{len(stream)}".encode()
        stream += hmac.new(key, block, hashlib.sha256).digest()
    return [stream[n // 8] >> (n % 8) & 1 for n in range(count)]


def marked_order(count: int, key: bytes, export: int, first: int = 0) -> list[int]:
    """Which row stands where: places `first`, `first` + 1 … of the file hold these rows; each moves by one at most.

    >>> order = marked_order(6, b"key", 1)
    >>> sorted(order), max(abs(place - row) for place, row in enumerate(order)) <= 1
    ([0, 1, 2, 3, 4, 5], True)
    """
    order = list(range(count))
    swapped = bits(key, export, "order", (first + count) // 2)
    for row in range(first % 2, count - 1, 2):
        if swapped[(first + row) // 2]:
            order[row], order[row + 1] = order[row + 1], order[row]
    return order


def how_many_decoys(rows: int) -> int:
    """How many people who do not exist a file of so many rows holds.

    >>> [how_many_decoys(rows) for rows in (0, 9, 10, 250, 50_000)]
    [0, 0, 1, 2, 12]
    """
    return 0 if rows < LEAST_ROWS else min(MOST_DECOYS, 1 + rows // ROWS_FOR_ANOTHER)


def decoy_places(count: int, rows: int, key: bytes, export: int) -> list[int]:
    """Before which rows the decoys of a file stand: one in each equal stretch, somewhere within it.

    >>> places = decoy_places(2, 400, b"key", 7)
    >>> 0 <= places[0] < 200 <= places[1] < 400
    True
    """
    stretch = rows // count if count else 0
    drawn = [_number(key, export, f"place {n}") for n in range(count)]
    return [n * stretch + drawn[n] % stretch for n in range(count)]


def invented_name(names: Sequence[str], key: bytes, export: int, number: int) -> str:
    """A name like those in the file that nobody in it bears: the family name of one, the given name of another.

    >>> invented_name(["王芳", "陈婉清"], b"key", 1, 0) in {"王婉清", "陈芳"}
    True
    >>> invented_name(["Ann Archer", "Bob Baker"], b"key", 1, 0) in {"Ann Baker", "Bob Archer"}
    True
    """
    known = sorted({name.strip() for name in names if len(name.strip()) > 1})
    for attempt in range(8 * len(known)):
        drawn = _number(key, export, f"name {number} {attempt}")
        made = _mixed(known[drawn % len(known)], known[drawn // 7919 % len(known)])
        if made and made not in known:
            return made
    return known[0] if known else ""


def between(one: int, other: int) -> int:
    """An amount between two, as round as it may be without being either's own; theirs where there is no other.

    >>> between(125_000, 120_000), between(47_000, 46_000), between(700, 700), between(1_999, 1_050)
    (122000, 46500, 700, 1500)
    """
    middle, units = (one + other) // 2, (10**power for power in range(9, -1, -1))
    rounded = (middle // unit * unit for unit in units)
    return next((amount for amount in rounded if min(one, other) < amount < max(one, other)), middle)


def _mixed(one: str, other: str) -> str:
    """Nothing where the two are not written in the same way."""
    if HAN.match(one) and HAN.match(other):
        return one[0] + other[1:]
    first, last = one.rpartition(" ")[0], other.rpartition(" ")[2]
    return f"{first} {last}" if first and " " in other else ""


def _number(key: bytes, export: int, what: str) -> int:
    return int.from_bytes(hmac.new(key, f"{what}|{export}".encode(), hashlib.sha256).digest()[:8], "big")
