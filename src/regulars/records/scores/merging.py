"""Merging, the part of scores: who is out of sight has none; undone, she has hers again as long as it is the newest."""

from typing import Final

from regulars.connections.postgres.asking import WRITER
from regulars.records.customers.keys import cursor_of

_TAKE: Final = "DELETE FROM score s WHERE customer_id = %s RETURNING to_jsonb(s)::text"
_PUT_BACK: Final = """
INSERT INTO score SELECT s.* FROM jsonb_populate_record(NULL::score, %s::jsonb) s
 WHERE NOT EXISTS (SELECT FROM refresh r WHERE r.state = 'finished' AND r.as_of > s.as_of)
ON CONFLICT DO NOTHING
"""


def take_score(customer_id: int) -> str:
    """Her figures, which are gone from the table; nothing when she had none."""
    rows = cursor_of(WRITER).execute(_TAKE, [customer_id]).fetchall()
    return str(rows[0][0]) if rows else ""


def put_score_back(score: str) -> None:
    """She has those figures again, unless there are newer ones of everybody: then the next refresh brings hers."""
    if score:
        cursor_of(WRITER).execute(_PUT_BACK, [score])
