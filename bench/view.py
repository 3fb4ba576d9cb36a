"""Views against the raw table: scans, look-ups by key, ranges, a join with orders, and cells that are shown coarser.

Every view is read by its own login, through security barrier and row-level security, as the house really does; the raw
table is read by an administrator, whom neither concerns. Both sides read the same columns of the same rows in the same
run: the raw side says in its WHERE what the view says in its own. Both take turns on one core; each figure is a median.
Beside them stand the three usual ways to leave out who refuses, which ask a table of permissions for each row: a view
with EXISTS, row-level security with EXISTS, and a function. Of these the orders lie open: they ask for people only.
Usage: `python -m bench.view [CUSTOMERS [ORDER_LINES [PERCENT_WHO_CLOSE]]]`; `grid` measures all sizes and rates;
`row-rules` with the same numbers what `marketing` would cost without a barrier, by row rules alone (decision 16).
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
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
USUAL_SCANS = 3
SIZES, RATES = (100_000, 1_000_000, 10_000_000), (1, 20, 80, 98)
GOAL, GOAL_MASKED = 1.15, 1.6
RANGES, WIDTH = 20, 2_000
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
#: So many of a hundred close each purpose, and not always the same ones; the ledger is what the trigger makes of it.
SAY = """
INSERT INTO vault.choice_entry (customer_id, purpose, channel, value, at, by, source, wording)
SELECT id, purpose, '', CASE WHEN abs(hashint8extended(id, seed) % 100) < {rate} THEN 'denied' ELSE 'granted' END,
       now(), 'x', 'x', ''
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
#: A stretch of the index, as lists by number, by day or by month ask for.
RANGE = """
SELECT count(*), count(DISTINCT city), avg(household_size), min(first_seen_on) FROM {source} WHERE id >= %s AND id < %s
"""
#: What each region spent. Behind the views that leave people out, their orders are gone as well.
JOIN = """
SELECT c.region, count(*), sum(o.amount_minor) FROM {orders} o JOIN {source} ON c.id = o.customer_id GROUP BY c.region
"""
#: Cells the standard view shows coarser, read in every row; the raw side reads them as they are.
MASKED = "SELECT birth_on, count(*), count(DISTINCT postcode), count(income_band) FROM {source} GROUP BY birth_on"
TOLD_ONLY = ("count", "unprepared", "narrow")
ORDERS = """
INSERT INTO vault.order_line (line_key, ordered_at, customer_id, source_id, order_ref, order_key, quantity_milli,
                              amount_minor, discount_minor, currency, import_run_id)
SELECT gen_random_uuid(), timestamptz '2025-01-15' + make_interval(months => (n % {months})::int, secs => n % 86400),
       1 + abs(hashint8(n) % {customers}), 1, n::text, n, 1000, n % 90000, 0, 'CNY', 1
  FROM generate_series(1, {orders}) n
"""
MONTHS = 12
#: The usual ways: permissions in a table of their own, asked for by a view, by row-level security, by a function.
USUAL = """
CREATE SCHEMA usual;
CREATE TABLE usual.consent (customer_id bigint, purpose text, granted boolean, PRIMARY KEY (customer_id, purpose));
INSERT INTO usual.consent SELECT id, 'direct_marketing', allows_direct_marketing FROM vault.customer;
CREATE VIEW usual.by_exists WITH (security_barrier) AS SELECT * FROM vault.customer c WHERE erased_at IS NULL
    AND EXISTS (SELECT FROM usual.consent k
                 WHERE k.customer_id = c.id AND k.purpose = 'direct_marketing' AND k.granted);
CREATE FUNCTION usual.has_consent(who bigint, what text) RETURNS boolean STABLE SECURITY DEFINER LANGUAGE sql
    SET search_path = usual AS 'SELECT granted FROM consent WHERE customer_id = who AND purpose = what';
CREATE VIEW usual.by_function WITH (security_barrier) AS SELECT * FROM vault.customer c WHERE erased_at IS NULL
    AND usual.has_consent(id, 'direct_marketing');
CREATE TABLE usual.by_row_rule AS TABLE vault.customer;
ALTER TABLE usual.by_row_rule ADD PRIMARY KEY (id);
ALTER TABLE usual.by_row_rule ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_exists ON usual.by_row_rule USING (erased_at IS NULL AND EXISTS (
    SELECT FROM usual.consent k WHERE k.customer_id = id AND k.purpose = 'direct_marketing' AND k.granted));
CREATE ROLE regulars_usual_reader LOGIN;
GRANT CONNECT ON DATABASE regulars TO regulars_usual_reader;
GRANT USAGE ON SCHEMA usual, vault TO regulars_usual_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA usual TO regulars_usual_reader;
GRANT SELECT ON vault.order_line TO regulars_usual_reader;
"""
WAYS = {"EXISTS view": "by_exists", "row rule": "by_row_rule", "function": "by_function"}
#: Step by step to plain views: what each is, and what makes it of the one before.
LINES_SHOWN = """
SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'marketing.order_line'::regclass
"""
ORDERS_IN_SIGHT = "EXISTS (SELECT FROM vault.customer c WHERE c.id = order_line.customer_id AND c.{allows})"
BYTE_IN_SIGHT = "get_byte((SELECT held || ''::bytea FROM vault.held), customer_id::int) <> 0"
BYTES = """
CREATE TABLE vault.held AS SELECT decode(string_agg(lpad(CASE WHEN {allows} THEN '1' ELSE '0' END, 2, '0'), ''
    ORDER BY n), 'hex') AS held FROM generate_series(0, {customers}) n LEFT JOIN vault.customer c ON c.id = n;
GRANT SELECT ON vault.held TO regulars_view_marketing
"""
PLAIN_STEPS = {
    "with barrier": "SELECT",
    "customers": "ALTER VIEW marketing.customer SET (security_barrier = false)",
    "orders": """
        CREATE OR REPLACE VIEW marketing.order_line AS SELECT {shown} FROM vault.order_line;
        ALTER VIEW marketing.order_line SET (security_barrier = false);
        ALTER TABLE vault.order_line ENABLE ROW LEVEL SECURITY;
        CREATE POLICY seen ON vault.order_line TO regulars_view_marketing USING ({by_exists})""",
    "by a byte": "{bytes}; ALTER POLICY seen ON vault.order_line USING ({by_byte})",
}
OPEN_MONTHS = """
SELECT vault.open_order_month((date '2025-01-01' + make_interval(months => n))::date) FROM generate_series(0, 11) n
"""


Side = tuple[Any, Mapping[str, str]]
Work = Callable[[Any, Mapping[str, str]], None]


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


def main(customers: int = 1_000_000, orders: int = 2_000_000, rate: int = 20) -> None:
    """Print a table and, last, `view ratio=…`: the worst ratio of what is read as it stands."""
    with _house() as connect:
        _fill(connect, customers, orders, rate)
        measured = [one for view in VIEWS for one in _measure(connect, view, customers)]
        usual = list(_usual(connect, customers))
    for one in (*measured, *usual):
        through, raw = statistics.median(one.through) * 1000, statistics.median(one.raw) * 1000
        say(f"{one.view:<11} {one.work:<10} {through:9.2f} ms  raw {raw:9.2f} ms  ×{one.ratio:.3f}")
    say(f"{customers:,} customers, {orders:,} order lines, {rate} of 100 close each purpose")
    say(f"medians of {SCANS} scans and of {TURNS} times {LOOKUPS} look-ups; goal {GOAL}, coarser cells {GOAL_MASKED}")
    say(f"Told for comparison only: {', '.join(TOLD_ONLY)}; the ratio is the worst of all but these and coarser cells.")
    inline, coarser = _worst(measured)
    say(f"view ratio={inline:.3f} coarser={coarser:.3f}")


def grid() -> None:
    """Every size with every rate, a line each, and last the worst of all."""
    found = []
    for customers in SIZES:
        for rate in RATES:
            inline, coarser = _worst(_measured(customers, 2 * customers, rate))
            say(f"{customers:>11,} customers, {rate:>2} of 100 closed: ×{inline:.3f}, coarser cells ×{coarser:.3f}")
            found.append(inline)
    say(f"view ratio={max(found):.3f}")


def row_rules(customers: int = 100_000, orders: int = 20_000_000, rate: int = 1) -> None:
    """The view of `marketing` as it is, then its customers plain, then its orders too, then by a byte a customer."""
    allows = BY_NAME["marketing"].allows
    with _house() as connect:
        _fill(connect, customers, orders, rate)
        with connect("") as administrator:
            shown = administrator.execute(LINES_SHOWN).fetchone()[0]
            words = {
                "shown": shown, "by_exists": ORDERS_IN_SIGHT.format(allows=allows), "by_byte": BYTE_IN_SIGHT,
                "bytes": BYTES.format(allows=allows, customers=customers),
            }  # fmt: skip
            for step, statements in PLAIN_STEPS.items():
                administrator.execute(statements.format(**words))
                for one in _measure(connect, "marketing", customers):
                    say(f"{step:<12} {one.work:<10} ×{one.ratio:.3f}")


def _measured(customers: int, orders: int, rate: int) -> list[Measured]:
    with _house() as connect:
        _fill(connect, customers, orders, rate)
        return [one for view in VIEWS for one in _measure(connect, view, customers)]


def _worst(measured: list[Measured]) -> tuple[float, float]:
    """The worst ratio of what is read as it stands, and of cells shown coarser."""
    inline = max(one.ratio for one in measured if one.work not in (*TOLD_ONLY, "coarser"))
    return inline, max(one.ratio for one in measured if one.work == "coarser")


def _measure(connect: Callable[[str], Any], view: str, customers: int) -> Iterator[Measured]:
    one = BY_NAME[view]
    allowed = f" AND {one.allows}" if one.allows else ""
    raw = {"source": f"(SELECT * FROM vault.customer WHERE erased_at IS NULL{allowed}) c", "orders": "vault.order_line"}
    ids = [1 + (n * 7919) % customers for n in range(LOOKUPS)]
    with connect(login_role(one)) as reader, connect("") as administrator:
        sides = ((reader, {"source": "customer c", "orders": "order_line"}), (administrator, raw))
        _beside_each_other(reader, administrator)
        for work, question in (("scan", SCAN), ("count", COUNT), ("coarser", MASKED), ("join", JOIN)):
            yield Measured(view, work, *_in_turns(SCANS, sides, partial(_scan, question)))
        yield Measured(view, "range", *_in_turns(SCANS, sides, partial(_ranges, customers)))
        for work, question, prepare in (
            ("look-up", LOOKUP, True),
            ("unprepared", LOOKUP, False),
            ("narrow", NARROW, True),
        ):
            yield Measured(view, work, *_in_turns(TURNS, sides, partial(_look_up, question, ids, prepare)))


def _usual(connect: Callable[[str], Any], customers: int) -> Iterator[Measured]:
    """The same questions by the usual ways, through what stands for `marketing`."""
    with connect("") as administrator:
        administrator.execute(USUAL)
        for table in ("usual.consent", "usual.by_row_rule"):
            administrator.execute(f"VACUUM ANALYZE {table}")
    raw = "(SELECT * FROM vault.customer WHERE erased_at IS NULL AND allows_direct_marketing) c"
    ids = [1 + (n * 7919) % customers for n in range(LOOKUPS)]
    with connect("regulars_usual_reader") as reader, connect("") as administrator:
        _beside_each_other(reader, administrator)
        for way, source in WAYS.items():
            sides = (
                (reader, {"source": f"usual.{source} c", "orders": "vault.order_line"}),
                (administrator, {"source": raw, "orders": "vault.order_line"}),
            )
            yield Measured(way, "scan", *_in_turns(USUAL_SCANS, sides, partial(_scan, SCAN)))
            yield Measured(way, "join", *_in_turns(USUAL_SCANS, sides, partial(_scan, JOIN)))
            yield Measured(way, "look-up", *_in_turns(SCANS, sides, partial(_look_up, LOOKUP, ids, True)))


def _beside_each_other(*connections: Any) -> None:
    """Asker and servers on one core: on two, the one that happens to lie beside the asker is answered twice as fast.
    Nobody is stopped, or helped by others."""
    core = {min(os.sched_getaffinity(0))}
    for one in connections:
        one.execute("SET statement_timeout = 0; SET max_parallel_workers_per_gather = 0")
    for process in (0, *(one.info.backend_pid for one in connections)):
        os.sched_setaffinity(process, core)


def _in_turns(turns: int, sides: tuple[Side, Side], work: Work) -> tuple[list[float], list[float]]:
    """Seconds of both sides, one turn of each beside the other, now this first and now that; two before only warm."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(turns + 2):
        for side in (0, 1) if turn % 2 else (1, 0):
            began = time.perf_counter()
            work(*sides[side])
            times[side].append(time.perf_counter() - began)
    return times[0][2:], times[1][2:]


def _scan(question: str, connection: Any, tables: Mapping[str, str]) -> None:
    connection.execute(question.format(**tables)).fetchall()


def _ranges(customers: int, connection: Any, tables: Mapping[str, str]) -> None:
    asked = RANGE.format(**tables)
    for n in range(RANGES):
        first = 1 + n * max(1, customers // RANGES)
        connection.execute(asked, [first, first + WIDTH], prepare=True).fetchall()


def _look_up(question: str, ids: list[int], prepare: bool, connection: Any, tables: Mapping[str, str]) -> None:
    asked = question.format(**tables)
    with connection.cursor() as cursor:
        for one in ids:
            cursor.execute(asked, [one], prepare=prepare).fetchone()


def _fill(connect: Callable[[str], Any], customers: int, orders: int, rate: int) -> None:
    with connect("") as administrator:
        administrator.execute("ALTER TABLE vault.customer DISABLE TRIGGER USER")
        administrator.execute(FILL.format(customers=customers))
        administrator.execute("ALTER TABLE vault.customer ENABLE TRIGGER USER")
        administrator.execute("ALTER TABLE vault.choice_entry DISABLE TRIGGER USER")
        administrator.execute(SAY.format(rate=rate))
        administrator.execute("ALTER TABLE vault.choice_entry ENABLE TRIGGER USER")
        administrator.execute(mend_choices())
        administrator.execute(OPEN_MONTHS)
        administrator.execute(ORDERS.format(customers=customers, orders=orders, months=MONTHS))
        administrator.execute("VACUUM FULL vault.customer")
        administrator.execute("VACUUM ANALYZE")


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
    words = sys.argv[1:]
    if words == ["grid"]:
        grid()
    elif words[:1] == ["row-rules"]:
        row_rules(*(int(word.replace("_", "")) for word in words[1:]))
    else:
        main(*(int(word.replace("_", "")) for word in words))
