"""Long work is asked for and done in the background: figures refreshed, a campaign's waiting messages sent.

Asking twice is asking once: while the same work waits for its turn, a second wish adds nothing.
"""

from dataclasses import replace
from datetime import date

from regulars.connections.jobs.later import do_later
from regulars.journeys.refresh_scores import RefreshReport, refresh_scores
from regulars.journeys.run_import import NIGHT_SHIFT
from regulars.journeys.send_campaign import Moment, SendReport, send_waiting
from regulars.records.access_log.actions import note_change, note_denial
from regulars.records.campaigns.access import campaign, campaign_by_id
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied

REFRESH, SEND = "refresh_scores", "send_campaign"
MAY_REFRESH = frozenset({"steward", "marketer", "officer"})
MAY_SEND = frozenset({"marketer"})
SENDING = ("testing", "rolling_out")


def refresh_soon(*, by: Asker, as_of: date) -> bool:
    """The figures for the end of that day are computed in the background; False when that waits to be done already."""
    _may(by, MAY_REFRESH, REFRESH)
    asked = do_later(REFRESH, lock=REFRESH, once=REFRESH, as_of=as_of.toordinal()) is not None
    if asked:
        note_change(by, door=REFRESH, subject="refresh", field="as_of", old=None, new=as_of, customer_id=None)
    return asked


def send_soon(key: str, *, by: Asker) -> bool:
    """Whatever waits of the campaign is sent in the background; False when that waits to be done already.

    BadInput `campaign_not_sending` when neither its test nor its roll-out has begun.
    """
    _may(by, MAY_SEND, SEND)
    facts = campaign(key, by=by)
    if facts.state not in SENDING:
        raise BadInput("campaign_not_sending", {"key": key, "state": facts.state})
    lock = f"{SEND}-{facts.id}"
    return do_later(SEND, lock=lock, once=lock, campaign_id=facts.id) is not None


def refresh_as_asked(as_of: int, *, now: Moment) -> RefreshReport:
    """What `refresh_soon` asked for; `as_of` is the day's ordinal."""
    return refresh_scores(at=now(), as_of=date.fromordinal(as_of))


def send_as_asked(campaign_id: int, *, now: Moment) -> SendReport | None:
    """What `send_soon` asked for; None when the campaign has been stopped or finished meanwhile."""
    by = replace(NIGHT_SHIFT, role="house")
    facts = campaign_by_id(campaign_id, by=by)
    return send_waiting(facts.key, by=by, now=now) if facts.state in SENDING else None


def _may(by: Asker, roles: frozenset[str], door: str) -> None:
    if by.role not in roles:
        note_denial(by, door=door, because="asked for background work")
        raise Denied("role_not_for_this", {"roles": ", ".join(sorted(roles))})
