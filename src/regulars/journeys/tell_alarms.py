"""An open alarm goes out to the officer: by mail, to a signed webhook, or both; again and again until it has arrived.

What goes out says that there is an alarm, of which kind, since when, and where to look. It names nobody, neither the
customer nor the reader: a mail is read on telephones in trains.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from regulars.connections.copies.webhook import Webhook, WebhookError
from regulars.connections.mail.message import Mailbox, Message
from regulars.connections.mail.post import SENT, Delivery, Post
from regulars.connections.postgres.catalogue import types_of
from regulars.connections.postgres.securing import Connection
from regulars.records.watched.notices import (
    Notice,
    claim_waiting,
    missed_notices,
    note_missed,
    note_open_alarms,
    note_sent,
)
from regulars.rules.privacy.drift import Finding

WEBHOOK_KEY: Final = "alarm_webhook"
LONGEST_PAUSE: Final = timedelta(hours=1)
PAGES: Final = {"reading": "/privacy/readings/", "canary": "/privacy/watching/"}
SUBJECT: Final = "Regulars 熟客: an alarm waits for you / 有一条警报等您处理"
TEXT: Final = """An alarm of the privacy office waits for you since {since}.
Look at it and answer it there: {url}

自 {since} 起，有一条警报等您处理。
请在此查看并处理：{url}
"""
#: Sends one notice; says why it did not arrive, or "".
Way = Callable[[Notice, datetime], str]


def ways() -> dict[str, Way]:
    """Every place alarms go to, as the environment of this installation says; none where it says none."""
    found: dict[str, Way] = {}
    if settings.ALARM_MAIL:
        found["mail"] = _by_mail
    if settings.ALARM_WEBHOOK:
        found["webhook"] = _by_webhook
    return found


def tell_alarms(*, at: datetime) -> dict[str, int]:
    """Place → how many alarms arrived there now. What did not is tried again after one minute, two, four … an hour."""
    there = ways()
    note_open_alarms(there)
    return {place: _told(place, way, at) for place, way in there.items()}


def notice_findings(connection: Connection, counts: dict[str, int]) -> Iterator[Finding]:
    """Every place that alarms have not reached, tried as they were."""
    if ("alarm_notice", "place") not in types_of(connection):
        return
    missed = missed_notices()
    counts["alarm_notices"] = len(missed)
    for notice in missed:
        yield Finding("alarm_not_sent", notice.place, expected=notice.kind, found=notice.message)


def _told(place: str, way: Way, at: datetime) -> int:
    arrived = 0
    with transaction.atomic():
        for notice in claim_waiting(place):
            if _is_resting(notice, at):
                continue
            why = way(notice, at)
            if why:
                note_missed(notice, why=why, at=at)
                break
            note_sent(notice.id, at=at)
            arrived += 1
    return arrived


def _is_resting(notice: Notice, at: datetime) -> bool:
    if notice.tried_at is None:
        return False
    return at < notice.tried_at + min(LONGEST_PAUSE, timedelta(minutes=2 ** min(notice.tries - 1, 6)))


def _by_mail(notice: Notice, at: datetime) -> str:
    url = f"{settings.PUBLIC_URL}{PAGES[notice.kind]}"
    text = TEXT.format(since=_said(notice.raised_at), url=url)
    message = Message(
        f"alarm-{notice.kind}-{notice.alarm}@{settings.MAIL_DOMAIN}", Mailbox(settings.MAIL_FROM, "Regulars"),
        Mailbox(settings.ALARM_MAIL), SUBJECT, text, f"<!doctype html><html><body><pre>{text}</pre></body></html>",
        None,
    )  # fmt: skip
    with Post(settings.MAIL_HOST, settings.MAIL_PORT) as post:
        delivery = post.send(message, at)
    return "" if delivery.outcome == SENT else " ".join(_why(delivery))


def _why(delivery: Delivery) -> Iterator[str]:
    """What became of it, and the server's code or what was in the way of one."""
    yield delivery.outcome
    yield str(delivery.code or delivery.answer).strip()


def _by_webhook(notice: Notice, at: datetime) -> str:
    data = {"kind": notice.kind, "alarm": notice.alarm, "raised_at": _said(notice.raised_at),
            "url": f"{settings.PUBLIC_URL}{PAGES[notice.kind]}"}  # fmt: skip
    body = json.dumps({"type": "alarm.raised", "timestamp": _said(at), "data": data}, sort_keys=True).encode()
    hook = Webhook(settings.ALARM_WEBHOOK, settings.KEYS.read(WEBHOOK_KEY))
    try:
        hook.send(body, message_id=f"alarm_{notice.kind}_{notice.alarm}", timestamp=int(at.timestamp()))
    except WebhookError as error:
        return str(error) or "away"
    return ""


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
