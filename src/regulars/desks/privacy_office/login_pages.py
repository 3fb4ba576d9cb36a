"""Logins that are not a person at a page: analysts with SQL of their own, and programs with a token."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.words import SHORT_VIEWS
from regulars.desks.shared.customer_words import labelled
from regulars.desks.shared.limits_said import limits_said
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import ROLES, say
from regulars.journeys.give_sql_login import SqlLogin, give_sql_login, revoke_sql_login
from regulars.journeys.give_token import end_program_token, give_program_token
from regulars.records.company.access import branches
from regulars.records.orders.brands import brands_sold
from regulars.records.staff.sql_logins import SqlLoginFacts, sql_logins
from regulars.records.staff.tokens import TokenFacts, tokens
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.views import ROLES as ROLE_VIEWS
from regulars.rules.privacy.views import VIEWS, Within

WITH_SQL = [view.name for view in VIEWS if view.raw_sql]
FOR_PROGRAMS = [view.name for view in VIEWS if view.name in ("anonymous", "disclosure", "automated", "sensitive")]
LIFETIMES = (("30", gettext_lazy("30 days")), ("90", gettext_lazy("90 days")), ("365", gettext_lazy("a year")))


class SqlForm(forms.Form):
    """Who, and which view."""

    name = forms.RegexField(
        r"^[a-z][a-z0-9_]{1,40}$",
        label=gettext_lazy("Analyst"),
        error_messages={"invalid": gettext_lazy("Small Latin letters, digits and _ only, beginning with a letter.")},
    )
    view = forms.ChoiceField(
        choices=lambda: [(name, SHORT_VIEWS[name]) for name in WITH_SQL], label=gettext_lazy("View")
    )
    branches = forms.MultipleChoiceField(
        choices=lambda: [(str(one.id), one.name or one.ref) for one in branches()],
        required=False,
        label=gettext_lazy("Only these branches (none means all)"),
    )
    brands = forms.MultipleChoiceField(
        choices=lambda: [(one, one) for one in brands_sold()],
        required=False,
        label=gettext_lazy("Only these brands (none means all)"),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        """A limit there is no choice for is not asked."""
        super().__init__(*args, **more)
        for name, there in {"branches": branches(), "brands": brands_sold()}.items():
            if not there:
                del self.fields[name]

    def within(self) -> Within:
        """What the login is limited to."""
        said = self.cleaned_data
        places, brands = said.get("branches", ()), said.get("brands", ())
        return Within(tuple(sorted(map(int, places))), tuple(sorted(brands)))


class TokenForm(forms.Form):
    """Which program, as whom it asks, and for how long."""

    name = forms.CharField(max_length=60, label=gettext_lazy("Program"))
    asks_as = forms.ChoiceField(choices=lambda: _asks_as(), label=gettext_lazy("Asks as"))
    days = forms.ChoiceField(choices=LIFETIMES, label=gettext_lazy("Works for"))


@require_GET
@never_cache
@seated(OFFICER)
def logins(request: HttpRequest) -> HttpResponse:
    """Every login and token, and the forms for new ones."""
    return _page(request, asker(request))


@require_POST
@never_cache
@seated(OFFICER)
def give_sql(request: HttpRequest) -> HttpResponse:
    """A new login for an analyst; password and command are shown this once."""
    by, form = asker(request), SqlForm(request.POST)
    if not form.is_valid():
        return _page(request, by, sql_form=form)
    try:
        name, view = form.cleaned_data["name"], form.cleaned_data["view"]
        made = give_sql_login(name, view=view, within=form.within(), by=by, at=timezone.now())
    except BadInput as error:
        form.add_error("name", sentence_for(error))
        return _page(request, by, sql_form=form)
    return _page(request, by, made=made)


@require_POST
@seated(OFFICER)
def end_sql(request: HttpRequest, role: str) -> HttpResponse:
    """The login is gone, and what it had open with it."""
    revoke_sql_login(role, by=asker(request), at=timezone.now())
    messages.success(request, _("%(login)s can no longer log in.") % {"login": role})
    return redirect("privacy_office:logins")


@require_POST
@never_cache
@seated(OFFICER)
def give_token(request: HttpRequest) -> HttpResponse:
    """A new token for a program, shown this once."""
    by, form, at = asker(request), TokenForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, by, token_form=form)
    kind, _colon, what = form.cleaned_data["asks_as"].partition(":")
    ends = at + timedelta(days=int(form.cleaned_data["days"]))
    try:
        secret = give_program_token(form.cleaned_data["name"], kind=kind, what=what, by=by, at=at, expires_at=ends)
    except BadInput as error:
        form.add_error("name", sentence_for(error))
        return _page(request, by, token_form=form)
    return _page(request, by, secret=secret)


@require_POST
@seated(OFFICER)
def end_token_now(request: HttpRequest, token_id: int) -> HttpResponse:
    """The token opens nothing from now on."""
    name = end_program_token(token_id, by=asker(request), at=timezone.now())
    messages.success(request, _("The token of %(program)s opens nothing any more.") % {"program": name})
    return redirect("privacy_office:logins")


def _page(
    request: HttpRequest,
    by: Asker,
    *,
    made: SqlLogin | None = None,
    secret: str = "",
    sql_form: SqlForm | None = None,
    token_form: TokenForm | None = None,
) -> HttpResponse:
    at = timezone.now()
    around = {
        "analysts": [_analyst(one) for one in sql_logins()],
        "programs": [_program(one, at) for one in tokens()],
        "made": made,
        "secret": secret,
        "sql_form": sql_form or SqlForm(),
        "token_form": token_form or TokenForm(initial={"days": "90"}),
    }
    return in_room(request, "logins", around, by=by)


def _analyst(one: SqlLoginFacts) -> dict[str, object]:
    return {"facts": one, "view": say(SHORT_VIEWS, one.view), "only": limits_said(one)}


def _program(one: TokenFacts, at: datetime) -> dict[str, object]:
    asks_as = say(ROLES, one.role) if one.role in ROLES else _("a purpose of its own")
    return {"facts": one, "view": say(SHORT_VIEWS, one.view), "as": asks_as, "works": one.works(at)}


def _asks_as() -> list[tuple[str, str]]:
    roles = [
        (f"role:{role}", labelled(say(ROLES, role), say(SHORT_VIEWS, view))) for role, (view, _) in ROLE_VIEWS.items()
    ]
    return roles + [(f"view:{view}", say(SHORT_VIEWS, view)) for view in FOR_PROGRAMS]
