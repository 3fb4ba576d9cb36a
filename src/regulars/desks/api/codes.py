"""The company's codes for preferences, complaints and calls, over HTTP."""

from datetime import date
from typing import Annotated, Final, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Day, Said
from regulars.journeys.keep_codes import add_code, change_code, codes_kept, merge_code
from regulars.records.company.access import today
from regulars.rules.codes.tree import Code

READING: Final = Token("service", "officer", "steward")
EDITING: Final = Token("steward")
Kind = Literal["preference", "complaint", "call"]
CodeKey = Annotated[str, Field(min_length=1, max_length=32, pattern="^[a-z0-9][a-z0-9-]*$")]
Label = Annotated[str, Field(min_length=1, max_length=80)]
router = Router(tags=["Codes"])


class CodeTold(Schema):
    """A code; `holds` whether something new may be noted under it today, `merged_into` what it is read as."""

    key: str
    parent: str
    label: str
    label_zh: str
    valid_from: date | None
    valid_until: date | None
    merged_into: str
    holds: bool


class NewCode(Said):
    """A code to be added."""

    key: CodeKey
    parent: Annotated[str, Field(max_length=32)] = ""
    label: Label
    label_zh: Label
    valid_from: Day | None = None
    valid_until: Day | None = None


class CodeChange(Said):
    """What is different from now on; what is not said stays. `merged_into` makes it part of another one."""

    label: Label | None = None
    label_zh: Label | None = None
    valid_until: Day | None = None
    merged_into: CodeKey | None = None


@router.get("/codes/{kind}", response=list[CodeTold], auth=READING)
def list_codes(request: HttpRequest, kind: Kind) -> list[CodeTold]:
    """All codes of a kind in the order of their tree, retired and merged ones too."""
    return [_code(one) for _, one in codes_kept(kind)]


@router.post("/codes/{kind}", response={201: CodeTold}, auth=EDITING)
def add(request: HttpRequest, kind: Kind, new: NewCode) -> Status[CodeTold]:
    """Add a code."""
    code = Code(kind, new.key, new.parent, new.label, new.label_zh, new.valid_from, new.valid_until)
    add_code(code, by=asking(request))
    return Status(201, _code(code))


@router.post("/codes/{kind}/{key}", response=CodeTold, auth=EDITING)
def change(request: HttpRequest, kind: Kind, key: CodeKey, news: CodeChange) -> CodeTold:
    """Name a code anew, retire it, or merge it into another; what was noted under it stays."""
    by = asking(request)
    said = {name: value for name, value in news.model_dump().items() if value is not None and name != "merged_into"}
    if said or not news.merged_into:
        change_code(kind, key, by=by, **said)
    if news.merged_into:
        merge_code(kind, key, news.merged_into, on=today(), by=by)
    return next(_code(one) for _, one in codes_kept(kind) if one.key == key)


def _code(one: Code) -> CodeTold:
    return CodeTold(
        key=one.key, parent=one.parent_key, label=one.label, label_zh=one.label_zh, valid_from=one.valid_from,
        valid_until=one.valid_until, merged_into=one.merged_into, holds=one.holds(today()),
    )  # fmt: skip
