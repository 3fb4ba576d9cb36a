"""Order rows: typed or set aside with a reason, never lost."""

import datetime as dt
import uuid
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from regulars.rules.intake.checking import CheckedLines, check_orders, remember_lines
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.line_keys import SeenLines, line_key, order_key, unnumbered_line_key
from tests.rules.intake.orders import AT, COLUMNS, chunk, order, settings

ENGINE = duckdb.connect()


def check(
    *rows: dict[str, str], said: ImportSettings | None = None, seen: SeenLines | None = None, first: int = 2
) -> CheckedLines:
    return check_orders(chunk(*rows, first=first), said or settings(), at=AT, seen=seen, engine=ENGINE)


def accepted(*rows: dict[str, str], **options: Any) -> list[dict[str, Any]]:
    checked = check(*rows, **options)
    assert checked.refused.to_pylist() == []
    return checked.accepted.to_pylist()  # type: ignore[no-any-return]


def reason(*rows: dict[str, str], **options: Any) -> tuple[str, str, str]:
    """Reason, column and value of the last row, the only one refused."""
    (refused,) = check(*rows, **options).refused.to_pylist()
    return refused["reason"], refused["column"], refused["value"]


def test_anns_order_line() -> None:
    (line,) = accepted(order(pieces="2", paid="1,234.50", order=" 1001 "))
    assert line["ordered_at"] == dt.datetime(2026, 3, 12, 1, 5, tzinfo=dt.UTC)
    assert (line["ordered_on"], line["row_number"]) == (dt.date(2026, 3, 12), 2)
    assert (line["quantity_milli"], line["amount_minor"], line["currency"]) == (2_000, 123_450, "CNY")
    assert (line["order_ref"], line["customer_ref"], line["product_ref"]) == ("1001", "ANN", "TEA")


def test_keys_are_those_anybody_can_compute() -> None:
    (line,) = accepted(order())
    assert line["order_key"] == order_key("till", "1001")
    assert line["line_key"] == line_key("till", "1001", "1")
    assert uuid.UUID(bytes=line["line_key"])
    first, second, back = accepted(order(), order(), order(paid="-5"), said=settings(["line_ref"]))
    assert first["line_key"] == unnumbered_line_key("till", "1001", "TEA", 1)
    assert second["line_key"] == unnumbered_line_key("till", "1001", "TEA", 2)
    assert back["line_key"] == unnumbered_line_key("till", "1001", "TEA", 1, returned=True)


@pytest.mark.parametrize(
    ("cells", "reason_column_value"),
    [
        ({"order": " "}, ("missing_order", "order", " ")),
        ({"card": ""}, ("missing_customer", "card", "")),
        ({"at": ""}, ("missing_date", "at", "")),
        ({"paid": ""}, ("missing_amount", "paid", "")),
        ({"at": "soon"}, ("not_a_date", "at", "soon")),
        ({"at": "1969-12-31"}, ("date_before_1970", "at", "1969-12-31")),
        ({"at": "2026-11-24"}, ("date_in_future", "at", "2026-11-24")),
        ({"paid": "1,23"}, ("not_a_number", "paid", "1,23")),
        ({"paid": "=B2*C2"}, ("not_a_number", "paid", "=B2*C2")),
        ({"pieces": "two"}, ("not_a_number", "pieces", "two")),
        ({"paid": "99999999999999999999"}, ("amount_too_large", "paid", "99999999999999999999")),
        ({"paid": "10000000000.01"}, ("amount_too_large", "paid", "10000000000.01")),
        ({"paid": "12345678901234"}, ("amount_too_large", "paid", "12345678901234")),
        ({"paid": "12,345,678,901,234,567"}, ("amount_too_large", "paid", "12,345,678,901,234,567")),
        ({"pieces": "99999999999999"}, ("quantity_too_large", "pieces", "99999999999999")),
        ({"pieces": "1000000001"}, ("quantity_too_large", "pieces", "1000000001")),
        ({"paid": "5 €"}, ("other_currency", "paid", "5 €")),
        ({"order": "1.23457E+17"}, ("shortened_number", "order", "1.23457E+17")),
        ({"order": "10\x0001"}, ("control_characters", "order", "10\x0001")),
        ({"card": "A\ufffd"}, ("undecodable", "card", "A\ufffd")),
        ({"card": "A" * 201}, ("text_too_long", "card", "A" * 201)),
    ],
)
def test_reasons(cells: dict[str, str], reason_column_value: tuple[str, str, str]) -> None:
    assert reason(order(**cells)) == reason_column_value


def test_a_refused_row_can_be_brought_again() -> None:
    checked = check_orders(chunk(order(paid='"x";1', product="a\nb")), settings(), at=AT, delimiter=";", engine=ENGINE)
    assert checked.refused["raw"].to_pylist() == ['1001;1;ANN;2026-03-12 09:05;"a\nb";1;"""x"";1"']


def test_goods_that_come_back_are_negative_whichever_cell_says_so() -> None:
    lines = accepted(order(line="1", paid="-5"), order(line="2", pieces="-1"), order(line="3", paid="-5", pieces="-1"))
    assert [line["amount_minor"] for line in lines] == [-500, -500, -500]


def test_price_times_quantity_less_discount_when_there_is_no_amount() -> None:
    said = settings(["amount"], more={"unit_price": "price", "discount": "off"})
    rows = [order(pieces="3", price="0.335", off="0.10"), order(line="2", pieces="-2", price="4", off="1")]
    assert [line["amount_minor"] for line in accepted(*rows, said=said)] == [91, -700]


def test_currencies_have_their_own_digits() -> None:
    said = settings(more={"currency": "money"})
    rows = [order(line=str(i), paid="1234", money=money) for i, money in enumerate(["", "JPY", "kwd", "元", "€"])]
    found = [(line["currency"], line["amount_minor"]) for line in accepted(*rows, said=said)]
    assert found == [("CNY", 123400), ("JPY", 1234), ("KWD", 1234000), ("CNY", 123400), ("EUR", 123400)]
    assert reason(order(money="XXX"), said=said) == ("unknown_currency", "money", "XXX")


def test_day_and_time_in_two_columns() -> None:
    said = settings(more={"ordered_time": "clock"})
    clocks = ["09:05", "905", "0905", "090500", ""]
    rows = [order(line=str(i), at="2026/3/12", clock=clock) for i, clock in enumerate(clocks)]
    assert [line["ordered_at"].hour for line in accepted(*rows, said=said)] == [1, 1, 1, 1, 16]


def test_local_times_in_the_hours_that_clocks_skip_and_repeat() -> None:
    rows = [order(line="1", at="2026-03-29 02:30"), order(line="2", at="2026-10-25 02:30")]
    lines = accepted(*rows, said=settings(zone="Europe/Berlin"))
    assert [line["ordered_at"].isoformat()[11:16] for line in lines] == ["01:30", "01:30"]


def test_numbers_protected_from_spreadsheets_are_freed() -> None:
    (line,) = accepted(order(order='="0012345678901234567"', card="'138", product="\tTEA"))
    assert (line["order_ref"], line["customer_ref"], line["product_ref"]) == ("0012345678901234567", "138", "TEA")


@pytest.mark.parametrize(
    "name",
    [
        "Robert'); DROP TABLE customer;--",
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "👩‍👩‍👧‍👦",
        "مرحبا",
        "\u202eevil",
    ],
)
def test_wild_texts_are_kept_as_they_are(name: str) -> None:
    (line,) = accepted(order(product=name))
    assert line["product_ref"] == name


def test_ten_thousand_characters_are_a_text_one_more_is_not() -> None:
    said = settings(more={"product_name": "name"})
    (line,) = accepted(order(name="茶" * 10_000), said=said)
    assert len(line["product_name"]) == 10_000
    assert reason(order(name="茶" * 10_001), said=said)[0] == "text_too_long"


def test_line_breaks_inside_a_text_become_spaces() -> None:
    (line,) = accepted(order(name="green\r\ntea"), said=settings(more={"product_name": "name"}))
    assert line["product_name"] == "green tea"


def test_without_order_numbers_a_customers_lines_of_one_moment_are_an_order() -> None:
    lines = accepted(
        order(at="2026-03-12"), order(at="2026-03-12"), order(at="2026-03-13"), said=settings(["order_ref", "line_ref"])
    )
    assert [line["order_ref"] for line in lines] == ["ANN@2026-03-12", "ANN@2026-03-12", "ANN@2026-03-13"]
    assert len({line["line_key"] for line in lines}) == 3


def test_numbers_that_begin_again_each_day_and_branch() -> None:
    said = settings(order_within=("day", "branch"), more={"branch_ref": "shop"})
    lines = accepted(order(shop="N"), order(shop="S"), order(shop="N", at="2026-03-13"), said=said)
    assert [line["order_ref"] for line in lines] == ["1001@2026-03-12@N", "1001@2026-03-12@S", "1001@2026-03-13@N"]


def test_a_line_number_that_comes_twice_is_a_duplicate_also_in_a_later_chunk() -> None:
    checked = check(order(), order(), order(line="2"))
    assert [(r["row_number"], r["reason"]) for r in checked.refused.to_pylist()] == [(3, "duplicate_line")]
    later = check(order(line="2"), order(line="3"), seen=checked.seen, first=5)
    assert [(r["row_number"], r["value"]) for r in later.refused.to_pylist()] == [(5, "2")]


def test_a_corrected_file_finds_its_lines_again() -> None:
    said = settings(["line_ref"])
    before = check(order(paid="x"), order(), order(product="CUP"), said=said)
    after = check(order(paid="4"), order(paid="6", card="BOB", at="2026-03-13"), order(product="CUP"), said=said)
    assert after.accepted["line_key"].to_pylist()[1:] == before.accepted["line_key"].to_pylist()


def test_an_empty_chunk_and_a_mapping_to_columns_that_are_not_there() -> None:
    empty = check(said=settings())
    assert (empty.accepted.num_rows, empty.refused.num_rows) == (0, 0)
    assert (
        reason({"order": "1", "line": "1", "card": "A", "at": "2026-03-12", "product": "T", "pieces": "1"})[0]
        == "missing_amount"
    )


def test_headings_may_be_anything() -> None:
    odd = {"order_ref": 'a"b', "customer_ref": "row", "ordered_at": "SELECT", "amount": "金额 (元)'; --"}
    (line,) = accepted(
        dict(zip(odd.values(), ["1", "A", "2026-03-12", "5"], strict=True)), said=settings(COLUMNS, more=odd)
    )
    assert (line["order_ref"], line["amount_minor"]) == ("1", 500)


def test_a_million_bad_rows_are_a_million_reasons() -> None:
    import pyarrow as pa

    count = 1_000_000
    columns = {header: pa.repeat(pa.scalar("?"), count) for header in COLUMNS.values()}
    checked = check_orders(
        pa.table({"row_number": pa.array(range(count)), **columns}), settings(), at=AT, engine=ENGINE
    )
    assert (checked.accepted.num_rows, checked.refused.num_rows) == (0, count)


WILD = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "1", "5.00", "-5", "2026-03-12", "12.03.2026", "03/12/26", "A", "=1+1", "１２", "9" * 30]),
    st.integers().map(str),
    st.integers(-(10**16), 10**16).map(str),
    st.integers(-(10**17), 10**17).map("{:,}".format),
    st.floats().map(str),
    st.dates().map(str),
)  # fmt: skip
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS.values(), WILD)), max_size=25)


@runs(max_examples=80, deadline=None)
@given(
    ROWS,
    st.sampled_from([(), ("line_ref",), ("line_ref", "order_ref"), ("quantity",), ("amount",)]),
    st.sampled_from(".,"),
)
def test_accepted_and_refused_together_are_all_rows(
    rows: list[dict[str, str]], without: tuple[str, ...], mark: str
) -> None:
    priced = {"unit_price": "paid", "discount": "product"} if "amount" in without else {"currency": "product"}
    checked = check(*rows, said=settings(without, decimal_mark=mark, more=priced))
    numbers = [*checked.accepted["row_number"].to_pylist(), *checked.refused["row_number"].to_pylist()]
    assert sorted(numbers) == list(range(2, len(rows) + 2))
    assert all(line["reason"] for line in checked.refused.to_pylist())


LINES = st.lists(
    st.tuples(st.sampled_from("12"), st.sampled_from("TC"), st.sampled_from(["5", "-5", "x"])), min_size=1, max_size=30
)


@runs(max_examples=60, deadline=None)
@given(LINES, st.integers(1, 29), st.booleans())
def test_keys_do_not_depend_on_where_a_chunk_ends(lines: list[tuple[str, str, str]], cut: int, numbered: bool) -> None:
    rows = [order(order=o, product=p, paid=paid, line=p) for o, p, paid in lines]
    said = settings(() if numbered else ("line_ref",))
    whole = check(*rows, said=said)
    first = check(*rows[:cut], said=said) if rows[:cut] else check(said=said)
    remembered = remember_lines(chunk(*rows[:cut]), said, at=AT, engine=ENGINE)
    rest = check(*rows[cut:], said=said, seen=remembered, first=2 + cut)
    together = first.accepted.to_pylist() + rest.accepted.to_pylist()
    assert together == whole.accepted.to_pylist()
    assert len({line["line_key"] for line in together}) == len(together)


@runs(max_examples=60, deadline=None)
@given(LINES, st.randoms())
def test_the_same_lines_in_another_order_have_the_same_keys(lines: list[tuple[str, str, str]], random: Any) -> None:
    rows = [order(order=o, product=p, paid=paid) for o, p, paid in lines if paid != "x"]
    mixed = random.sample(rows, len(rows))
    keys = [set(check(*some, said=settings(["line_ref"])).accepted["line_key"].to_pylist()) for some in (rows, mixed)]
    assert keys[0] == keys[1]
