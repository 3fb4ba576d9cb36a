"""Found lists: what is no list, or more than anybody can look through, is refused before it fills the memory."""

import tracemalloc

import pytest

from regulars.rules.noticing.lists import MOST_BYTES, MOST_ROWS, read_list
from regulars.rules.permission.errors import BadInput


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"1\n2\n3\n", b",,,\n", "C-10001".encode("utf-16"), b"\xff\xfe\x81", b'C-1,"' + b"x" * 200_000],
)
def test_what_says_nothing_about_anybody_is_no_list(content: bytes) -> None:
    """Else a re-check of an empty file would say that every row may be used."""
    with pytest.raises(BadInput, match="list_is_no_text"):
        read_list(content)


def test_a_list_too_long_is_read_no_further_than_it_takes_to_know() -> None:
    content = b"C-10001,Somebody\n" * (8 * MOST_ROWS)
    tracemalloc.start()
    with pytest.raises(BadInput, match="list_too_long"):
        read_list(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 150_000_000


def test_a_file_beyond_measure_is_not_read_at_all() -> None:
    with pytest.raises(BadInput, match="list_too_long"):
        read_list(bytes(MOST_BYTES + 1))
