"""Whoever reads unusually much waits between her requests, and nobody's thread waits with her.

At a terminal the answer is held back. In a web request it is handed out, and what she asks next is refused until the
moment is over: the browser asks again by itself, a program is told when. The moment stands in the database, and the
statement that counts what she reads looks at it: every process is bound by it, and nobody asks a question more.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from regulars.connections.postgres.asking import ask_one, tell
from regulars.rules.permission.errors import Denied

LOG: Final = "log"
_WAITS: Final = "SELECT until FROM reader_wait WHERE who = %s"
_WAIT: Final = """
INSERT INTO reader_wait (who, until) VALUES (%s, %s) ON CONFLICT (who) DO UPDATE SET until = EXCLUDED.until
"""


class _Request:
    """A web request under way; once it has read something, the rest of its page may be read too."""

    __slots__ = ("has_read",)

    def __init__(self) -> None:
        self.has_read = False


_under_way: ContextVar[_Request | None] = ContextVar("request_under_way", default=None)


@contextmanager
def one_request() -> Iterator[None]:
    """Within, what is read belongs to one web request."""
    before = _under_way.set(_Request())
    try:
        yield
    finally:
        _under_way.reset(before)


def may_go_on() -> bool:
    """Whether a wait is none of this reading's: it is at a terminal, or not the first of its web request."""
    request = _under_way.get()
    return request is None or request.has_read


def note_reading() -> None:
    """The web request under way, if any, has read something."""
    request = _under_way.get()
    if request is not None:
        request.has_read = True


def demand_patience(who: str, *, at: datetime) -> None:
    """Denied `reading_slowed`, with the seconds left, at the first reading of a web request that comes too early."""
    row = None if may_go_on() else ask_one(LOG, _WAITS, [who])
    if row is not None and row[0] > at:
        raise Denied("reading_slowed", {"seconds": max(1, ceil((row[0] - at).total_seconds()))})


def hold_back(who: str, seconds: float, *, at: datetime) -> None:
    """She waits so long: now at a terminal, before her next request on the web."""
    if _under_way.get() is None:
        time.sleep(seconds)
        return
    tell(LOG, _WAIT, [who, at + timedelta(seconds=seconds)])
