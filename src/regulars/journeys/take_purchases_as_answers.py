"""Purchases count as answers: whoever was drawn and bought while the campaign ran, in every arm alike."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from regulars.journeys.judge_campaign import record_campaign_answers
from regulars.journeys.segment_tables import profile_day
from regulars.journeys.warehouse_room import open_warehouse
from regulars.records.campaigns.access import campaign, steps_of
from regulars.records.company.access import company
from regulars.records.contacts.access import drawn_people
from regulars.records.contacts.answers import Answer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

DRAWN = pa.schema({"customer_id": pa.int64()})


def take_purchases_as_answers(key: str, *, by: Asker) -> int:
    """How many purchases of people drawn, from the first day of the test to the last day for answers, were new answers.

    Only purchases the warehouse knows: those up to the last refresh. Taken again, nothing counts twice. The hold-out's
    purchases count for the hold-out, or the comparison would be no comparison.
    """
    facts = campaign(key, by=by)
    began = next((step.at for step in steps_of(facts.id, by=by) if step.state == "testing"), None)
    if began is None:
        raise BadInput("campaign_not_sending", {"key": key, "state": facts.state})
    zone = ZoneInfo(company().timezone)
    bought = _bought(list(drawn_people(facts.id)), began.astimezone(zone).date(), facts.answers_until)
    answers = [
        Answer(person, "order", _noon(on, zone), f"order {order}", amount) for person, order, on, amount in bought
    ]
    return record_campaign_answers(key, answers, by=by)


def _bought(drawn: list[int], since: date, until: date | None) -> list[tuple[int, int, date, int]]:
    """(customer, order, day, amount) of what was bought and kept in that time."""
    with open_warehouse() as warehouse:
        known_until = profile_day(warehouse)
        if known_until is None:
            raise BadInput("no_figures_yet")
        last = min(until or known_until, known_until)
        people = warehouse.hold(warehouse.connection.from_arrow(pa.table({"customer_id": drawn}, schema=DRAWN)))
        lines = warehouse.order_lines(since=since, until=last).join(people, "customer_id", how="semi")
        orders = lines.aggregate(
            "customer_id, order_key, min(ordered_on) AS on_day, sum(amount_minor)::bigint AS amount"
        )
        return orders.filter("amount > 0").fetchall()


def _noon(on: date, zone: ZoneInfo) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=zone)
