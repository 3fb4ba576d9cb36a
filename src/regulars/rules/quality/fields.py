"""The fields whose quality is counted: what a right value looks like, and how long one is believed.

A field is *filled* where something is said, *valid* where what is said can be right (of ways to reach somebody: none is
known not to work), *fresh* where what is believed was said not too long ago, *disputed* where sources say different
things and nobody has asked her, *confirmed* where somebody has. Nothing is judged by what it says about the person.
"""

from dataclasses import dataclass
from typing import Final

RECORD, WAY = "record", "way"
YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `shape` is a regular expression (POSIX and Python read it alike) for right values of a record's field,
    empty where anything said is right; `fresh_days` is how long a value is believed; `moves`: it changes so often that
    an old one is asked for again."""

    key: str
    kind: str
    fresh_days: int
    shape: str = ""
    moves: bool = False


FIELDS: Final = (
    Field("name", RECORD, 5 * YEAR, r"^[^0-9@]+$"),
    Field("sex", RECORD, 5 * YEAR, r"^(female|male|other)$"),
    Field("birth_on", RECORD, 100 * YEAR, r"^(19|20)[0-9][0-9]-"),
    Field("language", RECORD, 5 * YEAR, r"^[a-z]{2}(-[A-Za-z]+)*$"),
    Field("city", RECORD, 3 * YEAR, r"^[^0-9@]+$", moves=True),
    Field("postcode", RECORD, 3 * YEAR, r"^[0-9A-Za-z][0-9A-Za-z -]{2,10}$"),
    Field("country", RECORD, 3 * YEAR, r"^[A-Z]{2}$"),
    Field("phone", WAY, 2 * YEAR),
    Field("email", WAY, 2 * YEAR),
    Field("letter", WAY, 3 * YEAR),
)
BY_KEY: Final = {one.key: one for one in FIELDS}
WAYS: Final = tuple(one.key for one in FIELDS if one.kind == WAY)
RECORDS: Final = tuple(one for one in FIELDS if one.kind == RECORD)
#: Of these she is asked again where sources disagree: fields that everyday views show as they are. Of another it would
#: already be told that there is something to disagree about.
ASKED: Final = ("name", "sex", "language", "city", "country")
#: Not a field: how many records seem to be about somebody who has another.
DOUBLED: Final = "doubled"
