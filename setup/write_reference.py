"""Writes docs/reference/{cli,api,attacks}.md from the program and its tests; a test of the house holds them to it.

Usage: .venv/bin/python setup/write_reference.py
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from regulars.desks.cli.main import COMMANDS, regulars, wake_django

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "docs" / "reference"
ATTACK = re.compile(r"^def test_(?:(\d+)_)?(\w+)\(", re.MULTILINE)


def main() -> None:
    """Both pages as the program is now."""
    for name, text in pages().items():
        (PLACE / name).write_text(text)


def pages() -> dict[str, str]:
    """File name → what it should say."""
    wake_django()
    lines = {"cli.md": command_lines(), "api.md": endpoint_lines(), "attacks.md": attack_lines()}
    return {name: "\n".join(said) + "\n" for name, said in lines.items()}


def command_lines() -> Iterator[str]:
    """Every command with its options."""
    yield "# Command line\n"
    yield "Everything the pages do, through the same doors and database logins. Status 0: done; 1: not done, and why"
    yield "is said; 2: the words of the call were off; 130: broken off by hand.\n"
    context = click.Context(regulars, info_name="regulars")
    for name in COMMANDS:
        command = regulars.get_command(context, name)
        if command is not None:
            yield from _command(command, f"regulars {name}")


def endpoint_lines() -> Iterator[str]:
    """Every endpoint with what it does."""
    from regulars.desks.api.urls import api

    schema: dict[str, Any] = api.get_openapi_schema()
    yield "# HTTP API\n"
    yield "Send `Authorization: Bearer <token>`; a token is bound to one view and purpose (`regulars token issue`)."
    yield "Money is in minor units beside its currency, moments have a zone. The whole description, with all shapes,"
    yield "is at `/api/openapi.json`.\n"
    yield "| | address | what it does |"
    yield "| --- | --- | --- |"
    for address, methods in schema["paths"].items():
        for method, described in methods.items():
            if method in ("get", "post", "put", "patch", "delete"):
                yield f"| {method.upper()} | `{address}` | {_cell(described)} |"


def attack_lines() -> Iterator[str]:
    """Every attack that is tried against the house in its tests."""
    yield "# What is tried against it\n"
    yield "Each line is a test that plays the attacker on a real database with all logins, and passes only while the"
    yield "attack fails. Run them: `make test ARGS=tests/attacks`. Numbers are kept, so that a case can be cited.\n"
    yield "| no. | what is tried, and what has to happen | where |"
    yield "| --- | --- | --- |"
    for number, said, where in sorted(set(_attacks()), key=lambda one: (one[0] or 999, one)):
        yield f"| {number or ''} | {said} | `{where}` |"


def _attacks() -> Iterator[tuple[int, str, str]]:
    for path in sorted((ROOT / "tests" / "attacks").glob("test_*.py")):
        for number, name in ATTACK.findall(path.read_text()):
            yield int(number or 0), name.replace("_", " "), path.name


def _command(command: click.Command, path: str) -> Iterator[str]:
    yield f"## {path}\n"
    yield f"{_text(command.help)}\n"
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from _command(child, f"{path} {name}")
        return
    rows = [row for one in command.params if (row := _parameter(one))]
    if rows:
        yield "| | |\n| --- | --- |"
        yield from rows
        yield ""


def _parameter(one: click.Parameter) -> str:
    if isinstance(one, click.Argument):
        return f"| `{one.human_readable_name}` | {'needed' if one.required else ''} |"
    words = ", ".join(f"`{name}`" for name in one.opts)
    return f"| {words} | {_text(getattr(one, 'help', '') or '')} |"


def _cell(described: dict[str, Any]) -> str:
    return _text(described.get("description") or described.get("summary") or "").replace("|", "\\|")


def _text(said: str | None) -> str:
    return re.sub(r"\s+", " ", (said or "").split("\f")[0]).strip()


if __name__ == "__main__":
    main()
