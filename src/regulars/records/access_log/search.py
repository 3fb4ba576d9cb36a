"""The privacy officer's search of the access log: by words, view, role, outcome, person and days, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from regulars.records.access_log.access import AccessLine
from regulars.records.access_log.models import AccessEntry
from regulars.records.staff.names import names_like
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

FIELDS = tuple(AccessLine.__dataclass_fields__)
COUNTED_AT_MOST = 100_000
SHOWN = 20


@dataclass(frozen=True, slots=True)
class LogSearch:
    """What to look for; empty means everything. `allowed` is None for granted and denied alike."""

    text: str = ""
    view: str = ""
    role: str = ""
    allowed: bool | None = None
    customer_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some lines, newest first, and how many there are in all (counted up to a hundred thousand)."""

    lines: tuple[AccessLine, ...]
    first: int
    total: int


def search_log(search: LogSearch, *, by: Asker, page: int = 1, size: int = 50) -> LogPage:
    """One page of the log, for the privacy officer only."""
    if by.view != "personal":
        raise Denied("log_is_for_the_officer")
    found = _found(search, by)
    total = found.order_by()[:COUNTED_AT_MOST].count()
    first = max(page - 1, 0) * size
    lines = found.order_by("-at", "-id").values_list(*FIELDS)[first : first + size]
    return LogPage(tuple(AccessLine(*line) for line in lines), first + 1 if total else 0, total)


def denials_since(at: datetime, *, by: Asker) -> int:
    """How many reads were denied since then."""
    return AccessEntry.objects.using(by.view).filter(allowed=False, at__gte=at).count()


def who_opened(customer_ids: Sequence[int], *, by: Asker) -> list[tuple[str, int]]:
    """Who opened contact data of these customers, one by one, and of how many of them; who opened most first."""
    if by.view != "personal":
        raise Denied("log_is_for_the_officer")
    opened = AccessEntry.objects.using(by.view).filter(
        customer_id__in=list(customer_ids), door="open_contact", allowed=True
    )
    counted = opened.values_list("who").annotate(customers=Count("customer_id", distinct=True))
    return [(who, int(customers)) for who, customers in counted.order_by("-customers", "who")[:SHOWN]]


def _found(search: LogSearch, by: Asker) -> "QuerySet[AccessEntry, AccessEntry]":
    lines = AccessEntry.objects.using(by.view).all()
    exact = {"view": search.view, "role": search.role, "allowed": search.allowed, "customer_id": search.customer_id}
    lines = lines.filter(**{name: wanted for name, wanted in exact.items() if wanted not in ("", None)})
    if search.since:
        lines = lines.filter(at__gte=search.since)
    if search.until:
        lines = lines.filter(at__lt=search.until)
    return lines.filter(_mentions(search.text)) if search.text else lines


def _mentions(text: str) -> Q:
    words = ("who", "door", "because", "reference")
    wanted = Q()
    for word in words:
        wanted |= Q(**{f"{word}__icontains": text})
    for name in names_like(text):
        wanted |= Q(who__startswith=name)
    return wanted
