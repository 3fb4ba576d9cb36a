"""A company's own attributes over HTTP, and the dictionary in the words of fideslang and DPV."""

from typing import Any, Final, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Because, Line, Said, Short
from regulars.journeys.keep_own_attributes import (
    Classing,
    Kept,
    add_own_attribute,
    class_own_attribute,
    fill_own_attribute,
    kept_attributes,
    own_facts_of,
    retire_own_attribute,
)
from regulars.journeys.tell_dictionary import dictionary_as
from regulars.records.company.access import company, now
from regulars.rules.intake.money import digits_of
from regulars.rules.privacy.keeping import AS_LONG_AS_CUSTOMER
from regulars.rules.privacy.own_attributes import Choice, OwnAttribute, usual_purposes
from regulars.rules.privacy.own_values import spoken

OFFICER: Final = Token("officer")
KEEPING: Final = Token("officer", "steward")
FILLING: Final = Token("officer", "steward", "service")

router = Router(tags=["Own attributes"])


class OptionSaid(Said):
    """One value a choice may have."""

    key: Short
    label: Line
    label_zh: Line


class NewAttribute(Said):
    """An attribute of the company's own; nobody sees it before it is classed."""

    key: Short
    kind: Literal["text", "number", "money", "date", "yes_no", "choice"]
    label: Line
    label_zh: Line
    choices: list[OptionSaid] = []


class ClassingSaid(Said):
    """What the privacy officer decides about an attribute. Without purposes: those usual for the class."""

    data_class: Literal["identifying", "personal", "sensitive", "pseudonym", "none"]
    category: Short = "user"
    purposes: list[Short] = []
    coarse: Short = "keep"
    coarser: Short = "gone"
    keep: Line = AS_LONG_AS_CUSTOMER


class AttributeTold(Schema):
    """An attribute, through which view it is seen how, and of how many customers something is known."""

    key: str
    kind: str
    label: str
    label_zh: str
    choices: list[dict[str, str]]
    data_class: str = Field(description="Empty until somebody has classed it")
    category: str
    purposes: list[str]
    coarse: str
    coarser: str
    keep: str
    shown: dict[str, str] = Field(description="View → keep, or a coarsening")
    values: int


class Filling(Said):
    """What is known of the customer, as people write it; empty takes it out."""

    value: str = Field(max_length=400)
    because: Because


class Asking(Said):
    """Why the customer's file is opened."""

    because: Because


class FactTold(Schema):
    """What the file says under one attribute; `value` is null where nothing is known or the view leaves it out."""

    key: str
    label: str
    label_zh: str
    value: str | None
    shown: str = Field(description="keep, a coarsening, or gone")


@router.get("/attributes", response=list[AttributeTold], auth=KEEPING)
def list_attributes(request: HttpRequest) -> list[AttributeTold]:
    """Every attribute of the company's own that is in use."""
    return [_told(one) for one in kept_attributes(by=asking(request))]


@router.post("/attributes", response={201: AttributeTold}, auth=KEEPING)
def add_attribute(request: HttpRequest, asked: NewAttribute) -> Status[AttributeTold]:
    """Add an attribute. It may be filled at once; nobody sees it before it is classed."""
    choices = tuple(Choice(one.key, one.label, one.label_zh) for one in asked.choices)
    what = OwnAttribute(asked.key, asked.kind, asked.label, asked.label_zh, choices)
    return Status(201, _told(add_own_attribute(what, by=asking(request), at=now())))


@router.put("/attributes/{key}/class", response=AttributeTold, auth=OFFICER)
def class_attribute(request: HttpRequest, key: Short, asked: ClassingSaid) -> AttributeTold:
    """Class an attribute; each view shows it accordingly when this is answered."""
    purposes = frozenset(asked.purposes) or usual_purposes(asked.data_class)
    said = Classing(asked.data_class, asked.category, purposes, asked.coarse, asked.coarser, asked.keep)
    return _told(class_own_attribute(key, said, by=asking(request), at=now()))


@router.delete("/attributes/{key}", response={204: None}, auth=OFFICER)
def retire_attribute(request: HttpRequest, key: Short) -> Status[None]:
    """Retire an attribute: nobody sees it any more, and its values go with the next night."""
    retire_own_attribute(key, by=asking(request), at=now())
    return Status(204, None)


@router.get("/customers/{number}/attributes", response=list[FactTold], auth=FILLING)
def show_facts(request: HttpRequest, number: Short, asked: Query[Asking]) -> list[FactTold]:
    """What is known of a customer under every classed attribute, as this token's view shows it."""
    digits = digits_of(company().currency)
    return [
        FactTold(
            key=one.what.key, label=one.what.label, label_zh=one.what.label_zh, shown=one.shown,
            value=None if one.plain is None else spoken(one.what, one.plain, digits=digits),
        )
        for one in own_facts_of(number, by=asking(request), because=asked.because)
    ]  # fmt: skip


@router.put("/customers/{number}/attributes/{key}", response={204: None}, auth=FILLING)
def fill_attribute(request: HttpRequest, number: Short, key: Short, asked: Filling) -> Status[None]:
    """Write what is known of a customer under an attribute."""
    fill_own_attribute(number, key, asked.value, by=asking(request), because=asked.because, at=now())
    return Status(204, None)


@router.get("/dictionary/fides", response=dict[str, Any], auth=KEEPING)
def dictionary_in_fides(request: HttpRequest) -> dict[str, Any]:
    """The dictionary in the words of fideslang 3.1.4: dataset, system, our own data use."""
    return dictionary_as("fides")


@router.get("/dictionary/dpv", response=dict[str, Any], auth=KEEPING)
def dictionary_in_dpv(request: HttpRequest) -> dict[str, Any]:
    """The dictionary as JSON-LD in the words of the Data Privacy Vocabulary."""
    return dictionary_as("dpv")


def _told(one: Kept) -> AttributeTold:
    what = one.what
    return AttributeTold(
        key=what.key, kind=what.kind, label=what.label, label_zh=what.label_zh,
        choices=[{"key": c.key, "label": c.label, "label_zh": c.label_zh} for c in what.choices],
        data_class=what.data_class, category=what.category, purposes=sorted(what.purposes), coarse=what.coarse,
        coarser=what.coarser, keep=what.keep, shown=one.shown, values=one.values,
    )  # fmt: skip
