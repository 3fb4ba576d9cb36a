"""The gate's answers as a contact keeps them (codes and values in JSON), made ready for `reasons.py` and the strip."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from regulars.desks.shared.parts import Answer
from regulars.desks.shared.reasons import told
from regulars.desks.shared.words import GATE_RULES

LETTERS: Final = {"p": "pass", "s": "stop", "w": "wait", "n": "not_asked", "u": "wait"}


@dataclass(frozen=True, slots=True)
class Kept:
    """One rule's answer as it was kept, its moments and hours read again."""

    rule: str
    answer: str
    code: str
    values: Mapping[str, object]


def kept(reasons: Iterable[Mapping[str, Any]]) -> list[Kept]:
    """The answers in the order they were kept in."""
    return [Kept(one["rule"], one["answer"], one["code"], _read(one.get("values") or {})) for one in reasons]


def answers_of(strip: str, reasons: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """Nine answers with their sentences; of an older contact that kept only its strip, the nine without sentences."""
    if len(reasons) == len(GATE_RULES):
        return told(kept(reasons))
    said = {answer.rule: answer for answer in told(kept(reasons))}
    letters = zip(GATE_RULES, strip.ljust(len(GATE_RULES), "n"), strict=False)
    return [said.get(rule) or Answer(rule, LETTERS.get(letter, "not_asked")) for rule, letter in letters]


def _read(values: Mapping[str, Any]) -> dict[str, object]:
    return {name: _moment(value) if isinstance(value, str) else value for name, value in values.items()}


def _moment(text: str) -> object:
    """A moment or an hour that was written as text; any other text stays text."""
    if not text[:1].isdigit() or ":" not in text:
        return text
    for kind in (datetime, time):
        try:
            return kind.fromisoformat(text)
        except ValueError:
            continue
    return text
