"""Erasing a customer, and the proof of it; for the privacy officer's programs."""

from datetime import datetime
from typing import Final

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Because, Line, Said, Short
from regulars.journeys.erase_customer import Tombstone, erase_customer, proof_of_erasure
from regulars.records.company.access import now

OFFICER: Final = Token("officer")

router = Router(tags=["Privacy office"])


class Erasing(Said):
    """Why she is erased, and the case it is done for. Nothing brings her back."""

    because: Because
    reference: Line = Field(description="A task, a letter, a court order")


class Proving(Said):
    """Why the proof is wanted."""

    because: Because


class Erased(Schema):
    """What is left of an erased customer; `forgotten_at` is when no backup opened any more."""

    at: datetime
    who: str
    because: str
    reference: str
    closed: dict[str, int] = Field(description="What was closed with it, and how many of each")
    key_digest: str = Field(description="SHA-256 of the locked key that was destroyed")
    forgotten_at: datetime | None


@router.post("/customers/{number}/erasure", response=Erased, auth=OFFICER)
def erase(request: HttpRequest, number: Short, asked: Erasing) -> Erased:
    """Erase a customer for good. Take her copy first: `GET /customers/{number}` and what belongs to it."""
    by = asking(request)
    return _erased(erase_customer(number, by=by, because=asked.because, reference=asked.reference, at=now()))


@router.get("/customers/{number}/erasure", response=Erased, auth=OFFICER)
def show_proof(request: HttpRequest, number: Short, asked: Query[Proving]) -> Erased:
    """The proof that the customer who had this number was erased."""
    return _erased(proof_of_erasure(number, by=asking(request), because=asked.because))


def _erased(left: Tombstone) -> Erased:
    return Erased(
        at=left.at, who=left.who, because=left.because, reference=left.reference, closed=dict(left.closed),
        key_digest=left.key_digest, forgotten_at=left.forgotten_at,
    )  # fmt: skip
