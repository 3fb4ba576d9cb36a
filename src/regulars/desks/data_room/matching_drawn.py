"""Batches that compare customers, turned into what their part of the page shows."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from regulars.desks.shared.dates import moment
from regulars.desks.shared.figures import number
from regulars.desks.shared.merging_words import MATCH_KINDS, MATCH_STATES, MATCH_STEPS
from regulars.desks.shared.parts import Cell, Column, Table
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import say
from regulars.journeys.ask_to_match import Matching
from regulars.records.merging.match_runs import Run

POLLED: Final = ("waiting", "running")


def matching_part(found: Matching) -> dict[str, Any]:
    """Everything the part about comparing says."""
    at_work = next((one for one in found.runs if one.is_under_way), None)
    shown = at_work or next((one for one in found.runs if one.state == "stopped"), None)
    new = ngettext("%(n)s customer is new since", "%(n)s customers are new since", found.newcomers)
    if not found.runs:
        new = ngettext(
            "%(n)s customer has not been compared yet", "%(n)s customers have not been compared yet", found.newcomers
        )
    return {
        "open": _open(shown, found.cut_off) if shown else None,
        "newcomers": new % {"n": number(found.newcomers)}, "any_new": found.newcomers > 0,
        "may_start": at_work is None, "poll": at_work is not None, "batches": _table(found),
    }  # fmt: skip


def _open(run: Run, cut_off: bool) -> dict[str, Any]:
    idle = run.state == "running" and cut_off
    return {
        "id": run.id, "kind": say(MATCH_KINDS, run.kind), "state": say(MATCH_STATES, run.state),
        "step": say(MATCH_STEPS, run.step) if run.step else "", "done": run.done, "of": run.of, "cut_off": idle,
        "may_stop": run.is_under_way, "may_go_on": idle or run.state == "stopped",
    }  # fmt: skip


def _table(found: Matching) -> Table:
    columns = [
        Column(pgettext("batch", "Begun")), Column(pgettext("batch", "Compared")), Column(_("By whom")),
        Column(_("State")), Column(_("Customers"), numeric=True), Column(_("Sure pairs"), numeric=True),
        Column(_("Doubtful pairs"), numeric=True), Column(_("Newly put up"), numeric=True),
    ]  # fmt: skip
    return Table(columns, [_line(one) for one in found.runs], caption=_("The newest comparisons"), close=True)


def _line(run: Run) -> list[Cell | int]:
    return [
        Cell(moment(run.started_at)), Cell(say(MATCH_KINDS, run.kind)), Cell(called(run.started_by), tone="mid"),
        Cell(say(MATCH_STATES, run.state), tone="mid"), run.customers, run.sure, run.doubtful, run.put_up,
    ]  # fmt: skip
