"""What is typed about those who work here: somebody new, and seats."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from regulars.desks.shared.words import ROLES, say
from regulars.records.company.access import branches
from regulars.rules.privacy.views import ROLES as ROLE_VIEWS


class SeatsForm(forms.Form):
    """Roles, of which the first is hers by default, and the branches she is bound to."""

    roles = forms.MultipleChoiceField(
        choices=lambda: [(role, say(ROLES, role)) for role in ROLE_VIEWS],
        widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Roles"),
    )  # fmt: skip
    branches = forms.MultipleChoiceField(
        choices=lambda: [(str(one.id), one.name or one.ref) for one in branches()],
        widget=forms.CheckboxSelectMultiple, required=False, label=gettext_lazy("Only these branches (none means all)"),
    )  # fmt: skip

    def said(self, before: Sequence[str] = ()) -> dict[str, Any]:
        """Roles and branches as the journeys take them; what she was first before, she stays first."""
        told = self.cleaned_data
        roles = sorted(told["roles"], key=lambda role: role not in before or before.index(role) - len(before))
        return {"roles": roles, "branches": [int(one) for one in told["branches"]]}


class HireForm(SeatsForm):
    """Somebody new."""

    username = forms.RegexField(
        r"^[\w.@+-]+$", max_length=150, label=gettext_lazy("Sign-in name"),
        error_messages={"invalid": gettext_lazy("Letters, digits and . @ + - _ only.")},
    )  # fmt: skip
    full_name = forms.CharField(max_length=150, label=gettext_lazy("Name"))
    full_name_zh = forms.CharField(max_length=150, required=False, label=gettext_lazy("Chinese name"))
    field_order = ("username", "full_name", "full_name_zh", "roles", "branches")
