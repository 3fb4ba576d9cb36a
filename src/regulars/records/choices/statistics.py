"""What people said, counted: per purpose and channel how many granted, denied or never said; for how many it holds."""

from dataclasses import dataclass

from django.db import connections

from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import ALLOWS
from regulars.rules.permission.errors import Denied

COUNT = """
WITH newest AS (
    SELECT DISTINCT ON (customer_id) customer_id, value FROM choice_entry
     WHERE purpose = %s AND channel = %s AND brand = '' AND topic = '' ORDER BY customer_id, at DESC, id DESC)
SELECT count(*) FILTER (WHERE n.value = 'granted'), count(*) FILTER (WHERE n.value = 'denied'),
       count(*) FILTER (WHERE n.value IS NULL OR n.value = 'unset'), count(*) FILTER (WHERE c.{allows}), count(*)
  FROM customer c LEFT JOIN newest n ON n.customer_id = c.id
"""


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """People by what they last said about one purpose or channel; `holds` counts defaults too."""

    allows: str
    purpose: str
    channel: str
    granted: int
    denied: int
    unset: int
    holds: int
    everybody: int


def count_choices(*, by: Asker) -> list[ChoiceCount]:
    """One line per permission, in the order they are shown everywhere; for the privacy officer."""
    if by.view != "personal":
        raise Denied("statistics_are_for_the_officer")
    with connections[by.view].cursor() as cursor:
        return choice_counts(cursor)


def choice_counts(cursor: object) -> list[ChoiceCount]:
    """The same through a cursor whose search path is a view that shows everybody."""
    return [_counted(cursor, allows, *where) for allows, where in ALLOWS.items()]


def _counted(cursor: object, allows: str, purpose: str, channel: str) -> ChoiceCount:
    cursor.execute(COUNT.format(allows=allows), [purpose, channel])  # type: ignore[attr-defined]  # Django's own
    return ChoiceCount(allows, purpose, channel, *cursor.fetchone())  # type: ignore[attr-defined]
