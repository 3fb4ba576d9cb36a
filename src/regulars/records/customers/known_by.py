"""Who the rows of a found file are about, for tracing and re-checking it: by number, phone, mail address or name.

The house's own question, asked whatever anybody's view shows: whom a leaked file holds does not depend on who looks.
Nothing of a customer is handed out but her internal id, for those who were already named in the file.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from django.conf import settings

from regulars.connections.postgres.asking import WRITER, ask
from regulars.rules.identity.finding import WORD, query_tokens, run_together

AT_ONCE: Final = 5_000


def ids_of_numbers(numbers: Iterable[str]) -> dict[str, int]:
    """Customer number → id, for those that are somebody's; a number of before a merge is that of who stayed."""
    return {number: who for part in _parts(numbers) for number, who in ask(WRITER, _NUMBERS, [part, part])}


_NUMBERS: Final = """
SELECT number, id FROM customer WHERE number = ANY (%s) AND erased_at IS NULL
 UNION ALL
SELECT f.number, f.customer_id FROM former_number f JOIN customer c ON c.id = f.customer_id AND c.erased_at IS NULL
 WHERE f.number = ANY (%s)
"""


def ids_of_others(cells: Iterable[str], *, addresses_too: bool) -> dict[str, list[int]]:
    """A cell's text → ids of the customers who bear it as their name; with `addresses_too` also of those it reaches, or
    whose number elsewhere it is."""
    key = settings.KEYS.read("search")
    by_token = {run_together(words).token: cell for cell in cells if (words := query_tokens(cell, key))}
    found: dict[str, list[int]] = {}
    for part in _parts(by_token):
        for token, who, name in ask(WRITER, _TOKENS, [part]):
            cell = by_token[token]
            if name.casefold() == cell.casefold() if token.startswith(WORD) else addresses_too:
                found.setdefault(cell, []).append(int(who))
    return found


_TOKENS: Final = """
SELECT t.token, t.customer_id, c.name FROM search_token t JOIN customer c ON c.id = t.customer_id
 WHERE t.token = ANY (%s)
"""


def still_shown(customer_ids: Sequence[int], view: str) -> set[int]:
    """Those of them whom the view shows in this very moment."""
    return {int(who) for part in _parts(customer_ids) for (who,) in ask(view, _SHOWN, [part])}


_SHOWN: Final = "SELECT id FROM customer WHERE id = ANY (%s) AND erased_at IS NULL"


def _parts(values: Iterable[object]) -> Iterator[list[object]]:
    rest = iter(values)
    while part := list(islice(rest, AT_ONCE)):
        yield part
