"""Contacts: planned once, counted for everybody, named only through the asker's view, kept with their reasons."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain, count
from threading import Thread
from uuid import UUID, uuid4

import pyarrow as pa
import pytest
from django.db import OperationalError, connection

from regulars.records.access_log.models import AccessEntry
from regulars.records.choices.actions import add_choice
from regulars.records.contacts.access import (
    answer_days,
    arm_answers,
    contacts_where,
    drawn_people,
    last_gate_day,
    sample_contacts,
    state_counts,
)
from regulars.records.contacts.answers import Answer, answers_given, record_answers
from regulars.records.contacts.gate_persons import persons_for_gate
from regulars.records.contacts.history import bring_in_sent
from regulars.records.contacts.models import Contact
from regulars.records.contacts.of_customer import contact_of, contacts_of, invented_recipient, recipient_of
from regulars.records.contacts.planning import Planned, cancel_campaign, plan_contacts, release_reserved
from regulars.records.contacts.sending import (
    claim_next,
    only_sender,
    permission_held,
    recipient,
    recipients,
    settle,
    wake_held,
)
from regulars.records.customers.access import open_customer
from regulars.records.customers.actions import add_contact_points, create_customers
from regulars.records.customers.models import ContactPoint, Customer
from regulars.records.intake.actions import ensure_source
from regulars.records.touchpoints.models import Complaint
from regulars.rules.permission.errors import BadInput
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob, cleo, customer, said, wang_fang
from tests.records.contacts.planned import HOUR, campaign, decision, plan

pytestmark = pytest.mark.usefixtures("house")
DAY = timedelta(days=1)


def test_planning_again_adds_nobody_twice() -> None:
    spring, people = campaign(), [ann(), cleo()]
    planned = [Planned(who.id, "test", "waiting", decision()) for who in people]
    assert plan_contacts(spring.pk, "email", planned, at=NOON) == 2
    assert plan_contacts(spring.pk, "email", planned, at=NOON + HOUR) == 0
    assert set(Contact.objects.values_list("decided_at", flat=True)) == {NOON}


def test_what_the_gate_said_is_kept_with_all_nine_answers() -> None:
    spring = campaign()
    plan(spring, ann(), "held", at=NOON.replace(hour=23))
    kept = Contact.objects.get()
    assert (kept.strip, kept.not_before) == ("ppppppppw", NOON.replace(day=13, hour=9))
    assert [said["rule"] for said in kept.reasons][::8] == ["reason", "quiet_hours"]
    assert kept.reasons[8]["values"]["until"] == "2026-03-13T09:00:00+00:00"


def test_counts_are_of_everybody_and_names_of_those_the_view_shows() -> None:
    """Bob said no: Mia's counts know that somebody was refused, her list does not know him."""
    spring = campaign()
    plan(spring, ann()), plan(spring, cleo(), "reserved", "rollout")
    plan(spring, bob(), "refused", "", allows_direct_marketing=False)
    assert state_counts(spring.pk, by=MIA) == {("test", "waiting"): 1, ("rollout", "reserved"): 1, ("", "refused"): 1}
    assert {line.name for line in sample_contacts(spring.pk, by=MIA, because="look")} == {"Ann Archer", "Cleo Baker"}
    assert {line.name for line in sample_contacts(spring.pk, by=EMIL, because="look")} == {
        "Ann Archer", "Bob Baker", "Cleo Baker",
    }  # fmt: skip
    assert [line.name for line in sample_contacts(spring.pk, by=MIA, because="x", state="reserved", arm="rollout")] == [
        "Cleo Baker"
    ]
    assert [entry.rows for entry in AccessEntry.objects.filter(door="sample_contacts").order_by("id")] == [2, 3, 1]


def test_people_are_listed_by_the_rule_that_held_them_first() -> None:
    spring = campaign()
    plan(spring, ann(), "held", contacts_30d=3, open_complaints=1)
    plan(spring, cleo(), "held", contacts_30d=3)
    plan(spring, customer("Carl Cap"), "waiting")
    complaint, cap = 5, 6
    assert [line.name for line in contacts_where(spring.pk, by=MIA, because="x", rule=complaint)[1]] == ["Ann Archer"]
    assert [line.name for line in contacts_where(spring.pk, by=MIA, because="x", rule=cap)[1]] == ["Cleo Baker"]
    assert contacts_where(spring.pk, by=MIA, because="x", state="held")[0] == 2
    total, second = contacts_where(spring.pk, by=MIA, because="x", limit=1, offset=1)
    assert (total, len(second)) == (3, 1)
    assert AccessEntry.objects.latest("id").door == "contacts_where"


def test_the_gates_last_day() -> None:
    assert last_gate_day(at=NOON) is None
    spring = campaign()
    plan(spring, ann(), at=NOON - 3 * DAY)
    plan(spring, cleo(), at=NOON), plan(spring, customer("Carl"), at=NOON - HOUR)
    plan(spring, customer("Late"), at=NOON + DAY)
    day = last_gate_day(at=NOON)
    assert day is not None
    assert (day.until, dict(day.strips)) == (NOON, {"ppppppppp": 2})


def test_answers_are_counted_by_arm_and_person_once() -> None:
    spring = campaign()
    people = {name: customer(name) for name in ("Tess", "Tom", "Hal", "Rita", "Zed")}
    for name, arm, state in (("Tess", "test", "sent"), ("Tom", "test", "waiting"), ("Hal", "holdout", "holdout"),
                             ("Rita", "", "refused")):  # fmt: skip
        plan(spring, people[name], state, arm)
    answers = [
        Answer(people[name].id, kind, NOON + days * DAY, ref)
        for name, kind, days, ref in (
            ("Tess", "redemption", 2, "c1"), ("Tess", "order", 1, "o1"), ("Hal", "order", 1, "o2"),
            ("Tom", "unsubscribe", 1, "u1"), ("Rita", "order", 1, "o3"), ("Zed", "order", 1, "o4"),
        )
    ]  # fmt: skip
    assert record_answers(spring.pk, answers) == 6
    assert record_answers(spring.pk, answers) == 0
    arms = {one.arm: (one.people, one.sent, one.responders) for one in arm_answers(spring.pk)}
    assert arms == {"test": (2, 1, 1), "holdout": (1, 0, 1)}
    assert sorted(answer_days(spring.pk)) == sorted(
        [(people["Tess"].id, "test", (NOON + DAY).date()), (people["Hal"].id, "holdout", (NOON + DAY).date())]
    )
    assert drawn_people(spring.pk) == {
        people["Tess"].id: "test", people["Tom"].id: "test", people["Hal"].id: "holdout",
    }  # fmt: skip
    assert len(answers_given()) == 5


def test_the_gate_is_told_what_the_vault_knows_at_that_moment() -> None:
    spring, other = campaign(), campaign("other")
    who = ann()
    Complaint.objects.create(customer=who, opened_at=NOON - DAY, code="repair")
    Complaint.objects.create(customer=who, opened_at=NOON - DAY, code="repair", closed_at=NOON - HOUR)
    plan(other, who)
    [known] = persons_for_gate([who.id, 0], channel="email", campaign=spring.pk, at=NOON, zone="Asia/Shanghai")
    assert (known.customer_id, known.allows_direct_marketing, known.reachable) == (who.id, True, True)
    assert (known.open_complaints, known.contacts_30d, known.competing_campaign) == (1, 0, other.pk)
    assert (known.timezone, known.jurisdiction, known.birth_on) == ("Asia/Shanghai", "none", who.birth_on)


def test_what_was_sent_in_thirty_days_counts_service_and_older_do_not() -> None:
    spring, who = campaign(), ann()
    for key, days, more in (("a", 29, {}), ("b", 31, {}), ("c", 1, {"purpose": "service"})):
        one = campaign(key, **more)
        plan(one, who, "sent", at=NOON - days * DAY)
        Contact.objects.filter(campaign=one).update(sent_at=NOON - days * DAY)
    [known] = persons_for_gate([who.id], channel="email", campaign=spring.pk, at=NOON, zone="UTC")
    assert known.contacts_30d == 1


def test_her_own_hours_and_a_missing_address_are_known() -> None:
    spring = campaign()
    who = customer("Night Owl", phone="+15550100009", quiet_from=22, quiet_until=11, timezone="Europe/Berlin")
    [known] = persons_for_gate([who.id], channel="email", campaign=spring.pk, at=NOON, zone="UTC")
    assert (known.reachable, known.timezone) == (False, "Europe/Berlin")
    assert known.may_from is not None
    assert known.may_until is not None
    assert (known.may_from.hour, known.may_until.hour) == (11, 22)


def test_the_erased_are_not_asked_about_and_no_channel_is_made_up() -> None:
    spring, who = campaign(), ann()
    Customer.objects.filter(id=who.id).update(erased_at=NOON)
    assert persons_for_gate([who.id], channel="email", campaign=spring.pk, at=NOON, zone="UTC") == []
    with pytest.raises(BadInput, match="contact_channel_unknown"):
        persons_for_gate([who.id], channel="pigeon", campaign=spring.pk, at=NOON, zone="UTC")


def test_what_was_sent_before_us_counts_and_says_that_our_gate_was_not_asked() -> None:
    spring, people = campaign(), [ann(), bob()]
    ids = [who.id for who in people]
    assert bring_in_sent(spring.pk, "email", ids, sent_at=NOON - DAY) == 2
    assert bring_in_sent(spring.pk, "email", ids, sent_at=NOON - DAY) == 0
    kept = Contact.objects.get(customer=people[0])
    assert (kept.state, kept.sent_at, kept.strip, kept.reasons[0]["code"]) == (
        "sent", NOON - DAY, "", "decided_elsewhere",
    )  # fmt: skip


def test_a_file_shows_its_contacts_newest_first_with_their_reasons() -> None:
    who = ann()
    first, second = plan(campaign("first"), who, at=NOON - DAY), plan(campaign("second"), who, "held", contacts_30d=3)
    opened, _ = open_customer(who.number, by=DORA, because="test")
    shown = contacts_of(opened, before=NOON + HOUR)
    assert [(one.id, one.campaign, one.state, one.at) for one in shown] == [
        (second, "Second", "held", NOON), (first, "First", "waiting", NOON - DAY),
    ]  # fmt: skip
    assert [said["code"] for said in shown[0].reasons if said["answer"] == "wait"] == ["cap_reached"]
    assert contacts_of(opened, before=NOON) == shown[1:]
    assert contacts_of(opened, before=NOON + HOUR, newest=1) == shown[:1]


def test_a_contact_of_somebody_else_is_not_there() -> None:
    spring = campaign()
    hers, his = plan(spring, ann()), plan(spring, bob(), "refused", "")
    opened, _ = open_customer(Customer.objects.get(name="Ann Archer").number, by=DORA, because="test")
    mine = contact_of(opened, hers)
    assert mine is not None
    assert mine.id == hers
    assert contact_of(opened, his) is None
    assert contact_of(opened, uuid4()) is None


def test_a_signed_link_leads_to_whom_it_was_sent() -> None:
    who = ann()
    assert recipient_of(plan(campaign(), who)) == who.number
    assert recipient_of(uuid4()) is None


def test_the_demonstration_shows_an_invented_recipient_only() -> None:
    spring = campaign()
    plan(spring, ann(), "sent")
    assert invented_recipient() is None
    made_up = customer("Made Up", invented=True)
    plan(spring, made_up, "sent")
    assert invented_recipient() == made_up.number


def test_those_kept_back_are_let_go_and_the_rest_is_called_off() -> None:
    spring = campaign()
    for name, state in (("A", "reserved"), ("B", "reserved"), ("C", "sent"), ("D", "waiting")):
        plan(spring, customer(name), state)
    assert release_reserved(spring.pk) == 2
    assert cancel_campaign(spring.pk) == 3
    assert state_counts(spring.pk, by=MIA) == {("test", "cancelled"): 3, ("test", "sent"): 1}


class PostRoom:
    """One campaign in the hands of one sender."""

    def __init__(self) -> None:
        self.campaign = campaign()
        self.ann = ann()
        self.contact = plan(self.campaign, self.ann)

    def claimed(self, at: datetime = NOON) -> UUID | None:
        mine = claim_next(self.campaign.pk, at=at, domain="shop.example")
        return mine.id if mine else None

    def state(self) -> str:
        return str(Contact.objects.values_list("state", flat=True).get(id=self.contact))


def test_a_contact_is_claimed_once_and_bears_its_own_number() -> None:
    room = PostRoom()
    mine = claim_next(room.campaign.pk, at=NOON, domain="shop.example")
    assert mine is not None
    assert (mine.id, mine.customer_id, mine.message_id) == (room.contact, room.ann.id, f"{room.contact}@shop.example")
    assert room.claimed() is None
    settle(mine, "sent", at=NOON)
    assert Contact.objects.get(id=room.contact).sent_at == NOON


def test_what_is_not_due_yet_is_not_claimed_and_what_was_held_wakes() -> None:
    room = PostRoom()
    Contact.objects.update(not_before=NOON + HOUR)
    assert room.claimed() is None
    Contact.objects.update(state="held")
    assert wake_held(room.campaign.pk, at=NOON) == 0
    assert wake_held(room.campaign.pk, at=NOON + HOUR) == 1
    assert room.claimed(NOON + HOUR) == room.contact


def test_what_a_dead_sender_left_is_for_a_person_to_look_at() -> None:
    room = PostRoom()
    room.claimed()
    with only_sender(room.campaign.pk) as mine:
        assert mine
    assert (room.state(), room.claimed()) == ("unsure", None)


def test_settling_with_a_second_decision_keeps_it() -> None:
    room = PostRoom()
    mine = claim_next(room.campaign.pk, at=NOON, domain="shop.example")
    assert mine is not None
    settle(mine, "refused", at=NOON, decision=decision(allows_direct_marketing=False))
    assert Contact.objects.get(id=room.contact).strip == "pspppppp" + "p"
    settle(mine, "sent", at=NOON)
    assert room.state() == "refused"


def test_the_post_room_knows_name_and_address_and_only_of_the_willing() -> None:
    yes, no = ann(), bob()
    post = recipient(yes.id, "email")
    assert post is not None
    assert (post.name, post.given_name, post.address) == ("Ann Archer", "Ann", "ann@example.com")
    assert recipient(no.id, "email") is None
    assert recipient(yes.id, "sms") is None
    ContactPoint.objects.filter(customer=yes, channel="email").update(valid=False)
    assert recipient(yes.id, "email") is None


def test_while_a_message_leaves_a_withdrawal_waits() -> None:
    who, told = ann(), list[str]()

    def withdraws() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '150ms'")
            add_choice(who.id, purpose="direct_marketing", value="denied", at=NOON, by=DORA, source="counter")
            told.append("withdrawn")
        except OperationalError:
            told.append("waits")
        finally:
            connection.close()

    with permission_held(who.id):
        elsewhere(withdraws)
    elsewhere(withdraws)
    assert told == ["waits", "withdrawn"]


def elsewhere(work: Callable[[], None]) -> None:
    """In another thread, which has connections of its own."""
    thread = Thread(target=work)
    thread.start()
    thread.join()


def test_a_mailings_addresses_come_in_the_order_asked_for_and_only_of_the_willing() -> None:
    yes, no, other = ann(), bob(), wang_fang()
    said(other, "direct_marketing", "granted")
    found = list(recipients([other.id, no.id, 999_999, yes.id], "email"))
    assert [(who, to.address) for who, to in found] == [
        (other.id, "wangfang@example.com"), (yes.id, "ann@example.com"),
    ]  # fmt: skip
    assert [who for who, _ in recipients([other.id, yes.id], "letter")] == [yes.id]


def test_the_first_address_of_a_mailing_without_end_is_there_at_once() -> None:
    """Only some thousands are held open at a time: nothing waits for the last of them."""
    first = next(recipients(chain([ann().id], count(1_000_000)), "email"))
    assert first[1].address == "ann@example.com"


def test_the_addresses_of_a_mailing_open_by_the_thousand_a_second() -> None:
    """Wide margin: some twenty thousand a second of this process's own time."""
    people = pa.table({"ref": [f"R{n}" for n in range(4_000)], "first_seen_on": [NOON.date()] * 4_000})
    source = ensure_source("many", by=STEN, at=NOON).id
    ids = create_customers(people, source_id=source, stage="customer", by=STEN, at=NOON).tolist()
    mails = [f"p{who}@example.com" for who in ids]
    points = pa.table({"customer_id": ids, "channel": ["email"] * 4_000, "value": mails})
    add_contact_points(points, source_id=source, at=NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO choice_entry (customer_id, purpose, channel, value, at, by, source, wording)"
            " SELECT id, 'direct_marketing', '', 'granted', now(), 'x', 'portal', '' FROM customer"
        )
    began = time.process_time()
    assert [to.address for _, to in recipients(ids, "email")] == mails
    assert 4_000 / (time.process_time() - began) > 2_000
