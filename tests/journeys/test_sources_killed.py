"""Killed -9 before any statement: what goes by night with its source, a bought list, and a file of ties are finished by
the next who comes, nothing twice and nothing lost.
"""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from regulars.journeys import bring_ties as page
from regulars.journeys.expire_sources import expire_sources
from regulars.journeys.import_do_not_contact import import_do_not_contact
from regulars.journeys.import_file import import_now
from regulars.journeys.import_ties import import_ties
from regulars.journeys.merge_customers import merge_customers
from regulars.records.access_log.models import ChangeEntry, PrivacyEntry
from regulars.records.customers.models import ContactPoint, Customer, CustomerRef, Erasure, FieldSaid, SearchToken
from regulars.records.groups.models import CustomerGroup, GroupMember, GroupPlace
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.intake.models import ImportRun
from regulars.records.staff.access import asker_of, somebody
from regulars.records.staff.actions import hire
from tests.cast import EMIL, NOON, STEN, customer
from tests.merging import vault
from tests.story import PASSWORD

pytestmark = pytest.mark.usefixtures("house")
#: Columns of names hold no figures.
NAMES: Final = [f"{first}{second}" for first in "KLMNPR" for second in "aei"]
AFTER: Final = NOON.replace(month=7, day=1, hour=23)
#: Dies by its own hand, unasked and at once, before the statement of that number from the time it is at its work.
DYING: Final = """
import os, signal, sys
import django; django.setup()
import psycopg
left = [int(sys.argv[1])]
def dying(execute):
    def counting(self, *words, **more):
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return execute(self, *words, **more)
    return counting
psycopg.Cursor.execute = dying(psycopg.Cursor.execute)
psycopg.Cursor.executemany = dying(psycopg.Cursor.executemany)
"""
EXPIRE: Final = """
from datetime import UTC, datetime
from functools import partial
from regulars.journeys import expire_sources as night
night.whom_it_told_of = partial(night.whom_it_told_of, at_once=4)
night.expire_sources(at=datetime(2026, 7, 1, 23, tzinfo=UTC))
"""
BRING: Final = """
from regulars.connections.files import delimited
from regulars.journeys import run_import
from regulars.journeys.import_file import import_now
from tests.cast import NOON, STEN
delimited.BLOCK, run_import.ROWS_PER_CHUNK = 400, 8
report = import_now(sys.argv[2], source_ref="acme", kind="customers", by=STEN, at=NOON, wait=True)
assert report.state == "finished", report
"""
TIES: Final = """
from regulars.journeys import import_ties
from tests.cast import NOON, STEN
import_ties.AT_ONCE = 5
import_ties.import_ties(sys.argv[2], by=STEN, at=NOON)
"""
CARRY_ON: Final = """
from regulars.journeys import bring_ties, import_ties
from tests.cast import NOON
import_ties.AT_ONCE = 4
bring_ties.carry_on_ties(int(sys.argv[2]), at=NOON)
"""


def killed_until_done(program: str, *words: object, dice: random.Random, most: int) -> Iterator[int]:
    """The program is done, by one after another of whom each was killed before a statement drawn below `most`, the
    last excepted; after each of those killed, how many they were."""
    for killed in range(1, 100):
        limit = str(dice.randrange(most))
        called = [sys.executable, "-W", "ignore", "-c", DYING + program, limit, *map(str, words)]
        ended = subprocess.run(called, env=os.environ, capture_output=True, check=False)
        if ended.returncode == 0:
            return
        assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()[-3_000:]
        yield killed
        most += most // 8


def bring(folder: Path, ref: str, rows: list[str], headings: str = "member_no,name,email,city") -> None:
    path = folder / f"{ref}.csv"
    path.write_text("\n".join([headings, *rows]))
    report = import_now(path, source_ref=ref, kind="customers", by=STEN, at=NOON)
    assert report.state == "finished", report


@pytest.fixture
def acme(tmp_path: Path) -> int:
    """Acme's licence is over: it alone told of ten, the till tells of eight more, and of them one was merged away."""
    headings = "member_no,name,email,city,company_code,company"
    rows = [f"{n},{NAMES[n]} Person,p{n}@acme.example,Lyon,91110000600037341L,Nanzhi" for n in range(18)]
    bring(tmp_path, "acme", rows, headings)
    till = ensure_source("till", by=STEN, at=NOON).id
    known = CustomerRef.objects.filter(ref__in=[str(n) for n in range(8)]).values_list("ref", "customer_id")
    CustomerRef.objects.bulk_create(CustomerRef(source_id=till, ref=ref, customer_id=who) for ref, who in known)
    bring(tmp_path, "till", [f"{n},{NAMES[n]} Person,p{n}@till.example,Graz" for n in range(8)])
    numbers = CustomerRef.objects.filter(source_id=till).order_by("customer").values_list("customer__number", flat=True)
    merge_customers(numbers[1], numbers[0], by=STEN, because="the same", at=NOON)
    source = ensure_source("acme", by=STEN, at=NOON).id
    describe_source(source, by=STEN, expires_on=date(2026, 6, 30), trust=5)
    return source


def halves(acme: int) -> dict[str, set[int]]:
    """Of whom who is there the source still tells some of what it told, and not the rest; by table."""
    there = {
        table.__name__: set(
            table.objects.filter(source_id=acme, customer__erased_at=None).values_list("customer_id", flat=True)
        )
        for table in (CustomerRef, ContactPoint, GroupMember, FieldSaid)
    }
    whole = there.pop("CustomerRef")
    broken = {name: people - whole if name == "FieldSaid" else people ^ whole for name, people in there.items()}
    return {name: people for name, people in broken.items() if people}


def test_what_goes_by_night_goes_once_and_wholly(acme: int) -> None:
    dice, killed = random.Random(7), 0
    for killed in killed_until_done(EXPIRE, dice=dice, most=150):
        assert halves(acme) == {}, killed
    assert killed >= 3, "nobody was killed in the middle: the test shows nothing"
    there = Customer.objects.filter(erased_at=None)
    assert set(there.values_list("city", flat=True)) == {"Graz"} and there.count() == 7
    assert Erasure.objects.count() == PrivacyEntry.objects.filter(deed="erasure").count() == 10
    told = [json.loads(one.detail) for one in PrivacyEntry.objects.filter(deed="retention", subject="source acme")]
    assert sum(one["customers"] for one in told) == 8
    for table in (CustomerRef, FieldSaid, ContactPoint, GroupMember, CustomerGroup):
        assert not table.objects.filter(source_id=acme).exists(), table
    before = vault()
    assert expire_sources(at=AFTER + timedelta(days=1)) == {} and vault() == before


@pytest.mark.engine
def test_a_bought_list_is_sifted_and_taken_once(tmp_path: Path) -> None:
    bring(tmp_path, "till", [f"{n},{NAMES[n]} Ours,ours{n}@example.com,Graz" for n in range(12)])
    no = tmp_path / "no.csv"
    no.write_text("email\n" + "\n".join(f"no{n}@example.com" for n in range(12)))
    import_do_not_contact(no, by=EMIL, at=NOON)
    source = ensure_source("acme", by=STEN, at=NOON).id
    describe_source(
        source, by=STEN, kind="bought_in", supplier="Acme", licence="A-7", purposes=["direct_marketing"],
        expires_on=date(2026, 12, 31), lawful_basis="consent", trust=1,
    )  # fmt: skip
    rows = [row for n in range(12) for row in (
        f"a{n},{NAMES[n]} Ours,ours{n}@example.com,Lyon", f"b{n},{NAMES[n]} Closed,no{n}@example.com,Lyon",
        f"c{n},{NAMES[n]} New,new{n}@example.com,Lyon",
    )]  # fmt: skip
    path = tmp_path / "acme.csv"
    path.write_text("\n".join(["member_no,name,email,city", *rows]))
    killed = 0
    for killed in killed_until_done(BRING, path, dice=random.Random(11), most=60):
        assert not Customer.objects.filter(name__endswith="Closed").exists(), killed
        assert not CustomerRef.objects.filter(source_id=source, ref__startswith="a").exists(), killed
    assert killed >= 3, "nobody was killed in the middle: the test shows nothing"
    names = Customer.objects.filter(source_id=source).values_list("name", flat=True)
    assert sorted(names) == sorted(f"{name} New" for name in NAMES[:12])
    assert ContactPoint.objects.filter(source_id=source).count() == 12
    run = ImportRun.objects.get(source_id=source)
    assert (run.state, run.rows_read, run.rows_new, run.rows_refused) == ("finished", 36, 12, 24)
    told = import_now(path, source_ref="acme", kind="customers", by=STEN, at=NOON)
    assert told.already == run.id or told.rows_new == 0
    assert SearchToken.objects.filter(customer__source_id=source).count() > 12


def ties_of_file(people: list[Customer]) -> str:
    lines = ["group,kind,name,parent,customer,role", "top,company,Top,,,"]
    for n, one in enumerate(people):
        lines.append(f"g{n % 9},company,Company {n % 9},top,{one.number},buyer" if n < 9 else
                     f"g{n % 9},,,,{one.number},buyer")  # fmt: skip
        lines += [f"g{n % 9},,,,C-2999{n % 10},buyer"] if n % 5 == 0 else []
    return "\n".join(lines)


def test_a_file_of_ties_is_kept_once(tmp_path: Path) -> None:
    people = [customer(f"Person {n}") for n in range(30)]
    path = tmp_path / "ties.csv"
    path.write_text(ties_of_file(people))
    killed = 0
    for killed in killed_until_done(TIES, path, dice=random.Random(5), most=250):
        kept = GroupMember.objects.count()
        assert kept == ChangeEntry.objects.filter(subject="group_member").count(), killed
        assert CustomerGroup.objects.count() == ChangeEntry.objects.filter(subject="customer_group").count(), killed
    assert killed >= 2, "nobody was killed in the middle: the test shows nothing"
    members = set(GroupMember.objects.values_list("group__ref", "customer_id", "role"))
    assert members == {(f"g{n % 9}", one.id, "buyer") for n, one in enumerate(people)}
    assert GroupMember.objects.count() == 30 and GroupPlace.objects.count() == 9 and CustomerGroup.objects.count() == 10
    before: Any = vault()
    again = import_ties(path, by=STEN, at=NOON)
    assert (again.groups, again.members, again.places, again.known, again.set_aside_rows) == (0, 0, 0, 31, 6)
    assert vault() == before


@pytest.mark.engine
def test_a_file_of_ties_on_its_page_goes_on_where_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [customer(f"Person {n}") for n in range(30)]
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    staff = somebody("sten")
    assert staff is not None
    sten, file = asker_of(staff, "steward"), ties_of_file(people).encode()
    monkeypatch.setattr(page, "AT_ONCE", 10)
    key = page.bring_ties("ties.csv", [file], len(file), by=sten, at=NOON)
    dice, killed = random.Random(9), 0
    for killed in killed_until_done(CARRY_ON, int(key, 16), dice=dice, most=300):
        assert not CustomerGroup.objects.exists(), f"a trial keeps nothing: {killed}"
        assert page.brought_ties(key, by=sten).cut_off
    tried = page.brought_ties(key, by=sten)
    assert (tried.state, tried.report.rows, tried.report.set_aside_rows) == ("done", 37, 6) and killed >= 2
    page.take_in_ties(key, by=sten, at=NOON)
    for killed in killed_until_done(CARRY_ON, int(key, 16), dice=dice, most=200):
        assert GroupMember.objects.count() == ChangeEntry.objects.filter(subject="group_member").count(), killed
    taken = page.brought_ties(key, by=sten)
    assert killed >= 2 and (taken.state, taken.report.rows, taken.report.set_aside_rows) == ("done", 37, 6)
    assert [one.row_number for one in taken.aside] == [one.row_number for one in tried.aside]
    assert GroupMember.objects.count() == 30 and GroupPlace.objects.count() == 9
    told = taken.report
    assert told.members <= 30 and told.members + told.known >= 30, (
        "who was written and not yet told of is known already"
    )
