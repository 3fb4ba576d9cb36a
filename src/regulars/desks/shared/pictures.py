"""What `charts` draws, as a page shows it: with its words and its table in the reader's figures."""

from collections.abc import Sequence
from typing import Any

from regulars.charts import Currency, Picture
from regulars.desks.shared.dates import day
from regulars.desks.shared.figures import digits_of, money_whole, number, percent
from regulars.desks.shared.parts import Cell, Chart, Column, Key, Table, Text


def currency_of(code: str) -> Currency:
    """The company's currency as charts want it."""
    return Currency(code, 10 ** digits_of(code))


def framed(
    name: str, picture: Picture, label: Text, *, currency: str = "CNY", keys: Sequence[Key] = (), note: Text = "",
    size: str = "m", csv_url: str = "",
) -> Chart:  # fmt: skip
    """The picture with everything around it."""
    return Chart(name, label, picture.option, table_of(picture, label, currency), keys, note, size, csv_url)


def table_of(picture: Picture, caption: Text, currency: str) -> Table:
    """The figures of a picture for reading."""
    holds = picture.table.holds
    columns = [
        Column(title, numeric=kind not in ("text", "day"))
        for title, kind in zip(picture.table.headers, holds, strict=True)
    ]
    rows = [
        [_cell(value, kind, currency) for value, kind in zip(row, holds, strict=True)] for row in picture.table.rows
    ]
    return Table(columns, rows, caption=caption, close=True)


def _cell(value: Any, kind: str, currency: str) -> Any:
    if value is None:
        return None
    if kind == "money":
        return Cell(money_whole(int(value), currency))
    if kind == "percent":
        return Cell(percent(value))
    if kind == "count":
        return Cell(number(value))
    return Cell(day(value) if kind == "day" and hasattr(value, "year") else str(value))
