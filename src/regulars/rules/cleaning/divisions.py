"""China's administrative divisions (GB/T 2260): which district lies in which city, which city in which province.

The codes, names and years are those that python-stdnum carries (`cn/loc.dat`, gathered from the yearly publications of
the Ministry of Civil Affairs); `_NEWER` adds what came after. Names are kept in simplified characters. A city that
belongs to no prefecture (仙桃市, 石河子市) counts as a city; in 北京, 天津, 上海 and 重庆 the province is the city.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from stdnum import numdb

from regulars.rules.cleaning.pinyin import syllables
from regulars.rules.cleaning.scripts import simplified

PROVINCE, CITY, DISTRICT = "province", "city", "district"
MUNICIPALITIES: Final = frozenset({"11", "12", "31", "50"})
#: Newer than the library: the districts of Hangzhou of April 2021.
_NEWER: Final = (("330113", "临平区"), ("330114", "钱塘区"))
_NO_PLACE: Final = re.compile(r"市辖区|县|林区|省直辖.*|自治区直辖.*|直辖.*")
_YEARS: Final = re.compile(r"\[(\d*)-(\d*)\](.*)")
_PEOPLES: Final = (
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 "
    "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各"
).split()
_OF_PEOPLES: Final = re.compile(rf"(?:(?:{'|'.join(sorted(_PEOPLES, key=len, reverse=True))})族?)+自治([州县旗区])$")
_PROVINCE_TAIL: Final = re.compile(r"(?:壮族|回族|维吾尔)?自治区$|特别行政区$|[省市]$")
_TAIL: Final = re.compile(r"(?:省|市|地区|盟|区|县|旗|林区|矿区|特区)$")


@dataclass(frozen=True, slots=True)
class Division:
    """One division: its code, name, level, and the last year it was called so (None for today)."""

    code: str
    name: str
    level: str
    until: int | None = None

    @property
    def province(self) -> str:
        """The code of its province."""
        return self.code[:2] + "0000"

    @property
    def city(self) -> str:
        """The code of its city; empty for a province that is no city."""
        if self.level == PROVINCE:
            return self.code if self.code[:2] in MUNICIPALITIES else ""
        if self.code[:2] in MUNICIPALITIES:
            return self.province
        return self.code if self.level == CITY else self.code[:4] + "00"


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All divisions: of today by code, and every way of saying one, at each level."""

    today: dict[str, Division]
    said: dict[str, dict[str, tuple[Division, ...]]]
    longest: int

    def name(self, code: str) -> str:
        """The name of a code of today; empty for none."""
        found = self.today.get(code)
        return found.name if found else ""


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Read once.

    >>> gazetteer().name("330106"), [one.name for one in gazetteer().said["city"]["黔南州"]]
    ('西湖区', ['黔南布依族苗族自治州'])
    """
    every = tuple(_divisions())
    named = {one.code: one for one in every if one.until is None}
    today = {code: one for code, one in named.items() if one.level != DISTRICT or one.city in named}
    said: dict[str, dict[str, list[Division]]] = {level: defaultdict(list) for level in (PROVINCE, CITY, DISTRICT)}
    now = {(one.name, one.province) for one in today.values()}
    for one in every:
        if (one.code in today and one.until is None) or (one.name, one.province) not in now:
            for name in _ways_of_saying(one):
                said[one.level][name].append(one)
    frozen = {level: {name: _settled(ones) for name, ones in names.items()} for level, names in said.items()}
    return Gazetteer(today, frozen, max(len(name) for names in frozen.values() for name in names))


def _settled(ones: list[Division]) -> tuple[Division, ...]:
    """Where a name is in use today, former bearers of it are left out; of former ones each place stands once."""
    current = [one for one in ones if one.until is None]
    return tuple({(one.name, one.city): one for one in current or ones}.values())


def _divisions() -> Iterator[Division]:
    for _, province, _, said, below in numdb.get("cn/loc").prefixes:
        yield Division(f"{province}0000", simplified(said["province"]), PROVINCE)
        for _, rest, _, names, _ in below:
            yield from _named(province + rest, names)
    for code, name in _NEWER:
        yield Division(code, name, _level(code))


def _named(code: str, names: dict[str, Any]) -> Iterator[Division]:
    """What a code has stood for over the years."""
    for name in str(names["county"]).split(","):
        years = _YEARS.match(name)
        plain = simplified(years[3] if years else name)
        if code.endswith("0000") or _NO_PLACE.fullmatch(plain):
            continue
        yield Division(code, plain, _level(code), int(years[2]) if years and years[2] else None)


def _level(code: str) -> str:
    """Prefectures are cities; so are cities and counties right under a province, which have the numbers 90 in the
    middle."""
    return CITY if code.endswith("00") or (code[2:4] == "90" and code[:2] not in MUNICIPALITIES) else DISTRICT


def _ways_of_saying(one: Division) -> frozenset[str]:
    """The full name and the short ones of two characters or more: 黔南布依族苗族自治州, 黔南州, 黔南; 浦东."""
    if one.level == PROVINCE:
        return frozenset({one.name, _PROVINCE_TAIL.sub("", one.name)})
    peoples = _OF_PEOPLES.search(one.name)
    stem = one.name[: peoples.start()] if peoples else _TAIL.sub("", one.name)
    kind = peoples[1] if peoples and peoples[1] in ("州", "县", "旗") else ""
    short = {stem, stem + kind, one.name.removesuffix("新区")} if one.until is None else set()
    return frozenset({one.name, *(name for name in short if len(name) >= 2)})


#: Provinces whose usual Latin spelling is not the pinyin of their short name.
_LATIN: Final = {"陕西": "shaanxi", "内蒙古": "innermongolia", "西藏": "tibet", "香港": "hongkong", "澳门": "macau"}
_LATIN_TAIL: Final = re.compile(r"(?:province|sheng|city|shi|municipality|prefecture|district|qu|county|xian)$")


@lru_cache(maxsize=1)
def _in_latin() -> dict[str, dict[str, tuple[str, ...]]]:
    """For provinces and cities, the names that a word of pinyin stands for."""
    found: dict[str, dict[str, set[str]]] = {level: defaultdict(set) for level in (PROVINCE, CITY)}
    for level, words in found.items():
        for name in gazetteer().said[level]:
            for word in {"".join(syllables(name)), _LATIN.get(name, "")} - {""}:
                words[word].add(name)
    return {level: {word: tuple(sorted(names)) for word, names in words.items()} for level, words in found.items()}


def said_in_latin(level: str, text: str) -> tuple[str, ...]:
    """The Chinese names of a province or city written in letters; several where they sound alike.

    >>> said_in_latin("city", "Hangzhou"), said_in_latin("province", "Shaanxi Province"), said_in_latin("city", "Xi'an")
    (('杭州',), ('陕西',), ('西安',))
    """
    if level not in _in_latin() or not text.isascii():
        return ()
    word = re.sub(r"[^a-z]", "", text.casefold())
    return _in_latin()[level].get(word) or _in_latin()[level].get(_LATIN_TAIL.sub("", word), ())


@lru_cache(maxsize=20_000)
def place_of_code(code: str, year: int | None) -> tuple[str, ...]:
    """The names from the province down that a code stood for in that year (None: today, else the last time).

    >>> place_of_code("330106", 1991), place_of_code("110223", 1985), place_of_code("999999", 1990)
    (('浙江省', '杭州市', '西湖区'), ('北京市', '通县'), ())
    """
    province = gazetteer().name(code[:2] + "0000")
    if not province:
        return ()
    names = (_name_in(code[:4] + "00", year), _name_in(code, year) if not code.endswith("00") else "")
    return tuple(dict.fromkeys(name for name in (province, *names) if name)) if names[-1] or code.endswith("00") else ()


def _name_in(code: str, year: int | None) -> str:
    known = _by_code().get(code, ())
    then = [name for name, since, until in known if year is not None and since <= year <= until]
    return (then or [name for name, _, until in known if until == _EVER] or [name for name, _, _ in known] or [""])[-1]


_EVER: Final = 9999


@lru_cache(maxsize=1)
def _by_code() -> dict[str, tuple[tuple[str, int, int], ...]]:
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for _, province, _, _, below in numdb.get("cn/loc").prefixes:
        for _, rest, _, names, _ in below:
            found[province + rest].extend(_years(str(names["county"])))
    for code, name in _NEWER:
        found[code].append((name, 0, _EVER))
    return {code: tuple(names) for code, names in found.items()}


def _years(said: str) -> Iterator[tuple[str, int, int]]:
    for name in said.split(","):
        years = _YEARS.match(name)
        plain = simplified(years[3] if years else name)
        if not _NO_PLACE.fullmatch(plain):
            since, until = (years[1], years[2]) if years else ("", "")
            yield plain, int(since or 0), int(until or _EVER)
