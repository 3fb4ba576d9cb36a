"""The words for the quality of data: fields, why somebody is asked again, what bad data cost."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.dates import day
from regulars.desks.shared.words import Words, say
from regulars.rules.quality.asking import Ask

FIELDS: Final[Words] = {
    "name": pgettext_lazy("field", "Name"),
    "sex": pgettext_lazy("field", "Sex"),
    "birth_on": pgettext_lazy("field", "Birth date"),
    "language": pgettext_lazy("field", "Language"),
    "city": pgettext_lazy("field", "City"),
    "postcode": pgettext_lazy("field", "Postcode"),
    "country": pgettext_lazy("field", "Country"),
    "phone": pgettext_lazy("field", "Phone"),
    "email": pgettext_lazy("field", "E-mail"),
    "letter": pgettext_lazy("field", "Address"),
}
MEASURES: Final[Words] = {
    "complete": pgettext_lazy("quality", "Complete"),
    "valid": pgettext_lazy("quality", "Valid"),
    "fresh": pgettext_lazy("quality", "Fresh"),
    "disputed": pgettext_lazy("quality", "Disputed"),
    "confirmed": pgettext_lazy("quality", "Confirmed"),
}
WHY: Final[Words] = {
    "does_not_work": pgettext_lazy("ask again", "does not work any more"),
    "nothing_reaches": pgettext_lazy("ask again", "nothing reaches this customer"),
    "sources_disagree": pgettext_lazy("ask again", "sources disagree"),
    "old": pgettext_lazy("ask again", "noted long ago"),
}
COSTS: Final[Words] = {
    "returned_letters": pgettext_lazy("cost", "Letters that came back"),
    "bounced_mails": pgettext_lazy("cost", "E-mails that bounced"),
    "failed_calls": pgettext_lazy("cost", "Calls and messages that did not arrive"),
    "dead_addresses": pgettext_lazy("cost", "Ways to reach somebody that do not work"),
    "missed_matches": pgettext_lazy("cost", "New records about somebody who seems to have one"),
}


def ask_said(one: Ask) -> str:
    """One field to ask for again, and why."""
    why = say(WHY, one.why)
    if one.why == "old" and one.noted_on:
        why = _("noted %(day)s") % {"day": day(one.noted_on)}
    return _("%(field)s: %(why)s") % {"field": say(FIELDS, one.field), "why": why}


def asks_said(asks: Iterable[Ask]) -> str:
    """All of them in a row."""
    return " · ".join(ask_said(one) for one in asks)
