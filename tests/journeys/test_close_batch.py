"""The log is closed while others write: no honest line is missed, and whatever is altered afterwards is named."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections, transaction

from regulars.connections.copies.folder import FolderCopy
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.securing import Connection
from regulars.journeys import close_batch
from regulars.journeys.check_house import check_house
from regulars.journeys.close_batch import HEARTBEAT, close_batches, marks_key
from regulars.journeys.read_batch import lines_in
from regulars.journeys.send_checkpoint import Folder, send_checkpoints
from regulars.records.access_log.actions import note_access, note_change, note_denial, note_refused_deed
from regulars.records.access_log.batches import batches, checkpoints, ended_before
from regulars.rules.evidence.batches import gaps
from regulars.rules.evidence.canonical import canonical
from regulars.rules.evidence.checkpoints import broken_links, read_line
from regulars.rules.evidence.merkle import grown, leaf_hash, root_of_peaks
from tests.cast import DORA, EMIL, MIA
from tests.connections.copies.test_copies import receiving

pytestmark = pytest.mark.usefixtures("house")

INSERT = """
INSERT INTO access_entry (at, who, role, view, purpose, door, because, reference, customer_id, rows, allowed)
VALUES (clock_timestamp(), %s, 'service', 'standard', 'service', 'open_customer', 'serving', '', 1, 1, true)"""


def now() -> datetime:
    return datetime.now(UTC)


def close(minutes: int = 0, **more: Any) -> int:
    """How many lines were closed in."""
    return close_batches(at=now() + timedelta(minutes=minutes), **more).lines


def look(text: str = "serving", times: int = 1) -> None:
    for _ in range(times):
        note_access(DORA, door="open_customer", because=text, rows=1, customer_id=4)


def found(connection: Connection) -> set[tuple[str, str]]:
    return {(f.code, f.place) for f in check_house(connection).findings if f.code.startswith("log_")}


@contextmanager
def log_writer() -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """A connection of the log's own login, which commits when told to."""
    with psycopg.connect(**Server(settings.HOME).connection_parameters("regulars_log")) as connection:
        yield connection


def test_a_quiet_house_signs_its_first_checkpoint(administrator_connection: Connection) -> None:
    done = close_batches(at=now())
    assert (done.batches, done.lines) == (0, 0)
    assert done.checkpoint is not None
    assert done.checkpoint.holds
    assert found(administrator_connection) == set()


def test_with_nothing_new_a_checkpoint_is_signed_every_quarter_of_an_hour() -> None:
    at = now()
    assert close_batches(at=at).checkpoint is not None
    assert close_batches(at=at + HEARTBEAT / 2).checkpoint is None
    assert close_batches(at=at + HEARTBEAT).checkpoint is not None


def test_lines_are_closed_and_hold(administrator_connection: Connection) -> None:
    look(times=3)
    note_denial(MIA, door="open_customer", because="curious", customer_id=4)
    assert close() == 4
    look()
    assert close() == 1
    assert close() == 0
    with administrator_connection.transaction():
        made = batches(administrator_connection)
        assert [(one.number, one.book, one.lines) for one in made] == [(1, "access", 4), (2, "access", 1)]
        assert all(batch.holds(lines) for batch, lines in lines_in(administrator_connection, made, marks_key()))
    assert found(administrator_connection) == set()


def test_many_lines_become_several_batches(administrator_connection: Connection) -> None:
    look(times=25)
    done = close_batches(at=now(), largest=10)
    assert (done.batches, done.lines) == (3, 25)
    assert found(administrator_connection) == set()


def test_deeds_are_in_the_privacy_log_if_they_happened(administrator_connection: Connection) -> None:
    change = {"door": "add_choice", "subject": "choice_entry", "field": "direct_marketing", "customer_id": 4}
    with pytest.raises(RuntimeError), transaction.atomic():
        note_change(DORA, old="granted", new="denied", **change)
        note_refused_deed(MIA, deed="export", subject="people_file", detail={"rows": 40})
        raise RuntimeError
    note_change(EMIL, old="unset", new="granted", **change)
    assert close() == 2
    with administrator_connection.transaction():
        ((_, lines),) = lines_in(administrator_connection, batches(administrator_connection), marks_key())
        said = b"\n".join(lines).decode()
    assert '"who":"Mia"' in said
    assert '\\"new\\":\\"granted\\"' in said
    assert '\\"new\\":\\"denied\\"' not in said
    assert found(administrator_connection) == set()


def test_a_line_that_commits_late_is_not_missed(administrator_connection: Connection) -> None:
    """Its id is smaller than that of lines closed long before: the batch by id would never have had it."""
    with log_writer() as late:
        late.execute(INSERT, ["Late"])
        look()
        assert close() == 0  # an older transaction is under way: nothing younger than it is closed yet
        late.commit()
        assert close() == 2
    assert found(administrator_connection) == set()


def test_a_line_rolled_back_leaves_no_gap(administrator_connection: Connection) -> None:
    with log_writer() as writer:
        writer.execute(INSERT, ["Never"])
        writer.rollback()
        look()
    assert close() == 1
    assert found(administrator_connection) == set()


def test_four_writers_and_a_closer_at_once(administrator_connection: Connection) -> None:
    """Some commit at once, some late, some never; in the end every honest line is in exactly one batch."""
    stop, kept, pauses = threading.Event(), [0] * 4, (0.0, 0.002, 0.02, 0.05)

    def write(who: int) -> None:
        with log_writer() as writer:
            turn = 0
            while not stop.is_set():
                turn += 1
                writer.execute(INSERT, [f"writer {who}"])
                writer.execute(INSERT, [f"writer {who}"])
                time.sleep(pauses[turn % 4] if who else 0)
                if turn % 7 == 3:
                    writer.rollback()
                else:
                    writer.commit()
                    kept[who] += 2

    threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    closed, until, last = 0, time.monotonic() + 3, time.monotonic() + 60
    while time.monotonic() < until or (len(batches(administrator_connection)) <= 5 and time.monotonic() < last):
        closed += close(largest=200)
        assert found(administrator_connection) == set()
    stop.set()
    for thread in threads:
        thread.join()
    closed += close()
    row = administrator_connection.execute("SELECT count(*) FROM vault.access_entry").fetchone()
    assert closed == sum(kept) == (row[0] if row else None)
    made = batches(administrator_connection)
    assert list(gaps(made)) == list(broken_links(checkpoints(administrator_connection))) == []
    assert len(made) > 5
    assert found(administrator_connection) == set()


def test_two_closers_do_not_close_twice() -> None:
    look(times=5)
    with transaction.atomic():
        connections["default"].cursor().execute("SELECT pg_advisory_xact_lock(20180102)")
        closed: list[int] = []
        other = threading.Thread(target=lambda: (closed.append(close()), connections.close_all()))
        other.start()
        other.join()
        assert closed == [0]
    assert close() == 5


def test_a_copy_outside_has_every_line_under_pseudonyms(tmp_path: Path, administrator_connection: Connection) -> None:
    place = Folder(FolderCopy(tmp_path / "copy"), "folder")
    for customer in (4, 5, 4):
        note_access(DORA, door="open_customer", because="Mrs Wang called", rows=1, customer_id=customer)
        close()
        assert send_checkpoints(at=now(), to=[place]) == {"folder": ""}
    (lines,) = (tmp_path / "copy").glob("lines-*.jsonl")
    told = lines.read_text()
    assert told.count('"door":"open_customer"') == 3
    assert "Wang" not in told
    newest = place.newest()
    assert newest is not None
    assert newest.checkpoint.number == 3


def test_a_house_moved_to_another_server_goes_on(
    administrator_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dump brings the lines with the old server's transaction numbers; the new server counts from the start."""
    ahead = 500_000_000
    look(times=2)
    with monkeypatch.context() as old_server:
        old_server.setattr(close_batch, "ended_before", lambda connection: ended_before(connection) + ahead)
        assert close() == 2
    look(times=2)  # not closed any more when the dump was taken
    administrator_connection.execute(
        "UPDATE vault.access_entry SET xid = xid + %s WHERE id > (SELECT last_id FROM vault.log_batch)", [2 * ahead]
    )
    look(times=3)  # already on the new server
    assert close() == 5
    assert close() == 1  # the deed "log_moved"
    look()
    assert close() == 1
    assert found(administrator_connection) == set()
    administrator_connection.execute("UPDATE vault.access_entry SET rows = 9 WHERE rows = 1")
    assert len(found(administrator_connection)) == 4


def test_a_webhook_can_follow_the_log_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The receiver has the peaks of the tree it knew and the batches since: it grows the new root on its own."""
    with receiving() as server:
        monkeypatch.setattr(settings, "LOG_WEBHOOK", f"http://127.0.0.1:{server.server_port}/log")
        server.answers = [204, 503, 204]
        sizes = [0]
        for turn in range(3):
            look()
            close_batches(at=now())
            send_checkpoints(at=now() + timedelta(minutes=10 * turn))
        told = [json.loads(body)["data"] for _, body in server.got]
        assert [len(one["batches"]) for one in told] == [1, 1, 2]  # the second did not arrive, so it comes again
        for one in (told[0], told[2]):
            peaks = tuple(bytes.fromhex(peak) for peak in one["peaks_before"])
            for size, batch in enumerate(one["batches"], start=sizes[-1]):
                peaks = grown(peaks, size, leaf_hash(canonical(batch)))
            sizes.append(one["checkpoint"]["size"])
            assert root_of_peaks(peaks).hex() == one["checkpoint"]["root"]
            assert read_line(canonical(one["checkpoint"])).holds
        assert len({headers["webhook-id"] for headers, _ in server.got}) == 3


def test_what_failed_is_tried_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as server:
        monkeypatch.setattr(settings, "LOG_WEBHOOK", f"http://127.0.0.1:{server.server_port}/log")
        server.answers, at = [503, 503, 204], now()
        close_batches(at=at)
        assert send_checkpoints(at=at)["webhook 127.0.0.1"] == "answered 503"
        assert send_checkpoints(at=at + timedelta(seconds=30))["webhook 127.0.0.1"] == "answered 503"  # not asked
        assert len(server.got) == 1
        send_checkpoints(at=at + timedelta(minutes=1))
        assert len(server.got) == 2
        assert send_checkpoints(at=at + timedelta(minutes=2)) != {}
        assert len(server.got) == 2  # two minutes the second time
        assert send_checkpoints(at=at + timedelta(minutes=3))["webhook 127.0.0.1"] == ""
        assert len({headers["webhook-id"] for headers, _ in server.got}) == 1
