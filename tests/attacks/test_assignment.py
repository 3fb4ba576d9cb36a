"""An agent at a house where a file opens only for a reason that somebody else gave, and what she does to open more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connections

from regulars.connections.postgres.securing import Connection
from regulars.journeys.need_to_know import ask_for_reason, customer_is_here, report_need_to_know
from regulars.journeys.open_contact import open_contact
from regulars.journeys.open_customer import open_card
from regulars.journeys.recognise_customer import recognise_customer
from regulars.journeys.serve_customer import give_task, hand_on_task, hear_complaint, note_touchpoint
from regulars.journeys.sign_in import staff_called
from regulars.records.access_log.models import AccessEntry, PrivacyEntry, ReadingAlarm
from regulars.records.company.access import now
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import Customer
from regulars.records.staff.access import asker_of, token_asker
from regulars.records.staff.actions import hire, issue_token
from regulars.records.tasks.access import tasks_waiting
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.access import complaints_waiting
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.permission.need_to_know import MOST_HERE
from tests.cast import EMIL, MIA, NOON, customer
from tests.desks.visitors import signed_in
from tests.story import PASSWORD, Shop, findable, order, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
CARD = "/customers/C-20418/"
NUMBER = "C-20418"
DUE = NOON.date() + timedelta(days=2)


def at_work(username: str, role: str = "service") -> Asker:
    """Somebody of staff, as her next page would have her."""
    return asker_of(staff_called(username), role)


def asked(branch: int | None = None, *, off: bool = False) -> None:
    ask_for_reason("service", branch_id=branch, asked=not off, by=EMIL, at=NOON)


@pytest.fixture
def here() -> Shop:
    """The shop, where the officer asks for a reason; Lotte works beside Dora."""
    at = shop()
    hire("lotte", "Lotte", roles=["service"], password=PASSWORD, branches=[at.lake])
    asked()
    return at


def later(administrator: Connection) -> None:
    """Half an hour has passed, and the customer has gone."""
    administrator.execute("UPDATE vault.access_entry SET at = at - interval '31 minutes' WHERE door = 'stated_here'")


def quiet(at: Shop) -> Customer:
    """Wanqing on a day on which nothing of hers has happened yet."""
    who = wanqing(at)
    who.touchpoints.all().delete()
    who.complaints.all().delete()
    return who


def refused(number: str = NUMBER, by: str = "dora") -> None:
    with pytest.raises(Denied, match="no_reason_given"):
        open_customer(number, by=at_work(by), because="serving")


def test_24_a_file_nobody_gave_her_a_reason_for_is_refused_with_what_to_do_and_logged(here: Shop) -> None:
    who = quiet(here)
    answer = signed_in("dora").get(CARD)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "陈婉清" not in page
    assert f'action="{CARD}here/"' in page
    entry = AccessEntry.objects.latest("id")
    assert (entry.door, entry.allowed, entry.view, entry.customer_id) == ("open_customer", False, "assigned", who.id)


def test_a_shop_that_does_not_ask_works_as_before(here: Shop) -> None:
    quiet(here)
    refused()
    asked(off=True)
    _, facts = open_customer(NUMBER, by=at_work("dora"), because="serving")
    assert facts.name == "陈婉清"
    assert list(PrivacyEntry.objects.filter(subject="need_to_know").values_list("who", flat=True)) == ["Emil"] * 2


def test_24_a_task_somebody_gave_her_opens_the_file_and_stands_in_the_log(here: Shop) -> None:
    quiet(here)
    give_task(NUMBER, kind="call_back", words="", due_on=DUE, owner_id=here.dora, by=EMIL, at=NOON)
    opened, _facts = open_customer(NUMBER, by=at_work("dora"), because="serving")
    entry = AccessEntry.objects.filter(door="open_customer", who="Dora").latest("id")
    assert (entry.reference, opened.by.reference) == (f"T-{Task.objects.get().id}",) * 2
    refused(by="lotte")


def test_24_a_task_offered_to_everybody_opens_it_for_who_takes_it(here: Shop) -> None:
    quiet(here)
    made = give_task(NUMBER, kind="call_back", words="", due_on=DUE, owner_id=None, by=EMIL, at=NOON)
    hand_on_task(made, owner_id=here.dora, by=at_work("dora"))
    open_customer(NUMBER, by=at_work("dora"), because="serving")
    refused(by="lotte")


def test_24_a_task_she_opened_for_herself_does_not_count_and_is_shown_to_the_officer(
    here: Shop, administrator_connection: Connection
) -> None:
    """She had the file open while the customer stood there, and made herself a reason for later."""
    quiet(here)
    customer_is_here(NUMBER, "138 0000 4187", by=at_work("dora"))
    made = give_task(NUMBER, kind="other", words="", due_on=DUE, owner_id=here.dora, by=at_work("dora"), at=NOON)
    hear_complaint(
        NUMBER, code="repair", detail="A button.", answer_by=None, owner_id=here.dora, by=at_work("dora"), at=NOON
    )
    hand_on_task(made, owner_id=None, by=at_work("dora"))
    hand_on_task(made, owner_id=here.dora, by=at_work("dora"))
    later(administrator_connection)
    refused()
    found = report_need_to_know(by=EMIL, at=NOON).self_assigned
    assert {(one.owner, one.number, one.kind) for one in found} == {
        ("Dora", NUMBER, "other"), ("Dora", NUMBER, "complaint"),
    }  # fmt: skip


def test_what_a_colleague_hands_back_to_her_counts(here: Shop, administrator_connection: Connection) -> None:
    quiet(here)
    customer_is_here(NUMBER, NUMBER, by=at_work("dora"))
    made = give_task(NUMBER, kind="other", words="", due_on=DUE, owner_id=here.dora, by=at_work("dora"), at=NOON)
    hand_on_task(made, owner_id=here.dora, by=EMIL)
    later(administrator_connection)
    open_customer(NUMBER, by=at_work("dora"), because="serving")


def test_24_she_cannot_take_a_colleagues_task_to_get_at_the_file(here: Shop) -> None:
    quiet(here)
    lotte = staff_called("lotte").id
    made = give_task(NUMBER, kind="call_back", words="", due_on=DUE, owner_id=lotte, by=EMIL, at=NOON)
    for owner in (here.dora, None):
        with pytest.raises(NotThere, match="task_not_open"):
            hand_on_task(made, owner_id=owner, by=at_work("dora"))
    assert tasks_waiting(by=at_work("dora"), because="x", whose="all") == (0, [])
    assert tasks_waiting(by=at_work("lotte"), because="x")[0] == 1


def test_24_an_order_of_today_at_her_branch_opens_it_and_one_of_yesterday_or_elsewhere_does_not(here: Shop) -> None:
    who, other = quiet(here), customer("Otto Elsewhere", number="C-777", home_branch_id=here.lake)
    more = {"source": here.source}
    order(who, now() - timedelta(days=1), [("Socks", 100)], branch=here.lake, ref="Y-1", **more)
    order(who, now(), [("Socks", 100)], branch=here.hill, ref="H-1", **more)
    refused()
    order(who, now(), [("Socks", 100)], branch=here.lake, ref="L-1", **more)
    assert open_customer(NUMBER, by=at_work("dora"), because="serving")[0].by.reference == "L-1"
    refused(other.number)


def test_24_a_call_a_colleague_noted_today_opens_it_and_one_she_noted_herself_does_not(
    here: Shop, administrator_connection: Connection
) -> None:
    quiet(here)
    call = {"kind": "call", "channel": "phone", "title": "Asks for a coat", "detail": "", "branch_id": here.lake}
    customer_is_here(NUMBER, NUMBER, by=at_work("dora"))
    note_touchpoint(NUMBER, **call, by=at_work("dora"), at=now())
    later(administrator_connection)
    refused()
    note_touchpoint(NUMBER, **call, by=replace(EMIL, name="Lotte"), at=now())
    open_customer(NUMBER, by=at_work("dora"), because="serving")


@pytest.mark.parametrize(
    ("said", "how"),
    [("13800004187", "phone"), ("+86 138 0000 4187", "phone"), ("wanqing@example.com", "email"), ("c-20418", "number")],
)
def test_29_a_customer_who_is_here_and_says_who_she_is_opens_her_file_for_a_while(
    here: Shop, said: str, how: str, administrator_connection: Connection
) -> None:
    quiet(here)
    page = signed_in("dora")
    assert page.post(f"{CARD}here/", {"said": said}).status_code == 302
    assert page.get(CARD).status_code == 200
    entry = AccessEntry.objects.get(door="stated_here")
    assert (entry.who, entry.reference, entry.allowed, entry.rows) == ("Dora", f"{how} staff {here.dora}", True, 0)
    refused(by="lotte")
    (told,) = report_need_to_know(by=EMIL, at=now()).said_here
    assert (told.who, told.customers, told.by_number, told.refused) == ("Dora", 1, int(how == "number"), 0)
    later(administrator_connection)
    refused()


def test_29_somebody_of_the_same_name_does_not_open_what_was_said_to_another(here: Shop) -> None:
    """A colleague called the same, and a program that is called as she is."""
    quiet(here)
    customer_is_here(NUMBER, NUMBER, by=at_work("dora"))
    open_customer(NUMBER, by=at_work("dora"), because="serving")
    namesake = hire("dora2", "Dora", roles=["service"], password=PASSWORD, branches=[here.lake])
    for other in (replace(at_work("dora"), staff_id=namesake), replace(at_work("dora"), staff_id=None)):
        with pytest.raises(Denied, match="no_reason_given"):
            open_customer(NUMBER, by=other, because="serving")
    open_customer(NUMBER, by=replace(at_work("dora"), place="terminal, lin"), because="serving")


@pytest.mark.parametrize("said", ["", "13800004188", "陈婉清", "chen", "138", "C-99999", "nobody@example.com"])
def test_29_what_is_not_hers_does_not_open_it(here: Shop, said: str) -> None:
    quiet(here)
    assert signed_in("dora").post(f"{CARD}here/", {"said": said}).status_code == 400
    assert not AccessEntry.objects.filter(door="stated_here", allowed=True).exists()
    refused()


def test_25_saying_of_everybody_that_she_is_here_ends_and_the_officer_is_told(here: Shop) -> None:
    """Numbers follow one another, so they can be tried one by one: so many within an hour and no more."""
    people = [customer("Nobody Inparticular", number=f"C-9{n:03}") for n in range(MOST_HERE + 2)]
    for who in people:
        findable(who)
    for who in people[:MOST_HERE]:
        customer_is_here(who.number, who.number, by=at_work("dora"))
    with pytest.raises(Denied, match="said_here_too_often"):
        customer_is_here(people[-1].number, people[-1].number, by=at_work("dora"))
    refused(people[-1].number)
    alarm = ReadingAlarm.objects.get()
    assert (alarm.name, alarm.kind, alarm.files) == ("Dora", "here", MOST_HERE)
    page = signed_in("emil").get("/privacy/readings/").content.decode()
    assert "Dora" in page
    assert signed_in("emil").post(f"/privacy/readings/{alarm.id}/", {"because": "Sale day"}).status_code == 302
    customer_is_here(people[-1].number, people[-1].number, by=at_work("dora"))


def test_28_search_finds_whom_she_has_a_reason_for_and_tells_of_others_a_number_at_most(here: Shop) -> None:
    quiet(here)
    dora = at_work("dora")
    assert recognise_customer("chen", by=dora, because="x") == []
    for whole in (NUMBER, "13800004187", "wanqing@example.com"):
        (found,) = recognise_customer(whole, by=dora, because="x")
        assert (found.customer.number, found.customer.name, found.customer.city) == (NUMBER, None, None)
        assert (found.last_at, found.state, found.complaint_open) == (None, "", False)
    page = signed_in("dora").get("/customers/", {"q": "13800004187"}).content.decode()
    assert NUMBER in page
    assert "陈婉清" not in page
    give_task(NUMBER, kind="call_back", words="", due_on=DUE, owner_id=here.dora, by=EMIL, at=NOON)
    (found,) = recognise_customer("chen", by=dora, because="x")
    assert found.customer.name == "陈婉清"
    assert found.last_at is not None


def test_24_complaints_and_contacts_follow_the_same_reason(here: Shop) -> None:
    quiet(here)
    lotte = staff_called("lotte").id
    hear_complaint(NUMBER, code="repair", detail="A button.", answer_by=None, owner_id=lotte, by=EMIL, at=NOON)
    assert complaints_waiting(by=at_work("dora"), because="complaint") == []
    (line,) = complaints_waiting(by=at_work("lotte"), because="complaint")
    assert line.name == "陈婉清"
    for case, by in (("B-1000", "dora"), (line.complaint.ref, "dora")):
        because = "complaint" if case.startswith("K") else "order"
        with pytest.raises(Denied, match="no_reason_given"):
            open_contact(NUMBER, "phone", by=at_work(by), because=because, reference=case, at=NOON)
    point, _key = open_contact(
        NUMBER, "phone", by=at_work("lotte"), because="complaint", reference=line.complaint.ref, at=NOON
    )
    assert point.value == "+8613800004187"


def test_what_she_looks_through_lists_nobody(here: Shop, administrator_connection: Connection) -> None:
    """With the login her desk uses and SQL of one's own: only whom the log says is being opened so, and briefly."""
    who = quiet(here)
    ask_all = ("customer", "order_line", "task", "touchpoint", "score", "customer_activity")

    def seen(table: str) -> set[int]:
        column = "id" if table == "customer" else "customer_id"
        with connections["assigned"].cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM {table}")
            return {row[0] for row in cursor.fetchall()}

    assert [seen(table) for table in ask_all] == [set()] * len(ask_all)
    open_customer(NUMBER, by=MIA, because="looking")
    refused()
    assert seen("customer") == set()
    give_task(NUMBER, kind="call_back", words="", due_on=DUE, owner_id=here.dora, by=EMIL, at=NOON)
    card = open_card(NUMBER, by=at_work("dora"), because="serving", at=NOON)
    assert (card.facts.name, len(card.orders) > 0, card.activity is not None) == ("陈婉清", True, True)
    assert {frozenset(seen(table)) for table in ask_all if table != "touchpoint"} == {frozenset({who.id})}
    with connections["assigned"].cursor() as cursor, pytest.raises(ProgrammingError, match="does not exist"):
        cursor.execute("SELECT customer_id FROM search_token")
    with connections["assigned"].cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("SELECT count(*) FROM vault.customer")
    administrator_connection.execute("UPDATE vault.access_entry SET at = at - interval '6 minutes'")
    assert seen("customer") == set()


def test_the_most_restrictive_of_her_branches_decides(here: Shop) -> None:
    quiet(here)
    asked(off=True)
    asked(here.hill)
    open_customer(NUMBER, by=at_work("dora"), because="serving")
    hire("dora", "Dora", roles=["service"], password=PASSWORD, branches=[here.lake, here.hill])
    refused()
    hire("dora", "Dora", roles=["service"], password=PASSWORD, branches=[])
    refused()
    hire("dora", "Dora", roles=["service"], password=PASSWORD, branches=[here.hill])
    with pytest.raises(Denied, match="customer_of_another_branch"):
        open_customer(NUMBER, by=at_work("dora"), because="serving")


def test_a_program_in_her_role_is_asked_the_same(here: Shop) -> None:
    quiet(here)
    by = token_asker(issue_token("till", role="service", issued_by="Emil", at=NOON), at=NOON)
    assert by is not None
    with pytest.raises(Denied, match="no_reason_given"):
        open_customer(NUMBER, by=by, because="serving")


def test_only_the_officer_asks_for_it_or_takes_it_back(here: Shop) -> None:
    for by in (MIA, at_work("dora")):
        with pytest.raises(Denied):
            ask_for_reason("service", asked=False, by=by, at=NOON)
    with pytest.raises(BadInput):
        ask_for_reason("marketer", asked=True, by=EMIL, at=NOON)
    with pytest.raises(BadInput):
        ask_for_reason("service", branch_id=9_999, asked=True, by=EMIL, at=NOON)
    assert PrivacyEntry.objects.filter(subject="need_to_know", allowed=False).count() == 2


def test_where_nobody_asks_the_officer_still_sees_what_was_opened_without_a_reason(here: Shop) -> None:
    asked(off=True)
    who, known = quiet(here), customer("Known Customer", number="C-778")
    give_task("C-778", kind="other", words="", due_on=DUE, owner_id=here.dora, by=EMIL, at=NOON)
    for number in (NUMBER, NUMBER, "C-778"):
        open_customer(number, by=at_work("dora"), because="serving")
    Task.objects.filter(customer=known).update(opened_at=NOON)
    (found,) = report_need_to_know(by=EMIL, at=now()).without
    assert (found.who, found.customer_id, found.because) == ("Dora", who.id, "serving")
