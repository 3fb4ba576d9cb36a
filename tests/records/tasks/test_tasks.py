"""Somebody's work about a customer: opened once, taken, handed on, closed with an outcome."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from regulars.records.access_log.models import ChangeEntry
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import Customer
from regulars.records.tasks.access import count_waiting, tasks_of, tasks_waiting
from regulars.records.tasks.actions import NewTask, close_task, ensure_task, hand_task, open_task, open_tasks
from regulars.rules.permission.errors import BadInput, NotThere
from tests.cast import DORA, MIA, NOON, ann, bob, cleo
from tests.story import shop

pytestmark = pytest.mark.usefixtures("house")
TODAY = date(2026, 3, 12)


def test_the_most_urgent_comes_first_and_of_equals_the_one_worth_most() -> None:
    at = shop()
    dora = replace(DORA, staff_id=at.dora)
    rows = [(ann(), 2, 10), (bob(), 1, 10), (cleo(), 1, 99)]
    open_tasks("lapse", [NewTask(w.id, TODAY + timedelta(days=d), worth_minor=m, owner_id=at.dora) for w, d, m in rows],
               by=MIA, at=NOON)  # fmt: skip
    total, mine = tasks_waiting(by=dora, because="test")
    assert (total, [task.name for task in mine]) == (3, ["Cleo Baker", "Bob Baker", "Ann Archer"])
    assert count_waiting(by=dora, on=TODAY + timedelta(days=1)) == (3, 2)


def test_opening_the_same_list_twice_opens_nothing_twice() -> None:
    tasks = [NewTask(ann().id, TODAY), NewTask(bob().id, TODAY)]
    assert open_tasks("lapse", tasks, by=MIA, at=NOON) == 2
    assert open_tasks("lapse", tasks, by=MIA, at=NOON) == 0


def test_a_task_is_taken_handed_on_and_closed() -> None:
    at = shop()
    opened, _ = open_customer(ann().number, by=DORA, because="test")
    made = open_task(opened, kind="call_back", because={}, words="coat", due_on=TODAY, owner_id=None, at=NOON)
    hand_task(opened, made, owner_id=at.dora)
    assert [(task.owner, task.ref, task.state) for task in tasks_of(opened)] == [("Dora", f"T-{made}", "open")]
    close_task(opened, made, outcome="reached", at=NOON)
    assert [(task.state, task.outcome) for task in tasks_of(opened)] == [("closed", "reached")]
    fields = list(ChangeEntry.objects.filter(subject="task").order_by("id").values_list("field", "old", "new"))
    assert fields == [("state", None, "open"), ("owner", None, str(at.dora)), ("state", "open", "reached")]
    with pytest.raises(NotThere):
        close_task(opened, made, outcome="reached", at=NOON)


def test_mia_reads_what_a_task_rests_on_and_not_what_was_said() -> None:
    who = ann()
    opened, _ = open_customer(who.number, by=DORA, because="test")
    open_task(
        opened, kind="call_back", because={"code": "x"}, words="Her wool allergy", due_on=TODAY, owner_id=None, at=NOON
    )
    [hers] = tasks_waiting(by=DORA, because="test", whose="all")[1]
    [mias] = tasks_waiting(by=MIA, because="test", whose="all")[1]
    assert (hers.words, mias.words, mias.because) == ("Her wool allergy", None, {"code": "x"})


def test_one_open_task_of_a_kind() -> None:
    opened, _ = open_customer(ann().number, by=DORA, because="test")
    task = {"kind": "correction", "because": {}, "due_on": TODAY, "owner_id": None, "at": NOON}
    open_task(opened, **task)
    assert ensure_task(opened, **task) is None
    with pytest.raises(BadInput, match="task_open_already"):
        open_task(opened, **task)
    with pytest.raises(BadInput, match="task_kind_unknown"):
        open_task(opened, **task | {"kind": "dance"})


def test_a_task_of_somebody_else_is_not_there() -> None:
    anns, bobs = (open_customer(who.number, by=DORA, because="test")[0] for who in (ann(), bob()))
    made = open_task(anns, kind="other", because={}, due_on=TODAY, owner_id=None, at=NOON)
    with pytest.raises(NotThere):
        close_task(bobs, made, outcome="done", at=NOON)


def test_lists_hold_only_who_the_view_and_the_shop_show() -> None:
    at = shop()
    consenting, refusing, far = ann(), bob(), cleo()
    Customer.objects.filter(id=far.id).update(home_branch_id=at.hill)
    open_tasks("lapse", [NewTask(who.id, TODAY) for who in (consenting, refusing, far)], by=MIA, at=NOON)
    everybodys = {"because": "test", "whose": "all"}
    assert {task.name for task in tasks_waiting(by=MIA, **everybodys)[1]} == {"Ann Archer", "Cleo Baker"}
    dora = replace(DORA, branches=frozenset({at.lake}))
    assert {task.name for task in tasks_waiting(by=dora, **everybodys)[1]} == {"Ann Archer", "Bob Baker"}
