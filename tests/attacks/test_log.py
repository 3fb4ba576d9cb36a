"""Somebody with a free hand in the database alters the log, cuts its end off, or keeps the proof from leaving."""

import psycopg
import pytest
from django.conf import settings

from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.securing import Connection
from regulars.journeys.send_checkpoint import send_checkpoints
from regulars.records.access_log.actions import note_refused_deed
from tests.cast import MIA, ann
from tests.journeys.test_close_batch import close, found, log_writer, look, now

pytestmark = pytest.mark.usefixtures("house")


def test_44_an_edited_line_is_named(administrator_connection: Connection) -> None:
    look(times=3)
    close()
    administrator_connection.execute("UPDATE vault.access_entry SET who = 'Nobody' WHERE id % 3 = 0")
    assert found(administrator_connection) == {("log_batch_differs", "access batch 1")}


@pytest.mark.parametrize(
    "deed",
    [
        "DELETE FROM vault.access_entry WHERE id = (SELECT min(id) FROM vault.access_entry)",
        "UPDATE vault.access_entry SET customer_id = 5",
        "UPDATE vault.access_entry SET at = at - interval '1 microsecond'",
        "UPDATE vault.access_entry SET allowed = NOT allowed",
        (
            "INSERT INTO vault.access_entry SELECT id + 1000, at, who, role, view, purpose, door, because, reference,"
            " customer_id, rows, allowed, xid FROM vault.access_entry LIMIT 1"
        ),
        "UPDATE vault.access_entry SET xid = 1 WHERE id = (SELECT max(id) FROM vault.access_entry)",
        "UPDATE vault.privacy_entry SET subject = 'other'",
    ],
)
def test_44_whatever_is_done_to_closed_lines_is_named(administrator_connection: Connection, deed: str) -> None:
    look(times=3)
    note_refused_deed(MIA, deed="export", subject="people_file", detail={})
    close()
    look()
    close()
    administrator_connection.execute(deed.encode())
    assert {code for code, _ in found(administrator_connection)} == {"log_batch_differs"}


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        ("UPDATE vault.log_batch SET lines = lines + 1 WHERE number = 2", "log_tree_differs"),
        ("DELETE FROM vault.log_batch WHERE number = 2", "log_gap"),
        ("UPDATE vault.log_batch SET since = since - 1 WHERE number = 2", "log_gap"),
        ("UPDATE vault.log_checkpoint SET lines = 1 WHERE number = 2", "log_checkpoint_broken"),
        ("DELETE FROM vault.log_checkpoint WHERE number = 2", "log_checkpoint_broken"),
        ("DELETE FROM vault.log_checkpoint WHERE number = 3", "log_tree_differs"),
    ],
)
def test_44_batches_and_checkpoints_hold_each_other(administrator_connection: Connection, deed: str, code: str) -> None:
    for _ in range(3):
        look()
        close()
    assert found(administrator_connection) == set()
    administrator_connection.execute(deed.encode())
    assert code in {code for code, _ in found(administrator_connection)}


def test_45_a_cut_tail_shows_against_the_copy(administrator_connection: Connection) -> None:
    """Lines, batch and checkpoint taken out together leave a database that agrees with itself. The copy does not."""
    for _ in range(3):
        look()
        close()
        send_checkpoints(at=now())
    administrator_connection.execute(
        "DELETE FROM vault.access_entry WHERE id = (SELECT max(id) FROM vault.access_entry)"
    )
    administrator_connection.execute("DELETE FROM vault.log_batch WHERE number = 3")
    administrator_connection.execute("DELETE FROM vault.log_checkpoint WHERE number = 3")
    assert found(administrator_connection) == {("log_shorter_than_copy", "evidence")}
    look()
    close()
    assert found(administrator_connection) == {("log_copy_otherwise", "evidence")}
    assert send_checkpoints(at=now())["evidence"] == "otherwise"  # nor is the copy added to any more
    assert found(administrator_connection) == {("log_copy_otherwise", "evidence")}


def test_53_a_missing_heartbeat_is_named(administrator_connection: Connection) -> None:
    look()
    close(minutes=-31)
    assert ("log_heartbeat_missing", "log") in found(administrator_connection)


def test_53_lines_nobody_closes_are_named(administrator_connection: Connection) -> None:
    look()
    administrator_connection.execute("UPDATE vault.access_entry SET at = at - interval '31 minutes'")
    assert found(administrator_connection) == {("log_unclosed", "access log")}


def test_53_a_copy_taken_away_is_named(administrator_connection: Connection) -> None:
    look()
    close()
    send_checkpoints(at=now())
    (settings.HOME.path / "evidence" / "checkpoints.jsonl").unlink()
    assert found(administrator_connection) == {("log_copy_missing", "evidence")}


def test_53_a_copy_left_behind_is_named(administrator_connection: Connection) -> None:
    close(minutes=-40)
    send_checkpoints(at=now())
    look()
    close()
    assert found(administrator_connection) == {("log_copy_behind", "evidence")}
    send_checkpoints(at=now())
    assert found(administrator_connection) == set()


def test_52_a_superusers_look_leaves_no_line(administrator_connection: Connection) -> None:
    """Told as it is: who reads tables past the doors is in no log of ours; what they find there is the keys' matter."""
    ann()
    close()
    before = administrator_connection.execute("SELECT count(*) FROM vault.access_entry").fetchone()
    administrator_connection.execute("SELECT * FROM vault.customer")
    assert administrator_connection.execute("SELECT count(*) FROM vault.access_entry").fetchone() == before
    assert found(administrator_connection) == set()


def test_the_log_writer_cannot_say_where_its_line_belongs() -> None:
    with log_writer() as writer, pytest.raises(psycopg.errors.InsufficientPrivilege):
        writer.execute("INSERT INTO access_entry (at, who, xid) VALUES (now(), 'x', 1)")


def test_53_a_webhook_that_stopped_answering_is_named(
    administrator_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LOG_WEBHOOK", "http://127.0.0.1:9/log")
    look()
    close(minutes=-40)
    assert "webhook 127.0.0.1" in {place for place, why in send_checkpoints(at=now()).items() if why}
    assert ("log_copy_missing", "webhook 127.0.0.1") in found(administrator_connection)


def test_44_a_whole_log_signed_anew_with_the_true_key_is_another_than_the_copy(
    administrator_connection: Connection,
) -> None:
    """Whoever has the machine's own key can sign a rewritten log. The copy that left before says so."""
    for _ in range(3):
        look()
        close()
    send_checkpoints(at=now())
    for table in ("log_checkpoint", "log_batch"):
        administrator_connection.execute(f"DELETE FROM vault.{table}".encode())
    newest = "SELECT max(id) FROM vault.access_entry"
    administrator_connection.execute(f"DELETE FROM vault.access_entry WHERE id = ({newest})".encode())
    for _ in range(4):
        look()
        close()
    assert found(administrator_connection) == {("log_copy_otherwise", "evidence")}


def test_the_log_writer_cannot_read_or_alter_what_it_wrote() -> None:
    for deed in (
        "SELECT who FROM access_entry",
        "UPDATE access_entry SET who = 'x'",
        "DELETE FROM privacy_entry",
        "SELECT * FROM log_batch",
        "INSERT INTO log_checkpoint (number) VALUES (9)",
    ):
        with log_writer() as writer, pytest.raises(psycopg.errors.InsufficientPrivilege):
            writer.execute(deed.encode())


def test_the_application_cannot_alter_its_own_log(administrator_connection: Connection) -> None:
    """Not even with the login that writes everything else."""
    with psycopg.connect(**Server(settings.HOME).connection_parameters("regulars_writer")) as writer:
        for table in ("access_entry", "privacy_entry", "log_batch", "log_checkpoint"):
            for deed in ("DELETE FROM {}", "UPDATE {} SET at = at", "TRUNCATE {}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    writer.execute(deed.format(table).encode())
                writer.rollback()
