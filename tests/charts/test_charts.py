"""Every picture is plain JSON in the house's colours, and says what its table says."""

import doctest
import importlib
import json
import math
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import regulars.charts
from regulars.charts import (
    Currency,
    Json,
    Picture,
    bucket_bars,
    group_flow,
    group_health,
    response_curve,
    rfm_heat_map,
    segment_overlap,
    small_bars,
)
from regulars.rules.value import ARRIVED, GONE, GROUPS

STATIC = Path(regulars.charts.__file__).parents[1] / "desks" / "shared" / "static"
YUAN = Currency("CNY")
BANDS = {"recency": ["0–30", "31–90", "91–180", "181–365", "366+"], "frequency": ["1", "2", "3–4", "5–9", "10+"]}

counts = st.integers(0, 10**7)
bucket_rows = st.lists(
    st.fixed_dictionaries(
        {"month": st.dates(), "running": st.booleans()}
        | dict.fromkeys(("gained", "won_back", "kept", "quiet", "lapsed", "inside_end"), counts)
        | {f"{name}_minor": counts for name in ("gained", "won_back", "kept", "lapsed")}
    ),
    max_size=24,
)
cells = st.dictionaries(
    st.tuples(st.integers(1, 5), st.integers(1, 5)), st.tuples(counts, st.integers(-(10**6), 10**9))
).map(
    lambda found: [
        {"recency_band": r, "frequency_band": f, "customers": people, "monetary": money}
        for (r, f), (people, money) in found.items()
    ]
)
streams = st.dictionaries(
    st.tuples(st.sampled_from((*GROUPS, ARRIVED)), st.sampled_from((*GROUPS, GONE))), st.integers(1, 10**6)
).map(lambda found: [{"from_group": a, "to_group": b, "customers": n} for (a, b), n in found.items()])
months = st.dictionaries(st.tuples(st.dates(), st.sampled_from(GROUPS)), counts).map(
    lambda found: [{"month": month, "rfm_group": group, "customers": n} for (month, group), n in found.items()]
)
share = st.none() | st.floats(0, 1)
answers = st.lists(
    st.fixed_dictionaries({"day": st.dates(), "rate": share, "low": share, "high": share, "hold_out": share})
)
names = st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=6, unique=True)
sets = names.flatmap(
    lambda its: st.tuples(
        st.fixed_dictionaries(dict.fromkeys(its, counts)),
        st.dictionaries(st.frozensets(st.sampled_from(its), min_size=1), st.integers(1, 10**6), max_size=20),
    )
)
pictures = st.one_of(
    bucket_rows.map(bucket_bars),
    bucket_rows.map(lambda rows: bucket_bars(rows, money=YUAN)),
    cells.map(lambda rows: rfm_heat_map(rows, chosen=(5, 1), **BANDS)),
    cells.map(lambda rows: rfm_heat_map(rows, measure="share", **BANDS)),
    cells.map(lambda rows: rfm_heat_map(rows, measure="monetary", currency=YUAN, **BANDS)),
    streams.map(group_flow),
    months.map(group_health),
    sets.map(lambda found: segment_overlap(found[0], list(found[1].items()), chosen=next(iter(found[0])))),
    answers.map(lambda rows: response_curve(rows, threshold=0.03)),
    st.lists(st.tuples(st.text(), st.floats(0, 1))).map(lambda bars: small_bars(bars, unit="percent")),
)


def texts(node: Json) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from texts(inner)


def tokens() -> set[str]:
    return set(re.findall(r"--([a-z0-9-]+):", (STATIC / "tokens.css").read_text()))


def writers() -> set[str]:
    block = (STATIC / "regulars.js").read_text().partition("const writers = {")[2].partition("\n};")[0]
    return set(re.findall(r"(?m)^  (\w+)(?::|\()", block))


@settings(max_examples=40, deadline=None)
@given(picture=pictures)
def test_options_are_plain_json_and_come_back_equal(picture: Picture) -> None:
    assert json.loads(json.dumps(picture.option, allow_nan=False)) == picture.option
    assert json.dumps(picture.table.rows, allow_nan=False)


@settings(max_examples=40, deadline=None)
@given(picture=pictures)
def test_tables_are_square_and_plain(picture: Picture) -> None:
    table = picture.table
    assert set(table.holds) <= {"text", "day", "count", "percent", "money"}
    assert {len(row) for row in table.rows} <= {len(table.headers)} == {len(table.holds)}
    assert all(type(value) in (str, int, float, bool, type(None)) for row in table.rows for value in row)


EXAMPLES: list[Callable[[], Picture]] = [
    lambda: bucket_bars([{"month": "2024-03-01", "running": True, "gained": 1}]),
    lambda: bucket_bars([{"month": "2024-03-01", "gained_minor": 1}], money=YUAN),
    lambda: rfm_heat_map([], chosen=(1, 1), **BANDS),
    lambda: group_flow([{"from_group": ARRIVED, "to_group": group, "customers": 1} for group in GROUPS]),
    lambda: group_health([{"month": "2024-03-01", "rfm_group": group, "customers": 1} for group in GROUPS]),
    lambda: segment_overlap({"a": 2, "b": 1}, [(frozenset("ab"), 1), (frozenset("a"), 1)], chosen="b"),
    lambda: response_curve([{"day": "2024-03-06", "rate": 0.1, "low": 0, "high": 1, "hold_out": 0}], threshold=0.03),
    lambda: small_bars([("a", 1)]),
]


@pytest.mark.parametrize("draw", EXAMPLES)
def test_every_colour_is_in_the_look_and_every_format_is_one_the_pages_write(draw: Callable[[], Picture]) -> None:
    used = list(texts(draw().option))
    assert {text.removeprefix("token:") for text in used if text.startswith("token:")} <= tokens()
    assert {text.split(":")[1] for text in used if text.startswith("format:")} <= writers()
    assert not any(re.fullmatch(r"#[0-9a-f]{3,8}|rgba?\(.*\)", text) for text in used)


@settings(max_examples=40, deadline=None)
@given(rows=bucket_rows)
def test_the_bucket_points_down_for_lapses_and_fades_the_running_month(rows: list[dict[str, object]]) -> None:
    series = bucket_bars(rows).option["series"]
    for line, column, sign in zip(series, ("gained", "won_back", "lapsed"), (1, 1, -1), strict=True):
        assert [bar["value"] for bar in line["data"]] == [sign * row[column] for row in rows]
        assert ["itemStyle" in bar for bar in line["data"]] == [row["running"] for row in rows]


@settings(max_examples=40, deadline=None)
@given(rows=months)
def test_the_groups_of_each_month_make_a_whole(rows: list[dict[str, object]]) -> None:
    picture = group_health(rows)
    bars = zip(*(line["data"] for line in picture.option["series"]), strict=True)
    assert all(math.isclose(sum(month), 1) for month in bars)
    assert len(picture.option["xAxis"]["data"]) <= len(picture.table.rows) or not rows


@settings(max_examples=40, deadline=None)
@given(rows=cells)
def test_all_cells_are_drawn_and_shares_make_a_whole(rows: list[dict[str, int]]) -> None:
    drawn = rfm_heat_map(rows, measure="share", **BANDS).option["series"][0]["data"]
    assert {(cell["recency_band"], cell["frequency_band"]) for cell in drawn} == {
        (r, f) for r in range(1, 6) for f in range(1, 6)
    }
    whole = sum(cell["value"][2] for cell in drawn)
    assert math.isclose(whole, 1 if sum(row["customers"] for row in rows) else 0, abs_tol=1e-9)


def test_a_cell_lies_where_its_bands_say_and_leads_to_its_people() -> None:
    row = {"recency_band": 2, "frequency_band": 4, "customers": 507, "monetary": 100}
    picture = rfm_heat_map([row], leads_to={(2, 4): "/people?r=2&f=4"}, chosen=(2, 4), **BANDS)
    [cell] = [cell for cell in picture.option["series"][0]["data"] if cell["value"][2]]
    assert (cell["value"], cell["name"], cell["href"]) == ([3, 3, 507], "181–365 × 5–9", "/people?r=2&f=4")
    assert picture.option["series"][1]["data"][0]["value"][:2] == [3, 3]
    assert ("181–365", "5–9", 507, 100) in picture.table.rows


def test_money_without_a_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="currency"):
        rfm_heat_map([], measure="monetary", **BANDS)


def test_money_is_drawn_in_whole_units_and_listed_in_minor_ones() -> None:
    picture = bucket_bars([{"month": "2024-03-01", "gained_minor": 1250}], money=YUAN)
    assert (picture.option["series"][0]["data"][0]["value"], picture.table.rows[0][1]) == (12.5, 1250)
    assert bucket_bars([{"month": "2024-03-01", "gained_minor": 1250}], money=Currency("JPY", 1)).option["series"][0][
        "data"
    ][0] == {"value": 1250.0}


@settings(max_examples=40, deadline=None)
@given(rows=streams)
def test_streams_leave_and_reach_nodes_that_are_drawn(rows: list[dict[str, object]]) -> None:
    series = group_flow(rows).option["series"][0]
    drawn = {node["name"] for node in series["data"]}
    assert len(drawn) == len(series["data"])
    assert {end for link in series["links"] for end in (link["source"], link["target"])} == drawn
    assert sum(link["value"] for link in series["links"]) == sum(row["customers"] for row in rows)
    # a stream from a node to itself would be a circle, which this picture cannot draw
    assert all(link["source"] != link["target"] for link in series["links"])


@pytest.mark.parametrize(
    ("earlier", "later", "way", "colour"),
    [
        ("new", "promising", "up", "token:accent"),
        ("arrived", "new", "up", "token:accent"),
        ("champions", "loyal", "down", "token:sand-2"),
        ("new", "gone", "down", "token:sand-2"),
        ("asleep", "asleep", "same", "token:line-2"),
    ],
)
def test_up_is_jade_down_is_sand_unchanged_is_grey(earlier: str, later: str, way: str, colour: str) -> None:
    [link] = group_flow([{"from_group": earlier, "to_group": later, "customers": 1}]).option["series"][0]["links"]
    assert (link["direction"], link["lineStyle"]["color"]) == (way, colour)


@settings(max_examples=40, deadline=None)
@given(found=sets)
def test_overlaps_are_the_largest_twelve_and_the_table_has_all(
    found: tuple[dict[str, int], dict[frozenset[str], int]],
) -> None:
    sizes, overlaps = found
    picture = segment_overlap(sizes, list(overlaps.items()))
    columns = [bar["value"] for bar in picture.option["series"][0]["data"]]
    assert columns == sorted(overlaps.values(), reverse=True)[:12]
    assert sorted(count for _, count in picture.table.rows) == sorted(overlaps.values())


def test_the_chosen_segment_and_its_overlaps_are_jade() -> None:
    picture = segment_overlap(
        {"coats": 5, "tea": 4}, [(frozenset({"tea"}), 2), (frozenset({"coats", "tea"}), 1)], chosen="coats"
    )
    bars, rows = picture.option["series"][0]["data"], picture.option["series"][-1]["data"]
    assert [bar["itemStyle"]["color"] for bar in bars] == ["token:sand-2", "token:accent"]
    assert [row["itemStyle"]["color"] for row in rows] == ["token:accent", "token:sand-2"]


def test_the_curve_carries_band_threshold_and_hold_out() -> None:
    days = [
        {"day": "2024-03-06", "rate": 0.02, "low": 0.01, "high": 0.04, "hold_out": 0.005},
        {"day": "2024-03-07", "rate": None, "low": None, "high": None, "hold_out": None},
    ]
    words = {"rate": "Test", "hold_out": "Hold-out", "threshold": "Threshold", "2024-03-06": "6 Mar"}
    option = response_curve(days, threshold=0.03, words=words).option
    low, width, test, held = option["series"]
    assert (low["data"], width["data"]) == ([0.01, None], [pytest.approx(0.03), None])
    assert test["markLine"]["data"] == [{"yAxis": 0.03}]
    assert test["markLine"]["label"]["formatter"] == "Threshold 3.0%"
    assert (test["endLabel"]["formatter"], held["endLabel"]["formatter"]) == ("Test 2.0%", "Hold-out 0.5%")
    assert (option["xAxis"]["data"], held["lineStyle"]["type"]) == (["6 Mar", "2024-03-07"], [4, 4])
    assert "markLine" not in response_curve(days).option["series"][2]


@pytest.mark.parametrize("module", [name for _, name, _ in pkgutil.iter_modules(regulars.charts.__path__)])
def test_examples_in_the_text_hold(module: str) -> None:
    assert doctest.testmod(importlib.import_module(f"regulars.charts.{module}")).failed == 0
