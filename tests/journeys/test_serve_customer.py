"""Dora notes, opens and closes; the complaint brings its task, and marketing rests meanwhile."""

from datetime import timedelta

import pytest

from regulars.journeys.serve_customer import (
    finish_task,
    give_task,
    hand_on_task,
    hear_complaint,
    note_touchpoint,
    read_complaint,
    settle_complaint,
)
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.models import Complaint, Touchpoint
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, MIA, NOON, STEN, ann, bob

pytestmark = pytest.mark.usefixtures("house")
SOON = NOON + timedelta(days=2)


def test_a_complaint_brings_a_task_and_is_settled_with_words() -> None:
    who = ann()
    made = hear_complaint(
        who.number, code="repair", detail="Torn sleeve", answer_by=SOON, owner_id=None, by=DORA, at=NOON
    )
    task = Task.objects.get()
    assert (task.kind, task.because["complaint"], task.due_on) == ("complaint", f"K-{made}", SOON.date())
    assert read_complaint(who.number, made, by=DORA).complaint.detail == "Torn sleeve"
    settle_complaint(who.number, made, outcome="repaired", words="She is glad.", by=DORA, at=SOON)
    assert Complaint.objects.get().outcome == "repaired"
    assert Touchpoint.objects.get().title == f"K-{made}: She is glad."


def test_a_second_complaint_keeps_the_task_that_is_open() -> None:
    who = ann()
    for words in ("one", "two"):
        hear_complaint(who.number, code="other", detail=words, answer_by=None, owner_id=None, by=DORA, at=NOON)
    assert (Complaint.objects.count(), Task.objects.count()) == (2, 1)


def test_a_complaint_of_another_customer_is_not_there() -> None:
    made = hear_complaint(ann().number, code="other", detail="x", answer_by=None, owner_id=None, by=DORA, at=NOON)
    other = bob()
    with pytest.raises(NotThere):
        read_complaint(other.number, made, by=DORA)
    with pytest.raises(NotThere):
        settle_complaint(other.number, made, outcome="explained", words="", by=DORA, at=NOON)


def test_a_task_is_given_handed_on_and_finished_with_a_word() -> None:
    who = ann()
    made = give_task(who.number, kind="call_back", words=" coat ", due_on=SOON.date(), owner_id=None, by=MIA, at=NOON)
    assert Task.objects.get().words == "coat"
    assert hand_on_task(made, owner_id=None, by=DORA) == who.number
    assert finish_task(made, outcome="reached", words="Comes on Saturday", by=DORA, at=NOON) == who.number
    assert Touchpoint.objects.get().title == "Comes on Saturday"
    with pytest.raises(NotThere):
        finish_task(made, outcome="reached", words="", by=DORA, at=NOON)
    with pytest.raises(NotThere):
        finish_task(made + 1, outcome="reached", words="", by=DORA, at=NOON)


def test_mia_does_not_work_on_tasks_about_who_said_no() -> None:
    made = give_task(bob().number, kind="other", words="", due_on=SOON.date(), owner_id=None, by=DORA, at=NOON)
    with pytest.raises(NotThere):
        finish_task(made, outcome="done", words="", by=MIA, at=NOON)


def test_an_unknown_outcome_closes_nothing_and_notes_nothing() -> None:
    made = give_task(ann().number, kind="other", words="", due_on=SOON.date(), owner_id=None, by=DORA, at=NOON)
    with pytest.raises(BadInput, match="task_outcome_unknown"):
        finish_task(made, outcome="eaten", words="yum", by=DORA, at=NOON)
    assert not Touchpoint.objects.exists()


@pytest.mark.parametrize("by", [MIA, STEN])
def test_who_does_not_serve_notes_nothing(by: Asker) -> None:
    who = ann()
    with pytest.raises(Denied, match="serving_not_for_this_role"):
        note_touchpoint(
            who.number, kind="note", channel="counter", title="x", detail="", branch_id=None, by=by, at=NOON
        )
    assert not Touchpoint.objects.exists()
