"""Files people hand to the terminal: text in UTF-8 is taken, with its mark or without; anything else is named."""

from pathlib import Path

import pytest

from regulars.desks.cli.asking import said_or_read
from tests.cast import ann
from tests.desks.cli.terminal import regulars

LATIN = "Müller\n".encode("latin-1")


def test_what_is_said_is_itself_and_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_bytes(b"\xef\xbb\xbf" + "王芳，您好".encode())
    assert said_or_read("Dear Ann") == "Dear Ann"
    assert said_or_read(f"@{file}") == "王芳，您好"


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("content", [LATIN, b"\xff\xfe\x00", b"[" * 200_000, b'{"a":' * 50_000, b"", b"null", b"[1]"])
def test_no_file_breaks_a_command(content: bytes, tmp_path: Path) -> None:
    ann()
    file = tmp_path / "found"
    file.write_bytes(content)
    for asked in (
        ("segment", "try", f"@{file}"),
        ("customer", "bring-back", str(file)),
        ("partner", "recheck", "acme", str(file)),
        ("recheck", str(file), "--because", "x"),
        ("trace", str(file), "--because", "x"),
        ("choice", "import", str(file)),
    ):
        said = regulars(*asked)
        assert said.status in (0, 1), (asked, said)
        assert said.err or said.out or not content, asked
    assert "UTF-8" in regulars("segment", "try", f"@{file}").err or content not in (LATIN, b"\xff\xfe\x00")


@pytest.mark.usefixtures("house")
def test_what_a_file_was_taken_for_is_said(tmp_path: Path) -> None:
    table = "customer_no,name,city\nM1,陳大文,香港九龍\nM2,黃小明,新界沙田\n"
    for encoding, said in (("big5", "It was read as big5: likely, not certain."), ("utf-8", "")):
        file = tmp_path / f"{encoding}.csv"
        file.write_bytes(table.encode(encoding))
        told = regulars("import", str(file), "--source", "till", "--kind", "customers", "--dry-run").out
        assert (said in told) and ("It was read as" in told) == bool(said)


@pytest.mark.usefixtures("house")
def test_a_partner_without_a_contract_is_told_why_no_row_may_be_used(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("p1\np2\n")
    said = regulars("partner", "recheck", "nobody", str(names))
    assert said.out.split() == ["p1", "no", "p2", "no"]
    assert "no contract with this partner runs today" in said.err
