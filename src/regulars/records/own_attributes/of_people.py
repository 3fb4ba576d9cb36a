"""The reading door of own attributes in lists of people: which columns a list may have, and what stands in them.

A list shows what the asker's own view shows, as coarse as it shows it, and nothing that is kept sealed: that is read
one customer at a time. Why a column is not to be had is not told; that there is an attribute, the dictionary says.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.access_log.actions import note_access
from regulars.records.own_attributes.access import classed_attributes
from regulars.records.watched.access import protected_among
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.own_attributes import OwnAttribute, shown_in_lists
from regulars.rules.privacy.own_values import Held, plain_of

MOST_COLUMNS: Final = 20
_SHOWN: Final = "SELECT attribute_id, shape FROM own_shown WHERE view = %s"
_OF_PEOPLE: Final = """
SELECT customer_id, attribute_id, text, amount, day, yes FROM own_value
 WHERE customer_id = ANY (%s) AND attribute_id = ANY (%s)
"""


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """An attribute as a column of a list; `shown` is how: keep, or a coarsening."""

    id: int
    what: OwnAttribute
    shown: str


def own_columns(view: str) -> list[OwnColumn]:
    """The attributes a list read through the view may have as columns, by key: those it shows at this moment."""
    shown: dict[int, str] = dict(ask(WRITER, _SHOWN, [view]))
    return [
        OwnColumn(one.id, one.what, shown[one.id])
        for one in classed_attributes()
        if shown_in_lists(one.what, view) == shown.get(one.id, "")
    ]


def columns_called(keys: Iterable[str], *, by: Asker) -> list[OwnColumn]:
    """The columns of these keys, each once, in their order; BadInput names the first that is not to be had."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return []
    if len(wanted) > MOST_COLUMNS:
        raise BadInput("list_columns_too_many", {"most": MOST_COLUMNS})
    there = {one.what.key: one for one in own_columns(by.view)}
    for key in wanted:
        if key not in there:
            raise BadInput("attribute_not_in_lists", {"attribute": key[:40]})
    return [there[key] for key in wanted]


def own_values_of(
    customer_ids: Sequence[int], columns: Sequence[OwnColumn], *, by: Asker, because: str
) -> Mapping[int, Mapping[str, str]]:
    """Customer id → key → plain form, for those of whom the asker's view shows something; logged with the columns.

    Of the protected, whom lists do not name, nothing is told to all but the officer.
    """
    keys = {one.id: one.what.key for one in columns}
    if not (keys and customer_ids):
        return {}
    protected = frozenset() if by.role == "officer" else protected_among(customer_ids)
    told: dict[int, dict[str, str]] = {}
    for who, attribute, *cells in ask(by.view, _OF_PEOPLE, [list(customer_ids), list(keys)]):
        if who not in protected and (plain := plain_of(Held(*cells))) is not None:
            told.setdefault(who, {})[keys[attribute]] = plain
    note_access(by, door="own_values_of", because=f"{because}: {', '.join(keys.values())}", rows=len(told))
    return told
