"""Any file goes all the way: looked at, proposed, read, checked; every row ends accepted, refused or broken."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.connections.files import CannotRead, chunks, look
from regulars.rules.intake.checking import check_orders
from regulars.rules.intake.checking_customers import check_customers
from regulars.rules.intake.proposing import propose
from tests.rules.intake.orders import AT

ENGINE = duckdb.connect()
HEADINGS = [
    "order",
    "customer",
    "date",
    "amount",
    "qty",
    "price",
    "discount",
    "currency",
    "time",
    "line",
    "product",
    "name",
]
HEADING = st.sampled_from(
    [*HEADINGS, "phone", "email", "生日", "订单号", "", 'a"b', "a'b", "SELECT", "row_number", "同意营销"]
)
CELLS = [
    "",
    "1",
    "5.00",
    "-5",
    "2026-03-12",
    "03/12/26",
    "A",
    "=1+1",
    "王芳",
    '"',
    'a"b',
    "😀",
    "a\nb",
    "1.234,50",
    "¥5",
    "9:05",
]
CELL = st.sampled_from(
    [*CELLS, "x" * 300, "\x00", "\ufffd", "13800138000", "a@b.co", "\t", "'1", '="12"', "1e+17", "9" * 40, "عمر"]
)
LINE = st.lists(CELL, max_size=9)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(HEADING, min_size=1, max_size=8),
    st.lists(LINE, max_size=25),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "latin-1"]),
    st.sampled_from(["orders", "customers"]),
)
def test_any_file(
    tmp_path: Path, headings: list[str], lines: list[list[str]], mark: str, end: str, encoding: str, kind: str
) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(end.join(mark.join(line) for line in [headings, *lines]).encode(encoding, "replace"))
    try:
        seen = look(path)
    except CannotRead as error:
        assert error.code == "not_a_table"
        return
    said = propose(seen.headers, seen.evidence, source_ref="any", kind=kind).settings
    check = check_orders if kind == "orders" else check_customers
    numbers: list[int] = []
    for chunk in chunks(path, seen, size=5):
        checked = check(chunk.rows, said, at=AT, engine=ENGINE, delimiter=seen.delimiter)
        assert checked.accepted.num_rows + checked.refused.num_rows == chunk.rows.num_rows
        numbers += [*chunk.rows["row_number"].to_pylist(), *chunk.broken["row_number"].to_pylist()]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(
    "content", [b"", b"\n\n\n", b"\xef\xbb\xbf", b"amount", b"=1+1\n=2+2\n", b",,,\n,,,\n", b"\xff\xfe"]
)
def test_files_with_next_to_nothing_in_them(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "nothing.csv"
    path.write_bytes(content)
    seen = look(path)
    proposal = propose(seen.headers, seen.evidence, source_ref="any", kind="orders")
    assert {question.code for question in proposal.questions} == {"meaning_missing"}
    for chunk in chunks(path, seen):
        assert check_orders(chunk.rows, proposal.settings, at=AT, engine=ENGINE).accepted.num_rows == 0
