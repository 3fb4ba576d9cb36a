"""Countries in the words of files from anywhere."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.cleaning.cldr import country_words, language_words
from regulars.rules.cleaning.countries import read_country
from regulars.rules.intake.answers import read_language


@pytest.mark.parametrize(
    ("said", "country"),
    [
        ("Portugal", "PT"), ("Sverige", "SE"), ("España", "ES"), ("ESPANA", "ES"), ("México", "MX"), ("Turkey", "TR"),
        ("Korea, Republic of", "KR"), ("Russian Federation", "RU"), ("Viet Nam", "VN"), ("UK", "GB"), ("DEU", "DE"),
        ("香港", "HK"), ("香港特別行政區", "HK"), ("臺灣", "TW"), ("墨西哥", "MX"), ("Россия", "RU"), ("日本", "JP"),
        ("DR Congo", "CD"), ("Congo", "CG"), ("Niger", "NE"), ("Georgia", "GE"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_what_it_is_called(said: str, country: str) -> None:
    assert read_country(said) == country
    assert read_country(f"  {said.swapcase()} ") == country


@pytest.mark.parametrize("said", ["", "Atlantis", "perhaps", "86", "276", "Europe", "World", "Bavaria", "XX"])
def test_what_is_no_country_is_none(said: str) -> None:
    assert read_country(said) is None


@pytest.mark.parametrize("spoken", ["en", "zh", "zh_Hant", "de", "fr", "es", "it", "pt", "ru", "ja"])
def test_every_country_is_known_in_every_language(spoken: str) -> None:
    """But for the two Congos, which some languages call by one name."""
    names = {code: name for code, name in Locale.parse(spoken).territories.items() if len(code) == 2}
    told = {code: read_country(name) for code, name in names.items() if read_country(code) and code != "UK"}
    assert {code for code, found in told.items() if found != code} <= {"CG", "CD"}


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("Portuguese", "pt"), ("Nederlands", "nl"), ("zho", "zh-hans"), ("ger", "de"), ("繁體中文", "zh-hant"),
        ("Cantonese", "yue"), ("русский", "ru"), ("English (UK)", "en"), ("pt_BR", "pt-br"), ("Swiss German", "gsw"),
        ("perhaps", None), ("", None), ("42", None),
    ],
)  # fmt: skip
def test_a_language_is_known_by_what_it_is_called(said: str, tag: str | None) -> None:
    assert read_language(said) == tag


@given(st.text(max_size=40))
def test_whatever_is_said_gives_a_code_or_nothing(text: str) -> None:
    country, language = read_country(text), read_language(text)
    assert country is None or (len(country) == 2 and country.isupper())
    assert language is None or 2 <= len(language) <= 16


def test_all_that_is_known_has_a_code() -> None:
    assert all(len(code) == 2 and code.isupper() for code in country_words().values())
    assert max(map(len, language_words().values())) <= 16
