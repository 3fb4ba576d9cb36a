"""Somebody who may open files opens too many of them (attack 25), and what she tries against being stopped."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connections, transaction
from django.utils import timezone

from regulars.journeys.answer_alarm import answer_alarm, reading_findings
from regulars.records.access_log import patience
from regulars.records.access_log.actions import note_access
from regulars.records.access_log.alarms import open_alarms, readers_now
from regulars.records.access_log.models import AccessEntry, PrivacyEntry, ReadingHour
from regulars.records.access_log.readings import Passage, pass_counted
from regulars.records.customers.access import find_customers, open_customer
from regulars.records.customers.recognising import recognise_customers
from regulars.records.watched.models import ReaderWait
from regulars.rules.identity.marks import Told
from regulars.rules.identity.typed import read_typed
from regulars.rules.noticing.normal import GUESS_WEIGHS, ROLES
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, EMIL, MIA, ann, asking
from tests.desks.api.programs import program
from tests.desks.visitors import signed_in
from tests.story import findable, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
NOW = timezone.now().replace(minute=10)
AT_WORK = replace(DORA, staff_id=7)


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long she was held back, without waiting for it."""
    held: list[float] = []
    monkeypatch.setattr(time, "sleep", held.append)
    return held


def opens(customers: range, by: Asker = AT_WORK, at: Any = NOW) -> int:
    """How many of these files were handed out before she was stopped."""
    for n, customer in enumerate(customers):
        try:
            pass_counted(by, Passage("open_customer", "serving", 1, customer), at=at)
        except Denied as error:
            assert error.code == "reading_stopped"
            return n
    return len(customers)


def test_25_five_hundred_files_an_hour_are_slowed_stopped_and_told(slept: list[float]) -> None:
    assert opens(range(1, 501)) == 120
    assert len(slept) == 60 and slept == sorted(slept)
    assert {(one.kind, one.name) for one in open_alarms()} == {("slow", "Dora"), ("stop", "Dora")}
    assert AccessEntry.objects.filter(allowed=True).count() == 120
    assert PrivacyEntry.objects.filter(deed="reading", allowed=False).count() == 2


def test_25_what_is_usual_is_learned_from_her_own_hours_of_the_last_eight_weeks() -> None:
    """Forty files at this hour of the week, four weeks in a row: a hundred are usual then. A colleague's, or her own of
    long ago, are not."""
    for who, first in (("staff 7", 1), ("staff 8", 9)):
        for weeks in range(first, first + 4):
            hour = NOW.replace(minute=0, second=0, microsecond=0) - timedelta(weeks=weeks)
            told = {"who": who, "name": "x", "role": "service", "view": "standard", "hour": hour, "rows": 0, "seen": []}
            bounds = {"slow_files": 60, "slow_rows": 9_000, "stop_files": 120, "stop_rows": 18_000, "stopped": False}
            ReadingHour.objects.create(files=40, **told, **bounds)
    assert opens(range(1, 501)) == 200
    assert opens(range(1, 501), by=replace(DORA, staff_id=8)) == 120
    assert opens(range(1, 501), by=replace(DORA, staff_id=9)) == 120


def tries(ask: Callable[[str], object], *, by_whom: str, told: Callable[[int], str], bound: int = 600) -> int:
    """How many of these she asks before she is noticed, were her bound so low."""
    ask("Ann")
    ReadingHour.objects.filter(who=by_whom).update(slow_rows=bound, stop_rows=2 * bound)
    for n in range(200):
        ask(told(n))
        if open_alarms():
            return n + 1
    return 0


@pytest.mark.parametrize("told", ["139000{:05}", "139000{:04}", "x{}@example.com", "Ann 139000{:05}"])
def test_25_who_tries_numbers_one_by_one_is_noticed_though_they_are_nobodys(told: str) -> None:
    """By name she finds whom she likes, line by line, and each line counts; of numbers nobody bears no line comes.
    With a digit missing, one stands for a hundred."""
    findable(ann())

    def recognise(text: str) -> None:
        recognise_customers(read_typed(text), by=AT_WORK, because="call")

    assert 0 < tries(recognise, by_whom="staff 7", told=told.format) <= 600 // 12 + 1
    assert AccessEntry.objects.filter(door="recognise_customers").count() >= 10, "and each stands in the log"


def test_25_so_is_she_by_the_search() -> None:
    findable(ann())

    def search(text: str) -> None:
        find_customers(text, by=AT_WORK, because="call")

    assert 0 < tries(search, by_whom="staff 7", told="139000{:05}".format) <= 600 // 12 + 1


def test_25_a_number_of_somebodys_beside_them_hides_none_and_a_thousand_are_many() -> None:
    who = ann()
    findable(who)

    def recognise(text: str) -> None:
        numbers = ("+15550100001", *(f"+8613900{text}{n}" for n in range(9)))
        recognise_customers(Told(phones=numbers), by=AT_WORK, because="call")

    assert 0 < tries(recognise, by_whom="staff 7", told="{:05}".format) <= 6
    assert max(ROLES[role].floor.rows for role in ("service", "officer", "steward")) < 1_000 * GUESS_WEIGHS


def test_25_names_that_find_nobody_and_numbers_that_are_somebodys_are_no_guesses() -> None:
    who = ann()
    findable(who)
    for text in ("Nobody Atall", "Ann Archer", "ann@example.com", who.number):
        find_customers(text, by=AT_WORK, because="call")
        recognise_customers(read_typed(text), by=AT_WORK, because="call")
    assert ReadingHour.objects.get().rows == sum(AccessEntry.objects.values_list("rows", flat=True))


def test_25_at_the_door_itself_nothing_is_handed_out_and_the_refusal_is_logged() -> None:
    who = ann()
    opens(range(10**6, 10**6 + 200), by=DORA, at=timezone.now())
    with pytest.raises(Denied, match="reading_stopped"):
        open_customer(who.number, by=DORA, because="serving")
    last = AccessEntry.objects.latest("id")
    assert (last.allowed, last.rows, last.customer_id) == (False, 0, who.id)


def test_25_opening_one_file_again_and_again_is_one_file() -> None:
    for _ in range(5):
        assert opens(range(1, 51)) == 50
    assert ReadingHour.objects.get().files == 50


def test_25_neither_another_seat_nor_another_process_nor_a_rollback_begins_anew() -> None:
    def some(first: int) -> int:
        try:
            return opens(range(first, first + 40))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as crowd:
        assert sum(crowd.map(some, (0, 100, 200, 300))) == 120
    other_seat = replace(asking("Dora", "marketer"), staff_id=7)
    with transaction.atomic():
        assert opens(range(900, 901), by=other_seat) == 0
        transaction.set_rollback(True)
    assert opens(range(950, 951)) == 0


def test_25_the_next_hour_does_not_open_the_door_again() -> None:
    opens(range(1, 200))
    assert opens(range(1, 200), at=NOW + timedelta(hours=1)) == 0
    assert opens(range(1, 200), at=NOW + timedelta(days=3)) == 0


def test_25_whose_files_they_were_is_forgotten_with_the_hour() -> None:
    opens(range(1, 20))
    opens(range(1, 3), at=NOW + timedelta(hours=1))
    assert ReadingHour.objects.get(hour__lt=NOW).seen == []


def test_25_a_list_that_is_too_long_is_not_handed_out_at_all() -> None:
    with pytest.raises(Denied, match="reading_stopped"):
        note_access(DORA, door="people_where", because="serving", rows=20_001)
    assert [one.kind for one in open_alarms()] == ["stop"]


def test_25_house_jobs_and_counts_are_not_readings() -> None:
    house = Asker("night shift", "house", "warehouse", "refresh")
    note_access(house, door="fill_warehouse", because="warehouse refresh", rows=10**6)
    note_access(MIA, door="prepare_campaign", because="audience", rows=10**6)
    assert not open_alarms()


def test_25_released_with_a_reason_by_the_officer_she_may_go_on_for_as_much_again() -> None:
    at = timezone.now()
    opens(range(1, 200), at=at)
    stop = next(one for one in open_alarms() if one.kind == "stop")
    for by, because, refused in ((MIA, "she asked me", Denied), (EMIL, " ok ", BadInput)):
        with pytest.raises(refused):
            answer_alarm(stop.id, by=by, because=because, at=at)
    answer_alarm(stop.id, by=EMIL, because="stock-taking at the lake shop", at=at)
    assert open_alarms() == []
    assert opens(range(1_000, 2_000), at=at) == 120
    with pytest.raises(NotThere):
        answer_alarm(stop.id, by=EMIL, because="once more please", at=at)


def test_27_the_officer_does_not_release_himself() -> None:
    emil = replace(EMIL, staff_id=9)
    opens(range(1, 200), by=emil)
    stop = next(one for one in open_alarms() if one.kind == "stop")
    with pytest.raises(Denied, match="not_about_oneself"):
        answer_alarm(stop.id, by=emil, because="I know what I do", at=NOW)
    answer_alarm(stop.id, by=asking("Second Officer", "officer", staff_id=10), because="audit week", at=NOW)


def test_25_the_check_names_her_until_it_is_answered(administrator_connection: Any) -> None:
    opens(range(1, 200))
    found = {finding.code for finding in reading_findings(administrator_connection, {})}
    assert found == {"reading_stopped", "reading_slowed"}


def test_25_the_office_shows_her_and_releases_her_and_she_reads_a_sentence() -> None:
    at = shop()
    wanqing(at)
    dora = signed_in("dora")
    assert dora.get("/customers/C-20418/").status_code == 200
    opens(range(10**6, 10**6 + 200), by=replace(DORA, staff_id=at.dora), at=timezone.now())
    refused = dora.get("/customers/C-20418/")
    assert refused.status_code == 403
    assert "more than is usual" in refused.content.decode()
    emil = signed_in("emil")
    page = emil.get("/privacy/readings/").content.decode()
    assert "Dora" in page and "120" in page
    stop = next(one for one in open_alarms() if one.kind == "stop")
    assert signed_in("mia").post(f"/privacy/readings/{stop.id}/", {"because": "for fun"}).status_code == 403
    assert emil.post(f"/privacy/readings/{stop.id}/", {"because": "x"}).status_code == 422
    assert emil.post(f"/privacy/readings/{stop.id}/", {"because": "stock-taking"}).status_code == 302
    assert dora.get("/customers/C-20418/").status_code == 200
    assert readers_now(by=EMIL, at=timezone.now())[0].files > 100


def test_25_on_the_web_nobodys_thread_waits_with_her(slept: list[float]) -> None:
    at = shop()
    wanqing(at)
    opens(range(10**6, 10**6 + 110), by=replace(DORA, staff_id=at.dora), at=timezone.now())
    slept.clear()
    dora, moment = signed_in("dora"), timezone.now()
    assert dora.get("/customers/C-20418/").status_code == 200
    early = dora.get("/customers/C-20418/")
    assert (early.status_code, slept) == (429, [])
    assert early.headers["Retry-After"] == early.headers["Refresh"]
    assert 1 <= int(early.headers["Retry-After"]) <= 3
    assert "more than is usual" in early.content.decode()
    assert signed_in("emil").get("/customers/C-20418/").status_code == 200
    assert AccessEntry.objects.filter(allowed=True, at__gte=moment, who="Dora", door="open_customer").count() == 1
    ReaderWait.objects.update(until=timezone.now())
    assert dora.get("/customers/C-20418/").status_code == 200


def test_25_another_process_knows_at_once_that_she_must_wait() -> None:
    """Whoever is slowed down by one process finds no quicker one: the wait is in the database, not in a memory."""
    at = shop()
    wanqing(at)
    ReaderWait.objects.create(who=f"staff {at.dora}", until=timezone.now() + timedelta(seconds=2))
    dora = signed_in("dora")
    assert [dora.get("/customers/C-20418/").status_code for _ in range(2)] == [429, 429]
    assert not AccessEntry.objects.filter(allowed=True, who="Dora", door="open_customer").exists()
    ReaderWait.objects.update(until=timezone.now())
    assert dora.get("/customers/C-20418/").status_code == 200


def test_25_who_need_not_wait_is_asked_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    at = shop()
    wanqing(at)
    ReaderWait.objects.create(who=f"staff {at.dora}", until=timezone.now() - timedelta(seconds=1))
    dora = signed_in("dora")
    assert dora.get("/customers/C-20418/").status_code == 200
    asked: list[object] = []
    monkeypatch.setattr(patience, "ask_one", lambda *question: asked.append(question))
    assert dora.get("/customers/C-20418/").status_code == 200
    assert asked == []


def test_25_a_program_is_told_when_to_come_again() -> None:
    at = shop()
    wanqing(at)
    asks = program("service")
    by = Asker("program", "service", "standard", "service")
    assert asks.get("/customers/C-20418", because="serving").status == 200
    who = ReadingHour.objects.get()
    opens(range(10**6, 10**6 + 109), by=replace(by, name=who.name), at=timezone.now())
    assert asks.get("/customers/C-20418", because="serving").status == 200
    early = asks.get("/customers/C-20418", because="serving")
    assert (early.status, early.code()) == (429, "reading_slowed")
    assert int(early.headers["Retry-After"]) >= 1


PRIVILEGED = (
    "SELECT count(*) FROM personal.customer",
    "SELECT value FROM vault.contact_point",
    "SELECT seen FROM vault.reading_hour",
    "SELECT * FROM personal.reading_alarm",
)


@pytest.mark.parametrize("question", PRIVILEGED)
def test_24_the_counters_login_has_no_way_to_list_what_the_personal_view_shows(question: str) -> None:
    ann()
    with connections[DORA.view].cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute(question)


def test_24_the_counters_login_lists_customers_without_a_way_to_reach_them() -> None:
    ann()
    with connections[DORA.view].cursor() as cursor:
        cursor.execute("SELECT count(*), count(value) FROM contact_point")
        assert cursor.fetchone() == (3, 0)
