"""People of an existing list who want no contact: kept as keyed digests, and as a no of those we know.

The list itself is kept nowhere. What stands in the book of such files is their digest and how far each was taken in.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
from django.db import connection, transaction

from regulars.connections.postgres.asking import WRITER, ask
from regulars.connections.postgres.copying import copy_in
from regulars.records.choices.brought_along import add_brought_choices
from regulars.records.choices.models import DoNotContactFile
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import DIRECT_MARKETING

REASON: Final = "do_not_contact"
_LAY_OUT: Final = """
CREATE TEMP TABLE IF NOT EXISTS not_to_contact (channel text, token text, number text) ON COMMIT DELETE ROWS;
TRUNCATE not_to_contact;
"""
_SUPPRESS: Final = """
INSERT INTO suppression (channel, token, reason, by, at)
SELECT DISTINCT channel, token, %s, %s, %s::timestamptz FROM not_to_contact WHERE token IS NOT NULL
ON CONFLICT (channel, token) DO NOTHING
"""
_KNOWN: Final = """
SELECT DISTINCT c.id, n.channel FROM not_to_contact n JOIN search_token t ON t.token = n.token
  JOIN customer c ON c.id = t.customer_id AND c.erased_at IS NULL
 UNION SELECT c.id, n.channel FROM not_to_contact n JOIN customer c ON c.number = n.number AND c.erased_at IS NULL
 UNION SELECT f.customer_id, n.channel FROM not_to_contact n JOIN former_number f ON f.number = n.number
 ORDER BY 1, 2
"""
_UNKNOWN: Final = """
SELECT number FROM not_to_contact WHERE number IS NOT NULL
EXCEPT SELECT number FROM customer WHERE erased_at IS NULL EXCEPT SELECT number FROM former_number
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One way closed (channel "" for all of marketing): by the keyed digest of a contact, or by a customer's number."""

    channel: str
    token: str | None
    number: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """What some rows came to: new on the list, entries in the ledger, customers they are about, numbers of nobody."""

    suppressed: int
    denials: int
    customers: frozenset[int]
    unknown: frozenset[str]


def close_ways(wanted: Sequence[Wanted], *, by: Asker, at: datetime, wording: str, statement: int | None) -> Done:
    """The ways are closed when the transaction commits; doing it again changes nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LAY_OUT)
        copy_in(cursor, "not_to_contact", _table(wanted))
        cursor.execute(_SUPPRESS, [REASON, by.name, at])
        suppressed = int(cursor.rowcount)
        cursor.execute(_UNKNOWN)
        unknown = frozenset(str(number) for (number,) in cursor.fetchall())
        cursor.execute(_KNOWN)
        known = [(int(who), str(channel)) for who, channel in cursor.fetchall()]
    denials = add_brought_choices(_denials(known), by=by, at=at, wording=wording, statement_version=statement)
    return Done(suppressed, denials, frozenset(who for who, _ in known), unknown)


def closed_contacts(tokens: Collection[str]) -> frozenset[str]:
    """Those of these keyed digests of phones and mails that somebody wants no contact by, in whatever way."""
    rows = ask(WRITER, "SELECT DISTINCT token FROM suppression WHERE token = ANY (%s)", [sorted(tokens)])
    return frozenset(str(token) for (token,) in rows)


def done_through(digest: str) -> int:
    """The last row taken in of a file that was broken off; 0 for one never seen or finished."""
    row = (
        DoNotContactFile.objects.filter(file_digest=digest, finished_at__isnull=True)
        .values_list("done_through")
        .first()
    )
    return int(row[0]) if row else 0


def note_progress(digest: str, name: str, *, through: int, by: Asker, at: datetime, finished: bool) -> None:
    """The file has been taken in so far."""
    DoNotContactFile.objects.update_or_create(
        file_digest=digest,
        defaults={
            "file_name": name, "done_through": through, "asked_by": by.name, "changed_at": at,
            "finished_at": at if finished else None,
        },
    )  # fmt: skip


def _table(wanted: Sequence[Wanted]) -> pa.Table:
    columns: dict[str, Any] = {
        name: pa.array([getattr(one, name) for one in wanted], pa.string()) for name in ("channel", "token", "number")
    }
    return pa.table(columns)


def _denials(known: Sequence[tuple[int, str]]) -> pa.Table:
    return pa.table(
        {
            "customer_id": pa.array([who for who, _ in known], pa.int64()),
            "purpose": pa.array([DIRECT_MARKETING] * len(known), pa.string()),
            "channel": pa.array([channel for _, channel in known], pa.string()),
            "value": pa.array(["denied"] * len(known), pa.string()),
        }
    )
