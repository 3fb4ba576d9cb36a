"""A file on its way in, turned into what its page shows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.desks.data_room.durations import duration, give_or_take
from regulars.desks.shared.cleaning_words import why
from regulars.desks.shared.figures import number
from regulars.desks.shared.intake_words import (
    ADVICE,
    MISTAKES,
    REASONS,
    STATES,
    heading_words,
    known_by_words,
    meaning_words,
)
from regulars.desks.shared.parts import Step
from regulars.desks.shared.words import say
from regulars.journeys.show_imports import Import
from regulars.records.intake.access import RunFacts
from regulars.records.set_aside.access import ReasonLine
from regulars.rules.cleaning.cleaned import JUDGEMENTS
from regulars.rules.cleaning.report import CleanedLine
from regulars.rules.intake.meanings import PERSONAL, own_attribute_of
from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.exposure import OPENING

STEPS: Final = ("reading", "columns", "trial", "writing", "totals", "report")
#: Values that reach a person or prove who she is: everyday views mask them.
CONTACTS: Final = frozenset({"phone", "email", "street", "id_document"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure with the legend's mark before its label."""

    label: str
    value: int
    key: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the file and what it was taken for; `state` is known, masked or unread."""

    heading: str
    meaning: str
    state: str


def import_page(shown: Import, *, by: Asker) -> dict[str, Any]:
    """Everything the page of one import draws."""
    run = shown.run
    return {
        "run": run, "state": say(STATES, run.state), "under_way": run.is_under_way, "cut_off": shown.cut_off,
        "may_act": by.role == "steward", "subtitle": subtitle(shown), "mistake": mistake(run.message),
        "progress": progress(run), "steps": list(steps(run)), "figures": list(figures(run)),
        "reasons": reason_lines([line for line in shown.reasons if not line.row_taken], run.id),
        "left_out": reason_lines([line for line in shown.reasons if line.row_taken]),
        "columns": list(columns(run)), "consent": consent_sentence(shown),
        "known_by": known_by_words(run.settings.get("understanding", {}).get("columns", {})), "poll": run.is_under_way,
    } | cleaned_part(run.cleaned, shown.leave, run_id=run.id, by=by)  # fmt: skip


def subtitle(shown: Import) -> str:
    """File, encoding, and the how-manieth file of the source it is."""
    run, looked = shown.run, shown.run.settings.get("look", {})
    parts = [run.file_name]
    parts += [str(looked["encoding"]).upper()] if looked.get("encoding") else []
    if shown.number > 1:
        parts.append(_("file %(n)s of this source; rows known already are not doubled") % {"n": shown.number})
    return " · ".join(parts)


def mistake(message: Mapping[str, Any]) -> str:
    """Why the run is not going on, in a sentence; nothing while all is well."""
    code = str(message.get("code", ""))
    if not code:
        return ""
    try:
        return say(MISTAKES, code) % dict(message.get("values", {}))
    except (KeyError, TypeError, ValueError):
        return say(MISTAKES, code)


def progress(run: RunFacts) -> dict[str, Any]:
    """How far it is: rows, share, and how long it will still take with its give or take."""
    told = run.progress
    expected = max(int(told.get("rows_expected") or 0), run.rows_expected, run.rows_read)
    share = 1.0 if run.state == "finished" else float(told.get("share") or 0.0)
    exact = run.state == "finished" or bool(run.settings.get("look", {}).get("rows_exact"))
    return {
        "rows": run.rows_read, "expected": run.rows_read if run.state == "finished" else expected, "exact": exact,
        "value": round(share * 1000), "whole": 1000, "left": _left(run),
    }  # fmt: skip


def _left(run: RunFacts) -> tuple[str, str] | None:
    seconds, doubt = run.progress.get("seconds_left"), run.progress.get("give_or_take")
    if run.state != "running" or run.progress.get("step") != "writing" or seconds is None:
        return None
    return duration(float(seconds)), give_or_take(float(doubt or 0.0))


def steps(run: RunFacts) -> Iterator[Step]:
    """The course of an import, with what each step took or found."""
    now = _step_of(run)
    place = STEPS.index(now)
    names = {
        "reading": _("Read the file"),
        "columns": _("Match the columns"),
        "trial": _("Try"),
        "writing": _("Write and match"),
        "totals": _("Settle the totals"),
        "report": _("Report"),
    }
    for position, step in enumerate(STEPS):
        done = position < place or run.state == "finished"
        state = "done" if done else "now" if position == place and run.is_under_way else ""
        yield Step(names[step], _note(step, run, done), state)


def _step_of(run: RunFacts) -> str:
    if run.state == "looking":
        return "columns"
    told = str(run.progress.get("step") or "writing")
    return told if told in STEPS and told != "reading" else "writing"


def _note(step: str, run: RunFacts, done: bool) -> str:
    told = run.progress
    seconds = dict(told.get("seconds") or {}).get(step)
    if step == "columns":
        mapped = run.settings.get("understanding", {}).get("columns", {})
        return ngettext("%(n)s column", "%(n)s columns", len(mapped)) % {"n": len(mapped)} if mapped else ""
    if step == "trial":
        return _trial_note(dict(told.get("trial") or {}))
    if step == "writing" and not done and told.get("rows_per_second"):
        return _("%(n)s rows a second") % {"n": number(round(float(told["rows_per_second"])))}
    return duration(float(seconds)) if seconds else ""


def _trial_note(trial: Mapping[str, Any]) -> str:
    if not trial:
        return ""
    values = {"rows": number(trial.get("rows", 0)), "aside": number(trial.get("refused", 0))}
    return _("%(rows)s rows, %(aside)s set aside") % values


def figures(run: RunFacts) -> Iterator[Figure]:
    """What became of the rows, in five figures at most."""
    aside = reverse("data_room:set_aside", args=[run.id]) if run.rows_refused else ""
    new, same = _("New order lines"), _("Known already, left as they are")
    if run.kind == "customers":
        yield Figure(_("New customers"), run.rows_new, "")
        yield Figure(_("Customers with news"), run.rows_changed, "k2")
        yield Figure(_("Customers without news"), run.rows_same, "k3")
    else:
        yield Figure(new, run.rows_new, "")
        if run.rows_changed:
            yield Figure(_("Corrected lines"), run.rows_changed, "k2")
        yield Figure(same, run.rows_same, "k3")
        yield Figure(_("Customers recognised"), run.customers_matched, "k2")
        yield Figure(_("New customers"), run.customers_new, "line")
    yield Figure(_("Set aside"), run.rows_refused, "heed", aside)


def reason_lines(lines: list[ReasonLine], run_id: int = 0) -> list[dict[str, Any]]:
    """Reason, rows, an example, and what one can do; links to the rows where there is a run to look into."""
    return [_reason_line(line, run_id) for line in lines]


def _reason_line(line: ReasonLine, run_id: int) -> dict[str, Any]:
    url = f"{reverse('data_room:set_aside', args=[run_id])}?reason={line.reason}" if run_id else ""
    shown = line.example or (_("(empty)") if line.reason.startswith("missing_") else "")
    return {
        "reason": say(REASONS, line.reason),
        "column": heading_words(line.column),
        "rows": line.rows,
        "url": url,
        "number": line.row_number,
        "example": shown,
        "advice": say(ADVICE, line.reason),
    }


def cleaned_lines(
    cleaned: Sequence[CleanedLine], leave: Collection[str], *, run_id: int, doubtful: bool, may_act: bool
) -> list[dict[str, Any]]:
    """Column, reason, values and examples by their shape; which changes a steward may have left out, or has."""
    return [
        {
            "column": heading_words(line.column), "field": line.field, "reason": why(line.reason), "code": line.reason,
            "values": line.values, "examples": line.examples,
            "may_leave": may_act and line.reason in JUDGEMENTS and line.reason not in leave,
            "url": f"{reverse('data_room:originals', args=[run_id])}?field={line.field}&reason={line.reason}",
        }
        for line in cleaned if line.doubtful is doubtful
    ]  # fmt: skip


def left_lines(leave: Collection[str]) -> list[tuple[str, str]]:
    """Code and words of every change that is not made of this source's values."""
    return [(reason, why(reason)) for reason in sorted(leave)]


def cleaned_part(cleaned: Sequence[CleanedLine], leave: Collection[str], *, run_id: int, by: Asker) -> dict[str, Any]:
    """What both the trial and the report draw of cleaning."""
    acts = by.role == "steward"
    changed, doubted = (
        cleaned_lines(cleaned, leave, run_id=run_id, doubtful=doubtful, may_act=acts) for doubtful in (False, True)
    )
    return {
        "cleaned": changed, "doubted": doubted, "left": left_lines(leave), "may_act": acts,
        "opens": by.view in OPENING, "values_changed": sum(line["values"] for line in changed),
    }  # fmt: skip


def columns(run: RunFacts) -> Iterator[ColumnLine]:
    """Every column of the file with what it was taken for."""
    mapped = {heading: meaning for meaning, heading in run.settings.get("understanding", {}).get("columns", {}).items()}
    for heading in run.settings.get("look", {}).get("headers", ()):
        yield column_line(heading, mapped.get(heading, ""))


def column_line(heading: str, meaning: str) -> ColumnLine:
    """One column; contact data is marked as masked in everyday views."""
    shown = heading_words(heading)
    if not meaning:
        return ColumnLine(shown, _("not matched; not read"), "unread")
    if meaning in CONTACTS:
        return ColumnLine(shown, _("%(what)s; masked in everyday views") % {"what": meaning_words(meaning)}, "masked")
    return ColumnLine(shown, meaning_words(meaning), "known")


def consent_sentence(shown: Import) -> str:
    """What the file means for permission, which never comes along by itself."""
    new = shown.run.customers_new
    if shown.consents:
        return _("What the file says about consent is in the ledger of choices, with this file as its source.")
    if not new:
        return ""
    return ngettext(
        "Permission does not come along with a file. The file does not say who agreed to what, "
        "so the %(n)s new customer counts as unset.",
        "Permission does not come along with a file. The file does not say who agreed to what, "
        "so the %(n)s new customers count as unset.",
        new,
    ) % {"n": number(new)}


def is_contact(meaning: str) -> bool:
    """Whether the samples of such a column are shown by their shape only."""
    return (
        meaning in CONTACTS
        or bool(own_attribute_of(meaning))
        or (meaning in PERSONAL and meaning in ("allergies", "birth_on"))
    )
