"""The reading door of the company: who we are, our branches, our business day, the statement in force."""

import time
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, ask_one
from regulars.records.company.models import Branch, Statement
from regulars.rules.identity.time_zones import home_of


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

    @property
    def country(self) -> str:
        """Where it is at home (ISO 3166) and its phones are, that have no country's code; "" where nothing tells."""
        return home_of(self.jurisdiction, self.timezone, self.currency)


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """One branch."""

    id: int
    ref: str
    name: str
    city: str
    region: str


UNNAMED = CompanyFacts("Regulars", "熟客", None, "none", "CNY", "UTC", False)
KEPT_FOR: Final = 5  # seconds: every page asks several times, and it changes once in years
NOTHING_KEPT: Final = (UNNAMED, 0.0)
_kept = NOTHING_KEPT  # what was read last, and until when on the process's own clock it is believed
_COMPANY: Final = f"SELECT {', '.join(CompanyFacts.__dataclass_fields__)} FROM company ORDER BY id LIMIT 1"  # noqa: S608


def company() -> CompanyFacts:
    """The company, as of some seconds ago when another process has just changed it; a nameless one before it is set
    up."""
    known, until = _kept
    return known if time.monotonic() < until else _read()


def forget_company() -> None:
    """This process reads it anew when it is asked again."""
    global _kept
    _kept = NOTHING_KEPT


def _read() -> CompanyFacts:
    global _kept
    row = ask_one(WRITER, _COMPANY)
    _kept = CompanyFacts(*row) if row else UNNAMED, time.monotonic() + KEPT_FOR
    return _kept[0]


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
