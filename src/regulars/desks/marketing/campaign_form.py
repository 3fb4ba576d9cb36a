"""What is said of a campaign before it is prepared, as one types it: percentages and whole money."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from regulars.desks.shared.day_input import DayInput
from regulars.desks.shared.figures import digits_of
from regulars.desks.shared.reasons import REASONS
from regulars.records.campaigns.actions import Draft
from regulars.records.choices.subjects import subjects
from regulars.rules.page_keys import free_key

KEY_AT_MOST: Final = 56
TEXT_AT_MOST: Final = 20_000


class CampaignForm(forms.Form):
    """To whom, what, how measured, at what cost."""

    segment = forms.ChoiceField(label=_("Segment"))
    name = forms.CharField(max_length=120, required=False, label=_("Name in English"))
    name_zh = forms.CharField(max_length=120, required=False, label=_("Name in Chinese"))
    selling_point = forms.CharField(max_length=200, required=False, label=_("What is in it for them"))
    reason = forms.ChoiceField(label=_("Reason to write now"))
    subject = forms.CharField(max_length=200, required=False, label=_("Subject in English"))
    body = forms.CharField(
        max_length=TEXT_AT_MOST, required=False, widget=forms.Textarea, label=_("Message in English")
    )
    subject_zh = forms.CharField(max_length=200, required=False, label=_("Subject in Chinese"))
    body_zh = forms.CharField(
        max_length=TEXT_AT_MOST, required=False, widget=forms.Textarea, label=_("Message in Chinese")
    )
    test_percent = forms.DecimalField(min_value=Decimal(1), max_value=Decimal(100), label=_("Test first, %"))
    holdout_percent = forms.DecimalField(min_value=Decimal(0), max_value=Decimal(90), label=_("Hold out, %"))
    threshold_percent = forms.DecimalField(min_value=Decimal("0.1"), max_value=Decimal(99), label=_("Threshold, %"))
    expected_percent = forms.DecimalField(min_value=Decimal("0.1"), max_value=Decimal(99), label=_("Expected, %"))
    answers_until = forms.DateField(required=False, label=_("Answers until"), widget=DayInput())
    budget = forms.DecimalField(min_value=Decimal(0), max_value=Decimal(10**9), label=_("Budget"))
    cost_each = forms.DecimalField(min_value=Decimal(0), max_value=Decimal(10**6), label=_("Cost of one message"))
    cap_30d = forms.IntegerField(min_value=1, max_value=30, label=_("Most contacts in 30 days"))
    priority = forms.IntegerField(min_value=1, max_value=9, label=_("Importance, 1 to 9"))
    brand = forms.ChoiceField(required=False, label=_("About the brand"))
    topic = forms.ChoiceField(required=False, label=_("About the topic"))

    def __init__(self, *args: Any, segments: list[tuple[str, str]], today: date, **more: Any) -> None:
        usual = {
            "reason": "due_this_month",
            "test_percent": 20,
            "holdout_percent": 10,
            "threshold_percent": 3,
            "expected_percent": 5,
            "budget": 0,
            "cost_each": 0,
            "cap_30d": 3,
            "priority": 5,
        }
        super().__init__(*args, **{**more, "initial": {**usual, **more.get("initial", {})}})
        self.today = today
        _offer(self, "segment", segments)
        _offer(self, "reason", [(code, words) for code, words in REASONS.items()])
        for kind in ("brand", "topic"):
            _offer(self, kind, [("", _("none in particular")), *_named_subjects(kind)])

    def clean(self) -> dict[str, Any]:
        """Every language that has a subject has a message, and one of them is there; the shares leave room."""
        typed: dict[str, Any] = super().clean() or {}
        if not typed.get("name") and not typed.get("name_zh"):
            self.add_error("name", _("Give it a name in one of the languages."))
        written = [bool(typed.get(f"subject{way}")) and bool(typed.get(f"body{way}")) for way in ("", "_zh")]
        if not any(written):
            self.add_error("subject", _("Write a subject and a message in at least one language."))
        if typed.get("test_percent", 0) + typed.get("holdout_percent", 0) > 100:
            self.add_error("test_percent", _("Test and hold-out together are more than everybody."))
        if typed.get("answers_until") and typed["answers_until"] < self.today:
            self.add_error("answers_until", _("That day is over."))
        return typed

    def draft(self, *, segment_id: int, key: str, currency: str) -> Draft:
        """The campaign of a form that is in order."""
        typed = self.cleaned_data
        scale = 10 ** digits_of(currency)
        return Draft(
            key=key,
            name=typed["name"] or typed["name_zh"],
            name_zh=typed["name_zh"],
            channel="email",
            reason=typed["reason"],
            segment_id=segment_id,
            selling_point=typed["selling_point"],
            currency=currency,
            subject=typed["subject"],
            body=typed["body"],
            subject_zh=typed["subject_zh"],
            body_zh=typed["body_zh"],
            test_share=_share(typed["test_percent"]),
            holdout_share=_share(typed["holdout_percent"]),
            threshold=_share(typed["threshold_percent"]),
            expected_response=_share(typed["expected_percent"]),
            answers_until=typed["answers_until"],
            budget_minor=int(typed["budget"] * scale),
            cost_each_minor=int(typed["cost_each"] * scale),
            cap_30d=typed["cap_30d"],
            priority=typed["priority"],
            brand=typed["brand"],
            topic=typed["topic"],
        )


def key_for(name: str, taken: set[str]) -> str:
    """A key for addresses, of the name where it has Latin letters; never one that is taken."""
    return free_key(slugify(name)[:KEY_AT_MOST] or "campaign", taken)


def _named_subjects(kind: str) -> list[tuple[str, str]]:
    """What customers can take out by itself: then the gate asks about it."""
    language = get_language() or "en"
    return [(one.key, one.called(language)) for one in subjects() if one.kind == kind]


def _share(percent: Decimal) -> float:
    return float(percent / 100)


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
