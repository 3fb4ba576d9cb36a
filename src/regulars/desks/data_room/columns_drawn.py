"""The columns of a file as the page to confirm them draws them: guess, how sure it is, why, and samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from regulars.desks.data_room.import_drawn import is_contact
from regulars.desks.shared.customer_words import in_a_list, in_a_row
from regulars.desks.shared.intake_words import (
    KINDS,
    PROBLEMS,
    QUESTIONS,
    heading_words,
    known_by_words,
    meaning_words,
    own_meanings,
)
from regulars.desks.shared.words import say
from regulars.journeys.look_at_file import LookedAt
from regulars.records.intake.access import RunFacts
from regulars.rules.intake.columns import SURE, Guess
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.meanings import meanings_for
from regulars.rules.intake.proposing import Question
from regulars.rules.permission.errors import BadInput

LIKELY: Final = 0.6
SAMPLES: Final = 3
LONGEST_SAMPLE: Final = 28
ENCODINGS: Final = ("utf-8", "gb18030", "big5", "utf-16", "cp1252", "shift_jis", "euc-jp", "euc-kr")
DELIMITERS: Final = ((",", ","), (";", ";"), ("tab", "Tab"), ("|", "|"))


@dataclass(frozen=True, slots=True)
class Offer:
    """One column to confirm. `sure` is yes, likely or unsure, empty when there is no guess."""

    place: int
    heading: str
    meaning: str
    sure: str
    sure_label: str
    why: str
    samples: tuple[str, ...]
    veiled: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question the file leaves open: a sentence, the setting it answers, and what may be chosen."""

    sentence: str
    setting: str
    answers: tuple[tuple[str, str], ...]
    chosen: str


def columns_page(run: RunFacts, looked: LookedAt, told: Mapping[str, str]) -> dict[str, Any]:
    """Everything the page draws."""
    settings = looked.proposal.settings
    chosen = _chosen(looked, told)
    return {
        "run": run,
        "kind": say(KINDS, run.kind),
        "look": looked.look,
        "settings": settings,
        "told": told,
        "offers": [_offer(place, guess, chosen, looked) for place, guess in enumerate(looked.proposal.guesses)],
        "meanings": _meanings(run.kind),
        "questions": [_asked(one, told) for one in looked.proposal.questions if one.code in QUESTIONS],
        "asked_settings": {one.setting for one in looked.proposal.questions},
        "changed": in_a_row(*_changed(looked)),
        "problems": [say(PROBLEMS, one.code) % _listed(one.values) for one in looked.look.problems],
        "missing": [meaning_words(meaning) for meaning in settings.with_columns(chosen).missing()],
        "known_by": known_by_words(chosen),
        "remembered": _is_remembered(run, settings),
        "encodings": ENCODINGS,
        "delimiters": DELIMITERS,
        "date_orders": date_orders(),
        "reading": {name: told.get(name, "") for name in ("encoding", "delimiter", "sheet", "header_row")},
    }


def _meanings(kind: str) -> list[tuple[str, str]]:
    """What a column may stand for; files of customers may also fill own attributes."""
    usual = [(meaning.key, meaning_words(meaning.key)) for meaning in meanings_for(kind)]
    return usual + (own_meanings() if kind == "customers" else [])


def mapping_from(told: Mapping[str, str], headers: Sequence[str]) -> dict[str, str]:
    """Meaning → heading as chosen on the page. BadInput `meaning_twice` when two columns were given one meaning."""
    mapping: dict[str, str] = {}
    for place, header in enumerate(headers):
        meaning = told.get(f"column-{place}", "")
        if meaning and meaning in mapping:
            raise BadInput("meaning_twice", {"meaning": meaning_words(meaning)})
        if meaning:
            mapping[meaning] = header
    return mapping


def _changed(looked: LookedAt) -> list[str]:
    """How the columns differ from those of the source's last file, in sentences; none where they do not."""
    found = looked.changed
    if found is None:
        return []
    alike = in_a_list(f"{old} → {new}" for old, new in found.alike.items())
    told = [
        (found.gone, _("Gone since the last file: %(columns)s."), in_a_list(found.gone)),
        (found.new, _("New: %(columns)s."), in_a_list(found.new)),
        (found.alike, _("Perhaps only called otherwise: %(columns)s."), alike),
    ]
    return [*(words % {"columns": said} for there, words, said in told if there), _("The others mean what they meant.")]


def _chosen(looked: LookedAt, told: Mapping[str, str]) -> dict[str, str]:
    """What the page shows as chosen: what was chosen a moment ago, else what is proposed."""
    if any(name.startswith("column-") for name in told):
        return {told[f"column-{i}"]: h for i, h in enumerate(looked.look.headers) if told.get(f"column-{i}")}
    return dict(looked.proposal.settings.columns)


def _offer(place: int, guess: Guess, chosen: Mapping[str, str], looked: LookedAt) -> Offer:
    meaning = next((key for key, heading in chosen.items() if heading == guess.column), "")
    guessed = guess.meaning == meaning and bool(meaning)
    sure = (
        ""
        if not guessed
        else "yes"
        if guess.confidence >= SURE
        else "likely"
        if guess.confidence >= LIKELY
        else "unsure"
    )
    labels = {"yes": _("sure"), "likely": _("likely"), "unsure": _("perhaps"), "": ""}
    veiled = is_contact(meaning or guess.meaning)
    samples = tuple(_sample(cell, veiled) for cell in _some_cells(looked, place))
    return Offer(
        place, heading_words(guess.column), meaning, sure, labels[sure], _why(guess) if guessed else "", samples, veiled
    )


def _why(guess: Guess) -> str:
    if guess.why == "header_says":
        return _("its heading says so")
    if guess.why == "header_contains":
        return _("its heading holds “%(word)s”") % {"word": guess.values.get("word", "")}
    return _("its values look so")


def _some_cells(looked: LookedAt, place: int) -> list[str]:
    """A few different values from the beginning of the file."""
    cells = (row[place].strip() for row in looked.look.sample if place < len(row))
    return list(dict.fromkeys(cell for cell in cells if cell))[:SAMPLES]


def _sample(cell: str, veiled: bool) -> str:
    """The value, or only its shape where it reaches a person: letters and digits become dots."""
    shown = "".join("•" if letter.isalnum() else letter for letter in cell) if veiled else cell
    return shown if len(shown) <= LONGEST_SAMPLE else f"{shown[: LONGEST_SAMPLE - 1]}…"


def date_orders() -> tuple[tuple[str, str], ...]:
    """How 03/12/2026 may be read."""
    return ("ymd", _("year, month, day")), ("dmy", _("day, month, year")), ("mdy", _("month, day, year"))


def _asked(question: Question, told: Mapping[str, str]) -> Asked:
    answers = {
        "date_order": (("dmy", _("the day: 3 December for 03/12")), ("mdy", _("the month: 12 March for 03/12"))),
        "decimal_mark": ((".", _("the point: 1,234 is one thousand")), (",", _("the comma: 1,234 is one and a bit"))),
        "order_within": (
            ("day", _("every day")),
            ("branch", _("in every branch")),
            ("day,branch", _("every day in every branch")),
            ("", _("no, each number is one order")),
        ),
    }.get(question.setting, ())
    sentence = say(QUESTIONS, question.code) % dict(question.values)
    return Asked(sentence, question.setting if answers else "", answers, told.get(question.setting, ""))


def _listed(values: Mapping[str, object]) -> dict[str, object]:
    return {name: in_a_list(value) if isinstance(value, list | tuple) else value for name, value in values.items()}


def _is_remembered(run: RunFacts, settings: ImportSettings) -> bool:
    """Whether the source's last file was understood this way."""
    return bool(run.progress.get("as_before")) and bool(settings.columns)
