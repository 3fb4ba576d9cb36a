"""Partners: what stands in the register, whether a row of an earlier file may still be used, and their figures."""

from datetime import date, datetime
from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Id, Key, Said
from regulars.journeys.disclose import MOST_ASKED, recheck
from regulars.records.company.access import now, today
from regulars.records.disclosures.access import ContractFacts, PartnerFacts, contracts, partners

OFFICER: Final = Token("officer")
ASKING: Final = Token("officer", purposes=("third_party_disclosure",))
router = Router(tags=["Partners"])
Pseudonym = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Contract(Schema):
    """What a partner may have, for what, until when; `runs` today or not."""

    ref: str
    purpose: str
    fields: list[str]
    promises: str
    valid_from: date
    valid_until: date
    runs: bool
    stopped_at: datetime | None


class Partner(Schema):
    """A partner with all its contracts, the newest first."""

    key: str
    name: str
    name_zh: str
    country: str
    contracts: list[Contract]


class RecheckAsked(Said):
    """Pseudonyms of an earlier file, and the release they came with."""

    pseudonyms: Annotated[list[Pseudonym], Field(min_length=1, max_length=MOST_ASKED)]
    release: Id | None = None


class RecheckTold(Schema):
    """For each pseudonym whether its row may still be used; `why` is a code where none may."""

    may: dict[str, bool]
    why: str


@router.get("/partners", response=list[Partner], auth=OFFICER)
def list_partners(request: HttpRequest) -> list[Partner]:
    """Everybody outside who may have, or had, data."""
    by = asking(request)
    signed = contracts(by=by)
    return [_seen(one, [c for c in signed if c.partner_id == one.id]) for one in partners(by=by)]


@router.post("/partners/{key}/recheck", response=RecheckTold, auth=ASKING)
def may_still_be_used(request: HttpRequest, key: Key, asked: RecheckAsked) -> RecheckTold:
    """May these rows still be used? Ask before each use; whatever is not certain is a no. Logged."""
    found = recheck(key, asked.pseudonyms, release_id=asked.release, by=asking(request), at=now())
    return RecheckTold(may=dict(found.may), why=found.why)


def _seen(one: PartnerFacts, signed: list[ContractFacts]) -> Partner:
    told = [
        Contract(
            ref=c.ref, purpose=c.purpose, fields=list(c.fields), promises=c.promises, valid_from=c.valid_from,
            valid_until=c.valid_until, runs=c.runs(today()), stopped_at=c.stopped_at,
        )
        for c in signed
    ]  # fmt: skip
    return Partner(key=one.key, name=one.name, name_zh=one.name_zh, country=one.country, contracts=told)
