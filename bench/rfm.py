"""RFM of everybody, from order lines to banded customers in Parquet: ours, SQL by hand, and lifetimes.

Each run is a process of its own, so that nobody profits from another's warm memory and each has its own peak. Reading
the files, cutting the fifths and writing the answer are inside the time. Starting Python and loading modules is not:
everybody first answers for a thimble of lines. lifetimes makes a smaller table (no bands, no file) and holds all lines
in memory: beyond `MOST` lines it gets one customer in so many, and says so. Usage: `python -m bench.rfm [LINES]`.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from regulars.connections.warehouse import Warehouse
from regulars.rules.tables import layout
from regulars.rules.value import rfm

AT = date(2025, 12, 31)
FIRST_MONTH, MONTHS = np.datetime64("2024-01", "M"), 24
LINES_AN_ORDER = 2.5
MOST = 10_000_000  # lines that lifetimes is given at most: about 1.5 GB

BY_HAND = """
COPY (
    WITH orders AS (
        SELECT customer_id, order_key, min(ordered_on) AS bought_on, sum(amount_minor) AS amount_minor
        FROM read_parquet('{folder}/order_lines/*/*.parquet') WHERE ordered_on <= DATE '{at}' GROUP BY ALL
    ), activity AS MATERIALIZED (
        SELECT customer_id, max(bought_on) FILTER (amount_minor > 0) AS last_on,
            DATE '{at}' - max(bought_on) FILTER (amount_minor > 0) AS recency,
            count(*) FILTER (amount_minor > 0) AS frequency, sum(amount_minor)::bigint AS monetary
        FROM orders GROUP BY customer_id HAVING frequency > 0
    ), cuts AS (
        SELECT quantile_disc(recency, [0.2, 0.4, 0.6, 0.8]) AS r, quantile_disc(frequency, [0.2, 0.4, 0.6, 0.8]) AS f,
            quantile_disc(monetary, [0.2, 0.4, 0.6, 0.8]) AS m
        FROM activity
    )
    SELECT activity.*,
        5 - (recency > r[1])::int - (recency > r[2])::int - (recency > r[3])::int - (recency > r[4])::int
            AS recency_band,
        1 + (frequency > f[1])::int + (frequency > f[2])::int + (frequency > f[3])::int + (frequency > f[4])::int
            AS frequency_band,
        1 + (monetary > m[1])::int + (monetary > m[2])::int + (monetary > m[3])::int + (monetary > m[4])::int
            AS monetary_band
    FROM activity, cuts
) TO '{folder}/kept/by_hand.parquet' (FORMAT parquet, COMPRESSION zstd)
"""


def make_lines(folder: Path, lines: int) -> int:
    """Two years of made-up order lines, by month; how many they are. The same every time.

    A tenth as many customers as lines, more of them from month to month; a few buy very often, most seldom; two and a
    half lines an order; three lines in a hundred are returns; a slope of amounts from small to large.
    """
    chance, written, key = np.random.default_rng(1), 0, 0
    with Warehouse(folder, layout()) as warehouse:
        for number in range(MONTHS):
            month = FIRST_MONTH + number
            table, orders = _month(chance, month, lines, number, key)
            written, key = written + warehouse.write_month(str(month), table), key + orders
    (folder / "kept").mkdir()
    return written


def _month(
    chance: np.random.Generator, month: np.datetime64, lines: int, number: int, key: int
) -> tuple[pa.Table, int]:
    orders, people = int(lines / MONTHS / LINES_AN_ORDER), lines // 10 + 7
    there = people * (0.3 + 0.7 * (number + 1) / MONTHS)
    # The cube makes a few frequent; the multiplication scatters their numbers over all files and row groups.
    who = (chance.random(orders) ** 3 * there).astype(np.int64) * 2_654_435_761 % people
    first, after = month.astype("M8[D]"), (month + 1).astype("M8[D]")
    day = first + np.sort(chance.integers(0, (after - first).astype(int), orders))
    size = np.minimum(chance.geometric(1 / LINES_AN_ORDER, orders), 40)
    many = int(size.sum())
    sign = np.where(chance.random(many) < 0.03, -1, 1)
    return pa.table(
        {
            "customer_id": np.repeat(who, size),
            "order_key": np.repeat(np.arange(key, key + orders), size),
            "product_id": chance.integers(1, 50_000, many),
            "branch_id": chance.integers(1, 60, many),
            "ordered_on": np.repeat(day, size),
            "quantity_milli": 1000 * sign,
            "amount_minor": sign * np.maximum(1, chance.lognormal(8, 1, many)).astype(np.int64),
        }
    ), orders


def ours(folder: Path) -> float:
    """Our own rule on our own warehouse, as the nightly refresh calls it. Seconds."""
    began = time.perf_counter()
    with Warehouse(folder, layout()) as warehouse:
        warehouse.keep("ours", rfm(warehouse.order_lines(), at=AT, keep=warehouse.hold))
    return time.perf_counter() - began


def by_hand(folder: Path) -> float:
    """One statement, written for this one question, with the same memory and threads. Seconds."""
    began = time.perf_counter()
    with duckdb.connect(config={"memory_limit": "2GB", "threads": 2, "preserve_insertion_order": False}) as connection:
        connection.execute(BY_HAND.format(folder=folder, at=AT))
    return time.perf_counter() - began


def share_for(folder: Path) -> int:
    """lifetimes gets one customer in so many, so that it gets about `MOST` lines."""
    [(lines,)] = duckdb.sql(f"SELECT count(*) FROM read_parquet('{folder}/order_lines/*/*.parquet')").fetchall()
    return max(1, round(lines / MOST))


def lifetimes(folder: Path) -> float:
    """lifetimes' summary, of one customer in `share`. Seconds, without reading the file: it wants a pandas frame."""
    warnings.simplefilter("ignore")
    from lifetimes.utils import summary_data_from_transaction_data  # heavy, and only this contender needs it

    share = share_for(folder)
    lines = duckdb.sql(
        f"SELECT customer_id, ordered_on::timestamp AS ordered_on, amount_minor::double AS amount_minor "
        f"FROM read_parquet('{folder}/order_lines/*/*.parquet') WHERE customer_id % {share} = 0"
    ).df()
    began = time.perf_counter()
    summary = summary_data_from_transaction_data(
        lines, "customer_id", "ordered_on", "amount_minor", observation_period_end=AT.isoformat()
    )
    seconds = time.perf_counter() - began
    assert len(summary) == lines["customer_id"].nunique()
    return seconds


CONTENDERS: dict[str, Callable[[Path], float]] = {"by_hand": by_hand, "ours": ours, "lifetimes": lifetimes}


def run(name: str, folder: Path) -> None:
    """One run of one contender in this process; prints seconds and peak memory as JSON."""
    CONTENDERS[name](folder / "thimble")
    print(json.dumps({"seconds": CONTENDERS[name](folder), "megabytes": _peak()}))


def _peak() -> int:
    """Most memory this process ever held, in MB. (`ru_maxrss` would count the parent's too.)"""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def in_own_process(name: str, folder: Path) -> tuple[float, int]:
    """Seconds and megabytes of one run."""
    command = [sys.executable, "-m", "bench.rfm", "run", name, str(folder)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return said["seconds"], said["megabytes"]


def differences(folder: Path) -> int:
    """How many customers the two answers disagree about, in any column."""
    ours, by_hand = (f"SELECT * FROM '{folder}/kept/{name}.parquet'" for name in ("ours", "by_hand"))
    query = f"SELECT count(*) FROM (({ours} EXCEPT ALL {by_hand}) UNION ALL ({by_hand} EXCEPT ALL {ours}))"
    return int(duckdb.sql(query).fetchall()[0][0])


def measured(folder: Path, runs: int) -> Iterator[tuple[str, list[float], int]]:
    """Name, seconds of each run and peak megabytes. The contenders take turns, so that a slow minute hits both."""
    found: dict[str, list[tuple[float, int]]] = {"ours": [], "by_hand": [], "lifetimes": []}
    for number in range(runs + 1):
        for name in ("by_hand", "ours"):
            found[name] += [in_own_process(name, folder)][: 1 if number else 0]  # the first turn only warms the disk
    found["lifetimes"].append(in_own_process("lifetimes", folder))
    for name, results in found.items():
        yield name, [seconds for seconds, _ in results], max(megabytes for _, megabytes in results)


def main(lines: int = 10_000_000, runs: int = 7) -> float:
    """Measure, print, and give ours ÷ by hand (median over the turns); lower is better.

    Raises `AssertionError` if the answers differ.
    """
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as place:
        folder = Path(place)
        made = make_lines(folder, lines)
        make_lines(folder / "thimble", 10_000)
        print(f"{made:,} order lines of up to {lines // 10 + 7:,} customers in {MONTHS} months, {runs} runs each")
        medians: dict[str, float] = {}
        turns: list[list[float]] = []
        for name, seconds, megabytes in measured(folder, runs):
            medians[name] = statistics.median(seconds)
            turns += [seconds] if name != "lifetimes" else []
            spread = f"{min(seconds):.2f}–{max(seconds):.2f}"
            print(f"{name:10} {medians[name]:7.2f} s  ({spread} s)  peak {megabytes:,} MB")
        differ, share = differences(folder), share_for(folder)
        assert differ == 0, f"{differ} rows differ"
    print("ours and by_hand agree about every customer, every column")
    if share > 1:
        print(
            f"lifetimes was given 1 customer in {share}; its seconds times {share} assume that it scales in proportion"
        )
    times = medians["lifetimes"] * share / medians["ours"]
    print(f"lifetimes, without bands, reading or writing, takes {times:.1f} times as long as ours")
    ratio = statistics.median(mine / theirs for mine, theirs in zip(turns[0], turns[1], strict=True))
    print(f"rfm ratio={ratio:.3f}")
    return ratio


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(sys.argv[2], Path(sys.argv[3]))
    else:
        main(*(int(word) for word in sys.argv[1:2]))
