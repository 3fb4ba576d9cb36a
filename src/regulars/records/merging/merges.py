"""The doors of merges: who was merged into whom, what went over, and what it takes to make them two again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

import orjson
from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, Asking, ask, door, question
from regulars.records.access_log.actions import note_change, note_deed
from regulars.records.customers.access import Opened
from regulars.records.customers.former_numbers import own_number_again, point_numbers
from regulars.records.customers.saying_of_two import Sayings
from regulars.records.customers.whole_records import opened_for, sealed_for
from regulars.records.merging.handing_over import Key, Rows
from regulars.records.merging.models import Merge, MergedRows
from regulars.rules.intake.choosing import ADDS_UP, thing_of, words_in
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere

PLACE: Final = "merge.kept"
DAYS: Final = ("birth_on", "first_seen_on")
_STANDING: Final = """
SELECT m.id, m.goes_id, g.number, m.into_id, i.number, m.at, m.who, m.because
  FROM merge m JOIN customer g ON g.id = m.goes_id JOIN customer i ON i.id = m.into_id WHERE m.undone_at IS NULL
"""
_ABSORBED: Final = """
WITH RECURSIVE absorbed (id) AS (
    SELECT goes_id FROM merge WHERE into_id = ANY (%s) AND undone_at IS NULL
    UNION SELECT m.goes_id FROM merge m JOIN absorbed a ON m.into_id = a.id WHERE m.undone_at IS NULL)
SELECT id FROM absorbed ORDER BY id
"""
_ADD: Final = """
INSERT INTO merged_rows (merge_id, table_name, keys) VALUES (%s, %s, %s::jsonb)
ON CONFLICT (merge_id, table_name) DO UPDATE SET keys = merged_rows.keys || excluded.keys
"""


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """One merge that stands: who went into whom, when, by whom and why."""

    id: int
    goes_id: int
    goes: str
    into_id: int
    into: str
    at: datetime
    who: str
    because: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What it takes to undo a merge, beside the rows: what the record said before and after, column by column, which
    choices were closed, the newest entry of the ledger then, what became of what sources say, the rows of own
    attributes that were spelled out, the keys of the order lines the survivor had: they have no number that grows; and
    the figures of who went.
    """

    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    closed: tuple[list[Any], ...] = ()
    entry: int = 0
    said: Sayings = field(default_factory=Sayings)
    own: tuple[int, ...] = ()
    lines: tuple[str, ...] = ()
    score: str = ""


@door
def merged_into(opened: Opened) -> Asking[list[MergeFacts]]:
    """The merges that stand into this customer, newest first."""
    rows = yield from question(WRITER, f"{_STANDING} AND m.into_id = %s ORDER BY m.id DESC", [opened.id])
    return [MergeFacts(*row) for row in rows]


def parts_of(opened: Opened) -> list[Opened]:
    """Everybody who was merged into an opened customer, and into them, opened with her: for her own copy."""
    found = ask(WRITER, "SELECT id, number FROM customer WHERE id = ANY (%s) ORDER BY id", [absorbed_by(opened.id)])
    return [Opened(int(who), str(number), opened.by, opened.because) for who, number in found]


def standing_merge(number: str) -> MergeFacts:
    """The merge the customer of that number went by; NotThere when she is nobody's part."""
    rows = ask(WRITER, f"{_STANDING} AND g.number = %s", [number]) if number.isprintable() else []
    if not rows:
        raise NotThere("merge_not_there")
    return MergeFacts(*rows[0])


def merges_into(customer_id: int) -> list[MergeFacts]:
    """The merges that stand into her, oldest first; the house's own question."""
    return [MergeFacts(*row) for row in ask(WRITER, f"{_STANDING} AND m.into_id = %s ORDER BY m.id", [customer_id])]


def merges_with_late_orders() -> list[MergeFacts]:
    """The merges after which order lines came in under the customer who went."""
    late = "EXISTS (SELECT FROM order_line o WHERE o.customer_id = m.goes_id)"
    return [MergeFacts(*row) for row in ask(WRITER, f"{_STANDING} AND {late} ORDER BY m.id")]


def absorbed_by(*customer_ids: int) -> list[int]:
    """Everybody who was merged into these, and into them."""
    return [int(who) for (who,) in ask(WRITER, _ABSORBED, [list(customer_ids)])]


def note_merge(
    goes: int, into: int, kept: Kept, marks: Mapping[str, int], *, by: Asker, because: str, at: datetime
) -> int:
    """The merge stands when the transaction commits; its number. The numbers of all who went mean who stays."""
    made = Merge.objects.create(
        goes_id=goes, into_id=into, at=at, who=by.name, because=because, kept=_sealed(into, kept), marks=dict(marks)
    )
    point_numbers([goes, *absorbed_by(goes)], into)
    _note(by, made.id, into, goes, "merged", None, goes)
    return int(made.id)


def note_undone(merge: MergeFacts, *, by: Asker, because: str) -> None:
    """It stands no more. Numbers mean whom they meant before."""
    Merge.objects.filter(id=merge.id).update(
        kept=None, undone_at=timezone.now(), undone_by=by.name, undone_because=because
    )
    MergedRows.objects.filter(merge_id=merge.id).delete()
    own_number_again(merge.goes_id)
    if part := absorbed_by(merge.goes_id):
        point_numbers(part, merge.goes_id)
    _note(by, merge.id, merge.into_id, merge.goes_id, "unmerged", merge.goes_id, None)


def note_rows(merge: int, rows: Rows) -> None:
    """These went over with it, beside those that did before."""
    for table, keys in rows.items():
        ask(WRITER, f"{_ADD} RETURNING 1", [merge, table, orjson.dumps(keys).decode()])


def rows_of(merge: int) -> Rows:
    """Table → keys of the rows that went over with it."""
    return {table: [_key(one) for one in keys]
            for table, keys in MergedRows.objects.filter(merge_id=merge).values_list("table_name", "keys")}  # fmt: skip


def marks_of(merge: int) -> Mapping[str, int]:
    """Table → the newest row when it was done."""
    return dict(Merge.objects.values_list("marks", flat=True).get(id=merge))


def kept_of(merge: MergeFacts) -> Kept:
    """What it takes to undo it."""
    cell = Merge.objects.values_list("kept", flat=True).get(id=merge.id)
    return _opened(opened_for(merge.into_id, PLACE, cell))


def keep(merge: MergeFacts, kept: Kept) -> None:
    """That is what it takes now."""
    Merge.objects.filter(id=merge.id).update(kept=_sealed(merge.into_id, kept))


def holding_too(kept: Kept, still: Sayings) -> Kept:
    """The same, with words that were spelled out for another merge that is undone, and things to settle anew."""
    spelled = dict([*kept.said.spelled, *still.spelled])
    anew = sorted({*kept.said.anew, *still.anew})
    return replace(kept, said=replace(kept.said, spelled=tuple(map(list, spelled.items())), anew=tuple(anew)))


def settled_anew(kept: Kept, still: Sayings) -> Kept:
    """The same once those things have been settled from what sources say: what the record showed of them before may be
    the word of somebody who has left, and undone they are settled again."""
    told = {name: change for name, change in kept.fields.items() if thing_of(name) not in still.anew}
    return replace(holding_too(kept, still), fields=told)


def merges_with(customer_ids: Collection[int]) -> list[MergeFacts]:
    """The merges that stand with any of these on either side; the house's own question."""
    ids = list(customer_ids)
    return [MergeFacts(*row) for row in ask(WRITER, f"{_STANDING} AND (m.goes_id = ANY (%s) OR m.into_id = ANY (%s))",
                                            [ids, ids])]  # fmt: skip


def keep_less(
    merge: MergeFacts, source_id: int, gone: Collection[tuple[str, str]], things: Collection[str]
) -> None:  # fmt: skip
    """What is kept for undoing holds no row of that source any more, nor any of these values (field, text) that it
    alone had said: undone, both records show of these things what is believed then.
    """
    before = kept_of(merge)
    kept = holding_too(before, Sayings(anew=tuple(things)))
    fields = {
        name: (_empty(old) if _holds(name, old, gone) else old, new)
        for name, (old, new) in kept.fields.items() if not _holds(name, new, gone)
    }  # fmt: skip
    rows = tuple(row for row in kept.said.gave_way if row[2] != source_id)
    after = replace(kept, fields=fields, said=replace(kept.said, gave_way=rows))
    if after != before:
        keep(merge, after)


def _holds(name: str, value: Any, gone: Collection[tuple[str, str]]) -> bool:
    """Whether the value is one of those, or has one of them in it where values add up."""
    parts = words_in(str(value or "")) if name in ADDS_UP else set()
    return (name, str(value)) in gone or bool(
        parts & {part for of, text in gone if of == name for part in words_in(text)}
    )


def _empty(value: Any) -> Any:
    return "" if isinstance(value, str) else None


def forget_merges(customer_ids: Collection[int]) -> int:
    """Of merges with her only that they were is left: for erasing her and all who were merged into her."""
    found = Merge.objects.filter(into_id__in=customer_ids) | Merge.objects.filter(goes_id__in=customer_ids)
    numbers = list(found.values_list("id", flat=True))
    MergedRows.objects.filter(merge_id__in=numbers).delete()
    return Merge.objects.filter(id__in=numbers).update(kept=None, marks={}, because="", undone_because="")


def _sealed(into: int, kept: Kept) -> bytes:
    told = {
        "fields": kept.fields, "closed": kept.closed, "entry": kept.entry, "said": asdict(kept.said),
        "own": kept.own, "lines": kept.lines, "score": kept.score,
    }  # fmt: skip
    return sealed_for(into, PLACE, orjson.dumps(told).decode())


def _opened(text: str | None) -> Kept:
    if text is None:
        raise NotThere("merge_not_there")
    told = orjson.loads(text)
    fields = {name: (_value(name, old), _value(name, new)) for name, (old, new) in told["fields"].items()}
    said = Sayings(**{name: tuple(rows) for name, rows in told.get("said", {}).items()})
    own, lines = (tuple(told.get(name, ())) for name in ("own", "lines"))
    return Kept(fields, tuple(told["closed"]), told["entry"], said, own, lines, told.get("score", ""))


def _value(name: str, told: Any) -> Any:
    return date.fromisoformat(told) if name in DAYS and told else told


def _key(told: Iterable[str]) -> Key:
    return tuple(told)


def _note(by: Asker, merge: int, into: int, goes: int, what: str, old: int | None, new: int | None) -> None:
    """In the change books of both and in the privacy log, which names nobody."""
    for who in (into, goes):
        note_change(by, door="merge", subject="merge", field=what, old=old, new=new, customer_id=who)
    note_deed(by, deed="merge", subject=what, detail={"merge": merge}, customer_id=into)
