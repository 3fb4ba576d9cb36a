"""Whose an order is, by the number it has in the source it came from. The house's own question, for recognition: who of
them is told to whom, the doors of customers decide."""

from collections.abc import Sequence
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask
from regulars.rules.intake.line_keys import order_key

#: One number may be the number of orders in several sources; of more people it tells too little.
MOST: Final = 20
_SOURCES: Final = "SELECT ref FROM source ORDER BY id LIMIT 1000"
_WHOSE: Final = """
SELECT DISTINCT customer_id FROM (
    SELECT customer_id FROM order_line WHERE order_key = ANY (%s) LIMIT 1000) o ORDER BY customer_id LIMIT %s
"""


def whose_orders(numbers: Sequence[str]) -> list[int]:
    """The ids of customers who have an order of one of these numbers, as it is written or in capitals."""
    spelled = {spelling for number in numbers for spelling in (number, number.upper()) if number}
    keys = [order_key(source, spelling) for (source,) in ask(WRITER, _SOURCES, []) for spelling in sorted(spelled)]
    return [who for (who,) in ask(WRITER, _WHOSE, [keys, MOST])] if keys else []
