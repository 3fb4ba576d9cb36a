"""Members behave like sets, travel as bytes, and their overlaps add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.permission.errors import BadInput
from regulars.rules.segments.members import Members, overlaps, union_of, upset

ids = st.sets(st.integers(0, 40) | st.integers(0, 2**62), max_size=25)
segments = st.dictionaries(st.sampled_from("abcde"), st.sets(st.integers(0, 15), max_size=10), max_size=5)


@given(ids, ids)
def test_members_are_sets(one: set[int], other: set[int]) -> None:
    a, b = Members(one), Members(other)
    assert set(a & b) == one & other and set(a | b) == one | other
    assert set(a - b) == one - other and set(a ^ b) == one ^ other
    assert a.shared_with(b) == len(one & other)
    assert (a == b) == (one == other) and len(a) == len(one)
    assert a.ids().tolist() == sorted(one) == list(a)


@given(ids)
def test_members_come_back_from_bytes(some: set[int]) -> None:
    assert Members.from_bytes(Members(some).to_bytes()) == Members(np.array(sorted(some), dtype=np.int64))
    assert Members.from_bytes(memoryview(Members(some).to_bytes())) == Members(some)  # type: ignore[arg-type]


@pytest.mark.parametrize("junk", [b"", b"no", b"\xff" * 64])
def test_junk_is_not_taken_for_members(junk: bytes) -> None:
    with pytest.raises(BadInput, match="members_not_readable"):
        Members.from_bytes(junk)


def test_a_page_of_members() -> None:
    some = Members(range(10, 100, 10))
    assert (some.first(3), some.first(3, 7), some.first(3, 50)) == ([10, 20, 30], [80, 90], [])
    assert 20 in some and 25 not in some


def test_nobody_has_a_negative_number() -> None:
    with pytest.raises(BadInput, match="customer_id_negative"):
        Members([3, -1])


@given(segments)
def test_exclusive_intersections_are_disjoint_and_cover_everybody(sets: dict[str, set[int]]) -> None:
    members = {name: Members(those) for name, those in sets.items()}
    parts = upset(members)
    assert sum(part.count for part in parts) == len(set().union(*sets.values()))
    for part in parts:
        for who in part.members:
            assert {name for name, those in sets.items() if who in those} == set(part.segments)
    assert [part.count for part in parts] == sorted((part.count for part in parts), reverse=True)
    assert upset(members, most=2) == parts[:2]
    assert set(union_of(members.values())) == set().union(*sets.values())


@given(segments)
def test_the_overlap_matrix_is_symmetric_with_sizes_on_its_diagonal(sets: dict[str, set[int]]) -> None:
    matrix = overlaps({name: Members(those) for name, those in sets.items()})
    names = list(sets)
    for row, one in enumerate(names):
        for column, other in enumerate(names):
            assert matrix[row, column] == matrix[column, row] == len(sets[one] & sets[other])
