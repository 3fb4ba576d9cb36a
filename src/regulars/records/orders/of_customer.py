"""The reading door of one customer's purchases; asked with an opened file, read through its opener's view."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from regulars.records.customers.access import Opened
from regulars.records.orders.models import CustomerActivity, OrderLine
from regulars.rules.permission.asking import Asker

#: Order lines lie in one table per month: looking at half a year first opens six of them instead of all.
RECENT = timedelta(days=184)
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


_ORDER = ("order_key", "order_ref", "ordered_at", "branch__name", "source__name", "currency")
_LINE = ("product__name", "product__category", "quantity_milli", "amount_minor", "discount_minor", "promotion_ref")
_ACTIVITY = tuple(Activity.__dataclass_fields__)


def activity_of(opened: Opened) -> Activity | None:
    """The running totals, or None before the first order."""
    row = CustomerActivity.objects.using(opened.by.view).filter(customer_id=opened.id).values_list(*_ACTIVITY).first()
    return Activity(*row) if row else None


def last_visits(ids: Iterable[int], *, by: Asker) -> dict[int, datetime]:
    """Customer id → moment of the last order, for those of a list just found; who has none is missing."""
    found = CustomerActivity.objects.using(by.view).filter(customer_id__in=list(ids))
    return dict(found.values_list("customer_id", "last_at"))


def orders_of(opened: Opened, *, before: datetime, newest: int = 12) -> list[Order]:
    """The newest orders placed before a moment, newest first, with their lines."""
    recent = _orders(opened, before, since=before - RECENT, newest=newest)
    return recent if len(recent) == newest else _orders(opened, before, since=None, newest=newest)


def order_of(opened: Opened, key: int, *, at: datetime) -> Order | None:
    """The order of that key placed at that moment, or None if this customer has none."""
    lines = OrderLine.objects.using(opened.by.view).filter(customer_id=opened.id, ordered_at=at, order_key=key)
    return next(iter(_gathered(lines.values_list(*_ORDER, *_LINE))), None)


def has_order(opened: Opened, ref: str) -> bool:
    """Whether the customer ever placed an order of that number."""
    return OrderLine.objects.using(opened.by.view).filter(customer_id=opened.id, order_ref=ref).exists()


def _orders(opened: Opened, before: datetime, since: datetime | None, newest: int) -> list[Order]:
    lines = OrderLine.objects.using(opened.by.view).filter(customer_id=opened.id, ordered_at__lt=before)
    if since is not None:
        lines = lines.filter(ordered_at__gte=since)
    rows = lines.order_by("-ordered_at", "order_key").values_list(*_ORDER, *_LINE)[: newest * LINES_PER_ORDER]
    return _gathered(rows)[:newest]


def _gathered(rows: Iterable[tuple[Any, ...]]) -> list[Order]:
    """Lines that lie together become orders."""
    return [
        _order(key, [row[len(_ORDER) :] for row in lines])
        for key, lines in groupby(rows, lambda row: row[: len(_ORDER)])
    ]


def _order(head: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> Order:
    lines = [OrderLineFacts(row[0] or "", row[1] or "", *row[2:]) for row in rows]
    return replace(Order(*head), lines=tuple(sorted(lines, key=lambda line: -line.amount_minor)))
