"""Who answered a campaign and who did not, and what told them apart before they knew of it.

What is compared is what was known on the eve of the campaign: afterwards those who answered have of course bought
lately, and nothing would be learned from that.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
from duckdb import DuckDBPyRelation as Relation

from regulars.connections.warehouse import Warehouse
from regulars.journeys.segment_tables import profile_day
from regulars.journeys.warehouse_room import open_warehouse
from regulars.records.access_log.actions import note_access
from regulars.records.campaigns.access import campaign, steps_of
from regulars.records.company.access import company
from regulars.records.contacts.access import answer_days, sent_people
from regulars.rules.experiments.profile import ResponderProfile, responder_profile, traits_for
from regulars.rules.permission.asking import Asker
from regulars.rules.segments.profile import PROFILE, build_profile, scores_of
from regulars.rules.value.bands import quantile_cuts
from regulars.rules.value.purchases import purchase_days
from regulars.rules.value.rfm import activity, banded
from regulars.rules.value.rhythm import rhythm

ASKED_OF = pa.schema({"customer_id": pa.int64(), "responded": pa.bool_()})
COLUMNS = frozenset(column.name for column in PROFILE.columns)


def draw_responder_profile(key: str, *, by: Asker) -> ResponderProfile | None:
    """What told those who answered from the others contacted; None before the first figures or the first answer.

    Numbers only, small cells left out; no person is read.
    """
    facts = campaign(key, by=by)
    answered = {person for person, _arm, _on in answer_days(facts.id)}
    contacted = sent_people(facts.id)
    if not answered & set(contacted):
        return None
    with open_warehouse() as warehouse:
        if profile_day(warehouse) is None:
            return None
        eve = _eve(_began(facts.id, by=by))
        people = _people(warehouse, contacted, answered, profile_on(warehouse, eve))
        drawn = responder_profile(people, traits_for(by.purpose, COLUMNS))
    note_access(by, door="draw_responder_profile", because=f"who answered campaign {key}", rows=0)
    return drawn


def profile_on(warehouse: Warehouse, day: date) -> Relation:
    """The profile of every customer at the end of that day; worked out once after each refresh and kept."""

    def worked_out() -> Relation:
        lines = warehouse.order_lines(until=day)
        people = warehouse.hold(activity(lines, at=day))
        rhythms = rhythm(purchase_days(lines, at=day), at=day)
        scores = scores_of(banded(people, quantile_cuts(people)), rhythms)
        return build_profile(warehouse.customers(), lines, scores, at=day)

    mark = warehouse.kept_mark("profile") or ""
    return warehouse.asked_before("profile", f"{day:%Y_%m_%d}", worked_out, mark=mark)


def _people(warehouse: Warehouse, contacted: list[int], answered: set[int], profile: Relation) -> Relation:
    """One row a person contacted: whether she answered, and what was known of her."""
    asked = pa.table(
        {"customer_id": contacted, "responded": [person in answered for person in contacted]}, schema=ASKED_OF
    )
    given = warehouse.hold(warehouse.connection.from_arrow(asked)).set_alias("given")
    return given.join(profile.set_alias("known"), "given.customer_id = known.customer_id").project("responded, known.*")


def _began(campaign_id: int, *, by: Asker) -> datetime:
    """When the test began; of a campaign brought in from elsewhere, when it was sent."""
    steps = steps_of(campaign_id, by=by)
    begun = (step.at for step in steps if step.state in ("testing", "rolling_out"))
    return next(begun, steps[0].at)


def _eve(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(company().timezone)).date() - timedelta(days=1)
