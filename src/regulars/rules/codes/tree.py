"""Codes as a tree: what may be in it, which hold on a day, as what a merged one is read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from regulars.rules.permission.errors import BadInput

KINDS: Final = ("preference", "complaint", "call")
KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z")
LONGEST: Final = 80
DEEPEST: Final = 5


@dataclass(frozen=True, slots=True)
class Code:
    """One code. Days are inclusive; None is open. It lies beneath `parent_key`, and became `merged_into`."""

    kind: str
    key: str
    parent_key: str = ""
    label: str = ""
    label_zh: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    merged_into: str = ""
    place: int = 0

    def holds(self, on: date) -> bool:
        """Whether something new may be noted under it on that day.

        >>> Code("call", "a", valid_until=date(2026, 3, 1)).holds(date(2026, 3, 2))
        False
        """
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_until is None or on <= self.valid_until) and not self.merged_into

    def label_in(self, language: str) -> str:
        """Its label as a page in that language says it."""
        return self.label_zh if language.startswith("zh") else self.label


def check_code(code: Code, others: Sequence[Code]) -> None:
    """BadInput when the code cannot be in the tree of the others, with the first reason."""
    if not KEY.match(code.key):
        raise BadInput("code_key_unfit", {"key": code.key[:40]})
    for label in (code.label, code.label_zh):
        if not label.strip() or len(label) > LONGEST or not label.isprintable():
            raise BadInput("code_label_unfit", {"most": LONGEST})
    if code.valid_from and code.valid_until and code.valid_until < code.valid_from:
        raise BadInput("code_days_swapped")
    if code.parent_key:
        _check_parent(code, others)


def check_merge(key: str, into: str, known: Sequence[Code]) -> None:
    """BadInput when the code cannot become the other one."""
    by_key = {one.key: one for one in known}
    if key not in by_key or into not in by_key or key == into:
        raise BadInput("code_merge_unclear", {"key": into[:40]})
    if read_as(into, known) == key:
        raise BadInput("code_merge_circle", {"key": into[:40]})


def read_as(key: str, known: Sequence[Code]) -> str:
    """The code a merged one is read as; the code itself where it was not merged.

    >>> known = [Code("call", "a", merged_into="b"), Code("call", "b", merged_into="c"), Code("call", "c")]
    >>> read_as("a", known), read_as("c", known), read_as("x", known)
    ('c', 'c', 'x')
    """
    into = {one.key: one.merged_into for one in known}
    for _ in known:
        if not into.get(key):
            break
        key = into[key]
    return key


def in_order(known: Sequence[Code], beneath: str = "", depth: int = 0) -> Iterator[tuple[int, Code]]:
    """(depth, code), each beneath its parent, in the order given.

    >>> known = [Code("call", "b"), Code("call", "a1", "a"), Code("call", "a")]
    >>> [(depth, one.key) for depth, one in in_order(known)]
    [(0, 'b'), (0, 'a'), (1, 'a1')]
    """
    for one in known:
        if one.parent_key == beneath and depth < DEEPEST:
            yield depth, one
            yield from in_order(known, one.key, depth + 1)


def lies_in(key: str, whole: str, known: Sequence[Code]) -> bool:
    """Whether the code is that one, or lies beneath it.

    >>> known = [Code("call", "a"), Code("call", "b", "a"), Code("call", "c", "b")]
    >>> lies_in("c", "a", known), lies_in("a", "a", known), lies_in("a", "b", known), lies_in("x", "a", known)
    (True, True, False, False)
    """
    above = {one.key: one.parent_key for one in known}
    for _ in range(DEEPEST):
        if key == whole or not key:
            break
        key = above.get(key, "")
    return key == whole


def _check_parent(code: Code, others: Sequence[Code]) -> None:
    parents = {one.key: one.parent_key for one in others} | {code.key: code.parent_key}
    if code.parent_key not in parents:
        raise BadInput("code_parent_unknown", {"key": code.parent_key[:40]})
    above, steps = code.parent_key, 1
    while above:
        steps += 1
        if above == code.key or steps > DEEPEST:
            raise BadInput("code_parent_circle", {"key": code.parent_key[:40], "most": DEEPEST})
        above = parents.get(above, "")
