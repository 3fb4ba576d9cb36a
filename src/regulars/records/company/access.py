"""The reading door of the company: who we are, our branches, our business day, the statement in force."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, ask_one
from regulars.records.company.models import Branch, Statement


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """The company as every desk may know it. `business_on` is set where the data ended in the past."""

    name: str
    name_zh: str
    business_on: date | None
    jurisdiction: str
    currency: str
    timezone: str
    is_demo: bool


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """One branch."""

    id: int
    ref: str
    name: str
    city: str
    region: str


UNNAMED = CompanyFacts("Regulars", "熟客", None, "none", "CNY", "UTC", False)
KEPT: Final = "company"
KEPT_FOR: Final = 5  # seconds: every page asks several times, and it changes once in years
_COMPANY: Final = f"SELECT {', '.join(CompanyFacts.__dataclass_fields__)} FROM company ORDER BY id LIMIT 1"  # noqa: S608


def company() -> CompanyFacts:
    """The company, as of some seconds ago when another process has just changed it; a nameless one before it is set
    up."""
    facts: CompanyFacts | None = cache.get_or_set(KEPT, _read, KEPT_FOR)
    return facts or UNNAMED


def _read() -> CompanyFacts:
    row = ask_one(WRITER, _COMPANY)
    return CompanyFacts(*row) if row else UNNAMED


def branches() -> list[BranchFacts]:
    """All branches by name."""
    return [BranchFacts(*row) for row in Branch.objects.order_by("name").values_list(*BranchFacts.__dataclass_fields__)]


def now() -> datetime:
    """The business moment: the clock's, or the end of the fixed business day where the data ended in the past."""
    facts = company()
    if facts.business_on is None:
        return timezone.now()
    clock = timezone.now().astimezone(ZoneInfo(facts.timezone))
    return datetime.combine(facts.business_on, clock.timetz())


def today() -> date:
    """The business day in the company's own time zone."""
    return now().astimezone(ZoneInfo(company().timezone)).date()


def statement_version() -> int | None:
    """The version of the privacy statement in force, if there is one."""
    return (
        Statement.objects.filter(in_force_at__lte=timezone.now())
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
