"""Customers who do not exist and tell on whoever touches them (51), and customers whose file wants a case (29)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from regulars.journeys.canaries import answer_canary, canary_findings, plant_canary, uproot_canary
from regulars.journeys.hand_out_people import people_file
from regulars.journeys.open_contact import open_contact
from regulars.journeys.open_customer import open_card
from regulars.journeys.plan_campaign import prepare_campaign
from regulars.journeys.serve_customer import finish_task, give_task
from regulars.journeys.trace_list import trace_list
from regulars.records.access_log.models import AccessEntry, PrivacyEntry
from regulars.records.campaigns.access import campaign
from regulars.records.contacts.access import contacts_where, sample_contacts
from regulars.records.customers.access import find_customers, open_customer
from regulars.records.customers.inventing import Invented
from regulars.records.customers.models import Customer
from regulars.records.customers.within_reach import named
from regulars.records.exports.models import ExportDecoy
from regulars.records.scores.access import count_everybody
from regulars.records.segments.access import segment
from regulars.records.tasks.access import tasks_waiting
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.access import complaints_waiting
from regulars.records.touchpoints.models import Complaint
from regulars.records.watched.access import canaries, open_touches, protected_customers
from regulars.records.watched.actions import protect, unprotect
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, EMIL, MIA, NOON, ann, asking, bob
from tests.desks.marketing.corner_shop import TODAY, corner_shop
from tests.desks.visitors import signed_in
from tests.shop import refreshed, spring_campaign
from tests.story import findable, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
NADJA = Invented("Nadja Winter", email="nadja.winter@ours.example", city="Basel")


def planted() -> str:
    return plant_canary(NADJA, note="for the spring", by=EMIL, at=NOON)


def test_51_whoever_opens_a_canary_raises_an_alarm_and_sees_nothing_of_it() -> None:
    number = planted()
    _, facts = open_customer(number, by=DORA, because="serving")
    assert (facts.name, facts.invented) == ("Nadja Winter", False)
    (alarm,) = open_touches()
    assert (alarm.name, alarm.number, alarm.door) == ("Dora", number, "open_customer")
    assert PrivacyEntry.objects.filter(deed="canary", subject="touched", allowed=False).count() == 1
    open_customer(number, by=DORA, because="serving")
    assert len(open_touches()) == 1


def test_51_a_canary_is_in_no_figure_no_segment_and_no_list() -> None:
    corner_shop(12)
    before = count_everybody()
    planted()
    refreshed(TODAY)
    assert count_everybody() == before
    left = people_file(by=MIA, because="spring", content="everybody", at=NOON, limit=500)
    assert "Nadja Winter" not in {one.name for one in left.lines}


def test_51_opening_a_number_that_only_a_stolen_file_knows_names_the_file() -> None:
    corner_shop(12)
    left = people_file(by=MIA, because="spring", content="everybody", at=NOON, limit=500)
    decoy = ExportDecoy.objects.get()
    with pytest.raises(NotThere):
        open_customer(decoy.number, by=DORA, because="serving")
    (alarm,) = open_touches()
    assert (alarm.name, alarm.export) == ("Dora", left.export)


def test_51_the_check_names_who_touched_one_until_it_is_answered(administrator_connection: Any) -> None:
    open_customer(planted(), by=DORA, because="serving")
    counts: dict[str, int] = {}
    assert [one.place for one in canary_findings(administrator_connection, counts)] == ["Dora"]
    assert counts == {"canary_alarms": 1}


def test_51_a_letter_to_a_canarys_address_leads_to_who_opened_it() -> None:
    number = planted()
    dora = replace(DORA, staff_id=7)
    give_task(number, kind="call_back", words="call", due_on=date(2026, 3, 20), owner_id=None, by=dora, at=NOON)
    task = Task.objects.get()
    open_contact(number, "email", by=dora, because="task", reference=f"T-{task.id}", at=NOON)
    found = trace_list(b"nadja.winter@ours.example", by=EMIL, because="spam came in")
    assert (found.recognised, found.canaries) == (1, 1)
    assert list(found.openers) == [("Dora", 1)]


def test_51_the_canary_shows_itself_to_the_officer_only() -> None:
    planted()
    assert [one.name for one in canaries(by=EMIL)] == ["Nadja Winter"]
    for by in (MIA, DORA):
        with pytest.raises(Denied):
            canaries(by=by)
        with pytest.raises(Denied):
            plant_canary(NADJA, note="", by=by, at=NOON)
    with pytest.raises(BadInput, match="canary_unclear"):
        plant_canary(Invented("Nobody"), note="", by=EMIL, at=NOON)


def test_51_an_alarm_is_answered_with_a_reason_by_somebody_else() -> None:
    number = planted()
    emil = replace(EMIL, staff_id=9)
    open_customer(number, by=emil, because="curious")
    (alarm,) = open_touches()
    with pytest.raises(Denied, match="not_about_oneself"):
        answer_canary(alarm.id, answer="it was me", by=emil, at=NOON)
    second = asking("Second Officer", "officer", staff_id=10)
    with pytest.raises(BadInput):
        answer_canary(alarm.id, answer="ok", by=second, at=NOON)
    answer_canary(alarm.id, answer="he tried it out", by=second, at=NOON)
    assert open_touches() == []
    uproot_canary(number, by=second)
    open_customer(number, by=DORA, because="serving")
    assert open_touches() == []


def test_29_a_protected_file_opens_only_for_a_case_of_hers() -> None:
    who, other = ann(), bob()
    protect(who.id, because="known from television", by=EMIL, at=NOON)
    mine = Complaint.objects.create(customer=who, code="late", opened_at=NOON)
    his = Complaint.objects.create(customer=other, code="late", opened_at=NOON)
    for case in ("", "K-999999", f"K-{his.id}", "T-1", "x" * 50):
        with pytest.raises(Denied, match="case_needed"):
            open_card(who.number, by=replace(DORA, reference=case), because="serving", at=NOON)
    refused = AccessEntry.objects.filter(customer_id=who.id, allowed=False)
    assert refused.count() == 5
    opened = open_card(who.number, by=replace(DORA, reference=f"K-{mine.id}"), because="serving", at=NOON)
    assert opened.facts.name == who.name
    assert AccessEntry.objects.get(customer_id=who.id, allowed=True).reference == f"K-{mine.id}"
    (shown,) = protected_customers(by=EMIL)
    assert (shown.opened, shown.refused) == (1, 5)
    assert open_card(other.number, by=DORA, because="serving", at=NOON).facts.name == other.name


def test_29_search_and_lists_do_not_say_who_she_is() -> None:
    who = ann()
    protect(who.id, because="threatened", by=EMIL, at=NOON)
    findable(who)
    assert find_customers("ann archer", by=DORA, because="searching") == []
    for by, name in ((DORA, None), (EMIL, who.name)):
        (line,) = find_customers("ann@example.com", by=by, because="searching")
        assert (line.number, line.name, line.city) == (who.number, name, None if name is None else who.city)
    assert named([who.id], by=DORA)[who.id].name == ""


def test_29_work_lists_and_contacts_do_not_say_who_she_is_either() -> None:
    who = corner_shop(2)[0]
    give_task(who.number, kind="call_back", words="", due_on=TODAY, owner_id=None, by=DORA, at=NOON)
    Complaint.objects.create(customer=who, code="late", opened_at=NOON)
    key = spring_campaign(segment("everybody").id)
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    protect(who.id, because="threatened", by=EMIL, at=NOON)

    def told(by: Asker) -> dict[str, str | None]:
        campaign_id = campaign(key, by=by).id
        lists: dict[str, Any] = {
            "tasks": tasks_waiting(by=by, because="work", whose="all")[1],
            "complaints": complaints_waiting(by=by, because="work"),
            "sample": sample_contacts(campaign_id, by=by, because="work"),
            "contacts": contacts_where(campaign_id, by=by, because="work")[1],
        }
        return {name: one.name for name, lines in lists.items() for one in lines if one.number == who.number}

    assert told(MIA) == {"tasks": None, "complaints": None, "sample": "", "contacts": ""}
    assert told(EMIL) == dict.fromkeys(told(MIA), who.name)


def test_29_a_task_about_her_is_the_case_it_is_done_for() -> None:
    who = ann()
    made = give_task(who.number, kind="call_back", words="", due_on=date(2026, 3, 20), owner_id=None, by=DORA, at=NOON)
    protect(who.id, because="works here", by=EMIL, at=NOON)
    assert finish_task(made, outcome="done", words="", by=DORA, at=NOON) == who.number


def test_29_the_page_asks_for_the_case_and_opens_with_it() -> None:
    wanqing(shop())
    who = Customer.objects.get(number="C-20418")
    protect(who.id, because="known from television", by=EMIL, at=NOON)
    case = Complaint.objects.create(customer=who, code="late", opened_at=NOON)
    dora = signed_in("dora")
    refused = dora.get("/customers/C-20418/")
    assert refused.status_code == 403
    assert "/customers/C-20418/case/" in refused.content.decode()
    assert dora.post("/customers/C-20418/case/", {"reference": f"K-{case.id}"}).status_code == 302
    assert dora.get("/customers/C-20418/").status_code == 200


def test_29_protection_is_the_officers_word_with_a_reason_and_ends() -> None:
    who = ann()
    with pytest.raises(BadInput, match="reason_too_short"):
        protect(who.id, because="vip", by=EMIL, at=NOON)
    protect(who.id, because="works here", by=EMIL, at=NOON)
    with pytest.raises(BadInput, match="protected_already"):
        protect(who.id, because="works here", by=EMIL, at=NOON)
    unprotect(who.id, by=EMIL)
    assert open_card(who.number, by=DORA, because="serving", at=NOON).facts.name == who.name
    with pytest.raises(NotThere):
        unprotect(who.id, by=EMIL)
