"""Shares day by day, one line each: how good the data was and is."""

from collections.abc import Sequence

from regulars.charts.picture import FRAME, NO_WORDS, Json, Picture, PlainTable, Row, Words, iso, said, token

#: Told apart by shade and by dash, so that they can be told apart without colour.
LINES: tuple[tuple[str, Json], ...] = (
    ("accent", "solid"),
    ("ramp-5", [6, 3]),
    ("sand", "solid"),
    ("ink-2", [2, 3]),
    ("ramp-3", "solid"),
    ("heed", [8, 3, 2, 3]),
)


def shares_over_time(rows: Sequence[Row], lines: Sequence[str], *, words: Words = NO_WORDS) -> Picture:
    """One line for each of `lines`, a column of `rows` that holds shares of 1 or nothing; `day` is the other column.

    >>> nights = [{"day": "2026-03-11", "phone": 0.5}, {"day": "2026-03-12", "phone": None}]
    >>> picture = shares_over_time(nights, ["phone"])
    >>> picture.option["series"][0]["data"], picture.table.rows
    ([0.5, None], (('2026-03-11', 0.5), ('2026-03-12', None)))
    """
    days = [iso(row["day"]) for row in rows]
    option: dict[str, Json] = {
        "grid": {**FRAME, "left": 28, "right": 44},
        "tooltip": {"trigger": "axis", "valueFormatter": "format:percent"},
        "xAxis": {"type": "category", "boundaryGap": False, "data": [*said(words, days)]},
        "yAxis": {"type": "value", "min": 0, "max": 1, "interval": 0.25, "axisLabel": {"formatter": "format:percent"}},
        "series": [_line(name, place, rows, words) for place, name in enumerate(lines)],
    }
    table = tuple(
        (words.get(day, day), *(_share(row, name) for name in lines)) for day, row in zip(days, rows, strict=True)
    )
    return Picture(option, PlainTable(said(words, ["day", *lines]), ("text", *("percent" for _ in lines)), table))


def _line(name: str, place: int, rows: Sequence[Row], words: Words) -> Json:
    colour, dash = LINES[place % len(LINES)]
    return {
        "name": words.get(name, name),
        "type": "line",
        "showSymbol": len(rows) == 1,
        "color": token(colour),
        "lineStyle": {"width": 2, "type": dash, "color": token(colour)},
        "data": [_share(row, name) for row in rows],
    }


def _share(row: Row, name: str) -> float | None:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else None
