"""Countries in the words people use for them → ISO 3166."""

from typing import Final

import phonenumbers

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


def read_country(text: str) -> str | None:
    """The country's two letters (ISO 3166), or None.

    >>> read_country("中国"), read_country("de"), read_country("Atlantis")
    ('CN', 'DE', None)
    """
    word = text.strip()
    code = word.upper()
    return code if code in phonenumbers.SUPPORTED_REGIONS else _COUNTRIES.get(word.casefold())
