"""Merkle trees after RFC 6962: roots, proofs that a leaf is in, proofs that a tree only grew.

A leaf is hashed with 0x00 before it, a node with 0x01, so that no node can pass for a leaf. The paths are those of
RFC 9162, section 2.1. A tree that grows for ever is carried on by its peaks: the roots of its full subtrees, at most
one per bit of its size.
"""

import hashlib
from collections.abc import Iterable, Sequence

Hash = bytes
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> Hash:
    """The hash of a leaf.

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """The hash of what stands above two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[bytes]) -> Hash:
    """The root over these leaves' bytes, in their order; SHA-256 of nothing when there is none."""
    sha256 = hashlib.sha256
    return root_over([sha256(b"\x00" + leaf).digest() for leaf in leaves])


def root_over(hashes: Sequence[Hash]) -> Hash:
    """The same over leaves that are hashed already.

    >>> a, b, c = (leaf_hash(x) for x in (b"a", b"b", b"c"))
    >>> root_over([a, b, c]) == node_hash(node_hash(a, b), c)
    True
    """
    level, sha256 = list(hashes), hashlib.sha256
    while len(level) > 1:
        pairs = iter(level)  # zip takes two at a time from the same iterator
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
        level = [*above, level[-1]] if len(level) % 2 else above
    return level[0] if level else EMPTY_ROOT


def inclusion_path(hashes: Sequence[Hash], index: int) -> tuple[Hash, ...]:
    """What proves that the leaf at `index` is in the tree over these leaf hashes; IndexError when there is none."""
    if not 0 <= index < len(hashes):
        raise IndexError(index)
    path: list[Hash] = []
    while len(hashes) > 1:
        cut = _cut(len(hashes))
        inside, beside = (hashes[:cut], hashes[cut:]) if index < cut else (hashes[cut:], hashes[:cut])
        path.append(root_over(beside))
        index, hashes = index % cut if index < cut else index - cut, inside
    return tuple(reversed(path))


def is_included(leaf: Hash, index: int, size: int, path: Sequence[Hash], root: Hash) -> bool:
    """Whether the path leads from the leaf's hash at `index` to the root of a tree of `size` leaves."""
    if not 0 <= index < size:
        return False
    place, last, so_far = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return False
        if place % 2 or place == last:
            so_far = node_hash(beside, so_far)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            so_far = node_hash(so_far, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and so_far == root


def consistency_path(hashes: Sequence[Hash], old: int) -> tuple[Hash, ...]:
    """What proves that the tree over these leaf hashes begins with its first `old` leaves; `old` from 1 to all."""
    if not 1 <= old <= len(hashes):
        raise IndexError(old)
    path: list[Hash] = []
    whole = True
    while old != len(hashes):
        cut = _cut(len(hashes))
        if old <= cut:
            path.append(root_over(hashes[cut:]))
            hashes = hashes[:cut]
        else:
            path.append(root_over(hashes[:cut]))
            hashes, old, whole = hashes[cut:], old - cut, False
    return tuple(reversed(path)) if whole else (root_over(hashes), *reversed(path))


def is_consistent(old: int, old_root: Hash, new: int, new_root: Hash, path: Sequence[Hash]) -> bool:
    """Whether the path proves that the tree of `new` leaves begins with the tree of `old` leaves."""
    if not 1 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = (old_root, *path) if old & (old - 1) == 0 else tuple(path)
    return bool(steps) and _both_roots(old - 1, new - 1, steps) == (old_root, new_root)


def grown(peaks: Sequence[Hash], size: int, leaf: Hash) -> tuple[Hash, ...]:
    """The peaks of a tree of `size` leaves after one more leaf hash.

    >>> a, b = leaf_hash(b"a"), leaf_hash(b"b")
    >>> grown(grown((), 0, a), 1, b) == (node_hash(a, b),)
    True
    """
    left, top = list(peaks), leaf
    while size % 2:
        top, size = node_hash(left.pop(), top), size >> 1
    return (*left, top)


def root_of_peaks(peaks: Sequence[Hash]) -> Hash:
    """The root of the tree with these peaks, largest subtree first."""
    if not peaks:
        return EMPTY_ROOT
    *rest, root = peaks
    for peak in reversed(rest):
        root = node_hash(peak, root)
    return root


def _cut(size: int) -> int:
    """The largest power of two smaller than `size`: how many leaves hang on the left."""
    return 1 << (size - 1).bit_length() - 1


def _both_roots(place: int, last: int, steps: Sequence[Hash]) -> tuple[Hash, Hash] | None:
    """The old and the new root that the steps lead to; None when there are too few or too many."""
    while place % 2:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for beside in steps[1:]:
        if last == 0:
            return None
        if place % 2 or place == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, beside)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None
