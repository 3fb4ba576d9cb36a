"""Somebody else with an account on the machine: lists of processes, what programs of others are told, what lies about.

A house of its own lives through an ordinary morning while every process on the machine is looked at again and again.
"""

import json
import os
import re
import resource
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psycopg
import pytest

from regulars.connections.home import Home
from regulars.connections.postgres.launcher import Server
from tests.attacks.looking_for import found_in

pytestmark = pytest.mark.slow
PROGRAM = (sys.executable, "-c", "from regulars.desks.cli.main import main; main()")
SERVICE = """import json, os, sys
with open(sys.argv[1], "a") as told:
    print(json.dumps([sys.argv, dict(os.environ)]), file=told)
print(open(sys.argv[2]).read())
"""
#: The scheduler's library has the system's `file` say what Python is built for, whenever it is imported.
SYSTEMS_OWN = {"file"}
NO_CORE = re.compile(r"Max core file size +0 +0 ")
PATIENCE = 60


@dataclass
class Onlooker:
    """Reads what stands in every process of the machine, as often as it can, from `begin` to `end`."""

    calls: set[bytes] = field(default_factory=set, repr=False)
    environments: dict[tuple[str, bytes], bytes] = field(default_factory=dict, repr=False)
    cores: dict[tuple[str, str], bool] = field(default_factory=dict, repr=False)
    _over: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        """Looks until told to end."""
        self._there = {path.name for path in Path("/proc").glob("[0-9]*")}
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Looks no more."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.005):
            for process in Path("/proc").glob("[0-9]*"):
                if process.name not in self._there:
                    self._look_at(process)

    def _look_at(self, process: Path) -> None:
        try:
            call = (process / "cmdline").read_bytes()
            self.calls.add(call)
            program = str((process / "exe").readlink())
            self.environments[(program, call)] = (process / "environ").read_bytes()
            limits = (process / "limits").read_text()
            self.cores[(process.name, call.decode(errors="replace"))] = NO_CORE.search(limits) is None
        except OSError:
            return  # it has ended, or is another account's


@dataclass(frozen=True)
class Morning:
    """What was kept secret, what the onlooker saw, and where the house lived."""

    secrets: dict[str, str]
    seen: Onlooker
    server: Server
    folder: Path
    told_to_service: str = field(repr=False)
    told_to_psql: str = field(repr=False)


@pytest.fixture(scope="module")
def morning() -> Iterator[Morning]:
    """A house is started, somebody is hired, customers come in, a page is asked for, everything is killed."""
    folder = Path(tempfile.mkdtemp(prefix="regulars-morning-"))
    folder.chmod(0o755)  # the database server may run as another account and has to walk through
    words = _words()
    environment = _environment(folder, words)
    seen = Onlooker()
    seen.begin()
    server = Server(Home(folder / "home"))
    try:
        told_to_psql = _lives(folder, environment, words, server)
        seen.end()
        yield Morning(words, seen, server, folder, (folder / "told").read_text(), told_to_psql)
    finally:
        seen.end()
        server.discard()
        shutil.rmtree(folder)


def _words() -> dict[str, str]:
    """Everything that is nobody's business, different every time."""
    mark = "".join(secrets.choice("bcdfghklmnprst") for _ in range(9))
    return {
        "password": f"pass word {mark}", "name": f"Zenobia Quill{mark}",
        "phone": f"+1555{secrets.randbelow(10**7):07}", "mail": f"zq{mark}@example.com", "street": f"{mark} Elm Street",
        "key": secrets.token_hex(32), "master": secrets.token_hex(32),
    }  # fmt: skip


def _environment(folder: Path, words: dict[str, str]) -> dict[str, str]:
    """One key stands in the environment, the master key comes from a service, temporary files have a folder."""
    (folder / "tmp").mkdir()
    (folder / "here").mkdir()
    (folder / "service.py").write_text(SERVICE)
    (folder / "master").write_text(words["master"])
    service = f"{sys.executable} {folder / 'service.py'} {folder / 'told'} {folder / 'master'}"
    kept = {name: said for name, said in os.environ.items() if not name.startswith(("REGULARS_", "DATABASE_URL"))}
    return kept | {
        "REGULARS_HOME": str(folder / "home"), "REGULARS_KEY_COMMAND": service, "REGULARS_KEY_SEARCH": words["key"],
        "REGULARS_ALARM_WEBHOOK": f"https://alarm.example/{words['key'][:20]}", "TMPDIR": str(folder / "tmp"),
        "LANG": "C.UTF-8", "XDG_STATE_HOME": str(folder / "state"),
    }  # fmt: skip


def _lives(folder: Path, environment: dict[str, str], words: dict[str, str], server: Server) -> str:
    """What psql tells of its environment in the end."""

    def regulars(*call: str, given: str = "") -> str:
        done = subprocess.run(
            [*PROGRAM, *call], input=given, env=environment, cwd=folder / "here", text=True, capture_output=True,
            start_new_session=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    people = folder / "people.csv"
    head = "customer_ref,name,phone,email,street,city"
    row = f"Z-1,{words['name']},{words['phone']},{words['mail']},{words['street']},Springfield"
    people.write_text(f"{head}\n{row}\n")
    regulars("start")
    regulars("company", "--name", "Shop", "--currency", "EUR", "--timezone", "UTC", "--jurisdiction", "none")
    twice = f"{words['password']}\n{words['password']}\n"
    regulars("staff", "hire", "dora", "--name", "Dora", "--role", "service", given=twice)
    regulars("import", str(people), "--source", "till", "--kind", "customers")
    found = regulars("customer", "find", "-", "--because", "call", "--json", given=f"{words['phone']}\n")
    assert words["name"] in found
    _looks_around(folder, environment, words)
    _errs(server, words)
    return regulars("psql", "--view", "standard", "-c", r"\! env")


def _looks_around(folder: Path, environment: dict[str, str], words: dict[str, str]) -> None:
    """Dora signs in at the console and searches; then the power goes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    call = [*PROGRAM, "serve", "--address", f"127.0.0.1:{port}", "--workers", "1"]
    serving = subprocess.Popen(call, env=environment, cwd=folder / "here", start_new_session=True)
    try:
        browser = _signed_in(f"http://127.0.0.1:{port}", words["password"])
        page = browser.open(f"http://127.0.0.1:{port}/customers/?{urlencode({'q': words['mail']})}").read().decode()
        assert words["name"] in page
    finally:
        _kill_all(serving.pid)
        serving.wait()


def _signed_in(address: str, password: str) -> Any:
    browser = build_opener(HTTPCookieProcessor())
    until = time.monotonic() + PATIENCE
    while True:
        try:
            page = browser.open(f"{address}/sign-in/").read().decode()
            break
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
    assert token
    said = urlencode({"username": "dora", "password": password, "csrfmiddlewaretoken": token[1]}).encode()
    asked = Request(f"{address}/sign-in/", said, {"Referer": f"{address}/sign-in/"})  # noqa: S310 (our own address)
    browser.open(asked).read()
    return browser


def _kill_all(session: int) -> None:
    """The server and its worker processes at once; the night shift sits in a group of its own."""
    for process in _beneath(session):
        os.kill(process, signal.SIGKILL)


def _beneath(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [parent, *(one for child in children for one in _beneath(int(child)))]


def _errs(server: Server, words: dict[str, str]) -> None:
    """Somebody writes a question that cannot be answered, with a name, a mail, a phone in it."""
    with psycopg.connect(**server.connection_parameters("regulars_writer"), autocommit=True) as connection:
        for wrong in ("SELECT %s::bigint", "SELECT %s::date", "SELECT %s::jsonb", "SELECT %s::uuid"):
            for word in (words["name"], words["mail"], words["phone"] + "x", words["street"]):
                with pytest.raises(psycopg.Error):
                    connection.execute(wrong, [word])


def test_nothing_secret_stands_in_a_list_of_processes(morning: Morning) -> None:
    """Calls and titles of every process there was: programs, the database's own sessions, workers."""
    calls = b"\0\n".join(sorted(morning.seen.calls))
    for there in (b"postgres", b"night_shift", b"serve", b"service.py", b"import"):
        assert there in calls, there
    assert found_in(calls, morning.secrets.values()) == []


def test_programs_of_others_are_told_no_key_and_no_password(morning: Morning) -> None:
    """The database, the key service, psql and the shells between: none has in its environment what only we are told."""
    strangers = {
        place: said
        for place, said in morning.seen.environments.items()
        if "python" not in Path(place[0]).name and Path(place[0]).name not in SYSTEMS_OWN
    }
    assert any(Path(program).name == "postgres" for program, _ in strangers)
    knowing = {place for place, said in strangers.items() if found_in(said, morning.secrets.values())}
    assert not knowing
    asked = [json.loads(line) for line in morning.told_to_service.splitlines()]
    assert asked
    assert found_in(morning.told_to_service.encode(), morning.secrets.values()) == []
    assert all("REGULARS_ALARM_WEBHOOK" not in environment for _, environment in asked)
    assert "REGULARS_HOME=" in morning.told_to_psql
    assert found_in(morning.told_to_psql.encode(), morning.secrets.values()) == []


def test_no_process_leaves_its_memory_behind(morning: Morning) -> None:
    """However they die: no image of a memory with keys in it is written."""
    ours = (PROGRAM[2], str(morning.folder))
    at_last = {call: may for (_, call), may in morning.seen.cores.items() if any(one in call for one in ours)}
    assert any("serve" in call for call in at_last)
    assert any("postgres" in call for call in at_last)
    assert not {call for call, may in at_last.items() if may}
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def test_nothing_is_left_lying_about_after_a_kill(morning: Morning) -> None:
    """Neither in the folder for temporary files, nor where the commands were given, nor in the server's log."""
    for folder in (morning.folder / "tmp", morning.folder / "here"):
        left = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
        assert found_in(b"\n".join(left), morning.secrets.values()) == []
    logs = list(morning.server.status().data_folder.glob("log/*.log"))
    text = b"".join(log.read_bytes() for log in logs)
    assert b"ready to accept connections" in text
    assert found_in(text, morning.secrets.values()) == []
