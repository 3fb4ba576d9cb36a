"""What people said about the use of their data, as lines with a bar each."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.desks.shared.parts import Piece
from regulars.desks.shared.words import CHANNELS, PURPOSES, say
from regulars.records.choices.statistics import ChoiceCount


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """One purpose or channel: how many said what, and for how many it holds."""

    label: str
    beneath: bool
    granted: int
    denied: int
    unset: int
    holds: int
    share: float
    pieces: tuple[Piece, ...]


def choices_drawn(counts: Sequence[ChoiceCount]) -> list[ChoiceLine]:
    """Purposes first, each channel beneath direct marketing."""
    ordered = sorted(counts, key=lambda one: (one.purpose != "direct_marketing", bool(one.channel)))
    return [_line(one) for one in ordered]


def _line(one: ChoiceCount) -> ChoiceLine:
    whole = max(one.everybody, 1)
    pieces = (Piece(one.granted / whole), Piece(one.denied / whole, "bv"), Piece(one.unset / whole, "b3"))
    label = say(CHANNELS, one.channel) if one.channel else say(PURPOSES, one.purpose)
    share = one.holds / whole
    return ChoiceLine(label, bool(one.channel), one.granted, one.denied, one.unset, one.holds, share, pieces)
