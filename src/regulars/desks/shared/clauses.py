"""A privacy statement taken apart for a page: clauses, each with its heading and paragraphs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """A heading and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


def clauses_of(text: str) -> list[Clause]:
    """The text taken apart again for the page; the first has no heading."""
    parts = [part.split("\n") for part in text.split("\n\n")]
    return [Clause("", tuple(parts[0])), *(Clause(part[0], tuple(part[1:])) for part in parts[1:])]
