"""Signing in and out. In demo mode the three invented people are offered on the page and need no password."""

from dataclasses import dataclass
from typing import Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regulars.desks.shared.frame import initial_of
from regulars.desks.shared.signing_in import SESSION_KEY
from regulars.desks.shared.words import ROLES, say
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.staff.access import SignedIn, asker_of, check_sign_in, demo_staff
from regulars.rules.permission.asking import Asker

STRANGER: Final = "stranger"


class SignInForm(forms.Form):
    """Name and password; the error does not say which of the two was wrong."""

    username = forms.CharField(max_length=150)
    password = forms.CharField(max_length=1000, strip=False)

    def clean(self) -> dict[str, object]:
        """`self.staff` is who this is; a form error when nobody is."""
        values = super().clean() or self.cleaned_data
        self.staff = check_sign_in(values.get("username", ""), values.get("password", ""))
        if self.staff is None and not self.errors:
            _note_failure(values.get("username", ""))
            raise forms.ValidationError(_("This name and password do not belong together. Check both and try again."))
        return values


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One of the invented people on the sign-in page."""

    username: str
    name: str
    role_label: str
    initial: str
    sees: str
    not_shown: str
    url: str


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The door. Who is signed in already goes straight on."""
    if getattr(request, "staff", None) and request.method == "GET":
        return redirect(where_next(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.staff:
        return _let_in(request, form.staff)
    return render(request, "shared/signin.html", _around(request, form), status=200 if not form.errors else 422)


@require_POST
def sign_in_to_demo(request: HttpRequest) -> HttpResponse:
    """In as one of the invented people; there is no such page outside demo mode."""
    wanted = request.POST.get("username", "")
    staff = next((one for one in demo_staff() if one.username == wanted), None) if settings.DEMO else None
    if staff is None:
        raise Http404
    return _let_in(request, staff)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out; the session is gone."""
    request.session.flush()
    return redirect("sign_in")


def where_next(request: HttpRequest) -> str:
    """Where the reader wanted to go, if it is ours; else the first page of her first role."""
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    if asked and url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return "/"


def _let_in(request: HttpRequest, staff: SignedIn) -> HttpResponse:
    request.session.cycle_key()
    request.session[SESSION_KEY] = staff.id
    note_access(asker_of(staff, staff.roles[0]), door="sign_in", because="signed in", rows=0)
    return HttpResponseRedirect(where_next(request))


def _note_failure(username: str) -> None:
    note_denial(Asker(username[:150], STRANGER, "none", "none"), door="sign_in", because="wrong name or password")


def _around(request: HttpRequest, form: SignInForm) -> dict[str, object]:
    around: dict[str, object] = {
        "form": form,
        "next": where_next(request) if "next" in (request.GET | request.POST) else "",
    }
    if settings.DEMO:
        around |= {
            "demo_logins": [_demo_login(staff) for staff in demo_staff()],
            "demo_portal_url": reverse("demo_customer"),
        }
    return around


def _demo_login(staff: SignedIn) -> DemoLogin:
    chinese = (get_language() or "").startswith("zh")
    name = (staff.full_name_zh or staff.full_name) if chinese else staff.full_name
    sees, not_shown = _seen(staff.roles[0])
    return DemoLogin(
        staff.username, name, say(ROLES, staff.roles[0]), initial_of(name), sees, not_shown, reverse("sign_in_to_demo")
    )


def _seen(role: str) -> tuple[str, str]:
    """What somebody in this role sees, and what she is not shown."""
    return {
        "marketer": (
            _("Segments, value, campaigns, imports"),
            _("Who said no to marketing is not there; no phone, no mail address"),
        ),
        "service": (
            _("One customer's file at a time, tasks, complaints"),
            _("No lists to take away, no sensitive data"),
        ),
        "officer": (_("Dictionary, views, log, requests: everything"), _("Every read is logged with its reason")),
    }[role]
