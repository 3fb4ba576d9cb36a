"""Screens that list people or what happened to them, with ten thousand of each: a page at a time, soon, and of a size
that does not grow with how many there are."""

import itertools
import time
from datetime import date
from typing import Any

import pytest

from regulars.connections.postgres.securing import Connection
from regulars.records.access_log.models import AccessEntry
from regulars.records.campaigns.models import Campaign
from regulars.records.contacts.models import Contact
from regulars.records.customers.models import Customer
from regulars.records.free_texts.models import TextFlag
from regulars.records.groups.models import CustomerGroup, GroupMember
from regulars.records.merging.models import ReviewPair
from regulars.records.scores.models import Score
from regulars.records.segments.models import Segment
from regulars.records.staff.actions import hire
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.models import Complaint, Touchpoint
from regulars.records.watched.models import ProtectedCustomer
from regulars.rules.segments.members import Members
from tests.cast import NOON
from tests.desks.visitors import signed_in
from tests.story import DAY, PASSWORD, Shop, shop

pytestmark = [pytest.mark.usefixtures("house"), pytest.mark.slow]
MANY = 10_000
AT_MOST_BYTES = 400_000
AT_MOST_SECONDS = 1.0


@pytest.fixture
def crowded(administrator_connection: Connection) -> Shop:
    """Full, with the planner's statistics as they are a minute later: tables that were emptied count as empty else."""
    at = shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    quists = (
        Customer(
            number=f"C-{100_000 + n}", name=f"Quist {n}", name_sort=f"quist {n}", family_name="Quist",
            given_name=f"{n}", city="Paris", first_seen_on=date(2024, 5, 18), changed_at=NOON, jurisdiction="none",
            home_branch_id=at.lake,
        )
        for n in range(MANY)
    )  # fmt: skip
    Customer.objects.bulk_create(quists, batch_size=2_000)
    ids = list(Customer.objects.order_by("id").values_list("id", flat=True))
    one = ids[0]

    def put(model: Any, rows: Any) -> None:
        model.objects.bulk_create(rows, batch_size=2_000)

    put(Task, (Task(customer_id=who, kind="call_back", due_on=NOON.date(), opened_at=NOON) for who in ids))
    put(
        Task,
        (
            Task(customer_id=one, kind="call_back", due_on=NOON.date(), opened_at=NOON, state="closed", closed_at=NOON)
            for _ in range(MANY)
        ),
    )
    put(Complaint, (Complaint(customer_id=who, code="late", opened_at=NOON) for who in ids))
    put(
        Touchpoint,
        (
            Touchpoint(
                customer_id=one,
                at=NOON - n * DAY / 500,
                kind="visit",
                channel="counter",
                title=f"Visit {n}",
                staff_name="Dora",
            )
            for n in range(MANY)
        ),
    )
    put(
        TextFlag,
        (
            TextFlag(
                customer_id=one,
                table_name="touchpoint",
                column_name="title",
                row_id=n,
                kinds=["health"],
                found_at=NOON,
                found_by="Dora",
            )
            for n in Touchpoint.objects.values_list("id", flat=True)
        ),
    )
    put(
        ReviewPair,
        (
            ReviewPair(low_id=low, high_id=high, bits=5, probability=0.6, steps=[], found_by="batch", put_at=NOON)
            for low, high in itertools.pairwise(ids)
        ),
    )
    put(
        ProtectedCustomer,
        (ProtectedCustomer(customer_id=who, because="works here", marked_by="Emil", since=NOON) for who in ids[5_000:]),
    )
    put(
        Score,
        (
            Score(
                customer_id=who,
                as_of=date(2026, 3, 11),
                recency_days=29,
                frequency=3,
                monetary_minor=900,
                r=5,
                f=4,
                m=4,
                rfm_group="champions",
                first_on=date(2024, 9, 2),
                last_on=date(2026, 2, 11),
                rhythm_days=31.2,
                due_on=date(2026, 3, 14),
                grace_until=date(2026, 5, 1),
                state="inside",
            )
            for who in ids
        ),
    )
    segment = Segment.objects.create(
        key="all",
        name="All",
        name_zh="",
        rule={},
        made_by="Mia",
        made_at=NOON,
        count=MANY,
        members=Members(ids).to_bytes(),
        counted_at=NOON,
    )
    campaign = Campaign.objects.create(
        key="big",
        name="Big",
        name_zh="",
        channel="email",
        reason="due_this_month",
        segment=segment,
        threshold=0.03,
        expected_response=0.04,
        currency="CNY",
        owner="Mia",
        made_at=NOON,
    )
    put(
        Contact,
        (
            Contact(
                campaign=campaign,
                customer_id=who,
                channel="email",
                arm="",
                state="waiting",
                strip=[],
                reasons=[],
                decided_at=NOON,
            )
            for who in ids
        ),
    )
    group = CustomerGroup.objects.create(ref="G-1", kind="company", name="Big company", noted_by="Dora", noted_at=NOON)
    put(
        GroupMember,
        (
            GroupMember(
                group=group,
                customer_id=who,
                role="contact",
                since_on=date(2024, 1, 1),
                known_by="told",
                noted_by="Dora",
                noted_at=NOON,
            )
            for who in ids
        ),
    )
    put(
        AccessEntry,
        (
            AccessEntry(
                at=NOON,
                who="Dora",
                role="service",
                view="standard",
                purpose="service",
                door="open_customer",
                because="call",
                customer_id=one,
                rows=1,
                allowed=True,
            )
            for _ in range(MANY)
        ),
    )
    administrator_connection.execute("ANALYZE")
    return at


PAGES = {
    "dora": [
        "/tasks/?whose=all",
        "/complaints/",
        "/customers/",
        "/customers/?q=quist",
        "/customers/?q=qu",
        "/customers/C-100000/",
        "/customers/C-100000/?show=service",
        "/groups/",
        "/groups/G-1/",
        "/desk/",
    ],
    "mia": [
        "/",
        "/people/?segment=all",
        "/rfm/",
        "/segments/",
        "/segments/all/",
        "/campaigns/",
        "/campaigns/big/",
        "/campaigns/big/people/",
        "/customers/?q=quist",
    ],
    "emil": [
        "/privacy/",
        "/privacy/log/",
        "/privacy/log/?customer=C-100000",
        "/privacy/texts/",
        "/privacy/watching/",
        "/privacy/exports/",
        "/privacy/readings/",
        "/privacy/needs/",
        "/privacy/erasing/",
        "/privacy/reports/",
        "/privacy/retention/",
        "/customers/C-100000/",
    ],
    "sten": ["/data/", "/data/duplicates/", "/data/quality/", "/data/streams/"],
}


def test_a_page_of_a_long_list_comes_soon_and_is_no_longer_than_others(crowded: Shop) -> None:
    too_much = []
    for who, paths in PAGES.items():
        client = signed_in(who)
        for path in paths:
            client.get(path)  # templates are compiled once
            begun = time.perf_counter()
            answer = client.get(path)
            spent = time.perf_counter() - begun
            assert answer.status_code == 200, path
            if len(answer.content) > AT_MOST_BYTES or spent > AT_MOST_SECONDS:
                too_much.append((path, len(answer.content), round(spent, 2)))
    assert not too_much


def test_the_officer_goes_through_the_protected_and_finds_one_of_them(crowded: Shop) -> None:
    emil = signed_in("emil")
    first, last = (emil.get(f"/privacy/watching/?page={page}").content.decode() for page in (1, 100))
    assert "C-109999" in first
    assert "C-105000" in last
    assert "C-109999" not in last
    found = emil.get("/privacy/watching/?protected=C-107000").content.decode()
    assert "C-107000" in found
    assert "C-106999" not in found
