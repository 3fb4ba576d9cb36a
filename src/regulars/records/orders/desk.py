"""The doors of orders taken by hand: written into the same book as imported ones, the running totals right at once.

Its lines bear the source `order-desk`; beside them stands how the order came and what is still to be done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from django.db import connection, transaction

from regulars.connections.postgres.asking import Asking, ask, door, question
from regulars.records.access_log.actions import note_access, note_change
from regulars.records.company.access import company
from regulars.records.customers.access import Opened
from regulars.records.customers.actions import note_purchases, see_earlier
from regulars.records.customers.needed import needs_reason, reasons_among
from regulars.records.customers.within_reach import unnamed, within_reach
from regulars.records.orders.actions import LINE, add_new_lines, first_days, open_months, recount
from regulars.records.orders.models import DeskOrder, ProductPrice
from regulars.records.orders.warehouse_marks import touch_months
from regulars.rules.intake.line_keys import line_key, order_key
from regulars.rules.orders.typed import PricedLine
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere
from regulars.rules.permission.need_to_know import wider

SOURCE: Final = "order-desk"
CHANNELS: Final = ("counter", "phone", "web")
OPEN, HANDED_OVER, CLOSED = "open", "handed_over", "closed"
#: Among so many open orders, those are looked for that somebody has a reason to see.
AT_MOST: Final = 1_000
# The row of the totals is held before they are counted, so that nobody who counts at this moment overwrites them.
_HOLD: Final = "SELECT id FROM customer WHERE id = %s AND erased_at IS NULL FOR NO KEY UPDATE"
_HOLD_TOTALS: Final = "SELECT 1 FROM customer_activity WHERE customer_id = %s FOR UPDATE"
_LINE_IDS: Final = "customer_id = %s AND order_ref = %s"
_RETURNABLE: Final = f"""
SELECT product_id, sum(quantity_milli), sum(amount_minor) FROM order_line
 WHERE {_LINE_IDS} AND product_id IS NOT NULL AND quantity_milli > 0 GROUP BY product_id
"""  # noqa: S608  (our own words)
_RETURNED: Final = """
SELECT o.product_id, -sum(o.quantity_milli), -sum(o.amount_minor) FROM desk_order d
  JOIN order_line o ON o.customer_id = d.customer_id AND o.order_ref = d.ref AND o.quantity_milli < 0
 WHERE d.customer_id = %s AND d.returns_ref = %s GROUP BY o.product_id
"""


@dataclass(frozen=True, slots=True)
class OrderTaken:
    """An order as it is to be booked."""

    key: UUID
    source_id: int
    channel: str
    branch_id: int | None
    lines: tuple[PricedLine, ...]
    promised_on: date | None = None
    returns_ref: str = ""


@dataclass(frozen=True, slots=True)
class DeskOrderFacts:
    """An order taken by hand; open while something is still to be done of it."""

    ref: str
    channel: str
    branch: str | None
    taken_by: str | None
    taken_at: datetime
    promised_on: date | None
    returns_ref: str
    state: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Returnable:
    """How much of a product may come back, in thousandths, and how much of what was paid for it has not been given back
    yet, in minor units."""

    left_milli: int
    left_minor: int


@dataclass(frozen=True, slots=True)
class DeskOrderLine:
    """One open order in a list of those that wait to be handed over."""

    order: DeskOrderFacts
    number: str
    name: str | None
    invented: bool


_FIELDS: Final = "t.ref, t.channel, b.name, t.taken_by, t.taken_at, t.promised_on, t.returns_ref, t.state, t.closed_at"
_WAITING: Final = f"""
SELECT {_FIELDS}, c.number, c.name, c.invented, t.customer_id
  FROM desk_order t JOIN LATERAL ({{whose}}) c ON true LEFT JOIN branch b ON b.id = t.branch_id
 WHERE t.state = 'open' ORDER BY t.promised_on NULLS LAST, t.taken_at DESC LIMIT %s
"""  # noqa: S608  (names of fields)
_OPEN_AMONG: Final = """
SELECT customer_id, count(*) FROM desk_order WHERE customer_id = ANY (%s) AND state = 'open' GROUP BY customer_id
"""
_HERS: Final = f"""
SELECT {_FIELDS} FROM desk_order t LEFT JOIN branch b ON b.id = t.branch_id
 WHERE t.customer_id = %s ORDER BY t.taken_at DESC, t.id DESC LIMIT %s
"""  # noqa: S608  (names of fields)
_NUMBER_OF: Final = "SELECT c.number FROM desk_order t JOIN LATERAL ({whose}) c ON true WHERE t.ref = %s"


def make_room(at: datetime) -> None:
    """There is a place for orders of that moment. Before the transaction that books one: it would shut readers out."""
    open_months([at.astimezone(ZoneInfo("UTC")).date()])


def taken_before(key: UUID) -> str | None:
    """The number of the order that was made under this key, if one was."""
    return DeskOrder.objects.filter(key=key).values_list("ref", flat=True).first()


def hold_customer(opened: Opened) -> None:
    """Nobody else books or takes back anything of hers before this transaction has ended; NotThere when she is gone."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [opened.id])
        if cursor.fetchone() is None:
            raise NotThere("customer_not_there")
        cursor.execute(_HOLD_TOTALS, [opened.id])


def book_order(opened: Opened, taken: OrderTaken, *, at: datetime) -> str:
    """The number of the order, which is in the book with the customer's totals when the transaction commits.

    BadInput for an unknown channel; NotThere when she was erased meanwhile. The caller has asked `taken_before`, and
    holds whatever makes the key hers alone; a key that was booked all the same is an IntegrityError.
    """
    if taken.channel not in CHANNELS:
        raise BadInput("order_channel_unknown", {"value": taken.channel[:40]})
    with transaction.atomic():
        hold_customer(opened)
        made = DeskOrder.objects.create(
            key=taken.key, ref=taken.key.hex, customer_id=opened.id, channel=taken.channel, branch_id=taken.branch_id,
            taken_by=opened.by.name, taken_at=at, promised_on=taken.promised_on, returns_ref=taken.returns_ref,
            state=OPEN if taken.promised_on else HANDED_OVER, closed_at=None if taken.promised_on else at,
        )  # fmt: skip
        ref = f"D-{made.id}"
        DeskOrder.objects.filter(id=made.id).update(ref=ref)
        add_new_lines(_as_lines(opened.id, ref, taken, at))
        _settle(opened.id, taken.lines, at)
        note_change(opened.by, door="book_order", subject="order", field="state", old=None, new=ref,
                    customer_id=opened.id)  # fmt: skip
    return ref


def hand_over(opened: Opened, ref: str, *, at: datetime) -> None:
    """Nothing is left to be done of the order; NotThere when she has no open one of that number."""
    with transaction.atomic():
        hers = DeskOrder.objects.filter(ref=ref, customer_id=opened.id, state=OPEN)
        if not hers.update(state=HANDED_OVER, closed_at=at):
            raise NotThere("order_not_open")
        note_change(opened.by, door="hand_over", subject="order", field="state", old=OPEN, new=HANDED_OVER,
                    customer_id=opened.id)  # fmt: skip


def close_orders(customer_id: int, *, at: datetime) -> int:
    """How many of her orders nobody has to hand over any more: for erasing her."""
    return DeskOrder.objects.filter(customer_id=customer_id, state=OPEN).update(state=CLOSED, closed_at=at)


def customer_number_of_order(ref: str, *, by: Asker) -> str | None:
    """Whose order that is, if it was taken by hand and she is in the asker's view and of her branches: the number her
    file is opened by."""
    whose, values = within_reach(by)
    rows = ask(wider(by.view), _NUMBER_OF.format(whose=whose), [*values, ref]) if ref.isprintable() else []
    return rows[0][0] if rows else None


def may_be_returned(opened: Opened, ref: str) -> dict[int, Returnable]:
    """Product id → how much of the order of that number may still come back; empty for no order of hers."""
    bought = ask(opened.by.view, _RETURNABLE, [opened.id, ref]) if ref.isprintable() else []
    rows = ask(opened.by.view, _RETURNED, [opened.id, ref]) if bought else []
    back = {product: (int(quantity), int(amount)) for product, quantity, amount in rows}
    left = {}
    for product, quantity, amount in bought:
        came, given = back.get(product, (0, 0))
        left[product] = Returnable(int(quantity) - came, int(amount) - given)
    return left


@door
def open_orders_among(ids: Iterable[int], *, by: Asker) -> Asking[dict[int, int]]:
    """Customer id → how many orders of hers wait to be handed over, of a list just found."""
    rows = yield from question(by.view, _OPEN_AMONG, [list(ids)])
    return {who: int(many) for who, many in rows}


@door
def desk_orders_of(opened: Opened, *, newest: int = 20) -> Asking[list[DeskOrderFacts]]:
    """Her orders that were taken by hand, newest first."""
    rows = yield from question(opened.by.view, _HERS, [opened.id, newest])
    return [DeskOrderFacts(*row) for row in rows]


def orders_waiting(*, by: Asker, because: str, limit: int = 50) -> list[DeskOrderLine]:
    """Orders to be handed over within the asker's view and branches, those promised first on top."""
    whose, values = within_reach(by)
    most = AT_MOST if needs_reason(by) else limit
    rows = ask(wider(by.view), _WAITING.format(whose=whose), [*values, most])
    if needs_reason(by):
        given = reasons_among({row[-1] for row in rows}, by=by)
        rows = [row for row in rows if row[-1] in given][:limit]
    cut = len(DeskOrderFacts.__dataclass_fields__)
    lines = unnamed([DeskOrderLine(DeskOrderFacts(*row[:cut]), *row[cut:-1]) for row in rows], by=by, name=None)
    note_access(by, door="orders_waiting", because=because, rows=len(lines))
    return lines


def bought_at_desk(customers: "np.ndarray[Any, np.dtype[np.int64]]", *, since: datetime) -> list[int]:
    """Those of these customers for whom somebody took an order since then."""
    bought = DeskOrder.objects.filter(taken_at__gte=since).values_list("customer_id", flat=True).distinct()
    return [int(one) for one in np.intersect1d(customers, np.fromiter(bought.iterator(), np.int64))]


def _as_lines(customer_id: int, ref: str, taken: OrderTaken, at: datetime) -> pa.Table:
    key = order_key(SOURCE, ref)
    return pa.Table.from_pylist(
        [
            {
                "line_key": line_key(SOURCE, ref, str(place + 1)), "ordered_at": at, "customer_id": customer_id,
                "source_id": taken.source_id, "order_ref": ref, "order_key": key, "product_id": line.product_id,
                "branch_id": taken.branch_id, "quantity_milli": line.quantity_milli, "amount_minor": line.amount_minor,
                "discount_minor": line.discount_minor, "currency": company().currency, "promotion_ref": None,
                "import_run_id": None,
            }
            for place, line in enumerate(taken.lines)
        ],
        schema=LINE,
    )  # fmt: skip


def _settle(customer_id: int, lines: Sequence[PricedLine], at: datetime) -> None:
    """Totals, first day, prices and the warehouse's month follow."""
    who, zone = np.array([customer_id], np.int64), company().timezone
    recount(who)
    note_purchases(who)
    see_earlier(first_days(who, zone))
    touch_months([at.astimezone(ZoneInfo(zone)).date()], at=at)
    prices = {line.product_id: _price(line) for line in lines if not line.is_return and line.amount_minor > 0}
    ProductPrice.objects.bulk_create(
        [
            ProductPrice(product_id=product, price_minor=price, currency=company().currency, seen_at=at)
            for product, price in sorted(prices.items())
        ],
        update_conflicts=True, unique_fields=["product"], update_fields=["price_minor", "currency", "seen_at"],
    )  # fmt: skip


def _price(line: PricedLine) -> int:
    return round((line.amount_minor + line.discount_minor) * 1000 / line.quantity_milli)
