"""Names of persons made clean: what is no part of the name set apart, the order put right, and how it is read.

Which part is the family name is only turned where the writing itself says so: a comma, capitals, a Chinese surname that
stands first in pinyin. Where both parts could be it, that is a doubt and no guess.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from regulars.rules.cleaning.cleaned import NOTHING_LEFT, Cleaned, Notes, unusable
from regulars.rules.cleaning.pinyin import TONES, all_readings, syllables
from regulars.rules.cleaning.romanised import may_be_either, words_of_family
from regulars.rules.cleaning.scripts import simplified
from regulars.rules.cleaning.surnames import (
    COMPOUND_SURNAMES,
    READINGS_WITH_TONES,
    SINGLE_SURNAMES,
    SURNAME_READINGS,
    is_surname,
    without_tones,
)
from regulars.rules.cleaning.texts import NOTHING, objection_to, tidied
from regulars.rules.cleaning.writing import (
    ALL_HAN,
    HAN,
    HAN_HONORIFICS,
    HONORIFICS,
    PARTICLES,
    SUFFIXES,
    family_starts,
    particles_behind,
    plain_letters,
    readings,
    sort_key,
    surname_reading,
    with_dot,
)

LONG: Final = 80  # characters; the longest name of the cast of any register we saw has sixty
CHINESE: Final = frozenset({"CN", "HK", "MO", "TW", "SG", "MY"})
_AND: Final = frozenset({"&", "+", "and", "und", "et"})
#: What a doctor is one of, as German writes it between title and name: Dr. med., Prof. Dr. rer. nat.
_FACULTIES: Final = frozenset(
    "med. dent. vet. rer. nat. phil. jur. iur. ing. oec. pol. theol. agr. techn. paed. habil. h.c. h. c. mult.".split()
)
#: The family names of nine in ten Vietnamese, in plain letters.
_VIETNAMESE_SURNAMES: Final = frozenset(
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh trinh truong".split()
)
#: Those that nobody elsewhere is called by, and the middle names that show which sex somebody is.
_ONLY_VIETNAMESE: Final = frozenset("nguyen tran pham hoang huynh phan dang bui ngo duong dinh trinh".split())
_VIETNAMESE_MIDDLE: Final = frozenset(("thi", "van"))
#: Letters that only Vietnamese writes: ơ and ư, and those with two marks.
_VIETNAMESE_LETTER: Final = re.compile("[ƠơƯưĂăĐđẠ-ỹ]")
#: Where a lone M is Monsieur and not an initial.
FRENCH: Final = frozenset({"FR", "BE", "CH", "LU", "MC"})
_MORE_HAN_HONORIFICS: Final = tuple(
    """
    同学 师傅 律师 经理 阿姨 大夫 女仕 老師 醫生 經理 小姐姐 总经理 總經理 董事长 主任 总监 院长 校长 局长 处长 科长
    部长 所长 厂长 店长 行长 书记 秘书 会计 警官 法官 护士 會計 主席 教练 工程师
    """.split()
)
#: Of two syllables are these family names of Korea; who is written with a longer first word is from elsewhere.
_KOREAN_COMPOUND: Final = frozenset("남궁 황보 제갈 선우 독고 사공 서문 동방".split())
_KOREAN: Final = re.compile(rf"[가-힣] ?[가-힣]{{1,3}}|(?:{'|'.join(sorted(_KOREAN_COMPOUND))}) [가-힣]{{1,2}}")
#: One letter behind a surname: Mr Zhang of the works, old Mrs Wang.
_CALLED: Final = frozenset("总總工董局处科哥姐叔姨嫂爷奶老太")
_FORMALLY: Final = re.compile(r"^(?:尊敬的|亲爱的|敬爱的)")
_HAN_HONORIFICS: Final = tuple(sorted((*HAN_HONORIFICS, *_MORE_HAN_HONORIFICS), key=len, reverse=True))
_ONLY_HAN_HONORIFICS: Final = re.compile(f"(?:{'|'.join(_HAN_HONORIFICS)})+")
_NOBODY: Final = frozenset(
    """
    test tester testing anonymous guest customer client member user nobody noname asdf asdfgh qwerty abc foo kunde gast
    匿名 客户 顾客 客人 会员 用户 散客 佚名 无名 无名氏 某某 路人 测试 测试用户 未知客户 普通客户
    """.split()
)
_NOBODYS_WORDS: Final = _NOBODY | NOTHING
_COMPANY: Final = re.compile(
    r"有限公司|股份|集团|公司|商行|经营部|事务所|個體戶|\b(?:gmbh|ltd|limited|inc|llc|llp|plc|s\.?a\.?r\.?l|corp|corporation|company|"
    r"holding|kg|ohg|e\.?v|b\.v|n\.v|s\.p\.a|sas|pty)\b\.?$",
    re.IGNORECASE,
)
_CONTACT: Final = re.compile(r"\S@\S|(?:\d[ -]?){7,}|https?://|www\.")
_MASKED: Final = re.compile(r"[*＊×]|某")
_ASIDE: Final = re.compile(r"[(（【\[]([^)）】\]]*)[)）】\]]")
#: What she was called before, and what her friends call her.
_BORN: Final = re.compile(r"[\s,]+((?:née|nee|né|geb\.?|geborene?r?)\s+\S.*)$", re.IGNORECASE)
_QUOTED: Final = re.compile(r"(?<=\s)[\"“„«]([^\"“”„«»]+)[\"”“»](?=\s)")
_ASIDES: Final = (_ASIDE, _QUOTED, _BORN)
#: Dots that stand for the one between the parts of a name from elsewhere.
_DOT: Final = re.compile(r"(?<=[㐀-鿿])\s*[•‧・･．.●∙⋅]\s*(?=[㐀-鿿])")
#: The same name in both writings.
_BOTH_WRITINGS: Final = re.compile(
    r"([㐀-鿿]{2,4})[\s/,|-]+([A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'. ,-]*)|([A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'. ,-]*?)[\s/,|-]+([㐀-鿿]{2,4})"
)
#: Emoji and pictographs, with the selectors and joiners that hold them together.
_SIGNS: Final = re.compile(
    "[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0e\ufe0f\u20e3\U000e0000-\U000e007f]+(?:\u200d|(?=[^\\w]|$))*"
)
_SEVERAL: Final = re.compile(r"\s(?:&|\+|and|und|et|y)\s|[、;/|]|[㐀-鿿][,，和与&+][㐀-鿿]", re.IGNORECASE)
_LETTERS: Final = r"(?:[^\W\d_][\u0300-\u036f]*)+"  # with what stands over them and has no sign of its own
_WORDS: Final = re.compile(rf"{_LETTERS}(?:['’ʼ.-]{_LETTERS})*\.?")
#: Alphabets with capitals in which people write names; in others, casing means nothing or something else.
_CASED: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿͰ-ϿЀ-ӿ]")
_SCRIPTS: Final = (("latin", re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]")), ("greek", re.compile(r"[Ͱ-Ͽ]")), ("cyrillic", re.compile(r"[Ѐ-ӿ]")))  # fmt: skip  # noqa: E501


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in its parts.

    `display` is how it is written on a letter; `sort` orders lists; `aside` is what stood in brackets.
    """

    display: str
    given: str
    family: str
    honorific: str
    suffix: str
    aside: str
    sort: str

    @property
    def simplified(self) -> str:
        """The key that 陳芳 and 陈芳 share."""
        return simplified(self.display)

    @property
    def reading(self) -> str:
        """How a Chinese name is said, with tones; empty for others."""
        if not (self.family and HAN.search(self.display)):
            return ""
        return _reading(simplified(self.family), simplified(self.given))


def clean_name(text: str, country: str = "", leave: frozenset[str] = NOTHING_LEFT) -> Cleaned[PersonName]:
    """A whole name, taken apart and put in order. `country` (ISO 3166) is where the person lives, if known; `leave` are
    changes that are not made.

    >>> found = clean_name("ARCHER, ann (VIP)")
    >>> found.value.display, found.value.family, found.value.aside, found.reasons
    ('Ann Archer', 'Archer', 'VIP', ('aside_apart', 'order_turned', 'capitals_evened'))
    >>> found = clean_name("單 雄信先生")
    >>> found.value.display, found.value.family, found.value.simplified, found.value.reading
    ('單雄信', '單', '单雄信', 'Shàn Xióngxìn')
    >>> clean_name("ARCHER, ann", leave=frozenset({"order_turned", "capitals_evened"})).value.display
    'ARCHER, ann'
    >>> clean_name("李**").reasons, clean_name("N/A").validity
    (('masked',), 'unusable')
    """
    notes = Notes(leave)
    plain = tidied(text, notes)
    if reason := objection_to(plain) or _no_name(plain):
        return unusable(text, reason)
    shown = _with_dots(_without_signs(plain, notes), notes)
    bare, aside = _without_aside(shown, notes)
    bare = _with_dots(bare, notes)  # what stood aside may have kept a dot from its letters
    if reason := objection_to(bare) or _no_name(bare):
        return unusable(text, reason)
    _doubts_about(bare, notes)
    name = _in_its_writing(bare, aside, country, notes)
    if reason := objection_to(name.display) or _no_name(name.display):
        return unusable(text, reason)
    if aside and "aside_apart" in leave:
        name = replace(name, display=shown if name.display == bare else f"{name.display} ({aside})", aside="")
    return notes.give(text, name)


def clean_parts(
    given: str, family: str, honorific: str = "", leave: frozenset[str] = NOTHING_LEFT
) -> Cleaned[PersonName]:
    """A name whose parts came in separate columns; the original is the parts as they would be read aloud.

    >>> clean_parts("芳", "王").value.display, clean_parts("ANN", "ARCHER").value.display
    ('王芳', 'Ann Archer')
    """
    original = " ".join(part for part in (given, family) if part)
    notes = Notes(leave)
    given, family, honorific = tidied(given, notes), tidied(family, notes), tidied(honorific, notes)
    if reason := objection_to(f"{given} {family}".strip()):
        return unusable(original, reason)
    if HAN.search(family or given):
        if is_surname(simplified(given)) and not is_surname(simplified(family)) and len(given) <= 2:
            notes.doubt("order_unsure", f"{given}{family}")
        return notes.give(original, _made(given, family, honorific, "", "", f"{family}{given}"))
    given, family = _evened_parts(given, family, notes)
    return notes.give(original, _made(given, family, honorific, "", "", f"{given} {family}".strip()))


def _in_its_writing(bare: str, aside: str, country: str, notes: Notes) -> PersonName:
    """A name in Chinese, in letters, or in Chinese with another one beside it: 李小龙 Bruce Lee."""
    if _is_han(bare, country):
        return _han(bare, aside, notes)
    if _KOREAN.fullmatch(bare):
        return _korean(bare, aside, notes)
    han = "" if bare.isascii() else _both_writings(bare)[0]
    if not han:
        return _western(bare, aside, country, notes)
    within = Notes(notes.leave)  # the name stays as it is written: what is taken off it to be read is no change
    name = _han(han, aside, within)
    notes.doubts += within.doubts
    return replace(name, display=bare)


def _no_name(plain: str) -> str:
    if plain.casefold() in _NOBODY:
        return "placeholder"
    words = list(filter(None, (word.strip(".,") for word in plain.split())))
    if len(words) > 1 and all(word.casefold() in _NOBODYS_WORDS for word in words):
        return "placeholder"
    only_honorifics = bool(words) and all(word.casefold() in HONORIFICS for word in words)
    if only_honorifics or _ONLY_HAN_HONORIFICS.fullmatch(plain.replace(" ", "")):
        return "honorific_only" if len("".join(words)) > 1 else "one_letter"
    if any(letter.isalpha() for letter in plain):
        return ""
    return "contact_in_name" if _CONTACT.search(plain) else "no_letters"


def _is_han(bare: str, country: str) -> bool:
    """Whether the name is written in Chinese characters (masked ones counted in) and not Japan's or Korea's."""
    close = _MASKED.sub("", bare.replace(" ", ""))
    return bool(ALL_HAN.match(close)) and any(map(str.isalpha, close)) and country not in ("JP", "KR")


def _without_signs(plain: str, notes: Notes) -> str:
    """The name without hearts, stars and faces."""
    return notes.change("signs_removed", plain, " ".join(_SIGNS.sub(" ", plain).split()))


def _with_dots(shown: str, notes: Notes) -> str:
    """买买提•艾力 with the dot that is meant."""
    return shown if shown.isascii() else notes.change("lookalike_replaced", shown, _DOT.sub("·", shown))


def _without_aside(plain: str, notes: Notes) -> tuple[str, str]:
    """The name, and what stood beside it: in brackets, in quotes, behind née, or in the other writing; brackets around
    everything are no aside."""
    asides, bare = list[str](), plain
    for pattern in _ASIDES:
        if pattern.search(bare):
            asides += [one.strip() for one in pattern.findall(bare) if one.strip()]
            bare = " ".join(pattern.sub(" ", bare).split())
    if not bare.isascii():
        bare, other = _other_writing(bare)
        asides += filter(None, [other])
    if not any(letter.isalpha() for letter in bare) or bare == plain:
        return plain, ""
    notes.change("aside_apart", plain, bare)
    return bare, "; ".join(asides)


def _other_writing(bare: str) -> tuple[str, str]:
    """王芳 of `Wang Fang 王芳`, and the letters that say no more than how it is read."""
    han, letters = _both_writings(bare)
    if not han:
        return bare, ""
    _, words = _honorific_off(letters.split(), "", Notes())
    title, said = " ".join(letters.split()[: -len(words)]), _only_letters(" ".join(words))
    family, given = _plain_reading(han)
    if not said or said not in (family + given, given + family):
        return bare, ""
    return f"{title} {han}".strip(), " ".join(words)


def _both_writings(bare: str) -> tuple[str, str]:
    """A name in Chinese and what stands beside it in letters; empty where it is written in one of them only, or where a
    surname alone is a part of the name, as in David 王."""
    found = _BOTH_WRITINGS.fullmatch(bare)
    if not found:
        return "", ""
    han, letters = (found[1] or found[4]), (found[2] or found[3]).strip(" ,-")
    key = simplified(han)
    named = (key[:2] in COMPOUND_SURNAMES and len(han) > 2) or key[:1] in SINGLE_SURNAMES
    titles = all(word.rstrip(".").casefold() in HONORIFICS for word in letters.split())
    return (han, letters) if named and not titles else ("", "")


def _plain_reading(han: str) -> tuple[str, str]:
    """(family, given) as they are typed, without tones."""
    length = 2 if simplified(han)[:2] in COMPOUND_SURNAMES else 1
    family, given = (
        _only_letters(surname_reading(simplified(han[:length]))),
        "".join(readings(simplified(han[length:]))),
    )
    return family, _only_letters(given)


def _only_letters(text: str) -> str:
    return re.sub("[^a-z]", "", plain_letters(text)).replace("v", "u")


def _doubts_about(bare: str, notes: Notes) -> None:
    found = {
        "contact_in_name": _CONTACT.search(bare),
        "masked": _MASKED.search(bare),
        "company_name": _COMPANY.search(bare),
        "several_persons": _SEVERAL.search(bare),
        "digits_in_name": any(sign.isdecimal() for sign in bare) and not _CONTACT.search(bare),
        "mixed_scripts": any(_mixed(word) for word in bare.split()),
        "unusually_long": len(bare) > LONG,
        "one_letter": sum(map(str.isalpha, bare)) == 1 and not _MASKED.search(bare),
    }
    for reason, there in found.items():
        if there:
            notes.doubt(reason, bare[:LONG])


def _mixed(word: str) -> bool:
    """Whether letters of two alphabets stand in one word: a Cyrillic а among Latin letters looks right and is not."""
    return sum(bool(script.search(word)) for _, script in _SCRIPTS) > 1


def _han(bare: str, aside: str, notes: Notes) -> PersonName:
    """A name in Chinese characters."""
    words = bare.split()
    first = words[0] if len(words) > 1 and words[0] in _HAN_HONORIFICS else ""
    if first and notes.change("honorific_apart", bare, " ".join(words[1:])) != bare:
        words = words[1:]
        bare = " ".join(words)
    else:
        first = ""
    if len(words) == 2 and not is_surname(simplified(words[0])) and is_surname(simplified(words[1])):
        bare = notes.change("order_turned", bare, f"{words[1]}{words[0]}")
    close = notes.change("spaces_within", bare, bare.replace(" ", ""))
    name = _without_outer_dots(close, notes)
    if name[0] in "尊亲敬":
        name = notes.change("honorific_apart", name, _FORMALLY.sub("", name) or name)
    alone, honorific = name, first
    while alone.endswith(_HAN_HONORIFICS) and (
        found := next((one for one in _HAN_HONORIFICS if alone.endswith(one) and len(alone) > len(one)), "")
    ):
        alone, honorific = alone.removesuffix(found), found
    if notes.change("honorific_apart", name, alone) == name:
        alone, honorific = name, first
    alone = _without_outer_dots(alone, notes)
    family, given = _han_parts(alone, notes)
    return _made(given, family, honorific, "", aside, alone)


def _korean(bare: str, aside: str, notes: Notes) -> PersonName:
    """A name in Korea's own letters: the family first, in one syllable but for a few, and no space within."""
    name = notes.change("spaces_within", bare, bare.replace(" ", ""))
    closed = bare.replace(" ", "")
    at = 2 if closed[:2] in _KOREAN_COMPOUND and len(closed) > 2 else 1
    return _made(closed[at:], closed[:at], "", "", aside, name)


def _without_outer_dots(name: str, notes: Notes) -> str:
    return notes.change("separators_removed", name, name.strip("·・") or name)


def _han_parts(name: str, notes: Notes) -> tuple[str, str]:
    """(family, given); names from elsewhere have a dot between given and family name, or stay whole when long."""
    if any(apart := with_dot(name)):
        return apart
    key = simplified(name)
    compound = name[:2] in COMPOUND_SURNAMES or key[:2] in COMPOUND_SURNAMES
    length = 2 if compound else 1
    if len(name) > 3 + length:
        notes.doubt("parts_unsure", name[:LONG])
        return "", name
    if len(name) == 2 and name[0] in "小老阿大" and is_surname(key[1]):
        notes.doubt("nickname", name)
        return name[1], ""
    if len(name) == 1 + length and name[-1] in _CALLED and is_surname(key[:length]):
        notes.doubt("nickname", name)
    if len(name) == 3 + length:
        notes.doubt("parts_unsure", name)
    if not compound and not (name[:1] in SINGLE_SURNAMES or key[:1] in SINGLE_SURNAMES):
        notes.doubt("surname_unknown", name[:1])
    return name[:length], name[length:]


def _made(given: str, family: str, honorific: str, suffix: str, aside: str, display: str) -> PersonName:
    return PersonName(display, given, family, honorific, suffix, aside, sort_key(family, given))


@lru_cache(maxsize=20_000)
def _reading(family: str, given: str) -> str:
    """How it is said: the surname by its tradition, the given name as one word."""
    said = READINGS_WITH_TONES.get(family, "").replace(" ", "") or "".join(syllables(family, TONES))
    name = "".join(syllables(given, TONES))
    return " ".join(part[:1].upper() + part[1:] for part in (said, name) if part)


def _western(bare: str, aside: str, country: str, notes: Notes) -> PersonName:
    """A name in letters: comma, honorific and suffix, order, capitals — in this order, each told."""
    if _COMPANY.search(bare):
        return _made(bare, "", "", "", aside, bare)
    turned, family_words, left = _comma_turned(bare, country, notes)
    honorific, words = _honorific_off(turned.split(), country, notes)
    if honorific and _is_han(" ".join(words), country):
        return replace(_han(" ".join(words), aside, notes), honorific=honorific)
    words, suffix = _suffix_off(words)
    at = len(words) - family_words if family_words and family_words < len(words) else family_starts(words)
    given, family = words[:at], words[at:]
    if honorific and len(words) == 1:
        given, family = [], words
    shown_at = len(given)
    if not family_words:
        given, family, shown_at = _by_writing(given, family, country, notes)
    first, last = _evened_parts(" ".join(given), " ".join(family), notes)
    apart = first.split()
    shown = " ".join(filter(None, [*apart[:shown_at], last, *apart[shown_at:]]))
    if left:
        return _made(first, last, honorific, suffix, aside, bare)
    return _made(first, last, honorific, suffix, aside, f"{shown} {suffix}".strip())


def _comma_turned(bare: str, country: str, notes: Notes) -> tuple[str, int, bool]:
    """`Archer, Ann` in reading order, of how many words the family name is, and whether it is to be left as it stands;
    suffixes after a comma are none."""
    pieces = [bare] if HAN.search(bare) else [piece.strip() for piece in bare.split(",") if piece.strip()]
    names = [piece for piece in pieces if not _is_suffix(piece)]
    after = [piece for piece in pieces if _is_suffix(piece)]
    if len(names) != 2:
        if len(names) > 2:
            notes.doubt("several_persons", bare[:LONG])
        return notes.change("separators_removed", bare, " ".join([*names, *after]) or bare), 0, False
    _, family = _honorific_off(names[0].split(), country, Notes())
    titles = names[0].split()[: -len(family)]
    rest, suffix = names[1].split(), list[str]()
    while len(rest) > 1 and _is_suffix(rest[-1]):
        suffix.insert(0, rest.pop())
    turned = " ".join([*titles, *rest, *family, *suffix, *after])
    if any(pattern.search(turned) for pattern in _ASIDES):  # two lone brackets would become a pair
        return bare, 0, False
    whole = words_of_family(family, country) is not None  # Chan Tai Man, Peter
    words = 0 if whole else len(family) + particles_behind(rest)
    left = notes.change("order_turned", bare, turned) != turned
    return turned, words, left


def _is_suffix(word: str) -> bool:
    return word.replace(".", "").casefold() in SUFFIXES


def _honorific_off(words: list[str], country: str, notes: Notes) -> tuple[str, list[str]]:
    """Leading Mr, Prof., Frau … taken off, kept together; a lone M is an initial where nobody speaks French."""
    found: list[str] = []
    rest = list(words)
    while len(rest) > 1 and (known := HONORIFICS.get(rest[0].rstrip(".").casefold())):
        if known == "M" and country not in FRENCH:
            break
        if not any(letter.isalpha() for word in rest[1:] for letter in word):
            break
        found.append(known)
        rest = rest[1:]
        if len(rest) > 2 and rest[0].casefold() in _AND and rest[1].rstrip(".").casefold() in HONORIFICS:
            found.append(rest[0])
            rest = rest[1:]
        while len(rest) > 1 and known in ("Dr", "Prof") and rest[0].casefold() in _FACULTIES:
            rest = rest[1:]
    if not found or notes.change("honorific_apart", " ".join(words), " ".join(rest)) == " ".join(words):
        return "", list(words)
    return " ".join(dict.fromkeys(found)), rest


def _suffix_off(words: list[str]) -> tuple[list[str], str]:
    """A last Jr., III or PhD is no family name; it stays on the letter."""
    kept = list(words)
    last: list[str] = []
    while len(kept) > 2 and _is_suffix(kept[-1]):
        last.insert(0, kept.pop())
    return kept, " ".join(last)


def _by_writing(given: list[str], family: list[str], country: str, notes: Notes) -> tuple[list[str], list[str], int]:
    """(given, family, before which word of the given name the family name stands), where the writing, capitals, or a
    Chinese surname in letters say which it is."""
    words, as_it_is = [*given, *family], (given, family, len(given))
    if len(words) < 2 or not family:
        return as_it_is
    if _is_vietnamese(words, country):
        return words[1:], words[:1], 0
    pinyin, found = all(map(_is_pinyin, words)), words_of_family(words, country)
    if _family_in_capitals(words):
        stays = (pinyin or found) and country in CHINESE
        whole, turned = " ".join(words), " ".join([*words[1:], words[0]])
        left = not stays and notes.change("family_name_first", whole, turned) == whole
        return words[1:], words[:1], 0 if stays or left else len(words) - 1
    if found and not (pinyin and _is_surname_in_pinyin(words[found[0]])):
        return [*words[: found[0]], *words[found[1] :]], words[slice(*found)], found[0]
    if may_be_either(words) and not (pinyin and any(map(_is_surname_in_pinyin, (words[0], words[-1])))):
        notes.doubt("order_unsure", " ".join(words))
    if pinyin and _surname_first(words, country, notes):
        return words[1:], words[:1], 0
    return as_it_is


def _is_vietnamese(words: list[str], country: str) -> bool:
    """Whether a name begins with a Vietnamese family name and is written with Vietnam's letters, or is of there, or
    goes on as only a Vietnamese one does (Nguyen Thi …): the family name stands first, and it stays there.
    """
    first, *more = map(plain_letters, words)
    if first not in _VIETNAMESE_SURNAMES:
        return False
    written_plain = more[:-1] and more[0] in _VIETNAMESE_MIDDLE and first in _ONLY_VIETNAMESE
    return (
        country == "VN"
        or bool(written_plain)
        or bool(_VIETNAMESE_LETTER.search(unicodedata.normalize("NFC", " ".join(words))))
    )


def _family_in_capitals(words: list[str]) -> bool:
    """ARCHER Ann and WU Yifan, but not AJ Archer: two capitals are initials unless they are a surname."""
    first, rest = words[0], words[1:]
    long_enough = len(first) >= 3 or (len(first) == 2 and _is_surname_in_pinyin(first))
    others = all(word[0].isupper() and any(map(str.islower, word)) for word in rest)
    return first.isupper() and all(map(_CASED.match, first)) and long_enough and others and not _is_suffix(first)


def _surname_first(words: list[str], country: str, notes: Notes) -> bool:
    """Whether a name in pinyin begins with its surname, as it is written in China; where both could be one, a doubt."""
    first, last = map(_is_surname_in_pinyin, (words[0], words[-1]))
    if first and last:
        notes.doubt("order_unsure", " ".join(words))
    return first and (not last or country in CHINESE)


def _is_surname_in_pinyin(word: str) -> bool:
    return without_tones(word.casefold()) in _surnames_in_pinyin()


def _is_pinyin(word: str) -> bool:
    """Whether the word is one to three syllables of pinyin."""
    bare = without_tones(word.casefold()).replace("-", "").replace("'", "").replace("’", "")
    return bool(bare) and len(bare) <= 18 and _syllables_cover(bare, 3)


def _syllables_cover(text: str, most: int) -> bool:
    if not text:
        return True
    return most > 0 and any(
        text[:length] in _syllables() and _syllables_cover(text[length:], most - 1) for length in range(1, 7)
    )


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    readings = set(map(without_tones, all_readings()))
    return frozenset(one for one in readings if one.isascii() and one.isalpha() and one not in ("m", "n", "ng", "hm"))


@lru_cache(maxsize=1)
def _surnames_in_pinyin() -> frozenset[str]:
    singles = (SURNAME_READINGS.get(one) or "".join(syllables(one)) for one in SINGLE_SURNAMES)
    compounds = (SURNAME_READINGS.get(one) or "".join(syllables(one)) for one in COMPOUND_SURNAMES)
    return frozenset(one.replace(" ", "") for one in (*singles, *compounds)) - _RARE_AND_WESTERN


#: Readings of rare surnames that are Western given names more often.
_RARE_AND_WESTERN: Final = frozenset(
    {"dan", "ben", "ken", "man", "can", "sen", "miao", "mei", "na", "nan", "sha", "ya"}
)


def _evened_parts(given: str, family: str, notes: Notes) -> tuple[str, str]:
    """Both parts with capitals where names have them, if any word is shouted or the whole is whispered."""
    whole = f"{given} {family}".strip()
    first, last = _evened_together(*_evened_together(given, family))  # two capitals are judged by the rest: again
    left = notes.change("capitals_evened", whole, f"{first} {last}".strip()) == whole
    return (given, family) if left else (first, last)


def _evened_together(given: str, family: str) -> tuple[str, str]:
    whole = f"{given} {family}".strip()
    if not (_in_small(whole) or any(_in_capitals(word, whole) for word in whole.split())):
        return given, family
    return _evened(given, whole), _evened(family, whole, after_given=bool(given))


def _in_small(text: str) -> bool:
    """Whether a text has no capital although its letters have them."""
    return text == text.lower() and bool(_CASED.search(text)) and text.casefold() not in PARTICLES


def _in_capitals(word: str, whole: str) -> bool:
    """Whether a word is all capitals and more than initials; of two letters only where the whole name is in capitals,
    or where they are a surname: LI Na."""
    letters = [letter for letter in word if _CASED.match(letter)]
    if "." in word or any(letter != letter.upper() or letter == letter.lower() for letter in letters):
        return False
    if len(word) == 2:
        return (whole == whole.upper() and len(whole) > 4) or _is_surname_in_pinyin(word)
    return bool(letters) and len(word) > 2 and not _is_suffix(word)


def _evened(part: str, whole: str, after_given: bool = False) -> str:
    words = part.split()
    inner = [(after_given or place > 0) and place < len(words) - 1 for place in range(len(words))]
    return " ".join(_evened_word(word, whole, within) for word, within in zip(words, inner, strict=True))


def _evened_word(word: str, whole: str, within: bool) -> str:
    """A word that was shouted or whispered with its capital; a particle within the name in small letters."""
    if not (_in_capitals(word, whole) or _in_small(word)):
        return word
    return word.casefold() if within and word.casefold() in PARTICLES else _WORDS.sub(_capital, word)


def _capital(word: re.Match[str]) -> str:
    """One word with a capital at its start, after a hyphen, after O' and after Mc."""
    pieces = re.split(r"(['’ʼ.-])", word[0])
    return "".join(_capital_piece(piece) for piece in pieces)


def _capital_piece(piece: str) -> str:
    rest = piece[1:].lower().replace("i\u0307", "i")  # İ in the middle of a name is i, and nothing over it
    if piece[:2].casefold() == "mc" and len(piece) > 4:
        return f"Mc{rest[1:2].upper()}{rest[2:]}"
    return unicodedata.normalize("NFC", piece[:1].title() + rest)
