"""Where what is known of a customer comes from: field by field, what other sources say, and why one is believed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regulars.desks.shared.cleaning_words import all_of
from regulars.desks.shared.customer_words import LANGUAGES, MARITAL, SEXES
from regulars.desks.shared.dates import day
from regulars.desks.shared.intake_words import MEANINGS, WAYS
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.own_said import own_in_words, own_label
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.source_words import WHY_BELIEVED
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import Words, say
from regulars.journeys.where_from import (
    MAY_CONFIRM,
    confirm_value,
    correct_value,
    may_correct,
    may_correct_own,
    take_back_correction,
    where_from,
)
from regulars.records.company.access import now
from regulars.records.customers.originals import CameAs
from regulars.records.customers.origins import Origin, PointOrigin, SaidBy
from regulars.rules.intake.choosing import thing_of
from regulars.rules.intake.meanings import OWN, own_attribute_of
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.own_attributes import OwnAttribute
from regulars.rules.privacy.own_values import spoken

#: Whoever has several roles reads it as who cares for data: through marketing's view those who opted out are not there.
READING: Final = ("service", "steward", "officer", "marketer")
#: Signs that turn round what follows them; said by their number, they turn nothing.
_TURNING: Final = {
    code: f"⟨U+{code:04X}⟩" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)
}  # fmt: skip
_SPOKEN: Final[dict[str, Words]] = {"sex": SEXES, "language": LANGUAGES, "marital_status": MARITAL}


@dataclass(frozen=True, slots=True)
class SaidLine:
    """What one source says, in words; `source_id` is what the form sends back, `leads` whether it is confirmed here."""

    value: str
    small: str
    source_id: str
    leads: bool
    herself: bool


@dataclass(frozen=True, slots=True)
class CameLine:
    """How a value came and why it was changed; `original` is empty where the reader's view does not open it."""

    label: str
    original: str
    became: str
    why: str
    small: str


@dataclass(frozen=True, slots=True)
class OriginLine:
    """One field in words."""

    field: str
    label: str
    best: SaidLine | None
    why: str
    others: tuple[SaidLine, ...]
    disputed: bool
    confirmed: bool
    came: tuple[CameLine, ...]
    may_correct: bool
    kind: str
    choices: tuple[tuple[str, str], ...]
    herself: bool


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*READING)
def origins(request: HttpRequest, number: str) -> HttpResponse:
    """Every field with its source, date and reason; what a source says can be confirmed or corrected."""
    by = asker(request)
    if request.method == "POST":
        return _act(request, number)
    found = where_from(number, by=by, because="origins")
    mine = may_correct(by.view) if by.role in MAY_CONFIRM else ()
    seen: set[tuple[str, int | None]] = set()  # what is believed whole is confirmed at its first field
    rows = [_line(one, say(MEANINGS, one.field), one.field in mine, seen, found.came) for one in found.fields]
    language = get_language() or "en"
    own = may_correct_own(by.view) if by.role in MAY_CONFIRM else []
    rows += [
        _own_line(own_in_words(one, language), one.what, one.what in own, language, seen) for one in found.own
    ]  # fmt: skip
    known = {one.field for one in rows}
    unknown = [(field, say(MEANINGS, field)) for field in mine if field not in known]
    unknown += [(OWN + one.key, one.label_in(language)) for one in own if OWN + one.key not in known]
    around = {
        "number": number, "facts": found.facts, "rows": rows, "may_confirm": by.role in MAY_CONFIRM,
        "disputed": sum(one.disputed for one in rows),
        "others": [_came(one) for one in found.came if one.field not in known],
        "unknown": unknown, "points": [_point(one) for one in found.points],
    }  # fmt: skip
    return render(request, "service/origins.html", around)


def _act(request: HttpRequest, number: str) -> HttpResponse:
    """A value is confirmed, corrected, or a correction taken back."""
    by, at, told = asker(request), now(), request.POST
    field, source = told.get("field", ""), told.get("source", "")
    words = {"field": own_label(key) if (key := own_attribute_of(field)) else say(MEANINGS, field)}
    if told.get("do") == "correct":
        try:
            correct_value(number, field, told.get("value", ""), by=by, because=told.get("because", ""), at=at)
        except BadInput as error:
            messages.warning(request, sentence_for(error))
            return redirect(f"{request.path}#f-{field}")
        messages.success(request, _("%(field)s: written down as she says, and believed from now on.") % words)
    elif told.get("do") == "take_back":
        take_back_correction(number, field, by=by, because="origins", at=at)
        messages.success(request, _("%(field)s: taken back. What sources say counts again.") % words)
    else:
        confirm_value(number, field, int(source) if source.isdecimal() else None, by=by, because="origins", at=at)
        messages.success(request, _("%(field)s: confirmed, and believed from now on.") % words)
    return redirect(request.path)


def _own_line(
    one: Origin, what: OwnAttribute, may: bool, language: str, seen: set[tuple[str, int | None]]
) -> OriginLine:  # fmt: skip
    """A company's own attribute; where it is one of a few things, these are there to choose from."""
    choices = [(choice.key, choice.label_zh if language.startswith("zh") else choice.label) for choice in what.choices]
    if what.kind == "yes_no":
        choices = [(plain, spoken(what, plain, digits=0, language=language)) for plain in ("true", "false")]
    line = _line(one, what.label_in(language), may, seen)
    return replace(line, kind="date" if what.kind == "date" else "text", choices=tuple(choices))


def _line(
    one: Origin, label: str, may: bool, seen: set[tuple[str, int | None]], came: Iterable[CameAs] = ()
) -> OriginLine:  # fmt: skip
    shown = {said.value for said in (one.best, *one.others) if said}
    mine = tuple(_came(c) for c in came if c.field == one.field and (c.became is None or c.became in shown))
    herself = any(said.herself for said in (one.best, *one.others) if said)
    return OriginLine(
        came=mine,
        field=one.field, label=label, best=_said(one.field, one.best, seen) if one.best else None,
        why=say(WHY_BELIEVED, one.why), others=tuple(_said(one.field, other, seen) for other in one.others),
        disputed=one.is_disputed, confirmed=bool(one.best and one.best.confirmed_at), may_correct=may,
        kind="date" if one.field == "birth_on" else "text", choices=(), herself=herself,
    )  # fmt: skip


def _came(one: CameAs) -> CameLine:
    small = _("%(who)s, %(day)s") % {"who": one.source or _("source no longer known"), "day": day(one.noted_at)}
    return CameLine(
        say(MEANINGS, one.field), (one.original or "").translate(_TURNING), one.became or "", all_of(one.reasons), small
    )


def _point(one: PointOrigin) -> tuple[str, bool, str]:
    """What kind of way, whether it works, and who told of it when."""
    told = [_("%(who)s, %(day)s") % {"who": who or _("source no longer known"), "day": day(at)} for who, at in one.said]
    return say(WAYS, one.channel), one.works, " · ".join(told)


def _said(field: str, one: SaidBy, seen: set[tuple[str, int | None]]) -> SaidLine:
    whole = (thing_of(field), one.source_id)
    leads = whole not in seen
    seen.add(whole)
    value = say(_SPOKEN[field], one.value) if field in _SPOKEN else one.value
    who = one.source or _("source no longer known")
    told = _("%(who)s, %(day)s") % {"who": who, "day": day(one.said_at)}
    if one.herself:
        told = _("the customer herself, told to %(who)s on %(day)s: %(because)s") % {
            "who": called(one.confirmed_by), "day": day(one.said_at), "because": one.because,
        }  # fmt: skip
    elif one.confirmed_at:
        sure = {"who": called(one.confirmed_by), "day": day(one.confirmed_at)}
        told += " · " + _("confirmed by %(who)s on %(day)s") % sure
    return SaidLine(value, told, "" if one.source_id is None else str(one.source_id), leads, one.herself)
