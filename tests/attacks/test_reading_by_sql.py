"""An analyst who carries the whole view away by SQL, or keeps the server busy for ever: counted, stopped, ended."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone
from psycopg import errors

from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.securing import Connection
from regulars.journeys.answer_alarm import answer_alarm
from regulars.journeys.check_house import check_house
from regulars.journeys.give_sql_login import SqlLogin, give_sql_login, revoke_sql_login
from regulars.journeys.report_reach import rights_never_used
from regulars.journeys.watch_sql import Watched, watch_sql
from regulars.records.access_log.alarms import alarms, readers_now
from regulars.records.access_log.models import AccessEntry, PrivacyEntry
from tests.attacks.conftest import Attacker, ask
from tests.cast import EMIL, customer
from tests.desks.visitors import signed_in
from tests.story import shop

pytestmark = pytest.mark.usefixtures("house")
MUCH = "SELECT c.* FROM customer c, generate_series(1, %s) n"
Enter = Callable[[], Attacker]


@pytest.fixture
def lea(standing_house: None) -> Iterator[SqlLogin]:
    """An analyst of the standard view; what was counted before is taken in."""
    login = give_sql_login("lea", view="standard", by=EMIL, at=timezone.now())
    customer("Ann Archer")
    watch_sql(at=timezone.now())
    yield login
    revoke_sql_login(login.role_name, by=EMIL, at=timezone.now())


@pytest.fixture
def enter(lea: SqlLogin) -> Iterator[Enter]:
    """Opens a session of hers."""
    opened: list[Attacker] = []

    def knock() -> Attacker:
        words: dict[str, Any] = Server(settings.HOME).connection_parameters(lea.role_name)
        opened.append(psycopg.connect(**words, password=lea.password, autocommit=True))
        return opened[-1]

    yield knock
    for one in opened:
        one.close()


def test_what_she_reads_stands_in_the_log_and_the_reports(enter: Enter) -> None:
    """Statements and rows since the last look; nothing of what she asked."""
    session = enter()
    session.execute(MUCH, [300]).fetchall()
    assert ask(session, "SELECT count(*) FROM customer") == 1
    assert watch_sql(at=timezone.now()).rows == {"bi_lea": 301}
    entry = AccessEntry.objects.get(door="sql")
    assert (entry.who, entry.role, entry.view, entry.rows, entry.allowed) == (
        "bi_lea",
        "analyst",
        "standard",
        301,
        True,
    )
    assert "customer" not in entry.because
    [reader] = [one for one in readers_now(by=EMIL, at=timezone.now()) if one.name == "bi_lea"]
    assert reader.rows == 301
    assert "bi_lea" not in {one.who for one in rights_never_used(by=EMIL, at=timezone.now())}
    assert watch_sql(at=timezone.now()).rows == {}


WAYS = {
    "copy": lambda session: [list(part) for part in _copied(session)],
    "cursor": lambda session: _by_cursor(session),
    "prepared": lambda session: [session.execute(MUCH, [50], prepare=True).fetchall() for _ in range(4)],
}


def _copied(session: Attacker) -> Iterator[bytes]:
    with session.cursor().copy("COPY (SELECT c.name FROM customer c, generate_series(1, 200) n) TO STDOUT") as out:
        yield from (bytes(part) for part in out)


def _by_cursor(session: Attacker) -> None:
    with session.transaction(), session.cursor(name="slowly") as cursor:
        cursor.execute(MUCH, [200])
        cursor.fetchall()


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_asking_goes_uncounted(enter: Enter, way: str) -> None:
    """COPY, a cursor, a prepared statement: two hundred rows are two hundred rows."""
    WAYS[way](enter())
    assert watch_sql(at=timezone.now()).rows["bi_lea"] >= 200


def test_she_cannot_switch_the_counting_off(enter: Enter) -> None:
    session = enter()
    session.execute("SET default_transaction_read_only = off")
    for attempt in (
        "SET pg_stat_statements.track = 'none'",
        "SET pg_stat_statements.track_utility = off",
        "ALTER ROLE bi_lea SET pg_stat_statements.track = 'none'",
        "ALTER ROLE bi_lea CONNECTION LIMIT 99",
        "CREATE EXTENSION pg_stat_statements",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            session.execute(attempt)
    session.execute("RESET ALL")
    session.execute("DISCARD ALL")
    assert ask(session, "SHOW pg_stat_statements.track") == "top"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**Server(settings.HOME).connection_parameters("bi_lea", "postgres"), password="x")  # type: ignore[arg-type]


def test_who_carries_the_view_away_is_told_of_then_stopped_and_let_in_by_the_officer(
    enter: Enter, lea: SqlLogin, administrator_connection: Connection
) -> None:
    """Beyond the bound the officer hears of it; beyond twice that her sessions end and no new one opens."""
    session = enter()
    session.execute(MUCH, [60_000]).fetchall()
    assert watch_sql(at=timezone.now()).stopped == ()
    assert [(one.name, one.kind) for one in alarms(by=EMIL)] == [("bi_lea", "slow")]
    session.execute(MUCH, [60_000]).fetchall()
    assert watch_sql(at=timezone.now()).stopped == ("bi_lea",)
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        enter()
    assert "connection_limit" not in {one.code for one in check_house(administrator_connection).findings}
    assert PrivacyEntry.objects.filter(deed="reading", allowed=False).count() == 2
    shop()
    assert "bi_lea" in signed_in("emil").get("/privacy/readings/").content.decode()
    [stop] = [one for one in alarms(by=EMIL) if one.kind == "stop"]
    answer_alarm(stop.id, by=EMIL, because="a report for the board", at=timezone.now())
    assert ask(enter(), "SELECT count(*) FROM customer") == 1
    assert check_house(administrator_connection).findings == ()


def test_what_was_read_is_counted_though_the_house_broke_off_counting_it(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How far it has counted is kept only once it stands in the log: broken off, it counts again, never less."""
    enter().execute(MUCH, [300]).fetchall()

    def killed(*_: Any, **__: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr("regulars.journeys.watch_sql.count_afterwards", killed)
        with pytest.raises(SystemExit):
            watch_sql(at=timezone.now())
    assert watch_sql(at=timezone.now()).rows == {"bi_lea": 300}


def test_who_pushes_the_counts_out_with_thousands_of_questions_is_stopped(enter: Enter) -> None:
    """The server counts so many different questions and forgets some for each new one: a flood of them is no work."""
    session = enter()
    session.execute(MUCH, [300]).fetchall()
    lengths = range(1, 103)
    with session.pipeline():
        for ones, twos in product(lengths, lengths):
            session.execute(f"SELECT {', '.join(['1'] * ones + ['1 + 2'] * twos)}", prepare=False)
    assert watch_sql(at=timezone.now()).stopped == ("bi_lea",)
    [stop] = [one for one in alarms(by=EMIL) if one.kind == "stop"]
    answer_alarm(stop.id, by=EMIL, because="a tool of hers ran wild", at=timezone.now())
    enter().execute(MUCH, [40]).fetchall()
    assert watch_sql(at=timezone.now()) == Watched({"bi_lea": 40}, (), ())


def test_23_a_question_without_end_is_ended_though_she_took_the_clock_away(enter: Enter) -> None:
    """A session may set its own time limits to nothing; the house looks every minute, and ends what lasts."""
    session = enter()
    session.execute(
        "SET statement_timeout = 0; SET transaction_timeout = 0; SET idle_in_transaction_session_timeout = 0"
    )
    session.autocommit = False
    session.execute("SELECT name FROM customer")
    time.sleep(1.2)
    watched = watch_sql(at=timezone.now(), lasts_at_most=timedelta(seconds=1))
    assert watched.ended == ("bi_lea",)
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    deed = PrivacyEntry.objects.get(subject="session")
    assert (deed.who, deed.deed, deed.allowed) == ("bi_lea", "reading", False)


def test_who_answers_within_her_time_is_left_alone(enter: Enter) -> None:
    session = enter()
    with session.transaction():
        session.execute("SELECT 1")
        assert watch_sql(at=timezone.now()).ended == ()
    assert ask(session, "SELECT 1") == 1
