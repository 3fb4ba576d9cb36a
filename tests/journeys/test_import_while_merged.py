"""A file is being read while two of whom it tells become one, or two again: every line finds whom it is about."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from regulars.connections.files import delimited
from regulars.journeys import run_import
from regulars.journeys.merge_customers import gather_late
from regulars.records.customers.models import Customer, CustomerRef
from regulars.records.orders.models import CustomerActivity, OrderLine
from tests.cast import NOON
from tests.journeys.order_files import bring, open_shop, order_rows, write_rows
from tests.merging import merge, unmerge

pytestmark = pytest.mark.usefixtures("house")
INTO, GOES = "M0001", "M0003"
PEOPLE = ("customer_no", "name", "phone", "city")


@pytest.fixture(autouse=True)
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_import, "ROWS_PER_CHUNK", 200)
    monkeypatch.setattr(delimited, "BLOCK", 12_000)
    open_shop()


def who(ref: str) -> Customer:
    return CustomerRef.objects.select_related("customer").get(ref=ref).customer


def halfway(happens: Callable[[], object], *, after: int = 400) -> Callable[[run_import.Progress], None]:
    """Called with how far an import is, lets that happen once."""
    waiting = [happens]

    def watch(progress: run_import.Progress) -> None:
        if progress.rows_read >= after and waiting:
            waiting.pop()()

    return watch


def lines_in(*files: list[list[object]]) -> Counter[str]:
    """Reference → how many lines the files have of it."""
    return Counter(str(row[2]) for rows in files for row in rows)


def lines_of(one: Customer) -> int:
    """How many lines are hers, by the lines and by her totals."""
    held = OrderLine.objects.filter(customer_id=one.id).count()
    totals = CustomerActivity.objects.filter(customer_id=one.id).values_list("lines", flat=True).first() or 0
    assert held == totals
    return held


def test_whoever_is_merged_while_a_file_is_read_has_her_lines_again_when_undone(tmp_path: Path) -> None:
    """Both are the same source's: only the reference of a line says whose it is."""
    first, then = (
        order_rows(400, customers=5),
        [[f"N{row[0]}", *row[1:]] for row in order_rows(60, seed=2, customers=5)],
    )
    two: list[Customer] = []

    def become_one() -> None:
        two.extend((who(INTO), who(GOES)))
        merge(two[1], two[0])

    bring(write_rows(tmp_path / "first.csv", first), progress=halfway(become_one))
    into, goes = two
    told = lines_in(first)
    assert (lines_of(into), lines_of(goes)) == (told[INTO] + told[GOES], 0)
    assert gather_late(at=NOON) == 0
    bring(write_rows(tmp_path / "then.csv", then))
    told = lines_in(first, then)
    assert lines_of(into) == told[INTO] + told[GOES]
    unmerge(goes)
    assert (lines_of(into), lines_of(goes)) == (told[INTO], told[GOES])
    bring(write_rows(tmp_path / "again.csv", then))
    assert (lines_of(into), lines_of(goes)) == (told[INTO], told[GOES])


def test_whoever_is_two_again_while_a_file_is_read_gets_her_own_lines(tmp_path: Path) -> None:
    before, rows = (
        order_rows(20, seed=2, customers=5),
        [[f"N{row[0]}", *row[1:]] for row in order_rows(400, customers=5)],
    )
    bring(write_rows(tmp_path / "before.csv", before))
    into, goes = who(INTO), who(GOES)
    merge(goes, into)
    bring(write_rows(tmp_path / "rows.csv", rows), progress=halfway(lambda: unmerge(goes)))
    told = lines_in(before, rows)
    assert (lines_of(into), lines_of(goes)) == (told[INTO], told[GOES])


def test_of_several_merges_each_gives_back_her_own_lines(tmp_path: Path) -> None:
    rows = order_rows(60, customers=5)
    bring(write_rows(tmp_path / "rows.csv", rows))
    people = {ref: who(ref) for ref in ("M0001", "M0002", "M0003")}
    merge(people["M0001"], people["M0002"]), merge(people["M0002"], people["M0003"])
    more = [[f"N{row[0]}", *row[1:]] for row in order_rows(60, seed=2, customers=5)]
    bring(write_rows(tmp_path / "more.csv", more))
    unmerge(people["M0002"]), unmerge(people["M0001"])
    assert {ref: lines_of(one) for ref, one in people.items()} == {ref: lines_in(rows, more)[ref] for ref in people}


def test_what_a_file_tells_of_who_is_merged_meanwhile_is_told_to_who_stays(tmp_path: Path) -> None:
    rows = [[f"P{n}", f"Zoë Quist{chr(97 + n % 26)}", f"+41446680{n:03}", "Genf"] for n in range(900)]
    bring(write_rows(tmp_path / "one.csv", [rows[0], rows[-1]], PEOPLE))
    into, goes = who("P0"), who("P899")
    told = [[*row[:3], "Bern"] for row in rows]
    bring(write_rows(tmp_path / "two.csv", told, PEOPLE), progress=halfway(lambda: merge(goes, into)))
    assert Customer.objects.get(id=into.id).city == "Bern"
    assert not Customer.objects.filter(name="", erased_at__isnull=True).exists()
