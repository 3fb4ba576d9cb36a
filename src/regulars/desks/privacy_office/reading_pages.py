"""Who reads how much against what is normal for her, who was slowed down or stopped, and the release."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.words import OTHER_ROLES, SHORT_VIEWS
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import ROLES, say
from regulars.journeys.answer_alarm import LEAST_LETTERS, answer_alarm
from regulars.records.access_log.alarms import Alarm, Reader, alarms, readers_now
from regulars.records.access_log.readings import key_of
from regulars.rules.permission.asking import Asker


class ReasonForm(forms.Form):
    """Why it is all right."""

    because = forms.CharField(min_length=LEAST_LETTERS, max_length=300, label=gettext_lazy("Reason"))


@require_GET
@seated(OFFICER)
def readings(request: HttpRequest) -> HttpResponse:
    """This hour, and the alarms."""
    return _page(request, asker(request))


@require_POST
@seated(OFFICER)
def answer(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """The alarm is answered, and she goes on."""
    by, form = asker(request), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, by, wrong=alarm_id, form=form)
    alarm = answer_alarm(alarm_id, by=by, because=form.cleaned_data["because"], at=timezone.now())
    messages.success(request, _("%(name)s can go on reading.") % {"name": called(alarm.name)})
    return redirect("privacy_office:readings")


def _page(request: HttpRequest, by: Asker, *, wrong: int = 0, form: ReasonForm | None = None) -> HttpResponse:
    shown = [_alarm(one, by) for one in alarms(by=by)]
    around = {
        "open": [one for one in shown if one["open"]],
        "past": [one for one in shown if not one["open"]],
        "readers": [_reader(one) for one in readers_now(by=by, at=timezone.now())],
        "wrong": wrong,
        "form": form,
    }
    answer = in_room(request, "readings", around, by=by)
    answer.status_code = 422 if form else 200
    return answer


def _alarm(one: Alarm, by: Asker) -> dict[str, object]:
    return {
        "facts": one,
        "role": _role(one.role),
        "stopped": one.kind == "stop",
        "here": one.kind == "here",
        "open": one.released_at is None,
        "own": one.who == key_of(by),
    }


def _reader(one: Reader) -> dict[str, object]:
    slowed = one.files > one.slow_files or one.rows > one.slow_rows
    return {"facts": one, "role": _role(one.role), "view": say(SHORT_VIEWS, one.view), "slowed": slowed}


def _role(role: str) -> str:
    return say(ROLES, role) if role in ROLES else say(OTHER_ROLES, role)
