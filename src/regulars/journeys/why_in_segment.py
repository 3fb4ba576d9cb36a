"""Why somebody is in a segment, or is not: every condition with what is known of that one customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from regulars.connections.warehouse import Warehouse
from regulars.journeys.keep_own_attributes import field_of, usable
from regulars.journeys.segment_tables import profile_day
from regulars.journeys.warehouse_room import open_warehouse
from regulars.records.contacts.answers import answers_given
from regulars.records.customers.access import open_customer
from regulars.records.own_attributes.access import own_attributes
from regulars.records.segments.access import segment
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.segments.facts import Answer, Facts, Line, Why, why_in
from regulars.rules.segments.rule import parse


@dataclass(frozen=True, slots=True)
class WhyThisOne:
    """The customer asked about, as her view names her, the answer, and the day it is of."""

    number: str
    name: str
    why: Why
    as_of: date


def why_in_segment(key: str, number: str, *, by: Asker) -> WhyThisOne:
    """Whether the customer of that number is in the segment, and why.

    NotThere when the asker's view shows no such customer, BadInput before the first figures or when the customer is
    newer than they are. The file is opened for it, and the log says so.
    """
    facts = segment(key)
    opened, shown = open_customer(number.strip().upper(), by=by, because=f"why in segment {key}")
    with open_warehouse() as warehouse:
        day = profile_day(warehouse)
        profile = _profile(warehouse, opened.id) if day else None
        if day is None or profile is None:
            raise BadInput("no_figures_yet")
        own = _own(warehouse, opened.id, by)
        known = Facts(profile, _lines(warehouse, opened.id), _answers(opened.id), own)
    return WhyThisOne(opened.number, shown.name or opened.number, why_in(parse(facts.rule), known, at=day), day)


def _profile(warehouse: Warehouse, customer_id: int) -> Mapping[str, Any] | None:
    found = warehouse.kept("profile").filter(f"customer_id = {int(customer_id)}")
    row = found.fetchone()
    return dict(zip(found.columns, row, strict=True)) if row else None


def _own(warehouse: Warehouse, customer_id: int, by: Asker) -> dict[str, object]:
    """What the attributes that may serve the asker's purpose say of her, as a rule writes it."""
    rows = warehouse.table("own_values").filter(f"customer_id = {int(customer_id)}")
    found = {row[0]: row[1:] for row in rows.project("attribute, text, amount, day, yes").fetchall()}
    there = (one for one in own_attributes() if one.what.key in found and usable(one, by.purpose))
    return {field_of(one).key: _as_rule(one.what.kind, *found[one.what.key]) for one in there}


def _as_rule(kind: str, text: str | None, amount: int | None, day: date | None, yes: bool | None) -> object:
    if kind == "yes_no":
        return "yes" if yes else "no"
    if amount is not None:
        return amount / 1000 if kind == "number" else amount
    return text if day is None else day


def _lines(warehouse: Warehouse, customer_id: int) -> list[Line]:
    lines = warehouse.order_lines().filter(f"customer_id = {int(customer_id)}").set_alias("l")
    found = lines.join(warehouse.products().set_alias("p"), "l.product_id = p.product_id", how="left")
    columns = "order_key, ordered_on, amount_minor, l.product_id, branch_id, department, category, brand"
    return [Line(*row) for row in found.project(columns).fetchall()]


def _answers(customer_id: int) -> list[Answer]:
    return [Answer(campaign, on) for person, campaign, on in answers_given() if person == customer_id]
