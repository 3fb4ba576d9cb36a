"""The writing door of one new customer, taken in by whoever serves her: record, ways to reach her, all she is found by.

Her file is open to who took her in, in this transaction: nobody can look her up before it has ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
from django.conf import settings
from django.db import transaction

from regulars.records.access_log.actions import note_access
from regulars.records.customers.access import Opened
from regulars.records.customers.actions import (
    FIRST_NUMBER,
    TOLD,
    add_contact_points,
    add_search_tokens,
    create_customers,
)
from regulars.records.customers.marking import mark_customers
from regulars.records.customers.originals import keep_as_it_came
from regulars.rules.cleaning.cleaned import Came
from regulars.rules.identity.finding import contact_token, name_tokens
from regulars.rules.permission.asking import Asker


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """What is to be kept of her: columns of `TOLD`, and ways to reach her as (channel, value), cleaned already;
    `came` is what was typed otherwise."""

    told: Mapping[str, object]
    points: tuple[tuple[str, str], ...]
    plates: tuple[str, ...] = ()
    came: tuple[Came, ...] = ()


def take_in(new: NewCustomer, *, source_id: int, by: Asker, because: str, on: date, at: datetime) -> Opened:
    """She is known when the transaction commits; her file, open to whoever took her in. The log says so."""
    with transaction.atomic():
        row = {"ref": None, "first_seen_on": on} | {name: new.told.get(name) for name in TOLD.names}
        shape = pa.schema([("ref", pa.string()), ("first_seen_on", pa.date32()), *TOLD])
        ids = create_customers(
            pa.Table.from_pylist([row], schema=shape), source_id=source_id, stage="prospect", by=by, at=at
        )
        who = int(ids[0])
        keep_as_it_came([(who, new.came)], source_id=source_id, at=at)
        _reached_by(who, new.points, source_id, at)
        _found_by(who, new)
        mark_customers([who], {who: new.points}, {who: new.plates})
    opened = Opened(who, f"C-{who + FIRST_NUMBER}", by, because)
    note_access(by, door="open_customer", because=because, rows=1, customer_id=who)
    return opened


def _reached_by(who: int, points: tuple[tuple[str, str], ...], source_id: int, at: datetime) -> None:
    shape = pa.schema({"customer_id": pa.int64(), "channel": pa.string(), "value": pa.string()})
    rows = [{"customer_id": who, "channel": channel, "value": value} for channel, value in points]
    add_contact_points(pa.Table.from_pylist(rows, schema=shape), source_id=source_id, at=at)


def _found_by(who: int, new: NewCustomer) -> None:
    names = [str(said) for name in ("name", "given_name", "family_name") if (said := new.told.get(name))]
    key: bytes = settings.KEYS.read("search")
    secret = (contact_token(channel, value, key) for channel, value in new.points)
    tokens = sorted({*name_tokens(*names), *filter(None, secret)})
    add_search_tokens(pa.table({"customer_id": pa.array([who] * len(tokens), pa.int64()), "token": tokens}))
