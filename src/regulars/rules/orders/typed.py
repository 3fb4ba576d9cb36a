"""An order line as a clerk types it → quantity in thousandths, money in minor units; or every reason why not.

What can be read in two ways is refused, not guessed: "1,5" of a currency with hundredths is neither 1.5 nor 15.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

from regulars.rules.intake.money import LARGEST_AMOUNT_MINOR, LARGEST_QUANTITY_MILLI

MOST_LINES: Final = 200
LONGEST: Final = 24
_PLAIN: Final = re.compile(r"-?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,6})?\Z", re.ASCII)
_SIGN: Final = re.compile(r"\A[¥€$£]|元\Z")
_PERCENT: Final = re.compile(r"(?P<share>\d{1,3}(?:\.\d{1,2})?)%\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One line as typed: how many, at which price each, what is taken off (an amount, or so many per cent)."""

    product_id: int
    quantity: str = "1"
    price: str = ""
    discount: str = ""


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line as it is booked: `amount_minor` is what is paid, what is off is off already. Returns are negative."""

    product_id: int
    quantity_milli: int
    amount_minor: int
    discount_minor: int

    @property
    def is_return(self) -> bool:
        """Whether goods come back."""
        return self.quantity_milli < 0


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with which line (from 0; -1 is the order as a whole), as a code."""

    place: int
    code: str


def price_lines(lines: Sequence[TypedLine], digits: int) -> tuple[list[PricedLine], list[Objection]]:
    """The lines that can be booked, and every objection; `digits` are those of the currency's minor unit.

    >>> price_lines([TypedLine(7, "2", "299", "10%")], 2)
    ([PricedLine(product_id=7, quantity_milli=2000, amount_minor=53820, discount_minor=5980)], [])
    >>> price_lines([TypedLine(7, "-1", "¥1,299.00")], 2)[0][0].amount_minor
    -129900
    >>> price_lines([TypedLine(7, "0", "x", "2%")], 2)[1]
    [Objection(place=0, code='quantity_unclear'), Objection(place=0, code='price_unclear')]
    >>> price_lines([], 2)
    ([], [Objection(place=-1, code='order_empty')])
    """
    objections: list[Objection] = []
    if not lines:
        objections.append(Objection(-1, "order_empty"))
    if len(lines) > MOST_LINES:
        return [], [Objection(-1, "order_too_long")]
    priced = [_priced(place, line, digits, objections) for place, line in enumerate(lines)]
    return [line for line in priced if line], objections


def _priced(place: int, line: TypedLine, digits: int, objections: list[Objection]) -> PricedLine | None:
    quantity, price = _number(line.quantity, 3), _number(line.price, digits)
    wrong = []
    if quantity is None or not quantity or abs(quantity) > LARGEST_QUANTITY_MILLI:
        wrong.append("quantity_unclear")
    if price is None or price < 0 or price > LARGEST_AMOUNT_MINOR:
        wrong.append("price_unclear")
    if wrong or quantity is None or price is None:
        objections += [Objection(place, code) for code in wrong]
        return None
    whole = _rounded(Decimal(price) * quantity / 1000)
    discount = _discount(line.discount, abs(whole), digits)
    if discount is None:
        objections.append(Objection(place, "discount_unclear"))
        return None
    if abs(whole) > LARGEST_AMOUNT_MINOR:
        objections.append(Objection(place, "price_unclear"))
        return None
    sign = -1 if quantity < 0 else 1
    return PricedLine(line.product_id, quantity, whole - sign * discount, sign * discount)


def _discount(text: str, whole: int, digits: int) -> int | None:
    """What is taken off, not more than the whole; None for what is neither an amount nor a share."""
    plain = _plain(text)
    if not plain:
        return 0
    if share := _PERCENT.match(plain):
        taken: int | None = _rounded(Decimal(share["share"]) * whole / 100)
    else:
        taken = _number(plain, digits)
    return taken if taken is not None and 0 <= taken <= whole else None


def _number(text: str, digits: int) -> int | None:
    """The number in units of 10⁻ᵈⁱᵍⁱᵗˢ; None for what is none, or finer than that."""
    plain = _SIGN.sub("", _plain(text)).strip()
    if len(plain) > LONGEST or not _PLAIN.match(plain):
        return None
    found = Decimal(plain.replace(",", "")).scaleb(digits)
    return int(found) if found == found.to_integral_value() else None


def _plain(text: str) -> str:
    """Full-width digits and signs as half-width ones, the minus of typesetters as a hyphen."""
    if len(text) > 4 * LONGEST:
        return text
    return unicodedata.normalize("NFKC", text).strip().replace("\u2212", "-")


def _rounded(amount: Decimal) -> int:
    with localcontext() as context:
        context.rounding = ROUND_HALF_UP
        return int(amount.to_integral_value())
