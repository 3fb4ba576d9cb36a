"""A batch that compares customers is asked for, watched, stopped and gone on with; the work is done in the background.

By night those who are new are compared with the others; everybody with everybody only on the first night, when a
quarter or more are new, and when a person asks for it. One batch works at a time.
"""

from dataclasses import dataclass, replace
from typing import Final

from regulars.connections.jobs.later import do_later
from regulars.journeys.match_customers import compare_all, compare_news
from regulars.journeys.run_import import NIGHT_SHIFT
from regulars.records.customers.compared import how_many_to_compare
from regulars.records.customers.newly_marked import how_many_newly_marked
from regulars.records.merging.match_runs import (
    NEWS,
    RUNNING,
    WAITS,
    WHOLE,
    Run,
    StoppedByHand,
    alone,
    begin,
    begin_or_go_on,
    open_run,
    run_of,
    runs,
    somebody_compares,
    stop_run,
    whole_run_was_there,
)
from regulars.records.merging.reviewing import demand_deciding
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

MATCH: Final = "match_customers"
BY_NIGHT: Final = "nightly comparison"
SHOWN: Final = 10
#: From such a share of newcomers on, comparing everybody is no more work.
MANY_NEW: Final = 0.25


@dataclass(frozen=True, slots=True)
class Matching:
    """The newest batches; how many customers are new since; whether the one that counts as running was cut off."""

    runs: tuple[Run, ...]
    newcomers: int
    cut_off: bool


def match_soon(kind: str, *, by: Asker, because: str) -> Run:
    """A batch of that kind waits for its turn when this returns; one that was stopped or cut off goes on where it
    ended. Denied for who does not decide about pairs."""
    run = begin_or_go_on(kind, by=by, because=because, state=WAITS)
    do_later(MATCH, lock=MATCH, once=f"{MATCH}-{run.id}", run_id=run.id)
    return run


def stop_matching(run_id: int, *, by: Asker) -> bool:
    """It stops before its next pairs are put up; False when it was over already. NotThere when there is none."""
    return stop_run(run_id, by=by)


def go_on_matching(run_id: int, *, by: Asker) -> Run:
    """The batch that was stopped or cut off waits for its turn again. BadInput when it is finished."""
    demand_deciding(by, door=MATCH, because="review of pairs")
    run = run_of(run_id)
    if run.finished_at is not None:
        raise BadInput("match_is_over")
    return match_soon(run.kind, by=by, because=run.because)


def look_at_matching(*, by: Asker, because: str) -> Matching:
    """How the batches stand: numbers only. Denied for who does not decide about pairs."""
    demand_deciding(by, door=MATCH, because=because)
    found = tuple(runs(SHOWN))
    cut_off = any(one.state == RUNNING for one in found) and not somebody_compares()
    return Matching(found, how_many_newly_marked(), cut_off)


def look_at_run(run_id: int, *, by: Asker, because: str) -> Run:
    """How that batch stands; NotThere when there is none."""
    demand_deciding(by, door=MATCH, because=because)
    return run_of(run_id)


def match_as_asked(run_id: int) -> None:
    """What `match_soon` asked for has been done, or was stopped. May be called again at any time."""
    with alone(wait=True):
        if run := begin(run_id):
            _carried_out(run)


def match_by_night() -> None:
    """Whoever is new has been compared. While somebody else compares, or nobody is new, nothing is done."""
    by = NIGHT_SHIFT
    try:
        with alone():
            if run := _of_tonight(by):
                _carried_out(run)
    except BadInput as error:
        if error.code != "match_under_way":
            raise


def _of_tonight(by: Asker) -> Run | None:
    """A whole run that somebody stopped is not gone on with by itself."""
    new, whole = how_many_newly_marked(), open_run(WHOLE)
    if whole is None and (not whole_run_was_there() or new > MANY_NEW * how_many_to_compare()):
        return begin_or_go_on(WHOLE, by=by, because=BY_NIGHT)
    if whole is not None and whole.is_under_way:
        return begin_or_go_on(WHOLE, by=by, because=BY_NIGHT)
    return begin_or_go_on(NEWS, by=by, because=BY_NIGHT) if new else None


def _carried_out(run: Run) -> None:
    by = replace(NIGHT_SHIFT, name=run.started_by)
    try:
        if run.kind == WHOLE:
            compare_all(run, by=by, because=run.because)
        else:
            compare_news(run, by=by, because=run.because)
    except StoppedByHand:
        return
