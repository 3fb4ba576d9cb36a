"""Events become orders and tasks: once, whatever comes late, twice or out of order, and only where they may."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.journeys.act_on_events import act_on_events, hear_of_events, say_rule_on_events, take_rule_back
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.open_customer import open_card
from regulars.journeys.open_stream import say_how_read
from regulars.journeys.receive_events import Receipt, receive_events
from regulars.journeys.tell_people import tell_people
from regulars.records.customers.models import Customer, CustomerRef
from regulars.records.events.acting import tried_in_vain
from regulars.records.events.models import AwaitedEvent, EventNews, EventWait
from regulars.records.events.write_keys import make_write_key, recognise
from regulars.records.intake.actions import alone_with, ensure_source
from regulars.records.orders.models import CustomerActivity, OrderLine
from regulars.records.set_aside.models import RefusedRow
from regulars.records.staff.actions import hire
from regulars.records.tasks.models import Task
from regulars.rules.events.acting import RuleSaid
from regulars.rules.permission.errors import BadInput, Denied
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.story import PASSWORD

pytestmark = pytest.mark.usefixtures("house")
COMPLAINT = RuleSaid("Complaints on the web", "Complaint Made", "complaint")
BASKET = RuleSaid("Baskets left standing", "Product Added", "call_back", "Order Completed", 60, 1, "direct_marketing")


@pytest.fixture
def secret(house: None) -> str:
    """The write key of the web shop, which knows Ann as M-1 and Bob as M-2."""
    source = ensure_source("shop", by=STEN, at=NOON)
    for ref, who in (("M-1", ann()), ("M-2", bob())):
        CustomerRef.objects.create(source_id=source.id, ref=ref, customer=who)
    hear_of_events(at=NOON)
    return make_write_key(source.id, "site", by=STEN, at=NOON)[1]


def sent(secret: str, *members: Any, at: Any = NOON) -> Receipt:
    key = recognise(secret)
    assert key is not None
    return receive_events({"batch": list(members)}, key=key, at=at, size=1_000, call="batch")


def order(event: str = "Order Completed", user: str = "M-1", at: Any = NOON, **properties: Any) -> dict[str, Any]:
    said = {"order_id": "820982911946154508", "currency": "EUR"} | properties
    return {"type": "track", "event": event, "userId": user, "timestamp": at.isoformat(), "properties": said}


def article(sku: str, price: float, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"sku": sku, "name": "Blue shirt", "price": price, "quantity": quantity} | more


def done(event: str, user: str = "M-1", at: Any = NOON) -> dict[str, Any]:
    return {"type": "track", "event": event, "userId": user, "timestamp": at.isoformat()}


def amounts() -> list[int]:
    return sorted(OrderLine.objects.values_list("amount_minor", flat=True))


def number() -> str:
    return Customer.objects.get(name="Ann Archer").number


def anns_money() -> tuple[int, int]:
    one = CustomerActivity.objects.get(customer__name="Ann Archer")
    return one.orders, one.amount_minor


def test_an_order_completed_is_an_order_with_its_totals_at_once(secret: str) -> None:
    got = sent(secret, order(products=[article("A", 9.5, 2, note="for my mother"), article("B", 1)], discount=2))
    assert got.news
    assert act_on_events(at=NOON) == 1
    assert amounts() == [90, 1710]
    assert anns_money() == (1, 1800)
    assert OrderLine.objects.get(amount_minor=1710).order_ref == "820982911946154508"
    assert not EventNews.objects.exists()
    assert not AwaitedEvent.objects.exists()


def test_an_order_that_comes_again_under_another_message_stays_one(secret: str) -> None:
    for _ in range(3):
        sent(secret, order(products=[article("A", 9.5), article("A", 9.5)]))
        act_on_events(at=NOON)
    assert amounts() == [950, 950]
    assert act_on_events(at=NOON) == 0


def test_the_newest_word_about_an_order_holds_whatever_comes_late(secret: str) -> None:
    later = NOON + timedelta(hours=1)
    sent(secret, order("Order Updated", at=later, products=[article("A", 5)]), at=later)
    act_on_events(at=later)
    sent(secret, order(products=[article("A", 9), article("B", 3)]), at=later)
    act_on_events(at=later)
    assert amounts() == [500]
    sent(secret, order("Order Updated", at=later, products=[article("C", 4)]), at=later)
    act_on_events(at=later)
    assert amounts() == [400]


def test_what_is_refunded_is_taken_back_once_and_in_part(secret: str) -> None:
    sent(secret, order(products=[article("A", 9.5, 2), article("B", 1)]))
    back = order("Order Refunded", products=[article("B", 1)]) | {"messageId": "back-1"}
    sent(secret, back, back)
    act_on_events(at=NOON)
    assert anns_money() == (1, 1900)
    sent(secret, order("Order Cancelled"), order("Order Cancelled"))
    act_on_events(at=NOON)
    assert anns_money() == (0, 0)


def test_a_refund_that_comes_before_its_order_waits_for_it(secret: str) -> None:
    sent(secret, order("Order Refunded"))
    assert act_on_events(at=NOON) == 0
    assert amounts() == []
    sent(secret, order(products=[article("A", 9.5)], at=NOON - timedelta(hours=1)))
    act_on_events(at=NOON)
    assert sorted(amounts()) == [-950, 950]


def test_a_refund_of_an_order_nobody_tells_is_tried_ever_more_seldom_seen_and_in_the_end_set_aside(secret: str) -> None:
    sent(secret, order("Order Refunded"))
    tried = []
    for minutes in range(0, 60 * 24, 7):
        act_on_events(at=NOON + timedelta(minutes=minutes))
        tried.append(AwaitedEvent.objects.get().tries)
    assert tried[-1] < 15 and tried == sorted(tried)
    [waiting] = tried_in_vain(by=STEN)
    assert (waiting.source, waiting.events) == ("shop", 1)
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    assert "1 refund of shop waits" in signed_in("sten").get("/data/streams/").content.decode()
    assert program("steward").get("/refunds-waiting").told[0]["events"] == 1
    assert "shop" in regulars("stream", "waiting").out
    act_on_events(at=NOON + timedelta(days=8))
    assert not AwaitedEvent.objects.exists() and tried_in_vain(by=STEN) == []
    assert RefusedRow.objects.get().reason == "refund_of_unknown_order"
    with pytest.raises(Denied):
        tried_in_vain(by=MIA)


def test_an_order_of_somebody_new_waits_until_she_is_known(secret: str) -> None:
    sent(secret, order(user="M-9", revenue="12.50"))
    assert act_on_events(at=NOON) == 0
    tell_people(at=NOON)
    assert act_on_events(at=NOON) == 1
    made = Customer.objects.get(number=CustomerRef.objects.get(ref="M-9").customer.number)
    assert (made.stage, CustomerActivity.objects.get(customer=made).amount_minor) == ("customer", 1250)


def test_what_is_no_order_is_set_aside_with_its_reason(secret: str) -> None:
    sent(secret, order(order_id=""), order(products=[article("A", 1, 10**10)]), order(), order(currency="XXX", total=1))
    act_on_events(at=NOON)
    assert amounts() == []
    reasons = RefusedRow.objects.order_by("row_number").values_list("reason", "column")
    assert [*reasons] == [
        ("missing_order", "order_id"), ("quantity_too_large", "quantity"), ("missing_amount", "revenue"),
        ("unknown_currency", "currency"),
    ]  # fmt: skip


def test_a_shop_whose_orders_come_as_files_keeps_its_events_out_of_the_book(secret: str) -> None:
    say_how_read("shop", orders=False, by=STEN)
    sent(secret, order(total=4))
    act_on_events(at=NOON)
    assert amounts() == []
    assert not AwaitedEvent.objects.exists()


def test_orders_wait_while_a_file_of_the_same_source_comes_in(secret: str) -> None:
    source = ensure_source("shop", by=STEN, at=NOON)
    sent(secret, order(total=4))
    with alone_with(source.id):
        from threading import Thread  # another session, as the night shift is

        from django.db import connections

        counts = list[int]()

        def shift() -> None:
            counts.append(act_on_events(at=NOON))
            connections.close_all()

        thread = Thread(target=shift)
        thread.start()
        thread.join()
        assert counts == [0]
    assert act_on_events(at=NOON) == 1
    assert amounts() == [400]


def test_the_card_tells_an_order_once(secret: str) -> None:
    sent(secret, order(products=[article("A", 9.5)]), done("Product Viewed"))
    act_on_events(at=NOON)
    card = open_card(number(), by=DORA, because="order", at=NOON + timedelta(minutes=1))
    assert sorted(one.kind for one in card.timeline.moments if one.kind in ("bought", "event")) == ["bought", "event"]


def test_a_complaint_on_the_web_is_a_task_once(secret: str) -> None:
    say_rule_on_events(COMPLAINT, by=STEN, at=NOON)
    sent(secret, done("complaint_made"), done("Complaint Made"), done("Seen"))
    act_on_events(at=NOON)
    act_on_events(at=NOON)
    task = Task.objects.get()
    assert (task.kind, task.because["rule"], task.customer.name) == ("complaint", "Complaints on the web", "Ann Archer")


def test_an_event_of_long_ago_makes_no_task(secret: str) -> None:
    say_rule_on_events(COMPLAINT, by=STEN, at=NOON)
    sent(secret, done("Complaint Made", at=NOON - timedelta(days=400)))
    act_on_events(at=NOON)
    assert not Task.objects.exists()


def test_a_basket_left_standing_is_a_call_for_ann_who_allows_it_and_none_for_bob(secret: str) -> None:
    say_rule_on_events(BASKET, by=STEN, at=NOON)
    sent(secret, done("Product Added"), done("Product Added", "M-2"))
    act_on_events(at=NOON)
    act_on_events(at=NOON + timedelta(minutes=59))
    assert EventWait.objects.count() == 2
    assert not Task.objects.exists()
    act_on_events(at=NOON + timedelta(minutes=61))
    assert [*Task.objects.values_list("customer__name", "kind")] == [("Ann Archer", "call_back")]
    assert not EventWait.objects.exists()


def test_who_orders_in_time_is_not_called(secret: str) -> None:
    say_rule_on_events(BASKET, by=STEN, at=NOON)
    soon = NOON + timedelta(minutes=20)
    sent(secret, done("Product Added"))
    act_on_events(at=NOON)
    sent(secret, order(total=4, at=soon), at=soon)
    act_on_events(at=NOON + timedelta(hours=2))
    assert not Task.objects.exists()


def test_a_rule_that_has_ended_does_nothing_more(secret: str) -> None:
    made = say_rule_on_events(COMPLAINT, by=STEN, at=NOON)
    take_rule_back(made, by=STEN, at=NOON)
    assert not sent(secret, done("Complaint Made")).news
    act_on_events(at=NOON)
    assert not Task.objects.exists()


def test_who_is_erased_meanwhile_leaves_neither_order_nor_task(secret: str) -> None:
    say_rule_on_events(COMPLAINT, by=STEN, at=NOON)
    say_rule_on_events(BASKET, by=STEN, at=NOON)
    sent(secret, done("Product Added"))
    act_on_events(at=NOON)
    sent(secret, order(total=4), done("Complaint Made"))
    erase_customer(number(), by=EMIL, because="asked to", reference="R-1", at=NOON)
    act_on_events(at=NOON + timedelta(hours=2))
    assert amounts() == []
    assert not Task.objects.filter(state="open").exists()
    assert not EventWait.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "}, {"event": "x" * 201}, {"task": "dance"}, {"wait_minutes": 5}, {"unless": "Seen"},
        {"due_days": -1}, {"purpose": "fun"}, {"name": "a\x00b"},
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(secret: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="event_rule_unfit"):
        say_rule_on_events(COMPLAINT._replace(**wrong), by=STEN, at=NOON)


def test_rules_are_the_stewards(secret: str) -> None:
    with pytest.raises(Denied):
        say_rule_on_events(COMPLAINT, by=MIA, at=NOON)
