"""Whoever withdraws while a campaign is being sent: nothing after the commit (attack 33)."""

import random
from collections.abc import Iterator
from threading import Thread

import pytest
from django.conf import settings
from django.db import connections

from regulars.connections.mail.post_box import PostBox
from regulars.journeys.plan_campaign import prepare_campaign
from regulars.journeys.send_campaign import send_waiting, start_test
from regulars.records.customers.models import Customer
from tests.cast import MIA, NOON, customer
from tests.desks.visitors import at_home
from tests.shop import everybody_segment, open_shop, refreshed, sell, spring_campaign

pytestmark = pytest.mark.usefixtures("house")
PEOPLE = 24


@pytest.fixture
def post_box(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    """A mail server of the test's own."""
    with PostBox(settings.HOME.folder("mail")) as box:
        monkeypatch.setattr(settings, "MAIL_PORT", box.port)
        yield box


@pytest.mark.parametrize("seed", range(3))
def test_33_a_withdrawal_in_the_midst_of_sending_stops_every_message_after_it(seed: int, post_box: PostBox) -> None:
    """On her own page, from another connection, between two messages: hers is the last word from that commit on."""
    dice = random.Random(seed)
    people = [customer(f"Guest Number{n}", email=f"guest{n}@example.com") for n in range(PEOPLE)]
    open_shop(NOON.date())
    for one in people:
        sell(one, NOON.date().replace(day=1), 5_000)
    refreshed(NOON.date())
    key = spring_campaign(everybody_segment(), test_share=1.0, holdout_share=0.0)
    prepare_campaign(key, by=MIA, at=NOON, as_of=NOON.date())
    start_test(key, by=MIA, at=NOON)
    written_before: dict[int, set[str]] = {}

    def between_messages(_step: str, _done: int, _of: int) -> None:
        left = [one for one in people if one.id not in written_before]
        if left and dice.random() < 0.5:
            who = dice.choice(left)
            _elsewhere(who)
            written_before[who.id] = _written(post_box)

    send_waiting(key, by=MIA, now=lambda: NOON, say=between_messages)
    assert 3 < len(written_before) < PEOPLE
    for one in people:
        address = f"guest{people.index(one)}@example.com"
        allowed = written_before.get(one.id)
        assert (address in _written(post_box)) is (allowed is None or address in allowed), address


def _elsewhere(who: Customer) -> None:
    """She says no on her own page, and it is confirmed."""
    answers: list[int] = []

    def say_no() -> None:
        try:
            home = at_home(who.number)
            form = {"allows": "allows_direct_marketing", "value": "denied"}
            answers.append(home.post("/me/choose/", form).status_code)
        finally:
            connections.close_all()

    thread = Thread(target=say_no)
    thread.start()
    thread.join()
    assert answers == [302]


def _written(box: PostBox) -> set[str]:
    return {str(box.message(one)["To"]).split("<")[-1].rstrip(">") for one in box.arrivals()}
