"""From the headings and some rows to settings a person only has to confirm — and the questions left open."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from regulars.rules.intake.changed_columns import changed_columns
from regulars.rules.intake.columns import Guess, guess, guess_kind, unwrapped
from regulars.rules.intake.dates import find_date_order, is_slashed
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.money import currency_of, decimal_mark_of

_MONTH_FIRST = frozenset({"US", "PH", "FM", "MH"})


@dataclass(frozen=True, slots=True)
class Question:
    """Something the file itself does not settle: a code and values; `setting` names what the answer goes into.

    Codes: `date_order_unclear` (column, example), `date_order_contradictory` (column, example), `decimal_mark_unclear`
    (column, example), `meaning_missing` (meaning), `order_number_comes_again` (column, example, times),
    `amount_is_order_total` (column): it was left out in favour of price times quantity.
    """

    code: str
    setting: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Settings to confirm, the guess for every column, and the open questions."""

    settings: ImportSettings
    guesses: tuple[Guess, ...]
    questions: tuple[Question, ...]


def propose(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    source_ref: str,
    kind: str = "",
    zone: str = "UTC",
    currency: str = "CNY",
    country: str = "CN",
    remembered: ImportSettings | None = None,
) -> Proposal:
    """Settings for a file with these headings and sample rows; remembered ones are taken over when they fit.

    `zone`, `currency`, `country` are the company's, used where the file says nothing else.
    """
    kind = kind or (remembered.kind if remembered and remembered.fits(headers) else guess_kind(headers, rows))
    guesses = guess(headers, rows, kind)
    if remembered and remembered.kind == kind and remembered.fits(headers):
        return Proposal(
            remembered, guesses, tuple(_contradictions(remembered, _cells(headers, rows, remembered.columns)))
        )
    if remembered and remembered.kind == kind and remembered.keeps(headers):
        return _carried_on(remembered, headers, rows, guesses)
    columns = {found.meaning: found.column for found in guesses if found.meaning}
    cells = _cells(headers, rows, columns)
    if total_repeated := bool(_total_on_every_line(cells)):
        del columns["amount"]  # price times quantity is what a line costs; a total would be counted once per line
    marks = decimal_mark_of([c for key in ("amount", "unit_price", "discount") for c in cells[key]])
    likely = "mdy" if country in _MONTH_FIRST else "dmy"
    dates = find_date_order([*cells["ordered_at"], *cells["birth_on"]], likely)
    settings = ImportSettings(
        kind=kind,
        source_ref=source_ref,
        columns=columns,
        date_order=dates.order,
        decimal_mark=marks[0],
        zone=zone,
        currency=currency_of([*cells["amount"], *cells["unit_price"], *cells["currency"]]) or currency,
        country=country,
        order_within=_order_within(cells),
        headers=tuple(headers),
    )
    repeated = (
        [Question("amount_is_order_total", "columns", {"column": _said(guesses, "amount")})] if total_repeated else []
    )
    return Proposal(settings, guesses, (*_questions(settings, cells), *repeated))


def _carried_on(
    remembered: ImportSettings, headers: Sequence[str], rows: Sequence[Sequence[str]], guesses: tuple[Guess, ...]
) -> Proposal:
    """What is still there means what it meant; for what is gone, a column is offered that is called almost so, or that
    seems to mean it and is new. All else is left out, as it was."""
    columns = {meaning: heading for meaning, heading in remembered.columns.items() if heading in headers}
    found = changed_columns(remembered, headers)
    lost, alike = (found.lost, found.alike) if found else ({}, {})
    guessed = {one.meaning: one.column for one in guesses if one.column not in remembered.headers}
    for meaning, old in lost.items():
        offered = alike.get(old) or guessed.get(meaning, "")
        if offered and offered not in columns.values():
            columns[meaning] = offered
    settings = replace(remembered, columns=columns, headers=tuple(headers))
    missing = [Question("meaning_missing", "columns", {"meaning": meaning}) for meaning in settings.missing()]
    contradictions = _contradictions(settings, _cells(headers, rows, settings.columns))
    return Proposal(settings, guesses, (*missing, *contradictions))


def _said(guesses: Sequence[Guess], meaning: str) -> str:
    return next((found.column for found in guesses if found.meaning == meaning), "")


def _cells(
    headers: Sequence[str], rows: Sequence[Sequence[str]], columns: Mapping[str, str]
) -> defaultdict[str, list[str]]:
    place = {header: index for index, header in enumerate(headers)}
    cells: defaultdict[str, list[str]] = defaultdict(list)
    for meaning, header in columns.items():
        cells[meaning] = [unwrapped(row[place[header]]) for row in rows]
    return cells


def _order_within(cells: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Day, when one order number stands with different days and customers: numbers begin again every morning."""
    return ("day",) if _numbers_again(cells)[1] > 1 else ()


def _numbers_again(cells: Mapping[str, list[str]]) -> tuple[str, int]:
    """(an order number that stands for several customers on several days, for how many days)."""
    days: defaultdict[str, set[str]] = defaultdict(set)
    people: defaultdict[str, set[str]] = defaultdict(set)
    rows = zip(cells.get("order_ref", ()), cells.get("ordered_at", ()), cells.get("customer_ref", ()), strict=False)
    for order, moment, customer in rows:
        days[order].add(moment[:10])
        people[order].add(customer)
    again = {order: len(found) for order, found in days.items() if order and len(found) > 1 and len(people[order]) > 1}
    worst = max(again, key=lambda order: again[order], default="")
    return worst, again.get(worst, 0)


def _total_on_every_line(cells: Mapping[str, list[str]]) -> str:
    """An order whose lines differ in product and price but all carry one amount: that amount is the order's total."""
    if not all(cells.get(key) for key in ("order_ref", "amount", "unit_price")):
        return ""
    lines: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for order, amount, price in zip(cells["order_ref"], cells["amount"], cells["unit_price"], strict=True):
        lines[order].append((amount, price))
    several = {order: found for order, found in lines.items() if len({price for _, price in found}) > 1}
    alike = [order for order, found in several.items() if len({amount for amount, _ in found if amount}) == 1]
    return alike[0] if several and len(alike) * 10 >= len(several) * 9 else ""


def _questions(settings: ImportSettings, cells: Mapping[str, list[str]]) -> list[Question]:
    questions = [Question("meaning_missing", "columns", {"meaning": meaning}) for meaning in settings.missing()]
    for meaning in ("ordered_at", "birth_on"):
        found = find_date_order(cells[meaning])
        if not found.sure:
            code = "date_order_contradictory" if found.contradictory else "date_order_unclear"
            questions.append(Question(code, "date_order", _where(settings, meaning, found.unclear)))
    for meaning in ("amount", "unit_price"):
        if not decimal_mark_of(cells[meaning])[1]:
            example = next((cell for cell in cells[meaning] if "." in cell or "," in cell), "")
            questions.append(Question("decimal_mark_unclear", "decimal_mark", _where(settings, meaning, example)))
    order, times = _numbers_again(cells)
    if times > 1:
        values = _where(settings, "order_ref", order) | {"times": times}
        questions.append(Question("order_number_comes_again", "order_within", values))
    return questions


def _contradictions(settings: ImportSettings, cells: Mapping[str, list[str]]) -> Iterator[Question]:
    """Where a file no longer is as its source was: dates or decimals that the remembered settings cannot have meant."""
    for meaning in ("ordered_at", "birth_on"):
        found = find_date_order(cells[meaning], settings.date_order)
        if found.contradictory or (found.sure and found.order != settings.date_order):
            example = next((cell for cell in cells[meaning] if is_slashed(cell)), "")
            yield Question("date_order_contradictory", "date_order", _where(settings, meaning, example))
    for meaning in ("amount", "unit_price"):
        marked = [cell for cell in cells[meaning] if "," in cell or "." in cell]
        mark, sure = decimal_mark_of(marked)
        if marked and sure and mark != settings.decimal_mark:
            yield Question("decimal_mark_unclear", "decimal_mark", _where(settings, meaning, marked[0]))


def _where(settings: ImportSettings, meaning: str, example: str) -> dict[str, object]:
    return {"column": settings.columns.get(meaning, ""), "example": example}
