"""A house from before the seals, full of people, meets this version: killed while it seals, and started again.

Run in a process of its own, on a database of its own; what came of it is one line of JSON. With the word `seal` it only
prepares the house, and says each batch, for another process to kill it by.
"""

import json
import os
import subprocess
import sys
from typing import Any

import django

django.setup()

import psycopg  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from regulars.connections.postgres.logins import administrator  # noqa: E402
from regulars.journeys.check_house import check_house  # noqa: E402
from regulars.journeys.prepare_house import prepare_house  # noqa: E402
from regulars.journeys.secure_house import take_views_away  # noqa: E402
from regulars.records.customers import sealing_up  # noqa: E402
from regulars.records.customers.access import contact_points_of, open_customer  # noqa: E402
from regulars.records.customers.changes import changes_of  # noqa: E402
from regulars.records.customers.models import Customer  # noqa: E402
from tests.cast import EMIL, ann, bob, reached_by  # noqa: E402
from tests.set_aside import rows_aside  # noqa: E402

PEOPLE = 400
FILL = f"""
INSERT INTO vault.customer (number, kind, stage, name, given_name, family_name, name_sort, honorific, sex, language,
    city, region, country, postcode, timezone, marital_status, income_band, product_knowledge, preferred_channel,
    jurisdiction, first_seen_on, changed_at, invented, allergies, id_document, allows_direct_marketing,
    allows_disclosure, allows_automated_decision, allows_sensitive_use, allows_email, allows_phone, allows_letter,
    allows_sms)
SELECT 'C-' || n, 'person', 'customer', 'Old ' || n, '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', 'none',
       '2024-01-01', now(), true, CASE WHEN n % 2 = 0 THEN 'wool ' || n ELSE '' END, 'X' || n, true, true, true, true,
       true, true, true, true FROM generate_series(50001, {50000 + PEOPLE}) n;
INSERT INTO vault.contact_point (customer_id, channel, label, value, valid, noted_at)
SELECT id, 'email', '', number || '@example.com', true, now() FROM vault.customer WHERE number > 'C-5';
INSERT INTO vault.change_entry (at, who, door, customer_id, subject, field, old, new)
SELECT now(), 'Sten', 'customers.tell_customers', id, 'customer', 'city', 'Paris', number FROM vault.customer
 WHERE number > 'C-5';
INSERT INTO vault.change_entry (at, who, door, customer_id, subject, field, old, new)
SELECT now(), 'Sten', 'open_task', id, 'task', 'state', NULL, 'open' FROM vault.customer WHERE number = 'C-50002';
"""
#: Rows of a file set aside, as they lay before they were sealed; numbers nobody else's sealing counts to.
ASIDE = 300
FILL_ASIDE = f"""
INSERT INTO vault.source (ref, name, owner, lawful_basis, settings, created_at, kind, supplier, licence, purposes,
    currency, trust, leave)
VALUES ('old', 'Old', 'Sten', 'contract', '{{}}', now(), 'internal', '', '', '[]', '', 3, '[]');
INSERT INTO vault.import_run (source_id, kind, file_name, file_path, file_digest, state, settings, asked_by,
    rows_expected, rows_read, rows_new, rows_changed, rows_same, rows_refused, customers_new, customers_matched,
    done_through, progress, message, created_at, finished_at, cleaned)
SELECT id, 'customers', 'old.csv', '', 'd', 'finished', '{{}}', 'Sten', 9, 9, 0, 0, 0, 9, 0, 0, 9, '{{}}', '{{}}',
       now(), now(), '[]' FROM vault.source WHERE ref = 'old';
INSERT INTO vault.refused_row (import_run_id, row_number, reason, "column", value, example, raw, row_taken)
SELECT r.id, n, 'not_understood', 'phone', '0138-' || n, '', 'Old ' || n || ',0138-' || n, false
  FROM vault.import_run r, generate_series(1, {ASIDE}) n WHERE r.file_name = 'old.csv';
"""
MEANWHILE = f"""
UPDATE vault.refused_row SET value = '', raw = '' WHERE row_number = 7;
INSERT INTO vault.refused_row (import_run_id, row_number, reason, "column", value, example, raw, row_taken)
SELECT id, {ASIDE + 1}, 'no_name', '', '', '', ',0138-late', false FROM vault.import_run WHERE file_name = 'old.csv';
"""
OPEN = """
SELECT count(*) FILTER (WHERE value_sealed IS NULL), count(*) FILTER (WHERE value_sealed IS NOT NULL)
  FROM vault.contact_point
"""


def live() -> dict[str, Any]:
    """What happened."""
    prepare_house()
    ann(), bob()
    told: dict[str, Any] = {"before": reached_by()}
    _back_before_the_seals()
    told["open_again"] = _asked("SELECT channel, value FROM vault.contact_point ORDER BY 1, 2")
    _told(FILL)
    _told(FILL_ASIDE)
    told["killed"] = _killed_while_sealing()
    told["half"] = _asked(OPEN)[0]
    _told("UPDATE vault.customer SET allergies = 'changed meanwhile' WHERE number = 'C-50002'")
    said: list[tuple[str, int, int]] = []

    def say(step: str, done: int, of: int) -> None:
        if (done, of) == (ASIDE, ASIDE) and (step, done, of) not in said:
            _told(MEANWHILE)
        said.append((step, done, of))

    told["changed"] = prepare_house(say)
    told["progress"] = [step[1:] for step in said if step[0] == "sealing"]
    told |= _as_it_is_now()
    told["again"] = prepare_house()
    return told


def _back_before_the_seals() -> None:
    connections.close_all()
    with _administrator() as connection:
        take_views_away(connection)
    call_command("migrate", "customers", "0001_initial", database="owner", verbosity=0)


def _killed_while_sealing() -> int:
    """Another process seals; it is killed as soon as it has sealed a little. How it ended."""
    words = [sys.executable, "-m", "tests.journeys.life_of_seals", "seal"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as sealing:
        for line in sealing.stdout or ():
            step, done, _ = line.split()
            if step == "sealing" and int(done) >= 150:
                break
        sealing.kill()
    return sealing.returncode


def _seal_slowly() -> None:
    sealing_up.BATCH = 50  # type: ignore[misc]
    prepare_house(lambda step, done, of: print(step, done, of, flush=True))  # noqa: T201


def _as_it_is_now() -> dict[str, Any]:
    findings = [f"{one.code} {one.place}" for one in check_house().findings]
    opened, facts = open_customer("C-50002", by=EMIL, because="a look")
    changes = [(line.subject, line.field, line.old, line.new) for line in changes_of(opened)]
    aside = {row.row_number: row.raw for row in rows_aside()}
    left = _asked("SELECT count(*) FROM vault.change_entry WHERE subject = 'customer'")[0][0]
    nobody = open_customer("C-50003", by=EMIL, because="a look")[1]
    return {
        "findings": findings, "after": reached_by(*Customer.objects.filter(number__lt="C-5")),
        "facts": [facts.allergies, facts.id_document, nobody.allergies],
        "points": [one.value for one in contact_points_of(opened)], "changes": sorted(changes), "left": left,
        "everybody": len(reached_by()), "aside": [len(aside), *(aside[n] for n in (5, 7, ASIDE, ASIDE + 1))],
    }  # fmt: skip


def _asked(question: str) -> list[Any]:
    with _administrator() as connection:
        return [list(row) for row in connection.execute(question).fetchall()]


def _told(statements: str) -> None:
    with _administrator() as connection:
        connection.execute(statements)


def _administrator() -> "psycopg.Connection[Any]":
    return psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["seal"]:
        _seal_slowly()
    else:
        sys.stdout.write(json.dumps(live()) + "\n")
