"""What a list says in numbers and days, held against what an export said of the same people.

Figures move: a week later the days since the last purchase are others, and here and there the money. So a list that
still has such a column tells exports of different days apart, in whatever order its rows are and whoever was taken
out. Nothing is changed in a file for it. Exports of one day say the same, and figures can be altered by hand: this
never makes an answer sure, it says which of the possible ones the figures speak for.

What an export said is kept as two bytes of a keyed digest for each figure (HMAC-SHA-256, RFC 2104): enough to recognise
a figure, nothing to read one from.
"""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

BYTES: Final = 2
#: A column counts as there where so much of the list agrees with some export.
CARRIED: Final = 0.5
_NUMBER: Final = re.compile(r"[-+]?\d[\d.,' \u00a0\u202f]*\Z")
_DAY: Final = re.compile(r"(\d{1,4})[-./年](\d{1,2})[-./月](\d{1,4})日?\Z")
_SIGNS: Final = "¥￥$€£元 \u00a0"
#: Money that a program read stands in minor units, a hundredth of what a file says.
_MINOR: Final = Decimal(100)


def marks_of(key: bytes, customer_id: int, figures: Sequence[object]) -> bytes:
    """The marks of one customer's figures, in their order: two bytes each."""
    return b"".join(_mark(key, customer_id, place, _plain(one)) for place, one in enumerate(figures))


def agreeing(key: bytes, customer_id: int, cells: Iterable[str], marks: bytes) -> list[bool]:
    """For each marked figure whether some cell of her row says it, however it is written there.

    >>> marks = marks_of(b"k", 7, [37, "1250.5", dt.date(2026, 3, 1)])
    >>> agreeing(b"k", 7, ["37", "¥1,250.50", "2026/3/1"], marks), agreeing(b"k", 7, ["38", "125050"], marks)
    ([True, True, True], [False, True, False])
    """
    said = {one for cell in cells for one in readings(cell)}
    places = range(len(marks) // BYTES)
    return [_is_said(key, customer_id, place, said, marks[BYTES * place : BYTES * (place + 1)]) for place in places]


def readings(cell: str) -> set[str]:
    """What a cell may mean as a number or a day, each written in one way; nothing where it is neither.

    >>> "1250.5" in readings("1.250,50"), sorted(readings("1,250"))
    (True, ['0.0125', '1.25', '12.5', '1250'])
    >>> readings("2026-03-01"), readings("Ann")
    ({'2026-03-01'}, set())
    """
    text = cell.strip().strip(_SIGNS)
    return set(_days(text)) or set(_numbers(text))


def fits(shares: Sequence[Sequence[float]]) -> list[float | None]:
    """For each export how well the figures of a list are those it said: the least share over the columns the list still
    has, which are those in which some export agrees; None where it has none of them, and for an export that said none.

    >>> fits([[0.0, 1.0, 0.0], [1.0, 0.9, 0.1], []]), fits([[0.1], [0.2]])
    ([0.0, 0.9, None], [None, None])
    """
    said = [one for one in shares if one]
    carried = [place for place, column in enumerate(zip(*said, strict=True)) if max(column) >= CARRIED]
    return [min((one[place] for place in carried), default=None) if one else None for one in shares]


def _is_said(key: bytes, customer_id: int, place: int, said: set[str], mark: bytes) -> bool:
    return any(hmac.compare_digest(_mark(key, customer_id, place, one), mark) for one in said)


def _mark(key: bytes, customer_id: int, place: int, plain: str) -> bytes:
    return hmac.digest(key, f"figure|{customer_id}|{place}|{plain}".encode(), hashlib.sha256)[:BYTES]


def _plain(figure: object) -> str:
    return figure.isoformat() if isinstance(figure, dt.date) else _written(Decimal(str(figure)))


def _numbers(text: str) -> Iterator[str]:
    if not _NUMBER.match(text) or not any(map(str.isdecimal, text)):
        return
    bare = re.sub(r"[' \u00a0\u202f]", "", text)
    for mark, other in ((".", ","), (",", ".")):
        whole, _, fraction = bare.replace(other, "").partition(mark)
        if fraction.isdecimal() or not fraction:
            number = Decimal(f"{whole or '0'}.{fraction or '0'}")
            yield from (_written(number), _written(number / _MINOR))


def _days(text: str) -> Iterator[str]:
    if not (found := _DAY.match(text)):
        return
    first, middle, last = map(int, found.groups())
    for year, month, day in ((first, middle, last), (last, middle, first), (last, first, middle)):
        try:
            yield dt.date(year, month, day).isoformat()
        except ValueError:
            continue


def _written(number: Decimal) -> str:
    text = f"{number.normalize():f}"
    return "0" if text in ("-0", "") else text
