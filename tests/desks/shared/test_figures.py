"""Figures and money as both languages write them."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.desks.shared import figures, parts

amounts = st.integers(min_value=-(10**15), max_value=10**15)


@pytest.mark.parametrize("module", [figures, parts])
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    tried = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)  # type: ignore[arg-type]
    assert tried.attempted > 0
    assert tried.failed == 0


@pytest.mark.parametrize(
    ("minor", "currency", "exact", "whole"),
    [
        (368_000, "CNY", "¥3,680", "¥3,680"),
        (240, "CNY", "¥2.40", "¥2"),
        (-26_490_000, "USD", "−$264,900", "−$264,900"),
        (-49, "USD", "−$0.49", "$0"),
        (0, "EUR", "€0", "€0"),
        (500, "JPY", "JP¥500", "JP¥500"),
        (12_345, "PLN", "PLN 123.45", "PLN 123"),
        (None, "CNY", "–", "–"),
    ],
)
def test_money_is_written_with_its_sign_and_a_true_minus(minor: int, currency: str, exact: str, whole: str) -> None:
    assert figures.money(minor, currency) == exact
    assert figures.money_whole(minor, currency) == whole


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (950, "950", "950"),
        (1_000, "1k", "1,000"),
        (9_999, "10k", "1万"),
        (12_600, "12.6k", "1.3万"),
        (999_900, "1M", "100万"),
        (1_914_000, "1.9M", "191万"),
        (19_140_000, "19.1M", "1,914万"),
        (123_456_789, "123M", "1.2亿"),
        (2_500_000_000, "2.5bn", "25亿"),
        (-12_600, "−12.6k", "−1.3万"),
    ],
)
def test_long_figures_are_shortened_as_each_language_counts(amount: int, english: str, chinese: str) -> None:
    assert figures.short(amount, "en") == english
    assert figures.short(amount, "zh-hans") == chinese


@given(amounts)
def test_exact_money_says_every_cent_and_nothing_else(minor: int) -> None:
    written = figures.money_exact(minor, "CNY")
    read = Decimal(written.replace("−", "-").replace("¥", "").replace(",", ""))
    assert read * 100 == minor


@given(amounts, st.sampled_from(["en", "zh-hans"]))
def test_short_figures_are_short_and_within_five_percent(amount: int, language: str) -> None:
    written = figures.short(amount, language)
    assert len(written.strip("−")) <= 12
    units = {"k": 10**3, "M": 10**6, "bn": 10**9, "万": 10**4, "亿": 10**8}
    unit = next((size for sign, size in units.items() if written.endswith(sign)), 1)
    read = Decimal(written.replace("−", "-").rstrip("kMbn万亿").replace(",", "")) * unit
    assert abs(read - amount) <= max(abs(amount) * Decimal("0.05"), Decimal("0.5"))


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_nothing_is_ever_minus_nought(value: float) -> None:
    assert figures.number(value) != "−0"
    assert figures.signed(value) not in {"+0", "−0"}


def test_a_small_share_is_never_shown_as_none() -> None:
    assert figures.percent(0.0001) == "<0.1%"
    assert figures.percent(0) == "0%"
    assert figures.percent(-0.034) == "−3.4%"
