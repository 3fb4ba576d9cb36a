"""Sources and files as the tables of the data room."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from regulars.desks.shared.dates import ago, day
from regulars.desks.shared.figures import money_exact, number, percent
from regulars.desks.shared.intake_words import STATES
from regulars.desks.shared.parts import Cell, Column, Table
from regulars.desks.shared.source_words import LAWFUL_BASES, SOURCE_KINDS, SOURCE_TASKS
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import say
from regulars.records.intake.access import RunFacts, SourceFacts, SourceLine
from regulars.records.intake.source_tasks import SourceTaskFacts
from regulars.rules.intake.sources import has_expired

TONES = {"finished": "mid", "running": "jade", "waiting": "mid", "looking": "mid", "stopped": "mid", "failed": "heed"}


def sources_table(lines: Sequence[SourceLine], *, at: datetime, to_source: bool = True) -> Table:
    """Every source with its owner, basis, rows and how fresh it is."""
    columns = [
        Column(_("Source")), Column(_("Kind"), minor=True), Column(_("Owner"), minor=True),
        Column(_("Basis"), minor=True), Column(_("Rows"), numeric=True), Column(_("Set aside"), numeric=True),
        Column(_("Complete"), numeric=True, minor=True), Column(_("Costs"), numeric=True, minor=True),
        Column(_("Kept until"), minor=True), Column(_("Last came"), numeric=True),
    ]  # fmt: skip
    return Table(
        columns, [_source_row(line, at, to_source) for line in lines], caption=_("Sources"), close=True, keys=to_source
    )


def files_table(runs: Sequence[RunFacts], *, at: datetime) -> Table:
    """The newest files with their state."""
    columns = [
        Column(_("File")),
        Column(_("Source"), minor=True),
        Column(_("State")),
        Column(pgettext("rows", "Read"), numeric=True, minor=True),
        Column(pgettext("rows", "New"), numeric=True),
        Column(_("Set aside"), numeric=True),
        Column(_("When"), numeric=True),
    ]
    return Table(columns, [_file_row(run, at) for run in runs], caption=_("Files"), close=True, keys=True)


def _source_row(line: SourceLine, at: datetime, to_source: bool) -> list[Cell]:
    source = line.source
    url = reverse("data_room:source", args=[source.id]) if to_source else ""
    aside_url = reverse("data_room:import", args=[line.last_run_id]) if line.last_run_id and line.last_refused else ""
    when, tone = freshness(line, at)
    return [
        Cell(source.name, url=url, strong=True), Cell(say(SOURCE_KINDS, source.kind), tone="mid"),
        Cell(called(source.owner) or "–", tone="mid"),
        Cell(say(LAWFUL_BASES, source.lawful_basis), tone="mid"), Cell(number(line.rows_new) if line.files else "–"),
        Cell(number(line.last_refused) if line.files else "–", url=aside_url), Cell(percent(line.completeness)),
        Cell(money_exact(source.cost_minor, source.currency)), _kept_until(source, at), Cell(when, tone=tone),
    ]  # fmt: skip


def _kept_until(source: SourceFacts, at: datetime) -> Cell:
    """Until when its data may be kept; that it is over, where it is."""
    if source.expires_on is None:
        return Cell("–", tone="dim")
    said = day(source.expires_on, at=at)
    over = has_expired(source.expires_on, localtime(at).date())
    return Cell(_("%(day)s, expired") % {"day": said} if over else said, tone="heed" if over else "mid")


def freshness(line: SourceLine, at: datetime) -> tuple[str, str]:
    """(when its last file or event came, and if it is late, how often it should; the tone)."""
    if line.last_at is None:
        return (_("none yet, overdue"), "heed") if line.is_overdue(at) else (_("none yet"), "dim")
    said = ago(line.last_at, at=at)
    days = line.source.refresh_days
    if not days or not line.is_overdue(at):
        return said, "mid"
    due = _("daily") if days == 1 else ngettext("every %(n)s day", "every %(n)s days", days) % {"n": days}
    return _("%(when)s, should be %(due)s") % {"when": said, "due": due}, "heed"


def _file_row(run: RunFacts, at: datetime) -> list[Cell]:
    page = "columns" if run.state == "looking" else "import"
    return [
        Cell(run.file_name, url=reverse(f"data_room:{page}", args=[run.id])), Cell(run.source_name, tone="mid"),
        Cell(say(STATES, run.state), tone=TONES.get(run.state, "mid")), Cell(number(run.rows_read)),
        Cell(number(run.rows_new)), Cell(number(run.rows_refused)),
        Cell(ago(run.finished_at or run.started_at or run.created_at, at=at), tone="mid"),
    ]  # fmt: skip


def task_line(one: SourceTaskFacts) -> dict[str, str]:
    """What a source makes somebody do, in words: which source, what, whose it is, since when."""
    told = {name: value or "–" for name, value in one.told.items()}
    small = " · ".join(part for part in (called(one.owner), _("since %(day)s") % {"day": day(one.opened_at)}) if part)
    return {"source": one.source, "what": say(SOURCE_TASKS, one.kind) % told, "small": small, "ref": one.source_ref}
