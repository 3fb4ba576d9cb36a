"""Two ways to the same running totals: counted in memory while lines come in, and asked of the vault."""

from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.journeys import bought_in_run
from regulars.records.customers.models import Customer
from regulars.records.orders.actions import recount
from tests.journeys.order_files import bring, open_shop, order_rows, write_rows


def totals() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM customer_activity ORDER BY customer_id")
        return list(cursor.fetchall())


@pytest.mark.usefixtures("house")
def test_totals_from_memory_are_those_the_vault_counts(tmp_path: Path) -> None:
    open_shop()
    rows = order_rows(400, customers=60)
    for row in rows[::7]:
        row[8] = ""
    bring(write_rows(tmp_path / "receipts.csv", rows))
    from_memory = totals()
    assert len(from_memory) == Customer.objects.count()
    recount(np.array(Customer.objects.values_list("id", flat=True)))
    assert totals() == from_memory


@pytest.mark.usefixtures("house")
def test_more_orders_than_memory_holds_are_counted_by_the_vault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_shop()
    rows = order_rows(100)
    bring(write_rows(tmp_path / "receipts.csv", rows), "held")
    held = [line[1:] for line in totals()]
    monkeypatch.setattr(bought_in_run, "ORDERS_HELD", 10)
    bring(write_rows(tmp_path / "again.csv", rows), "asked")
    assert [line[1:] for line in totals()] == [*held, *held]


@given(st.lists(st.lists(st.integers(0, 300_000), max_size=30), max_size=6))
@settings(max_examples=40)
def test_flagged_customers_are_a_set(pieces: list[list[int]]) -> None:
    flagged, oracle = bought_in_run.Flagged(), set()
    for piece in pieces:
        assert flagged.add(np.array(piece, np.int64)) == len(set(piece) - oracle)
        oracle |= set(piece)
    assert flagged.ids().tolist() == sorted(oracle)
    assert flagged.has(np.array([0, 7, 299_999])).tolist() == [n in oracle for n in (0, 7, 299_999)]
