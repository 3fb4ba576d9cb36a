"""A small shop for tests: sell something, refresh, have a segment and a campaign."""

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import connection

from regulars.journeys.refresh_scores import RefreshReport, refresh_scores
from regulars.records.campaigns.actions import Draft, draft_campaign
from regulars.records.company.access import CompanyFacts
from regulars.records.company.actions import set_up_company
from regulars.records.customers.models import Customer
from regulars.records.intake.models import ImportRun, Source
from regulars.records.orders.models import OrderLine
from regulars.records.orders.warehouse_marks import touch_months
from regulars.records.segments.actions import define_segment
from tests.cast import MIA, NOON

EVERYBODY = {"all": [{"field": "frequency", "operator": "at_least", "value": 1}]}


def open_shop(business_on: date | None = None) -> None:
    """A company with one source to book orders under."""
    set_up_company(CompanyFacts("Corner Shop", "街角小店", business_on, "none", "CNY", "UTC", False))
    till, _ = Source.objects.get_or_create(ref="till", defaults={"name": "Till", "created_at": NOON})
    ImportRun.objects.get_or_create(
        source=till, kind="orders", file_name="till.csv", file_path="", file_digest="", asked_by="test", created_at=NOON
    )


def sell(who: Customer, on: date, amount_minor: int, *, order: str = "", branch: int | None = None) -> OrderLine:
    """One order of one line, at noon of that day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_order_month(%s)", [on])
    run = ImportRun.objects.get()
    ref = order or uuid.uuid4().hex[:12]
    line = OrderLine.objects.create(
        line_key=uuid.uuid4(),
        ordered_at=datetime.combine(on, time(12), tzinfo=UTC),
        customer_id=who.id,
        source_id=run.source_id,
        order_ref=ref,
        order_key=int.from_bytes(ref.encode()[:7], "big"),
        quantity_milli=1000,
        amount_minor=amount_minor,
        currency="CNY",
        import_run_id=run.id,
        branch_id=branch,
    )
    touch_months([on], at=datetime.now(UTC))
    return line


def refreshed(as_of: date) -> RefreshReport:
    """The figures as of that day."""
    return refresh_scores(at=NOON, as_of=as_of)


def everybody_segment() -> int:
    """A segment of all who ever bought."""
    return define_segment("everybody", "Everybody", EVERYBODY, by=MIA, at=NOON)


def spring_campaign(segment_id: int, **more: Any) -> str:
    """A drafted e-mail campaign; its key."""
    words: dict[str, Any] = {
        "key": "spring",
        "name": "Spring",
        "channel": "email",
        "reason": "due_this_month",
        "segment_id": segment_id,
        "threshold": 0.03,
        "expected_response": 0.05,
        "currency": "CNY",
        "subject": "Spring, {given_name}",
        "body": "Dear {name},\n\nspring is here.",
        "test_share": 0.5,
        "holdout_share": 0.2,
    }
    draft_campaign(Draft(**words | more), by=MIA, at=NOON)
    return str((words | more)["key"])
