"""How Chinese characters are read, by pypinyin. Its tables take a quarter of a second to load, so they come when
somebody asks first; a program that draws pages asks ahead.
"""

from collections.abc import Callable
from functools import cache
from typing import Final

#: Accents above, or none.
TONES: Final = 1
PLAIN: Final = 0


def syllables(text: str, style: int = PLAIN) -> list[str]:
    """One for each character; what is none stays as it is, in one piece.

    >>> syllables("重庆"), syllables("王芳", TONES)
    (['chong', 'qing'], ['wáng', 'fāng'])
    """
    return _read()(text, style)


@cache
def all_readings() -> frozenset[str]:
    """Every reading of every character, with tones."""
    from pypinyin.constants import PINYIN_DICT

    return frozenset(reading for said in PINYIN_DICT.values() for reading in said.split(","))


@cache
def _read() -> Callable[[str, int], list[str]]:
    from pypinyin import Style, lazy_pinyin

    styles = {TONES: Style.TONE, PLAIN: Style.NORMAL}
    return lambda text, style: lazy_pinyin(text, style=styles[style])
