"""The file a customer took along is brought back: she, her ways to be reached, what she said, what she bought.

It comes in as any file does, through every check of an import, as one of customers and one of orders; so bringing it
again changes nothing. What was said keeps its moment. What others did with her data stays where it happened.
"""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from regulars.journeys.import_file import import_now
from regulars.journeys.show_own_record import FORMAT
from regulars.records.access_log.actions import note_denial
from regulars.records.choices.access import choice_history
from regulars.records.choices.actions import add_choice
from regulars.records.company.access import company
from regulars.records.customers.access import Opened, open_customer
from regulars.records.customers.own_page import check_preferences, set_preferences
from regulars.records.customers.refs import customers_by_ref
from regulars.records.customers.side_by_side import numbers_of
from regulars.records.own_attributes.access import own_attributes
from regulars.rules.intake.meanings import OWN
from regulars.rules.intake.money import digits_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import check_choice
from regulars.rules.permission.errors import BadInput, Denied

SOURCE: Final = "take-along"
BECAUSE: Final = "her take-along file"
#: Years of a moment that every clock and page can tell.
FIRST, LAST = 1970, 2200
#: What of her record a file of customers can say.
FACTS: Final = (
    "name", "given_name", "family_name", "honorific", "sex", "birth_on", "language", "city", "region", "country",
    "postcode", "household_size", "marital_status", "income_band", "allergies", "id_document",
)  # fmt: skip
WAYS: Final = {"email": "email", "phone": "phone", "letter": "street"}


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Her number here, how many order lines came in, how much of what she had said was new."""

    number: str
    order_lines: int
    choices: int


def take_in_own_file(held: Mapping[str, Any], *, by: Asker, at: datetime) -> TakenIn:
    """She is a customer here when this returns. BadInput for what is no such file; Denied for all but the officer."""
    if by.role != "officer":
        note_denial(by, door="take_in_own_file", because=BECAUSE)
        raise Denied("own_files_are_the_officers")
    ref = _understood(held)
    person, orders = _shaped(held, ref)
    with tempfile.TemporaryDirectory(dir=settings.HOME.folder("files")) as folder:
        _brought(Path(folder) / "customer.parquet", "customers", person, held, by, at)
        lines = _brought(Path(folder) / "orders.parquet", "orders", orders, held, by, at)
    customer_id = customers_by_ref(SOURCE, [ref], by=by).get(ref)
    if customer_id is None:  # her row was set aside
        raise BadInput("own_file_unknown", {})
    opened, _ = open_customer(numbers_of([customer_id], by=by)[customer_id][0], by=by, because=BECAUSE)
    return TakenIn(opened.number, lines, _said_again(opened, held, at))


def _understood(held: Mapping[str, Any]) -> str:
    """What the file calls her; BadInput when it is none of ours."""
    try:
        if held["format"] != FORMAT:
            raise BadInput("own_file_unknown", {})
        return f"{held['company']} {held['customer']['number']}"
    except (KeyError, TypeError):
        raise BadInput("own_file_unknown", {}) from None


def _shaped(held: Mapping[str, Any], ref: str) -> tuple[pa.Table, pa.Table]:
    """Her row and those of her orders; BadInput, before anything is written, where any part is not as we write it."""
    try:
        _check_wishes(held)
        return pa.Table.from_pylist([_person(held, ref)]), pa.Table.from_pylist(list(_lines(held, ref)))
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, BadInput):
        raise BadInput("own_file_unknown", {}) from None


def _check_wishes(held: Mapping[str, Any]) -> None:
    for one in held["choices"]:
        check_choice(one["purpose"], one["channel"], one["value"], one["brand"], one["topic"])
        _moment(one)
        if not isinstance(one["wording"], str) or not isinstance(one["by_guardian"], bool):
            raise BadInput("own_file_unknown", {})
    wishes = held["customer"]
    check_preferences(wishes["preferred_channel"] or "", wishes["quiet_from"], wishes["quiet_until"])


def _moment(said: Mapping[str, Any]) -> datetime:
    """When it was said; ValueError for what is no moment of the present age with its zone."""
    moment = datetime.fromisoformat(said["at"])
    if moment.tzinfo is None or not FIRST <= moment.year < LAST:
        raise ValueError("no moment")
    return moment


def _brought(path: Path, kind: str, rows: pa.Table, held: Mapping[str, Any], by: Asker, at: datetime) -> int:
    """How many rows came in as new."""
    if not rows.num_rows:
        return 0
    pq.write_table(rows, path)
    answers = {"zone": "UTC", "date_order": "ymd", "decimal_mark": ".", "country": held["customer"]["country"] or "US",
               "currency": _currency(held)}  # fmt: skip
    told = import_now(
        path, source_ref=SOURCE, kind=kind, mapping={c: c for c in rows.column_names}, answers=answers,
        whole_mapping=True, by=by, at=at,
    )  # fmt: skip
    return int(told.rows_new)


def _person(held: Mapping[str, Any], ref: str) -> dict[str, str]:
    said = {name: str(held["customer"].get(name) or "") for name in FACTS}
    ways = {way["channel"]: way["value"] for way in reversed(held["ways_to_reach"]) if way["value"]}
    return (
        {"customer_ref": ref} | said | _own(held) | {column: ways.get(channel, "") for channel, column in WAYS.items()}
    )


def _own(held: Mapping[str, Any]) -> dict[str, str]:
    """What this house has the same attribute for, of the same kind and currency; older files have none, or say none."""
    here, ours = {one.what.key: one.what.kind for one in own_attributes()}, company().currency
    told = (one for one in held.get("own_attributes", ()) if here.get(one["key"]) == one["kind"])
    fits = (one for one in told if one.get("currency", "") in ("", ours))
    return {OWN + one["key"]: str(one["value"]) for one in fits}


def _lines(held: Mapping[str, Any], ref: str) -> Iterable[dict[str, str]]:
    for order in held["orders"]:
        for line in order["lines"]:
            told = {
                "order_ref": order["ref"], "customer_ref": ref, "ordered_at": order["at"],
                "product_name": line["product"] or "", "product_ref": line["product"] or "",
                "category": line["category"] or "", "quantity": Decimal(line["quantity_milli"]) / 1000,
                "amount": _money(line["amount_minor"], order["currency"]), "currency": order["currency"],
                "discount": _money(line["discount_minor"], order["currency"]), "branch_ref": order["branch"] or "",
                "promotion_ref": line["promotion_ref"] or "",
            }  # fmt: skip
            yield {name: str(value) for name, value in told.items()}


def _money(minor: int, currency: str) -> str:
    return str(Decimal(minor).scaleb(-digits_of(currency)))


def _currency(held: Mapping[str, Any]) -> str:
    return next((order["currency"] for order in held["orders"]), "USD")


def _said_again(opened: Opened, held: Mapping[str, Any], at: datetime) -> int:
    """How many entries of her ledger were not here yet; hours and channel as she had set them."""
    here = {(one.purpose, one.channel, one.brand, one.topic, one.value, one.at) for one in choice_history(opened)}
    added = 0
    for one in sorted(held["choices"], key=lambda said: str(said["at"])):
        moment = _moment(one)
        if (one["purpose"], one["channel"], one["brand"], one["topic"], one["value"], moment) not in here:
            add_choice(
                opened.id, purpose=one["purpose"], channel=one["channel"], value=one["value"], at=moment, by=opened.by,
                source="import", wording=one["wording"], brand=one["brand"], topic=one["topic"],
                by_guardian=one["by_guardian"],
            )  # fmt: skip
            added += 1
    wishes = held["customer"]
    set_preferences(
        opened, preferred_channel=wishes["preferred_channel"] or "", quiet_from=wishes["quiet_from"],
        quiet_until=wishes["quiet_until"], at=at,
    )  # fmt: skip
    return added
