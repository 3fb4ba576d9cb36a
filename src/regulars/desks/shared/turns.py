"""Who is served when: pages take turns, so that sixteen who ask at once each wait a little and nobody waits long.

A page is drawn by one process, which runs one thread of Python at a time. Threads that all draw at once only take each
other's time: measured with sixteen callers on two cores, the slowest of a hundred cards took half as long again as with
two at work and the rest in line. So at most `AT_ONCE` pages of a process are drawn together, first come, first served.

A page that takes longer than `LEASE` (figures over millions, an export, a slow question) keeps working, but its turn
goes to the next in line. What comes in slowly takes no turn at all: a form is read first, and a large body is read
outside the line. At most `READERS` bodies may be on their way into one process, events of streams among them; the rest
are asked to come again, so that threads remain for everybody who only wants to see a page.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

from regulars.desks.shared.lines import Lines, alone

THREADS: Final = 16  # of one process; each may keep a connection per login
AT_ONCE: Final = 2
LEASE: Final = 0.1  # seconds
READERS: Final = 8
SMALL: Final = 64 * 1024  # bytes: every form without a file

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]


class Turn:
    """One request's turn: it is told when it begins, and since when it lasts."""

    __slots__ = ("begun", "since")

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.since = 0.0


class Turns:
    """A line in front of so many places; a place held longer than the lease, in seconds, is open to the next."""

    def __init__(self, at_once: int = AT_ONCE, lease: float = LEASE) -> None:
        self._at_once, self._lease = at_once, lease
        self._lock = threading.Lock()
        self._line: deque[Turn] = deque()
        self._held: list[Turn] = []

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Within, it is this thread's turn; those who came earlier had theirs first."""
        mine = self._wait()
        try:
            yield
        finally:
            self._seat(mine)

    def _wait(self) -> Turn:
        mine = Turn()
        self._line.append(mine)
        self._seat()
        while not mine.begun.wait(self._patience()):
            self._seat()
        return mine

    def _seat(self, leaving: Turn | None = None) -> None:
        """Whoever is first in line sits down wherever a place is free or its lease is over."""
        with self._lock:
            now = time.monotonic()
            self._held = [turn for turn in self._held if turn is not leaving and now - turn.since < self._lease]
            while self._line and len(self._held) < self._at_once:
                first = self._line.popleft()
                first.since = now
                self._held.append(first)
                first.begun.set()

    def _patience(self) -> float:
        """Seconds until a place must become free."""
        oldest = min((turn.since for turn in self._held), default=0.0)
        return max(oldest + self._lease - time.monotonic(), 0.001)


class InTurn:
    """A WSGI application in front of another: what comes in slowly stays out of the line, the rest takes its turn.

    Where the line of this process is longer than another's, a kept connection ends with its answer (RFC 9112, 9.6).
    """

    def __init__(
        self, application: Application, *, turns: Turns | None = None, lines: Lines | None = None,
        arriving: threading.Semaphore | None = None,
    ) -> None:  # fmt: skip
        self._application = application
        self._turns = turns or Turns()
        self._lines = lines or alone()
        self._arriving = arriving or threading.Semaphore(READERS)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        length = _length(environ)
        if length == 0:
            return self._served(environ, start)
        if not self._arriving.acquire(blocking=False):
            return _come_again(start)
        try:
            if length is None:
                return self._application(environ, start)
            if length > SMALL:
                environ["wsgi.input"] = Whole(environ["wsgi.input"], length)
                return self._application(environ, start)
            body = environ["wsgi.input"].read(length)
            if len(body) < length:
                return _broken_off(start)
            environ["wsgi.input"] = BytesIO(body)
        finally:
            self._arriving.release()
        return self._served(environ, start)

    def _served(self, environ: Environ, start: Start) -> Iterable[bytes]:
        with self._lines.joined(), self._turns.taken():
            return self._application(environ, self._sending_on(environ, start))

    def _sending_on(self, environ: Environ, start: Start) -> Start:
        """Begins an answer; it is the connection's last when somebody else would have served it sooner."""

        def begun(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            if self._lines.is_longer and environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
                headers = [*headers, ("Connection", "close")]
            return start(status, headers, *more)

        return begun


class Whole:
    """A body of so many bytes; OSError where it ends sooner.

    Granian hands out what had come when a line broke as if it were all there was: half a file would be brought in as a
    whole one, and the program that sends it again would be told that it came before.
    """

    def __init__(self, body: Any, length: int) -> None:
        self._body, self._left = body, length

    def read(self, size: int = -1) -> bytes:
        return self._counted(self._body.read(self._left if size < 0 else min(size, self._left)))

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self._body.readline(self._left if size < 0 else min(size, self._left)))

    def _counted(self, piece: bytes) -> bytes:
        if not piece and self._left:
            raise OSError("the body ended before it was whole")
        self._left -= len(piece)
        return piece


def _length(environ: Environ) -> int | None:
    """How many bytes come with the request; None when it does not say."""
    said = environ.get("CONTENT_LENGTH") or ""
    if said.isdecimal():
        return int(said)
    return None if environ.get("HTTP_TRANSFER_ENCODING") or said else 0


def _broken_off(start: Start) -> Iterable[bytes]:
    text = (
        "The request did not arrive whole. Nothing has been changed; send it again.\n"
        "请求没有完整到达，什么也没有改动。请再发一次。\n"
    )
    start("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
    return [text.encode()]


def _come_again(start: Start) -> Iterable[bytes]:
    text = (
        "Too many files are on their way in just now. Please try again in a moment.\n正在上传的文件太多，请稍候再试。\n"
    )
    start("503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "5")])
    return [text.encode()]
