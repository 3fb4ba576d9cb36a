"""Who the rows of other records are about: for lists of tasks, complaints, scores, contacts. The list's own door logs.

A join would read all customers behind their view (see connections/postgres/asking), so they are looked up by key: row
by row in SQL, where LIMIT keeps it a look-up, or all of a page at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from regulars.connections.postgres.asking import ask
from regulars.records.watched.access import protected_among
from regulars.rules.permission.asking import Asker

_WHOSE: Final = "SELECT number, name, city, home_branch_id, invented FROM customer WHERE id = t.customer_id"
_OF_BRANCHES: Final = f"{_WHOSE} AND (home_branch_id = ANY (%s) OR home_branch_id IS NULL)"
_NAMED: Final = "SELECT id, number, name, city, invented FROM customer WHERE id = ANY (%s)"


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
