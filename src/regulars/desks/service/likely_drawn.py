"""Those it may be, as the search shows them: who, why, and what to know at once."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.desks.service.card_drawn import FoundLine, line_of
from regulars.desks.shared.figures import money_short
from regulars.desks.shared.recognition_words import LIKELIHOODS, likelihood, reason_said
from regulars.desks.shared.words import say
from regulars.journeys.recognise_customer import Recognised
from regulars.journeys.recognise_likely import Hints, LikelyCustomer

#: So many reasons are told; the rest is in the sum.
REASONS_TOLD = 3


@dataclass(frozen=True, slots=True)
class LikelyLine:
    """One of those it may be: the line of a customer found, how likely, why, and the hints."""

    line: FoundLine
    likelihood: str
    sure: bool
    reasons: str
    hints: str


def likely_line(one: LikelyCustomer, *, at: datetime) -> LikelyLine:
    """The line in words."""
    found = Recognised(one.customer, one.last_at, one.state, one.complaint_open)
    how = likelihood(one.probability, sure=one.almost_certain)
    told = [reason_said(step) for step in one.reasons[:REASONS_TOLD]]
    return LikelyLine(line_of(found, at=at), say(LIKELIHOODS, how), how == "sure", " · ".join(told), hints_said(one))


def hints_said(one: LikelyCustomer | Hints) -> str:
    """Orders that wait, a birthday near, what she usually takes and at which price."""
    waiting = ngettext("%(n)d order waits for her", "%(n)d orders wait for her", one.open_orders)
    hints = [waiting % {"n": one.open_orders}] if one.open_orders else []
    hints += [_("birthday these days")] if one.birthday_near else []
    if one.habit and one.habit.usual:
        hints.append(_("usually %(choice)s") % {"choice": one.habit.usual})
    if one.habit and one.habit.order_minor > 0:
        amount = money_short(one.habit.order_minor, one.habit.currency)
        hints.append(_("about %(amount)s an order") % {"amount": amount})
    return " · ".join(hints)
