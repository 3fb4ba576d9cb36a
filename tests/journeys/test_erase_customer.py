"""Whoever is erased is gone: for everybody who looks, finds or writes, and for every copy of the database."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pyarrow as pa
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.keys.master_keys import Wrapped
from regulars.connections.postgres.securing import Connection
from regulars.journeys.erase_customer import erase_again, erase_customer, proof_of_erasure
from regulars.records.access_log.models import AccessEntry
from regulars.records.choices.models import Suppression
from regulars.records.contacts.gate_persons import persons_for_gate
from regulars.records.contacts.models import Contact
from regulars.records.contacts.sending import recipient
from regulars.records.customers.access import find_customers, open_customer
from regulars.records.customers.actions import create_customers
from regulars.records.customers.erasing import tombstones
from regulars.records.customers.models import (
    ContactPoint,
    Customer,
    CustomerChange,
    CustomerKey,
    CustomerRef,
    Erasure,
    PortalLink,
    SearchToken,
)
from regulars.records.dictionary import DICTIONARY
from regulars.records.intake.actions import ensure_source
from regulars.records.orders.models import CustomerActivity, OrderLine
from regulars.records.scores.models import Score
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.models import Complaint, Touchpoint
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.privacy.views import VIEWS
from tests.cast import DORA, EMIL, NOON, STEN, ann, bob, customer, reached_by, said
from tests.journeys.order_files import bring, open_shop, write_rows
from tests.set_aside import rows_aside
from tests.story import findable, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
ROOT = Path(__file__).resolve().parents[2]
CUSTOMER = next(table for table in DICTIONARY if table.name == "customer")


def erased(number: str) -> None:
    erase_customer(number, by=EMIL, because="she asked for it", reference="T-12", at=NOON)


def rows_about(customer_id: int) -> dict[str, int]:
    """Where in the vault there is a row of hers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'vault'"
            " AND column_name = 'customer_id' ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE customer_id = %s", [customer_id])
            found[table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}


def test_nothing_is_left_that_names_finds_or_reaches_her() -> None:
    who = wanqing(shop())
    erased(who.number)
    left = Customer.objects.values().get(id=who.id)
    kept = {"id", "number", "kind", "stage", "home_branch_id", "jurisdiction", "source_id", "first_seen_on",
            "changed_at", "invented", "erased_at"}  # fmt: skip
    said_still = {name: value for name, value in left.items() if value and not name.startswith("allows_")}
    assert said_still.keys() <= kept
    assert left["number"] != who.number
    for model in (ContactPoint, CustomerRef, SearchToken, PortalLink, CustomerKey):
        assert not model.objects.exists(), model
    assert set(Touchpoint.objects.values_list("title", "detail", "staff_name")) == {("", "", "")}
    assert set(Complaint.objects.values_list("detail", "outcome")) == {("", "withdrawn")}
    everything = str([list(model.objects.values()) for model in (Customer, Task, Contact, Erasure)])
    assert not [word for word in ("婉清", "wanqing", "湖滨", "4187", who.number) if word in everything]


def test_nobody_finds_or_opens_her_any_more() -> None:
    who = wanqing(shop())
    erased(who.number)
    for asked in ("陈婉清", "chen wan", "13800004187", "wanqing@example.com", who.number):
        assert find_customers(asked, by=EMIL, because="x") == []
    with pytest.raises(NotThere):
        open_customer(who.number, by=EMIL, because="x")
    with pytest.raises(NotThere):
        open_customer(Customer.objects.get(id=who.id).number, by=EMIL, because="x")


@pytest.mark.parametrize("view", [view.name for view in VIEWS if view.name in CUSTOMER.views])
def test_no_view_shows_her_at_once(view: str) -> None:
    who = ann()
    assert Customer.objects.using(view).count() in (0, 1)
    erased(who.number)
    assert Customer.objects.using(view).count() == 0


def test_what_she_bought_stays_as_somebodys() -> None:
    who = wanqing(shop())
    before = [list(model.objects.order_by("pk").values()) for model in (OrderLine, CustomerActivity, Score)]
    erased(who.number)
    assert [list(model.objects.order_by("pk").values()) for model in (OrderLine, CustomerActivity, Score)] == before
    assert rows_about(who.id).keys() <= {
        "order_line", "customer_activity", "score", "touchpoint", "complaint", "contact", "choice_entry", "erasure",
        "change_entry", "customer_change", "access_entry", "privacy_entry", "task",
    }  # fmt: skip


def test_rows_set_aside_that_reach_her_are_emptied_and_nobody_elses(tmp_path: Path) -> None:
    """By phone however it is written, by mail, by street, by what the source calls her; a namesake's row stays."""
    open_shop()
    headings = ("customer_no", "name", "phone", "email", "street", "birth_date")
    taken = ["M1", "Zoë Quist", "+41 44 668 18 00", "zoe@example.org", "Bahnhofstrasse 77", "1980-02-03"]
    bring(write_rows(tmp_path / "first.csv", [taken], headings))
    rows = [
        ["", "", "0041-44-668 1800", "", "", ""], ["", "", "", "ZOE@example.org", "", ""],
        ["", "", "", "", "Bahnhofstrasse 77", ""], ["M1", "", "", "", "", "", "too many"],
        ["", "", "", "", "Bahnhofstrasse 776", ""], ["", "", "+41446681801", "", "", ""],
        ["M11", "Zoë Quist", "", "", "", "", "too many"],
    ]  # fmt: skip
    report = bring(write_rows(tmp_path / "again.csv", rows, headings))
    assert report.rows_refused == 7
    elsewhere = [["M2", "Yan", "", "", "", ""], ["M1", "", "", "", "", "", "too many"]]
    bring(write_rows(tmp_path / "other.csv", elsewhere, headings), source="other")
    her = Customer.objects.get(name="Zoë Quist")
    left = erase_customer(her.number, by=EMIL, because="she asked", reference="T-1", at=NOON)
    assert left.closed["rows_set_aside"] == 4
    kept = [row.raw for row in rows_aside() if row.raw]
    assert len(kept) == 4
    assert not [word for word in ("668 1800", "zoe@", "ZOE@", "Bahnhofstrasse 77,") if word in "".join(kept)]


def test_what_is_planned_for_her_is_refused_and_what_is_open_is_closed() -> None:
    who = wanqing(shop())
    Task.objects.create(customer=who, kind="erasure", words="please", due_on=NOON.date(), opened_at=NOON)
    Task.objects.create(customer=who, kind="call_back", words="her mother", due_on=NOON.date(), opened_at=NOON)
    left = erase_customer(who.number, by=EMIL, because="she asked for it", reference="T-12", at=NOON)
    assert left.closed == {
        "ways": 2, "contacts": 2, "tasks": 2, "complaints": 1, "touchpoints": 3, "events": 0, "releases": 0,
        "exports": 0, "drafts": 0, "groups": 0, "asked_again": 0, "own_attributes": 0, "flagged_texts": 0,
        "rows_set_aside": 0, "orders": 0,
    }  # fmt: skip
    assert set(Task.objects.values_list("kind", "state", "outcome", "words")) == {
        ("erasure", "closed", "done", ""), ("call_back", "closed", "not_needed", ""),
    }  # fmt: skip
    refused = Contact.objects.filter(reasons__contains=[{"code": "erased"}])
    assert set(refused.values_list("state", flat=True)) == {"refused"}
    assert refused.count() == 2
    assert not Contact.objects.filter(state__in=("waiting", "held", "reserved")).exists()
    assert persons_for_gate([who.id], channel="email", campaign=0, at=NOON, zone="UTC") == []
    assert recipient(who.id, "email") is None


def test_an_address_she_closed_stays_closed_for_whoever_has_it_next() -> None:
    who = bob()
    said(who, "direct_marketing", "denied", "phone")
    findable(who)
    erased(who.number)
    assert set(Suppression.objects.values_list("channel", "reason")) == {
        ("", "closed_before_erasure"), ("phone", "closed_before_erasure"),
    }  # fmt: skip
    again = bob()
    said(again, "direct_marketing", "granted", at=NOON.replace(hour=13))
    findable(again)
    assert again.id != who.id
    (person,) = persons_for_gate([again.id], channel="email", campaign=0, at=NOON, zone="UTC")
    assert set(person.suppressions or ()) == {"closed_before_erasure"}


def test_who_closed_nothing_leaves_no_digest() -> None:
    who = ann()
    findable(who)
    erased(who.number)
    assert not Suppression.objects.exists()


def test_the_same_person_again_is_somebody_new() -> None:
    who = ann()
    erased(who.number)
    again = ann()
    assert again.id != who.id
    assert reached_by(again) == [("email", "ann@example.com"), ("letter", "1 Elm Street"), ("phone", "+15550100001")]


def test_who_gets_the_number_again_after_a_restored_backup_is_not_taken_for_her(
    administrator_connection: Connection,
) -> None:
    """The database has forgotten that there ever was somebody of that number; the key trees have not."""
    who = customer("Nobody Reaches")
    erased(who.number)
    for table in ("erasure", "customer"):
        administrator_connection.execute(f"DELETE FROM vault.{table}")
    administrator_connection.execute("SELECT setval('vault.customer_id_seq', %s, false)", [who.id])
    new = pa.table({"ref": ["a"], "first_seen_on": [NOON.date()], "name": ["Somebody New"]})
    source = ensure_source("people", by=STEN, at=NOON).id
    (again,) = create_customers(new, source_id=source, stage="prospect", by=STEN, at=NOON)
    assert again == who.id
    assert erase_again(at=NOON) == 0
    assert Customer.objects.get().name == "Somebody New"


def test_the_proof_is_found_by_whoever_knows_the_number_and_names_nobody() -> None:
    who = ann()
    digest = Wrapped(who.id, bytes(CustomerKey.objects.get().wrapped), 1)
    erased(who.number)
    left = proof_of_erasure(who.number.lower(), by=EMIL, because="she asks")
    assert (left.who, left.because, left.reference) == ("Emil", "she asked for it", "T-12")
    assert len(left.key_digest) == 64
    with pytest.raises(KeyFileError, match="destroyed"):
        settings.MASTER_KEYS.open([digest])
    with pytest.raises(NotThere):
        proof_of_erasure("C-99999", by=EMIL, because="she asks")
    assert tombstones(by=EMIL) == (1, [left])


def test_the_proof_bears_the_clocks_moments_whatever_day_the_business_is_at() -> None:
    who, before = ann(), timezone.now()
    erased(who.number)  # on a business day of the past
    left = proof_of_erasure(who.number, by=EMIL, because="she asks")
    assert left.forgotten_at is not None
    assert before <= left.at <= left.forgotten_at <= timezone.now()
    assert Customer.objects.get(id=who.id).erased_at == NOON


def test_only_the_officer_erases_and_only_with_a_reason() -> None:
    who = ann()
    with pytest.raises(Denied):
        erase_customer(who.number, by=DORA, because="x", reference="T-1", at=NOON)
    for because, reference in ((" ", "T-1"), ("x", "")):
        with pytest.raises(BadInput):
            erase_customer(who.number, by=EMIL, because=because, reference=reference, at=NOON)
    with pytest.raises(NotThere):
        erase_customer("C-1", by=EMIL, because="x", reference="T-1", at=NOON)
    erased(who.number)
    with pytest.raises(NotThere):
        erased(who.number)
    assert Erasure.objects.count() == 1


def test_who_asks_for_a_proof_without_being_the_officer_is_refused_and_it_is_in_the_log() -> None:
    who = ann()
    erased(who.number)
    with pytest.raises(Denied):
        proof_of_erasure(who.number, by=DORA, because="curious")
    with pytest.raises(Denied):
        tombstones(by=DORA)
    refused = AccessEntry.objects.filter(who=DORA.name, allowed=False).values_list("door", flat=True)
    assert set(refused) == {"tombstone_of", "tombstones"}


def test_what_was_changed_about_her_is_noise() -> None:
    who = ann()
    CustomerChange.objects.create(at=NOON, who="Sten", door="x", customer=who, field="city", old=None, new=b"\x01xx")
    erased(who.number)
    assert CustomerChange.objects.count() == 1
    assert not CustomerKey.objects.exists()


def test_killed_in_the_middle_she_is_erased_wholly_or_not_at_all() -> None:
    who = wanqing(shop())
    before = rows_about(who.id)
    assert killed_when("leave_tombstone", who.number) == -9
    assert {**rows_about(who.id), "access_entry": 0} == {**before, "access_entry": 0}
    assert Customer.objects.get(id=who.id).name == "陈婉清"
    assert killed_when("forget_what_was_erased", who.number) == -9
    assert Customer.objects.get(id=who.id).name == ""
    assert Erasure.objects.get().forgotten_at is None
    erase_again(at=NOON)
    assert Erasure.objects.get().forgotten_at is not None
    assert Erasure.objects.get().leaf in settings.MASTER_KEYS.forgotten()


def killed_when(step: str, number: str) -> int:
    """The erasure in a process that kills itself right after, or before, that step; how it ended."""
    before = step == "forget_what_was_erased"
    script = f"""
        import os, signal, django
        django.setup()
        from datetime import datetime, UTC
        from regulars.journeys import erase_customer as journey
        from tests.cast import EMIL
        step = journey.{step}
        def die(*words, **more):
            if {before}: os.kill(os.getpid(), signal.SIGKILL)
            step(*words, **more)
            os.kill(os.getpid(), signal.SIGKILL)
        journey.{step} = die
        journey.erase_customer("{number}", by=EMIL, because="x", reference="T-1", at=datetime(2026, 3, 12, tzinfo=UTC))
    """
    words = [sys.executable, "-c", textwrap.dedent(script)]
    return subprocess.run(words, cwd=ROOT, env={**os.environ}, check=False).returncode
