"""Somebody with a link to a page, or without one, who wants another's."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from regulars.journeys.give_portal_link import take_links_back
from regulars.journeys.unsubscribe import unsubscribe_token
from regulars.records.choices.models import ChoiceEntry
from regulars.records.contacts.models import Contact
from regulars.records.customers.models import PortalLink
from regulars.records.touchpoints.models import Touchpoint
from tests.cast import DORA, NOON, ann, customer
from tests.desks.visitors import at_home, portal_path, shape, signed_in
from tests.story import findable, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
EVIL = '<script>alert(1)</script>\'; DROP TABLE customer; -- =HYPERLINK("x") {{7*7}} %(name)s'


def test_31_another_customers_contact_is_a_404_of_the_same_shape_as_none() -> None:
    wanqing(shop())
    other = at_home(ann().number)
    hers, nobodys = Contact.objects.get(channel="sms").id, uuid4()
    answers = [other.post(f"/me/contacts/{contact}/stop/") for contact in (hers, nobodys)]
    assert {answer.status_code for answer in answers} == {404}
    assert shape(answers[0]) == shape(answers[1])


def test_32_old_revoked_forged_and_missing_links_are_one_closed_door() -> None:
    who = wanqing(shop())
    used, old, revoked = (portal_path(who.number) for _ in range(3))
    PortalLink.objects.order_by("id").exclude(id=PortalLink.objects.latest("id").id).update(expires_at=timezone.now())
    take_links_back(who.number, by=DORA, because="portal_link", at=timezone.now())
    doors = [Client().get(path) for path in (used, old, revoked, "/me/enter/x/", "/me/", "/me/data/copy/", "/me/seen/")]
    assert {door.status_code for door in doors} == {404}
    assert len({shape(door) for door in doors}) == 1


def test_what_signs_in_travels_over_https_only_where_the_house_is_reached_so() -> None:
    """The cookies of staff and of customers, though the proxy asks us without TLS; and they are closed to scripts."""
    number = wanqing(shop()).number
    with override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True):
        staff = signed_in("dora").cookies["regulars_session"]
        portal = at_home(number).cookies["regulars_portal"]
    for cookie in (staff, portal):
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
    said = "from regulars.site.settings import SESSION_COOKIE_SECURE as s, CSRF_COOKIE_SECURE as c; print(s, c)"
    for url, secure in (("https://shop.example", "True True"), ("http://127.0.0.1:8000", "False False")):
        told = subprocess.run(
            [sys.executable, "-c", said], env={**os.environ, "REGULARS_URL": url}, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        assert told.stdout.strip() == secure


def test_32_a_link_that_ended_ends_the_visit_too() -> None:
    who = wanqing(shop())
    herself = at_home(who.number)
    assert herself.get("/me/").status_code == 200
    PortalLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert herself.get("/me/data/").status_code == 404


def test_32_a_token_of_one_mail_does_not_serve_for_another_and_looking_changes_nothing() -> None:
    who = wanqing(shop())
    one, other = (unsubscribe_token(contact) for contact in Contact.objects.values_list("id", flat=True)[:2])
    mixed = one[:21] + other[21:]
    assert {Client().post(f"/u/{token}/").status_code for token in (mixed, one[:-2], "x")} == {404}
    assert Client().get(f"/u/{one}/").status_code == 200
    who.refresh_from_db()
    assert who.allows_email


def test_34_a_name_that_is_code_stays_a_name_on_every_page_and_in_every_copy() -> None:
    at = shop()
    who = customer(EVIL, number="C-666", home_branch_id=at.lake, city=EVIL)
    findable(who)
    Touchpoint.objects.create(
        customer=who, at=NOON - timedelta(days=9), kind="wish", channel="counter", title=EVIL, detail=EVIL
    )
    dora, herself = signed_in("dora"), at_home("C-666")
    pages = [
        dora.get("/customers/C-666/"),
        dora.get("/customers/?q=C-666"),
        herself.get("/me/"),
        herself.get("/me/data/"),
    ]
    for page in pages:
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text
        assert ">49<" not in text
        assert "script-src 'self'" in page["Content-Security-Policy"]
    assert json.loads(herself.get("/me/data/copy/").content)["customer"]["name"] == EVIL


def test_35_nothing_but_her_own_switch_is_taken_from_the_form() -> None:
    wanqing(shop())
    other = ann()
    at_home("C-20418").post("/me/choose/", {
        "allows": "allows_email", "value": "denied", "number": other.number, "customer": other.id,
        "customer_id": other.id, "reviewed": "true",
        "by": "Emil", "source": "officer", "statement_version": "99", "at": "2001-01-01",
    })  # fmt: skip
    assert ChoiceEntry.objects.filter(customer=other).count() == 1
    entry = ChoiceEntry.objects.latest("id")
    assert (entry.customer.number, entry.source, entry.by, entry.statement_version, entry.at.year) == (
        "C-20418", "portal", "customer C-20418", None, 2026,
    )  # fmt: skip


def test_35_a_correction_reviews_nothing_by_itself() -> None:
    who = wanqing(shop())
    herself = at_home("C-20418")
    herself.post(
        "/me/data/correct/city/", {"words": "上海", "reviewed": "true", "field": "allows_disclosure", "city": "上海"}
    )
    who.refresh_from_db()
    assert (who.city, who.allows_disclosure) == ("杭州", False)
    assert herself.post("/me/data/correct/allows_disclosure/", {"words": "yes"}).status_code == 404


def test_36_the_copy_holds_all_of_hers_and_only_hers() -> None:
    wanqing(shop())
    other = ann()
    text = at_home("C-20418").get("/me/data/copy/").content.decode()
    held = json.loads(text)
    assert {part: len(held[part]) for part in ("orders", "contacts", "choices", "ways_to_reach", "complaints")} == {
        "orders": 18, "contacts": 5, "choices": 5, "ways_to_reach": 3, "complaints": 1,
    }  # fmt: skip
    assert held["customer"]["allergies"] == "wool"
    assert not [value for value in (other.name, other.number, "ann@example.com") if value in text]
