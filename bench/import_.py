"""Order lines from a CSV file to PostgreSQL: ours through every check, against bare COPY of the same rows.

Ours reads the file, checks every cell, finds or creates customers, products and branches, writes lines and refused rows
with counters in one transaction per chunk, and brings the running totals up to date. Bare COPY is handed the very rows
that came out of that, as ready-made binary blocks, and does nothing but send them through psycopg into a table like
`order_line`: the same columns, months, key and indexes, on the same server. Each of ours is a process of its own, in a
house of its own; the peak of its memory is read after it has finished. Server and files lie on the same disk.

Usage: `python -m bench.import_ [LINES]`.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
from psycopg import sql

from regulars.connections.postgres.home import Home
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import administrator

LINES_AN_ORDER = 3
CUSTOMERS, PRODUCTS, BRANCHES = 330_000, 5_000, 40
FIRST_MONTH, MONTHS = np.datetime64("2024-01", "M"), 24
AT = datetime(2026, 1, 2, tzinfo=UTC)
BLOCK = 1 << 20
RUNS = 3


def make_file(path: Path, lines: int) -> int:
    """A till's export: orders by time, three lines each, a few returns, one row in ten thousand broken; its bytes."""
    rng = np.random.default_rng(20_260_312)
    orders = -(-lines // LINES_AN_ORDER)
    first, last = (month.astype("datetime64[s]").astype(np.int64) for month in (FIRST_MONTH, FIRST_MONTH + MONTHS))
    moments = np.sort(rng.integers(first, last, orders)).astype("datetime64[s]")
    buyers = (CUSTOMERS * rng.power(2.0, orders)).astype(np.int64)
    with pcsv.CSVWriter(path, _row_schema()) as writer:
        for start in range(0, orders, 100_000):
            part = slice(start, min(start + 100_000, orders))
            writer.write_table(_rows(rng, np.arange(start, part.stop), moments[part], buyers[part]))
    return path.stat().st_size


def _row_schema() -> pa.Schema:
    names = ("receipt", "line", "card_no", "date", "sku", "qty", "amount", "shop")
    return pa.schema([(name, pa.string()) for name in names])


def _rows(rng: np.random.Generator, numbers: np.ndarray, moments: np.ndarray, buyers: np.ndarray) -> pa.Table:
    count = len(numbers) * LINES_AN_ORDER
    each = np.repeat(np.arange(len(numbers)), LINES_AN_ORDER)
    cents = rng.integers(99, 49_999, count) * np.where(rng.random(count) < 0.02, -1, 1)
    amounts = pc.cast(pa.array(cents / 100), pa.string())
    amounts = pc.if_else(pa.array(rng.random(count) < 0.0001), "?", amounts)
    when = pc.strftime(pa.array(moments[each]), "%Y-%m-%d %H:%M:%S")
    columns = [
        _named("R", numbers[each], 9),
        pc.cast(pa.array(np.tile(np.arange(1, LINES_AN_ORDER + 1), len(numbers))), pa.string()),
        _named("M", buyers[each], 7),
        when,
        _named("P", rng.integers(0, PRODUCTS, count), 5),
        pc.cast(pa.array(np.where(cents < 0, -1, rng.integers(1, 4, count))), pa.string()),
        amounts,
        _named("S", buyers[each] % BRANCHES, 3),
    ]
    return pa.table(columns, schema=_row_schema())


def _named(letter: str, numbers: np.ndarray, digits: int) -> pa.Array:
    padded = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), digits, "0")
    return pc.binary_join_element_wise(letter, padded, "")


def main(lines: int = 10_000_000, runs: int = RUNS) -> float:
    """Rows per second of ours as a share of bare COPY's; prints what both sides did, and `import ratio=…` last."""
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        Path(folder).chmod(0o711)
        file = Path(folder) / "receipts.csv"
        print(f"{lines:,} lines, {make_file(file, lines) / 1e6:,.0f} MB of CSV, {runs} runs")
        found = [_one_run(Path(folder) / f"house{number}", file) for number in range(runs)]
    ours, bare = (statistics.median(run[name] for run in found) for name in ("ours", "bare"))
    peak = max(run["peak_mb"] for run in found)
    print(f"ours {ours:,.0f} rows/s, bare COPY {bare:,.0f} rows/s (medians), peak memory of ours {peak:,.0f} MB")
    print(f"import ratio={ours / bare:.3f}")
    return ours / bare


def _one_run(home: Path, file: Path) -> dict[str, float]:
    with _house(home) as environment:
        told = _ours(environment, file)
        bare = _bare(Home(home), home / "ready.bin")
    wrong = told["rows_new"] + told["rows_refused"] != told["rows_read"] or bare["rows"] != told["rows_new"]
    if wrong:
        raise SystemExit(f"unlike work: {told} {bare}")
    run = {
        "ours": told["rows_read"] / told["seconds"],
        "bare": bare["rows"] / bare["seconds"],
        "peak_mb": told["peak_mb"],
    }
    print(
        f"ours {told['seconds']:.1f} s ({run['ours']:,.0f} rows/s, peak {told['peak_mb']:,.0f} MB,"
        f" steps {told['steps']}, {told['rows_refused']:,} refused),"
        f" bare {bare['seconds']:.1f} s ({run['bare']:,.0f} rows/s)"
    )
    return run


@contextmanager
def _house(home: Path) -> Iterator[dict[str, str]]:
    environment = os.environ | {"REGULARS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "regulars.site.settings"}
    environment.pop("DATABASE_URL", None)
    try:
        yield environment
    finally:
        Server(Home(home)).discard()
        shutil.rmtree(home, ignore_errors=True)


def _ours(environment: dict[str, str], file: Path) -> dict[str, float]:
    """Our side in a process of its own; the time is that of the import alone, without starting Python."""
    # settings say this of Arrow's memory before pyarrow comes; here it comes before them
    environment = environment | {"ARROW_DEFAULT_MEMORY_POOL": "system"}
    done = subprocess.run(
        [sys.executable, "-m", "bench.import_", "--ours", str(file)],
        env=environment, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def bring_in(file: str) -> None:
    """What the process of our side does: a house is prepared, then the file is brought in and timed."""
    import resource

    import django

    django.setup()
    from regulars.journeys.import_file import Progress, import_now
    from regulars.journeys.prepare_house import prepare_house
    from regulars.journeys.run_import import NIGHT_SHIFT

    prepare_house()
    steps: dict[str, float] = {}

    def note(progress: Progress) -> None:
        steps.update(progress.seconds)

    begun = time.monotonic()
    report = import_now(file, source_ref="till", by=NIGHT_SHIFT, at=AT, progress=note)
    seconds = time.monotonic() - begun
    if report.state != "finished":
        raise SystemExit(f"{report.state} {report.code} {report.values}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {name: getattr(report, name) for name in ("rows_read", "rows_new", "rows_refused", "customers_new")}
    print(json.dumps({**told, "seconds": seconds, "peak_mb": peak, "steps": steps}))


def _bare(home: Home, ready: Path) -> dict[str, float]:
    """The same rows as ready-made blocks into a table made like ours."""
    with psycopg.connect(**administrator(home, {}), autocommit=True) as connection:
        connection.execute("SET search_path = vault")
        _make_ready(connection, ready)
        _make_clone(connection)
        connection.execute("CHECKPOINT")
        begun = time.monotonic()
        copying = "COPY bare_line FROM STDIN (FORMAT binary)"
        with ready.open("rb") as blocks, connection.cursor() as cursor, cursor.copy(copying) as copy:
            while block := blocks.read(BLOCK):
                copy.write(block)
        seconds = time.monotonic() - begun
        rows = connection.execute("SELECT count(*) FROM bare_line").fetchone()
    ready.unlink()
    return {"rows": float(rows[0] if rows else 0), "seconds": seconds}


def _make_ready(connection: "psycopg.Connection[tuple[object, ...]]", ready: Path) -> None:
    """The rows in the order in which they were written, as PostgreSQL's binary COPY stream."""
    query = "COPY (SELECT * FROM order_line) TO STDOUT (FORMAT binary)"
    with ready.open("wb") as file, connection.cursor() as cursor, cursor.copy(query) as copy:
        for row in copy:
            file.write(row)


def _make_clone(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute("CREATE TABLE bare_line (LIKE order_line INCLUDING ALL) PARTITION BY RANGE (ordered_at)")
    months = connection.execute(
        "SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = 'order_line'::regclass"
    ).fetchall()
    for name, bounds in months:
        clone = sql.Identifier(str(name).replace("order_line", "bare_line"))
        connection.execute(
            sql.SQL("CREATE TABLE {} PARTITION OF bare_line {}").format(clone, sql.SQL(str(bounds)))  # type: ignore[arg-type]
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ours"]:
        bring_in(sys.argv[2])
    else:
        main(int(sys.argv[1].replace("_", "")) if sys.argv[1:] else 10_000_000)
