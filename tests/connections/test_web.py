"""One question to the web: what does not answer as the web answers is said to be away, whatever it sends."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from regulars.connections.company_door.configured import is_safe
from regulars.connections.web import WebAway, WebRefused, ask_web


@contextmanager
def sending(answer: bytes) -> Iterator[str]:
    """The address of somebody who says this to the first who comes, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def say() -> None:
            visitor, _ = door.accept()
            with visitor:
                visitor.recv(65_536)
                visitor.sendall(answer)

        thread = threading.Thread(target=say)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/x?token=secret"
        thread.join()


def test_so_much_of_an_answer_and_no_more() -> None:
    with sending(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef") as address:
        assert ask_web(address, seconds=5, most=4) == b"abcd"


@pytest.mark.parametrize("nonsense", [b"", b"SSH-2.0-OpenSSH\r\n", b"\x00" * 70_000])
def test_who_does_not_speak_as_the_web_does_is_away(nonsense: bytes) -> None:
    with sending(nonsense) as address, pytest.raises(WebAway) as told:
        ask_web(address, seconds=5, most=1 << 20)
    assert "secret" not in str(told.value)


def test_a_detour_is_a_refusal() -> None:
    elsewhere = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n"
    with sending(elsewhere) as address, pytest.raises(WebRefused) as told:
        ask_web(address, body=b"{}", seconds=5, most=1)
    assert told.value.status == 302


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x.example/y", "http://[::1", "nothing", ""])
def test_only_the_web_is_asked(address: str) -> None:
    with pytest.raises(WebAway, match="no web address"):
        ask_web(address, seconds=5, most=1)


@pytest.mark.parametrize("address", ["https://login.example.com", "http://127.0.0.1:9000", "http://localhost/x"])
def test_a_provider_is_asked_where_nobody_reads_along(address: str) -> None:
    assert is_safe(address)


@pytest.mark.parametrize("address", ["http://login.example.com", "https://", "https://[::1", "file:///x", ""])
def test_a_provider_is_asked_nowhere_else(address: str) -> None:
    assert not is_safe(address)


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"])
def test_who_speaks_too_slowly_is_away(head: bytes) -> None:
    """A byte now and then keeps a timeout of the socket from ever coming."""
    with socket.create_server(("127.0.0.1", 0)) as door, suppress(OSError):
        asked = threading.Thread(target=drip, args=(door, head))
        asked.start()
        begun = time.monotonic()
        with pytest.raises(WebAway):
            ask_web(f"http://127.0.0.1:{door.getsockname()[1]}/", seconds=0.5, most=1 << 20)
        assert time.monotonic() - begun < 3
        asked.join()


def drip(door: socket.socket, head: bytes) -> None:
    visitor, _ = door.accept()
    with visitor, suppress(OSError):
        visitor.recv(65_536)
        visitor.sendall(head)
        for _ in range(40):
            visitor.sendall(b"x")
            time.sleep(0.1)
