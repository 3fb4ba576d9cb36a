"""What is typed at the service desk: notes, tasks, complaints. What the doors refuse, the forms say before."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.codes_said import SEVERITIES, codes_offered
from regulars.desks.shared.customer_words import (
    COMPLAINT_OUTCOMES,
    TASK_KINDS,
    TASK_OUTCOMES,
    TOUCHPOINT_CHANNELS,
    TOUCHPOINT_KINDS,
)
from regulars.desks.shared.day_input import DayInput
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import Words
from regulars.records.company.access import today
from regulars.records.staff.access import SignedIn
from regulars.records.touchpoints.actions import DETAIL_AT_MOST, TITLE_AT_MOST

EVENING = time(18)
LONG = forms.Textarea(attrs={"rows": 4})
NOT_BY_HAND = frozenset({"correction"})
TASKS_BY_HAND = ("call_back", "order_ready", "lapse", "other")


def offered(words: Words, among: Iterable[str] | None = None) -> list[tuple[str, Any]]:
    """(code, word) pairs for a choice field."""
    return [(code, words[code]) for code in (among or words) if code not in NOT_BY_HAND]


class NoteForm(forms.Form):
    """A visit, call, note or wish."""

    kind = forms.ChoiceField(choices=lambda: offered(TOUCHPOINT_KINDS), label=_("What it was"))
    channel = forms.ChoiceField(choices=lambda: offered(TOUCHPOINT_CHANNELS), label=_("How"))
    title = forms.CharField(max_length=TITLE_AT_MOST, label=_("In one line"))
    detail = forms.CharField(max_length=DETAIL_AT_MOST, required=False, widget=LONG, label=_("More, if need be"))


class TaskForm(forms.Form):
    """Something to be done about a customer until a day."""

    kind = forms.ChoiceField(choices=lambda: offered(TASK_KINDS, TASKS_BY_HAND), label=_("What is to be done"))
    words = forms.CharField(max_length=500, required=False, label=_("In one line"))
    due_on = forms.DateField(label=_("Until"), widget=DayInput())
    owner = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Who"))

    def __init__(self, *args: Any, staff: Iterable[SignedIn], day: date, **more: Any) -> None:
        super().__init__(*args, **more)
        _may_be(self, owners(staff))
        self.fields["due_on"].initial = day + timedelta(days=2)


class ComplaintForm(forms.Form):
    """A complaint heard, and until when it is to be answered."""

    code = forms.ChoiceField(choices=lambda: codes_offered("complaint", on=today()), label=_("About"))
    severity = forms.TypedChoiceField(
        coerce=int, required=False, empty_value="2", choices=lambda: list(SEVERITIES.items()), initial="2",
        label=pgettext_lazy("severity", "How grave"),
    )  # fmt: skip
    detail = forms.CharField(max_length=DETAIL_AT_MOST, widget=LONG, label=_("In the customer's words"))
    answer_by = forms.DateField(label=_("Answer by"), widget=DayInput())
    owner = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Who answers"))

    def __init__(self, *args: Any, staff: Iterable[SignedIn], day: date, **more: Any) -> None:
        super().__init__(*args, **more)
        _may_be(self, owners(staff))
        self.fields["answer_by"].initial = day + timedelta(days=2)

    def answer_at(self) -> datetime:
        """The evening of the day the answer is due."""
        day: date = self.cleaned_data["answer_by"]
        return timezone.make_aware(datetime.combine(day, EVENING))


class AnswerForm(forms.Form):
    """What the customer was answered."""

    answer = forms.CharField(max_length=DETAIL_AT_MOST, widget=LONG, label=_("What she was answered"))


class WeighForm(forms.Form):
    """How grave a complaint is, and who answers it."""

    severity = forms.TypedChoiceField(
        coerce=int, choices=lambda: list(SEVERITIES.items()), label=pgettext_lazy("severity", "How grave")
    )
    owner = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Who answers"))

    def __init__(self, *args: Any, staff: Iterable[SignedIn], **more: Any) -> None:
        super().__init__(*args, **more)
        _may_be(self, owners(staff))


class PreferenceForm(forms.Form):
    """What a customer prefers, by a code and in her own words."""

    code = forms.ChoiceField(choices=lambda: codes_offered("preference", on=today()), label=_("What it is about"))
    words = forms.CharField(max_length=TITLE_AT_MOST, required=False, label=_("In her words, if need be"))


class CallForm(forms.Form):
    """What a call was about."""

    number = forms.CharField(max_length=24)
    code = forms.ChoiceField(choices=lambda: codes_offered("call", on=today()), label=_("What it was about"))
    title = forms.CharField(max_length=TITLE_AT_MOST, label=_("In one line"))


class SettleForm(forms.Form):
    """How a complaint ended."""

    outcome = forms.ChoiceField(choices=lambda: offered(COMPLAINT_OUTCOMES), label=_("How it ended"))
    words = forms.CharField(max_length=DETAIL_AT_MOST, required=False, widget=LONG, label=_("What was agreed"))


class CloseForm(forms.Form):
    """How a task ended."""

    outcome = forms.ChoiceField(choices=lambda: offered(TASK_OUTCOMES), label=_("How it ended"))
    words = forms.CharField(max_length=TITLE_AT_MOST, required=False, label=_("In one line"))


class HandForm(forms.Form):
    """Whose task it is from now on."""

    owner = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Who"))

    def __init__(self, *args: Any, staff: Iterable[SignedIn], **more: Any) -> None:
        super().__init__(*args, **more)
        _may_be(self, owners(staff))


def _may_be(form: forms.Form, choices: list[tuple[Any, Any]]) -> None:
    owner = form.fields["owner"]
    if isinstance(owner, forms.ChoiceField):
        owner.choices = choices


def owners(staff: Iterable[SignedIn]) -> list[tuple[Any, Any]]:
    """Nobody yet, then everybody by name."""
    return [("", _("nobody yet")), *((one.id, called(one.log_name)) for one in staff)]
