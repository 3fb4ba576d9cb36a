"""Choices that come with a file: what customers said to another system before.

A file repeats what was said once. It never speaks over a customer: an entry is added only if nothing was said yet, if
the newest word came from a file too, or if the file says no. So a file brought again after a withdrawal grants nothing.
"""

from datetime import datetime
from typing import Final, LiteralString

import pyarrow as pa
from django.db import connection, transaction

from regulars.connections.postgres.copying import copy_in
from regulars.records.access_log.actions import note_deed
from regulars.rules.permission.asking import Asker

_LAY_OUT: Final[LiteralString] = """
CREATE TEMP TABLE IF NOT EXISTS brought_choice (customer_id bigint, purpose text, channel text, value text)
    ON COMMIT DELETE ROWS;
TRUNCATE brought_choice;
"""
_LOCK: Final[LiteralString] = """
SELECT FROM customer WHERE id IN (SELECT customer_id FROM brought_choice) ORDER BY id FOR NO KEY UPDATE
"""
_ADD: Final[LiteralString] = """
WITH added AS (
INSERT INTO choice_entry (customer_id, purpose, channel, value, at, by, source, wording, statement_version)
SELECT b.customer_id, b.purpose, b.channel, b.value, greatest(%s::timestamptz, newest.at), %s, 'import', %s, %s
  FROM brought_choice b
  JOIN customer c ON c.id = b.customer_id AND c.erased_at IS NULL
  LEFT JOIN LATERAL (
       SELECT e.value, e.source, e.at FROM choice_entry e
        WHERE e.customer_id = b.customer_id AND e.purpose = b.purpose AND e.channel = b.channel
          AND e.brand = '' AND e.topic = ''
        ORDER BY e.at DESC, e.id DESC LIMIT 1
  ) newest ON true
 WHERE newest.value IS NULL OR (newest.value <> b.value AND (newest.source = 'import' OR b.value = 'denied'))
RETURNING value)
SELECT count(*), count(*) FILTER (WHERE value = 'granted'), count(*) FILTER (WHERE value = 'denied') FROM added
"""


def add_brought_choices(
    brought: pa.Table, *, by: Asker, at: datetime, wording: str = "", statement_version: int | None = None
) -> int:
    """How many entries were added; `brought` has `customer_id`, `purpose`, `channel` ("" for the whole), `value`.

    The privacy log has one line for all of them, in the same transaction: where a file speaks for thousands at once,
    the officer sees that it did, when, by whom and how often it said yes.
    """
    if not brought.num_rows:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LAY_OUT)
        copy_in(cursor, "brought_choice", brought.select(["customer_id", "purpose", "channel", "value"]))
        cursor.execute(_LOCK)
        cursor.execute(_ADD, [at, by.name, wording, statement_version])
        added, granted, denied = map(int, cursor.fetchone() or (0, 0, 0))
        if added:
            said = {"entries": added, "granted": granted, "denied": denied}
            note_deed(by, deed="choice", subject="import", detail={**said, "wording": wording[:200]})
    return added
