"""Two people's choices become one person's: nothing is open afterwards that was not open for both.

Two records of one person may say different things about the same use. The stricter wins, per purpose and channel, and
per brand and topic: what counts as a no for either, said, by the law's silence, or because one of them is a child, is a
no for the one who remains. A yes never travels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.rules.permission.choices import Entry, Scope, exceptions, scope_of, what_counts
from regulars.rules.permission.youth import GROWN, Youth


@dataclass(frozen=True, slots=True)
class Said:
    """What a customer said so far, the law she is under, and how old she is before it."""

    history: Sequence[Entry]
    jurisdiction: str
    youth: Youth = GROWN


@dataclass(frozen=True, slots=True)
class Closing:
    """A use that has to be closed, and the word it was closed by, where there was one."""

    scope: Scope
    word: Entry | None = None


def to_close(stays: Said, goes: Said, after: Said) -> tuple[Closing, ...]:
    """What has to be denied of the one who stays, whose history and law are `after` the merge, so that she is asked for
    nothing that either of them had closed. In a fixed order.

    >>> from datetime import UTC, datetime
    >>> from regulars.rules.permission.choices import Choice
    >>> march = datetime(2026, 3, 1, tzinfo=UTC)
    >>> ann, bob = Said((), "none"), Said((Choice("direct_marketing", "email", "denied", march, 1),), "none")
    >>> [one.scope.channel for one in to_close(ann, bob, ann)]
    ['email']
    >>> to_close(bob, ann, bob)
    ()
    """
    closed = [scope for scope in _yes(after) if scope not in _yes(stays) & _yes(goes)]
    taken_out = (_out(stays) | _out(goes)) - _out(after)
    words = {scope: word for said in (goes, stays) for scope, word in _noes(said).items()}
    return tuple(Closing(scope, words.get(scope)) for scope in sorted((*closed, *taken_out)))


def _yes(said: Said) -> frozenset[Scope]:
    """Each purpose and channel that counts as yes by itself, whatever stands above it."""
    counted = what_counts(said.history, said.jurisdiction, said.youth)
    return frozenset(Scope(one.purpose, one.channel) for one in counted if one.holds)


def _out(said: Said) -> frozenset[Scope]:
    return exceptions(said.history, said.youth)


def _noes(said: Said) -> dict[Scope, Entry]:
    """The newest no of each scope."""
    noes = sorted((one for one in said.history if one.value == "denied"), key=lambda one: (one.at, one.id))
    return {scope_of(one): one for one in noes}
