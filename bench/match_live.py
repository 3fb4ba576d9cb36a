"""Who is it? One record as told, with a mistake in it, against five million customers, beside Splink's one-record call.

The people and what is wrong with what is told of them come from a published generator (bench/_mistakes): the same
seeds, the same questions. Ours is the door itself in the running house: marks, candidates from PostgreSQL, comparison,
the asker's view, the line in the log. Splink's is `predict_between` of its new record and a table in DuckDB's memory,
with the same model (levels, m, u, frequencies) and blocking rules of its own kind, among the same people. Both are
told the same. Recall is how often she is first, or among the first three. Where both score a pair, their weights are
held against each other. A phone with a slip in it and nothing else is told of apart: only once nobody bears the
very number are a hundred others that may be meant looked up.

The house is filled once by COPY and kept under `/tmp` (or `REGULARS_BENCH_HOME`) for the next run.
Usage: `python -m bench.match_live [CUSTOMERS]`.
"""

import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from bench._mistakes import KINDS, Person, asked, person
from regulars.connections.home import Home
from regulars.connections.postgres.copying import copy_in
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import administrator
from regulars.journeys.compare_records import marked
from regulars.rules.cleaning.writing import sort_key
from regulars.rules.identity.comparing import compare
from regulars.rules.identity.figures_of_model import SETTINGS
from regulars.rules.identity.finding import NUMBER, WORD, keyed
from regulars.rules.identity.marks import Marker, Told
from regulars.rules.identity.model import MODEL
from regulars.rules.identity.traits import Called, Traits, called
from regulars.rules.permission.asking import Asker

#: The phone alone, with a slip: beside the other kinds, not among them.
PHONE_ALONE = ("digit missing", "digit too many", "digit wrong", "digits swapped")
EACH, PEER_CALLS, CHUNK, CLERK_ASKS, AHEAD = 100, 12, 20_000, 40, 4
TABLES = ("customer", "contact_point", "search_token", "recognition_mark", "name_slip")
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), c.conname, pg_get_constraintdef(c.oid)
  FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u')
 WHERE i.indrelid = %s::regclass AND NOT EXISTS (
       SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = i.indexrelid)
"""
Made = TypeVar("Made")
BARE = b"\x01" + bytes(40)  # stands where a sealed contact would: recognition never opens one


def main(customers: int = 5_000_000, each: int = EACH, peer_calls: int = PEER_CALLS) -> float:
    """How many times as fast as Splink's call; prints recall by kind of mistake, and `match-live ratio=…` last."""
    home = Path(
        os.environ.get("REGULARS_BENCH_HOME") or Path(tempfile.gettempdir()) / f"regulars-bench-match-{customers}"
    )
    _wake(home, customers)
    questions = {kind: asked(kind, each, customers) for kind in KINDS}
    alone = {kind: questions.pop(kind) for kind in PHONE_ALONE}
    clerks = (Asker(f"Desk {n // CLERK_ASKS}", "service", "standard", "service") for n in range(10**9))
    times, all_told = _ours(questions, clerks)
    slow, all_alone = _ours(alone, clerks)
    peer = _splink(home, customers, peer_calls)
    middle, late = statistics.median(times), _late(times)
    print(f"a phone alone, with a slip: p50 {statistics.median(slow):.2f} ms, p99 {_late(slow):.2f} ms; {all_alone}")
    print(f"{customers:,} customers, {len(times):,} questions: p50 {middle:.2f} ms, p99 {late:.2f} ms; {all_told}")
    print(f"match-live ratio={peer / middle:.0f} p99={late:.2f} ms")
    return peer / middle


def _wake(home: Path, customers: int) -> None:
    """The house stands, filled; Django looks at it."""
    full = home / "full"
    if not full.exists() or full.read_text() != str(customers):
        if home.exists():
            Server(Home(home)).discard()
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o711)
    os.environ |= {"REGULARS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "regulars.site.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from regulars.journeys.prepare_house import prepare_house

    prepare_house()
    if not full.exists():
        _fill(home, customers)
        full.write_text(str(customers))


def _fill(home: Path, customers: int) -> None:
    from django.conf import settings

    key = settings.KEYS.read("search")
    with psycopg.connect(**administrator(Home(home), {}), autocommit=True) as connection:
        connection.execute(
            "SET search_path = vault; SET session_replication_role = replica; SET maintenance_work_mem = '1GB'"
        )
        indexes = [row for table in TABLES for row in _drop_indexes(connection, table)]
        began, words = time.monotonic(), set[str]()
        with connection.cursor() as cursor:
            for tables, found in _side_by_side(_made, customers, key):
                for table, content in tables.items():
                    copy_in(cursor, table, content)
                words |= found
        _say(f"copied after {time.monotonic() - began:.0f} s")
        _slips(connection, key, words)
        for statement in indexes:
            connection.execute(statement)
        connection.execute(
            "SELECT setval('customer_id_seq', (SELECT max(id) FROM customer));"
            " UPDATE marking_progress SET done_until = (SELECT max(id) FROM customer)"
        )
        for table in TABLES:
            connection.execute(f"VACUUM ANALYZE {table}")
        _say(f"indexes and statistics after {time.monotonic() - began:.0f} s")


def _side_by_side(make: Callable[[int, int, bytes], Made], customers: int, key: bytes) -> Iterator[Made]:
    """What is made of every chunk of people, in their order, two chunks at a time."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as makers:
        waiting = deque[Future[Made]]()
        for first in range(0, customers, CHUNK):
            waiting.append(makers.submit(make, first, min(customers, first + CHUNK), key))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _drop_indexes(connection: Any, table: str) -> list[str]:
    """The statements that make them again."""
    again = []
    for index, made_by, constraint, definition in connection.execute(INDEXES, [f"vault.{table}"]).fetchall():
        what = f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"' if constraint else f"DROP INDEX {index}"
        connection.execute(what)
        again.append(f'ALTER TABLE {table} ADD CONSTRAINT "{constraint}" {definition}' if constraint else made_by)
    return again


def _made(first: int, after: int, key: bytes) -> tuple[dict[str, pa.Table], set[str]]:
    """The rows of these people, table by table, and the words of their names."""
    people, marker, marks, tokens, words = [person(n) for n in range(first, after)], Marker(key), [], [], set[str]()
    for one in people:
        name = called(one.family, one.given)
        marks += [(mark, one.number + 1) for mark in marker.kept(_record(one))]
        tokens += [(token, one.number + 1) for token in _tokens(one, name, key)]
        words |= {word for word in (name.family, *_given(name)) if len(word) >= 4}
    points = [(one.number + 1, channel) for one in people for channel in ("phone", "email", "letter")]
    tables = {
        "customer": _customers(people), "contact_point": _points(points),
        "search_token": _table(tokens, token=pa.string(), customer_id=pa.int64()),
        "recognition_mark": _table(marks, mark=pa.int64(), customer_id=pa.int64()),
    }  # fmt: skip
    return tables, words


def _record(one: Person) -> Told:
    from dataclasses import replace

    return replace(one.told, names=((one.name, one.family, one.given),))


def _tokens(one: Person, name: Called, key: bytes) -> Iterator[str]:
    yield from {WORD + name.family, *(WORD + one for one in _given(name))}
    yield f"{NUMBER}m{one.number}"
    yield keyed("phone", one.phone, key)
    yield keyed("email", one.email, key)


def _given(name: Called) -> tuple[str, ...]:
    return name.parts or (name.given,)


def _customers(people: Sequence[Person]) -> pa.Table:
    many = len(people)
    texts = (
        "honorific", "language", "region", "country", "timezone", "marital_status", "income_band", "product_knowledge",
        "preferred_channel",
    )  # fmt: skip
    flags = ("marketing", "disclosure", "automated_decision", "sensitive_use", "email", "phone", "letter", "sms")
    day = pa.scalar(people[0].birth_on, pa.date32())
    told = {
        "id": pa.array([one.number + 1 for one in people], pa.int64()),
        "number": [f"M{one.number}" for one in people], "kind": ["person"] * many, "stage": ["customer"] * many,
        "name": [one.name for one in people], "given_name": [one.given for one in people],
        "family_name": [one.family for one in people], "name_sort": [sort_key(one.family, one.given) for one in people],
        "sex": [one.sex for one in people], "birth_on": pa.array([one.birth_on for one in people], pa.date32()),
        "city": [one.place.city for one in people], "postcode": [one.place.postcode for one in people],
        "jurisdiction": ["none"] * many, "first_seen_on": pa.repeat(day, many),
        "changed_at": pa.repeat(pa.scalar(1_700_000_000_000_000, pa.timestamp("us", "UTC")), many),
        "invented": pa.repeat(pa.scalar(True), many),
    }  # fmt: skip
    told |= {name: [""] * many for name in texts}
    told |= {
        f"allows_{flag.replace('marketing', 'direct_marketing')}": pa.repeat(pa.scalar(False), many) for flag in flags
    }
    return pa.table(told)


def _points(points: Sequence[tuple[int, str]]) -> pa.Table:
    many = len(points)
    return pa.table({
        "customer_id": pa.array([who for who, _ in points], pa.int64()), "channel": [channel for _, channel in points],
        "label": [""] * many, "value": pa.repeat(pa.scalar(BARE, pa.binary()), many),
        "valid": pa.repeat(pa.scalar(True), many),
        "noted_at": pa.repeat(pa.scalar(1_700_000_000_000_000, pa.timestamp("us", "UTC")), many),
    })  # fmt: skip


def _slips(connection: Any, key: bytes, words: set[str]) -> None:
    marker = Marker(key)
    rows = [(slip, word) for word in sorted(words) for slip in marker.slips(word)]
    with connection.cursor() as cursor:
        copy_in(cursor, "name_slip", _table(rows, slip=pa.int64(), word=pa.string()))


def _table(rows: Sequence[tuple[Any, ...]], **shape: pa.DataType) -> pa.Table:
    return pa.table(list(zip(*rows, strict=True)), schema=pa.schema(shape))


# ---- ours


def _ours(questions: dict[str, list[tuple[Person, Told]]], clerks: Iterator[Asker]) -> tuple[list[float], str]:
    """Milliseconds of every question; recall over all, after it is told by kind."""
    import regulars.site.wsgi  # noqa: F401  (what stays in memory is not searched for cycles, as in the running house)
    from regulars.records.customers.recognising import recognise_customers

    cold = list[float]()
    for told in [told for asking in questions.values() for _, told in asking]:
        began = time.perf_counter()
        recognise_customers(told, by=next(clerks), because="warming up", country="US")
        cold.append((time.perf_counter() - began) * 1000)
    print(f"asked for the first time: p50 {statistics.median(cold):.2f} ms, p99 {_late(cold):.2f} ms", flush=True)
    times, first, third, many = list[float](), 0, 0, 0
    for kind, asking in questions.items():
        places, took = [], []
        for one, told in asking:
            began = time.perf_counter()
            found = recognise_customers(told, by=next(clerks), because="bench", country="US")
            took.append((time.perf_counter() - began) * 1000)
            places.append(_place([line.customer.id for line in found], one))
        at_first, at_third = sum(place == 0 for place in places), sum(place < 3 for place in places)
        print(
            f"{kind:22} recall@1 {at_first / len(places):6.1%}  @3 {at_third / len(places):6.1%}"
            f"  p50 {statistics.median(took):5.2f} ms  p99 {_late(took):5.2f} ms", flush=True,
        )  # fmt: skip
        first, third, many, times = first + at_first, third + at_third, many + len(places), times + took
    return times, f"recall@1 {first / many:.1%}, @3 {third / many:.1%}"


def _late(times: Sequence[float]) -> float:
    """What 99 of a hundred stay within."""
    return sorted(times)[min(len(times) - 1, len(times) * 99 // 100)]


def _place(found: Sequence[int], one: Person) -> int:
    return found.index(one.number + 1) if one.number + 1 in found else 99


# ---- Splink


def _splink(home: Path, customers: int, calls: int) -> float:
    """The median of its calls in milliseconds."""
    import duckdb
    from django.conf import settings
    from splink import DuckDBAPI, Linker

    key = settings.KEYS.read("search")
    engine = duckdb.connect()
    engine.execute(f"CREATE TABLE people AS FROM '{_peers(home, customers, key)}'")
    api = DuckDBAPI(engine)
    linker = Linker(api.register("people"), SETTINGS, log_level=40, validate_settings=False)
    linker.table_management.register_term_frequency_lookup(api.register(_frequencies(engine)), "family")
    there, times, agreeing, pairs, hits = api.register("people"), list[float](), 0, 0, 0
    some = [asked(kind, 1, customers, seed=11)[0] for kind in (*KINDS, *KINDS)][: calls + 1]
    for turn, (one, told) in enumerate(some):
        new = _peer_table([(0, told)], key)
        began = time.perf_counter()
        record = api.register(new)
        answer = linker.inference.predict_between(there, record, threshold_match_weight=-20.0, warning_mode="never")
        rows = answer.as_record_list()
        if turn:  # the first call also prepares
            times.append((time.perf_counter() - began) * 1000)
        rows.sort(key=lambda row: -row["match_weight"])
        hits += bool(rows) and (one.number + 1) in (rows[0]["id_l"], rows[0]["id_r"])
        alike, compared = _agreeing(rows[:20], told, key)
        agreeing, pairs = agreeing + alike, pairs + compared
    took = statistics.median(times)
    print(
        f"Splink 5 among {customers:,}: {len(times)} calls, median {took:.0f} ms ({min(times):.0f}–{max(times):.0f}),"
        f" first {hits} of {len(some)};"
        f" weights agree on {agreeing} of {pairs} pairs"
    )
    return took


def _peers(home: Path, customers: int, key: bytes) -> Path:
    """The file of the same people as Splink reads them; made once."""
    there = home / f"peers-{customers}.parquet"
    if not there.exists():
        half = there.with_suffix(".half")
        with pq.ParquetWriter(half, _peer_shape()) as rows:
            for table in _side_by_side(_peers_made, customers, key):
                rows.write_table(table)
        half.rename(there)
    return there


def _peers_made(first: int, after: int, key: bytes) -> pa.Table:
    people = [person(n) for n in range(first, after)]
    return _peer_table([(one.number + 1, one.told) for one in people], key)


def _frequencies(engine: Any) -> pa.Table:
    """How common each family name is, as the model has it."""
    asked_for = "SELECT DISTINCT family, family_share AS tf_family FROM people WHERE family IS NOT NULL"
    return engine.execute(asked_for).to_arrow_table()


def _agreeing(rows: Sequence[dict[str, Any]], told: Told, key: bytes) -> tuple[int, int]:
    """On how many pairs the two models give the same weight."""
    ways = _ways(told, key)
    alike = 0
    for row in rows:
        known, *_ = _ways(_record(person(max(row["id_l"], row["id_r"]) - 1)), key)
        # of the ways a name may be meant Splink is told one
        alike += any(abs(compare(way, known, MODEL).bits - row["match_weight"]) < 0.01 for way in ways)
    return alike, len(rows)


def _ways(told: Told, key: bytes) -> tuple[Traits, ...]:
    return Marker(key).wanted(told, "US").ways


def _peer_table(people: Sequence[tuple[int, Told]], key: bytes) -> pa.Table:
    """The same traits as rows of keyed marks; what is empty is null."""
    return marked([(number, told, "US") for number, told in people], key)


def _peer_shape() -> pa.Schema:
    return marked([], b"").schema


def _say(step: str) -> None:
    print(step, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(*(int(word.replace("_", "")) for word in sys.argv[1:2]))
