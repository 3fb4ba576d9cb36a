"""Delimited text (CSV) of any size, in blocks of whole records.

Bytes are decoded block by block, cut where a record ends, and parsed by Arrow. Two things Arrow cannot do are done
here: a quotation mark that is never closed costs one line and not the rest of the file, and every row keeps the number
that a spreadsheet would show for it.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from regulars.connections.files.tables import LONGEST_RAW, ROW_NUMBER, broken_rows

BLOCK = 4 << 20  # bytes read at a time: Arrow parses these fastest (measured 1–16 MB)
LONGEST_RECORD = 1 << 20  # bytes a record may have before it is taken for an accident
LONGEST_QUOTED = 1 << 16  # bytes a quoted field in an untidy block may run over before its mark counts as stray
_NEWLINE, _QUOTE = 10, 34
_NO_QUOTES = np.empty(0, np.int64)
_ACCIDENT = "\x1a"  # stands in the block for a line that was taken out; SUBSTITUTE, refused in any other cell

Accidents = list[tuple[str, str]]  # reason, raw text


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records as UTF-8, with stand-ins for the lines in `accidents` (reason, raw text)."""

    text: bytes
    accidents: tuple[tuple[str, str], ...]
    bytes_done: int


@dataclass(frozen=True, slots=True)
class Rows:
    """A parsed block: rows with their numbers, broken rows, and the number of the last row in the block."""

    rows: pa.Table
    broken: pa.Table
    last_row: int


class _Decoder(Protocol):
    def decode(self, data: bytes, final: bool = False) -> str: ...


def blocks(path: Path, encoding: str, delimiter: str, width: int) -> Iterator[Block]:
    """The file's records, some megabytes at a time; characters that cannot be decoded become U+FFFD."""
    cutter = _Cutter(delimiter.encode(), width)
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    carry, done, at_end = b"", 0, False
    with path.open("rb") as file:
        while not at_end:
            raw = file.read(BLOCK)
            at_end, done = not raw, done + len(raw)
            fresh = _as_utf8(raw, encoding, decoder, first=done == len(raw), final=at_end)
            text, accidents, carry = cutter.cut(_plain_ends(carry + fresh, at_end), at_end)
            if text:
                yield Block(text, tuple(accidents), done)


def _as_utf8(raw: bytes, encoding: str, decoder: _Decoder, *, first: bool, final: bool) -> bytes:
    """UTF-8 is passed through untouched (Arrow checks it); everything else is decoded and encoded again."""
    if encoding in ("utf-8", "utf-8-sig"):
        return raw.removeprefix(codecs.BOM_UTF8) if first else raw
    text = decoder.decode(raw, final)
    return (text.removeprefix("\ufeff") if first else text).encode("utf-8", "replace")


def _plain_ends(data: bytes, at_end: bool) -> bytes:
    """Every line end as one line feed, also those of old Macs; a return at the very end may be half of a pair."""
    if b"\r" not in data:
        return data
    held = b"" if at_end or not data.endswith(b"\r") else b"\r"
    return data[: len(data) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n") + held


class _Cutter:
    """Cuts text after its last whole record and takes out the lines that would swallow others."""

    def __init__(self, delimiter: bytes, width: int) -> None:
        self.delimiter = delimiter
        self.in_long_line = False
        self.stand_in = (_ACCIDENT.encode() + delimiter) * width + _ACCIDENT.encode()
        mark = re.escape(delimiter)
        plain = rb'(?!")[^%b\n]*+' % mark
        loose = rb'(?:"(?:[^"]|"")*+"[^%b\n]*+|%b)' % (mark, plain)
        strict = rb'(?:"(?:[^"]|"")*+"(?=[%b\n]|\Z)|%b)' % (mark, plain)
        self.one_line = re.compile(rb"%b(?:%b%b)*+" % (loose, mark, loose))
        self.one_record = re.compile(rb"%b(?:%b%b)*+(?=\n|\Z)" % (strict, mark, strict))

    def cut(self, data: bytes, at_end: bool) -> tuple[bytes, Accidents, bytes]:
        """(whole records, what was taken out of them, rest)."""
        data = self._after_long_line(data)
        if at_end and data and not data.endswith(b"\n"):
            data += b"\n"
        text, accidents, rest = self._cut_by_quotes(data, at_end)
        if len(rest) > LONGEST_RECORD and b"\n" in rest:
            more, further, rest = self._cut_untidy(rest, at_end)
            text, accidents = text + more, accidents + further
        if len(rest) > LONGEST_RECORD:
            self.in_long_line = True
            return text + self.stand_in + b"\n", [*accidents, ("line_too_long", _text(rest))], b""
        return text, accidents, rest

    def _after_long_line(self, data: bytes) -> bytes:
        if not self.in_long_line:
            return data
        end = data.find(b"\n")
        self.in_long_line = end < 0
        return b"" if end < 0 else data[end + 1 :]

    def _cut_by_quotes(self, data: bytes, at_end: bool) -> tuple[bytes, Accidents, bytes]:
        quotes = np.flatnonzero(np.frombuffer(data, np.uint8) == _QUOTE) if b'"' in data else _NO_QUOTES
        if not self._tidy(data, quotes) or (at_end and len(quotes) % 2):
            return self._cut_untidy(data, at_end)
        end = _last_end(data, quotes)
        return data[:end], [], data[end:]

    def _tidy(self, data: bytes, quotes: np.ndarray) -> bool:
        """Whether every quotation mark opens at the start of a field, closes at its end, or is doubled (RFC 4180)."""
        if len(quotes) == 0:
            return True
        seen = np.frombuffer(data, np.uint8)
        opens, closes = quotes[0::2], quotes[1::2]
        before = np.where(opens > 0, seen[opens - 1], _NEWLINE)
        after = seen[np.minimum(closes + 1, len(data) - 1)]
        edges = (self.delimiter[0], _NEWLINE, _QUOTE)
        return bool(np.isin(before, edges).all() and np.isin(after, edges).all())

    def _cut_untidy(self, data: bytes, at_end: bool) -> tuple[bytes, Accidents, bytes]:
        """Line by line, only through the lines with quotation marks."""
        kept: list[bytes] = []
        accidents: Accidents = []
        start, last = 0, data.rfind(b"\n") + 1
        while start < last and (mark := data.find(b'"', start, last)) >= 0:
            line = data.rfind(b"\n", start, mark) + 1 or start
            kept.append(data[start:line])
            end = self._record_end(data, line)
            if end is None and not at_end and len(data) - line < LONGEST_QUOTED:
                return b"".join(kept), accidents, data[line:]
            start = end or data.index(b"\n", line) + 1
            kept.append(data[line:start] if end else self.stand_in + b"\n")
            if not end:
                accidents.append(("unclosed_quote", _text(data[line : start - 1])))
        return b"".join([*kept, data[start:last]]), accidents, data[max(start, last) :]

    def _record_end(self, data: bytes, line: int) -> int | None:
        """Where the record that begins at `line` ends, or None when a quotation mark in it is never closed."""
        stop = data.index(b"\n", line)
        if self.one_line.fullmatch(data, line, stop):
            return stop + 1
        found = self.one_record.match(data, line, min(len(data), line + LONGEST_QUOTED))
        return found.end() + 1 if found and data[found.end() : found.end() + 1] == b"\n" else None


def without_unclosed(text: str, delimiter: str) -> str:
    """The beginning of a file; lines whose quotation mark is never closed would swallow the rest, and have no cells."""
    if '"' not in text:
        return text
    data, accidents, _ = _Cutter(delimiter.encode(), 0).cut(text.encode("utf-8", "replace"), at_end=True)
    return data.decode() if accidents else text


def _last_end(data: bytes, quotes: np.ndarray) -> int:
    """Just after the last line end that is outside quotation marks; 0 when there is none."""
    limit = len(data)
    while (end := data.rfind(b"\n", 0, limit)) >= 0:
        inside = int(np.searchsorted(quotes, end))
        if inside % 2 == 0:
            return end + 1
        limit = int(quotes[inside - 1])
    return 0


def _text(raw: bytes) -> str:
    return raw[: LONGEST_RAW * 4].decode("utf-8", "replace")[:LONGEST_RAW]


def parse(block: Block, headers: tuple[str, ...], delimiter: str, before: int) -> Rows:
    """The block as a table of text columns; `before` is the number of the row before it.

    Rows without any content are counted and left out. Rows with a wrong number of fields come back as broken rows.
    """
    text = block.text if _is_utf8(block.text) else block.text.decode("utf-8", "replace").encode()
    unusual = _Unusual(before, list(block.accidents), _ACCIDENT + delimiter)
    table = pcsv.read_csv(
        pa.BufferReader(text),
        pcsv.ReadOptions(column_names=headers, use_threads=False, block_size=len(text) + 1),
        pcsv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=unusual.set_aside,
        ),
        pcsv.ConvertOptions(column_types=dict.fromkeys(headers, pa.string()), strings_can_be_null=False),
    )
    last = before + table.num_rows + len(unusual.numbers)
    numbers = np.delete(np.arange(before + 1, last + 1), np.array(unusual.numbers, np.int64) - before - 1)
    return Rows(without_blank_rows(table.add_column(0, ROW_NUMBER, pa.array(numbers))), unusual.table(), last)


def _is_utf8(text: bytes) -> bool:
    try:
        return text.isascii() or text.decode() is not None
    except UnicodeDecodeError:
        return False


class _Unusual:
    """Takes Arrow's invalid rows, one call each, and gives the accidents their own text back."""

    def __init__(self, before: int, accidents: Accidents, stand_in: str) -> None:
        self.before, self.accidents, self.stand_in = before, iter(accidents), stand_in
        self.numbers: list[int] = []
        self.reasons: list[str] = []
        self.values: list[str] = []
        self.raws: list[str] = []

    def set_aside(self, row: pcsv.InvalidRow) -> str:
        reason, value, raw = "wrong_field_count", str(row.actual_columns), row.text
        if raw.startswith(self.stand_in):
            reason, raw = next(self.accidents, (reason, raw))
            value = ""
        self.numbers.append(self.before + row.number)
        self.reasons.append(reason)
        self.values.append(value)
        self.raws.append(raw)
        return "skip"

    def table(self) -> pa.Table:
        return broken_rows(self.numbers, self.reasons, self.values, self.raws)


def without_blank_rows(table: pa.Table) -> pa.Table:
    """The table without rows in which every text column is empty; the first column decides in nearly all rows."""
    blank = None
    for name in table.column_names[1:]:
        empty = pc.equal(table[name], "")
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return table
    return table if blank is None else table.filter(pc.invert(blank))
