"""The writing door of what customers' files say of companies: whose contact somebody is, by the company's code.

For many at once. A company nobody knows is opened, and called by its code until a file tells its name. What is known of
somebody and a company stays as it stands, also that she left it: a file that comes again does not take her back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from regulars.connections.postgres.asking import WRITER
from regulars.records.access_log.actions import Changed, note_changes
from regulars.records.customers.keys import cursor_of
from regulars.rules.groups.kinds import COMPANY, HOUSEHOLD
from regulars.rules.groups.ties import USUAL
from regulars.rules.permission.asking import Asker

DOOR: Final = "belong_to_companies"
_ROLES: Final = [(kind, role) for kind, role in USUAL.items() if kind != HOUSEHOLD]
_OPEN: Final = """
WITH told AS (SELECT DISTINCT ON (country, code) country, code, name
                FROM unnest(%(countries)s::text[], %(codes)s::text[], %(names)s::text[]) t (country, code, name)
               ORDER BY country, code, name = ''),
     new AS (SELECT nextval('customer_group_id_seq') AS id, t.* FROM told t
              WHERE NOT EXISTS (SELECT FROM customer_group g WHERE (g.country, g.company_code) = (t.country, t.code)))
INSERT INTO customer_group (id, ref, kind, name, company_code, country, noted_by, noted_at, source_id)
SELECT id, 'A-' || id, %(kind)s, coalesce(nullif(name, ''), code), code, country, %(who)s, %(at)s, %(source)s FROM new
    ON CONFLICT DO NOTHING RETURNING ref
"""
_NAME: Final = """
UPDATE customer_group g SET name = t.name
  FROM unnest(%(countries)s::text[], %(codes)s::text[], %(names)s::text[]) t (country, code, name)
 WHERE (g.country, g.company_code) = (t.country, t.code) AND g.name = g.company_code AND t.name NOT IN ('', g.name)
RETURNING g.ref, g.company_code, g.name
"""
_BELONGS: Final = """
SELECT g.id AS group_id, t.who, r.role FROM unnest(%(people)s::bigint[], %(countries)s::text[], %(codes)s::text[])
       t (who, country, code)
  JOIN customer_group g ON (g.country, g.company_code) = (t.country, t.code)
  JOIN unnest(%(kinds)s::text[], %(roles)s::text[]) r (kind, role) ON r.kind = g.kind
"""
_JOIN: Final = f"""
WITH alive AS (SELECT id FROM customer WHERE id = ANY (%(people)s) AND erased_at IS NULL ORDER BY id FOR KEY SHARE),
     belongs AS ({_BELONGS}),
     joined AS (
INSERT INTO group_member (group_id, customer_id, role, known_by, noted_by, noted_at, source_id)
SELECT b.group_id, b.who, b.role, 'told', %(who)s, %(at)s, %(source)s FROM belongs b JOIN alive ON alive.id = b.who
 WHERE NOT EXISTS (SELECT FROM group_member m WHERE m.group_id = b.group_id AND m.customer_id = b.who)
    ON CONFLICT DO NOTHING RETURNING group_id, customer_id, role)
SELECT g.ref, j.customer_id, j.role FROM joined j JOIN customer_group g ON g.id = j.group_id
"""  # noqa: S608  (our own texts)
_KEPT_LONGEST: Final = f"""
UPDATE group_member m SET source_id = n.id
  FROM ({_BELONGS}) b, source n, source o
 WHERE m.group_id = b.group_id AND m.customer_id = b.who AND n.id = %(source)s AND o.id = m.source_id
   AND coalesce(n.expires_on, 'infinity') > coalesce(o.expires_on, 'infinity')
"""  # noqa: S608
_EMPTY: Final = """
DELETE FROM customer_group g WHERE source_id = %s
   AND NOT EXISTS (SELECT FROM group_member m WHERE m.group_id = g.id)
   AND NOT EXISTS (SELECT FROM group_place p WHERE g.id IN (p.group_id, p.parent_id)) RETURNING ref
"""


@dataclass(frozen=True, slots=True)
class ContactOf:
    """Whose contact a customer is: the code of the company and its country, as cleaned, and what it is called, if the
    file says so."""

    customer_id: int
    country: str
    code: str
    name: str = ""


def belong_to_companies(
    told: Sequence[ContactOf], *, source_id: int, by: Asker, at: datetime
) -> frozenset[int]:  # fmt: skip
    """These customers are contacts of their companies when the transaction commits; those of whom that was not known.

    Every company that is opened or named, and everybody who joins one, is in the book of changes.
    """
    if not told:
        return frozenset()
    values = _laid_out(told) | {"who": by.name, "at": at, "source": source_id, "kind": COMPANY}
    with transaction.atomic():
        cursor = cursor_of(WRITER)
        opened, named, joined = (cursor.execute(one, values).fetchall() for one in (_OPEN, _NAME, _JOIN))
        cursor.execute(_KEPT_LONGEST, values)
        news = [Changed("customer_group", ref, None, COMPANY) for (ref,) in opened]
        news += [Changed("customer_group", f"{ref} name", was, name) for ref, was, name in named]
        news += [Changed("group_member", ref, None, role, int(who)) for ref, who, role in joined]
        note_changes(news, by=by, door=DOOR)
    return frozenset(int(who) for _, who, _ in joined)


def close_empty_companies(source_id: int, *, by: Asker) -> int:
    """How many companies that only this source told of are gone, because nobody belongs to them any more and none
    stands above or under them."""
    with transaction.atomic():
        gone = cursor_of(WRITER).execute(_EMPTY, [source_id]).fetchall()
        note_changes(
            [Changed("customer_group", ref, COMPANY, None) for (ref,) in gone], by=by, door="close_empty_companies"
        )
    return len(gone)


def _laid_out(told: Iterable[ContactOf]) -> dict[str, list[object]]:
    rows = [(one.customer_id, one.country, one.code, one.name) for one in told]
    columns = [list(column) for column in zip(*rows, strict=True)]
    kinds, roles = ([pair[side] for pair in _ROLES] for side in (0, 1))
    return dict(zip(("people", "countries", "codes", "names"), columns, strict=True)) | {"kinds": kinds, "roles": roles}
