"""The reading door of a batch: customers as they are told, block by block, for comparing everybody with everybody.

Contacts and id documents are opened with the house's own keys for the moment in which they become marks; the journey
that asks marks them at once (`compare_records`), and nothing of it is shown or kept in clear.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from django.conf import settings

from regulars.connections.postgres.asking import WRITER, ask, ask_one
from regulars.records.access_log.actions import note_access
from regulars.records.customers.keys import keys_at_hand
from regulars.rules.identity.finding import contact_token
from regulars.rules.identity.marks import Told
from regulars.rules.permission.asking import Asker

DOOR: Final = "customers_to_compare"
BLOCK: Final = 5_000
_COLUMNS: Final = "id, name, family_name, given_name, birth_on, sex, city, postcode, country, id_document"
_COMPARED: Final = """
erased_at IS NULL AND kind = 'person' AND NOT EXISTS (SELECT FROM canary d WHERE d.customer_id = customer.id)
"""
_ROWS: Final = f"SELECT {_COLUMNS} FROM customer WHERE id > %s AND {_COMPARED} ORDER BY id LIMIT %s"  # noqa: S608  (our own)
_THESE: Final = f"SELECT {_COLUMNS} FROM customer WHERE id = ANY (%s) AND {_COMPARED} ORDER BY id"  # noqa: S608  (our own)
_POINTS: Final = "SELECT customer_id, channel, value FROM contact_point WHERE customer_id = ANY (%s)"
_MANY: Final = f"SELECT count(*) FROM customer WHERE {_COMPARED}"  # noqa: S608  (our own)
_CROWDED: Final = """
SELECT a.token FROM unnest(%s::text[]) a (token) CROSS JOIN LATERAL (
    SELECT count(*) AS many FROM (SELECT FROM search_token t WHERE t.token = a.token LIMIT %s) a_few) shared
 WHERE many = %s
"""

Record = tuple[int, Told, str]


def customers_to_compare(*, by: Asker, because: str) -> Iterator[list[Record]]:
    """Everybody who is a person, in blocks by id: (id, what is told, country). One line in the log for all.

    Of somebody invented to watch over a list nothing is told: she would stand in a queue as what she is.
    """
    last, many = 0, 0
    try:
        while rows := ask(WRITER, _ROWS, [last, BLOCK]):
            last, many = rows[-1][0], many + len(rows)
            yield _told(rows)
    finally:
        note_access(by, door=DOOR, because=because, rows=many)


def these_to_compare(
    customer_ids: Collection[int], *, shared_by: int, by: Asker, because: str
) -> list[Record]:  # fmt: skip
    """Those of these who are persons, without contacts that more share than so many: among a part of all it does not
    show that those belong to nobody."""
    told = _told(ask(WRITER, _THESE, [sorted(customer_ids)]))
    note_access(by, door=DOOR, because=because, rows=len(told))
    key: bytes = settings.KEYS.read("search")
    keyed = {
        value: token
        for _, one, _ in told
        for channel, values in (("phone", one.phones), ("email", one.emails))
        for value in values
        if (token := contact_token(channel, value, key))
    }
    past = shared_by + 1
    crowded = {token for (token,) in ask(WRITER, _CROWDED, [sorted(set(keyed.values())), past, past])}
    everybodys = {value for value, token in keyed.items() if token in crowded}
    return [(who, _without(one, everybodys), country) for who, one, country in told] if everybodys else told


def how_many_to_compare() -> int:
    """How many customers that are."""
    row = ask_one(WRITER, _MANY)
    return int(row[0]) if row else 0


def _without(told: Told, contacts: Collection[str]) -> Told:
    phones, emails = (tuple(one for one in some if one not in contacts) for some in (told.phones, told.emails))
    return replace(told, phones=phones, emails=emails)


def _told(rows: Sequence[Sequence[Any]]) -> list[Record]:
    ids = [row[0] for row in rows]
    keys = keys_at_hand(ids)
    contacts: dict[int, list[tuple[str, str]]] = {}
    for who, channel, cell in ask(WRITER, _POINTS, [ids]):
        if cell is not None and who in keys:
            contacts.setdefault(who, []).append((channel, keys[who].open("contact_point.value", bytes(cell))))
    return [(row[0], _one(row, contacts.get(row[0], []), keys), row[8]) for row in rows]


def _one(row: Sequence[Any], contacts: Sequence[tuple[str, str]], keys: Any) -> Told:
    who, name, family, given, birth_on, sex, city, postcode, _country, document = row
    opened = keys[who].open("customer.id_document", bytes(document)) if document and who in keys else ""
    of = {
        kind: tuple(value for channel, value in contacts if channel in channels)
        for kind, channels in (("phones", ("phone", "sms")), ("emails", ("email",)), ("streets", ("letter",)))
    }
    return Told(
        names=((name, family, given),), birth_on=birth_on, sex=sex, city=city, postcode=postcode,
        references=(opened,) if opened else (), **of,
    )  # fmt: skip
