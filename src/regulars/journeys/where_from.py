"""Where each field of a customer comes from: read with the file open, confirmed or corrected by whoever asked her.

What she says herself is a source of its own: it is confirmed as it is written down, and can be taken back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from regulars.records.access_log.actions import note_denial
from regulars.records.company.access import company
from regulars.records.customers.access import CustomerFacts, Opened, open_customer, open_with
from regulars.records.customers.marking import find_by_names
from regulars.records.customers.originals import CameAs, came_as
from regulars.records.customers.origins import (
    Origin,
    PointOrigin,
    confirm_said,
    correct_said,
    demand_correctable,
    origins_of,
    points_from,
    take_back_said,
)
from regulars.records.customers.shown import shown_through
from regulars.records.free_texts.texts import look_at_text
from regulars.records.intake.actions import ensure_source
from regulars.records.own_attributes.access import OwnOrigin, own_origins, shown_whole
from regulars.records.own_attributes.actions import set_value, tell_herself, untell_herself
from regulars.rules.intake.correcting import TYPED, corrected
from regulars.rules.intake.meanings import OWN, own_attribute_of
from regulars.rules.intake.money import digits_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.privacy.own_attributes import OwnAttribute
from regulars.rules.privacy.own_values import Writing, read_value

LONGEST_REASON: Final = 200
MAY_CONFIRM: Final = frozenset({"service", "officer", "steward"})
#: The source that the house's own people are, when they write down or confirm what a customer says of herself.
DESK: Final = "desk"
#: The source that a customer is of herself, where the record said otherwise and she told somebody so.
HERSELF: Final = "herself"


@dataclass(frozen=True, slots=True)
class Origins:
    """Whose, and of every field that the opener's view shows, where it comes from, and how it came where cleaning
    changed it; `own` are the company's own attributes."""

    facts: CustomerFacts
    fields: tuple[Origin, ...]
    came: tuple[CameAs, ...]
    own: tuple[OwnOrigin, ...] = ()
    points: tuple[PointOrigin, ...] = ()


def where_from(number: str, *, by: Asker, because: str) -> Origins:
    """Every field with its source, its date, why it is believed, and what other sources say."""
    _, facts, (found, came, own, points) = open_with(
        number, by=by, because=because,
        more=lambda opened, _facts: (
            origins_of.asked(opened), came_as.asked(opened), own_origins.asked(opened), points_from.asked(opened),
        ),
    )  # fmt: skip
    return Origins(facts, tuple(found), tuple(came), tuple(own), tuple(points))


def confirm_value(number: str, field: str, source_id: int | None, *, by: Asker, because: str, at: datetime) -> None:
    """What that source says of the field is what the customer herself says: it is believed until somebody confirms
    something else. For those who serve her and those who care for records."""
    opened = _opened(number, by, because, "confirm_said")
    if field.startswith(OWN):
        _confirm_own(opened, field, source_id, at)
        return
    confirm_said(opened, field, source_id, desk_id=desk(by=by, at=at), at=at)


def _confirm_own(opened: Opened, field: str, source_id: int | None, at: datetime) -> None:
    origin = next((one.origin for one in own_origins(opened) if one.origin.field == field), None)
    if origin is None:
        note_denial(opened.by, door="confirm_said", because=opened.because, customer_id=opened.id)
        raise Denied("field_not_shown", {"field": field[:40]})
    said = [*origin.others, *([origin.best] if origin.best else [])]
    picked = next((one for one in said if one.source_id == source_id), None)
    if picked is None:
        raise NotThere("source_says_nothing", {"field": field[:40]})
    set_value(opened, own_attribute_of(field), picked.value, source_id=desk(by=opened.by, at=at), at=at)


def correct_value(number: str, field: str, value: str, *, by: Asker, because: str, at: datetime) -> None:
    """The customer says that this is the value: it is believed until somebody confirms something else. She is found
    by it too.

    For those who serve her and those who care for records, of fields their view shows. BadInput for what cannot be a
    value of the field, and for no reason.
    """
    opened = _opened(number, by, because, "correct_said")
    if field.startswith(OWN):
        _correct_own(opened, field, value, at)
        return
    believed = demand_correctable(opened, field)
    _demand_reason(because)
    values = corrected(field, value, believed=believed, on=at.astimezone(ZoneInfo(company().timezone)).date())
    herself_id = _herself(by, at)
    with transaction.atomic():
        rows = correct_said(opened, values, herself_id=herself_id, because=because.strip(), at=at)
        look_at_text(opened.id, "field_said", rows[field], {"because": because.strip()}, by=by.name, at=at)
        find_by_names(opened.id, values)


def _correct_own(opened: Opened, field: str, value: str, at: datetime) -> None:
    what, because = _own_shown(opened, field, "correct_said"), opened.because.strip()
    _demand_reason(because)
    plain = read_value(what, value, Writing(digits=digits_of(company().currency)))
    herself_id = _herself(opened.by, at)
    with transaction.atomic():
        row = tell_herself(opened, what.key, plain, herself_id=herself_id, because=because, at=at)
        look_at_text(opened.id, "own_value_said", row, {"because": because}, by=opened.by.name, at=at)


def _demand_reason(because: str) -> None:
    if not because.strip() or len(because) > LONGEST_REASON:
        raise BadInput("correction_reason", {"longest": LONGEST_REASON})


def _own_shown(opened: Opened, field: str, door: str) -> OwnAttribute:
    """The attribute, as long as the opener's view shows it as it is; Denied `field_not_shown` otherwise."""
    key = own_attribute_of(field)
    found = next((one for one in shown_whole(opened.by.view) if one.key == key), None)
    if found is None:
        note_denial(opened.by, door=door, because=opened.because, customer_id=opened.id)
        raise Denied("field_not_shown", {"field": field[:40]})
    return found


def take_back_correction(number: str, field: str, *, by: Asker, because: str, at: datetime) -> None:
    """What she was noted to have said of the field is taken back: what sources say counts again. NotThere when she was
    noted to have said nothing of it."""
    opened = _opened(number, by, because, "take_back_said")
    herself_id = _herself(by, at)
    if field.startswith(OWN):
        what = _own_shown(opened, field, "take_back_said")
        untell_herself(opened, what.key, herself_id=herself_id, at=at)
        return
    take_back_said(opened, field, herself_id=herself_id, at=at)


def may_correct(view: str) -> tuple[str, ...]:
    """The fields that somebody who asks through this view may type another value of."""
    hidden = shown_through(view)
    return tuple(field for field in TYPED if field not in hidden.masked | hidden.coarse)


def may_correct_own(view: str) -> list[OwnAttribute]:
    """The company's own attributes of which somebody who asks through this view may type another value."""
    return shown_whole(view)


def _herself(by: Asker, at: datetime) -> int:
    return ensure_source(HERSELF, by=by, at=at, name="The customer herself").id


def _opened(number: str, by: Asker, because: str, door: str) -> Opened:
    opened, _ = open_customer(number, by=by, because=because)
    if by.role not in MAY_CONFIRM:
        note_denial(by, door=door, because=because, customer_id=opened.id)
        raise Denied("confirming_not_for_this_role")
    return opened


def desk(*, by: Asker, at: datetime) -> int:
    """The number of the source that the house's own people are."""
    return ensure_source(DESK, by=by, at=at, name="Desk").id
