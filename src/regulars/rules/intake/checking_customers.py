"""Customer rows as they arrive → typed customers, rows set aside, and cells that were left out.

A customer is refused only when nobody could say who it is. A phone number that is none, a birthday in the future or an
answer nobody understands costs that cell and leaves a notice; an unclear answer about consent is never a yes.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.rules.cleaning.countries import read_country
from regulars.rules.cleaning.report import CleanedLine
from regulars.rules.intake import answers
from regulars.rules.intake.cells import (
    LONGEST_TEXT,
    REFUSED,
    ROW_NUMBER,
    Cell,
    Objection,
    cells_of,
    refused_rows,
    verdict_sql,
)
from regulars.rules.intake.cleaning_people import People, clean_people, whole_street
from regulars.rules.intake.dates import local_and_utc_sql
from regulars.rules.intake.engine_text import name
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.line_keys import SeenLines, ordinals
from regulars.rules.intake.meanings import CHANNELS, PURPOSES, SEALED
from regulars.rules.intake.references import columns_read, customer_objections, with_stand_in
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.own_attributes import OwnAttribute
from regulars.rules.privacy.own_values import Writing, read_value

CONSENTS = tuple(f"consent_{name}" for name in (*PURPOSES, *CHANNELS))
_TEXTS = (
    "name", "given_name", "family_name", "name_sort", "honorific", "sex", "phone", "email", "street", "city", "region",
    "postcode", "country", "language", "income_band", "marital_status", "allergies", "id_document", "household_ref",
    "branch_ref", "company_code", "company_country", "company_name",
)  # fmt: skip
#: What cleaning changed in the row: (field, original, what became of it, reasons) of each value, as JSON.
AS_IT_CAME = "as_it_came"
ACCEPTED_CUSTOMERS = pa.schema(
    [
        (ROW_NUMBER, pa.int64()),
        ("customer_ref", pa.string()),
        *((name, pa.string()) for name in _TEXTS),
        ("birth_on", pa.date32()),
        ("household_size", pa.int64()),
        *((name, pa.string()) for name in CONSENTS),
        (AS_IT_CAME, pa.string()),
    ]
)
NOTICES = pa.schema([(ROW_NUMBER, pa.int64()), ("code", pa.string()), ("column", pa.string()), ("value", pa.string())])
_REFS = frozenset({"customer_ref", "household_ref", "branch_ref"})
#: Columns of a file that are kept as part of the street.
_OF_STREET = ("house_number", "more_of_street")
#: Columns that no file has: they are worked out of others.
_WORKED_OUT = ("name_sort", "company_country")
MEANINGS = (
    "customer_ref", *(n for n in _TEXTS if n not in _WORKED_OUT), *_OF_STREET, "birth_on", "household_size", *CONSENTS,
)  # fmt: skip

Column = list[str | None]
Own = Mapping[str, OwnAttribute]
Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class CheckedCustomers:
    """A checked chunk: `accepted` (ACCEPTED_CUSTOMERS, texts NULL where the file says nothing), `refused` (as for
    orders), `notices` (NOTICES: cells that were left out), what was seen, for the next chunk, and what was cleaned."""

    accepted: pa.Table
    refused: pa.Table
    notices: pa.Table
    seen: SeenLines
    cleaned: tuple[CleanedLine, ...] = ()


def check_customers(
    rows: pa.Table,
    settings: ImportSettings,
    *,
    at: dt.datetime,
    seen: SeenLines | None = None,
    delimiter: str = ",",
    engine: duckdb.DuckDBPyConnection | None = None,
    own: Own | None = None,
    own_digits: int = 2,
) -> CheckedCustomers:
    """Check a chunk of customer rows: every row is either in `accepted` or in `refused`, in the file's order.

    `own` are the company's own attributes that columns stand for, by meaning; each is one more column of `accepted`,
    its values in their plain form, money with the `own_digits` of the company's currency. What a sealed column says is
    neither in `refused` nor in `notices`: there is no key to seal it under for a row that is nobody's.

    Names are given whole and in parts, phones in E.164 (numbers without country code are `settings.country`'s),
    consents as granted, denied or NULL for unset. Of several rows with one reference the first is taken. What cleaning
    changed stands in the row's `as_it_came`.

    Reasons: missing_customer, unreadable_reference, text_too_long, control_characters, undecodable, shortened_number,
    duplicate_customer.
    A company is known by its code (`company_country` says of which country that is): what it is called is left out of a
    row that tells none.

    Notices: company_without_code, not_understood, text_too_long, control_characters, undecodable, and what makes a
    value unusable (rules.cleaning: DOUBTS).
    """
    if engine is None:
        with duckdb.connect() as passing:
            return check_customers(
                rows, settings, at=at, seen=seen, delimiter=delimiter, engine=passing, own=own, own_digits=own_digits
            )
    own = {meaning: one for meaning, one in (own or {}).items() if meaning in settings.columns}
    wanted = (*MEANINGS, *own)
    cells = with_stand_in(cells_of(rows, columns_read(rows, settings, wanted), _REFS, engine), settings)
    objections = [*_objections(cells), Objection("duplicate_customer", "customer_ref", "false")]
    query = _texts_sql(cells, settings, objections, at, wanted)
    texts = engine.from_arrow(rows).query("chunk", query).to_arrow_table()
    verdicts, later = _once(texts, seen or SeenLines(), len(objections))
    writing = Writing(settings.date_order, settings.decimal_mark, own_digits)
    accepted, notices, cleaned = _typed(texts.filter(pc.equal(verdicts, 0)), settings, cells, at, own, writing)
    refused = refused_rows(
        _without(rows, sealed_headings(settings, own)), verdicts, objections, cells, delimiter, engine
    )
    return CheckedCustomers(accepted, refused, notices, later, cleaned)


def sealed_headings(settings: ImportSettings, own: Own) -> frozenset[str]:
    """The headings of columns whose values the house only keeps sealed."""
    return frozenset(heading for meaning, heading in settings.columns.items() if _is_sealed(meaning, own))


def _is_sealed(meaning: str, own: Own) -> bool:
    return meaning in SEALED or (meaning in own and own[meaning].sealed)


def _without(rows: pa.Table, headings: frozenset[str]) -> pa.Table:
    """The rows with nothing under these headings."""
    for place, heading in enumerate(rows.column_names):
        if heading in headings:
            rows = rows.set_column(place, heading, pa.nulls(rows.num_rows, pa.string()))
    return rows


def people_in_orders(
    rows: pa.Table,
    settings: ImportSettings,
    *,
    at: dt.datetime,
    engine: duckdb.DuckDBPyConnection | None = None,
) -> CheckedCustomers:
    """The customers that an order file tells something about: one row per reference of the chunk, the first one.

    `refused` is empty: `check_orders` answers for the rows. Empty also when the file has no column about persons.
    """
    if not set(settings.columns) & (set(MEANINGS) - {"customer_ref", "branch_ref"}):
        nobody = ACCEPTED_CUSTOMERS.empty_table()
        return CheckedCustomers(nobody, REFUSED.empty_table(), NOTICES.empty_table(), SeenLines())
    found = check_customers(rows, settings, at=at, engine=engine)
    return CheckedCustomers(found.accepted, REFUSED.empty_table(), found.notices, found.seen, found.cleaned)


def _objections(cells: Mapping[str, Cell]) -> Iterator[Objection]:
    yield from customer_objections()
    if "customer_ref" in cells:
        yield from cells["customer_ref"].objections()


def _texts_sql(
    cells: Mapping[str, Cell], settings: ImportSettings, objections: list[Objection], at: dt.datetime,
    wanted: tuple[str, ...],
) -> str:  # fmt: skip
    texts = ", ".join(f"{cells[m].text_sql() if m in cells else 'NULL::VARCHAR'} AS {name(m)}" for m in wanted)
    local, utc = local_and_utc_sql("birth_on", settings.date_order, at.year % 100)
    return (
        f"WITH texts AS (SELECT {ROW_NUMBER}, {texts} FROM chunk)"
        f" SELECT *, CAST(coalesce({local}, {utc}) AS DATE) AS birth_day, {verdict_sql(objections)} AS verdict,"
        f" hash(customer_ref) AS ref_hash FROM texts"
    )


def _once(texts: pa.Table, seen: SeenLines, duplicate: int) -> tuple[pa.Array, SeenLines]:
    """The verdicts, with every further row of a reference set to `duplicate`."""
    hashes, verdicts = texts["ref_hash"].to_numpy(), texts["verdict"].to_numpy().copy()
    known = np.flatnonzero(pc.is_valid(texts["customer_ref"]).to_numpy())
    again = known[ordinals(hashes[known], seen) > 1]
    verdicts[again[verdicts[again] == 0]] = duplicate
    return pa.array(verdicts), seen.with_lines(hashes[known])


class _Notices:
    """Gathers the cells that were left out."""

    def __init__(self, numbers: list[int], cells: Mapping[str, Cell], own: Own) -> None:
        self.numbers, self.cells, self.own = numbers, cells, own
        self.found: list[tuple[int, str, str, str]] = []

    def note(self, place: int, code: str, meaning: str, value: str) -> None:
        said = "" if _is_sealed(meaning, self.own) else value[:LONGEST_TEXT]
        self.found.append((self.numbers[place], code, self.cells[meaning].header, said))

    def table(self) -> pa.Table:
        rows = [dict(zip(NOTICES.names, found, strict=True)) for found in sorted(self.found)]
        return pa.Table.from_pylist(rows, NOTICES)


def _typed(
    texts: pa.Table, settings: ImportSettings, cells: Mapping[str, Cell], at: dt.datetime, own: Own, writing: Writing
) -> tuple[pa.Table, pa.Table, tuple[CleanedLine, ...]]:
    notices = _Notices(texts[ROW_NUMBER].to_pylist(), cells, own)
    columns: dict[str, Any] = {meaning: _sound(texts[meaning].to_pylist(), meaning, notices) for meaning in MEANINGS}
    for meaning, read in _ANSWERS.items():
        columns[meaning] = _read(columns[meaning], read, "not_understood", meaning, notices)
    cells, columns = _with_whole_streets(cells, columns, settings)
    notices.cells = cells
    headings = {meaning: cell.header for meaning, cell in cells.items()}
    people = People(columns, notices.numbers, headings, settings, notices.note)
    clean_people(people, texts["birth_day"].to_pylist(), today=at.date())
    for consent in CONSENTS:
        said = _read(columns[consent], answers.read_choice, "not_understood", consent, notices)
        columns[consent] = [None if answer == "unset" else answer for answer in said]
    columns |= {
        meaning: _own_values(texts[meaning].to_pylist(), meaning, one, writing, notices) for meaning, one in own.items()
    }
    columns |= {
        ROW_NUMBER: texts[ROW_NUMBER], "customer_ref": texts["customer_ref"], AS_IT_CAME: people.as_it_came()
    }  # fmt: skip
    shape = pa.schema([*ACCEPTED_CUSTOMERS, *((meaning, pa.string()) for meaning in own)])
    return pa.table([columns[name] for name in shape.names], schema=shape), notices.table(), people.lines()


def _with_whole_streets(
    cells: Mapping[str, Cell], columns: Mapping[str, Any], settings: ImportSettings
) -> tuple[dict[str, Cell], dict[str, Any]]:
    """House number and second line stand with the street, as they would on a letter: the number on the side of the
    street on which the file has it."""
    parts = [meaning for meaning in ("street", *_OF_STREET) if meaning in cells]
    apart = {meaning: columns[meaning] for meaning in columns if meaning not in _OF_STREET}
    if not set(parts) & set(_OF_STREET):
        return dict(cells), apart
    first = _stands_first("house_number", "street", settings)
    lines = zip(*(columns[meaning] for meaning in ("street", *_OF_STREET)), strict=True)
    street = [whole_street(*line, number_first=first) for line in lines]
    kept = {meaning: cell for meaning, cell in cells.items() if meaning not in _OF_STREET}
    return {"street": cells[parts[0]], **kept}, {**apart, "street": street}


def _stands_first(one: str, other: str, settings: ImportSettings) -> bool:
    places = [settings.headers.index(settings.columns[m]) for m in (one, other)
              if settings.columns.get(m) in settings.headers]  # fmt: skip
    return len(places) == len((one, other)) and places[0] < places[1]


#: Short answers, and how each is read.
_ANSWERS: dict[str, Read] = {
    "country": read_country, "sex": answers.read_sex, "language": answers.read_language,
    "household_size": answers.read_household_size,
}  # fmt: skip


def _own_values(values: Column, meaning: str, one: OwnAttribute, writing: Writing, notices: _Notices) -> Column:
    """The plain forms; what is no such value costs the cell."""

    def read(text: str) -> str | None:
        try:
            return read_value(one, text, writing)
        except BadInput:
            return None

    return _read(_sound(values, meaning, notices), read, "not_understood", meaning, notices)


def _sound(values: Column, meaning: str, notices: _Notices) -> Column:
    """Without cells that are too long, damaged or hold control characters — said for each."""
    cell = notices.cells.get(meaning)
    if cell is None or (not cell.odd and cell.longest <= LONGEST_TEXT):
        return values
    return [value and _sound_text(value, place, meaning, notices) for place, value in enumerate(values)]


def _sound_text(value: str, place: int, meaning: str, notices: _Notices) -> str | None:
    damage = {
        "text_too_long": len(value) > LONGEST_TEXT,
        "control_characters": any(ord(letter) < 32 or ord(letter) == 127 for letter in value),
        "undecodable": "\ufffd" in value,
    }
    code = next((code for code, wrong in damage.items() if wrong), "")
    if code:
        notices.note(place, code, meaning, value)
    return None if code else value


def _read(values: Column, read: Read, code: str, meaning: str, notices: _Notices) -> list[Any]:
    """Each different text is read once; what cannot be read leaves a notice, a way of saying nothing does not."""
    meant = {value: read(value) for value in set(values) if value is not None and not answers.says_nothing(value)}
    for place, value in enumerate(values):
        if value in meant and meant[value] is None:
            notices.note(place, code, meaning, value)
    return [None if value is None else meant.get(value) for value in values]
