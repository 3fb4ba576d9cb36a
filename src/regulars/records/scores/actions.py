"""The writing door of scores: a refresh lands whole or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
from django.db import connection, transaction

from regulars.connections.postgres.copying import copy_in
from regulars.records.scores.models import BucketMonth, ListMonth, Refresh, RfmMonth

SHAPE = pa.schema({
    "customer_id": pa.int64(), "as_of": pa.date32(), "recency_days": pa.int32(), "frequency": pa.int32(),
    "monetary_minor": pa.int64(), "r": pa.int16(), "f": pa.int16(), "m": pa.int16(), "rfm_group": pa.string(),
    "first_on": pa.date32(), "last_on": pa.date32(), "rhythm_days": pa.float64(), "due_on": pa.date32(),
    "grace_until": pa.date32(), "state": pa.string(),
})  # fmt: skip
COLUMNS = tuple(SHAPE.names)
_NAMES = ", ".join(COLUMNS)
_CHANGED = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
_OLD, _NEW = (", ".join(f"{table}.{name}" for name in COLUMNS[1:]) for table in ("s", "excluded"))
# Every name in this SQL comes from COLUMNS.
PUT = f"""
INSERT INTO score AS s ({_NAMES}) SELECT {_NAMES} FROM new_score
    ON CONFLICT (customer_id) DO UPDATE SET {_CHANGED} WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})
"""  # noqa: S608
DROP = "DELETE FROM score s WHERE NOT EXISTS (SELECT FROM new_score n WHERE n.customer_id = s.customer_id)"
# Who was merged into another while the figures were worked out has none any more.
_MERGED = "DELETE FROM score s USING merge m WHERE m.goes_id = s.customer_id AND m.undone_at IS NULL"
BUCKET_FIELDS = (
    "month", "gained", "kept", "won_back", "lapsed", "gained_minor", "kept_minor", "won_back_minor", "lapsed_minor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListCounts:
    """The three lists of one month as counts."""

    month: date
    due: int
    bought: int
    within_grace: int
    lapsed: int
    bought_minor: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What one refresh found: `standing` per customer, `history` of groups, `bucket` by month, `lists` by month."""

    as_of: date
    standing: pa.Table
    history: pa.Table
    bucket: pa.Table
    lists: Iterable[ListCounts]


def begin_refresh(*, as_of: date, at: datetime) -> int:
    """The number of a refresh that began now; an earlier one that never finished is marked as broken off."""
    Refresh.objects.filter(state="running").update(state="broken_off")
    return Refresh.objects.create(as_of=as_of, state="running", started_at=at).pk


def note_step(run: int, step: str, *, lines: int) -> None:
    """The refresh has come so far."""
    Refresh.objects.filter(id=run).update(step=step, order_lines=lines)


def put_figures(figures: Figures, *, run: int) -> None:
    """All pages read the new figures from now on; not one of them before all are there."""
    with transaction.atomic():
        _put_scores(figures)
        _put_history(figures.history)
        _put_bucket(figures.bucket)
        ListMonth.objects.all().delete()
        ListMonth.objects.bulk_create(
            [
                ListMonth(**{name: getattr(row, name) for name in ListCounts.__dataclass_fields__})
                for row in figures.lists
            ]
        )
        Refresh.objects.filter(id=run).update(step="segments")


def finish_refresh(run: int, *, customers: int, at: datetime) -> None:
    """The refresh is done."""
    Refresh.objects.filter(id=run).update(state="finished", customers=customers, finished_at=at, step="")


def _put_scores(figures: Figures) -> None:
    """Rows that differ are replaced, those of nobody left go; customers without a change are not written at all."""
    table = figures.standing.append_column("as_of", pa.array([figures.as_of] * figures.standing.num_rows, pa.date32()))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE new_score (LIKE score) ON COMMIT DROP")
        copy_in(cursor, "new_score", table.select(COLUMNS).cast(SHAPE))
        cursor.execute("ANALYZE new_score")
        cursor.execute(PUT)
        cursor.execute(DROP)
        cursor.execute(_MERGED)


def _put_history(history: pa.Table) -> None:
    RfmMonth.objects.all().delete()
    RfmMonth.objects.bulk_create(
        [
            RfmMonth(
                month=row["month"],
                rfm_group=row["group_name"],
                customers=row["customers"],
                amount_minor=row["monetary"],
            )
            for row in history.to_pylist()
        ]
    )


def _put_bucket(bucket: pa.Table) -> None:
    BucketMonth.objects.all().delete()
    BucketMonth.objects.bulk_create(
        [
            BucketMonth(inside=row["inside_end"], **{name: row[name] for name in BUCKET_FIELDS})
            for row in bucket.to_pylist()
        ]
    )
