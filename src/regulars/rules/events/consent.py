"""Whether an event may be kept, by what its person said about cookies and the like, where it happened.

Segment's consent object (`context.consent.categoryPreferences`: category → yes or no) travels with each event. A source
may say which categories its events need. Where it does not, any no is a no: the most restrictive reading wins. A source
that rests on consent keeps only what comes with a yes.
"""

from collections.abc import Mapping
from typing import Any


def may_be_kept(context: Mapping[str, Any], needed: frozenset[str], *, opt_in: bool) -> bool:
    """Whether the event may be kept; categories are compared without case.

    >>> said = {"consent": {"categoryPreferences": {"Analytics": False, "Functional": True}}}
    >>> may_be_kept(said, frozenset(), opt_in=False), may_be_kept(said, frozenset({"functional"}), opt_in=True)
    (False, True)
    >>> may_be_kept({}, frozenset(), opt_in=False), may_be_kept({}, frozenset(), opt_in=True)
    (True, False)
    """
    consent = context.get("consent")
    if consent is None:
        return not opt_in
    said = _preferences(consent)
    if said is None:  # something is said about consent, and nobody can read it
        return False
    asked = [said.get(name) for name in needed] if needed else list(said.values())
    if any(answer is not None and answer is not True for answer in asked):
        return False
    return not opt_in or (bool(asked) and all(answer is True for answer in asked))


def _preferences(consent: Any) -> dict[str, Any] | None:
    found = consent.get("categoryPreferences") if isinstance(consent, dict) else None
    return {str(name).lower(): answer for name, answer in found.items()} if isinstance(found, dict) else None
