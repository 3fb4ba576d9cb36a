"""Countries in the words people use for them → ISO 3166."""

from typing import Final

import phonenumbers

from regulars.rules.cleaning.cldr import country_words
from regulars.rules.cleaning.writing import plain_letters

#: What CLDR does not call them: words of the street, and the names in full that stand in lists to choose from.
_OTHER_WORDS: Final = {
    "AE": "uae|emirates",
    "BA": "bosnia",
    "BN": "brunei darussalam",
    "BO": "bolivia, plurinational state of|plurinational state of bolivia",
    "CD": "dr congo|drc|congo, democratic republic of the|democratic republic of the congo",
    "CG": "congo|republic of the congo",
    "CI": "ivory coast",
    "CN": "中国大陆|中华人民共和国|内地|大陆|mainland china|p.r. china|pr china|p.r.c.|prc|people's republic of china",
    "CV": "cape verde",
    "CZ": "czech republic|ceska republika",
    "FM": "micronesia, federated states of|federated states of micronesia",
    "GB": "uk|u.k.|britain|great britain|england|scotland|wales|northern ireland|grossbritannien|gran bretana|英格兰"
    "|united kingdom of great britain and northern ireland",
    "HK": "hong kong|hongkong|hong kong sar|h.k.|香港|香港特别行政区|香港特別行政區|中国香港",
    "IE": "eire|republic of ireland",
    "IR": "iran, islamic republic of|islamic republic of iran",
    "KP": "korea, democratic people's republic of|democratic people's republic of korea",
    "KR": "korea|korea, republic of|republic of korea|korea (south)|korea, south|s. korea|남한",
    "LA": "lao people's democratic republic",
    "MD": "moldova, republic of|republic of moldova",
    "MK": "macedonia",
    "MM": "burma",
    "MO": "macau|macao|macao sar|macau sar|澳门|澳門|澳门特别行政区|澳門特別行政區|中国澳门",
    "NL": "the netherlands|holland",
    "PH": "the philippines",
    "PS": "palestine, state of|state of palestine",
    "RU": "russian federation",
    "SY": "syrian arab republic",
    "SZ": "swaziland",
    "TL": "east timor",
    "TR": "turkey",
    "TW": "臺灣|中国台湾|中國台灣|中华台北|taiwan, province of china|r.o.c.",
    "TZ": "tanzania, united republic of|united republic of tanzania",
    "US": "united states of america|the united states|u.s.|u.s.a.|america",
    "VA": "vatican|holy see",
    "VE": "venezuela, bolivarian republic of|bolivarian republic of venezuela",
    "VN": "viet nam",
}
_COUNTRIES: Final = {plain_letters(name): code for code, names in _OTHER_WORDS.items() for name in names.split("|")}


def read_country(text: str) -> str | None:
    """The country's two letters (ISO 3166), or None.

    >>> read_country("中国"), read_country("de"), read_country("Côte d’Ivoire"), read_country("Atlantis")
    ('CN', 'DE', 'CI', None)
    """
    word = plain_letters(text.strip())
    code = word.upper()
    if code in phonenumbers.SUPPORTED_REGIONS:
        return code
    return _COUNTRIES.get(word) or country_words().get(word)
