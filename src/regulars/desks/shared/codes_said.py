"""Codes of the company's own in words: what a complaint is about, what somebody prefers, what a call was for."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.utils.translation import get_language, pgettext_lazy

from regulars.desks.shared.words import Words
from regulars.records.codes.access import codes
from regulars.rules.codes.tree import Code, in_order, read_as

CODE_KINDS: Final[Words] = {
    "preference": pgettext_lazy("code", "Preferences"),
    "complaint": pgettext_lazy("code", "Complaints"),
    "call": pgettext_lazy("code", "Calls"),
}
SEVERITIES: Final[Words] = {
    "1": pgettext_lazy("severity", "slight"),
    "2": pgettext_lazy("severity", "middling"),
    "3": pgettext_lazy("severity", "grave"),
}
INDENT: Final = "\u2003"


def code_said(kind: str, key: str) -> str:
    """The code in the language of the page; a merged one as what it became, one that nobody knows as it is."""
    known = codes(kind)
    key = read_as(key, known)
    return next((one.label_in(get_language() or "en") for one in known if one.key == key), key)


def matter_said(key: str) -> str:
    """What a complaint is about."""
    return code_said("complaint", key)


def codes_offered(kind: str, *, on: date) -> list[tuple[str, str]]:
    """(code, words) of those that hold on that day, each beneath its parent."""
    return [(one.key, _indented(depth, one)) for depth, one in ordered(codes(kind)) if one.holds(on)]


def ordered(known: Sequence[Code]) -> list[tuple[int, Code]]:
    """(depth, code) in the order of the tree."""
    return list(in_order(known))


def _indented(depth: int, one: Code) -> str:
    return INDENT * depth + one.label_in(get_language() or "en")
