"""One question to an address of the web, by Python's own client: it asks through the proxy that the machine names.

No detours: who is sent elsewhere was not answered. No waiting without end, and no answer without end.
"""

from collections.abc import Mapping
from email.message import Message
from http.client import HTTPException
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener


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
    """The first `most` bytes of the answer to a GET, or to a POST of `body`. WebRefused unless it is 2xx, WebAway."""
    if not web_host(address):
        raise WebAway("no web address")
    request = Request(address, data=body, headers=dict(headers or {}))  # noqa: S310 - the web only, see above
    try:
        with build_opener(_NoDetour).open(request, timeout=seconds) as answer:
            return bytes(answer.read(most))
    except HTTPError as error:
        error.close()
        raise WebRefused(error.code) from None
    except (OSError, ValueError, HTTPException) as error:
        raise WebAway(type(getattr(error, "reason", error)).__name__) from None


class _NoDetour(HTTPRedirectHandler):
    """A redirected message would be a GET somewhere else: refused."""

    def redirect_request(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str) -> None:
        """Follow nowhere."""
