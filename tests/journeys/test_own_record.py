"""Ann at her own page: everything of hers and nothing of anybody else, and what she tells us is kept."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from regulars.journeys.give_portal_link import enter_portal, give_portal_link, go_on, take_links_back
from regulars.journeys.open_customer import open_card
from regulars.journeys.read_choices import read_choices
from regulars.journeys.show_own_record import copy_of_own_data, own_contact, own_contacts, own_record, who_looked
from regulars.journeys.tell_us import ask_to_be_deleted, prefer, report_to_officer, suggest_correction
from regulars.journeys.unsubscribe import contact_behind, unsubscribe, unsubscribe_token, unsubscribe_url
from regulars.records.access_log.models import AccessEntry
from regulars.records.contacts.models import Contact, Response
from regulars.records.customers.models import Customer
from regulars.records.orders.models import DeskOrder
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.models import Complaint, Touchpoint
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, MIA, NOON, ann, bob
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
AT = NOON + timedelta(hours=1)
HERSELF = Asker("customer C-20418", "customer", "personal", "oversight", reference="link 1")


def secret_of(url: str) -> str:
    return url.removesuffix("/").rsplit("/", 1)[1]


def test_dora_gives_a_link_and_it_opens_her_page() -> None:
    who = wanqing(shop())
    url = give_portal_link(who.number, by=DORA, because="portal_link", at=NOON)
    visit = enter_portal(secret_of(url), at=NOON)
    assert (visit.number, visit.herself.role, visit.herself.view) == ("C-20418", "customer", "personal")
    assert go_on(visit.link_id, at=NOON) == visit
    assert take_links_back(who.number, by=DORA, because="portal_link", at=NOON) == 1
    assert go_on(visit.link_id, at=NOON) is None


def test_mia_gives_no_links() -> None:
    who = ann()
    with pytest.raises(Denied, match="portal_link_not_for_this_role"):
        give_portal_link(who.number, by=MIA, because="portal_link", at=NOON)


def test_forged_old_and_missing_links_are_one_and_the_same() -> None:
    url = give_portal_link(ann().number, by=DORA, because="portal_link", at=NOON)
    for secret, at in (("forged", NOON), (secret_of(url), NOON + timedelta(days=31)), ("", NOON)):
        with pytest.raises(NotThere, match=r"^link_closed$"):
            enter_portal(secret, at=at)
        assert AccessEntry.objects.latest("id").allowed is False


def test_she_sees_everything_with_its_source() -> None:
    who = wanqing(shop())
    held = own_record(who.number, by=HERSELF, at=AT)
    assert (held.facts.allergies, held.facts.source, held.facts.masked) == ("wool", "Till receipts", frozenset())
    assert {point.value for point in held.points} == {"wanqing@example.com", "+8613800004187", "湖滨路 8 号"}
    assert (len(held.orders), len(held.complaints)) == (10, 1)


def test_the_copy_holds_all_of_hers_and_only_hers() -> None:
    """Attack 36."""
    who, other = wanqing(shop()), bob()
    text = json.dumps(copy_of_own_data(who.number, by=HERSELF, at=AT), ensure_ascii=False)
    held = json.loads(text)
    assert (held["customer"]["name"], held["customer"]["allergies"], len(held["orders"])) == ("陈婉清", "wool", 18)
    assert sum(len(order["lines"]) for order in held["orders"]) == 35
    assert {len(held[part]) for part in ("contacts", "choices")} == {5}
    assert "湖滨路 8 号" in text
    assert not [value for value in (other.name, other.number, "bob@example.com") if value in text]


def test_the_copy_tells_how_an_order_by_hand_came_and_what_is_still_to_be_done() -> None:
    who = wanqing(shop())
    DeskOrder.objects.create(
        key=uuid4(), ref="D-7", customer=who, channel="phone", taken_by="Dora", taken_at=NOON, promised_on=NOON.date()
    )
    [told] = copy_of_own_data(who.number, by=HERSELF, at=AT)["desk_orders"]
    assert (told["ref"], told["channel"], told["state"]) == ("D-7", "phone", "open")


def test_who_looked_is_told_refusals_too_but_not_her_own_visits() -> None:
    who = wanqing(shop())
    open_card(who.number, by=DORA, because="serving", at=AT)
    with pytest.raises(Denied):
        give_portal_link(who.number, by=MIA, because="portal_link", at=NOON)
    _, lines = who_looked(who.number, by=HERSELF)
    assert {(line.role, line.allowed) for line in lines} == {("service", True), ("marketer", True), ("marketer", False)}


def test_a_contact_of_somebody_else_is_not_there() -> None:
    """Attack 31."""
    wanqing(shop())
    contact = Contact.objects.first()
    assert contact is not None
    assert own_contact("C-20418", contact.id, by=HERSELF).id == contact.id
    other = bob()
    for unknown in (contact.id, uuid4()):
        with pytest.raises(NotThere, match=r"^contact_not_there$"):
            own_contact(other.number, unknown, by=Asker("customer", "customer", "personal", "oversight"))


def test_her_contacts_say_why_and_why_not() -> None:
    who = wanqing(shop())
    _, contacts = own_contacts(who.number, by=HERSELF, at=AT)
    assert {one.state for one in contacts} == {"sent", "refused", "held", "waiting", "holdout"}
    assert all(len(one.reasons) == 9 for one in contacts)


def test_a_correction_waits_for_a_person_and_changes_nothing_by_itself() -> None:
    who = wanqing(shop())
    suggest_correction(who.number, field="city", proposal="We moved to 上海.", by=HERSELF, at=AT)
    suggest_correction(who.number, field="name", proposal="陈琬清", by=HERSELF, at=AT)
    assert set(Touchpoint.objects.filter(kind="correction").values_list("title", "detail")) == {
        ("city", "We moved to 上海."), ("name", "陈琬清"),
    }  # fmt: skip
    assert Task.objects.filter(kind="correction", state="open").count() == 1
    assert Customer.objects.get(id=who.id).city == "杭州"
    with pytest.raises(BadInput, match="field_unknown"):
        suggest_correction(who.number, field="allows_disclosure", proposal="yes", by=HERSELF, at=AT)


def test_a_wish_to_be_deleted_and_something_odd_become_work() -> None:
    who = wanqing(shop())
    ask_to_be_deleted(who.number, words="", by=HERSELF, at=AT)
    report_to_officer(who.number, words="Who is Dora?", by=HERSELF, at=AT)
    assert Task.objects.get(kind="erasure").due_on == AT.date() + timedelta(days=7)
    assert Complaint.objects.latest("id").code == "privacy"


def test_her_hours_hold_at_once() -> None:
    who = wanqing(shop())
    prefer(who.number, channel="email", quiet_from=22, quiet_until=7, by=HERSELF, at=AT)
    facts = read_choices(who.number, by=HERSELF, because="own_record").facts
    assert (facts.preferred_channel, facts.quiet_from, facts.quiet_until) == ("email", 22, 7)


def test_one_click_in_a_mail_ends_mail_and_nothing_else() -> None:
    who = wanqing(shop())
    mail = Contact.objects.get(channel="email", state="waiting")
    made = unsubscribe(unsubscribe_token(mail.id), at=AT)
    assert (made.purpose, made.channel, made.value, made.called_off) == ("direct_marketing", "email", "denied", 2)
    who.refresh_from_db()
    assert (who.allows_email, who.allows_sms, who.allows_direct_marketing) == (False, True, True)
    again = unsubscribe(unsubscribe_token(mail.id), at=AT)
    assert (again.before, again.called_off) == ("denied", 0)
    assert list(Response.objects.values_list("campaign_id", "kind", "customer_id")) == [
        (mail.campaign_id, "unsubscribe", who.id)
    ]


def test_a_token_cannot_be_made_up_or_turned_into_another() -> None:
    wanqing(shop())
    one, other = Contact.objects.values_list("id", flat=True)[:2]
    token = unsubscribe_token(one)
    assert unsubscribe_url(one).endswith(f"/u/{token}/")
    assert contact_behind(token) == one
    body, stolen = unsubscribe_token(other)[:21], token[21:]
    for forged in ("", "x", token[:-1], token + "A", body + stolen, "A" * len(token), "é", "%00", token.swapcase()):
        with pytest.raises(NotThere, match=r"^link_not_ours$"):
            unsubscribe(forged, at=AT)
