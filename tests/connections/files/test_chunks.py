"""No row of a file is lost, none comes twice, and each keeps its number."""

import csv
import io
import re
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.connections.files import CannotRead, Chunk, chunks, delimited, look
from tests.connections.files.workbooks import write_workbook


def file(folder: Path, content: bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(path: Path, **options: int) -> list[Chunk]:
    return list(chunks(path, look(path), **options))


def rows(read_chunks: list[Chunk]) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for chunk in read_chunks for row in chunk.rows.to_pylist()]


def broken(read_chunks: list[Chunk]) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for chunk in read_chunks for row in chunk.broken.to_pylist()]


def test_rows_have_the_number_a_spreadsheet_shows(tmp_path: Path) -> None:
    path = file(tmp_path, b'no,name\n1,Ann\n\n2,"Bob\nthe second"\n,\n3,Cleo\n')
    assert rows(read(path)) == [(2, "1", "Ann"), (4, "2", "Bob\nthe second"), (6, "3", "Cleo")]


def test_rows_of_the_wrong_width_are_set_aside_with_number_and_text(tmp_path: Path) -> None:
    found = read(file(tmp_path, b"no,name,sum\n1,Ann,5\n2,Bob\n3,Cleo,5,6\n4,Dora,7\n"))
    assert [row[0] for row in rows(found)] == [2, 5]
    assert broken(found) == [(3, "wrong_field_count", "2", "2,Bob"), (4, "wrong_field_count", "4", "3,Cleo,5,6")]


def test_headings_said_once_more_are_no_row(tmp_path: Path) -> None:
    """Two files put together; a column without a heading and a heading that stands twice are no hindrance."""
    found = read(file(tmp_path, b"no,name,,no\n1,Ann,x,5\nno,name,,no\n2,Bob,,6\n no , name ,, no \n"))
    assert [row[0] for row in rows(found)] == [2, 4]
    assert [row[:2] for row in broken(found)] == [(3, "headings_again"), (5, "headings_again")]


def test_a_mark_that_is_never_closed_costs_one_line(tmp_path: Path) -> None:
    found = read(file(tmp_path, b'no,name,sum\n1,"Ann,5\n2,Bob,6\n3,"Cleo",7\n4,5" shelf,8\n5,"Dora\nD.",9\n6,"x,1\n'))
    assert rows(found) == [
        (3, "2", "Bob", "6"),
        (4, "3", "Cleo", "7"),
        (5, "4", '5" shelf', "8"),
        (6, "5", "Dora\nD.", "9"),
    ]
    assert broken(found) == [(2, "unclosed_quote", "", '1,"Ann,5'), (7, "unclosed_quote", "", '6,"x,1')]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_line_ends_and_encodings(tmp_path: Path, end: str, encoding: str) -> None:
    path = file(tmp_path, end.join(["订单号|姓名", "1|王芳", "2|丂丄|"[:4], '3|"a""b"']).encode(encoding))
    assert rows(read(path)) == [(2, "1", "王芳"), (3, "2", "丂丄"), (4, "3", 'a"b')]


def test_gb18030_whose_second_byte_is_the_delimiter(tmp_path: Path) -> None:
    character = b"\x81\x7c".decode("gb18030")
    path = file(tmp_path, "\n".join(["no|name", *(f"{i}|王芳{character}" for i in range(40))]).encode("gb18030"))
    assert rows(read(path))[0] == (2, "0", "王芳" + character)


def test_damaged_characters_are_marked_not_fatal(tmp_path: Path) -> None:
    content = ("no,name\n" + "1,王芳\n" * 60).encode() + b"2,\xff\xfe\n3,\xff\n3\xff\n"
    found = read(file(tmp_path, content))
    assert rows(found)[-2:] == [(62, "2", "\ufffd\ufffd"), (63, "3", "\ufffd")]
    assert broken(found) == [(64, "wrong_field_count", "1", "3\ufffd")]


def test_a_line_without_end_is_one_broken_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BLOCK", 1 << 16)
    monkeypatch.setattr(delimited, "LONGEST_RECORD", 1 << 17)
    path = file(tmp_path, b"no,name\n1,Ann\n2," + b"x" * 1_000_000 + b"\n3,Cleo\n")
    found = read(path)
    assert rows(found) == [(2, "1", "Ann"), (4, "3", "Cleo")]
    assert [(row[0], row[1], len(str(row[3]))) for row in broken(found)] == [(3, "line_too_long", 10_000)]


def test_a_million_broken_rows_arrive_as_a_million_broken_rows(tmp_path: Path) -> None:
    path = file(tmp_path, b"a,b,c\n" + b"1,2,3\n" * 1_000 + b"x,y\n" * 1_000_000)
    assert sum(chunk.broken.num_rows for chunk in read(path)) == 1_000_000


def test_an_import_can_go_on_after_any_chunk(tmp_path: Path) -> None:
    lines = [f'{i},"{"x" * (i % 7)}\n{i}"' if i % 5 else f"{i}" for i in range(1_000)]
    path = file(tmp_path, ("no,name\n" + "\n".join(lines)).encode())
    whole = read(path, size=100)
    for stopped in whole[:-1]:
        rest = read(path, size=77, start=stopped.last_row + 1)
        later = [chunk for chunk in whole if chunk.first_row > stopped.last_row]
        assert (rows(rest), broken(rest)) == (rows(later), broken(later))


def test_a_file_that_was_exchanged_is_noticed(tmp_path: Path) -> None:
    path = file(tmp_path, b"a,b\n1,2\n")
    seen = look(path)
    file(tmp_path, b"a,b\n1,2\n3,4\n")
    with pytest.raises(CannotRead) as refusal:
        list(chunks(path, seen))
    assert refusal.value.code == "changed_since_look"


def test_empty_file_has_no_chunks(tmp_path: Path) -> None:
    assert read(file(tmp_path, b"")) == []


def test_spreadsheet_rows_keep_their_numbers(tmp_path: Path) -> None:
    cells = [["no", "name"], [1, "Ann"], [None, None], [2, "Bob"], ["3"]]
    path = write_workbook(tmp_path / "w.xlsx", {"A": cells}, first_row=2)
    assert rows(read(path, size=2)) == [(3, "1", "Ann"), (5, "2", "Bob"), (6, "3", "")]
    assert rows(read(path, start=5)) == [(5, "2", "Bob"), (6, "3", "")]


def test_parquet_rows_from_any_row_on(tmp_path: Path) -> None:
    pq.write_table(pa.table({"no": list(range(1_000))}), tmp_path / "o.parquet", row_group_size=64)
    for start in (1, 64, 65, 500, 1_000, 1_001):
        found = rows(read(tmp_path / "o.parquet", size=50, start=start))
        assert found == [(i, str(i - 1)) for i in range(start, 1_001)]


_CHARACTERS = st.characters(
    exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters="\ufeff\ufffd"
)
CELL = st.text(_CHARACTERS, max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    table=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=30),
    encoding=st.sampled_from(["utf-8", "utf-16", "gb18030"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    block=st.sampled_from([7, 64, 1 << 20]),
)
def test_what_was_written_is_read(table: list[tuple[str, str, str]], encoding: str, delimiter: str, block: int) -> None:
    """Quotes, line ends, emoji, right-to-left and formulas included; block borders fall anywhere."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [("a", "b", "c"), *table]
    )
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "BLOCK", block)
        path = file(Path(folder), written.getvalue().encode(encoding))
        seen = look(path, encoding=encoding, delimiter=delimiter, header_row=1)
        found = [tuple(row)[1:] for row in rows(list(chunks(path, seen, size=5)))]
    assert found == [row for row in table if any(row)]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text('ab",;', max_size=9), max_size=30), st.sampled_from([5, 50, 1 << 20]))
def test_every_line_of_any_text_is_accounted_for(lines: list[str], block: int) -> None:
    """Whatever the quotation marks do, each letter comes out again, in a cell or in a broken row."""
    text = "\n".join(["h1,h2", *lines]) + "\n"
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "BLOCK", block)
        path = file(Path(folder), text.encode())
        found = list(chunks(path, look(path, delimiter=",", header_row=1, encoding="utf-8")))
    letters = "".join(str(cell) for row in [*rows(found), *broken(found)] for cell in row)
    out = len(re.findall("[ab]", re.sub("wrong_field_count|unclosed_quote", "", letters)))
    assert out == len(re.findall("[ab]", "".join(lines)))
