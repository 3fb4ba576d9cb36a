"""What the demonstration shows, as figures: one screen for a person, one line of JSON for a program."""

from dataclasses import asdict, dataclass
from typing import Any

from regulars.journeys.demo.cast import HOUSE, STAFF
from regulars.journeys.demo.replay import KEY, MARKETER
from regulars.records.campaigns.access import campaign
from regulars.records.intake.access import runs
from regulars.records.scores.access import bucket_months, group_months, last_refresh, list_months
from regulars.records.segments.access import segments


@dataclass(frozen=True, slots=True)
class Summary:
    """Imports, insight, and the campaign of the demonstration; plain values throughout."""

    order_lines: int
    customers: int
    rows_set_aside: int
    as_of: str
    groups: dict[str, int]
    bucket: dict[str, Any]
    lists: dict[str, Any]
    segments: dict[str, int]
    funnel: dict[str, Any]
    campaign: dict[str, Any]
    logins: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def summary() -> Summary:
    """The figures as they are now."""
    files, done, sent = runs(by=HOUSE), last_refresh(), campaign(KEY, by=MARKETER)
    months, lists = bucket_months(by=MARKETER), list_months(by=MARKETER)
    groups = group_months(by=MARKETER)
    last = groups[-1].month if groups else None
    return Summary(
        order_lines=sum(one.rows_new for one in files if one.kind == "orders"),
        customers=sum(one.customers_new for one in files),
        rows_set_aside=sum(one.rows_refused for one in files),
        as_of=done.as_of.isoformat() if done else "",
        groups={one.rfm_group: one.customers for one in groups if one.month == last},
        bucket=_plain(asdict(months[-1])) if months else {},
        lists=_plain(asdict(lists[0])) if lists else {},
        segments={one.key: one.count for one in segments()},
        funnel=dict(sent.funnel),
        campaign=_told(sent.state, sent.result),
        logins=tuple(one[0] for one in STAFF),
    )


def _told(state: str, result: Any) -> dict[str, Any]:
    return {"state": state, **{name: result.get(name) for name in ("arms", "test", "contacted", "holdout", "effect")}}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
