"""Chinese addresses taken apart: province, city and district by GB/T 2260, then town, street, number, building, room.

What is missing above is filled where the rest leaves one answer: 西湖区 in 浙江 is in 杭州. Where it leaves several,
or where two levels do not fit, that is a doubt and nothing is filled. A short name counts only where it is no street's:
南京 in 南京西路 is no city.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from regulars.rules.cleaning.cleaned import Notes
from regulars.rules.cleaning.divisions import (
    CITY,
    DISTRICT,
    MUNICIPALITIES,
    PROVINCE,
    Division,
    gazetteer,
    said_in_latin,
)
from regulars.rules.cleaning.places import Address, AddressParts
from regulars.rules.cleaning.scripts import simplified
from regulars.rules.cleaning.streets import parts_of
from regulars.rules.cleaning.surnames import is_surname
from regulars.rules.cleaning.writing import HAN

_COUNTRY: Final = re.compile(r"^(?:中华人民共和国|中國大陸|中国大陆|中国|中國)[,，\s]*")
_POSTCODE: Final = re.compile(
    r"(?:[（(]?(?:邮编|邮政编码)\s*[:：]?\s*)(\d{6})[)）]?|^(\d{6})(?!\d)\s*(?=[㐀-鿿])|(?<=[^\d])[\s(（]+(\d{6})[)）]?$"
)
_PHONE: Final = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
#: Who is to receive it: 王芳收, 李先生 亲启, 收件人：王芳. 回收 and 签收 end in the same sign and are something else.
_RECEIVES: Final = re.compile(r"[\s(（]*(?<![回签代征验丰秋吸])(?:亲自?收|敬收|查收|收启|亲启|收)[\s)）]*\Z")
_RECEIVER: Final = re.compile(
    r"(?:\A|(?<=[\s,，、;；。.:：)）\d])|(?<=[号室楼层栋幢座村厦园院店部房單号號樓層棟]))"
    r"([㐀-鿿·]{1,15}?)(先生|女士|小姐|老师|同志|经理)?\Z"
)
_LABELLED: Final = re.compile(
    r"(?:\A|[\s,，、;；(（]+)(?:收件人|收货人|收件|收貨人)\s*[:：]?\s*([㐀-鿿·]{2,15}?)(?:先生|女士|小姐)?(?:\s*收)?"
    r"(?:[\s,，、;；)）]+|\Z)"
)
_BETWEEN_HAN: Final = re.compile(
    r"(?<=[㐀-鿿\d号室])[\s,，、]+(?=[㐀-鿿\d])|(?<=[省市区县州盟旗縣區])\s*[/|>_\-–—]+\s*(?=[㐀-鿿])|(?<=[㐀-鿿])\s+(?=[A-Za-z])|(?<=[A-Za-z])\s+(?=[㐀-鿿])"
)
_STREET_AHEAD: Final = re.compile(
    r"(?:[东西南北中内外前后上下大小新老]?[一二三四五六七八九十]?[东西南北中]?(?:路|街|大道|大街|道|巷|弄|里|胡同|桥|门|站|高速|国道|公路|大厦|大楼|广场|酒店|宾馆|饭店"
    r"|新村|花园|公寓|商城|中心|大学|学院|医院|银行))"
)
#: After a short name, what makes it another place's full name.
_LONGER_NAME: Final = re.compile(r"[市县区州盟旗省]")
_KINDS: Final = "路|大街|街|大道|道|胡同|公路|国道|省道|县道|线|环路|支路|横路|径|坊|里|坡"
_HAN_NUMBER: Final = "[一二三四五六七八九十百]"
_NUMBER: Final = rf"(?:\d+|{_HAN_NUMBER}+|[A-Za-z])"
_TOWN: Final = re.compile(
    r"^([㐀-鿿]{1,8}?(?:街道办事处|街道办|街办|街道|民族乡|[镇鎮乡鄉]|苏木))(?!路|街|大道|大街|巷|道|政府|卫生|中心|中学|小学|派出)"
)
_VILLAGE: Final = re.compile(
    r"^([㐀-鿿]{1,8}?(?:行政村|自然村|社区|居委会|村委会|嘎查|村民委员会|[村屯庄](?![村庄]))(?:\d+组|[一二三四五六七八九十]+组|第?[\d一二三四五六七八九十]+村民小组)?)(?![东西南北中]?(?:路|街|大道|大街|巷|道))"
)
_STREET: Final = re.compile(
    rf"^([㐀-鿿A-Za-z0-9]{{1,14}}?(?:{_KINDS})(?:[东西南北中]?(?:\d+|{_HAN_NUMBER})?段|[东西南北中](?![㐀-鿿]))?)(?!路|大道|大街|街|道|巷|线)"
)
_LANE: Final = re.compile(rf"^((?:[㐀-鿿]{{1,6}}?)?{_NUMBER}(?:弄|巷|条))")
_HOUSE: Final = re.compile(
    rf"^((?:第|附)?{_NUMBER}(?:[-－—–之]\d+)*(?:附\d+|附{_HAN_NUMBER}+)?(?:号院|號院|号|號)(?:附\d+号?|之[一二三四五六七八九十\d]+)?)(?!楼|线|栋|幢|房|室|公馆)"
)
_BUILDING: Final = re.compile(
    rf"^((?:第)?{_NUMBER}(?:号楼|號樓|栋|棟|幢|座|号栋|期|区|苑)|\d+楼(?=\d+单元)|[A-Za-z]\d*座)"
)
_UNIT: Final = re.compile(rf"^((?:第)?(?:\d+|{_HAN_NUMBER}+|[甲乙丙丁A-Za-z])(?:单元|單元|门|梯))")
_FLOOR: Final = re.compile(rf"^((?:第)?(?:负|地下)?(?:\d+|{_HAN_NUMBER}+|[Bb]\d)(?:层|層|楼|樓|[Ff](?![A-Za-z])))")
_ROOM: Final = re.compile(
    rf"^([A-Za-z]?\d{{1,5}}[A-Za-z]?(?:[-－]\d+)?(?:室|房间|房|户|戶|号房|号室|铺|单位)|{_HAN_NUMBER}{{1,4}}室)"
)
_LAST_ROOM: Final = re.compile(r"^([A-Za-z]?\d{2,5}[A-Za-z]?)$")
_THREE: Final = re.compile(r"^(\d{1,3}|[A-Za-z])[-－—–](\d{1,2})[-－—–](\d{2,4}[A-Za-z]?)(?:室)?$")
_TWO: Final = re.compile(r"^(\d{1,3}|[A-Za-z])[-－—–](\d{3,4}[A-Za-z]?)(?:室)?$")
_PLACE_ENDS: Final = re.compile(
    rf"(?=(?:第)?{_NUMBER}(?:号楼|號樓|号|號|栋|棟|幢|座|单元|單元|层|層|楼|室|弄)|[A-Za-z]?\d{{1,5}}(?:[-－—–]\d|$))"
)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the place so far; None where nothing is."""

    province: Division | None = None
    city: Division | None = None
    district: Division | None = None


def province_code(region: str) -> str:
    """The code of a province by any of its names; empty for none.

    >>> province_code("浙江"), province_code("內蒙古自治區"), province_code("Utah")
    ('330000', '150000', '')
    """
    found = _one(PROVINCE, region, _Known())
    return found.code if found else ""


def taken_apart(known: Address, notes: Notes) -> Address:
    """The address with its places filled and official, and its line taken apart.

    >>> notes = Notes()
    >>> found = taken_apart(Address("CN", "", "", "", "上海南京西路1266号恒隆广场2座1501室", "", AddressParts()), notes)
    >>> found.region, found.city, found.line, found.parts.street, found.parts.place, found.parts.building
    ('上海市', '上海市', '南京西路1266号恒隆广场2座1501室', '南京西路', '恒隆广场', '2座')
    >>> notes = Notes()
    >>> found = taken_apart(Address("CN", "", "", "", "鼓楼区中山路1号", "", AddressParts()), notes)
    >>> found.district, found.city, notes.doubts[0].about
    ('鼓楼区', '', '南京市, 徐州市, 福州市, 开封市')
    """
    place, rest, postcode = _all_but_the_street_off(known.line, _from_columns(known, notes), notes)
    filled = _filled(place, known, notes)
    parts = line_parts(rest) if _is_in_chinese(rest, filled) else parts_of(rest, known.country)
    _doubts_about_line(rest, parts, notes)
    return replace(filled, line=rest, postcode=known.postcode or postcode, parts=parts)


def _is_in_chinese(rest: str, filled: Address) -> bool:
    """Whether the line has the parts of a Chinese one; digits alone have them in a place that is written in Chinese."""
    if any(map(str.isalpha, rest)):
        return bool(HAN.search(rest))
    return bool(HAN.search(filled.region + filled.city + filled.district))


def _all_but_the_street_off(line: str, place: _Known, notes: Notes) -> tuple[_Known, str, str]:
    """What is left of the line without phone, addressee, country, places and postcode."""
    rest, before, postcode = line, "", ""
    while rest != before:
        before = rest
        rest = addressee_apart(_phone_apart(rest, notes), notes)
        rest = notes.change("country_apart", rest, _COUNTRY.sub("", rest))
        rest, code = _postcode_apart(rest, notes)
        rest = notes.change("spaces_within", rest, closed(rest))
        place, rest = _places_off(rest, place, notes)
        postcode = postcode or code
    return place, rest, postcode


def closed(line: str) -> str:
    """Without spaces and commas between its parts.

    >>> closed("松仁路 100 号，5楼")
    '松仁路100号5楼'
    """
    return _BETWEEN_HAN.sub("", line).strip(" ,，。.;；、")


def _postcode_apart(line: str, notes: Notes) -> tuple[str, str]:
    """The line and the postcode in it; of several the first."""
    rest, first = line, ""
    while found := _POSTCODE.search(rest):
        first = first or next(filter(None, found.groups()), "")
        rest = (rest[: found.start()] + " " + rest[found.end() :]).strip()
    return notes.change("postcode_apart", line, rest), first


def _phone_apart(line: str, notes: Notes) -> str:
    """A phone number written behind the address belongs to no part of it; the original keeps it."""
    return notes.change("phone_apart", line, " ".join(_PHONE.sub(" ", line).split()))


def addressee_apart(line: str, notes: Notes) -> str:
    """The line without the name of who is to receive it; what may be a part of the address stays.

    >>> addressee_apart("文三路90号502室王芳收", Notes()), addressee_apart("文三路90号 废品回收", Notes())
    ('文三路90号502室', '文三路90号 废品回收')
    """
    if "收" not in line and "启" not in line:
        return line
    rest = _without_receiver(line)
    return notes.change("addressee_apart", line, rest if any(map(str.isalnum, rest)) else line)


def _without_receiver(line: str) -> str:
    before = ""
    while line != before:
        before = line
        if (labelled := _LABELLED.search(line)) and _is_called(labelled[1]):
            line = f"{line[: labelled.start()]} {line[labelled.end() :]}".strip()
        if (receives := _RECEIVES.search(line)) and (name := _receiver_before(line[: receives.start()])):
            line = line[: -len(name) - len(receives[0])].rstrip(" ,，、;；:：")
    return line


def _receiver_before(line: str) -> str:
    """The name a line ends in, with its honorific; empty for none."""
    found = _RECEIVER.search(line)
    while found and not _is_called(found[1], honorific=found[2]):
        found = _RECEIVER.search(line, found.start() + 1)
    return found[0] if found else ""


def _is_called(name: str, honorific: str | None = None) -> bool:
    """Whether the characters are a surname with a given name of one or two, alone before an honorific, or a name from
    elsewhere with its dot."""
    least, plain = 0 if honorific else 1, simplified(name)
    lengths = (length for length in (1, 2) if is_surname(plain[:length]))
    return any(least <= len(plain) - length <= 2 for length in lengths) or ("·" in plain.strip("·"))


def _from_columns(known: Address, notes: Notes) -> _Known:
    """The divisions that the columns name, each within what is above it."""
    province = _one(PROVINCE, known.region, _Known())
    place = _Known(province)
    city = _one(CITY, known.city, place)
    place = replace(place, city=city)
    if known.city and not city and province is None and (alone := _one(PROVINCE, known.city, _Known())):
        place = replace(place, province=alone) if alone.code[:2] in MUNICIPALITIES else place
    if known.city and not city and (county := _one(DISTRICT, known.city, place)):
        place = replace(place, district=county)
    if known.district and (district := _one(DISTRICT, known.district, place) or _one_of_several(known.district, place)):
        place = replace(place, district=district)
    if province and known.city and not city and place.district is None and (other := _one(CITY, known.city, _Known())):
        notes.doubt("place_conflict", f"{province.name}, {other.name}")
    return place


def _one(level: str, name: str, within: _Known) -> Division | None:
    """The one division of that name within what is known; None for none or several."""
    names = said_in_latin(level, name) if name.isascii() else (simplified(name),)
    found = list(dict.fromkeys(one for said in names for one in _all(level, said, within)))
    return found[0] if len(found) == 1 else None


def _one_of_several(district: str, within: _Known) -> Division | None:
    """A district of which there are several of that full name; it has no code while nobody says which it is."""
    several = _all(DISTRICT, simplified(district), within)
    return replace(several[0], code="") if _is_full(district, several) else None


def _all(level: str, name: str, within: _Known) -> list[Division]:
    found = gazetteer().said[level].get(name, ())
    if within.province:
        found = tuple(one for one in found if one.province == within.province.code)
    if within.city and level == DISTRICT:
        found = tuple(one for one in found if one.city == within.city.code)
    return list(found)


def _places_off(line: str, told: _Known, notes: Notes) -> tuple[_Known, str]:
    """What the line's beginning says of province, city and district, and the line without it."""
    place, rest, before = told, line, ""
    while rest != before:
        before = rest
        for level in (PROVINCE, CITY, DISTRICT):
            place, rest = _level_off(level, place, rest, notes)
        place = _settled(place)
        while (again := _said_again(_whole(place), rest)) != rest:
            rest = notes.change("repeated_place", rest, again)
    if place.district and not place.district.code:
        several = _all(DISTRICT, place.district.name, place)
        notes.doubt("several_places", ", ".join(dict.fromkeys(map(_above, several))))
    if rest != line:
        notes.change("place_apart", line, rest)
    return place, rest


def _settled(place: _Known) -> _Known:
    """A district that could be in several cities, once the province or city is known that it is in."""
    if place.district is None or place.district.code:
        return place
    return replace(place, district=_one(DISTRICT, place.district.name, place) or place.district)


def _whole(place: _Known) -> _Known:
    """The place with what lies above its lowest level."""
    lowest, today = place.district or place.city or place.province, gazetteer().today
    if lowest is None or not lowest.code:
        return place
    return _Known(today.get(lowest.province), today.get(lowest.city) or place.city, place.district)


def _said_again(place: _Known, rest: str) -> str:
    """The line without any of its places said once more, in whatever order: 杭州浙江省."""
    for level in (PROVINCE, CITY, DISTRICT):
        rest = _repeated(level, place, rest)
    return rest


def _level_off(level: str, place: _Known, rest: str, notes: Notes) -> tuple[_Known, str]:
    """One level read from the beginning; where columns told it already, only the same name is taken off."""
    told = getattr(place, level)
    name, found = _said_at_start(level, rest, place)
    if told is not None:
        if name and any(one.code == told.code for one in found):
            return place, _after(rest, name)
        if name and told.code and _is_full(name, found):
            notes.doubt("place_conflict", f"{told.name}, {found[0].name}")
        return place, rest
    if not name:
        return place, rest
    fitting = [one for one in found if _fits(one, place)]
    if not fitting and _is_full(name, found):
        notes.doubt("place_conflict", f"{_lowest(place)}, {found[0].name}")
        return place, rest
    if len(fitting) == 1:
        return replace(place, **{level: fitting[0]}), _after(rest, name)
    if len(fitting) > 1 and _is_full(name, fitting):
        return replace(place, **{level: replace(fitting[0], code="")}), _after(rest, name)
    return place, rest


def _said_at_start(level: str, rest: str, place: _Known) -> tuple[str, tuple[Division, ...]]:
    """The longest name of that level at the beginning. Full names count anywhere; short ones where no street follows,
    and short names of districts only within a known city or province."""
    said, plain = gazetteer().said[level], simplified(rest[: gazetteer().longest + 1])
    for length in range(min(gazetteer().longest, len(plain)), 1, -1):
        found = said.get(plain[:length], ())
        if found and (_is_full(plain[:length], found) or _short_name_holds(level, rest, length, found, place)):
            return rest[:length], found
    return "", ()


def _short_name_holds(level: str, rest: str, length: int, found: tuple[Division, ...], place: _Known) -> bool:
    behind = rest[length:]
    if _LONGER_NAME.match(behind) or _STREET_AHEAD.match(behind):
        return False
    fitting = [one for one in found if _fits(one, place)]
    within = level != DISTRICT or place.city is not None or place.province is not None
    return within and len(fitting) == 1 and any(_fits(one, place) for one in found)


def _is_full(name: str, found: tuple[Division, ...] | list[Division]) -> bool:
    return any(one.name == simplified(name) for one in found)


def _fits(one: Division, place: _Known) -> bool:
    """Whether a division lies in what is known above it."""
    if place.province and one.province != place.province.code:
        return False
    return not (one.level == DISTRICT and place.city and one.city != place.city.code)


def _lowest(place: _Known) -> str:
    return next((one.name for one in (place.district, place.city, place.province) if one), "")


def _above(one: Division) -> str:
    """Of which city (else province) a district is."""
    return gazetteer().name(one.city) or gazetteer().name(one.province)


def _after(rest: str, name: str) -> str:
    return rest[len(name) :].lstrip(" ,，、")


def _repeated(level: str, place: _Known, rest: str) -> str:
    """The line without a place said twice: 北京市北京市朝阳区, 北京市市辖区."""
    told = getattr(place, level)
    name, found = _said_at_start(level, rest, place) if told else ("", ())
    if name and any(one.code == told.code for one in found):
        return _after(rest, name)
    if told and rest.startswith(told.name):
        return _after(rest, told.name)
    return _after(rest, "市辖区") if rest.startswith("市辖区") else rest


def _filled(place: _Known, known: Address, notes: Notes) -> Address:
    """The official names from the province down; what was filled or completed is told."""
    sure = next((one for one in (place.district, place.city, place.province) if one and one.code), None)
    lowest, table = place.district or sure, gazetteer()
    province, city = (table.name(sure.province), table.name(sure.city)) if sure else ("", "")
    region, town = province or known.region, city or known.city
    if lowest and lowest.until is not None:
        notes.doubt("former_place", lowest.name)
    district = place.district.name if place.district else known.district
    if place.district and known.city and simplified(known.city) in (district, district[:-1]) and not city:
        town = ""
    region = _told("region_filled", known.region, region, place.province is not None, notes)
    town = _told("city_filled", known.city, town, place.city is not None, notes)
    district = _told("place_name_completed", known.district, district, True, notes)
    return replace(known, region=region, city=town, district=district)


def _told(reason: str, before: str, after: str, said: bool, notes: Notes) -> str:
    """The place that stands now: one that nobody had named was filled, one that was named in short was completed."""
    if before:
        return notes.change("place_name_completed", before, after)
    return after if said else notes.change(reason, before, after)


def _doubts_about_line(rest: str, parts: AddressParts, notes: Notes) -> None:
    if rest and not (parts.street or parts.place or parts.village or parts.town):
        notes.doubt("no_street", rest[:200])
    elif rest and not (parts.number or parts.building or parts.room or parts.lane or parts.village):
        notes.doubt("no_number", rest[:200])


@lru_cache(maxsize=50_000)
def line_parts(line: str) -> AddressParts:
    """The parts of a line that no longer names province, city and district.

    >>> found = line_parts("延安西路1566弄23号502室")
    >>> found.street, found.lane, found.number, found.room
    ('延安西路', '1566弄', '23号', '502室')
    >>> found = line_parts("望京街道阜通东大街6号院3号楼2单元1203")
    >>> found.town, found.street, found.number, found.building, found.unit, found.room
    ('望京街道', '阜通东大街', '6号院', '3号楼', '2单元', '1203')
    >>> found = line_parts("阳光花园3-2-501")
    >>> found.place, found.building, found.unit, found.room
    ('阳光花园', '3', '2', '501')
    """
    found: dict[str, str] = {}
    rest = line
    for part, pattern in (
        ("town", _TOWN),
        ("village", _VILLAGE),
        ("street", _STREET),
        ("lane", _LANE),
        ("number", _HOUSE),
    ):
        rest = _part_off(part, pattern, rest, found)
    while rest:
        before = rest
        rest = _within_house(rest, found)
        if rest == before:
            rest = _place_off(rest, found)
    return AddressParts(**found)


def _within_house(rest: str, found: dict[str, str]) -> str:
    """One part within a house taken off, if one is next."""
    if (three := _THREE.match(rest)) and not found.keys() & {"building", "unit", "room"}:
        found.update(building=three[1], unit=three[2], room=three[3])
        return ""
    if (two := _TWO.match(rest)) and not found.keys() & {"building", "room"}:
        found.update(building=two[1], room=two[2])
        return ""
    for part, pattern in (
        ("building", _BUILDING),
        ("unit", _UNIT),
        ("room", _ROOM),
        ("floor", _FLOOR),
        ("number", _HOUSE),
        ("room", _LAST_ROOM),
    ):
        shorter = _part_off(part, pattern, rest, found)
        if shorter != rest:
            return shorter
    return rest


def _part_off(part: str, pattern: re.Pattern[str], rest: str, found: dict[str, str]) -> str:
    match = pattern.match(rest)
    if not match or part in found:
        return rest
    found[part] = match[1]
    return rest[match.end() :].lstrip(" ,，、")


def _place_off(rest: str, found: dict[str, str]) -> str:
    """A named place up to the next part, at least one sign, so that everything lands somewhere."""
    end = _PLACE_ENDS.search(rest, 1)
    length = end.start() if end else len(rest)
    named = rest[:length].strip(" ,，、")
    found["place"] = " ".join(part for part in (found.get("place", ""), named) if part)
    return rest[length:].lstrip(" ,，、")
