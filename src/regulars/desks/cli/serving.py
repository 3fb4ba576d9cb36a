"""Starting and stopping: the database, the console, the worker."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import click
from django.conf import settings
from django.utils.translation import gettext as _

from regulars.connections.mail.post_box import PostBox
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import by_url
from regulars.desks.cli.asking import json_option
from regulars.desks.cli.saying import as_json, facts, steps, tell, warn
from regulars.desks.shared.lines import shared_by
from regulars.desks.shared.turns import THREADS
from regulars.journeys.prepare_house import prepare_house

PATIENCE: Final = 4.0  # seconds the night shift has to finish what it holds; the rest is gone on with the next time
PAGES_PATIENCE: Final = 3  # seconds for the pages that are being drawn; without end, one slow line would keep us open
NIGHT_SHIFT: Final = (sys.executable, "-m", "regulars.desks.night_shift")
RESPAWN: Final = 5.0


class Address(click.ParamType[tuple[str, int]]):
    """host:port, or only a port."""

    name = "host:port"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """The two, or a sentence about what is wrong."""
        if isinstance(value, tuple):
            return value
        host, _sep, port = str(value).rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        if not port.isdecimal() or not 0 < int(port) < 65_536:
            self.fail(_("%(said)s is no address. Write it as 127.0.0.1:8000.") % {"said": value}, param, ctx)
        return host or "127.0.0.1", int(port)


address_option = click.option(
    "--address",
    type=Address(),
    default=lambda: settings.SITE_ADDRESS,
    show_default="127.0.0.1:8000",
    help="Where to listen.",
)


@click.command()
def start_command() -> None:
    """Start the database and bring it up to date.

    Safe to repeat: what is as it should be stays as it is.
    """
    with steps() as say:
        changed = prepare_house(say)
    tell(_("Ready.") if changed else _("Ready; nothing had to be changed."))


@click.command()
def stop_command() -> None:
    """Stop the embedded database. What was confirmed is safe."""
    if by_url(os.environ):
        raise click.ClickException(_("The database is a server of yours (DATABASE_URL); it is not ours to stop."))
    Server(settings.HOME).stop()
    tell(_("Stopped."))


@click.command()
@json_option
def status_command(in_json: bool) -> None:
    """Tell where everything is and whether it runs."""
    told = {"home": str(settings.HOME.path), **(_yours() if by_url(os.environ) else _embedded())}
    if in_json:
        as_json(told)
        return
    facts("", told)


@click.command()
@address_option
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that answer pages."
)
@click.option("--no-jobs", is_flag=True, help="Leave the background work to another process: regulars worker.")
def serve_command(address: tuple[str, int], workers: int, no_jobs: bool) -> None:
    """Open the console, with the background work beside it.

    Ctrl-C ends both; the database goes on running.
    """
    with steps() as say:
        prepare_house(say)
    serve(address, workers=workers, jobs=not no_jobs)


@click.command()
@click.option("--until-empty", is_flag=True, help="End when no job is left.")
def worker_command(until_empty: bool) -> None:
    """Do the background work: imports, refreshes, sending."""
    sys.stdout.flush()
    os.execv(NIGHT_SHIFT[0], [*NIGHT_SHIFT, *(["--until-empty"] if until_empty else [])])  # noqa: S606


def serve(address: tuple[str, int], *, workers: int, jobs: bool) -> None:
    """The console answers at the address until the process is told to end; then all it started ends, too."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    host, port = address
    _demand_free(host, port)
    os.environ.setdefault("REGULARS_URL", f"http://{_as_written(host)}:{port}")
    signal.signal(signal.SIGTERM, _leave)
    with ExitStack() as beside:
        if settings.DEMO:
            beside.enter_context(_post_box())
        if jobs:
            beside.enter_context(_worker_process())
        beside.enter_context(shared_by(workers))
        tell(
            _("Regulars is open at http://%(host)s:%(port)s/ — Ctrl-C ends it.")
            % {"host": _as_written(host), "port": port}
        )
        server = Granian(
            "regulars.site.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
            blocking_threads=THREADS, log_access=False, log_level=LogLevels.error, websockets=False,
            respawn_failed_workers=True, workers_kill_timeout=PAGES_PATIENCE,
        )  # fmt: skip
        beside.enter_context(reminded(server))
        with _told_when_taken(host, port):
            server.serve()
    tell(_("Closed. The database goes on running; regulars stop ends it."))


def _leave(*_signal: Any) -> None:
    """Told to end before the pages are open: what was started by then ends too."""
    raise SystemExit(128 + signal.SIGTERM)


@contextmanager
def reminded(server: Any) -> Iterator[None]:
    """Within, who serves is told again each second that it was told to end: where a process of its own fails in that
    very moment, it forgets."""
    over = threading.Event()

    def remind() -> None:
        while not over.wait(1.0):
            if server.interrupt_signal:
                server.main_loop_interrupt.set()

    threading.Thread(target=remind, name="reminder", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _as_written(host: str) -> str:
    """The host as addresses have it: one of IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _demand_free(host: str, port: int) -> None:
    """A taken port is told before anything is started."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _taken(host, port, error.strerror) from error


@contextmanager
def _told_when_taken(host: str, port: int) -> Iterator[None]:
    """Somebody took the port in between, perhaps our own post box: Granian says so in words of the system's."""
    try:
        yield
    except RuntimeError as error:
        if "os error" not in str(error):
            raise
        raise _taken(host, port, str(error).splitlines()[0].partition(" (os error")[0]) from error


def _taken(host: str, port: int, reason: str | None) -> click.ClickException:
    words = {"host": _as_written(host), "port": port, "reason": reason}
    return click.ClickException(
        _("Nobody can listen at %(host)s:%(port)s: %(reason)s. Choose another: --address 127.0.0.1:8001") % words
    )


def _embedded() -> dict[str, str]:
    status = Server(settings.HOME).status()
    return {
        "database": "embedded PostgreSQL", "state": status.state, "folder": str(status.data_folder),
        "account": status.account,
    }  # fmt: skip


def _yours() -> dict[str, str]:
    return {"database": "DATABASE_URL"}


@contextmanager
def _post_box() -> Iterator[None]:
    """The demonstration's mail server, unless the port is taken: then mail goes wherever that leads."""
    box = PostBox(settings.HOME.folder("mail"), settings.MAIL_PORT)
    try:
        box.open()
    except OSError:
        warn(_("Port %(port)s is taken; mail goes to whoever listens there.") % {"port": settings.MAIL_PORT})
        yield
        return
    try:
        yield
    finally:
        box.close()


@contextmanager
def _worker_process() -> Iterator[None]:
    """A worker in a process of its own; one that dies is followed by another, and the last one ends with us."""
    keeper = _Keeper()
    try:
        keeper.start()
        yield
    finally:
        keeper.end()


class _Keeper(threading.Thread):
    """Keeps one worker at work. It begins in this thread, where no signal breaks off what starts it."""

    def __init__(self) -> None:
        super().__init__(name="keeper", daemon=True)
        self._over = threading.Event()
        self._worker: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Looks after the worker until it is over."""
        if self._over.is_set():
            return
        self._worker = worker = self._begin()
        while not self._over.wait(1.0):
            if worker.poll() is not None and not self._over.wait(RESPAWN):
                self._worker = worker = self._begin()

    def end(self) -> None:
        """The worker has finished what it held, or was given up after a while, when this returns."""
        self._over.set()
        if self.ident is not None:
            self.join()
        if self._worker is None:
            return
        self._worker.terminate()
        try:
            self._worker.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._worker.kill()
            self._worker.wait()

    @staticmethod
    def _begin() -> "subprocess.Popen[bytes]":
        # in a group of its own: Ctrl-C is for us to pass on, once
        return subprocess.Popen(NIGHT_SHIFT, start_new_session=True)
