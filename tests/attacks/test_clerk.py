"""Somebody who works here and wants more than the work asks for."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import ProgrammingError, connection, connections, transaction

from regulars.connections.postgres.asking import door, nothing
from regulars.connections.postgres.securing import Connection
from regulars.journeys.open_contact import open_contact
from regulars.journeys.withdraw_consent import withdraw_consent
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.access_log.models import AccessEntry
from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers import access
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import Customer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, MIA, NOON, STEN, ann, bob, cleo
from tests.desks.visitors import at_home, shape, signed_in
from tests.story import findable, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
CARD = "/customers/C-20418/"
EVERY_WAY = (
    CARD, f"{CARD}?show=bought", f"{CARD}earlier/?before=2026-03-01T00:00:00Z", f"{CARD}choices/",
    f"{CARD}complaints/1/",    f"{CARD}orders/1/?at=2026-02-11T12:00:00Z",
)  # fmt: skip


@pytest.mark.parametrize("path", EVERY_WAY)
def test_24_a_customer_outside_her_own_assignment_is_denied_by_every_way_in_and_logged(path: str) -> None:
    at = shop()
    wanqing(at, home_branch_id=at.hill)
    answer = signed_in("dora").get(path)
    assert answer.status_code == 403
    assert "陈婉清" not in answer.content.decode()
    entry = AccessEntry.objects.latest("id")
    assert (entry.allowed, entry.rows, entry.who, entry.door) == (False, 0, "Dora", "open_customer")


def test_24_nor_is_she_found_counted_or_written_to() -> None:
    at = shop()
    who = wanqing(at, home_branch_id=at.hill)
    dora = signed_in("dora")
    for path in ("/customers/?q=chen", "/customers/?q=C-20418", "/customers/?q=wanqing@example.com", "/complaints/"):
        assert "陈婉清" not in dora.get(path).content.decode()
    assert dora.post(f"{CARD}notes/new/", {"kind": "note", "channel": "counter", "title": "x"}).status_code == 403
    assert dora.post(f"{CARD}open/", {"because": "order|B-1000", "channel": "phone"}).status_code == 403
    assert dora.post(f"{CARD}link/").status_code == 403
    assert not AccessEntry.objects.filter(customer_id=who.id, allowed=True).exists()


@pytest.mark.parametrize("by", [MIA, STEN], ids=["marketer", "steward"])
def test_26_nobody_writes_an_opt_in_around_the_queue(by: Asker) -> None:
    who = ann()
    with pytest.raises(Denied):
        withdraw_consent(who.number, by=by, source="officer", at=NOON)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE customer SET allows_disclosure = true")
    assert ChoiceEntry.objects.filter(customer=who).count() == 1
    assert not Customer.objects.get(id=who.id).allows_disclosure


def test_28_a_mail_of_somebody_hidden_and_one_of_nobody_have_the_same_answer() -> None:
    """Looking for a mail or a phone does not tell that it is known here, where the person may not be seen."""
    at = shop()
    findable(wanqing(at, home_branch_id=at.hill))
    dora = signed_in("dora")
    for hidden, nobodys in (("wanqing@example.com", "nobody@example.com"), ("13800004187", "13800004188")):
        answers = [dora.get("/customers/", {"q": asked}) for asked in (hidden, nobodys)]
        told = [shape(answer)[1].replace(asked, "?") for answer, asked in zip(answers, (hidden, nobodys), strict=True)]
        assert told[0] == told[1]


def test_28_proposing_a_mail_that_is_taken_is_answered_like_any_other() -> None:
    """At her own page a customer may propose any mail: whether it is somebody else's is not to be learned there."""
    bob()
    proposals = {ann().number: "bob@example.com", cleo().number: "nobody@example.com"}
    answers = [at_home(number).post("/me/data/correct/email/", {"words": words}) for number, words in proposals.items()]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/me/data/")] * 2
    told = [[str(said) for said in get_messages(answer.wsgi_request)] for answer in answers]
    assert told[0] == told[1] != []


@pytest.mark.parametrize("because", ["curious|K-1", "complaint|K-999", "order|B-9999", "task|T-1", "order|", ""])
def test_29_no_number_is_opened_without_a_case_of_that_very_customer(because: str) -> None:
    wanqing(shop())
    dora = signed_in("dora")
    assert dora.post(f"{CARD}open/", {"because": because, "channel": "phone"}).status_code == 400
    assert "13800004187" not in dora.get(CARD).content.decode()
    assert not AccessEntry.objects.filter(door="open_contact", allowed=True).exists()


def test_29_a_refused_try_stands_in_the_log() -> None:
    who = wanqing(shop())
    with pytest.raises(BadInput):
        open_contact(who.number, "phone", by=DORA, because="order", reference="B-9999", at=NOON)
    entry = AccessEntry.objects.latest("id")
    assert (entry.door, entry.allowed, entry.customer_id) == ("open_contact", False, who.id)


def test_31_a_number_that_is_nobodys_and_one_that_is_hidden_look_alike() -> None:
    shop()
    hidden = ann()
    ChoiceEntry.objects.create(
        customer=hidden, purpose="direct_marketing", value="denied", at=NOON, by="x", source="portal"
    )
    mia = signed_in("mia")
    absent, closed = (mia.get(f"/customers/{number}/") for number in ("C-99999", hidden.number))
    assert absent.status_code == 404
    assert shape(absent) == shape(closed)


def test_41_a_key_to_one_number_opens_nothing_in_another_role() -> None:
    at = shop()
    who = wanqing(at)
    _point, key = open_contact(who.number, "phone", by=DORA, because="order", reference="B-1000", at=NOON)
    for by in (MIA, STEN, replace(DORA, role="marketer", view="marketing")):
        opened, _facts = open_customer(who.number, by=by, because="test")
        with pytest.raises(Denied):
            open_contact(who.number, key.channel, by=by, because=key.because, reference=key.reference, at=NOON)
        assert opened.by.view != "personal"


def read_through_opening(question: str) -> list[tuple[Any, ...]]:
    with connections["opening"].cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


def test_what_an_agent_opens_contacts_through_lists_nobody(administrator_connection: Connection) -> None:
    """With the login her desk uses for it and SQL of one's own: only what the log says is being opened, and briefly."""
    at = shop()
    wang, other = wanqing(at), ann()
    everything = "SELECT customer_id, channel FROM contact_point"
    assert read_through_opening(everything) == []
    assert read_through_opening("SELECT customer_id FROM customer_key") == []
    open_contact(wang.number, "phone", by=DORA, because="order", reference="B-1000", at=NOON)
    with pytest.raises(BadInput):
        open_contact(other.number, "phone", by=DORA, because="order", reference="B-1000", at=NOON)
    assert {customer for customer, _ in read_through_opening(everything)} == {wang.id}
    assert read_through_opening("SELECT customer_id FROM customer_key") == [(wang.id,)]
    for table in ("customer", "search_token", "access_entry", "own_value"):
        with pytest.raises(ProgrammingError, match="does not exist"):
            read_through_opening(f"SELECT * FROM {table}")
    for statement in (
        "INSERT INTO vault.access_entry (at, customer_id, door, allowed) VALUES (now(), 1, 'open_contact', true)",
        "SELECT count(*) FROM vault.access_entry", "SELECT count(*) FROM vault.contact_point",
    ):  # fmt: skip
        with pytest.raises(ProgrammingError, match="permission denied"):
            read_through_opening(statement)
    administrator_connection.execute("UPDATE vault.access_entry SET at = at - interval '6 minutes'")
    assert read_through_opening(everything) == []


def test_what_is_not_in_the_log_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a door forget to say who opens, the view has nobody in it."""
    at = shop()
    who = wanqing(at)
    monkeypatch.setattr(access, "note_access", door(lambda *_by, **_what: nothing()))
    with pytest.raises(NotThere):
        open_contact(who.number, "phone", by=DORA, because="order", reference="B-1000", at=NOON)


def test_a_refused_look_opens_nothing_either() -> None:
    at = shop()
    who = wanqing(at)
    note_denial(replace(DORA, view="opening"), door="open_contact", because="order", customer_id=who.id)
    note_access(DORA, door="open_customer", because="order", rows=1, customer_id=who.id)
    assert read_through_opening("SELECT customer_id FROM contact_point") == []
