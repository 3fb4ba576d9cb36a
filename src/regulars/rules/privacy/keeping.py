"""How long something is kept: a number of days after an event, or as long as the customer herself.

Written as words that a person reads and a machine understands; the same words stand in the dictionary, on the page of
the privacy office and in the files for auditors.
"""

import re
from dataclasses import dataclass
from typing import Final

from regulars.rules.permission.errors import BadInput

#: Events from which days are counted: what a row itself says, the last purchase, or the last sign of life of any kind.
ANCHORS: Final = ("noted", "last_purchase", "last_seen")
AS_LONG_AS_CUSTOMER: Final = "as long as the customer"
LONGEST: Final = 36_525
_WORDS: Final = re.compile(r"(\d{1,5}) days? after (\w+)\Z")


@dataclass(frozen=True, slots=True)
class Keep:
    """So many `days` after the `anchor`; None when it goes only with the customer."""

    days: int | None = None
    anchor: str = "noted"

    def __str__(self) -> str:
        return AS_LONG_AS_CUSTOMER if self.days is None else f"{self.days} days after {self.anchor}"


def read_keep(text: str) -> Keep:
    """The keep of its words; BadInput `keep_unclear` for anything else.

    >>> read_keep("730 days after last_purchase")
    Keep(days=730, anchor='last_purchase')
    >>> str(read_keep("")), str(read_keep("1 day after noted"))
    ('as long as the customer', '1 days after noted')
    """
    said = text.strip()
    if said in ("", AS_LONG_AS_CUSTOMER):
        return Keep()
    found = _WORDS.match(said)
    if found is None or found[2] not in ANCHORS or not 0 < int(found[1]) <= LONGEST:
        raise BadInput("keep_unclear", {"keep": said[:80], "anchors": ", ".join(ANCHORS)})
    return Keep(int(found[1]), found[2])
