"""A walk is a text with numbered steps; each step has a function that does what the sentence says."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

WALKS = Path(__file__).resolve().parents[2] / "docs" / "walks"
NUMBERED = re.compile(r"^(\d+)\. (.+(?:\n {3}.+)*)", re.MULTILINE)
Story = Any
Doing = Callable[[Story], None]


def sentences_of(walk: str) -> list[str]:
    """The numbered steps of that walk, in order; numbers must count from one."""
    found = NUMBERED.findall((WALKS / f"{walk}.md").read_text())
    assert [int(number) for number, _ in found] == list(range(1, len(found) + 1))
    return [re.sub(r"\s+", " ", sentence) for _, sentence in found]


def walk_through(walk: str, doings: Sequence[tuple[str, Doing]], story: Story) -> None:
    """Every step of the text is done, in the text's order; text and functions say the same, word for word."""
    assert sentences_of(walk) == [sentence for sentence, _ in doings]
    for _, doing in doings:
        doing(story)


class Steps(list[tuple[str, Doing]]):
    """The steps of one walk, in the order in which they are written below each other."""

    def says(self, sentence: str) -> Callable[[Doing], Doing]:
        """The function below does what the sentence says."""

        def keep(doing: Doing) -> Doing:
            self.append((sentence, doing))
            return doing

        return keep
