"""Amounts as people write them; never a wrong number instead of none."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.rules.intake.money import bare_sql, decimal_mark_of, number_sql, plain_sql

ENGINE = duckdb.connect()


def read(values: Sequence[str], mark: str = ".", digits: int = 2) -> list[int | None]:
    query = f"""
        SELECT {number_sql("value", "plain", "bare", mark, digits)}
          FROM (SELECT value, plain, CASE WHEN NOT plain THEN {bare_sql("value")} END AS bare
                  FROM (SELECT value, {plain_sql("value", mark)} AS plain FROM (SELECT unnest(?) AS value)))"""
    return [row[0] for row in ENGINE.execute(query, [list(values)]).fetchall()]


@pytest.mark.parametrize(
    ("written", "mark", "minor"),
    [
        ("1,234.50", ".", 123450),
        ("1.234,50", ",", 123450),
        ("¥1,234", ".", 123400),
        ("￥1,234.00", ".", 123400),
        ("(12.00)", ".", -1200),
        ("-12,00 €", ",", -1200),
        ("12,00-", ",", -1200),
        ("1234元", ".", 123400),
        ("1.2万", ".", 1_200_000),
        ("1'234.50", ".", 123450),
        ("1 234,50", ",", 123450),
        ("−5", ".", -500),
        ("５０．５", ".", 5050),
        ("$-5", ".", -500),
        ("USD 5.5", ".", 550),
        (".5", ".", 50),
        ("5.", ".", 500),
        ("12,34,567.89", ".", 123456789),
        ("12.345", ".", 1235),
        ("-12.345", ".", -1235),
    ],
)
def test_ways_to_write_an_amount(written: str, mark: str, minor: int) -> None:
    assert read([written], mark) == [minor]


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        *(
            (value, ".")
            for value in ("1,23", "1.234,50", "1e3", "--5", "(5", "12.3.4", "abc", "NaN", "0x10", "=A1*2", "-", "")
        ),
        *((value, ",") for value in ("1234.5", "0.005", "1,234,5")),
    ],
)
def test_what_is_not_certainly_one_number_is_none(written: str, mark: str) -> None:
    assert read([written], mark) == [None]


def test_digits_are_the_currencys() -> None:
    assert read(["1234.5"], digits=0) == [1235]
    assert read(["1234.5"], digits=3) == [1_234_500]


def test_the_column_settles_the_decimal_mark() -> None:
    assert decimal_mark_of(["12,5", "1.234"]) == (",", True)
    assert decimal_mark_of(["1,234.5"]) == (".", True)
    assert decimal_mark_of(["1.234.567"]) == (",", True)
    assert decimal_mark_of(["1,234", "2,500"]) == (".", False)
    assert decimal_mark_of(["1,5", "1.5"])[1] is False


WRITTEN = ("{:f}", "{:,.2f}", "¥{:,.2f}", "{:.2f}元", "CNY {:,.2f}")
AMOUNTS = st.decimals(Decimal(-9999999999), Decimal(9999999999), places=2)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(AMOUNTS, min_size=1, max_size=30),
    st.sampled_from(["{:f}", "{:,.2f}", "¥{:,.2f}", "{:.2f}元", "CNY {:,.2f}"]),
)
def test_every_way_reads_back_what_it_wrote(amounts: list[Decimal], written: str) -> None:
    minor = [int(amount * 100) for amount in amounts]
    assert read([written.format(amount) for amount in amounts]) == minor
    swapped = [written.format(amount).translate(str.maketrans(".,", ",.")) for amount in amounts]
    assert read(swapped, ",") == minor


@settings(max_examples=50, deadline=None)
@given(st.decimals(Decimal(-99999), Decimal(99999), places=5))
def test_halves_are_rounded_away_from_zero(amount: Decimal) -> None:
    assert read([f"{amount:f}"]) == [int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))]
