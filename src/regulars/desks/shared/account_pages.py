"""Everybody's own page about signing in: password, second step, and where she is signed in."""

from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import seated
from regulars.desks.shared.whereabouts import address_of
from regulars.desks.shared.words import Words, say
from regulars.journeys.passkeys import must_keep_one
from regulars.journeys.sign_in import change_password, put_app_away, sign_out_there
from regulars.records.staff.access import SignedIn
from regulars.records.staff.factors import factors_of, roles_asked
from regulars.records.staff.passkeys import passkeys_of
from regulars.records.staff.sessions import sessions_of
from regulars.rules.permission.errors import BadInput, Denied
from regulars.rules.privacy.views import ROLES

PROVED_BY: Final[Words] = {
    "password": gettext_lazy("password"),
    "app": gettext_lazy("password and app"),
    "recovery": gettext_lazy("password and recovery code"),
    "passkey": gettext_lazy("passkey"),
    "company": gettext_lazy("company account"),
    "demo": gettext_lazy("demonstration sign-in"),
}


class PasswordForm(forms.Form):
    """The old password and the new one."""

    old = forms.CharField(max_length=1000, strip=False)
    new = forms.CharField(max_length=1000, strip=False)


class OldPasswordForm(forms.Form):
    """The password once more, before something is taken away."""

    password = forms.CharField(max_length=1000, strip=False)


@require_GET
@never_cache
@seated(*ROLES)
def account(request: HttpRequest) -> HttpResponse:
    """Her own page."""
    return _page(request)


@require_POST
@never_cache
@seated(*ROLES)
def new_password(request: HttpRequest) -> HttpResponse:
    """The new password counts, and every other session of hers has ended."""
    form, staff = PasswordForm(request.POST), _staff(request)
    if not form.is_valid():
        return _page(request, password_form=form)
    said, here = form.cleaned_data, str(request.session.session_key)
    try:
        address, at = address_of(request), timezone.now()
        change_password(staff, said["old"], said["new"], address=address, at=at, keep=here)
    except (BadInput, Denied) as error:
        form.add_error("new" if error.code == "password_too_short" else "old", sentence_for(error))
        return _page(request, password_form=form)
    messages.success(request, _("The new password counts. Everywhere else you have been signed out."))
    return redirect("account")


@require_POST
@never_cache
@seated(*ROLES)
def without_app(request: HttpRequest) -> HttpResponse:
    """Her password alone opens the door again."""
    form, staff = OldPasswordForm(request.POST), _staff(request)
    if not form.is_valid():
        return _page(request, away_form=form)
    try:
        put_app_away(staff, form.cleaned_data["password"], address=address_of(request), at=timezone.now())
    except (BadInput, Denied) as error:
        form.add_error("password", sentence_for(error))
        return _page(request, away_form=form)
    messages.success(request, _("No code is asked of you any more."))
    return redirect("account")


@require_POST
@seated(*ROLES)
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """She is signed out there."""
    sign_out_there(_staff(request), session_id)
    messages.success(request, _("You are signed out there."))
    return redirect("account")


def _page(
    request: HttpRequest, *, password_form: PasswordForm | None = None, away_form: OldPasswordForm | None = None
) -> HttpResponse:
    staff, at = _staff(request), timezone.now()
    around = {
        "factors": factors_of(staff.id),
        "must": bool(roles_asked() & set(staff.roles)),
        "sessions": [
            {"facts": one, "factor": say(PROVED_BY, one.factor)}
            for one in sessions_of(staff.id, at=at, here=str(request.session.session_key))
        ],
        "passkeys": (kept := passkeys_of(staff.id)),
        "last_needed": len(kept) == 1 and must_keep_one(staff),
        "password_form": password_form or PasswordForm(),
        "away_form": away_form or OldPasswordForm(),
        "now": at,
    }
    wrong = any(form is not None for form in (password_form, away_form))
    return render(request, "shared/account.html", around, status=422 if wrong else 200)


def _staff(request: HttpRequest) -> SignedIn:
    staff: SignedIn = request.staff  # type: ignore[attr-defined]
    return staff
