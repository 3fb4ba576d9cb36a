"""A source's next file has other columns than the last: which are new, which gone, which may only be called otherwise.

What is gone and meant something is not guessed anew: somebody says what stands for it now. What is still there keeps
the meaning it had.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.meanings import folded

#: From so much likeness on a new heading may be an old one, called otherwise.
ALIKE: Final = 0.7
#: So many of the old headings, those that meant something first, are compared with so many new ones.
MOST_COMPARED: Final = 200


@dataclass(frozen=True, slots=True)
class ChangedColumns:
    """What is different: headings that are new and gone, in their order; old heading → new one that is so alike that it
    may be meant; meaning → heading for those that are gone and meant something.
    """

    new: tuple[str, ...]
    gone: tuple[str, ...]
    alike: Mapping[str, str]
    lost: Mapping[str, str]

    def unanswered(self, said: Mapping[str, str]) -> dict[str, str]:
        """Meaning → heading, of those that are gone and of which nobody has said what stands for them now; an empty
        heading says that nothing does.
        """
        there = {heading for meaning, heading in said.items() if heading != self.lost.get(meaning)}
        return {meaning: old for meaning, old in self.lost.items() if meaning not in said or said[meaning] not in there}


def changed_columns(before: ImportSettings | None, headings: Sequence[str]) -> ChangedColumns | None:
    """How the headings differ from those of the source's last file; None where they do not, or there was none.

    >>> columns = {"customer_ref": "no", "city": "Town"}
    >>> before = ImportSettings("customers", "till", columns, headers=("no", "Town", "x"))
    >>> found = changed_columns(before, ["no", "town_name", "y"])
    >>> found.new, found.gone, found.alike, found.lost
    (('town_name', 'y'), ('Town', 'x'), {'Town': 'town_name'}, {'city': 'Town'})
    >>> found.unanswered({"city": "town_name"}), found.unanswered({"city": "Town"})
    ({}, {'city': 'Town'})
    >>> changed_columns(before, ["x", "no", "Town"]) is None
    True
    """
    if before is None or not before.headers:
        return None
    new = tuple(one for one in headings if one not in before.headers)
    gone = tuple(one for one in before.headers if one not in headings)
    if not new and not gone:
        return None
    lost = {meaning: heading for meaning, heading in before.columns.items() if heading in gone}
    compared = list(dict.fromkeys([*lost.values(), *gone]))[:MOST_COMPARED]
    return ChangedColumns(new, gone, _alike(compared, new[:MOST_COMPARED]), lost)


def _alike(gone: Sequence[str], new: Sequence[str]) -> dict[str, str]:
    """Each old heading with the new one most like it, each new one once."""
    found: dict[str, str] = {}
    for _, old, one in sorted(_pairs(gone, new), reverse=True):
        if old not in found and one not in found.values():
            found[old] = one
    return found


def _pairs(gone: Sequence[str], new: Sequence[str]) -> Iterator[tuple[float, str, str]]:
    """(likeness, old heading, new one) of those that are alike; what stands whole in the other is as like as can be."""
    plain, matcher = [(old, folded(old)) for old in gone], SequenceMatcher()
    for one in new:
        other = folded(one)
        matcher.set_seq2(other)
        for old, before in plain:
            matcher.set_seq1(before)
            if before and other and (before in other or other in before):
                yield 1.0, old, one
            elif matcher.quick_ratio() >= ALIKE and (likeness := matcher.ratio()) >= ALIKE:
                yield likeness, old, one
