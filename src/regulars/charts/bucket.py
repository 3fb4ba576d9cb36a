"""The leaky bucket month by month: in at the top, out at the bottom."""

from collections.abc import Sequence

from regulars.charts.picture import FRAME, NO_WORDS, Json, Picture, PlainTable, Row, Words, asks, iso, said, whole

FADED = 0.55  # a month that is not over
PARTS = (("gained", "accent", 1), ("won_back", "ramp-3", 1), ("lapsed", "sand", -1))
PEOPLE = ("gained", "won_back", "kept", "quiet", "lapsed", "inside_end")
MONEY = ("gained_minor", "won_back_minor", "kept_minor", "lapsed_minor")


def bucket_bars(rows: Sequence[Row], *, money: bool = False, words: Words = NO_WORDS) -> Picture:
    """Gained and won back upwards, lapsed downwards, one bar a month; the running month faded.

    `rows` are rows of `tables.BUCKET`, oldest first; with `money` the bars are minor units instead of persons.

    >>> row = {"month": "2024-03-01", "running": True, "gained": 3, "won_back": 1, "lapsed": 2, "inside_end": 9}
    >>> picture = bucket_bars([row], words={"gained": "Gained"})
    >>> [(line["name"], line["data"][0]["value"]) for line in picture.option["series"]]
    [('Gained', 3), ('won_back', 1), ('lapsed', -2)]
    """
    unit = "money" if money else "count"
    option: dict[str, Json] = {
        "grid": {**FRAME},
        "tooltip": {"trigger": "axis", "valueFormatter": asks("size" if not money else "money")},
        "xAxis": {
            "type": "category",
            "data": [iso(row["month"]) for row in rows],
            "axisLine": {"show": False},
            "axisLabel": {"formatter": asks("month")},
        },
        "yAxis": {"type": "value", "splitNumber": 4, "axisLabel": {"formatter": asks(unit)}},
        "series": [_bars(rows, name, colour, sign, money, words) for name, colour, sign in PARTS],
    }
    return Picture(option, _table(rows, MONEY if money else PEOPLE, unit, words))


def _bars(rows: Sequence[Row], name: str, colour: str, sign: int, money: bool, words: Words) -> Json:
    column = f"{name}_minor" if money else name
    return {
        "name": words.get(name, name),
        "type": "bar",
        "stack": "bucket",
        "barWidth": "54%",
        "itemStyle": {"color": colour},
        "data": [_bar(sign * whole(row.get(column)), colour, bool(row.get("running"))) for row in rows],
    }


def _bar(value: int, colour: str, running: bool) -> Json:
    return {"value": value, "itemStyle": {"color": colour, "opacity": FADED}} if running else {"value": value}


def _table(rows: Sequence[Row], columns: tuple[str, ...], unit: str, words: Words) -> PlainTable:
    return PlainTable(
        said(words, ["month", *columns]),
        ("month", *(unit for _ in columns)),
        tuple((iso(row["month"]), *(whole(row.get(column)) for column in columns)) for row in rows),
    )
