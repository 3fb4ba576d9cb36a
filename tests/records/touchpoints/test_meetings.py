"""Meetings and complaints: added, never lost; a complaint ends once."""

from datetime import timedelta

import pytest

from regulars.records.customers.access import open_customer
from regulars.records.touchpoints.access import (
    complaints_of,
    complaints_waiting,
    count_open_complaints,
    touchpoints_of,
    wishes_of,
    with_open_complaint,
)
from regulars.records.touchpoints.actions import add_touchpoint, close_complaint, open_complaint
from regulars.rules.permission.errors import BadInput, NotThere
from tests.cast import DORA, MIA, NOON, ann, bob

pytestmark = pytest.mark.usefixtures("house")
SAID = {"kind": "wish", "channel": "counter", "title": " A dark coat ", "at": NOON - timedelta(days=1)}


def test_a_wish_is_on_the_timeline_with_who_heard_it() -> None:
    opened, _ = open_customer(ann().number, by=DORA, because="test")
    add_touchpoint(opened, **SAID)
    [met] = touchpoints_of(opened, before=NOON)
    assert (met.title, met.staff_name, met.kind) == ("A dark coat", "Dora", "wish")
    assert wishes_of(opened) == [met]
    assert touchpoints_of(opened, before=SAID["at"]) == []


def test_mia_sees_that_somebody_came_but_not_what_was_said() -> None:
    who = ann()
    add_touchpoint(open_customer(who.number, by=DORA, because="test")[0], **SAID)
    [met] = touchpoints_of(open_customer(who.number, by=MIA, because="test")[0], before=NOON)
    assert (met.kind, met.title, met.detail) == ("wish", None, None)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": "  "}, "nothing_said"), ({"title": "x" * 201}, "said_too_much"),
        ({"kind": "spell"}, "touchpoint_kind_unknown"),
        ({"channel": "pigeon"}, "touchpoint_channel_unknown"), ({"title": "a\x00b"}, "unprintable"),
    ],
)  # fmt: skip
def test_what_says_nothing_is_not_noted(wrong: dict[str, str], code: str) -> None:
    opened, _ = open_customer(ann().number, by=DORA, because="test")
    with pytest.raises(BadInput, match=code):
        add_touchpoint(opened, **SAID | wrong)


def test_a_complaint_waits_until_it_is_closed_and_ends_once() -> None:
    who = ann()
    opened, _ = open_customer(who.number, by=DORA, because="test")
    made = open_complaint(
        opened, code="repair", detail="The sleeve is torn.", answer_by=NOON + timedelta(days=2), at=NOON
    )
    assert with_open_complaint([who.id, who.id + 1], by=DORA) == {who.id}
    assert count_open_complaints(by=DORA) == 1
    [line] = complaints_waiting(by=DORA, because="test")
    assert (line.number, line.name, line.complaint.ref) == (who.number, "Ann Archer", f"K-{made}")
    close_complaint(opened, made, outcome="repaired", at=NOON)
    assert [(one.outcome, one.closed_at) for one in complaints_of(opened)] == [("repaired", NOON)]
    assert count_open_complaints(by=DORA) == 0
    with pytest.raises(NotThere):
        close_complaint(opened, made, outcome="repaired", at=NOON)


def test_a_complaint_of_somebody_else_cannot_be_closed() -> None:
    anns, bobs = (open_customer(who.number, by=DORA, because="test")[0] for who in (ann(), bob()))
    made = open_complaint(anns, code="other", detail="Too loud.", answer_by=None, at=NOON)
    with pytest.raises(NotThere):
        close_complaint(bobs, made, outcome="explained", at=NOON)
