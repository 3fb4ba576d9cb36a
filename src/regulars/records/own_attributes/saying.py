"""What each source says of customers' own attributes is kept, and the value is what is believed of it (decision 23).

By the same rule as fields of the record: confirmed, then more trusted, then newer. An attribute of which only one
source ever spoke costs nothing more: its value says it, with its source and date.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.customers.keys import Keys, cursor_of, open_cell, sealing_keys
from regulars.rules.intake.choosing import Chosen, Says, choose
from regulars.rules.intake.sources import USUAL_TRUST
from regulars.rules.privacy.own_attributes import OwnAttribute
from regulars.rules.privacy.own_values import Held, held, plain_of

VALUE: Final = "value"
_VALUES: Final = """
SELECT customer_id, source_id, text, amount, day, yes, sealed, noted_at, NULL::timestamptz, '', '' FROM own_value
 WHERE attribute_id = %s AND customer_id = ANY (%s)
"""
_ROWS: Final = """
SELECT customer_id, source_id, text, amount, day, yes, sealed, said_at, confirmed_at, confirmed_by, because
  FROM own_value_said WHERE attribute_id = %s AND customer_id = ANY (%s)
"""
_KEEP: Final = """
WITH told AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::date[], %s::boolean[],
                                   %s::bytea[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::text[])
              t (customer_id, source_id, text, amount, day, yes, sealed, said_at, confirmed_at, confirmed_by, because)),
     alive AS (SELECT id FROM customer WHERE id IN (SELECT customer_id FROM told) AND erased_at IS NULL FOR KEY SHARE)
INSERT INTO own_value_said (customer_id, attribute_id, source_id, text, amount, day, yes, sealed, said_at, confirmed_at,
                            confirmed_by, because)
SELECT t.customer_id, %s, t.source_id, t.text, t.amount, t.day, t.yes, t.sealed, t.said_at, t.confirmed_at,
       t.confirmed_by, t.because
  FROM told t JOIN alive ON alive.id = t.customer_id
ON CONFLICT (customer_id, attribute_id, source_id) DO UPDATE
   SET text = excluded.text, amount = excluded.amount, day = excluded.day, yes = excluded.yes, sealed = excluded.sealed,
       said_at = excluded.said_at, confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by,
       because = excluded.because
"""
_UNTELL: Final = """
DELETE FROM own_value_said WHERE attribute_id = %s AND customer_id = %s AND source_id = %s RETURNING id
"""
_WHICH: Final = "SELECT id FROM own_value_said WHERE attribute_id = %s AND customer_id = %s AND source_id = %s"
_TRUST: Final = "SELECT id, trust FROM source"
_UNSAY: Final = """
DELETE FROM own_value_said WHERE source_id = %s AND customer_id = ANY (%s) RETURNING attribute_id, customer_id
"""
_ITS_VALUES: Final = "SELECT attribute_id, customer_id FROM own_value WHERE source_id = %s AND customer_id = ANY (%s)"
_IN_QUESTION: Final = """
SELECT attribute_id, customer_id FROM own_value_said WHERE source_id = %(source)s AND customer_id IN (
    SELECT DISTINCT customer_id FROM own_value_said WHERE source_id = %(source)s AND customer_id > %(after)s
     ORDER BY customer_id LIMIT %(many)s) ORDER BY customer_id, attribute_id
"""
_SPELL_OUT: Final = """
INSERT INTO own_value_said (customer_id, attribute_id, source_id, text, amount, day, yes, sealed, said_at, confirmed_by)
SELECT v.customer_id, v.attribute_id, v.source_id, v.text, v.amount, v.day, v.yes, v.sealed, v.noted_at, ''
  FROM own_value v JOIN own_value g ON g.attribute_id = v.attribute_id AND g.customer_id = %(goes)s
 WHERE v.customer_id IN (%(goes)s, %(into)s) AND NOT EXISTS (
    SELECT FROM own_value_said s WHERE s.customer_id = v.customer_id AND s.attribute_id = v.attribute_id)
RETURNING id
"""
_UNSPELL: Final = """
DELETE FROM own_value_said f WHERE id = ANY (%(ids)s) AND confirmed_at IS NULL AND said_at <= %(since)s
   AND NOT EXISTS (SELECT FROM own_value_said o WHERE o.attribute_id = f.attribute_id AND o.id <> ALL (%(ids)s)
                      AND (o.customer_id = f.customer_id OR o.customer_id IN (
                          SELECT goes_id FROM merge m WHERE m.into_id = f.customer_id AND m.undone_at IS NULL
                             AND m.goes_id <> ALL (%(two)s))))
"""


@dataclass(frozen=True, slots=True)
class Word:
    """What one source says of one customer under an attribute, in its plain form."""

    source_id: int | None
    plain: str
    said_at: datetime
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    because: str = ""


def believed_after(number: int, what: OwnAttribute, told: Mapping[int, Word]) -> dict[int, Word]:
    """Customer → what is to be believed now that these sources have spoken, for whom that is to be written.

    Where several speak, what each of them says stands in its row when the transaction commits.
    """
    values = {who: words[0] for who, words in _words(number, what, told, _VALUES).items()}
    rows, trusts = _words(number, what, told, _ROWS), trusts_now()
    believed: dict[int, Word] = {}
    kept: list[tuple[int, Word]] = []
    for who, word in told.items():
        before, said = values.get(who), rows.get(who, [])
        alone = before is None or before.source_id == word.source_id
        if alone and not said and word.confirmed_at is None:
            if before is None or before.plain != word.plain:
                believed[who] = word
            continue
        if before is not None and not said and not alone:
            said = [before]
            kept.append((who, before))
        same = next((one for one in said if one.source_id == word.source_id), None)
        if same is None or same.plain != word.plain or word.confirmed_at is not None:
            said = [one for one in said if one is not same] + [word]
            kept.append((who, word))
        believed[who] = best_of(said, trusts)
    _keep(number, what, kept)
    return {who: word for who, word in believed.items() if _differs(values.get(who), word)}


def best_of(words: Sequence[Word], trusts: Mapping[int, int]) -> Word:
    """Which of them is believed."""
    return next(one for one in words if one.source_id == chosen_of(words, trusts).source)


def chosen_of(words: Sequence[Word], trusts: Mapping[int, int]) -> Chosen:
    """Whose word is believed, and why."""
    says = [
        Says(one.source_id, {VALUE: one.plain}, trusts.get(one.source_id or 0, USUAL_TRUST), one.said_at,
             one.confirmed_at)
        for one in words
    ]  # fmt: skip
    return choose(says)[VALUE]


def trusts_now() -> dict[int, int]:
    """How far each source is trusted."""
    return dict(ask(WRITER, _TRUST))


def words_of(number: int, what: OwnAttribute, people: Iterable[int]) -> dict[int, list[Word]]:
    """Customer → what each source says, where several do or somebody confirmed it; for the house's own work."""
    return _words(number, what, people, _ROWS)


def unsay(source_id: int, people: Sequence[int]) -> dict[int, set[int]]:
    """What that source said of these customers is gone from what sources say; attribute → of whom, its values too."""
    cursor = cursor_of(WRITER)
    found = cursor.execute(_UNSAY, [source_id, list(people)]).fetchall()
    found += cursor.execute(_ITS_VALUES, [source_id, list(people)]).fetchall()
    gone: dict[int, set[int]] = {}
    for number, who in found:
        gone.setdefault(number, set()).add(who)
    return gone


def row_of(number: int, who: int, source_id: int) -> int:
    """The number of the row that says what this source does of her."""
    return int(cursor_of(WRITER).execute(_WHICH, [number, who, source_id]).fetchall()[0][0])


def untell(number: int, who: int, source_id: int) -> bool:
    """Whether that source had said something of her that it does not any more."""
    return bool(cursor_of(WRITER).execute(_UNTELL, [number, who, source_id]).fetchall())


def in_question(source_id: int, *, after: int, at_once: int) -> list[tuple[int, int]]:
    """(attribute, customer) of the next of whom that source says something beside others."""
    asked = {"source": source_id, "after": after, "many": at_once}
    return list(cursor_of(WRITER).execute(_IN_QUESTION, asked).fetchall())


def spell_own_out(goes: int, into: int) -> list[int]:
    """Where the one who goes has a value, hers is told by its source, and the other's, so that neither is lost when
    they become one, or when another one comes to them; the numbers of the rows."""
    rows = cursor_of(WRITER).execute(_SPELL_OUT, {"goes": goes, "into": into}).fetchall()
    return [int(number) for (number,) in rows]


def unspell_own(numbers: Sequence[int], *, two: Sequence[int], since: datetime) -> list[int]:
    """Rows that were spelled out when these two became one are gone again, but for those beside which another source
    speaks or somebody else who is one of them still, or whose own has spoken since; the numbers of those that are left.
    """
    cursor_of(WRITER).execute(_UNSPELL, {"ids": list(numbers), "two": list(two), "since": since})
    left = "SELECT id FROM own_value_said WHERE id = ANY (%s) ORDER BY id"
    return [int(number) for (number,) in cursor_of(WRITER).execute(left, [list(numbers)]).fetchall()]


def laid(what: OwnAttribute, plain: str | None, keys: Keys, who: int) -> tuple[Any, ...]:
    """The plain form as text, amount, day, yes, sealed."""
    if plain is None:
        return None, None, None, None, None
    if what.sealed:
        return None, None, None, None, keys[who].seal(what.place, plain)
    open_ = held(what.kind, plain)
    return open_.text, open_.amount, open_.day, open_.yes, None


def plain_in(what: OwnAttribute, row: Sequence[Any], keys: Keys, who: int) -> str | None:
    """What text, amount, day, yes, sealed say, in its plain form."""
    text, amount, day, yes, sealed = row
    if sealed is not None:
        return open_cell(keys.get(who), what.place, sealed)
    return plain_of(Held(text, amount, day, yes))


def _words(number: int, what: OwnAttribute, people: Iterable[int], question: str) -> dict[int, list[Word]]:
    rows = cursor_of(WRITER).execute(question, [number, sorted(set(people))]).fetchall()
    keys = sealing_keys({row[0] for row in rows if row[6] is not None})
    found: dict[int, list[Word]] = {}
    for who, source_id, *value, said_at, confirmed_at, confirmed_by, because in rows:
        if value[4] is None or who in keys:  # but for whoever was erased a moment ago
            plain = plain_in(what, value, keys, who)
            found.setdefault(who, []).append(Word(source_id, plain or "", said_at, confirmed_at, confirmed_by, because))
    return found


def _keep(number: int, what: OwnAttribute, kept: Sequence[tuple[int, Word]]) -> None:
    keys = sealing_keys({who for who, _ in kept}) if what.sealed and kept else {}
    rows = [
        (who, one.source_id, *laid(what, one.plain, keys, who), one.said_at, one.confirmed_at, one.confirmed_by,
         one.because)
        for who, one in kept if who in keys or not what.sealed
    ]  # fmt: skip
    if rows:
        cursor_of(WRITER).execute(_KEEP, [*(list(column) for column in zip(*rows, strict=True)), number])


def _differs(before: Word | None, now: Word) -> bool:
    told = (now.plain, now.source_id, now.said_at)
    return before is None or (before.plain, before.source_id, before.said_at) != told
