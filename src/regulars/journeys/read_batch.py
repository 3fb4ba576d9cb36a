"""The lines of a batch as evidence writes them, read from the book again."""

from collections.abc import Iterable, Iterator

from regulars.records.access_log.batches import Connection, ceilings, lines_of
from regulars.rules.evidence.batches import Batch
from regulars.rules.evidence.lines import BOOKS, writer_for


def lines_in(connection: Connection, batches: Iterable[Batch], key: bytes) -> Iterator[tuple[Batch, Iterator[bytes]]]:
    """Each batch with its lines, which are to be read before the next batch is asked for. Wants a transaction."""
    ends = ceilings(connection)
    writers = {book: writer_for(book, key) for book in BOOKS}
    for batch in batches:
        ceiling = ends[batch.book, batch.floor]
        rows = lines_of(
            connection, batch.book, since=batch.since, until=batch.until, floor=batch.floor, ceiling=ceiling
        )
        yield batch, map(writers[batch.book], rows)
