"""Traditional and simplified Chinese: one key for both spellings. The customer's own spelling is never replaced.

Conversion is OpenCC's, character by character where no phrase decides. It is a key to compare by, not a way to write a
name: 乾 in 乾隆 stays, 於 as a surname does not.
"""

from functools import lru_cache
from typing import Final

from opencc import OpenCC

from regulars.rules.cleaning.writing import HAN

_LONE_HALVES: Final = dict.fromkeys(range(0xD800, 0xE000))


def simplified(text: str) -> str:
    """The text in simplified characters; equal to itself where it has none to simplify.

    >>> simplified("陳芳"), simplified("陈芳"), simplified("Ann")
    ('陈芳', '陈芳', 'Ann')
    """
    return _simplified(text) if HAN.search(text) else text


@lru_cache(maxsize=50_000)
def _simplified(text: str) -> str:
    return str(_converter().convert(text.translate(_LONE_HALVES)))


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")
