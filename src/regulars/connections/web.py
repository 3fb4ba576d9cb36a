"""One question to an address of the web, by Python's own client: it asks through the proxy that the machine names.

No detours: who is sent elsewhere was not answered. No waiting without end, and no answer without end.
"""

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Timer
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, Request, build_opener


class WebAway(Exception):
    """No answer came; says what kind of failure it was, and never the address."""


class WebRefused(Exception):
    """An answer came that is no yes: its HTTP status."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"answered {status}")


def web_host(address: str) -> str:
    """The host of a web address; "" for what is none.

    >>> web_host("https://user:pass@log.example/x"), web_host("file:///etc/passwd"), web_host("http://[::1")
    ('log.example', '', '')
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("https", "http") else ""


def ask_web(
    address: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None, seconds: float, most: int
) -> bytes:
    """The first `most` bytes of the answer to a GET, or to a POST of `body`. WebRefused unless it is 2xx, WebAway.

    Whoever lets us wait so many seconds for the connection, the head or the body is away, even while bytes drip in.
    """
    if not web_host(address):
        raise WebAway("no web address")
    request = Request(address, data=body, headers=dict(headers or {}))  # noqa: S310 - the web only, see above
    try:
        with build_opener(_NoDetour, _Plain, _Locked).open(request, timeout=seconds) as answer:
            return _read_in_time(answer, seconds, most)
    except HTTPError as error:
        error.close()
        raise WebRefused(error.code) from None
    except (OSError, ValueError, HTTPException) as error:
        raise WebAway(_in_words(getattr(error, "reason", error))) from None


def _in_words(error: object) -> str:
    """The system's own words, which name no address; the kind of failure where there are none, or they may.

    >>> _in_words(ConnectionRefusedError(111, "Connection refused")), _in_words(ValueError("https://x.example"))
    ('Connection refused', 'ValueError')
    """
    systems = isinstance(error, ConnectionError | TimeoutError | socket.gaierror)
    return (error.strerror if systems else "") or type(error).__name__  # type: ignore[attr-defined]


def _read_in_time(answer: HTTPResponse, seconds: float, most: int) -> bytes:
    said, until = b"", time.monotonic() + seconds
    while len(said) < most and (piece := answer.read1(most - len(said))):
        said += piece
        if time.monotonic() > until:
            raise TimeoutError
    return said


class _HangsUp:
    """The connection is cut when the time for the answer's head is up: its own timeout begins anew at each byte."""

    def do_open(self, http_class: Any, req: Request, **more: Any) -> Any:
        clocks: list[Timer] = []
        cut: list[HTTPConnection] = []

        def timed(host: str, **said: Any) -> HTTPConnection:
            connection: HTTPConnection = http_class(host, **said)
            clocks.append(Timer(said["timeout"], _hang_up, [connection, cut]))
            clocks[-1].start()
            return connection

        try:
            answer = super().do_open(timed, req, **more)  # type: ignore[misc]
        finally:
            for clock in clocks:
                clock.cancel()
        if cut:  # half a head looks like a whole one
            answer.close()
            raise TimeoutError
        return answer


class _Plain(_HangsUp, HTTPHandler): ...


class _Locked(_HangsUp, HTTPSHandler): ...


def _hang_up(connection: HTTPConnection, cut: list[HTTPConnection]) -> None:
    cut.append(connection)
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


class _NoDetour(HTTPRedirectHandler):
    """A redirected message would be a GET somewhere else: refused."""

    def redirect_request(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str) -> None:
        """Follow nowhere."""
