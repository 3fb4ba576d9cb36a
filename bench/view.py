"""Views against the raw table: a full scan with aggregates, and look-ups by key, over a million customers.

Every view is read by its own login, through security barrier and row-level security, as the house really does; the raw
table is read by an administrator, whom neither concerns. Both sides read the same columns of the same rows in the same
run: the raw side says in its WHERE what the view says in its own. Both take turns; each figure is a median.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from regulars.connections.home import Home
from regulars.connections.postgres.launcher import ADMINISTRATOR, Server
from regulars.rules.privacy.compiler import login_role
from regulars.rules.privacy.reconciliation import mend_choices
from regulars.rules.privacy.views import BY_NAME

SCANS = 11
TURNS, LOOKUPS = 121, 200
GOAL = 1.15
VIEWS = ("standard", "marketing", "disclosure", "automated", "sensitive")
FILL = """
INSERT INTO vault.customer (number, kind, stage, name, given_name, family_name, name_sort, honorific, sex, birth_on,
    language, city, region, country, postcode, timezone, household_size, marital_status, income_band, potential_index,
    product_knowledge, allergies, id_document, preferred_channel, jurisdiction, first_seen_on, changed_at, invented,
    allows_direct_marketing, allows_disclosure, allows_automated_decision, allows_sensitive_use,
    allows_email, allows_phone, allows_letter, allows_sms)
SELECT 'C-' || n, 'person', 'customer', 'Given' || n % 9973 || ' Family' || n % 99991, 'Given' || n % 9973,
    'Family' || n % 99991, 'family given', 'Ms', (ARRAY['f', 'm', ''])[1 + n % 3], date '1940-01-01' + (n % 25000)::int,
    'zh', 'City' || n % 300, 'Region' || n % 30, 'CN', lpad((n % 900000)::text, 6, '0'), 'Asia/Shanghai',
    (1 + n % 6)::smallint, 'married', (ARRAY['', '35-49K', '50-74K'])[1 + n % 3], (n % 100)::smallint, '',
    CASE WHEN n % 7 = 0 THEN sha256(n::text::bytea) END, NULL, 'email', 'none', date '2020-01-01' + (n % 2000)::int,
    now(), true, true, true, true, true, true, true, true, true
  FROM generate_series(1, {customers}) n
"""
PREPARE = "import django; django.setup(); from regulars.journeys.prepare_house import prepare_house; prepare_house()"
#: A fifth closes each purpose, and not always the same fifth; the ledger is what the trigger makes of it.
SAY = """
INSERT INTO vault.choice_entry (customer_id, purpose, channel, value, at, by, source, wording)
SELECT id, purpose, '', CASE WHEN hashint8extended(id, seed) % 5 = 0 THEN 'denied' ELSE 'granted' END, now(),
       'x', 'x', ''
  FROM vault.customer, (VALUES ('direct_marketing', 1), ('third_party_disclosure', 2), ('automated_decision', 3),
       ('sensitive_use', 4)) p (purpose, seed)
"""
#: What a marketer asks of everybody: per region people, towns, household, first and last arrival, women.
SCAN = """
SELECT region, count(*), count(DISTINCT city), avg(household_size), min(first_seen_on), max(first_seen_on),
       count(*) FILTER (WHERE sex = 'f') FROM {source} GROUP BY region
"""
#: The cheapest question there is. Behind a barrier every column of the view costs a nanosecond or two a row, asked for
#: or not, because PostgreSQL does not merge such a view into the question; here nothing else hides that.
COUNT = "SELECT count(*) FROM {source}"
#: As the house itself opens a customer: the whole row, prepared once (connections/postgres/asking.py).
LOOKUP = "SELECT * FROM {source} WHERE id = %s"
#: The cheapest look-up there is: a few columns. What is left is so little that the columns of the view, asked for or
#: not, are seen.
NARROW = "SELECT number, name, city, sex, language, first_seen_on FROM {source} WHERE id = %s"
TOLD_ONLY = ("count", "unprepared", "narrow")


Side = tuple[Any, str]
Work = Callable[[Any, str], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of each turn of one kind of work, through a view and on the raw table right beside it."""

    view: str
    work: str
    through: list[float]
    raw: list[float]

    @property
    def ratio(self) -> float:
        """How many times as long the view takes: the median over neighbouring turns, which share the machine's mood."""
        return statistics.median(through / raw for through, raw in zip(self.through, self.raw, strict=True))


def main(customers: int = 1_000_000) -> None:
    """Print a table and, last, `view ratio=…`: the worst ratio of all."""
    with _house() as connect:
        _fill(connect, customers)
        measured = [one for view in VIEWS for one in _measure(connect, view, customers)]
    for one in measured:
        through, raw = statistics.median(one.through) * 1000, statistics.median(one.raw) * 1000
        say(f"{one.view:<11} {one.work:<10} {through:9.2f} ms  raw {raw:9.2f} ms  ×{one.ratio:.3f}")
    say(f"{customers:,} customers; medians of {SCANS} scans and of {TURNS} times {LOOKUPS} look-ups; goal {GOAL}")
    say(f"Told for comparison only: {', '.join(TOLD_ONLY)}; the ratio is the worst of scans and look-ups.")
    say(f"view ratio={max(one.ratio for one in measured if one.work not in TOLD_ONLY):.3f}")


def _measure(connect: Callable[[str], Any], view: str, customers: int) -> Iterator[Measured]:
    one = BY_NAME[view]
    allowed = f" AND {one.allows}" if one.allows else ""
    raw_source = f"(SELECT * FROM vault.customer WHERE erased_at IS NULL{allowed}) c"
    ids = [1 + (n * 7919) % customers for n in range(LOOKUPS)]
    with connect(login_role(one)) as reader, connect("") as administrator:
        sides = ((reader, "customer"), (administrator, raw_source))
        for side, _ in sides:
            side.execute("SET statement_timeout = 0; SET max_parallel_workers_per_gather = 0")
        for work, question in (("scan", SCAN), ("count", COUNT)):
            yield Measured(view, work, *_in_turns(SCANS, sides, partial(_scan, question)))
        for work, question, prepare in (
            ("look-up", LOOKUP, True),
            ("unprepared", LOOKUP, False),
            ("narrow", NARROW, True),
        ):
            yield Measured(view, work, *_in_turns(TURNS, sides, partial(_look_up, question, ids, prepare)))


def _in_turns(turns: int, sides: tuple[Side, Side], work: Work) -> tuple[list[float], list[float]]:
    """Seconds of both sides, one turn of each beside the other, now this first and now that; two before only warm."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(turns + 2):
        for side in (0, 1) if turn % 2 else (1, 0):
            began = time.perf_counter()
            work(*sides[side])
            times[side].append(time.perf_counter() - began)
    return times[0][2:], times[1][2:]


def _scan(question: str, connection: Any, source: str) -> None:
    connection.execute(question.format(source=source)).fetchall()


def _look_up(question: str, ids: list[int], prepare: bool, connection: Any, source: str) -> None:
    asked = question.format(source=source)
    with connection.cursor() as cursor:
        for one in ids:
            cursor.execute(asked, [one], prepare=prepare).fetchone()


def _fill(connect: Callable[[str], Any], customers: int) -> None:
    with connect("") as administrator:
        administrator.execute("ALTER TABLE vault.customer DISABLE TRIGGER USER")
        administrator.execute(FILL.format(customers=customers))
        administrator.execute("ALTER TABLE vault.customer ENABLE TRIGGER USER")
        administrator.execute("ALTER TABLE vault.choice_entry DISABLE TRIGGER USER")
        administrator.execute(SAY)
        administrator.execute("ALTER TABLE vault.choice_entry ENABLE TRIGGER USER")
        administrator.execute(mend_choices())
        administrator.execute("VACUUM FULL vault.customer")
        administrator.execute("VACUUM ANALYZE vault.customer")


@contextmanager
def _house() -> Iterator[Callable[[str], Any]]:
    """A house of its own in a folder of its own; hands out a way to connect, "" for the administrator."""
    path = Path(tempfile.mkdtemp(prefix="regulars-bench-"))
    path.chmod(0o711)
    environment = os.environ | {"REGULARS_HOME": str(path), "DJANGO_SETTINGS_MODULE": "regulars.site.settings"}
    subprocess.run([sys.executable, "-c", PREPARE], env=environment, check=True)
    server = Server(Home(path))
    try:
        yield lambda role: psycopg.connect(**server.connection_parameters(role or ADMINISTRATOR), autocommit=True)
    finally:
        server.discard()
        shutil.rmtree(path, ignore_errors=True)


def say(line: str) -> None:
    """One line for whoever reads."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
