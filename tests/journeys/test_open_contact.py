"""A number is opened for a case, for ten minutes, and the customer can read who did it and why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from regulars.journeys.open_contact import CASES, open_contact, who_could_open, with_keys
from regulars.journeys.open_customer import open_card
from regulars.journeys.show_own_record import who_looked
from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.access import contact_points_of, open_customer
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.models import Complaint
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied
from tests.cast import DORA, MIA, NOON, STEN, ann
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")


def test_dora_opens_one_number_about_a_complaint_and_the_rest_stays_masked() -> None:
    who = wanqing(shop())
    case = f"K-{Complaint.objects.get().id}"
    point, key = open_contact(who.number, "phone", by=DORA, because="complaint", reference=case, at=NOON)
    assert (point.value, key.until) == ("+8613800004187", NOON + timedelta(minutes=10))
    opened, _ = open_customer(who.number, by=DORA, because="test")
    shown = {one.channel: one.value for one in with_keys(opened, contact_points_of(opened), [key])}
    assert shown == {"phone": "+8613800004187", "email": None, "letter": None}


def test_every_look_is_in_the_log_with_its_case_and_on_her_own_page() -> None:
    who = wanqing(shop())
    _, key = open_contact(who.number, "phone", by=DORA, because="order", reference="B-1000", at=NOON)
    open_card(who.number, by=DORA, because="serving", at=NOON, keys=[key])
    looks = AccessEntry.objects.filter(door="open_contact", customer_id=who.id)
    assert set(looks.values_list("who", "view", "because", "reference", "rows")) == {
        ("Dora", "opening", "order", "B-1000", 1)
    }
    assert looks.count() == 2
    herself = Asker("customer C-20418", "customer", "personal", "oversight")
    _, lines = who_looked(who.number, by=herself)
    assert ("open_contact", "B-1000") in {(line.door, line.reference) for line in lines}


@pytest.mark.parametrize(
    ("because", "reference"),
    [("complaint", "K-999999"), ("task", "T-1"), ("order", "B-9999"), ("order", ""), ("complaint", "")],
)
def test_without_a_case_of_this_very_customer_nothing_is_opened(because: str, reference: str) -> None:
    """Attack 29."""
    who = wanqing(shop())
    with pytest.raises(BadInput, match="case_not_theirs"):
        open_contact(who.number, "phone", by=DORA, because=because, reference=reference, at=NOON)
    assert AccessEntry.objects.latest("id").allowed is False
    assert not AccessEntry.objects.filter(door="open_contact", allowed=True).exists()


def test_somebody_elses_case_or_a_closed_one_opens_nothing() -> None:
    who, other = wanqing(shop()), ann()
    task = Task.objects.create(customer=other, kind="call_back", due_on=NOON.date(), opened_at=NOON)
    complaint = Complaint.objects.get()
    Complaint.objects.update(closed_at=NOON)
    for because, reference in (("task", f"T-{task.id}"), ("complaint", f"K-{complaint.id}")):
        with pytest.raises(BadInput, match="case_not_theirs"):
            open_contact(who.number, "phone", by=DORA, because=because, reference=reference, at=NOON)


def test_curiosity_is_no_reason() -> None:
    who = wanqing(shop())
    with pytest.raises(BadInput, match="contact_reason_unknown"):
        open_contact(who.number, "phone", by=DORA, because="curious", reference="K-1", at=NOON)
    assert "curious" not in CASES


@pytest.mark.parametrize("by", [MIA, STEN])
def test_roles_that_do_not_serve_open_nothing(by: Asker) -> None:
    """Attack 41."""
    who = wanqing(shop())
    with pytest.raises(Denied, match="contact_not_for_this_role"):
        open_contact(who.number, "phone", by=by, because="order", reference="B-1000", at=NOON)
    assert AccessEntry.objects.latest("id").allowed is False


def test_a_key_in_other_hands_shows_nothing() -> None:
    who = wanqing(shop())
    _, key = open_contact(who.number, "phone", by=DORA, because="order", reference="B-1000", at=NOON)
    opened, _ = open_customer(who.number, by=MIA, because="test")
    assert {one.value for one in with_keys(opened, contact_points_of(opened), [key])} == {None}


def test_a_customer_of_another_shop_stays_closed() -> None:
    at = shop()
    who = wanqing(at)
    with pytest.raises(Denied, match="customer_of_another_branch"):
        open_contact(who.number, "phone", by=replace(DORA, branches=frozenset({at.hill})), because="order",
                     reference="B-1000", at=NOON)  # fmt: skip


def test_who_could_open_it_is_counted_not_named() -> None:
    at = shop()
    assert (who_could_open(at.lake).agents, who_could_open(at.hill).agents, who_could_open(None).officers) == (1, 0, 1)
