"""Which months' order lines changed, and when: how the warehouse knows what to write again.

A month here is a month of the company's own calendar (its time zone), written 'YYYY-MM'.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.orders.models import MonthTouched


def months_touched() -> dict[str, str]:
    """Month → the moment of its last change, as a mark the warehouse compares."""
    rows = MonthTouched.objects.order_by("month").values_list("month", "changed_at")
    return {f"{month:%Y-%m}": changed_at.isoformat() for month, changed_at in rows}


def touch_months(months: Iterable[date], *, at: datetime) -> None:
    """These months have to be written again. Call it in the transaction that changed the lines."""
    rows = [MonthTouched(month=month.replace(day=1), changed_at=at) for month in sorted(set(months))]
    MonthTouched.objects.bulk_create(rows, update_conflicts=True, unique_fields=["month"], update_fields=["changed_at"])


_MONTHS: Final = """
SELECT DISTINCT date_trunc('month', ordered_at AT TIME ZONE %s)::date FROM order_line WHERE customer_id = %s
"""


def months_of(customer_id: int, *, zone: str) -> list[date]:
    """The months in which this customer has order lines."""
    return [month for (month,) in ask(WRITER, _MONTHS, [zone, customer_id])]
