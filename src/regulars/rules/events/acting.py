"""Rules on events, such as "a complaint on the web becomes a task" and "a basket left standing becomes a call".

When such an event happens, and another has not followed within so many minutes, somebody has a task. An event of long
ago, as a history brings it in, makes none.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from regulars.rules.events.kinds import plain_name
from regulars.rules.events.reading import LONGEST_NAME

TASKS: Final = ("complaint", "call_back", "order_ready", "other")
PURPOSES: Final = ("service", "direct_marketing")
LONGEST_WAIT: Final = 30 * 24 * 60  # minutes
LONGEST_DUE: Final = 365  # days
FRESH: Final = timedelta(days=1)


class RuleSaid(NamedTuple):
    """A rule: the event, the one that makes it needless, how long that is waited for, and the task."""

    name: str
    event: str
    task: str
    unless: str = ""
    wait_minutes: int = 0
    due_days: int = 1
    purpose: str = "service"


class Happened(NamedTuple):
    """Somebody's event, as rules look at it."""

    event_id: int
    customer_id: int
    name: str
    at: datetime


def wrong_in_rule(said: RuleSaid) -> str:
    """The field that cannot be so; "" when all can.

    >>> wrong_in_rule(RuleSaid("Baskets", "Product Added", "call_back", "Order Completed", 60, 1, "direct_marketing"))
    ''
    >>> wrong_in_rule(RuleSaid("Baskets", "Product Added", "call_back", "Order Completed"))
    'wait_minutes'
    """
    texts = {"name": said.name, "event": said.event, "unless": said.unless or "-"}
    checks = {
        **{field: 0 < len(text.strip()) <= LONGEST_NAME and text.isprintable() for field, text in texts.items()},
        "task": said.task in TASKS,
        "wait_minutes": 0 <= said.wait_minutes <= LONGEST_WAIT and bool(said.unless) == bool(said.wait_minutes),
        "due_days": 0 <= said.due_days <= LONGEST_DUE,
        "purpose": said.purpose in PURPOSES,
    }
    return next((field for field, fits in checks.items() if not fits), "")


def applies(said: RuleSaid, happened: Happened, *, at: datetime) -> bool:
    """Whether the rule is about that event, and the event is of today."""
    return plain_name(said.event) == plain_name(happened.name) and at - happened.at <= FRESH


def names_of(rules: Iterable[RuleSaid]) -> set[str]:
    """The events that rules are about."""
    return {plain_name(rule.event) for rule in rules}
