"""The database's roles, as data: who logs in, who only owns, who belongs to whom, and what a session starts with."""

from collections.abc import Iterator, Mapping

from regulars.rules.privacy.compiler import VAULT, login_role, owner_role
from regulars.rules.privacy.views import BY_NAME, VIEWS, Within

VAULT_OWNER = "regulars_vault"
WRITER = "regulars_writer"
LOG_WRITER = "regulars_log"
ANALYSTS = "regulars_bi"
ANALYST_PREFIX = "bi_"

#: Roles that log in.
LOGINS = (WRITER, LOG_WRITER, *(login_role(view) for view in VIEWS))
#: One group of analysts per view that raw SQL may be given to. They are not members of the application's own login:
#: a member could read the queries of its sessions in pg_stat_activity, and end them.
GROUPS = tuple(f"{ANALYSTS}_{view.name}" for view in VIEWS if view.raw_sql)
#: Analysts whose view is limited to branches or brands: a view of their own each, and no right from this group.
LIMITED = f"{ANALYSTS}_limited"
#: Roles that only own or gather.
OWNERS = (VAULT_OWNER, ANALYSTS, *GROUPS, LIMITED, *(owner_role(view) for view in VIEWS))

#: What a session that reads starts with. A session may change these; what it may not change is who it is.
READER_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "20s",
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "5s",
}
#: An analyst's session besides: no old snapshot and no forgotten window outlives a withdrawn permission for long.
ANALYST_SETTINGS = READER_SETTINGS | {
    "transaction_timeout": "2min",
    "idle_session_timeout": "15min",
    "temp_file_limit": "1GB",  # only an administrator may set this one, so no session raises it
}
ANALYST_CONNECTIONS = 4


def analyst_group(view: str) -> str:
    """The group whose members read this view with SQL of their own."""
    return f"{ANALYSTS}_{view}"


def group_of(view: str, within: Within) -> str:
    """The group an analyst belongs to: that of the view; with limits, the one that gives no right at all."""
    return LIMITED if within else analyst_group(view)


def analyst_role(name: str) -> str:
    """The login of the analyst of that name.

    >>> analyst_role("lin")
    'bi_lin'
    """
    return f"{ANALYST_PREFIX}{name}"


def role_settings() -> Mapping[str, Mapping[str, str]]:
    """Role → what its sessions start with. Temporary tables come last, so that none shadows a table of the vault."""
    readers = {login_role(view): {"search_path": view.name, **READER_SETTINGS} for view in VIEWS}
    return readers | {role: {"search_path": f"{VAULT}, pg_temp"} for role in (WRITER, LOG_WRITER)}


def analyst_settings(view: str) -> dict[str, str]:
    """What an analyst's session on this view starts with."""
    return {"search_path": view, **ANALYST_SETTINGS}


def memberships() -> set[tuple[str, str, bool]]:
    """(role, member, may the member become the role) for all roles of ours but the analysts' own."""
    return {(ANALYSTS, group, False) for group in (*GROUPS, LIMITED)}


def analyst_membership(name: str, view: str) -> tuple[str, str, bool]:
    """The one membership of an analyst: she reads what the group reads, and cannot become it."""
    return analyst_group(view), analyst_role(name), False


def database_rights() -> set[tuple[str, str]]:
    """(role, privilege) on the database."""
    return {(role, "CONNECT") for role in (*LOGINS, ANALYSTS)} | {(WRITER, "TEMPORARY")}


def schema_rights() -> Iterator[tuple[str, str, str]]:
    """(role, schema, privilege) on every schema of ours, for all but its owner."""
    for role in (WRITER, LOG_WRITER, *(owner_role(view) for view in VIEWS)):
        yield role, VAULT, "USAGE"
    for view in VIEWS:
        yield login_role(view), view.name, "USAGE"
        if view.raw_sql:
            yield analyst_group(view.name), view.name, "USAGE"


def may_have_sql(view: str) -> bool:
    """Whether a person may be given a login of her own to this view."""
    return view in BY_NAME and BY_NAME[view].raw_sql
