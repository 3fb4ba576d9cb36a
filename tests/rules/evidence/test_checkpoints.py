"""Canonical lines, batches that join, checkpoints that follow each other."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.evidence.batches import FORM, Batch, gaps
from regulars.rules.evidence.canonical import canonical, canonical_line
from regulars.rules.evidence.checkpoints import (
    FIRST,
    Signed,
    begin,
    broken_links,
    following,
    is_signed,
    public_key,
    read_line,
    sign,
)
from regulars.rules.evidence.lines import COLUMNS, mark, writer_for
from regulars.rules.evidence.merkle import root_of

SEED = bytes(range(32))
KEY = b"k" * 32
TEXT = st.text(st.characters(codec="utf-8"))
FLAT = st.dictionaries(
    st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1),
    TEXT | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none(),
)
ROW = (7, "2026-11-21T09:00:00.000000Z", "Dora", "service", "standard", "service", "open_customer", "serving", "T-4", 4, 1, True)  # fmt: skip  # noqa: E501


@given(FLAT)
def test_the_fast_way_writes_what_the_standard_says(line: dict[str, str | int | bool | None]) -> None:
    assert canonical_line(line) == canonical(line)


def chain(length: int) -> list[Signed]:
    key, made = public_key(SEED), [sign(begin("2026-11-21T08:00:00Z", public_key(SEED)), SEED)]
    for number in range(length):
        made.append(
            sign(
                following(
                    made[-1].checkpoint,
                    at=f"2026-11-21T09:00:{number:02}Z",
                    size=number,
                    root=root_of([bytes([number])]),
                    lines=10 * number,
                    key=key,
                ),
                SEED,
            )
        )
    return made[1:]


def test_checkpoints_follow_each_other() -> None:
    made = chain(5)
    assert list(broken_links(made)) == []
    assert list(broken_links(made[2:])) == []
    assert made[0].checkpoint.previous == FIRST
    assert [read_line(one.line) for one in made] == made


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"root": "00" * 32}, "signature"),
        ({"number": 9}, "signature"),
        ({"key": "zz"}, "signature"),
    ],
)
def test_an_altered_checkpoint_is_not_signed(change: dict[str, object], code: str) -> None:
    made = chain(5)
    made[2] = Signed(replace(made[2].checkpoint, **change), made[2].signature)  # type: ignore[arg-type]
    assert (made[2].checkpoint.number, code) in broken_links(made)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"previous": "0" * 64}, "previous"),
        ({"number": 9}, "number"),
        ({"size": 0}, "shrunk"),
        ({"lines": 0}, "shrunk"),
        ({"at": "2026-11-20T09:00:00Z"}, "time"),
    ],
)
def test_a_checkpoint_signed_anew_does_not_join(change: dict[str, object], code: str) -> None:
    made = chain(5)
    made[3] = sign(replace(made[3].checkpoint, **change), SEED)  # type: ignore[arg-type]
    assert (made[3].checkpoint.number, code) in broken_links(made)


def test_a_missing_checkpoint_is_seen() -> None:
    made = chain(5)
    assert list(broken_links(made[:2] + made[3:])) == [(4, "number")]


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b'{"kind":"regulars log checkpoint 1","number":1}', b"\xff"])
def test_what_is_no_checkpoint(line: bytes) -> None:
    with pytest.raises(ValueError):
        read_line(line)


def test_signatures_of_nobody() -> None:
    assert not is_signed(b"x", "no hex", public_key(SEED))
    assert not is_signed(b"x", "00" * 64, public_key(SEED))


def batch(number: int, since: int, until: int, floor: int = 0, book: str = "access") -> Batch:
    return Batch(number, "2026-11-21T09:00:00Z", book, FORM, "m", floor, since, until, 1, root_of([b"x"]).hex())


def test_batches_join_without_gaps() -> None:
    good = [batch(1, 0, 10), batch(2, 0, 8, book="privacy"), batch(3, 10, 12), batch(4, 0, 5, floor=40)]
    assert list(gaps(good)) == []
    assert list(gaps([good[0], good[2]])) == [(3, "number")]
    assert list(gaps([batch(1, 0, 10), batch(2, 11, 12)])) == [(2, "gap")]
    assert list(gaps([batch(1, 0, 10), batch(2, 9, 12)])) == [(2, "gap")]


def test_a_batch_knows_its_lines() -> None:
    one = replace(batch(1, 0, 10), lines=2, root=root_of([b"a", b"b"]).hex())
    assert one.holds([b"a", b"b"])
    assert not one.holds([b"b", b"a"])
    assert not one.holds([b"a"])
    assert not one.holds([b"a", b"b", b"c"])


def test_a_line_names_no_customer() -> None:
    said = json.loads(writer_for("access", KEY)(ROW))
    assert said["who"] == "Dora"
    assert said["customer"] == mark(KEY, "customer", "4")
    assert said["reference"].startswith("case:")
    assert said["because"] == "serving"
    assert "T-4" not in str(said)


@given(st.lists(TEXT, min_size=8, max_size=8), st.integers(0, 2**53 - 1), st.none() | st.integers(1, 99), st.booleans())
def test_lines_are_as_the_standard_wants_them(said: list[str], number: int, customer: int | None, yes: bool) -> None:
    at, who, role, view, purpose, door, because, reference = said
    at = "2026-11-21T09:00:00.000000Z"
    rows = {
        "access": (number, at, who, role, view, purpose, door, because, reference, customer, number, yes),
        "privacy": (number, at, who, role, door, because, reference, customer, yes),
    }
    for book, row in rows.items():
        line = writer_for(book, KEY)(row)
        assert line == canonical(json.loads(line))


@pytest.mark.parametrize("typed", ["Mrs Wang called", "wang", "王芳来电", "own record", "x_1"])
def test_what_somebody_typed_becomes_a_mark(typed: str) -> None:
    row = dict(zip(COLUMNS["access"], ROW, strict=True)) | {"because": typed}
    assert typed not in str(json.loads(writer_for("access", KEY)(tuple(row.values())))["because"])


@pytest.mark.parametrize(
    ("role", "who"), [("customer", "customer C-10042"), ("stranger", "my-password"), ("", "somebody")]
)
def test_who_is_no_staff_becomes_a_mark(role: str, who: str) -> None:
    row = dict(zip(COLUMNS["access"], ROW, strict=True)) | {"role": role, "who": who}
    assert who not in writer_for("access", KEY)(tuple(row.values())).decode()


def test_an_address_loses_its_numbers() -> None:
    row = dict(zip(COLUMNS["access"], ROW, strict=True)) | {"door": "/customers/C-10042/choices/"}
    assert json.loads(writer_for("access", KEY)(tuple(row.values())))["door"] == "/customers/*/choices/"


def test_a_deed_names_no_customer() -> None:
    row = (3, "2026-11-21T09:00:00.000000Z", "customer C-7", "customer", "choice", "direct_marketing", '{"new":"denied"}', 7, True)  # fmt: skip  # noqa: E501
    said = json.loads(writer_for("privacy", KEY)(row))
    assert (said["deed"], said["detail"], said["customer"]) == (
        "choice",
        '{"new":"denied"}',
        mark(KEY, "customer", "7"),
    )
    assert "C-7" not in str(said)
    assert mark(KEY, "customer", "7") != mark(b"o" * 32, "customer", "7")
