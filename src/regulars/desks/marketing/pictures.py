"""The figures of a picture as a file."""

from django.http import HttpResponse

from regulars.charts import Picture
from regulars.desks.marketing.csv_files import csv_answer
from regulars.desks.shared.figures import digits_of


def exported(name: str, picture: Picture, currency: str) -> HttpResponse:
    """The figures of a picture as a file: money in whole units of the currency, shares as parts of one."""
    scale = 10 ** digits_of(currency)
    rows = [
        [
            value / scale if kind == "money" and isinstance(value, int) else value
            for value, kind in zip(row, picture.table.holds, strict=True)
        ]
        for row in picture.table.rows
    ]
    return csv_answer(name, picture.table.headers, rows)
