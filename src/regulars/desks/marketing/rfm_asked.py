"""What was asked of the RFM page, remembered in its address: which part of the shop, which bounds, which cell."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.http import QueryDict

from regulars.rules.value.bands import HOUSE_CUTS, Cuts
from regulars.rules.value.purchases import Scope

MEASURES: Final = ("people", "money", "share")
BACK: Final = {"month": timedelta(days=30), "quarter": timedelta(days=91), "year": timedelta(days=365)}
BOUNDS: Final = ("fifths", "house", "own")
#: Money does not enter the map, so its bounds are always the house's.
CUT_NAMES: Final = {"recency": "rc", "frequency": "fc"}
POINTS: Final = 4


@dataclass(frozen=True, slots=True)
class RfmAsked:
    """One question to the page. `cuts` is None for fifths; `problem` is a code when own bounds could not be used."""

    department: str = ""
    branch: int | None = None
    since: date | None = None
    until: date | None = None
    measure: str = "people"
    back: str = "quarter"
    bounds: str = "fifths"
    cuts: Cuts | None = None
    cell: tuple[int, int] | None = None
    problem: str = ""

    @property
    def scope(self) -> Scope:
        """The part of the shop."""
        return Scope(
            departments=frozenset({self.department} if self.department else ()),
            branches=frozenset({self.branch} if self.branch is not None else ()), since=self.since, until=self.until,
        )  # fmt: skip

    @property
    def is_everything(self) -> bool:
        """Whether the whole shop is asked about."""
        return self.scope == Scope()

    def query(self, **changes: Any) -> dict[str, Any]:
        """The question as values of a query string, some of them changed; what is usual is left out."""
        asked = replace(self, **changes)
        said: dict[str, Any] = {
            "department": asked.department,
            "branch": asked.branch,
            "since": asked.since,
            "until": asked.until,
            "measure": asked.measure if asked.measure != "people" else "",
            "back": asked.back if asked.back != "quarter" else "",
            "bounds": asked.bounds if asked.bounds != "fifths" else "",
        }
        if asked.bounds == "own" and asked.cuts:
            said |= {short: ",".join(map(str, getattr(asked.cuts, name))) for name, short in CUT_NAMES.items()}
        if asked.cell:
            said |= {"r": asked.cell[0], "f": asked.cell[1]}
        return {name: value for name, value in said.items() if value not in ("", None)}


def asked_in(query: QueryDict) -> RfmAsked:
    """The question of a query string. What cannot be read counts as not asked; bounds that fall are a `problem`."""
    bounds = _one_of(query.get("bounds", ""), BOUNDS)
    cuts, problem = _cuts(bounds, query)
    return RfmAsked(
        department=query.get("department", "")[:200],
        branch=_whole(query.get("branch", "")),
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
        measure=_one_of(query.get("measure", ""), MEASURES),
        back=_one_of(query.get("back", ""), tuple(BACK), "quarter"),
        bounds="fifths" if problem else bounds,
        cuts=cuts,
        cell=_cell(query),
        problem=problem,
    )


def _cuts(bounds: str, query: Mapping[str, Any]) -> tuple[Cuts | None, str]:
    """The cut points asked for: fifths are found by looking, the house's are fixed, own ones are read."""
    if bounds != "own":
        return (HOUSE_CUTS if bounds == "house" else None), ""
    recency, frequency = (_points(query, short) for short in CUT_NAMES.values())
    if recency is None or frequency is None:
        return None, "bounds_not_four_numbers"
    try:
        return Cuts(recency, frequency, HOUSE_CUTS.monetary), ""
    except ValueError:
        return None, "bounds_fall"


def _points(query: Mapping[str, Any], short: str) -> tuple[int, ...] | None:
    """Four whole numbers, typed one by one (rc0 … rc3) or remembered together (rc=30,90,180,365)."""
    together = query.get(short, "")
    texts = together.split(",") if together else [query.get(f"{short}{n}", "") for n in range(POINTS)]
    numbers = [_whole(text.strip()) for text in texts]
    return tuple(n for n in numbers if n is not None) if len(numbers) == POINTS and None not in numbers else None


def _cell(query: Mapping[str, Any]) -> tuple[int, int] | None:
    r, f = (_whole(query.get(name, "")) for name in ("r", "f"))
    return (r, f) if r in range(1, 6) and f in range(1, 6) and r and f else None


def _one_of(text: str, known: tuple[str, ...], usual: str = "") -> str:
    return text if text in known else usual or known[0]


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 16 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
