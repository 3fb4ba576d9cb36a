"""The company's figures land whole; the people behind them are read through the asker's own view."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import Customer
from regulars.records.scores.access import (
    bucket_months,
    count_everybody,
    count_people,
    group_months,
    heat_cells,
    last_refresh,
    list_months,
    people_where,
)
from regulars.records.scores.actions import Figures, ListCounts, begin_refresh, finish_refresh, note_step, put_figures
from regulars.records.scores.models import Refresh
from regulars.records.scores.of_customer import standing_of, states_of
from tests.cast import DORA, MIA, NOON, ann, bob, cleo

pytestmark = pytest.mark.usefixtures("house")
DAY = date(2026, 3, 11)
MARCH = date(2026, 3, 1)
LINE: dict[str, Any] = {
    "recency_days": 29, "frequency": 4, "monetary_minor": 10_000, "r": 5, "f": 3, "m": 2, "rfm_group": "champions",
    "first_on": date(2025, 1, 1), "last_on": date(2026, 2, 10), "rhythm_days": 30.0, "due_on": date(2026, 3, 12),
    "grace_until": date(2026, 3, 30), "state": "inside",
}  # fmt: skip


def figures(*lines: dict[str, Any], day: date = DAY) -> Figures:
    """The figures of a refresh that found these people; months by hand."""
    rows = [LINE | line for line in lines]
    history = pa.table({"month": [MARCH], "group_name": ["champions"], "customers": [len(rows)], "monetary": [7]})
    bucket = pa.table({"month": [MARCH], "inside_end": [3]} | {
        name: [n] for n, name in enumerate(("gained", "kept", "won_back", "lapsed", "gained_minor", "kept_minor",
                                            "won_back_minor", "lapsed_minor"))
    })  # fmt: skip
    standing = pa.Table.from_pylist(rows) if rows else pa.table({name: [] for name in ("customer_id", *LINE)})
    return Figures(day, standing, history, bucket, [ListCounts(MARCH, 9, 4, 2, 3, 500)])


def refreshed(*lines: dict[str, Any]) -> int:
    run = begin_refresh(as_of=DAY, at=NOON)
    note_step(run, "figures", lines=11)
    put_figures(figures(*lines), run=run)
    finish_refresh(run, customers=len(lines), at=NOON)
    return run


@pytest.fixture
def people() -> dict[str, int]:
    """Ann spends most, Bob (who said no) next, Cleo is lapsed."""
    ids = {"ann": ann().id, "bob": bob().id, "cleo": cleo().id}
    refreshed(
        {"customer_id": ids["ann"], "monetary_minor": 30_000},
        {"customer_id": ids["bob"], "monetary_minor": 20_000},
        {"customer_id": ids["cleo"], "r": 1, "rfm_group": "lost", "state": "lapsed", "grace_until": date(2026, 1, 5)},
    )
    return ids


def names(**asked: Any) -> list[str]:
    return [line.name for line in people_where(by=asked.pop("by", MIA), because="test", **asked)[1]]


def test_before_the_first_refresh_there_is_nothing() -> None:
    assert last_refresh() is None
    assert (bucket_months(by=MIA), list_months(by=MIA), group_months(by=MIA), heat_cells(by=MIA)) == ([], [], [], [])


def test_the_figures_are_those_of_the_last_finished_refresh(people: dict[str, int]) -> None:
    last = last_refresh()
    assert last is not None
    assert (last.as_of, last.order_lines, last.customers) == (DAY, 11, 3)
    begin_refresh(as_of=DAY + timedelta(days=1), at=NOON)
    assert last_refresh() == last


def test_a_refresh_that_was_broken_off_is_marked_by_the_next() -> None:
    first = begin_refresh(as_of=DAY, at=NOON)
    begin_refresh(as_of=DAY, at=NOON)
    assert Refresh.objects.get(id=first).state == "broken_off"


def test_months_are_as_they_were_put(people: dict[str, int]) -> None:
    [bucket], [lists], [group] = bucket_months(by=MIA), list_months(by=MIA), group_months(by=MIA)
    assert (bucket.month, bucket.gained, bucket.lapsed_minor, bucket.inside) == (MARCH, 0, 7, 3)
    assert (lists.due, lists.bought, lists.within_grace, lists.lapsed, lists.bought_minor) == (9, 4, 2, 3, 500)
    assert (group.rfm_group, group.customers, group.amount_minor) == ("champions", 3, 7)


def test_the_richest_come_first_and_who_said_no_not_at_all(people: dict[str, int]) -> None:
    assert names() == ["Ann Archer", "Cleo Baker"]
    assert names(by=DORA) == ["Ann Archer", "Bob Baker", "Cleo Baker"]
    assert AccessEntry.objects.latest("id").rows == 3


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"r": 1}, ["Cleo Baker"]), ({"f": 3, "r": 5}, ["Ann Archer"]), ({"group": "lost"}, ["Cleo Baker"]),
        ({"state": "lapsed"}, ["Cleo Baker"]), ({"lapsed_since": date(2026, 1, 5)}, ["Ann Archer", "Cleo Baker"]),
        ({"lapsed_since": date(2026, 1, 6)}, ["Ann Archer"]), ({"limit": 1}, ["Ann Archer"]),
        ({"limit": 1, "offset": 1}, ["Cleo Baker"]), ({"ids": []}, []), ({"state": "asleep"}, []),
    ],
)  # fmt: skip
def test_people_are_found_by_their_figures(people: dict[str, int], asked: dict[str, Any], found: list[str]) -> None:
    assert names(**asked) == found


def test_some_may_be_chosen_from_and_some_left_out(people: dict[str, int]) -> None:
    assert names(ids=[people["ann"], people["bob"]]) == ["Ann Archer"]
    assert names(without=[people["ann"]]) == ["Cleo Baker"]
    assert count_people(by=MIA, without=[people["ann"]]) == 1
    assert count_people(by=MIA, ids=[people["bob"]]) == 0


def test_counts_of_everybody_know_of_those_a_view_leaves_out(people: dict[str, int]) -> None:
    assert (count_everybody(), count_people(by=MIA)) == (3, 2)
    assert (count_everybody(group="lost"), count_everybody(state="inside")) == (1, 2)


def test_cells_of_the_map_are_the_views(people: dict[str, int]) -> None:
    assert {(cell.r, cell.f): (cell.customers, cell.amount_minor) for cell in heat_cells(by=MIA)} == {
        (5, 3): (1, 30_000), (1, 3): (1, 10_000),
    }  # fmt: skip


def test_one_customers_figures_and_those_of_a_list(people: dict[str, int]) -> None:
    opened, _ = open_customer(Customer.objects.get(id=people["cleo"]).number, by=DORA, because="test")
    standing = standing_of(opened)
    assert standing is not None
    assert (standing.rfm_group, standing.state, standing.as_of) == ("lost", "lapsed", DAY)
    assert states_of(people.values(), by=MIA) == {people["ann"]: "inside", people["cleo"]: "lapsed"}
    assert standing_of(replace(opened, id=0)) is None


def test_who_is_not_scored_any_more_is_gone_and_who_changed_is_changed(people: dict[str, int]) -> None:
    refreshed({"customer_id": people["ann"], "state": "lapsed"})
    assert names(by=DORA) == ["Ann Archer"]
    assert names(state="lapsed") == ["Ann Archer"]
    refreshed()
    assert names(by=DORA) == []
