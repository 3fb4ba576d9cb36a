"""Why somebody is thought to be this customer, in words; and the levels of the model, for who wants to see the sum."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from regulars.desks.shared.words import Words, say
from regulars.rules.identity.model import Step

REASONS: Final[Words] = {
    "prior": _("by chance"),
    "family_name.same": _("same family name"),
    "family_name.same_reading": _("family name read the same"),
    "family_name.swapped": _("names swapped"),
    "family_name.swapped_with_slip": _("names swapped, one with a slip"),
    "family_name.sounds_alike": _("family name sounds alike"),
    "family_name.slip": _("family name with a slip"),
    "family_name.other": _("another family name"),
    "given_name.same": _("same given name"),
    "given_name.same_reading": _("given name read the same"),
    "given_name.swapped": _("given name swapped"),
    "given_name.swapped_with_slip": _("given name swapped, with a slip"),
    "given_name.nickname": _("short form of the given name"),
    "given_name.part": _("part of the given name"),
    "given_name.initial": _("same initial"),
    "given_name.sounds_alike": _("given name sounds alike"),
    "given_name.slip": _("given name with a slip"),
    "given_name.other": _("another given name"),
    "birth_on.same": _("same birth date"),
    "birth_on.day_month": _("birth date, day and month swapped"),
    "birth_on.two_of_three": _("birth date but for one part"),
    "birth_on.year": _("same birth year"),
    "birth_on.other": _("another birth date"),
    "phone.same": _("same phone"),
    "phone.tail": _("phone ends the same"),
    "phone.slip": _("phone with a slip"),
    "phone.part": _("part of the phone"),
    "phone.other": _("another phone"),
    "email.same": _("same e-mail"),
    "email.same_user": _("same e-mail name elsewhere"),
    "email.desk": _("same mail box of a desk"),
    "email.other": _("another e-mail"),
    "address.home": _("same home"),
    "address.house_and_postcode": _("same house number and postcode"),
    "address.postcode": _("same postcode"),
    "address.city": _("same city"),
    "address.other": _("another address"),
    "sex.same": _("same sex"),
    "sex.other": _("another sex"),
    "plate.same": _("same number plate"),
    "plate.other": _("another number plate"),
    "reference.same": _("same number"),
    "reference.slip": _("number with a slip"),
    "reference.other": _("another number"),
    "generation.same": _("the generation that was said"),
    "generation.other": _("another generation than was said"),
    "household": _("perhaps another of the household"),
}
#: How likely it is, for who has no time for figures.
LIKELIHOODS: Final[Words] = {"sure": _("almost certain"), "likely": _("quite likely"), "possible": _("possible")}
LIKELY = 0.5


def reason_said(step: Step) -> str:
    """One step in words."""
    return say(REASONS, f"{step.comparison}.{step.level}" if step.level else step.comparison)


def likelihood(probability: float, *, sure: bool) -> str:
    """The code of how likely it is; sure is only what more than a sum speaks for.

    >>> likelihood(0.999, sure=True), likelihood(0.999, sure=False), likelihood(0.01, sure=False)
    ('sure', 'likely', 'possible')
    """
    if sure:
        return "sure"
    return "likely" if probability >= LIKELY else "possible"
