"""A small life of a house on a server by DATABASE_URL, in a process of its own: prepared, checked, filled, refreshed,
asked. What came of it is one line of JSON.
"""

import json
import os
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import django
import psycopg

django.setup()

from django.conf import settings  # noqa: E402

from regulars.connections.postgres.launcher import Server  # noqa: E402
from regulars.connections.postgres.logins import administrator  # noqa: E402
from regulars.journeys.check_house import check_house  # noqa: E402
from regulars.journeys.explore_segment import explore, keep_segment, people_of  # noqa: E402
from regulars.journeys.give_sql_login import give_sql_login, revoke_sql_login  # noqa: E402
from regulars.journeys.prepare_house import prepare_house  # noqa: E402
from regulars.journeys.refresh_scores import refresh_scores  # noqa: E402
from regulars.journeys.watch_sql import watch_sql  # noqa: E402
from regulars.records.access_log.models import AccessEntry  # noqa: E402
from regulars.records.choices.models import ChoiceEntry  # noqa: E402
from regulars.records.company.access import branches  # noqa: E402
from regulars.records.customers.models import Customer  # noqa: E402
from regulars.rules.privacy.drift import HouseReport  # noqa: E402
from regulars.rules.privacy.views import Within  # noqa: E402
from tests.cast import EMIL, MIA, NOON, ann, bob  # noqa: E402
from tests.journeys.order_files import bring, open_shop, order_rows, write_rows  # noqa: E402

OFTEN = {"all": [{"field": "frequency", "operator": "at_least", "value": 2}]}


def live() -> dict[str, object]:
    """What the house did and what it found."""
    told: dict[str, object] = {"made": prepare_house(), "made_again": prepare_house()}
    told["new_house"] = _said(check_house())
    open_shop()
    ann(), bob()
    told |= _worked()
    told |= _gave_a_login()
    told |= _gave_a_part()
    told["full_house"] = _said(check_house())
    told["embedded"] = Server(settings.HOME).status().state
    return told


def _worked() -> dict[str, object]:
    """Orders come in, figures are drawn, a segment is counted and asked for."""
    with tempfile.TemporaryDirectory() as folder:
        brought = bring(write_rows(Path(folder) / "orders.csv", order_rows(60, customers=12)))
    drawn = refresh_scores(at=NOON, as_of=date(2026, 1, 1))
    counted = explore(OFTEN, by=MIA, language="en").count
    keep_segment("often", "Often", "常来", OFTEN, by=MIA, at=NOON)
    seen = []
    for said in ("granted", "denied"):
        _everybody_says(said)
        seen.append(people_of("often", by=MIA)[0])
    return {
        "brought": [brought.state, brought.rows_new],
        "scored": drawn.customers,
        "counted": counted,
        "seen": seen,
        "logged": AccessEntry.objects.filter(view="marketing").exists(),
    }


def _everybody_says(value: str) -> None:
    for who in Customer.objects.filter(score__isnull=False):
        ChoiceEntry.objects.create(
            customer=who, purpose="direct_marketing", value=value, at=NOON, by=who.name, source="portal"
        )


def _gave_a_login() -> dict[str, object]:
    """Lin keeps her login; Mo's is taken away while she has a window open."""
    lin = give_sql_login("lin", view="standard", by=EMIL, at=NOON)
    mo = give_sql_login("mo", view="anonymous", by=EMIL, at=NOON)
    revoke_sql_login(mo.role_name, by=EMIL, at=NOON)
    return {"lin": [lin.role_name, lin.password, lin.command], "mo": [mo.role_name, mo.password]}


def _gave_a_part() -> dict[str, object]:
    """Nan sees the customers of one branch; what lasts too long in her window is ended."""
    lake = sorted(one.id for one in branches())[:1]
    nan = give_sql_login("nan", view="standard", within=Within(tuple(lake)), by=EMIL, at=NOON)
    words = administrator(settings.HOME, os.environ) | {"user": nan.role_name, "password": nan.password}
    session = psycopg.connect(**words)
    rows = session.execute("SELECT count(*) FROM customer WHERE home_branch_id IS NOT NULL").fetchone()
    time.sleep(1.2)
    watched = watch_sql(at=NOON, lasts_at_most=timedelta(seconds=1))
    session.close()
    return {"nan": [nan.role_name, nan.password], "part": [*(rows or ()), *lake], "ended": watched.ended}


def _said(report: HouseReport) -> dict[str, object]:
    findings = [f"{one.code} {one.place}: {one.expected} / {one.found}" for one in report.findings]
    return {"findings": findings, "limits": list(report.limits), "counts": dict(report.counts)}


if __name__ == "__main__":
    assert os.environ["DATABASE_URL"]
    sys.stdout.write(json.dumps(live()) + "\n")
