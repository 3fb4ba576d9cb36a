"""Starting and stopping: the database, the console, the worker."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import click
from django.conf import settings

from regulars.connections.mail.post_box import PostBox
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import by_url
from regulars.desks.cli.saying import ERR, OUT, steps, table
from regulars.journeys.prepare_house import prepare_house

PATIENCE = 10.0


@click.command()
def start_command() -> None:
    """Start the database and bring it up to date."""
    with steps() as say:
        changed = prepare_house(lambda step: say(step, 0, 0))
    OUT.print("Ready." if changed else "Ready; nothing had to be changed.")


prepare_command = start_command


@click.command()
def stop_command() -> None:
    """Stop the embedded database. Nothing that was confirmed is lost."""
    if by_url(os.environ):
        raise click.ClickException("The database is a server of yours (DATABASE_URL); it is not ours to stop.")
    Server(settings.HOME).stop()
    OUT.print("Stopped.")


@click.command()
def status_command() -> None:
    """Tell where everything is and whether it runs."""
    place = ("a server by DATABASE_URL", "", "") if by_url(os.environ) else _embedded()
    table(
        "Regulars",
        ("what", "is"),
        [("home", settings.HOME.path), *zip(("database", "state", "folder"), place, strict=True)],
        numbers_from=9,
    )


@click.command()
@click.option(
    "--address", default=lambda: settings.SITE_ADDRESS, show_default="127.0.0.1:8000", help="host:port to listen on."
)
@click.option("--workers", default=2, show_default=True, help="Processes that answer pages.")
@click.option("--no-jobs", is_flag=True, help="Leave the background work to another process.")
def serve_command(address: str, workers: int, no_jobs: bool) -> None:
    """Open the console, with the background work beside it."""
    prepare_house()
    serve(address, workers=workers, jobs=not no_jobs)


@click.command()
@click.option("--until-empty", is_flag=True, help="End when no job is left.")
def worker_command(until_empty: bool) -> None:
    """Do the background work: imports, refreshes, sending."""
    from regulars.desks.night_shift.jobs import run_worker

    run_worker(until_empty=until_empty)


def serve(address: str, *, workers: int, jobs: bool) -> None:
    """The console answers at the address until the process is told to end."""
    from granian import Granian
    from granian.constants import Interfaces

    host, _, port = address.rpartition(":")
    with ExitStack() as beside:
        if settings.DEMO:
            beside.enter_context(_post_box())
        if jobs:
            beside.enter_context(_worker_process())
        OUT.print(f"Regulars is open at http://{address}/ — stop it with Ctrl-C.", highlight=False)
        Granian(
            "regulars.site.wsgi:application", address=host or "127.0.0.1", port=int(port), interface=Interfaces.WSGI,
            workers=workers, blocking_threads=8, log_access=False, websockets=False,
        ).serve()  # fmt: skip


def _embedded() -> tuple[str, str, str]:
    status = Server(settings.HOME).status()
    return f"embedded PostgreSQL, run by {status.account}", status.state, str(status.data_folder)


@contextmanager
def _post_box() -> Iterator[None]:
    """The demonstration's mail server, unless the port is taken: then mail goes wherever that leads."""
    box = PostBox(settings.HOME.folder("mail"), settings.MAIL_PORT)
    try:
        box.open()
    except OSError:
        ERR.print(f"Port {settings.MAIL_PORT} is taken; mail goes to whoever listens there.")
        yield
        return
    try:
        yield
    finally:
        box.close()


@contextmanager
def _worker_process() -> Iterator[None]:
    """A worker in a process of its own; it ends with us."""
    worker = subprocess.Popen([sys.executable, "-m", "regulars.desks.cli", "worker"], start_new_session=False)
    try:
        yield
    finally:
        worker.terminate()
        _wait(worker)


def _wait(worker: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while worker.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    if worker.poll() is None:
        worker.kill()
