"""Campaigns go on by themselves: a passed test is rolled out, whoever slept is written to in her own morning."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from regulars.journeys.ask_night_shift import SENDING
from regulars.journeys.judge_campaign import ROLL_OUT_WITHIN
from regulars.journeys.run_import import NIGHT_SHIFT
from regulars.journeys.send_campaign import Moment, send_waiting, start_roll_out
from regulars.records.campaigns.access import CampaignFacts, campaigns, steps_of
from regulars.records.contacts.access import state_counts
from regulars.rules.permission.asking import Asker

#: Half of the promised time is the owner's, to look at the verdict and to stop; the other half is left for sending.
ROLLS_OUT_AFTER: Final = ROLL_OUT_WITHIN / 2
TO_BE_SENT: Final = frozenset({"waiting", "held"})


def carry_on_campaigns(*, now: Moment) -> list[str]:
    """The keys of the campaigns of which something was sent or tried. Called each hour; twice does no harm."""
    by = replace(NIGHT_SHIFT, role="house")
    for one in campaigns(by=by):
        if one.state == "passed" and now() - _passed_at(one, by) >= ROLLS_OUT_AFTER:
            start_roll_out(one.key, by=by, at=now())
    due = [one.key for one in campaigns(by=by) if one.state in SENDING and _has_waiting(one, by)]
    for key in due:
        send_waiting(key, by=by, now=now)
    return due


def _passed_at(one: CampaignFacts, by: Asker) -> datetime:
    return next(step.at for step in reversed(steps_of(one.id, by=by)) if step.state == "passed")


def _has_waiting(one: CampaignFacts, by: Asker) -> bool:
    return any(state in TO_BE_SENT for _arm, state in state_counts(one.id, by=by))
