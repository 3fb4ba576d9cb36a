"""What was found, in a sentence of `words.txt`: one for when it holds, one for when not, in English and in 中文."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Said:
    """One thing that was looked at: whether it holds, the code of its sentences, and what they are filled in with."""

    holds: bool
    code: str
    values: dict[str, Any]


def in_words(said: Said, *, chinese: bool = False) -> str:
    """The sentence, with ✓ or ✗ before it."""
    lines = (files("regulars_verifier") / "words.txt").read_text("utf-8").splitlines()
    known = {code: rest for code, *rest in (line.split(" | ") for line in lines)}
    place = 2 * chinese + (not said.holds)
    told = known[said.code][place].strip().format_map(said.values)
    plain = "".join(letter if letter.isprintable() else "·" for letter in told)  # nothing draws on the terminal
    return f"{'✓' if said.holds else '✗'} {plain}"


def some(what: list[Any]) -> str:
    """The first few of them, with commas."""
    return ", ".join(map(str, what[:8])) + (" …" if len(what) > 8 else "")
