"""In which time zone somebody lives, as far as a record tells: by country if it has one, else by the phone's area code;
and in which country a company is at home.

An area code says where a number was first given out, which is where most of its holders still live. Zones are IANA's;
phone regions are those of the `phonenumbers` library's own data.
"""

from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import timezone as phone_zones

#: Countries that keep one civil time, or one that nearly everybody there lives by.
ONE_ZONE: Final = {
    "CN": "Asia/Shanghai", "HK": "Asia/Hong_Kong", "MO": "Asia/Macau", "TW": "Asia/Taipei", "SG": "Asia/Singapore",
    "JP": "Asia/Tokyo", "KR": "Asia/Seoul", "MY": "Asia/Kuala_Lumpur", "TH": "Asia/Bangkok", "VN": "Asia/Ho_Chi_Minh",
    "PH": "Asia/Manila", "IN": "Asia/Kolkata", "AE": "Asia/Dubai", "GB": "Europe/London", "IE": "Europe/Dublin",
    "DE": "Europe/Berlin", "FR": "Europe/Paris", "NL": "Europe/Amsterdam", "BE": "Europe/Brussels",
    "LU": "Europe/Luxembourg", "AT": "Europe/Vienna", "CH": "Europe/Zurich", "IT": "Europe/Rome",
    "PL": "Europe/Warsaw", "CZ": "Europe/Prague", "SK": "Europe/Bratislava", "HU": "Europe/Budapest",
    "DK": "Europe/Copenhagen", "SE": "Europe/Stockholm", "NO": "Europe/Oslo", "FI": "Europe/Helsinki",
    "EE": "Europe/Tallinn", "LV": "Europe/Riga", "LT": "Europe/Vilnius", "RO": "Europe/Bucharest",
    "BG": "Europe/Sofia", "GR": "Europe/Athens", "HR": "Europe/Zagreb", "SI": "Europe/Ljubljana",
    "TR": "Europe/Istanbul", "IL": "Asia/Jerusalem", "ZA": "Africa/Johannesburg", "EG": "Africa/Cairo",
    "NZ": "Pacific/Auckland",
}  # fmt: skip


#: Where the law is one country's, and in which country most live who keep a zone, beside those of ONE_ZONE.
OF_LAW: Final = {"CN": "CN", "US-CA": "US"}
IN_ZONE: Final = {zone: country for country, zone in ONE_ZONE.items()} | {
    "Europe/Madrid": "ES", "Europe/Lisbon": "PT", "Europe/Kyiv": "UA", "Europe/Moscow": "RU", "America/New_York": "US",
    "America/Chicago": "US", "America/Denver": "US", "America/Phoenix": "US", "America/Los_Angeles": "US",
    "America/Toronto": "CA", "America/Vancouver": "CA", "America/Mexico_City": "MX", "America/Sao_Paulo": "BR",
    "America/Argentina/Buenos_Aires": "AR", "America/Santiago": "CL", "America/Bogota": "CO",
    "Australia/Sydney": "AU", "Australia/Melbourne": "AU", "Australia/Brisbane": "AU", "Australia/Perth": "AU",
    "Asia/Jakarta": "ID", "Asia/Urumqi": "CN",
}  # fmt: skip
#: Where neither tells: the country whose money it is; of the euro's the largest.
OF_MONEY: Final = {
    "CNY": "CN", "USD": "US", "GBP": "GB", "JPY": "JP", "HKD": "HK", "TWD": "TW", "SGD": "SG", "EUR": "DE", "CHF": "CH",
    "AUD": "AU", "CAD": "CA", "NZD": "NZ", "KRW": "KR", "INR": "IN",
}  # fmt: skip


def home_of(law: str, zone: str, currency: str) -> str:
    """The country of a company of that law, time zone and money, in which its people write phones without a country's
    code; "" where nothing tells.

    >>> home_of("none", "Europe/Paris", "EUR"), home_of("EU", "UTC", "EUR"), home_of("CN", "UTC", "USD")
    ('FR', 'DE', 'CN')
    """
    return OF_LAW.get(law) or IN_ZONE.get(zone) or OF_MONEY.get(currency, "")


@lru_cache(maxsize=200_000)
def zone_where(country: str, phone: str = "") -> str | None:
    """The IANA zone, or None when neither country nor phone (E.164) tells.

    >>> zone_where("CN"), zone_where("US", "+13035550100"), zone_where("US")
    ('Asia/Shanghai', 'America/Denver', None)
    """
    return ONE_ZONE.get(country) or _zone_of_phone(phone)


def _zone_of_phone(phone: str) -> str | None:
    if not phone.startswith("+"):
        return None
    try:
        zones = phone_zones.time_zones_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return None
    return zones[0] if len(zones) == 1 and zones[0] != "Etc/Unknown" else None
