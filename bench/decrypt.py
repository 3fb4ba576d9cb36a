"""The addresses of a mailing: sealed, each under its customer's own key, against the same addresses lying open.

Both sides ask for the same customers through the same kind of view, some thousands at a time, and end with every
address in hand. Ours is the post room's own door: names, sealed cells and locked keys through the delivery login, keys
unlocked, cells opened. The other reads names and addresses from a copy of the tables in which nothing is sealed.
Usage: `python -m bench.decrypt [CUSTOMERS]`.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from regulars.connections.home import Home
from regulars.connections.postgres.launcher import ADMINISTRATOR, Server

RUNS, CHUNK, GOAL = 5, 20_000, 10.0
AT = datetime(2026, 1, 2, tzinfo=UTC)
GRANT = """
INSERT INTO vault.choice_entry (customer_id, purpose, channel, value, at, by, source, wording)
SELECT id, 'direct_marketing', '', 'granted', now() - interval '1 day', 'bench', 'portal', 'Yes' FROM vault.customer
"""
COPY_OPEN = """
CREATE TABLE open_customer AS SELECT * FROM vault.customer;
CREATE TABLE open_point (id bigint PRIMARY KEY, customer_id bigint, channel text, valid boolean, value text);
ALTER TABLE open_customer ADD PRIMARY KEY (id);
INSERT INTO open_point SELECT id, customer_id, channel, valid, 'p' || customer_id || '@example.com'
  FROM vault.contact_point;
CREATE INDEX ON open_point (customer_id, channel, value);
CREATE SCHEMA open;
CREATE VIEW open.customer WITH (security_barrier) AS
    SELECT * FROM open_customer WHERE erased_at IS NULL AND allows_direct_marketing;
CREATE VIEW open.contact_point WITH (security_barrier) AS
    SELECT * FROM open_point p
     WHERE EXISTS (SELECT FROM open_customer c WHERE c.id = p.customer_id AND c.allows_direct_marketing);
ANALYZE
"""
PEOPLE = "SELECT id, name, given_name, honorific, language FROM open.customer WHERE id = ANY (%s)"
POINTS = """
SELECT DISTINCT ON (customer_id) customer_id, value FROM open.contact_point
 WHERE customer_id = ANY (%s) AND channel = 'email' AND valid AND value IS NOT NULL ORDER BY customer_id, id
"""


def main(customers: int = 100_000) -> float:
    """Seconds until every address is open; prints what was measured, and `decrypt ratio=… seconds=…` last."""
    home = Path(os.environ.get("REGULARS_BENCH_HOME") or tempfile.mkdtemp(prefix="regulars-bench-decrypt-"))
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    os.environ |= {"REGULARS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "regulars.site.settings"}
    import django

    django.setup()
    try:
        ids = _fill(customers)
        ours, theirs = _times(lambda: _ours(ids)), _times(lambda: _lying_open(home, ids))
        alone = _times(lambda: _keys_and_cells(ids))
    finally:
        _put_away(home)
    print(f"{customers:,} addresses: sealed {ours:.2f} s ({customers / ours:,.0f}/s), lying open {theirs:.2f} s")
    print(f"of that, unlocking keys and opening cells {alone:.2f} s ({1e6 * alone / customers:.1f} µs an address)")
    print(
        f"decrypt ratio={ours / theirs:.2f} seconds={ours:.2f} ({'reached' if ours < GOAL else 'missed'}: {GOAL:.0f} s)"
    )
    return ours


def _fill(customers: int) -> list[int]:
    """A house with that many people who have a mail address and want to hear from us; their ids."""
    import pyarrow as pa
    from django.db import connections

    from regulars.journeys.prepare_house import prepare_house
    from regulars.records.customers.actions import add_contact_points, create_customers
    from regulars.records.intake.actions import ensure_source
    from tests.cast import STEN

    prepare_house()
    source, ids = ensure_source("bench", by=STEN, at=AT).id, list[int]()
    for start in range(0, customers, CHUNK):
        refs = [f"R{n}" for n in range(start, min(start + CHUNK, customers))]
        people = pa.table(
            {"ref": refs, "first_seen_on": [AT.date()] * len(refs), "name": [f"Person {r}" for r in refs]}
        )
        made = create_customers(people, source_id=source, stage="customer", by=STEN, at=AT).tolist()
        mails = [f"p{who}@example.com" for who in made]
        points = pa.table({"customer_id": made, "channel": ["email"] * len(made), "value": mails})
        add_contact_points(points, source_id=source, at=AT)
        ids += made
    with connections["default"].cursor() as cursor:
        cursor.execute(GRANT)
    with _administrator(Path(os.environ["REGULARS_HOME"])) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute(COPY_OPEN)
    return ids


def _ours(ids: list[int]) -> int:
    from regulars.records.contacts.sending import recipients

    return sum(1 for _ in recipients(ids, "email"))


def _keys_and_cells(ids: list[int]) -> int:
    """What the seals themselves cost, without the database: keys unlocked, cells opened."""
    return sum(1 for _ in _opened(_held(ids)))


def _held(ids: list[int]) -> list[tuple[Any, bytes]]:
    if not _HELD:
        from regulars.connections.keys.master_keys import Wrapped
        from regulars.connections.postgres.asking import ask

        question = """SELECT k.customer_id, k.wrapped, k.master, p.value FROM customer_key k
                        JOIN contact_point p ON p.customer_id = k.customer_id ORDER BY 1"""
        _HELD.extend((Wrapped(*row[:3]), row[3]) for row in ask("default", question))
    return _HELD


_HELD: list[tuple[Any, bytes]] = []


def _opened(held: list[tuple[Any, bytes]]) -> Iterator[str]:
    from django.conf import settings

    for start in range(0, len(held), 5_000):
        some = held[start : start + 5_000]
        keys = settings.MASTER_KEYS.open([wrapped for wrapped, _ in some])
        for wrapped, cell in some:
            yield keys[wrapped.customer_id].open("contact_point.value", cell)


def _lying_open(home: Path, ids: list[int]) -> int:
    found = 0
    with _administrator(home) as connection:
        for start in range(0, len(ids), 5_000):
            some = ids[start : start + 5_000]
            people = {row[0]: row[1:] for row in connection.execute(PEOPLE, [some]).fetchall()}
            points = dict(connection.execute(POINTS, [some]).fetchall())
            found += sum(1 for who in some if who in people and points.get(who))
    return found


def _times(work: Callable[[], int]) -> float:
    """The median of several runs, each of which found everybody."""
    taken, counted = [], set[int]()
    for _ in range(RUNS):
        began = time.perf_counter()
        counted.add(work())
        taken.append(time.perf_counter() - began)
    assert len(counted) == 1, counted
    return statistics.median(taken)


def _administrator(home: Path) -> "psycopg.Connection[Any]":
    return psycopg.connect(**Server(Home(home)).connection_parameters(ADMINISTRATOR), autocommit=True)


def _put_away(home: Path) -> None:
    from django.db import connections

    connections.close_all()
    Server(Home(home)).discard()


if __name__ == "__main__":
    main(*(int(word.replace("_", "")) for word in sys.argv[1:2]))
