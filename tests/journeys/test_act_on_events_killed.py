"""Whoever acts on events is killed again and again: every order and task is there once, whenever that happened."""

import os
import subprocess
import sys
import time

import pytest

from regulars.desks.night_shift import jobs
from regulars.journeys.act_on_events import act_on_events, hear_of_events, say_rule_on_events
from regulars.records.customers.models import CustomerRef
from regulars.records.events.models import AwaitedEvent, EventNews
from regulars.records.events.write_keys import make_write_key
from regulars.records.intake.actions import ensure_source
from regulars.records.orders.models import CustomerActivity, OrderLine
from regulars.records.tasks.models import Task
from tests.cast import NOON, STEN, ann, bob
from tests.journeys.test_act_on_events import COMPLAINT, done, order, sent

pytestmark = pytest.mark.usefixtures("house")
ACTING = """
import django; django.setup()
from regulars.journeys import act_on_events
from tests.cast import NOON
act_on_events.AT_ONCE = 3
print("acting", flush=True)
while True:
    act_on_events.act_on_events(at=NOON)
"""


def test_killed_at_any_point_nothing_is_left_out_or_done_twice() -> None:
    source, people = ensure_source("shop", by=STEN, at=NOON), (ann(), bob())
    for n, who in enumerate(people, 1):
        CustomerRef.objects.create(source_id=source.id, ref=f"M-{n}", customer=who)
    hear_of_events(at=NOON)
    say_rule_on_events(COMPLAINT, by=STEN, at=NOON)
    secret = make_write_key(source.id, "site", by=STEN, at=NOON)[1]
    for n in range(60):
        sent(secret, order(user=f"M-{n % 2 + 1}", order_id=f"R-{n}", total=1), done("Complaint Made", f"M-{n % 2 + 1}"))
    for seconds in (0.05, 0.2, 0.5):
        with subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", ACTING], stdout=subprocess.PIPE, text=True, env=os.environ
        ) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "acting\n"
            time.sleep(seconds)
            worker.kill()
    act_on_events(at=NOON)
    assert sorted(OrderLine.objects.values_list("order_ref", flat=True)) == sorted(f"R-{n}" for n in range(60))
    assert [*CustomerActivity.objects.order_by("customer_id").values_list("orders", "amount_minor")] == [(30, 3000)] * 2
    assert sorted(Task.objects.values_list("customer_id", flat=True)) == sorted(who.id for who in people)
    assert not EventNews.objects.exists()
    assert not AwaitedEvent.objects.exists()


def test_what_comes_while_the_shift_is_at_it_is_not_left_lying() -> None:
    """A program that has just asked does not ask again within a quarter of a second."""
    found, asked = iter([1, 0, 0, 1, 0]), list[float]()

    def act() -> int:
        asked.append(time.monotonic())
        return next(found, 0)

    jobs._while_more_comes(act)
    assert len(asked) > 4  # it went on after the fourth had found something
