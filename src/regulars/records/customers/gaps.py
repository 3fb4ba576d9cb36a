"""What nobody has said of customers yet: gaps that a word which comes late may fill."""

from collections.abc import Sequence
from typing import Any, Final

from regulars.records.customers.keys import cursor_of
from regulars.records.customers.saying import FIELDS
from regulars.rules.intake.choosing import FOLLOWS, fields_of, thing_of

_SAID: Final = ", ".join(f"('{name}', c.{name}::text)" for name in FIELDS if name not in FOLLOWS)
_KNOWN: Final = f"""
SELECT c.id, ARRAY(SELECT f.name FROM (VALUES {_SAID}) f (name, said) WHERE f.said <> ''),
       ARRAY(SELECT DISTINCT channel FROM contact_point p WHERE p.customer_id = c.id)
  FROM customer c WHERE c.id = ANY (%s)
"""  # noqa: S608  (our own columns)


def known_of(ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Customer → the fields of which something is known, and the channels; what is believed whole (a name, a place)
    counts as known whole."""
    rows: list[Any] = cursor_of("default").execute(_KNOWN, [list(ids)]).fetchall()
    return {who: frozenset(channels).union(*(fields_of(thing_of(one)) for one in said)) for who, said, channels in rows}
