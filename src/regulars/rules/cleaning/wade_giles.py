"""Chinese names as most passports of Taiwan write them, Wade–Giles without its marks: Chang Chih-ming, Tsai Ing-wen.

One spelling stands for several syllables of pinyin, since what tells them apart is left out: chang is zhang or chang.
(T. F. Wade, H. A. Giles; the syllables are those of Hanyu Pinyin, GB/T 16159.)
"""

from collections.abc import Iterator, Mapping
from typing import Final

#: Initial → the finals it goes with; ü is written v.
_PINYIN: Final = """
b a ai an ang ao ei en eng i ian iao ie in ing o u
p a ai an ang ao ei en eng i ian iao ie in ing o ou u
m a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u
f a an ang ei en eng o ou u
d a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo
t a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo
n a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve
l a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo v ve
g a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
k a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo
h a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
zh a ai an ang ao e en eng i ong ou u ua uan uang ui un uo
ch a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo
j i ia ian iang iao ie in ing iong iu u uan ue un
q i ia ian iang iao ie in ing iong iu u uan ue un
x i ia ian iang iao ie in ing iong iu u uan ue un
sh a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo
r an ang ao e en eng i ong ou u uan ui un uo
z a ai an ang ao e en eng i ong ou u uan ui un uo
c a ai an ang ao e en eng i ong ou u uan ui un uo
s a ai an ang ao e en eng i ong ou u uan ui un uo
y a an ang ao e i in ing ong ou u uan ue un
w a ai an ang ei en eng o u
"""
_WITHOUT_INITIAL: Final = ("a", "ai", "an", "ang", "ao", "e", "en", "er", "ou")
_INITIALS: Final = {
    "b": "p", "d": "t", "g": "k", "zh": "ch", "j": "ch", "q": "ch", "x": "hs", "r": "j", "z": "ts", "c": "ts",
}  # fmt: skip
_FINALS: Final = {
    "ian": "ien", "ie": "ieh", "iong": "iung", "ong": "ung", "ue": "ueh", "ve": "ueh", "v": "u",
}  # fmt: skip
_OTHERWISE: Final = {
    "er": ("erh",), "yan": ("yen",), "ye": ("yeh",), "you": ("yu",), "yi": ("yi", "i"), "ying": ("ying", "ing"),
    "zi": ("tzu",), "ci": ("tzu",), "si": ("szu", "ssu"), "he": ("ho",), "ge": ("ko",), "ke": ("ko",),
}  # fmt: skip
_AS_BEFORE: Final = frozenset({"g", "k", "h", "sh"})  # before uo
_BUZZING: Final = frozenset({"zh", "ch", "sh", "r"})  # before i
#: Common surnames in these letters; those that are spelled as in pinyin, or in Hong Kong, stand there.
SURNAMES: Final = frozenset(
    "tsai hsu hsieh tseng kuo hsiao tsao hsueh chiang chou yeh kao chien tsou tsui hsiung hsia chuang tien tuan chueh"
    " chang cheng chiu teng tung".split()
)


def _spelled() -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in _PINYIN.split("\n"):
        initial, *finals = line.split() or [""]
        yield from ((initial + final, _spellings(initial, final)) for final in finals)
    yield from ((one, _OTHERWISE.get(one, (one,))) for one in _WITHOUT_INITIAL)


def _spellings(initial: str, final: str) -> tuple[str, ...]:
    if others := _OTHERWISE.get(initial + final):
        return others
    if final == "i" and initial in _BUZZING:
        final = "ih"
    elif final == "uo" and initial not in _AS_BEFORE:
        final = "o"
    elif final == "ui" and initial in {"g", "k"}:
        final = "uei"
    return (_INITIALS.get(initial, initial) + _FINALS.get(final, final),)


def _turned(table: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for syllable, spellings in table.items():
        for spelling in spellings:
            found[spelling] = (*found.get(spelling, ()), syllable)
    return found


#: Syllable of pinyin → how Taiwan spells it.
SPELLED: Final = dict(_spelled())
#: As Taiwan spells it → the syllables of pinyin it may stand for: chang is zhang or chang.
READ: Final = _turned(SPELLED)
