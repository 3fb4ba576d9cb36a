"""Somebody orders at the counter, by phone or on the web: the customer is found or taken in, and the order is booked.

One transaction: she, what she said about her data, the order, its lines in the same book as imported ones, and her
running totals. A draft is kept at every step; placed twice, it is one order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from regulars.journeys.take_in_customer import (
    ChoiceSaid,
    check_new,
    look_over,
    perhaps_known,
    take_in_customer,
)
from regulars.records.access_log.actions import note_denial
from regulars.records.company.access import BranchFacts, branches, company
from regulars.records.customers.access import Opened, open_customer
from regulars.records.intake.actions import ensure_source
from regulars.records.orders.desk import (
    CHANNELS,
    SOURCE,
    OrderTaken,
    Returnable,
    book_order,
    customer_number_of_order,
    hand_over,
    hold_customer,
    make_room,
    may_be_returned,
    taken_before,
)
from regulars.records.orders.drafts import empty_draft, hold_draft
from regulars.records.orders.selling import products_of
from regulars.rules.cleaning.person import CleanedPerson, TypedPerson
from regulars.rules.intake.money import digits_of
from regulars.rules.orders.typed import Objection, PricedLine, TypedLine, price_lines
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

BECAUSE: Final = "order"
MAY_SELL: Final = frozenset({"service"})
NAME_OF_SOURCE: Final = "Order desk"
#: How she says what she allows, by how the order came.
SAID_BY: Final[Mapping[str, str]] = {"counter": "counter", "phone": "phone", "web": "portal"}


@dataclass(frozen=True, slots=True)
class OrderAsked:
    """An order as it was typed. `customer` is the number of somebody known; else `person` is taken in, `surely_new`
    when whoever serves her has looked at those she might be. `returns_ref` is the order that goods come back from."""

    lines: tuple[TypedLine, ...]
    customer: str = ""
    person: TypedPerson = field(default_factory=TypedPerson)
    choices: tuple[ChoiceSaid, ...] = ()
    surely_new: bool = False
    channel: str = "counter"
    branch_id: int | None = None
    promised_on: date | None = None
    returns_ref: str = ""


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """The number of the order and whose it is; `again` when it had been placed before."""

    ref: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the lines come to, in minor units, and every objection."""

    lines: tuple[PricedLine, ...]
    objections: tuple[Objection, ...]
    currency: str

    @property
    def total_minor(self) -> int:
        """What is to be paid; negative when more comes back than goes."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def saved_minor(self) -> int:
        """What was taken off."""
        return sum(line.discount_minor for line in self.lines)


def weigh_lines(lines: Sequence[TypedLine]) -> Weighed:
    """What these lines come to, before anything is booked."""
    currency = company().currency
    priced, objections = price_lines(lines, digits_of(currency))
    return Weighed(tuple(priced), tuple(objections), currency)


def branches_to_sell_at(by: Asker) -> list[BranchFacts]:
    """Where this asker takes orders: at her own branches, or at any."""
    return [one for one in branches() if not by.branches or one.id in by.branches]


def place_draft(key: UUID, *, by: Asker, at: datetime) -> OrderPlaced:
    """Her draft is an order when this returns, whatever happens afterwards; asked again, it says the same number.

    NotThere for a draft that is not hers; BadInput for what is not ready; as for `take_order`.
    """
    make_room(at)
    ensure_source(SOURCE, by=by, at=at, name=NAME_OF_SOURCE)
    with transaction.atomic():
        draft = hold_draft(key, by=by)
        if draft.order_ref:
            return OrderPlaced(draft.order_ref, again=True)
        placed = take_order(asked_in(draft.content), key=key, by=by, at=at)
        empty_draft(key, placed.ref)
    return placed


def take_order(asked: OrderAsked, *, key: UUID, by: Asker, at: datetime) -> OrderPlaced:
    """The order is in the book when this returns. `key` makes it one, however often it is asked.

    Denied for who does not serve customers, and as for opening her file; BadInput for lines, a branch, a return or a
    person that cannot be used, and `perhaps_known` when it is almost certainly somebody we know.
    """
    if by.role not in MAY_SELL:
        note_denial(by, door="take_order", because=BECAUSE)
        raise Denied("orders_not_for_this_role")
    if before := taken_before(key):
        return OrderPlaced(before, again=True)
    lines = _bookable(asked, by)
    known = open_customer(asked.customer, by=by, because=BECAUSE)[0] if asked.customer else None
    person = None if known else _stranger(asked, by, at)
    source_id = ensure_source(SOURCE, by=by, at=at, name=NAME_OF_SOURCE).id
    if not transaction.get_connection().in_atomic_block:
        make_room(at)
    try:
        with transaction.atomic():
            _check_returns(asked, lines, known)
            opened = known or _taken_in(asked, person, source_id, by, at)
            taken = OrderTaken(
                key, source_id, asked.channel, asked.branch_id, tuple(lines), asked.promised_on, asked.returns_ref
            )
            return OrderPlaced(book_order(opened, taken, at=at))
    except IntegrityError:
        if before := taken_before(key):
            return OrderPlaced(before, again=True)
        raise


def coming_back(number: str, ref: str, *, by: Asker) -> list[TypedLine]:
    """Everything that may still come back of that order of hers, as lines; BadInput when nothing may."""
    opened, _ = open_customer(number, by=by, because=BECAUSE)
    digits = digits_of(company().currency)
    lines = [
        _all_back(product, one, digits) for product, one in may_be_returned(opened, ref).items() if one.left_milli > 0
    ]
    if not lines:
        raise BadInput("nothing_to_return", {"order": ref[:60]})
    return lines


def hand_order_over(ref: str, *, by: Asker, at: datetime) -> str:
    """Nothing is left to be done of the order; whose it is. NotThere for one that is not open, or not hers to see."""
    number = customer_number_of_order(ref, by=by)
    if number is None:
        note_denial(replace(by, reference=ref[:40]), door="open_customer", because=BECAUSE)
        raise NotThere("order_not_open")
    opened, _ = open_customer(number, by=by, because=BECAUSE)
    if by.role not in MAY_SELL:
        note_denial(by, door="take_order", because=BECAUSE, customer_id=opened.id)
        raise Denied("orders_not_for_this_role")
    hand_over(opened, ref, at=at)
    return opened.number


def asked_in(content: Mapping[str, Any]) -> OrderAsked:
    """The order behind a draft, whatever stands in it; what is missing is empty."""
    said = content.get("person") or {}
    names = {one.name for one in fields(TypedPerson)}
    return OrderAsked(
        lines=tuple(_typed(one) for one in content.get("lines") or ()), customer=_text(content.get("customer")),
        person=TypedPerson(**{name: _text(said.get(name)) for name in names}),
        choices=tuple(ChoiceSaid(**one) for one in content.get("choices") or ()),
        surely_new=bool(content.get("surely_new")), channel=_text(content.get("channel")) or "counter",
        branch_id=content.get("branch") or None, promised_on=_day(content.get("promised_on")),
        returns_ref=_text(content.get("returns")),
    )  # fmt: skip


def written(asked: OrderAsked) -> dict[str, Any]:
    """The same as plain values, for a draft."""
    return {
        "customer": asked.customer, "person": asdict(asked.person), "choices": [asdict(one) for one in asked.choices],
        "surely_new": asked.surely_new, "channel": asked.channel, "branch": asked.branch_id,
        "promised_on": asked.promised_on.isoformat() if asked.promised_on else "", "returns": asked.returns_ref,
        "lines": [{"product": one.product_id, "quantity": one.quantity, "price": one.price, "discount": one.discount}
                  for one in asked.lines],
    }  # fmt: skip


def _bookable(asked: OrderAsked, by: Asker) -> list[PricedLine]:
    """The lines; BadInput when any part of the order cannot be used."""
    if asked.channel not in CHANNELS:
        raise BadInput("order_channel_unknown", {"value": asked.channel[:40]})
    if asked.branch_id is None and by.branches:
        raise BadInput("order_without_branch")
    if asked.branch_id is not None and asked.branch_id not in {one.id for one in branches_to_sell_at(by)}:
        raise BadInput("branch_not_yours")
    weighed = weigh_lines(asked.lines)
    if weighed.objections:
        raise _objected(weighed.objections[0])
    there = products_of([line.product_id for line in weighed.lines], by=by)
    if missing := [line.product_id for line in weighed.lines if line.product_id not in there]:
        raise BadInput("product_unknown", {"product": missing[0]})
    return list(weighed.lines)


def _objected(first: Objection) -> BadInput:
    if first.place >= 0:
        return BadInput("order_line_unclear", {"line": first.place + 1})
    return BadInput("order_empty") if first.code == "order_empty" else BadInput("order_too_long")


def _check_returns(asked: OrderAsked, lines: Sequence[PricedLine], known: Opened | None) -> None:
    """Goods come back from an order of hers, not more of them than she bought, and for not more than was paid: whoever
    takes the same ones back at another counter waits until these are booked, in the caller's transaction."""
    returned = [line for line in lines if line.is_return]
    if not returned:
        return
    if known is None or not asked.returns_ref:
        raise BadInput("return_of_what")
    hold_customer(known)
    there = may_be_returned(known, asked.returns_ref)
    left = {product: (one.left_milli, one.left_minor) for product, one in there.items()}
    for line in returned:
        goods, money = left.get(line.product_id, (0, 0))
        left[line.product_id] = (goods + line.quantity_milli, money + line.amount_minor)
        if goods + line.quantity_milli < 0:
            raise BadInput("return_of_too_much", {"order": asked.returns_ref[:60]})
        if money + line.amount_minor < 0:
            paid = f"{_plain(money, digits_of(company().currency))} {company().currency}"
            raise BadInput("refund_of_too_much", {"order": asked.returns_ref[:60], "left": paid})


def _stranger(asked: OrderAsked, by: Asker, at: datetime) -> CleanedPerson:
    person = look_over(asked.person, at=at)
    check_new(person)
    if not asked.surely_new and any(one.known_already for one in perhaps_known(person, by=by, because=BECAUSE)):
        raise BadInput("perhaps_known")
    return person


def _taken_in(
    asked: OrderAsked, person: CleanedPerson | None, source_id: int, by: Asker, at: datetime
) -> Opened:  # fmt: skip
    if person is None:
        raise RuntimeError("nobody to take in")
    return take_in_customer(
        person, asked.choices, source_id=source_id, branch_id=asked.branch_id, how=SAID_BY[asked.channel], by=by,
        because=BECAUSE, at=at,
    )  # fmt: skip


def _all_back(product: int, one: Returnable, digits: int) -> TypedLine:
    """Everything of it comes back for exactly what is left of the money: a price that does not divide is rounded up,
    and what is too much by that, rounded as it will be booked, is taken off."""
    price = -(-one.left_minor * 1000 // one.left_milli)
    over = (price * one.left_milli + 500) // 1000 - one.left_minor
    return TypedLine(
        product, _plain(-one.left_milli, 3), _plain(price, digits), _plain(over, digits) if over > 0 else ""
    )


def _plain(units: int, digits: int) -> str:
    """The number as one types it.

    >>> _plain(-1000, 3), _plain(12990, 2)
    ('-1', '129.90')
    """
    whole = Decimal(units).scaleb(-digits)
    return str(int(whole)) if whole == int(whole) else str(whole)


def _typed(one: Mapping[str, Any]) -> TypedLine:
    return TypedLine(int(one["product"]), _text(one["quantity"]), _text(one["price"]), _text(one["discount"]))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(_text(value)) if value else None
    except ValueError:
        return None
