"""One chunk of order rows: checked beside the database, then laid into it, whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings as house
from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from regulars.connections.files import Chunk
from regulars.connections.key_map import UNKNOWN, KeyMap, distinct
from regulars.journeys.bought_in_run import BoughtInRun
from regulars.journeys.follow_merges import FollowMerges
from regulars.journeys.import_customers import NOTHING_OUT, PeopleToldOf, pass_by_erased
from regulars.records.company.access import branches, company
from regulars.records.company.actions import ensure_branches
from regulars.records.customers.actions import create_customers, note_purchases, refs_of_source, see_earlier
from regulars.records.intake.actions import Counts
from regulars.records.orders import actions as orders
from regulars.records.orders.desk import bought_at_desk
from regulars.records.orders.known_lines import AnythingKnown, Known, KnownLines, NothingKnown, keys_of
from regulars.records.orders.warehouse_marks import touch_months
from regulars.rules.cleaning.report import CleanedLine
from regulars.rules.intake.checking import check_orders
from regulars.rules.intake.checking_customers import people_in_orders
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.line_keys import PLACE, SeenLines
from regulars.rules.intake.references import with_references
from regulars.rules.permission.asking import Asker

Ids = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
#: Up to so many known lines their keys are held in memory; beyond, only for a file of at least a twentieth as many.
HELD_LINES = 2_000_000
HELD_PER_ROW = 20
NOBODY = 1 << 60  # numbers from here on stand for customers a dry run does not create


@dataclass(frozen=True, slots=True)
class CheckedOrders:
    """A chunk's lines that can be taken, rows set aside, what the rows tell about persons, cells left out there, and
    what was cleaned."""

    accepted: pa.Table
    refused: pa.Table
    people: pa.Table
    notices: pa.Table
    cleaned: tuple[CleanedLine, ...] = ()


class CheckOrders:
    """Checks chunk after chunk of one file, beside the database and in its own thread."""

    sealed: Final = frozenset[str]()  # an order says nothing that is only kept sealed

    def __init__(
        self, settings: ImportSettings, engine: duckdb.DuckDBPyConnection, *, delimiter: str, at: datetime
    ) -> None:
        self.settings = settings
        self.engine = engine
        self.delimiter = delimiter or ","
        self.at = at
        self.seen = SeenLines()
        self.key: bytes = house.KEYS.read("search")

    def __call__(self, chunk: Chunk) -> CheckedOrders:
        """The chunk's rows, accepted or refused."""
        rows = with_references(chunk.rows, self.settings, self.key)
        checked = check_orders(
            rows, self.settings, at=self.at, seen=self.seen, delimiter=self.delimiter, engine=self.engine
        )
        self.seen = checked.seen
        told = people_in_orders(rows, self.settings, at=self.at, engine=self.engine)
        return CheckedOrders(checked.accepted, checked.refused, told.accepted, told.notices, told.cleaned)


@dataclass(slots=True)
class WriteOrders:
    """What a source calls things, and what this run has touched, while its lines are written.

    `written_before` is how many lines the source has brought so far, `expected` how many rows the file may have.
    """

    source_id: int
    run_id: int
    settings: ImportSettings
    by: Asker
    at: datetime
    written_before: int
    expected: int
    customers: KeyMap = field(init=False)
    merges: FollowMerges = field(init=False)
    people: PeopleToldOf = field(init=False)
    products: KeyMap = field(init=False)
    known: Known = field(init=False)
    branches: dict[str, int] = field(init=False)
    told_products: set[int] = field(default_factory=set)
    bought: BoughtInRun = field(default_factory=BoughtInRun)
    home: str = field(init=False)
    zone: str = field(init=False)
    expected_new: int = 0

    def __post_init__(self) -> None:
        self.merges = FollowMerges(self.source_id)
        self.customers = KeyMap(refs_of_source(self.source_id))
        self.people = PeopleToldOf(self.source_id, self.settings, merges=self.merges, by=self.by, at=self.at)
        products = orders.known_products(self.source_id)
        self.products = KeyMap(products)
        self.told_products = {hash(row) for row in _rows(products.select(orders.PRODUCT.names))}
        self.branches = {branch.ref: branch.id for branch in branches()}
        self.known = self._known_lines()
        facts = company()
        self.home, self.zone = facts.jurisdiction, facts.timezone

    def resume(self) -> None:
        """Remember what an earlier attempt of this run touched."""
        met = orders.customers_of_run(self.run_id)
        self.bought.met.add(met)
        self.bought.changed(met)

    def make_room(self, checked: CheckedOrders) -> None:
        """Months the lines need are there. Before the transaction: opening one shuts readers out for a moment."""
        if checked.accepted.num_rows:
            orders.open_months(_months(checked.accepted["ordered_at"], "UTC"))

    def sift(self, checked: CheckedOrders) -> tuple[CheckedOrders, pa.Table]:
        """Orders are of our own customers: nothing stays out."""
        return checked, NOTHING_OUT

    def write(self, checked: CheckedOrders) -> Counts:
        """The accepted lines are there, with their customers, products and branches; what became of them."""
        if not checked.accepted.num_rows:
            return Counts()
        self._follow_merges()
        new, lines = self._prepared(checked)
        written = self._put(lines)
        self.merges.note(checked.accepted["customer_ref"], lines)
        touch_months(written.months, at=self.at)
        met = self.bought.met.add(lines["customer_id"].to_numpy())
        return Counts(
            new=written.new, changed=written.changed, same=written.same, customers_new=new, customers_matched=met - new
        )

    def weigh(self, checked: CheckedOrders) -> Counts:
        """What `write` would do, with nothing written."""
        if not checked.accepted.num_rows:
            return Counts()
        refs, places = distinct(checked.accepted["customer_ref"])
        customers = self.customers.look_up(refs)
        unknown = refs.filter(pa.array(customers == UNKNOWN))
        self.customers.learn(unknown, np.arange(len(unknown)) + NOBODY + self.expected_new)
        self.expected_new += len(unknown)
        customers = self.customers.look_up(refs)
        met = self.bought.met.add(customers[customers < NOBODY])
        ids = {
            "customer_id": pa.array(customers[places]),
            "product_id": _placed(*distinct(checked.accepted["product_ref"]), self.products.look_up),
            "branch_id": _placed(*distinct(checked.accepted["branch_ref"]), self._known_branches),
        }
        lines = _as_lines(checked.accepted, self.source_id, self.run_id, ids)
        fresh, perhaps = self._split(lines)
        stands = orders.compare_lines(perhaps)
        return Counts(
            new=fresh.num_rows + stands.new, changed=stands.changed, same=stands.same, customers_new=len(unknown),
            customers_matched=met,
        )  # fmt: skip

    def settle_totals(self) -> int:
        """Every customer touched has the running totals of her lines; how many customers have any."""
        self._follow_merges()
        known, others = self.bought.known_totals()
        counted = orders.put_totals(known) + orders.recount(others)
        orders.recount(self._met_at_the_desk_too())
        note_purchases(others)
        see_earlier(orders.first_days(self.bought.touched(), self.zone))
        return counted

    def _follow_merges(self) -> None:
        """Of whom was merged or is two again, what this run knows by heart says nothing."""
        people = self.merges.follow(self.customers)
        self.bought.changed(np.intersect1d(people, self.bought.touched()))

    def _met_at_the_desk_too(self) -> Ids:
        """Those for whom somebody took an order meanwhile: what this run knows by heart says nothing of it."""
        return np.array(bought_at_desk(self.bought.touched(), since=self.at), np.int64)

    def close(self) -> None:
        """Let go of what was held in memory."""
        self.customers.close()
        self.products.close()

    def _known_lines(self) -> Known:
        """What says which lines the source may have already. Only among mended rows may a key come twice in a file."""
        if not self.written_before and PLACE not in self.settings.headers:
            return NothingKnown()
        if self.written_before > max(HELD_LINES, HELD_PER_ROW * self.expected):
            return AnythingKnown()
        return KnownLines.of_source(self.source_id, self.written_before + self.expected)

    def _prepared(self, checked: CheckedOrders) -> tuple[int, pa.Table]:
        """(how many customers are new, the lines as the vault keeps them)."""
        accepted = checked.accepted
        customers, new = self._customer_ids(accepted, checked.people)
        ids = {
            "customer_id": customers,
            "product_id": self._product_ids(accepted),
            "branch_id": self._branch_ids(accepted),
        }
        return new, _as_lines(accepted, self.source_id, self.run_id, ids)

    def _customer_ids(self, accepted: pa.Table, people: pa.Table) -> tuple[pa.Array, int]:
        """(for every row its customer, how many of them are new). What the rows tell about persons is told on."""
        refs, places = distinct(accepted["customer_ref"])
        pass_by_erased(self.customers, refs, self.source_id, self.run_id)
        ids = self.customers.look_up(refs)
        unknown = ids == UNKNOWN
        days = _first_days(accepted["ordered_on"], places, len(refs))
        self._tell(refs, ids, unknown, days, people)
        self._create(refs, ids, ids == UNKNOWN, days)
        self.customers.learn(refs.filter(pa.array(unknown)), ids[unknown])
        self.bought.created(ids[unknown])
        return pa.array(ids[places]), int(unknown.sum())

    def _tell(self, refs: pa.Array, ids: Ids, unknown: Flags, days: Ids, people: pa.Table) -> None:
        """Those the rows tell something about: new ones are created with it, known ones learn it."""
        where = pc.index_in(people["customer_ref"], value_set=refs)
        people, where = people.filter(pc.is_valid(where)), pc.drop_null(where).to_numpy()
        if not len(where):
            return
        new = unknown[where]
        fresh, known = people.filter(pa.array(new)), people.filter(pa.array(~new))
        ids[where[new]] = self.people.create(fresh, stage="customer", first_seen_on=_as_days(days[where[new]]))
        self.people.tell(known, ids[where[~new]])

    def _create(self, refs: pa.Array, ids: Ids, unknown: Flags, days: Ids) -> None:
        """Those of whom only the reference is known."""
        kept = refs.filter(pa.array(unknown))
        homes = pa.repeat(pa.scalar(self.home), len(kept))
        told = pa.table({"ref": kept, "first_seen_on": _as_days(days[unknown]), "jurisdiction": homes})
        ids[unknown] = create_customers(told, source_id=self.source_id, stage="customer", by=self.by, at=self.at)
        self.people.close_what_terms_exclude(ids[unknown])

    def _product_ids(self, accepted: pa.Table) -> pa.Array:
        renamed = {"product_ref": "ref", "product_name": "name"}
        columns = ["product_ref", "product_name", "department", "category", "brand"]
        told = accepted.select(columns).rename_columns([renamed.get(name, name) for name in columns])
        self._learn_products(told)
        return _placed(*distinct(accepted["product_ref"]), self.products.look_up)

    def _learn_products(self, told: pa.Table) -> None:
        """Products not met before, or said something else about, are told to the vault once."""
        different = told.filter(pc.is_valid(told["ref"])).group_by(told.column_names).aggregate([])
        rows = _rows(pa.table({name: pc.fill_null(different[name], "") for name in different.column_names}))
        news = {row[0]: row for row in rows if hash(row) not in self.told_products}
        if not news:
            return
        self.told_products.update(map(hash, rows))
        ids = orders.put_products(
            self.source_id, pa.table(list(zip(*news.values(), strict=True)), schema=orders.PRODUCT)
        )
        refs = pa.array(list(ids), pa.string())
        fresh = pa.array(self.products.look_up(refs) == UNKNOWN)
        self.products.learn(refs.filter(fresh), pa.array(list(ids.values()), pa.int64()).filter(fresh))

    def _branch_ids(self, accepted: pa.Table) -> pa.Array:
        refs, places = distinct(accepted["branch_ref"])
        if missing := [name for name in refs.to_pylist() if name not in self.branches]:
            self.branches |= ensure_branches(missing)
        return _placed(refs, places, self._known_branches)

    def _known_branches(self, refs: pa.Array) -> Ids:
        return np.array([self.branches.get(name, UNKNOWN) for name in refs.to_pylist()], np.int64)

    def _put(self, lines: pa.Table) -> orders.Written:
        fresh, perhaps = self._split(lines)
        self.known.add(keys_of(lines))
        try:
            with transaction.atomic():
                orders.add_new_lines(fresh)
        except (IntegrityError, UniqueViolation):  # the source had lines its imports do not know of
            fresh, perhaps = lines.slice(0, 0), lines
        put = orders.put_lines(perhaps, zone=self.zone)
        self._note_bought(fresh, perhaps, put)
        return replace(put, new=put.new + fresh.num_rows, months=put.months | _months(fresh["ordered_at"], self.zone))

    def _note_bought(self, fresh: pa.Table, perhaps: pa.Table, put: orders.Written) -> None:
        """Lines that only might have been known, and were not, were simply added like the rest."""
        if put.new == perhaps.num_rows:
            fresh = pa.concat_tables([fresh, perhaps])
        elif put.new or put.changed:
            self.bought.changed(perhaps["customer_id"].to_numpy())
        left = np.array(sorted(put.left), np.int64)
        self.bought.changed(left)
        self.bought.added(fresh)
        # Who has lost a line and has none here would be forgotten if this run were killed before its totals.
        orders.recount(np.setdiff1d(left, perhaps["customer_id"].to_numpy()))

    def _split(self, lines: pa.Table) -> tuple[pa.Table, pa.Table]:
        """(lines that are certainly new, lines that may be known)."""
        known = self.known.may_know(keys_of(lines))
        if not known.any():
            return lines, lines.slice(0, 0)
        return lines.filter(pa.array(~known)), lines.filter(pa.array(known))


def _as_lines(accepted: pa.Table, source_id: int, run_id: int, ids: dict[str, pa.Array]) -> pa.Table:
    """Accepted rows in the shape of the vault; what the file does not say is nought or nothing."""
    rows = accepted.num_rows
    unknown = dict.fromkeys(("customer_id", "product_id", "branch_id"), pa.nulls(rows, pa.int64()))
    constant = {
        "source_id": pa.repeat(pa.scalar(source_id, pa.int64()), rows),
        "import_run_id": pa.repeat(pa.scalar(run_id, pa.int64()), rows),
        "discount_minor": pc.fill_null(accepted["discount_minor"], 0),
    }
    columns = {**unknown, **ids, **constant}
    return pa.table({name: columns[name] if name in columns else accepted[name] for name in orders.LINE.names})


def _first_days(days: pa.ChunkedArray, places: Ids, refs: int) -> Ids:
    """For each reference the first of its rows' days, as days since 1970."""
    first = np.full(refs, np.iinfo(np.int64).max, np.int64)
    np.minimum.at(first, places, pc.cast(days, pa.int32()).to_numpy())
    return first


def _as_days(days: Ids) -> pa.Array:
    return pa.array(days.astype(np.int32)).cast(pa.date32())


def _placed(refs: pa.Array, places: Ids, look_up: Callable[[pa.Array], Ids]) -> pa.Array:
    """For every row the number of its reference, null where it has none."""
    if not len(refs):
        return pa.nulls(len(places), pa.int64())
    return pa.array(look_up(refs)[places], mask=places < 0)


def _rows(table: pa.Table) -> list[tuple[str, ...]]:
    """The table's rows as tuples."""
    columns = [column.to_pylist() for column in table.columns]
    return list(zip(*columns, strict=True))


def _months(moments: pa.ChunkedArray, zone: str) -> set[Any]:
    """First days of the months, in the zone's calendar, in which the moments lie."""
    local = pc.local_timestamp(pc.cast(moments, pa.timestamp("us", zone)))
    return set(pc.cast(pc.unique(pc.floor_temporal(local, unit="month")), pa.date32()).to_pylist())
