"""What happens in the background: each task is one call into a journey.

A job that fails because the database was away is tried again; one whose worker was killed is found by the sweep and
done again. Every journey called here can therefore be called twice.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Final

import procrastinate
import psycopg
from django.db import OperationalError, connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.job_context import JobContext
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker

from regulars.journeys.act_on_events import act_on_events
from regulars.journeys.ask_night_shift import REFRESH, SEND, refresh_as_asked, send_as_asked
from regulars.journeys.ask_to_match import MATCH, match_as_asked, match_by_night
from regulars.journeys.bring_ties import TIES, carry_on_ties
from regulars.journeys.carry_on_campaigns import carry_on_campaigns
from regulars.journeys.close_batch import close_batches
from regulars.journeys.draw_tables import fetch_due
from regulars.journeys.keep_quality import count_by_night
from regulars.journeys.prepare_house import MARK, mark_customers_of_before
from regulars.journeys.run_import import NIGHT_SHIFT, run_import
from regulars.journeys.send_checkpoint import send_checkpoints
from regulars.journeys.tell_alarms import tell_alarms
from regulars.journeys.tell_people import tell_people
from regulars.journeys.watch_sql import watch_sql
from regulars.journeys.work_at_night import check_by_night, count_anew, draw_new_keys, forget_ended_sessions
from regulars.records.company.access import now
from regulars.records.events.waiting import sources_waiting

AGAIN_WHEN_AWAY: Final = procrastinate.RetryStrategy(
    max_attempts=8, exponential_wait=2, retry_exceptions=(OperationalError, psycopg.OperationalError)
)
STALLED_SECONDS: Final = 60.0
_WAIT_AT_MOST: Final = 30.0
LINGER: Final = 0.6
PAUSE: Final = 0.1
log = logging.getLogger("regulars.night_shift")


@app.task(name="import_file", queue="imports", retry=AGAIN_WHEN_AWAY)
def import_file(import_run_id: int) -> None:
    """The file is brought in, from where an earlier attempt left off."""
    run_import(import_run_id, at=now())


@app.task(name=TIES, queue="imports", retry=AGAIN_WHEN_AWAY)
def take_in_ties(file: int) -> None:
    """A file of ties is tried or taken in, from where an earlier attempt left off."""
    carry_on_ties(file, at=now())


@app.task(name=REFRESH, queue="figures", retry=AGAIN_WHEN_AWAY)
def refresh_figures(as_of: int) -> None:
    """Scores, lists, bucket and segments are right for the end of that day (its ordinal)."""
    refresh_as_asked(as_of, now=now)


@app.task(name=SEND, queue="post", retry=AGAIN_WHEN_AWAY)
def send_campaign(campaign_id: int) -> None:
    """Whatever waits of the campaign is sent, each asked about again in that second; nothing is sent twice."""
    send_as_asked(campaign_id, now=now)


@app.periodic(cron="10 1 * * *")
@app.task(
    name="count_anew",
    queue="figures",
    queueing_lock="count_anew",
    lock=REFRESH,
    retry=AGAIN_WHEN_AWAY,
    pass_context=False,
)
def count_every_night(timestamp: int) -> None:
    """The figures of yesterday are there in the morning."""
    count_anew(at=now())


@app.periodic(cron="40 1 * * *")
@app.task(name="draw_new_keys", queueing_lock="draw_new_keys", retry=AGAIN_WHEN_AWAY, pass_context=False)
def draw_keys_every_night(timestamp: int) -> None:
    """The anonymous view shows everybody under a new key."""
    draw_new_keys()


@app.periodic(cron="50 1 * * *")
@app.task(name="check_house", queueing_lock="check_house", retry=AGAIN_WHEN_AWAY, pass_context=False)
def check_every_night(timestamp: int) -> None:
    """The officer finds in the morning whether dictionary, views, rights and ledger still agree."""
    check_by_night(at=now())


@app.periodic(cron="30 1 * * *")
@app.task(name="count_quality", queue="figures", queueing_lock="count_quality", lock="count_quality",
          retry=AGAIN_WHEN_AWAY, pass_context=False)  # fmt: skip
def count_quality_every_night(timestamp: int) -> None:
    """The data steward finds in the morning how good the data is, and whom to ask again."""
    count_by_night(at=now())


@app.task(name=MARK, queue="figures", retry=AGAIN_WHEN_AWAY)
def mark_customers() -> None:
    """Everybody is marked by the recipe of this version, from where an earlier attempt left off."""
    mark_customers_of_before()


@app.task(name=MATCH, queue="figures", retry=AGAIN_WHEN_AWAY)
def match_customers(run_id: int) -> None:
    """The batch that compares customers is done, from where an earlier attempt left off."""
    match_as_asked(run_id)


@app.periodic(cron="20 2 * * *")
@app.task(name="match_newcomers", queue="figures", queueing_lock="match_newcomers", lock=MATCH, retry=AGAIN_WHEN_AWAY,
          pass_context=False)  # fmt: skip
def match_newcomers_every_night(timestamp: int) -> None:
    """Who may be there twice since yesterday waits in the morning for the steward's eyes."""
    match_by_night()


@app.periodic(cron="20 * * * *")
@app.task(name="sweep_sessions", queueing_lock="sweep_sessions", retry=AGAIN_WHEN_AWAY, pass_context=False)
def sweep_sessions_every_hour(timestamp: int) -> None:
    """Sessions that have run out are gone. By the clock on the wall, by which they run out."""
    forget_ended_sessions(at=timezone.now())


@app.periodic(cron="5 * * * *")
@app.task(
    name="carry_on_campaigns",
    queue="post",
    queueing_lock="carry_on_campaigns",
    retry=AGAIN_WHEN_AWAY,
    pass_context=False,
)
def carry_on_every_hour(timestamp: int) -> None:
    """Passed tests are rolled out within their 48 hours; those who slept are written to when they wake."""
    carry_on_campaigns(now=now)


@app.periodic(cron="* * * * *")
@app.task(name="close_log", queue="log", queueing_lock="close_log", lock="close_log", retry=AGAIN_WHEN_AWAY,
          pass_context=False)  # fmt: skip
def close_log_every_minute(timestamp: int) -> None:
    """What stands in the log can no longer be altered unseen, and the proof of it has left.

    By the clock on the wall: evidence has no business day.
    """
    close_batches(at=timezone.now())
    send_checkpoints(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="tell_people", queue="imports", queueing_lock="tell_people", lock="tell_people", retry=AGAIN_WHEN_AWAY)
def tell_people_every_minute(timestamp: int = 0) -> None:
    """Whom streams named is in the record; asked for at once when somebody is named, and every minute besides."""
    tell_people(at=now())
    _while_more_comes(lambda: tell_people(at=now()) if sources_waiting() else 0)


@app.periodic(cron="* * * * *")
@app.task(name="act_on_events", queue="imports", queueing_lock="act_on_events", lock="act_on_events",
          retry=AGAIN_WHEN_AWAY)  # fmt: skip
def act_on_events_every_minute(timestamp: int = 0) -> None:
    """Orders that events told are in the book, and what rules make of events is done; asked for at once, too."""
    _while_more_comes(lambda: act_on_events(at=now()))


@app.periodic(cron="* * * * *")
@app.task(name="fetch_tables", queue="imports", queueing_lock="fetch_tables", lock="fetch_tables",
          retry=AGAIN_WHEN_AWAY, pass_context=False)  # fmt: skip
def fetch_tables_every_minute(timestamp: int) -> None:
    """What is new in tables of other databases is in the house, for those whose time has come."""
    fetch_due(by=NIGHT_SHIFT, at=now())


@app.periodic(cron="* * * * *")
@app.task(name="watch_sql", queueing_lock="watch_sql", lock="watch_sql", retry=AGAIN_WHEN_AWAY, pass_context=False)
def watch_sql_every_minute(timestamp: int) -> None:
    """What analysts read with SQL stands in the log; what reads too much or lasts too long is stopped.

    By the clock on the wall, like every count of reading.
    """
    watch_sql(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="tell_alarms", queueing_lock="tell_alarms", lock="tell_alarms", retry=AGAIN_WHEN_AWAY,
          pass_context=False)  # fmt: skip
def tell_alarms_every_minute(timestamp: int) -> None:
    """The officer has heard of every open alarm, by mail or webhook, where this installation names one."""
    tell_alarms(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="sweep_stalled_jobs", queueing_lock="sweep_stalled_jobs", pass_context=False)
async def sweep_stalled_jobs(timestamp: int) -> int:
    """Jobs whose worker died without a word are queued again; how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
    for job in stalled:
        await app.job_manager.retry_job(job)
    return len(stalled)


def _while_more_comes(do: Callable[[], int]) -> None:
    """Done again and again while there is something, and a moment longer: a program that has just asked for it does not
    ask again within a quarter of a second, and what it brought meanwhile is not left lying."""
    until = time.monotonic() + LINGER
    while time.monotonic() < until:
        if do():
            until = time.monotonic() + LINGER
        time.sleep(PAUSE)


def run_worker(*, concurrency: int = 3, until_empty: bool = False, signals: bool = True) -> None:
    """Does the jobs until the process is told to end, or until none is left with `until_empty`.

    A database that goes away is waited for; the worker does not end because of it.
    """
    asyncio.run(_work(concurrency, until_empty, signals))


async def _work(concurrency: int, until_empty: bool, signals: bool) -> None:
    wait = 1.0
    while True:
        try:
            await _shift(concurrency, until_empty, signals)
        except (procrastinate.exceptions.ConnectorException, psycopg.Error, OSError) as error:
            if until_empty:
                raise
            log.warning("the queue is away, trying again in %.0f s: %s", wait, error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _WAIT_AT_MOST)
        else:
            return


async def _shift(concurrency: int, until_empty: bool, signals: bool) -> None:
    """One connection's worth of work; what a dead predecessor held is queued again first."""
    own = app.with_connector(DjangoConnector(alias="default").get_worker_connector())
    async with own.open_async():
        for job in list(await own.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)):
            await own.job_manager.retry_job(job)
        before, left = 0, -1
        while left and left != before:
            await own.run_worker_async(
                concurrency=concurrency, wait=not until_empty, install_signal_handlers=signals,
                delete_jobs="successful", shutdown_graceful_timeout=20, task_middleware=[close_connections],
            )  # fmt: skip
            before, left = left, await _due(own) if until_empty else 0


async def _due(own: procrastinate.App) -> int:
    """How many jobs could be done now; one that waits for another of its lock is found only after that one."""
    waiting = await own.job_manager.list_jobs_async(status="todo")
    return sum(job.scheduled_at is None or job.scheduled_at <= timezone.now() for job in waiting)


def close_connections(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Around every job: its database connections end with it, for the thread it ran in may end too."""
    connections.close_all()
    try:
        return call_next()
    finally:
        connections.close_all()
