"""What is said of a source, as a form: money in the company's currency, a list of purposes, a last day."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from regulars.desks.shared.cleaning_words import CHANGES
from regulars.desks.shared.day_input import DayInput
from regulars.desks.shared.source_words import LAWFUL_BASES, PERMITTED, SOURCE_KINDS, TRUST
from regulars.records.intake.access import SourceFacts
from regulars.rules.cleaning.cleaned import JUDGEMENTS
from regulars.rules.intake.money import digits_of
from regulars.rules.intake.sources import INTERNAL, USUAL_TRUST

FIELDS: Final = (
    "name", "kind", "owner", "supplier", "licence", "lawful_basis", "purposes", "cost", "expires_on", "refresh_days",
    "trust", "leave",
)  # fmt: skip


class SourceForm(forms.Form):
    """What is said about a source."""

    name = forms.CharField(max_length=120, label=gettext_lazy("Name"))
    kind = forms.TypedChoiceField(
        choices=lambda: list(SOURCE_KINDS.items()), empty_value=INTERNAL, required=False, label=gettext_lazy("Kind")
    )
    owner = forms.CharField(max_length=120, required=False, label=gettext_lazy("Who answers for it"))
    supplier = forms.CharField(
        max_length=120, required=False, label=gettext_lazy("From whom it comes"),
        help_text=gettext_lazy("For data of others and for lists that were bought."),
    )  # fmt: skip
    licence = forms.CharField(
        max_length=2_000, required=False, label=gettext_lazy("Licence or contract"),
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("Its number, and what it allows."),
    )  # fmt: skip
    lawful_basis = forms.ChoiceField(choices=lambda: list(LAWFUL_BASES.items()), label=gettext_lazy("Lawful basis"))
    purposes = forms.MultipleChoiceField(
        choices=lambda: list(PERMITTED.items()), widget=forms.CheckboxSelectMultiple, required=False,
        label=gettext_lazy("What its data may be used for"),
        help_text=gettext_lazy("None ticked: whatever the customer's own choices allow."),
    )  # fmt: skip
    cost = forms.DecimalField(
        min_value=0, max_digits=15, required=False, label=gettext_lazy("What a refresh costs, or the list once")
    )
    expires_on = forms.DateField(
        widget=DayInput(), required=False, label=gettext_lazy("Last day its data may be kept"),
        help_text=gettext_lazy("The night after it, what only this source said goes by itself."),
    )  # fmt: skip
    refresh_days = forms.IntegerField(
        min_value=1, max_value=3_650, required=False, label=gettext_lazy("A new file every so many days")
    )
    trust = forms.TypedChoiceField(
        choices=lambda: list(TRUST.items()), empty_value=str(USUAL_TRUST), required=False,
        label=gettext_lazy("How far it is trusted"),
        help_text=gettext_lazy("Where sources disagree, the more trusted is believed."),
    )  # fmt: skip

    leave = forms.MultipleChoiceField(
        choices=lambda: [(one, CHANGES[one]) for one in JUDGEMENTS], required=False,
        widget=forms.CheckboxSelectMultiple, label=gettext_lazy("What cleaning leaves as it is"),
        help_text=gettext_lazy("What is ticked is not changed in what this source sends."),
    )  # fmt: skip

    def told(self, currency: str) -> dict[str, Any]:
        """The fields as the door takes them."""
        said = dict(self.cleaned_data)
        cost = said.pop("cost")
        minor = None if cost is None else int(cost.scaleb(digits_of(currency)).to_integral_value())
        return said | {
            "trust": int(said["trust"]),
            "cost_minor": minor,
            "currency": currency if minor is not None else "",
        }


class NewSourceForm(SourceForm):
    """A source with the short name it is called by ever after."""

    ref = forms.SlugField(
        max_length=60, allow_unicode=True, label=gettext_lazy("Short name"),
        help_text=gettext_lazy("Letters, digits and hyphens, such as till-hubin. It cannot be changed later."),
    )  # fmt: skip
    field_order = ("ref", *FIELDS)


def as_it_is(source: SourceFacts) -> dict[str, Any]:
    """What the form shows of a source as it stands."""
    cost = source.cost_minor
    shown = None if cost is None else Decimal(cost).scaleb(-digits_of(source.currency))
    return {name: getattr(source, name) for name in FIELDS if name != "cost"} | {"cost": shown}
