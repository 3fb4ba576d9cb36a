"""The writing door of extracts: declarations, and what each partner has, with whom it is of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.records.access_log.actions import note_change
from regulars.records.statistics.extract_access import about, extract_left
from regulars.records.statistics.members import sealed_members
from regulars.records.statistics.models import Extract, ExtractAnswer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere
from regulars.rules.statistics.extracts import CLOSENESS, SUPPRESSED, VARIETY
from regulars.rules.statistics.extracts import Extract as Declared
from regulars.rules.statistics.retelling import FileKept


@dataclass(frozen=True, slots=True)
class NewExtract:
    """What has to be said of an extract: a name, the columns known outside, the confidential one, how varied and close
    its values in a class, and how many rows in a hundred may be left out."""

    name: str
    known: Sequence[str]
    confidential: str = ""
    variety: int = VARIETY
    closeness: int = CLOSENESS
    suppressed: int = SUPPRESSED


def keep_extract(partner_id: int, new: NewExtract, declared: Declared, *, because: str, by: Asker, at: datetime) -> int:
    """The number of the declaration. BadInput without a name or reason, where one stands, or where any has left:
    another one laid beside it would cut its classes into smaller ones."""
    if not new.name.strip() or not because.strip():
        raise BadInput("extract_says_too_little")
    if extract_left(partner_id) or Extract.objects.filter(partner_id=partner_id, ended_at__isnull=True).exists():
        raise BadInput("extract_is_fixed")
    made = Extract.objects.create(
        partner_id=partner_id, name=new.name.strip(), known=[str(one) for one in declared.known],
        confidential=str(declared.confidential or ""), variety=new.variety, closeness=new.closeness,
        suppressed=new.suppressed, because=because, made_by=by.name, made_at=at,
    )  # fmt: skip
    _noted(by, f"extract {made.id}", "name", made.name)
    return int(made.id)


def end_extract(extract_id: int, *, because: str, by: Asker, at: datetime) -> None:
    """No file is made of it any more; what left is remembered. NotThere when it does not stand."""
    if not Extract.objects.filter(id=extract_id, ended_at__isnull=True).update(ended_at=at):
        raise NotThere("no_such_extract")
    _noted(by, f"extract {extract_id}", "ended", because)


def note_file(
    extract_id: int, partner_id: int, told: FileKept, risk: Mapping[str, Any], *, release_id: int, least: int,
    at: datetime,
) -> None:  # fmt: skip
    """What the partner has is remembered, and of whom it is."""
    columns = {"who": told.who, "group": told.group, "value": told.value}
    ExtractAnswer.objects.create(
        extract_id=extract_id, release_id=release_id, made_at=at, least=least, rungs=list(told.rungs),
        classes=[list(names) for names in told.classes], values=list(told.values), risk=dict(risk),
        members=sealed_members(columns, about=about(partner_id, extract_id, at)),
    )  # fmt: skip


def _noted(by: Asker, subject: str, field: str, new: object) -> None:
    note_change(by, door="figures", subject=subject, field=field, old=None, new=new, customer_id=None)
