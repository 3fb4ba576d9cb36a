"""Streams over HTTP: the client everybody has, whatever anybody sends, and keys that end."""

import base64
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
import schemathesis
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from regulars.desks.api import stream_door
from regulars.desks.api.stream_door import StreamDoor
from regulars.desks.shared.turns import READERS
from regulars.journeys.act_on_events import act_on_events, hear_of_events
from regulars.journeys.open_stream import give_write_key, take_write_key_back
from regulars.journeys.receive_events import LARGEST_BATCH
from regulars.journeys.tell_people import tell_people
from regulars.records.customers.models import Customer, CustomerRef
from regulars.records.events import keeping
from regulars.records.events.models import Event, EventBatch
from regulars.records.intake.actions import ensure_source
from regulars.records.orders.models import OrderLine
from regulars.records.set_aside.models import RefusedRow
from tests.browser import served
from tests.cast import NOON, STEN
from tests.desks.api.programs import program

pytestmark = pytest.mark.usefixtures("house")


def nothing_else(environ: Any, start: Any) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"a page"]


@pytest.fixture
def key(house: None) -> str:
    """The web shop's write key."""
    ensure_source("shop", by=STEN, at=NOON)
    return give_write_key("shop", "site", by=STEN, at=NOON)[1]


def counting(door: StreamDoor, told: list[int]) -> Any:
    """The door, and every status it answers with."""

    def through(environ: Any, start: Any) -> Any:
        return door(environ, lambda status, headers: told.append(int(status[:3])) or start(status, headers))

    return through


class Answer:
    """What came back."""

    def __init__(self, door: StreamDoor, path: str, body: bytes, **environ: Any) -> None:
        said: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "wsgi.input": BytesIO(body)}
        said["CONTENT_LENGTH"] = str(len(body))
        text = b"".join(door(said | environ, self._begun))
        self.told = json.loads(text) if text and "json" in self.headers["Content-Type"] else text

    def _begun(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = int(status[:3]), dict(headers)


def basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


def sent(key: str, call: str, told: Any, door: StreamDoor | None = None, **environ: str) -> Answer:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return Answer(door or StreamDoor(nothing_else), f"/v1/{call}", body, HTTP_AUTHORIZATION=basic(key), **environ)


def batch(*members: Any) -> dict[str, Any]:
    return {"batch": list(members)}


def track(n: int) -> dict[str, Any]:
    return {"type": "track", "event": "Seen", "userId": f"u{n % 7}", "messageId": f"m-{n}"}


@pytest.mark.parametrize("packed", [False, True])
def test_the_client_everybody_has_only_needs_another_host(key: str, packed: bool) -> None:
    from segment.analytics.client import Client

    failed: list[Any] = []
    with served(StreamDoor(nothing_else)) as where:
        client = Client(key, host=where, gzip=packed, on_error=lambda error, items: failed.append(error))
        client.track(anonymous_id="cookie", event="Product Viewed", properties={"sku": "A-1", "note": "for Ann"})
        client.identify(user_id="M-1", anonymous_id="cookie", traits={"email": "ann@example.com", "name": "Ann Archer"})
        client.page(user_id="M-1", name="Home", properties={"path": "/"})
        client.screen(user_id="M-1", name="Home")
        client.group(user_id="M-1", group_id="G-1", traits={"plan": "b"})
        client.alias(previous_id="cookie-2", user_id="M-1")
        client.track(user_id="M-1", event="Order Completed", properties={"revenue": 9.5, "gift_for": "my mother"})
        client.flush()
        client.join()
    assert not failed
    tell_people(at=timezone.now())
    who = Customer.objects.get()
    assert (who.name, CustomerRef.objects.get().ref) == ("Ann Archer", "M-1")
    assert sorted(Event.objects.filter(customer=who).values_list("kind", flat=True)) == [
        "app",
        "order",
        "web",
        "web",
        "web",
    ]
    assert EventBatch.objects.get().refused == 0


def test_a_month_that_many_open_at_once_is_open(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    door, got = StreamDoor(nothing_else), list[int]()
    monkeypatch.setattr(keeping, "_months", months_forgotten())

    def send(n: int) -> None:
        for month in range(1, 13):
            members = [track(n * 100 + month) | {"timestamp": f"2019-{month:02}-03T00:00:00Z"}]
            got.append(sent(key, "batch", batch(*members), door).status)
        connections.close_all()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(got) == {200}


def months_forgotten() -> set[Any]:
    """As if each batch came to a process of its own."""

    class Forgetting(set[Any]):
        def add(self, _month: Any) -> None:
            """Remembers nothing."""

    return Forgetting()


def test_concurrent_retries_are_kept_once(key: str) -> None:
    door, told = StreamDoor(nothing_else), batch(*(track(n) for n in range(200)))
    got: list[Answer] = []
    shuffled = [random.Random(n).sample(told["batch"], 200) for n in range(6)]

    def send(members: list[Any]) -> None:
        got.append(sent(key, "batch", batch(*members), door))
        connections.close_all()

    threads = [threading.Thread(target=send, args=(members,)) for members in shuffled]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.status for one in got] == [200] * 6
    assert sum(one.told["kept"] for one in got) == Event.objects.count() == 200


TIMED = b'{"type": "track", "event": "a", "userId": "u", "timestamp": "2026-03-01T00:00:00Z"}'


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (b"", 400), (b"\xff\xfe", 400), (b"{", 400), (b"[" * 100_000, 400), (b"{}", 400), (b"[]", 400), (b"null", 400),
        (b'{"batch": {}}', 400), (b'{"batch": []}', 200), (b'{"batch": [null, 1, "x", []]}', 200),
        (b'{"batch": [' + b"1," * 9_000 + b"1]}", 400), (b" " * (LARGEST_BATCH + 1), 413),
        (b'{"batch": ' + b"[" * 900 + b"]" * 900 + b"}", 200), (b'{"batch": ["' + b'\\"' * 9_000, 400),
        (b'{"sentAt": "9999-12-31T23:59:59Z", "batch": [%b]}' % TIMED, 200),
    ],
)  # fmt: skip
def test_whatever_is_sent_is_answered(key: str, told: bytes, status: int) -> None:
    assert sent(key, "batch", told).status == status


@pytest.mark.parametrize(
    "wrong",
    [
        b'{"a":' * 300 + b"1" + b"}" * 300, b'{"note": "\\ud83d", "score": "\\ud83d"}', b'{"note": "\xed\xa0\xbd"}',
        b'{"revenue": NaN, "price": -Infinity}', b'{"order_id": 1e999}', b'{"order_id": ' + b"9" * 400 + b"}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("call", ["track", "identify", "dance"])
def test_one_event_that_is_written_badly_costs_its_neighbours_nothing(key: str, wrong: bytes, call: str) -> None:
    bad = b'{"type": "%b", "event": "Seen", "userId": "u1", "traits": %b, "properties": %b}' % (
        call.encode(),
        wrong,
        wrong,
    )
    got = sent(key, "batch", b'\xef\xbb\xbf{"batch": [' + bad + b", " + json.dumps(track(1)).encode() + b"]}")
    assert got.status == 200 and Event.objects.filter(name="Seen").exists()
    read = not (call == "dance" or wrong.startswith(b'{"a":{'))
    assert [one["position"] for one in got.told["refused"]] == ([] if read else [0])
    assert tell_people(at=timezone.now())
    if call == "track" and wrong.startswith(b'{"a":{'):
        assert got.told["refused"] == [{"position": 0, "reason": "event_too_deep"}]
        assert [one.reason for one in RefusedRow.objects.all()] == ["event_too_deep"]


def test_half_a_letter_in_the_body_is_read_as_one_that_is_none(key: str) -> None:
    assert sent(key, "track", b'{"event": "Seen \\ud83d", "userId": "u"}').status == 200
    assert Event.objects.get().name == "Seen \ufffd"


def test_two_ids_that_are_damaged_alike_are_not_one(key: str) -> None:
    got = sent(key, "track", b'{"event": "Seen", "userId": "u\\ud83d"}')
    assert (got.status, got.told["code"]) == (400, "event_id_unreadable")


def test_packed_gigabytes_are_not_unpacked(key: str) -> None:
    assert sent(key, "batch", gzip.compress(b" " * 50_000_000), HTTP_CONTENT_ENCODING="gzip").status == 413
    assert sent(key, "batch", b"no gzip", HTTP_CONTENT_ENCODING="gzip").status == 400
    assert sent(key, "batch", gzip.compress(b'{"batch": []}')[:-9], HTTP_CONTENT_ENCODING="gzip").status == 400
    assert sent(key, "batch", b"{}", HTTP_CONTENT_ENCODING="br").status == 415


def test_one_event_that_is_too_large_is_refused_and_in_a_batch_set_aside(key: str) -> None:
    large = track(1) | {"properties": {"text": "x" * 33_000}}
    assert sent(key, "track", large).status == 413
    got = sent(key, "batch", batch(large, track(2)))
    assert (got.told["kept"], got.told["refused"]) == (1, [{"position": 0, "reason": "event_too_large"}])


def test_a_single_event_says_why_it_is_refused(key: str) -> None:
    got = sent(key, "track", {"userId": "a"})
    assert (got.status, got.told["code"]) == (400, "event_without_name")
    assert not Event.objects.exists()


def test_keys_open_nothing_when_they_are_wrong_or_over(key: str) -> None:
    door = StreamDoor(nothing_else)
    assert sent("wk_wrong", "batch", batch(), door).status == 401
    assert Answer(door, "/v1/batch", b"{}").status == 401
    assert Answer(door, "/v1/batch", b"{}", HTTP_AUTHORIZATION="Basic \xff").status == 401
    in_body = json.dumps({"writeKey": key, **track(1)}).encode()
    assert Answer(door, "/v1/track", in_body).status == 200
    take_write_key_back(EventBatch.objects.get().write_key_id or 0, by=STEN, at=NOON)
    assert sent(key, "batch", batch(track(2)), door).status == 401


def test_a_flood_is_told_to_wait(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, slow = give_write_key("shop", "till", rate=10, by=STEN, at=NOON)
    door = StreamDoor(nothing_else)
    assert sent(slow, "batch", batch(*(track(n) for n in range(20))), door).status == 200
    got = sent(slow, "batch", batch(*(track(n) for n in range(20, 30))), door)
    assert (got.status, got.headers["Retry-After"]) == (429, "1")
    assert sent(key, "batch", batch(track(99)), door).status == 200, "another key is not made to wait"


class Dripping(BytesIO):
    """A body that is on its way until it is over."""

    def __init__(self, over: threading.Event) -> None:
        super().__init__(b"{}")
        self._over = over

    def read(self, size: int | None = -1) -> bytes:
        self._over.wait(20)
        return super().read(size)


def test_strangers_whose_bodies_never_end_keep_no_batch_waiting_and_no_more_of_them_are_let_in(key: str) -> None:
    """Nor do pages and streams together hold more threads with bodies on their way than may be."""
    over, arriving = threading.Event(), threading.BoundedSemaphore(READERS)
    door = StreamDoor(nothing_else, arriving=arriving)

    def stalls() -> None:
        Answer(door, "/v1/track", b"{}", **{"wsgi.input": Dripping(over)})
        connections.close_all()

    slow = [threading.Thread(target=stalls) for _ in range(READERS - 1)]
    for one in slow:
        one.start()
    while arriving._value > 1:
        time.sleep(0.005)
    begun = time.monotonic()
    assert sent(key, "batch", batch(track(1)), door).status == 200
    with arriving:  # a file on its way to a page
        got = sent(key, "batch", batch(track(2)), door)
    assert (got.status, got.told["code"], got.headers["Retry-After"]) == (503, "too_many_at_once", "1")
    assert time.monotonic() - begun < 5, "nobody waited"
    over.set()
    for one in slow:
        one.join(10)
    assert sent(key, "batch", batch(track(2)), door).status == 200


def test_other_addresses_and_methods(key: str) -> None:
    door = StreamDoor(nothing_else)
    assert Answer(door, "/customers/", b"").told == b"a page"
    assert Answer(door, "/v1/dance", b"").status == 404
    assert Answer(door, "/v1/batch", b"", REQUEST_METHOD="GET").status == 405
    crossing = Answer(door, "/v1/batch", b"", REQUEST_METHOD="OPTIONS")
    assert (crossing.status, crossing.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert crossing.headers["X-Content-Type-Options"] == "nosniff"


def test_a_database_that_is_away_is_told_so_and_nothing_is_said_to_be_kept(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def away(*_said: Any, **_more: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(stream_door, "receive_events", away)
    got = sent(key, "batch", batch(track(1)))
    assert (got.status, got.headers["Retry-After"]) == (503, "5")


def test_keys_are_given_listed_and_ended_over_the_api(house: None) -> None:
    steward, marketer = program("steward"), program("marketer")
    ensure_source("shop", by=STEN, at=NOON)
    made = steward.post("/write-keys", {"source": "shop", "name": "site"})
    assert made.status == 201
    assert sent(made.told["write_key"], "batch", batch(track(1))).status == 200
    (line,) = steward.get("/write-keys").told
    assert (line["source_ref"], line["hint"], line["kept"]) == ("shop", made.told["write_key"][:8], 1)
    assert made.told["write_key"] not in json.dumps(line)
    assert marketer.get("/write-keys").status == 403
    read = steward.put("/sources/shop/stream", {"kind": "till", "categories": ["Analytics"], "opened": ["dish"]})
    assert read.told["said"]["kind"] == "till"
    assert steward.delete(f"/write-keys/{made.told['id']}").status == 204
    assert steward.delete(f"/write-keys/{made.told['id']}").status == 404


KILLED = """
import django; django.setup()
import sys
from regulars.desks.api.stream_door import StreamDoor
from tests.desks.api.test_stream_door import batch, nothing_else, sent, track
door = StreamDoor(nothing_else)
print("sending", flush=True)
for n in range(0, 100_000, 50):
    got = sent(sys.argv[1], "batch", batch(*(track(m) for m in range(n, n + 50))), door)
    print(n if got.status == 200 else f"not {n} {got.status}", flush=True)
"""


def test_what_was_confirmed_is_there_after_kill_9(key: str) -> None:
    confirmed: set[int] = set()
    for seconds in (0.3, 1.1):
        words = [sys.executable, "-W", "ignore", "-c", KILLED, key]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=os.environ) as sender:
            assert sender.stdout is not None
            assert sender.stdout.readline() == "sending\n"
            time.sleep(seconds)
            sender.send_signal(signal.SIGKILL)
            confirmed |= {int(line) for line in sender.stdout if line.strip().isdecimal()}
    assert confirmed
    so_far = 50 * len(confirmed)
    assert Event.objects.count() in (so_far, so_far + 50)
    for n in range(0, so_far + 50, 50):
        sent(key, "batch", batch(*(track(m) for m in range(n, n + 50))))
    assert Event.objects.count() == so_far + 50


@pytest.fixture
def description(key: str) -> Iterator[Callable[..., Any]]:
    yield schemathesis.openapi.from_wsgi("/v1/openapi.json", StreamDoor(nothing_else))


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_the_description_is_kept_whatever_is_sent(description: Any, key: str, mode: Any) -> None:
    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    for operation in (found.ok() for found in description.get_all_operations()):

        @settings(
            max_examples=20, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            case.call_and_validate(headers={"Authorization": basic(key)}, checks=checks)

        ask()


def test_in_a_flood_the_client_everybody_has_loses_nothing(house: None) -> None:
    """Told to wait it waits, and in the end every order is in the book, once."""
    from segment.analytics.client import Client

    ensure_source("shop", by=STEN, at=NOON)
    hear_of_events(at=timezone.now())
    _, slow = give_write_key("shop", "site", rate=150, by=STEN, at=NOON)
    failed: list[Any] = []
    told: list[int] = []
    with served(counting(StreamDoor(nothing_else), told)) as where:
        client = Client(slow, host=where, upload_size=60, on_error=lambda error, items: failed.append(error))
        for n in range(600):
            client.track(user_id=f"u{n % 9}", event="Order Completed", properties={"order_id": f"o{n}", "revenue": 1})
        client.flush()
        client.join()
    assert failed == []
    assert told.count(429) >= 1
    assert Event.objects.count() == 600
    tell_people(at=timezone.now())
    act_on_events(at=timezone.now())
    assert OrderLine.objects.values("order_ref").distinct().count() == OrderLine.objects.count() == 600
