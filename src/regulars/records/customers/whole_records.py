"""Whole records for merging: read in clear by the house itself, written back as one, taken out of sight and put back.

Nothing of it is handed to anybody: a rule is asked which values stand, and they are sealed again where they were.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any, Final

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.customers.changes import note_customer_changes
from regulars.records.customers.keys import cursor_of, keys_at_hand, open_cell, sealing_keys
from regulars.records.customers.models import AnonymousKey, Customer
from regulars.rules.intake.meanings import SEALED
from regulars.rules.merging.winners import FIELDS, TOGETHER, Known, Origin
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere

#: Every column a merge may write.
COLUMNS: Final = (*(column for columns in FIELDS.values() for column in columns), *TOGETHER)
#: Doors at which the customer said so herself.
HER_OWN: Final = ("set_preferences",)
_RECORDS: Final = f"""
SELECT c.id, c.first_seen_on, coalesce(s.trust, 0), {", ".join(f'c."{column}"' for column in COLUMNS)}
  FROM customer c LEFT JOIN source s ON s.id = c.source_id WHERE c.id = ANY (%s)
"""  # noqa: S608  (names of columns)
# A merge that was undone, and undoing it, tell nothing new of who stayed: her value is as old as it was before.
_NEWEST: Final = """
SELECT DISTINCT ON (customer_id, field) customer_id, field, at, door FROM customer_change h
 WHERE customer_id = ANY (%s)
   AND NOT (door = 'merge' AND EXISTS (
       SELECT FROM merge m WHERE m.into_id = h.customer_id AND m.at = h.at AND m.undone_at IS NOT NULL))
   AND NOT (door = 'unmerge' AND EXISTS (
       SELECT FROM merge m JOIN customer_change b ON b.customer_id = m.into_id AND b.field = h.field AND b.at = m.at
        WHERE m.into_id = h.customer_id AND m.undone_at IS NOT NULL AND b.door = 'merge'))
 ORDER BY customer_id, field, at DESC, id DESC
"""
_CONFIRMED: Final = """
SELECT customer_id, field FROM field_said WHERE customer_id = ANY (%s) AND confirmed_at IS NOT NULL
"""
_HOLD: Final = "SELECT id, erased_at FROM customer WHERE id = ANY (%s) ORDER BY id FOR UPDATE"


def hold(customer_ids: Collection[int]) -> dict[int, bool]:
    """Customer id → whether she is there; nobody writes of any of them until the transaction ends."""
    rows = cursor_of(WRITER).execute(_HOLD, [sorted(customer_ids)]).fetchall()
    return {int(who): gone is None for who, gone in rows}


def hold_both(one: int, other: int) -> None:
    """Both are there, and held; NotThere when somebody erased or merged one of them meanwhile."""
    if hold([one, other]) != {one: True, other: True}:
        raise NotThere("customer_not_there")


def is_there(customer_id: int) -> bool:
    """Whether she is neither erased nor merged into another."""
    return Customer.objects.filter(id=customer_id, erased_at__isnull=True).exists()


def known_of(customer_ids: Collection[int]) -> dict[int, Known]:
    """Their records in clear, and where each field comes from."""
    newest = {(who, field): (at, door) for who, field, at, door in ask(WRITER, _NEWEST, [list(customer_ids)])}
    confirmed = {(who, field) for who, field in ask(WRITER, _CONFIRMED, [list(customer_ids)])}
    keys = keys_at_hand(customer_ids)
    found = {}
    for who, since, trust, *values in ask(WRITER, _RECORDS, [list(customer_ids)]):
        columns = dict(zip(COLUMNS, values, strict=True))
        columns |= {name: open_cell(keys.get(who), f"customer.{name}", columns[name]) for name in SEALED}
        found[int(who)] = Known(
            columns, {field: _origin(who, field, since, trust, newest, confirmed) for field in FIELDS}
        )
    return found


def rewrite_record(
    customer_id: int, before: Mapping[str, Any], after: Mapping[str, Any], *, by: Asker, door: str, at: datetime
) -> dict[str, tuple[Any, Any]]:
    """Her record says what `after` does; column → old and new value of what that changed. It stands in the book."""
    changed = {name: (before[name], value) for name, value in after.items() if before[name] != value}
    if changed:
        told = {name: new for name, (_, new) in changed.items()}
        key = sealing_keys([customer_id])[customer_id] if told.keys() & set(SEALED) else None
        for name in told.keys() & set(SEALED):
            told[name] = key.seal(f"customer.{name}", told[name]) if key and told[name] else None
        Customer.objects.filter(id=customer_id).update(**told, changed_at=at)
        said = [(customer_id, name, _text(old), _text(new)) for name, (old, new) in changed.items()]
        note_customer_changes(said, by=by, door=door, at=at)
    return changed


def out_of_sight(customer_id: int, *, at: datetime) -> None:
    """Nobody finds, reads or writes of her any more, as of somebody erased; her row and key stay. Her key of the night
    goes: the anonymous view shows her again from the night after she is there again.
    """
    Customer.objects.filter(id=customer_id).update(erased_at=at)
    AnonymousKey.objects.filter(customer_id=customer_id).delete()


def in_sight_again(customer_id: int) -> None:
    """She is there again."""
    Customer.objects.filter(id=customer_id).update(erased_at=None)


@contextmanager
def in_sight_meanwhile(customer_ids: Collection[int]) -> Iterator[None]:
    """For the length of a step within one transaction they are as if they had not been merged: the house looks after
    what lies out of sight, and nobody else sees them.
    """
    since = dict(Customer.objects.filter(id__in=customer_ids).values_list("id", "erased_at"))
    Customer.objects.filter(id__in=customer_ids).update(erased_at=None)
    yield
    for who, at in since.items():
        Customer.objects.filter(id=who).update(erased_at=at)


def sealed_for(customer_id: int, place: str, text: str) -> bytes:
    """What only her key opens."""
    return sealing_keys([customer_id])[customer_id].seal(place, text)


def opened_for(customer_id: int, place: str, cell: bytes | memoryview | None) -> str | None:
    """The same, opened; for the house's own work."""
    return open_cell(keys_at_hand([customer_id]).get(customer_id), place, cell)


def _origin(
    who: int, field: str, since: date, trust: int, newest: Mapping[tuple[int, str], tuple[datetime, str]],
    confirmed: Collection[tuple[int, str]],
) -> Origin:  # fmt: skip
    """The newest change of any of its columns; what was never changed came when she did."""
    told = [newest[who, column] for column in FIELDS[field] if (who, column) in newest]
    at, door = max(told, default=(datetime.combine(since, time(), UTC), ""))
    hers = door in HER_OWN or any((who, column) in confirmed for column in FIELDS[field])
    return Origin(at, trust, hers)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
