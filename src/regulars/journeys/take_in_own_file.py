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

from regulars.journeys.import_file import import_now
from regulars.journeys.show_own_record import FORMAT
from regulars.records.access_log.actions import note_denial
from regulars.records.choices.access import choice_history
from regulars.records.choices.actions import add_choice
from regulars.records.company.access import company
from regulars.records.customers.access import Opened, open_customer
from regulars.records.customers.own_page import set_preferences
from regulars.records.customers.refs import customers_by_ref
from regulars.records.customers.side_by_side import numbers_of
from regulars.records.own_attributes.access import own_attributes
from regulars.rules.intake.meanings import OWN
from regulars.rules.intake.money import digits_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied

SOURCE: Final = "take-along"
BECAUSE: Final = "her take-along file"
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
    with tempfile.TemporaryDirectory() as folder:
        _brought(Path(folder) / "customer.parquet", "customers", [_person(held, ref)], held, by, at)
        lines = _brought(Path(folder) / "orders.parquet", "orders", list(_lines(held, ref)), held, by, at)
    (customer_id,) = customers_by_ref(SOURCE, [ref], by=by).values()
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


def _brought(
    path: Path, kind: str, rows: list[dict[str, str]], held: Mapping[str, Any], by: Asker, at: datetime
) -> int:
    """How many rows came in as new."""
    if not rows:
        return 0
    pq.write_table(pa.Table.from_pylist(rows), path)
    answers = {"zone": "UTC", "date_order": "ymd", "decimal_mark": ".", "country": held["customer"]["country"] or "US",
               "currency": _currency(held)}  # fmt: skip
    told = import_now(
        path, source_ref=SOURCE, kind=kind, mapping={c: c for c in rows[0]}, answers=answers, by=by, at=at
    )
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
            yield {
                "order_ref": order["ref"], "customer_ref": ref, "ordered_at": order["at"],
                "product_name": line["product"] or "", "product_ref": line["product"] or "",
                "category": line["category"] or "", "quantity": str(Decimal(line["quantity_milli"]) / 1000),
                "amount": _money(line["amount_minor"], order["currency"]), "currency": order["currency"],
                "discount": _money(line["discount_minor"], order["currency"]), "branch_ref": order["branch"] or "",
                "promotion_ref": line["promotion_ref"] or "",
            }  # fmt: skip


def _money(minor: int, currency: str) -> str:
    return str(Decimal(minor).scaleb(-digits_of(currency)))


def _currency(held: Mapping[str, Any]) -> str:
    return next((order["currency"] for order in held["orders"]), "USD")


def _said_again(opened: Opened, held: Mapping[str, Any], at: datetime) -> int:
    """How many entries of her ledger were not here yet; hours and channel as she had set them."""
    here = {(one.purpose, one.channel, one.brand, one.topic, one.value, one.at) for one in choice_history(opened)}
    added = 0
    for one in sorted(held["choices"], key=lambda said: str(said["at"])):
        moment = datetime.fromisoformat(one["at"])
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
