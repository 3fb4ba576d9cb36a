"""A new master key takes over from an old one: every data key is wrapped anew, batch by batch, while everybody works.

Nothing that is sealed is touched. Each row says which master key it is wrapped under, so old and new stand side by side
for as long as it takes, and whoever is killed goes on where the rows say.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.keys.master_keys import Wrapped
from regulars.records.customers.keys import current_master, cursor_of, demand_mark, masters, note_master
from regulars.records.customers.models import CustomerKey, Erasure, FileKey, GivenUpKey, MasterKey
from regulars.rules.permission.errors import BadInput

Say = Callable[[int, int], None]
BATCH: Final = 5_000
_COUNTS: Final = """
SELECT m.version, m.made_at, m.mark, (SELECT count(*) FROM customer_key k WHERE k.master = m.version)
       + (SELECT count(*) FROM file_key k WHERE k.master = m.version)
  FROM master_key m ORDER BY m.version
"""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of data keys: how the next of them are found that are not under a version, and kept again."""

    some: str
    again: str


_CUSTOMERS: Final = _Kind(
    """SELECT customer_id, wrapped, master FROM customer_key
        WHERE master <> %s AND customer_id > %s ORDER BY customer_id LIMIT %s FOR UPDATE""",
    """UPDATE customer_key k SET wrapped = n.wrapped, master = %s
         FROM unnest(%s::bigint[], %s::bytea[]) n (whose, wrapped) WHERE k.customer_id = n.whose""",
)
#: A file is called by its number, negative.
_FILES: Final = _Kind(
    """SELECT -import_run_id, wrapped, master FROM file_key
        WHERE master <> %s AND import_run_id > %s ORDER BY import_run_id LIMIT %s FOR UPDATE""",
    """UPDATE file_key k SET wrapped = n.wrapped, master = %s
         FROM unnest(%s::bigint[], %s::bytea[]) n (whose, wrapped) WHERE k.import_run_id = -n.whose""",
)


@dataclass(frozen=True, slots=True)
class MasterFacts:
    """One version of the master key: since when, where it comes from (file, environment, command), what it locks.

    `opens` is False when the key at hand is not to be had, or is not the one this database knows.
    """

    version: int
    made_at: datetime
    comes_from: str
    locks: int
    newest: bool
    opens: bool


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """All versions, how many erased customers the key trees have still to forget, which given up ones' files remain."""

    masters: tuple[MasterFacts, ...]
    to_forget: int
    to_destroy: tuple[int, ...]

    @property
    def half_done(self) -> bool:
        """Whether a rotation was begun and not finished."""
        return any(one.locks for one in self.masters if not one.newest)


def key_facts() -> KeyFacts:
    """How the keys stand. Counts only."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        rows = cursor.fetchall()
    newest = max((row[0] for row in rows), default=0)
    versions = tuple(
        MasterFacts(version, made_at, masters().comes_from(version), locks, version == newest, _opens(version, mark))
        for version, made_at, mark, locks in rows
    )
    to_forget = Erasure.objects.filter(forgotten_at__isnull=True, leaf__isnull=False).count()
    left = GivenUpKey.objects.filter(destroyed_at__isnull=True).order_by("version").values_list("version", flat=True)
    return KeyFacts(versions, to_forget, tuple(left))


def begin_rotation() -> int:
    """The version that takes over: a new one, or the newest where a rotation was begun and not finished."""
    newest = current_master()
    if _left(newest):
        return newest
    note_master(newest + 1)
    return newest + 1


def wrap_all_again(version: int, say: Say = lambda done, of: None) -> int:
    """How many data keys are wrapped under that version now that were not; a batch is a transaction."""
    total, done = _left(version), 0
    say(0, total)
    for wrapped in chain(_batches(_CUSTOMERS, version), _batches(_FILES, version)):
        done += wrapped
        say(min(done, total), total)
    return done


def demand_retirable(version: int) -> None:
    """That version can be given up.

    BadInput `master_still_locks` while a single data key is wrapped under it or it is the newest, `master_unknown` for
    one that is not there.
    """
    if not MasterKey.objects.filter(version=version).exists():
        raise BadInput("master_unknown", {"version": version})
    if version == current_master() or _locks(version):
        raise BadInput("master_still_locks", {"version": version})


def retire_master(version: int) -> None:
    """The database knows that version only as one whose files have to go; `demand_retirable` holds as of then."""
    with transaction.atomic():
        held = list(MasterKey.objects.select_for_update().filter(version=version))
        demand_retirable(version)
        told = {"mark": held[0].mark, "given_up_at": timezone.now(), "destroyed_at": None}
        GivenUpKey.objects.update_or_create(version=version, defaults=told)
        try:
            held[0].delete()
        except ProtectedError:
            raise BadInput("master_still_locks", {"version": version}) from None


def is_given_up(version: int) -> bool:
    """Whether that version was given up and its files are still to go: whoever should destroy them was killed."""
    live = MasterKey.objects.filter(version=version)
    return GivenUpKey.objects.filter(version=version, destroyed_at__isnull=True).exists() and not live.exists()


def destroy_master(version: int) -> None:
    """The files of a version that was given up are gone from this home. Safe to kill and repeat.

    KeyFileError `key_of_another_house`, and nothing is touched, where the files of that name are not those this
    database knew: those of another one, made since in the same home.
    """
    for mark in GivenUpKey.objects.filter(version=version, destroyed_at__isnull=True).values_list("mark", flat=True):
        masters().discard_marked(version, mark)
    GivenUpKey.objects.filter(version=version).update(destroyed_at=timezone.now())


def _left(version: int) -> int:
    """How many data keys are not under that version."""
    return sum(kind.objects.exclude(master_id=version).count() for kind in (CustomerKey, FileKey))


def _locks(version: int) -> bool:
    return any(kind.objects.filter(master_id=version).exists() for kind in (CustomerKey, FileKey))


def _batches(kind: _Kind, version: int) -> Iterator[int]:
    """Wraps batch after batch, and says after each how many it had."""
    last = 0
    while rows := _wrap_some(kind, version, last):
        yield len(rows)
        last = abs(rows[-1].customer_id)


def _wrap_some(kind: _Kind, version: int, after: int) -> list[Wrapped]:
    """One batch; who was erased in another copy of this database cannot be opened, and is left as it is."""
    with transaction.atomic():
        rows = [Wrapped(*row) for row in cursor_of("default").execute(kind.some, [version, after, BATCH]).fetchall()]
        forgotten = masters().forgotten()
        again = masters().wrap_again([one for one in rows if one.leaf not in forgotten], version)
        if again:
            values: list[Any] = [version, [one.customer_id for one in again], [one.wrapped for one in again]]
            cursor_of("default").execute(kind.again, values)
    return rows


def _opens(version: int, mark: str) -> bool:
    try:
        demand_mark(version, mark)
    except KeyFileError:
        return False
    return True
