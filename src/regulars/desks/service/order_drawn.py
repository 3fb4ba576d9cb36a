"""The order desk in words: who it is for, what is in it, what it comes to, what is still wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.desks.service.card_drawn import FoundLine, line_of
from regulars.desks.service.likely_drawn import hints_said, likely_line
from regulars.desks.shared.cleaning_words import CHANGES, DOUBTS, FIELDS
from regulars.desks.shared.customer_words import CHOICE_SENTENCES, ORDER_CHANNELS, article_name
from regulars.desks.shared.dates import day, is_soon, left, moment
from regulars.desks.shared.figures import money
from regulars.desks.shared.words import say
from regulars.journeys.recognise_customer import Recognised
from regulars.journeys.recognise_likely import KnownCustomer, LikelyCustomer
from regulars.journeys.take_order import OrderAsked, Weighed
from regulars.records.company.access import BranchFacts
from regulars.records.customers.access import CustomerLine
from regulars.records.orders.desk import CHANNELS, DeskOrderLine
from regulars.records.orders.drafts import DraftOfOrder
from regulars.records.orders.selling import ProductLine
from regulars.rules.cleaning.cleaned import UNUSABLE, Cleaned
from regulars.rules.cleaning.person import CleanedPerson
from regulars.rules.cleaning.places import in_one_line


@dataclass(frozen=True, slots=True)
class KnownDrawn:
    """The customer the order is for: her line, hints, and orders goods may come back from."""

    line: FoundLine
    hints: str
    orders: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LineDrawn:
    """One line as it was typed, what it comes to, and what is wrong with it."""

    product_id: int
    name: str
    small: str
    quantity: str
    price: str
    discount: str
    amount: str
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProductDrawn:
    """One product that may be meant."""

    id: int
    name: str
    small: str
    price: str


@dataclass(frozen=True, slots=True)
class FieldDrawn:
    """What one field of somebody new was taken for: what is kept, what was changed, what somebody should look at."""

    label: str
    value: str
    changes: tuple[str, ...]
    doubts: tuple[str, ...]
    unusable: bool


def known_drawn(known: KnownCustomer, *, at: datetime) -> KnownDrawn:
    """The customer an order is for."""
    facts, hints = known.facts, known.hints
    line = CustomerLine(
        facts.id, facts.number, facts.name, facts.stage, facts.city, facts.home_branch, facts.allows_direct_marketing,
        facts.invented,
    )  # fmt: skip
    found = line_of(Recognised(line, hints.last_at, hints.state, hints.complaint_open), at=at)
    orders = tuple(
        (one.ref, f"{one.ref} · {day(one.at, at=at)} · {money(one.amount_minor, one.currency)}") for one in known.orders
    )
    return KnownDrawn(found, hints_said(hints), orders)


def likely_drawn(found: Iterable[LikelyCustomer], *, at: datetime) -> list[Any]:
    """Those it may be."""
    return [likely_line(one, at=at) for one in found]


def products_drawn(found: Iterable[ProductLine]) -> list[ProductDrawn]:
    """Products that may be meant."""
    return [
        ProductDrawn(
            one.id, article_name(one.name) or one.ref, " · ".join(part for part in (one.ref, one.category) if part),
            money(one.price_minor, one.currency) if one.price_minor is not None else "",
        )
        for one in found
    ]  # fmt: skip


def lines_drawn(asked: OrderAsked, weighed: Weighed, products: Mapping[int, ProductLine]) -> list[LineDrawn]:
    """The lines as typed, each with what it comes to or what is wrong."""
    wrong: dict[int, list[str]] = {}
    for one in weighed.objections:
        wrong.setdefault(one.place, []).append(say(line_mistakes(), one.code))
    priced = iter(weighed.lines)
    drawn = []
    for place, typed in enumerate(asked.lines):
        amount = "" if place in wrong else money(next(priced).amount_minor, weighed.currency)
        product = products.get(typed.product_id)
        name = (article_name(product.name) or product.ref) if product else _("no such article")
        small = product.ref if product and product.ref != product.name else ""
        said = (typed.quantity, typed.price, typed.discount)
        drawn.append(LineDrawn(typed.product_id, name, small, *said, amount, tuple(wrong.get(place, ()))))
    return drawn


def line_mistakes() -> dict[str, str]:
    """What is wrong with a line, in words."""
    return {
        "order_empty": _("Nothing is in the order yet."),
        "order_too_long": _("That is more than one order can hold. Make two of it."),
        "quantity_unclear": _("How many? A whole number, or one with at most three decimals."),
        "price_unclear": _("At which price? A plain amount such as 299 or 299.50."),
        "discount_unclear": _("An amount not above the price, or a share such as 10%."),
    }


def total_drawn(weighed: Weighed) -> dict[str, Any]:
    """What is to be paid, what was taken off, and what is wrong with the order as a whole."""
    whole = [say(line_mistakes(), one.code) for one in weighed.objections if one.place < 0]
    return {
        "total": money(weighed.total_minor, weighed.currency), "goes_back": weighed.total_minor < 0,
        "saved": money(weighed.saved_minor, weighed.currency) if weighed.saved_minor > 0 else "", "wrong": whole,
    }  # fmt: skip


def report_drawn(person: CleanedPerson) -> list[FieldDrawn]:
    """What cleaning did, field by field."""
    return [_field(name, cleaned, person) for name, cleaned in person.fields.items()]


def choices_asked(asked: OrderAsked) -> list[tuple[str, str, str]]:
    """(permission, the sentence she is asked, what she said) in the order people are asked."""
    said = {one.allows: one.value for one in asked.choices}
    return [(allows, str(sentence), said.get(allows, "")) for allows, sentence in CHOICE_SENTENCES.items()]


def channels_offered() -> list[tuple[str, str]]:
    """(code, words) of the ways an order comes."""
    return [(code, str(ORDER_CHANNELS[code])) for code in CHANNELS]


def branches_offered(found: Sequence[BranchFacts]) -> list[tuple[int, str]]:
    """(number, name) of where an order may be taken."""
    return [(one.id, one.name) for one in found]


def drafts_drawn(drafts: Iterable[DraftOfOrder], *, at: datetime) -> list[dict[str, Any]]:
    """Orders she began and has not placed."""
    return [
        {
            "key": one.key, "when": moment(one.changed_at, at=at), "lines": len(one.content.get("lines") or ()),
            "who": one.content.get("called") or (one.content.get("person") or {}).get("name") or "",
        }
        for one in drafts
    ]  # fmt: skip


def waiting_drawn(lines: Iterable[DeskOrderLine], *, at: datetime) -> list[dict[str, Any]]:
    """Orders to be handed over."""
    return [
        {
            "ref": one.order.ref, "who": one.name or one.number, "number": one.number, "invented": one.invented,
            "due": left(one.order.promised_on, at=at.date()) if one.order.promised_on else "",
            "soon": bool(one.order.promised_on and is_soon(one.order.promised_on, at=at.date())),
            "small": " · ".join(
                part for part in (one.order.ref, one.order.branch or "", say(ORDER_CHANNELS, one.order.channel),
                                  moment(one.order.taken_at, at=at)) if part
            ),
        }
        for one in lines
    ]  # fmt: skip


def _field(name: str, cleaned: Cleaned[Any], person: CleanedPerson) -> FieldDrawn:
    doubts = tuple(_doubt(one.reason, one.about) for one in cleaned.doubts)
    changes = tuple(dict.fromkeys(say(CHANGES, one.reason) for one in cleaned.changes))
    unusable = cleaned.validity == UNUSABLE
    value = cleaned.original if unusable else _kept(name, person)
    return FieldDrawn(say(FIELDS, name), value, changes, doubts, unusable)


def _kept(name: str, person: CleanedPerson) -> str:
    """What is kept of a field, as one reads it."""
    if name == "name" and person.name:
        return " ".join(part for part in (person.name.display, person.name.honorific) if part)
    if name == "street" and person.address:
        home = person.address
        return in_one_line(home.postcode, home.line, home.district, home.city, home.region)
    if name == "birth_on" and person.birth_on:
        return day(person.birth_on)
    return dict(person.ways).get(name, "")


def _doubt(reason: str, about: str) -> str:
    said = say(DOUBTS, reason)
    return pgettext("doubt", "%(doubt)s: %(about)s") % {"doubt": said, "about": about[:80]} if about else said
