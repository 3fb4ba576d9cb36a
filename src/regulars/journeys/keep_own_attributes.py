"""A company's own attributes: added by the data steward, classed by the privacy officer, filled, shown, retired.

Classing one takes as long as its values take to be sealed or laid open; until then nobody is shown any of them. Killed
half-way, it goes on where it was with the next call or the next night.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from regulars.journeys.let_go import let_rule_go
from regulars.journeys.where_from import desk
from regulars.records.access_log.actions import note_denial
from regulars.records.company.access import company
from regulars.records.customers.access import open_customer
from regulars.records.own_attributes.access import (
    Known,
    OwnFact,
    counted_values,
    own_attribute,
    own_attributes,
    own_facts,
)
from regulars.records.own_attributes.actions import (
    Classing,
    add_attribute,
    class_attribute,
    lay_values,
    retire_attribute,
    set_value,
    show_attribute,
    unshown,
)
from regulars.records.set_aside.actions import veil_set_aside
from regulars.rules.intake.meanings import OWN
from regulars.rules.intake.money import digits_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.own_attributes import OwnAttribute, may_serve, shown_in
from regulars.rules.privacy.own_values import Writing, read_value
from regulars.rules.segments.fields import Field, own_field

__all__ = ["Classing", "Kept"]

MAY_ADD = frozenset({"steward", "officer"})
MAY_FILL = frozenset({"steward", "officer", "service"})
BECAUSE = "own attribute"
Say = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """An attribute as its page shows it: what it is, through which view how, of how many something is known."""

    what: OwnAttribute
    shown: dict[str, str]
    values: int


def kept_attributes(*, by: Asker) -> list[Kept]:
    """All attributes in use. For whoever keeps the dictionary; Denied for all others."""
    _only(MAY_ADD, by, "kept_attributes")
    counts = counted_values(by=by, because=BECAUSE)
    return [Kept(one.what, shown_in(one.what), counts.get(one.what.key, 0)) for one in own_attributes()]


def add_own_attribute(new: OwnAttribute, *, by: Asker, at: datetime) -> Kept:
    """The attribute is there and unclassed: it may be filled, and nobody sees it. BadInput says what is unclear."""
    _only(MAY_ADD, by, "add_own_attribute")
    add_attribute(new, by=by, at=at)
    return Kept(own_attribute(new.key).what, {}, 0)


def class_own_attribute(key: str, said: Classing, *, by: Asker, at: datetime, say: Say = lambda laid: None) -> Kept:
    """The attribute is classed, its values lie as that class wants, and each view shows it as the rules say."""
    _only(frozenset({"officer"}), by, "class_own_attribute")
    class_attribute(key, said, by=by, at=at)
    _lay_and_show(key, say)
    what = own_attribute(key).what
    return Kept(what, shown_in(what), counted_values(by=by, because=BECAUSE).get(key, 0))


def retire_own_attribute(key: str, *, by: Asker, at: datetime) -> None:
    """Nobody sees the attribute any more and nothing comes in under it; what is held goes with the next night."""
    _only(frozenset({"officer"}), by, "retire_own_attribute")
    with transaction.atomic():
        retire_attribute(key, by=by, at=at)
        let_rule_go(f"own.{key}", True, by=by, at=at)


def finish_classing() -> list[str]:
    """Attributes whose classing was cut short, and is finished now."""
    waiting = unshown()
    for key in waiting:
        _lay_and_show(key, lambda laid: None)
    still = unshown()
    return [key for key in waiting if key not in still]


def fill_own_attribute(
    number: str, key: str, typed: str, *, by: Asker, because: str, at: datetime, writing: Writing | None = None
) -> None:
    """The customer's file says so, whatever sources say or will say; an empty text takes out what it and they said.
    BadInput for what is no such value."""
    opened, _ = open_customer(number, by=by, because=because)
    if by.role not in MAY_FILL:
        note_denial(by, door="fill_own_attribute", because=because, customer_id=opened.id)
        raise Denied("filling_not_for_this_role")
    known = own_attribute(key)
    plain = read_value(known.what, typed, writing or typed_here()) if typed.strip() else None
    set_value(opened, key, plain, source_id=desk(by=by, at=at), at=at)


def own_facts_of(number: str, *, by: Asker, because: str) -> list[OwnFact]:
    """What is known of the customer under every classed attribute, as the asker's view shows it."""
    opened, _ = open_customer(number, by=by, because=because)
    return own_facts(opened)


def own_fields(*, by: Asker) -> tuple[Field, ...]:
    """The attributes a rule of this asker may ask about, by label: those that may serve her purpose and analysis."""
    fields = (field_of(one) for one in own_attributes() if usable(one, by.purpose))
    return tuple(sorted(fields, key=lambda field: field.label))


def field_of(known: Known) -> Field:
    """The attribute as a field of the segment builder."""
    what = known.what
    return own_field(what.kind, what.key, what.label, what.label_zh, what.purposes)


def usable(known: Known, purpose: str) -> bool:
    """Whether segments of this purpose may ask about it: figures come from the warehouse, so it must be there too."""
    return may_serve(known.what, purpose) and "warehouse" in shown_in(known.what)


def typed_here() -> Writing:
    """How somebody writes at a desk of this house."""
    return Writing(digits=digits_of(company().currency))


def _lay_and_show(key: str, say: Say) -> None:
    """Every value lies as the class wants, nothing of it stands in rows set aside if it is sealed, and it is shown."""
    if own_attribute(key).what.sealed:
        veil_set_aside(OWN + key)
    laid = 0
    while some := lay_values(key):
        laid += some
        say(laid)
    show_attribute(key)


def _only(roles: frozenset[str], by: Asker, door: str) -> None:
    if by.role not in roles:
        note_denial(by, door=door, because=BECAUSE)
        raise Denied("attributes_not_for_this_role")
