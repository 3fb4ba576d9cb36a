"""A batch over all customers: pairs wait for a person, nobody is glued, and killed it goes on where it ended."""

import dataclasses
from datetime import date

import pytest
from click.testing import CliRunner

from regulars.desks.cli.matching import match_command
from regulars.journeys import match_customers as journey
from regulars.journeys.match_customers import Matched, match_customers
from regulars.records.access_log.models import AccessEntry, ChangeEntry
from regulars.records.customers.models import Customer
from regulars.records.merging.match_runs import compared_last
from regulars.records.merging.models import MatchRun, ReviewPair
from regulars.records.merging.reviewing import pairs_in_review, say_different
from regulars.records.watched.models import Canary
from regulars.rules.permission.errors import Denied
from tests.cast import DORA, MIA, NOON, STEN, ann, bob, cleo, customer
from tests.story import findable

pytestmark = pytest.mark.usefixtures("house")
BORN = date(1988, 4, 2)
WHY = "looking for doubles"


def matched(**more: bool) -> Matched:
    return match_customers(by=STEN, because=WHY, **more)


def waiting() -> set[frozenset[str]]:
    names = dict(Customer.objects.values_list("id", "number"))
    return {frozenset((names[low], names[high])) for low, high in ReviewPair.objects.values_list("low_id", "high_id")}


def ann_again() -> Customer:
    return customer("Ann Archer", email="ann.archer@mail.example", phone="+15550100001", birth_on=BORN)


def test_ann_who_is_there_twice_waits_for_the_steward_with_every_step() -> None:
    first, second = ann(), ann_again()
    bob(), cleo()
    assert compared_last() == 0
    found = matched()
    assert (found.customers, found.sure + found.doubtful, found.put_up) == (4, 1, 1)
    assert compared_last() == 4
    assert (found.several, found.persons) == (2, 1)
    assert waiting() == {frozenset((first.number, second.number))}
    [pair] = pairs_in_review(by=STEN, because=WHY)[1]
    told = {step.comparison: step.level for step in pair.match.steps}
    assert told["phone"] == told["birth_on"] == "same" and "household" in told
    assert AccessEntry.objects.filter(door="customers_to_compare", who="Sten", rows=4, because=WHY).exists()
    assert list(ChangeEntry.objects.filter(subject="match_run").values_list("new", flat=True)) == ["begun", "finished"]


def test_a_dry_run_writes_nothing_and_counts_the_same() -> None:
    ann(), ann_again()
    tried = matched(dry_run=True)
    assert not ReviewPair.objects.exists() and not MatchRun.objects.exists()
    assert dataclasses.replace(tried, put_up=1) == matched()


def test_two_who_were_found_to_be_two_are_not_put_up_again() -> None:
    first, second = ann(), ann_again()
    say_different(first.id, second.id, by=STEN, because="asked her")
    found = matched()
    assert (found.sure, found.doubtful, found.put_up, found.persons) == (0, 0, 0, 0)
    assert not waiting()


def test_bob_and_cleo_at_one_address_are_two() -> None:
    bob(), cleo()
    customer("Carl Baker", phone="+15550100002", street="2 Oak Street")
    assert matched().put_up == 0


def test_a_company_is_no_person_and_who_is_gone_is_not_compared() -> None:
    first, second = ann(), ann_again()
    Customer.objects.filter(id=second.id).update(kind="company")
    assert matched().customers == 1
    Customer.objects.filter(id=second.id).update(kind="person", erased_at=first.changed_at)
    assert matched().put_up == 0


class Killed(Exception):
    """The process is gone."""


def test_killed_between_two_steps_it_goes_on_where_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [(ann(), ann_again())]
    monkeypatch.setattr(journey, "STEP", pairs[0][1].id)  # the first pair, and then the others
    pairs += [
        (customer(name, phone=phone, birth_on=BORN), customer(name, phone=phone, birth_on=BORN))
        for name, phone in (("Dan Dyer", "+15550100003"), ("Eve Ash", "+15550100004"))
    ]

    def die(step: str, done: int, of: int) -> None:
        if step == "comparing":
            raise Killed

    with pytest.raises(Killed):
        match_customers(by=STEN, because=WHY, say=die)
    [broken] = MatchRun.objects.all()
    assert broken.finished_at is None and broken.done_until > 0
    before = len(waiting())
    found = matched()
    assert MatchRun.objects.count() == 1 and MatchRun.objects.get().finished_at is not None
    assert waiting() == {frozenset((one.number, other.number)) for one, other in pairs}
    assert found.put_up == len(pairs) and before < len(pairs)
    assert matched().put_up == 0
    assert MatchRun.objects.count() == 2


@pytest.mark.parametrize("by", [DORA, MIA])
def test_only_who_decides_about_pairs_starts_a_batch(by: object) -> None:
    with pytest.raises(Denied):
        match_customers(by=by, because=WHY)  # type: ignore[arg-type]
    assert not MatchRun.objects.exists()


def test_the_command_tells_what_it_found() -> None:
    findable(ann()), ann_again()
    done = CliRunner().invoke(match_command, ["--because", WHY, "--dry-run"])
    assert done.exit_code == 0, done.output
    assert "2 customers look like 1 person." in done.output
    told = CliRunner().invoke(match_command, ["--because", WHY, "--json"])
    assert '"put_up": 1' in told.output


def test_a_decoy_is_put_before_nobody() -> None:
    ann()
    Canary.objects.create(customer_id=ann_again().id, planted_at=NOON, planted_by="Emil")
    assert (matched().customers, waiting()) == (1, set())
