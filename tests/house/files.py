"""The files the project consists of, as the tests about the house read them."""

import subprocess
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "regulars"
# Of no interest to a reader: what was taken over from others, and what machines wrote.
TAKEN_OVER = ("src/regulars/desks/shared/static/vendor/",)


@cache
def project_files() -> tuple[Path, ...]:
    """Every file of the project: what git tracks or would track, or everything in an unpacked copy without git."""
    command = ["git", "-C", str(PROJECT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        paths = [PROJECT / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [path for folder in ("src", "tests", "docs", "setup") for path in (PROJECT / folder).rglob("*")]
    return tuple(path for path in dict.fromkeys(paths) if path.is_file())


def inside(path: Path) -> str:
    """The path as seen from the project's folder."""
    return path.relative_to(PROJECT).as_posix()


def own_files(*endings: str) -> list[Path]:
    """Our own files with these endings."""
    return [
        path
        for path in project_files()
        if path.name.endswith(endings) and not inside(path).startswith(TAKEN_OVER) and "site-docs" not in path.parts
    ]


def own_texts() -> list[tuple[Path, str]]:
    """Every file of ours that is text, with its text."""
    return [(path, text) for path in own_files("") if (text := _text(path)) is not None]


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
