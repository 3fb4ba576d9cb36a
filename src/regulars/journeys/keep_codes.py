"""The company keeps its own codes: for preferences, for complaints, for calls. The steward's work."""

from regulars.records.codes.actions import add_code, change_code, codes_of, merge_code, retire_code
from regulars.rules.codes.tree import Code, in_order

__all__ = ["add_code", "change_code", "codes_kept", "merge_code", "retire_code"]


def codes_kept(kind: str) -> list[tuple[int, Code]]:
    """(depth, code) of all codes of that kind, in the order of their tree; BadInput for a kind there is none of."""
    return list(in_order(codes_of(kind)))
