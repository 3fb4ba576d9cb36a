"""For which reason somebody may open a file, where the privacy officer asks for one that she did not give herself.

The house's own question, asked whatever her view shows. What counts: an open task that is hers or nobody's, and that
somebody else said so of; an order of today at her branch that she did not take herself; a visit or call of today that
somebody else noted; and that the customer is here, as she said herself: this one is counted by itself, and told to the
officer.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, ask, ask_one
from regulars.records.access_log.readings import key_of
from regulars.records.company.access import company, today
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.need_to_know import ASSIGNED, HERE_FOR, HOUR

#: The door through which somebody says that the customer is here, and the case it stands as in the log.
HERE_DOOR: Final = "stated_here"
HERE: Final = "here"

_TASK: Final = """
SELECT customer_id, 1 AS place, 'T-' || id AS case_ref FROM task
 WHERE customer_id = ANY (%s) AND state = 'open' AND given_by <> %s AND (owner_id = %s::bigint OR owner_id IS NULL)
"""
_TODAY: Final = "customer_id = ANY (%s) AND {at} >= %s AND {at} < %s AND (%s OR branch_id = ANY (%s))"
_ORDER: Final = f"""
SELECT customer_id, 2, order_ref FROM order_line o WHERE {_TODAY.format(at="ordered_at")}
   AND NOT EXISTS (SELECT FROM desk_order d WHERE d.ref = o.order_ref AND d.customer_id = o.customer_id
                      AND o.import_run_id IS NULL AND d.taken_by = %s)
"""  # noqa: S608  (our own words)
_MET: Final = f"""
SELECT customer_id, 3, kind FROM touchpoint
 WHERE {_TODAY.format(at="at")} AND kind IN ('visit', 'call') AND staff_name <> %s
"""  # noqa: S608  (our own words)
#: Of the line's reference, "phone staff 12", whose word it was: two may be called the same.
_SAID_BY: Final = "substr(reference, strpos(reference, ' ') + 1)"
_HERE: Final = f"""
SELECT customer_id, 4, 'here' FROM access_entry
 WHERE customer_id = ANY (%s) AND at > %s AND {_SAID_BY} = %s AND role = %s AND door = 'stated_here' AND allowed
"""  # noqa: S608  (our own words)
_REASONS: Final = " UNION ALL ".join((_TASK, _ORDER, _MET, _HERE)) + " ORDER BY 1, 2"
_SAID: Final = f"""
SELECT count(DISTINCT customer_id) FROM access_entry
 WHERE at > GREATEST(%s, (SELECT max(released_at) FROM reading_alarm WHERE who = %s AND kind = 'here'))
   AND {_SAID_BY} = %s AND role = %s AND door = 'stated_here' AND allowed AND customer_id <> %s
"""  # noqa: S608  (our own words)


def needs_reason(by: Asker) -> bool:
    """Whether files open for her only where somebody else gave her a reason."""
    return by.view == ASSIGNED


def reasons_among(customer_ids: Iterable[int], *, by: Asker) -> dict[int, str]:
    """Customer id → the case her file opens for (T-12, an order's number, visit, call, here), for those who have one.

    Where several do, the first in this order. Asked for nobody too: how long it takes tells nothing.
    """
    return {int(who): str(case) for who, case in reversed(_asked(list(customer_ids), by))}


def said_here_lately(customer_id: int, *, by: Asker) -> int:
    """How many other customers she said were here within the last hour, or since the officer let her go on."""
    row = ask_one(WRITER, _SAID, [timezone.now() - HOUR, key_of(by), key_of(by), by.role, customer_id])
    return int(row[0]) if row else 0


def said_how(how: str, *, by: Asker) -> str:
    """The reference of the line that says she is here: by which word of hers, and to whom; the rest of the log knows
    people by their names."""
    return f"{how} {key_of(by)}"


def _asked(who: list[int], by: Asker) -> list[tuple[int, str]]:
    morning = _morning()
    day = (who, morning, morning + timedelta(days=1), not by.branches, sorted(by.branches))
    lately = timezone.now() - HERE_FOR
    values = (who, key_of(by), by.staff_id, *day, by.name, *day, by.name, who, lately, key_of(by), by.role)
    return [(person, case) for person, _place, case in ask(WRITER, _REASONS, values)]


def _morning() -> datetime:
    """The beginning of the business day where the company is."""
    day = today()
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(company().timezone))
