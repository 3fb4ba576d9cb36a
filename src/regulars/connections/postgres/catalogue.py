"""What PostgreSQL's own catalogue says: columns, comments, views, owners, rights. Read only."""

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
    """Every view in the schemas by its qualified name."""
    rows = connection.execute(
        """SELECT n.nspname || '.' || c.relname, pg_get_userbyid(c.relowner),
                  coalesce('security_barrier=true' = ANY (c.reloptions), false), pg_get_viewdef(c.oid)
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ANY (%s) AND c.relkind IN ('v', 'm', 'r', 'p', 'f')""",
        [schemas],
    )
    return {row[0]: HeldView(*row) for row in rows}


def rights_of(connection: Connection, schemas: list[str]) -> set[tuple[str, str, str, str]]:
    """(role, relation, privilege, column or "") of every right anybody but owners and the administrator has."""
    relations = connection.execute(
        """SELECT coalesce(g.rolname, 'PUBLIC'), n.nspname || '.' || c.relname, a.privilege_type, ''
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
             LEFT JOIN pg_roles g ON g.oid = a.grantee
            WHERE n.nspname = ANY (%(s)s) AND a.grantee <> c.relowner AND c.relkind <> 'S'
           UNION ALL
           SELECT coalesce(g.rolname, 'PUBLIC'), n.nspname || '.' || c.relname, a.privilege_type, t.attname
             FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
                  aclexplode(t.attacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
            WHERE n.nspname = ANY (%(s)s) AND a.grantee <> c.relowner""",
        {"s": schemas},
    )
    return set(relations.fetchall())


def schema_rights_of(connection: Connection) -> set[tuple[str, str, str]]:
    """(role, schema, privilege) of every right on a schema of ours that somebody but its owner has."""
    rows = connection.execute(
        """SELECT coalesce(g.rolname, 'PUBLIC'), n.nspname, a.privilege_type
             FROM pg_namespace n, aclexplode(n.nspacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
            WHERE n.nspname !~ '^(pg_|information_schema)' AND a.grantee <> n.nspowner
              AND NOT coalesce((SELECT rolsuper FROM pg_roles r WHERE r.oid = a.grantee), false)"""
    )
    return set(rows.fetchall())


def memberships_of(connection: Connection) -> set[tuple[str, str, bool]]:
    """(role, member, may the member become the role) for our roles; the administrator's own left out."""
    rows = connection.execute(
        """SELECT r.rolname, m.rolname, a.set_option FROM pg_auth_members a
             JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
            WHERE r.rolname LIKE 'regulars%%' AND m.rolname <> current_user"""
    )
    return set(rows.fetchall())


def strong_roles(connection: Connection) -> set[str]:
    """Our roles that could do more than a plain role: superuser, role maker, database maker, row-security bypasser."""
    rows = connection.execute(
        """SELECT rolname FROM pg_roles
            WHERE rolname LIKE 'regulars%%' AND rolname <> current_user
              AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)"""
    )
    return {row[0] for row in rows}


def policies_of(connection: Connection) -> set[tuple[str, str, str, str]]:
    """(table, policy, role, condition) of every row-level policy in the vault."""
    rows = connection.execute(
        """SELECT tablename, policyname, array_to_string(roles, ','), coalesce(qual, '')
             FROM pg_policies WHERE schemaname = 'vault'"""
    )
    return set(rows.fetchall())


def row_security_of(connection: Connection, table: str) -> tuple[bool, bool]:
    """Whether row-level security is on, and forced upon the owner, for a vault table."""
    row = connection.execute(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = ('vault.' || %s)::regclass", [table]
    ).fetchone()
    return (bool(row[0]), bool(row[1])) if row else (False, False)


def triggers_of(connection: Connection) -> dict[str, tuple[str, str]]:
    """Trigger name → (table, state): state is "O" when it fires as it should."""
    rows = connection.execute(
        """SELECT t.tgname, c.relname, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE c.relnamespace = 'vault'::regnamespace AND NOT t.tgisinternal"""
    )
    return {name: (table, str(state)) for name, table, state in rows}
