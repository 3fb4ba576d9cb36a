"""Who may do what with which table, as data: the matrix that is granted and that the check holds the server to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from regulars.rules.privacy.compiler import PERSON, VAULT, CompiledView, login_role, owner_role
from regulars.rules.privacy.dictionary import Table
from regulars.rules.privacy.roles import LOG_WRITER, WRITER, analyst_group

#: Where the log writer adds lines; their numbers and transactions are the database's own to fill in.
LOG_TABLES = frozenset({"access_entry", "privacy_entry"})
NOT_SAID = frozenset({"id", "xid"})
#: Where it counts what is read, and raises alarms; a line and its count are one statement, on one connection.
COUNT_TABLES = frozenset({"reading_hour", "reading_alarm", "canary_alarm", "reader_wait"})

#: What only setting up the house writes: what counts when nothing was said, and which migrations have run.
SET_UP = frozenset({"choice_default", "choice_age", "django_migrations"})
#: What only the ledger's trigger writes.
FOLLOWS = frozenset({"choice_exception"})
#: Where a ledger's values may be emptied when their keep has run out; a trigger sees to it that nothing else is.
EMPTIED = {"customer_change": ("old", "new")}
#: A customer is erased, never deleted: deleting would take the ledger of choices along, and a new row begins with yes.
NEVER_DELETED = frozenset({PERSON})


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
    >>> [right.privilege for right in table_rights([house_table("choice_default", "", ["id"])], frozenset())]
    ['SELECT']
    """
    for table in tables:
        relation = f"{VAULT}.{table.name}"
        for privilege in _privileges(table, ledgers):
            yield Right(WRITER, relation, privilege)
        if table.name == PERSON:
            yield from (Right(WRITER, relation, "UPDATE", name) for name in _changeable(table))
        yield from (Right(WRITER, relation, "UPDATE", name) for name in EMPTIED.get(table.name, ()))
        if table.name in LOG_TABLES:
            names = (column.name for column in table.columns if column.name not in NOT_SAID)
            yield from (Right(LOG_WRITER, relation, "INSERT", name) for name in names)
        if table.name in COUNT_TABLES:
            yield from (Right(LOG_WRITER, relation, privilege) for privilege in ("SELECT", "INSERT", "UPDATE"))


def view_rights(compiled: Iterable[CompiledView]) -> Iterator[Right]:
    """What may be read: a view by its login (and its analysts, if it has any), the columns it shows by its owner."""
    needed: set[Right] = set()
    for one in compiled:
        yield Right(login_role(one.view), one.name, "SELECT")
        if one.view.raw_sql:
            yield Right(analyst_group(one.view.name), one.name, "SELECT")
        for base, columns in one.reads.items():
            needed |= {
                Right(owner_role(one.view), f"{VAULT}.{base}", "SELECT", column) for column in _by(base, columns)
            }
    yield from sorted(needed)


def _by(base: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """By column, so that a view altered by hand still cannot show more; but the customers' table as a whole.

    PostgreSQL checks forty columns' rights anew for every statement: a fifth of the time of a look-up (decision 0007).
    """
    return ("",) if base == PERSON else columns


def _privileges(table: Table, ledgers: frozenset[str]) -> tuple[str, ...]:
    if table.name in SET_UP | FOLLOWS:
        return ("SELECT",)
    if table.name in ledgers:
        return ("SELECT", "INSERT")
    if table.name in NEVER_DELETED:
        return ("SELECT", "INSERT")
    return ("SELECT", "INSERT", "DELETE", "UPDATE")


def _changeable(person: Table) -> Iterator[str]:
    """The customer's columns the writer may change: not who it is, and not what the ledger decides."""
    return (column.name for column in person.columns if column.name != "id" and not column.name.startswith("allows_"))
