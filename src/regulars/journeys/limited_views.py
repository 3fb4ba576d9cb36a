"""Views of one login: the part of a view that belongs to some branches or brands, in a schema of the login's own.

What limits it stands in the text of its views and once more in the row rules of their owner; the login is its only
reader and belongs to no other view's group. So there is nothing in a session that could be set to see more.
"""

from collections.abc import Iterator

from regulars.connections.postgres.analysts import act_as
from regulars.connections.postgres.catalogue import types_of
from regulars.connections.postgres.partners import end_partner_login
from regulars.connections.postgres.securing import TABLE_FIRST, Connection, run
from regulars.records.dictionary import DICTIONARY
from regulars.rules.privacy.compiler import (
    PERSON,
    VAULT,
    CompiledView,
    compile_views,
    create_view,
    login_role,
    owner_role,
    row_rule,
)
from regulars.rules.privacy.rights import view_rights
from regulars.rules.privacy.views import View, Within, limited

LIMITED_LOGINS = """
SELECT role_name, view, branches, brands FROM vault.sql_login
 WHERE revoked_at IS NULL AND (branches <> '{}' OR brands <> '{}') ORDER BY role_name
"""


def limited_views(connection: Connection) -> tuple[View, ...]:
    """The views of all logins in the book that are limited; none in a house whose book does not know limits yet."""
    if ("sql_login", "brands") not in types_of(connection):
        return ()
    rows = connection.execute(LIMITED_LOGINS).fetchall()
    return tuple(
        limited(str(view), str(role), Within(tuple(branches), tuple(brands))) for role, view, branches, brands in rows
    )


def compiled_limited(connection: Connection) -> tuple[CompiledView, ...]:
    """What the views of all limited logins should be."""
    return tuple(compile_views(DICTIONARY, types_of(connection), limited_views(connection)))


def limited_policy(view: View, person: str) -> tuple[str, str]:
    """The second wall behind a limited view, on a table shaped like the customer table: (its name, its statement)."""
    name = f"view_{view.name}"
    return name, f"CREATE POLICY {name} ON {person} FOR SELECT TO {owner_role(view)} USING ({row_rule(view)})"


def make_limited_view(connection: Connection, view: View) -> None:
    """The login's schema stands as its limits say when this returns; the login itself is there already."""
    with connection.transaction():
        owner = owner_role(view)
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [owner]).fetchone() is None:
            run(connection, (f"CREATE ROLE {owner} NOLOGIN NOINHERIT",))
            act_as(connection, owner)
        run(connection, tuple(_statements(connection, view)))


def remake_limited_views(connection: Connection) -> None:
    """Every limited login's views are compiled anew: for a new shape of the tables beneath."""
    for view in limited_views(connection):
        make_limited_view(connection, view)


def end_limited_login(connection: Connection, role: str) -> None:
    """The login is gone with its open sessions, its views and their owner with it."""
    end_partner_login(connection, login=role, owner=owner_role(View(role, "")), schema=role)


def _statements(connection: Connection, view: View) -> Iterator[str]:
    owner, (policy, statement) = owner_role(view), limited_policy(view, f"{VAULT}.{PERSON}")
    compiled = tuple(compile_views(DICTIONARY, types_of(connection), [view]))
    yield TABLE_FIRST
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {VAULT} FROM {owner}"
    yield f"GRANT USAGE ON SCHEMA {VAULT} TO {owner}"
    yield f"DROP SCHEMA IF EXISTS {view.name} CASCADE"
    yield f"CREATE SCHEMA {view.name} AUTHORIZATION {owner}"
    yield f"GRANT USAGE ON SCHEMA {view.name} TO {login_role(view)}"
    yield f"DROP POLICY IF EXISTS {policy} ON {VAULT}.{PERSON}"
    yield statement
    for one in compiled:
        yield create_view(one)
        yield f"ALTER VIEW {one.name} OWNER TO {owner}"
    for right in view_rights(compiled):
        yield right.statement
