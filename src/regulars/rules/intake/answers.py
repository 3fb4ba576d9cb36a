"""Short answers in customer files — sex, language, country, yes and no — in the words people use for them."""

from typing import Final

import phonenumbers

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
    {"", "-", "?", "unset", "unknown", "n/a", "na", "null", "none", "未知", "未填", "不详", "未设置"}
)
_SEXES: Final = {
    **dict.fromkeys("f female woman w weiblich frau femme ms mrs miss 女 女性 女士 小姐".split(), "female"),
    **dict.fromkeys("m male man männlich mann herr homme mr 男 男性 先生".split(), "male"),
    **dict.fromkeys("d x other divers diverse nonbinary non-binary 其他 其它".split(), "other"),
}
_LANGUAGES: Final = {
    **dict.fromkeys(
        "zh zh-cn zh-hans zh-sg chinese mandarin 中文 汉语 简体中文 普通话 chinesisch chinois".split(), "zh-hans"
    ),
    **dict.fromkeys("zh-tw zh-hk zh-hant 繁体中文 繁體中文".split(), "zh-hant"),
    **dict.fromkeys("en en-us en-gb english 英文 英语 englisch anglais".split(), "en"),
    **dict.fromkeys("de de-de de-at de-ch german deutsch 德语 allemand".split(), "de"),
    **dict.fromkeys("fr fr-fr french français francais 法语 französisch".split(), "fr"),
    **dict.fromkeys("ja jp japanese 日语 日文 japanisch japonais".split(), "ja"),
    **dict.fromkeys("ko korean 韩语 koreanisch coréen".split(), "ko"),
    **dict.fromkeys("es spanish español 西班牙语 spanisch espagnol".split(), "es"),
    **dict.fromkeys("it italian italiano 意大利语 italienisch italien".split(), "it"),
}
_COUNTRY_WORDS: Final = {
    "CN": "china,中国,中国大陆,中华人民共和国,chn,chine,p.r. china,prc",
    "HK": "hong kong,香港,中国香港,hkg,hongkong",
    "MO": "macau,macao,澳门,中国澳门",
    "TW": "taiwan,台湾,中国台湾",
    "US": "united states,united states of america,usa,u.s.,u.s.a.,america,美国,vereinigte staaten,états-unis",
    "GB": "united kingdom,uk,great britain,england,scotland,wales,英国,großbritannien,royaume-uni",
    "IE": "ireland,eire,爱尔兰,irland,irlande",
    "DE": "germany,deutschland,allemagne,德国,deu",
    "AT": "austria,österreich,autriche,奥地利",
    "CH": "switzerland,schweiz,suisse,瑞士",
    "FR": "france,frankreich,法国,fra",
    "NL": "netherlands,the netherlands,holland,niederlande,pays-bas,荷兰",
    "BE": "belgium,belgien,belgique,比利时",
    "ES": "spain,spanien,espagne,españa,西班牙",
    "IT": "italy,italien,italie,italia,意大利",
    "PL": "poland,polen,pologne,polska,波兰",
    "JP": "japan,japon,日本",
    "KR": "south korea,korea,südkorea,corée du sud,韩国",
    "SG": "singapore,singapur,singapour,新加坡",
    "MY": "malaysia,马来西亚",
    "TH": "thailand,泰国",
    "AU": "australia,australien,australie,澳大利亚,澳洲",
    "NZ": "new zealand,neuseeland,新西兰",
    "CA": "canada,kanada,加拿大",
    "IN": "india,indien,inde,印度",
    "RU": "russia,russland,russie,俄罗斯",
    "BR": "brazil,brasilien,brésil,巴西",
}
_COUNTRIES: Final = {word: code for code, words in _COUNTRY_WORDS.items() for word in words.split(",")}


def says_nothing(text: str) -> bool:
    """Whether the text is only a way of leaving the answer open.

    >>> says_nothing("n/a"), says_nothing("未知"), says_nothing("no")
    (True, True, False)
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

    >>> read_sex("女士"), read_sex("M"), read_sex("42")
    ('female', 'male', None)
    """
    return _SEXES.get(text.strip().rstrip(".").casefold())


def read_language(text: str) -> str | None:
    """A language tag (BCP 47, small letters), or None.

    >>> read_language("Deutsch"), read_language("zh_CN"), read_language("pt-br")
    ('de', 'zh-hans', 'pt-br')
    """
    word = text.strip().casefold().replace("_", "-")
    shaped = all(part.isascii() and part.isalpha() for part in word.split("-")) and len(word.split("-")[0]) == 2
    return _LANGUAGES.get(word) or (word if shaped and len(word) <= 16 else None)


def read_country(text: str) -> str | None:
    """The country's two letters (ISO 3166), or None.

    >>> read_country("中国"), read_country("de"), read_country("Atlantis")
    ('CN', 'DE', None)
    """
    word = text.strip()
    code = word.upper()
    return code if code in phonenumbers.SUPPORTED_REGIONS else _COUNTRIES.get(word.casefold())


def read_household_size(text: str) -> int | None:
    """How many persons, the least of a span; None when it is no such number.

    >>> read_household_size("5+"), read_household_size("3人"), read_household_size("many")
    (5, 3, None)
    """
    digits = text.strip().rstrip("+人 ").split("-")[0].strip()
    return int(digits) if digits.isdecimal() and 0 < int(digits) <= 99 else None
