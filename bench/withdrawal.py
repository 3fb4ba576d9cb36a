"""From the commit of a withdrawal in the portal until nobody sees the row any more: readers, gate, exports.

A customer says no through the portal's own journey. When its transaction is committed each observer asks once, in a
statement of its own: the marketing login by id, the post room's by id, a program of the disclosure view, the contact
gate, and an export of a thousand names. Every answer must be without her. What is told is the time of the slowest of
them: so long after the commit, at most, somebody who asks at once has an answer without her. Meanwhile readers in
processes of their own ask all the time; every question of theirs that began after the commit is looked at too.
Usage: `python -m bench.withdrawal [CUSTOMERS]`.
"""

import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import psycopg

from regulars.connections.home import Home
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import administrator

READERS, WITHDRAWALS, EXPORTED, GOAL_MS = 2, 400, 1_000, 10.0
FILL = """
INSERT INTO vault.customer (number, kind, stage, name, given_name, family_name, name_sort, honorific, sex, language,
       city, region, country, postcode, timezone, marital_status, income_band, product_knowledge, preferred_channel,
       jurisdiction, first_seen_on, changed_at, invented, allows_direct_marketing, allows_disclosure,
       allows_automated_decision, allows_sensitive_use, allows_email, allows_phone, allows_letter, allows_sms)
SELECT 'W-' || n, 'person', 'customer', 'Person ' || n, '', '', 'person ' || n, '', '', '', '', '', '', '', '', '', '',
       '', '', 'none', '2024-01-01', now(), true, false, false, false, false, false, false, false, false
  FROM generate_series(1, %s) n
"""
GRANT = """
INSERT INTO vault.choice_entry (customer_id, purpose, channel, value, at, by, source, wording)
SELECT id, purpose, '', 'granted', now() - interval '1 day', 'bench', 'portal', 'Yes'
  FROM vault.customer, unnest(ARRAY['direct_marketing', 'third_party_disclosure']) AS purpose WHERE number = ANY (%s)
"""


def main(customers: int = 100_000, withdrawals: int = WITHDRAWALS) -> float:
    """The p99 in milliseconds; prints what was measured, and `withdrawal p99=… ms` last."""
    home = Path(os.environ.get("REGULARS_BENCH_HOME") or tempfile.mkdtemp(prefix="regulars-bench-withdrawal-"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    _wake(home)
    try:
        chosen = _fill(home, customers, withdrawals)
        times, stale, looked = _measure(home, chosen)
    finally:
        _put_away(home)
    times.sort()
    middle, late = statistics.median(times), times[min(len(times) - 1, len(times) * 99 // 100)]
    print(f"{customers:,} customers, {len(times)} withdrawals, {READERS} readers who asked {looked:,} times meanwhile")
    print(f"seen after the commit: {stale}; until the slowest observer had answered: p50 {middle:.2f} ms,"
          f" slowest {times[-1]:.2f} ms")  # fmt: skip
    print(f"withdrawal p99={late:.2f} ms (goal {GOAL_MS:.0f}), stale={stale}")
    if stale:
        raise SystemExit("somebody was seen after she had withdrawn")
    return late


def _wake(home: Path) -> None:
    os.environ |= {"REGULARS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "regulars.site.settings"}
    for name in ("DATABASE_URL", "REGULARS_DEMO"):
        os.environ.pop(name, None)
    import django

    django.setup()
    from regulars.journeys.prepare_house import prepare_house

    prepare_house()


def _fill(home: Path, customers: int, withdrawals: int) -> list[tuple[int, str]]:
    """The house is full; (id, number) of those who will withdraw, all of whom allow everything until then."""
    numbers = [f"W-{n}" for n in random.Random(7).sample(range(1, customers + 1), withdrawals)]
    with psycopg.connect(**administrator(Home(home), {}), autocommit=True) as connection:
        connection.execute(FILL, [customers])
        connection.execute(GRANT, [numbers])
        connection.execute("VACUUM ANALYZE vault.customer")
        connection.execute("ANALYZE vault.choice_entry")
        found = connection.execute("SELECT id, number FROM vault.customer WHERE number = ANY (%s)", [numbers])
        return [(int(who), str(number)) for who, number in found.fetchall()]


def _measure(home: Path, chosen: list[tuple[int, str]]) -> tuple[list[float], int, int]:
    """Milliseconds per withdrawal, how often somebody was still seen, how often the readers beside us asked."""
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe() for _ in range(READERS)]
    ids = [who for who, _ in chosen]
    readers = [context.Process(target=_reads, args=(str(home), far, ids, seed)) for seed, (_, far) in enumerate(pipes)]
    for reader in readers:
        reader.start()
    for near, _ in pipes:
        near.recv()  # it has begun
    try:
        times, committed, stale = _withdraw_all(home, chosen)
    finally:
        for near, _ in pipes:
            near.send("enough")
        seen = [near.recv() for near, _ in pipes]
        for reader in readers:
            reader.join(20)
    stale += sum(began > committed[who] for _, told in seen for began, who in told if who in committed)
    return times, stale, sum(asked for asked, _ in seen)


def _withdraw_all(home: Path, chosen: list[tuple[int, str]]) -> tuple[list[float], dict[int, float], int]:
    from regulars.journeys.withdraw_consent import withdraw_consent
    from regulars.records.company.access import now
    from regulars.rules.permission.asking import Asker

    watch, times, committed, stale = _Observers(home, [who for who, _ in chosen][:EXPORTED]), [], {}, 0
    for who, number in chosen:
        herself = Asker(f"customer {number}", "customer", "personal", "oversight")
        for purpose in ("third_party_disclosure", "direct_marketing"):
            withdraw_consent(number, by=herself, source="portal", at=now(), purpose=purpose, wording="No more")
        committed[who] = time.monotonic()
        answers = watch.ask_all(who)
        stale += sum(sees for sees, _ in answers)
        times.append(max(took for _, took in answers) * 1000)
    return times, committed, stale


class _Observers:
    """Everybody who must not see her any more, each through a login of its own."""

    def __init__(self, home: Path, exported: list[int]) -> None:
        logins = (f"regulars_{view}" for view in ("marketing", "delivery", "disclosure"))
        self._logins = [_open(home, login) for login in logins]
        self._exported = exported

    def ask_all(self, who: int) -> list[tuple[bool, float]]:
        """For each observer whether its next statement still shows her, and the seconds until it had answered."""
        by_id = [partial(self._shows, login) for login in self._logins]
        return [_timed(observer, who) for observer in (*by_id, self._gate_lets_through, self._export_holds)]

    def _shows(self, login: "psycopg.Connection[Any]", who: int) -> bool:
        return bool(login.execute("SELECT FROM customer WHERE id = %s", [who]).fetchall())

    def _gate_lets_through(self, who: int) -> bool:
        from regulars.records.company.access import now
        from regulars.records.contacts.gate_persons import persons_for_gate
        from regulars.rules.permission.gate import Contact, decide

        at = now()
        [person] = persons_for_gate([who], channel="letter", campaign=0, at=at, zone="UTC")
        decision = decide(person, Contact("letter", "segment", at))
        return all(answer.code != "marketing_closed" for answer in decision.rules)

    def _export_holds(self, who: int) -> bool:
        rows = self._logins[0].execute("SELECT id, name FROM customer WHERE id = ANY (%s)", [[who, *self._exported]])
        return any(row[0] == who for row in rows.fetchall())


def _timed(observer: Callable[[int], bool], who: int) -> tuple[bool, float]:
    began = time.perf_counter()
    return observer(who), time.perf_counter() - began


def _reads(home: str, pipe: Pipe, ids: list[int], seed: int) -> None:
    """Asks for one of the chosen after the other until told enough; hands back (how often, [(began, whom it saw)])."""
    login, dice, asked = _open(Path(home), "regulars_marketing"), random.Random(seed), 0
    seen: dict[int, float] = {}
    pipe.send("begun")
    while not pipe.poll():
        who = dice.choice(ids)
        began = time.monotonic()
        if login.execute("SELECT FROM customer WHERE id = %s", [who]).fetchall():
            seen[who] = max(began, seen.get(who, 0.0))
        asked += 1
        time.sleep(0.001)  # people and programs pause; without it the two cores measure themselves
    pipe.send((asked, [(began, who) for who, began in seen.items()]))


def _open(home: Path, login: str) -> "psycopg.Connection[Any]":
    return psycopg.connect(**Server(Home(home)).connection_parameters(login), autocommit=True, prepare_threshold=1)


def _put_away(home: Path) -> None:
    from django.db import connections

    connections.close_all()
    Server(Home(home)).discard()


if __name__ == "__main__":
    main(*(int(word.replace("_", "")) for word in sys.argv[1:2]))
