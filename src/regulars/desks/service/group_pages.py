"""Households, company accounts, agents and channels: found, opened with their sums, and said."""

from typing import Any, Final

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.desks.service.group_forms import HouseholdForm, LeftForm, MemberForm, NewGroupForm, PlaceForm
from regulars.desks.service.groups_drawn import belonging_drawn, found_table, group_page, group_url
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.import_ties import MAY_IMPORT
from regulars.journeys.keep_groups import (
    KEEPING,
    LOOKING,
    add_group,
    groups_on_card,
    live_together,
    look_at_group,
    look_for_groups,
    put_under,
    say_left,
    say_member,
)
from regulars.records.company.access import now, today
from regulars.records.groups.actions import NewGroup
from regulars.rules.permission.errors import BadInput, NotThere

BECAUSE: Final = "serving"


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*LOOKING)
def groups(request: HttpRequest) -> HttpResponse:
    """Find a company, agent or channel by name, reference or code; open a new one."""
    by, text = asker(request), request.GET.get("q", "").strip()[:120]
    form = NewGroupForm(request.POST or None)
    if request.method == "POST" and by.role in KEEPING and form.is_valid():
        try:
            return redirect(group_url(add_group(NewGroup(**form.cleaned_data), by=by, at=now())))
        except BadInput as error:
            form.add_error(None, sentence_for(error))
    found = look_for_groups(text, by=by, because="searching") if text else []
    around = {
        "text": text, "found": found_table(found) if found else None, "form": form, "may_keep": by.role in KEEPING,
        "may_bring": by.has_seat(MAY_IMPORT),
    }  # fmt: skip
    return render(request, "service/groups.html", around)


@require_GET
@never_cache
@seated(*LOOKING)
def group(request: HttpRequest, ref: str) -> HttpResponse:
    """The group as it stands today, and what its people did, by branch and year."""
    return _group_page(request, ref)


@require_POST
@seated(*KEEPING)
def join(request: HttpRequest, ref: str) -> HttpResponse:
    """A customer belongs to the group."""
    seen = look_at_group(ref, by=asker(request), because=BECAUSE, on=today())
    form = MemberForm(request.POST, kind=seen.opened.facts.kind)
    if form.is_valid():
        said = form.cleaned_data
        try:
            say_member(
                said["number"].strip(), ref, role=said["role"], days=(said["since"], None), by=asker(request),
                because=BECAUSE, at=now(),
            )  # fmt: skip
        except (BadInput, NotThere) as error:
            form.add_error(None, sentence_for(error))
        else:
            messages.success(request, _("Noted."))
            return redirect(group_url(ref))
    return _group_page(request, ref, member=form)


@require_POST
@seated(*KEEPING)
def place(request: HttpRequest, ref: str) -> HttpResponse:
    """The group stands under another."""
    form = PlaceForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            put_under(ref, said["parent"].strip(), days=(said["since"], None), by=asker(request), at=now())
        except (BadInput, NotThere) as error:
            form.add_error(None, sentence_for(error))
        else:
            messages.success(request, _("Noted."))
            return redirect(group_url(ref))
    return _group_page(request, ref, under=form)


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*LOOKING)
def customer_groups(request: HttpRequest, number: str) -> HttpResponse:
    """What a customer belongs to, and with whom; somebody she lives with is said here."""
    by = asker(request)
    form = HouseholdForm(request.POST or None)
    if request.method == "POST" and by.role in KEEPING and form.is_valid():
        said = form.cleaned_data
        try:
            live_together(
                number, said["number"].strip(), role=said["role"], since=said["since"], by=by, because=BECAUSE, at=now()
            )
        except (BadInput, NotThere) as error:
            form.add_error(None, sentence_for(error))
        else:
            messages.success(request, _("Noted."))
            return redirect("service:customer_groups", number)
    facts, found = groups_on_card(number, by=by, because=BECAUSE, on=today())
    around = {
        "number": number, "name": facts.name or number, "groups": [belonging_drawn(one) for one in found],
        "form": form, "may_keep": by.role in KEEPING, "today": today().isoformat(),
    }  # fmt: skip
    return render(request, "service/customer_groups.html", around)


@require_POST
@seated(*KEEPING)
def left(request: HttpRequest, number: str, ref: str) -> HttpResponse:
    """The customer belongs to the group no more."""
    form = LeftForm(request.POST)
    if form.is_valid():
        say_left(number, ref, until=form.cleaned_data["until"], by=asker(request), because=BECAUSE)
        messages.success(request, _("Noted."))
    else:
        messages.warning(request, _("Say from which day on."))
    return redirect("service:customer_groups", number)


def _group_page(
    request: HttpRequest, ref: str, *, member: Form | None = None, under: Form | None = None
) -> HttpResponse:  # fmt: skip
    by = asker(request)
    seen = look_at_group(ref, by=by, because=BECAUSE, on=today())
    around: dict[str, Any] = {
        **group_page(seen), "may_keep": by.role in KEEPING,
        "member": member or MemberForm(kind=seen.opened.facts.kind), "under": under or PlaceForm(),
    }  # fmt: skip
    return render(request, "service/group.html", around)
