"""What has outlived its keep, or has no living purpose any more: rules from the dictionary, each with its question.

A rule says which cells or values go and how they are found; it is compiled from `keep`, never written by hand. A cell
goes and its row stays, so that figures about rows stay right. A value of an own attribute goes when its keep has run
out, when the attribute is retired, or when its customer has closed every purpose it could serve.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from regulars.rules.privacy.compiler import PERSON
from regulars.rules.privacy.dictionary import Column, Table
from regulars.rules.privacy.keeping import Keep, read_keep
from regulars.rules.privacy.own_attributes import OwnAttribute

#: Purposes a customer can close → the column of hers that says whether it is open.
CLOSABLE: Final = {
    "direct_marketing": "allows_direct_marketing",
    "delivery": "allows_direct_marketing",
    "third_party_disclosure": "allows_disclosure",
    "automated_decision": "allows_automated_decision",
    "sensitive_use": "allows_sensitive_use",
}
#: Looking after data is no reason to have them.
NO_REASON: Final = frozenset({"oversight", "data_care"})
OWN: Final = "own_value"
OWN_SAID: Final = "own_value_said"
BOOK: Final = "customer_change"
BESIDE: Final = "field_said"
CAME: Final = "as_it_came"
EMPTIED: Final = f"UPDATE {BOOK} SET old = NULL, new = NULL"
#: Every question is asked with a moment; one that does not turn on it takes it so.
_ALWAYS: Final = "%s::timestamptz IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes: `find` selects (id, customer id) of what has outlived it, with the moment before which it must lie as
    its only value; `empty` is what the cell becomes ("" for the whole row to go). `book` finds likewise what the change
    book still says of such values, `beside` what further sources say, `came` how they came before they were cleaned: a
    value that has gone is not to be read there."""

    key: str
    table: str
    column: str
    keep: Keep
    find: str
    empty: str
    book: str = ""
    beside: str = ""
    came: str = ""
    beside_in: str = BESIDE

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """What finds and what lets go, one after the other."""
        change = f"UPDATE {self.table} SET {self.column} = {self.empty}" if self.empty else f"DELETE FROM {self.table}"
        more = (
            (self.book, EMPTIED), (self.beside, f"DELETE FROM {self.beside_in}"), (self.came, f"DELETE FROM {CAME}")
        )  # fmt: skip
        return ((self.find, change), *((find, done) for find, done in more if find))

    def before(self, at: datetime) -> datetime:
        """The moment before which the anchor must lie."""
        return at - timedelta(days=self.keep.days or 0)


def rules_of(tables: Iterable[Table], attributes: Sequence[tuple[int, OwnAttribute, bool]]) -> tuple[Rule, ...]:
    """Every rule there is; `attributes` are (number, attribute, whether it is retired).

    >>> from regulars.rules.privacy.dictionary import personal
    >>> words = personal("words", "user.content", "Words", "内容", keep="90 days after noted")
    >>> (rule,) = rules_of([Table("task", "Work", (words,), person="customer_id", noted="t.closed_at")], [])
    >>> rule.key, rule.empty
    ('task.words', "''")
    """
    cells = (_cell(table, column) for table in tables for column in table.columns if read_keep(column.keep).days)
    return (*cells, *_own(attributes))


def _cell(table: Table, column: Column) -> Rule:
    keep = read_keep(column.keep)
    held = "true" if table.rows_go else _held(column)
    person = f"t.{table.person}" if table.person else "NULL::bigint"
    find = f"SELECT t.id, {person} FROM {table.name} t WHERE {held} AND {_moment(keep, person, table.noted)} < %s"
    book = _in_book(column.name, f"{_moment(keep, 't.customer_id', 't.at')} < %s") if table.name == PERSON else ""
    beside, came = "", ""
    if table.name == PERSON:
        beside = _beside(BESIDE, column.name, f"{_moment(keep, 't.customer_id', 't.said_at')} < %s")
        came = _beside(CAME, column.name, f"{_moment(keep, 't.customer_id', 't.noted_at')} < %s")
    empty = "" if table.rows_go else "NULL" if column.sealed else "''"
    return Rule(f"{table.name}.{column.name}", table.name, column.name, keep, find, empty, book, beside, came)


def _held(column: Column) -> str:
    """SQL: the cell still says something."""
    return f"t.{column.name} IS NOT NULL" if column.sealed else f"t.{column.name} <> ''"


def _own(attributes: Sequence[tuple[int, OwnAttribute, bool]]) -> Iterator[Rule]:
    for number, what, retired in attributes:
        keep = read_keep(what.keep)
        reasons = " OR ".join(_reasons(what, retired, keep, "t.noted_at"))
        if reasons:
            whose = f"FROM {OWN} t JOIN customer c ON c.id = t.customer_id WHERE t.attribute_id = {int(number)}"
            find = f"SELECT t.id, t.customer_id {whose} AND ({reasons})"
            book = _in_book(f"own.{what.key}", " OR ".join(_reasons(what, retired, keep, "t.at")))
            said = " OR ".join(_reasons(what, retired, keep, "t.said_at"))
            of = f"FROM {OWN_SAID} t JOIN customer c ON c.id = t.customer_id WHERE t.attribute_id = {int(number)}"
            beside = _asking_when(f"SELECT t.id, t.customer_id {of} AND ({said})")
            yield Rule(f"own.{what.key}", OWN, "", keep, _asking_when(find), "", book, beside, beside_in=OWN_SAID)


def _in_book(field: str, reasons: str) -> str:
    """What finds the entries of the change book that say a value of that field, for any of these reasons."""
    whose = f"FROM {BOOK} t JOIN customer c ON c.id = t.customer_id WHERE t.field = '{field}'"
    said = "(t.old IS NOT NULL OR t.new IS NOT NULL)"
    return _asking_when(f"SELECT t.id, t.customer_id {whose} AND {said} AND ({reasons})")


def _beside(table: str, field: str, reasons: str) -> str:
    """What finds what sources say of that field beside the record, for these reasons."""
    return f"SELECT t.id, t.customer_id FROM {table} t WHERE t.field = '{field}' AND ({reasons})"


def _asking_when(find: str) -> str:
    return find if "%s" in find else f"{find} AND {_ALWAYS}"


def _reasons(what: OwnAttribute, retired: bool, keep: Keep, noted: str) -> Iterator[str]:
    """Conditions any one of which lets a value go."""
    if retired:
        yield "true"
    if what.data_class and keep.days:
        yield f"{_moment(keep, 't.customer_id', noted)} < %s"
    if closed := closed_when(what.purposes) if what.data_class else "":
        yield closed


def closed_when(purposes: frozenset[str]) -> str:
    """SQL on the customer `c`: every purpose is one she has closed; empty when some purpose cannot be closed.

    >>> closed_when(frozenset({"direct_marketing", "oversight"}))
    'NOT (c.allows_direct_marketing)'
    >>> closed_when(frozenset({"direct_marketing", "service"}))
    ''
    """
    serving = purposes - NO_REASON
    if not serving or serving - CLOSABLE.keys():
        return ""
    return f"NOT ({' OR '.join(sorted({f'c.{CLOSABLE[one]}' for one in serving}))})"


def _moment(keep: Keep, person: str, noted: str) -> str:
    """When the anchor last happened; for who never bought, when she was first seen."""
    bought = f"(SELECT a.last_at FROM customer_activity a WHERE a.customer_id = {person})"
    first = f"(SELECT s.first_seen_on::timestamptz FROM customer s WHERE s.id = {person})"
    if keep.anchor == "noted":
        return noted
    if keep.anchor == "last_purchase":
        return f"coalesce({bought}, {first})"
    met = f"(SELECT max(m.at) FROM touchpoint m WHERE m.customer_id = {person})"
    return f"greatest({bought}, {met}, {first})"
