"""The evidence and the reports, as Emil sees them; what he hands over; and that nobody else comes in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from regulars.charts.data_model import BOX_HEIGHT, BOX_WIDTH, Drawn, data_model
from regulars.connections.postgres.securing import Connection
from regulars.desks.privacy_office.words import PRECEDENCE_WORDS
from regulars.journeys.close_batch import close_batches
from regulars.journeys.need_to_know import ask_for_reason
from regulars.journeys.report_reach import reads_without_assignment, rights_never_used
from regulars.journeys.write_statement import publish
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.company.models import Branch
from regulars.records.dictionary import DICTIONARY
from regulars.records.staff.access import asker_of
from regulars.records.staff.access import signed_in as signed_in_as
from regulars.records.staff.actions import hire, issue_purpose_token, issue_token
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.precedence import PRECEDENCE
from regulars_verifier.__main__ import verify
from tests.cast import DORA, EMIL, MIA, NOON, ann, asking, bob
from tests.desks.visitors import signed_in
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
ROOMS = ("evidence/", "reports/", "reports/model/")


@pytest.fixture
def emil() -> Client:
    wanqing(shop())
    return signed_in("emil")


def shown(client: Client, path: str) -> str:
    answer = client.get(f"/privacy/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_rooms_open_in_both_languages(emil: Client, language: str) -> None:
    emil.cookies["regulars_language"] = language
    for path in ROOMS:
        assert "{{" not in shown(emil, path)


def test_nobody_else_comes_in(emil: Client) -> None:
    mia = signed_in("mia")
    for path in ROOMS:
        assert mia.get(f"/privacy/{path}").status_code == 403
    for path in ("evidence/verify/", "evidence/bundle/"):
        assert mia.post(f"/privacy/{path}").status_code == 403


def test_the_page_says_how_the_log_stands(emil: Client) -> None:
    assert "has not been closed yet" in shown(emil, "evidence/")
    publish({"en": "We keep little.", "zh-hans": "我们只留必要的。"}, by=EMIL, at=NOON)
    close_batches(at=timezone.now())
    page = shown(emil, "evidence/")
    assert "closed for good" in page
    assert "No copy leaves this machine." in page
    assert "Statement" in page


def test_a_log_nobody_closes_is_said(emil: Client) -> None:
    close_batches(at=timezone.now() - timedelta(hours=2))
    assert "nobody works in the background" in shown(emil, "evidence/")


def test_everything_is_read_again_on_demand(emil: Client, administrator_connection: Connection) -> None:
    note_access(DORA, door="open_customer", because="serving", rows=1, customer_id=ann().id)
    answer = emil.post("/privacy/evidence/verify/", follow=True).content.decode()
    assert "Every closed line is as it was" in answer
    administrator_connection.execute("UPDATE vault.access_entry SET who = 'Nobody' WHERE customer_id IS NOT NULL")
    answer = emil.post("/privacy/evidence/verify/", follow=True).content.decode()
    assert "were altered" in answer


def test_the_bundle_comes_as_a_file(emil: Client, tmp_path: Path) -> None:
    publish({"en": "We keep little.", "zh-hans": "我们只留必要的。"}, by=EMIL, at=NOON)
    answer = emil.post("/privacy/evidence/bundle/")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="regulars-')
    (tmp_path / "b.zip").write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert all(one.holds for one in verify(str(tmp_path / "b.zip")))


def test_reports_count_what_was_reached(emil: Client) -> None:
    note_access(DORA, door="open_customer", because="serving", rows=1, customer_id=ann().id)
    note_access(MIA, door="people_where", because="spring list", rows=4321)
    note_denial(MIA, door="open_customer", because="curious")
    page = shown(emil, "reports/")
    assert "4,321" in page
    assert "Opt-out: marketing" in page


def test_a_right_never_used_is_named() -> None:
    hire("lin", "Lin", roles=("steward", "service"), password="x" * 12)
    note_access(asking("Lin", "service"), door="open_customer", because="serving", rows=1)
    at = datetime.now(UTC)
    [never] = rights_never_used(by=EMIL, at=at)
    assert (never.kind, never.who, never.role, never.last_at) == ("seat", "Lin", "steward", None)
    later = rights_never_used(by=EMIL, at=at + timedelta(days=91))
    assert [(one.who, one.role) for one in later] == [("Lin", "steward"), ("Lin", "service")]
    with pytest.raises(Denied):
        rights_never_used(by=MIA, at=at)


def test_a_token_is_used_by_its_view_and_a_seat_however_it_looked() -> None:
    """Who is asked for a reason since then looked through another view before: the seat is in use all the same."""
    hire("lin", "Lin", roles=("service",), password="x" * 12)
    at = timezone.now()
    for name in ("till", "idle"):
        issue_token(name, role="service", issued_by="Emil", at=at)
    for view in ("disclosure", "automated"):
        issue_purpose_token("partner", view=view, issued_by="Emil", at=at)
    lin, till = asking("Lin", "service"), replace(asking("token till", "service"), view="assigned")
    for by in (lin, till, Asker("token partner", "program", "disclosure", "third_party_disclosure")):
        note_access(by, door="open_customer", because="serving", rows=1)
    ask_for_reason("service", asked=True, by=EMIL, at=at)
    found = [(one.kind, one.who, one.view) for one in rights_never_used(by=EMIL, at=at)]
    assert found == [("token", "token idle", "standard"), ("token", "token partner", "automated")]


def test_a_file_opened_outside_ones_branches_is_named(emil: Client) -> None:
    here, there = (Branch.objects.create(ref=ref, name=ref) for ref in ("Here", "There"))
    hire("lin", "Lin", roles=("service",), branches=(here.id,), password="x" * 12)
    one, other = ann(), bob()
    type(one).objects.filter(id=one.id).update(home_branch_id=here.id)
    type(one).objects.filter(id=other.id).update(home_branch_id=there.id)
    for who in (one, other):
        note_access(asking("Lin", "service"), door="open_customer", because="serving", rows=1, customer_id=who.id)
    found = [one for one in reads_without_assignment(by=EMIL, at=datetime.now(UTC)) if one.who == "Lin"]
    assert [(line.customer_id, line.branch_id) for line in found] == [(other.id, there.id)]
    assert other.number in shown(emil, "reports/")


def test_two_of_one_name_each_answer_for_their_own(emil: Client) -> None:
    """One works at the lake and one on the hill, both called Lin; one never comes, the other reads what is not hers."""
    lake, hill = (Branch.objects.get(ref=ref).id for ref in ("lake", "hill"))
    one, two = (
        hire(name, "Lin", roles=("service",), branches=(place,), password="x" * 12)
        for name, place in (("lin", lake), ("lin2", hill))
    )
    at_hill, at_lake = ann(), bob()
    type(at_hill).objects.filter(id=at_hill.id).update(home_branch_id=hill)
    type(at_lake).objects.filter(id=at_lake.id).update(home_branch_id=lake)
    for who in (at_hill, at_lake):
        note_access(seated(two), door="open_customer", because="serving", rows=1, customer_id=who.id)
    at = datetime.now(UTC)
    lines = [(line.who, line.customer_id) for line in reads_without_assignment(by=EMIL, at=at) if "Lin" in line.who]
    assert lines == [("Lin (lin2)", at_lake.id)]
    assert [found.who for found in rights_never_used(by=EMIL, at=at) if "Lin" in found.who] == ["Lin"]
    note_access(seated(one), door="open_customer", because="serving", rows=1, customer_id=at_hill.id)
    lines = [(line.who, line.customer_id) for line in reads_without_assignment(by=EMIL, at=at) if "Lin" in line.who]
    assert lines == [("Lin", at_hill.id), ("Lin (lin2)", at_lake.id)]
    assert "Lin (lin2)" in shown(emil, "reports/")


def seated(staff_id: int) -> Asker:
    """She at her own desk."""
    staff = signed_in_as(staff_id)
    assert staff is not None
    return asker_of(staff, "service")


def test_every_table_is_drawn(emil: Client) -> None:
    page = shown(emil, "reports/model/")
    assert all(table.name in page for table in DICTIONARY)


def test_boxes_stand_apart_and_rails_end_at_the_last() -> None:
    drawn = data_model((Drawn(f"t{n}", (n % 3 == 0, 1, 2), n % 2 == 0) for n in range(17)), middle="t0")
    boxes = [box for band in drawn.bands for box in band.boxes]
    assert len(boxes) == 17
    for one in boxes:
        for other in boxes:
            apart = abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT
            assert apart or one is other
        assert one.x + BOX_WIDTH <= drawn.width
        assert one.bottom <= drawn.height
        assert sum(piece.width for piece in one.pieces) == pytest.approx(BOX_WIDTH - 20, abs=0.2)


def test_every_rule_of_precedence_has_words() -> None:
    assert {code for codes in PRECEDENCE.values() for code in codes} | set(PRECEDENCE) == set(PRECEDENCE_WORDS)
