"""PostgreSQL → Parquet: months that changed since last time, and the small tables. Pseudonymous, through its own
login.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.conf import settings

from regulars.connections.postgres.reading import ColumnReader, columns_from
from regulars.connections.warehouse import Warehouse
from regulars.records.access_log.actions import note_access
from regulars.records.company.access import company
from regulars.records.orders.warehouse_marks import months_touched
from regulars.records.watched.access import all_canaries
from regulars.rules.permission.asking import Asker

HOUSE = Asker("night shift", "house", "warehouse", "analysis")

LINES = """
SELECT customer_id, order_key, product_id, branch_id, ordered_at::date AS ordered_on, quantity_milli, amount_minor
  FROM order_line WHERE ordered_at >= '{start}' AND ordered_at < '{end}' AND currency = '{currency}'
"""
SMALL = {
    "customers": """
        SELECT id AS customer_id, sex,
               CASE WHEN birth_on IS NULL THEN '' ELSE extract(year FROM birth_on)::int || 's' END AS age_band,
               city, region, country, home_branch_id, language, income_band, household_size::int AS household_size,
               marital_status, stage, first_seen_on FROM customer""",
    "products": "SELECT id AS product_id, department, category, brand, name FROM product",
    "branches": "SELECT id AS branch_id, name FROM branch",
    "own_values": """
        SELECT v.customer_id, a.key AS attribute, v.text, v.amount, v.day, v.yes
          FROM own_value v JOIN own_attribute a ON a.id = v.attribute_id""",
}


def fill_warehouse(warehouse: Warehouse, *, say: Callable[[str, int, int], None] = lambda step, done, of: None) -> int:
    """Every month and table of the warehouse equals PostgreSQL when this returns; how many order lines were written
    anew.
    """
    facts = company()
    truth = months_touched()
    stale = warehouse.stale_months(truth)
    with columns_from(settings.DATABASES["warehouse"], zone=facts.timezone) as reader:
        rows = 0
        for done, month in enumerate(stale):
            say("months", done, len(stale))
            rows += _write_month(warehouse, reader, month, truth.get(month), facts.currency)
        _write_small(warehouse, reader)
    note_access(HOUSE, door="fill_warehouse", because="warehouse refresh", rows=rows)
    return rows


def _write_month(warehouse: Warehouse, reader: ColumnReader, month: str, mark: str | None, currency: str) -> int:
    """One month as it is now; a month without lines goes."""
    if mark is None:
        warehouse.drop_month(month)
        return 0
    start = date.fromisoformat(f"{month}-01")
    end = (start + timedelta(days=31)).replace(day=1)
    with reader.stream(LINES.format(start=start, end=end, currency=currency)) as batches:
        return warehouse.write_month(month, batches, mark)


def _write_small(warehouse: Warehouse, reader: ColumnReader) -> None:
    for name, query in SMALL.items():
        with reader.stream(_without_canaries(query) if name == "customers" else query) as batches:
            warehouse.write_table(name, batches)


def _without_canaries(query: str) -> str:
    """Nobody who was invented to raise an alarm is in any figure, segment or campaign."""
    listed = ",".join(str(who) for who in sorted(all_canaries()))
    return f"{query} WHERE NOT id = ANY ('{{{listed}}}'::bigint[])"
