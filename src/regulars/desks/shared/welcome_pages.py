"""The link somebody gets when she begins to work here, or has lost her password: she sets one of her own."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from regulars.desks.shared.mistakes import sentence_for
from regulars.journeys.invite_staff import accept, who_is_invited
from regulars.journeys.sign_in import LEAST_LETTERS
from regulars.rules.permission.errors import BadInput


class WelcomeForm(forms.Form):
    """A password of her own."""

    password = forms.CharField(max_length=1000, strip=False, label=gettext_lazy("New password"))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@never_cache
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """Her password counts from now on, and the link opens nothing any more."""
    staff, form = who_is_invited(secret, at=timezone.now()), WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accept(secret, form.cleaned_data["password"], at=timezone.now())
        except BadInput as error:
            form.add_error("password", sentence_for(error))
        else:
            messages.success(request, _("Your password counts. Sign in with it now."))
            return redirect("sign_in")
    around = {"form": form, "staff": staff, "letters": LEAST_LETTERS}
    return render(request, "shared/welcome.html", around, status=422 if form.errors else 200)
