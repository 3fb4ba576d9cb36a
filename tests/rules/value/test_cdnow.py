"""Real purchases, counted by others before us."""

import csv
from datetime import date, datetime
from pathlib import Path

import pytest

from regulars.rules.value import activity, leaky_bucket, purchase_days
from tests.rules.value.shop import Line, relation

DATA = Path(__file__).parents[2] / "data" / "cdnow"
WEEK_39 = date(1997, 9, 30)


def sample(*, free_counts: bool) -> list[Line]:
    """The 6,919 purchases of 2,357 customers. The published counts take free CDs for purchases: so they cost a cent."""
    split = [text.split() for text in (DATA / "CDNOW_sample.txt").read_text().splitlines()]
    return [
        Line(int(who), key, datetime.strptime(day + "Z", "%Y%m%d%z").date(), round(float(paid) * 100) + free_counts)
        for key, (_, who, day, _, paid) in enumerate(split)
    ]


def test_purchase_days_are_those_fader_hardie_and_lee_counted() -> None:
    days = purchase_days(relation(sample(free_counts=True)), at=WEEK_39)
    counted = days.aggregate("customer_id, count(*) - 1, max(bought_on) - min(bought_on), min(bought_on)").fetchall()
    ours = {who: (again, span, (WEEK_39 - first).days) for who, again, span, first in counted}
    published = list(csv.DictReader((DATA / "cdnow_customers_summary.csv").read_text().splitlines()))
    assert len(ours) == len(published) == 2357
    for row in published:
        again, span, age = ours[int(row["ID"])]
        assert again == int(row["frequency"])
        assert (span / 7, age / 7) == pytest.approx((float(row["recency"]), float(row["T"])), abs=0.08)


def test_a_free_cd_is_no_purchase() -> None:
    paid = activity(relation(sample(free_counts=False)), at=date(1998, 6, 30))
    [(customers, orders, cents)] = paid.aggregate("count(*), sum(frequency), sum(monetary)").fetchall()
    lines = sample(free_counts=False)
    assert orders == sum(line.amount_minor > 0 for line in lines) == 6919 - sum(not line.amount_minor for line in lines)
    assert (customers, cents) == (
        len({line.customer_id for line in lines if line.amount_minor > 0}),
        sum(line.amount_minor for line in lines),
    )


def test_cdnow_gained_its_sample_in_the_first_quarter() -> None:
    lines = sample(free_counts=True)
    bucket = leaky_bucket(purchase_days(relation(lines), at=date(1998, 6, 30)), at=date(1998, 6, 30))
    gained = [count for (count,) in bucket.project("gained").fetchall()]
    assert (sum(gained[:3]), gained[3:]) == (2357, [0] * 15)
    assert gained[0] == len({line.customer_id for line in lines if line.ordered_on < date(1997, 2, 1)})
