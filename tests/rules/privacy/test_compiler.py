"""Dictionary × views → SQL: what is not classed is nowhere, what is closed is NULL, who said no is not there."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.privacy.compiler import (
    PERSON,
    CompiledView,
    compile_views,
    create_view,
    login_role,
    owner_role,
    row_policies,
)
from regulars.rules.privacy.dictionary import Column, Table, identifying, personal, plain, secret, sensitive
from regulars.rules.privacy.rights import table_rights, view_rights
from regulars.rules.privacy.views import BY_NAME, VIEWS, View, treatment

COLUMNS = (
    plain("id", "Number", "编号"),
    identifying("name", "user.name", "Name", "姓名"),
    identifying("phone", "user.contact.phone_number", "Phone", "电话"),
    sensitive("allergies", "user.health_and_medical", "Allergies", "过敏"),
    personal("city", "user.contact.city", "City", "城市"),
    secret("password", "Password", "密码"),
)
ALLOWING = tuple(plain(view.allows, view.allows, view.allows) for view in VIEWS if view.allows)
ERASED = plain("erased_at", "Erased", "删除")
CUSTOMER = Table(PERSON, "People", (*COLUMNS, *dict.fromkeys(ALLOWING), ERASED), person="id", views=frozenset(BY_NAME))
VISIT = Table("visit", "Visits", (plain("id", "N", "N"), plain("customer_id", "C", "C")), person="customer_id",
              views=frozenset(BY_NAME))  # fmt: skip
HOUSE = replace(VISIT, name="house", views=frozenset())


def types(*tables: Table) -> Mapping[tuple[str, str], str]:
    return {(table.name, column.name): "text" for table in tables for column in table.columns}


def compiled(*tables: Table) -> dict[str, CompiledView]:
    return {one.name: one for one in compile_views(tables, types(*tables))}


def cell(view: str, column: str) -> str:
    """What that view's SELECT says of a column of the customer."""
    text = compiled(CUSTOMER)[f"{view}.{PERSON}"].select
    found = re.search(rf"(\S+) AS {column}\b", text)
    assert found is not None
    return found[1]


def test_a_password_is_in_no_view() -> None:
    for name, one in compiled(CUSTOMER).items():
        assert "t.password" not in one.select, name


def test_a_phone_is_open_only_where_somebody_is_reached_or_overseen() -> None:
    assert {view.name for view in VIEWS if "NULL" not in cell(view.name, "phone")} == {"personal", "opening", "repair"}


def test_health_is_open_only_where_it_was_allowed_or_overseen() -> None:
    assert {view.name for view in VIEWS if treatment(COLUMNS[3], view) == "keep"} == {"personal", "sensitive"}


def test_a_column_nobody_classed_is_nowhere() -> None:
    known = types(CUSTOMER) | {(PERSON, "shoe_size"): "integer"}
    assert all("shoe_size" not in one.select for one in compile_views([CUSTOMER], known))


def test_a_table_of_the_house_itself_is_in_no_view() -> None:
    assert compiled(HOUSE) == {}


def test_a_column_that_is_not_there_stops_the_build() -> None:
    with pytest.raises(KeyError):
        list(compile_views([CUSTOMER], {}))


@pytest.mark.parametrize("view", [view for view in VIEWS if view.allows], ids=lambda view: view.name)
def test_who_closed_a_purpose_is_not_there_nor_anything_of_hers(view: View) -> None:
    views = compiled(CUSTOMER, VISIT)
    assert f"t.{view.allows}" in views[f"{view.name}.{PERSON}"].select.partition("WHERE")[2]
    assert f"c.{view.allows}" in views[f"{view.name}.visit"].select.partition("WHERE EXISTS")[2]
    assert views[f"{view.name}.visit"].reads[PERSON] == tuple(sorted({"id", view.allows}))


def test_the_erased_are_nowhere() -> None:
    for one in compiled(CUSTOMER).values():
        assert "t.erased_at IS NULL" in one.select.partition("WHERE")[2]
    assert all("erased_at IS NULL" in rule for _, role, rule in row_policies() if role.startswith("regulars_view_"))


def test_every_view_is_a_barrier_with_an_owner_nobody_logs_in_as() -> None:
    for one in compiled(CUSTOMER, VISIT).values():
        assert create_view(one).startswith(f"CREATE VIEW {one.name} WITH (security_barrier = true)")
        assert owner_role(one.view) != login_role(one.view)


def test_an_owner_reads_no_column_its_view_does_not_need() -> None:
    one = compiled(CUSTOMER)[f"marketing.{PERSON}"]
    assert "phone" not in one.reads[PERSON]
    assert "password" not in one.reads[PERSON]


def test_readers_get_views_and_owners_get_columns() -> None:
    for right in view_rights(compile_views([CUSTOMER, VISIT], types(CUSTOMER, VISIT))):
        assert right.privilege == "SELECT"
        # Columns in the vault, but for the customer table, which owners read whole (decision 0007).
        in_vault = right.relation.startswith("vault.")
        assert bool(right.column) == (in_vault and right.relation != f"vault.{PERSON}")
        assert not (right.relation.startswith("vault.") and right.role in {login_role(view) for view in VIEWS})


def test_the_writer_sets_no_permission_and_deletes_no_customer() -> None:
    rights = [right for right in table_rights([CUSTOMER], frozenset()) if right.role == "regulars_writer"]
    changed = {right.column for right in rights if right.privilege == "UPDATE"}
    assert not {name for name in changed if name.startswith("allows_")} | changed & {"id", ""}
    assert "DELETE" not in {right.privilege for right in rights}


classed = st.sampled_from(COLUMNS)


@given(column=classed, view=st.sampled_from(VIEWS))
def test_what_is_shown_in_a_view_is_shown_in_the_personal_one(column: Column, view: View) -> None:
    if treatment(column, view) != "gone":
        assert treatment(column, BY_NAME["personal"]) == "keep"


@given(column=classed, view=st.sampled_from(VIEWS))
def test_opening_more_in_a_view_never_hides_a_cell(column: Column, view: View) -> None:
    wider = replace(view, contacts=True, names=True, secrets=True)
    if treatment(column, view) != "gone":
        assert treatment(column, wider) != "gone"
