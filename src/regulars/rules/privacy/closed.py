"""What PostgreSQL gives to everybody and we take back: functions and figures that tell of tables nobody here may see.

The catalogue's counts (pg_class, pg_stat_*), relation sizes and lock tables speak of the vault to whoever asks;
advisory locks let a reader hold up the writer; large objects and WAL messages let a reader write; a procedural language
lets her program. Only a superuser can take these back: on a managed server they stay, and the check says so.
"""

from dataclasses import dataclass

from regulars.rules.privacy.roles import VAULT_OWNER, WRITER


@dataclass(frozen=True, slots=True)
class Closed:
    """Functions of pg_catalog by a pattern of their names; `kept_by` are the roles that keep them, `why` is a code."""

    why: str
    pattern: str
    kept_by: tuple[str, ...] = ()


CLOSED: tuple[Closed, ...] = (
    Closed("statistics", "^pg_stat_(get|clear|force|have)_", ("pg_read_all_stats",)),
    Closed("sizes", "^pg_(relation|table|indexes|total_relation|database|tablespace)_size$", ("pg_read_all_stats",)),
    Closed("locks", "^pg_lock_status$|^pg_prepared_xact$|^pg_(safe_snapshot_)?blocking_pids$", ("pg_read_all_stats",)),
    Closed("advisory_locks", "^pg_(try_)?advisory_", (VAULT_OWNER, WRITER)),
    Closed("large_objects", "^lo_|^loread$|^lowrite$"),
    Closed("wal", "^pg_logical_emit_message$|^pg_current_wal_"),
)

#: Columns of pg_class that say how much a table holds.
COUNTING = ("reltuples", "relpages", "relallvisible", "relallfrozen")
LANGUAGES = ("plpgsql", "sql")

_SUPERUSER = "IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN RETURN; END IF;"


def closing() -> tuple[str, ...]:
    """Statements that take everything above back from PUBLIC; they change nothing that is closed already."""
    return (*(_close_functions(closed) for closed in CLOSED), _close_counts(), *map(_close_language, LANGUAGES))


def _close_functions(closed: Closed) -> str:
    keepers = ", ".join(closed.kept_by)
    keep = f"EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {keepers}', f);" if keepers else ""
    return f"""DO $$ DECLARE f regprocedure; BEGIN {_SUPERUSER}
        FOR f IN SELECT p.oid FROM pg_proc p
                  WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ '{closed.pattern}' AND EXISTS (
                        SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)
        LOOP EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f); {keep} END LOOP; END $$"""


def _close_counts() -> str:
    counting = ", ".join(f"'{name}'" for name in COUNTING)
    return f"""DO $$ BEGIN {_SUPERUSER}
        IF NOT EXISTS (SELECT FROM pg_class c, aclexplode(c.relacl) a
                        WHERE c.oid = 'pg_catalog.pg_class'::regclass AND a.grantee = 0) THEN RETURN; END IF;
        REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC;
        EXECUTE (SELECT format('GRANT SELECT (tableoid, %s) ON pg_catalog.pg_class TO PUBLIC',
                               string_agg(quote_ident(attname), ', '))
                   FROM pg_attribute WHERE attrelid = 'pg_catalog.pg_class'::regclass AND attnum > 0
                    AND NOT attisdropped AND attname NOT IN ({counting}));
        END $$"""


def _close_language(language: str) -> str:
    return f"""DO $$ BEGIN {_SUPERUSER}
        IF EXISTS (SELECT FROM pg_language l, aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) a
                    WHERE l.lanname = '{language}' AND a.grantee = 0) THEN
            REVOKE USAGE ON LANGUAGE {language} FROM PUBLIC;
            GRANT USAGE ON LANGUAGE {language} TO {VAULT_OWNER};
        END IF; END $$"""
