"""Who may do what in the database, as data: the matrix that is granted, and that the check holds against the catalogue.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from regulars.rules.privacy.compiler import PERSON, VAULT, CompiledView, login_role, owner_role
from regulars.rules.privacy.dictionary import Table
from regulars.rules.privacy.views import VIEWS

VAULT_OWNER = "regulars_vault"
WRITER = "regulars_writer"
LOG_WRITER = "regulars_log"
ANALYSTS = "regulars_bi"
LOG_TABLE = "access_entry"

#: Roles that log in, and roles that only own.
LOGINS = (WRITER, LOG_WRITER, *(login_role(view) for view in VIEWS))
OWNERS = (VAULT_OWNER, ANALYSTS, *(owner_role(view) for view in VIEWS))

#: What a session of the role starts with; the server enforces the timeouts.
READER_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "20s",
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "5s",
}


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One privilege of one role on one relation; `column` is "" for the whole relation."""

    role: str
    relation: str
    privilege: str
    column: str = ""

    @property
    def statement(self) -> str:
        """The GRANT that gives it."""
        column = f' ("{self.column}")' if self.column else ""
        return f"GRANT {self.privilege}{column} ON {self.relation} TO {self.role}"


def table_rights(tables: Iterable[Table], ledgers: frozenset[str]) -> Iterator[Right]:
    """What the writer and the log writer may do in the vault. Ledgers only grow; permissions only the trigger sets.

    >>> from regulars.rules.privacy.dictionary import house_table
    >>> [right.privilege for right in table_rights([house_table("book", "", ["id"])], frozenset({"book"}))]
    ['SELECT', 'INSERT']
    """
    for table in tables:
        relation = f"{VAULT}.{table.name}"
        for privilege in ("SELECT", "INSERT") if table.name in ledgers else ("SELECT", "INSERT", "DELETE"):
            yield Right(WRITER, relation, privilege)
        if table.name == PERSON:
            names = (column.name for column in table.columns if not column.name.startswith("allows_"))
            yield from (Right(WRITER, relation, "UPDATE", name) for name in names)
        elif table.name not in ledgers:
            yield Right(WRITER, relation, "UPDATE")
        if table.name == LOG_TABLE:
            yield Right(LOG_WRITER, relation, "INSERT")
            yield Right(LOG_WRITER, relation, "SELECT", "id")  # for the number of the line just written


def view_rights(compiled: Iterable[CompiledView]) -> Iterator[Right]:
    """What each view's login and each view's owner may read: the login its views, the owner the columns they show."""
    needed: set[Right] = set()
    for one in compiled:
        yield Right(login_role(one.view), one.name, "SELECT")
        for base, columns in one.reads.items():
            needed |= {Right(owner_role(one.view), f"{VAULT}.{base}", "SELECT", column) for column in columns}
    yield from sorted(needed)
