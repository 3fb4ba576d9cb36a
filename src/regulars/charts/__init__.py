"""A table in, a picture out.

Each function takes rows and gives a `Picture`: an ECharts option that is plain JSON, and the same numbers as a table.
What JSON cannot say is left to the browser as text: `"token:accent"` is a colour of `tokens.css`, `"format:number"`,
`"format:absolute"`, `"format:percent"` and `"format:money:CNY"` are ways of writing a figure.

Words come in with the call: `words` says how the reader reads a code, a name or a day ("gained", "at_risk",
"2024-03-01"); what has no word shows as itself. `leads_to` says which page an item opens; without it none does, as
where the reader may not see the people behind a number.
"""

from regulars.charts.bucket import bucket_bars
from regulars.charts.flow import group_flow
from regulars.charts.health import group_health
from regulars.charts.heat_map import rfm_heat_map
from regulars.charts.over_time import shares_over_time
from regulars.charts.overlap import segment_overlap
from regulars.charts.picture import Currency, Json, Picture, PlainTable
from regulars.charts.response import response_curve
from regulars.charts.small_bars import small_bars

__all__ = [
    "Currency",
    "Json",
    "Picture",
    "PlainTable",
    "bucket_bars",
    "group_flow",
    "group_health",
    "response_curve",
    "rfm_heat_map",
    "segment_overlap",
    "shares_over_time",
    "small_bars",
]
