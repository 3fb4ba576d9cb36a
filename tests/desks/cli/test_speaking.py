"""How the command line speaks: figures are never cut, names cannot move the cursor, every help text exists in 中文."""

import io
import os
import subprocess
import sys

import click
import pytest
from rich.console import Console

from regulars.desks.cli import saying
from regulars.desks.cli.language import help_texts
from regulars.desks.cli.main import COMMANDS, ENDS_WITH, SECTIONS, TAGLINE, load
from tests.house.words import catalogues

FIGURES = [("2026-01", *(saying.Money(123_456_789 * (n + 1), "CNY") for n in range(6)))]
HEADINGS = ("month", *(f"figure {n}" for n in range(6)))
#: Actions that have nothing to tell a program beyond how they ended, or whose output is a file, a secret or a process.
NOTHING_TO_TELL = {
    "duplicates different", "duplicates later", "figures declare", "figures end", "extract declare", "extract end",
    "choice receipt", "choice subject", "partner add", "partner bought", "partner contract", "partner stop",
    "customer correct", "customer here", "sign-in", "sign-out", "staff ask-name",
    "codes add", "codes name", "codes retire", "codes merge",
    "demo", "start", "serve", "worker", "stop", "set-aside", "cleaned", "portal-link", "psql", "bench",
    "segment retire",
    "tasks open", "tasks hand-on", "tasks close", "staff hire", "staff password", "staff sign-out",
    "staff reset-factors", "staff ask-factor", "staff release", "token issue", "token revoke",
    "sql revoke", "bundle", "log secret", "approvals approve", "approvals refuse", "approvals two", "attributes add",
    "attributes class", "attributes retire", "attributes set", "canary answer",
    "group from-under", "group join", "group leave", "group under",
    "source say", "stream end-key", "stream read", "stream tell", "stream act", "stream end-rule", "stream end-webhook",
    "stream map", "table add", "table end", "table look-back", "canary plant", "canary uproot",
    "exports end", "exports rule", "exports until", "retention count", "retention go", "retention run",
    "retention watch", "staff let-go", "texts decide", "texts sweep",
    "quality count", "quality hand-out",
}  # fmt: skip


def leaves(command: click.Command, name: str) -> list[tuple[str, click.Command]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        return [(name, command)]
    return [leaf for word, one in inner.items() for leaf in leaves(one, f"{name} {word}")]


EVERY = [leaf for name in COMMANDS for leaf in leaves(load(name), name)]


def drawn(monkeypatch: pytest.MonkeyPatch, width: int, *, terminal: bool) -> str:
    file = io.StringIO()
    monkeypatch.setattr(saying, "OUT", Console(file=file, width=width, force_terminal=terminal, no_color=True))
    saying.table("Money", HEADINGS, FIGURES)
    return file.getvalue()


@pytest.mark.parametrize("width", [80, 40, 200])
def test_no_figure_is_cut_on_a_terminal_of_any_width(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    told = drawn(monkeypatch, width, terminal=True)
    for amount in FIGURES[0][1:]:
        assert str(amount) in told


def test_into_a_pipe_a_row_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    told = drawn(monkeypatch, 80, terminal=False)
    assert any(all(str(amount) in line for amount in FIGURES[0][1:]) for line in told.splitlines())


@pytest.mark.parametrize("name", ["Ann\x1b[2J", "\x1b]0;owned\x07", "a\rb", "[red]x[/red]"])
def test_a_name_is_only_a_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    file = io.StringIO()
    monkeypatch.setattr(saying, "OUT", Console(file=file, width=80))
    saying.table("Found", ("name",), [(name,)])
    saying.tell(name)
    assert "\x1b" not in file.getvalue()
    assert "\r" not in file.getvalue()
    assert "\x07" not in file.getvalue()
    if name.startswith("["):
        assert file.getvalue().count("[red]x[/red]") == 2


def test_every_command_that_tells_something_tells_it_in_json_too() -> None:
    without = {name for name, leaf in EVERY if not any(one.name == "in_json" for one in leaf.params)}
    assert without == NOTHING_TO_TELL


def test_every_option_says_what_it_is_for() -> None:
    silent = [
        f"{name} --{one.name}"
        for name, leaf in EVERY
        for one in leaf.params
        if isinstance(one, click.Option) and not one.help
    ]
    assert not silent


def test_every_help_text_exists_in_chinese() -> None:
    known = {str(message.id) for catalogue in catalogues().values() for message in catalogue if message.id}
    asked = [TAGLINE, ENDS_WITH, *SECTIONS, *(one.does for one in COMMANDS.values())]
    asked += [text for name in COMMANDS for text in help_texts(load(name))]
    assert not sorted({text for text in asked if text not in known})


def program(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """`regulars` in a process of its own."""
    command = [sys.executable, "-m", "regulars.desks.cli", *words]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_terminals_language_is_spoken() -> None:
    said = program("import", LANG="zh_CN.UTF-8")
    assert said.returncode == 2
    assert "缺少参数" in said.stderr
    assert "整座房子" in program("--help", LANG="zh_CN.UTF-8").stdout
    assert "The house" in program("--help", LANG="C").stdout


def test_a_house_that_was_never_made_is_told_what_to_do(tmp_path: object) -> None:
    said = program("imports", REGULARS_HOME=str(tmp_path), LANG="C")
    assert said.returncode == 1
    assert "regulars start" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_server_that_is_away_is_told_as_such(tmp_path: object) -> None:
    said = program("imports", REGULARS_HOME=str(tmp_path), DATABASE_URL="postgres://nobody@127.0.0.1:1/none", LANG="C")
    assert said.returncode == 1
    assert "The database does not answer" in said.stderr
