"""How long things are kept, for the privacy officer's programs."""

from datetime import datetime
from typing import Final

from django.http import HttpRequest
from ninja import Router, Schema

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Line, Said
from regulars.journeys.let_go import how_retention_stands, let_rule_go
from regulars.records.company.access import now
from regulars.records.retention.letting_go import Standing
from regulars.rules.permission.asking import Asker

OFFICER: Final = Token("officer")

router = Router(tags=["Privacy office"])


class RuleTold(Schema):
    """One rule: what it takes, how long that is kept, how much has outlived it, how much has gone, whether it goes."""

    key: str
    keep: str
    goes: bool
    found: int
    found_at: datetime | None
    gone: int
    gone_at: datetime | None


class Going(Said):
    """Whether what the rule finds goes every night; false only watches it."""

    goes: bool


@router.get("/retention", response=list[RuleTold], auth=OFFICER)
def show_retention(request: HttpRequest) -> list[RuleTold]:
    """Every rule as last counted."""
    return [_told(one) for one in how_retention_stands(by=asking(request))]


@router.put("/retention/{key}", response=RuleTold, auth=OFFICER)
def change_retention(request: HttpRequest, key: Line, asked: Going) -> RuleTold:
    """Let what a rule finds go every night from now on, or only watch it again."""
    by = asking(request)
    let_rule_go(key, asked.goes, by=by, at=now())
    return _found(key, by)


def _found(key: str, by: Asker) -> RuleTold:
    return next(_told(one) for one in how_retention_stands(by=by) if one.key == key)


def _told(one: Standing) -> RuleTold:
    return RuleTold(
        key=one.key, keep=str(one.keep), goes=one.goes, found=one.found, found_at=one.found_at, gone=one.gone,
        gone_at=one.gone_at,
    )  # fmt: skip
