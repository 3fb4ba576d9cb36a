"""The book of checks of the house: each run with what it found, for the privacy officer's page and the side bar."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from regulars.records.access_log.models import CheckRun
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.drift import Finding, HouseReport


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """A check that was made: when, who asked, and what it found."""

    at: datetime
    asked_by: str
    report: HouseReport


def keep_check(report: HouseReport, *, asked_by: str, at: datetime) -> KeptCheck:
    """The report stands in the book."""
    CheckRun.objects.create(
        at=at,
        asked_by=asked_by,
        took_ms=round(report.seconds * 1000),
        findings=[asdict(finding) for finding in report.findings],
        counts=dict(report.counts),
        limits=list(report.limits),
    )
    return KeptCheck(at, asked_by, report)


def last_check(*, by: Asker) -> KeptCheck | None:
    """The newest check in the book, for the privacy officer; None when there was none yet."""
    if by.view != "personal":
        raise Denied("log_is_for_the_officer")
    run = CheckRun.objects.using(by.view).order_by("-at", "-id").first()
    return KeptCheck(run.at, run.asked_by, _report(run)) if run else None


def checks_since(at: datetime, *, by: Asker) -> Mapping[datetime, int]:
    """When the house was checked since then, and how many disagreements each time; newest first."""
    if by.view != "personal":
        raise Denied("log_is_for_the_officer")
    runs = CheckRun.objects.using(by.view).filter(at__gte=at).order_by("-at")
    return {run.at: len(run.findings) for run in runs}


def _report(run: CheckRun) -> HouseReport:
    findings = tuple(Finding(**finding) for finding in run.findings)
    return HouseReport(findings, run.counts, tuple(run.limits), run.took_ms / 1000)
