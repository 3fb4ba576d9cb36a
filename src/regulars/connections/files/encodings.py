"""Which encoding a text file is in: what the bytes prove first, what they make likely second."""

import codecs

# Tried in this order. GB18030 contains GBK and GB2312; Windows-1252 is what "Latin-1" files nearly always are.
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
    if _decodes(foreign, "gb18030") and _share_of_pairs(foreign) > 0.6:
        return "gb18030"
    return "cp1252" if _decodes(foreign, "cp1252") else "latin-1"


def _share_of_pairs(data: bytes) -> float:
    """How much of what is beyond ASCII is a GB2312 sign or one of its 3,755 everyday characters.

    In Latin-1 text accented letters mostly stand alone among ASCII, and two in a row ("öß") begin above that range.
    """
    high = pairs = index = 0
    while index < len(data):
        if data[index] < 0x80:
            index += 1
            continue
        paired = index + 1 < len(data) and data[index + 1] >= 0xA1
        high += 1
        pairs += paired and 0xA1 <= data[index] <= 0xD7
        index += 2 if paired else 1
    return pairs / high if high else 0.0


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
