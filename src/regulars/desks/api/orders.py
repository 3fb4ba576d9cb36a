"""Orders over HTTP, for tills, web shops and booking screens: the same journey as the order desk, once for ever."""

from datetime import date
from typing import Annotated, Final, Literal
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Day, Id, Line, Money, Said, Short
from regulars.journeys.take_in_customer import ChoiceSaid
from regulars.journeys.take_order import OrderAsked, hand_order_over, take_order
from regulars.records.company.access import branches, now
from regulars.records.orders.selling import find_products
from regulars.rules.cleaning.person import TypedPerson
from regulars.rules.orders.typed import MOST_LINES, TypedLine
from regulars.rules.permission.errors import BadInput

SELLING: Final = Token("service")
Typed = Annotated[str, Field(max_length=400, pattern=r"^[^\u0000-\u001f\u007f]*$")]
Figure = Annotated[str, Field(max_length=24, pattern=r"^[^\u0000-\u001f\u007f]*$")]
router = Router(tags=["Orders"])


class LineAsked(Said):
    """One line: how many, at which price each, what is taken off (an amount, or a share such as 10%)."""

    product: Id
    quantity: Figure = "1"
    price: Figure
    discount: Figure = ""


class PersonTold(Said):
    """Somebody new, as she tells of herself; it is cleaned, and refused where it cannot be used."""

    name: Typed = ""
    phone: Typed = ""
    email: Typed = ""
    street: Typed = ""
    city: Typed = ""
    region: Typed = ""
    postcode: Typed = ""
    country: Annotated[str, Field(max_length=2, pattern="^([A-Z]{2})?$")] = ""
    birth_on: Typed = ""
    language: Literal["", "en", "zh-hans"] = ""


class ChoiceTold(Said):
    """What she said about one permission, and the very sentence she was asked."""

    allows: Short
    value: Literal["granted", "denied"]
    wording: Line


class OrderWanted(Said):
    """An order: for a customer we know, or for somebody new."""

    order: Short = Field(description="What the asking program calls the order; asked twice, it is one")
    customer: Annotated[str, Field(max_length=24, pattern=r"^[!-~]*$")] = ""
    person: PersonTold = Field(default_factory=PersonTold)
    choices: Annotated[list[ChoiceTold], Field(max_length=8)] = []
    surely_new: bool = Field(False, description="She was compared with those she might be, and is none of them")
    channel: Literal["counter", "phone", "web"] = "web"
    branch: Annotated[str, Field(max_length=64)] = Field("", description="The reference of the branch")
    promised_on: Day | None = None
    returns: Annotated[str, Field(max_length=64)] = Field("", description="The order that goods come back from")
    lines: Annotated[list[LineAsked], Field(min_length=1, max_length=MOST_LINES)]


class OrderMade(Schema):
    """The number of the order; `again` when it had been taken before."""

    ref: str
    again: bool


class OrderHandedOver(Schema):
    """Whose order was handed over."""

    number: str


class ProductsAsked(Said):
    """A word of what is looked for."""

    q: Line
    limit: Annotated[int, Field(ge=1, le=50)] = 8


class ProductFound(Schema):
    """A product, and what it was last sold for; null where it has not been sold lately."""

    id: int
    ref: str
    name: str
    category: str
    price: Money | None


@router.get("/products", response=list[ProductFound], auth=SELLING)
def list_products(request: HttpRequest, asked: Query[ProductsAsked]) -> list[ProductFound]:
    """Products by any word of their name, number, brand or category."""
    return [
        ProductFound(
            id=one.id, ref=one.ref, name=one.name, category=one.category,
            price=None if one.price_minor is None else Money(minor=one.price_minor, currency=one.currency),
        )
        for one in find_products(asked.q, by=asking(request), limit=asked.limit)
    ]  # fmt: skip


@router.post("/orders", response={201: OrderMade}, auth=SELLING)
def order(request: HttpRequest, wanted: OrderWanted) -> Status[OrderMade]:
    """Take an order. The customer, what she said about her data, the lines and her totals are there together or not."""
    by = asking(request)
    placed = take_order(
        _asked(wanted), key=uuid5(NAMESPACE_URL, f"regulars order|{by.name}|{wanted.order}"), by=by, at=now()
    )
    return Status(201, OrderMade(ref=placed.ref, again=placed.again))


@router.post("/orders/{ref}/handed-over", response=OrderHandedOver, auth=SELLING)
def handed_over(request: HttpRequest, ref: Short) -> OrderHandedOver:
    """An order that was promised for a day is with its customer now."""
    return OrderHandedOver(number=hand_order_over(ref, by=asking(request), at=now()))


def _asked(wanted: OrderWanted) -> OrderAsked:
    promised: date | None = wanted.promised_on
    return OrderAsked(
        lines=tuple(TypedLine(one.product, one.quantity, one.price, one.discount) for one in wanted.lines),
        customer=wanted.customer, person=TypedPerson(**wanted.person.model_dump()),
        choices=tuple(ChoiceSaid(one.allows, one.value, one.wording) for one in wanted.choices),
        surely_new=wanted.surely_new, channel=wanted.channel, branch_id=_branch(wanted.branch), promised_on=promised,
        returns_ref=wanted.returns,
    )  # fmt: skip


def _branch(ref: str) -> int | None:
    if not ref:
        return None
    found = next((one.id for one in branches() if one.ref == ref), None)
    if found is None:
        raise BadInput("branch_unknown", {"branch": ref})
    return found
