"""The data dictionary: what each column is, whom it may serve, and how it is made coarse.

Categories are keys of fideslang 3.1 (https://ethyca.github.io/fideslang/, CC-BY-4.0). The classes follow the
privacy-view design of US 6,253,203: identifying, personal, sensitive; pseudonym and none are ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Class(StrEnum):
    """How close a column is to the person."""

    IDENTIFYING = "identifying"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    PSEUDONYM = "pseudonym"
    NONE = "none"


#: A login has exactly one of these purposes; a column lists those it may serve.
PURPOSES = (
    "service",
    "operations",
    "data_care",
    "oversight",
    "analysis",
    "direct_marketing",
    "third_party_disclosure",
    "automated_decision",
    "sensitive_use",
    "delivery",
)
EVERYDAY = frozenset(PURPOSES) - {"delivery"}

#: How a value may be made coarse. Each keeps the column's type, so that the same reader works through every view.
#: `band` is the next of 1, 2, 5, 10, 20 … below; `rounded` keeps two digits; `renewed` shows the night's key instead.
COARSENINGS = ("keep", "gone", "year", "decade", "month", "day", "band", "rounded", "prefix", "renewed", "severed")
#: How a view shows a cell of which each row says for itself how it is shown: own attributes (see `own_attributes`).
BY_ROW = "by_row"
#: Coarsenings only for views a person may look through: the warehouse's own room keeps keys and exact amounts.
FOR_PEOPLE = frozenset({"band", "rounded", "renewed", "severed"})


@dataclass(frozen=True, slots=True)
class Column:
    """One classed column. `coarse` says what everyday views show, `coarser` what anonymous ones show.

    A `sealed` column holds bytes that only the customer's own key opens; a view that masks it has no use for the key.
    Of a `by_row` column each row is classed by itself; the table's `shown_by` says which view shows it how.
    """

    name: str
    class_: Class
    category: str
    label: str
    label_zh: str
    purposes: frozenset[str] = EVERYDAY
    coarse: str = "keep"
    coarser: str = "keep"
    keep: str = "as long as the customer"
    hidden: bool = False
    sealed: bool = False
    by_row: bool = False

    def __post_init__(self) -> None:
        unknown = {self.coarse, self.coarser} - set(COARSENINGS) | self.purposes - set(PURPOSES)
        if unknown:
            raise ValueError(f"{self.name}: no such coarsening or purpose: {sorted(unknown)}")


@dataclass(frozen=True, slots=True)
class Table:
    """One classed table. `person` names the column that holds the customer's id ("" when no person is in it).

    `views` are the views it appears in; a table that appears in none is the house's own. `shown_by` names the table
    that says for each attribute through which view it is shown, and how; a row without a line there is in no view.
    Of a table whose `rows_go`, the whole row goes with the column that has outlived its keep.
    `noted` is, in SQL on the row `t`, the moment from which a `keep` "after noted" counts.
    Of a table whose `merged_stay`, rows of somebody who was merged into another may stay hers, having no room beside
    what the other has: no view shows them.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    person: str = ""
    views: frozenset[str] = field(default_factory=frozenset)
    shown_by: str = ""
    noted: str = ""
    rows_go: bool = False
    merged_stay: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when it is not classed."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name} is not classed")


def identifying(name: str, category: str, label: str, zh: str, **more: object) -> Column:
    """A column that says who somebody is, or reaches them."""
    return _column(name, Class.IDENTIFYING, category, label, zh, {"coarser": "gone", **more})


def personal(name: str, category: str, label: str, zh: str, **more: object) -> Column:
    """A column about a person that does not name them."""
    return _column(name, Class.PERSONAL, category, label, zh, more)


def sensitive(name: str, category: str, label: str, zh: str, **more: object) -> Column:
    """A column whose leak harms: health, faith, finances, orientation (PIPL 28, GDPR 9)."""
    purposes = frozenset({"service", "oversight", "sensitive_use"})
    return _column(name, Class.SENSITIVE, category, label, zh, {"coarser": "gone", "purposes": purposes, **more})


def pseudonym(name: str, label: str, zh: str, **more: object) -> Column:
    """A key that leads to a person only inside the house."""
    return _column(name, Class.PSEUDONYM, "user.unique_id.pseudonymous", label, zh, more)


def plain(name: str, label: str, zh: str, **more: object) -> Column:
    """A column that says nothing about any person."""
    return _column(name, Class.NONE, "system.operations", label, zh, {"purposes": frozenset(PURPOSES), **more})


def by_row(name: str, label: str, zh: str, *, sealed: bool = False) -> Column:
    """A column whose rows are each classed by themselves."""
    return Column(name, Class.PERSONAL, "user", label, zh, frozenset(PURPOSES), sealed=sealed, by_row=True)


def secret(name: str, label: str, zh: str) -> Column:
    """A column of the house's own that no view ever shows."""
    return _column(name, Class.NONE, "system.operations", label, zh, {"purposes": frozenset(), "hidden": True})


def house_table(name: str, meaning: str, columns: Iterable[Column | str]) -> Table:
    """A table the house itself runs on: in no view, so its columns reach nobody but the writer.

    A bare name is a column of a library's own, which means what it says and concerns nobody.
    """
    return Table(name, meaning, tuple(plain(c, c, c) if isinstance(c, str) else c for c in columns))


def _column(name: str, class_: Class, category: str, label: str, zh: str, more: dict[str, object]) -> Column:
    return Column(name, class_, category, label, zh, **more)  # type: ignore[arg-type]  # keywords checked by Column itself


def comment(column: Column) -> str:
    """What PostgreSQL's own catalogue says of the column, for an auditor with any SQL tool.

    >>> comment(personal("city", "user.contact.address.city", "City", "城市"))
    'personal | user.contact.address.city | City / 城市'
    """
    return f"{column.class_} | {column.category} | {column.label} / {column.label_zh}"
