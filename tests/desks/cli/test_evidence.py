"""The log at the terminal: closed, verified, shown, handed over; and the reports."""

from pathlib import Path

import pytest

from regulars.connections.postgres.securing import Connection
from regulars_verifier.__main__ import verify
from tests.cast import ann
from tests.desks.cli.terminal import regulars

pytestmark = pytest.mark.usefixtures("house")


def test_the_log_is_closed_verified_and_shown() -> None:
    regulars("customer", "show", ann().number, "--because", "a call about shoes")
    assert regulars("log", "close", "--json").json()["lines"] >= 1
    assert "0 lines closed." in regulars("log", "close").out
    assert "Every closed line is as it was" in regulars("log", "verify").out
    state = regulars("log", "state")
    assert "No copy leaves this machine" in state.err
    assert "evidence" in state.out
    assert regulars("log", "state", "--json").json()["is_alive"] is True
    assert regulars("log", "secret").out.startswith("whsec_")


def test_an_altered_line_ends_verifying_with_1(administrator_connection: Connection) -> None:
    regulars("customer", "show", ann().number, "--because", "a call about shoes")
    regulars("log", "close")
    administrator_connection.execute("UPDATE vault.access_entry SET who = 'Nobody'")
    found = regulars("log", "verify")
    assert found.status == 1
    assert "were altered" in found.err


def test_the_privacy_log_is_shown() -> None:
    regulars("choice", "set", ann().number, "direct_marketing", "denied", "--because", "by phone")
    (line,) = regulars("log", "deeds", "--json").json()
    assert (line["deed"], line["detail"]["new"]) == ("choice", "denied")
    assert "Choice" in regulars("log", "deeds").out


def test_a_house_older_than_the_program_is_told_what_to_do(
    tmp_path: Path, administrator_connection: Connection
) -> None:
    """It lacks what the newest migration brings: a sentence, no file, no line in the log, and no traceback."""
    administrator_connection.execute(
        "DELETE FROM vault.django_migrations WHERE (app, name) = ('exports', '0003_figures')"
    )
    try:
        done = regulars("bundle", str(tmp_path / "bundle.zip"))
    finally:
        administrator_connection.execute(
            "INSERT INTO vault.django_migrations (app, name, applied) VALUES ('exports', '0003_figures', now())"
        )
    assert done.status == 1
    assert "older than the program" in done.err and "regulars start" in done.err
    assert list(tmp_path.iterdir()) == []
    assert regulars("bundle", str(tmp_path / "bundle.zip")).status == 0


def test_a_bundle_is_written_for_the_auditor(tmp_path: Path) -> None:
    regulars("customer", "show", ann().number, "--because", "a call about shoes")
    done = regulars("bundle", str(tmp_path / "bundle.zip"), "--since", "2026-01-01")
    assert "Public key: " in done.out
    key = done.out.split("Public key: ")[1].strip()
    found = {one.code for one in verify(str(tmp_path / "bundle.zip"), key=key) if not one.holds}
    assert found == {"statement"}  # none has been published here


@pytest.mark.parametrize("words", [("reached",), ("unused",), ("outside",), ("warehouse",)])
def test_reports_are_shown(words: tuple[str, ...]) -> None:
    regulars("customer", "show", ann().number, "--because", "a call about shoes")
    assert regulars("report", *words).status == 0
    assert isinstance(regulars("report", *words, "--json").json(), list)
