"""The demonstration is opened: a year of real orders comes in, the main job runs on it, the result is told in figures.

Every step asks first whether it was done before, so a broken-off demonstration goes on where it stopped, and a finished
one opens in a second and changes nothing.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from regulars.connections.files.complete_journey import households, real_campaign, write_order_lines
from regulars.connections.mail.post_box import PostBox
from regulars.journeys.assign_lapse_tasks import assign_lapse_tasks
from regulars.journeys.check_house import check_and_keep
from regulars.journeys.demo.cast import (
    COMPANY,
    CUSTOMER_COLUMNS,
    HOUSE,
    LAST_DAY,
    ORDER_COLUMNS,
    PASSWORD,
    SOURCE,
    STAFF,
)
from regulars.journeys.demo.complaints import invent_tact
from regulars.journeys.demo.history import bring_in_campaigns
from regulars.journeys.demo.households import write_households
from regulars.journeys.demo.replay import MARKETER, NUMBER, SEGMENT, replay_campaign
from regulars.journeys.demo.statement import publish_once
from regulars.journeys.demo.summary import Summary, summary
from regulars.journeys.import_file import import_now
from regulars.journeys.keep_quality import count_by_night
from regulars.journeys.prepare_house import prepare_house
from regulars.journeys.refresh_scores import refresh_scores
from regulars.records.company.access import branches, company
from regulars.records.company.actions import describe_branch, set_up_company
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.customers.inventing import mark_invented
from regulars.records.orders.selling import learn_prices
from regulars.records.scores.access import last_refresh
from regulars.records.segments.access import segments
from regulars.records.segments.actions import define_segment
from regulars.records.staff.access import everybody
from regulars.records.staff.actions import hire
from regulars.rules.segments.ready import READY

Say = Callable[[str, int, int], None]
#: The package's moments are in UTC, its amounts in dollars.
HOW_READ = {"zone": "UTC", "currency": "USD", "country": "US", "date_order": "ymd", "decimal_mark": "."}
#: Known to everybody, so that everybody draws the same test group and hold-out and gets the same figures.
SPLIT_KEY = hashlib.sha256(b"Millbrook Market, 2017").digest()
REGULARS_90D = {"all": [{"field": "orders", "operator": "at_least", "value": 8, "days": 90}]}

EVERYBODY = {"all": [{"field": "frequency", "operator": "at_least", "value": 1}]}


def open_demo(*, say: Say) -> Summary:
    """The demonstration stands, ready to be looked at, when this returns."""
    prepare_house(say)
    if last_refresh() is None or not _is_finished():
        _set_the_stage()
        _bring_in(say)
        _run_main_job(say)
    return summary()


def _is_finished() -> bool:
    done = last_refresh()
    return company().is_demo and done is not None and done.as_of == LAST_DAY


def _set_the_stage() -> None:
    settings.KEYS.adopt("split", SPLIT_KEY)
    set_up_company(COMPANY)
    for username, name, chinese, roles, language in STAFF:
        hire(username, name, full_name_zh=chinese, roles=roles, password=PASSWORD, language=language)
    publish_once()


def _bring_in(say: Say) -> None:
    """The two files of the demonstration, by the same way every file takes."""
    folder = settings.HOME.folder("demo")
    people, lines = folder / "households.parquet", folder / "orders.parquet"
    say("files", 0, 2)
    _once(people, lambda place: write_households(households(), place))
    say("files", 1, 2)
    _once(lines, write_order_lines)
    _import(people, "customers", CUSTOMER_COLUMNS, say)
    mark_invented(SOURCE)
    _import(lines, "orders", ORDER_COLUMNS, say)
    for branch in branches():
        describe_branch(branch.ref, name=f"Store {branch.ref}", city=branch.city, region=branch.region)


def _import(place: Path, kind: str, columns: dict[str, str], say: Say) -> None:
    import_now(
        place, source_ref=SOURCE, kind=kind, mapping=columns, by=HOUSE, at=_dawn(LAST_DAY),
        answers=HOW_READ, progress=lambda so_far: say(kind, so_far.rows_read, so_far.rows_expected),
    )  # fmt: skip


def _once(place: Path, write: Callable[[Path], int]) -> None:
    if not place.exists():
        write(place)


def _run_main_job(say: Say) -> None:
    """As of the day before the campaign, then the campaign, then as of the last day."""
    before = real_campaign(NUMBER).start_on - timedelta(days=1)
    _define_segments()
    bring_in_campaigns()
    refresh_scores(at=_evening(before), as_of=before, say=say)
    invent_tact(campaign_on=before, at=_dawn(LAST_DAY))
    with _post_box():
        replay_campaign(say=say)
    refresh_scores(at=_dawn(LAST_DAY), as_of=LAST_DAY, say=say)
    learn_prices(since=_evening(LAST_DAY) - timedelta(days=92), until=_evening(LAST_DAY))
    owners = [one.id for one in everybody() if "service" in one.roles]
    assign_lapse_tasks(owners=owners, by=MARKETER, at=_dawn(LAST_DAY), today=LAST_DAY, limit=40)
    count_by_night(at=_dawn(LAST_DAY))
    say("check", 0, 0)
    renew_anonymous_keys()
    check_and_keep(asked_by="demonstration", at=timezone.now())


def _define_segments() -> None:
    known = {one.key for one in segments()}
    at = _evening(date(2017, 1, 1))
    wanted = [(key, one.name, one.name_zh, one.data) for key, one in READY.items()]
    wanted.append((SEGMENT, "Regulars of the past 90 days", "近90天的熟客", REGULARS_90D))
    wanted.append(("everybody", "Everybody who bought", "所有买过的客户", EVERYBODY))
    for key, name, chinese, rule in wanted:
        if key not in known:
            define_segment(key, name, rule, by=MARKETER, at=at, name_zh=chinese)


@contextmanager
def _post_box() -> Iterator[None]:
    """A mail server of our own on this machine, unless one is at the port already."""
    box = PostBox(settings.HOME.folder("mail"), settings.MAIL_PORT)
    try:
        box.open()
    except OSError:
        yield
        return
    try:
        yield
    finally:
        box.close()


def _dawn(day: date) -> datetime:
    """Early enough that whoever looks later that day sees it as done."""
    return datetime.combine(day, time(0, 5), tzinfo=ZoneInfo(COMPANY.timezone))


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(20), tzinfo=ZoneInfo(COMPANY.timezone))
