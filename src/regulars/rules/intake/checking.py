"""Order rows as they arrive → typed order lines, and rows set aside with a reason. No row is lost between the two.

Everything happens in a few vectorised statements of an in-memory engine; nothing of it touches a database.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from regulars.rules.intake import engine_text as sql
from regulars.rules.intake import money
from regulars.rules.intake.cells import ROW_NUMBER, Cell, Objection, cells_of, refused_rows, verdict_sql
from regulars.rules.intake.dates import clock_sql, local_and_utc_sql
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.line_keys import PLACE, SEPARATOR, SeenLines, ordinals
from regulars.rules.intake.references import columns_read, customer_objections, with_stand_in

ACCEPTED_LINES = pa.schema(
    [
        (ROW_NUMBER, pa.int64()),
        ("order_ref", pa.string()),
        ("line_ref", pa.string()),
        ("customer_ref", pa.string()),
        ("ordered_at", pa.timestamp("us", "UTC")),
        ("ordered_on", pa.date32()),
        ("product_ref", pa.string()),
        ("product_name", pa.string()),
        ("department", pa.string()),
        ("category", pa.string()),
        ("brand", pa.string()),
        ("quantity_milli", pa.int64()),
        ("amount_minor", pa.int64()),
        ("discount_minor", pa.int64()),
        ("currency", pa.string()),
        ("branch_ref", pa.string()),
        ("promotion_ref", pa.string()),
        ("order_key", pa.int64()),
        ("line_key", pa.binary(16)),
    ]
)
REFS = frozenset({"order_ref", "line_ref", "customer_ref", "product_ref", "branch_ref", "promotion_ref", "currency"})
_TEXTS = ("order_ref", "line_ref", "customer_ref", "product_ref", "product_name", "department", "category", "brand")
_MEANINGS = (*_TEXTS, "ordered_at", "ordered_time", "quantity", "amount", "unit_price", "discount", "currency")
MEANINGS = (*_MEANINGS, "branch_ref", "promotion_ref")
_PRODUCT = "coalesce(product_ref, substr(product_name, 1, 200))"
_NUMBERS = ("amount", "unit_price", "discount", "quantity")


@dataclass(frozen=True, slots=True)
class CheckedLines:
    """A checked chunk: `accepted` (ACCEPTED_LINES), `refused` (row_number, reason, column, value, raw, ordinal), and
    the lines seen so far, to be handed to the check of the next chunk."""

    accepted: pa.Table
    refused: pa.Table
    seen: SeenLines


def check_orders(
    rows: pa.Table,
    settings: ImportSettings,
    *,
    at: dt.datetime,
    seen: SeenLines | None = None,
    delimiter: str = ",",
    engine: duckdb.DuckDBPyConnection | None = None,
) -> CheckedLines:
    """Check a chunk of text rows: every row is either in `accepted` or in `refused`, in the file's order.

    `rows` has `row_number` and text columns; `at` is now; `delimiter` that of the raw text of refused rows; `engine` an
    in-memory DuckDB connection to work in (one is opened and closed when none is given). Amounts are after discount, in
    minor units, returns negative: a positive amount with a negative quantity is turned round. Without an amount column
    the amount is price × quantity − discount. Without a quantity, one piece. Without an order number, all lines of a
    customer at one moment are an order.

    Reasons: missing_order, missing_customer, unreadable_reference, missing_date, missing_amount, not_a_date,
    date_before_1970, date_in_future, not_a_number, amount_too_large, quantity_too_large, other_currency,
    unknown_currency, text_too_long, control_characters, undecodable, shortened_number, duplicate_line.
    """
    if engine is None:
        with duckdb.connect() as own:
            return check_orders(rows, settings, at=at, seen=seen, delimiter=delimiter, engine=own)
    cells = with_stand_in(cells_of(rows, columns_read(rows, settings, MEANINGS), REFS, engine), settings)
    objections = [*_objections(cells, settings, at), Objection("duplicate_line", "line_ref", "false")]
    typed = engine.from_arrow(rows).query("chunk", _typed_sql(cells, settings, objections, at)).to_arrow_table()
    numbered, later = _numbered(_with_places(typed, rows), seen or SeenLines(), len(objections))
    taken = numbered.filter(pc.equal(numbered["verdict"], 0))
    verdicts = numbered["verdict"].combine_chunks()
    places = numbered["ordinal"].filter(pc.greater(verdicts, 0))
    refused = refused_rows(rows, verdicts, objections, cells, delimiter, engine).append_column("ordinal", places)
    return CheckedLines(_with_keys(taken, settings.source_ref, engine), refused, later)


def remember_lines(
    rows: pa.Table,
    settings: ImportSettings,
    *,
    at: dt.datetime,
    seen: SeenLines | None = None,
    engine: duckdb.DuckDBPyConnection | None = None,
) -> SeenLines:
    """Only the lines of a chunk that was dealt with before: an import that resumes goes through the earlier chunks
    with this first, so that its ordinals and duplicates are those of an uninterrupted one."""
    return check_orders(rows, settings, at=at, seen=seen, engine=engine).seen


def _typed_sql(
    cells: Mapping[str, Cell], settings: ImportSettings, objections: list[Objection], at: dt.datetime
) -> str:
    """The statement in stages, each naming what the next one needs: text, moment, plain numbers, numbers, verdict."""
    texts = ", ".join(f"{cells[m].text_sql() if m in cells else 'NULL::VARCHAR'} AS {m}" for m in MEANINGS)
    local, utc = local_and_utc_sql("moment_text", settings.date_order, (at.year + 1) % 100)
    zone = sql.text(settings.zone)
    source = "amount" if "amount" in cells else "unit_price"
    said = (
        f"CASE WHEN {source}_bare IS NOT NULL THEN {money.said_currency_sql(source)} END" if source in cells else "''"
    )
    plain = ", ".join(f"{money.plain_sql(m, settings.decimal_mark)} AS {m}_plain" for m in _NUMBERS if m in cells)
    bare = ", ".join(
        f"CASE WHEN NOT {m}_plain THEN {money.bare_sql(m)} END AS {m}_bare" for m in _NUMBERS if m in cells
    )
    return f"""
        WITH texts AS (SELECT {ROW_NUMBER}, {texts} FROM chunk),
        told AS (SELECT *, {_moment_text(cells)} AS moment_text, {_currency(cells, settings)} AS money_in
                 {", " + plain if plain else ""} FROM texts),
        read AS (SELECT *, {local} AS local_moment {", " + bare if bare else ""} FROM told),
        timed AS (SELECT * EXCLUDE (ordered_at, quantity, discount),
                  ordered_at AS ordered_text, quantity AS quantity_text, {said} AS said_currency,
                  CASE WHEN local_moment IS NOT NULL THEN timezone({zone}, local_moment)
                       ELSE timezone('UTC', {utc}) END AS ordered_at, {_numbers(cells, settings)} FROM read),
        summed AS (SELECT *, {_amount(cells)} AS amount_minor,
                  coalesce(local_moment, timezone({zone}, ordered_at)) AS shop_time FROM timed),
        named AS (SELECT * EXCLUDE (order_ref), {_order_ref(cells, settings)} AS order_ref,
                  coalesce(amount_minor < 0 OR quantity_milli < 0, false) AS returned FROM summed)
        SELECT {ROW_NUMBER}, order_ref, line_ref, customer_ref, ordered_at, CAST(shop_time AS DATE) AS ordered_on,
               {_PRODUCT} AS product_ref, product_name, department, category, brand,
               quantity_milli, amount_minor, abs(discount_minor) AS discount_minor, money_in AS currency,
               branch_ref, promotion_ref, returned,
               CASE WHEN order_ref IS NOT NULL THEN hash(order_ref, line_ref, CASE WHEN line_ref IS NULL
                    THEN {_PRODUCT} END, CASE WHEN line_ref IS NULL THEN returned END) END AS line_hash,
               {verdict_sql(objections)} AS verdict
        FROM named"""


def _moment_text(cells: Mapping[str, Cell]) -> str:
    """The day with the separate time, where there is one and the day has none of its own."""
    if "ordered_time" not in cells:
        return "ordered_at"
    alone = "ordered_time IS NOT NULL AND NOT contains(ordered_at, ':')"
    return f"CASE WHEN {alone} THEN ordered_at || ' ' || {clock_sql('ordered_time')} ELSE ordered_at END"


def _currency(cells: Mapping[str, Cell], settings: ImportSettings) -> str:
    usual = sql.text(settings.currency)
    if "currency" not in cells:
        return usual
    return (
        f"CASE WHEN currency IS NULL THEN {usual} ELSE {money.currency_sql('upper(currency)', settings.currency)} END"
    )


def _numbers(cells: Mapping[str, Cell], settings: ImportSettings) -> str:
    """Amounts in the minor unit of the row's currency, prices to four more digits, quantities in thousandths."""
    by_currency = {"amount": "amount_read", "discount": "discount_minor"}
    parts = [f"{_minor(meaning, cells, settings)} AS {name}" for meaning, name in by_currency.items()]
    price = _number("unit_price", settings, 6) if "unit_price" in cells else "NULL::BIGINT"
    quantity = _number("quantity", settings, 3) if "quantity" in cells else "1000::BIGINT"
    if "quantity" in cells:
        quantity = f"CASE WHEN quantity IS NULL THEN 1000 ELSE {quantity} END"
    return ", ".join([*parts, f"{price} AS price_read", f"{quantity} AS quantity_milli"])


def _number(meaning: str, settings: ImportSettings, digits: int) -> str:
    return money.number_sql(meaning, f"{meaning}_plain", f"{meaning}_bare", settings.decimal_mark, digits)


def _minor(meaning: str, cells: Mapping[str, Cell], settings: ImportSettings) -> str:
    if meaning not in cells:
        return "NULL::BIGINT"
    if "currency" not in cells:
        return _number(meaning, settings, money.digits_of(settings.currency))
    groups = ((money.NO_DIGITS, 0), (money.THREE_DIGITS, 3))
    whens = " ".join(f"WHEN money_in IN ({sql.texts(c)}) THEN {_number(meaning, settings, d)}" for c, d in groups)
    return f"CASE {whens} ELSE {_number(meaning, settings, 2)} END"


def _amount(cells: Mapping[str, Cell]) -> str:
    """What was paid; goods that come back are negative whichever of the two cells says so."""
    if "amount" in cells:
        return "CASE WHEN quantity_milli < 0 AND amount_read > 0 THEN -amount_read ELSE amount_read END"
    scale = (
        f"CASE WHEN money_in IN ({sql.texts(money.NO_DIGITS)}) THEN 1000000000 WHEN money_in IN"
        f" ({sql.texts(money.THREE_DIGITS)}) THEN 1000000 ELSE 10000000 END"
    )
    exact = "CAST(price_read AS HUGEINT) * quantity_milli"
    rounded = f"(abs({exact}) + {scale} // 2) // {scale} * sign({exact})"
    return f"TRY_CAST({rounded} - CAST(coalesce(abs(discount_minor), 0) AS HUGEINT) * sign(quantity_milli) AS BIGINT)"


def _order_ref(cells: Mapping[str, Cell], settings: ImportSettings) -> str:
    """The order number, with its day and branch where numbers begin again; without numbers, customer and moment."""
    if "order_ref" not in cells:
        return "customer_ref || '@' || replace(strftime(shop_time, '%Y-%m-%dT%H:%M:%S'), 'T00:00:00', '')"
    parts = {"day": "strftime(shop_time, '%Y-%m-%d')", "branch": "coalesce(branch_ref, '')"}
    return " || '@' || ".join(["order_ref", *(parts[part] for part in settings.order_within)])


def _objections(cells: Mapping[str, Cell], settings: ImportSettings, at: dt.datetime) -> Iterator[Objection]:
    """Everything that can be wrong with an order row, in the order in which it is said."""
    if "order_ref" in cells:
        yield Objection("missing_order", "order_ref", "named.order_ref IS NULL AND ordered_at IS NOT NULL")
    yield from customer_objections()
    yield Objection("missing_date", "ordered_at", "ordered_text IS NULL")
    yield from _date_objections(at)
    yield from _number_objections(cells, settings)
    for meaning in MEANINGS:
        if meaning in cells:
            yield from _text_objections(cells[meaning])


def _text_objections(cell: Cell) -> Iterator[Objection]:
    renamed = {"ordered_at": "ordered_text", "quantity": "quantity_text"}
    if cell.meaning in ("discount", "currency", "amount", "unit_price", "ordered_time", *renamed):
        return  # what is not a number, a date or a currency has been refused for that
    yield from cell.objections()


def _date_objections(at: dt.datetime) -> Iterator[Objection]:
    latest = (at + dt.timedelta(days=1)).astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S+00")
    yield Objection("not_a_date", "ordered_at", "ordered_at IS NULL")
    yield Objection("date_before_1970", "ordered_at", "ordered_at < TIMESTAMPTZ '1970-01-01 00:00:00+00'")
    yield Objection("date_in_future", "ordered_at", f"ordered_at > TIMESTAMPTZ '{latest}'")


def _number_objections(cells: Mapping[str, Cell], settings: ImportSettings) -> Iterator[Objection]:
    source = "amount" if "amount" in cells else "unit_price"
    result = {
        "amount": "amount_read",
        "unit_price": "price_read",
        "discount": "discount_minor",
        "quantity": "quantity_milli",
    }
    texts = {"amount": "amount", "unit_price": "unit_price", "quantity": "quantity_text"}
    if source not in cells:
        yield Objection("missing_amount", "amount", "true")
        return
    yield Objection("missing_amount", source, f"{source} IS NULL")
    if "currency" in cells:
        yield Objection("unknown_currency", "currency", "money_in IS NULL")
    for meaning in (source, *(m for m in ("quantity", "discount") if m in cells)):
        yield from _unreadable(meaning, texts.get(meaning, ""), result[meaning], settings.decimal_mark)
    yield Objection(
        "amount_too_large", source, f"abs(amount_minor) > {money.LARGEST_AMOUNT_MINOR} OR amount_minor IS NULL"
    )
    if "quantity" in cells:
        yield Objection("quantity_too_large", "quantity", f"abs(quantity_milli) > {money.LARGEST_QUANTITY_MILLI}")
    yield from _currency_objections(source, settings)


def _unreadable(meaning: str, text: str, number: str, decimal_mark: str) -> Iterator[Objection]:
    """A number of fifteen digits or more is too large, anything else that gave no number is none."""
    given = f"{text} IS NOT NULL" if text else f"{meaning}_bare IS NOT NULL OR {meaning}_plain"
    size = "quantity_too_large" if meaning == "quantity" else "amount_too_large"
    yield Objection(size, meaning, f"{number} IS NULL AND {money.many_digits_sql(f'{meaning}_bare', decimal_mark)}")
    yield Objection("not_a_number", meaning, f"{number} IS NULL AND ({given})")


def _currency_objections(source: str, settings: ImportSettings) -> Iterator[Objection]:
    """An amount in euros in a file of yuan is refused rather than read as yuan."""
    meant = money.currency_sql("said_currency", settings.currency)
    yield Objection("other_currency", source, f"said_currency <> '' AND ({meant}) IS DISTINCT FROM money_in")


def _with_places(typed: pa.Table, rows: pa.Table) -> pa.Table:
    """The rows with the ordinal that a mended row brings along, 0 where it brings none."""
    if PLACE not in rows.column_names:
        return typed.append_column("place", pa.repeat(pa.scalar(0, pa.int64()), typed.num_rows))
    told = rows[PLACE]
    plain = pc.if_else(pc.match_substring_regex(told, "^[0-9]{1,9}$"), told, "0")
    return typed.append_column("place", pc.fill_null(pc.cast(plain, pa.int64()), 0))


def _numbered(typed: pa.Table, seen: SeenLines, duplicate: int) -> tuple[pa.Table, SeenLines]:
    """The rows with the ordinal of their line; a line that was there before under the same key gets the verdict
    `duplicate`."""
    hashes = typed["line_hash"].combine_chunks()
    known = pc.is_valid(hashes).to_numpy(zero_copy_only=False)
    kept = pc.drop_null(hashes).to_numpy()
    found = np.ones(typed.num_rows, np.int64)
    found[known] = ordinals(kept, seen)
    numbered = pc.is_valid(typed["line_ref"]).to_numpy()
    verdict = typed["verdict"].to_numpy().copy()
    verdict[(verdict == 0) & numbered & (found > 1)] = duplicate
    places = typed["place"].to_numpy()
    if places.any():
        found = np.where((places > 0) & ~numbered, places, found)
        verdict[(verdict == 0) & ~numbered & _comes_again(hashes, found)] = duplicate
    place = typed.schema.get_field_index("verdict")
    judged = typed.set_column(place, "verdict", pa.array(verdict)).append_column("ordinal", pa.array(found))
    return judged, seen.with_lines(kept)


def _comes_again(hashes: pa.Array, found: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether the same line with the same ordinal stood further up in the chunk."""
    pairs = np.rec.fromarrays([pc.fill_null(hashes, 0).to_numpy(), found])
    first = np.unique(pairs, return_index=True)[1]
    again = np.ones(len(found), np.bool_)
    again[first] = False
    return again


def _with_keys(taken: pa.Table, source_ref: str, engine: duckdb.DuckDBPyConnection) -> pa.Table:
    """The accepted lines with the keys of `line_keys`, in the declared schema."""
    mark = sql.text(SEPARATOR)
    direction = f"CASE WHEN returned THEN {sql.text(_between('R'))} ELSE {sql.text(_between('S'))} END"
    unnumbered = f"{direction} || coalesce(product_ref, '') || {mark} || ordinal"
    line = f"CASE WHEN line_ref IS NULL THEN {unnumbered} ELSE {sql.text(_between('L'))} || line_ref END"
    whose = f"{sql.text(source_ref + SEPARATOR)} || order_ref"
    table = taken.append_column("order_key", _order_keys(taken["order_ref"], whose, engine))
    table = table.append_column("line_key", _digests(taken, f"{whose} || {line}", engine))
    return table.select(ACCEPTED_LINES.names).cast(ACCEPTED_LINES)


def _order_keys(refs: pa.ChunkedArray, whose: str, engine: duckdb.DuckDBPyConnection) -> pa.Array:
    """One digest per order, not per line: the last eight bytes of each."""
    orders = refs.combine_chunks().dictionary_encode()
    digests = _digests(pa.table({"order_ref": orders.dictionary}), whose, engine)
    words = np.frombuffer(b"".join(digests.to_pylist()), "<i8")[1::2]
    return pa.array(words[orders.indices.to_numpy()])


def _digests(table: pa.Table, spelled: str, engine: duckdb.DuckDBPyConnection) -> pa.Array:
    found = (
        engine.from_arrow(table).query("taken", f"SELECT unhex(md5({spelled})) AS digest FROM taken").to_arrow_table()
    )
    return pc.cast(found["digest"].combine_chunks(), pa.binary(16))


def _between(kind: str) -> str:
    return SEPARATOR + kind + SEPARATOR
