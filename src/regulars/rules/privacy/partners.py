"""A partner's own view: the dictionary × what a live contract names, compiled to SQL like every other view.

The row is there only while its person grants disclosure and the contract runs; both are asked in the view itself, at
every statement, so that neither a job nor a clock of ours stands between an expiry and the partner. The person is
called by a pseudonym of this partner's own, an HMAC under a key that is not in the database: the view only looks it up,
so nothing in its text, nor all phones of the country, lead back. Cells are coarse as in the anonymous view unless the
contract names the column as exact. Contacts, documents, sensitive data and keys that link leave in no case.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.compiler import PERSON, SHAPES, VAULT, CompiledView
from regulars.rules.privacy.dictionary import Class, Column, Table
from regulars.rules.privacy.views import View, is_contact

PURPOSE: Final = "third_party_disclosure"
ALLOWS: Final = "allows_disclosure"
EXACT: Final = ":exact"
PSEUDONYM: Final = "person"
PSEUDONYMS: Final = "partner_pseudonym"
CONTRACT: Final = "disclosure_contract"
#: Coarsenings that leave nothing a partner could use.
_NOTHING_LEFT: Final = frozenset({"gone", "severed", "renewed"})
_TODAY: Final = (
    f"(SELECT coalesce(max(o.business_on), (now() AT TIME ZONE coalesce(max(o.timezone), 'UTC'))::date)"
    f" FROM {VAULT}.company o)"
)


@dataclass(frozen=True, slots=True, order=True)
class Field:
    """A column a contract names; `exact` shows it as everyday views do, else it is made coarse."""

    table: str
    column: str
    exact: bool = False

    def __str__(self) -> str:
        return f"{self.table}.{self.column}{EXACT if self.exact else ''}"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the database must know of a live contract: whose, under which number, which fields, for what."""

    partner_id: int
    key: str
    contract_id: int
    fields: tuple[Field, ...]
    brand: str = ""
    topic: str = ""


def view_of(key: str) -> View:
    """The partner's view; schema and logins are named after it.

    >>> view_of("acme").name
    'partner_acme'
    """
    return View(f"partner_{key}", PURPOSE, allows=ALLOWS, coarser=True)


def field_called(text: str) -> Field:
    """The field of a word such as `customer.city` or `customer.city:exact`; BadInput for anything else.

    >>> field_called("customer.city:exact")
    Field(table='customer', column='city', exact=True)
    """
    named, _, _ = text.strip().partition(":")
    table, dot, column = named.partition(".")
    if not (dot and table and column) or text.strip() not in (named, named + EXACT):
        raise BadInput("partner_field_unclear", {"field": text[:80]})
    return Field(table, column, text.strip().endswith(EXACT))


def releasable(tables: Iterable[Table]) -> Iterator[tuple[Table, Column, str]]:
    """Every column a contract may name, with how it is shown when it is not named as exact."""
    for table in tables:
        leaves = table.person and "disclosure" in table.views and not table.shown_by
        for column in table.columns if leaves else ():
            if _may_leave(table, column):
                yield table, column, column.coarser if column.coarser not in _NOTHING_LEFT else "exact only"


def check_fields(fields: Iterable[Field], tables: Iterable[Table]) -> None:
    """Nothing, if all of these may leave so; else BadInput naming the first that may not."""
    open_ = {(table.name, column.name): how for table, column, how in releasable(tables)}
    for one in fields:
        how = open_.get((one.table, one.column))
        if how is None:
            raise BadInput("partner_field_never_leaves", {"field": str(one)[:80]})
        if how == "exact only" and not one.exact:
            raise BadInput("partner_field_only_exact", {"field": str(one)[:80]})


def compile_partner(
    terms: Terms, tables: Iterable[Table], types: Mapping[tuple[str, str], str]
) -> tuple[CompiledView, ...]:
    """The partner's views, one per table the contract names a column of."""
    wanted = {
        name: [f for f in terms.fields if f.table == name] for name in dict.fromkeys(f.table for f in terms.fields)
    }
    by_name = {table.name: table for table in tables}
    return tuple(_compiled(terms, by_name[name], fields, types) for name, fields in wanted.items() if name in by_name)


def pseudonym(customer_id: int, key: bytes) -> str:
    """The partner's name for a customer: HMAC-SHA-256 under the partner's own key, cut to 128 bits.

    >>> pseudonym(7, b"one partner's key") == pseudonym(7, b"another's")
    False
    """
    return hmac.new(key, f"customer:{customer_id}".encode(), hashlib.sha256).hexdigest()[:32]


def shown_as(column: Column, *, exact: bool, sql_type: str = "") -> str:
    """The coarsening of a field; a moment is never finer than its day."""
    shape = column.coarse if exact else column.coarser
    return "day" if shape == "keep" and sql_type.startswith("timestamp") else shape


def _may_leave(table: Table, column: Column) -> bool:
    if column.hidden or column.name == table.person or column.name.startswith("allows_"):
        return False
    if PURPOSE not in column.purposes or column.class_ in (Class.SENSITIVE, Class.PSEUDONYM):
        return False
    return not is_contact(column) or column.class_ is not Class.IDENTIFYING


def _compiled(
    terms: Terms, table: Table, fields: Iterable[Field], types: Mapping[tuple[str, str], str]
) -> CompiledView:
    listed = tuple(fields)
    cells = [f"p.pseudonym AS {PSEUDONYM}", *(_cell(table, field, types) for field in listed)]
    joined = ",\n       ".join(cells)
    # In the order of the table, the row at one place would be the same person in two partners' views.
    select = f"SELECT {joined}\n  FROM {_from(table)}\n WHERE {_rows(terms)}\n ORDER BY p.pseudonym"
    return CompiledView(view_of(terms.key), table, select, _reads(terms, table, listed))


def _cell(table: Table, field: Field, types: Mapping[tuple[str, str], str]) -> str:
    sql_type = types[table.name, field.column]
    shape = SHAPES[shown_as(table.column(field.column), exact=field.exact, sql_type=sql_type)]
    return f"{shape.format(column=field.column, type=sql_type)} AS {field.column}"


def _from(table: Table) -> str:
    return f"{VAULT}.{table.name} t JOIN {VAULT}.{PSEUDONYMS} p ON p.customer_id = t.{table.person}"


def _rows(terms: Terms) -> str:
    """Whose rows are there: of this partner's pseudonyms, those who grant it, while the contract runs."""
    granted = f"SELECT FROM {VAULT}.{PERSON} g WHERE g.id = p.customer_id AND g.erased_at IS NULL AND g.{ALLOWS}"
    runs = f"d.stopped_at IS NULL AND {_TODAY} BETWEEN d.valid_from AND d.valid_until"
    rules = [
        f"p.partner_id = {terms.partner_id}",
        f"EXISTS ({granted})",
        f"EXISTS (SELECT FROM {VAULT}.{CONTRACT} d WHERE d.id = {terms.contract_id} AND {runs})",
    ]
    if terms.brand or terms.topic:
        rules.append(
            f"NOT EXISTS (SELECT FROM {VAULT}.choice_exception x WHERE x.customer_id = p.customer_id"
            f" AND x.purpose = '{PURPOSE}' AND x.channel = ''"
            f" AND x.brand IN ('{terms.brand}', '') AND x.topic IN ('{terms.topic}', ''))"
        )
    return "\n   AND ".join(rules)


def _reads(terms: Terms, table: Table, fields: Iterable[Field]) -> dict[str, tuple[str, ...]]:
    reads = {
        table.name: {table.person, *(field.column for field in fields)},
        PSEUDONYMS: {"customer_id", "partner_id", "pseudonym"},
        CONTRACT: {"id", "stopped_at", "valid_from", "valid_until"},
        "company": {"business_on", "timezone"},
    }
    reads.setdefault(PERSON, set()).update({"id", "erased_at", ALLOWS})
    if terms.brand or terms.topic:
        reads["choice_exception"] = {"customer_id", "purpose", "channel", "brand", "topic"}
    return {name: tuple(sorted(columns)) for name, columns in reads.items()}
