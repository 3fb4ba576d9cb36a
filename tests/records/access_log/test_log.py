"""Who looked, through which view, why, at how many: kept whatever happens, read by the privacy officer alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connections, transaction

from regulars.records.access_log.access import changes_of, read_log, who_saw
from regulars.records.access_log.actions import note_access, note_change, note_denial
from regulars.records.access_log.checks import checks_since, keep_check, last_check
from regulars.records.access_log.models import AccessEntry, ChangeEntry
from regulars.records.access_log.search import LogSearch, denials_since, search_log
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.drift import Finding, HouseReport
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, asking, bob

pytestmark = pytest.mark.usefixtures("house")
HOUR = timedelta(hours=1)


@pytest.fixture
def busy_morning() -> int:
    """Dora opened Ann's file about a case, Mia listed forty people, Sten was refused; Ann's id."""
    who = ann()
    note_access(asking("Dora", "service", reference="K-118"), door="open_customer", because="at the counter", rows=1,
                customer_id=who.id)  # fmt: skip
    note_access(MIA, door="people_where", because="spring list", rows=40)
    note_denial(STEN, door="open_customer", because="curious", customer_id=who.id)
    return who.id


def test_a_line_says_who_through_what_why_and_how_many(busy_morning: int) -> None:
    line = read_log(by=EMIL)[-1]
    assert (line.who, line.role, line.view, line.purpose) == ("Dora", "service", "standard", "service")
    assert (line.door, line.because, line.reference) == ("open_customer", "at the counter", "K-118")
    assert (line.customer_id, line.rows, line.allowed) == (busy_morning, 1, True)


def test_the_newest_comes_first(busy_morning: int) -> None:
    assert [line.who for line in read_log(by=EMIL)] == ["Sten", "Mia", "Dora"]
    assert [line.who for line in read_log(by=EMIL, limit=1)] == ["Sten"]
    newest = read_log(by=EMIL, limit=1)[0]
    assert [line.who for line in read_log(by=EMIL, before=newest.at)] == ["Mia", "Dora"]


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        ({"text": "mia"}, ["Mia"]), ({"text": "spring"}, ["Mia"]), ({"text": "people_where"}, ["Mia"]),
        ({"text": "marketing"}, ["Mia"]), ({"text": "%"}, []), ({"only_denied": True}, ["Sten"]),
    ],
)  # fmt: skip
def test_lines_are_found_by_what_they_say(busy_morning: int, asked: dict[str, object], who: list[str]) -> None:
    assert [line.who for line in read_log(by=EMIL, **asked)] == who  # type: ignore[arg-type]


def test_who_saw_anns_file(busy_morning: int) -> None:
    assert [line.who for line in who_saw(busy_morning, by=EMIL)] == ["Sten", "Dora"]
    assert [line.who for line in read_log(by=EMIL, customer_id=busy_morning)] == ["Sten", "Dora"]


@pytest.mark.parametrize(
    ("wanted", "who"),
    [
        (LogSearch(), ["Sten", "Mia", "Dora"]), (LogSearch(text="k-118"), ["Dora"]),
        (LogSearch(view="marketing"), ["Mia"]), (LogSearch(role="steward"), ["Sten"]),
        (LogSearch(allowed=False), ["Sten"]), (LogSearch(allowed=True), ["Mia", "Dora"]),
        (LogSearch(until=NOON), []), (LogSearch(since=NOON), ["Sten", "Mia", "Dora"]), (LogSearch(text="nothing"), []),
    ],
)  # fmt: skip
def test_the_officers_search(busy_morning: int, wanted: LogSearch, who: list[str]) -> None:
    page = search_log(wanted, by=EMIL)
    assert [line.who for line in page.lines] == who
    assert (page.total, page.first) == (len(who), 1 if who else 0)


def test_it_is_read_page_by_page(busy_morning: int) -> None:
    second = search_log(LogSearch(), by=EMIL, page=2, size=2)
    assert ([line.who for line in second.lines], second.first, second.total) == (["Dora"], 3, 3)
    assert search_log(LogSearch(customer_id=busy_morning), by=EMIL).total == 2


def test_denials_are_counted_since_a_moment(busy_morning: int) -> None:
    latest = AccessEntry.objects.latest("id").at
    assert denials_since(latest - HOUR, by=EMIL) == 1
    assert denials_since(latest + HOUR, by=EMIL) == 0


def test_a_change_says_what_it_was_before() -> None:
    who = ann()
    note_change(DORA, door="hand_task", subject="task", field="owner", old=None, new=7, customer_id=who.id)
    [line] = changes_of(who.id, by=EMIL)
    assert (line.who, line.door, line.subject, line.field, line.old, line.new) == (
        "Dora", "hand_task", "task", "owner", None, "7",
    )  # fmt: skip
    assert changes_of(bob().id, by=EMIL) == []


DOORS: tuple[Callable[[Asker], object], ...] = (
    lambda by: read_log(by=by), lambda by: who_saw(1, by=by), lambda by: changes_of(1, by=by),
    lambda by: search_log(LogSearch(), by=by), lambda by: last_check(by=by), lambda by: checks_since(NOON, by=by),
)  # fmt: skip


@pytest.mark.parametrize("by", [DORA, MIA, STEN], ids=lambda by: by.role)
@pytest.mark.parametrize("door", DOORS)
def test_nobody_but_the_officer_reads_it(door: Callable[[Asker], object], by: Asker) -> None:
    with pytest.raises(Denied, match="log_is_for_the_officer"):
        door(by)
    assert door(EMIL) is not None or door is DOORS[4]


def test_a_line_stands_even_when_the_work_is_undone_and_a_change_does_not() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note_access(DORA, door="open_customer", because="test", rows=1)
        note_change(DORA, door="x", subject="task", field="state", old=None, new="open", customer_id=None)
        raise ZeroDivisionError
    assert AccessEntry.objects.count() == 1
    assert ChangeEntry.objects.count() == 0


@pytest.mark.parametrize("statement", ["SELECT * FROM access_entry", "DELETE FROM access_entry",
                                       "UPDATE access_entry SET who = 'Emil'", "TRUNCATE access_entry"])  # fmt: skip
def test_the_login_that_writes_the_log_can_do_nothing_else(busy_morning: int, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), connections["log"].cursor() as cursor:
        cursor.execute(statement)
    connections["log"].close()
    assert AccessEntry.objects.count() == 3


@pytest.mark.parametrize("table", ["access_entry", "change_entry"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET who = 'Emil'"])
def test_nor_can_the_writer_alter_the_books(busy_morning: int, statement: str, table: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), connections["default"].cursor() as cursor:
        cursor.execute(statement.format(table))


def test_the_last_check_is_read_as_it_was_kept() -> None:
    assert last_check(by=EMIL) is None
    keep_check(HouseReport((), {"views": 3}, (), 0.25), asked_by="night shift", at=NOON - HOUR)
    found = HouseReport((Finding("view_missing", "standard.customer", "there"),), {"views": 2}, ("wal",), 0.5)
    assert keep_check(found, asked_by="Emil", at=NOON) == last_check(by=EMIL)
    assert checks_since(NOON - 2 * HOUR, by=EMIL) == {NOON: 1, NOON - HOUR: 0}
    assert checks_since(NOON, by=EMIL) == {NOON: 1}
