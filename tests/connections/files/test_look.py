"""What a look finds out about the files people bring."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.connections.files import CannotRead, chunks, look
from tests.connections.files.workbooks import Day, Formula, write_workbook

DAYS = pa.array(["2026-03-01", "2026-03-02", "2026-03-03"]).cast(pa.timestamp("s"))
CHINESE = "订单号,会员号,姓名,金额\n1001,M1,王芳,1234.50\n1002,M2,欧阳娜娜,88\n"
GERMAN = "Bestellung;Kunde;Betrag\n1;Jürgen Groß;12,50\n2;Käthe Müller;3,10\n"


def file(folder: Path, content: bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def codes(path: Path) -> list[str]:
    return [problem.code for problem in look(path).problems]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_chinese_in_every_encoding_people_save(tmp_path: Path, encoding: str, found: str) -> None:
    seen = look(file(tmp_path, CHINESE.encode(encoding)))
    assert (seen.encoding, seen.headers) == (found, ("订单号", "会员号", "姓名", "金额"))
    assert seen.sample[1] == ("1002", "M2", "欧阳娜娜", "88")


HONG_KONG = "會員編號,姓名,地址\n1,陳大文,香港九龍旺角彌敦道123號\n2,黃小明,新界沙田正街5號\n"
JAPANESE = "会員番号,氏名,住所\n1,田中太郎,東京都渋谷区\n2,佐藤みさき,大阪府大阪市\n3,スズキ,北海道\n"
KOREAN = "회원번호,이름,주소\n1,김철수,서울특별시 강남구\n2,이영희,부산광역시\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (HONG_KONG, "big5", "big5"),
        (HONG_KONG, "cp950", "big5"),
        (HONG_KONG.replace("旺角", "𨋢"), "big5hkscs", "big5hkscs"),
        (HONG_KONG, "gbk", "gb18030"),
        (JAPANESE, "shift_jis", "shift_jis"),
        (JAPANESE.replace("大阪府", "①"), "cp932", "cp932"),
        (JAPANESE, "euc_jp", "euc_jp"),
        (JAPANESE.replace("みさき", "美咲").replace("スズキ", "鈴木"), "shift_jis", "shift_jis"),
        (JAPANESE, "gb18030", "gb18030"),
        (KOREAN, "euc_kr", "euc_kr"),
        (KOREAN.replace("김철수", "똠방각하"), "cp949", "cp949"),
        ("no,name,sex\n1,Ann,女\n2,Bob,男\n", "gb18030", "gb18030"),
        ("no,name,sex\n1,Ann,女\n2,Bob,男\n", "big5", "big5"),
    ],
)  # fmt: skip
def test_the_encodings_of_asia_are_told_apart_and_said_to_be_likely(
    tmp_path: Path, text: str, encoding: str, found: str
) -> None:
    path = file(tmp_path, text.encode(encoding))
    seen = look(path)
    assert (seen.encoding, seen.headers) == (found, tuple(text.splitlines()[0].split(",")))
    assert seen.sample[0] == tuple(text.splitlines()[1].split(","))
    assert ("encoding_guessed", {"encoding": found}) in [(one.code, one.values) for one in seen.problems]
    [part] = chunks(path, seen)
    assert part.rows.column(2).to_pylist() == [line.split(",")[1] for line in text.splitlines()[1:]]


@pytest.mark.parametrize(
    "text",
    ["Åsa\nÄRZTE\nÅke\nÖrjan\n", "Bob’s\nRenée\nÉTÉ\nFrançois\n", "SÃO JOÃO\nAÇÃO\nINFORMAÇÕES\n", "AÑO\nSEÑOR\n"],
)
def test_accents_are_no_characters_of_asia(tmp_path: Path, text: str) -> None:
    assert look(file(tmp_path, b"no;name\n" + text.encode("cp1252"))).encoding == "cp1252"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_latin_1_is_the_last_resort_and_is_said_so(tmp_path: Path, encoding: str) -> None:
    path = file(tmp_path, GERMAN.encode(encoding))
    assert look(path).sample[0] == ("1", "Jürgen Groß", "12,50")
    assert "encoding_guessed" in codes(path)


def test_an_encoding_given_by_hand_is_taken(tmp_path: Path) -> None:
    path = file(tmp_path, CHINESE.encode("big5", "replace"))
    assert look(path, encoding="big5").encoding == "big5"
    assert look(file(tmp_path, CHINESE.encode("gbk")), encoding="GBK").encoding == "gb18030"
    with pytest.raises(CannotRead) as refusal:
        look(path, encoding="klingon")
    assert refusal.value.code == "encoding_unknown"


def test_chinese_that_comes_late_in_a_large_file_is_still_noticed(tmp_path: Path) -> None:
    lines = b"order,name,amount\n" + b"1001,Ann,12.50\n" * 200_000 + "1002,王芳,3.00\n".encode("gb18030") * 20
    assert look(file(tmp_path, lines)).encoding == "gb18030"


def test_a_few_damaged_characters_do_not_turn_utf8_into_latin_1(tmp_path: Path) -> None:
    path = file(tmp_path, ("no,name\n" + "1,王芳\n" * 100).encode() + b"2,\xff\xfe\n")
    assert look(path).encoding == "utf-8"
    assert "undecodable" in codes(path)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, mark: str) -> None:
    seen = look(file(tmp_path, GERMAN.replace(",", "." if mark == "," else ",").replace(";", mark).encode()))
    assert (seen.delimiter, len(seen.headers)) == (mark, 3)


def test_headings_that_come_again_are_headings_still_where_numbers_stand_below(tmp_path: Path) -> None:
    table = b"no,name,sum\n1,Ann,5\n2,Bob,6\nno,name,sum\n3,Cleo,7\n"
    assert look(file(tmp_path, table)).headers == ("no", "name", "sum")
    assert look(file(tmp_path, b"no,name,sum\n" + table)).header_row == 1


def test_a_mark_that_is_never_closed_hides_no_rows(tmp_path: Path) -> None:
    seen = look(file(tmp_path, b'no,name,sum\n1,"Ann,5\n' + b"".join(b"%d,Bob,6\n" % n for n in range(2, 60))))
    assert (seen.headers, len(seen.evidence), "only_header" in codes(tmp_path / seen.name)) == (
        ("no", "name", "sum"),
        58,
        False,
    )


def test_a_decimal_comma_is_no_delimiter_even_without_headers(tmp_path: Path) -> None:
    assert look(file(tmp_path, b"1;2,50\n2;3,10\n3;0,99\n")).delimiter == ";"


def test_excel_can_name_the_delimiter(tmp_path: Path) -> None:
    seen = look(file(tmp_path, b"sep=|\r\nno|sum\r\n1|2\r\n"))
    assert (seen.delimiter, seen.headers, seen.header_row, seen.sample) == ("|", ("no", "sum"), 2, (("1", "2"),))


def test_empty_file(tmp_path: Path) -> None:
    path = file(tmp_path, b"")
    assert (look(path).headers, look(path).rows, codes(path)) == ((), 0, ["empty"])
    assert codes(file(tmp_path, b"\xef\xbb\xbf\r\n\r\n")) == ["empty"]


def test_headings_without_rows(tmp_path: Path) -> None:
    path = file(tmp_path, b"order,customer,amount\n")
    assert (look(path).headers, codes(path)) == (("order", "customer", "amount"), ["only_header"])


def test_one_column(tmp_path: Path) -> None:
    path = file(tmp_path, b"name\nAnn\nBob\n")
    assert (look(path).headers, look(path).rows, codes(path)) == (("name",), 2, ["one_column"])


def test_data_from_the_first_row_on_gets_numbered_columns(tmp_path: Path) -> None:
    path = file(tmp_path, b"1001,Ann,12.50\n1002,Bob,3.00\n")
    assert (look(path).headers, look(path).header_row) == (("Column 1", "Column 2", "Column 3"), 0)
    assert look(path).rows == 2
    assert "no_header" in codes(path)


@pytest.mark.parametrize("wish", [None, 0])
def test_words_from_the_first_row_on_are_headings_unless_somebody_says_there_are_none(
    tmp_path: Path, wish: int | None
) -> None:
    path = file(tmp_path, b"Ann,Archer,tea\nBob,Baker,coffee\n")
    seen = look(path, header_row=wish)
    assert (seen.headers[0], seen.header_row, seen.rows) == (("Ann", 1, 1) if wish is None else ("Column 1", 0, 2))
    read = [row for chunk in chunks(path, seen) for row in chunk.rows.to_pylist()]
    assert [row["row_number"] for row in read] == ([2] if wish is None else [1, 2])


def test_titles_above_the_headings_are_stepped_over(tmp_path: Path) -> None:
    path = file(tmp_path, "订单导出,,\n2026-03,,\n\n订单号,会员号,金额\n1,M1,5\n".encode())
    assert (look(path).headers, look(path).header_row) == (("订单号", "会员号", "金额"), 4)
    assert "title_rows" in codes(path)


def test_headings_are_made_unique(tmp_path: Path) -> None:
    path = file(tmp_path, b"row_number,sum,,SUM\na,b,c,d\ne,f,g,h\n")
    assert look(path).headers == ("row_number (2)", "sum", "Column 3", "SUM (2)")
    assert {"same_header_twice", "header_missing"} <= set(codes(path))


def test_formulas_saved_as_text_and_cells_without_measure_are_pointed_out(tmp_path: Path) -> None:
    rows = b"no,sum,note\n1,=A2*2,x\n2,=A3*2," + b"y" * 10_001 + b"\n"
    problems = {problem.code: problem.values for problem in look(file(tmp_path, rows)).problems}
    assert problems == {"formulas": {"columns": ["sum"]}, "too_large_cell": {"columns": ["note"]}}


def test_evidence_reaches_into_the_middle_and_the_end(tmp_path: Path) -> None:
    lines = "".join(f"{i},2026-03-{1 + i // 5_000:02d}\n" for i in range(140_000))
    seen = look(file(tmp_path, ("no,day\n" + lines).encode()))
    assert {row[1] for row in seen.evidence} >= {"2026-03-01", "2026-03-28"}
    assert seen.rows == 140_000


def test_the_digest_is_the_files_own(tmp_path: Path) -> None:
    import hashlib

    path = file(tmp_path, CHINESE.encode())
    assert look(path).digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x1f\x8b\x08" + bytes(50), "compressed"),
        (b"%PDF-1.7 ...", "document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "picture"),
        (bytes(range(256)) * 8, "not_a_table"),
        (b"PK\x03\x04 half a file", "damaged"),
        (b"PAR1 half a file", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(CannotRead) as refusal:
        look(file(tmp_path, content))
    assert refusal.value.code == code


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "nothing.csv", "not_there"), (tmp_path, "is_a_folder")):
        with pytest.raises(CannotRead) as refusal:
            look(path)
        assert refusal.value.code == code


def test_a_workbook_with_formulas_dates_and_several_sheets(tmp_path: Path) -> None:
    orders = [["no", "sum", "at"], ["1", Formula("B1*2", "24.5"), Day(46093)], [2, 0.1 + 0.2, Day(46093.5)]]
    seen = look(write_workbook(tmp_path / "w.xlsx", {"空": [], "März & co": orders, "notes": [["x"]]}, first_row=3))
    assert (seen.format, seen.sheet, seen.header_row) == ("xlsx", "März & co", 3)
    assert seen.sample == (("1", "24.5", "2026-03-12"), ("2", "0.3", "2026-03-12 12:00:00"))
    assert {p.code: p.values for p in seen.problems} == {
        "formulas": {"columns": ["sum"]},
        "more_sheets": {"sheet": "März & co", "others": ["空", "notes"]},
    }


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "w.xlsx", {"A": [["a"], ["1"]], "B": [["b", "c"], ["2", "3"]]})
    assert look(path, sheet="B").headers == ("b", "c")
    with pytest.raises(CannotRead) as refusal:
        look(path, sheet="C")
    assert refusal.value.code == "sheet_not_there"


def test_an_empty_workbook(tmp_path: Path) -> None:
    assert codes(write_workbook(tmp_path / "w.xlsx", {"A": []})) == ["empty"]


def test_parquet(tmp_path: Path) -> None:
    columns = {"order": [1, 2, None], "at": DAYS, "sum": [1.5, 1e20, None]}
    pq.write_table(pa.table({**columns, "tags": [["a"], [], None]}), tmp_path / "o.parquet")
    seen = look(tmp_path / "o.parquet")
    assert seen.sample[:2] == (
        ("1", "2026-03-01", "1.5", "['a']"),
        ("2", "2026-03-02", "100000000000000000000", "[]"),
    )
    assert (seen.rows, seen.rows_exact, seen.sample[2]) == (3, True, ("", "2026-03-03", "", ""))
    assert [problem.code for problem in seen.problems] == ["nested_columns"]


def test_numbers_of_any_width_are_shown_plainly(tmp_path: Path) -> None:
    columns = {
        "half": pa.array([1.1, None], pa.float32()),
        "tiny": [1e-7, float("nan")],
        "exact": pa.array(["12.30", None]).cast(pa.decimal128(9, 2)),
        "moment": pa.array([1773277500000, None], pa.timestamp("ms", "Asia/Shanghai")),
    }
    pq.write_table(pa.table(columns), tmp_path / "o.parquet")
    assert look(tmp_path / "o.parquet").sample[0] == ("1.1", "0.0000001", "12.30", "2026-03-12 01:05:00Z")
