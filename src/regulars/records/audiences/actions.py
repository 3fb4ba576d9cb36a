"""The writing door of audiences: a living segment becomes a list that never changes again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection, transaction
from numpy.typing import NDArray

from regulars.connections.postgres.copying import copy_in
from regulars.records.audiences.models import Audience
from regulars.rules.permission.asking import Asker

Arms = Mapping[str, NDArray[np.int64]]


def freeze_audience(
    segment_id: int, segment_version: int, rule: Mapping[str, Any], arms: Arms, *, by: Asker, at: datetime
) -> int:
    """The number of a new audience that holds exactly these customers, each in the arm drawn for them."""
    size = sum(len(ids) for ids in arms.values())
    with transaction.atomic():
        audience = Audience.objects.create(
            segment_id=segment_id,
            segment_version=segment_version,
            rule=rule,
            size=size,
            frozen_at=at,
            frozen_by=by.name,
        )
        with connection.cursor() as cursor:
            copy_in(cursor, "audience_member", _members(audience.pk, arms))
    return int(audience.pk)


def _members(audience_id: int, arms: Arms) -> pa.Table:
    ids = np.concatenate([np.asarray(one, np.int64) for one in arms.values()]) if arms else np.empty(0, np.int64)
    names = [arm for arm, one in arms.items() for _ in range(len(one))]
    return pa.table(
        {
            "audience_id": pa.array(np.full(len(ids), audience_id), pa.int64()),
            "customer_id": pa.array(ids, pa.int64()),
            "arm": pa.array(names, pa.string()),
        }
    )
