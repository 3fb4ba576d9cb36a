"""Own attributes against the rules: what is classed, what each view shows of them, and how their values lie."""

from collections.abc import Iterator
from typing import Any

from regulars.connections.postgres.catalogue import types_of
from regulars.connections.postgres.securing import Connection
from regulars.records.own_attributes.access import own_attributes
from regulars.rules.privacy.drift import Finding, set_differences
from regulars.rules.privacy.own_attributes import shown_in

_SHOWN = """
SELECT s.view, a.key, s.shape FROM vault.own_shown s JOIN vault.own_attribute a ON a.id = s.attribute_id
"""
_LIES_WRONG = """
SELECT count(*) FROM vault.own_value WHERE attribute_id = %s AND (sealed IS NULL) = %s
"""


def shown_now(connection: Connection) -> list[tuple[Any, ...]]:
    """(view, attribute, how) for each attribute that a view really shows."""
    return connection.execute(_SHOWN).fetchall()


def own_attribute_findings(connection: Connection, counts: dict[str, int]) -> Iterator[Finding]:
    """Attributes nobody classed, showings nobody decided, values that lie open and should be sealed, or vice versa."""
    if ("own_attribute", "id") not in types_of(connection):
        return
    known = own_attributes(retired=True)
    counts["own_attributes"] = len(known)
    in_use = [one for one in known if one.retired_at is None]
    for one in in_use:
        if not one.what.data_class:
            yield Finding("attribute_unclassed", one.what.key)
    wanted = {(view, one.what.key, how) for one in in_use for view, how in shown_in(one.what).items()}
    yield from set_differences("attribute_shown", wanted, shown_now(connection))
    for one in in_use:
        row = connection.execute(_LIES_WRONG, [one.id, one.what.sealed]).fetchone()
        if row and row[0]:
            yield Finding("attribute_lies_wrong", one.what.key, found=str(row[0]))
