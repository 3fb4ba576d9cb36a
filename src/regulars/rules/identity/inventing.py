"""Invented people for demonstrations: the same number and key is always the same person; no phone or mail reaches any.

Western phones are from +1 … 555 0100–0199, kept for fiction (ATIS-0300115); Chinese ones begin with +86 100: no mobile
carrier was given 100, and in Beijing's area code 10 no subscriber's number begins with 0 (MIIT numbering plan, 2017).
Mail addresses are under RFC 2606's example domains.
Every street is made up; cities are real.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from regulars.rules.cleaning.writing import readings, sort_key

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """One invented person; every field is there, none belongs to anybody."""

    name: str
    given: str
    family: str
    sort: str
    honorific: str
    sex: str
    birth_on: date
    language: str
    phone: str
    email: str
    street: str
    city: str
    region: str
    country: str
    postcode: str
    timezone: str
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class Place:
    """A city with what an address there looks like."""

    city: str
    region: str
    country: str
    postcode: str
    timezone: str
    jurisdiction: str


CHINESE_PLACES: Final = (
    Place("杭州", "浙江", "CN", "310000", "Asia/Shanghai", "CN"),
    Place("苏州", "江苏", "CN", "215000", "Asia/Shanghai", "CN"),
    Place("成都", "四川", "CN", "610000", "Asia/Shanghai", "CN"),
    Place("广州", "广东", "CN", "510000", "Asia/Shanghai", "CN"),
    Place("上海", "上海", "CN", "200000", "Asia/Shanghai", "CN"),
    Place("北京", "北京", "CN", "100000", "Asia/Shanghai", "CN"),
    Place("武汉", "湖北", "CN", "430000", "Asia/Shanghai", "CN"),
    Place("西安", "陕西", "CN", "710000", "Asia/Shanghai", "CN"),
)  # fmt: skip
WESTERN_PLACES: Final = (
    Place("Cincinnati", "OH", "US", "45202", "America/New_York", "none"),
    Place("Columbus", "OH", "US", "43215", "America/New_York", "none"),
    Place("Denver", "CO", "US", "80202", "America/Denver", "none"),
    Place("Portland", "OR", "US", "97204", "America/Los_Angeles", "none"),
    Place("Sacramento", "CA", "US", "95814", "America/Los_Angeles", "US-CA"),
    Place("San Diego", "CA", "US", "92101", "America/Los_Angeles", "US-CA"),
    Place("Dublin", "Leinster", "IE", "D02", "Europe/Dublin", "EU"),
    Place("Utrecht", "Utrecht", "NL", "3511", "Europe/Amsterdam", "EU"),
)  # fmt: skip
SURNAMES: Final = tuple("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单") + ("欧阳", "司马", "上官", "诸葛")  # fmt: skip  # noqa: E501, RUF005
FEMALE_GIVEN: Final = tuple("芳 敏 静 丽 艳 娟 霞 秀英 婷 玉兰 慧 雪梅 佳怡 欣怡 诗涵 梦洁 晓彤 思琪 雨桐 若曦 婉清 书瑶 可馨 子涵 美玲 春燕 冬梅 晓燕 文静 雅琴".split())  # fmt: skip  # noqa: E501
MALE_GIVEN: Final = tuple("伟 强 磊 军 洋 勇 杰 涛 超 明 刚 平 辉 国栋 建华 志强 浩然 子轩 宇航 俊杰 文博 天佑 家豪 晨曦 一鸣 博文 振宇 海涛 永康 立新".split())  # fmt: skip  # noqa: E501
FEMALE_NAMES: Final = tuple("Ada Agnes Alice Amy Anna Beth Carla Celia Clara Dana Diane Edith Elena Ellen Emma Erin Eva Fiona Grace Hanna Helen Ida Irene Iris Jane Joan Judith Julia Karen Kate Laura Lena Lily Linda Lois Lucy Maeve Maria Marta Mary Mia Nina Nora Olga Paula Rita Rosa Ruth Sara Sofia Susan Tess Vera Wanda".split())  # fmt: skip  # noqa: E501
MALE_NAMES: Final = tuple("Aaron Adam Alan Albert Alex Amos Andre Anton Arthur Ben Boris Carl Cecil Chris Conor Dan David Dirk Eamon Earl Edgar Eric Ernest Felix Frank Fred George Glen Hank Henry Hugo Ian Ivan Jack Jacob James Joel John Jonas Karl Keith Leo Lewis Luke Marco Mark Max Neil Nico Oscar Otto Paul Peter Ralph Ray Roy Sam Simon Theo Tom Victor Walter".split())  # fmt: skip  # noqa: E501
FAMILY_NAMES: Final = tuple("Abbott Adler Archer Atwood Avery Barlow Bauer Bell Bishop Blake Bloom Bowen Brandt Brewer Burke Byrne Carver Chase Clay Cole Conrad Cross Dalton Dawson Dietz Doyle Drake Eaton Ellis Engel Falk Farrow Fisher Flynn Foster Frost Garner Geller Grant Hale Harper Hayes Heller Holt Hughes Ingram Jansen Keane Keller Kent Kern Lambert Lang Larkin Lowell Marsh Mercer Meyer Monroe Moss Nash Nolan Norton Oakley Page Palmer Parish Pratt Quinn Ramsey Reed Rhodes Rowan Sawyer Shaw Slater Stone Sutton Tate Thorne Tyler Vance Vogel Wade Walsh Weber West Wilder Wolfe York Young".split())  # fmt: skip  # noqa: E501
CHINESE_STREETS: Final = (
    "梧桐巷",
    "望溪路",
    "杏花里",
    "长安弄",
    "听雨街",
    "南枝路",
    "云栖巷",
    "石桥弄",
    "柳浪街",
    "桂香路",
)
WESTERN_STREETS: Final = ("Alder Row", "Birch Hollow", "Cedar Bend", "Dovecote Lane", "Elm Passage", "Fern Terrace", "Juniper Walk", "Linden Court", "Maple Steps", "Willow Reach")  # fmt: skip  # noqa: E501
BANDS: Final = {
    "19-24": (19, 24),
    "25-34": (25, 34),
    "35-44": (35, 44),
    "45-54": (45, 54),
    "55-64": (55, 64),
    "65+": (65, 86),
}
SOMETIMES_SHARED: Final = 12  # one household in so many lives at its neighbour's address


class _Dice:
    """Throws that follow from key and number alone."""

    def __init__(self, key: bytes, number: int) -> None:
        self._state = hmac.new(key, f"invented:{number}".encode(), hashlib.sha512).digest()
        self._at = 0

    def below(self, limit: int) -> int:
        """A number from 0 up to, not with, the limit."""
        if self._at + 4 > len(self._state):
            self._state, self._at = hashlib.sha512(self._state).digest(), 0
        word = int.from_bytes(self._state[self._at : self._at + 4], "big")
        self._at += 4
        return word % limit

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[self.below(len(choices))]


def invent(key: bytes, number: int, *, at: date, age_band: str | None = None) -> InventedPerson:
    """The invented person of that number; about half Chinese, half Western.

    >>> one = invent(b"k", 7, at=date(2017, 12, 31), age_band="35-44")
    >>> one == invent(b"k", 7, at=date(2017, 12, 31), age_band="35-44"), 1972 <= one.birth_on.year <= 1982
    (True, True)
    """
    dice = _Dice(key, number)
    female, chinese = dice.below(2) == 0, dice.below(2) == 0
    place = dice.pick(CHINESE_PLACES if chinese else WESTERN_PLACES)
    family, given = _chinese_name(dice, female) if chinese else _western_name(dice, female)
    place, street = _home(key, number, chinese, place)
    return InventedPerson(
        name=f"{family}{given}" if chinese else f"{given} {family}",
        given=given, family=family, sort=sort_key(family, given),
        honorific=("女士" if female else "先生") if chinese else ("Ms" if female else "Mr"),
        sex="female" if female else "male", birth_on=_birth(dice, at, age_band),
        language="zh-hans" if chinese else "en",
        phone=_phone(dice, number, chinese), email=_email(dice, family, given, number), street=street,
        city=place.city, region=place.region, country=place.country, postcode=place.postcode, timezone=place.timezone,
        jurisdiction=place.jurisdiction,
    )  # fmt: skip


def _chinese_name(dice: _Dice, female: bool) -> tuple[str, str]:
    return dice.pick(SURNAMES), dice.pick(FEMALE_GIVEN if female else MALE_GIVEN)


def _western_name(dice: _Dice, female: bool) -> tuple[str, str]:
    return dice.pick(FAMILY_NAMES), dice.pick(FEMALE_NAMES if female else MALE_NAMES)


def _birth(dice: _Dice, at: date, age_band: str | None) -> date:
    youngest, oldest = BANDS.get(age_band or "", (19, 80))
    days = dice.below((oldest - youngest + 1) * 365)
    return at - timedelta(days=int(youngest * 365.25) + 1 + days)


def _phone(dice: _Dice, number: int, chinese: bool) -> str:
    if chinese:
        return f"+86100{dice.below(10_000):04d}{number % 10_000:04d}"
    return f"+1{201 + number % 700}55501{number // 700 % 100:02d}"


def _email(dice: _Dice, family: str, given: str, number: int) -> str:
    name = ".".join("".join(readings(part)) for part in (given, family))
    return f"{name}.{number}@{dice.pick(('example.com', 'example.org', 'example.net'))}"


def _home(key: bytes, number: int, chinese: bool, place: Place) -> tuple[Place, str]:
    """City, house and street; now and then the neighbour's, so that some households share an address."""
    neighbour = _Dice(key, number - 1)
    neighbour.below(2)
    shares = number % SOMETIMES_SHARED == 0 and (neighbour.below(2) == 0) == chinese
    dice = _Dice(key + b"street", number - 1 if shares else number)
    house = 1 + dice.below(180)
    street = f"{dice.pick(CHINESE_STREETS)}{house}号" if chinese else f"{house} {dice.pick(WESTERN_STREETS)}"
    return (neighbour.pick(CHINESE_PLACES if chinese else WESTERN_PLACES) if shares else place), street
