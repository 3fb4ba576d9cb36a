"""Sten opens a webhook, tries its mapping, makes a rule and reads a table; Emil looks, Dora does not."""

import re
import sqlite3
from pathlib import Path

import pytest
from django.test import Client

from regulars.journeys.draw_tables import add_table
from regulars.records.company.access import CompanyFacts
from regulars.records.company.actions import set_up_company
from regulars.records.events.models import EventRule, WebhookIn
from regulars.records.intake.actions import ensure_source
from regulars.records.intake.models import TableSource
from regulars.records.orders.models import OrderLine
from regulars.records.staff.actions import hire
from tests.cast import NOON, STEN
from tests.desks.visitors import signed_in
from tests.story import PASSWORD

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def staff() -> None:
    set_up_company(CompanyFacts("South Branch", "南枝衣铺", None, "CN", "EUR", "Asia/Shanghai", False))
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    hire("emil", "Emil", roles=["officer"], password=PASSWORD)
    hire("dora", "Dora", roles=["service"], password=PASSWORD)
    ensure_source("shop", by=STEN, at=NOON)


def test_a_webhook_is_opened_tried_and_mapped() -> None:
    sten = signed_in("sten")
    page = sten.post("/data/streams/webhooks/", {"name": "orders", "source": "shop"}).content.decode()
    one = WebhookIn.objects.get()
    assert re.search(r"whsec_[A-Za-z0-9+/=]{44}", page.replace("&#x2B;", "+").replace("&#43;", "+"))
    assert f"/v1/hooks/{one.address}" in page
    where = f"/data/streams/webhooks/{one.id}/"
    told = {"mapping": "event = topic\nuserId = who\nproperties.order_id = no\nproperties.total = sum",
            "message": '{"topic": "Order Completed", "who": "M-1", "no": "R-1", "sum": 12.5}'}  # fmt: skip
    tried = sten.post(where, told | {"try": "1"}).content.decode()
    assert "R-1 · " in tried
    assert "12.5" in tried
    wrong = sten.post(where, told | {"mapping": "dance = topic", "keep": "1"})
    assert (wrong.status_code, "dance" in wrong.content.decode()) == (422, True)
    assert sten.post(where, told | {"keep": "1"}).status_code == 302
    assert WebhookIn.objects.get().mapping["event"] == "topic"
    assert "whsec_" in sten.post(f"{where}secret/").content.decode()
    assert "whsec_" not in sten.get(where).content.decode()
    assert sten.post(f"{where}end/").status_code == 302
    assert WebhookIn.objects.get().ended_at is not None


def test_a_rule_is_made_read_aloud_and_ended() -> None:
    sten = signed_in("sten")
    said = {"name": "Baskets", "event": "Product Added", "unless": "Order Completed", "wait_minutes": "60",
            "task": "call_back", "due_days": "1", "purpose": "direct_marketing"}  # fmt: skip
    assert sten.post("/data/streams/rules/", said).status_code == 302
    page = sten.get("/data/streams/").content.decode()
    assert "“Product Added” happens and “Order Completed” does not within 60 minutes" in page
    assert sten.post("/data/streams/rules/", said | {"due_days": "-1"}).status_code == 422
    half = sten.post("/data/streams/rules/", said | {"wait_minutes": "0"})
    assert half.status_code in (400, 422)
    rule = EventRule.objects.get()
    assert sten.post(f"/data/streams/rules/{rule.id}/end/").status_code == 302
    chinese = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    chinese.cookies = sten.cookies
    assert EventRule.objects.get().ended_at is not None


def test_a_table_is_read_from_the_page_and_what_is_in_the_way_is_told(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as other:
        other.execute("CREATE TABLE sale (id INTEGER, receipt TEXT, card TEXT, sold_at TEXT, paid NUMERIC)")
        other.execute("INSERT INTO sale VALUES (1, 'R-1', 'M-1', '2026-03-01 10:00:00', 9.5)")
    columns = {"order_ref": "receipt", "line_ref": "id", "customer_ref": "card", "ordered_at": "sold_at",
               "amount": "paid"}  # fmt: skip
    for name, table in (("till", "sale"), ("away", "nowhere")):
        add_table(
            name, url=f"sqlite:///{tmp_path}/shop.db", source_ref="shop", table=table, by_column="id", kind="orders",
            columns=columns, answers={"decimal_mark": "."}, every_minutes=5, by=STEN, at=NOON,
        )  # fmt: skip
    sten = signed_in("sten")
    assert sten.post("/data/streams/tables/till/fetch/").status_code == 302
    assert OrderLine.objects.get().amount_minor == 950
    source = f"/data/sources/{TableSource.objects.get(name='till').source_id}/"
    assert "Looks back, in hours" in sten.get(source).content.decode()
    for hours, kept in (("36", 36), ("no", 36), ("99999", 36)):
        assert sten.post("/data/streams/tables/till/look-back/", {"hours": hours})["Location"] == source
        assert TableSource.objects.get(name="till").look_back_hours == kept
    assert sten.post("/data/streams/tables/nowhere/look-back/", {"hours": "1"}).status_code == 404
    assert "36 hours" in sten.get("/data/streams/").content.decode()
    assert "回看小时数" in signed_in("sten", "zh-hans").get(source).content.decode()
    sten.post("/data/streams/tables/away/fetch/")
    assert "There is no table or view nowhere." in sten.get("/data/streams/").content.decode()


def test_emil_only_looks_and_dora_does_not() -> None:
    emil, dora = signed_in("emil"), signed_in("dora")
    page = emil.get("/data/streams/").content.decode()
    assert "Rules on events" in page
    assert "Make the rule" not in page
    assert emil.post("/data/streams/tables/till/look-back/", {"hours": "1"}).status_code == 403
    assert emil.post("/data/streams/webhooks/", {"name": "x", "source": "shop"}).status_code == 403
    assert dora.get("/data/streams/").status_code == 403
