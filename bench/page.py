"""A customer's card and the search for customers, among a million, beside a page that asks the database nothing.

The server is the one `regulars serve` starts. Sixteen connections ask without pause; everybody on the same two cores:
callers, server, database. They ask as many clerks would, for one who opens a hundred files within the hour is stopped.
A card is that of any customer; a search is a beginning of a name, a whole name, two
beginnings, a number or a phone. The page compared with is the sign-in page: same server, same frame, nobody's data.
The house is filled once, vacuumed as the server would do in time, and kept under `/tmp` (or `REGULARS_BENCH_HOME`).
Usage: `python -m bench.page [CUSTOMERS]`.
"""

import http.client
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg

from regulars.connections.home import Home
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import administrator

CHECKOUT = Path(__file__).resolve().parent.parent
CONNECTIONS, RUNS, SECONDS, WARM_UP, CLERKS = 16, 5, 6.0, 4.0, 160
USERNAME, PASSWORD = "desk", "a bench's own password"  # of bench/_crowd.py
HIRE = """
INSERT INTO vault.staff (username, full_name, full_name_zh, log_name, roles, branches, language, is_active, password)
SELECT 'desk-' || n, full_name, full_name_zh, full_name || ' ' || n, roles, branches, language, true, password
  FROM vault.staff, generate_series(1, %s) n WHERE username = %s ON CONFLICT DO NOTHING
"""
NEW_HOUR = "TRUNCATE vault.reading_hour, vault.reading_alarm"
BEGINNINGS = (
    "w", "wang", "an", "ann", "li", "zh", "s", "王", "李芳", "mey", "arch", "ann a", "wang fa", "fang wang", "li na",
    "john a", "zh w", "leo walt",
)  # fmt: skip


def main(customers: int = 1_000_000, runs: int = RUNS) -> float:
    """Cards per second as a share of static pages per second; prints what was measured, and `page ratio=…` last."""
    home = _home(customers)
    _fill(home, customers)
    with _serving(home) as port:
        clerks = [_signed_in(port, username) for username in _clerks(home)]
        kinds = {
            "static": ([("/sign-in/", "csrfmiddlewaretoken")], [""]),
            "card": (_cards(home), clerks),
            "search": (_searches(home), clerks),
        }
        for pages, jars in kinds.values():
            _run(port, pages, jars, WARM_UP)
        turns = [{kind: _run(port, *asked, SECONDS) for kind, asked in kinds.items()} for _ in range(runs)]
    found = {kind: _told(kind, [turn[kind] for turn in turns]) for kind in kinds}
    ratio = statistics.median(turn["card"].rate / turn["static"].rate for turn in turns)
    print(f"{customers:,} customers, {CONNECTIONS} connections, {runs} runs of {SECONDS:.0f} s each, medians")
    print(f"page ratio={ratio:.3f} p99 card={found['card']:.0f} ms search={found['search']:.0f} ms")
    return ratio


@dataclass(frozen=True, slots=True)
class Run:
    """One run: how long it took, and the milliseconds of each answer, in order of length."""

    seconds: float
    times: list[float]

    @property
    def rate(self) -> float:
        """Pages per second."""
        return len(self.times) / self.seconds

    def percentile(self, percent: int) -> float:
        """So many of a hundred answers came within these milliseconds."""
        return self.times[min(len(self.times) - 1, len(self.times) * percent // 100)]


def _told(kind: str, turns: list[Run]) -> float:
    """Print one line; the median p99."""
    rates = [turn.rate for turn in turns]
    middle, late, last = (statistics.median(turn.percentile(p) for turn in turns) for p in (50, 99, 100))
    print(
        f"{kind:7} {statistics.median(rates):6.0f} pages/s ({min(rates):.0f}–{max(rates):.0f}),"
        f" p50 {middle:.1f} ms, p99 {late:.1f} ms, slowest {last:.0f} ms"
    )
    return late


def _run(port: int, pages: list[tuple[str, str]], jars: list[str], seconds: float) -> Run:
    told = {"connections": CONNECTIONS, "seconds": seconds, "pages": pages, "jars": jars, "port": port}
    done = subprocess.run(
        [sys.executable, "-m", "bench._callers"], input=json.dumps(told), cwd=CHECKOUT, stdout=subprocess.PIPE,
        text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    return Run(found["seconds"], sorted(found["times"]))


def _home(customers: int) -> Path:
    return Path(
        os.environ.get("REGULARS_BENCH_HOME") or Path(tempfile.gettempdir()) / f"regulars-bench-page-{customers}"
    )


def _environment(home: Path) -> dict[str, str]:
    environment = os.environ | {"REGULARS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "regulars.site.settings"}
    for name in ("DATABASE_URL", "REGULARS_DEMO"):
        environment.pop(name, None)
    return environment


def _fill(home: Path, customers: int) -> None:
    """The house is there and full; what a broken-off filling left behind is thrown away first."""
    full = home / "full"
    if full.exists() and full.read_text() == str(customers):
        return
    if home.exists():
        Server(Home(home)).discard()
    subprocess.run(
        [sys.executable, "-m", "bench._crowd", str(customers)], env=_environment(home), cwd=CHECKOUT, check=True
    )
    with psycopg.connect(**administrator(Home(home), {}), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    full.write_text(str(customers))


@contextmanager
def _serving(home: Path) -> Iterator[int]:
    """The console at a free port, as `regulars serve` opens it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "regulars.desks.cli", "serve", "--no-jobs", "--address", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, env=_environment(home), cwd=CHECKOUT, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            _asked(port, "GET", "/sign-in/")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server does not answer")


def _clerks(home: Path) -> list[str]:
    """The names of clerks who have read nothing yet in this hour, all with the password of the first."""
    with psycopg.connect(**administrator(Home(home), {}), autocommit=True) as connection:
        connection.execute(HIRE, [CLERKS, USERNAME])
        connection.execute(NEW_HOUR)
    return [f"desk-{n}" for n in range(1, CLERKS + 1)]


def _signed_in(port: int, username: str) -> str:
    """The cookies of a service agent."""
    page = _asked(port, "GET", "/sign-in/")
    secret = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.read())
    pass_ = _cookies(page)
    form = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": secret[1].decode() if secret else ""}
    answer = _asked(
        port,
        "POST",
        "/sign-in/",
        urlencode(form),
        {"Cookie": pass_, "Content-Type": "application/x-www-form-urlencoded"},
    )
    if answer.status != 302:
        raise SystemExit(f"could not sign in: {answer.status}")
    return f"{pass_}; {_cookies(answer)}"


def _asked(
    port: int, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body or None, headers or {})
    return connection.getresponse()


def _cookies(answer: http.client.HTTPResponse) -> str:
    return "; ".join(line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie") or ())


def _some(home: Path, count: int) -> list[tuple[int, str, str]]:
    """(id, number, name) of some customers, spread over all of them; the same every time."""
    with psycopg.connect(**administrator(Home(home), {}), autocommit=True) as connection:
        [(last,)] = connection.execute("SELECT max(id) FROM vault.customer").fetchall()
        ids = random.Random(7).sample(range(1, last + 1), min(count, last))
        query = "SELECT id, number, name FROM vault.customer WHERE id = ANY (%s) ORDER BY id"
        return [(int(id_), str(number), str(name)) for id_, number, name in connection.execute(query, [ids]).fetchall()]


def _cards(home: Path) -> list[tuple[str, str]]:
    return [(f"/customers/{number}/", number) for _, number, _ in _some(home, 4_000)]


def _searches(home: Path) -> list[tuple[str, str]]:
    """A third beginnings that fit thousands, the rest whole and half names, numbers and phones of some customers."""
    people = _some(home, 600)
    texts = [name for _, _, name in people[::4]] + [name[: 2 + n % 5] for n, (_, _, name) in enumerate(people[1::4])]
    exact = [number for _, number, _ in people[2::4]] + [f"+86100{n:08d}" for n in range(100, 100_000, 700)]
    wide = [BEGINNINGS[n % len(BEGINNINGS)] for n in range(len(texts + exact) // 2)]
    return [(f"/customers/?q={quote(text)}", 'id="found"') for text in texts + exact + wide]


if __name__ == "__main__":
    main(*(int(word.replace("_", "")) for word in sys.argv[1:2]))
