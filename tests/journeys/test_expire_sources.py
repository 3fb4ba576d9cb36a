"""A licence runs out: what only that list said goes in the night, what another source said too stays."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from regulars.journeys.expire_sources import believe_anew, believe_by, expire_sources
from regulars.journeys.import_file import import_now
from regulars.journeys.keep_groups import add_group, say_member
from regulars.journeys.merge_customers import merge_customers
from regulars.journeys.serve_customer import note_preference
from regulars.journeys.where_from import where_from
from regulars.records.access_log.models import PrivacyEntry
from regulars.records.customers.access import find_customers, open_customer
from regulars.records.customers.actions import tell_customers
from regulars.records.customers.changes import changes_of
from regulars.records.customers.models import (
    ContactPoint,
    Customer,
    CustomerRef,
    FieldSaid,
    RecognitionMark,
    SearchToken,
)
from regulars.records.events.models import CustomerEvents
from regulars.records.groups.actions import NewGroup
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.touchpoints.models import Complaint
from regulars.rules.permission.errors import Denied
from tests.cast import DORA, EMIL, NOON, STEN, customer, reached_by, said
from tests.desks.cli.terminal import regulars

pytestmark = pytest.mark.usefixtures("house")
LAST = date(2026, 6, 30)
AFTER = NOON.replace(month=7, day=1, hour=23)
HEADINGS = "member_no,name,email,phone,city,sex"


def bring(folder: Path, ref: str, *rows: str) -> None:
    path = folder / f"{ref}.csv"
    path.write_text("\n".join([HEADINGS, *rows]))
    report = import_now(path, source_ref=ref, kind="customers", by=STEN, at=NOON)
    assert report.state == "finished", report


def rename_refs(of: str, to: str) -> None:
    """Both sources know the same people: as recognition would have found, said by hand."""
    ids = dict(CustomerRef.objects.filter(source__ref=of).values_list("ref", "customer_id"))
    known = ensure_source(to, by=STEN, at=NOON).id
    CustomerRef.objects.bulk_create(
        [CustomerRef(source_id=known, ref=ref, customer_id=who) for ref, who in ids.items()]
    )


@pytest.fixture
def acme(tmp_path: Path) -> int:
    """Acme's list knows Ann, Bob and Cleo until the end of June; our till knows Ann and Bob too."""
    source = ensure_source("acme", by=STEN, at=NOON).id
    describe_source(source, by=STEN, expires_on=LAST, trust=5)
    rows = ("a,Ann Archer,ann@acme.example,+4915112345678,Lyon,female", "b,Bob Baker,bob@acme.example,,Lyon,male")
    bring(tmp_path, "acme", *rows)
    rename_refs("acme", "till")
    bring(tmp_path, "till", "a,Ann Archer,ann@acme.example,,Paris,", "b,Bob Baker,bob@till.example,,,")
    bring(tmp_path, "acme", "c,Cleo Zypern,cleo@acme.example,,Nice,female")
    return source


def people() -> list[str]:
    return list(Customer.objects.filter(erased_at=None).order_by("id").values_list("name", flat=True))


def test_on_the_last_day_everything_is_there(acme: int) -> None:
    assert expire_sources(at=AFTER - timedelta(days=1)) == {}
    assert people() == ["Ann Archer", "Bob Baker", "Cleo Zypern"]


def test_the_night_after_only_what_others_said_is_left(acme: int) -> None:
    assert expire_sources(at=AFTER) == {"acme": 3}
    ann, bob = Customer.objects.filter(erased_at=None).order_by("id")
    assert (ann.name, ann.city, ann.sex) == ("Ann Archer", "Paris", "")
    assert (bob.name, bob.city, bob.sex) == ("Bob Baker", "", "")
    assert reached_by(ann) == [("email", "ann@acme.example")]
    assert reached_by(bob) == [("email", "bob@till.example")]
    assert set(ContactPoint.objects.values_list("source__ref", flat=True)) == {"till"}
    assert not FieldSaid.objects.filter(source_id=acme).exists()
    assert not CustomerRef.objects.filter(source_id=acme).exists()
    assert {one.best.source for one in where_from(ann.number, by=DORA, because="x").fields if one.best} == {"till"}
    assert expire_sources(at=AFTER) == {}


def test_whom_only_the_list_knew_is_erased_and_found_by_nothing(acme: int) -> None:
    cleo = Customer.objects.get(name="Cleo Zypern").id
    expire_sources(at=AFTER)
    assert Customer.objects.get(id=cleo).erased_at is not None
    assert not SearchToken.objects.filter(customer_id=cleo).exists()
    for text in ("Cleo", "Zypern", "+49 1511 2345678", "bob@acme.example"):
        assert find_customers(text, by=DORA, because="x") == []
    assert len(find_customers("bob@till.example", by=DORA, because="x")) == 1
    assert RecognitionMark.objects.filter(customer_id=Customer.objects.get(name="Bob Baker").id).exists()


def she_chose(who: Customer) -> None:
    said(who, "direct_marketing", "denied")


def she_complained(who: Customer) -> None:
    Complaint.objects.create(customer=who, opened_at=NOON, code="other")


def she_prefers_evenings(who: Customer) -> None:
    note_preference(who.number, code="delivery-evening", words="", by=DORA, at=NOON)


def she_came_by(who: Customer) -> None:
    CustomerEvents.objects.create(customer=who, events=1, first_at=NOON, last_at=NOON)


def she_belongs_to_a_company(who: Customer) -> None:
    ref = add_group(NewGroup("company", "Nanzhi"), by=STEN, at=NOON)
    say_member(who.number, ref, role="buyer", by=STEN, because="serving", at=NOON)


def somebody_was_merged_into_her(who: Customer) -> None:
    goes = customer("Cleo Zypern", stage="prospect")
    merge_customers(goes.number, who.number, by=STEN, because="the same", at=NOON)


@pytest.mark.parametrize(
    "happened",
    [
        she_chose,
        she_complained,
        she_prefers_evenings,
        she_came_by,
        she_belongs_to_a_company,
        somebody_was_merged_into_her,
    ],
)
def test_with_whom_something_happened_is_not_erased(acme: int, happened: Callable[[Customer], None]) -> None:
    cleo = Customer.objects.get(name="Cleo Zypern")
    happened(cleo)
    assert expire_sources(at=AFTER) == {"acme": 3}
    cleo.refresh_from_db()
    assert cleo.erased_at is None
    assert (cleo.city, reached_by(cleo)) == ("", [])


def test_what_only_the_list_chose_for_her_keeps_nobody(acme: int) -> None:
    cleo = Customer.objects.get(name="Cleo Zypern")
    said(cleo, "direct_marketing", "granted", source="import")
    expire_sources(at=AFTER)
    cleo.refresh_from_db()
    assert cleo.erased_at is not None


def test_nothing_of_it_is_read_in_the_change_book_and_the_log_says_what_went(acme: int, tmp_path: Path) -> None:
    bring(tmp_path, "acme", "b,Bob Baker,bob@acme.example,,Tulle,male")
    bob = Customer.objects.get(name="Bob Baker").number
    expire_sources(at=AFTER)
    lines = changes_of(open_customer(bob, by=EMIL, because="a look")[0])
    assert lines
    assert not {"Lyon", "Tulle"} & {value for line in lines for value in (line.old, line.new)}
    deeds = PrivacyEntry.objects.filter(deed="retention", subject="source acme")
    assert [(told["customers"], told["erased"]) for told in (json.loads(one.detail) for one in deeds)] == [(2, 1)]


KILLED = """
    import os, signal
    import django
    django.setup()
    from datetime import datetime, UTC
    from regulars.journeys import expire_sources as night
    from regulars.records.customers import expiring
    expiring.AT_ONCE = 1
    whom = expiring.whom_it_told_of
    night.whom_it_told_of = lambda source, after=0: whom(source, after=after, at_once=1)
    let_go, calls = night.let_go_of, []
    def die_in_the_second(*args, **more):
        calls.append(1)
        done = let_go(*args, **more)
        if len(calls) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    night.let_go_of = die_in_the_second
    night.expire_sources(at=datetime(2026, 7, 1, 23, tzinfo=UTC))
"""


def test_killed_in_the_middle_it_goes_on_the_next_night(acme: int) -> None:
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED)], env=dict(os.environ), check=False)
    assert killed.returncode == -signal.SIGKILL
    ann, bob = Customer.objects.filter(name__in=["Ann Archer", "Bob Baker"]).order_by("id")
    assert (ann.city, bob.city) == ("Paris", "Lyon")  # the first is done, the second wholly not
    assert expire_sources(at=AFTER) == {"acme": 2}
    bob.refresh_from_db()
    assert (bob.name, bob.city) == ("Bob Baker", "")


def test_the_steward_says_that_the_newest_is_believed(acme: int) -> None:
    shown = regulars("source", "believe", "--json").json()
    assert (shown["place"], shown["sex"]) == ("trusted", "trusted")
    ann = Customer.objects.get(name="Ann Archer")
    tell_customers(
        pa.table({"customer_id": [ann.id], "city": ["Tours"]}), source_id=ensure_source("till", by=STEN, at=NOON).id,
        by=STEN, at=AFTER - timedelta(days=9),
    )  # fmt: skip
    ann.refresh_from_db()
    assert ann.city == "Lyon"
    assert regulars("source", "believe", "place", "newest", "--json").json()["place"] == "newest"
    ann.refresh_from_db()
    assert ann.city == "Tours"
    assert regulars("source", "believe", "weather", "newest").status == 1
    with pytest.raises(Denied):
        believe_by("place", "trusted", by=DORA, at=AFTER)


def test_when_trust_changes_records_follow_in_the_night(acme: int) -> None:
    believe_anew(at=AFTER)
    assert Customer.objects.get(name="Ann Archer").city == "Lyon"
    describe_source(acme, by=STEN, trust=1)
    assert believe_anew(at=AFTER) == 1
    assert Customer.objects.get(name="Ann Archer").city == "Paris"
    assert believe_anew(at=AFTER) == 0
