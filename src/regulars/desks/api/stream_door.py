"""Where streams come in: a small WSGI application of its own before the pages, for programs that send without pause.

It speaks as Segment's HTTP API does (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/),
so that its clients need only another host. A 200 says that the events are on the disk. What is too large is 413, what
comes too fast 429 with the seconds to wait, what cannot be read 400; single members of a batch that cannot be read are
set aside and named in the answer.
"""

import base64
import binascii
import logging
import math
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import orjson
from django.db import Error, InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from django.utils.translation import override

from regulars.desks.api.stream_description import DESCRIPTION
from regulars.desks.shared.guard import HEADERS
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.turns import READERS
from regulars.journeys.receive_events import LARGEST_BATCH, LARGEST_EVENT, Receipt, receive_events
from regulars.journeys.receive_webhook import LARGEST_MESSAGE, demand_signed, listening_at, receive_webhook
from regulars.records.access_log.actions import note_denial
from regulars.records.company.access import now
from regulars.records.events.write_keys import Recognised, recognise
from regulars.rules.events.body import read_body
from regulars.rules.events.pace import Bucket
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

PREFIX: Final = "/v1/"
CALLS: Final = frozenset({"identify", "track", "page", "screen", "group", "alias", "batch", "import"})
HOOKS: Final = "hooks/"
HOOK_RATE: Final = 2_000  # messages a second of one webhook
#: Where the parts of a signature stand, in the headers of the specification and in those its first program used.
SIGNED: Final = {
    "message_id": ("HTTP_WEBHOOK_ID", "HTTP_SVIX_ID"), "timestamp": ("HTTP_WEBHOOK_TIMESTAMP", "HTTP_SVIX_TIMESTAMP"),
    "signatures": ("HTTP_WEBHOOK_SIGNATURE", "HTTP_SVIX_SIGNATURE"),
}  # fmt: skip
AT_ONCE: Final = 6  # batches under way in one process; each has a connection to the database
PATIENCE: Final = 10.0  # seconds a batch that has arrived waits for its turn
STRANGER: Final = Asker("stranger", "stranger", "none", "none")
STATUS: Final = {
    200: "200 OK", 204: "204 No Content", 400: "400 Bad Request", 401: "401 Unauthorized", 404: "404 Not Found",
    405: "405 Method Not Allowed", 413: "413 Content Too Large", 415: "415 Unsupported Media Type",
    429: "429 Too Many Requests", 500: "500 Internal Server Error", 503: "503 Service Unavailable",
}  # fmt: skip
CROSSING: Final = (
    ("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, Content-Encoding"),
    ("Access-Control-Max-Age", "86400"),
)  # fmt: skip
log = logging.getLogger("regulars.streams")


class Refusal(Exception):
    """The answer is not 200."""

    def __init__(self, status: int, code: str, message: str, *, wait: float = 0.0) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.wait = status, code, message, wait


class StreamDoor:
    """A WSGI application in front of another: what comes to /v1/ is taken here, everything else passes on."""

    def __init__(
        self, application: Application, *, arriving: threading.Semaphore | None = None, shares: int = 1
    ) -> None:
        self._application = application
        self._arriving = arriving or threading.BoundedSemaphore(READERS)
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._shares = shares
        self._buckets: dict[int, Bucket] = {}
        self._lock = threading.Lock()
        self._strangers = Bucket.full(1.0, time.monotonic())

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX):
            return self._application(environ, start)
        try:
            return _answer(start, 200, *self._served(path.removeprefix(PREFIX).rstrip("/"), environ))
        except Refusal as no:
            return _told(start, no)

    def _served(self, call: str, environ: Environ) -> tuple[Mapping[str, Any], ...]:
        method = environ.get("REQUEST_METHOD", "")
        if call == "openapi.json" and method == "GET":
            return (DESCRIPTION,)
        hook = call.removeprefix(HOOKS) if call.startswith(HOOKS) else ""
        if call not in CALLS and not hook:
            raise Refusal(404, "no_such_address", "There is no such address.")
        if method == "OPTIONS":
            return ()
        if method != "POST":
            raise Refusal(405, "method_not_allowed", "Events are sent by POST.")
        if not self._arriving.acquire(blocking=False):
            raise _too_many()
        with ExitStack() as arrives:
            arrives.callback(self._arriving.release)
            return (self._taken("batch" if call == "import" else call, environ, hook, arrives),)

    @contextmanager
    def _turn(self, arrives: ExitStack) -> Iterator[None]:
        """Within, a batch that has arrived has its turn: while it comes in, however slowly, it takes nobody's."""
        if not self._places.acquire(timeout=PATIENCE):
            raise _too_many()
        arrives.close()
        try:
            yield
        finally:
            self._places.release()

    def _taken(self, call: str, environ: Environ, hook: str, arrives: ExitStack) -> Mapping[str, Any]:
        """The database and our own mistakes are told here, without their innards."""
        close_old_connections()
        try:
            return self._heard(hook, environ, arrives) if hook else self._received(call, environ, arrives)
        except Refusal:
            raise
        except BadInput as error:
            with override("en"):
                raise Refusal(400, str(error.values.get("reason", error.code)), sentence_for(error)) from None
        except (OperationalError, InterfaceError):
            raise Refusal(503, "database_away", "The database does not answer. Send again.", wait=5) from None
        except Error as error:  # the database would not have it: told like a mistake of ours, for nothing was kept
            log.exception("a batch of %s was not kept", call)
            raise Refusal(500, "broken", "Something broke on our side; nothing of this was kept.") from error
        except Exception as error:
            log.error("a batch of %s was not kept", call, exc_info=error)
            raise Refusal(500, "broken", "Something broke on our side; nothing of this was kept.") from None

    def _received(self, call: str, environ: Environ, arrives: ExitStack) -> Mapping[str, Any]:
        secret = _secret(environ)
        key = self._known(secret) if secret else None
        body = body_of(environ, LARGEST_BATCH if call == "batch" else LARGEST_EVENT)
        with self._turn(arrives):
            told = _read(body)
            if key is None:
                key = self._known(_said_secret(told))
            self._demand_pace(key.id, key.events_a_second, _events_in(call, told))
            return _receipt(receive_events(told, key=key, at=now(), size=len(body), call=call))

    def _heard(self, address: str, environ: Environ, arrives: ExitStack) -> Mapping[str, Any]:
        """A webhook's message. Signatures are of now by the clock on the wall, whatever the business day is."""
        hook = listening_at(address, at=timezone.now())
        if hook is None:
            raise Refusal(404, "no_such_address", "There is no such address.")
        body = body_of(environ, LARGEST_MESSAGE)
        said = {name: next((environ[key] for key in keys if environ.get(key)), "") for name, keys in SIGNED.items()}
        try:
            demand_signed(hook, **said, body=body, at=timezone.now())
        except BadInput as error:
            self._note_stranger("POST /v1/hooks", "webhook not signed")
            with override("en"):
                raise Refusal(401, error.code, sentence_for(error)) from None
        self._demand_pace(-hook.id, HOOK_RATE, 1)
        with self._turn(arrives):
            return _receipt(receive_webhook(_read(body), hook, message_id=said["message_id"], size=len(body), at=now()))

    def _known(self, secret: str) -> Recognised:
        found = recognise(secret) if secret else None
        if found is not None:
            return found
        self._note_stranger("POST /v1", "unknown write key")
        raise Refusal(401, "write_key_unknown", "A write key is needed: Authorization: Basic, the key as user name.")

    def _note_stranger(self, door: str, because: str) -> None:
        """One line a second says that somebody tries; a line for each try would be a way to fill the disk."""
        with self._lock:
            first = self._strangers.wait(1, time.monotonic()) == 0
        if first:
            note_denial(STRANGER, door=door, because=because)

    def _demand_pace(self, key: int, events_a_second: int, events: int) -> None:
        """Each process lets through its share of what a key may send; webhooks have numbers below nought."""
        rate, at = events_a_second / self._shares, time.monotonic()
        with self._lock:
            bucket = self._buckets.get(key)
            if bucket is None or bucket.rate != rate:
                bucket = self._buckets[key] = Bucket.full(rate, at)
            wait = bucket.wait(events, at)
        if wait:
            raise Refusal(429, "too_fast", "This key sends faster than it may.", wait=wait)


def _too_many() -> Refusal:
    return Refusal(503, "too_many_at_once", "Too many batches are under way.", wait=1)


def _events_in(call: str, told: Any) -> int:
    said = told.get("batch") if call == "batch" and type(told) is dict else None
    return max(len(said), 1) if type(said) is list else 1


def _receipt(done: Receipt) -> Mapping[str, Any]:
    return {
        "success": True, "kept": done.kept, "repeated": done.repeated, "told": done.told, "denied": done.denied,
        "refused": [{"position": place, "reason": why} for place, why in done.refused],
    }  # fmt: skip


def body_of(environ: Environ, most: int) -> bytes:
    """The request's body, unpacked; Refusal 413 for one that is larger, packed or unpacked."""
    said = environ.get("CONTENT_LENGTH") or ""
    if said.isdecimal() and int(said) > most:
        raise _too_large(most)
    unsaid = most + 1 if environ.get("HTTP_TRANSFER_ENCODING") else 0
    body: bytes = environ["wsgi.input"].read(int(said) if said.isdecimal() else unsaid)
    packing = environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if packing == "gzip":
        body = _unpacked(body, most)
    elif packing not in ("", "identity"):
        raise Refusal(415, "packing_unknown", "Bodies come as they are, or packed with gzip.")
    if len(body) > most:
        raise _too_large(most)
    return body


def _unpacked(body: bytes, most: int) -> bytes:
    """No more is unpacked than may be: a small body can hold gigabytes."""
    try:
        unpacking = zlib.decompressobj(wbits=31)
        whole = unpacking.decompress(body, most + 1)
    except zlib.error:
        raise Refusal(400, "request_not_readable", "The body is not packed with gzip.") from None
    if not unpacking.eof and len(whole) <= most:
        raise Refusal(400, "request_not_readable", "The packed body ends too soon.")
    return whole


def _too_large(most: int) -> Refusal:
    return Refusal(413, "too_large", f"At most {most // 1024} kB may come at once.")


def _read(body: bytes) -> Any:
    try:
        return read_body(body)
    except ValueError:
        raise Refusal(400, "request_not_readable", "The body is no JSON in UTF-8.") from None


def _secret(environ: Environ) -> str:
    """The write key as the user name of basic authentication (RFC 7617), or as a bearer; "" where none is said."""
    scheme, _, said = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(said.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _said_secret(told: Any) -> str:
    """Browsers that send as they leave a page cannot send headers: the key is in the body."""
    said = told.get("writeKey") if type(told) is dict else None
    return said if type(said) is str else ""


def _told(start: Start, no: Refusal) -> Iterable[bytes]:
    more = [("Retry-After", str(max(1, math.ceil(no.wait))))] if no.wait else []
    if no.status == 401:
        more.append(("WWW-Authenticate", 'Basic realm="streams"'))
    if no.status == 405:
        more.append(("Allow", "POST, OPTIONS"))
    return _answer(start, no.status, {"success": False, "code": no.code, "message": no.message}, more=more)


def _answer(
    start: Start, status: int, told: Mapping[str, Any] | None = None, *, more: Iterable[tuple[str, str]] = ()
) -> Iterable[bytes]:
    body = b"" if told is None else orjson.dumps(told)
    kind = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))] if body else []
    start(STATUS[status if body else 204], [*kind, *CROSSING, *HEADERS.items(), ("Cache-Control", "no-store"), *more])
    return [body] if body else []
