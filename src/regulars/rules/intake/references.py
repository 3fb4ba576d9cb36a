"""Whose row it is, where the file has no customer numbers: an e-mail address or phone number stands for the customer.

What is kept as the reference is a keyed digest of the address (HMAC-SHA-256, RFC 2104, as for search), never the
address itself: whoever reads the table of references can neither write to these people nor guess them. The same mailbox
or phone, however it is spelled, gives the same reference in the source's next file.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from regulars.rules.cleaning.countries import read_country
from regulars.rules.cleaning.emails import clean_email, read_email, same_mailbox
from regulars.rules.cleaning.phones import read_phone
from regulars.rules.identity.finding import SECRET, keyed
from regulars.rules.intake.answers import says_nothing
from regulars.rules.intake.cells import Cell, Objection
from regulars.rules.intake.columns import unwrapped
from regulars.rules.intake.import_settings import ImportSettings

#: The column of references beside those of the file; no heading of a file holds a control character.
REFERENCE: Final = "\x1freference"
#: Stands where there is an address that nobody can read.
UNREADABLE: Final = "?"
#: A column of which so many cells are e-mail addresses is one of those.
ADDRESSES: Final = 0.9
#: What is a telephone number wherever it stands: with its country's code, or a Chinese mobile number.
_PHONE: Final = re.compile(r"\+[\d ().\-]{7,38}\Z|(?:86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}\Z", re.ASCII)
_PERHAPS_ADDRESSES: Final = r"@|\+\d|1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
_KEYED: Final = re.compile(r"(email|phone):[0-9a-f]{32}\Z")


def keyed_reference(kind: str, text: str, key: bytes, country: str = "") -> str | None:
    """The reference that stands for an address (`email` or `phone`); None for what is no such address.

    >>> keyed_reference("email", "Ann@Example.com", b"k") == keyed_reference("email", " ann@example.COM", b"k")
    True
    >>> keyed_reference("phone", "138 0013 8000", b"k", "CN") == keyed_reference("phone", "+8613800138000", b"k")
    True
    """
    address = clean_email(text).value if kind == "email" else read_phone(text, country)
    if address is None:
        return None
    # Another kind than that of search: who holds both tables cannot lay one beside the other.
    return f"{kind}:{keyed(f'reference {kind}', same_mailbox(address), key).removeprefix(SECRET)}"


def not_in_clear(number: str, key: bytes) -> str:
    """What may be kept of a customer number: itself, or what stands for the address it is.

    >>> not_in_clear("M-0042", b"k"), not_in_clear(" +41 44 668 18 00", b"k") == not_in_clear("+41446681800", b"k")
    ('M-0042', True)
    >>> [is_keyed(not_in_clear(one, b"k")) for one in ("ann@example.com", "138 0013 8000", "10042", "20260312001")]
    [True, True, False, False]
    """
    bare = unwrapped(number)
    if "@" in bare:
        return keyed_reference("email", bare, key) or number
    return (keyed_reference("phone", bare, key, "CN") if _PHONE.match(bare) else None) or number


def is_keyed(reference: str) -> bool:
    """Whether a reference stands for an address.

    >>> is_keyed("M-0042"), is_keyed("email:" + "0" * 32)
    (False, True)
    """
    return bool(_KEYED.match(reference))


def addresses_apart(
    columns: Mapping[str, str], headers: Sequence[str], rows: Iterable[Sequence[str]]
) -> dict[str, str]:
    """Meaning → heading; what somebody took for customer numbers and holds e-mail addresses or phones is taken for
    those.

    >>> addresses_apart({"customer_ref": "who"}, ["who"], [["ann@example.com"], ["bob@example.com"]])
    {'email': 'who'}
    >>> addresses_apart({"customer_ref": "who"}, ["who"], [["13800138000"], ["13900139000"]])
    {'phone': 'who'}
    """
    numbers = columns.get("customer_ref")
    if numbers is None or numbers not in headers:
        return dict(columns)
    place = list(headers).index(numbers)
    cells = [bare for row in rows if (bare := unwrapped(row[place]))]
    kind = next((kind for kind in ("email", "phone") if kind not in columns and _mostly(kind, cells)), "")
    if not kind:
        return dict(columns)
    return {meaning: header for meaning, header in columns.items() if meaning != "customer_ref"} | {kind: numbers}


def _mostly(kind: str, cells: Sequence[str]) -> bool:
    """Whether nearly all of the cells, and at least one, are such addresses."""
    found = sum((read_email(cell) if kind == "email" else _PHONE.match(cell)) is not None for cell in cells)
    return 0 < found >= ADDRESSES * len(cells)


def with_references(rows: pa.Table, settings: ImportSettings, key: bytes) -> pa.Table:
    """The rows with a column of references, where addresses stand for customers; else as they are.

    They do where no column has customer numbers (`settings.named_by` says which address serves), and for every e-mail
    address and phone found among customer numbers.
    """
    numbers = settings.column("customer_ref")
    if settings.named_by:
        return rows.append_column(REFERENCE, _named(rows, settings, key))
    if numbers not in rows.column_names or not pc.any(_perhaps_addresses(rows[numbers])).as_py():
        return rows
    return rows.append_column(REFERENCE, _each(rows[numbers], lambda cell: not_in_clear(cell, key)))


def columns_read(rows: pa.Table, settings: ImportSettings, meanings: Iterable[str]) -> dict[str, str]:
    """Meaning → heading of the columns to be read, references from their own column where there is one."""
    chosen = {meaning: header for meaning, header in settings.columns.items() if meaning in meanings}
    return chosen | ({"customer_ref": REFERENCE} if REFERENCE in rows.column_names else {})


def with_stand_in(cells: dict[str, Cell], settings: ImportSettings) -> dict[str, Cell]:
    """The cells; those of references go by the heading people know."""
    reference = cells.get("customer_ref")
    if reference is None or reference.header != REFERENCE:
        return cells
    known_as = settings.column("customer_ref") or settings.columns[settings.named_by]
    return cells | {"customer_ref": replace(reference, stands_for=known_as)}


def customer_objections() -> Iterator[Objection]:
    """Why nobody can say whose row it is."""
    yield Objection("missing_customer", "customer_ref", "customer_ref IS NULL")
    yield Objection("unreadable_reference", "customer_ref", f"customer_ref = '{UNREADABLE}'")


def _named(rows: pa.Table, settings: ImportSettings, key: bytes) -> pa.Array:
    kind, header = settings.named_by, settings.columns[settings.named_by]
    country = settings.column("country")
    if header not in rows.column_names:
        return pa.repeat(pa.scalar(""), rows.num_rows)
    if kind == "email" or country not in rows.column_names:
        return _each(rows[header], lambda cell: _reference(kind, cell, key, settings.country))
    pairs = zip(rows[header].to_pylist(), rows[country].to_pylist(), strict=True)
    return pa.array(list(_by_country(pairs, settings.country, key)), pa.string())


def _by_country(pairs: Iterable[tuple[str | None, str | None]], usual: str, key: bytes) -> Iterator[str]:
    """Phone numbers without a country code are of the country in their row, as where they are kept as contacts."""
    known: dict[tuple[str | None, str | None], str] = {}
    for phone, country in pairs:
        if (phone, country) not in known:
            lives_in = read_country(unwrapped(country or "")) or usual
            known[phone, country] = _reference("phone", phone or "", key, lives_in)
        yield known[phone, country]


def _reference(kind: str, cell: str, key: bytes, country: str) -> str:
    bare = unwrapped(cell)
    return "" if says_nothing(bare) else keyed_reference(kind, bare, key, country) or UNREADABLE


def _perhaps_addresses(numbers: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.match_substring_regex(numbers, _PERHAPS_ADDRESSES)


def _each(column: pa.ChunkedArray, read: Callable[[str], str]) -> pa.Array:
    """The column with each different cell read once."""
    coded = pc.fill_null(column, "").combine_chunks().dictionary_encode()
    found = pa.array([read(cell) for cell in coded.dictionary.to_pylist()], pa.string())
    return found.take(coded.indices)
