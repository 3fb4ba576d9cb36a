"""`regulars serve` ends at the first SIGTERM, whoever still hangs on it, and all it started ends with it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import psycopg
import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from regulars.connections.postgres.logins import administrator
from regulars.desks.cli.serving import reminded
from regulars.desks.night_shift import jobs
from regulars.journeys.ask_to_match import MATCH, match_soon
from regulars.records.merging.match_runs import alone
from regulars.records.merging.models import MatchRun
from tests.cast import STEN, customer

pytestmark = pytest.mark.usefixtures("house")
WAITING: Final = "SELECT count(*) FROM pg_locks WHERE NOT granted"
OPENING: Final = 120.0
LISTENING: Final = "0A"
AT_MOST: Final = 20.0  # seconds, on a machine that has other things to do; alone it takes seven at most


class Serving:
    """`regulars serve` in a process of its own."""

    def __init__(self, *words: str, workers: int = 2) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        said = ["serve", "--workers", str(workers), "--address", f"127.0.0.1:{self.port}", *words]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "regulars.desks.cli", *said], env=os.environ, stdout=subprocess.DEVNULL
        )

    def is_open(self) -> bool:
        with suppress(OSError), self.line() as one:
            one.sendall(b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return bool(one.recv(100))
        return False

    def has_taken_all(self) -> bool:
        """Whether no line waits to be taken any more, as the system tells of the port."""
        ports = map(str.split, Path("/proc/net/tcp").read_text().splitlines()[1:])
        listening = [one for one in ports if one[1].endswith(f":{self.port:04X}") and one[3] == LISTENING]
        return bool(listening) and all(int(one[4].split(":")[1], 16) == 0 for one in listening)

    def line(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)

    def ends(self) -> float:
        """Seconds from the first SIGTERM until it and all it started have ended."""
        started, began = {self.process.pid, *_below(self.process.pid)}, time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(AT_MOST)
        until(lambda: not any(map(_lives, started)), seconds=AT_MOST - (time.monotonic() - began))
        return time.monotonic() - began

    def kill(self) -> None:
        for one in [*_below(self.process.pid), self.process.pid]:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait()


def until(holds: Callable[[], bool], *, seconds: float = OPENING) -> None:
    """Returns once it holds: other processes are watched, whose clocks are the system's."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"it does not come to that; in the queue: {jobs_as_they_stand()}"
        time.sleep(0.02)


def _below(pid: int) -> list[int]:
    """All processes that a process started, and those they did."""
    found = list[int]()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *_below(child)]
    return found


def _is_ours(pid: int) -> bool:
    with suppress(OSError):
        return b"regulars.desks" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _lives(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@contextmanager
def serving(*words: str) -> Iterator[Serving]:
    server = Serving(*words)
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def locked(*tables: str) -> Iterator[Callable[[], int]]:
    """Within, whoever asks these tables waits; hands out how many do."""
    with psycopg.connect(**administrator(settings.HOME, os.environ)) as other:
        other.execute(f"LOCK TABLE {', '.join(tables)}")
        yield lambda: other.execute(WAITING).fetchall()[0][0]
        other.rollback()


def test_hundreds_of_lines_that_say_nothing_or_half_a_word_keep_nobody() -> None:
    head = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    said = {
        b"": 300, b"GET / HTTP/1.1\r\nHost: ": 100, b"GET /static/x HTTP/1.1\r\nHost: localhost\r\n\r\n": 50,
        head + b"Content-Length: 100\r\n\r\nusername=": 20, head + b"Content-Length: 900000\r\n\r\nusername=": 20,
        head + b"Transfer-Encoding: chunked\r\n\r\n5\r\nuser": 10,
    }  # fmt: skip
    with ExitStack() as lines, serving("--no-jobs") as server:
        until(server.is_open)
        for words, times in said.items():
            for _ in range(times):
                lines.enter_context(server.line()).sendall(words)
        until(server.has_taken_all)
        server.ends()


def test_pages_that_wait_for_the_database_keep_nobody() -> None:
    with ExitStack() as lines, serving("--no-jobs") as server:
        until(server.is_open)
        session = f"Cookie: {settings.SESSION_COOKIE_NAME}={'a' * 32}\r\n".encode()
        with locked("vault.django_session") as how_many_wait:
            for _ in range(40):
                asked = b"GET / HTTP/1.1\r\nHost: localhost\r\n" + session + b"\r\n"
                lines.enter_context(server.line()).sendall(asked)
            until(lambda: how_many_wait() > 0 and server.has_taken_all())
            server.ends()


@pytest.mark.parametrize("started", [1, 2, 3])
def test_it_ends_also_while_it_opens(started: int) -> None:
    """Once the night shift has come in, and with one or both of the processes for pages."""
    with serving() as server:
        until(lambda: sum(map(_is_ours, _below(server.process.pid))) >= started)
        server.ends()


def test_work_in_hand_is_left_and_done_by_the_next_who_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    customer("Ann Archer"), customer("Bob Baker")
    with serving() as server, alone():  # it waits for us, and nothing else the night shift does
        until(server.is_open)
        run = match_soon("whole", by=STEN, because="spring cleaning")
        until(is_in_hand)
        server.ends()
    assert is_in_hand(), "nobody has heard that it was given up"
    monkeypatch.setattr(jobs, "STALLED_SECONDS", 0.0)
    jobs.run_worker(until_empty=True, signals=False)
    assert not is_in_hand()
    assert MatchRun.objects.get(id=run.id).state == "finished"


def jobs_as_they_stand() -> list[tuple[int, str, str, int]]:
    """Number, task, state and attempts of each job."""
    return list(ProcrastinateJob.objects.values_list("id", "task_name", "status", "attempts"))


def is_in_hand() -> bool:
    return ProcrastinateJob.objects.filter(task_name=MATCH, status="doing").exists()


def test_who_is_told_to_end_while_a_process_fails_does_not_forget_it() -> None:
    server = SimpleNamespace(interrupt_signal=True, main_loop_interrupt=threading.Event())
    with reminded(server):
        assert server.main_loop_interrupt.wait(10)
