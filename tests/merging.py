"""People with rows in every table that knows customers, and the vault as it lies, to be compared before and after."""

import os
import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from django.db import connection

from regulars.journeys.merge_customers import MergeDone, MergeUndone, merge_customers, unmerge_customers
from regulars.records.audiences.models import Audience, AudienceMember
from regulars.records.belongings import BELONGINGS
from regulars.records.campaigns.models import Campaign
from regulars.records.contacts.models import Response
from regulars.records.customers.models import Customer, CustomerRef, FieldSaid, PortalLink
from regulars.records.customers.originals import keep_as_it_came
from regulars.records.events.counting import count_events_anew
from regulars.records.exports.models import Export, ExportedPerson
from regulars.records.free_texts.models import SensitiveText, TextFlag
from regulars.records.intake.models import Source
from regulars.records.orders.actions import recount
from regulars.records.own_attributes.models import OwnAttribute, OwnValue, OwnValueSaid
from regulars.records.segments.models import Segment
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.models import Complaint, Touchpoint
from regulars.records.watched.models import ProtectedCustomer
from regulars.rules.merging.winners import FIELDS
from regulars.rules.permission.choices import CHANNELS, PURPOSES, VALUES
from tests.cast import NOON, STEN, customer, said, sealed
from tests.shop import open_shop
from tests.story import contact, findable, order

DAY = timedelta(days=1)
#: Books to which one only adds, and what the merge itself keeps; they are not as before, and are not to be.
BOOKS = {
    "change_entry", "customer_change", "access_entry", "privacy_entry", "choice_entry", "merge", "merged_rows",
    "month_touched", "log_batch", "newly_marked", "reading_hour", "review_pair", "choice_default", "choice_age",
    "django_migrations",
}  # fmt: skip


class World:
    """A shop with what rows refer to."""

    def __init__(self) -> None:
        open_shop(NOON.date())
        self.events = 0
        self.sources = [Source.objects.create(ref=f"s{n}", name=f"S{n}", created_at=NOON).id for n in range(3)]
        self.branch = branch()
        segment = Segment.objects.create(key="all", name="All", rule={}, made_by="Mia", made_at=NOON)
        self.campaigns = [
            Campaign.objects.create(
                key=f"c{n}", name=f"C{n}", channel="email", reason="due_this_month", segment=segment, threshold=0.03,
                expected_response=0.04, currency="CNY", owner="Mia", made_at=NOON,
            )
            for n in range(3)
        ]  # fmt: skip
        self.audiences = [
            Audience.objects.create(
                segment=segment, segment_version=1, rule={}, size=9, frozen_at=NOON, frozen_by="Mia"
            )
            for _ in range(2)
        ]  # fmt: skip
        told = {"made_by": "Sten", "made_at": NOON, "changed_by": "Sten", "changed_at": NOON}
        self.attributes = [
            OwnAttribute.objects.create(key=f"a{n}", kind="text", label="A", label_zh="甲", data_class=kind, **told)
            for n, kind in enumerate(("personal", "sensitive"))
        ]
        self.exports = [
            Export.objects.create(
                made_at=NOON, made_by="Mia", reader="Mia", role="marketer", view="marketing",
                purpose="direct_marketing", door="x", because="x", content="x", expires_on=NOON.date(),
            )
            for _ in range(2)
        ]  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SELECT open_event_month(%s)", [date(2026, 3, 1)])

    def somebody(self, name: str, dice: random.Random, *, famous: bool = False) -> Customer:
        """A customer with something in most of the tables, some of it the same as others have."""
        who = customer(
            name, email=dice.choice(["one@example.com", "two@example.com", None]),
            phone=dice.choice(["+15550100001", "+15550100002", None]),
            **dice.choice([{"allergies": "wool"}, {"allergies": "nuts"}, {}]),
            city=dice.choice(["Lyon", "", "Graz"]), sex=dice.choice(["female", "male", ""]),
            birth_on=dice.choice([None, date(1988, 4, 2), date(2015, 4, 2)]),
            jurisdiction=dice.choice(["CN", "EU", "none"]), source_id=dice.choice(self.sources),
            told_at=dice.choice([None, NOON - dice.randrange(50) * DAY]), stage=dice.choice(["customer", "prospect"]),
            first_seen_on=date(2020 + dice.randrange(5), 1, 1),
        )  # fmt: skip
        findable(who)
        self.speaks(who, dice)
        self.say(who, dice)
        for source in dice.sample(self.sources, 2):
            CustomerRef.objects.create(source_id=source, ref=f"{who.number}-{source}", customer=who)
            self.buys(who, source, dice)
            self.visits(who, source, dice)
            self.wrote(who, source, dice)
        self._rest(who, dice, famous)
        recount(np.array([who.id]))
        count_events_anew([who.id])
        return who

    def say(self, who: Customer, dice: random.Random) -> None:
        """She chooses something."""
        for _ in range(dice.randrange(6)):
            purpose = dice.choice(PURPOSES)
            channel = dice.choice(("", *CHANNELS)) if purpose == "direct_marketing" else ""
            said(who, purpose, dice.choice(VALUES), channel, NOON - dice.randrange(1, 400) * DAY)

    def speaks(self, who: Customer, dice: random.Random) -> None:
        """Several sources say something of her; what the record says is said by one of them."""
        for field in dice.sample(("city", "sex", "allergies", "marital_status", "postcode"), 2):
            believed = {"city": who.city, "sex": who.sex, "marital_status": "", "postcode": who.postcode}.get(field)
            for source in dice.sample(self.sources, dice.randrange(1, 4)):
                value = dice.choice([believed or "x", "y", "z"])
                told = {"source_id": source, "said_at": NOON - dice.randrange(90) * DAY}
                if field == "allergies":
                    told["cell"] = sealed(who, "customer.allergies", dice.choice(["wool", "nuts", "milk"]))
                else:
                    told["closed" if field == "postcode" else "value"] = value
                if dice.random() < 0.2:
                    told |= {"confirmed_at": NOON - DAY, "confirmed_by": "Dora"}
                FieldSaid.objects.create(customer=who, field=field, **told)

    def buys(self, who: Customer, source: int, dice: random.Random) -> None:
        """An order through that source."""
        lines = [(f"thing {n}", dice.randrange(-500, 5000)) for n in range(dice.randrange(1, 4))]
        order(who, NOON - dice.randrange(100) * DAY, lines, branch=self.branch, source=source, ref=f"o{dice.random()}")

    def visits(self, who: Customer, source: int, dice: random.Random) -> None:
        """A visit, and an event with something sealed in it."""
        Touchpoint.objects.create(
            customer=who, at=NOON, kind="visit", channel="counter", title="came", source_id=source
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO event (id, message_key, source_id, kind, name, occurred_at, received_at, visitor,"
                " customer_id, properties, free) VALUES (%s, %s, %s, 'track', 'seen', %s, %s, %s, %s, '{}', %s)",
                [self.next_event(), uuid4(), source, NOON - dice.randrange(9) * DAY, NOON,
                 UUID(int=dice.getrandbits(128)), who.id, sealed(who, "event.free", '{"said": "something"}')],
            )  # fmt: skip

    def wrote(self, who: Customer, source: int, dice: random.Random) -> None:
        """Her name and a phone of hers came otherwise than they are kept."""
        name = ("name", f"{who.name} (VIP)", who.name, ("aside_apart",))
        phone = ("phone", dice.choice(["1 555 0100 001", "(1)5550100001"]), "+15550100001", ("separators_removed",))
        city = ("city", "lyon ", "lyon", ("spaces",))
        keep_as_it_came([(who.id, [name, phone, city])], source_id=source, at=NOON)

    def next_event(self) -> int:
        """Events come one after the other."""
        self.events += 1
        return self.events

    def _rest(self, who: Customer, dice: random.Random, famous: bool) -> None:
        Complaint.objects.create(customer=who, opened_at=NOON, code="repair", detail="torn")
        Task.objects.create(customer=who, kind=dice.choice(["call_back", "other"]), due_on=NOON.date(), opened_at=NOON)
        plain, secret = self.attributes
        if dice.random() < 0.7:
            told = {"customer": who, "attribute": plain}
            speak = {dice.choice(self.sources), dice.choice(self.sources)}
            OwnValue.objects.create(**told, text=who.name, noted_at=NOON - DAY, source_id=min(speak))
            for source in speak if dice.random() < 0.5 else ():
                OwnValueSaid.objects.create(**told, text=who.name, source_id=source, said_at=NOON - DAY)
        if dice.random() < 0.7:
            cell = sealed(who, "customer.own.a1", f"secret of {who.name}")
            OwnValue.objects.create(customer=who, attribute=secret, sealed=cell, noted_at=NOON)
        PortalLink.objects.create(
            customer=who, digest=uuid4().hex * 2, issued_by="Dora", issued_at=NOON, expires_at=NOON + 30 * DAY
        )
        SensitiveText.objects.create(
            customer=who, table_name="touchpoint", column_name="detail", row_id=who.id,
            words=sealed(who, "sensitive_text.words", "very private"), moved_at=NOON,
        )  # fmt: skip
        TextFlag.objects.create(
            customer=who, table_name="touchpoint", column_name="title", row_id=who.id, kinds=["health"], found_at=NOON,
            found_by="night shift",
        )  # fmt: skip
        for campaign in dice.sample(self.campaigns, 2):
            contact(who, campaign, "email", "sent", NOON - 2 * DAY)
            Response.objects.create(campaign=campaign, customer=who, kind="order", at=NOON, ref="r1")
        AudienceMember.objects.create(audience=dice.choice(self.audiences), customer=who, arm="test")
        ExportedPerson.objects.create(export=dice.choice(self.exports), customer=who, place=who.id)
        if famous:
            ProtectedCustomer.objects.create(customer_id=who.id, since=NOON, marked_by="Emil", because="famous")


def a_campaign() -> Campaign:
    """Spring, by letter."""
    segment = Segment.objects.create(key="spring", name="Spring", rule={}, made_by="Mia", made_at=NOON)
    return Campaign.objects.create(
        key="spring", name="Spring", name_zh="春", channel="letter", reason="due_this_month", segment=segment,
        threshold=0.03, expected_response=0.04, currency="CNY", owner="Mia", made_at=NOON,
    )  # fmt: skip


def branch() -> int:
    from regulars.records.company.actions import ensure_branches

    return ensure_branches(["lake"])["lake"]


def vault() -> dict[str, list[str]]:
    """Every row of every table of the vault as text, sealed cells as they lie; without books."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'vault'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND NOT c.relispartition ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall() if name not in BOOKS]
        return {table: _rows(cursor, table) for table in tables}


def _rows(cursor: object, table: str) -> list[str]:
    said_when = "(to_jsonb(t) - 'changed_at')::text" if table == "customer" else "t::text"
    cursor.execute(f"SELECT {said_when} FROM {table} t ORDER BY 1")  # type: ignore[attr-defined]
    return [row for (row,) in cursor.fetchall()]  # type: ignore[attr-defined]


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, tuple[list[str], list[str]]]:
    """Table → rows that are gone, rows that are new."""
    found = {
        table: (sorted(set(before[table]) - set(after[table])), sorted(set(after[table]) - set(before[table])))
        for table in before
    }
    return {table: rows for table, rows in found.items() if rows != ([], [])}


def merge(goes: Customer, into: Customer, **more: object) -> MergeDone:
    told = {"by": STEN, "because": "the same", "at": NOON} | more
    return merge_customers(goes.number, into.number, **told)  # type: ignore[arg-type]


def unmerge(goes: Customer, **more: object) -> MergeUndone:
    return unmerge_customers(goes.number, by=more.pop("by", STEN), because="two people", at=NOON, **more)  # type: ignore[arg-type]


def chosen_by(dice: random.Random) -> dict[str, Any]:
    """Somebody decides of some fields whose word stands."""
    return {field: dice.choice(["into", "from"]) for field in dice.sample(list(FIELDS), dice.randrange(4))}


def seeds(usual: Iterable[int]) -> list[int]:
    """These, or what `REGULARS_SEEDS` names, first and last: `285-320`."""
    first, _, last = os.environ.get("REGULARS_SEEDS", "").partition("-")
    return list(range(int(first), int(last) + 1)) if first else list(usual)


def rows_of(who: Customer) -> dict[str, int]:
    """Table → how many rows are hers."""
    with connection.cursor() as cursor:
        found = {}
        for one in BELONGINGS:
            cursor.execute(f"SELECT count(*) FROM {one.table} WHERE customer_id = %s", [who.id])
            found[one.table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}
