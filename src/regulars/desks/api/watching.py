"""For those who watch: is the house alive, whom does it take me for, what does the queue do; and refreshing."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import Final

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from ninja.responses import Status

from regulars.connections.jobs.standing import queue_standings
from regulars.desks.api.keys import Token, asking
from regulars.desks.api.once import MAY_COME_TWICE, once
from regulars.desks.api.shapes import Day, Said
from regulars.journeys.ask_night_shift import refresh_soon
from regulars.records.access_log.checks import last_check
from regulars.records.access_log.search import denials_since
from regulars.records.company.access import company, today
from regulars.records.intake.access import runs_under_way
from regulars.records.scores.access import last_refresh
from regulars.rules.permission.asking import Asker

ANYBODY: Final = Token("marketer", "service", "officer", "steward", "program", purposes=("analysis",))
REFRESHING: Final = Token("steward", "marketer", "officer")
LATELY: Final = timedelta(days=1)
VERSION: Final = version("regulars")

router = Router(tags=["The house"])


class Queue(Schema):
    """Background work of one queue, counted."""

    queue: str
    waiting: int
    doing: int
    failed: int


class Health(Schema):
    """Whether the house can work. Nothing about anybody, nothing secret."""

    healthy: bool
    version: str
    database: str
    database_version: str
    queues: list[Queue]


class Me(Schema):
    """Who the house takes this token for."""

    name: str
    role: str
    view: str
    purpose: str
    business_day: date
    currency: str
    timezone: str


class RefreshWanted(Said):
    """The last day that counts; the business day when left out."""

    as_of: Day | None = None


class RefreshAsked(Schema):
    """The day, and whether the refresh was asked for now (false: it waits to be done already)."""

    as_of: date
    asked: bool


class Refresh(Schema):
    """The last finished refresh."""

    as_of: date
    finished_at: datetime | None
    order_lines: int
    customers: int


class LastRefresh(Schema):
    """The last finished refresh, null before the first."""

    refresh: Refresh | None


@router.get("/health", response={200: Health, 503: Health}, auth=None)
def show_health(request: HttpRequest) -> Status[Health]:
    """Whether database and queue answer. Needs no token."""
    try:
        found = _database_version()
        queues = [Queue(queue=q.queue, waiting=q.waiting, doing=q.doing, failed=q.failed) for q in queue_standings()]
    except (DatabaseError, OSError):
        connection.close()
        return Status(503, Health(healthy=False, version=VERSION, database="away", database_version="", queues=[]))
    return Status(200, Health(healthy=True, version=VERSION, database="there", database_version=found, queues=queues))


@router.get("/me", response=Me, auth=ANYBODY)
def show_me(request: HttpRequest) -> Me:
    """Which role, view and purpose this token is bound to, and the company's day, currency and time zone."""
    by, facts = asking(request), company()
    return Me(
        name=by.name,
        role=by.role,
        view=by.view,
        purpose=by.purpose,
        business_day=today(),
        currency=facts.currency,
        timezone=facts.timezone,
    )


@router.post("/refreshes", response={202: RefreshAsked}, auth=REFRESHING, openapi_extra=MAY_COME_TWICE)
@once
def ask_for_refresh(request: HttpRequest, wanted: RefreshWanted) -> Status[RefreshAsked]:
    """Have scores, lists, bucket and segments computed anew, in the background."""
    day = wanted.as_of or today()
    return Status(202, RefreshAsked(as_of=day, asked=refresh_soon(by=asking(request), as_of=day)))


@router.get("/refreshes/latest", response=LastRefresh, auth=ANYBODY)
def show_refresh(request: HttpRequest) -> LastRefresh:
    """How old the figures are."""
    facts = last_refresh()
    if facts is None:
        return LastRefresh(refresh=None)
    refresh = Refresh(
        as_of=facts.as_of, finished_at=facts.finished_at, order_lines=facts.order_lines, customers=facts.customers
    )
    return LastRefresh(refresh=refresh)


@router.get("/metrics", auth=Token("officer"), response={200: str}, openapi_extra={"x-media-type": "text/plain"})
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Figures for a monitor, in Prometheus' text format."""
    return HttpResponse("".join(_metrics(asking(request))), content_type="text/plain; version=0.0.4; charset=utf-8")


def _metrics(by: Asker) -> Iterator[str]:
    at, refresh, check = timezone.now(), last_refresh(), last_check(by=by)
    yield _metric("regulars_info", "Which version runs.", f'{{version="{VERSION}"}} 1')
    for what, help_ in (("waiting", "Jobs that wait."), ("doing", "Jobs being done."), ("failed", "Jobs given up.")):
        lines = [f'{{queue="{one.queue}"}} {getattr(one, what)}' for one in queue_standings()]
        yield _metric(f"regulars_jobs_{what}", help_, *lines)
    yield _metric("regulars_imports_under_way", "Files waiting or being read.", f" {runs_under_way(by=by)}")
    yield _metric("regulars_reads_denied_1d", "Reads denied in the last day.", f" {denials_since(at - LATELY, by=by)}")
    if refresh and refresh.finished_at:
        yield _metric("regulars_customers_scored", "Customers in the last refresh.", f" {refresh.customers}")
        yield _metric(
            "regulars_refresh_day",
            "Day the figures are for, as days since 1970.",
            f" {(refresh.as_of - date(1970, 1, 1)).days}",
        )
    if check:
        yield _metric(
            "regulars_check_age_seconds", "Since the house was last checked.", f" {(at - check.at).total_seconds():.0f}"
        )
        yield _metric("regulars_disagreements", "What the last check found.", f" {len(check.report.findings)}")


def _metric(name: str, help_: str, *lines: str) -> str:
    told = "".join(f"{name}{line}\n" for line in lines)
    return f"# HELP {name} {help_}\n# TYPE {name} gauge\n{told}"


def _database_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0]).split()[0]
