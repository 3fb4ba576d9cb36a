"""Who the rows of other records are about: for lists of tasks, complaints, scores, contacts. The list's own door logs.

A join would read all customers behind their view (see connections/postgres/asking), so they are looked up by key: row
by row in SQL, where LIMIT keeps it a look-up, or all of a page at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Protocol, TypeVar

from regulars.connections.postgres.asking import ask
from regulars.records.watched.access import protected_among, protected_numbers
from regulars.rules.permission.asking import Asker

_WHOSE: Final = "SELECT number, name, city, home_branch_id, invented FROM customer WHERE id = t.customer_id"
_OF_BRANCHES: Final = f"{_WHOSE} AND (home_branch_id = ANY (%s) OR home_branch_id IS NULL)"
_NAMED: Final = "SELECT id, number, name, city, invented FROM customer WHERE id = ANY (%s)"


class InList(Protocol):
    """A line of a list that is about a customer."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def number(self) -> str:
        """Hers."""


Line = TypeVar("Line", bound=InList)


@dataclass(frozen=True, slots=True)
class Named:
    """A customer as lists show her."""

    number: str
    name: str
    city: str
    invented: bool


def within_reach(by: Asker) -> tuple[str, list[object]]:
    """The SQL to put into `JOIN LATERAL (…) c ON true` beside a table called `t`, and its values.

    `c` has number, name, city, home_branch_id and invented. Rows about nobody in the asker's view, or about a customer
    of a branch she is not assigned to, are gone; a customer without a home branch belongs to the whole house.
    """
    if by.branches:
        return f"{_OF_BRANCHES} LIMIT 1", [sorted(by.branches)]
    return f"{_WHOSE} LIMIT 1", []


def named(ids: Iterable[int], *, by: Asker) -> dict[int, Named]:
    """Customer id → who that is, for those of a page who are in the asker's view; of the protected only the number."""
    found = {row[0]: Named(*row[1:]) for row in ask(by.view, _NAMED, [list(ids)])}
    protected = protected_among(found) if found and by.role != "officer" else frozenset()
    return {who: replace(one, name="", city="") if who in protected else one for who, one in found.items()}


def unnamed(lines: Sequence[Line], *, by: Asker, **neutral: str | None) -> list[Line]:
    """The lines of a list; those about a protected customer with `neutral` fields, so that only the number says who.

    The officer sees all.
    """
    protected = protected_numbers(line.number for line in lines) if lines and by.role != "officer" else frozenset()
    return [replace(line, **neutral) if line.number in protected else line for line in lines]
