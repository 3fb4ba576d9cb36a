"""What must be true of every view, table and right: cell by cell as the dictionary says, and nothing beside it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connections

from regulars.connections.postgres.catalogue import types_of, views_of
from regulars.connections.postgres.securing import Connection
from regulars.journeys.secure_house import present_tables
from regulars.records.access_log.actions import note_access
from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.dictionary import DICTIONARY, LEDGERS
from regulars.rules.permission.choices import PURPOSES
from regulars.rules.privacy.compiler import SHAPES, compile_views, owner_role
from regulars.rules.privacy.rights import table_rights, view_rights
from regulars.rules.privacy.roles import LOGINS, OWNERS
from regulars.rules.privacy.views import VIEWS, View, treatment
from tests.attacks.oracle import COARSE
from tests.cast import DORA, NOON, customer

pytestmark = pytest.mark.usefixtures("house")

CUSTOMER = next(table for table in DICTIONARY if table.name == "customer")
RICH: dict[str, Any] = {
    "birth_on": date(1988, 4, 2), "city": "Suzhou", "postcode": "215000", "income_band": "50-74K", "allergies": "wool",
    "id_document": "X1234567", "sex": "f", "household_size": 3, "marital_status": "married", "language": "zh",
    "product_knowledge": "much", "potential_index": 4, "honorific": "Ms", "region": "Jiangsu", "country": "CN",
}  # fmt: skip


@pytest.mark.parametrize("view", [view for view in VIEWS if view.name in CUSTOMER.views], ids=lambda view: view.name)
def test_the_cells_of_every_view_equal_the_oracles(view: View) -> None:
    """Every column of a customer with everything filled in, through every view: shown, coarse or not at all."""
    who = customer("Rich Rita", **RICH)
    agent = replace(DORA, view="assigned")
    note_access(agent, door="open_customer", because="x", rows=0, customer_id=who.id)
    for purpose in PURPOSES:
        ChoiceEntry.objects.create(customer=who, purpose=purpose, value="granted", at=NOON, by="x", source="x")
    renew_anonymous_keys()
    columns = [column for column in CUSTOMER.columns if column.name != "id"]
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'"{c.name}"' for c in columns) + " FROM customer")
        truth = cursor.fetchone()
    with connections[view.name].cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'"{c.name}"' for c in columns) + " FROM customer")
        shown = cursor.fetchone()
    for column, real, seen in zip(columns, truth, shown, strict=True):
        expected = None if real is None else COARSE[treatment(column, view)](real)
        assert seen == expected, f"{view.name}.{column.name}"


@pytest.mark.parametrize(
    ("minor", "band", "rounded"),
    [(0, 0, 0), (7, 5, 7), (49, 20, 49), (199, 100, 200), (5000, 5000, 5000), (98765, 50000, 99000), (-350, -200, -350),
     (123456789, 100000000, 120000000)],
)  # fmt: skip
def test_amounts_are_made_coarse_as_promised(
    administrator_connection: Connection, minor: int, band: int, rounded: int
) -> None:
    """Bands go down to the next of 1, 2, 5, 10 …; rounding keeps two digits."""
    for name, expected in (("band", band), ("rounded", rounded)):
        shape = SHAPES[name].format(column="x", type="bigint")
        row = administrator_connection.execute(f"SELECT {shape} FROM (VALUES ({minor}::bigint)) t (x)").fetchone()
        assert row == (expected,)
        assert COARSE[name](minor) == expected


def test_days_are_cut_from_moments_and_months_and_years_from_dates(administrator_connection: Connection) -> None:
    """A moment cut to a month, or a date to a day, would be cut in the zone the session says."""
    types = types_of(administrator_connection)
    for table in (table for table in DICTIONARY if table.views):
        for column in table.columns:
            cut = {column.coarse, column.coarser}
            if cut & {"day", "month", "year", "decade"}:
                wanted = "timestamp with time zone" if "day" in cut else "date"
                assert types[table.name, column.name] == wanted, f"{table.name}.{column.name}"


def test_every_view_is_a_barrier_with_an_owner_of_its_own(administrator_connection: Connection) -> None:
    """And every table of the dictionary is in exactly the views it names."""
    held = views_of(administrator_connection, [view.name for view in VIEWS])
    assert held.keys() == {f"{view}.{table.name}" for table in DICTIONARY for view in table.views}
    assert all(view.barrier for view in held.values())
    assert {(name.split(".")[0], view.owner) for name, view in held.items()} == {
        (view.name, owner_role(view)) for view in VIEWS
    }


def test_the_matrix_of_real_rights_equals_the_declared_one(administrator_connection: Connection) -> None:
    """Role × table × column, asked of PostgreSQL cell by cell: has_column_privilege agrees with the dictionary."""
    types = types_of(administrator_connection)
    tables = tuple(present_tables(types))
    declared = {*view_rights(compile_views(tables, types)), *table_rights(tables, LEDGERS)}
    readable = {(r.role, r.relation, r.column) for r in declared if r.privilege == "SELECT"}
    roles = [*LOGINS, *OWNERS[1:]]
    cells = administrator_connection.execute(
        """SELECT r, t, c, has_column_privilege(r, 'vault.' || t, c, 'SELECT')
             FROM unnest(%s::text[]) r, unnest(%s::text[], %s::text[]) tc (t, c)""",
        [roles, [table for table, _ in types], [column for _, column in types]],
    ).fetchall()
    assert len(cells) == len(roles) * len(types)
    for role, table, column, real in cells:
        relation = f"vault.{table}"
        assert real == bool({(role, relation, column), (role, relation, "")} & readable), (role, table, column)
