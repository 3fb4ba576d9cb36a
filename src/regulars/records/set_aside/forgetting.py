"""Where the last text of a file's rows set aside has gone, the key of the file is forgotten: no backup opens them."""

from typing import Final

from regulars.connections.keys.master_keys import Wrapped
from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.customers.keys import cursor_of, masters

# A file on its way keeps its key: only of one that is over, finished or not, it is known that nothing is left to seal.
_SPENT: Final = """
SELECT -k.import_run_id, k.wrapped, k.master FROM file_key k JOIN import_run r ON r.id = k.import_run_id
 WHERE r.state IN ('finished', 'stopped', 'failed') AND NOT EXISTS (
       SELECT FROM refused_row t WHERE t.import_run_id = r.id
          AND (t.raw IS NOT NULL OR t.value IS NOT NULL OR t.example IS NOT NULL))
"""
_ALL: Final = "SELECT -import_run_id, wrapped, master FROM file_key"
_DROP: Final = "DELETE FROM file_key WHERE import_run_id = %s"
_EMPTY_ALL: Final = """
UPDATE refused_row t SET raw = NULL, value = NULL, example = NULL FROM import_run r
 WHERE r.id = t.import_run_id AND r.source_id = %s
   AND (t.raw IS NOT NULL OR t.value IS NOT NULL OR t.example IS NOT NULL)
"""
_EMPTY: Final = "UPDATE refused_row SET raw = NULL, value = NULL, example = NULL WHERE import_run_id = %s"


def forget_rows_of_source(source_id: int) -> None:
    """Of rows of this source's files that were set aside only the reasons are left."""
    cursor_of(WRITER).execute(_EMPTY_ALL, [source_id])


def forget_spent_files() -> int:
    """How many files' keys are forgotten now: nothing is left that they seal. Safe to kill and repeat.

    The trees go first; whoever is killed in between leaves a key here that opens nothing, and it goes the next time.
    What an older copy of the database brought back goes with it: it can be opened by nobody.
    """
    forgotten = masters().forgotten()
    back = [one for row in ask(WRITER, _ALL) if (one := Wrapped(*row)).leaf in forgotten]
    spent = [Wrapped(*row) for row in ask(WRITER, _SPENT)]
    for one in {one.customer_id: one for one in (*back, *spent)}.values():
        masters().forget(one.leaf)
        cursor_of(WRITER).execute(_EMPTY, [-one.customer_id])
        cursor_of(WRITER).execute(_DROP, [-one.customer_id])
    return len(back) + sum(one.leaf not in forgotten for one in spent)
