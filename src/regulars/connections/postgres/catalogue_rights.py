"""What PostgreSQL's own catalogue says of rights: who may do what, who belongs to whom, what stands open. Read only."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.connections.postgres.securing import Connection


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role as the server holds it. `strong` is true when it could do more than a plain role."""

    name: str
    logs_in: bool
    connections: int
    strong: bool


def rights_of(connection: Connection) -> set[tuple[str, str, str, str]]:
    """(role, relation, privilege, column or "") of every right on any relation that is not PostgreSQL's own.

    Owners' own rights are left out, sequences too; a right that may be handed on has a star.
    """
    relations = connection.execute(
        """SELECT coalesce(g.rolname, 'PUBLIC'), n.nspname || '.' || c.relname,
                  a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END, ''
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
             LEFT JOIN pg_roles g ON g.oid = a.grantee
            WHERE n.nspname !~ '^(pg_|information_schema$)' AND a.grantee <> c.relowner AND c.relkind <> 'S'
           UNION ALL
           SELECT coalesce(g.rolname, 'PUBLIC'), n.nspname || '.' || c.relname,
                  a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END, t.attname
             FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
                  aclexplode(t.attacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
            WHERE n.nspname !~ '^(pg_|information_schema$)' AND a.grantee <> c.relowner AND NOT t.attisdropped"""
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


def database_rights_of(connection: Connection) -> set[tuple[str, str]]:
    """(role, privilege) on this database, its owner left out."""
    rows = connection.execute(
        """SELECT coalesce(g.rolname, 'PUBLIC'), a.privilege_type
             FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
             LEFT JOIN pg_roles g ON g.oid = a.grantee
            WHERE d.datname = current_database() AND a.grantee <> d.datdba"""
    )
    return set(rows.fetchall())


def default_rights_of(connection: Connection) -> set[tuple[str, str, str]]:
    """(role that makes, role that would get, privilege) of every default right but the maker's own."""
    rows = connection.execute(
        """SELECT pg_get_userbyid(d.defaclrole), coalesce(g.rolname, 'PUBLIC'), a.privilege_type
             FROM pg_default_acl d, aclexplode(d.defaclacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
            WHERE a.grantee <> d.defaclrole"""
    )
    return set(rows.fetchall())


def memberships_of(connection: Connection) -> set[tuple[str, str, bool]]:
    """(role, member, may the member become the role) for our roles; the administrator's own left out."""
    rows = connection.execute(
        """SELECT r.rolname, m.rolname, a.set_option OR a.admin_option FROM pg_auth_members a
             JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
            WHERE (r.rolname ~ '^(regulars|bi)_' OR m.rolname ~ '^(regulars|bi)_') AND m.rolname <> current_user"""
    )
    return set(rows.fetchall())


def roles_of(connection: Connection) -> dict[str, HeldRole]:
    """Our roles and the analysts' by name, the administrator left out."""
    rows = connection.execute(
        """SELECT rolname, rolcanlogin, rolconnlimit,
                  rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication FROM pg_roles
            WHERE rolname ~ '^(regulars|bi)_' AND rolname <> current_user"""
    )
    return {row[0]: HeldRole(*row) for row in rows}


def settings_of(connection: Connection) -> set[tuple[str, str]]:
    """(role, setting=value) of everything sessions of our roles start with, here or on the whole server."""
    rows = connection.execute(
        """SELECT r.rolname, unnest(s.setconfig) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
            WHERE r.rolname ~ '^(regulars|bi)_'
              AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"""
    )
    return {(role, said) for role, said in rows}


def open_functions(connection: Connection, pattern: str) -> set[str]:
    """Functions of PostgreSQL's own, by a pattern of names, that everybody may still call."""
    rows = connection.execute(
        """SELECT DISTINCT proname FROM pg_proc p
            WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ %s AND EXISTS (
                  SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)""",
        [pattern],
    )
    return {str(row[0]) for row in rows}


def open_counts(connection: Connection, columns: Sequence[str]) -> set[str]:
    """Those of pg_class's columns that everybody may still read."""
    rows = connection.execute(
        """SELECT t.attname FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid
            WHERE c.oid = 'pg_catalog.pg_class'::regclass AND t.attname = ANY (%s) AND EXISTS (
                  SELECT FROM aclexplode(array_cat(c.relacl, t.attacl)) a WHERE a.grantee = 0)""",
        [list(columns)],
    )
    return {str(row[0]) for row in rows}


def open_languages(connection: Connection, names: Sequence[str]) -> set[str]:
    """Those of the languages everybody may still program in."""
    rows = connection.execute(
        """SELECT lanname FROM pg_language l WHERE lanname = ANY (%s) AND EXISTS (
                  SELECT FROM aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) a WHERE a.grantee = 0)""",
        [list(names)],
    )
    return {str(row[0]) for row in rows}
