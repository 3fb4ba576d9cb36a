"""Today: what somebody should know in ten seconds, and the lapse list that becomes work."""

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.marketing.bucket_drawn import UNITS, bucket_drawn, bucket_picture
from regulars.desks.marketing.pictures import exported
from regulars.desks.marketing.today_drawn import (
    complaint_work,
    freshness,
    gate_words,
    lists_pieces,
    lists_rows,
    running,
    sentence,
    work,
)
from regulars.desks.marketing.ways import people_url, way_to
from regulars.desks.shared.dates import greeting, month
from regulars.desks.shared.figures import number
from regulars.desks.shared.navigation import url_of
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.assign_lapse_tasks import assign_lapse_tasks
from regulars.journeys.see_today import Today, see_today
from regulars.records.company.access import company, now, today
from regulars.records.scores.access import bucket_months, last_refresh
from regulars.records.staff.access import SignedIn, everybody
from regulars.records.tasks.access import EVERYBODYS, MINE
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

EVERYBODY: Final = ("marketer", "service", "officer", "steward")


@require_GET
@never_cache
@seated(*EVERYBODY)
def first_page(request: HttpRequest) -> HttpResponse:
    """The first page in the morning, for whoever signed in."""
    by, at = asker(request), now()
    seen = see_today(by=by, at=at, whose=EVERYBODYS if by.role == "marketer" else MINE)
    around = {
        "greeting": greeting(at), "who": _called(request), "role": by.role,
        "sentence": sentence(seen, at=at, by=by), **_month(seen, by, _unit(request)), **_doings(seen, by),
    }  # fmt: skip
    return render(request, "marketing/today.html", around)


@require_GET
@seated(*EVERYBODY)
def bucket(request: HttpRequest) -> HttpResponse:
    """The bucket alone, in people or money; as a file when asked for one."""
    by, unit, done = asker(request), _unit(request), last_refresh()
    months, currency = bucket_months(by=by), company().currency
    if done is None or not months:
        return redirect("marketing:today")
    if request.GET.get("csv"):
        return exported(
            f"bucket-{unit}", bucket_picture(months, unit=unit, as_of=done.as_of, currency=currency), currency
        )
    if not request.headers.get("HX-Request"):
        return redirect(way_to("marketing:today", unit=unit))
    drawn = bucket_drawn(months, unit=unit, as_of=done.as_of, currency=currency, by=by)
    return render(request, "marketing/parts/bucket.html", {"bucket": drawn, "as_of": done.finished_at})


@require_POST
@seated("marketer")
def assign_tasks(request: HttpRequest) -> HttpResponse:
    """Everybody on the lapse list of the month has a task with one of those who serve customers."""
    owners = [one.id for one in everybody() if "service" in one.roles]
    done = assign_lapse_tasks(
        owners=owners, by=asker(request), at=now(), today=today(), month=_first_day(request.POST.get("month", ""))
    )
    words = ngettext("%(n)s task has been assigned.", "%(n)s tasks have been assigned.", done.opened)
    messages.success(request, words % {"n": number(done.opened)})
    return redirect("marketing:today")


def _month(seen: Today, by: Asker, unit: str) -> dict[str, Any]:
    """What is shown of the month: nothing before the first figures."""
    if seen.refresh is None:
        return {"figures": False, "import_url": way_to("data_room:bring") if url_of("data", by) else ""}
    currency = company().currency
    lists = seen.lists[0] if seen.lists else None
    drawn = bucket_drawn(seen.bucket, unit=unit, as_of=seen.refresh.as_of, currency=currency, by=by)
    around: dict[str, Any] = {"figures": True, "bucket": drawn, "as_of": seen.refresh.finished_at, "lists": lists}
    if lists is not None:
        around |= {
            "lists_month": month(lists.month, at=None), "pieces": lists_pieces(lists), "lapse": seen.lapse,
            "rows": lists_rows(seen, lists, currency=currency, by=by),
            "worth_url": people_url(by, list="lapsed", month=f"{lists.month:%Y-%m}"),
        }  # fmt: skip
    return around


def _doings(seen: Today, by: Asker) -> dict[str, Any]:
    """What waits, what runs, what is late."""
    at, currency = now(), company().currency
    return {
        "waiting": seen.waiting,
        "work": work(seen.waiting.tasks, at=at, currency=currency, own=seen.waiting.whose == MINE),
        "tasks_url": way_to("service:tasks", whose=seen.waiting.whose),
        "complaints": complaint_work(seen.complaints, at=at),
        "complaints_url": url_of("complaints", by),
        "campaigns": running(seen.campaigns, at=at, language=get_language() or "en"),
        "campaigns_url": url_of("campaigns", by),
        "gate": gate_words(seen.gate, at=at),
        "privacy": seen.privacy,
        "privacy_url": way_to("service:tasks", whose=EVERYBODYS),
        "choices_url": way_to("privacy_office:choices") if by.role == "officer" else "",
        "check": seen.check,
        "check_url": way_to("privacy_office:checks"),
        "sources": freshness(seen.sources, at=at),
    }


def _called(request: HttpRequest) -> str:
    """What the person is called in the language of the page."""
    staff: SignedIn | None = getattr(request, "staff", None)
    if staff is None:
        return asker(request).name
    return (staff.full_name_zh if (get_language() or "").startswith("zh") else "") or staff.full_name


def _unit(request: HttpRequest) -> str:
    asked = request.GET.get("unit", "")
    return asked if asked in UNITS else UNITS[0]


def _first_day(text: str) -> date:
    try:
        return date.fromisoformat(text).replace(day=1)
    except ValueError:
        raise BadInput("month_unclear", {"month": text[:20]}) from None
