"""What the house does about events: orders go into the book, and rules make tasks; each once, within a second or so.

It is a reader of the book of batches like any other (see records/events/batches). What it has heard of waits until it
is known whose it is; then what is done about it and that it is done are one transaction. Killed at any point, nothing
is left out or done twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from regulars.connections.postgres.asking import ask
from regulars.journeys.run_import import NIGHT_SHIFT
from regulars.journeys.take_orders import take_orders
from regulars.journeys.tell_people import STREAM
from regulars.records.access_log.actions import note_denial
from regulars.records.events import acting
from regulars.records.events.acting import Known, RuleFacts
from regulars.records.events.batches import listen, take_news
from regulars.records.intake.access import SourceFacts, sources
from regulars.records.intake.actions import alone_with
from regulars.records.tasks.actions import NewTask, open_tasks
from regulars.rules.events.acting import Happened, RuleSaid, applies, names_of
from regulars.rules.events.kinds import plain_name
from regulars.rules.events.orders import ORDERS
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied

READER: Final = "house"
AT_ONCE: Final = 2_000
KEPT_WAITING: Final = timedelta(days=60)
_ALLOWED: Final = "SELECT id FROM customer WHERE id = ANY (%s)"


def rules_on_events(*, by: Asker) -> list[RuleFacts]:
    """Every rule, those that hold first. For steward and officer."""
    _only(by, "steward", "officer")
    return acting.event_rules(by=by)


def say_rule_on_events(said: RuleSaid, *, by: Asker, at: datetime) -> int:
    """The number of the new rule, which holds for events from now on. For the data steward."""
    _only(by, "steward")
    made = acting.make_event_rule(said, by=by, at=at)
    hear_of_events(at=at)
    return made


def take_rule_back(rule_id: int, *, by: Asker, at: datetime) -> None:
    """Nothing more is done by this rule. For the data steward."""
    _only(by, "steward")
    acting.end_event_rule(rule_id, by=by, at=at)
    hear_of_events(at=at)


def hear_of_events(*, at: datetime) -> None:
    """The house hears of orders and of what its rules are about."""
    listen(READER, at=at, names=ORDERS | names_of(acting.rules_that_hold().values()))


def act_on_events(*, at: datetime) -> int:
    """How many events something was done about, and how many times the waiting for one was over."""
    hear_of_events(at=at)
    while _heard(at):
        pass
    done = _orders_and_rules(at)
    while count := _waited(at):
        done += count
    acting.await_no_more(before=at - KEPT_WAITING)
    return done


def _heard(at: datetime) -> int:
    with transaction.atomic():
        news = list(take_news(READER))
        acting.await_events([(one.id, one.at) for one in news], at=at)
    return len(news)


def _orders_and_rules(at: datetime) -> int:
    """Until nothing is left but what has to wait: for a file of the same source, or for the order it takes back."""
    rules, known = acting.rules_that_hold(), {one.id: one for one in sources(by=NIGHT_SHIFT)}
    done, left = 0, set[int]()
    while events := acting.events_known(at=at, at_most=AT_ONCE, but=left):
        some = _acted(events, known, rules, at)
        done += len(some)
        left |= {one.id for one in events} - some
    return done


def _acted(
    events: Sequence[Known], known: dict[int, SourceFacts], rules: dict[int, RuleSaid], at: datetime
) -> set[int]:  # fmt: skip
    """The events that are done with now."""
    orders = [one for one in events if plain_name(one.name) in ORDERS and _takes_orders(known.get(one.source_id))]
    others = [one for one in events if one not in orders]
    with transaction.atomic():
        done = set(acting.acted_on([one.id for one in others])) if others else set()
        _apply(rules, [one for one in others if one.id in done], at)
    for source in sorted({one.source_id for one in orders}):
        done |= _of_source(known[source], [one for one in orders if one.source_id == source], rules, at)
    return done


def _takes_orders(source: SourceFacts | None) -> bool:
    return source is not None and bool(source.settings.get(STREAM, {}).get("orders", True))


def _of_source(source: SourceFacts, events: Sequence[Known], rules: dict[int, RuleSaid], at: datetime) -> set[int]:
    try:
        with alone_with(source.id):
            done = set(take_orders(source, events, rules_too=lambda some: _apply(rules, some, at), at=at))
    except BadInput as error:
        if error.code != "import_under_way":  # a file of the same source is coming in: they wait for the next time
            raise
        return set()
    return done


def _apply(rules: dict[int, RuleSaid], events: Iterable[Known], at: datetime) -> None:
    """In the caller's transaction: tasks are there, or the time of waiting runs."""
    found = [
        (number, said, one)
        for one in events
        for number, said in rules.items()
        if applies(said, Happened(one.id, one.customer_id, one.name, one.at), at=at)
    ]
    acting.wait_for([(number, said, one.customer_id, one.at) for number, said, one in found if said.wait_minutes])
    _open([(said, one.customer_id, one.at) for _, said, one in found if not said.wait_minutes], at)


@transaction.atomic
def _waited(at: datetime) -> int:
    """How many times the waiting was over; who has not done the other thing is somebody's task."""
    rules, over = acting.rules_that_hold(), acting.waits_over(at=at, at_most=AT_ONCE)
    holding = [one for one in over if one.rule_id in rules]
    left = acting.not_followed(holding, [rules[one.rule_id].unless for one in holding])
    _open([(rules[one.rule_id], one.customer_id, one.since) for one in left], at)
    return len(over)


def _open(tasks: Sequence[tuple[RuleSaid, int, datetime]], at: datetime) -> None:
    """The tasks are open; for direct marketing, only of those who allow it in this moment."""
    asked = {who for said, who, _ in tasks if said.purpose == "direct_marketing"}
    allowed = {who for (who,) in ask("marketing", _ALLOWED, [sorted(asked)])} if asked else set()
    by_kind: dict[str, list[NewTask]] = {}
    for said, who, moment in tasks:
        if said.purpose != "direct_marketing" or who in allowed:
            because = {"rule": said.name, "event": said.event, "happened_at": moment.isoformat()}
            due_on = at.date() + timedelta(days=said.due_days)
            by_kind.setdefault(said.task, []).append(NewTask(who, due_on, because))
    for kind, some in by_kind.items():
        open_tasks(kind, some, by=NIGHT_SHIFT, at=at)


def as_said(rule: RuleFacts) -> dict[str, Any]:
    """The rule as programs read it."""
    facts = asdict(rule)
    return {"id": rule.id, **rule.said._asdict(), **{name: facts[name] for name in ("made_by", "made_at", "ended_at")}}


def _only(by: Asker, *roles: str) -> None:
    if by.role not in roles:
        note_denial(by, door="event_rule", because="rules on events")
        raise Denied("event_rules_are_the_stewards")
