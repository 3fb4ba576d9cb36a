"""Refreshing the figures, and looking at them: RFM, the three lists, the leaky bucket, segments, tasks."""

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import click

from regulars.desks.cli.asking import by_role, role_option
from regulars.desks.cli.saying import OUT, as_json, steps, table, terminal_language
from regulars.journeys.assign_lapse_tasks import assign_lapse_tasks
from regulars.journeys.explore_segment import explore, keep_segment, overlap_of, people_of
from regulars.journeys.look_at_rfm import look_at_rfm
from regulars.journeys.refresh_scores import refresh_scores
from regulars.records.company.access import now, today
from regulars.records.scores.access import bucket_months, list_months
from regulars.records.segments.access import segments
from regulars.records.staff.access import everybody
from regulars.rules.permission.errors import BadInput
from regulars.rules.value.bands import Cuts
from regulars.rules.value.purchases import Scope


@click.command()
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="The last day that counts; the business day when not said.",
)
def refresh_command(as_of: datetime | None) -> None:
    """Compute scores, lists, bucket and segments anew."""
    with steps() as say:
        report = refresh_scores(at=now(), as_of=as_of.date() if as_of else today(), say=say)
    OUT.print(
        f"{report.customers:,} customers scored as of {report.as_of}, {report.lines_written:,} order lines read anew.",
        highlight=False,
    )


@click.command()
@click.option("--department", "departments", multiple=True)
@click.option("--category", "categories", multiple=True)
@click.option("--branch", "branch_ids", multiple=True, type=int, help="Branch number; may be repeated.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), default=None)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default=None)
@click.option(
    "--cuts",
    default="",
    help='Own cut points: "30,90,180,365/1,2,4,9/20000,50000,100000,300000" (days/orders/minor units).',
)
@click.option("--back", default=92, show_default=True, help="How many days back the comparison goes.")
@click.option("--json", "in_json", is_flag=True)
@role_option("marketer")
def rfm_command(
    departments: tuple[str, ...], categories: tuple[str, ...], branch_ids: tuple[int, ...], since: datetime | None,
    until: datetime | None, cuts: str, back: int, in_json: bool, role: str,
) -> None:  # fmt: skip
    """Recency × frequency for everybody or a part of the shop, and who moved."""
    scope = Scope(
        departments=frozenset(departments), categories=frozenset(categories), branches=frozenset(branch_ids),
        since=since.date() if since else None, until=until.date() if until else None,
    )  # fmt: skip
    picture = look_at_rfm(scope=scope, cuts=_cuts(cuts), back=timedelta(days=back), by=by_role(role))
    if picture is None:
        raise BadInput("no_figures_yet")
    if in_json:
        as_json(asdict(picture))
        return
    counts = {(one["recency_band"], one["frequency_band"]): one["customers"] for one in picture.cells}
    table(f"{picture.customers:,} customers as of {picture.as_of}", ("R \\ F", *"12345"), [
        (str(r), *(counts.get((r, f), 0) for f in range(1, 6))) for r in range(5, 0, -1)
    ])  # fmt: skip
    before = {one["group_name"]: one["customers"] for one in picture.groups_before}
    table("Groups", ("group", "now", f"on {picture.earlier}"), [
        (one["group_name"], one["customers"], before.get(one["group_name"], 0)) for one in picture.groups
    ])  # fmt: skip


@click.command()
@click.option("--json", "in_json", is_flag=True)
@role_option("marketer")
def lists_command(in_json: bool, role: str) -> None:
    """The three lists of the last months: due, bought, did not."""
    rows = list_months(by=by_role(role))
    if in_json:
        as_json([asdict(one) for one in rows])
        return
    table("The three lists", ("month", "due", "bought", "within grace", "lapsed"), [
        (f"{one.month:%Y-%m}", one.due, one.bought, one.within_grace, one.lapsed) for one in rows
    ])  # fmt: skip


@click.command()
@click.option("--json", "in_json", is_flag=True)
@role_option("marketer")
def bucket_command(in_json: bool, role: str) -> None:
    """The leaky bucket month by month, in people and money."""
    rows = bucket_months(by=by_role(role))
    if in_json:
        as_json([asdict(one) for one in rows])
        return
    table(
        "Leaky bucket",
        ("month", "gained", "won back", "kept", "lapsed", "inside", "gained money", "lapsed money"),
        [
            (
                f"{one.month:%Y-%m}",
                one.gained,
                one.won_back,
                one.kept,
                one.lapsed,
                one.inside,
                one.gained_minor // 100,
                one.lapsed_minor // 100,
            )
            for one in rows
        ],
    )


@click.group()
def segment_command() -> None:
    """Segments: list, try a rule, keep one, see who is in it, overlaps."""


@segment_command.command("list")
@click.option("--json", "in_json", is_flag=True)
def list_segments(in_json: bool) -> None:
    """All living segments."""
    found = segments()
    if in_json:
        as_json([asdict(one) for one in found])
        return
    table(
        "Segments",
        ("key", "name", "people", "worth"),
        [(one.key, one.name, one.count, one.worth_minor // 100) for one in found],
        numbers_from=2,
    )


@segment_command.command("try")
@click.argument("rule")
@role_option("marketer")
def try_segment(rule: str, role: str) -> None:
    """How many a RULE gives (JSON, or @file), how it reads, and what it is in SQL."""
    found = explore(_rule(rule), by=by_role(role), language=terminal_language())
    OUT.print(found.aloud, highlight=False)
    OUT.print(
        f"{found.count:,} of {found.everyone:,} customers as of {found.as_of}; {found.visible:,} of them shown to you.",
        highlight=False,
    )
    OUT.print(found.sql, highlight=False, style="dim")


@segment_command.command("keep")
@click.argument("key")
@click.argument("rule")
@click.option("--name", required=True)
@click.option("--name-zh", default="")
@role_option("marketer")
def keep_one(key: str, rule: str, name: str, name_zh: str, role: str) -> None:
    """Keep RULE (JSON, or @file) as the living segment KEY."""
    kept = keep_segment(key, name, name_zh, _rule(rule), by=by_role(role), at=now())
    OUT.print(f"{kept.key}: {kept.count:,} people.", highlight=False)


@segment_command.command("people")
@click.argument("key")
@click.option("--limit", default=20, show_default=True)
@role_option("marketer")
def segment_people(key: str, limit: int, role: str) -> None:
    """Who is in a segment, through the role's view."""
    total, people = people_of(key, by=by_role(role), limit=limit)
    table(f"{total:,} shown to you", ("number", "name", "city", "days since", "orders", "money"), [
        (one.number, one.name, one.city, one.recency_days, one.frequency, one.monetary_minor // 100) for one in people
    ], numbers_from=3)  # fmt: skip


@segment_command.command("overlap")
@click.argument("keys", nargs=-1, required=True)
@role_option("marketer")
def segment_overlap(keys: tuple[str, ...], role: str) -> None:
    """How segments overlap: who is in exactly which of them."""
    found = overlap_of(list(keys), by=by_role(role))
    table("Exactly in", ("segments", "people"), [(" ∩ ".join(sorted(names)), count) for names, count in found.exactly])


@click.group()
def tasks_command() -> None:
    """Tasks from the lapse list."""


@tasks_command.command("assign")
@click.option("--limit", default=100, show_default=True, help="Those worth most first.")
@role_option("marketer")
def assign_tasks(limit: int, role: str) -> None:
    """Make the lapse list tasks with owners, in turn among the service agents."""
    owners = [one.id for one in everybody() if "service" in one.roles]
    done = assign_lapse_tasks(owners=owners, by=by_role(role), at=now(), today=today(), limit=limit)
    OUT.print(f"{done.on_list:,} on the lapse list; {done.opened:,} new tasks.", highlight=False)


def _rule(said: str) -> str:
    return Path(said[1:]).read_text() if said.startswith("@") else said


def _cuts(said: str) -> Cuts | None:
    """Cut points as typed; BadInput when they are not three times four numbers that do not fall."""
    if not said:
        return None
    try:
        recency, frequency, monetary = (tuple(int(n) for n in part.split(",")) for part in said.split("/"))
        return Cuts(recency, frequency, monetary)
    except ValueError as error:
        raise BadInput("cuts_not_readable", {"said": said}) from error
