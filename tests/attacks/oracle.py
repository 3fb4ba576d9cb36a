"""What a view has to show, worked out in Python from all that has happened: whose rows, and what stands in them.

One oracle for the views of the house, for those limited to a branch or a brand, and for partners'. Whose rows are there
follows from what each person said and did; what stands in them from the vault, and from the dictionary what of it is
masked or made coarse. No SQL has a part in it.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from regulars.rules.permission.choices import Choice, Scope, covers, what_holds
from regulars.rules.permission.youth import Youth, youth_of
from regulars.rules.privacy.dictionary import BY_ROW, Table
from regulars.rules.privacy.views import BY_NAME, View, treatment

DISCLOSURE = "third_party_disclosure"
Row = dict[str, Any]
Rows = Counter[tuple[Any, ...]]
#: What is about nobody and seen by whoever is limited, too.
FOR_ALL = frozenset({"company", "branch", "statement", "product"})
#: Books to which one only adds tell of whom they were written, whoever she was merged into.
BOOKS = frozenset({"choice_entry"})
BANDS = [step * 10**zeros for zeros in range(19) for step in (1, 2, 5)]


def band(amount: int) -> int:
    """The next of 1, 2, 5, 10, 20 … towards nothing."""
    return max((one for one in BANDS if one <= abs(amount)), default=0) * (-1 if amount < 0 else 1)


def rounded(amount: int) -> int:
    """With two digits, halves away from nothing."""
    step = Decimal(10 ** max(0, len(str(abs(amount))) - 2))
    return int((amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step)


COARSE: dict[str, Callable[[Any], Any]] = {
    "keep": lambda value: value,
    "gone": lambda value: None,
    "year": lambda day: day.replace(month=1, day=1),
    "decade": lambda day: day.replace(year=day.year // 10 * 10, month=1, day=1),
    "month": lambda day: day.replace(day=1),
    "day": lambda moment: moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0),
    "prefix": lambda text: text[:2],
    "band": band,
    "rounded": rounded,
}


@dataclass
class Person:
    """Somebody in the vault, and what has happened with her. `key` is the night's, `names` are hers with partners,
    `into` is who she was merged into."""

    id: int
    number: str
    jurisdiction: str
    birth_on: date | None
    home: int | None
    said: list[Choice] = field(default_factory=list)
    brands: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    erased: bool = False
    key: int | None = None
    into: "Person | None" = None

    @property
    def gone(self) -> bool:
        """Whether she is out of sight."""
        return self.erased or self.into is not None

    def is_within(self, view: View, on: date) -> bool:
        """Whether she allows what the view is for, and is inside all its bounds."""
        return (
            (not view.allows or what_holds(self.said, self.jurisdiction, self.youth(on))[view.allows])
            and (not view.opened_by or view.name in self.opened)
            and (not view.within.branches or self.home in view.within.branches)
            and (not view.within.brands or not self.brands.isdisjoint(view.within.brands))
        )

    def youth(self, on: date) -> Youth:
        """How the law sees her that day."""
        return youth_of(self.jurisdiction, "", self.birth_on, on=on)


@dataclass(frozen=True)
class Partner:
    """A partner and its contract: for which brand and topic, until when, and how it is shown each column it names."""

    id: int
    key: str
    secret: bytes
    until: date
    shown: Mapping[str, Mapping[str, str]]
    brand: str = ""
    topic: str = ""

    def may_see(self, one: Person, on: date) -> bool:
        """Whether she has a name with it, the contract runs, and what she said covers its use."""
        use = Scope(DISCLOSURE, "", self.brand, self.topic)
        told = self.key in one.names and not one.gone and on <= self.until
        return told and covers(use, one.said, one.jurisdiction, one.youth(on))

    def name_of(self, customer_id: int) -> str:
        """What it calls her."""
        return hmac.new(self.secret, f"customer:{customer_id}".encode(), hashlib.sha256).hexdigest()[:32]


@dataclass
class World:
    """Everybody, the day, and what lies in the vault."""

    on: date
    people: list[Person]
    vault: Mapping[str, list[Row]]

    def through(self, view: View, table: Table) -> Rows:
        """The rows that view shows of the table, in the order of its columns."""
        return Counter(
            tuple(self._cells(row, view, table)) for row in self.vault[table.name] if self._is_there(row, view, table)
        )

    def told(self, partner: Partner, table: Table) -> Rows:
        """The rows that partner is shown of the table: its name for the person, and the columns of its contract."""
        there = {one.id for one in self.people if partner.may_see(one, self.on)}
        shown = partner.shown[table.name].items()
        return Counter(
            (partner.name_of(row[table.person]), *(_coarse(how, row[name]) for name, how in shown))
            for row in self.vault[table.name]
            if row[table.person] in there
        )

    def _is_there(self, row: Row, view: View, table: Table) -> bool:
        if table.person and not self._is_seen(self._whose(row, table), view, table):
            return False
        if table.shown_by and not self._shape(row, view):
            return False
        bounded = view.within.brands and table.name in ("order_line", "product")
        return not bounded or self._brand(row["product_id" if table.person else "id"]) in view.within.brands

    def _is_seen(self, one: Person, view: View, table: Table) -> bool:
        """Where a view leaves nobody out but the erased, their purchases stay, as somebody's; of who was merged into
        another only what she said stays."""
        leaves_out = view.allows or view.opened_by or view.within or table.name == "customer"
        if leaves_out and (one.gone or not one.is_within(view, self.on)):
            return False
        if one.into and table.name not in BOOKS:
            return False
        return not view.renewed_keys or one.key is not None

    def _cells(self, row: Row, view: View, table: Table) -> Iterator[Any]:
        base = BY_NAME[view.cells_of]
        for column in table.columns:
            how = treatment(column, base)
            if how == "renewed":
                yield self._whose(row, table).key
            else:
                yield _coarse(self._shape(row, view) if how == BY_ROW else how, row[column.name])

    def _whose(self, row: Row, table: Table) -> Person:
        return next(one for one in self.people if one.id == row[table.person])

    def _shape(self, row: Row, view: View) -> str:
        wanted = (row["attribute_id"], view.cells_of)
        return next((s["shape"] for s in self.vault["own_shown"] if (s["attribute_id"], s["view"]) == wanted), "")

    def _brand(self, product_id: int) -> str:
        return next(str(one["brand"]) for one in self.vault["product"] if one["id"] == product_id)


def is_in(view: View, table: Table) -> bool:
    """Whether the view has the table: who is limited sees what is about people, and little else."""
    return view.cells_of in table.views and bool(not view.within or table.person or table.name in FOR_ALL)


def _coarse(how: str, value: Any) -> Any:
    return None if value is None else COARSE[how](value)
