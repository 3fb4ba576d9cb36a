"""What is typed about households and accounts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.desks.service.forms import offered
from regulars.desks.shared.day_input import DayInput
from regulars.desks.shared.group_words import KINDS
from regulars.desks.shared.group_words import ROLES as ROLE_WORDS
from regulars.records.company.access import company
from regulars.records.groups.actions import LONGEST_NAME, LONGEST_REF
from regulars.rules.groups.kinds import HOUSEHOLD, ROLES


class NewGroupForm(forms.Form):
    """A company, agent or channel; households are made on a customer's page."""

    kind = forms.ChoiceField(
        choices=lambda: offered(KINDS, [one for one in KINDS if one != HOUSEHOLD]), label=pgettext_lazy("group", "Kind")
    )
    name = forms.CharField(max_length=LONGEST_NAME, label=_("Name"))
    company_code = forms.CharField(max_length=LONGEST_REF, required=False, label=_("Company code"))
    country = forms.RegexField(
        "^[A-Z]{2}$",
        required=False,
        label=_("Country of the code (two letters)"),
        max_length=2,
        initial=lambda: company().country,
    )


class MemberForm(forms.Form):
    """Who belongs to a group, as what, since when."""

    number = forms.CharField(max_length=24, label=_("Customer number"))
    role = forms.ChoiceField(label=_("As what"))
    since = forms.DateField(required=False, label=_("Since (if known)"), widget=DayInput())

    def __init__(self, *said: Any, kind: str, **more: Any) -> None:
        super().__init__(*said, **more)
        self.fields["role"].choices = offered(ROLE_WORDS, ROLES[kind])  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """Under which group it stands, since when."""

    parent = forms.CharField(max_length=LONGEST_REF, label=_("Reference of the group above"))
    since = forms.DateField(required=False, label=_("Since (if known)"), widget=DayInput())


class LeftForm(forms.Form):
    """From which day on somebody belongs to a group no more."""

    until = forms.DateField(widget=DayInput())


class HouseholdForm(forms.Form):
    """Somebody who lives with the customer whose page this is."""

    number = forms.CharField(max_length=24, label=_("Number of the customer she lives with"))
    role = forms.ChoiceField(choices=lambda: offered(ROLE_WORDS, ROLES[HOUSEHOLD]), label=_("As what"))
    since = forms.DateField(required=False, label=_("Since (if known)"), widget=DayInput())
