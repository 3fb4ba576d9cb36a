"""What segments are evaluated on: yesterday's profile, order lines, products, and who answered which campaign."""

from datetime import date

import pyarrow as pa

from regulars.connections.warehouse import Warehouse
from regulars.records.contacts.answers import answers_given
from regulars.rules.segments.evaluate import Tables

ANSWERS = pa.schema({"customer_id": pa.int64(), "campaign_id": pa.int64(), "answered_on": pa.date32()})


def segment_tables(warehouse: Warehouse) -> Tables:
    """The tables, as of the last refresh. WarehouseError before the first."""
    given = [dict(zip(ANSWERS.names, row, strict=True)) for row in answers_given()]
    answers = warehouse.connection.from_arrow(pa.Table.from_pylist(given, schema=ANSWERS))
    return Tables(
        warehouse.kept("profile"), warehouse.order_lines(), warehouse.products(), answers, warehouse.table("own_values")
    )


def profile_day(warehouse: Warehouse) -> date | None:
    """The day the profile is of; None before the first refresh."""
    mark = warehouse.kept_mark("profile")
    return date.fromisoformat(mark[:10]) if mark else None
