"""What stands above and below some groups, over all time: asked in one question, a few steps up and down."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from regulars.connections.postgres.arrays import array_of_numbers
from regulars.connections.postgres.asking import ask
from regulars.rules.groups.kinds import DEEPEST
from regulars.rules.groups.spans import span
from regulars.rules.groups.tree import Place

# A tree is never higher, so nothing is missed; and a walk ends even where groups have changed places over the years.
_NEAR: Final = f"""
WITH RECURSIVE up (id, step) AS (
    SELECT unnest(%s::bigint[]), 0 UNION
    SELECT p.parent_id, step + 1 FROM up JOIN group_place p ON p.group_id = up.id WHERE step < {DEEPEST}
), down (id, step) AS (
    SELECT unnest(%s::bigint[]), 0 UNION
    SELECT p.group_id, step + 1 FROM down JOIN group_place p ON p.parent_id = down.id WHERE step < {DEEPEST}
)
SELECT group_id, parent_id, since_on, until_on FROM group_place
 WHERE group_id IN (SELECT id FROM up) OR parent_id IN (SELECT id FROM down) ORDER BY id
"""  # noqa: S608  (a number of ours)


def near(ids: Iterable[int], login: str) -> list[Place]:
    """Every place of a group above or below these, through that login."""
    wanted = array_of_numbers(ids)
    rows: list[tuple[int, int, date | None, date | None]] = ask(login, _NEAR, [wanted, wanted])
    return [Place(group, parent, span(since, until)) for group, parent, since, until in rows]
