"""What two records of persons are compared by. Names are letters; contacts may be given in clear or as keyed marks.

For comparing it does not matter which: two marks are equal when the values behind them are. Nothing here can tell more
of a mark than whether it is the same.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from typing import Final

from regulars.rules.cleaning.cyrillic import CYRILLIC, in_latin
from regulars.rules.cleaning.surnames import COMPOUND_SURNAMES
from regulars.rules.cleaning.wade_giles import SPELLED
from regulars.rules.cleaning.writing import (
    HAN,
    PARTICLES,
    SUFFIXES,
    name_parts,
    plain_letters,
    readings,
    surname_reading,
    tidy,
)

Marks = frozenset[object]
NONE: Final[Marks] = frozenset()
LONGEST: Final = 60
MOST_WORDS: Final = 5
MOST_PARTS: Final = 3
SHORTEST_FAMILY: Final = 3
_LONGEST_SYLLABLE: Final = max(map(len, SPELLED))
TONES: Final = re.compile(r"(?<=[a-zü])[1-5](?=[a-zü\s]|\Z)", re.IGNORECASE)
_LONE_U_WITH_DOTS: Final = re.compile(r"\b([ln])(?:ü|yu)(e?)\b", re.IGNORECASE)
_TONE_MARKS: Final = re.compile("[\u0300\u0301\u0304\u030c]")
_U_WITH_DOTS: Final = re.compile(r"([ln])y?u(?![aion])")
_APART: Final = re.compile(r"[\s-]+")
#: How a surname is said that others read as the character's usual sound; none that is a usual surname itself.
_PROPER: Final = {"dan": "shan", "di": "zhai", "gai": "ge", "le": "yue"}
#: What Chinese put before a name among friends: 小王, 老李, 阿芳.
FAMILIAR: Final = re.compile(r"\A[小老阿](?=[㐀-䶿一-鿿]\Z)")
#: Surnames that are looked for where pinyin was typed without a space; ninety in a hundred Chinese bear one of them.
_COMMON: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦"
    "付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单温康施牛樊葛邢安齐伍庞颜倪聂章鲁岳翟殷詹申欧耿关兰焦俞"
    "左柳甘祝包宁尚符舒阮柯纪梅童凌毕霍苗曲盛翁"
)
_SIMPLE: Final = str.maketrans(
    "張陳劉趙黃吳孫馬許韓馮鄧葉蘇呂蔣盧鍾譚陸賈韋鄒尹閻龍賀顧龔邵萬錢嚴莊喬歐羅鄭蕭謝楊國華麗靜偉強傑濤剛輝勇"
    "紅豔艷蘭鳳愛榮貴雲鵬飛軍寶銀慶興誠東長書詩夢瑩潔曉縈寧學業開遠達義憶憲懷慧樂鴻鳴麥單區齊賴農關闞",
    "张陈刘赵黄吴孙马许韩冯邓叶苏吕蒋卢钟谭陆贾韦邹尹阎龙贺顾龚邵万钱严庄乔欧罗郑萧谢杨国华丽静伟强杰涛刚辉勇"
    "红艳艳兰凤爱荣贵云鹏飞军宝银庆兴诚东长书诗梦莹洁晓萦宁学业开远达义忆宪怀慧乐鸿鸣麦单区齐赖农关阚",
)


@cache
def common_readings() -> frozenset[str]:
    """How common surnames are read, each in one word."""
    surnames = (*_COMMON, "欧阳", "司马", "上官", "诸葛", "司徒", "皇甫")
    return frozenset(surname_reading(one).replace(" ", "") for one in surnames)


@dataclass(frozen=True, slots=True)
class Called:
    """A name for comparing: both parts in small letters run together (`family`, `given`), as they are written
    (`*_written`, small and simplified), the words of the given name, and those of either by which she may go alone."""

    family: str = ""
    given: str = ""
    family_written: str = ""
    given_written: str = ""
    given_words: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    families: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.family or self.given)


@dataclass(frozen=True, slots=True)
class Traits:
    """One record for comparing. An empty trait is one nobody told; marks of one kind are compared with their like."""

    called: Called = Called()
    birth_on: date | None = None
    sex: str = ""
    city: str = ""
    postcode: str = ""
    phone: Marks = NONE
    phone_tail: Marks = NONE
    phone_part: Marks = NONE
    email: Marks = NONE
    email_user: Marks = NONE
    home: Marks = NONE
    house: Marks = NONE
    plate: Marks = NONE
    reference: Marks = NONE
    reference_slips: Marks = NONE
    #: What is told only once a mark is the same: the record has been found under this name too.
    also_called: frozenset[Called] = field(default=frozenset())


@lru_cache(maxsize=50_000)
def called(family: str, given: str) -> Called:
    """A name whose parts are known.

    >>> called("王", "晓芳").given, called("Archer", "Ann Maria").given
    ('xiaofang', 'annmaria')
    >>> called("McCartney", "James Paul").parts, called("Chan", "Tai Man").parts
    (('james', 'paul'), ())
    >>> {called(*one).family for one in (("吕", "丽"), ("Lü", "Li"), ("LYU", "Li"), ("lv3", "li4"))}
    {'lv'}
    >>> called("Кузнецова", "Ольга").family, called("Müller", "Änne").family
    ('kuznetsova', 'muller')
    """
    family, given = (_in_letters(tidy(text)[:LONGEST]) for text in (family, given))
    words, signs = _words(given), HAN.findall(simplified(given))
    return Called(
        _run(surname_reading(simplified(family)).split()), _run(words), _written(family), _written(given),
        frozenset((*words, *signs)), () if signs else _parts(words), _families(family),
    )  # fmt: skip


def shorter(name: Called) -> tuple[Called, ...]:
    """The name with less of a family name of several words.

    >>> [one.family for family in ("van der Berg", "Smith-Jones", "O'Brien") for one in shorter(called(family, "Ann"))]
    ['berg', 'smith', 'jones']
    """
    return tuple(replace(name, family=one, family_written="", families=()) for one in name.families)


def _families(family: str) -> tuple[str, ...]:
    """The words of a family name by which somebody may go alone."""
    words = _APART.split(family)
    if len(words) < 2 or HAN.search(family):
        return ()
    found = (_run(_words(word)) for word in words if plain_letters(word) not in PARTICLES)
    return tuple(dict.fromkeys(one for one in found if len(one) >= SHORTEST_FAMILY))[:MOST_PARTS]


def _in_letters(text: str) -> str:
    """Cyrillic in Latin letters; pinyin without its tones, and its ü as it is typed, also where a passport has yu."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _TONE_MARKS.sub("", unicodedata.normalize("NFD", text)))
        text = in_latin(text) if CYRILLIC.search(text) else text
    return _LONE_U_WITH_DOTS.sub(r"\1v\2", TONES.sub("", text))


def _parts(words: list[str]) -> tuple[str, ...]:
    """The words of a given name by which somebody may go alone: none where they are syllables of one Chinese name."""
    if len(words) < 2 or all(word in SPELLED for word in words):
        return ()
    return tuple(dict.fromkeys(word for word in words[:MOST_PARTS] if len(word) > 1))


def called_in_file(name: str, family: str, given: str) -> Called:
    """The name of a record that has parts, or only the whole.

    >>> called_in_file("欧阳芳", "", "") == called("欧阳", "芳")
    True
    """
    if family or not name:
        return called(family, given)
    return called(*name_parts(name[: 4 * LONGEST]))


def called_as_typed(text: str) -> list[Called]:
    """The ways a typed name may be meant, the likeliest first: which part is the family's, where words run together.

    >>> [(one.family, one.given) for one in called_as_typed("Wang Xiao Ming")][:2]
    [('ming', 'wangxiao'), ('wang', 'xiaoming')]
    >>> [(one.family, one.given) for one in called_as_typed("fangwang")][:2]
    [('fang', 'wang'), ('wang', 'fang')]
    """
    plain = FAMILIAR.sub("", TONES.sub("", tidy(text)[: 4 * LONGEST]))
    family, given = name_parts(plain)
    ways = [called(family, given)] if family else []
    if HAN.search(plain) and not HAN.sub("", plain.replace(" ", "")):
        ways += _chinese_ways(plain.replace(" ", ""))
    else:
        ways += _western_ways(f"{given} {family}".split())
        ways[2:2] = [other for way in ways[:2] for other in _read_otherwise(way)]
    return [way for way in dict.fromkeys(ways) if way]


def _read_otherwise(way: Called) -> Iterator[Called]:
    """Lü is typed lv, lu and, in passports, lyu; and a surname may be said as its character is elsewhere: 单 dan."""
    family, given = map(_with_dots, (way.family, way.given))
    if (family, given) != (way.family, way.given):
        yield called(family, given)
    if proper := _PROPER.get(family):
        yield called(proper, given)


def _with_dots(letters: str) -> str:
    dotted = _U_WITH_DOTS.sub(r"\1v", letters)
    return dotted if len(dotted) in _in_syllables(dotted) else letters


def _in_syllables(letters: str) -> frozenset[int]:
    """How far the letters go on in whole syllables; each place is looked at once, however many ways lead there.

    >>> sorted(_in_syllables("fangan")), sorted(_in_syllables("ann"))
    ([0, 2, 3, 4, 5, 6], [0, 1, 2])
    """
    reached = {0}
    for begin in range(len(letters)):
        if begin in reached:
            ends = range(begin + 1, min(begin + _LONGEST_SYLLABLE, len(letters)) + 1)
            reached |= {end for end in ends if letters[begin:end] in SPELLED}
    return frozenset(reached)


def simplified(text: str) -> str:
    """Traditional characters that are common in names as the simplified ones.

    >>> simplified("陳曉麗")
    '陈晓丽'
    """
    return text.translate(_SIMPLE) if not text.isascii() else text


@lru_cache(maxsize=20_000)
def place(text: str) -> str:
    """A city or postcode in the letters it is compared by.

    >>> place("杭州市"), place("St. Gallen"), place(" 45202-1234 ")
    ('hangzhou', 'stgallen', '452021234')
    """
    bare = tidy(text)[: 2 * LONGEST]
    return _run(readings(simplified(bare.removesuffix("市") or bare)))[:LONGEST]


def _western_ways(words: list[str]) -> Iterator[Called]:
    words = [word for word in words if word.rstrip(".").casefold() not in SUFFIXES][:MOST_WORDS]
    if len(words) == 1:
        yield from _one_word(words[0])
    elif len(words) > 1:
        yield called(words[0], " ".join(words[1:]))
        if len(words) > 2:
            yield called(" ".join(words[-2:]), " ".join(words[:-2]))
            yield called(" ".join(words[:2]), " ".join(words[2:]))
            yield called(words[-1], words[0])


def _one_word(word: str) -> Iterator[Called]:
    """Chinese syllables run together, family first or last; else a family name or a given name."""
    letters = _run(_words(word))
    for at in sorted(_in_syllables(letters)):
        first, last = letters[:at], letters[at:]
        if len(first) < 2 or len(last) < 2 or not (first in common_readings() or last in common_readings()):
            continue
        if len(last) in _in_syllables(last):
            yield from (called(*pair) for pair in ((first, last), (last, first)) if pair[0] in common_readings())
    yield called("", word)
    yield called(word, "")


def _chinese_ways(signs: str) -> Iterator[Called]:
    """The surname may also come last, as foreigners write it, and a single sign be either."""
    if len(signs) == 1:
        yield called(signs, "")
        yield called("", signs)
    elif len(signs) <= 4:
        last = 2 if signs[-2:] in COMPOUND_SURNAMES and len(signs) > 2 else 1
        yield called(signs[-last:], signs[:-last])
        yield called("", signs)


def _words(text: str) -> list[str]:
    found = (re.sub(r"[^a-z0-9]", "", plain_letters(word).replace("ü", "v")) for word in readings(simplified(text)))
    kept = [word for word in found if word]
    return kept or ([plain_letters(text)] if text else [])  # names in other scripts are compared as they are


def _run(words: Iterable[str]) -> str:
    return "".join("".join(_words(word)) if not word.isascii() else re.sub(r"[^a-z0-9]", "", word) for word in words)[
        :LONGEST
    ]


def _written(text: str) -> str:
    return simplified(plain_letters(text)).replace(" ", "")[:LONGEST]
