"""The writing door of contacts made before us: what a source says was sent, kept so that the pressure of the past
counts."""

import uuid
from collections.abc import Iterable
from datetime import datetime

import numpy as np
import pyarrow as pa
from django.db import connection, transaction

from regulars.connections.postgres.copying import copy_in

#: Nobody asked our gate about these; the page says so.
DECIDED_ELSEWHERE = '[{"rule": "reason", "answer": "pass", "code": "decided_elsewhere", "values": {}}]'


def bring_in_sent(campaign_id: int, channel: str, customer_ids: Iterable[int], *, sent_at: datetime) -> int:
    """These people were sent this campaign at that moment; how many of them were not known to have been."""
    ids = np.fromiter(customer_ids, np.int64)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE brought (id uuid, customer_id bigint) ON COMMIT DROP")
        keys = pa.array([uuid.uuid4().bytes for _ in ids], pa.binary(16))
        copy_in(cursor, "brought", pa.table({"id": keys, "customer_id": pa.array(ids)}))
        cursor.execute(
            "INSERT INTO contact (id, campaign_id, customer_id, channel, arm, state, strip, reasons, decided_at, "
            "sent_at, message_id) SELECT id, %s, customer_id, %s, 'rollout', 'sent', '', %s::jsonb, %s, %s, '' "
            "FROM brought ON CONFLICT (campaign_id, customer_id) DO NOTHING",
            [campaign_id, channel, DECIDED_ELSEWHERE, sent_at, sent_at],
        )
        return int(cursor.rowcount)
