"""What PostgreSQL's own catalogue says of shapes: columns, views, policies, triggers, functions. Read only."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.connections.postgres.securing import Connection

_OWN_TABLES = """c.relnamespace = 'vault'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"""


@dataclass(frozen=True, slots=True)
class HeldView:
    """A view as the server holds it."""

    name: str
    owner: str
    barrier: bool
    definition: str


@dataclass(frozen=True, slots=True)
class HeldFunction:
    """A function as the server holds it; `callers` are the roles that may call it, its owner left out."""

    schema: str
    name: str
    owner: str
    body: str
    as_owner: bool
    settings: str
    callers: Sequence[str]


def types_of(connection: Connection) -> dict[tuple[str, str], str]:
    """(table, column) → SQL type of every column in the vault; partitions count as their parent."""
    return {
        (table, column): kind
        for table, column, kind in connection.execute(
            f"""SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
                  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                 WHERE {_OWN_TABLES} AND a.attnum > 0 AND NOT a.attisdropped"""
        )
    }


def functions_of(connection: Connection) -> tuple[str, ...]:
    """Every function of the vault with its signature, sorted; procedures and aggregates too."""
    rows = connection.execute(
        """SELECT format('%s.%I(%s)', pronamespace::regnamespace, proname, pg_get_function_identity_arguments(oid))
             FROM pg_proc WHERE pronamespace = 'vault'::regnamespace AND prokind = 'f' ORDER BY 1"""
    )
    return tuple(str(row[0]) for row in rows)


def comments_of(connection: Connection) -> dict[tuple[str, str], str]:
    """(table, column) → comment of every commented column in the vault."""
    return {
        (table, column): said
        for table, column, said in connection.execute(
            f"""SELECT c.relname, a.attname, d.description FROM pg_description d
                  JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
                 WHERE {_OWN_TABLES}"""
        )
    }


def views_of(connection: Connection, schemas: list[str]) -> dict[str, HeldView]:
    """Every relation in the schemas by its qualified name; a table there has no definition."""
    rows = connection.execute(
        """SELECT n.nspname || '.' || c.relname, pg_get_userbyid(c.relowner),
                  coalesce('security_barrier=true' = ANY (c.reloptions), false),
                  CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) ELSE 'not a view: ' || c.relkind::text END
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ANY (%s) AND c.relkind IN ('v', 'm', 'r', 'p', 'f', 'S')""",
        [schemas],
    )
    return {row[0]: HeldView(*row) for row in rows}


def vault_relations_of(connection: Connection) -> dict[str, tuple[str, str]]:
    """Relation of the vault → (kind, owner): r table, p partitioned, S sequence, v view, m stored view, f foreign."""
    rows = connection.execute(
        """SELECT relname, relkind::text, pg_get_userbyid(relowner) FROM pg_class
            WHERE relnamespace = 'vault'::regnamespace AND relkind IN ('r', 'p', 'S', 'v', 'm', 'f')"""
    )
    return {name: (kind, owner) for name, kind, owner in rows}


def schemas_of(connection: Connection) -> dict[str, str]:
    """Schema → owner, PostgreSQL's own left out."""
    rows = connection.execute(
        """SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace
            WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"""
    )
    return {str(name): str(owner) for name, owner in rows}


def policies_of(connection: Connection) -> dict[str, str]:
    """table.policy → "command to role using … check …" of every row-level policy there is."""
    rows = connection.execute(
        """SELECT schemaname || '.' || tablename || '.' || policyname,
                  format('%s to %s using %s check %s', cmd, array_to_string(roles, ','), qual, with_check)
             FROM pg_policies"""
    )
    return {str(place): str(said) for place, said in rows}


def row_security_of(connection: Connection, table: str) -> tuple[bool, bool]:
    """Whether row-level security is on, and forced upon the owner, for a vault table."""
    row = connection.execute(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = ('vault.' || %s)::regclass", [table]
    ).fetchone()
    return (bool(row[0]), bool(row[1])) if row else (False, False)


def triggers_of(connection: Connection) -> dict[str, tuple[str, str]]:
    """Trigger of the vault → (its definition, state): state is "O" when it fires as it should."""
    rows = connection.execute(
        """SELECT t.tgname, pg_get_triggerdef(t.oid), t.tgenabled::text
             FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE c.relnamespace = 'vault'::regnamespace AND NOT t.tgisinternal"""
    )
    return {name: (said, state) for name, said, state in rows}


def rules_of(connection: Connection) -> set[tuple[str, str]]:
    """(relation, rule) of every rewrite rule that does not merely make a view a view."""
    rows = connection.execute(
        "SELECT schemaname || '.' || tablename, rulename FROM pg_rules WHERE schemaname !~ '^pg_'"
    )
    return set(rows.fetchall())


def held_functions_of(connection: Connection) -> list[HeldFunction]:
    """Every function in a schema of ours, ordinary or not."""
    rows = connection.execute(
        """SELECT n.nspname, p.proname, pg_get_userbyid(p.proowner), p.prosrc, p.prosecdef,
                  coalesce(array_to_string(p.proconfig, ' '), ''),
                  ARRAY(SELECT coalesce(g.rolname, 'PUBLIC')::text
                          FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                          LEFT JOIN pg_roles g ON g.oid = a.grantee WHERE a.grantee <> p.proowner ORDER BY 1)
             FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname !~ '^(pg_|information_schema$)' ORDER BY 1, 2"""
    )
    return [HeldFunction(*row) for row in rows]
