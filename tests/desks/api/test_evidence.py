"""Evidence and reports over HTTP: for the officer's programs alone."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from regulars.journeys.close_batch import close_batches
from regulars.journeys.write_statement import publish
from regulars.records.access_log.actions import note_access
from regulars_verifier.__main__ import verify
from tests.cast import DORA, EMIL, NOON, ann
from tests.desks.api.programs import program

pytestmark = pytest.mark.usefixtures("house")
ADDRESSES = ("evidence", "privacy-log", "reports/reached", "reports/unused", "reports/outside", "reports/warehouse")


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_officers_program_asks_and_nobody_elses(address: str) -> None:
    assert program("officer").get(f"/{address}").status == 200
    assert program("marketer").get(f"/{address}").status == 403
    assert program("steward").get(f"/{address}").status == 403


def test_the_state_of_the_evidence() -> None:
    officer = program("officer")
    before = officer.get("/evidence").told
    assert (before["checkpoint"], before["is_alive"]) == (None, False)
    note_access(DORA, door="open_customer", because="serving", rows=1, customer_id=ann().id)
    close_batches(at=timezone.now())
    now = officer.get("/evidence").told
    assert (now["checkpoint"]["lines"] >= 1, now["is_alive"], now["waiting"]["access"]) == (True, True, 0)
    assert [one["is_outside"] for one in now["copies"]] == [False]


def test_what_was_reached() -> None:
    note_access(DORA, door="open_customer", because="serving", rows=1, customer_id=ann().id)
    told = program("officer").get("/reports/reached", days=1).told
    line = next(one for one in told if one["view"] == "standard")
    assert (line["role"], line["reads"], line["people"], line["customers"]) == ("service", 1, 1, 1)
    assert program("officer").get("/reports/reached", days=0).status == 422


def test_the_bundle_is_handed_over_and_holds(tmp_path: Path) -> None:
    publish({"en": "We keep little.", "zh-hans": "我们只留必要的。"}, by=EMIL, at=NOON)
    answer = Client().post(
        "/api/evidence/bundle",
        data="{}",
        content_type="application/json",
        headers={"Authorization": f"Bearer {program('officer').secret}"},
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    (tmp_path / "b.zip").write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert all(one.holds for one in verify(str(tmp_path / "b.zip")))
    assert program("marketer").post("/evidence/bundle", {}).status == 403
