"""Which encoding a text file is in: what the bytes prove first, what they make likely second."""

import codecs
import re
from collections import Counter
from collections.abc import Callable
from typing import Final

# GB18030 contains GBK and GB2312; Windows-1252 is what "Latin-1" files nearly always are.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)


def encoding_of(head: bytes, foreign: bytes) -> tuple[str, bool]:
    """Python's name of the encoding, and whether it is proven (a mark, or valid UTF-8) or only likely.

    `head` is the file's beginning, `foreign` a collection of its lines that are not plain ASCII.

    >>> encoding_of("姓名,金额".encode("gb18030"), "姓名,金额".encode("gb18030"))
    ('gb18030', False)
    >>> encoding_of("Größe".encode("latin-1"), "Größe".encode("latin-1"))
    ('cp1252', False)
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, True
    if b"\0" in head[:4096] and (wide := _wide(head[:4096])):
        return wide, False
    if not foreign or _decodes(foreign, "utf-8"):
        return "utf-8", True
    return _likely(foreign), False


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of ASCII and of line ends is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 8 < len(head):
        return ""
    name = "utf-16-le" if odd > even else "utf-16-be"
    return name if _decodes(head[: len(head) // 2 * 2 - 2], name) else ""


def _likely(foreign: bytes) -> str:
    good_utf8 = foreign.decode("utf-8", "ignore")
    if len(good_utf8.encode()) > 0.98 * len(foreign) and not good_utf8.isascii():
        return "utf-8"  # a few damaged characters in a file that is otherwise UTF-8
    if of_asia := _of_asia(foreign):
        return of_asia
    return "cp1252" if _decodes(foreign, "cp1252") else "latin-1"


def _of_asia(foreign: bytes) -> str:
    """The encoding of Asia in which most characters are everyday ones; of several as good the first. Nothing where none
    is good enough."""
    scores = {name: _everyday(foreign, name, is_everyday) for name, is_everyday in _EVERYDAY.items()}
    korean = scores.pop("euc_kr") > ALL_BUT_SURE and _is_korean(foreign)  # it reads as Chinese of a narrow range, too
    best = "euc_kr" if korean else max(scores, key=lambda name: scores[name])
    if not korean and scores[best] <= LIKELY:
        return ""
    return best if _decodes(foreign, best) else _WIDER[best]


def _everyday(data: bytes, encoding: str, is_everyday: Callable[[str, int], bool]) -> float:
    """How much of what is beyond ASCII are everyday characters of that encoding; 0 where the bytes are not of it, or
    most stand alone among letters of ASCII as in Latin-1."""
    if not _decodes(data, _WIDER[encoding]):
        return 0.0
    text = data.decode(_WIDER[encoding], "replace")
    runs = _BEYOND_ASCII.findall(text)
    many = sum(map(len, runs))
    among_letters = sum(map(len, _AMONG_LETTERS.findall(text)))
    if encoding != "gb18030" and among_letters >= LIKELY * many:
        return 0.0
    good = sum(
        times for sign, times in Counter("".join(runs)).items() if is_everyday(sign, _first_byte(sign, encoding))
    )
    return good / many if many else 0.0


def _is_korean(data: bytes) -> bool:
    """Whether there are enough syllables, and one in four is one that names, places and headings are made of."""
    signs = "".join(_BEYOND_ASCII.findall(data.decode("cp949", "replace")))
    return len(signs) >= ENOUGH and 4 * sum(sign in _FREQUENT_HANGUL for sign in signs) >= len(signs)


def _first_byte(sign: str, encoding: str) -> int:
    """The first of the two bytes of a character; 0 where it has not two."""
    spelled = sign.encode(_WIDER[encoding], "ignore")
    return spelled[0] if len(spelled) == 2 else 0


def _in_gb18030(sign: str, first: int) -> bool:
    """A sign of GB2312, one of its 3,755 frequent characters, or a traditional one that is as frequent."""
    if 0xA1 <= first <= 0xA3 or 0xB0 <= first <= 0xD7:
        return bool(sign.encode("gb2312", "ignore"))
    traditional = sign.encode("big5", "ignore")
    return len(traditional) == 2 and 0xA4 <= traditional[0] <= 0xC6


def _is_full_width(sign: str) -> bool:
    """Punctuation and full-width letters, which all of them have."""
    return "\u3000" <= sign <= "\u3020" or "\uff01" <= sign <= "\uff5e"


def _is_kana(sign: str) -> bool:
    return "\u3041" <= sign <= "\u30fe"


#: Encoding → whether a character, whose first byte of two is told, is an everyday one in it. Each begins with the
#: frequent ones.
_EVERYDAY: Final[dict[str, Callable[[str, int], bool]]] = {
    "gb18030": _in_gb18030,
    "big5": lambda sign, first: 0xA4 <= first <= 0xC6 or _is_full_width(sign),
    "shift_jis": lambda sign, first: 0x88 <= first <= 0x97 or _is_kana(sign) or _is_full_width(sign),
    "euc_jp": lambda sign, first: 0xB0 <= first <= 0xCF or _is_kana(sign) or _is_full_width(sign),
    "euc_kr": lambda sign, first: "\uac00" <= sign <= "\ud7a3" or _is_full_width(sign),
}
#: The same with the characters that Windows and Hong Kong added.
_WIDER: Final = {
    "gb18030": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc_jp": "euc_jp", "euc_kr": "cp949",
}  # fmt: skip
_AMONG_LETTERS: Final = re.compile(
    r"(?:(?<=[A-Za-z])[^\x00-\x7f](?![^\x00-\x7f])|(?<![^\x00-\x7f])[^\x00-\x7f](?=[A-Za-z]))"
)
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
LIKELY: Final = 0.6
ALL_BUT_SURE: Final = 0.98
ENOUGH: Final = 8
_FREQUENT_HANGUL: Final = frozenset(
    "이김박최정강조윤장임한오서신권황안송유홍전고문손양배백허남심노하성차주우구민진지영수현준호은희경미숙자순옥선연철상재동석용기원태대인천부산울광도시"
    "군읍면로길번름일월년금액화소회등급사업체명객품매가판의는을를에다"
)


def _decodes(data: bytes, encoding: str) -> bool:
    """Whether the bytes decode; a character cut at the very end is no objection."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(data, final=False)
    except UnicodeDecodeError:
        return False
    return True


def encoding_named(name: str) -> str:
    """The encoding a person names, as this house reads it; nothing when Python does not know it.

    GB2312 and GBK are read as GB18030, which contains them and knows the characters they lack.

    >>> encoding_named("GB2312"), encoding_named("Latin1"), encoding_named("klingon"), encoding_named("base64")
    ('gb18030', 'iso8859-1', '', '')
    """
    try:
        bytes(4).decode(name, "replace")
    except (LookupError, ValueError):
        return ""
    known = codecs.lookup(name).name
    return "gb18030" if known in ("gb2312", "gbk") else known
