"""Which months' order lines changed, and when: how the warehouse knows what to write again.

A month here is a month of the company's own calendar (its time zone), written 'YYYY-MM'.
"""

from collections.abc import Iterable
from datetime import date, datetime

from regulars.records.orders.models import MonthTouched


def months_touched() -> dict[str, str]:
    """Month → the moment of its last change, as a mark the warehouse compares."""
    rows = MonthTouched.objects.order_by("month").values_list("month", "changed_at")
    return {f"{month:%Y-%m}": changed_at.isoformat() for month, changed_at in rows}


def touch_months(months: Iterable[date], *, at: datetime) -> None:
    """These months have to be written again. Call it in the transaction that changed the lines."""
    rows = [MonthTouched(month=month.replace(day=1), changed_at=at) for month in sorted(set(months))]
    MonthTouched.objects.bulk_create(rows, update_conflicts=True, unique_fields=["month"], update_fields=["changed_at"])
