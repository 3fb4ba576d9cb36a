"""What cleaning changed and what somebody should look at, in words; docs/reference/cleaning.md says more of each."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.words import Words, say

#: Fields of a person.
FIELDS: Final[Words] = {
    "name": pgettext_lazy("person", "Name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "street": _("Address"),
    "birth_on": _("Born"),
}
#: What was changed.
CHANGES: Final[Words] = {
    "control_characters": _("signs that only steer a machine taken out"),
    "invisible_characters": _("invisible signs taken out"),
    "full_width": _("full-width signs made ordinary"),
    "lookalike_characters": _("look-alike signs replaced"),
    "composed": _("letters and accents joined"),
    "spaces": _("spaces put in order"),
    "honorific_apart": _("form of address set apart"),
    "aside_apart": _("what stood beside it set apart"),
    "signs_removed": _("pictures taken out of the name"),
    "order_turned": _("name put in reading order"),
    "family_name_first": _("family name put in its place"),
    "capitals_evened": _("capitals put where names have them"),
    "spaces_within": _("spaces within Chinese text taken out"),
    "label_removed": _("word in front taken off"),
    "separators_removed": _("spaces and hyphens in the number taken out"),
    "country_code_added": _("country code added"),
    "plus_restored": _("plus sign restored"),
    "digits_spelled": _("digits written as 0–9"),
    "decimal_removed": _("spreadsheet's decimal taken off"),
    "extension_apart": _("extension set apart"),
    "domain_small_letters": _("domain in small letters"),
    "at_sign_restored": _("at sign restored"),
    "comma_to_dot": _("comma made a dot"),
    "name_apart": _("name before the address taken off"),
    "mailto_removed": _("what a link adds taken off"),
    "mark_at_end": _("mark around the address taken off"),
    "postcode_spacing": _("postcode spaced as its country writes it"),
    "postcode_zero_restored": _("zeros in front of the postcode restored"),
    "postcode_apart": _("postcode taken out of the street"),
    "country_apart": _("country taken off"),
    "capital_letters": _("letters of the code made capitals"),
    "place_name_completed": _("place written by its official name"),
    "city_filled": _("city filled in"),
    "region_filled": _("province filled in"),
    "place_apart": _("place taken out of the street"),
    "repeated_place": _("place said once"),
    "region_code": _("state written by its code"),
    "phone_apart": _("phone number taken out of the address"),
    "addressee_apart": _("name of who receives it taken out of the address"),
    "old_form_upgraded": _("old id written in the new form"),
    "lookalike_replaced": _("signs replaced by those they look like"),
    "date_form": _("day written as year, month, day"),
    "century_added": _("century added"),
    "calendar_turned": _("year of the Republic turned into the common one"),
    "time_removed": _("time of day taken off"),
}
#: What is doubtful, or of no use.
DOUBTS: Final[Words] = {
    "nothing_there": _("nothing is there"),
    "too_long": _("longer than anything a person types"),
    "placeholder": _("looks like something typed to fill a form"),
    "masked": _("parts are hidden by stars"),
    "no_letters": _("no letter in the name"),
    "one_letter": _("a name of one letter"),
    "honorific_only": _("a form of address and no name"),
    "digits_in_name": _("digits in the name"),
    "contact_in_name": _("a phone or mail where the name should be"),
    "company_name": _("looks like a company"),
    "several_persons": _("looks like several persons"),
    "order_unsure": _("either part could be the family name"),
    "parts_unsure": _("where the family name ends is not clear"),
    "surname_unknown": _("no surname we know"),
    "nickname": _("how friends say it, not the name"),
    "mixed_scripts": _("letters of two alphabets in one word"),
    "unusually_long": _("unusually long; it was not taken apart"),
    "not_a_phone": _("can be no phone number"),
    "not_given_out": _("no subscriber has such a number"),
    "several_numbers": _("several numbers; the first was taken"),
    "shortened_number": _("shortened by a spreadsheet; its end is lost"),
    "not_an_email": _("can be no mail address"),
    "several_addresses": _("several addresses; the first was taken"),
    "domain_mistyped": _("the domain looks mistyped"),
    "role_address": _("a shared mailbox"),
    "postcode_form": _("postcodes there look different"),
    "postcode_elsewhere": _("postcodes there begin differently"),
    "place_conflict": _("two places do not lie within each other"),
    "several_places": _("there are several of that name"),
    "former_place": _("no longer called so"),
    "no_street": _("no street could be found in it"),
    "no_number": _("the street has no house number"),
    "not_a_resident_id": _("not the form of a resident id"),
    "checksum_wrong": _("a digit is wrong"),
    "place_unknown": _("the code of the place is not known"),
    "birth_differs": _("another birth date than on record"),
    "sex_differs": _("another sex than on record"),
    "not_a_company_code": _("not the form of a company code"),
    "old_company_number": _("a company number of the old kind"),
    "not_a_date": _("can be no date"),
    "day_or_month": _("day and month could be swapped"),
    "day_missing": _("the day is missing"),
    "no_such_day": _("there is no such day"),
    "date_in_future": _("in the future"),
    "date_too_early": _("too long ago"),
    "default_date": _("looks like a machine's default"),
    "lunar_date": _("a day of the lunar calendar"),
}


def all_of(reasons: Iterable[str]) -> str:
    """Several reasons in words."""
    return _now("; ").join(map(why, reasons))


def why(reason: str) -> str:
    """A change's or doubt's reason in words."""
    return say(CHANGES if reason in CHANGES else DOUBTS, reason)
