"""Pages take turns; what is slow never stands in the way of what is quick."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from io import BytesIO
from typing import Any
from urllib.request import urlopen

import pytest

from regulars.desks.api import stream_door
from regulars.desks.shared.turns import READERS, SMALL, THREADS, InTurn, Turns
from tests.desks.visitors import signed_in
from tests.story import shop, wanqing

CARD = "/customers/C-20418/"
SOON = 3.0  # seconds: generous, where a page that had to wait for the slow would wait for ever


def together(work: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=work, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
        time.sleep(0.005)  # they come one after the other
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def test_no_more_are_at_work_than_there_are_places_and_the_first_come_first() -> None:
    turns, counting = Turns(2, lease=10), threading.Lock()
    at_work, most = 0, 0
    order: list[int] = []

    def work(number: int) -> None:
        nonlocal at_work, most
        with turns.taken():
            with counting:
                at_work += 1
                most = max(most, at_work)
                order.append(number)
            time.sleep(0.02)
            with counting:
                at_work -= 1

    together(work, 10)
    assert (most, sorted(order)) == (2, list(range(10)))
    assert all(abs(number - place) <= 1 for place, number in enumerate(order)), order  # two may begin together


def test_who_takes_long_goes_on_but_the_turn_passes() -> None:
    turns, over, began = Turns(1, lease=0.05), threading.Event(), time.monotonic()

    def slow() -> None:
        with turns.taken():
            over.wait(10)

    threads = [threading.Thread(target=slow) for _ in range(3)]
    for thread in threads:
        thread.start()
    with turns.taken():
        waited = time.monotonic() - began
    assert waited < SOON
    assert all(thread.is_alive() for thread in threads)
    over.set()
    for thread in threads:
        thread.join(10)


def test_a_mistake_gives_the_turn_back() -> None:
    turns = Turns(1, lease=60)
    for _ in range(3):
        with pytest.raises(LookupError), turns.taken():
            raise LookupError


class Dripping(BytesIO):
    """A body that does not come to its end before it is told to."""

    def __init__(self, over: threading.Event) -> None:
        super().__init__()
        self._over = over

    def read(self, size: int | None = -1) -> bytes:
        self._over.wait(10)
        return b"x" * max(size or 0, 0)


def answered(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    """An application that reads what it is sent."""
    start("200 OK", [])
    return [environ["wsgi.input"].read() if environ.get("CONTENT_LENGTH") else b"page"]


def asked(app: InTurn, **environ: object) -> tuple[str, bytes]:
    said: list[str] = []
    body = b"".join(app({"REQUEST_METHOD": "POST", **environ}, lambda status, _headers: said.append(status)))
    return said[0], body


@pytest.mark.parametrize("length", [10, SMALL + 1])
def test_slow_bodies_take_no_turn_and_only_so_many_are_let_in(length: int) -> None:
    app, over = InTurn(answered, turns=Turns(1, lease=60)), threading.Event()
    slow = {"CONTENT_LENGTH": str(length), "wsgi.input": Dripping(over)}
    threads = [threading.Thread(target=asked, args=[app], kwargs=slow) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    while app._arriving._value:  # all of them are in
        time.sleep(0.005)
    assert asked(app) == ("200 OK", b"page")
    status, text = asked(app, **slow)
    assert status.startswith("503")
    assert "请稍候再试" in text.decode()
    over.set()
    for thread in threads:
        thread.join(10)
    assert asked(app, CONTENT_LENGTH="4", **{"wsgi.input": BytesIO(b"form")}) == ("200 OK", b"form")


@pytest.mark.parametrize(
    "environ", [{"HTTP_TRANSFER_ENCODING": "chunked"}, {"CONTENT_LENGTH": "-4"}, {"CONTENT_LENGTH": "x"}]
)
def test_a_body_that_does_not_say_its_length_counts_as_large(environ: dict[str, str]) -> None:
    app = InTurn(answered, arriving=threading.Semaphore(0))
    assert asked(app, **environ)[0].startswith("503")


def test_there_are_threads_left_for_those_who_only_look() -> None:
    """However many bodies drip in, and however many batches are kept meanwhile."""
    assert THREADS - READERS - stream_door.AT_ONCE >= 2


@contextmanager
def open_house(host: str = "127.0.0.1") -> Iterator[int]:
    """One process of the real server, with the test's house behind it."""
    with socket.create_server((host.strip("[]"), 0), family=_family(host)) as free:
        port = int(free.getsockname()[1])
    words = ["serve", "--no-jobs", "--workers", "1", "--address", f"{host}:{port}"]
    server = subprocess.Popen(
        [sys.executable, "-m", "regulars.desks.cli", *words], env=dict(os.environ), stdout=subprocess.DEVNULL
    )
    try:
        _until_it_answers(port, host)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _until_it_answers(port: int, host: str) -> None:
    for _ in range(300):
        with socket.socket(_family(host)) as knock:
            if knock.connect_ex((host.strip("[]"), port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def test_it_listens_at_an_address_of_ipv6(house: None) -> None:
    with open_house("[::1]") as port:
        answer = urlopen(f"http://[::1]:{port}/sign-in/", timeout=30)
        assert answer.status == 200


def test_a_card_comes_while_eight_files_come_in_slowly(house: None) -> None:
    wanqing(shop())
    dora = signed_in("dora")
    dora.get(CARD)
    assert "csrftoken" in dora.cookies, "without it a form is refused unread"
    cookies = "; ".join(f"{one.key}={one.value}" for one in dora.cookies.values())
    with open_house() as port, ExitStack() as uploads:
        _card(port, cookies)
        for _ in range(8):
            uploads.enter_context(closing(_slow_upload(port, cookies)))
        time.sleep(0.5)
        began = time.monotonic()
        assert all("陈婉清" in _card(port, cookies) for _ in range(5))
        assert time.monotonic() - began < SOON


def _card(port: int, cookies: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with closing(connection):
        connection.request("GET", CARD, headers={"Cookie": cookies})
        answer = connection.getresponse()
        assert answer.status == 200
        return answer.read().decode()


def _slow_upload(port: int, cookies: str) -> socket.socket:
    """A file of a megabyte of which the first thousand bytes have come."""
    upload = socket.create_connection(("127.0.0.1", port), timeout=20)
    head = (
        f"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\nContent-Length: 1000000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    part = '--b\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n'
    upload.sendall((head + part + "x" * 1000).encode())
    return upload
