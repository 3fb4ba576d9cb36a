"""An alarm goes out to the officer, names nobody, and is tried again until it has arrived."""

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from regulars.connections.copies.webhook import signed
from regulars.connections.mail.post import UNSURE, Delivery, Post
from regulars.connections.mail.post_box import PostBox
from regulars.journeys.canaries import answer_canary, plant_canary
from regulars.journeys.tell_alarms import WEBHOOK_KEY, tell_alarms
from regulars.records.customers.access import open_customer
from regulars.records.customers.inventing import Invented
from regulars.records.watched.access import open_touches
from regulars.records.watched.models import AlarmNotice
from regulars.records.watched.notices import notices
from regulars.rules.permission.errors import Denied
from tests.cast import DORA, EMIL, MIA, NOON
from tests.connections.copies.test_copies import Receiver, receiving

pytestmark = pytest.mark.usefixtures("house")
AT = timezone.now()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Where alarms go to."""
    with receiving() as server:
        yield server


def alarm() -> str:
    """Dora opened somebody who does not exist."""
    number = plant_canary(Invented("Nadja Winter", email="nadja@ours.example"), note="", by=EMIL, at=NOON)
    open_customer(number, by=DORA, because="serving")
    return number


def test_nothing_goes_out_where_no_place_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    alarm()
    monkeypatch.setattr(settings, "ALARM_MAIL", "")
    monkeypatch.setattr(settings, "ALARM_WEBHOOK", "")
    assert tell_alarms(at=AT) == {}


def test_a_webhook_is_signed_names_nobody_and_is_told_once(receiver: Receiver, monkeypatch: Any) -> None:
    number = alarm()
    monkeypatch.setattr(settings, "ALARM_WEBHOOK", f"http://127.0.0.1:{receiver.server_port}/alarms")
    assert tell_alarms(at=AT) == {"webhook": 1}
    assert tell_alarms(at=AT + timedelta(hours=2)) == {"webhook": 0}
    ((headers, body),) = receiver.got
    said = signed(body, settings.KEYS.read(WEBHOOK_KEY), headers["webhook-id"], int(headers["webhook-timestamp"]))
    assert headers["webhook-signature"] == said["webhook-signature"]
    assert json.loads(body)["data"]["kind"] == "canary"
    for name in ("Dora", "Nadja", number, "serving"):
        assert name not in body.decode()


def test_what_did_not_arrive_is_tried_again_later_and_later(receiver: Receiver, monkeypatch: Any) -> None:
    alarm()
    receiver.answers[:] = [500, 503]
    monkeypatch.setattr(settings, "ALARM_WEBHOOK", f"http://127.0.0.1:{receiver.server_port}/alarms")
    arrived = [tell_alarms(at=AT + timedelta(seconds=after))["webhook"] for after in (0, 30, 61, 120, 182, 300)]
    assert arrived == [0, 0, 0, 0, 1, 0]
    assert (len(receiver.got), AlarmNotice.objects.get().tries) == (3, 2)
    (notice,) = notices(by=EMIL)
    assert (notice.place, notice.message) == ("webhook", "")
    with pytest.raises(Denied):
        notices(by=MIA)


def test_a_mail_server_that_is_away_is_told_with_why(monkeypatch: Any) -> None:
    alarm()
    monkeypatch.setattr(settings, "ALARM_MAIL", "emil@ours.example")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setattr(settings, "MAIL_PORT", free.getsockname()[1])
    monkeypatch.setattr(settings, "MAIL_HOST", "127.0.0.1")
    assert tell_alarms(at=AT) == {"mail": 0}
    (notice,) = notices(by=EMIL)
    assert notice.message.startswith("later ")
    assert notice.message.endswith("Connection refused")


def test_a_mail_goes_to_the_officer_without_a_name_in_it(tmp_path: Any, monkeypatch: Any) -> None:
    number = alarm()
    monkeypatch.setattr(settings, "ALARM_MAIL", "emil@ours.example")
    with PostBox(tmp_path) as box:
        monkeypatch.setattr(settings, "MAIL_PORT", box.port)
        monkeypatch.setattr(settings, "MAIL_HOST", box.host)
        assert tell_alarms(at=AT) == {"mail": 1}
    (letter,) = tmp_path.glob("*.eml")
    text = letter.read_text()
    assert "emil@ours.example" in text and "/privacy/watching/" in text
    assert "List-Unsubscribe" not in text
    for name in ("Dora", "Nadja", number, "serving"):
        assert name not in text


def test_a_mail_that_may_have_arrived_is_sent_again(tmp_path: Any, monkeypatch: Any) -> None:
    """Unlike a campaign's: an alarm that comes twice disturbs nobody, one that never comes does."""
    alarm()
    monkeypatch.setattr(settings, "ALARM_MAIL", "emil@ours.example")
    with monkeypatch.context() as broken:
        broken.setattr(Post, "send", lambda *_: Delivery(UNSURE, "receipt"))
        assert tell_alarms(at=AT) == {"mail": 0}
    with PostBox(tmp_path) as box:
        monkeypatch.setattr(settings, "MAIL_PORT", box.port)
        monkeypatch.setattr(settings, "MAIL_HOST", box.host)
        assert tell_alarms(at=AT + timedelta(minutes=2)) == {"mail": 1}


def test_an_answered_alarm_that_never_left_stays_at_home(receiver: Receiver, monkeypatch: Any) -> None:
    alarm()
    answer_canary(open_touches()[0].id, answer="she tried it out", by=EMIL, at=NOON)
    monkeypatch.setattr(settings, "ALARM_WEBHOOK", f"http://127.0.0.1:{receiver.server_port}/alarms")
    assert tell_alarms(at=AT) == {"webhook": 0}
