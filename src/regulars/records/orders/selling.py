"""What is sold, as the order desk looks for it: products by a word of their name, with the price they last had.

Nothing here is about a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.customers.keys import cursor_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.need_to_know import wider

MOST_WORDS: Final = 6


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product; `price_minor` is None where it has not been sold lately."""

    id: int
    ref: str
    name: str
    category: str
    price_minor: int | None
    currency: str


_FIELDS: Final = "p.id, p.ref, p.name, p.category, q.price_minor, coalesce(q.currency, '')"
_FROM: Final = "FROM product p LEFT JOIN product_price q ON q.product_id = p.id"
_FOUND: Final = f"""
SELECT {_FIELDS} {_FROM} WHERE {{each}}
 ORDER BY p.ref ILIKE %s DESC, p.name ILIKE %s DESC, q.seen_at DESC NULLS LAST, p.name, p.id LIMIT %s
"""
_EACH: Final = "(p.name ILIKE %s OR p.ref ILIKE %s OR p.brand ILIKE %s OR p.category ILIKE %s)"
_THESE: Final = f"SELECT {_FIELDS} {_FROM} WHERE p.id = ANY (%s)"
_LEARN: Final = """
INSERT INTO product_price (product_id, price_minor, currency, seen_at)
SELECT DISTINCT ON (product_id) product_id, round((amount_minor + discount_minor) * 1000.0 / quantity_milli), currency,
       ordered_at
  FROM order_line WHERE ordered_at >= %s AND ordered_at < %s AND quantity_milli > 0 AND amount_minor > 0
   AND product_id IS NOT NULL
 ORDER BY product_id, ordered_at DESC
ON CONFLICT (product_id) DO UPDATE
   SET price_minor = excluded.price_minor, currency = excluded.currency, seen_at = excluded.seen_at
 WHERE product_price.seen_at < excluded.seen_at
"""


def find_products(text: str, *, by: Asker, limit: int = 8) -> list[ProductLine]:
    """Products that hold every word of `text` in name, reference, brand or category; none for an empty text.

    First those whose reference is the text, then whose names begin so, then those sold last.
    """
    words = text.split()[:MOST_WORDS]
    if not words:
        return []
    likes = [f"%{_plain(word)}%" for word in words]
    each = " AND ".join([_EACH] * len(words))
    whole = _plain(text.strip())
    values = [*(like for like in likes for _ in range(4)), whole, f"{whole}%", limit]
    return [ProductLine(*row) for row in ask(wider(by.view), _FOUND.format(each=each), values)]


def products_of(ids: Sequence[int], *, by: Asker) -> dict[int, ProductLine]:
    """Product id → product, for those there are."""
    rows = ask(wider(by.view), _THESE, [list(ids)]) if ids else []
    return {row[0]: ProductLine(*row) for row in rows}


def learn_prices(*, since: datetime, until: datetime) -> int:
    """How many products are known to have been sold at another price, or for the first time, between the moments."""
    cursor = cursor_of(WRITER)
    cursor.execute(_LEARN, [since, until])
    return int(cursor.rowcount)


def _plain(word: str) -> str:
    """A word in which nothing stands for anything but itself."""
    return word.replace("\x00", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
