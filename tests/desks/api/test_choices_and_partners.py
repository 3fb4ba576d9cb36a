"""Choices in depth and partners over HTTP."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.partners import end_partner_login
from regulars.journeys.disclose import NewContract, name_partner, release, sign_contract
from regulars.records.choices.subjects import name_subject
from regulars.records.customers.models import Customer
from regulars.records.disclosures.models import PartnerPseudonym
from regulars.records.staff.actions import issue_purpose_token, issue_token
from tests.cast import EMIL, NOON, ann, customer, said

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def acme() -> Iterator[None]:
    """A partner whose contract runs; its login leaves with the test."""
    day = timezone.localdate()
    name_partner("acme", name="Acme", by=EMIL, at=NOON)
    new = NewContract("D7", "study", ["customer.city"], "deletes", day - timedelta(days=2), day + timedelta(days=9))
    sign_contract("acme", new, by=EMIL, at=NOON)
    yield
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        connection.execute("DROP POLICY IF EXISTS view_partner_acme ON vault.customer")
        end_partner_login(
            connection, schema="partner_acme", login="regulars_partner_acme", owner="regulars_view_partner_acme"
        )


def bearer(**more: Any) -> dict[str, str]:
    words = {"issued_by": "Emil", "at": timezone.now(), "expires_at": timezone.now() + timedelta(days=1)}
    secret = issue_purpose_token("p", **words, **more) if "view" in more else issue_token("p", **words, **more)
    return {"Authorization": f"Bearer {secret}"}


def test_a_brand_and_a_guardian_over_http() -> None:
    who = ann()
    name_subject("brand", "tea", name="Tea", by=EMIL, at=NOON)
    clerk = bearer(role="service")
    said_ = {"purpose": "direct_marketing", "value": "denied", "brand": "tea", "wording": "no tea", "because": "asked"}
    path = f"/api/customers/{who.number}/choices"
    assert Client().post(path, said_, content_type="application/json", headers=clerk).status_code == 201
    told = Client().get(path, {"because": "asked"}, headers=clerk).json()
    assert told["taken_out"] == [{"purpose": "direct_marketing", "channel": "", "brand": "tea", "topic": ""}]
    assert told["is_child"] is False
    receipt = Client().get(f"{path}/receipt", {"because": "asked"}, headers=clerk).json()
    assert len(receipt["records"]) == 2


def test_a_web_shop_passes_its_visitors_signal_on() -> None:
    who = customer("Cal Ito", jurisdiction="US-CA")
    said(who, "third_party_disclosure", "granted")
    clerk = bearer(role="service")
    path, body = f"/api/customers/{who.number}/browser-signals", {"because": "web shop"}
    without = Client().post(path, body, content_type="application/json", headers=clerk)
    assert without.status_code == 422
    heard = Client().post(path, body, content_type="application/json", headers={**clerk, "Sec-GPC": "1"})
    assert (heard.status_code, heard.json()["outcome"]) == (200, "denied")
    assert not Customer.objects.get(id=who.id).allows_disclosure


def test_a_partners_program_asks_before_each_use(acme: None) -> None:
    who = customer("Wen Willing", city="Paris")
    said(who, "third_party_disclosure", "granted")
    given = release("acme", because="first", by=EMIL, at=NOON)
    name = PartnerPseudonym.objects.get(customer=who).pseudonym
    program = bearer(view="disclosure")
    asked = {"pseudonyms": [name, "f" * 32], "release": given.id}

    def may() -> dict[str, bool]:
        told = Client().post("/api/partners/acme/recheck", asked, content_type="application/json", headers=program)
        assert told.status_code == 200, told.content
        return dict(told.json()["may"])

    assert may() == {name: True, "f" * 32: False}
    said(who, "third_party_disclosure", "denied", at=NOON + timedelta(hours=1))
    assert may() == {name: False, "f" * 32: False}


def test_41_a_token_for_another_purpose_learns_nothing(acme: None) -> None:
    asked = {"pseudonyms": ["f" * 32]}
    for token in (bearer(view="automated"), bearer(role="service"), bearer(role="marketer")):
        told = Client().post("/api/partners/acme/recheck", asked, content_type="application/json", headers=token)
        assert told.status_code == 403
        assert Client().get("/api/partners", headers=token).status_code == 403
    assert Client().get("/api/partners", headers=bearer(role="officer")).json()[0]["key"] == "acme"
