"""What a view does to the customer's columns, read from the dictionary: which are masked, which are only rough.

A masked cell comes back NULL, whether there is a value or not, and the page says so of both alike: that there *is* an
allergy is already a word about somebody's health. Only of ways to reach a customer do we say that they exist: the row
is there, with its channel and without its value.
"""

from functools import cache
from typing import NamedTuple

from regulars.records.customers.dictionary import TABLES
from regulars.rules.privacy.views import BY_NAME, MASKED, SHOWN, treatment


class Shown(NamedTuple):
    """Names of the customer's columns that a view leaves out (`masked`) or gives only roughly (`coarse`)."""

    masked: frozenset[str]
    coarse: frozenset[str]


@cache
def shown_through(view: str) -> Shown:
    """How the view of that name shows the customer's columns; KeyError when there is no such view."""
    table = next(table for table in TABLES if table.name == "customer")
    how = {column.name: treatment(column, BY_NAME[view]) for column in table.columns}
    masked = frozenset(name for name, done in how.items() if done == MASKED)
    return Shown(masked, frozenset(name for name, done in how.items() if done not in (SHOWN, MASKED)))
