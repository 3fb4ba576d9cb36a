"""Pairs that may be one person wait for the steward; what she decided stays decided, whatever the next batch finds."""

import pytest

from regulars.journeys.erase_customer import erase_customer
from regulars.records.access_log.models import AccessEntry, ChangeEntry
from regulars.records.customers.models import Customer
from regulars.records.merging.models import DifferentPair, ReviewPair
from regulars.records.merging.reviewing import (
    are_different,
    pair_in_review,
    pairs_in_review,
    pairs_waiting,
    put_off,
    put_up_for_review,
    say_different,
    take_back_different,
)
from regulars.rules.identity.model import MODEL, Match
from regulars.rules.identity.pairs import DoubtfulPair
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, asking, bob, cleo

pytestmark = pytest.mark.usefixtures("house")
BATCH = asking("batch", "steward")


def match(*agreeing: str) -> Match:
    return Match((MODEL.prior, *(MODEL.step(one, "same") for one in agreeing)))


def put(one: Customer, other: Customer, *agreeing: str) -> int:
    return put_up_for_review([DoubtfulPair(one.id, other.id, match(*agreeing))], by=BATCH)


def waiting(by: Asker = STEN) -> list[tuple[str, str]]:
    return [(pair.one.name, pair.other.name) for pair in pairs_in_review(by=by, because="test")[1]]


def test_the_surest_pair_comes_first_with_its_reasons() -> None:
    first, second, third = ann(), bob(), cleo()
    assert put(second, first, "phone") + put(third, second, "phone", "birth_on") == 2
    assert waiting() == [("Bob Baker", "Cleo Baker"), ("Ann Archer", "Bob Baker")]
    _, [surest, _] = pairs_in_review(by=STEN, because="test")
    assert [(step.comparison, step.level) for step in surest.match.steps[1:]] == [
        ("phone", "same"),
        ("birth_on", "same"),
    ]
    assert surest.bits == pytest.approx(match("phone", "birth_on").bits) and surest.found_by == "batch"
    assert AccessEntry.objects.filter(door="pairs_in_review", who="Sten", rows=4).exists()


def test_the_same_pair_again_is_one_pair_with_the_new_figures() -> None:
    first, second = ann(), bob()
    assert [put(first, second, "phone"), put(second, first, "phone", "email"), put(first, first, "phone")] == [1, 0, 0]
    [pair] = pairs_in_review(by=STEN, because="test")[1]
    assert pair.bits == pytest.approx(match("phone", "email").bits)


def test_two_who_are_two_stay_two() -> None:
    first, second = ann(), bob()
    put(first, second, "phone")
    say_different(second.id, first.id, by=STEN, because="twins")
    say_different(first.id, second.id, by=STEN, because="said twice")
    assert are_different(first.id, second.id) and are_different(second.id, first.id)
    assert put(first, second, "phone", "email", "birth_on") == 0 == pairs_waiting()
    assert DifferentPair.objects.get().because == "twins"
    assert ChangeEntry.objects.filter(subject="different_pair").count() == 2
    take_back_different(first.id, second.id, by=STEN, because="mistaken")
    assert waiting() == [("Ann Archer", "Bob Baker")]
    with pytest.raises(NotThere):
        take_back_different(first.id, second.id, by=STEN, because="mistaken")


def test_what_is_put_off_comes_last_and_still_waits() -> None:
    first, second, third = ann(), bob(), cleo()
    put(first, second, "phone", "email"), put(second, third, "phone")
    put_off(pairs_in_review(by=STEN, because="test")[1][0].id, by=STEN)
    assert waiting() == [("Bob Baker", "Cleo Baker"), ("Ann Archer", "Bob Baker")] and pairs_waiting() == 2


@pytest.mark.parametrize("by", [DORA, MIA])
def test_nobody_else_decides(by: Asker) -> None:
    first, second = ann(), bob()
    put(first, second, "phone")
    pair = ReviewPair.objects.get().id
    for refused in (
        lambda: pairs_in_review(by=by, because="test"), lambda: pair_in_review(pair, by=by, because="test"),
        lambda: put_off(pair, by=by), lambda: say_different(first.id, second.id, by=by, because="test"),
        lambda: take_back_different(first.id, second.id, by=by, because="test"),
    ):  # fmt: skip
        with pytest.raises(Denied):
            refused()
    assert AccessEntry.objects.filter(who=by.name, allowed=False).count() == 5


def test_nobody_is_a_pair_with_herself_and_a_novel_is_no_reason() -> None:
    who = ann()
    with pytest.raises(BadInput):
        say_different(who.id, who.id, by=STEN, because="test")
    with pytest.raises(BadInput):
        say_different(who.id, bob().id, by=STEN, because="x" * 401)


def test_who_is_erased_is_in_no_pair() -> None:
    first, second, third = ann(), bob(), cleo()
    put(first, second, "phone"), say_different(first.id, third.id, by=STEN, because="test")
    erase_customer(first.number, by=EMIL, because="she asked", reference="L-1", at=NOON)
    assert not ReviewPair.objects.exists() and not DifferentPair.objects.exists()
    assert put(first, second, "phone") == 0 == pairs_waiting()


def test_nobody_real_is_in_a_pair_with_somebody_invented() -> None:
    real, made_up = ann(), bob()
    Customer.objects.filter(id=made_up.id).update(invented=True)
    assert put(real, made_up, "phone") == 0
    assert put(real, cleo(), "phone") == 1
