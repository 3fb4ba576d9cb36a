"""王芳 and 王方 were taken for one a year ago. The shop went on; then it comes out, and each gets what is hers."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from regulars.journeys.merge_customers import merge_customers, unmerge_customers
from regulars.journeys.receive_events import receive_events
from regulars.records.campaigns.models import Campaign
from regulars.records.contacts.models import Contact
from regulars.records.customers.access import find_customers
from regulars.records.customers.models import Customer, CustomerRef
from regulars.records.events.models import CustomerEvents, Event
from regulars.records.events.write_keys import make_write_key, recognise
from regulars.records.intake.actions import ensure_source
from regulars.records.orders.models import CustomerActivity, OrderLine
from regulars.records.segments.models import Segment
from tests.cast import DORA, STEN, reached_by, said
from tests.journeys.order_files import AT, HEADINGS, bring, open_shop, write_rows
from tests.story import contact

pytestmark = pytest.mark.usefixtures("house")
YEAR_AGO = AT - timedelta(days=365)
PEOPLE = ("customer_no", "name", "phone", "email", "city", "country")


@pytest.fixture
def secret(house: None) -> str:
    """The till knows one of them, the web shop the other, and its pages send events."""
    open_shop()
    return make_write_key(ensure_source("web", by=STEN, at=YEAR_AGO).id, "site", by=STEN, at=YEAR_AGO)[1]


def people(folder: Path, source: str, at: Any, *row: str) -> Customer:
    bring(write_rows(folder / f"{source}{at:%j%H}.csv", [row], PEOPLE), source, at=at)
    return CustomerRef.objects.select_related("customer").get(ref=row[0], source__ref=source).customer


def orders(folder: Path, source: str, at: Any, buyer: str, *refs: str) -> None:
    rows: list[Sequence[object]] = [
        [ref, 1, buyer, f"{at:%Y-%m-%d} 10:00", "P1", "Tea", 1, "100.00", "S1"] for ref in refs
    ]
    bring(write_rows(folder / f"{refs[0]}.csv", rows, HEADINGS), source, at=at)


def looked(secret: str, user: str, at: Any, message: str) -> None:
    key = recognise(secret)
    assert key is not None
    told = {"type": "track", "event": "Product Viewed", "userId": user, "messageId": message,
            "timestamp": at.isoformat(), "properties": {"sku": "P1"}}  # fmt: skip
    assert receive_events({"batch": [told]}, key=key, at=at, size=1_000, call="batch").kept == 1


def ordered(who: Customer) -> set[str]:
    return set(OrderLine.objects.filter(customer=who).values_list("order_ref", flat=True))


def written_to(who: Customer, at: Any) -> None:
    segment = Segment.objects.create(key="all", name="All", rule={}, made_by="Mia", made_at=at)
    campaign = Campaign.objects.create(
        key="spring", name="Spring", channel="email", reason="due_this_month", segment=segment, threshold=0.03,
        expected_response=0.04, currency="CNY", owner="Mia", made_at=at,
    )  # fmt: skip
    contact(who, campaign, "email", "sent", at)


def test_a_year_later_each_gets_what_is_hers(tmp_path: Path, secret: str) -> None:
    before, since = YEAR_AGO - timedelta(days=30), YEAR_AGO + timedelta(days=90)
    fang = people(tmp_path, "till", before, "T1", "王芳", "138 0013 8000", "", "杭州", "CN")
    other = people(tmp_path, "web", before, "W1", "王方", "", "wangfang@example.com", "上海", "CN")
    orders(tmp_path, "till", before, "T1", "T-1"), orders(tmp_path, "web", before, "W1", "W-1")
    looked(secret, "W1", before, "m-1")
    said(fang, "direct_marketing", "granted", at=before), said(other, "direct_marketing", "granted", at=before)
    said(other, "direct_marketing", "denied", "sms", at=before)
    merge_customers(other.number, fang.number, by=STEN, because="one name", at=YEAR_AGO)

    orders(tmp_path, "till", since, "T1", "T-2"), orders(tmp_path, "web", since, "W1", "W-2", "W-3")
    assert ordered(fang) == {"T-1", "T-2", "W-1", "W-2", "W-3"} and ordered(other) == set()
    people(tmp_path, "web", since, "W1", "", "139 0013 9000", "", "南京", "CN")
    people(tmp_path, "till", since, "T1", "", "", "fang@example.com", "宁波", "CN")
    looked(secret, "W1", since, "m-2")
    said(fang, "automated_decision", "denied", at=since), said(fang, "third_party_disclosure", "granted", at=since)
    written_to(fang, since)

    done = unmerge_customers(other.number, by=STEN, because="two women", at=AT, are_two=True)
    assert ordered(fang) == {"T-1", "T-2"} and ordered(other) == {"W-1", "W-2", "W-3"}
    for who, lines in ((fang, 2), (other, 3)):
        totals = CustomerActivity.objects.get(customer=who)
        assert (totals.orders, totals.lines, totals.amount_minor) == (lines, lines, lines * 10_000)
    assert reached_by(fang) == [("email", "fang@example.com"), ("phone", "+8613800138000")]
    assert reached_by(other) == [("email", "wangfang@example.com"), ("phone", "+8613900139000")]
    assert not Event.objects.filter(customer=fang).exists() and CustomerEvents.objects.get(customer=other).events == 2
    now = {who.id: Customer.objects.get(id=who.id) for who in (fang, other)}
    assert [(one.name, one.city) for one in now.values()] == [("王芳", "宁波市"), ("王方", "南京市")]
    assert (now[fang.id].allows_sms, now[other.id].allows_sms) == (True, False)
    assert not any(one.allows_automated_decision for one in now.values()) and done.noes == 1
    assert (now[fang.id].allows_disclosure, now[other.id].allows_disclosure) == (True, False)
    assert Contact.objects.get().customer_id == fang.id and done.stayed["order_line"] == 1

    orders(tmp_path, "web", AT, "W1", "W-4"), looked(secret, "W1", AT, "m-3")
    assert ordered(other) == {"W-1", "W-2", "W-3", "W-4"} and Event.objects.filter(customer=other).count() == 3
    for asked, who in (("13900139000", other), ("fang@example.com", fang), (other.number, other)):
        assert [one.id for one in find_customers(asked, by=DORA, because="call")] == [who.id], asked
