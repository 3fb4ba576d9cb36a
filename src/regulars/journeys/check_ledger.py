"""The present against the ledger, and order lines against what they point to: set by set, over everybody."""

from collections.abc import Iterator

from regulars.connections.postgres.catalogue import types_of
from regulars.connections.postgres.securing import Connection
from regulars.rules.permission.choices import ALLOWS
from regulars.rules.privacy.drift import Finding
from regulars.rules.privacy.reconciliation import exceptions_that_disagree, who_disagrees

NAMED_AT_MOST = 100
#: Column of order_line → table it points to. No foreign key checks these row by row: the import resolves them.
POINTS_TO = {
    "customer_id": "customer",
    "source_id": "source",
    "product_id": "product",
    "branch_id": "branch",
    "import_run_id": "import_run",
}


def ledger_findings(connection: Connection, counts: dict[str, int]) -> Iterator[Finding]:
    """Customers whose booleans are not what the ledger says, and order lines that point to nothing."""
    if ("customer", "id") not in types_of(connection):
        return
    counts["customers"] = _count(connection, "customer")
    counts["order_lines"] = _count(connection, "order_line")
    yield from _disagreements(connection)
    yield from _exceptions(connection)
    yield from _orphans(connection)
    if connection.execute(WRITABLE, [list(ALLOWS)]).fetchone() is not None:
        yield Finding("choice_writable", "vault.customer", found="UPDATE")


WRITABLE = """
SELECT FROM unnest(%s::text[]) AS name
 WHERE has_column_privilege('regulars_writer', 'vault.customer', name, 'UPDATE')
    OR EXISTS (SELECT FROM pg_roles r WHERE r.rolname ~ '^(regulars_log|bi_)' AND NOT r.rolsuper
                  AND has_column_privilege(r.oid, 'vault.customer', name, 'UPDATE'))
"""


def _count(connection: Connection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM vault.{table}").fetchone()  # noqa: S608 - our own two names
    return int(row[0]) if row else 0


def _disagreements(connection: Connection) -> Iterator[Finding]:
    """Each customer by number of the row, with the permissions that differ; a hundred are named, the rest counted."""
    names = list(ALLOWS)
    rows = connection.execute(who_disagrees()).fetchall()
    for who, *cells in rows[:NAMED_AT_MOST]:
        held, wanted = cells[: len(names)], cells[len(names) :]
        wrong = [(name, is_, should) for name, is_, should in zip(names, held, wanted, strict=True) if is_ != should]
        yield Finding(
            "choice_disagrees",
            f"customer {who}",
            expected=", ".join(f"{name}={should}" for name, _, should in wrong),
            found=", ".join(f"{name}={is_}" for name, is_, _ in wrong),
        )
    if len(rows) > NAMED_AT_MOST:
        yield Finding("choice_disagrees_more", "customer", found=str(len(rows) - NAMED_AT_MOST))


def _exceptions(connection: Connection) -> Iterator[Finding]:
    """Brands and topics taken out that the ledger does not want out, and the other way round."""
    for who, *scope, there in connection.execute(exceptions_that_disagree()).fetchmany(NAMED_AT_MOST):
        said = " ".join(word for word in scope if word)
        yield Finding(
            "exception_disagrees", f"customer {who}", expected="" if there else said, found=said if there else ""
        )


def _orphans(connection: Connection) -> Iterator[Finding]:
    """Lines that point to nothing, by what they point to: how many, and the first few keys."""
    lost = ", ".join(
        f"count(*) FILTER (WHERE l.{column} IS NOT NULL AND {table}.id IS NULL)" for column, table in POINTS_TO.items()
    )
    joins = " ".join(f"LEFT JOIN vault.{table} ON {table}.id = l.{column}" for column, table in POINTS_TO.items())
    row = connection.execute(f"SELECT {lost} FROM vault.order_line l {joins}").fetchone()  # noqa: S608 - our own names
    for (column, table), lines in zip(POINTS_TO.items(), row or (), strict=True):
        if lines:
            yield Finding(
                "order_orphan", f"order_line.{column}", expected=table, found=_first(connection, column, table)
            )


def _first(connection: Connection, column: str, table: str) -> str:
    rows = connection.execute(
        f"""SELECT l.{column}, count(*) FROM vault.order_line l LEFT JOIN vault.{table} t ON t.id = l.{column}
             WHERE l.{column} IS NOT NULL AND t.id IS NULL GROUP BY 1 ORDER BY 1 LIMIT 10"""  # noqa: S608 - our own names
    )
    return ", ".join(f"{key} ({lines} lines)" for key, lines in rows)
