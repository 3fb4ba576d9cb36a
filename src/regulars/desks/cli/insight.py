"""Refreshing the figures, and looking at them: RFM, the three lists, the leaky bucket."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

import click
from django.utils.translation import gettext as _
from django.utils.translation import override

from regulars.desks.cli.asking import DAY, MONTH, by_role, json_option, limit_option, own_option, role_option
from regulars.desks.cli.saying import Money, as_json, steps, table, tell, warn
from regulars.desks.shared.counted_words import GROUPS, LISTS, PLACES, STATES
from regulars.desks.shared.figures import number
from regulars.desks.shared.own_said import own_cells, own_headings
from regulars.desks.shared.words import say
from regulars.journeys.hand_out_people import ListedPeople, people_listed
from regulars.journeys.look_at_rfm import RfmPicture, look_at_rfm, people_in_cell
from regulars.journeys.people_behind import people_in_bucket, people_on_list
from regulars.journeys.refresh_scores import refresh_scores
from regulars.records.company.access import company, now, today
from regulars.records.scores.access import ScoredLine, bucket_months, list_months
from regulars.rules.permission.errors import BadInput
from regulars.rules.value.bands import BANDS, Cuts
from regulars.rules.value.purchases import Scope


@click.command()
@click.option("--as-of", type=DAY, default=None, help="The last day that counts; the business day when not said.")
@json_option
def refresh_command(as_of: datetime | None, in_json: bool) -> None:
    """Compute scores, lists, bucket and segments anew."""
    with steps() as bars:
        report = refresh_scores(at=now(), as_of=as_of.date() if as_of else today(), say=bars)
    if in_json:
        as_json(asdict(report))
        return
    words = {
        "customers": number(report.customers),
        "day": report.as_of,
        "lines": number(report.lines_written),
        "segments": number(report.segments),
    }
    tell(
        _(
            "%(customers)s customers scored as of %(day)s, %(lines)s order lines read anew, "
            "%(segments)s segments counted."
        )
        % words
    )
    if report.set_aside:
        warn(
            _("Set aside, because their rules can no longer be read: %(keys)s") % {"keys": ", ".join(report.set_aside)}
        )


@click.command()
@click.option("--department", "departments", multiple=True, help="Only this department; may be repeated.")
@click.option("--category", "categories", multiple=True, help="Only this category; may be repeated.")
@click.option("--branch", "branch_ids", multiple=True, type=int, help="Only this branch, by number; may be repeated.")
@click.option("--since", type=DAY, default=None, help="Only orders from this day on.")
@click.option("--until", type=DAY, default=None, help="Only orders up to this day.")
@click.option(
    "--cuts",
    default="",
    metavar="DAYS/ORDERS/MINOR",
    help='Own cut points: "30,90,180,365/1,2,4,9/20000,50000,100000,300000".',
)
@click.option(
    "--back", type=click.IntRange(1, 3660), default=92, show_default=True, help="How many days back to compare."
)
@click.option("--people", nargs=2, type=click.IntRange(1, BANDS), default=None, help="R and F: who is in that cell.")
@limit_option(20)
@own_option
@role_option("marketer")
@json_option
def rfm_command(
    departments: tuple[str, ...],
    categories: tuple[str, ...],
    branch_ids: tuple[int, ...],
    since: datetime | None,
    until: datetime | None,
    cuts: str,
    back: int,
    people: tuple[int, int] | None,
    limit: int,
    own: tuple[str, ...],
    role: str,
    in_json: bool,
) -> None:
    """Look at recency, frequency and money, and who moved.

    For everybody or a part of the shop; without own cut points the bands are fifths of the customers.
    """
    scope = Scope(
        departments=frozenset(departments),
        categories=frozenset(categories),
        branches=frozenset(branch_ids),
        since=since.date() if since else None,
        until=until.date() if until else None,
    )
    if people:
        ids = people_in_cell(scope=scope, cuts=_cuts(cuts), r=people[0], f=people[1]).ids().tolist()
        because = f"RFM cell {people[0]} × {people[1]}"
        show_people(ids, role=role, because=because, limit=limit, own=own, in_json=in_json)
        return
    picture = look_at_rfm(scope=scope, cuts=_cuts(cuts), back=timedelta(days=back), by=by_role(role))
    if picture is None:
        raise BadInput("no_figures_yet")
    as_json(asdict(picture)) if in_json else _tell_rfm(picture)


@click.command()
@click.option("--people", "which", type=click.Choice(list(LISTS)), default=None, help="Who is on this list.")
@click.option("--month", type=MONTH, default=None, help="Of this month; the business month when not said.")
@limit_option(20)
@own_option
@role_option("marketer")
@json_option
def lists_command(
    which: str | None, month: datetime | None, limit: int, own: tuple[str, ...], role: str, in_json: bool
) -> None:
    """Show the three lists: due, bought, did not."""
    if which:
        ids = people_on_list(which, (month or _this_month()).date()).ids().tolist()
        show_people(ids, role=role, because=f"list {which}", limit=limit, own=own, in_json=in_json)
        return
    rows, currency = list_months(by=by_role(role)), company().currency
    if in_json:
        as_json([asdict(one) | {"currency": currency} for one in rows])
        return
    headings = ("month", *(say(LISTS, one) for one in LISTS), "money brought")
    table(
        _("The three lists"),
        headings,
        [
            (f"{one.month:%Y-%m}", one.due, one.bought, one.within_grace, one.lapsed, Money(one.bought_minor, currency))
            for one in rows
        ],
    )


@click.command()
@click.option("--people", "which", type=click.Choice(list(PLACES)), default=None, help="Who was gained, kept …")
@click.option("--month", type=MONTH, default=None, help="In this month; the business month when not said.")
@limit_option(20)
@own_option
@role_option("marketer")
@json_option
def bucket_command(
    which: str | None, month: datetime | None, limit: int, own: tuple[str, ...], role: str, in_json: bool
) -> None:
    """Show the leaky bucket, month by month."""
    if which:
        ids = people_in_bucket(which, (month or _this_month()).date()).ids().tolist()
        show_people(ids, role=role, because=f"bucket {which}", limit=limit, own=own, in_json=in_json)
        return
    rows, currency = bucket_months(by=by_role(role)), company().currency
    if in_json:
        as_json([asdict(one) | {"currency": currency} for one in rows])
        return
    people = [(f"{one.month:%Y-%m}", *(getattr(one, place) for place in PLACES), one.inside) for one in rows]
    places = [say(PLACES, place) for place in PLACES]
    table(_("Leaky bucket: people"), ("month", *places, "inside at the end"), people)
    table(
        _("Leaky bucket: money"),
        ("month", *places),
        [
            (f"{one.month:%Y-%m}", *(Money(getattr(one, f"{place}_minor"), currency) for place in PLACES))
            for one in rows
        ],
    )


def show_people(
    ids: Iterable[int], *, role: str, because: str, limit: int, own: Iterable[str] = (), in_json: bool
) -> None:
    """The people behind a figure, through the role's view, with these own attributes."""
    found = people_listed(by=by_role(role), because=because, door="terminal", at=now(), own=own, ids=ids, limit=limit)
    currency = company().currency
    if in_json:
        as_json({"total": found.total, "currency": currency, "people": [_in_json(one, found) for one in found.lines]})
        return
    headings = (
        "number",
        "name",
        "city",
        "days since",
        "orders",
        "money",
        "group",
        "state",
        *own_headings(found.own),
    )
    title = _("%(total)s shown to you") % {"total": number(found.total)}
    table(title, headings, [(*_line(one, currency), *own_cells(one.own, found.own)) for one in found.lines])


def _in_json(one: ScoredLine, found: ListedPeople) -> dict[str, object]:
    """A row for a program; own attributes are said as over HTTP, in English."""
    with override("en"):
        cells = own_cells(one.own, found.own)
    said = {what.key: cell or None for what, cell in zip(found.own, cells, strict=True)}
    return asdict(one) | {"own": said}


def _line(one: ScoredLine, currency: str) -> tuple[object, ...]:
    return (
        one.number,
        one.name,
        one.city,
        one.recency_days,
        one.frequency,
        Money(one.monetary_minor, currency),
        say(GROUPS, one.rfm_group),
        say(STATES, one.state),
    )


def _tell_rfm(picture: RfmPicture) -> None:
    counts = {(one["recency_band"], one["frequency_band"]): one["customers"] for one in picture.cells}
    words = {"customers": number(picture.customers), "day": picture.as_of}
    bands = range(1, BANDS + 1)
    table(
        _("%(customers)s customers as of %(day)s") % words,
        ("R \\ F", *map(str, bands)),
        [(f"R{r}", *(counts.get((r, f), 0) for f in bands)) for r in reversed(bands)],
    )
    before = {one["group_name"]: one["customers"] for one in picture.groups_before}
    table(
        _("Groups"),
        ("group", "now", _("on %(day)s") % {"day": picture.earlier}),
        [
            (say(GROUPS, one["group_name"]), one["customers"], before.get(one["group_name"], 0))
            for one in picture.groups
        ],
    )


def _this_month() -> datetime:
    return datetime.combine(today().replace(day=1), datetime.min.time())


def _cuts(said: str) -> Cuts | None:
    """Cut points as typed; BadInput when they are not three times four numbers that do not fall."""
    if not said:
        return None
    try:
        recency, frequency, monetary = (tuple(int(n) for n in part.split(",")) for part in said.split("/"))
        return Cuts(recency, frequency, monetary)
    except ValueError as error:
        raise BadInput("cuts_not_readable", {"said": said}) from error
