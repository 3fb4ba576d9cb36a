"""The reading door of extracts: which rows without people a partner may have, and the files it has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.records.statistics.members import opened_members
from regulars.records.statistics.models import Extract, ExtractAnswer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere
from regulars.rules.statistics.extracts import Demand
from regulars.rules.statistics.retelling import FileKept


@dataclass(frozen=True, slots=True)
class ExtractFacts:
    """One declaration; `ended_at` is None while it stands."""

    id: int
    partner_id: int
    name: str
    known: Sequence[str]
    confidential: str
    variety: int
    closeness: int
    suppressed: int
    because: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None

    def asks(self, least: int) -> Demand:
        """What a class must be fit for under a contract that wants so many people."""
        return Demand(least, self.variety, self.closeness, self.suppressed)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file that left: when, from how many people on, on which rungs, its classes as they are called, how many rows;
    and the declared risk of all classes that were fit that day."""

    id: int
    extract_id: int
    release_id: int
    made_at: datetime
    least: int
    rungs: Sequence[str]
    classes: Sequence[Sequence[str]]
    rows: int
    risk: Mapping[str, Any]


def extracts(*, by: Asker, partner_id: int | None = None) -> list[ExtractFacts]:
    """Declarations, the newest first: of all partners, or of one."""
    _for_the_office(by)
    found = Extract.objects.using(by.view).order_by("-id")
    found = found if partner_id is None else found.filter(partner_id=partner_id)
    return [ExtractFacts(*row) for row in found.values_list(*ExtractFacts.__dataclass_fields__)]


def standing_extract(*, by: Asker, partner_id: int) -> ExtractFacts:
    """The partner's one declaration that stands; NotThere without one."""
    for one in extracts(by=by, partner_id=partner_id):
        if one.ended_at is None:
            return one
    raise NotThere("no_such_extract")


def files_of(*, by: Asker, partner_id: int, limit: int = 100) -> list[FileFacts]:
    """The files a partner has, the newest first."""
    _for_the_office(by)
    found = ExtractAnswer.objects.using(by.view).filter(extract__partner_id=partner_id).order_by("-id")[:limit]
    rows = found.values_list(
        "id", "extract_id", "release_id", "made_at", "least", "rungs", "classes", "release__rows", "risk"
    )
    return [FileFacts(*row) for row in rows]


def extract_left(partner_id: int) -> bool:
    """Whether an extract ever went to this partner; the house's own question."""
    return ExtractAnswer.objects.filter(extract__partner_id=partner_id).exists()


def files_kept(partner_id: int) -> list[FileKept]:
    """Everything a partner has of extracts, in its order, with whom it is of; the house's own question."""
    found = ExtractAnswer.objects.filter(extract__partner_id=partner_id).order_by("id").select_related("extract")
    return [_kept(one) for one in found]


def about(partner_id: int, extract_id: int, made_at: datetime) -> str:
    """What a block of members says it is, so that it opens nowhere else."""
    return f"extract_answer|{partner_id}|{extract_id}|{int(made_at.timestamp() * 1_000_000)}"


def _kept(one: ExtractAnswer) -> FileKept:
    place = about(one.extract.partner_id, one.extract_id, one.made_at)
    members = opened_members(bytes(one.members), about=place)
    return FileKept(
        tuple(one.rungs), tuple(tuple(names) for names in one.classes), tuple(one.values), **members
    )  # fmt: skip


def _for_the_office(by: Asker) -> None:
    if by.view != "personal" or by.role == "customer":
        raise Denied("disclosures_are_the_officers")
