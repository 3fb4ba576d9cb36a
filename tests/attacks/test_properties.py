"""What must be true whatever happens: for random histories of choices every view has the rows an oracle says it has."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.connections.postgres.catalogue import types_of, views_of
from regulars.connections.postgres.securing import Connection
from regulars.journeys.check_house import check_house
from regulars.journeys.secure_house import present_tables
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.customers.models import AnonymousKey, Customer
from regulars.records.dictionary import DICTIONARY, LEDGERS
from regulars.rules.permission.choices import CHANNELS, JURISDICTIONS, PURPOSES, VALUES, Choice, what_holds
from regulars.rules.privacy.compiler import SHAPES, compile_views, owner_role
from regulars.rules.privacy.rights import table_rights, view_rights
from regulars.rules.privacy.roles import LOGINS, OWNERS
from regulars.rules.privacy.views import VIEWS, View, treatment
from tests.cast import DORA, MIA, NOON, customer

pytestmark = pytest.mark.usefixtures("house")

CUSTOMER = next(table for table in DICTIONARY if table.name == "customer")
CONTACTS = next(table for table in DICTIONARY if table.name == "contact_point")
ABOUT = st.one_of(
    st.tuples(st.sampled_from(PURPOSES), st.just("")), st.tuples(st.just("direct_marketing"), st.sampled_from(CHANNELS))
)
ENTRIES = st.tuples(ABOUT, st.sampled_from(VALUES), st.integers(min_value=0, max_value=3))
PERSON = st.tuples(st.sampled_from((*JURISDICTIONS, "ZZ")), st.booleans(), st.lists(ENTRIES, max_size=6))


Said = tuple[Choice, ...]


@dataclass(frozen=True)
class Live:
    """A customer in the vault, and what the oracle needs to know of them."""

    id: int
    jurisdiction: str
    erased: bool
    said: Said

    def is_in(self, view: View) -> bool:
        """Whether the view may show the row, worked out in Python from the whole history."""
        return not self.erased and (not view.allows or what_holds(self.said, self.jurisdiction)[view.allows])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(PERSON, min_size=1, max_size=5))
def test_the_rows_of_every_view_equal_the_oracles(
    administrator_connection: Connection, people: list[tuple[str, bool, list[Any]]]
) -> None:
    """Entries come in any order, at the same moment too; laws differ; some people are erased, every other is opened."""
    empty(administrator_connection)
    everybody = [live(*person) for person in people]
    renew_anonymous_keys()
    for one in everybody:
        is_opened(one.id) if one in everybody[::2] else is_refused(one.id)
    for view in VIEWS:
        among = everybody[::2] if view.opened_by else everybody
        wanted = {one.id for one in among if one.is_in(view)}
        if view.name in CUSTOMER.views:
            assert people_in(view, "customer", "id") == wanted, view.name
        if view.name in CONTACTS.views and view.allows:
            assert people_in(view, "contact_point", "customer_id") == wanted, view.name
    assert check_house(administrator_connection).agrees


def live(jurisdiction: str, erased: bool, history: list[Any]) -> Live:
    """A customer with that history."""
    who = customer("Somebody", jurisdiction=jurisdiction, email="somebody@example.com")
    said = []
    for (purpose, channel), value, minutes in history:
        at = NOON + timedelta(minutes=minutes)
        told = {"purpose": purpose, "channel": channel, "value": value, "at": at, "by": "x", "source": "x"}
        made = ChoiceEntry.objects.create(customer=who, **told)
        said.append(Choice(purpose, channel, value, at, made.id))
    if erased:
        Customer.objects.filter(id=who.id).update(erased_at=NOON)
    return Live(who.id, jurisdiction, erased, tuple(said))


AGENT = replace(DORA, view="assigned")


def is_opened(customer: int) -> None:
    """The log says that this file was opened for a given reason just now."""
    note_access(AGENT, door="open_customer", because="x", rows=0, customer_id=customer)


def is_refused(customer: int) -> None:
    """The log says that it was not; and that somebody of another view opened it."""
    note_denial(AGENT, door="open_customer", because="x", customer_id=customer)
    note_access(MIA, door="open_customer", because="x", rows=0, customer_id=customer)


def people_in(view: View, table: str, column: str) -> set[int]:
    """The customers the view shows, by their ids; the night's keys are led back to them."""
    with connections[view.name].cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        found = {row[0] for row in cursor.fetchall()}
    if not view.renewed_keys:
        return found
    return set(AnonymousKey.objects.filter(key__in=found).values_list("customer_id", flat=True))


def empty(connection: Connection) -> None:
    """Nobody is there; the fixture empties only once for all examples."""
    connection.execute("SET session_replication_role = replica")
    for table in ("access_entry", "anonymous_key", "contact_point", "choice_entry", "customer"):
        connection.execute(f"DELETE FROM vault.{table}")
    connection.execute("RESET session_replication_role")


COARSE: dict[str, Callable[[Any], Any]] = {
    "keep": lambda value: value,
    "gone": lambda value: None,
    "year": lambda day: day.replace(month=1, day=1),
    "decade": lambda day: day.replace(year=day.year // 10 * 10, month=1, day=1),
    "month": lambda day: day.replace(day=1),
    "day": lambda moment: moment.replace(hour=0, minute=0, second=0, microsecond=0),
    "prefix": lambda text: text[:2],
}
RICH: dict[str, Any] = {
    "birth_on": date(1988, 4, 2), "city": "Suzhou", "postcode": "215000", "income_band": "50-74K", "allergies": "wool",
    "id_document": "X1234567", "sex": "f", "household_size": 3, "marital_status": "married", "language": "zh",
    "product_knowledge": "much", "potential_index": 4, "honorific": "Ms", "region": "Jiangsu", "country": "CN",
}  # fmt: skip


@pytest.mark.parametrize("view", [view for view in VIEWS if view.name in CUSTOMER.views], ids=lambda view: view.name)
def test_the_cells_of_every_view_equal_the_oracles(view: View) -> None:
    """Every column of a customer with everything filled in, through every view: shown, coarse or not at all."""
    who = customer("Rich Rita", **RICH)
    is_opened(who.id)
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
