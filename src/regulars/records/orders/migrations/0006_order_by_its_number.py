"""An order is found by its number, in whichever month it was placed: somebody who calls has it at hand."""

from typing import Any, Final

from django.db import migrations

PARENT: Final = "CREATE INDEX IF NOT EXISTS order_line_order ON ONLY order_line (order_key)"
#: Months that have no part of the index yet.
WITHOUT: Final = """
SELECT m.relname FROM pg_inherits t JOIN pg_class m ON m.oid = t.inhrelid
 WHERE t.inhparent = 'order_line'::regclass AND NOT EXISTS (
       SELECT FROM pg_inherits p JOIN pg_index i ON i.indexrelid = p.inhrelid
        WHERE p.inhparent = 'order_line_order'::regclass AND i.indrelid = m.oid)
 ORDER BY m.relname
"""


def index_month_by_month(apps: Any, editor: Any) -> None:
    """Beside everybody's work; broken off, it goes on with the months that are left."""
    with editor.connection.cursor() as cursor:
        cursor.execute(PARENT)
        cursor.execute(WITHOUT)
        for (month,) in cursor.fetchall():
            table, index = map(editor.quote_name, (month, f"{month}_order"))
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
            cursor.execute(f"CREATE INDEX CONCURRENTLY {index} ON {table} (order_key)")
            cursor.execute(f"ALTER INDEX order_line_order ATTACH PARTITION {index}")


def take_away(apps: Any, editor: Any) -> None:
    """The index is gone."""
    with editor.connection.cursor() as cursor:
        cursor.execute("DROP INDEX order_line_order")


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_orders_told_by_events")]
    atomic = False  # an index that is made beside everybody's work cannot be in a transaction
    locks = "Each month is read once while orders come in and are read; nobody waits for more than a moment."

    operations = [migrations.RunPython(index_month_by_month, take_away)]
