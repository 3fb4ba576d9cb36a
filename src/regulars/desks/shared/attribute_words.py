"""Words for a company's own attributes, said alike by pages and the command line."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.words import PURPOSES, Words

#: What an attribute may serve: the house's own running too.
MAY_SERVE: Final[Words] = {**PURPOSES, "operations": _("Operations")}
KINDS: Final[Words] = {
    "text": pgettext_lazy("kind of value", "text"),
    "number": pgettext_lazy("kind of value", "number"),
    "money": pgettext_lazy("kind of value", "money"),
    "date": pgettext_lazy("kind of value", "day"),
    "yes_no": pgettext_lazy("kind of value", "yes or no"),
    "choice": pgettext_lazy("kind of value", "one of a list"),
}
COARSENINGS: Final[Words] = {
    "keep": _("as it is"),
    "gone": _("not at all"),
    "year": _("only the year"),
    "decade": _("only the decade"),
    "month": _("only the month"),
    "band": _("only an amount it is above"),
    "rounded": _("rounded to two digits"),
    "prefix": _("only its beginning"),
}
