"""What an event says of an order, in the words of Segment's e-commerce specification: its lines, or why it is none.

An order that is told again, under the same `order_id`, replaces what was told before. One that is refunded or cancelled
takes back the articles it names, else its total, else the whole order.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any, Final, NamedTuple

from regulars.rules.events.kinds import plain_name
from regulars.rules.events.reading import Refused
from regulars.rules.intake.money import CURRENCIES, LARGEST_AMOUNT_MINOR, LARGEST_QUANTITY_MILLI, digits_of

BOUGHT: Final = frozenset({"order completed", "order updated"})
TAKEN_BACK: Final = frozenset({"order refunded", "order cancelled"})
ORDERS: Final = BOUGHT | TAKEN_BACK
LONGEST: Final = 200
TOTALS: Final = ("revenue", "subtotal", "total", "value")


class LineTold(NamedTuple):
    """One line: quantity in thousandths, money in minor units; what is taken back is negative. "" where nothing is
    said."""

    product_ref: str
    product_name: str
    category: str
    brand: str
    quantity_milli: int
    amount_minor: int
    discount_minor: int = 0


class OrderTold(NamedTuple):
    """An order, or what is taken back of one. Without lines, the whole order is taken back."""

    ref: str
    currency: str
    branch_ref: str
    back: bool
    lines: tuple[LineTold, ...]


def order_told(name: str, said: Mapping[str, Any], *, currency: str) -> OrderTold | Refused:
    """What the event of that name says; `currency` is the company's, for events that name none.

    >>> said = {"order_id": "R-1", "discount": 1, "products": [{"sku": "A", "price": 9.5, "quantity": 2}, {"price": 1}]}
    >>> [line[4:] for line in order_told("Order Completed", said, currency="EUR").lines]
    [(2000, 1805, 95), (1000, 95, 5)]
    >>> order_told("Order Refunded", {"order_id": "R-1", "total": 4}, currency="JPY").lines[0].amount_minor
    -4
    >>> order_told("Order Completed", {"order_id": "R-1"}, currency="EUR")
    Refused(reason='missing_amount', field='revenue')
    """
    ref, money = _text(said.get("order_id")), _text(said.get("currency")).upper() or currency
    if not ref:
        return Refused("missing_order", "order_id")
    if money not in CURRENCIES:
        return Refused("unknown_currency", "currency")
    back = plain_name(name) in TAKEN_BACK
    lines = _lines(said, digits_of(money))
    if isinstance(lines, Refused):
        return lines
    if not lines and not back:
        return Refused("missing_amount", "revenue")
    return OrderTold(ref, money, _text(said.get("store_id")), back, tuple(map(_returned, lines)) if back else lines)


def _lines(said: Mapping[str, Any], digits: int) -> tuple[LineTold, ...] | Refused:
    products = said.get("products")
    articles = [one for one in products if isinstance(one, dict)] if isinstance(products, list) else []
    if articles and all(one.get("price") is not None for one in articles):
        return _priced(articles, said.get("discount"), digits)
    field = next((name for name in TOTALS if said.get(name) is not None), "")
    if not field:
        return ()
    amount = _number(said[field], digits)
    if amount is None:
        return Refused("not_a_number", field)
    article = articles[0] if len(articles) == 1 else {}
    return _within((_line(article, 1_000, amount),))


def _priced(articles: Sequence[Mapping[str, Any]], discount: Any, digits: int) -> tuple[LineTold, ...] | Refused:
    """One line for each article; what was taken off the whole is spread over them by their amounts."""
    lines = list[LineTold]()
    for one in articles:
        price, quantity = _decimal(one["price"]), _decimal(one.get("quantity", 1))
        if price is None or quantity is None:
            return Refused("not_a_number", "price" if price is None else "quantity")
        lines.append(_line(one, _whole(quantity, 3), _whole(price * quantity, digits)))
    off = 0 if discount is None else _number(discount, digits)
    if off is None:
        return Refused("not_a_number", "discount")
    return _within(_less(lines, abs(off)))


def _less(lines: Sequence[LineTold], off: int) -> tuple[LineTold, ...]:
    """So much less in all, and not a cent lost in the rounding."""
    whole = sum(line.amount_minor for line in lines)
    if not off or whole <= 0:
        return tuple(lines)
    reached = [0, *(off * so_far // whole for so_far in accumulate(line.amount_minor for line in lines))]
    shares = [after - before for before, after in pairwise(reached)]
    return tuple(
        line._replace(amount_minor=line.amount_minor - share, discount_minor=share)
        for line, share in zip(lines, shares, strict=True)
    )


def _within(lines: tuple[LineTold, ...]) -> tuple[LineTold, ...] | Refused:
    if any(abs(line.amount_minor) > LARGEST_AMOUNT_MINOR for line in lines):
        return Refused("amount_too_large", "price")
    if any(abs(line.quantity_milli) > LARGEST_QUANTITY_MILLI for line in lines):
        return Refused("quantity_too_large", "quantity")
    return lines


def _line(article: Mapping[str, Any], quantity: int, amount: int) -> LineTold:
    name = _text(article.get("name"))
    ref = _text(article.get("product_id")) or _text(article.get("sku")) or name
    return LineTold(ref, name, _text(article.get("category")), _text(article.get("brand")), quantity, amount)


def _returned(line: LineTold) -> LineTold:
    """The line taken back, whichever sign its program gives to refunds."""
    return line._replace(
        quantity_milli=-abs(line.quantity_milli), amount_minor=-abs(line.amount_minor), discount_minor=0
    )


def _text(said: Any) -> str:
    """Texts and whole numbers; nothing for what is neither, or cannot be a reference."""
    if isinstance(said, bool) or not isinstance(said, str | int):
        return ""
    text = str(said).strip()
    return text if len(text) <= LONGEST and text.isprintable() else ""


def _number(said: Any, digits: int) -> int | None:
    number = _decimal(said)
    return None if number is None else _whole(number, digits)


def _decimal(said: Any) -> Decimal | None:
    """Numbers, and texts that programs write them as."""
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        return None
    try:
        number = Decimal(str(said).strip())
    except ArithmeticError:
        return None
    return number if number.is_finite() and abs(number) < LARGEST_AMOUNT_MINOR else None


def _whole(number: Decimal, digits: int) -> int:
    return int((number * 10**digits).to_integral_value())
