"""Batches: a stretch of one book, closed for good. The tree of the log has one leaf per batch.

A line belongs to a batch by the number of the transaction that wrote it, not by its own id: ids are given before a
transaction ends, so a smaller id may become visible later. Every transaction below `until` had ended when the batch was
closed; so all its lines were there, and none can come to it afterwards. Within a batch, lines stand in the order of id.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from regulars.rules.evidence.canonical import canonical
from regulars.rules.evidence.merkle import Hash, leaf_hash, root_of

KIND = "regulars log batch 1"
#: The form lines are written in; a new form gets a new number, so that old batches stay what they were.
FORM = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines of `book` whose transactions are `since` ≤ number < `until` and whose id is above `floor`.

    `floor` is above 0 only where the house was moved to another database server, which counts transactions anew. `at`
    is when it was closed (UTC), `marks` tells the key of its pseudonyms from others and nothing else about it.
    """

    number: int
    at: str
    book: str
    form: int
    marks: str
    floor: int
    since: int
    until: int
    lines: int
    root: str

    @property
    def said(self) -> bytes:
        """The bytes that are a leaf of the tree."""
        return canonical({"kind": KIND, **asdict(self)})

    @property
    def hash(self) -> Hash:
        """Its leaf hash."""
        return leaf_hash(self.said)

    def holds(self, lines: Iterable[bytes]) -> bool:
        """Whether these are the lines that were closed in, all of them and nothing else."""
        listed = list(lines)
        return len(listed) == self.lines and root_of(listed).hex() == self.root


def gaps(batches: Iterable[Batch]) -> Iterator[tuple[int, str]]:
    """(number, code) of every batch that does not join the one before it of the same book.

    Codes: `number` (a batch is missing or twice) and `gap` (transactions that belong to no batch, or to two).
    """
    number: int | None = None
    ends: dict[str, tuple[int, int]] = {}
    for batch in batches:
        if number is not None and batch.number != number + 1:
            yield batch.number, "number"
        if not _joins(ends.get(batch.book), batch):
            yield batch.number, "gap"
        number, ends[batch.book] = batch.number, (batch.floor, batch.until)


def _joins(before: tuple[int, int] | None, batch: Batch) -> bool:
    if before is None:
        return batch.since <= batch.until
    floor, until = before
    begins = (batch.floor == floor and batch.since == until) or (batch.floor > floor and batch.since == 0)
    return begins and batch.since <= batch.until
