"""What a view lets through, counted from the dictionary alone: per class how many columns are exact or coarse."""

from collections.abc import Iterable
from dataclasses import dataclass

from regulars.rules.privacy.dictionary import Class, Column, Table
from regulars.rules.privacy.views import MASKED, SHOWN, View, treatment

EXACT, COARSE, CLOSED, ABSENT = "exact", "coarse", "closed", "absent"
CLASSES = (Class.IDENTIFYING, Class.SENSITIVE, Class.PERSONAL, Class.PSEUDONYM, Class.NONE)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many columns of a class a view shows exactly, shows roughly, and keeps back."""

    class_: Class
    exact: int
    coarse: int
    closed: int

    @property
    def shown(self) -> int:
        """Columns of which anything is seen."""
        return self.exact + self.coarse


def reach_of(view: View, tables: Iterable[Table]) -> tuple[Reach, ...]:
    """One line per class, over all tables; a table that is not in the view is closed with all its columns.

    >>> from regulars.rules.privacy.dictionary import Table, identifying, plain
    >>> from regulars.rules.privacy.views import BY_NAME
    >>> book = Table("book", "", (plain("id", "Number", "编号"), identifying("name", "user.name", "Name", "姓名")),
    ...              views=frozenset({"standard"}))
    >>> [(r.class_.value, r.exact, r.closed) for r in reach_of(BY_NAME["anonymous"], [book]) if r.exact + r.closed]
    [('identifying', 0, 1), ('none', 0, 1)]
    """
    ways = [(column.class_, way_through(table, column, view)) for table in tables for column in table.columns]
    return tuple(_counted(class_, [way for one, way in ways if one is class_]) for class_ in CLASSES)


def way_through(table: Table, column: Column, view: View) -> str:
    """How the view shows the column: exact, coarse, closed (masked), or absent with its whole table."""
    if view.name not in table.views:
        return ABSENT
    shown = treatment(column, view)
    return {SHOWN: EXACT, MASKED: CLOSED}.get(shown, COARSE)


def _counted(class_: Class, ways: list[str]) -> Reach:
    return Reach(class_, ways.count(EXACT), ways.count(COARSE), ways.count(CLOSED) + ways.count(ABSENT))
