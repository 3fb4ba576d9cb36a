"""The parts of the look, drawn: a template says `{{ draw.table(lists) }}`. What each takes is described in `parts.py`.

A part with a template of its own is a function that says what the template is told; `part` draws it.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, wraps
from typing import Any, Final, ParamSpec

from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from regulars.desks.shared import figures, words
from regulars.desks.shared.parts import (
    Answer,
    Chart,
    Choice,
    Cut,
    Entry,
    Funnel,
    HeatMap,
    Opening,
    Pager,
    Piece,
    Step,
    Table,
    rows_of,
    shade_of,
    shares,
)

__all__ = (
    "bar",
    "bar_to",
    "bucket",
    "chart",
    "choices_panel",
    "class_tag",
    "coarse",
    "countdown",
    "dialog",
    "empty",
    "figure",
    "funnel",
    "gate_strip",
    "heat_map",
    "icon",
    "interval",
    "key",
    "masked",
    "note",
    "pager",
    "pop",
    "progress",
    "rfm_grid",
    "steps",
    "table",
    "tag",
    "timeline_entry",
    "why",
)

P = ParamSpec("P")
Told = dict[str, Any]
Caller = Callable[[], Markup]  # what stands between {% call %} and {% endcall %}
GATE: Final = tuple(words.GATE_RULES)
LETTERS: Final = {"p": "pass", "s": "stop", "w": "wait", "n": "not_asked", "u": "wait"}
STROKES: Final = {"pass": "", "not_asked": "not", "wait": "wait"}
CHOICE_CLASS: Final = {"granted": "yes", "denied": "nope", "unset": "unset"}
CHOICE_ICON: Final = {"granted": "check", "denied": "ban", "unset": "minus"}
CLASS_TONE: Final = {"identifying": "veil", "sensitive": "veil", "unclassed": "heed"}
ARM_CLASS: Final = {"test": "keep", "roll": "roll", "hold": "ho"}
ARM_KEY: Final = {"test": "", "roll": "k4", "hold": "line"}


def part(template: str) -> Callable[[Callable[P, Told]], Callable[..., Markup]]:
    """A part that is drawn by the template of that name, from what the function tells it and nothing else of the page.

    Only the form's secret comes along: a part may hold a form.
    """

    def dress(told: Callable[P, Told]) -> Callable[..., Markup]:
        @pass_context
        @wraps(told)
        def drawn(context: Context, /, *args: P.args, **kwargs: P.kwargs) -> Markup:
            around = {**told(*args, **kwargs), "csrf_input": context.get("csrf_input")}
            return Markup(context.environment.get_template(template).render(around))  # noqa: S704  escaped in there

        return drawn

    return dress


def icon(name: str, label: str = "", kind: str = "") -> SafeString:
    """An icon of icons.svg. Without a label it is decoration and is not read aloud."""
    return _icon(name, label, kind) if label else _decoration(name, kind)


@cache
def _decoration(name: str, kind: str) -> SafeString:
    """Drawn once: a card has fifty of them."""
    return _icon(name, "", kind)


def _icon(name: str, label: str, kind: str) -> SafeString:
    voice = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    address = f"{static('icons.svg')}#{name}"
    return format_html('<svg class="i{}" {}><use href="{}"/></svg>', f" {kind}" if kind else "", voice, address)


@part("shared/parts/figure.html")
def figure(label: Any, value: Any, url: str = "", small: Any = "", unit: Any = "", key: str | None = None) -> Told:
    """One key figure: whole numbers get their commas, text stays as it is; `key` puts the legend's mark before it."""
    shown = figures.number(value) if isinstance(value, int) else value
    return {"label": label, "value": shown, "url": url, "small": small, "unit": unit, "key": key}


@part("shared/parts/bar.html")
def bar(pieces: Iterable[Piece], label: str = "", tall: bool = False) -> Told:
    """A bar of stretches that follow each other from the start."""
    return {"spans": _spans([(piece.share, piece.kind) for piece in pieces]), "label": label, "tall": tall}


@part("shared/parts/bar.html")
def bar_to(value: float, whole: float, kind: str = "", label: str = "", tall: bool = False) -> Told:
    """A bar filled to value ÷ whole."""
    share = min(float(value) / float(whole), 1.0) if whole else 0.0
    return {"spans": _spans([(share, kind)]), "label": label, "tall": tall}


@part("shared/parts/table.html")
def table(shown: Table) -> Told:
    """Any list. Scrolls sideways inside itself when it must, never the page."""
    return {"table": shown, "rows": rows_of(shown)}


@part("shared/parts/chart.html")
def chart(shown: Chart) -> Told:
    """The picture, its legend, its table one click away, its export."""
    return {"chart": shown, "option_id": f"{shown.name}-option"}


@part("shared/parts/key.html")
def key(label: Any, kind: str = "") -> Told:
    """One entry of a legend."""
    return {"label": label, "kind": kind}


@part("shared/parts/gate.html")
def gate_strip(answers: "str | Sequence[Any]", arm: str = "") -> Told:
    """Nine strokes: passed, stopped by privacy (veil), stopped or waiting by tact (sand), not asked, or hold-out."""
    told = _told(answers)
    return {"strokes": [_stroke(answer, arm) for answer in told], "verdict": _verdict(told, arm)}


@part("shared/parts/why.html")
def why(answers: "str | Sequence[Any]", headline: Any, source: Any = "", arm: str = "", opened: bool = False) -> Told:
    """The strip with its headline; opened, the sentence of every rule that was asked."""
    told = _told(answers)
    asked = [(answer, words.say(words.GATE_RULES, answer.rule), _mark(answer)) for answer in told if answer.sentence]
    return {
        "told": told,
        "headline": headline,
        "source": source,
        "arm": arm,
        "opened": opened,
        "asked": asked,
        "tone": _tone(told, arm),
    }


@part("shared/parts/masked.html")
def masked(shown: Any = "", opening: Opening | None = None, kind: str = "lock", key: str = "") -> Told:
    """A value exists and is not shown. With an `opening` it says who could open it, and asks for a reason.

    `key` must be unique on the page when there is an opening: it names the floating panel.
    """
    return {"shown": shown or _("not shown"), "opening": opening, "kind": kind, "id": f"open-{key}"}


def coarse(shown: Any) -> SafeString:
    """A value given only roughly."""
    title = conditional_escape(_("given only roughly"))
    return SafeString(f'<span class="coarse" title="{title}">{conditional_escape(shown)}</span>')


def class_tag(data_class: str) -> SafeString:
    """The class of a column in the data dictionary."""
    tone, word = CLASS_TONE.get(data_class, ""), words.say(words.DATA_CLASSES, data_class)
    return tag(word, tone)


def tag(label: Any, tone: str = "", sign: str = "") -> SafeString:
    """A state in a word; `tone` is ok, heed or veil, `sign` an icon."""
    drawn = icon(sign) if sign else ""
    kind = f" {conditional_escape(tone)}" if tone else ""
    return SafeString(f'<span class="tag{kind}">{drawn}{conditional_escape(label)}</span>')


@part("shared/parts/steps.html")
def steps(states: Sequence[Step], big: bool = True) -> Told:
    """A state machine on one line; what is under way is dashed."""
    return {"steps": states, "big": big}


@part("shared/parts/funnel.html")
def funnel(shown: Funnel) -> Told:
    """Who is left after each rule: privacy first and without links, then tact, then those who may be contacted."""
    lines = [_cut_line(cut, shown.start) for cut in shown.cuts]
    arms = [(arm.people / shown.start if shown.start else 0.0, ARM_CLASS[arm.kind]) for arm in shown.arms]
    return {
        "funnel": shown,
        "privacy": [line for line in lines if line["cut"].privacy],
        "tact": [line for line in lines if not line["cut"].privacy],
        "end_spans": _spans(arms or [(shown.left / shown.start if shown.start else 0.0, "keep")]),
        "keys": [(arm, ARM_KEY[arm.kind]) for arm in shown.arms],
    }


@part("shared/parts/progress.html")
def progress(value: float, whole: float, label: Any = "", poll_url: str = "", key: str = "progress") -> Told:
    """How far long work has come. With `poll_url` the fragment there replaces this one each second until done."""
    return {"value": value, "whole": whole, "label": label, "poll_url": poll_url, "id": key}


@part("shared/parts/empty.html")
def empty(sign: str, sentence: Any, teaching: Any = "", url: str = "", action: Any = "") -> Told:
    """Nothing yet: what will stand here, and what to do for it."""
    return {"sign": sign, "sentence": sentence, "teaching": teaching, "url": url, "action": action}


def note(tone: str = "", sign: str = "", *, caller: Caller) -> SafeString:
    """Something told in place; `tone` is ok or heed."""
    sign = sign or {"ok": "check", "heed": "alert-triangle"}.get(tone, "info-circle")
    return format_html(
        '<div class="note{}">{}<div class="grow">{}</div></div>', f" {tone}" if tone else "", icon(sign), caller()
    )


def pop(key: str, kind: str = "", *, caller: Caller) -> SafeString:
    """Something floating, opened by a button with `popovertarget`; a sheet at the bottom on phones."""
    return format_html('<div id="{}" popover class="pop stack{}">{}</div>', key, f" {kind}" if kind else "", caller())


def dialog(key: str, title: Any, *, caller: Caller) -> SafeString:
    """A question that must be answered, opened by a button with `commandfor` and `command="show-modal"`."""
    return format_html(
        '<dialog id="{0}" aria-labelledby="{0}-title"><div class="stack"><h2 id="{0}-title">{1}</h2>{2}</div></dialog>',
        key,
        title,
        caller(),
    )


@part("shared/parts/pager.html")
def pager(shown: Pager) -> Told:
    """Where we are in a long list, and the way on."""
    return {"pager": shown}


@part("shared/parts/timeline_entry.html")
def timeline_entry(entry: Entry) -> Told:
    """One line of a timeline (`<li>` inside `<ol class="tl">`); a contact opens its reasons."""
    return {"entry": entry}


@part("shared/parts/choices.html")
def choices_panel(choices: Sequence[Choice], title: Any = "", change_url: str = "") -> Told:
    """Do not disturb: what the customer said about each purpose and channel, always first on the card."""
    lines = [
        (
            choice,
            CHOICE_CLASS[choice.choice],
            CHOICE_ICON[choice.choice],
            choice.said or words.say(words.CHOICES, choice.choice),
        )
        for choice in choices
    ]
    return {"lines": lines, "title": title or _("Do not disturb"), "change_url": change_url}


@part("shared/parts/heat_map.html")
def heat_map(shown: HeatMap) -> Told:
    """A real table whose fields are shaded by amount and lead to the people behind them."""
    rows = [(label, [(cell, shade_of(cell.share)) for cell in cells]) for label, cells in shown.rows]
    return {"map": shown, "rows": rows}


@part("shared/parts/interval.html")
def interval(
    middle: float, low: float, high: float, most: float, threshold: float | None = None, label: str = ""
) -> Told:
    """An estimate with its interval on a line from 0 to `most`, and the threshold set beforehand as a tick."""
    at = {"middle": middle, "low": low, "high": high} | ({} if threshold is None else {"threshold": threshold})
    places = {name: _percent_of(value, most) for name, value in at.items()}
    return {**places, "width": _percent_of(high - low, most), "label": label}


@part("shared/parts/bucket.html")
def bucket(inside: int, gained: int, won_back: int, lapsed: int) -> Told:
    """The leaky bucket: two jets in, one out, as wide as the people they carry; those inside in the middle."""
    widest = max(gained, won_back, lapsed, 1)
    return {
        "inside": inside,
        "gained": gained,
        "won_back": won_back,
        "lapsed": lapsed,
        "gained_width": _jet(gained, widest),
        "won_back_width": _jet(won_back, widest),
        "lapsed_width": _jet(lapsed, widest),
    }


@part("shared/parts/countdown.html")
def countdown(left: Any, share_left: float, under: Any = "", label: str = "") -> Told:
    """A clock running out: the arc is the share of time that is left."""
    around = 226.2  # 2π × the radius of 36
    return {"left": left, "arc": f"{around * min(max(share_left, 0), 1):.1f}", "under": under, "label": label}


@part("shared/parts/rfm_grid.html")
def rfm_grid(recency: int, frequency: int, url: str = "", label: str = "") -> Told:
    """Where one customer stands among the 25 fields: recency upwards, frequency to the right, bands 1 to 5."""
    return {"fields": _grid(recency, frequency), "url": url, "label": label or f"R{recency} F{frequency}"}


def _spans(pieces: Iterable[tuple[float, str]]) -> list[dict[str, str]]:
    """Stretches one after the other as percentages of the whole width."""
    start, spans = 0.0, []
    for share, kind in pieces:
        spans.append({"x": f"{start * 100:.2f}%", "width": f"{share * 100:.2f}%", "kind": kind})
        start += share
    return spans


def _percent_of(value: float, most: float) -> str:
    return f"{min(max(value / most, 0.0), 1.0) * 100:.2f}%" if most else "0%"


def _jet(people: int, widest: int) -> str:
    return f"{max(2.0, 14.0 * people / widest):.1f}" if people else "0"


@cache
def _grid(recency: int, frequency: int) -> SafeString:
    """The 25 fields, the one at these bands marked; there are 25 such grids, each drawn once."""
    rects = (
        f'<rect class="{"here" if (r, f) == (recency, frequency) else f"g{_grid_shade(r, f)}"}" x="{17 * (f - 1)}" '
        f'y="{17 * (5 - r)}" width="15" height="15" rx="3"/>'
        for r in range(5, 0, -1)
        for f in range(1, 6)
    )
    return SafeString("".join(rects))


def _grid_shade(recency: int, frequency: int) -> int:
    return 1 + (recency + frequency > 4) + (recency + frequency > 7)


def _told(answers: "str | Sequence[Any]") -> list[Answer]:
    """Answers as values, whether they come as nine letters or words, as the gate's own answers or as ours."""
    if isinstance(answers, str):
        said = answers.split() if " " in answers else [LETTERS[letter] for letter in answers]
        return [Answer(rule, answer) for rule, answer in zip(GATE, said, strict=True)]
    given: Iterable[Any] = answers
    return [Answer(one.rule, one.answer, getattr(one, "sentence", "")) for one in given]


def _stroke(answer: Answer, arm: str) -> str:
    if arm == "hold_out":
        return "hold"
    return STROKES.get(answer.answer) or _stop_stroke(answer) if answer.answer != "pass" else ""


def _stop_stroke(answer: Answer) -> str:
    return "no" if answer.rule in words.PRIVACY_RULES else "wait"


def _first_stop(told: Sequence[Answer]) -> tuple[int, Answer] | None:
    stopping = ((place, answer) for place, answer in enumerate(told, 1) if answer.answer in ("stop", "wait"))
    return next(stopping, None)


def _verdict(told: Sequence[Answer], arm: str) -> str:
    if arm == "hold_out":
        return _("hold-out: could be contacted, kept back on purpose")
    stop = _first_stop(told)
    if stop is None:
        return _("passed all nine rules")
    place, answer = stop
    words_for_it = (
        _("waits at rule %(n)d: %(rule)s") if answer.answer == "wait" else _("stopped at rule %(n)d: %(rule)s")
    )
    return words_for_it % {"n": place, "rule": words.say(words.GATE_RULES, answer.rule)}


def _tone(told: Sequence[Answer], arm: str) -> str:
    stop = _first_stop(told)
    if stop is None or arm == "hold_out":
        return "mid" if arm == "hold_out" else "jade"
    return "veil" if stop[1].rule in words.PRIVACY_RULES else "mid"


def _mark(answer: Answer) -> str:
    return {"pass": "check", "wait": "hourglass", "not_asked": "minus"}.get(answer.answer, "ban")


def _cut_line(cut: Cut, start: int) -> Told:
    left, out = shares([cut.left, cut.out, start - cut.left - cut.out])[:2] if start else (0.0, 0.0)
    return {"cut": cut, "spans": _spans([(left, "left"), (out, "cutv" if cut.privacy else "cut")])}
