"""Taiwan's addresses in Chinese characters taken apart: postcode, city or county, district, then the line.

The twenty-two cities and counties are those of the islands' own administration, which GB/T 2260 gives no codes. Two of
them are called like counties of 福建 and count only where Taiwan is said. Places stay as they were written: 台 or 臺,
区 or 區.
"""

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final

from regulars.rules.cleaning.chinese_addresses import addressee_apart, closed, line_parts
from regulars.rules.cleaning.cleaned import Notes
from regulars.rules.cleaning.places import Address
from regulars.rules.cleaning.scripts import simplified

_PLACES: Final = frozenset(
    "台北市 新北市 桃园市 台中市 台南市 高雄市 基隆市 新竹市 嘉义市 新竹县 苗栗县 彰化县 南投县 云林县 嘉义县 屏东县 "
    "宜兰县 花莲县 台东县 澎湖县".split()
)
_OF_TWO_NAMES: Final = frozenset("金门县 连江县".split())
_TAIWAN: Final = frozenset("台湾 台湾省 中国台湾 中国台湾省 中华民国".split())
_CITY: Final = "[㐀-鿿]{2}[市縣县]"
_DISTRICT: Final = "[㐀-鿿]{1,3}?[區区](?![路街道巷])|[㐀-鿿]{1,3}?[鄉乡鎮镇市](?![路街道巷區区])"
_CODE: Final = r"[(（\[]?(\d{3}(?:\d{2,3})?)[)）\]]?[\s,，、-]*"
_LINE: Final = re.compile(
    rf"(?:{_CODE}(?=[台臺中]|{_CITY}))?(?:((?:中[國国])?[台臺][灣湾]省?|中[華华]民[國国])[\s,，、]*)?"
    rf"(?:({_CITY})[\s,，、]*)?(?:{_CODE}(?={_DISTRICT}))?(?:({_DISTRICT})[\s,，、]*)?(.*)\Z"
)


def is_of_taiwan(known: Address) -> bool:
    """Whether the country, a column or the line's beginning says so, as far as the country said does not speak against
    it.

    >>> from regulars.rules.cleaning.places import AddressParts
    >>> said = ("臺北市信義區松仁路100號", "连江县玉荷路1号", "上海市黄浦区北京东路1号")
    >>> [is_of_taiwan(Address("", "", "", "", line, "", AddressParts())) for line in said]
    [True, False, False]
    """
    if known.country not in ("", "CN", "TW"):
        return False
    found = _LINE.match(known.line)
    taiwan, city = (found[2] or "", found[3] or "") if found else ("", "")
    cities = {_as_listed(name) for name in (city, known.city) if name}
    said = known.country == "TW" or bool(taiwan) or (bool(known.region) and _as_listed(known.region) in _TAIWAN)
    return bool(cities & _PLACES) or (said and bool(cities & _OF_TWO_NAMES))


@lru_cache(maxsize=5_000)
def _as_listed(place: str) -> str:
    return simplified(place)


def taken_apart(known: Address, notes: Notes) -> Address:
    """The address with its places in their columns and its line taken apart. For who `is_of_taiwan`."""
    line = addressee_apart(known.line, notes)
    found = _LINE.match(line)
    if found is None:
        return replace(known, line=line, country=known.country or "TW", parts=line_parts(line))
    first, taiwan, city, second, district, rest = (part or "" for part in found.groups())
    notes.change("place_apart", line, rest)
    rest = notes.change("spaces_within", rest, closed(rest))
    if not rest:
        notes.doubt("no_street", known.line[:200])
    return replace(
        known, country=known.country or "TW", region=known.region or (taiwan if taiwan.endswith("省") else ""),
        city=known.city or city, district=known.district or district, line=rest,
        postcode=known.postcode or first or second, parts=line_parts(rest),
    )  # fmt: skip
