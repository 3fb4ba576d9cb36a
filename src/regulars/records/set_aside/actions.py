"""The writing door of rows set aside: what stood in them is kept sealed, under a key of their file."""

from typing import Final

import pyarrow as pa
from django.db import connection

from regulars.connections.keys.envelope import DataKey
from regulars.connections.postgres.copying import copy_in
from regulars.records.customers.file_keys import file_sealing_key
from regulars.records.set_aside.access import cell_of
from regulars.records.set_aside.models import RefusedRow

#: What is kept sealed of a row; where nothing stood, nothing is kept.
SEALED: Final = ("value", "example", "raw")


def set_aside(run_id: int, rows: pa.Table) -> int:
    """The rows (`row_number`, `reason`, `column`, `value`, `example`, `raw`) are kept; how many they are."""
    if not rows.num_rows:
        return 0
    kept = _sealed(rows, file_sealing_key(run_id))
    numbered = kept.append_column("import_run_id", pa.repeat(pa.scalar(run_id, pa.int64()), rows.num_rows))
    with connection.cursor() as cursor:
        return copy_in(cursor, "refused_row", numbered)


def veil_set_aside(meaning: str) -> int:
    """How many rows set aside of files with such a column say from now on no more what stood in them."""
    rows = RefusedRow.objects.filter(import_run__settings__understanding__columns__has_key=meaning)
    said = rows.exclude(raw=None, value=None, example=None).values("id")
    return RefusedRow.objects.filter(id__in=said).update(raw=None, value=None, example=None)


def _sealed(rows: pa.Table, key: DataKey) -> pa.Table:
    numbers = rows["row_number"].to_pylist()
    for name in SEALED:
        texts = zip(numbers, rows[name].to_pylist(), strict=True)
        cells = [key.seal(cell_of(name, number), text) if text else None for number, text in texts]
        rows = rows.set_column(rows.schema.get_field_index(name), name, pa.array(cells, pa.binary()))
    return rows
