"""Orders that events tell go into the order book: once under their number, taken back where they are refunded.

The same order in a file of the same source is the same lines, where the file has no line numbers. Running totals are
right when this returns.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
from django.db import transaction

from regulars.records.company.access import branches, company
from regulars.records.customers.actions import note_purchases, see_earlier
from regulars.records.customers.alive import held_alive
from regulars.records.events import acting
from regulars.records.events.acting import Known
from regulars.records.events.keeping import join_batches
from regulars.records.intake.access import SourceFacts
from regulars.records.intake.actions import run_of_the_day
from regulars.records.orders import actions as orders
from regulars.records.orders.told import leave_out, left_of, newest_words
from regulars.records.orders.warehouse_marks import touch_months
from regulars.records.set_aside.actions import set_aside
from regulars.rules.events.orders import LineTold, OrderTold, order_told
from regulars.rules.events.reading import Refused
from regulars.rules.intake.line_keys import line_key, order_key, unnumbered_line_key

#: So long a refund waits for its order.
WAITS: Final = timedelta(days=7)
NO_ORDER: Final = "refund_of_unknown_order"
LONGEST_RAW: Final = 4_000
Line = dict[str, Any]


@dataclass(slots=True)
class _Book:
    """What one source's events say of orders, in the order in which it happened."""

    source: SourceFacts
    run: int
    at: datetime
    zone: str
    branches: Mapping[str, int]
    products: dict[str, int] = field(default_factory=dict)
    customers: set[int] = field(default_factory=set)
    months: set[date] = field(default_factory=set)


def take_orders(
    source: SourceFacts, events: Sequence[Known], *, rules_too: Callable[[Sequence[Known]], None], at: datetime
) -> frozenset[int]:
    """The events that are done with: their orders are in the book or set aside, and `rules_too` has been called with
    them in the same transaction.

    One that takes back an order nobody has told yet is left for later, for a week; then it is set aside. For whoever is
    alone with the source, outside a transaction.
    """
    told = [(event, _told(event)) for event in events]
    orders.open_months({event.at.date() for event in events})
    with transaction.atomic():
        join_batches()
        alive = held_alive(event.customer_id for event in events)
        early = _early(source, told)
        for overdue in _overdue(told, early, at):
            del early[overdue]
            told = [(event, Refused(NO_ORDER, "order_id") if event.id == overdue else said) for event, said in told]
        done = acting.acted_on([event.id for event in events if event.id not in early])
        mine = [(event, said) for event, said in told if event.id in done and event.customer_id in alive and event.name]
        refused = [(event, said) for event, said in mine if isinstance(said, Refused)]
        run, _ = run_of_the_day(source.id, rows=len(refused), at=at)
        _set_aside(run, refused)
        _write(source, run, [(event, said) for event, said in mine if isinstance(said, OrderTold)], at)
        acting.try_later(early, at=at)
        acting.try_at_once(
            [order_key(source.ref, one.ref) for _, one in mine if isinstance(one, OrderTold) and not one.back]
        )
        rules_too([event for event, _ in mine])
    return done


def _told(event: Known) -> OrderTold | Refused:
    return order_told(event.name, orjson.loads(event.properties), currency=company().currency)


def _early(
    source: SourceFacts, told: Sequence[tuple[Known, OrderTold | Refused]]
) -> dict[int, int]:  # fmt: skip
    """Those that take back a whole order of which nothing stands, nor is told beside them; event → the order."""
    said = [(event, one, order_key(source.ref, one.ref)) for event, one in told if isinstance(one, OrderTold)]
    beside = {key for _, one, key in said if not one.back}
    whole = [(event, key) for event, one, key in said if one.back and not one.lines and key not in beside]
    return {event.id: key for event, key in whole if not left_of(event.customer_id, key)}


def _overdue(told: Sequence[tuple[Known, OrderTold | Refused]], early: Mapping[int, int], at: datetime) -> set[int]:
    """Those of them that have waited for their order as long as any does."""
    return {event.id for event, _ in told if event.id in early and event.noted_at < at - WAITS}


def _write(source: SourceFacts, run: int, told: Sequence[tuple[Known, OrderTold]], at: datetime) -> None:
    if not told:
        return
    book = _Book(source, run, at, company().timezone, {one.ref: one.id for one in branches()})
    book.products = _products(source, [line for _, said in told for line in said.lines])
    _put(book, _bought(book, [one for one in told if not one[1].back]))
    _put(book, [line for event, said in told if said.back for line in _taken_back(book, event, said)])
    ids = np.array(sorted(book.customers), np.int64)
    orders.recount(ids)
    note_purchases(ids)
    see_earlier(orders.first_days(ids, book.zone))
    touch_months(book.months, at=at)


def _bought(book: _Book, told: Iterable[tuple[Known, OrderTold]]) -> list[Line]:
    """Lines of orders of which nothing newer is known; what such an order said before and says no more is gone."""
    last = {order_key(book.source.ref, said.ref): (event, said) for event, said in told}
    placed = newest_words({key: event.at for key, (event, _) in last.items()})
    lines = list[Line]()
    for key, moment in placed.items():
        event, said = last[key]
        met: dict[str, int] = {}
        for line in said.lines:
            nth = met[line.product_ref] = met.get(line.product_ref, 0) + 1
            name = unnumbered_line_key(book.source.ref, said.ref, line.product_ref, nth)
            lines.append(_line(book, event, said, line, name, moment))
    if placed:
        owners = {last[key][0].customer_id for key in placed}
        book.months |= leave_out(owners, placed, [line["line_key"].hex() for line in lines], zone=book.zone)
        book.customers |= owners
    return lines


def _taken_back(book: _Book, event: Known, said: OrderTold) -> list[Line]:
    """What is taken back, under the number of its order and the name of the message that says so."""
    keys = (line_key(book.source.ref, said.ref, f"back {event.message_key} {nth}") for nth in range(100_000))
    if said.lines:
        return [_line(book, event, said, line, key, event.at) for line, key in zip(said.lines, keys, strict=False)]
    left = left_of(event.customer_id, order_key(book.source.ref, said.ref))
    return [
        _line(book, event, said, LineTold("", "", "", "", -one.quantity_milli, -one.amount_minor), key, event.at)
        | {"product_id": one.product_id, "branch_id": one.branch_id, "currency": one.currency}
        for one, key in zip(left, keys, strict=False)
    ]


def _line(book: _Book, event: Known, said: OrderTold, line: LineTold, key: bytes, moment: datetime) -> Line:
    return {
        "line_key": key, "ordered_at": moment, "customer_id": event.customer_id, "source_id": book.source.id,
        "order_ref": said.ref, "order_key": order_key(book.source.ref, said.ref),
        "product_id": book.products.get(line.product_ref), "branch_id": book.branches.get(said.branch_ref),
        "quantity_milli": line.quantity_milli, "amount_minor": line.amount_minor,
        "discount_minor": line.discount_minor, "currency": said.currency, "promotion_ref": None,
        "import_run_id": book.run,
    }  # fmt: skip


def _products(source: SourceFacts, lines: Iterable[LineTold]) -> dict[str, int]:
    told = {
        line.product_ref: {
            "ref": line.product_ref, "name": line.product_name, "department": "", "category": line.category,
            "brand": line.brand,
        }
        for line in lines if line.product_ref
    }  # fmt: skip
    return orders.put_products(source.id, pa.Table.from_pylist(list(told.values()), orders.PRODUCT)) if told else {}


def _put(book: _Book, lines: Sequence[Line]) -> None:
    if lines:
        written = orders.put_lines(pa.Table.from_pylist(list(lines), orders.LINE), zone=book.zone)
        book.months |= written.months
        book.customers |= written.left | {line["customer_id"] for line in lines}


def _set_aside(run: int, refused: Sequence[tuple[Known, Refused]]) -> None:
    """Each with its reason, and with what it said of the order."""
    columns = {
        "row_number": pa.array([event.id for event, _ in refused], pa.int64()),
        "reason": pa.array([why.reason for _, why in refused], pa.string()),
        "column": pa.array([why.field for _, why in refused], pa.string()),
        "value": pa.array([""] * len(refused), pa.string()), "example": pa.array([""] * len(refused), pa.string()),
        "raw": pa.array([event.properties[:LONGEST_RAW] for event, _ in refused], pa.string()),
        "ordinal": pa.nulls(len(refused), pa.int32()), "row_taken": pa.array([False] * len(refused), pa.bool_()),
    }  # fmt: skip
    set_aside(run, pa.table(columns))
