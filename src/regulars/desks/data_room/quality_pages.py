"""Quality of the data: how complete, right and recent it is, what that costs, and whom to ask again."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.data_room.quality_drawn import quality_page
from regulars.desks.shared.figures import number
from regulars.desks.shared.quality_words import MEASURES
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import say
from regulars.journeys.keep_quality import ACTING, LOOKING, hand_out_cases, look_at_quality
from regulars.records.company.access import now
from regulars.records.staff.access import everybody

BECAUSE: Final = "quality"
MOST: Final = 200


class HandOutForm(forms.Form):
    """How many, and to whom; to nobody offers them to all."""

    most = forms.IntegerField(min_value=1, max_value=MOST, initial=20, label=gettext_lazy("How many"))
    owner = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=gettext_lazy("Who asks"))

    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        staff = [(str(one.id), called(one.log_name)) for one in everybody() if "service" in one.roles]
        self.fields["owner"].choices = [("", _("whoever meets them")), *staff]  # type: ignore[attr-defined]


@require_GET
@never_cache
@seated(*LOOKING)
def quality(request: HttpRequest) -> HttpResponse:
    """Figures by field and source, over time, with their cost and the work list."""
    by, source, measure = asker(request), request.GET.get("source", ""), request.GET.get("measure", "complete")
    found = look_at_quality(by=by, because=BECAUSE)
    measure = measure if measure in MEASURES else "complete"
    source_id = int(source) if source.isdecimal() and len(source) < 19 else None
    name = next((one.name for one in found.sources if one.id == source_id), "")
    around: dict[str, Any] = {
        **quality_page(found, source_id=source_id if name else None, measure=measure), "source": name,
        "source_id": source_id if name else "", "form": HandOutForm(), "may_act": by.role in ACTING,
        "measures": [(one, say(MEASURES, one), one == measure) for one in MEASURES],
    }  # fmt: skip
    return render(request, "data_room/quality.html", around)


@require_POST
@seated(*ACTING)
def hand_out(request: HttpRequest) -> HttpResponse:
    """The first of the list are somebody's tasks."""
    form = HandOutForm(request.POST)
    if form.is_valid():
        owner = form.cleaned_data["owner"]
        done = hand_out_cases(
            form.cleaned_data["most"], [owner] if owner else [], by=asker(request), because=BECAUSE, at=now()
        )
        said = ngettext("%(n)s task is open now.", "%(n)s tasks are open now.", done)
        messages.success(request, said % {"n": number(done)})
    else:
        messages.warning(request, _("Say how many, from 1 to 200."))
    return redirect("data_room:quality")
