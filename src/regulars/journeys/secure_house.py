"""The dictionary becomes the database: roles, views, comments and rights are made from it, and from nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from regulars.connections.postgres.catalogue import functions_of, types_of
from regulars.connections.postgres.securing import Connection, Foundation, Plan, carry_out, take_away
from regulars.records.dictionary import DICTIONARY, LEDGERS
from regulars.rules.permission.choices import DEFAULTS, ONLY_WHEN_GRANTED, Default
from regulars.rules.permission.youth import AGES
from regulars.rules.privacy.closed import closing
from regulars.rules.privacy.compiler import (
    PERSON,
    VAULT,
    CompiledView,
    compile_views,
    create_view,
    owner_role,
    row_policies,
)
from regulars.rules.privacy.dictionary import Table, comment
from regulars.rules.privacy.reconciliation import mend_choices, mend_exceptions
from regulars.rules.privacy.rights import table_rights, view_rights
from regulars.rules.privacy.roles import (
    LOG_WRITER,
    LOGINS,
    OWNERS,
    VAULT_OWNER,
    WRITER,
    database_rights,
    memberships,
    role_settings,
    schema_rights,
)
from regulars.rules.privacy.views import VIEWS

Types = Mapping[tuple[str, str], str]


def foundation(passwords: Mapping[str, str]) -> Foundation:
    """Roles and the empty vault, before any table is made."""
    made = (
        "CREATE SCHEMA IF NOT EXISTS vault AUTHORIZATION regulars_vault",
        "ALTER DEFAULT PRIVILEGES FOR ROLE regulars_vault REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        *closing(),
    )
    belongs = tuple(sorted((role, member) for role, member, _ in memberships()))
    return Foundation(LOGINS, OWNERS, belongs, role_settings(), tuple(sorted(database_rights())), passwords, made)


def secure_house(connection: Connection, *, anew: bool = False) -> bool:
    """Every view, comment, policy and right is as the dictionary says when this returns; False if they were before.

    `anew` carries the plan out even when it was carried out before: that is how drift is taken back.
    """
    return carry_out(connection, plan_for(types_of(connection), functions_of(connection)), anew=anew)


def take_views_away(connection: Connection) -> None:
    """No view stands when this returns: whoever reads is told so until `secure_house` has made them anew."""
    partners = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^(partner|bi)_'").fetchall()
    take_away(connection, [*(view.name for view in VIEWS), *(str(name) for (name,) in partners)])


def plan_for(types: Types, functions: Iterable[str]) -> Plan:
    """The whole plan for the columns and functions the vault has now."""
    compiled = tuple(compile_views(present_tables(types), types))
    steps = (_comments(types), _defaults(), _vault_rights(types, functions), _row_security(), _views(compiled))
    return Plan(tuple(statement for step in steps for statement in step))


def present_tables(types: Types) -> Iterator[Table]:
    """The dictionary's tables; a table that is not migrated yet stays out."""
    tables = {table for table, _ in types}
    return (table for table in DICTIONARY if table.name in tables)


def present_columns(types: Types) -> Iterator[Table]:
    """The same with those columns only that are there: for looking at a house that is not as it should be."""
    for table in present_tables(types):
        yield replace(table, columns=tuple(c for c in table.columns if (table.name, c.name) in types))


def _comments(types: Types) -> Iterator[str]:
    """Each column's class in PostgreSQL's own catalogue."""
    for table in present_tables(types):
        for column in table.columns:
            said = comment(column).replace("'", "''")
            yield f"""COMMENT ON COLUMN {VAULT}.{table.name}."{column.name}" IS '{said}'"""


def _defaults() -> Iterator[str]:
    """What counts when nothing was said, where the trigger reads it."""
    yield f"DELETE FROM {VAULT}.choice_default"  # noqa: S608 - our own words
    for default in DEFAULTS:
        values = ", ".join(map(_quoted, _default_row(default)))
        columns = "jurisdiction, purpose, channel, allowed, law"
        yield f"INSERT INTO {VAULT}.choice_default ({columns}) VALUES ({values})"  # noqa: S608 - our own words
    yield from _ages()
    yield mend_choices()
    yield from mend_exceptions()


def _ages() -> Iterator[str]:
    """From which age an own word counts, where the trigger reads it."""
    yield f"DELETE FROM {VAULT}.choice_age"  # noqa: S608 - our own words
    columns = "jurisdiction, country, own_word_from, silence_is_no_under, law"
    for one in AGES:
        said = f"{_quoted(one.jurisdiction)}, {_quoted(one.country)}, {one.own_word_from}, {one.silence_is_no_under}"
        yield f"INSERT INTO {VAULT}.choice_age ({columns}) VALUES ({said}, {_quoted(one.law)})"  # noqa: S608 - our own words


def _default_row(default: Default) -> tuple[object, ...]:
    allowed = default.value == "granted" and default.purpose not in ONLY_WHEN_GRANTED
    return default.jurisdiction, default.purpose, default.channel, allowed, default.source


def _quoted(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "'" + str(value).replace("'", "''") + "'"


def _vault_rights(types: Types, functions: Iterable[str]) -> Iterator[str]:
    """Take everything back, then grant exactly the matrix. Partitions get nothing: one reaches them by their parent."""
    for schema in (VAULT, "public"):
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC"
    for role in (WRITER, LOG_WRITER, *(owner_role(view) for view in VIEWS)):
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {VAULT} FROM {role}"
        yield f"GRANT USAGE ON SCHEMA {VAULT} TO {role}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {VAULT} TO {WRITER}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {VAULT} TO {LOG_WRITER}"
    for function in functions:
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {WRITER}"
    for right in table_rights(present_tables(types), LEDGERS):
        yield right.statement


def _row_security() -> Iterator[str]:
    """The second wall on the customer table."""
    person = f"{VAULT}.{PERSON}"
    yield f"ALTER TABLE {person} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {person} FORCE ROW LEVEL SECURITY"
    yield from (f"DROP POLICY IF EXISTS {name} ON {person}" for name, _, _ in row_policies())
    yield from policy_statements(person)


def policy_statements(person: str) -> Iterator[str]:
    """The row rules of the second wall on a table shaped like the customer table."""
    for name, role, condition in row_policies():
        check = f" WITH CHECK ({condition})" if role in (VAULT_OWNER, WRITER) else ""
        kind = "" if check else " FOR SELECT"
        yield f"CREATE POLICY {name} ON {person}{kind} TO {role} USING ({condition}){check}"


def _views(compiled: tuple[CompiledView, ...]) -> Iterator[str]:
    """Each view's schema anew: short locks on the views only, none on a table."""
    for view in VIEWS:
        yield f"DROP SCHEMA IF EXISTS {view.name} CASCADE"
        yield f"CREATE SCHEMA {view.name} AUTHORIZATION {owner_role(view)}"
    for role, schema, privilege in schema_rights():
        yield f"GRANT {privilege} ON SCHEMA {schema} TO {role}"
    for one in compiled:
        yield create_view(one)
        yield f"ALTER VIEW {one.name} OWNER TO {owner_role(one.view)}"
    for right in view_rights(compiled):
        yield right.statement
