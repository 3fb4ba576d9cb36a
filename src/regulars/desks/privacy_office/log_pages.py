"""The access log: who looked, through which view, why, at how many; granted and denied."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from regulars.desks.privacy_office.office import OFFICER, in_room, page_asked, pager
from regulars.desks.privacy_office.words import OTHER_ROLES, SHORT_VIEWS
from regulars.desks.shared.log_words import DOORS, said_because
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import ROLES, say
from regulars.records.access_log.access import AccessLine
from regulars.records.access_log.actions import note_access
from regulars.records.access_log.search import LogSearch, search_log
from regulars.records.customers.side_by_side import customer_behind, numbers_of
from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.views import VIEWS

PAGE = 50
NOBODY = -1
ASKED = ("q", "view", "role", "outcome", "customer", "since", "until")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log in words; `number` links to the customer, if it was one and is still there."""

    line: AccessLine
    role: str
    view: str
    door: str
    because: str
    number: str
    name: str


@require_GET
@never_cache
@seated(OFFICER)
def log(request: HttpRequest) -> HttpResponse:
    """The newest lines first, fifty at a time."""
    by, page = asker(request), page_asked(request.GET.get("page", "1"))
    wanted = {name: request.GET.get(name, "") for name in ASKED}
    found = search_log(_search(request.GET, by), by=by, page=page, size=PAGE)
    note_access(by, door="access_log", because="oversight", rows=len(found.lines))
    around = {
        "lines": _drawn(found.lines, by),
        "total": found.total,
        "pager": pager("log", wanted, page, first=found.first, shown=len(found.lines), total=found.total),
        "wanted": wanted,
        "views": [(view.name, say(SHORT_VIEWS, view.name)) for view in VIEWS],
        "roles": [(role, say(ROLES, role)) for role in ROLES],
    }
    return in_room(request, "log", around, part="lines", by=by)


def _search(asked: QueryDict, by: Asker) -> LogSearch:
    number = asked.get("customer", "").strip()[:40]
    return LogSearch(
        text=asked.get("q", "").strip()[:120],
        view=asked.get("view", ""),
        role=asked.get("role", ""),
        allowed={"granted": True, "denied": False}.get(asked.get("outcome", "")),
        customer_id=(customer_behind(number, by=by) or NOBODY) if number else None,
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", ""), days=1),
    )


def _drawn(lines: tuple[AccessLine, ...], by: Asker) -> list[Line]:
    known = numbers_of([line.customer_id for line in lines if line.customer_id is not None], by=by)
    return [Line(line, *_words(line), *_who(line, known)) for line in lines]


def _words(line: AccessLine) -> tuple[str, str, str, str]:
    """Role, view, door and reason; a page's address stands for itself."""
    role = say(ROLES if line.role in ROLES else OTHER_ROLES, line.role)
    return role, say(SHORT_VIEWS, line.view), say(DOORS, line.door), said_because(line.because)


def _who(line: AccessLine, known: dict[int, tuple[str, str]]) -> tuple[str, str]:
    return known.get(line.customer_id, ("", "")) if line.customer_id is not None else ("", "")


def _day(text: str, days: int = 0) -> datetime | None:
    """The beginning of a day on the company's wall, `days` later; None for what is no day."""
    try:
        on = date.fromisoformat(text) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    zone = timezone.get_current_timezone()
    return datetime.combine(on, time(), tzinfo=zone).astimezone(UTC)
