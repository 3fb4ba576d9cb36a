"""The state of the house in words: what the last check compared, and what it found."""

from dataclasses import dataclass
from datetime import datetime

from regulars.desks.shared.finding_words import place_of, sentence_of, sentence_of_limit
from regulars.records.access_log.checks import KeptCheck
from regulars.rules.privacy.drift import Finding


@dataclass(frozen=True, slots=True)
class Alarm:
    """One disagreement: its sentence and, folded away, what was expected and what was found."""

    sentence: str
    code: str
    place: str
    expected: str
    found: str

    @property
    def has_more(self) -> bool:
        """Whether there is something to unfold."""
        return bool(self.expected or self.found)


@dataclass(frozen=True, slots=True)
class State:
    """Figures for the sentence at the top; `at` is None before the first check."""

    at: datetime | None
    drift: int = 0
    unclassed: int = 0
    columns: int = 0
    views: int = 0
    rights: int = 0
    customers: int = 0
    seconds: float = 0.0
    limits: tuple[str, ...] = ()

    @property
    def in_order(self) -> bool:
        """Whether everything agreed."""
        return not (self.drift or self.unclassed)


def state_of(check: KeptCheck | None) -> State:
    """The last check in figures."""
    if check is None:
        return State(None)
    found, counts = check.report.findings, check.report.counts
    unclassed = sum(one.code == "column_unclassed" for one in found)
    figures = {name: counts.get(name, 0) for name in ("columns", "views", "rights", "customers")}
    limits = tuple(map(sentence_of_limit, check.report.limits))
    return State(check.at, len(found) - unclassed, unclassed, seconds=check.report.seconds, limits=limits, **figures)


def alarms_of(check: KeptCheck | None) -> list[Alarm]:
    """Every disagreement of the last check in words."""
    return [_alarm(finding) for finding in check.report.findings] if check else []


def _alarm(finding: Finding) -> Alarm:
    return Alarm(sentence_of(finding), finding.code, place_of(finding), finding.expected, finding.found)
