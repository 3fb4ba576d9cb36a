"""A table in, a picture out.

Each function takes rows and gives a `Picture`: an ECharts option that is plain JSON, and the same numbers as a table.
What JSON cannot say is left to the browser as data:

- a colour is the name of a token of `tokens.css` ("accent", "ramp-3", "sand", "line-2"), or "transparent";
- `"readable"` as a label's colour asks for the ink that reads better on the cell under it;
- a `formatter` or `valueFormatter` that is an object asks for a function: `{"format": "count"}` with thousands marks,
  `"size"` the same without the sign, `"money"` minor units in the company's currency, `"percent"` a share of 1,
  `"month"` and `"day"` an ISO date in the reader's way, `"titled"` the item's own `title` and `count`, `"ending"` the
  name of a series or mark and its (last) value as percent, `"cell"` the axis names of a heat-map cell and its value in
  the format that `of` names.

Words come in with the call (`words`: code → what the reader reads); a code without a word shows as itself.
"""

from regulars.charts.bucket import bucket_bars
from regulars.charts.flow import group_flow
from regulars.charts.heat_map import rfm_heat_map
from regulars.charts.overlap import segment_overlap
from regulars.charts.picture import Json, Picture, PlainTable
from regulars.charts.response import response_curve
from regulars.charts.small_bars import small_bars

__all__ = [
    "Json",
    "Picture",
    "PlainTable",
    "bucket_bars",
    "group_flow",
    "response_curve",
    "rfm_heat_map",
    "segment_overlap",
    "small_bars",
]
