"""An anonymous extract goes to a partner: rows without people, in classes of enough of them.

The first file chooses how coarse the columns are, for good. A later file holds the classes that changed by enough
people to be told anew, and takes their place; of every other class stands what was told. The ledger of the partner is
held while a file is made.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import numpy as np
from django.db import transaction

from regulars.journeys.hand_out_release import (
    Packed,
    ReleaseMade,
    as_file,
    hand_out,
    only_the_officer,
    running_contract,
)
from regulars.journeys.propose import ask_second, settled
from regulars.records.company.access import company
from regulars.records.dictionary import DICTIONARY
from regulars.records.disclosures.access import ContractFacts, partner_called, rows_ever_allowed
from regulars.records.statistics import extract_actions as book
from regulars.records.statistics.access import figures_left, who_grants
from regulars.records.statistics.actions import hold_ledger, numbers_for_a_look, numbers_of
from regulars.records.statistics.extract_access import ExtractFacts, extract_left, files_kept, standing_extract
from regulars.records.statistics.extract_actions import NewExtract
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.four_eyes import EXTRACT, RELEASE, Approved
from regulars.rules.privacy.releases import extract_manifest
from regulars.rules.statistics.counting import Ints
from regulars.rules.statistics.extracts import Demand, Extract, declared_extract, fit_demand
from regulars.rules.statistics.generalising import Bools, Classes, Microdata, classes_on, least_lossy, microdata
from regulars.rules.statistics.retelling import FileKept, may_be_told, numbered_alike
from regulars.rules.statistics.risk import Risk, risk_of

KINDS: Final = ("csv", "parquet")


@dataclass(frozen=True, slots=True)
class ClassSeen:
    """One class: what it says column by column, how many people, how many confidential values; `state` is `told` where
    a file made now would hold it, `stands` where it would not, `left_out` where it is not fit at all."""

    says: tuple[str, ...]
    people: int
    values: int
    state: str


@dataclass(frozen=True, slots=True)
class ExtractSeen:
    """A file nobody was given yet: the rungs, whether they are fixed by an earlier file, the risk, every class."""

    extract: ExtractFacts
    least: int
    rungs: tuple[str, ...]
    fixed: bool
    risk: Risk
    classes: Sequence[ClassSeen]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What would be told, and all it was made of."""

    data: Microdata
    found: Classes
    told: FileKept
    groups: set[int]
    fixed: bool


def declare_extract(
    key: str, new: NewExtract, *, because: str, by: Asker, at: datetime, approved: Approved | None = None
) -> int:  # fmt: skip
    """The number of the declaration; nothing leaves yet. BadInput for what cannot leave so, where another one stands or
    has left, and where the partner has or may have rows or figures: one of the three, never two."""
    only_the_officer(by)
    partner = partner_called(key, by=by)
    _nothing_else(partner.id, key)
    declared = declared_extract(new.known, new.confidential, DICTIONARY)
    fit_demand(Demand(2, new.variety, new.closeness, new.suppressed))
    told = {"key": key, "name": new.name, "known": list(new.known), "confidential": new.confidential,
            "variety": new.variety, "closeness": new.closeness, "suppressed": new.suppressed,
            "because": because}  # fmt: skip
    ask_second(EXTRACT, key, told, because=because, by=by, approved=approved)
    with transaction.atomic():
        settled(approved, by=by)
        return book.keep_extract(partner.id, new, declared, because=because, by=by, at=at)


def end_extract(key: str, *, because: str, by: Asker, at: datetime) -> None:
    """No file is made any more. Once one has left, this partner gets no other extract."""
    only_the_officer(by)
    standing = standing_extract(by=by, partner_id=partner_called(key, by=by).id)
    book.end_extract(standing.id, because=because or "ended", by=by, at=at)


def preview_extract(key: str, *, by: Asker, at: datetime) -> ExtractSeen:
    """What a file made now would hold, class by class, with its risk; nobody is told anything."""
    only_the_officer(by)
    contract, _ = running_contract(key, by=by, at=at)
    standing = standing_extract(by=by, partner_id=contract.partner_id)
    answer = _answer(standing, contract, numbers_for_a_look)
    risk = risk_of(answer.data, answer.found)
    return ExtractSeen(standing, contract.least, answer.found.rungs, answer.fixed, risk, _classes(answer))


def release_extract(
    key: str, *, kind: str = "csv", because: str, by: Asker, at: datetime, approved: Approved | None = None
) -> ReleaseMade:
    """The rows as a file, sorted by what they say, noted in the register and remembered as what this partner has.

    BadInput where no class changed by enough people since its last file; Denied where no contract runs.
    """
    only_the_officer(by)
    contract, _ = running_contract(key, by=by, at=at)
    _nothing_else(contract.partner_id, key)
    standing = standing_extract(by=by, partner_id=contract.partner_id)
    _sayable(kind, because)
    asked = {"key": key, "extract": standing.id, "kind": kind, "because": because}
    ask_second(RELEASE, key, asked, because=because, by=by, approved=approved)
    with transaction.atomic():
        hold_ledger(contract.partner_id)
        answer = _answer(standing, contract, numbers_of)
        if not answer.groups:
            raise BadInput("extract_moved_by_too_few", {"least": contract.least})
        packed = _packed(key, kind, standing, contract, answer, at)
        made = hand_out(key, contract, packed, because=because, by=by, at=at, approved=approved)
        risk = asdict(risk_of(answer.data, answer.found))
        book.note_file(
            standing.id, contract.partner_id, answer.told, risk, release_id=made.id, least=contract.least, at=at
        )  # fmt: skip
    return made


def _answer(
    standing: ExtractFacts, contract: ContractFacts, numbers: Callable[[int, Sequence[int]], Ints]
) -> _Answer:  # fmt: skip
    """To leave, it wants a transaction that holds the ledger to its end."""
    extract, demand, earlier = _stands(standing), standing.asks(contract.least), files_kept(contract.partner_id)
    people, columns = who_grants(extract.reads, contract)
    who = numbers(contract.partner_id, people)
    data = microdata(extract, who, columns, least=contract.least)
    rungs = earlier[0].rungs if earlier else least_lossy(data, demand)
    found = classes_on(data, rungs, demand)
    fit = _as_kept(data, found, found.told)
    *before, new = numbered_alike([*earlier, fit])
    variety = standing.variety if extract.confidential else 1
    may = may_be_told(before, new, least=contract.least, variety=variety)
    groups = set(map(int, np.unique(found.group[found.told][np.isin(new.group, list(may))])))
    return _Answer(data, found, _as_kept(data, found, np.isin(found.group, list(groups))), groups, bool(earlier))


def _as_kept(data: Microdata, found: Classes, told: Bools) -> FileKept:
    """Those people in their classes; the others' classes are not even named."""
    groups, group = np.unique(found.group[told], return_inverse=True)
    labels = tuple(found.labels[n] for n in groups)
    return FileKept(found.rungs, labels, data.values, data.who[told], group.reshape(-1), data.value[told])


def _classes(answer: _Answer) -> list[ClassSeen]:
    pairs = np.unique(np.stack([answer.found.group, answer.data.value], axis=1), axis=0)[:, 0]
    values = np.bincount(pairs, minlength=len(answer.found.sizes))
    return [
        ClassSeen(says, int(answer.found.sizes[n]), int(values[n]), _state(n, answer))
        for n, says in enumerate(answer.found.labels)
    ]


def _state(group: int, answer: _Answer) -> str:
    if group in answer.groups:
        return "told"
    return "stands" if answer.found.fit[group] else "left_out"


def _packed(
    key: str, kind: str, standing: ExtractFacts, contract: ContractFacts, answer: _Answer, at: datetime
) -> Packed:
    extract, told = _stands(standing), answer.told
    columns = [one.column for one in extract.known] + ([extract.confidential.column] if extract.confidential else [])
    sizes = [int(answer.found.sizes[group]) for group in answer.groups]
    manifest = extract_manifest(
        company=company().name, partner=key, contract=contract.ref, purpose=contract.purpose, what=standing.name,
        columns=columns, rungs=told.rungs, asked=asdict(standing.asks(contract.least)), later=answer.fixed,
        smallest=min(sizes), average=sum(sizes) / len(sizes), made_at=at,
    )  # fmt: skip
    content = as_file(kind, columns, _rows(told, bool(extract.confidential)), manifest)
    return Packed(f"extract.{kind}", "extract", content, len(told.who), (), contract.valid_until)


def _rows(told: FileKept, confidential: bool) -> list[tuple[str, ...]]:
    """Sorted by what they say: the order says nothing that the rows do not."""
    counted = Counter(zip(told.group.tolist(), told.value.tolist(), strict=True))
    said = {
        (group, value): (*told.classes[group], told.values[value]) if confidential else told.classes[group]
        for group, value in counted
    }
    return [said[place] for place in sorted(counted, key=lambda one: said[one]) for _ in range(counted[place])]


def _stands(standing: ExtractFacts) -> Extract:
    """The declaration as it was made; the dictionary may have become stricter, and then it is refused."""
    return declared_extract(standing.known, standing.confidential, DICTIONARY)


def _sayable(kind: str, because: str) -> None:
    if kind not in KINDS:
        raise BadInput("release_kind_unknown", {"kind": kind[:40]})
    if not because.strip():
        raise BadInput("release_wants_a_reason", {})


def _nothing_else(partner_id: int, key: str) -> None:
    """Whoever has had rows or figures lays them beside an extract."""
    if rows_ever_allowed(partner_id):
        raise BadInput("rows_may_leave", {"partner": key[:40]})
    if figures_left(partner_id):
        raise BadInput("figures_beside_extract", {"partner": key[:40]})


__all__ = [
    "KINDS", "ClassSeen", "ExtractSeen", "NewExtract", "declare_extract", "end_extract", "extract_left",
    "preview_extract", "release_extract",
]  # fmt: skip
