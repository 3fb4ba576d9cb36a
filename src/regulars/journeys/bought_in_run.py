"""What a run has bought for whom, held in memory, so that the totals of customers it brought need not be read back."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.rules.intake.totals import ORDERS, orders_of, orders_together, totals_of

_NARROW: Final = {"lines": pa.int32(), "branch_id": pa.int32(), "currency": pa.dictionary(pa.int8(), pa.string())}
Ids = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
ORDERS_HELD: Final = 5_000_000  # about 250 MB; beyond, the vault is asked
#: Orders as they are held: no figure wider than it has to be.
HELD: Final = pa.schema({field.name: _NARROW.get(field.name, field.type) for field in ORDERS})
SHARES: Final = 8
_COLUMNS: Final = ["customer_id", "order_key", "ordered_at", "amount_minor", "currency", "branch_id"]


class Flagged:
    """A set of customers as a row of flags: a byte for each number up to the largest."""

    def __init__(self) -> None:
        self._flags: Flags = np.zeros(1 << 16, np.bool_)

    def add(self, ids: Ids) -> int:
        """How many of these were not in the set before; now they are."""
        if not len(ids):
            return 0
        self._make_room(int(ids.max()))
        fresh = np.unique(ids[~self._flags[ids]])
        self._flags[fresh] = True
        return len(fresh)

    def has(self, ids: Ids) -> Flags:
        """For each whether it is in the set."""
        self._make_room(int(ids.max()) if len(ids) else 0)
        found: Flags = self._flags[ids]
        return found

    def ids(self) -> Ids:
        """All of them, in order."""
        return np.flatnonzero(self._flags)

    def _make_room(self, largest: int) -> None:
        if largest >= len(self._flags):
            wider = np.zeros(2 << largest.bit_length(), np.bool_)
            wider[: len(self._flags)] = self._flags
            self._flags = wider


class BoughtInRun:
    """Customers this run met, and what it bought for those it brought in itself.

    The totals of a customer who was created here, and whose lines were all simply added here, are known without asking.
    """

    def __init__(self) -> None:
        self.met = Flagged()
        self._touched = Flagged()
        self._created = Flagged()
        self._to_ask = Flagged()
        self._pieces: list[pa.Table] | None = []
        self._held = 0

    def created(self, ids: Ids) -> None:
        """These customers are new: whatever they bought is in this run."""
        self._created.add(ids)

    def added(self, lines: pa.Table) -> None:
        """These lines were simply added."""
        self._touched.add(lines["customer_id"].to_numpy())
        if self._pieces is None or not lines.num_rows:
            return
        mine = lines.filter(pa.array(self._created.has(lines["customer_id"].to_numpy())))
        self._pieces.append(orders_of(mine.select(_COLUMNS)).cast(HELD))
        self._held += self._pieces[-1].num_rows
        if self._held > ORDERS_HELD:
            self._pieces = None

    def changed(self, ids: Ids) -> None:
        """Lines of these customers stood before or stand elsewhere now: the vault knows, we do not."""
        self._touched.add(ids)
        self._to_ask.add(ids)

    def known_totals(self) -> tuple[pa.Table, Ids]:
        """(totals of the customers that are known here, the others this run touched)."""
        touched = self._touched.ids()
        if self._pieces is None:
            return totals_of(orders_together([])), touched
        sure = self._created.has(touched) & ~self._to_ask.has(touched)
        totals = [self._totals_of_share(touched[sure], share) for share in range(SHARES)]
        return pa.concat_tables(totals), touched[~sure]

    def _totals_of_share(self, sure: Ids, share: int) -> pa.Table:
        """The totals of every so-manieth customer: putting all orders together at once takes three times their room."""
        mine = pa.array(sure[sure % SHARES == share])
        pieces = [piece.filter(pc.is_in(piece["customer_id"], value_set=mine)) for piece in self._pieces or []]
        return totals_of(orders_together([piece.cast(ORDERS) for piece in pieces]))

    def touched(self) -> Ids:
        """Everybody whose totals may be different now."""
        return self._touched.ids()
