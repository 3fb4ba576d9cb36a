"""The reading door of one customer's purchases; asked with an opened file, read through its opener's view."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from regulars.connections.postgres.asking import Asking, Row, ask, ask_one, door, first, question
from regulars.records.customers.access import Opened
from regulars.rules.permission.asking import Asker

#: Order lines lie in one table per month. The first look goes back as far as so many orders lie at her usual pace, and
#: as long again: it opens some of the tables, and seldom needs a second look.
SPARE = 2
EVER = datetime(1, 1, 2, tzinfo=UTC)
MONTH = timedelta(days=31)
LINES_PER_ORDER = 60


@dataclass(frozen=True, slots=True)
class Activity:
    """A customer's running totals, as right as the last import; money in minor units."""

    first_at: datetime
    last_at: datetime
    orders: int
    lines: int
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class OrderLineFacts:
    """One line of an order; returned goods are negative. Quantity in thousandths, money in minor units."""

    product: str
    category: str
    quantity_milli: int
    amount_minor: int
    discount_minor: int
    promotion_ref: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """One order, its lines from the dearest down."""

    key: int
    ref: str
    at: datetime
    branch: str | None
    source: str | None
    currency: str
    lines: tuple[OrderLineFacts, ...] = ()

    @property
    def amount_minor(self) -> int:
        """What was paid, all lines together; negative when more came back than went."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def discount_minor(self) -> int:
        """What was taken off, all lines together."""
        return sum(line.discount_minor for line in self.lines)


_HEAD = 6
# The product is looked up line by line; a join would read all products (see connections/postgres/asking).
_LINES = """
SELECT o.order_key, o.order_ref, o.ordered_at, b.name, s.name, o.currency,
       p.name, p.category, o.quantity_milli, o.amount_minor, o.discount_minor, o.promotion_ref
  FROM (SELECT * FROM order_line WHERE customer_id = %s AND {narrowed}) o
  LEFT JOIN branch b ON b.id = o.branch_id
  LEFT JOIN source s ON s.id = o.source_id
  LEFT JOIN LATERAL (SELECT name, category FROM product WHERE id = o.product_id LIMIT 1) p ON true
"""
_NEWEST = "ordered_at >= %s AND ordered_at < %s ORDER BY ordered_at DESC, order_key LIMIT %s"
_BETWEEN = f"{_LINES.format(narrowed=_NEWEST)} ORDER BY o.ordered_at DESC, o.order_key"
_ONE = _LINES.format(narrowed="ordered_at = %s AND order_key = %s")
_ACTIVITY = f"SELECT {', '.join(Activity.__dataclass_fields__)} FROM customer_activity WHERE customer_id = %s"  # noqa: S608  (names of fields)
_LAST = "SELECT customer_id, last_at FROM customer_activity WHERE customer_id = ANY (%s)"
_ANY = "SELECT 1 FROM order_line WHERE customer_id = %s AND order_ref = %s LIMIT 1"


@door
def activity_of(opened: Opened) -> Asking[Activity | None]:
    """The running totals, or None before the first order."""
    row = first((yield from question(opened.by.view, _ACTIVITY, [opened.id])))
    return Activity(*row) if row else None


@door
def last_visits(ids: Iterable[int], *, by: Asker) -> Asking[dict[int, datetime]]:
    """Customer id → moment of the last order, for those of a list just found; who has none is missing."""
    return dict((yield from question(by.view, _LAST, [list(ids)])))


@door
def orders_of(opened: Opened, *, before: datetime, newest: int = 12) -> Asking[list[Order]]:
    """The newest orders placed before a moment, newest first, with their lines."""
    _, orders = yield from purchases_of.asked(opened, before=before, newest=newest)
    return orders


@door
def purchases_of(
    opened: Opened, *, before: datetime, newest: int = 12
) -> Asking[tuple[Activity | None, list[Order]]]:  # fmt: skip
    """The running totals, and the newest orders before a moment; the totals tell in which months to look first."""
    totals = yield from activity_of.asked(opened)
    since = _since(totals, before, newest)
    orders = _gathered((yield from _lines(opened, since, before, newest)))
    if len(orders) < newest and totals and since > totals.first_at:
        orders += _gathered((yield from _lines(opened, totals.first_at, since, newest - len(orders))))
    return totals, orders[:newest]


def order_of(opened: Opened, key: int, *, at: datetime) -> Order | None:
    """The order of that key placed at that moment, or None if this customer has none."""
    return next(iter(_gathered(ask(opened.by.view, _ONE, [opened.id, at, key]))), None)


def has_order(opened: Opened, ref: str) -> bool:
    """Whether the customer ever placed an order of that number."""
    return ask_one(opened.by.view, _ANY, [opened.id, ref]) is not None


def _since(totals: Activity | None, before: datetime, newest: int) -> datetime:
    """From when on so many orders are likely to be found."""
    if totals is None or totals.orders <= newest:
        return totals.first_at if totals else EVER
    stretch = (totals.last_at - totals.first_at) * (SPARE * newest / totals.orders)
    return max(totals.first_at, min(before, totals.last_at) - max(stretch, MONTH))


def _lines(opened: Opened, since: datetime, before: datetime, orders: int) -> Asking[list[Row]]:
    return question(opened.by.view, _BETWEEN, [opened.id, since, before, orders * LINES_PER_ORDER])


def _gathered(rows: Iterable[Row]) -> list[Order]:
    """Lines that lie together become orders."""
    return [_order(key, [row[_HEAD:] for row in lines]) for key, lines in groupby(rows, lambda row: row[:_HEAD])]


def _order(head: Row, rows: list[Row]) -> Order:
    lines = [OrderLineFacts(row[0] or "", row[1] or "", *row[2:]) for row in rows]
    return Order(*(*head, tuple(sorted(lines, key=lambda line: -line.amount_minor))))
