"""Events a second from the asker to the disk, in batches of a hundred as Segment's clients send them.

Ours is what `regulars serve` starts: each batch is read, told apart, deduplicated, joined to its customer, counted for
her and for those who listen, and answered when it is on the disk. Four messages in a hundred come a second time, and
only what is kept counts; one in ten is of nobody known; a reader takes the news beside it, whose age is measured. The
other side copies the same events, ready-made, a hundred a commit, by bare psycopg into a table of the same columns and
indexes, and checks nothing.
Askers, server and database share the machine; both take turns on one server with its usual durability, each figure is a
median. Usage: `python -m bench.events [CUSTOMERS]`.
"""

import base64
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from regulars.connections.home import Home
from regulars.connections.postgres.launcher import ADMINISTRATOR, Server

CHECKOUT = Path(__file__).resolve().parent.parent
ASKERS, TURNS, SECONDS, WARM_UP, BATCH = 4, 5, 6.0, 1.0, 100
MOST = 220  # batches a second an asker has ready
PAUSE = 0.1  # seconds the reader rests, as the night shift does
GOAL, GOAL_RATIO = 10_000, 0.3
PREPARE = """
import django; django.setup()
from datetime import UTC, datetime
from regulars.journeys.prepare_house import prepare_house
prepare_house()
from django.db import connection
from regulars.journeys.open_stream import give_write_key
from regulars.records.events.batches import listen
from regulars.records.intake.actions import ensure_source
from regulars.rules.permission.asking import Asker
import sys
at, by = datetime.now(UTC), Asker("bench", "steward", "standard", "data_care")
source = ensure_source("shop", by=by, at=at)
with connection.cursor() as cursor:
    cursor.execute('''INSERT INTO customer (number, kind, stage, first_seen_on, changed_at, invented, jurisdiction,
        name, given_name, family_name, name_sort, honorific, sex, language, city, region, country, postcode, timezone,
        marital_status, income_band, product_knowledge, preferred_channel, allows_direct_marketing, allows_disclosure,
        allows_automated_decision, allows_sensitive_use, allows_email, allows_phone, allows_letter, allows_sms)
        SELECT 'B-' || n, 'person', 'customer', now(), now(), true, 'none', '', '', '', '', '', '', '', '', '', '',
        '', '', '', '', '', '', false, false, false, false, false, false, false, false FROM generate_series(1, %s) n''',
        [int(sys.argv[1])])
    cursor.execute("INSERT INTO customer_ref (source_id, ref, customer_id)"
                   " SELECT %s, 'u' || row_number() OVER (), id FROM customer", [source.id])
listen("bench", at=at)
print(give_write_key("shop", "bench", rate=1_000_000, by=by, at=at)[1])
"""
PLAIN = """
CREATE TABLE vault.plain_event (LIKE vault.event) PARTITION BY RANGE (occurred_at);
CREATE TABLE vault.plain_event_now PARTITION OF vault.plain_event DEFAULT;
ALTER TABLE vault.plain_event ADD PRIMARY KEY (id, occurred_at);
CREATE INDEX ON vault.plain_event (customer_id, occurred_at DESC) WHERE customer_id IS NOT NULL;
CREATE INDEX ON vault.plain_event (visitor) WHERE customer_id IS NULL;
GRANT INSERT ON vault.plain_event TO regulars_writer
"""
COPY = """COPY plain_event (id, message_key, source_id, kind, name, occurred_at, received_at, visitor, customer_id,
                            properties) FROM STDIN"""


def main(customers: int = 100_000) -> None:
    """Print what both sides did and, last, `events ratio=…`."""
    with _house(customers) as (home, key), _served(home) as port, _administrator(home) as connection:
        connection.execute(PLAIN)
        turns = [(_run("ours", key, port, customers), _run("plain", key, port, customers)) for _ in range(TURNS)]
        double = connection.execute("SELECT count(*) - count(DISTINCT message_key) FROM vault.event").fetchone()
    ours, plain = (statistics.median(turn[side][0] for turn in turns) for side in (0, 1))
    ratio = statistics.median(one[0] / other[0] for one, other in turns)
    ages = sorted(age for turn in turns for age in turn[0][1])
    late = ages[int(len(ages) * 0.99)] if ages else float("nan")
    say(f"ours   {ours:9,.0f} events/s  {ASKERS} askers over HTTP, {customers:,} customers, on the disk when answered")
    say(f"plain  {plain:9,.0f} events/s  {ASKERS} writers, the same events ready-made, bare COPY, {BATCH} a commit")
    say(
        f"seen by a reader after {statistics.median(ages) * 1000:,.0f} ms, 99 in a hundred within {late * 1000:,.0f} ms"
    )
    say(f"came twice and stand twice: {double[0] if double else '?'}")
    say(f"medians of {TURNS} turns of {SECONDS:.0f} s; goals {GOAL:,} events/s and {GOAL_RATIO}")
    say(f"events ratio={ratio:.3f} events={ours:.0f} late_ms={late * 1000:.0f}")


def _administrator(home: Path) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(**Server(Home(home)).connection_parameters(ADMINISTRATOR), autocommit=True)


def _run(side: str, key: str, port: int, customers: int) -> tuple[float, list[float]]:
    """Events a second of one side, and the ages of news, in seconds."""
    children = [_child(side, key, str(port), str(customers), str(n)) for n in range(ASKERS)]
    reader = _child("reader") if side == "ours" else None
    try:
        for child in [*children, *([reader] if reader else [])]:
            child.stdout.readline()
        for child in [*children, *([reader] if reader else [])]:
            child.stdin.write("go\n")
            child.stdin.flush()
        rate = sum(float(child.stdout.readline()) for child in children)
        return rate, json.loads(reader.stdout.readline()) if reader else []
    finally:
        for child in [*children, *([reader] if reader else [])]:
            child.kill()
            child.communicate()


def _child(*words: str) -> Any:
    command = [sys.executable, "-W", "ignore", "-m", "bench.events", *words, str(SECONDS), str(WARM_UP)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT)


def _ready_made() -> int:
    return int(MOST * (SECONDS + WARM_UP)) + 1


def _ready() -> None:
    say("ready")
    sys.stdout.flush()
    sys.stdin.readline()


def _members(customers: int, first: int) -> list[dict[str, Any]]:
    """A batch: what a shop's site sends, nine in ten of somebody known."""
    at = datetime.now(UTC).isoformat()
    return [
        {
            "type": "track", "event": ("Product Viewed", "Product Added", "Cart Viewed", "Order Completed")[n % 4],
            **({"anonymousId": f"cookie-{n}"} if n % 10 == 0 else {"userId": f"u{n * 7919 % customers + 1}"}),
            "messageId": str(uuid.UUID(int=(first << 40) + (n if n % 20 else n - 19))), "timestamp": at,
            "context": {"library": {"name": "bench", "version": "1"}, "page": {"path": "/shirts"}},
            "properties": {"sku": f"A-{n % 500}", "name": "Blue shirt", "price": 9.5, "quantity": 1, "currency": "EUR"},
        }
        for n in range(first * BATCH, first * BATCH + BATCH)
    ]  # fmt: skip


def _ask(key: str, port: str, customers: str, number: str) -> None:
    """One asker: sends as fast as it is answered, says its events kept a second. Its batches are made beforehand."""
    headers = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode(),
               "Content-Type": "application/json"}  # fmt: skip
    base = int(time.time()) % 100_000 * 100_000 + int(number) * 20_000
    made = [json.dumps({"batch": _members(int(customers), base + n)}).encode() for n in range(_ready_made())]
    line = http.client.HTTPConnection("127.0.0.1", int(port))
    sent = iter(made)

    def post() -> int:
        line.request("POST", "/v1/batch", next(sent), headers)
        answer = line.getresponse()
        said = answer.read()
        if answer.status != 200 or b'"refused":[]' not in said:
            raise SystemExit(f"{answer.status} {said[:300]!r}")
        return int(json.loads(said)["kept"])

    _pace(post)


def _copy(customers: str, number: str) -> None:
    """One writer of the other side."""
    home = Home(Path(os.environ["REGULARS_HOME"]))
    base = int(time.time()) % 100_000 * 100_000 + int(number) * 20_000
    blocks = iter([_block(int(customers), base + n) for n in range(_ready_made())])
    with psycopg.connect(**Server(home).connection_parameters("regulars_writer"), autocommit=True) as connection:
        connection.execute("SET search_path = vault")

        def copy() -> int:
            with connection.cursor().copy(COPY) as into:
                into.write(next(blocks))
            return BATCH

        _pace(copy)


def _block(customers: int, first: int) -> str:
    """The batch as lines of COPY's text."""
    rows = []
    for n, one in enumerate(_members(customers, first)):
        who = one.get("userId", "")[1:] or r"\N"
        said = json.dumps(one["properties"] | {"path": "/shirts"})
        cells = ((first << 13) + n, one["messageId"], 1, "web", one["event"], one["timestamp"], one["timestamp"],
                 uuid.uuid4(), who, said)  # fmt: skip
        rows.append("\t".join(map(str, cells)) + "\n")
    return "".join(rows)


def _pace(once: Any) -> None:
    _ready()
    until = time.perf_counter() + WARM_UP
    while time.perf_counter() < until:
        once()
    done, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < SECONDS:
        try:
            done += once()
        except StopIteration:
            break
    say(f"{done / took}")


def _read() -> None:
    """A reader as the rules are that make tasks of events: takes the news every tenth of a second, tells their ages."""
    import django

    django.setup()
    from django.db import transaction

    from regulars.records.events.batches import take_news

    with transaction.atomic():
        while take_news("bench", batches=1_000):
            pass
    _ready()
    ages: list[float] = []
    until = time.monotonic() + WARM_UP + SECONDS
    while time.monotonic() < until:
        with transaction.atomic():
            news = {one.id >> 13: one.received_at for one in take_news("bench")}
        now = datetime.now(UTC)
        ages += [(now - at).total_seconds() for at in news.values()]
        time.sleep(PAUSE)
    say(json.dumps(ages))


@contextmanager
def _house(customers: int) -> Iterator[tuple[Path, str]]:
    """A house of its own in a folder of its own, and the key that lets events in."""
    path = Path(tempfile.mkdtemp(prefix="regulars-bench-"))
    path.chmod(0o711)
    os.environ |= {"REGULARS_HOME": str(path), "DJANGO_SETTINGS_MODULE": "regulars.site.settings"}
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PREPARE, str(customers)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        yield path, done.stdout.split()[-1]
    finally:
        Server(Home(path)).discard()
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _served(home: Path) -> Iterator[int]:
    """The house at a free port, as `regulars serve` opens it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "regulars.desks.cli", "serve", "--no-jobs", "--address", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server does not answer")


def say(line: str) -> None:
    """One line for whoever reads."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ours", key, port, customers, number, seconds, warm_up]:
            SECONDS, WARM_UP = float(seconds), float(warm_up)
            _ask(key, port, customers, number)
        case ["plain", _key, _port, customers, number, seconds, warm_up]:
            SECONDS, WARM_UP = float(seconds), float(warm_up)
            _copy(customers, number)
        case ["reader", seconds, warm_up]:
            SECONDS, WARM_UP = float(seconds), float(warm_up)
            _read()
        case words:
            main(*map(int, words))
