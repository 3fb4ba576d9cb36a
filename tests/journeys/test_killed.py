"""Killed at any moment: nothing is sent twice, nothing confirmed is lost, a half-done refresh shows nobody anything."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings

from regulars.connections.mail.post_box import PostBox
from regulars.journeys.plan_campaign import prepare_campaign
from regulars.journeys.send_campaign import send_waiting, start_test
from regulars.records.contacts.models import Contact
from regulars.records.scores.models import BucketMonth, Score
from tests.cast import MIA, NOON, ann, bob, customer
from tests.shop import everybody_segment, open_shop, refreshed, sell, spring_campaign

pytestmark = pytest.mark.usefixtures("house")
TODAY = date(2026, 3, 12)
PEOPLE = 60
SEND = """
import django; django.setup()
from regulars.journeys.send_campaign import send_waiting
from tests.cast import MIA, NOON
print("sending", flush=True)
send_waiting("spring", by=MIA, now=lambda: NOON)
"""
REFRESH = """
import django; django.setup()
from datetime import date
from tests.shop import refreshed
print("refreshing", flush=True)
refreshed(date(2026, 3, 12))
"""


@pytest.fixture
def post_box(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    """A mail server of the test's own, which outlives the senders that are killed."""
    with PostBox(settings.HOME.folder("mail")) as box:
        monkeypatch.setattr(settings, "MAIL_PORT", box.port)
        monkeypatch.setenv("REGULARS_SMTP_PORT", str(box.port))
        yield box


def killed_after(program: str, seconds: float) -> bool:
    """Run the program, kill it -9 so long after it said it began; whether it was still at it."""
    words = [sys.executable, "-W", "ignore", "-c", program]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=os.environ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        time.sleep(seconds)
        alive = process.poll() is None
        process.send_signal(signal.SIGKILL)
    return alive


def test_senders_killed_at_random_moments_send_nothing_twice(post_box: PostBox) -> None:
    open_shop(TODAY)
    people = [ann(), bob(), *(customer(f"Extra Person{n}", email=f"extra{n}@example.com") for n in range(PEOPLE))]
    for one in people:
        sell(one, date(2026, 2, 1), 10_000)
    refreshed(TODAY)
    key = spring_campaign(everybody_segment(), test_share=1.0, holdout_share=0.0)
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    start_test(key, by=MIA, at=NOON)
    dice = random.Random(20260312)
    killed = sum(killed_after(SEND, dice.uniform(0.02, 0.5)) for _ in range(4))
    assert killed, "no sender was killed in the middle: the test shows nothing"
    until = time.monotonic() + 60
    while send_waiting(key, by=MIA, now=lambda: NOON).busy and time.monotonic() < until:
        time.sleep(0.1)  # the database has not yet heard of the last one's death
    arrived = post_box.arrivals()
    assert set(arrived.values()) <= {1}
    contacts = list(Contact.objects.exclude(state="refused").values_list("state", "message_id"))
    assert {state for state, _ in contacts} <= {"sent", "unsure"}
    assert {message for state, message in contacts if state == "sent"} <= set(arrived)
    assert len(contacts) == PEOPLE + 1
    assert sum(state == "unsure" for state, _ in contacts) <= killed


def test_a_refresh_killed_in_the_middle_changes_nothing_anybody_reads() -> None:
    open_shop(TODAY)
    people = [customer(f"Extra Person{n}") for n in range(20)]
    for one in people:
        sell(one, date(2026, 1, 10), 5_000)
    refreshed(TODAY)
    before = list(Score.objects.order_by("customer_id").values_list("customer_id", "recency_days", "monetary_minor"))
    for one in people:
        sell(one, date(2026, 3, 1), 7_000)
    dice = random.Random(12)
    for _ in range(3):
        finished = not killed_after(REFRESH, dice.uniform(0.0, 0.4))
        now = list(Score.objects.order_by("customer_id").values_list("customer_id", "recency_days", "monetary_minor"))
        recencies = {recency for _, recency, _ in now}
        assert finished or now == before or recencies == {11}
        assert len(recencies) == 1
    refreshed(TODAY)
    assert set(Score.objects.values_list("recency_days", "monetary_minor")) == {(11, 12_000)}
    assert BucketMonth.objects.count() == 3
