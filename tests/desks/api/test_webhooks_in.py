"""Webhooks come in: believed by their signature, once for ever, read by a mapping, set aside with their reason."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from regulars.desks.api import stream_door
from regulars.desks.api.stream_door import StreamDoor
from regulars.journeys.act_on_events import act_on_events, hear_of_events
from regulars.journeys.receive_webhook import give_webhook, renew_webhook, say_mapping, take_webhook_back, try_webhook
from regulars.journeys.tell_people import tell_people
from regulars.records.customers.models import Customer
from regulars.records.events.models import Event, WebhookIn
from regulars.records.intake.actions import ensure_source
from regulars.records.intake.models import SourceTask
from regulars.records.intake.source_tasks import source_tasks
from regulars.records.orders.models import OrderLine
from regulars.records.set_aside.models import RefusedRow
from regulars.rules.events.orders import OrderTold
from regulars.rules.events.signatures import signature
from regulars.rules.permission.errors import BadInput
from tests.cast import MIA, NOON, STEN
from tests.desks.api.programs import program
from tests.desks.api.test_stream_door import Answer, nothing_else

pytestmark = pytest.mark.usefixtures("house")
SHOP = {
    "event": "topic", "'orders/create'": "'Order Completed'", "userId": "order.customer.id", "timestamp": "order.at",
    "properties.order_id": "order.id", "properties.products[].sku": "order.lines[].code",
    "properties.products[].price": "order.lines[].price", "traits.email": "order.customer.mail",
}  # fmt: skip


@pytest.fixture
def hook(house: None) -> tuple[int, str, str]:
    """Number, address and secret of the shop's webhook."""
    ensure_source("shop", by=STEN, at=NOON)
    return give_webhook("shop", "orders", by=STEN, at=NOON)


def order(**more: Any) -> dict[str, Any]:
    lines = [{"code": "A", "price": "9.50", "title": "Blue shirt"}, {"code": "B", "price": "1.00"}]
    who = {"id": 7, "mail": "ann@example.com"}
    return {"topic": "orders/create", "order": {"id": 820982911946154508, "lines": lines, "customer": who} | more}


def sent(
    address: str, secret: str, told: Any, *, number: str = "msg_1", age: int = 0, door: StreamDoor | None = None,
    prefix: str = "WEBHOOK",
) -> Answer:  # fmt: skip
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    at = int(timezone.now().timestamp()) - age
    said = {"ID": number, "TIMESTAMP": str(at), "SIGNATURE": signature(secret, number, at, body)}
    headers = {f"HTTP_{prefix}_{name}": value for name, value in said.items()}
    return Answer(door or StreamDoor(nothing_else), f"/v1/hooks/{address}", body, **headers)


def test_an_order_of_a_shop_that_signs_is_an_order_of_its_customer(hook: tuple[int, str, str]) -> None:
    number, address, secret = hook
    hear_of_events(at=timezone.now())
    say_mapping(number, SHOP, by=STEN, at=NOON)
    got = sent(address, secret, order())
    assert (got.status, got.told["kept"], got.told["refused"]) == (200, 1, [])
    tell_people(at=timezone.now())
    act_on_events(at=timezone.now())
    assert sorted(OrderLine.objects.values_list("amount_minor", flat=True)) == [100, 950]
    assert OrderLine.objects.all()[0].customer_id == Customer.objects.get().id


def test_a_message_is_one_however_often_it_is_played_back(hook: tuple[int, str, str]) -> None:
    _, address, secret = hook
    told = {"type": "seen", "data": {"customer_id": "M-1"}}
    counts = [sent(address, secret, told, prefix=prefix).told["kept"] for prefix in ("WEBHOOK", "SVIX", "WEBHOOK")]
    assert counts == [1, 0, 0]
    assert sent(address, secret, told, number="msg_2").told["kept"] == 1


def test_what_is_not_signed_rightly_and_in_time_is_not_believed(hook: tuple[int, str, str]) -> None:
    _, address, secret = hook
    other = give_webhook("shop", "other", by=STEN, at=NOON)[2]
    told = {"type": "seen", "data": {"customer_id": "M-1"}}
    assert sent(address, other, told).told["code"] == "webhook_wrong_signature"
    for age in (301, -301):
        assert sent(address, secret, told, age=age).told["code"] == "webhook_out_of_time"
    bare = Answer(StreamDoor(nothing_else), f"/v1/hooks/{address}", b"{}")
    assert (bare.status, bare.told["code"]) == (401, "webhook_unsigned")
    assert not Event.objects.exists()


def test_two_secrets_hold_for_a_day_and_no_longer(hook: tuple[int, str, str]) -> None:
    number, address, secret = hook
    renewed = renew_webhook(number, by=STEN, at=timezone.now())
    told = {"type": "seen", "data": {"customer_id": "M-1"}}
    assert [sent(address, one, told, number=one).status for one in (secret, renewed)] == [200, 200]
    WebhookIn.objects.update(previous_until=timezone.now() - timedelta(seconds=1))
    assert [sent(address, one, told, number=f"{one}2").status for one in (secret, renewed)] == [401, 200]


def test_what_has_ended_is_as_if_it_never_was(hook: tuple[int, str, str]) -> None:
    number, address, secret = hook
    never = sent("x" * 32, secret, {"type": "seen"})
    take_webhook_back(number, by=STEN, at=NOON)
    ended = sent(address, secret, {"type": "seen"})
    assert (ended.status, ended.told) == (never.status, never.told) == (404, ended.told)
    assert WebhookIn.objects.get().sealed is None


@pytest.mark.parametrize("told", [{}, [], 3, None, "x", {"type": 7}, {"type": "seen"}, {"type": "x" * 300}])
def test_what_cannot_be_read_is_set_aside_and_not_sent_again(hook: tuple[int, str, str], told: Any) -> None:
    got = sent(hook[1], hook[2], told)
    assert (got.status, got.told["kept"], len(got.told["refused"])) == (200, 0, 1)
    assert RefusedRow.objects.count() == 1


def test_what_is_no_json_is_told_so_and_what_is_too_large_is_not_read(hook: tuple[int, str, str]) -> None:
    assert sent(hook[1], hook[2], b"{").status == 400
    assert sent(hook[1], hook[2], b"[" + b" " * stream_door.LARGEST_MESSAGE + b"]").status == 413


def test_a_message_that_is_nested_too_deep_is_set_aside_and_half_a_letter_is_read(hook: tuple[int, str, str]) -> None:
    who = b'{"type": "seen", "data": {"customer_id": "M-1", "note": %b}}'
    deep = sent(hook[1], hook[2], who % (b"[" * 300 + b"]" * 300))
    assert (deep.status, deep.told["refused"]) == (200, [{"position": 0, "reason": "event_too_deep"}])
    assert sent(hook[1], hook[2], who % b'"\\ud83d"', number="msg_2").told["kept"] == 1


def test_a_flood_is_told_when_to_come_again(hook: tuple[int, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_door, "HOOK_RATE", 1)
    door, told = StreamDoor(nothing_else), {"type": "seen", "data": {"customer_id": "M-1"}}
    got = [sent(hook[1], hook[2], told, number=f"m-{n}", door=door) for n in range(4)]
    assert [one.status for one in got] == [200, 200, 429, 429]
    assert int(got[-1].headers["Retry-After"]) >= 1


def test_a_mapping_is_tried_before_it_is_kept(hook: tuple[int, str, str]) -> None:
    track, identify = try_webhook(hook[0], order(), SHOP, by=STEN, at=NOON)
    assert isinstance(track.order, OrderTold)
    assert sum(line.amount_minor for line in track.order.lines) == 1050
    assert identify.customer == {"email": "ann@example.com"}
    (none,) = try_webhook(hook[0], {"topic": "orders/create"}, {"event": "topic"}, by=STEN, at=NOON)
    assert (none.event, none.reason) == (None, "event_without_person")
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"userId": "a"}, {"event": ""}, {"event": "a", "dance": "b"}, {"event": "a", "type": "data.type"},
        {"event": "a", "properties.a[].b": "c"}, {"event": "a", "'x'": "y"}, {"event": "a" * 201}, {"event": "\x00"},
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_is_refused(hook: tuple[int, str, str], wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="mapping_unfit"):
        say_mapping(hook[0], wrong, by=STEN, at=NOON)


def test_webhooks_over_the_api(hook: tuple[int, str, str]) -> None:
    steward, marketer = program("steward"), program("marketer")
    made = steward.post("/webhooks-in", {"source": "shop", "name": "mail"})
    assert (made.status, made.told["path"][:10]) == (201, "/v1/hooks/")
    number = made.told["id"]
    assert steward.put(f"/webhooks-in/{number}/mapping", {"mapping": SHOP}).status == 204
    tried = steward.post(f"/webhooks-in/{number}/try", {"message": order()})
    assert tried.told["members"][0]["order"]["ref"] == "820982911946154508"
    assert steward.post(f"/webhooks-in/{number}/secret", {}).told["secret"].startswith("whsec_")
    lines = {one["id"]: one for one in steward.get("/webhooks-in").told}
    assert lines[number]["mapping"] == SHOP
    assert made.told["secret"] not in json.dumps(lines)
    assert marketer.get("/webhooks-in").status == 403
    assert [steward.delete(f"/webhooks-in/{number}").status for _ in range(2)] == [204, 404]


def test_a_marketer_opens_none(hook: tuple[int, str, str]) -> None:
    from regulars.rules.permission.errors import Denied

    with pytest.raises(Denied):
        give_webhook("shop", "mine", by=MIA, at=NOON)


def test_messages_of_another_form_are_not_read_half_and_whoever_answers_for_them_hears_of_it(
    hook: tuple[int, str, str],
) -> None:
    number, address, secret = hook
    say_mapping(number, SHOP, by=STEN, at=NOON)
    moved = {"topic": "orders/create", "sale": order()["order"]}
    with pytest.raises(BadInput, match="message_changed"):
        try_webhook(number, moved, by=STEN, at=NOON)
    assert source_tasks(by=STEN) == []
    got = sent(address, secret, moved)
    assert got.status == 400 and not Event.objects.exists()
    [task] = source_tasks(by=STEN)
    assert (task.source_ref, task.kind) == ("shop", "message_changed") and "properties.order_id" in task.told["fields"]
    sent(address, secret, {"subject": "orders/create"}, number="msg_2")
    assert not Event.objects.exists() and RefusedRow.objects.count() == 1
    say_mapping(number, {field: place.replace("order.", "sale.") for field, place in SHOP.items()}, by=STEN, at=NOON)
    assert source_tasks(by=STEN) == []
    assert sent(address, secret, moved).told["kept"] == 1


def test_nobody_has_to_look_at_messages_of_a_webhook_that_was_taken_back(hook: tuple[int, str, str]) -> None:
    number, address, secret = hook
    say_mapping(number, SHOP, by=STEN, at=NOON)
    assert sent(address, secret, {"topic": "orders/create", "sale": order()["order"]}).status == 400
    assert source_tasks(by=STEN)
    take_webhook_back(number, by=STEN, at=NOON)
    assert source_tasks(by=STEN) == [] and SourceTask.objects.get().closed_at == NOON


def test_a_message_of_another_event_lacks_what_only_one_of_them_tells(hook: tuple[int, str, str]) -> None:
    number, address, secret = hook
    survey = {"event": "topic", "userId": "guest", "properties.score": "score"}
    say_mapping(number, survey | {"'stay.ended'": "'Stay Ended'", "'survey.answered'": "'Answered'"}, by=STEN, at=NOON)
    assert sent(address, secret, {"topic": "stay.ended", "guest": "7", "room": 12}).told["kept"] == 1
    say_mapping(number, survey, by=STEN, at=NOON)
    assert sent(address, secret, {"topic": "stay.ended", "guest": "7"}, number="msg_2").told["kept"] == 1
    assert source_tasks(by=STEN) == []
    assert sent(address, secret, {"topic": "survey.answered", "guest": "7", "mark": 3}, number="msg_3").status == 400
