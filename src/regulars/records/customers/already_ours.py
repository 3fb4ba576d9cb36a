"""Whose contacts are those of a list that is coming in? The house's own question, by keyed digests alone."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask
from regulars.rules.identity.finding import WORD

_OWNERS: Final = """
SELECT t.token, c.id, c.allows_direct_marketing,
       ARRAY(SELECT n.token FROM search_token n WHERE n.customer_id = c.id AND starts_with(n.token, %s))
  FROM search_token t JOIN customer c ON c.id = t.customer_id AND c.erased_at IS NULL WHERE t.token = ANY (%s)
"""


@dataclass(frozen=True, slots=True)
class Owner:
    """A customer who is reached there: the words of her names as keys, and whether she may be written to."""

    id: int
    named: frozenset[str]
    allows_marketing: bool


def owners_of(tokens: Collection[str]) -> dict[str, list[Owner]]:
    """Token of a phone or mail → the customers who are reached there."""
    found: dict[str, list[Owner]] = {}
    for token, who, allows, named in ask(WRITER, _OWNERS, [WORD, sorted(tokens)]):
        found.setdefault(str(token), []).append(Owner(int(who), frozenset(named), bool(allows)))
    return found
