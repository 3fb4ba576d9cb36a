"""Words for what is found in free texts, and the warning to whoever just wrote one."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.desks.shared.customer_words import in_a_list
from regulars.desks.shared.words import Words, say
from regulars.rules.free_text.sensitive import kinds_in

KINDS: Final[Words] = {
    "religion": gettext_lazy("religion"),
    "health": gettext_lazy("health"),
    "ethnicity": gettext_lazy("ethnic origin"),
    "politics": gettext_lazy("political views"),
    "sexuality": gettext_lazy("sexuality"),
    "union": gettext_lazy("union membership"),
    "id_number": gettext_lazy("an id number"),
    "card_number": gettext_lazy("a card number"),
    "phone": gettext_lazy("a phone number"),
    "email": gettext_lazy("a mail address"),
}


def kinds_said(kinds: tuple[str, ...]) -> str:
    """The kinds in words, one after the other."""
    return in_a_list(say(KINDS, kind) for kind in kinds)


def warning_about(*texts: str) -> str:
    """What to tell whoever wrote these texts; empty when nothing in them is sensitive."""
    kinds = kinds_in(*texts)
    if not kinds:
        return ""
    return _(
        "The text seems to hold %(kinds)s. Such things do not belong into a note; the privacy officer will look at it."
    ) % {"kinds": kinds_said(kinds)}


def warn_of(request: HttpRequest, *texts: str) -> None:
    """The writer is told at once when her text holds something sensitive."""
    if said := warning_about(*texts):
        messages.warning(request, said)
