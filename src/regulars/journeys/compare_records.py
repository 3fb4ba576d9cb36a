"""Records of persons are compared, everybody with everybody who comes into question, and a model is trained on them.

Records come as they are told and are marked under a key that is drawn for this once and written nowhere, so what the
engine holds, in memory or beside it, tells nothing of anybody. Whose the records are, and what becomes of the pairs, is
said by those who call: `match_customers`, and the benches.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from regulars.connections.matching.room import MatchingRoom, as_table
from regulars.connections.matching.splink import train
from regulars.rules.identity.batch import (
    COUNT,
    GATHER,
    GATHER_HOMES,
    LAY_OUT,
    LAY_OUT_NEWS,
    PAIRS,
    PAIRS_AT_HOME,
    SCORED,
    TOLD,
    expected,
    expected_of,
    households,
    lay_out_scored,
    patterns,
)
from regulars.rules.identity.encoding import COLUMNS, Encoder, columns_of
from regulars.rules.identity.figures_of_model import SETTINGS
from regulars.rules.identity.marks import Told
from regulars.rules.identity.model import Model
from regulars.rules.identity.training import AT_RANDOM, OF_A_KIND, SEED, TRAINED_ON, Expected, begun, settled

#: Id, what is told, and the country (ISO 3166) that phones without a code are meant as.
Record = tuple[int, Told, str]


def new_room(*, memory: str = "2GB") -> MatchingRoom:
    """An empty room for records of customers."""
    return MatchingRoom(LAY_OUT, memory=memory)


def marked(records: Iterable[Record], key: bytes) -> pa.Table:
    """The records as rows of marks for the room."""
    encoder = Encoder(key)
    return as_table(COLUMNS, columns_of([encoder.row(*record) for record in records]))


def newcomers(room: MatchingRoom, ids: Iterable[int]) -> None:
    """Of all in the room these are new: for `PAIRS_OF_NEWS`."""
    room.carry_out([LAY_OUT_NEWS])
    room.take_in("newcomer", pa.table({"id": pa.array(sorted(ids), pa.int64())}))


def gather(room: MatchingRoom) -> None:
    """All rows are in: contacts that belong to nobody are left out, and who is found by what is laid out."""
    room.carry_out(GATHER)


def learn(room: MatchingRoom, customers: int, *, pairs: float = 0.0, among: str = PAIRS) -> Model:
    """The model these records bear out; SplinkMissingError where Splink is not installed. Nobody says which records are
    the same; `pairs` is how many there are to choose from, where not every two of them are. From here on the room
    counts how common a family name is among these."""
    room.carry_out(COUNT)
    told = [name for name, many in next(room.ask(TOLD)).items() if many]
    learned = train(room, SETTINGS, TRAINED_ON, at_random=AT_RANDOM, of_a_kind=OF_A_KIND, seed=SEED)
    room.carry_out([patterns(among)])

    def ask(model: Model) -> Expected:
        return expected_of(tuple(row.values()) for row in room.ask(expected(model, customers)))

    return settled(begun(learned, told), told, customers, pairs or customers * (customers - 1) / 2, ask)


def living_together(
    room: MatchingRoom, model: Model, customers: int, *, least: float, among: str = PAIRS_AT_HOME
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Every pair at one home that is two of one household with at least that chance; as rows of
    `rules.identity.batch.households`."""
    room.carry_out(GATHER_HOMES)
    yield from room.ask(households(model, customers, among, least))


def weigh_pairs(
    room: MatchingRoom, model: Model, customers: int, *, least: float = 0.0, among: str = PAIRS
) -> None:  # fmt: skip
    """All pairs are compared; those with at least that chance of being one person lie ready to be read."""
    room.carry_out(lay_out_scored(model, customers, among, least))


def compared(room: MatchingRoom, *, after: int = 0, until: int = 2**62) -> Iterator[dict[str, Any]]:
    """Every pair that lies ready whose second id lies above `after` and not above `until`; as rows of
    `rules.identity.batch.weighed`."""
    yield from room.ask(SCORED, {"after": after, "until": until})
