"""Trees against a second telling of RFC 6962, known answers, and every way to lie that is tried."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.evidence.merkle import (
    EMPTY_ROOT,
    consistency_path,
    grown,
    inclusion_path,
    is_consistent,
    is_included,
    leaf_hash,
    root_of,
    root_of_peaks,
    root_over,
)

LEAVES = st.lists(st.binary(max_size=40), max_size=70)
SOME = st.lists(st.binary(max_size=40), min_size=1, max_size=70)
#: The reference leaves of the certificate transparency tests and the roots over the first n of them.
KNOWN = [bytes.fromhex(x) for x in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
KNOWN_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def told_again(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return hashlib.sha256(b"\x01" + told_again(leaves[:cut]) + told_again(leaves[cut:])).digest()


@pytest.mark.parametrize(("size", "root"), list(enumerate(KNOWN_ROOTS, start=1)))
def test_known_roots(size: int, root: str) -> None:
    assert root_of(KNOWN[:size]).hex() == root


@given(LEAVES)
def test_a_root_is_what_the_standard_says(leaves: list[bytes]) -> None:
    assert root_of(leaves) == told_again(leaves)


@given(LEAVES)
def test_peaks_carry_a_growing_tree(leaves: list[bytes]) -> None:
    peaks: tuple[bytes, ...] = ()
    for size, leaf in enumerate(leaves):
        assert root_of_peaks(peaks) == root_of(leaves[:size])
        peaks = grown(peaks, size, leaf_hash(leaf))
    assert root_of_peaks(peaks) == root_of(leaves)
    assert len(peaks) == len(leaves).bit_count()


@given(SOME, st.data())
def test_every_leaf_can_be_shown_to_be_in(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    hashes = [leaf_hash(leaf) for leaf in leaves]
    path, root = inclusion_path(hashes, index), root_over(hashes)
    assert is_included(hashes[index], index, len(leaves), path, root)
    assert not is_included(leaf_hash(b"never said"), index, len(leaves), path, root)
    assert not is_included(hashes[index], index, len(leaves), (*path, root), root)
    if path:
        assert not is_included(hashes[index], index, len(leaves), path[:-1], root)
    for other in range(len(leaves)):
        if leaves[other] != leaves[index]:
            assert not is_included(hashes[other], index, len(leaves), path, root)


@given(SOME, st.data())
def test_growing_can_be_shown_and_rewriting_cannot(leaves: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(leaves)))
    hashes = [leaf_hash(leaf) for leaf in leaves]
    path = consistency_path(hashes, old)
    before, now = root_over(hashes[:old]), root_over(hashes)
    assert is_consistent(old, before, len(leaves), now, path)
    changed = data.draw(st.integers(0, old - 1))
    hashes[changed] = leaf_hash(b"rewritten")
    assert not is_consistent(old, before, len(leaves), root_over(hashes), consistency_path(hashes, old))
    assert not is_consistent(old, leaf_hash(b"other"), len(leaves), now, path)
    assert not is_consistent(old, before, len(leaves), now, (*path, now))
    if path:
        assert not is_consistent(old, before, len(leaves), now, path[:-1])


def test_a_node_does_not_pass_for_a_leaf() -> None:
    a, b = leaf_hash(b"a"), leaf_hash(b"b")
    assert root_of([a + b]) != root_over([a, b])


def test_what_is_not_there_has_no_path() -> None:
    assert root_of([]) == EMPTY_ROOT
    for index in (-1, 1):
        with pytest.raises(IndexError):
            inclusion_path([leaf_hash(b"a")], index)
    for old in (0, 2):
        with pytest.raises(IndexError):
            consistency_path([leaf_hash(b"a")], old)
    assert not is_included(leaf_hash(b"a"), 1, 1, (), leaf_hash(b"a"))
    assert not is_consistent(0, EMPTY_ROOT, 1, leaf_hash(b"a"), ())
