"""Merging, the part of choices: what either closed is closed for who stays; undone, each has her own word again.

The ledger is only added to. A closing is an entry of its own, with the wording of the no it repeats; taking it back is
another, with the word that held before. A no said while two records were one counts for both, a yes for nobody but the
one it was said as.
"""

from collections.abc import Iterable
from dataclasses import astuple
from datetime import date, datetime
from typing import Any, Final

from regulars.connections.postgres.asking import WRITER, ask, ask_one
from regulars.records.choices.access import BORN, LEDGER, ChoiceFacts
from regulars.records.choices.actions import add_choice
from regulars.rules.merging.stricter import Closing, Said
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import Scope, scope_of
from regulars.rules.permission.youth import GROWN, Youth, youth_of

SOURCE: Final = "merge"
#: What was closed, and the entry that held before (None: nothing was said).
Closed = list[Any]


def said_of(customer_id: int) -> Said:
    """What she said, the law she is under and her age before it; the house's own question."""
    history = [ChoiceFacts(*row) for row in ask(WRITER, LEDGER, [customer_id])]
    row = ask_one(WRITER, BORN, [customer_id])
    youth = youth_of(row[0], row[1], row[2], on=row[3]) if row else GROWN
    return Said(history, str(row[0]) if row else "none", youth)


def youth_under(jurisdiction: str, country: str, birth_on: date | None, day: date) -> Youth:
    """How old somebody born then is before that law."""
    return youth_of(jurisdiction, country, birth_on, on=day)


def close(customer_id: int, closings: Iterable[Closing], before: Said, *, by: Asker, at: datetime) -> list[Closed]:
    """Each is denied, in her ledger and the present; what is needed to go back to what she had said `before`."""
    closed = []
    for one in closings:
        word = _newest(before, one.scope)
        _say(customer_id, one.scope, "denied", one.word, by=by, at=at)
        closed.append([*astuple(one.scope), word.id if word else None])
    return closed


def take_back(customer_id: int, closed: Iterable[Closed], *, by: Asker, at: datetime) -> None:
    """Where the closing is still the newest word, what held before is said anew; a newer word stands."""
    said = said_of(customer_id)
    for *scope, before in closed:
        about = Scope(*scope)
        newest = _newest(said, about)
        if newest is not None and newest.source == SOURCE:
            word = next((entry for entry in said.history if entry.id == before), None)
            _say(customer_id, about, word.value if word else "unset", word, by=by, at=at)


def noes_since(customer_id: int, entry: int) -> list[ChoiceFacts]:
    """What she said no to since that entry and has not taken back; without the closings of merges."""
    said = said_of(customer_id).history
    newest = {scope_of(one): one for one in said if isinstance(one, ChoiceFacts)}
    return [one for one in newest.values() if one.value == "denied" and one.id > entry and one.source != SOURCE]


def say_again(customer_id: int, words: Iterable[ChoiceFacts], *, by: Asker, at: datetime) -> int:
    """These noes are hers too; how many were not before."""
    said = said_of(customer_id)
    new = [one for one in words if (found := _newest(said, scope_of(one))) is None or found.value != "denied"]
    for one in new:
        _say(customer_id, scope_of(one), "denied", one, by=by, at=at)
    return len(new)


def newest_entry() -> int:
    """The number of the newest entry of the whole ledger."""
    row = ask_one(WRITER, "SELECT max(id) FROM choice_entry")
    return int(row[0] or 0) if row else 0


def _say(customer_id: int, scope: Scope, value: str, word: Any, *, by: Asker, at: datetime) -> None:
    add_choice(
        customer_id, purpose=scope.purpose, channel=scope.channel, value=value, at=at, by=by, source=SOURCE,
        statement_version=word.statement_version if word else None, wording=word.wording if word else "",
        brand=scope.brand, topic=scope.topic, by_guardian=bool(word and word.by_guardian),
    )  # fmt: skip


def _newest(said: Said, scope: Scope) -> Any:
    """The word that speaks: the newest that is heard."""
    heard = (one for one in said.history if scope_of(one) == scope
             and said.youth.is_heard(one.value, one.at, by_guardian=one.by_guardian))  # fmt: skip
    return max(heard, key=lambda one: (one.at, one.id), default=None)
