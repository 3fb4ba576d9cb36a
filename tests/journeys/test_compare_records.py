"""A model is trained on records nobody said anything of; what it learned is what was put in."""

import random
import secrets
from datetime import date, timedelta
from typing import Final

import pytest

from bench._matching import Known, agreement, invented, with_less
from regulars.connections.matching.room import MatchingRoom
from regulars.journeys.compare_records import compared, gather, learn, marked, new_room, weigh_pairs
from regulars.rules.identity.figures_of_model import RARE
from regulars.rules.identity.judging import LIKELIER, pairs_of, together
from regulars.rules.identity.marks import Told
from regulars.rules.identity.model import MODEL, Model
from regulars.rules.identity.training import changes

PEOPLE = 600


def filled(known: Known) -> MatchingRoom:
    room = new_room()
    room.take_in("people", marked([(n, told, "CN") for n, told in enumerate(known.told, 1)], secrets.token_bytes(32)))
    gather(room)
    return room


def f1(room: MatchingRoom, model: Model, known: Known) -> float:
    weigh_pairs(room, model, len(known.told))
    chances = {(row["a"], row["b"]): row["chance"] for row in compared(room)}
    return agreement(set(pairs_of(together(chances))), known.true).f1


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Splink's own
def test_a_house_learns_how_often_its_records_are_the_same_and_gets_better_at_it() -> None:
    known = invented(PEOPLE, seed=5)
    many = len(known.told)
    with filled(known) as room:
        model = learn(room, many)
        assert model.others_of_own == pytest.approx(2 * len(known.true) / many, rel=0.15)
        for levels in model.comparisons.values():
            assert sum(level.m for level in levels.values()) == pytest.approx(1)
            assert sum(level.u for level in levels.values()) == pytest.approx(1)
        assert f1(room, model, known) >= f1(room, MODEL, known)
        assert f1(room, model, known) > 0.93
    assert model.comparisons["plate"] == MODEL.comparisons["plate"], "nothing is told of plates here"
    assert any(before != after for _, _, before, after in changes(MODEL, model))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Splink's own
@pytest.mark.parametrize("untold", ["birth_on", "names"])
def test_a_house_that_is_told_no_birth_dates_or_no_names_learns_from_what_is_left(untold: str) -> None:
    known = with_less(invented(PEOPLE, seed=5), f"without {untold}", untold)
    with filled(known) as room:
        model = learn(room, len(known.told))
        assert model.comparisons.keys() == MODEL.comparisons.keys()
        assert f1(room, model, known) >= f1(room, MODEL, known)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Splink's own
def test_what_is_too_unlikely_for_a_float_stops_no_training() -> None:
    known = invented(500, seed=7)
    with filled(known) as room:
        assert f1(room, learn(room, len(known.told)), known) > 0.93


def test_pairs_come_step_by_step_and_none_twice() -> None:
    known = invented(120, seed=5)
    many = len(known.told)
    with filled(known) as room:
        weigh_pairs(room, MODEL, many, least=LIKELIER)
        whole = [(row["a"], row["b"]) for row in compared(room)]
        steps = range(0, many + 1, 50)
        parts = [
            (row["a"], row["b"]) for first in steps
            for row in compared(room, after=first, until=first + 50)
        ]  # fmt: skip
    assert len(parts) == len(set(parts))
    assert set(parts) == set(whole)
    assert all(one < other for one, other in parts)


def test_nothing_is_left_where_the_engine_may_write() -> None:
    with new_room() as room:
        folder = room.folder
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


GIVEN: Final = """
ursula helga werner hannelore peter karin norbert antje brigitte heinz sabine martin inge rudolf anneliese horst gerda
alexander frank herbert monika petra stefan ulrike dieter juergen gisela klaus
""".split()
FAMILY: Final = """
koch schmitt baumann zimmermann schwarz neumann hartmann krueger hofmann lange werner krause lehmann maier koehler
herrmann walter peters fuchs lang
""".split()


def of_few_names(people: int = 1_500, again: int = 200) -> Known:
    """A town where many share a name, and names and birth dates are all that is told; some stand there once more, with
    the day or a letter mistaken."""
    dice = random.Random(3)
    born = [date(1930, 1, 1) + timedelta(days=dice.randrange(25_000)) for _ in range(people)]
    names = [(dice.choice(FAMILY), dice.choice(GIVEN)) for _ in range(people)]
    records = [(n, *names[n], born[n]) for n in range(people)]
    for n in dice.sample(range(people), again):
        family, given, day = records[n][1:]
        slip = dice.randrange(3)
        at = dice.randrange(1, len(family))
        family = family[:at] + family[at + 1 :] if slip == 0 else family
        records.append((n, family, given, day.replace(day=1 + day.day % 28) if slip == 1 else day))
    told = [Told(names=(("", family, given),), birth_on=day) for _, family, given, day in records]
    return Known("few names", told, [], [str(n) for n, *_ in records])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Splink's own
def test_where_many_share_a_name_a_training_does_not_take_them_for_one_person() -> None:
    known = of_few_names()
    with filled(known) as room:
        published = f1(room, MODEL, known)
        model = learn(room, len(known.told))
        assert f1(room, model, known) > published > 0.8
        (common,) = room.ask("SELECT max(family_share) AS share, min(family_share) AS least FROM people")
    assert common["share"] > 10 * RARE, "twenty names for all"
    assert common["least"] == RARE, "a slip is nobody else's name"
    assert model.comparisons["birth_on"]["same"].bits > 10
    with filled(known) as room:
        assert f1(room, model, known) > published, "nor where its weights are kept, and nobody counts"
