"""The writing door of own attributes: added by the data steward, classed by the privacy officer, filled from files.

A value lies open in the column of its kind, or sealed under the customer's own key, as its attribute's class wants.
When the class changes, nobody is shown anything until every value lies as it should. Whoever writes a value holds the
attribute's class still meanwhile, so that no value comes in as a class of a moment ago wanted it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final, LiteralString

from django.db import transaction

from regulars.connections.postgres.asking import WRITER, ask, ask_one, tell
from regulars.records.access_log.actions import note_change, note_deed
from regulars.records.customers.access import Opened
from regulars.records.customers.alive import hold_alive
from regulars.records.customers.changes import Change, note_customer_changes
from regulars.records.customers.keys import cursor_of, sealing_keys
from regulars.records.own_attributes.access import Known, own_attribute, own_attributes
from regulars.records.own_attributes.models import OwnAttribute as Row
from regulars.records.own_attributes.models import OwnShown
from regulars.records.own_attributes.saying import (
    Word,
    believed_after,
    best_of,
    in_question,
    laid,
    plain_in,
    row_of,
    trusts_now,
    unsay,
    untell,
    words_of,
)
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere
from regulars.rules.privacy.own_attributes import OwnAttribute, check_attribute, shown_in

AT_ONCE: Final = 5_000
# Writers of values do not wait for each other, but for whoever classes the attribute or lays its values anew.
_HELD_STILL: Final[LiteralString] = "SELECT FROM own_attribute WHERE key = %s FOR SHARE"
_HELD_TOGETHER: Final[LiteralString] = "SELECT FROM own_attribute WHERE key = ANY (%s) ORDER BY key FOR SHARE"
_HELD_ALONE: Final[LiteralString] = "SELECT FROM own_attribute WHERE key = %s FOR NO KEY UPDATE"
_SEALED_WRONG: Final = """
SELECT id, customer_id, text, amount, day, yes, sealed FROM {table}
 WHERE attribute_id = %s AND (sealed IS NULL) = %s ORDER BY id LIMIT %s FOR UPDATE
"""
_PUT_BACK: Final = """
UPDATE {table} v SET text = t.text, amount = t.amount, day = t.day, yes = t.yes, sealed = t.sealed
  FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::date[], %s::boolean[], %s::bytea[])
       t (id, text, amount, day, yes, sealed) WHERE v.id = t.id
"""
_BEFORE: Final = """
SELECT customer_id, text, amount, day, yes, sealed FROM own_value WHERE attribute_id = %s AND customer_id = ANY (%s)
"""
# Whoever is erased at this very moment is waited for, and then passed by.
_TELL: Final = """
WITH told AS (SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::date[], %s::boolean[], %s::bytea[],
                                   %s::bigint[], %s::timestamptz[])
              t (customer_id, text, amount, day, yes, sealed, source_id, noted_at)),
     alive AS (SELECT id FROM customer WHERE id IN (SELECT customer_id FROM told) AND erased_at IS NULL FOR KEY SHARE)
INSERT INTO own_value (customer_id, attribute_id, text, amount, day, yes, sealed, source_id, noted_at)
SELECT t.customer_id, %s, t.text, t.amount, t.day, t.yes, t.sealed, t.source_id, t.noted_at
  FROM told t JOIN alive ON alive.id = t.customer_id
ON CONFLICT (customer_id, attribute_id) DO UPDATE
   SET text = excluded.text, amount = excluded.amount, day = excluded.day, yes = excluded.yes,
       sealed = excluded.sealed, source_id = excluded.source_id, noted_at = excluded.noted_at
RETURNING customer_id
"""
_GONE_OF_SOURCE: Final = """
DELETE FROM own_value WHERE attribute_id = %s AND source_id = %s AND customer_id = ANY (%s)
"""
_EMPTY_BOOK: Final = """
UPDATE customer_change SET old = NULL, new = NULL WHERE customer_id = ANY (%s) AND field = %s
"""
_SPOKEN_OF: Final = "SELECT DISTINCT attribute_id FROM own_value_said WHERE customer_id = ANY (%s)"
_APART: Final = """
SELECT attribute_id FROM own_value v WHERE customer_id = %(into)s
   AND EXISTS (SELECT FROM own_value_said s WHERE s.customer_id = %(goes)s AND s.attribute_id = v.attribute_id)
   AND NOT EXISTS (SELECT FROM own_value_said s WHERE s.customer_id = %(into)s AND s.attribute_id = v.attribute_id)
"""
_HERS_SAID: Final = "DELETE FROM own_value_said WHERE customer_id = %s AND attribute_id = %s"
_HERS: Final = "DELETE FROM own_value WHERE customer_id = %s AND attribute_id = %s RETURNING 1"


@dataclass(frozen=True, slots=True)
class Classing:
    """What the officer decides about an attribute."""

    data_class: str
    category: str
    purposes: frozenset[str]
    coarse: str = "keep"
    coarser: str = "gone"
    keep: str = "as long as the customer"


def add_attribute(new: OwnAttribute, *, by: Asker, at: datetime) -> None:
    """The attribute is there, unclassed: values may come in, nobody sees them. BadInput for a taken or bad key."""
    check_attribute(new)
    with transaction.atomic():
        if Row.objects.filter(key=new.key).exists():
            raise BadInput("attribute_key_taken", {"attribute": new.key})
        choices = [list(asdict(one).values()) for one in new.choices]
        Row.objects.create(
            key=new.key, kind=new.kind, label=new.label.strip(), label_zh=new.label_zh.strip(), choices=choices,
            made_by=by.name, made_at=at, changed_by=by.name, changed_at=at,
        )  # fmt: skip
        _note(by, new.key, "added", None, new.kind)


def class_attribute(key: str, said: Classing, *, by: Asker, at: datetime) -> OwnAttribute:
    """The attribute is classed so; no view shows it yet. `lay_values` and `show_attribute` come next."""
    known = own_attribute(key)
    was = known.what
    new = OwnAttribute(was.key, was.kind, was.label, was.label_zh, was.choices, **asdict(said))
    check_attribute(new)
    with transaction.atomic():
        OwnShown.objects.filter(attribute_id=known.id).delete()
        more = {**asdict(said), "purposes": sorted(said.purposes)}
        Row.objects.filter(id=known.id).update(**more, changed_by=by.name, changed_at=at)
        _note(by, key, "classed", was.data_class or None, new.data_class)
        detail: dict[str, str | int | bool | None] = {
            "class": new.data_class, "was": was.data_class, "purposes": ", ".join(sorted(new.purposes)),
            "keep": new.keep,
        }  # fmt: skip
        note_deed(by, deed="dictionary", subject=f"own attribute {key}", detail=detail)
    return new


def lay_values(key: str, *, at_once: int = AT_ONCE) -> int:
    """How many values were laid as the class wants, sealed or open; 0 when all lie so. Safe to repeat at any point."""
    with transaction.atomic():
        known = _held(key, _HELD_ALONE)
        return sum(_lay_anew(known, table, at_once) for table in ("own_value", "own_value_said"))


def _lay_anew(known: Known, table: str, at_once: int) -> int:
    cursor = cursor_of("default")
    asked = [known.id, known.what.sealed, at_once]
    rows = cursor.execute(_SEALED_WRONG.format(table=table), asked).fetchall()
    if rows:
        keys = sealing_keys({row[1] for row in rows})
        anew = [(row[0], *laid(known.what, plain_in(known.what, row[2:], keys, row[1]), keys, row[1])) for row in rows]
        cursor.execute(_PUT_BACK.format(table=table), [list(column) for column in zip(*anew, strict=True)])
    return len(rows)


def show_attribute(key: str) -> None:
    """Each view shows the attribute as the rules say when this returns."""
    known = own_attribute(key)
    with transaction.atomic():
        OwnShown.objects.filter(attribute_id=known.id).delete()
        shown = shown_in(known.what).items()
        OwnShown.objects.bulk_create(OwnShown(attribute_id=known.id, view=view, shape=how) for view, how in shown)


def unshown() -> list[str]:
    """Keys of classed attributes that no view shows though some should: a change of class was cut short."""
    question = """SELECT key FROM own_attribute a WHERE retired_at IS NULL AND data_class <> ''
                     AND NOT EXISTS (SELECT FROM own_shown s WHERE s.attribute_id = a.id) ORDER BY key"""
    return [key for (key,) in ask(WRITER, question)]


def retire_attribute(key: str, *, by: Asker, at: datetime) -> None:
    """Nobody sees the attribute any more, nothing comes in under it; its values have no purpose left and will go."""
    known = own_attribute(key)
    with transaction.atomic():
        OwnShown.objects.filter(attribute_id=known.id).delete()
        Row.objects.filter(id=known.id).update(retired_at=at, changed_by=by.name, changed_at=at)
        _note(by, key, "retired", None, "yes")
        note_deed(by, deed="dictionary", subject=f"own attribute {key}", detail={"retired": True})


def set_value(
    opened: Opened, key: str, plain: str | None, *, source_id: int | None, at: datetime, because: str = ""
) -> None:
    """The customer's file says so, by the opener's word, whatever sources say; None takes out what it and they said.
    NotThere when she has been erased meanwhile."""
    with transaction.atomic():
        known = _held(key)
        hold_alive(opened.id)
        before = _before(known, [opened.id])
        if plain is None:
            cursor_of("default").execute(_HERS, [opened.id, known.id])
            cursor_of("default").execute(_HERS_SAID, [opened.id, known.id])
        else:
            word = Word(source_id, plain, at, at, opened.by.name, because)
            _tell(known, believed_after(known.id, known.what, {opened.id: word}))
        changes = _changes(known, before, {opened.id: plain})
        note_customer_changes(changes, by=opened.by, door="own_attributes.set_value", at=at)


def tell_herself(opened: Opened, key: str, plain: str, *, herself_id: int, because: str, at: datetime) -> int:
    """What the customer told the opener is believed from now on, whatever others say or will say; the number of the
    row that says so, with the reason. In the caller's transaction."""
    set_value(opened, key, plain, source_id=herself_id, at=at, because=because)
    return row_of(own_attribute(key).id, opened.id, herself_id)


def untell_herself(opened: Opened, key: str, *, herself_id: int, at: datetime) -> None:
    """What she is noted to have told is not said any more; what others say counts again. NotThere when she told nothing
    of it."""
    with transaction.atomic():
        known = _held(key)
        hold_alive(opened.id)
        before = _before(known, [opened.id])
        if not untell(known.id, opened.id, herself_id):
            raise NotThere("source_says_nothing", {"field": f"own.{key}"[:40]})
        left = words_of(known.id, known.what, [opened.id]).get(opened.id)
        if left:
            _tell(known, {opened.id: best_of(left, trusts_now())})
        else:
            cursor_of("default").execute(_HERS, [opened.id, known.id])
        changes = _changes(known, before, _before(known, [opened.id]) or {opened.id: None})
        note_customer_changes(changes, by=opened.by, door="own_attributes.untell_herself", at=at)


def tell_values(
    key: str, told: Sequence[tuple[int, str]], *, source_id: int | None, by: Asker, at: datetime
) -> frozenset[int]:
    """Customers of whom a file says something new: pairs of customer id and plain form. Where another source says
    otherwise both are kept, and the value is what is believed. What gives way is noted, what comes for the first time
    is not; nothing comes in under an attribute that was retired meanwhile.
    """
    changed: set[int] = set()
    for start in range(0, len(told), AT_ONCE):
        with transaction.atomic():
            changed |= _tell_some(key, dict(told[start : start + AT_ONCE]), source_id, by, at)
    return frozenset(changed)


def _tell_some(key: str, told: dict[int, str], source_id: int | None, by: Asker, at: datetime) -> set[int]:
    try:
        known = _held(key)
    except NotThere:
        return set()
    before = _before(known, told)
    said = {who: Word(source_id, plain, at) for who, plain in told.items()}
    believed = believed_after(known.id, known.what, said)
    changed = {who for who in _tell(known, believed) if before.get(who) != believed[who].plain}
    changes = _changes(known, before, {who: believed[who].plain for who in sorted(changed) if who in before})
    note_customer_changes(changes, by=by, door="own_attributes.tell_values", at=at)
    return changed


def settle_own_again(source_id: int, *, by: Asker, at: datetime, at_once: int = AT_ONCE) -> int:
    """How many values are others, because that source is trusted otherwise than when they were told."""
    changed, after, trusts = 0, 0, trusts_now()
    known = {one.id: one for one in own_attributes()}
    while some := in_question(source_id, after=after, at_once=at_once):
        for number in sorted({one for one, _ in some if one in known}):
            people = [who for one, who in some if one == number]
            with transaction.atomic():
                held_still = _held(known[number].what.key)
                changed += _settle(held_still, people, trusts, by, "own_attributes.settle_again", at)
        after = some[-1][1]
    return changed


def hold_own_attributes() -> None:
    """No attribute's class changes until this transaction ends; before anybody's values change hands."""
    cursor_of("default").execute(_HELD_TOGETHER, [[one.what.key for one in own_attributes()]])


def believe_own_anew(people: Sequence[int], *, by: Asker, through: str, at: datetime) -> None:
    """Where several sources speak of these customers' own attributes, the value is what is believed of it now. In the
    transaction of whoever moved what sources say from one to another, and holds the attributes."""
    spoken = cursor_of("default").execute(_SPOKEN_OF, [list(people)]).fetchall()
    numbers, trusts = {number for (number,) in spoken}, trusts_now()
    for known in own_attributes():
        if known.id in numbers:
            _settle(known, people, trusts, by, through, at)


def own_values_apart(into: int, goes: int, *, by: Asker, through: str, at: datetime) -> None:
    """Once what sources say of the one who went is hers again: what who stayed has by nobody's word but hers is
    gone, for all that was told of who stayed stands in rows too. As for `believe_own_anew`, and before it."""
    apart = cursor_of("default").execute(_APART, {"into": into, "goes": goes}).fetchall()
    numbers = {number for (number,) in apart}
    for known in own_attributes(retired=True):
        if known.id in numbers:
            before = _before(known, [into])
            cursor_of("default").execute(_HERS, [into, known.id])
            note_customer_changes(_changes(known, before, {into: None}), by=by, door=through, at=at)


def _settle(
    known: Known, people: Sequence[int], trusts: Mapping[int, int], by: Asker, through: str, at: datetime
) -> int:  # fmt: skip
    before = _before(known, people)
    words = words_of(known.id, known.what, people)
    best = {who: best_of(said, trusts) for who, said in words.items()}
    _tell(known, best)
    changes = _changes(known, before, {who: word.plain for who, word in best.items()})
    note_customer_changes(changes, by=by, door=through, at=at)
    return len(changes)


def sealed_now(keys: Iterable[str]) -> frozenset[str]:
    """Those of these attributes whose values are only kept sealed; no class changes until this transaction ends."""
    wanted = frozenset(keys)
    if not wanted:
        return wanted
    cursor_of("default").execute(_HELD_TOGETHER, [sorted(wanted)])
    return wanted & {one.what.key for one in own_attributes() if one.what.sealed}


def forget_values(customer_id: int) -> int:
    """How many values of hers are gone: for erasing her."""
    tell(WRITER, "DELETE FROM own_value_said WHERE customer_id = %s", [customer_id])
    rows = ask_one(
        WRITER,
        "WITH gone AS (DELETE FROM own_value WHERE customer_id = %s RETURNING 1) SELECT count(*) FROM gone",
        [customer_id],
    )
    return int(rows[0]) if rows else 0


def forget_values_of_source(source_id: int, customer_ids: Sequence[int]) -> None:
    """What that source said of these customers under the company's own attributes is gone, from the change book too;
    what another source said is believed instead."""
    known, trusts = {one.id: one for one in own_attributes(retired=True)}, trusts_now()
    for number, people in sorted(unsay(source_id, customer_ids).items()):
        one = known[number]
        cursor_of("default").execute(_HELD_STILL, [one.what.key])
        left = words_of(number, one.what, people)
        tell(WRITER, _GONE_OF_SOURCE, [number, source_id, sorted(people - left.keys())])
        _tell(one, {who: best_of(said, trusts) for who, said in left.items()})
        tell(WRITER, _EMPTY_BOOK, [sorted(people), f"own.{one.what.key}"])


def _held(key: str, how: LiteralString = _HELD_STILL) -> Known:
    """The attribute as it stays until this transaction ends; NotThere when there is none in use."""
    cursor_of("default").execute(how, [key])
    return own_attribute(key)


def _tell(known: Known, believed: Mapping[int, Word]) -> set[int]:
    """Each of these is what is believed of the customer, by whose word and since when; the customers who are there."""
    keys = sealing_keys(believed.keys()) if known.what.sealed and believed else {}
    rows = [
        (who, *laid(known.what, word.plain, keys, who), word.source_id, word.said_at)
        for who, word in sorted(believed.items())
        if who in keys or not known.what.sealed
    ]
    if not rows:
        return set()
    columns = [list(column) for column in zip(*rows, strict=True)]
    return {who for (who,) in cursor_of("default").execute(_TELL, [*columns, known.id]).fetchall()}


def _before(known: Known, people: Iterable[int]) -> dict[int, str | None]:
    """Customer → what her file says now, in its plain form; who has no value is not there."""
    rows = cursor_of("default").execute(_BEFORE, [known.id, sorted(set(people))]).fetchall()
    keys = sealing_keys({row[0] for row in rows if row[5] is not None})
    there = (row for row in rows if row[5] is None or row[0] in keys)  # but for whoever was erased a moment ago
    return {row[0]: plain_in(known.what, row[1:], keys, row[0]) for row in there}


def _changes(known: Known, before: Mapping[int, str | None], now: Mapping[int, str | None]) -> list[Change]:
    """What gave way and what came, for the book; it lies there sealed."""
    field = f"own.{known.what.key}"
    return [(who, field, before.get(who), plain) for who, plain in now.items() if before.get(who) != plain]


def _note(by: Asker, key: str, field: str, old: object, new: object) -> None:
    note_change(
        by, door="own_attributes", subject=f"own attribute {key}", field=field, old=old, new=new, customer_id=None
    )
