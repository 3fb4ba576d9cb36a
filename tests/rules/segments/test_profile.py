"""One row per customer: what the profile says of Ann, Bob, Cleo and 王芳 on a day in March."""

from datetime import date, timedelta

import duckdb
import pytest

from regulars.rules.segments.profile import PROFILE, SCORES, build_profile, scores_of
from regulars.rules.tables import CUSTOMERS
from regulars.rules.value import HOUSE_CUTS, purchase_days, rfm, rhythm

AT = date(2026, 3, 2)
ANN, BOB, CLEO, WANG_FANG = 1, 2, 3, 4


def ago(days: int) -> date:
    return AT - timedelta(days)


# customer, order, branch, day, amount
LINES = [
    *[(ANN, 100 + n, 1, ago(30 * n), 10_000) for n in range(6)],
    (ANN, 100, 2, ago(0), 5_000),
    (ANN, 102, 1, ago(10), -6_000),
    (BOB, 200, 1, ago(700), 8_000),
    (BOB, 201, 1, ago(600), 8_000),
    (CLEO, 300, 2, ago(3), 4_000),
    (CLEO, 301, 2, AT + timedelta(1), 99_000),
    (5, 500, 1, ago(40), 7_000),
    (5, 500, 1, ago(20), -7_000),
]


@pytest.fixture(scope="module")
def profile() -> dict[int, dict[str, object]]:
    con = duckdb.connect()
    columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in CUSTOMERS.types().items() if name != "customer_id")
    customers = con.sql(f"SELECT range AS customer_id, {columns} FROM range(1, 6)")
    con.execute(
        "CREATE TABLE lines"
        " (customer_id BIGINT, order_key BIGINT, branch_id BIGINT, ordered_on DATE, amount_minor BIGINT)"
    )
    con.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?)", LINES)
    lines = con.table("lines")
    scores = scores_of(rfm(lines, at=AT, cuts=HOUSE_CUTS), rhythm(purchase_days(lines, at=AT), at=AT))
    assert scores.columns == SCORES.names()
    table = build_profile(customers, lines, scores, at=AT, margin=0.5)
    assert table.columns == PROFILE.names()
    kinds = {"bigint": "BIGINT", "integer": "INTEGER", "double": "DOUBLE", "date": "DATE", "text": "VARCHAR"}
    assert [str(kind) for kind in table.types] == [kinds[kind] for kind in PROFILE.types().values()]
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.fetchall()}


def test_ann_comes_every_month_and_was_here_today(profile: dict[int, dict[str, object]]) -> None:
    ann = profile[ANN]
    assert (ann["recency_days"], ann["frequency"], ann["monetary_minor"], ann["established_minor"]) == (
        0, 6, 59_000, 29_500,
    )  # fmt: skip
    assert (ann["orders_30d"], ann["orders_90d"], ann["orders_365d"]) == (1, 3, 6)
    assert (ann["amount_90d_minor"], ann["return_share_90d"]) == (29_000, pytest.approx(6_000 / 35_000))
    assert (ann["first_on"], ann["last_on"], ann["last_branch_id"]) == (ago(150), ago(0), 2)
    assert ann["rfm_group"] is not None and ann["r"] == 5


def test_bob_lapsed_long_ago(profile: dict[int, dict[str, object]]) -> None:
    assert (profile[BOB]["state"], profile[BOB]["orders_365d"]) == ("lapsed", 0)
    assert profile[BOB]["return_share_90d"] is None


def test_cleo_is_new_and_tomorrow_is_not_known_yet(profile: dict[int, dict[str, object]]) -> None:
    assert (profile[CLEO]["state"], profile[CLEO]["frequency"], profile[CLEO]["amount_90d_minor"]) == ("new", 1, 4_000)


def test_wang_fang_has_not_bought_yet_and_has_a_row_all_the_same(profile: dict[int, dict[str, object]]) -> None:
    wang_fang = profile[WANG_FANG]
    assert (wang_fang["frequency"], wang_fang["monetary_minor"], wang_fang["orders_365d"]) == (0, 0, 0)
    assert (wang_fang["state"], wang_fang["recency_days"], wang_fang["last_branch_id"]) == (None, None, None)


def test_who_brought_everything_back_has_bought_nothing(profile: dict[int, dict[str, object]]) -> None:
    assert (profile[5]["frequency"], profile[5]["first_on"], profile[5]["return_share_90d"]) == (0, None, 1.0)
