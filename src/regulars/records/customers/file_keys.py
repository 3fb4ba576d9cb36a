"""The keys of files: what rows of a file that were set aside are sealed under, wrapped as customers' keys are.

Nobody knows whose a row set aside is, so no customer's key can seal it. It is sealed under a key of its file, on a leaf
of its own in the same trees: a new master key takes over both, and what is forgotten opens in no backup.
"""

from typing import Final

from regulars.connections.keys.envelope import DataKey
from regulars.connections.keys.master_keys import Wrapped
from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.customers.keys import current_master, cursor_of, masters
from regulars.rules.privacy.exposure import MENDING

_KEPT: Final = "SELECT -import_run_id, wrapped, master FROM file_key WHERE import_run_id = %s"
_KEEP: Final = """
INSERT INTO file_key (import_run_id, wrapped, master, made_at) VALUES (%s, %s, %s, now())
ON CONFLICT (import_run_id) DO NOTHING
"""


def file_sealing_key(run_id: int, *, login: str = WRITER) -> DataKey:
    """What seals the rows of that file, in this transaction; made where there is none."""
    row = cursor_of(login).execute(_KEPT, [run_id]).fetchone()
    if row is not None:
        return masters().open([Wrapped(*row)])[-run_id]
    ((wrapped, _key),) = masters().new([-run_id], current_master(login=login))
    cursor_of(login).execute(_KEEP, [run_id, wrapped.wrapped, wrapped.master])
    return file_sealing_key(run_id, login=login)


def file_opening_key(view: str, run_id: int) -> DataKey | None:
    """What opens the rows of that file, where this view shows its key; None where there is none or it was forgotten."""
    rows = ask(view, _KEPT, [run_id]) if view in MENDING else []
    forgotten = masters().forgotten() if rows else frozenset()
    kept = [one for row in rows if (one := Wrapped(*row)).leaf not in forgotten]
    return masters().open(kept)[-run_id] if kept else None
