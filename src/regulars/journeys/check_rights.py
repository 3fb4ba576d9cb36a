"""Rights as they are against rights as declared: roles, memberships, settings, columns, schemas, database."""

from collections.abc import Iterator
from dataclasses import dataclass

from regulars.connections.postgres.catalogue import schemas_of, types_of
from regulars.connections.postgres.catalogue_rights import (
    database_rights_of,
    default_rights_of,
    memberships_of,
    open_counts,
    open_functions,
    open_languages,
    rights_of,
    roles_of,
    schema_rights_of,
    settings_of,
)
from regulars.connections.postgres.counting import COUNTED, is_counting
from regulars.connections.postgres.securing import Connection, out_of_reach
from regulars.journeys.limited_views import compiled_limited, limited_views
from regulars.journeys.partner_views import compiled_partners, partner_settings, partners_with_a_view
from regulars.journeys.secure_house import present_columns
from regulars.records.access_log.alarms import stopped_readers
from regulars.records.dictionary import LEDGERS
from regulars.rules.privacy.closed import CLOSED, COUNTING, LANGUAGES
from regulars.rules.privacy.compiler import SCRATCH, VAULT, compile_views, login_role, owner_role
from regulars.rules.privacy.drift import Finding, differences, set_differences
from regulars.rules.privacy.rights import table_rights, view_rights
from regulars.rules.privacy.roles import (
    ANALYST_CONNECTIONS,
    ANALYST_SETTINGS,
    LIMITED,
    LOGINS,
    OWNERS,
    VAULT_OWNER,
    analyst_group,
    analyst_settings,
    database_rights,
    memberships,
    role_settings,
    schema_rights,
)
from regulars.rules.privacy.views import VIEWS


@dataclass(frozen=True, slots=True)
class Declared:
    """(role, relation, privilege, column), (role, schema, privilege), (role, privilege), (role, member, may become)."""

    relations: set[tuple[str, str, str, str]]
    schemas: set[tuple[str, str, str]]
    database: set[tuple[str, str]]
    memberships: set[tuple[str, str, bool]]


def right_findings(connection: Connection, counts: dict[str, int]) -> Iterator[Finding]:
    """Every right somebody has and should not have, or should have and has not; every role out of its shape."""
    declared = declared_rights(connection)
    counts["rights"] = len(declared.relations)
    yield from set_differences("right", declared.relations, rights_of(connection))
    yield from set_differences("schema_right", declared.schemas, schema_rights_of(connection))
    yield from set_differences("database_right", declared.database, database_rights_of(connection))
    yield from set_differences("default_right", (), default_rights_of(connection))
    yield from set_differences("membership", declared.memberships, memberships_of(connection))
    yield from _schemas(connection)
    yield from _roles(connection, analysts_of(connection), counts)


def declared_rights(connection: Connection) -> Declared:
    """What every role may, as dictionary, contracts and the book of logins say."""
    types = types_of(connection)
    tables = tuple(present_columns(types))
    partners, limited = partners_with_a_view(connection), limited_views(connection)
    own = (*partners, *limited)
    compiled = (*compile_views(tables, types), *compiled_partners(connection), *compiled_limited(connection))
    return Declared(
        {(r.role, r.relation, r.privilege, r.column) for r in (*table_rights(tables, LEDGERS), *view_rights(compiled))},
        {*schema_rights(), *((owner_role(view), VAULT, "USAGE") for view in own),
         *((login_role(view), view.name, "USAGE") for view in own)},
        {*database_rights(), *((login_role(view), "CONNECT") for view in partners)},
        {*memberships(), *_belonging(analysts_of(connection))},
    )  # fmt: skip


def analysts_of(connection: Connection) -> dict[str, str]:
    """Role → view of every analyst's login in the book that works; a limited one has a view of its own."""
    if ("sql_login", "role_name") not in types_of(connection):
        return {}
    rows = connection.execute("SELECT role_name, view FROM vault.sql_login WHERE revoked_at IS NULL")
    return {str(role): str(view) for role, view in rows} | {view.name: view.name for view in limited_views(connection)}


def _belonging(analysts: dict[str, str]) -> set[tuple[str, str, bool]]:
    """The one group each analyst belongs to."""
    return {(LIMITED if view == role else analyst_group(view), role, False) for role, view in analysts.items()}


def open_ends(connection: Connection) -> Iterator[str]:
    """Codes of what everybody may still ask of PostgreSQL itself; only a superuser could have closed it."""
    yield from (closed.why for closed in CLOSED if open_functions(connection, closed.pattern))
    if not is_counting(connection):
        yield "sql_uncounted"
    if open_counts(connection, COUNTING):
        yield "catalogue_counts"
    yield from (f"setting_{name}" for name in sorted(out_of_reach(connection, ANALYST_SETTINGS)))
    yield from (f"language_{name}" for name in sorted(open_languages(connection, LANGUAGES)))


def _schemas(connection: Connection) -> Iterator[Finding]:
    views = (*VIEWS, *partners_with_a_view(connection), *limited_views(connection))
    expected = {VAULT: VAULT_OWNER} | {view.name: owner_role(view) for view in views}
    found = {name: owner for name, owner in schemas_of(connection).items() if name not in ("public", SCRATCH)}
    yield from differences("schema", expected, found)


def _roles(connection: Connection, analysts: dict[str, str], counts: dict[str, int]) -> Iterator[Finding]:
    held = roles_of(connection)
    counts["roles"] = len(held)
    partners = partners_with_a_view(connection)
    log_in, own = map(login_role, partners), map(owner_role, (*partners, *limited_views(connection)))
    shape = dict.fromkeys((*LOGINS, *analysts, *log_in), "logs in") | dict.fromkeys((*OWNERS, *own), "owns")
    yield from differences("role", shape, {r.name: "logs in" if r.logs_in else "owns" for r in held.values()})
    yield from (Finding("role_strong", role.name) for role in held.values() if role.strong)
    yield from _analysts(connection, analysts)


def _analysts(connection: Connection, analysts: dict[str, str]) -> Iterator[Finding]:
    """Analysts' own logins start as declared, and share the server fairly."""
    starts = dict(role_settings()) | {role: analyst_settings(view) for role, view in analysts.items()}
    starts |= {login_role(view): partner_settings(view) for view in partners_with_a_view(connection)}
    closed = out_of_reach(connection, ANALYST_SETTINGS)
    if is_counting(connection):
        starts |= {role: {**starts[role], **COUNTED} for role in analysts}
    expected = {
        (role, f"{name}={value}")
        for role, values in starts.items()
        for name, value in values.items()
        if name not in closed
    }
    yield from set_differences("setting", expected, settings_of(connection))
    stopped = stopped_readers() if ("reading_alarm", "who") in types_of(connection) else frozenset()
    for role in roles_of(connection).values():
        wanted = 0 if role.name in stopped else ANALYST_CONNECTIONS
        if role.name in analysts and role.connections != wanted:
            yield Finding("connection_limit", role.name, str(wanted), str(role.connections))
