"""What cleaning did to a file's columns, counted by column and reason, with examples that name nobody.

An example is shown by its shape: letters, digits and characters give way to one letter, digit and character, so that
whoever may not read a value still sees what is wrong with it.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from regulars.rules.cleaning.cleaned import Cleaned
from regulars.rules.cleaning.writing import HAN

MOST_EXAMPLES: Final = 3
LONGEST_SHAPE: Final = 40
#: Signs that are shown as they are.
_PLAIN: Final = frozenset(" .,;:@()[]{}<>/\\|&+-_'\"#*!?=%~`^（）【】，。、；：·・－＋＠　")


@dataclass(frozen=True, slots=True)
class Example:
    """One value's shape before and after, and the row of the file it stands in."""

    row_number: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CleanedLine:
    """How many values of a column were changed (or, `doubtful`, kept as they are and doubted) for one reason."""

    column: str
    field: str
    reason: str
    doubtful: bool
    values: int
    examples: tuple[Example, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column; `from_json` gives the same line back."""
        shown = [[one.row_number, one.before, one.after] for one in self.examples]
        return {
            "column": self.column, "field": self.field, "reason": self.reason, "doubtful": self.doubtful,
            "values": self.values, "examples": shown,
        }  # fmt: skip

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """The line that `to_json` wrote down."""
        shown = tuple(Example(int(row), str(before), str(after)) for row, before, after in said["examples"])
        return cls(said["column"], said["field"], said["reason"], said["doubtful"], said["values"], shown)


@dataclass(slots=True)
class Tally:
    """Counts while rows are cleaned."""

    found: dict[tuple[str, str, str, bool], tuple[int, list[Example]]] = field(default_factory=dict)

    def add(self, column: str, name: str, row_number: int, cleaned: Cleaned[Any]) -> None:
        """A value of the column was cleaned; each of its reasons counts once."""
        for change in {change.reason: change for change in reversed(cleaned.changes)}.values():
            self._count((column, name, change.reason, False), row_number, change.before, change.after)
        for reason in dict.fromkeys(doubt.reason for doubt in cleaned.doubts):
            self._count((column, name, reason, True), row_number, cleaned.original, "")

    def lines(self) -> tuple[CleanedLine, ...]:
        """What was counted."""
        return tuple(CleanedLine(*key, count, tuple(shown)) for key, (count, shown) in self.found.items())

    def _count(self, key: tuple[str, str, str, bool], row_number: int, before: str, after: str) -> None:
        count, shown = self.found.get(key, (0, []))
        if len(shown) < MOST_EXAMPLES:
            shown.append(Example(row_number, shape_of(before), shape_of(after)))
        self.found[key] = (count + 1, shown)


def summed(*reports: Iterable[CleanedLine]) -> tuple[CleanedLine, ...]:
    """Reports of one file's chunks as one: changes before doubts, by column, the most frequent first.

    >>> line = CleanedLine("tel", "phone", "separators_removed", False, 2, (Example(3, "999 99", "99999"),))
    >>> [(one.values, len(one.examples)) for one in summed([line], [line])]
    [(4, 2)]
    """
    found: dict[tuple[str, str, str, bool], tuple[int, tuple[Example, ...]]] = {}
    for line in (line for report in reports for line in report):
        key = line.column, line.field, line.reason, line.doubtful
        count, shown = found.get(key, (0, ()))
        found[key] = count + line.values, (*shown, *line.examples)[:MOST_EXAMPLES]
    lines = (CleanedLine(*key, *told) for key, told in found.items())
    return tuple(sorted(lines, key=lambda line: (line.doubtful, line.column, -line.values, line.reason)))


def shape_of(text: str) -> str:
    """What a text looks like, without saying what it says.

    >>> shape_of("ARCHER, ann １３８"), shape_of("王芳女士"), shape_of("a" * 41)[-2:]
    ('AAAAAA, aaa ９９９', '字字字字', 'a…')
    """
    shape = "".join(map(_sign, text[:LONGEST_SHAPE]))
    return shape if len(text) <= LONGEST_SHAPE else f"{shape}…"


def _sign(sign: str) -> str:
    wide = unicodedata.east_asian_width(sign) == "F"
    if sign.isdecimal():
        return "９" if wide else "9"
    if HAN.match(sign):
        return "字"
    if sign.isalpha():
        return ("Ａ" if sign.isupper() else "ａ") if wide else "A" if sign.isupper() else "a"
    return sign if sign in _PLAIN else "•"
