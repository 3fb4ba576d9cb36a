"""Who is tested, who gets the roll-out, who is held out: by keyed hash, nobody chooses, anybody checks.

A customer's place in a campaign is a number in [0, 1) that follows from the secret key, the campaign and the customer
id alone. It is the same today and in a year, whoever asks and in whatever order; without the key nobody can foresee
it, and the places in two campaigns have nothing to do with each other.

The hash is keyed BLAKE2b (RFC 7693) used as a counter: one digest of 64 bytes serves the eight customers whose ids
share all but the last three bits, which makes millions of dense ids eight times cheaper than a digest for each.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from regulars.rules.permission.errors import BadInput

Arm = Literal["holdout", "test", "rollout"]
ARMS: Final[tuple[Arm, ...]] = ("holdout", "test", "rollout")
_PERSON: Final = b"regulars.split.1"
_PER_DIGEST: Final = 8


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of an audience is tested first and how much is never contacted; the rest waits for the roll-out.

    The hold-out has the lowest places: changing the size of the test moves nobody in or out of it.
    """

    test: float
    holdout: float

    def __post_init__(self) -> None:
        if min(self.test, self.holdout) < 0 or self.test + self.holdout > 1 + 1e-12:
            raise BadInput("shares_do_not_add_up", {"test": self.test, "holdout": self.holdout})

    @property
    def rollout(self) -> float:
        """The share that is neither tested nor held out."""
        return max(0.0, 1 - self.test - self.holdout)

    def of(self, arm: Arm) -> float:
        """The share of one arm."""
        return {"holdout": self.holdout, "test": self.test, "rollout": self.rollout}[arm]


def arm_of(customer_id: int, shares: Shares, *, campaign: str, key: bytes) -> Arm:
    """The arm of one customer in one campaign.

    >>> arm_of(10042, Shares(test=0.2, holdout=0.1), campaign="spring", key=b"a secret of thirty-two bytes ...")
    'rollout'
    """
    return ARMS[_arm_number(place_of(customer_id, campaign=campaign, key=key), shares)]


def place_of(customer_id: int, *, campaign: str, key: bytes) -> float:
    """The place in [0, 1) of one customer in one campaign: 53 bits of its word of the digest.

    >>> place_of(10042, campaign="spring", key=b"k") == place_of(10042, campaign="spring", key=b"k")
    True
    """
    block, word = divmod(customer_id, _PER_DIGEST)
    digest = _digest(_campaign_hash(campaign, key), block)
    return float((int.from_bytes(digest[8 * word : 8 * word + 8], "big") >> 11) * 2.0**-53)


def split(
    customer_ids: NDArray[np.integer], shares: Shares, *, campaign: str, key: bytes
) -> dict[Arm, NDArray[np.int64]]:
    """The customers of each arm, in the order they came; every one is in exactly one arm."""
    ids = np.asarray(customer_ids, dtype=np.int64)
    numbers = arm_numbers(ids, shares, campaign=campaign, key=key)
    return {arm: ids[numbers == number] for number, arm in enumerate(ARMS)}


def arm_numbers(customer_ids: NDArray[np.integer], shares: Shares, *, campaign: str, key: bytes) -> NDArray[np.int8]:
    """For each customer the index of the arm in ARMS."""
    places = places_of(customer_ids, campaign=campaign, key=key)
    return np.searchsorted([shares.holdout, shares.holdout + shares.test], places, side="right").astype(np.int8)


def places_of(customer_ids: NDArray[np.integer], *, campaign: str, key: bytes) -> NDArray[np.float64]:
    """The places of many customers in one campaign; element for element those of `place_of`."""
    ids = np.asarray(customer_ids, dtype=np.int64)
    blocks, which = np.unique(ids // _PER_DIGEST, return_inverse=True)
    campaign_hash = _campaign_hash(campaign, key)
    digests = b"".join(_digest(campaign_hash, block) for block in blocks.tolist())
    words = np.frombuffer(digests, dtype=">u8").astype(np.uint64)[which * _PER_DIGEST + ids % _PER_DIGEST]
    places: NDArray[np.float64] = (words >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return places


def expected_counts(everyone: int, shares: Shares) -> Mapping[Arm, float]:
    """How many of an audience each arm gets on average.

    >>> dict(expected_counts(1000, Shares(test=0.25, holdout=0.25)))
    {'holdout': 250.0, 'test': 250.0, 'rollout': 500.0}
    """
    return {arm: everyone * shares.of(arm) for arm in ARMS}


def _arm_number(place: float, shares: Shares) -> int:
    return int(place >= shares.holdout) + int(place >= shares.holdout + shares.test)


def _campaign_hash(campaign: str, key: bytes) -> hashlib.blake2b:
    if not 1 <= len(key) <= 64:
        raise BadInput("split_key_length", {"bytes": len(key)})
    # The length in front keeps a campaign's name from running into the number behind it.
    name = campaign.encode()
    return hashlib.blake2b(len(name).to_bytes(4, "big") + name, key=key, person=_PERSON)


def _digest(campaign_hash: hashlib.blake2b, block: int) -> bytes:
    own = campaign_hash.copy()
    own.update(block.to_bytes(8, "big", signed=True))
    return own.digest()
