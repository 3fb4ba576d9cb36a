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
    confirm_said,
    correct_said,
    demand_correctable,
    origins_of,
    take_back_said,
)
from regulars.records.customers.shown import shown_through
from regulars.records.free_texts.texts import look_at_text
from regulars.records.intake.actions import ensure_source
from regulars.records.own_attributes.access import OwnOrigin, own_origins
from regulars.records.own_attributes.actions import set_value
from regulars.rules.intake.correcting import TYPED, corrected
from regulars.rules.intake.meanings import OWN, own_attribute_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

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


def where_from(number: str, *, by: Asker, because: str) -> Origins:
    """Every field with its source, its date, why it is believed, and what other sources say."""
    _, facts, (found, came, own) = open_with(
        number, by=by, because=because,
        more=lambda opened, _facts: (origins_of.asked(opened), came_as.asked(opened), own_origins.asked(opened)),
    )  # fmt: skip
    return Origins(facts, tuple(found), tuple(came), tuple(own))


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
    believed = demand_correctable(opened, field)
    if not because.strip() or len(because) > LONGEST_REASON:
        raise BadInput("correction_reason", {"longest": LONGEST_REASON})
    values = corrected(field, value, believed=believed, on=at.astimezone(ZoneInfo(company().timezone)).date())
    herself_id = _herself(by, at)
    with transaction.atomic():
        rows = correct_said(opened, values, herself_id=herself_id, because=because.strip(), at=at)
        look_at_text(opened.id, "field_said", rows[field], {"because": because.strip()}, by=by.name, at=at)
        find_by_names(opened.id, values)


def take_back_correction(number: str, field: str, *, by: Asker, because: str, at: datetime) -> None:
    """What she was noted to have said of the field is taken back: what sources say counts again. NotThere when she was
    noted to have said nothing of it."""
    opened = _opened(number, by, because, "take_back_said")
    herself_id = _herself(by, at)
    take_back_said(opened, field, herself_id=herself_id, at=at)


def may_correct(view: str) -> tuple[str, ...]:
    """The fields that somebody who asks through this view may type another value of."""
    hidden = shown_through(view)
    return tuple(field for field in TYPED if field not in hidden.masked | hidden.coarse)


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
