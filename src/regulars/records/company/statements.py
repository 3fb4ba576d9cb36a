"""The privacy statement in all its versions and languages. A version is added, never altered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from regulars.records.company.models import Statement


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """One version in one language; clauses are parted by empty lines and begin with a line of their own."""

    version: int
    language: str
    body: str
    in_force_at: datetime
    is_by_hand: bool


def statements() -> list[StatementFacts]:
    """Every version in every language, newest first."""
    fields = StatementFacts.__dataclass_fields__
    return [StatementFacts(*row) for row in Statement.objects.order_by("-version", "language").values_list(*fields)]


def statement_in_force(language: str, *, at: datetime) -> StatementFacts | None:
    """The version in force then, in this language, else in English; None when none has been published yet."""
    in_force = [one for one in statements() if one.in_force_at <= at]
    newest = max((one.version for one in in_force), default=0)
    spoken = {one.language: one for one in in_force if one.version == newest}
    return spoken.get(language) or spoken.get("en")


def publish_statement(bodies: Mapping[str, str], *, in_force_at: datetime, is_by_hand: bool = False) -> int:
    """The number of the new version: language → text, all in force from the same moment."""
    with transaction.atomic():
        version = (Statement.objects.aggregate(last=Max("version"))["last"] or 0) + 1
        Statement.objects.bulk_create(
            [
                Statement(version=version, language=lang, body=body, in_force_at=in_force_at, is_by_hand=is_by_hand)
                for lang, body in bodies.items()
            ]
        )
    return version
