"""Short answers in customer files — sex, language, country, yes and no — in the words people use for them."""

from typing import Final

from regulars.rules.cleaning.cldr import language_words
from regulars.rules.cleaning.writing import plain_letters

_YES: Final = (
    "1 y yes true t ja oui si sí on x granted grant opt-in optin opted-in agreed accepted subscribed allowed"
    " 是 同意 已同意 接受 已接受 允许 订阅 已订阅 愿意 有"
)
_NO: Final = (
    "0 n no false f nein non off denied deny opt-out optout opted-out refused declined unsubscribed disallowed"
    " 否 不 不同意 未同意 拒绝 已拒绝 不接受 不允许 未订阅 退订 已退订 不愿意 无"
)
_CHOICES: Final = dict.fromkeys(_YES.split(), "granted") | dict.fromkeys(_NO.split(), "denied")
_UNSAID: Final = frozenset(
    "|-|?|unset|unknown|n/a|na|null|none|undisclosed|not disclosed|prefer not to say|prefer_not_to_say|rather not say"
    "|未知|未填|不详|未设置|不愿透露".split("|")
)
_SEXES: Final = {
    **dict.fromkeys(
        "f female woman w weiblich frau femme ms mrs miss mujer donna kobieta vrouw 女 女性 女士 小姐".split(), "female"
    ),
    **dict.fromkeys("m male man männlich mann herr homme mr hombre uomo mężczyzna 男 男性 先生".split(), "male"),
    **dict.fromkeys("d x other divers diverse nonbinary non-binary non_binary 其他 其它".split(), "other"),
}
#: What CLDR does not call them, or calls otherwise.
_LANGUAGES: Final = {
    **dict.fromkeys("zh zh-cn zh-hans zh-sg chinese mandarin 中文 汉语 简体中文 普通话 国语".split(), "zh-hans"),
    **dict.fromkeys("zh-tw zh-hk zh-hant zh-mo 繁体中文 繁體中文 中文(繁體)".split(), "zh-hant"),
    **dict.fromkeys("cantonese 广东话 廣東話".split(), "yue"),
    **dict.fromkeys("en-us en-gb 英文".split(), "en"), **dict.fromkeys("de-de de-at de-ch 德文".split(), "de"),
    "fr-fr": "fr", "法文": "fr", "jp": "ja", "日文": "ja", "韩文": "ko", "castilian": "es", "castellano": "es",
}  # fmt: skip


def says_nothing(text: str) -> bool:
    """Whether the text is only a way of leaving the answer open.

    >>> says_nothing("n/a"), says_nothing("未知"), says_nothing("Prefer not to say"), says_nothing("no")
    (True, True, True, False)
    """
    return text.strip().casefold() in _UNSAID


def read_choice(text: str) -> str | None:
    """granted, denied or unset; None for an answer that is neither — which must never be taken for a yes.

    >>> [read_choice(answer) for answer in ("Yes", "否", "", "perhaps")]
    ['granted', 'denied', 'unset', None]
    """
    return "unset" if says_nothing(text) else _CHOICES.get(text.strip().casefold())


def read_sex(text: str) -> str | None:
    """female, male, other, or None.

    >>> read_sex("女士"), read_sex("M"), read_sex("non_binary"), read_sex("42")
    ('female', 'male', 'other', None)
    """
    return _SEXES.get(text.strip().rstrip(".").casefold())


def read_language(text: str) -> str | None:
    """A language tag (BCP 47, small letters), or None.

    >>> read_language("Deutsch"), read_language("zh_CN"), read_language("pt-br"), read_language("English (US)")
    ('de', 'zh-hans', 'pt-br', 'en')
    """
    word = text.strip().casefold().replace("_", "-")
    if known := _LANGUAGES.get(word):
        return known
    shaped = all(part.isascii() and part.isalpha() for part in word.split("-")) and len(word.split("-")[0]) == 2
    if shaped and len(word) <= 16:
        return word
    tag = language_words().get(plain_letters(text.partition("(")[0].strip()), "").replace("_", "-").casefold()
    return _LANGUAGES.get(tag) or tag or None


def read_household_size(text: str) -> int | None:
    """How many persons, the least of a span; None when it is no such number.

    >>> read_household_size("5+"), read_household_size("3人"), read_household_size("many")
    (5, 3, None)
    """
    digits = text.strip().rstrip("+人 ").split("-")[0].strip()
    return int(digits) if digits.isdecimal() and 0 < int(digits) <= 99 else None
