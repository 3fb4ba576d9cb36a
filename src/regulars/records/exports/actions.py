"""The writing door of exports: what is handed out is in the book before it is handed out, and stays there."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction

from regulars.connections.postgres.asking import WRITER, ask_one
from regulars.records.access_log.actions import note_deed, note_refused_deed
from regulars.records.access_log.readings import key_of
from regulars.records.customers.actions import FIRST_NUMBER
from regulars.records.exports.models import Export, ExportRule
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

MOST_DAYS: Final = 365
LEAST_LETTERS: Final = 5


@dataclass(frozen=True, slots=True)
class NewExport:
    """What has to be known of a list before it leaves; `list_of_day` names a list that is read page by page, and
    `own_columns` the own attributes in it with how each is shown."""

    door: str
    because: str
    content: str
    expires_on: date
    list_of_day: str = ""
    own_columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decoy:
    """Somebody invented for one export."""

    place: int
    number: str
    name: str
    city: str


def open_export(new: NewExport, *, by: Asker, at: datetime) -> int:
    """The number of the export; that of the same list of the same day where it is on record already."""
    values = (
        at,
        by.name,
        key_of(by),
        by.role,
        by.view,
        by.purpose,
        new.door,
        new.because,
        new.content,
        json.dumps(dict(new.own_columns)),
    )
    row = ask_one(WRITER, _OPEN, [*values, new.list_of_day, new.expires_on])
    if row is not None:
        return int(row[0])
    known = Export.objects.filter(list_of_day=new.list_of_day).values_list("id", flat=True)
    return int(known.get())


_OPEN: Final = """
INSERT INTO export (made_at, made_by, reader, role, view, purpose, door, because, content, own_columns, list_of_day,
                    rows, expires_on, ended_by, ended_because)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, 0, %s, '', '')
ON CONFLICT (list_of_day) WHERE NOT list_of_day = '' DO NOTHING RETURNING id
"""


def put_people(export: int, people: Sequence[tuple[int, int]], figures: Sequence[bytes | None] = ()) -> int:
    """These customers, each with her place and the marks of her figures, are in the export; how many were not yet."""
    ids, places = [who for who, _ in people], [place for _, place in people]
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [export, ids, places, list(figures) or [None] * len(ids)])
        new = cursor.rowcount
        cursor.execute("UPDATE export SET rows = rows + %s WHERE id = %s", [new, export])
    return int(new)


_PEOPLE: Final = """
INSERT INTO exported_person (export_id, customer_id, place, figures)
SELECT %s, t.id, t.place, t.figures FROM unnest(%s::bigint[], %s::int[], %s::bytea[]) t (id, place, figures)
ON CONFLICT DO NOTHING
"""


def put_decoys(export: int, decoys: Iterable[Decoy]) -> None:
    """These invented people are in the export, and in no other."""
    with connection.cursor() as cursor:
        cursor.executemany(_DECOY, [(export, one.place, one.number, one.name, one.city) for one in decoys])


_DECOY: Final = "INSERT INTO export_decoy (export_id, place, number, name, city) VALUES (%s, %s, %s, %s, %s)"


def free_numbers(count: int) -> list[str]:
    """Customer numbers that look like any other and will never be anybody's."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [FIRST_NUMBER, count])
        return [str(number) for (number,) in cursor.fetchall()]


_NUMBERS: Final = """
SELECT 'C-' || (nextval(pg_get_serial_sequence('customer', 'id')) + %s) FROM generate_series(1, %s)
"""


def end_export(export: int, *, because: str, by: Asker, at: datetime) -> None:
    """From now on none of its rows may be used; NotThere when it was ended before, BadInput without a reason.

    This, and what follows, is the privacy officer's: Denied for anybody else, and the privacy log says so.
    """
    _officers("end", by)
    if len(because.strip()) < LEAST_LETTERS:
        raise BadInput("reason_too_short")
    standing = Export.objects.filter(id=export, ended_at__isnull=True)
    with transaction.atomic():
        if not standing.update(ended_at=at, ended_by=by.name, ended_because=because.strip()):
            raise NotThere("export_not_there", {"export": export})
        note_deed(by, deed="export", subject="end", detail={"export": export})


def set_expiry(export: int, until: date, *, by: Asker, at: datetime) -> None:
    """It may be used until that day, at most so many days from now as any export; NotThere when it was ended."""
    _officers("expiry", by)
    if until > at.date() + timedelta(days=MOST_DAYS):
        raise BadInput("export_days_unclear", {"most": MOST_DAYS})
    with transaction.atomic():
        if not Export.objects.filter(id=export, ended_at__isnull=True).update(expires_on=until):
            raise NotThere("export_not_there", {"export": export})
        note_deed(by, deed="export", subject="expiry", detail={"export": export, "until": until.isoformat()})


def set_rule(*, days: int, decoys: bool, by: Asker, at: datetime) -> None:
    """So many days an export may be used from now on, and with or without invented people in files."""
    _officers("rule", by)
    if not 1 <= days <= MOST_DAYS:
        raise BadInput("export_days_unclear", {"most": MOST_DAYS})
    told = {"days": days, "decoys": decoys, "changed_by": by.name, "changed_at": at}
    with transaction.atomic():
        ExportRule.objects.update_or_create(id=1, defaults=told)
        note_deed(by, deed="export", subject="rule", detail={"days": days, "decoys": decoys})


def _officers(subject: str, by: Asker) -> None:
    if by.role != "officer":
        note_refused_deed(by, deed="export", subject=subject, detail={})
        raise Denied("exports_end_by_the_officer")
