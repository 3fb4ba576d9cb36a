"""All customers are compared with all others, or who is new with the others; whoever may be there twice waits for a
person's eyes.

They are read block by block and become marks at once; then everybody is compared with all who share a mark with her,
and step by step, by id, the pairs are put up in the transaction that says how far the batch has come: killed at any
point, the next one compares everybody anew and goes on with the step that was broken off. Memory is bounded by the
engine's, whatever the house holds. Nothing is merged.

Who got new marks since is compared with those alone who share a mark, a contact or a number with her, as the house
keeps them for recognition: a night costs what the day brought, and a whole run finds a little more.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from regulars.connections.matching.room import MatchingRoom
from regulars.journeys.compare_records import (
    compared,
    gather,
    learn,
    living_together,
    marked,
    new_room,
    newcomers,
    weigh_pairs,
)
from regulars.records.customers.compared import customers_to_compare, how_many_to_compare, these_to_compare
from regulars.records.customers.newly_marked import how_many_newly_marked, next_to_compare, share_a_key
from regulars.records.customers.weights import model_in_force
from regulars.records.groups.proposals import Tie, put_up_households
from regulars.records.merging.match_runs import (
    WHOLE,
    Run,
    StoppedByHand,
    alone,
    begin_or_go_on,
    different_pairs,
    finish_run,
    put_up_part,
    tell_progress,
)
from regulars.records.merging.reviewing import demand_deciding
from regulars.rules.identity.batch import (
    PAIRS_AT_HOME,
    PAIRS_AT_HOME_OF_NEWS,
    PAIRS_OF_NEWS,
    SHARED_BY,
    match_of,
)
from regulars.rules.identity.judging import DOUBTFUL_FROM, SURE, TOGETHER_FROM, Pair, judged, together
from regulars.rules.identity.model import Match, Model
from regulars.rules.identity.pairs import DoubtfulPair
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

Say = Callable[[str, int, int], None]
#: So many ids are compared before the house is told; of those who are new, so many at once.
STEP: Final = 20_000
NEWS_STEP: Final = 5_000


@dataclass(frozen=True, slots=True)
class Matched:
    """What a batch found: pairs that are sure, and doubtful; how many of them wait that did not before; how many
    customers stand there more than once, and as how many persons."""

    customers: int
    sure: int
    doubtful: int
    put_up: int
    several: int
    persons: int


def match_customers(
    *, by: Asker, because: str, dry_run: bool = False, train: bool = False, say: Say = lambda step, done, of: None
) -> Matched:
    """Everybody has been compared. A dry run only counts; with `train` the weights are learned from these customers
    first. Denied for who does not decide about pairs; SplinkMissingError where Splink is not installed to train with;
    BadInput where somebody compares already, or stopped it meanwhile.
    """
    demand_deciding(by, door="match_customers", because=because)
    if dry_run:
        with new_room() as room:
            customers, last = read_into(room, by, because, say)
            return _only_count(room, _model(room, customers, train), customers, last, say)
    with alone():
        try:
            return compare_all(
                begin_or_go_on(WHOLE, by=by, because=because), by=by, because=because, train=train, say=say
            )
        except StoppedByHand:
            raise BadInput("match_was_stopped") from None


def compare_all(
    run: Run, *, by: Asker, because: str, train: bool = False, say: Say = lambda step, done, of: None
) -> Matched:  # fmt: skip
    """Everybody has been compared with everybody, from where the run had come to. StoppedByHand when it was stopped.
    For who is alone with it."""

    def tell(step: str, done: int, of: int) -> None:
        tell_progress(run, step, done, of)
        say(step, done, of)

    with new_room() as room:
        customers, last = read_into(room, by, because, tell)
        model = _model(room, customers, train)
        return _put_up(room, run, model, customers, last, by, tell)


def compare_news(run: Run, *, by: Asker, because: str) -> Run:
    """Whoever is new has been compared with those who share a key with her. StoppedByHand when it was stopped; who was
    not compared by then still waits. For who is alone with it."""
    model, customers, of = model_in_force(), how_many_to_compare(), run.customers + how_many_newly_marked()
    while (waiting := next_to_compare(NEWS_STEP)).rows:
        tell_progress(run, "comparing", run.customers, max(of, run.customers))
        found, ties = _news_of(waiting.customers, model, customers, by, because)
        put_up_households(ties)
        run = put_up_part(run, 0, _as_pairs(found), _sure(found), by=by, compared=waiting)
    finish_run(run, run.customers, by=by)
    return run


def _news_of(
    ids: frozenset[int], model: Model, customers: int, by: Asker, because: str
) -> tuple[dict[Pair, Match], list[Tie]]:  # fmt: skip
    near = share_a_key(ids, shared_by=SHARED_BY)
    records = these_to_compare(near, shared_by=SHARED_BY, by=by, because=because)
    with new_room() as room:
        room.take_in("people", marked(records, secrets.token_bytes(32)))
        newcomers(room, ids)
        gather(room)
        weigh_pairs(room, model, customers, least=DOUBTFUL_FROM, among=PAIRS_OF_NEWS)
        found = dict(_found(room, model, customers, 0, 2**62, different_pairs()))
        return found, list(_ties(room, model, customers, PAIRS_AT_HOME_OF_NEWS))


def _ties(room: MatchingRoom, model: Model, customers: int, among: str = PAIRS_AT_HOME) -> Iterator[Tie]:
    """Who lives together, two of one household."""
    for row in living_together(room, model, customers, least=TOGETHER_FROM, among=among):
        yield Tie(*_pair(row), float(row["at_home"]), match_of(row, model, customers))


def _model(room: MatchingRoom, customers: int, train: bool) -> Model:
    return learn(room, customers) if train and customers > 1 else model_in_force()


def read_into(room: MatchingRoom, by: Asker, because: str, say: Say) -> tuple[int, int]:
    """All customers are in the room as marks: how many they are, and the last id."""
    key, done, last, of = secrets.token_bytes(32), 0, 0, how_many_to_compare()
    for records in customers_to_compare(by=by, because=because):
        room.take_in("people", marked(records, key))
        done, last = done + len(records), records[-1][0]
        say("customers", done, max(of, done))
    gather(room)
    return done, last


def _put_up(
    room: MatchingRoom, run: Run, model: Model, customers: int, last: int, by: Asker, say: Say
) -> Matched:  # fmt: skip
    apart, chances = different_pairs(), dict[Pair, float]()
    weigh_pairs(room, model, customers, least=DOUBTFUL_FROM)
    for after in range(run.done_until, last, STEP):
        until = min(after + STEP, last)
        found = dict(_found(room, model, customers, after, until, apart))
        run = put_up_part(run, until, _as_pairs(found), _sure(found), by=by)
        chances |= {pair: match.probability for pair, match in found.items()}
        say("comparing", until, last)
    say("households", 0, 0)
    put_up_households(_ties(room, model, customers))
    finish_run(run, customers, by=by)
    return _matched(customers, run.sure, run.doubtful, run.put_up, chances)


def _only_count(room: MatchingRoom, model: Model, customers: int, last: int, say: Say) -> Matched:
    apart, chances, sure = different_pairs(), dict[Pair, float](), 0
    weigh_pairs(room, model, customers, least=DOUBTFUL_FROM)
    for after in range(0, last, STEP):
        found = dict(_found(room, model, customers, after, min(after + STEP, last), apart))
        sure += _sure(found)
        chances |= {pair: match.probability for pair, match in found.items()}
        say("comparing", min(after + STEP, last), last)
    return _matched(customers, sure, len(chances) - sure, 0, chances)


def _as_pairs(found: Mapping[Pair, Match]) -> list[DoubtfulPair]:
    return [DoubtfulPair(*pair, match) for pair, match in found.items()]


def _sure(found: Mapping[Pair, Match]) -> int:
    return sum(judged(match) == SURE for match in found.values())


def _found(
    room: MatchingRoom, model: Model, customers: int, after: int, until: int, apart: frozenset[Pair]
) -> Iterator[tuple[Pair, Match]]:
    """The pairs of one step, without those a person has found to be two."""
    for row in compared(room, after=after, until=until):
        if (pair := _pair(row)) not in apart:
            yield pair, match_of(row, model, customers)


def _pair(row: Mapping[str, Any]) -> Pair:
    return int(row["a"]), int(row["b"])


def _matched(customers: int, sure: int, doubtful: int, put_up: int, chances: Mapping[Pair, float]) -> Matched:
    groups = together(chances)
    return Matched(customers, sure, doubtful, put_up, sum(map(len, groups)), len(groups))
