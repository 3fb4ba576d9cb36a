"""The night counts how good the data is: by source and field, what bad data cost, and whom to ask again.

The house's own question, over everybody, in which nobody is told: only counts come out, and for whom to ask again only
that there is something to ask. What was counted of that day before gives way, so counting twice is counting once, and
whoever looks meanwhile sees the counts of before.
"""

from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from regulars.connections.postgres.asking import WRITER, ask, tell
from regulars.records.access_log.actions import note_access
from regulars.records.customers.keys import cursor_of
from regulars.rules.permission.asking import Asker
from regulars.rules.quality.asking import BROKEN, DISPUTED, OLD
from regulars.rules.quality.fields import ASKED, BY_KEY, DOUBLED, RECORDS, WAYS

MOST_CASES: Final = 1_000
YEAR: Final = timedelta(days=365)
_TABLES: Final = ("quality_figure", "quality_conflict", "quality_cost")
_MOVING: Final = [one.key for one in RECORDS if one.moves]
#: Nobody who was invented to watch over lists; the people of a demonstration are counted, invented as they are.
_THERE: Final = "c.erased_at IS NULL AND NOT EXISTS (SELECT FROM canary w WHERE w.customer_id = c.id)"
# Of a field that only her first source ever spoke of, the record says since when. Of others: when the value that is
# believed was said or confirmed last, whether somebody says otherwise, whether what is believed was confirmed.
_SAID: Final = f"""
SELECT s.customer_id, s.field, count(DISTINCT coalesce(s.value, s.closed)) > 1 AS differ,
       max(greatest(s.said_at, s.confirmed_at)) FILTER (WHERE coalesce(s.value, s.closed) = f.told) AS at,
       coalesce(bool_or(s.confirmed_at IS NOT NULL) FILTER (WHERE coalesce(s.value, s.closed) = f.told), false) AS sure
  FROM field_said s JOIN customer c ON c.id = s.customer_id AND {_THERE}
 CROSS JOIN LATERAL (VALUES {{fields}}) f (field, told, shape, since)
 WHERE f.field = s.field GROUP BY 1, 2
"""  # noqa: S608  (our own words)
_SINCE: Final = "coalesce(g.at, c.told_at, c.first_seen_on::timestamptz)"
_RECORD: Final = f"""
WITH said AS MATERIALIZED ({_SAID})
INSERT INTO quality_figure (counted_on, source_id, field, people, filled, valid, fresh, disputed, confirmed)
SELECT %s, source_id, f.field, count(*), count(*) FILTER (WHERE f.told <> ''),
       count(*) FILTER (WHERE f.told <> '' AND f.told ~ f.shape AND (f.field <> 'birth_on' OR f.told <= %s)),
       count(*) FILTER (WHERE f.told <> '' AND {_SINCE} >= f.since),
       count(*) FILTER (WHERE g.differ AND NOT g.sure), count(*) FILTER (WHERE f.told <> '' AND g.sure)
  FROM customer c CROSS JOIN LATERAL (VALUES {{fields}}) f (field, told, shape, since)
  LEFT JOIN said g ON g.customer_id = c.id AND g.field = f.field
 WHERE {_THERE} GROUP BY source_id, f.field
"""  # noqa: S608  (our own words)
_CONFLICTS: Final = f"""
WITH said AS MATERIALIZED ({_SAID})
INSERT INTO quality_conflict (counted_on, source_id, field, said, against)
SELECT %s, s.source_id, s.field, count(*), count(*) FILTER (WHERE coalesce(s.value, s.closed) <> f.told)
  FROM said g JOIN field_said s ON s.customer_id = g.customer_id AND s.field = g.field
  JOIN customer c ON c.id = s.customer_id
 CROSS JOIN LATERAL (VALUES {{fields}}) f (field, told, shape, since)
 WHERE g.differ AND f.field = s.field GROUP BY s.source_id, s.field
"""  # noqa: S608  (our own words)
_WAYS: Final = f"""
INSERT INTO quality_figure (counted_on, source_id, field, people, filled, valid, fresh)
SELECT %s, e.source_id, w.way, e.people, coalesce(g.filled, 0), coalesce(g.valid, 0), coalesce(g.fresh, 0)
  FROM (SELECT c.source_id, count(*) AS people FROM customer c WHERE {_THERE} GROUP BY 1) e
 CROSS JOIN unnest(%s::text[]) w (way)
  LEFT JOIN (SELECT c.source_id, b.way, count(*) AS filled, count(*) FILTER (WHERE b.works) AS valid,
                    count(*) FILTER (WHERE b.noted >= l.since) AS fresh
               FROM (SELECT customer_id, CASE channel WHEN 'sms' THEN 'phone' ELSE channel END AS way,
                            bool_or(valid) AS works, max(noted_at) FILTER (WHERE valid) AS noted
                       FROM contact_point WHERE value IS NOT NULL GROUP BY 1, 2) b
               JOIN unnest(%s::text[], %s::date[]) l (way, since) ON l.way = b.way
               JOIN customer c ON c.id = b.customer_id AND {_THERE}
              GROUP BY 1, 2) g ON g.source_id IS NOT DISTINCT FROM e.source_id AND g.way = w.way
"""  # noqa: S608  (our own words)
# A record counts as of somebody who has another, where the name and a whole phone or mail agree.
_AGREE: Final = f"""
SELECT t.token, lower(c.name) AS called FROM search_token t JOIN customer c ON c.id = t.customer_id
 WHERE t.token >= 'k:' AND t.token < 'k;' AND c.name <> '' AND {_THERE}
 GROUP BY 1, 2 HAVING count(DISTINCT c.id) > 1
"""  # noqa: S608  (our own words)
_DOUBLED: Final = f"""
WITH doubled AS (
    SELECT DISTINCT c.id FROM ({_AGREE}) a JOIN search_token t ON t.token = a.token
      JOIN customer c ON c.id = t.customer_id AND lower(c.name) = a.called AND {_THERE}
)
INSERT INTO quality_figure (counted_on, source_id, field, people, filled, valid, fresh)
SELECT %s, c.source_id, %s, count(*), count(d.id), 0, 0
  FROM customer c LEFT JOIN doubled d ON d.id = c.id WHERE {_THERE} GROUP BY c.source_id
"""  # noqa: S608  (our own words)
_RETURNED: Final = """
INSERT INTO quality_cost (counted_on, kind, cases, cost_minor, currency)
SELECT %s, CASE g.channel WHEN 'letter' THEN 'returned_letters' WHEN 'email' THEN 'bounced_mails'
                          ELSE 'failed_calls' END, count(*), sum(g.cost_each_minor), g.currency
  FROM contact k JOIN campaign g ON g.id = k.campaign_id
 WHERE k.state = 'failed' AND k.decided_at >= %s AND k.decided_at < %s GROUP BY 2, g.currency
"""
_BROKEN: Final = """
INSERT INTO quality_cost (counted_on, kind, cases, cost_minor, currency)
SELECT %s, 'dead_addresses', count(*), 0, '' FROM contact_point
 WHERE NOT valid AND value IS NOT NULL HAVING count(*) > 0
"""
_MISSED: Final = f"""
INSERT INTO quality_cost (counted_on, kind, cases, cost_minor, currency)
SELECT %s, 'missed_matches', count(DISTINCT c.id), 0, '' FROM ({_AGREE}) a JOIN search_token t ON t.token = a.token
  JOIN customer c ON c.id = t.customer_id AND lower(c.name) = a.called AND c.erased_at IS NULL
 WHERE c.first_seen_on >= %s HAVING count(*) > 0
"""  # noqa: S608  (our own words)
# What does not work goes before what sources disagree about, and that before what is old.
_CASES: Final = f"""
WITH said AS MATERIALIZED ({_SAID}),
asks AS (
    SELECT w.customer_id, w.way AS field, w.noted::date AS noted, CASE WHEN w.works THEN 3 ELSE 1 END AS rank
      FROM (SELECT customer_id, CASE channel WHEN 'sms' THEN 'phone' ELSE channel END AS way,
                   bool_or(valid) AS works, coalesce(max(noted_at) FILTER (WHERE valid), max(noted_at)) AS noted
              FROM contact_point WHERE value IS NOT NULL GROUP BY 1, 2) w
      JOIN unnest(%(ways)s::text[], %(limits)s::date[]) l (way, since) ON l.way = w.way
     WHERE NOT w.works OR w.noted < l.since
    UNION ALL
    SELECT c.id, f.field, {_SINCE}::date, CASE WHEN g.differ AND NOT g.sure THEN 2 ELSE 3 END
      FROM customer c CROSS JOIN LATERAL (VALUES {{fields}}) f (field, told, shape, since)
      LEFT JOIN said g ON g.customer_id = c.id AND g.field = f.field
     WHERE {_THERE} AND f.field = ANY (%(asked)s)
       AND (g.differ AND NOT g.sure OR f.field = ANY (%(moving)s) AND f.told <> '' AND {_SINCE} < f.since))
INSERT INTO quality_case (customer_id, asks, worth_minor, found_on)
SELECT d.customer_id, d.asks, coalesce(a.amount_minor, 0), %(on)s
  FROM (SELECT customer_id, min(rank) AS rank,
               jsonb_agg(jsonb_build_object('field', field, 'noted_on', noted,
                                            'why', (%(whys)s::text[])[rank]) ORDER BY rank, noted, field) AS asks
          FROM asks GROUP BY 1) d
  JOIN customer c ON c.id = d.customer_id AND {_THERE}
  LEFT JOIN customer_activity a ON a.customer_id = d.customer_id
 ORDER BY d.rank, 3 DESC, 1 LIMIT %(most)s
"""  # noqa: S608  (our own words)


def count_quality(on: date, *, by: Asker) -> int:
    """How many figures stand for that day; those of before that day's count give way."""
    with transaction.atomic():
        for table in _TABLES:
            tell(WRITER, f"DELETE FROM {table} WHERE counted_on = %s", [on])  # noqa: S608  (our own names)
        fields = _told_fields(on)
        tell(WRITER, _RECORD.format(fields=fields), [on, on.isoformat()])
        tell(WRITER, _CONFLICTS.format(fields=fields), [on])
        tell(WRITER, _WAYS, [on, list(WAYS), list(WAYS), _limits(on)])
        tell(WRITER, _DOUBLED, [on, DOUBLED])
        tell(WRITER, _RETURNED, [on, on - YEAR, on + timedelta(days=1)])
        tell(WRITER, _BROKEN, [on])
        tell(WRITER, _MISSED, [on, on - YEAR])
        tell(WRITER, "DELETE FROM quality_case")
        cursor_of(WRITER).execute(_CASES.format(fields=fields), {
            "on": on, "ways": list(WAYS), "limits": _limits(on), "asked": list(ASKED), "moving": _MOVING,
            "whys": [BROKEN, DISPUTED, OLD], "most": MOST_CASES,
        })  # fmt: skip
        counted: Any = ask(WRITER, "SELECT count(*) FROM quality_figure WHERE counted_on = %s", [on])
    note_access(by, door="count_quality", because="quality", rows=0)
    return int(counted[0][0])


def _told_fields(on: date) -> str:
    """(key, what is told, shape of a right value, since when it is fresh) of each field of the record, as SQL."""
    rows = [
        f"('{one.key}', coalesce(c.{one.key}::text, ''), '{one.shape or '.'}',"
        f" date '{(on - timedelta(days=one.fresh_days)).isoformat()}')"
        for one in RECORDS
    ]
    return ", ".join(rows)


def _limits(on: date) -> list[date]:
    return [on - timedelta(days=BY_KEY[way].fresh_days) for way in WAYS]
