"""A list that was bought is sifted before any of it is kept: who is ours already, and who wants no contact, stays out.

In the transaction that would have written the rows, so nobody ever sees one of them as somebody to contact.
"""

from collections.abc import Iterator
from typing import Final

import pyarrow as pa

from regulars.connections.files import ROW_NUMBER
from regulars.records.choices.do_not_contact import closed_contacts
from regulars.records.customers.already_ours import Owner, owners_of
from regulars.rules.identity.finding import WORD, contact_token, name_tokens

#: Why a row of such a list is set aside; nothing of the row is kept.
OURS, CLOSED = "already_ours", "do_not_contact"
REACHED_BY: Final = {"email": "email", "phone": "phone"}


def sift(people: pa.Table, key: bytes) -> pa.Table:
    """`row_number` and `reason` of the rows that stay out; `people` are checked rows the source did not know before.

    Ours is whom we reach there and who shares a word of the name, or whom the list does not name. Out is whose phone or
    mail is on the do-not-contact list, or is that of a customer of another name who allows no marketing: twins and
    families share a phone, and one of them said no.
    """
    rows = list(_rows(people, key))
    tokens = {token for _, _, reached in rows for token in reached}
    owners, closed = owners_of(tokens), closed_contacts(tokens)
    judged = [(number, _verdict(named, reached, owners, closed)) for number, named, reached in rows]
    out = [(number, reason) for number, reason in judged if reason]
    shape = pa.schema([(ROW_NUMBER, pa.int64()), ("reason", pa.string())])
    return pa.table(list(zip(*out, strict=True)) or [(), ()], schema=shape)


def _rows(people: pa.Table, key: bytes) -> Iterator[tuple[int, frozenset[str], frozenset[str]]]:
    """(row number, words of the name as keys, keys of phone and mail)."""
    for row in people.to_pylist():
        named = name_tokens(*(row[part] for part in ("name", "given_name", "family_name") if row[part]))
        reached = {contact_token(channel, row[name], key) for name, channel in REACHED_BY.items() if row[name]}
        words = frozenset(token for token in named if token.startswith(WORD))
        yield int(row[ROW_NUMBER]), words, frozenset(token for token in reached if token)


def _verdict(
    named: frozenset[str], reached: frozenset[str], owners: dict[str, list[Owner]], closed: frozenset[str]
) -> str:
    met = [owner for token in reached for owner in owners.get(token, ())]
    if any(not named or named & owner.named for owner in met):
        return OURS
    return CLOSED if reached & closed or any(not owner.allows_marketing for owner in met) else ""
