"""The body of a request → what it tells, also where its program wrote JSON loosely.

One letter that is none must not cost the ninety-nine other events of its batch: half an emoji, cut off by a program
that counts in 16 bits, is read as U+FFFD; what is no number (`NaN`, as Python writes it), or too large for one, is
nothing.
"""

import math
import re
from typing import Any, Final

import orjson

BOM: Final = b"\xef\xbb\xbf"
#: Texts, whole or never closed, and whatever might be a number: each byte is looked at once.
_PARTS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?|-?Infinity|NaN|-?\d[\d.eE+\-]*+', re.DOTALL)
#: Pairs stand as they are; a half without its other half does not.
_ESCAPES: Final = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\.", re.DOTALL
)
_RAW_HALVES: Final = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_HALF: Final = 6  # bytes of `\\ud83d`


def read_body(body: bytes) -> Any:
    """What the JSON tells; ValueError for what is none in UTF-8, or is nested more than a thousand deep.

    >>> read_body(b'{"name": "Ann \\\\ud83d", "score": NaN, "paid": 1e999, "tip": 2}')
    {'name': 'Ann \ufffd', 'score': None, 'paid': None, 'tip': 2}
    >>> read_body(b'{"name": "Ann"')
    Traceback (most recent call last):
        ...
    ValueError: no JSON
    """
    try:
        return orjson.loads(body)
    except ValueError:
        pass
    try:
        return orjson.loads(_PARTS.sub(_mended, _RAW_HALVES.sub(b"\\\\ufffd", body.removeprefix(BOM))))
    except ValueError:
        raise ValueError("no JSON") from None


def _mended(part: "re.Match[bytes]") -> bytes:
    said = part[0]
    if said.startswith(b'"'):
        if b"\\u" not in said:
            return said
        return _ESCAPES.sub(lambda one: b"\\ufffd" if _is_half(one[0]) else one[0], said)
    try:
        return said if math.isfinite(float(said)) else b"null"
    except ValueError:
        return said


def _is_half(escape: bytes) -> bool:
    return len(escape) == _HALF and escape[:3].lower() == b"\\ud" and escape[3:4] not in b"01234567"
