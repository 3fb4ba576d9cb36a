"""The writing door of erasure: of a customer only a tombstone is left, and the proof of what was destroyed.

Her row stays, empty, because purchases belong to somebody; her data key goes, and with it every sealed cell of hers,
in this database and in every copy of it. The database forgets in one transaction; the trees of the master keys, which
lie outside it, forget right afterwards, and if something comes in between, at the next start.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from regulars.connections.keys.master_keys import ROW, Wrapped
from regulars.connections.postgres.asking import ask, ask_one
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.customers.access import Opened
from regulars.records.customers.former_numbers import number_now
from regulars.records.customers.keys import masters, sealing_keys
from regulars.records.customers.marking import forget_words_of
from regulars.records.customers.models import Customer, CustomerKey, Erasure
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere

OPENER: Final = "personal"
#: What has nothing left to say once she is gone.
EMPTIED: Final = (
    "field_said", "as_it_came", "contact_point_said", "contact_point", "customer_ref", "search_token",
    "recognition_mark", "newly_marked", "anonymous_key", "portal_link", "customer_key", "former_number",
)  # fmt: skip
_TEXTS: Final = (
    "name", "given_name", "family_name", "name_sort", "honorific", "sex", "language", "city", "region", "country",
    "postcode", "timezone", "marital_status", "income_band", "product_knowledge", "preferred_channel",
)  # fmt: skip
_NULLS: Final = (
    "birth_on", "household_size", "potential_index", "allergies", "id_document", "quiet_from", "quiet_until",
)  # fmt: skip
_TOMBSTONE: Final = f"""
UPDATE customer SET number = %s, erased_at = %s, changed_at = %s,
       {", ".join(f"{name} = ''" for name in _TEXTS)}, {", ".join(f"{name} = NULL" for name in _NULLS)} WHERE id = %s
"""  # noqa: S608  (names of columns)
_ERASURES: Final = """
SELECT at, who, because, reference, closed, forgotten_at, key_digest FROM erasure
"""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left: when, by whom, why, what was closed, the digest of the locked key that was destroyed.

    `at` is by the clock, not the business day. `forgotten_at` is when the key trees had forgotten her too: from then on
    no copy of the database opens.
    """

    at: datetime
    who: str
    because: str
    reference: str
    closed: Mapping[str, int]
    forgotten_at: datetime | None
    key_digest: str


def hold_for_erasing(number: str, *, by: Asker, because: str) -> Opened:
    """The customer of that number, or whom she was merged into, held until the transaction ends; whoever writes waits.

    Nothing of her is opened for it. NotThere for nobody; Denied for all but the officer. Either is in the log.
    """
    if by.view != OPENER:
        note_denial(by, door="erase_customer", because=because)
        raise Denied("erasing_is_for_the_officer")
    number = number_now(number) or number
    alive = Customer.objects.select_for_update().filter(number=number, erased_at__isnull=True)
    held = alive.values_list("id", flat=True).first()
    if held is None:
        note_denial(by, door="erase_customer", because=because)
        raise NotThere("customer_not_there")
    note_access(by, door="erase_customer", because=because, rows=1, customer_id=held)
    return Opened(held, number, by, because)


def hold_parts(opened: Opened, customer_ids: Collection[int]) -> list[Opened]:
    """Those who were merged into a customer held for erasing, held too: they are erased with her."""
    parts = Customer.objects.select_for_update().filter(id__in=customer_ids).order_by("id")
    return [Opened(who, number, opened.by, opened.because) for who, number in parts.values_list("id", "number")]


def demand_there(number: str, *, by: Asker, because: str) -> None:
    """There is somebody of that number to be erased, and the asker may; NotThere and Denied as for erasing."""
    if by.view != OPENER:
        note_denial(by, door="erase_customer", because=because)
        raise Denied("erasing_is_for_the_officer")
    if not Customer.objects.filter(number=number_now(number) or number, erased_at__isnull=True).exists():
        note_denial(by, door="erase_customer", because=because)
        raise NotThere("customer_not_there")


def leave_tombstone(opened: Opened, *, reference: str, closed: Mapping[str, int], at: datetime) -> Tombstone:
    """Key, names, ways to reach her and all that found her are destroyed when the transaction commits.

    The proof bears the clock's moment, as the log does and the key trees do, whatever day the business is at.
    """
    wrapped = _key_of(opened.id)
    made = Erasure.objects.create(
        at=timezone.now(), who=opened.by.name, because=opened.because, reference=reference, customer_id=opened.id,
        number_digest=number_digest(opened.number), key_digest=hashlib.sha256(wrapped.wrapped).hexdigest(),
        leaf=wrapped.leaf, closed=dict(closed),
    )  # fmt: skip
    forget_words_of(opened.id)
    with connection.cursor() as cursor:
        for table in EMPTIED:
            cursor.execute(f"DELETE FROM {table} WHERE customer_id = %s", [opened.id])  # noqa: S608  (our own names)
        cursor.execute(_TOMBSTONE, [f"X-{secrets.token_hex(8)}", at, at, opened.id])
    return Tombstone(made.at, made.who, made.because, reference, dict(closed), None, made.key_digest)


def _key_of(customer_id: int) -> Wrapped:
    """Her locked key; made for who had none, so that there is a leaf to forget and old copies are known by it."""
    row = CustomerKey.objects.filter(customer_id=customer_id).values_list("wrapped", "master_id").first()
    if row is None:
        sealing_keys([customer_id])
        return _key_of(customer_id)
    return Wrapped(customer_id, bytes(row[0]), row[1])


def forget_what_was_erased() -> int:
    """How many erased customers the key trees have now forgotten, who were not forgotten yet. Safe to repeat."""
    waiting = list(Erasure.objects.filter(forgotten_at__isnull=True, leaf__isnull=False).values_list("id", "leaf"))
    for erasure, leaf in waiting:
        masters().forget(int(leaf or 0))
        Erasure.objects.filter(id=erasure).update(forgotten_at=timezone.now())
    return len(waiting)


def back_from_a_backup() -> list[str]:
    """Numbers of customers who were erased once and are there again, because an older copy of the database is."""
    forgotten = masters().forgotten()
    if not forgotten:
        return []
    ids = sorted({leaf % ROW for leaf in forgotten})
    locked = CustomerKey.objects.filter(customer_id__in=ids).values_list("customer_id", "wrapped", "master_id")
    leaves = {who: Wrapped(who, bytes(wrapped), master).leaf for who, wrapped, master in locked}
    found = Customer.objects.filter(id__in=ids, erased_at__isnull=True).order_by("id").values_list("id", "number")
    return [number for who, number in found if leaves.get(who, who) in forgotten]  # she may have had no key then


def tombstone_of(number: str, *, by: Asker, because: str) -> Tombstone:
    """The proof that the customer who had that number was erased; NotThere when nobody of it was."""
    if by.view != OPENER:
        note_denial(by, door="tombstone_of", because=because)
        raise Denied("erasing_is_for_the_officer")
    row = ask_one(by.view, f"{_ERASURES} WHERE number_digest = %s", [number_digest(number)])
    note_access(by, door="tombstone_of", because=because, rows=1 if row else 0)
    if row is None:
        raise NotThere("erasure_not_there")
    return _tombstone(row)


def tombstones(*, by: Asker, limit: int = 50) -> tuple[int, list[Tombstone]]:
    """How many customers were erased, and the newest of what is left of them."""
    if by.view != OPENER:
        note_denial(by, door="tombstones", because="erasing")
        raise Denied("erasing_is_for_the_officer")
    counted = ask_one(by.view, "SELECT count(*) FROM erasure")
    rows = ask(by.view, f"{_ERASURES} ORDER BY at DESC, id DESC LIMIT %s", [limit])
    return int(counted[0]) if counted else 0, [_tombstone(row) for row in rows]


def number_digest(number: str) -> str:
    """The keyed digest under which the proof is found, by whoever knows the number."""
    key: bytes = settings.KEYS.read("search")
    return hmac.new(key, b"erased number:" + number.strip().upper().encode(), hashlib.sha256).hexdigest()


def _tombstone(row: tuple[Any, ...]) -> Tombstone:
    at, who, because, reference, closed, forgotten_at, key_digest = row
    told = json.loads(closed) if isinstance(closed, str) else closed
    return Tombstone(at, who, because, reference, told, forgotten_at, key_digest)
