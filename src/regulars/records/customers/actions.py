"""The writing door of customers: many at once, as files bring them.

Tables in Arrow come in, one row per customer; a null or empty cell means that the file says nothing, and nothing that
is known is ever emptied by it. What a file changes is noted value by value, old and new. Nobody's permission is set
here: a new customer has said nothing, and the defaults of her jurisdiction hold.
"""

from datetime import datetime
from itertools import islice
from typing import Any, Final, LiteralString

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from regulars.connections.postgres.copying import copy_in
from regulars.records.customers.changes import note_customer_changes
from regulars.records.customers.keys import Keys, cursor_of, keep_keys, new_keys, sealing_keys, were_given_before
from regulars.records.customers.models import CustomerRef
from regulars.records.customers.saying import keep_what_is_said, leave_out, settle
from regulars.rules.cleaning.emails import same_mailbox
from regulars.rules.identity.finding import number_tokens
from regulars.rules.intake.meanings import SEALED
from regulars.rules.intake.references import is_keyed
from regulars.rules.permission.asking import Asker

#: Where the cell of a way to reach somebody is bound to.
POINT: Final = "contact_point.value"
Ids = np.ndarray[Any, np.dtype[np.int64]]

#: What a file may say about a customer.
TOLD: Final = pa.schema(
    {
        "name": pa.string(),
        "given_name": pa.string(),
        "family_name": pa.string(),
        "name_sort": pa.string(),
        "honorific": pa.string(),
        "sex": pa.string(),
        "birth_on": pa.date32(),
        "language": pa.string(),
        "city": pa.string(),
        "region": pa.string(),
        "country": pa.string(),
        "postcode": pa.string(),
        "timezone": pa.string(),
        "home_branch_id": pa.int64(),
        "household_size": pa.int16(),
        "marital_status": pa.string(),
        "income_band": pa.string(),
        "allergies": pa.string(),
        "id_document": pa.string(),
        "jurisdiction": pa.string(),
    }
)
#: How many characters the vault has room for, where that is few.
ROOM: Final = {
    "sex": 8,
    "language": 16,
    "country": 2,
    "timezone": 64,
    "marital_status": 16,
    "income_band": 16,
    "jurisdiction": 8,
}
FIRST_NUMBER: Final = 10_000

_MAYBE_NULL: Final = frozenset({"birth_on", "home_branch_id", "household_size", "allergies", "id_document"})
_KINDS: Final = {"birth_on": "date", "home_branch_id": "bigint", "household_size": "smallint"}
_TELLING: Final = ", ".join(f"{name} {kind}" for name, kind in {
    name: "bytea" if name in SEALED else _KINDS.get(name, "text")
    for name in TOLD.names
}.items())  # fmt: skip
_LAY_OUT: Final = f"""
CREATE TEMP TABLE IF NOT EXISTS told_customer (
    customer_id bigint, stage text, first_seen_on date, {_TELLING}
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS new_contact_point (customer_id bigint, channel text, value bytea) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS new_search_token (customer_id bigint, token text) ON COMMIT DELETE ROWS;
TRUNCATE told_customer, new_contact_point, new_search_token;
"""


def _said(name: str) -> str:
    if name == "jurisdiction":
        return "coalesce(t.jurisdiction, 'none')"
    return f"t.{name}" if name in _MAYBE_NULL else f"coalesce(t.{name}, '')"


# A table with row-level security takes no COPY, so the rows go through a table of our own. All names are from TOLD.
_CREATE: Final = f"""
INSERT INTO customer (id, number, kind, stage, first_seen_on, source_id, told_at, changed_at, invented,
       product_knowledge, preferred_channel, {", ".join(TOLD.names)},
       allows_direct_marketing, allows_disclosure, allows_automated_decision, allows_sensitive_use,
       allows_email, allows_phone, allows_letter, allows_sms)
SELECT t.customer_id, 'C-' || (t.customer_id + {FIRST_NUMBER}), 'person', t.stage, t.first_seen_on, %s, %s, %s, %s,
       '', '', {", ".join(_said(name) for name in TOLD.names)},
       false, false, false, false, false, false, false, false
  FROM told_customer t
"""  # noqa: S608
_NEWS: Final = " OR ".join(f"(t.{name} IS NOT NULL AND t.{name} IS DISTINCT FROM c.{name})" for name in TOLD.names)
_OPEN: Final = tuple(name for name in TOLD.names if name not in SEALED)
_CHANGED: Final = f"""
SELECT c.id, f.name, f.old, f.new, f.old_cell, f.new_cell
  FROM told_customer t JOIN customer c ON c.id = t.customer_id AND c.erased_at IS NULL
 CROSS JOIN LATERAL (VALUES
       {", ".join(f"('{name}', c.{name}::text, t.{name}::text, NULL::bytea, NULL::bytea)" for name in _OPEN)},
       {", ".join(f"('{name}', NULL, NULL, c.{name}, t.{name})" for name in SEALED)}
 ) f (name, old, new, old_cell, new_cell)
 WHERE (f.new IS NOT NULL AND f.new IS DISTINCT FROM f.old)
    OR (f.new_cell IS NOT NULL AND f.new_cell IS DISTINCT FROM f.old_cell)
"""  # noqa: S608
_TELL: Final = f"""
UPDATE customer c SET changed_at = %s, {", ".join(f"{name} = coalesce(t.{name}, c.{name})" for name in TOLD.names)}
  FROM told_customer t WHERE c.id = t.customer_id AND c.erased_at IS NULL AND ({_NEWS})
RETURNING c.id
"""  # noqa: S608
# Whoever is erased at this very moment is waited for, and then passed by.
_ADD_POINTS: Final[LiteralString] = """
WITH alive AS (SELECT id FROM customer WHERE id IN (SELECT customer_id FROM new_contact_point) AND erased_at IS NULL
                  FOR KEY SHARE)
INSERT INTO contact_point (customer_id, channel, label, value, valid, source_id, noted_at)
SELECT DISTINCT customer_id, channel, '', value, true, %s::bigint, %s::timestamptz
  FROM new_contact_point JOIN alive ON alive.id = customer_id WHERE value IS NOT NULL
ON CONFLICT (customer_id, channel, value) DO NOTHING
"""
# What somebody else had told before is said by this source too: it stays when the first one's data goes.
_ALSO_SAID: Final = """
INSERT INTO contact_point_said (contact_point_id, source_id, customer_id, noted_at)
SELECT DISTINCT p.id, %(source)s, p.customer_id, %(at)s::timestamptz
  FROM new_contact_point n JOIN contact_point p
    ON p.customer_id = n.customer_id AND p.channel = n.channel AND p.value = n.value
 WHERE p.source_id IS DISTINCT FROM %(source)s
ON CONFLICT DO NOTHING
"""
# An address in capitals and one in small letters are one mail box.
_MAIL_BESIDE: Final = """
SELECT n.customer_id, n.value, p.value FROM new_contact_point n
  JOIN contact_point p ON p.customer_id = n.customer_id AND p.channel = n.channel
 WHERE n.channel = 'email' AND n.value <> p.value
   AND NOT EXISTS (SELECT FROM contact_point o
                    WHERE o.customer_id = n.customer_id AND o.channel = n.channel AND o.value = n.value)
"""
_SPELL_AS_KNOWN: Final = """
UPDATE new_contact_point n SET value = t.known FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) t (who, told, known)
 WHERE n.customer_id = t.who AND n.channel = 'email' AND n.value = t.told
"""
_ADD_TOKENS: Final[LiteralString] = """
WITH alive AS (SELECT id FROM customer WHERE id IN (SELECT customer_id FROM new_search_token) AND erased_at IS NULL
                  FOR KEY SHARE)
INSERT INTO search_token (customer_id, token)
SELECT customer_id, token FROM new_search_token JOIN alive ON alive.id = customer_id
EXCEPT
SELECT s.customer_id, s.token FROM search_token s WHERE s.customer_id IN (SELECT customer_id FROM new_search_token)
"""


def refs_of_source(source_id: int) -> pa.Table:
    """What the source calls its customers: `ref` and `id`."""
    rows = CustomerRef.objects.filter(source_id=source_id).values_list("ref", "customer_id")
    shape = pa.schema({"ref": pa.string(), "id": pa.int64()})
    found = rows.iterator(chunk_size=50_000)
    pieces = [shape.empty_table()]
    while some := list(islice(found, 50_000)):
        pieces.append(pa.table(list(zip(*some, strict=True)), schema=shape))
    return pa.concat_tables(pieces)


def create_customers(
    told: pa.Table, *, source_id: int, stage: str, by: Asker, at: datetime, invented: bool = False
) -> Ids:
    """The numbers of new customers, one per row of `told`: `ref`, `first_seen_on`, and any columns of `TOLD`.

    The source knows them by their `ref` from now on (a null ref: it has none), and they are found by it. Who brought
    them in stands in the book of changes once for all of them; `source` and `first_seen_on` stand on each.
    """
    if not told.num_rows:
        return np.empty(0, np.int64)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nextval('customer_id_seq') FROM generate_series(1, %s)", [told.num_rows])
        ids = np.fromiter((row[0] for row in cursor.fetchall()), np.int64, told.num_rows)
        made = new_keys(ids[_something_sealed(told) | were_given_before(ids)])
        stages = pa.repeat(pa.scalar(stage), told.num_rows)
        rows = told.append_column("customer_id", pa.array(ids)).append_column("stage", stages)
        _lay_out(cursor, rows, {key.customer_id: key for _, key in made})
        cursor.execute(_CREATE, [source_id, at, at, invented])
        keep_keys([wrapped for wrapped, _ in made])
        _name_in_source(cursor, told["ref"], ids, source_id)
        _find_by_number(cursor, told["ref"], ids)
        _note_arrival(cursor, by, at, source_id, told.num_rows)
    return ids


def tell_customers(told: pa.Table, *, source_id: int | None, by: Asker, at: datetime) -> frozenset[int]:
    """What the file says (`customer_id`, and columns of `TOLD`) is known; the customers it told something new.

    Each value that gives way is in the book of changes with the one that takes its place. Where another source says
    otherwise, both are kept, and the record shows what is believed (rules.intake.choosing).
    """
    if not told.num_rows:
        return frozenset()
    with transaction.atomic(), connection.cursor() as cursor:
        people = told["customer_id"].to_numpy()
        _lay_out(cursor, told, sealing_keys(people[_something_sealed(told)]))
        disputed = keep_what_is_said(cursor, source_id=source_id, at=at)
        leave_out(cursor, disputed)
        _note_changes(cursor, by, at)
        cursor.execute(_TELL, [at])
        changed = frozenset(who for (who,) in cursor.fetchall())
        return changed | settle(disputed, by=by, through="customers.tell_customers", at=at)


def add_contact_points(points: pa.Table, *, source_id: int, at: datetime) -> int:
    """These ways to reach customers (`customer_id`, `channel`, `value`) are known; how many were not before. Of a mail
    box in two spellings the first stands."""
    if not points.num_rows:
        return 0
    points = _spelled_once(points)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LAY_OUT)
        people = points["customer_id"]
        keys = sealing_keys(set(people.to_pylist()))
        cells = sealed_cells(keys, people, points["value"], POINT)
        copy_in(cursor, "new_contact_point", points.select(["customer_id", "channel"]).append_column("value", cells))
        _spell_as_known(keys)
        cursor.execute(_ADD_POINTS, [source_id, at])
        added = int(cursor.rowcount)
        if added < points.num_rows:
            cursor.execute(_ALSO_SAID, {"source": source_id, "at": at})
        return added


def _spelled_once(points: pa.Table) -> pa.Table:
    """The same, every spelling of a mail box as it came first."""
    rows = list(zip(*(points[name].to_pylist() for name in ("customer_id", "channel", "value")), strict=True))
    mails = [(who, value) for who, channel, value in rows if channel == "email" and value is not None]
    first: dict[tuple[int, str], str] = {}
    for who, value in mails:
        first.setdefault((who, same_mailbox(value)), value)
    if len(first) == len(set(mails)):
        return points
    told = [first[who, same_mailbox(value)] if channel == "email" and value else value for who, channel, value in rows]
    return points.set_column(points.column_names.index("value"), "value", pa.array(told, pa.string()))


def _spell_as_known(keys: Keys) -> None:
    """A mail box that is known in another spelling is told in that one."""
    rows = cursor_of("default").execute(_MAIL_BESIDE).fetchall()
    alike = {
        (who, bytes(told)): (who, told, known) for who, told, known in rows
        if same_mailbox(keys[who].open(POINT, bytes(told))) == same_mailbox(keys[who].open(POINT, bytes(known)))
    }  # fmt: skip
    if alike:
        cursor_of("default").execute(_SPELL_AS_KNOWN, [list(column) for column in zip(*alike.values(), strict=True)])


def add_search_tokens(tokens: pa.Table) -> int:
    """The customers are found by these keys too (`customer_id`, `token`); earlier keys stay, so old spellings find."""
    if not tokens.num_rows:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LAY_OUT)
        copy_in(cursor, "new_search_token", tokens.select(["customer_id", "token"]))
        cursor.execute(_ADD_TOKENS)
        return int(cursor.rowcount)


def note_purchases(customers: Ids) -> int:
    """Prospects among these customers have become customers, and nobody is first seen after a first order."""
    if not len(customers):
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LAY_OUT)
        copy_in(cursor, "told_customer", pa.table({"customer_id": customers}))
        cursor.execute("ANALYZE told_customer")
        cursor.execute(
            "UPDATE customer c SET stage = 'customer' FROM told_customer t"
            " WHERE c.id = t.customer_id AND c.stage = 'prospect'"
        )
        return int(cursor.rowcount)


def see_earlier(first_seen: pa.Table) -> int:
    """Nobody (`customer_id`) is first seen after `first_seen_on`; how many were put earlier."""
    if not first_seen.num_rows:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LAY_OUT)
        copy_in(cursor, "told_customer", first_seen.select(["customer_id", "first_seen_on"]))
        cursor.execute("ANALYZE told_customer")
        cursor.execute(
            "UPDATE customer c SET first_seen_on = t.first_seen_on FROM told_customer t"
            " WHERE c.id = t.customer_id AND c.first_seen_on > t.first_seen_on"
        )
        return int(cursor.rowcount)


def sealed_cells(keys: Keys, people: pa.ChunkedArray, texts: pa.ChunkedArray, column: str) -> pa.Array:
    """The texts as sealed cells, each under its customer's key; null where there is no text, or nobody alive."""
    rows = zip(people.to_pylist(), texts.to_pylist(), strict=True)
    cells = (keys[who].seal(column, text) if text and who in keys else None for who, text in rows)
    return pa.array(cells, pa.binary())


def _something_sealed(told: pa.Table) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Which rows say something that is kept sealed."""
    said = np.zeros(told.num_rows, bool)
    for name in (name for name in SEALED if name in told.column_names):
        said |= pc.fill_null(pc.not_equal(pc.cast(told[name], pa.string()), ""), False).to_numpy()
    return said


def _note_changes(cursor: Any, by: Asker, at: datetime) -> None:
    """Every value that gives way, with the one that takes its place; a cell that is sealed already is its own copy."""
    cursor.execute(_CHANGED)
    changes = cursor.fetchall()
    note_customer_changes(((who, *said) for who, *said in changes), by=by, door="customers.tell_customers", at=at)


def _lay_out(cursor: Any, told: pa.Table, keys: Keys) -> None:
    """The rows in the table of our own; empty texts become nothing said, over-long ones are cut to their room."""
    cursor.execute(_LAY_OUT)
    wanted = [name for name in ("customer_id", "stage", "first_seen_on", *TOLD.names) if name in told.column_names]
    columns = {name: _fitting(told[name], name) for name in wanted}
    for name in (name for name in SEALED if name in columns):
        columns[name] = sealed_cells(keys, told["customer_id"], columns[name], f"customer.{name}")
    copy_in(cursor, "told_customer", pa.table(columns))
    cursor.execute("ANALYZE told_customer")


def _fitting(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    kind = TOLD.field(name).type if name in TOLD.names else column.type
    column = pc.cast(column, kind)
    if not pa.types.is_string(kind):
        return column
    cut = pc.utf8_slice_codeunits(column, 0, ROOM[name]) if name in ROOM else column
    return pc.if_else(pc.equal(cut, ""), pa.scalar(None, pa.string()), cut)


def _name_in_source(cursor: Any, refs: pa.ChunkedArray, ids: Ids, source_id: int) -> None:
    named = pa.table({"ref": refs, "customer_id": pa.array(ids)}).filter(pc.is_valid(refs))
    sources = pa.repeat(pa.scalar(source_id, pa.int64()), named.num_rows)
    copy_in(cursor, "customer_ref", named.append_column("source_id", sources))


def _find_by_number(cursor: Any, refs: pa.ChunkedArray, ids: Ids) -> None:
    """A new customer is found by her own number and by what the source calls her, unless that is a keyed digest."""
    said = ("" if ref is None or is_keyed(ref) else ref for ref in refs.to_pylist())
    names = ((f"C-{customer + FIRST_NUMBER}", ref) for customer, ref in zip(ids, said, strict=True))
    pairs = [(customer, token) for customer, found in zip(ids, names, strict=True) for token in number_tokens(*found)]
    if pairs:
        columns = list(zip(*pairs, strict=True))
        tokens = pa.table(columns, schema=pa.schema({"customer_id": pa.int64(), "token": pa.string()}))
        copy_in(cursor, "search_token", tokens)


def _note_arrival(cursor: Any, by: Asker, at: datetime, source_id: int, customers: int) -> None:
    cursor.execute(
        "INSERT INTO change_entry (at, who, door, subject, field, old, new) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [at, by.name, "customers.create_customers", f"source {source_id}", "customers", None, str(customers)],
    )
