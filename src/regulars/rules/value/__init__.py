"""Recency, frequency, money; rhythm and the three lists; the leaky bucket.

Two conventions hold throughout. `at` and every `until` mean *the end of that day*: what happened on it is known.
And only *kept orders* count as purchases: orders whose lines, returns among them, add up to more than nothing.
"""

from regulars.rules.value.bands import HOUSE_CUTS, Cuts, quantile_cuts, spans
from regulars.rules.value.groups import ARRIVED, CELLS, GONE, GROUPS, LADDER, flow, group_sizes, grouped
from regulars.rules.value.leaky_bucket import bucket_people, leaky_bucket, poured
from regulars.rules.value.purchases import EVERYTHING, Scope, in_scope, orders, purchase_days
from regulars.rules.value.rfm import activity, banded, heat_map, rfm, rfm_history
from regulars.rules.value.rhythm import PATIENCE, Patience, in_force, promises, rhythm
from regulars.rules.value.three_lists import three_lists

__all__ = [
    "ARRIVED",
    "CELLS",
    "EVERYTHING",
    "GONE",
    "GROUPS",
    "HOUSE_CUTS",
    "LADDER",
    "PATIENCE",
    "Cuts",
    "Patience",
    "Scope",
    "activity",
    "banded",
    "bucket_people",
    "flow",
    "group_sizes",
    "grouped",
    "heat_map",
    "in_force",
    "in_scope",
    "leaky_bucket",
    "orders",
    "poured",
    "promises",
    "purchase_days",
    "quantile_cuts",
    "rfm",
    "rfm_history",
    "rhythm",
    "spans",
    "three_lists",
]
