"""Whose law a customer's data is under, by where she lives."""

from typing import Final

# The GDPR holds in the European Economic Area; the United Kingdom kept it as the UK GDPR.
GDPR: Final = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB".split()
)
CALIFORNIA: Final = frozenset({"ca", "california", "calif.", "加州", "加利福尼亚", "加利福尼亚州"})


def jurisdiction_of(country: str, region: str = "") -> str:
    """The jurisdiction of a country (ISO 3166, two letters) and region; "none" where we know no defaults.

    >>> jurisdiction_of("CN"), jurisdiction_of("DE"), jurisdiction_of("US", "California"), jurisdiction_of("US")
    ('CN', 'EU', 'US-CA', 'none')
    """
    if country in GDPR:
        return "EU"
    if country == "US" and region.strip().casefold() in CALIFORNIA:
        return "US-CA"
    return "CN" if country == "CN" else "none"
