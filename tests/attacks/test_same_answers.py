"""Whether somebody is a customer is not told by status, words or work: the same statements in the same order, whoever
is asked for. Times vary with the machine; what is done for an answer does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote, quote_plus
from uuid import uuid4

import psycopg
import pytest

from regulars.connections.postgres.wire import Wire
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.need_to_know import ask_for_reason
from regulars.journeys.serve_customer import give_task
from regulars.records.access_log.models import AccessEntry
from regulars.records.company.models import Branch
from regulars.records.customers.models import Customer
from regulars.records.customers.recognising import COMPARED, recognise_customers
from regulars.records.intake.models import Source
from regulars.records.orders.models import DeskOrder
from regulars.records.staff.actions import hire
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.models import Complaint
from regulars.records.watched.actions import protect, unprotect
from regulars.rules.cleaning.phones import read_phone
from regulars.rules.identity.marks import Told
from regulars.rules.identity.phone_slips import meant_by
from regulars.rules.permission.need_to_know import ASSIGNED
from tests.cast import DORA, EMIL, NOON, customer, said
from tests.desks.api.programs import program, program_for
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import shape, signed_in
from tests.story import DAY, PASSWORD, findable, order, shop

pytestmark = pytest.mark.usefixtures("house")

NOBODY, CLOSED, ERASED = "C-99999", "C-70001", "C-70002"
PAGES = (
    "/customers/{}/", "/customers/{}/?show=bought", "/customers/{}/earlier/?before=2026-03-01T00:00:00Z",
    "/customers/{}/orders/1/?at=2026-02-11T12:00:00Z", "/customers/{}/choices/", "/customers/{}/sources/",
    "/customers/?q={}",
)  # fmt: skip
ADDRESSES = (
    "/customers/{}", "/customers/{}/card", "/customers/{}/contacts", "/customers/{}/orders", "/customers/{}/sources",
    "/customers/{}/attributes", "/customers/{}/choices", "/customers/{}/groups",
)  # fmt: skip

#: No phone is another with a slip in it: who has such a one is found by it.
FAR = ("Fara Farwell", "C-80001", "fara@example.com", "+15550208117", "hill")
PROTECTED = ("Petra Parker", "C-80002", "petra@example.com", "+15550308226", "lake")
#: Of whom nobody has ever heard, in as many words and letters.
STRANGER = ("Nele Nirgend", "C-80009", "nele@example.com", "+15550408335")
#: What is asked again when it has been known for a while, whoever is asked for.
KEPT_A_WHILE = ("django_session", "FROM company")


@pytest.fixture(autouse=True)
def people(house: None) -> None:
    """One closed marketing, one was erased. Of the third nobody has ever heard."""
    shop()
    for number in (CLOSED, ERASED):
        who = customer("Nora Nobody", number=number, email=f"{number}@example.com", phone="+15550100009")
        findable(who)
        said(who, "direct_marketing", "denied")
    erase_customer(ERASED, by=EMIL, because="she asked", reference="T-1", at=NOON)


@pytest.fixture
def hidden(people: None) -> None:
    """Whom Dora of the lake shop may not know of by name: one is the hill shop's, one is protected. Both have called,
    bought and complained, and wait for somebody."""
    places, source = dict(Branch.objects.values_list("ref", "id")), Source.objects.get(ref="till").id
    for name, number, mail, phone, where in (FAR, PROTECTED):
        who = customer(
            name, number=number, email=mail, phone=phone, home_branch_id=places[where], city="杭州",
            birth_on=date(1990, 5, 5),
        )  # fmt: skip
        findable(who)
        order(who, NOON - 9 * DAY, [("Tea", 900)], branch=places[where], source=source, ref=f"O-{number}")
        Complaint.objects.create(customer=who, code="late", opened_at=NOON)
        give_task(number, kind="call_back", words="", due_on=NOON.date(), owner_id=None, by=EMIL, at=NOON)
    protect(Customer.objects.get(number=PROTECTED[1]).id, because="known from television", by=EMIL, at=NOON)


@contextmanager
def asked_of_the_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The text of every statement, through whichever login and by whichever way."""
    heard: list[str] = []
    execute, send = psycopg.Cursor.execute, Wire._send

    def by_cursor(self: Any, query: Any, *values: Any, **more: Any) -> Any:
        heard.append(query if isinstance(query, str) else str(query))
        return execute(self, query, *values, **more)

    def by_wire(self: Any, text: bytes, *values: Any, **more: Any) -> Any:
        heard.append(text.decode())
        return send(self, text, *values, **more)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Cursor, "execute", by_cursor)
        patched.setattr(Wire, "_send", by_wire)
        yield heard


def without(number: str, statements: list[str]) -> list[str]:
    """Statements with their values apart: Django writes some of them into the text."""
    return [one.replace(number, "?") for one in statements if not any(known in one for known in KEPT_A_WHILE)]


@pytest.mark.parametrize("path", PAGES)
def test_22_a_page_does_the_same_for_nobody_and_for_whoever_closed_or_was_erased(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = signed_in("mia")
    mia.get(path.format("C-88888"))  # what is looked up once is looked up
    seen = {}
    for number in (NOBODY, CLOSED, ERASED):
        with asked_of_the_database(monkeypatch) as heard:
            answer = mia.get(path.format(number))
        status, page = shape(answer)
        seen[number] = status, page.replace(number, "?"), without(number, heard)
    assert seen[NOBODY] == seen[CLOSED] == seen[ERASED]
    assert seen[NOBODY][2], "something was asked"
    assert "Nora" not in seen[CLOSED][1]


@pytest.mark.parametrize("who", ["marketer", "marketing", "disclosure"])
@pytest.mark.parametrize("path", ADDRESSES)
def test_22_the_api_does_the_same_for_nobody_and_for_whoever_closed_or_was_erased(
    path: str, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = program("marketer") if who == "marketer" else program_for(who)
    asks.get(path.format("C-88888"), because="serving")
    seen = {}
    for number in (NOBODY, CLOSED, ERASED):
        with asked_of_the_database(monkeypatch) as heard:
            answer = asks.get(path.format(number), because="serving")
        seen[number] = answer.status, str(answer.told).replace(number, "?"), without(number, heard)
    assert seen[NOBODY] == seen[CLOSED] == seen[ERASED]
    assert seen[NOBODY][0] in (403, 404)


@pytest.mark.parametrize("wanted", ["{}@example.com", "+15550100009", "Nora Nobody", "Nora"])
def test_28_searching_for_who_is_closed_does_what_searching_for_nobody_does(
    wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia, seen = signed_in("mia"), []
    for text in (wanted.format(CLOSED), wanted.format("q-1").replace("0009", "0777").replace("Nora", "Nele")):
        mia.get("/customers/", {"q": text})
        with asked_of_the_database(monkeypatch) as heard:
            answer = mia.get("/customers/", {"q": text})
        status, page = shape(answer)
        seen.append((status, page.replace(text, "?"), len(heard)))
    assert "C-7000" not in seen[0][1]
    assert seen[0] == seen[1]


def words_of(person: tuple[str, ...]) -> list[str]:
    """Ways to ask for her: name, a part, its beginning, name and birth date, number, mail, phone, that with a slip."""
    name, number, mail, phone = person[:4]
    slip = phone[:-3] + phone[-2:]
    return [name, name.split()[1], name[:3], f"{name} 1990-05-05", f"{name} {phone[-4:]}", number, mail, phone, slip]


def by_name(words: str) -> bool:
    return not any(words in person for person in (FAR, PROTECTED)) or " " in words


ASKED_FOR = [
    *((one, other) for one, other in zip(words_of(FAR), words_of(STRANGER), strict=True)),
    *((one, other) for one, other in zip(words_of(PROTECTED), words_of(STRANGER), strict=True) if by_name(one)),
]


def as_told(answer: Any, *words: str) -> tuple[int, str]:
    """The answer without what was asked."""
    status, page = shape(answer)
    for one in words:
        page = page.replace(one, "?").replace(quote(one), "?").replace(quote_plus(one), "?")
    return status, page


@pytest.mark.parametrize(("one", "nobody"), ASKED_FOR)
def test_28_the_counter_looks_for_whom_it_may_not_know_as_for_nobody(
    one: str, nobody: str, hidden: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Search and recognition of the page: the same words, the same statements. The protected are found by no name."""
    dora, seen = signed_in("dora"), []
    for text in (nobody, one, nobody):
        with asked_of_the_database(monkeypatch) as heard:
            answer = dora.get("/customers/", {"q": text})
        seen.append((as_told(answer, text), len(heard)))
    assert seen[1] == seen[2]
    assert not any(said in seen[1][0][1] for said in (FAR[1], PROTECTED[1]))


@pytest.mark.parametrize("words", [PROTECTED[1], PROTECTED[2], PROTECTED[3]])
def test_28_who_is_protected_is_told_by_whole_numbers_and_mails_and_of_her_nothing_but_the_number(
    words: str, hidden: None
) -> None:
    page = signed_in("dora").get("/customers/", {"q": words}).content.decode()
    assert PROTECTED[1] in page
    assert not any(said in page for said in ("Petra", "Parker", "杭州", "complaint open", "last visit"))


@pytest.mark.parametrize("for_a_reason", [False, True])
def test_28_nobody_hidden_takes_the_place_of_the_last_who_is_compared(for_a_reason: bool, people: None) -> None:
    """Forty with a number near the one that is typed, taken in for that: who is hidden and came before them would make
    the last one of them go unseen, and so tell of her number."""
    typed, born = "+8613900001234", date(1990, 5, 5)
    near = [one for one in meant_by(typed, "CN") if read_phone(one) and one[-7:] != typed[-7:]]
    hers = customer("Petra Parker", number="C-70009", phone=near[0])
    findable(hers)
    numbers = [f"C-8{place:04}" for place in range(COMPARED)]
    for number, phone in zip(numbers, near[1:], strict=False):
        findable(customer("Dec Oy", number=number, phone=phone, birth_on=born if number == numbers[-1] else None))
        give_task(number, kind="call_back", words="", due_on=NOON.date(), owner_id=None, by=EMIL, at=NOON)
    if for_a_reason:
        ask_for_reason("service", branch_id=None, asked=True, by=EMIL, at=NOON)
    else:
        protect(hers.id, because="known from television", by=EMIL, at=NOON)
    by = replace(DORA, view=ASSIGNED) if for_a_reason else DORA
    told = recognise_customers(Told(phones=(typed,), birth_on=born), by=by, because="call")
    assert told[0].customer.number == numbers[-1]


@pytest.mark.parametrize("act", ["take", "close", "hand"])
def test_24_another_branchs_task_is_none(act: str, hidden: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of a task is tried out; what is refused stands in the log, with the number that was tried."""
    dora, seen = signed_in("dora"), []
    hers = str(Task.objects.get(customer__number=FAR[1]).id)
    for task in ("99998", hers, "99999"):
        with asked_of_the_database(monkeypatch) as heard:
            answer = dora.post(f"/tasks/{task}/{act}/", {"outcome": "done", "owner": ""})
        seen.append((shape(answer), len(heard)))
    assert seen[1] == seen[2]
    assert seen[1][0][0] == 404
    tried = AccessEntry.objects.filter(who="Dora", door="open_customer", allowed=False)
    assert list(tried.order_by("id").values_list("reference", flat=True)) == ["T-99998", f"T-{hers}", "T-99999"]


def test_24_another_branchs_order_of_the_desk_is_none(hidden: None, monkeypatch: pytest.MonkeyPatch) -> None:
    who = Customer.objects.get(number=FAR[1])
    DeskOrder.objects.create(key=uuid4(), ref="D-1", customer=who, channel="counter", taken_at=NOON, taken_by="staff 9",
                             state="open")  # fmt: skip
    dora, seen = signed_in("dora"), []
    for ref in ("D-8", "D-1", "D-9"):
        with asked_of_the_database(monkeypatch) as heard:
            answer = dora.post(f"/desk/orders/{ref}/handed-over/")
        seen.append((shape(answer), len(heard)))
    assert seen[1] == seen[2]
    assert DeskOrder.objects.get().state == "open"


@pytest.mark.parametrize(
    ("one", "nobody"),
    [(one, other) for one, other in zip(words_of(PROTECTED), words_of(STRANGER), strict=True) if by_name(one)],
)
def test_28_programs_and_the_terminal_find_the_protected_by_no_name_either(
    one: str, nobody: str, hidden: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks, seen = program("service"), []
    ways = (
        lambda text: asks.get("/customers", text=text, because="call").told,
        lambda text: asks.post("/recognise", {"text": text, "because": "call"}).told,
        lambda text: regulars("customer", "find", text, "--because", "call", "--json"),
        lambda text: regulars("recognise", text, "--because", "call", "--json"),
    )
    for text in (nobody, one, nobody):
        told = []
        for way in ways:
            with asked_of_the_database(monkeypatch) as heard:
                told.append((str(way(text)).replace(text, "?"), len(heard)))
        seen.append(told)
    assert seen[1] == seen[2]
    assert PROTECTED[1] not in str(seen[1])


@pytest.mark.parametrize("part", [slice(0, 5), slice(0, 1)])
def test_28_where_a_reason_is_asked_a_name_there_is_none_for_is_nobodys(
    part: slice, hidden: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Petra's task is taken by a colleague: Dora has no reason, by search, recognition or the number of the task."""
    ask_for_reason("service", branch_id=None, asked=True, by=EMIL, at=NOON)
    unprotect(Customer.objects.get(number=PROTECTED[1]).id, by=EMIL)
    lotte = hire("lotte", "Lotte", roles=["service"], password=PASSWORD)
    Task.objects.filter(customer__number=PROTECTED[1]).update(owner_id=lotte)
    dora, hers = signed_in("dora"), str(Task.objects.get(customer__number=PROTECTED[1]).id)
    for one, nobody in zip(words_of(PROTECTED)[part], words_of(STRANGER)[part], strict=True):
        seen = []
        for text, task in ((nobody, "99998"), (one, hers), (nobody, "99999")):
            with asked_of_the_database(monkeypatch) as heard:
                page = as_told(dora.get("/customers/", {"q": text}), text)
                closing = shape(dora.post(f"/tasks/{task}/close/", {"outcome": "done"}))
            seen.append((page, closing, len(heard)))
        assert seen[1] == seen[2], one
        assert PROTECTED[1] not in str(seen[1])


def test_28_a_call_from_whom_the_agent_may_not_know_rings_like_a_strangers(
    hidden: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    dora, telephony, seen = signed_in("dora"), program("service"), []
    for phone in ("+15550508444", FAR[3], STRANGER[3]):
        told = telephony.post("/calls", {"caller": phone, "call": phone, "agent": "dora"}).told
        call = str(told["id"])
        with asked_of_the_database(monkeypatch) as heard:
            answer = dora.get(f"/calls/{call}/")
        shown = as_told(answer, phone, f"/calls/{call}/", f'data-call="{call}"')
        seen.append((shown, len(heard)))
    assert seen[1][1] == seen[2][1]
    assert FAR[0].split()[0] not in seen[1][0][1]
    assert FAR[1] not in seen[1][0][1]
