"""A batch is asked for and done in the background: one at a time, stopped, gone on with, killed; by night the news."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from regulars.desks.night_shift import jobs
from regulars.journeys import match_customers as journey
from regulars.journeys.ask_to_match import (
    go_on_matching,
    look_at_matching,
    match_as_asked,
    match_by_night,
    match_soon,
    stop_matching,
)
from regulars.journeys.match_customers import match_customers
from regulars.journeys.merge_customers import merge_customers
from regulars.records.access_log.models import AccessEntry, ChangeEntry
from regulars.records.customers.marking import mark_customers, mark_the_rest
from regulars.records.customers.models import Customer, NewlyMarked
from regulars.records.merging import match_runs
from regulars.records.merging.match_runs import alone
from regulars.records.merging.models import MatchRun, ReviewPair
from regulars.records.watched.models import Canary
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, MIA, NOON, STEN, ann, bob, customer
from tests.journeys.test_match_customers import BORN, WHY, ann_again, waiting

pytestmark = pytest.mark.usefixtures("house")


#: Who have nothing in common.
STRANGERS = (
    "Uma Olsen", "Kirk Dufour", "Petra Lang", "Hugo Marsh", "Iris Novak", "Jonas Wirth", "Lena Quist", "Omar Said",
    "Rosa Bell", "Tariq Aziz", "Vera Stone", "Yusuf Demir",
)  # fmt: skip


def strangers(many: int) -> list[Customer]:
    return [customer(name, phone=f"+1{n + 201}5{n}7{n}{9 - n % 9}13") for n, name in enumerate(STRANGERS[:many])]


def marked(*people: Customer, **contacts: str) -> None:
    """As who writes a customer marks her."""
    mark_customers([one.id for one in people], {one.id: list(contacts.items()) for one in people})


def new_again(*contacts: tuple[str, str]) -> Customer:
    return customer("Ann Archer", birth_on=BORN, **dict(contacts))


def states() -> list[tuple[str, str]]:
    return list(MatchRun.objects.order_by("id").values_list("kind", "state"))


def test_asked_for_it_is_done_by_the_night_shift_and_its_course_is_logged() -> None:
    first, second = ann(), ann_again()
    run = match_soon("whole", by=STEN, because=WHY)
    assert match_soon("whole", by=STEN, because=WHY).id == run.id and states() == [("whole", "waiting")]
    jobs.run_worker(until_empty=True, signals=False)
    assert states() == [("whole", "finished")] and waiting() == {frozenset((first.number, second.number))}
    assert AccessEntry.objects.filter(door="customers_to_compare", who="Sten", because=WHY, rows=2).exists()
    told = ChangeEntry.objects.filter(subject="match_run").order_by("id").values_list("old", "new")
    assert list(told) == [(None, "begun"), ("begun", "finished")]


def test_one_works_at_a_time() -> None:
    ann(), ann_again()
    with alone(), ThreadPoolExecutor(1) as another, pytest.raises(BadInput, match="match_under_way"):
        another.submit(_beside).result()


def _beside() -> None:
    try:
        match_by_night()
        assert not MatchRun.objects.exists(), "by night it is left alone"
        match_customers(by=STEN, because=WHY)
    finally:
        connections.close_all()


def test_stopped_between_two_steps_it_keeps_what_it_found_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ann(), ann_again()
    monkeypatch.setattr(journey, "STEP", second.id)
    others = [customer("Eve Ash", phone="+15550100004", birth_on=BORN) for _ in range(2)]
    run = match_soon("whole", by=STEN, because=WHY)
    put_up = match_runs.put_up_part

    def stop_after(*told: object, **more: object) -> object:
        done = put_up(*told, **more)  # type: ignore[arg-type]
        assert stop_matching(run.id, by=STEN)
        return done

    monkeypatch.setattr(journey, "put_up_part", stop_after)
    match_as_asked(run.id)
    assert states() == [("whole", "stopped")] and waiting() == {frozenset((first.number, second.number))}
    assert not stop_matching(run.id, by=STEN)
    match_as_asked(run.id)  # a job that was queued before
    assert states() == [("whole", "stopped")]
    match_by_night()
    assert states() == [("whole", "stopped")], "what a person stopped goes on when a person says so"
    monkeypatch.setattr(journey, "put_up_part", put_up)
    go_on_matching(run.id, by=STEN)
    match_as_asked(run.id)
    assert states() == [("whole", "finished")]
    assert waiting() == {frozenset(one.number for one in pair) for pair in ((first, second), others)}
    with pytest.raises(BadInput, match="match_is_over"):
        go_on_matching(run.id, by=STEN)
    with pytest.raises(NotThere):
        go_on_matching(run.id + 1, by=STEN)


def test_by_night_everybody_once_and_then_only_who_is_new() -> None:
    one, _ = ann(), bob()
    strangers(12)
    mark_the_rest()
    match_by_night()
    assert states() == [("whole", "finished")] and not NewlyMarked.objects.exists()
    match_by_night()
    assert len(states()) == 1, "nobody is new: nothing is done"
    again = ann_again()
    marked(again, phone="+15550100001")
    assert look_at_matching(by=STEN, because=WHY).newcomers == 1
    match_by_night()
    assert states()[1:] == [("news", "finished")]
    assert waiting() == {frozenset((one.number, again.number))} and not NewlyMarked.objects.exists()
    read = AccessEntry.objects.filter(door="customers_to_compare").latest("id")
    assert read.rows == 2 and read.who == "night shift"


def test_the_same_told_again_makes_nobody_new() -> None:
    one = ann()
    marked(one, phone="+15550100001")
    assert NewlyMarked.objects.count() == 1
    match_by_night()
    marked(one, phone="+15550100001")
    assert not NewlyMarked.objects.exists()
    marked(one, phone="+15550100077")
    assert NewlyMarked.objects.count() == 1


def test_when_many_are_new_everybody_is_compared() -> None:
    marked(ann(), bob())
    match_by_night()
    marked(ann_again(), phone="+15550100001")
    match_by_night()
    assert states() == [("whole", "finished")] * 2 and ReviewPair.objects.count() == 1


def test_a_decoy_is_compared_with_nobody_by_night() -> None:
    people = [ann(), *strangers(9)]
    marked(*people)
    match_by_night()
    decoy = ann_again()
    Canary.objects.create(customer_id=decoy.id, planted_at=NOON, planted_by="Emil")
    marked(decoy, phone="+15550100001")
    match_by_night()
    assert not waiting() and states()[-1] == ("news", "finished")


def test_a_phone_that_a_whole_town_has_joins_nobody_by_night() -> None:
    town = [customer(f"Zoe Z{n:02d}x", phone="+15550109999", birth_on=BORN) for n in range(25)]
    for who in town:
        marked(who, phone="+15550109999")
    match_by_night()
    before = waiting()
    newcomer = customer("Zoe Z03x", phone="+15550109999")
    marked(newcomer, phone="+15550109999")
    match_by_night()
    assert {frozenset((town[3].number, newcomer.number))} >= waiting() - before


def test_who_stays_after_a_merge_is_compared_again() -> None:
    first, second = ann(), ann_again()
    match_by_night()
    merge_customers(second.number, first.number, by=STEN, because="same phone", at=NOON)
    assert set(NewlyMarked.objects.values_list("customer_id", flat=True)) == {first.id}


@pytest.mark.parametrize("by", [DORA, MIA])
def test_nobody_else_starts_watches_or_stops_one(by: object) -> None:
    run = match_soon("whole", by=STEN, because=WHY)
    for ask in (
        lambda: match_soon("whole", by=by, because=WHY),  # type: ignore[arg-type]
        lambda: look_at_matching(by=by, because=WHY),  # type: ignore[arg-type]
        lambda: stop_matching(run.id, by=by),  # type: ignore[arg-type]
        lambda: go_on_matching(run.id, by=by),  # type: ignore[arg-type]
    ):
        with pytest.raises(Denied):
            ask()
    assert states() == [("whole", "waiting")]


WORKER = """
import django; django.setup()
import sys, time
from regulars.journeys import match_customers as journey
from regulars.journeys.ask_to_match import match_as_asked
journey.STEP, journey.NEWS_STEP = int(sys.argv[2]), 4
put_up = journey.put_up_part
def slowly(*told, **more):
    done = put_up(*told, **more)
    print("put up", flush=True)
    time.sleep(60)
    return done
journey.put_up_part = slowly
match_as_asked(int(sys.argv[1]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["whole", "news"])
def test_killed_in_the_middle_the_next_attempt_finds_what_an_undisturbed_one_finds(kind: str) -> None:
    people = [one for pair in zip(strangers(6), strangers(6), strict=True) for one in pair]
    for who in people:
        Customer.objects.filter(id=who.id).update(birth_on=BORN)
    marked(*people)
    run = match_soon(kind, by=STEN, because=WHY)
    pairs = [frozenset((one.number, other.number)) for one, other in zip(people[::2], people[1::2], strict=True)]
    words = [sys.executable, "-W", "ignore", "-c", WORKER, str(run.id), str(sorted(one.id for one in people)[7])]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=os.environ) as process:
        assert process.stdout is not None and process.stdout.readline()
        assert states() == [(kind, "running")] and not look_at_matching(by=STEN, because=WHY).cut_off
        process.kill()
    until = time.monotonic() + 10
    while not look_at_matching(by=STEN, because=WHY).cut_off and time.monotonic() < until:
        time.sleep(0.1)
    assert states() == [(kind, "running")] and look_at_matching(by=STEN, because=WHY).cut_off
    assert 0 < len(waiting() & set(pairs)) < len(pairs)
    match_as_asked(run.id)
    assert states() == [(kind, "finished")] and waiting() >= set(pairs)
    assert not NewlyMarked.objects.exists()
