"""The writing door of contacts, planning side: one row per person of an audience, with the gate's reasons."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

import pyarrow as pa
from django.db import connection, transaction

from regulars.connections.postgres.copying import copy_in
from regulars.records.contacts.models import Contact
from regulars.rules.permission.gate import Decision

MOMENT: Final = pa.timestamp("us", "UTC")


@dataclass(frozen=True, slots=True)
class Planned:
    """One person of the audience: her arm, the state her contact begins in, and the decision it rests on."""

    customer_id: int
    arm: str
    state: str
    decision: Decision


# Whoever is erased at this very moment is waited for, and then passed by.
_PLAN: Final = """
WITH alive AS (SELECT id FROM customer WHERE id IN (SELECT customer_id FROM planned) AND erased_at IS NULL
                  FOR KEY SHARE)
INSERT INTO contact (id, campaign_id, customer_id, channel, arm, state, strip, reasons, decided_at, not_before,
                     message_id)
SELECT p.id, %s, p.customer_id, %s, p.arm, p.state, p.strip, p.reasons::jsonb, %s, p.not_before, ''
  FROM planned p JOIN alive ON alive.id = p.customer_id
ON CONFLICT (campaign_id, customer_id) DO NOTHING
"""


def plan_contacts(campaign_id: int, channel: str, planned: Sequence[Planned], *, at: datetime) -> int:
    """Every planned contact is there; planning the same campaign again adds nobody twice. How many are new."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE planned (id uuid, customer_id bigint, arm text, state text, strip text, "
                       "reasons text, not_before timestamptz) ON COMMIT DROP")  # fmt: skip
        copy_in(cursor, "planned", _rows(planned))
        cursor.execute(_PLAN, [campaign_id, channel, at])
        return int(cursor.rowcount)


def reasons_of(decision: Decision) -> list[dict[str, Any]]:
    """The decision as it is kept: rule, answer, code and values of all nine, moments and hours as text."""
    return [
        {"rule": a.rule, "answer": a.answer, "code": a.code, "values": {k: _plain(v) for k, v in a.values.items()}}
        for a in decision.rules
    ]


def release_reserved(campaign_id: int) -> int:
    """Those kept for the roll-out wait to be sent from now on; how many they are."""
    return Contact.objects.filter(campaign_id=campaign_id, state="reserved").update(state="waiting")


def cancel_campaign(campaign_id: int) -> int:
    """Nothing more of this campaign is sent; how many contacts were waiting."""
    return Contact.objects.filter(campaign_id=campaign_id, state__in=["waiting", "reserved"]).update(state="cancelled")


def _rows(planned: Sequence[Planned]) -> pa.Table:
    return pa.table(
        {
            "id": pa.array([uuid.uuid4().bytes for _ in planned], pa.binary(16)),
            "customer_id": pa.array([one.customer_id for one in planned], pa.int64()),
            "arm": pa.array([one.arm for one in planned], pa.string()),
            "state": pa.array([one.state for one in planned], pa.string()),
            "strip": pa.array([one.decision.strip for one in planned], pa.string()),
            "reasons": pa.array([json.dumps(reasons_of(one.decision)) for one in planned], pa.string()),
            "not_before": pa.array([one.decision.until for one in planned], MOMENT),
        }
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime | time):
        return value.isoformat()
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else value
