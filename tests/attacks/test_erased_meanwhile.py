"""Erasing her while somebody else holds her: a release, figures, an export, a campaign, an import, a colleague.

Whoever was first is waited for. When both have ended, nothing opens her, nothing is sent to her, and nothing of her
came back half-way.
"""

import csv
import io
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from regulars.connections.files import delimited
from regulars.connections.mail.post_box import PostBox
from regulars.journeys import disclose, hand_out_people, plan_campaign, protect_customer, release_figures, run_import
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.hand_out_people import note_listed, people_file, people_listed
from regulars.journeys.plan_campaign import prepare_campaign
from regulars.journeys.send_campaign import send_waiting, start_test
from regulars.records.customers import actions as customers
from regulars.records.customers import marking
from regulars.records.customers.access import Opened, open_customer
from regulars.records.customers.models import Customer, ErasedRef, Erasure, NameSlip
from regulars.records.customers.own_page import issue_link, set_preferences
from regulars.records.disclosures import actions as register
from regulars.records.disclosures.models import PartnerPseudonym, ReleasedPerson
from regulars.records.exports.models import ExportedPerson
from regulars.records.intake.models import ImportRun
from regulars.records.own_attributes.actions import add_attribute, set_value
from regulars.records.segments.models import Segment
from regulars.records.statistics.models import CountedPerson
from regulars.records.tasks.actions import NewTask, open_task, open_tasks
from regulars.records.touchpoints.actions import add_touchpoint, open_complaint
from regulars.rules.permission.errors import NotThere
from regulars.rules.privacy.own_attributes import OwnAttribute
from tests.attacks.test_partners_own_view import house_in_march, partner, partners_leave, rows_in, willing
from tests.cast import EMIL, MIA, NOON, STEN, ann, customer, said
from tests.desks.marketing.corner_shop import TODAY, corner_shop
from tests.figures import counts, crowd, lets_figures_leave, open_house
from tests.journeys.order_files import HEADINGS as ORDER_HEADINGS
from tests.journeys.order_files import bring, in_a_process_of_its_own, open_shop, order_rows, write_rows
from tests.shop import everybody_segment, refreshed, sell, spring_campaign
from tests.shop import open_shop as open_corner_shop

__all__ = ["house_in_march", "partners_leave"]  # fixtures of the partners' own tests

pytestmark = pytest.mark.usefixtures("house")
DAY = timedelta(days=1)
#: An erasure that has to wait for somebody else is left waiting after so many seconds.
PATIENCE = 1.5


class Elsewhere:
    """Emil erases her from a connection of his own. He may have to wait for whoever holds her."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.thread: Thread | None = None
        self.waited = False
        self.mistake: BaseException | None = None

    def begin(self) -> None:
        """He is done, or waits, when this returns."""
        if self.thread is None:
            self.thread = Thread(target=self._erase)
            self.thread.start()
            self.thread.join(PATIENCE)
            self.waited = self.thread.is_alive()

    def end(self) -> None:
        """He is done."""
        assert self.thread is not None, "nobody erased her: the test shows nothing"
        self.thread.join(60)
        assert not self.thread.is_alive()
        if self.mistake:
            raise self.mistake

    def _erase(self) -> None:
        try:
            erase_customer(self.number, by=EMIL, because="she asked for it", reference="T-12", at=NOON)
        except BaseException as mistake:  # noqa: BLE001  (raised again where the test is)
            self.mistake = mistake
        finally:
            connections.close_all()


@pytest.fixture
def when(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Elsewhere]:
    """She is erased when a step is about to be taken, or has just been."""

    def step(module: Any, name: str, number: str, *, after: bool = False) -> Elsewhere:
        erasing, taken = Elsewhere(number), getattr(module, name)

        def take(*words: Any, **more: Any) -> Any:
            found = taken(*words, **more) if after else None
            erasing.begin()
            return found if after else taken(*words, **more)

        monkeypatch.setattr(module, name, take)
        return erasing

    return step


@pytest.fixture
def post_box(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    """A mail server of the test's own."""
    with PostBox(settings.HOME.folder("mail")) as box:
        monkeypatch.setattr(settings, "MAIL_PORT", box.port)
        yield box


def nothing_of(who: Customer) -> None:
    """What is left of her is the tombstone: nothing that names, finds, reaches or counts her."""
    assert Erasure.objects.filter(customer_id=who.id).count() == 1
    left = Customer.objects.get(id=who.id)
    assert (left.name, left.given_name, left.city, left.birth_on, left.allergies) == ("", "", "", None, None)
    assert left.erased_at is not None
    for table in ("contact_point", "customer_ref", "search_token", "customer_key", "recognition_mark", "portal_link",
                  "anonymous_key", "partner_pseudonym", "counted_person", "own_value", "protected_customer",
                  "canary"):  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE customer_id = %s", [who.id])
            assert cursor.fetchone() == (0,), table
    for number in (who.number, left.number):
        with pytest.raises(NotThere):
            open_customer(number, by=EMIL, because="x")


# files that leave


@pytest.mark.parametrize(
    ("module", "name"), [(register, "pseudonym"), (disclose, "rows_of"), (disclose, "as_file"), (disclose, "hand_out")]
)
@pytest.mark.usefixtures("house_in_march", "partners_leave")
def test_a_release_made_while_she_is_erased_does_not_hold_her(
    when: Callable[..., Elsewhere], module: Any, name: str
) -> None:
    her, other = willing("Wen Willing"), willing("Val Willing")
    partner()
    erasing = when(module, name, her.number)
    made = disclose.release("acme", because="first batch", by=EMIL, at=NOON)
    first = erasing.waited
    erasing.end()
    nothing_of(her)
    assert len(rows_in(made.content)) == made.rows == (2 if first else 1)
    assert ReleasedPerson.objects.filter(customer=other).count() == 1
    assert ReleasedPerson.objects.filter(customer=her).count() == Erasure.objects.get().closed["releases"] == int(first)
    [name_of_other] = PartnerPseudonym.objects.values_list("pseudonym", flat=True)
    asked = [row["person"] for row in rows_in(made.content)]
    again = disclose.recheck("acme", asked, release_id=made.id, by=EMIL, at=NOON)
    assert again.may == {one: one == name_of_other for one in asked}


@pytest.mark.parametrize("step", ["counted", "answered"])
def test_figures_made_while_she_is_erased_lead_nobody_to_her(when: Callable[..., Elsewhere], step: str) -> None:
    open_house()
    lets_figures_leave()
    people = crowd(12)
    cube = counts("customer.city")
    erasing = when(release_figures, step, people[0].number)
    release_figures.release_figures("acme", cube, because="monthly", by=EMIL, at=NOON)
    erasing.end()
    nothing_of(people[0])
    assert CountedPerson.objects.count() == 11
    later = release_figures.release_figures("acme", cube, because="monthly", by=EMIL, at=NOON + DAY)
    with zipfile.ZipFile(io.BytesIO(later.content)) as archive:
        told = list(csv.DictReader(io.StringIO(archive.read("rows.csv").decode("utf-8-sig"))))
    assert {row["people"] for row in told} <= {"12", ""}  # never 11: one person alone moves no figure


@pytest.mark.parametrize("step", ["open_export", "put_people"])
def test_a_people_file_made_while_she_is_erased_does_not_hold_her(when: Callable[..., Elsewhere], step: str) -> None:
    people = corner_shop(12)
    her = people[3]
    erasing = when(hand_out_people, step, her.number)
    made = people_file(by=MIA, because="spring list", content="Everybody", at=NOON, limit=50_000)
    first = erasing.waited
    erasing.end()
    nothing_of(her)
    assert any(line.number == her.number for line in made.lines) is first
    on_record = ExportedPerson.objects.filter(customer=her, export=made.export).exists()
    assert on_record is first
    assert Erasure.objects.get().closed["exports"] == int(first)


def test_a_page_of_a_list_read_while_she_is_erased_does_not_show_her(when: Callable[..., Elsewhere]) -> None:
    people = corner_shop(12)
    her = people[3]
    erasing = when(hand_out_people, "open_export", her.number)
    page = people_listed(by=MIA, because="list", door="people", at=NOON, limit=50)
    erasing.end()
    nothing_of(her)
    assert her.number not in {line.number for line in page.lines}
    assert not ExportedPerson.objects.filter(customer=her).exists()


def test_who_is_noted_as_listed_while_she_is_erased_is_on_no_record_afterwards(when: Callable[..., Elsewhere]) -> None:
    people = corner_shop(4)
    her = people[3]
    erasing = when(hand_out_people, "open_export", her.number)
    note_listed([one.number for one in people], by=MIA, because="lapse list", door="lapse", at=NOON)
    erasing.end()
    assert not ExportedPerson.objects.filter(customer=her).exists()
    assert ExportedPerson.objects.count() == len(people) - 1


# a campaign


@pytest.mark.parametrize("step", ["persons_for_gate", "plan_contacts"])
def test_a_campaign_planned_while_she_is_erased_sends_her_nothing(
    when: Callable[..., Elsewhere], post_box: PostBox, step: str
) -> None:
    people = corner_shop(8)
    for one in people[3:]:
        said(one, "direct_marketing", "granted", at=NOON - DAY)
    her, address = people[4], "extra1@example.com"
    key = spring_campaign(everybody_segment_of_the_shop(), test_share=0.5, holdout_share=0.0)
    erasing = when(plan_campaign, step, her.number, after=step == "persons_for_gate")
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    erasing.end()
    nothing_of(her)
    assert not waiting_for(her)
    start_test(key, by=MIA, at=NOON)
    send_waiting(key, by=MIA, now=lambda: NOON)
    assert address not in str([post_box.message(one)["To"] for one in post_box.arrivals()])


def test_an_erasure_between_two_messages_and_one_in_the_midst_of_hers(
    when: Callable[..., Elsewhere], post_box: PostBox
) -> None:
    """While her message is handed to the mail server the erasure waits; from its commit on there is none."""
    people = [customer(f"Guest Number{n}", email=f"guest{n}@example.com") for n in range(8)]
    open_corner_shop(NOON.date())
    for one in people:
        sell(one, NOON.date().replace(day=1), 5_000)
    refreshed(NOON.date())
    key = spring_campaign(everybody_segment(), test_share=1.0, holdout_share=0.0)
    prepare_campaign(key, by=MIA, at=NOON, as_of=NOON.date())
    start_test(key, by=MIA, at=NOON)
    erased: dict[int, set[str]] = {}

    def between(_step: str, _done: int, _of: int) -> None:
        left = [one for one in people if one.id not in erased]
        if len(erased) < 3:
            erasing = Elsewhere(left[-1].number)
            erasing.begin()
            erasing.end()
            erased[left[-1].id] = written_to(post_box)

    send_waiting(key, by=MIA, now=lambda: NOON, say=between)
    assert len(erased) == 3
    for n, one in enumerate(people):
        address = f"guest{n}@example.com"
        assert (address in written_to(post_box)) is (one.id not in erased or address in erased[one.id])
        assert not waiting_for(one)


def written_to(box: PostBox) -> set[str]:
    return {str(box.message(one)["To"]).split("<")[-1].rstrip(">") for one in box.arrivals()}


def waiting_for(who: Customer) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state FROM contact WHERE customer_id = %s AND state NOT IN ('refused', 'sent', 'cancelled')",
            [who.id],
        )
        return [state for (state,) in cursor.fetchall()]


def everybody_segment_of_the_shop() -> int:
    return int(Segment.objects.get(key="everybody").id)


# an import

HEADINGS = ("customer_no", "name", "phone", "email", "street", "city", "allergies", "consent_email")


def rows_of_people(city: str) -> list[list[object]]:
    return [
        [
            f"M{n}",
            f"Zoë Qu{chr(97 + n // 10)}st{chr(97 + n % 10)}",
            f"+4144668{n:04}",
            f"zoe{n}@example.org",
            f"Bahnhofstrasse {n}",
            city,
            "wool",
            "yes",
        ]
        for n in range(60)
    ]


@pytest.mark.parametrize(
    ("module", "name", "after"),
    [
        (customers, "sealing_keys", True), (customers, "note_customer_changes", False),
        (customers, "copy_in", True), (customers, "sealed_cells", True),
        (marking, "_write", False),
    ],
)  # fmt: skip
def test_a_customer_file_that_tells_of_her_while_she_is_erased_brings_nothing_back(
    when: Callable[..., Elsewhere], tmp_path: Path, module: Any, name: str, after: bool
) -> None:
    open_shop()
    bring(write_rows(tmp_path / "first.csv", rows_of_people("Zürich"), HEADINGS))
    her = the_buyer("M7")
    assert her.city == "Zürich"
    erasing = when(module, name, her.number, after=after)
    changed = [[*row[:2], f"+4144669{n:04}", f"zoe.{n}@example.org", *row[4:5], "Genf", "silk", "no"]
               for n, row in enumerate(rows_of_people("Genf"))]  # fmt: skip
    report = bring(write_rows(tmp_path / "second.csv", changed, HEADINGS))
    erasing.end()
    assert report.state == "finished"
    assert report.rows_read == report.rows_new + report.rows_changed + report.rows_same + report.rows_refused == 60
    nothing_of(her)
    assert Customer.objects.filter(city="Genf").count() == 59
    assert not Customer.objects.filter(name=her.name).exists()
    assert not NameSlip.objects.filter(word=her.family_name.casefold()).exists()


def test_an_order_file_half_written_when_she_is_erased_brings_nobody_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Her later lines are somebody's, as her earlier ones: she is found by none of them."""
    monkeypatch.setattr(run_import, "ROWS_PER_CHUNK", 200)
    monkeypatch.setattr(delimited, "BLOCK", 12_000)
    open_shop()
    rows = order_rows(400, customers=5)
    erasing: list[Elsewhere] = []

    def watch(progress: run_import.Progress) -> None:
        if progress.rows_read >= 400 and not erasing:
            erasing.append(Elsewhere(the_buyer("M0003").number))
            erasing[0].begin()

    report = bring(write_rows(tmp_path / "orders.csv", rows), progress=watch)
    erasing[0].end()
    assert (report.state, report.rows_new) == ("finished", len(rows))
    her = Customer.objects.get(id=Erasure.objects.get().customer_id)
    her.number = erasing[0].number
    nothing_of(her)
    assert Customer.objects.filter(erased_at__isnull=True).count() == 4


def the_buyer(ref: str) -> Customer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id FROM customer_ref WHERE ref = %s", [ref])
        [(found,)] = cursor.fetchall()
    return Customer.objects.get(id=found)


# a colleague with her file open


def opened_before(who: Customer) -> Opened:
    """Her file as a page had it open a moment before she was erased."""
    opened, _ = open_customer(who.number, by=EMIL, because="serving")
    erase_customer(who.number, by=EMIL, because="she asked for it", reference="T-12", at=NOON)
    return opened


def a_task(opened: Opened) -> None:
    open_task(opened, kind="call_back", because={}, due_on=NOON.date(), owner_id=None, at=NOON, words="her mother")


def a_note(opened: Opened) -> None:
    add_touchpoint(opened, kind="note", channel="counter", title="Her mother called", at=NOON)


def a_complaint(opened: Opened) -> None:
    open_complaint(opened, code="product", detail="The wool she is allergic to", answer_by=None, at=NOON)


def a_link(opened: Opened) -> None:
    issue_link(opened, at=NOON, expires_at=NOON + DAY)


def a_wish(opened: Opened) -> None:
    set_preferences(opened, preferred_channel="email", quiet_from=20, quiet_until=8, at=NOON)


def a_value(opened: Opened) -> None:
    set_value(opened, "shoe", "38", source_id=None, at=NOON)


@pytest.mark.parametrize("write", [a_task, a_note, a_complaint, a_link, a_wish, a_value], ids=lambda one: one.__name__)
def test_nothing_is_written_of_her_by_whoever_had_her_file_open(write: Callable[[Opened], None]) -> None:
    open_corner_shop(date(2026, 3, 12))
    add_attribute(OwnAttribute("shoe", "text", "Shoe", "鞋"), by=STEN, at=NOON)
    who = ann()
    opened = opened_before(who)
    before = everything_about(who)
    with pytest.raises(NotThere):
        write(opened)
    assert everything_about(who) == before
    nothing_of(who)


def everything_about(who: Customer) -> dict[str, Any]:
    """Every row of hers that is no line of a log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'vault'"
            " AND column_name = 'customer_id' AND table_name NOT IN ('access_entry', 'privacy_entry') ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {table} WHERE customer_id = %s", [who.id])
            found[table] = sorted(map(str, cursor.fetchall()))
    return found


def test_whoever_is_erased_while_she_is_protected_is_protected_no_more(when: Callable[..., Elsewhere]) -> None:
    who = ann()
    erasing = when(protect_customer, "protect", who.number)
    protect_customer.protect_customer(who.number, because="the press asks", by=EMIL, at=NOON)
    assert erasing.waited
    erasing.end()
    nothing_of(who)
    looked_up = when(protect_customer, "_whose", (other := customer("Dana Dale")).number, after=True)
    with pytest.raises(NotThere):
        protect_customer.protect_customer(other.number, because="the press asks", by=EMIL, at=NOON)
    looked_up.end()
    nothing_of(other)


def test_no_task_of_the_night_is_about_her() -> None:
    """The list was read before she was erased and is written after it."""
    open_corner_shop(date(2026, 3, 12))
    her, other = ann(), customer("Dana Dale")
    tasks = [NewTask(one.id, NOON.date()) for one in (her, other)]
    erase_customer(her.number, by=EMIL, because="she asked for it", reference="T-12", at=NOON)
    assert open_tasks("lapse", tasks, by=MIA, at=NOON) == 1
    nothing_of(her)
    assert not any("lapse" in row for row in everything_about(her)["task"])


# an import that is killed, and goes on after she has been erased


@pytest.mark.parametrize("kind", ["orders", "customers"])
def test_a_killed_import_that_goes_on_after_her_erasure_does_not_take_her_for_somebody_new(
    tmp_path: Path, kind: str
) -> None:
    open_shop()
    path, headings = tmp_path / f"{kind}.csv", HEADINGS if kind == "customers" else ORDER_HEADINGS
    rows = order_rows(3_000, customers=5) if kind == "orders" else many_and_at_last(7)
    first = rows[:60] if kind == "orders" else rows[-1:]
    bring(write_rows(tmp_path / "first.csv", first, headings))
    write_rows(path, rows, headings)
    killed = killed_in_the_middle(path)
    her = the_buyer("M0003" if kind == "orders" else "M7")
    erase_customer(her.number, by=EMIL, because="she asked for it", reference="T-12", at=NOON)
    assert ErasedRef.objects.filter(customer=her).count() == 1
    report = bring(path)
    assert (report.state, report.run_id, report.rows_read) == ("finished", killed, len(rows))
    nothing_of(her)
    called = "M0003" if kind == "orders" else "M7"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customer_ref WHERE ref = %s", [called])
        assert cursor.fetchone() == (0,)
    assert not ErasedRef.objects.exists()


def test_what_a_source_called_her_is_not_kept_where_nothing_is_under_way(tmp_path: Path) -> None:
    open_shop()
    bring(write_rows(tmp_path / "first.csv", rows_of_people("Zürich"), HEADINGS))
    her = the_buyer("M7")
    erase_customer(her.number, by=EMIL, because="she asked for it", reference="T-12", at=NOON)
    assert not ErasedRef.objects.exists()
    bring(write_rows(tmp_path / "again.csv", rows_of_people("Genf"), HEADINGS))
    nothing_of(her)
    assert the_buyer("M7").id != her.id  # who brings her again brings somebody new


def many_and_at_last(one: int) -> list[list[object]]:
    """A long file in which she comes last."""
    her = rows_of_people("Genf")[one]
    return [*([f"K{n}", "Zoë Quist", "", f"k{n}@example.org", "", "Genf", "", "yes"] for n in range(6_000)), her]


def killed_in_the_middle(path: Path) -> int:
    """The number of an import that was killed with some of its rows written and some not."""
    process = in_a_process_of_its_own(path, 12_000)
    while process.poll() is None:
        under_way = ImportRun.objects.filter(state="running", rows_read__gt=0).order_by("-id").first()
        if under_way:
            process.kill()
            process.communicate()
            left = ImportRun.objects.get(id=under_way.id)
            assert left.state == "running", "it was done before it was killed: the test shows nothing"
            return int(left.id)
        time.sleep(0.005)
    raise AssertionError(process.communicate())
