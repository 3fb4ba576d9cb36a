"""The leaky bucket month by month: in at the top, out at the bottom."""

from collections.abc import Sequence

from regulars.charts.picture import (
    FRAME,
    NO_WORDS,
    Currency,
    Json,
    Picture,
    PlainTable,
    Row,
    Words,
    iso,
    said,
    token,
    whole,
)

FADED = 0.55  # a month that is not over
# name, colour, upwards or downwards, corners rounded at the end of the stack
PARTS: tuple[tuple[str, str, int, Json], ...] = (
    ("gained", "accent", 1, 0),
    ("won_back", "ramp-3", 1, [2, 2, 0, 0]),
    ("lapsed", "sand", -1, [0, 0, 2, 2]),
)
PEOPLE = ("gained", "won_back", "kept", "quiet", "lapsed", "inside_end")
MONEY = ("gained_minor", "won_back_minor", "kept_minor", "lapsed_minor")


def bucket_bars(rows: Sequence[Row], *, money: Currency | None = None, words: Words = NO_WORDS) -> Picture:
    """Gained and won back upwards, lapsed downwards, one bar a month; the running month faded.

    `rows` are rows of `tables.BUCKET`, oldest first; with `money` the bars are amounts instead of persons.

    >>> row = {"month": "2024-03-01", "running": True, "gained": 3, "won_back": 1, "lapsed": 2, "inside_end": 9}
    >>> picture = bucket_bars([row], words={"gained": "Gained", "2024-03-01": "Mar"})
    >>> picture.option["xAxis"]["data"], [(line["name"], line["data"][0]["value"]) for line in picture.option["series"]]
    (['Mar'], [('Gained', 3), ('won_back', 1), ('lapsed', -2)])
    """
    months: list[Json] = [*said(words, [iso(row["month"]) for row in rows])]
    option: dict[str, Json] = {
        "grid": {**FRAME},
        # A lapse is drawn downwards, but nobody wants to read of minus 587 people.
        "tooltip": {"trigger": "axis", "valueFormatter": money.written() if money else "format:absolute"},
        "xAxis": {"type": "category", "data": months, "axisLine": {"show": False}},
        "yAxis": {
            "type": "value",
            "splitNumber": 4,
            "axisLabel": {"formatter": money.written() if money else "format:number"},
        },
        "series": [_bars(rows, part, money, words) for part in PARTS],
    }
    return Picture(option, _table(rows, money is not None, words))


def _bars(rows: Sequence[Row], part: tuple[str, str, int, Json], money: Currency | None, words: Words) -> Json:
    name, colour, sign, corners = part
    values = [sign * whole(row.get(f"{name}_minor" if money else name)) for row in rows]
    sizes = [money.amount(value) for value in values] if money else values
    return {
        "name": words.get(name, name),
        "type": "bar",
        "stack": "bucket",
        "barWidth": "54%",
        "itemStyle": {"color": token(colour), "borderRadius": corners},
        "data": [
            {"value": size, **({"itemStyle": {"opacity": FADED}} if row.get("running") else {})}
            for size, row in zip(sizes, rows, strict=True)
        ],
    }


def _table(rows: Sequence[Row], money: bool, words: Words) -> PlainTable:
    columns = MONEY if money else PEOPLE
    return PlainTable(
        said(words, ["month", *columns]),
        ("text", *("money" if money else "count" for _ in columns)),
        tuple(
            (words.get(iso(row["month"]), iso(row["month"])), *(whole(row.get(column)) for column in columns))
            for row in rows
        ),
    )
