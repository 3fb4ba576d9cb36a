"""What a source calls things, and our numbers for them, held in memory while a file is read.

Three million references take about 100 MB in an in-memory DuckDB; a chunk's references are looked up by one join.
"""

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Ids = np.ndarray[Any, np.dtype[np.int64]]
UNKNOWN = -1


class KeyMap:
    """Reference → number. Not for several threads at once."""

    def __init__(self, known: pa.Table | None = None) -> None:
        self._tables = duckdb.connect(
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "threads": 1,
                "temp_directory": "",  # a reference may be somebody's phone number: it stays in memory
            }
        )
        self._tables.execute("CREATE TABLE known (ref VARCHAR, id BIGINT)")
        if known is not None:
            self.learn(known["ref"], known["id"])

    def close(self) -> None:
        """Let go of the memory."""
        self._tables.close()

    def learn(self, refs: pa.Array | pa.ChunkedArray, ids: pa.Array | pa.ChunkedArray | Ids) -> None:
        """These references mean these numbers from now on. None may be known already."""
        self._tables.register("learned", pa.table({"ref": refs, "id": ids}))
        self._tables.execute("INSERT INTO known SELECT ref, id FROM learned")
        self._tables.unregister("learned")

    def relearn(self, refs: pa.Array, ids: pa.Array) -> None:
        """These references mean these numbers from now on, whatever they meant before."""
        self._tables.register("learned", pa.table({"ref": refs, "id": ids}))
        self._tables.execute("DELETE FROM known WHERE ref IN (SELECT ref FROM learned)")
        self._tables.unregister("learned")
        self.learn(refs, ids)

    def look_up(self, refs: pa.Array) -> Ids:
        """The number of each reference, `UNKNOWN` where there is none; a null reference is unknown."""
        ids = np.full(len(refs), UNKNOWN, np.int64)
        self._tables.register("asked", pa.table({"ref": refs, "place": np.arange(len(refs))}))
        found = self._tables.execute("SELECT place, id FROM asked JOIN known USING (ref)").fetchnumpy()
        self._tables.unregister("asked")
        ids[found["place"]] = found["id"]
        return ids


def distinct(column: pa.ChunkedArray | pa.Array) -> tuple[pa.Array, Ids]:
    """(each different text once, for every row the place of its text; -1 for null)."""
    encoded = pc.dictionary_encode(column)
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().chunk(0)
    return encoded.dictionary, pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
