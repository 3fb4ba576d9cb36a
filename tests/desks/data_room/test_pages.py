"""Sten, the steward, brings a file: chosen, columns confirmed, tried, brought in by the night shift, mended."""

import csv
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regulars.desks.night_shift.jobs import run_worker
from regulars.journeys.receive_events import receive_events
from regulars.records.access_log.models import AccessEntry
from regulars.records.company.access import CompanyFacts, now
from regulars.records.company.actions import set_up_company
from regulars.records.events.write_keys import make_write_key, recognise
from regulars.records.intake.access import source_lines
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.intake.models import ImportRun, Source
from regulars.records.orders.models import OrderLine
from regulars.records.staff.actions import hire
from tests.cast import NOON, STEN
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.journeys.order_files import order_rows, write_rows
from tests.story import PASSWORD

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def staff() -> None:
    set_up_company(CompanyFacts("South Branch", "南枝衣铺", None, "CN", "CNY", "Asia/Shanghai", False))
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    hire("emil", "Emil", roles=["officer"], password=PASSWORD)
    hire("dora", "Dora", roles=["service"], password=PASSWORD)


def upload(client: Client, path: Path, **more: str) -> Any:
    with path.open("rb") as file:
        return client.post("/data/bring/", {"file": file, "new_source": "till", **more})


def offered(page: str) -> dict[str, str]:
    """What the form of the page would send as it stands."""
    chosen = {}
    for name, options in re.findall(r'<select id="(column-[0-9]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen[name] = "".join(re.findall(r'value="([a-z_]+)" selected', options))
    return chosen


def confirmed(client: Client, run: int) -> Any:
    """Whatever the page proposes is sent back as it is."""
    page = client.get(f"/data/imports/{run}/columns/").content.decode()
    return client.post(f"/data/imports/{run}/columns/", offered(page))


def brought_in(client: Client, path: Path) -> ImportRun:
    """The whole way by hand and by the night shift."""
    answer = upload(client, path)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    run = ImportRun.objects.latest("id")
    assert answer["Location"] == f"/data/imports/{run.id}/columns/"
    assert confirmed(client, run.id)["Location"] == f"/data/imports/{run.id}/trial/"
    assert client.get(f"/data/imports/{run.id}/trial/").status_code == 200
    assert client.post(f"/data/imports/{run.id}/start/")["Location"] == f"/data/imports/{run.id}/"
    assert 'hx-trigger="every' in client.get(f"/data/imports/{run.id}/").content.decode()
    run_worker(until_empty=True, signals=False)
    run.refresh_from_db()
    return run


def test_sten_brings_a_file_and_reads_its_report(tmp_path: Path) -> None:
    rows = order_rows(20)
    rows[3][7], rows[4][3] = "two", "2052-01-01"
    sten = signed_in("sten")
    run = brought_in(sten, write_rows(tmp_path / "receipts.csv", rows))
    assert (run.state, run.rows_new, run.rows_refused) == ("finished", 58, 2)
    page = sten.get(f"/data/imports/{run.id}/").content.decode()
    for words in (
        "Import: till",
        "receipts.csv",
        "Not a number",
        "Date in the future",
        "2052-01-01",
        "count as unset",
        "Set aside",
    ):
        assert words in page, words
    assert "hx-get" not in page
    assert OrderLine.objects.count() == 58


def test_nothing_is_written_before_the_start(tmp_path: Path) -> None:
    sten = signed_in("sten")
    upload(sten, write_rows(tmp_path / "receipts.csv", order_rows(5)))
    run = ImportRun.objects.get()
    confirmed(sten, run.id)
    page = sten.get(f"/data/imports/{run.id}/trial/").content.decode()
    assert re.search(r"Would be new</span><b>15</b>", page)
    assert "Nothing has been written" in page
    assert (OrderLine.objects.count(), ImportRun.objects.get().state) == (0, "looking")
    sten.post(f"/data/imports/{run.id}/forget/")
    assert not ImportRun.objects.exists()


def test_the_same_page_in_chinese(tmp_path: Path) -> None:
    rows = order_rows(3)
    rows[0][7] = "两件"
    run = brought_in(signed_in("sten"), write_rows(tmp_path / "receipts.csv", rows))
    page = signed_in("sten", "zh-hans").get(f"/data/imports/{run.id}/").content.decode()
    for words in ("导入：till", "放在一边的行", "不是数字", "两件", "新订单行", "一律按没表态"):
        assert words in page, words


def test_the_moving_part_comes_alone_and_says_how_far(tmp_path: Path) -> None:
    sten = signed_in("sten")
    upload(sten, write_rows(tmp_path / "receipts.csv", order_rows(5)))
    run = ImportRun.objects.get()
    confirmed(sten, run.id)
    sten.post(f"/data/imports/{run.id}/start/")
    told = {
        "step": "writing",
        "share": 0.62,
        "rows_expected": 1000,
        "rows_per_second": 2220.4,
        "seconds_left": 220,
        "give_or_take": 20,
    }
    ImportRun.objects.filter(id=run.id).update(state="running", rows_read=620, progress=told)
    part = sten.get(f"/data/imports/{run.id}/progress/").content.decode()
    assert "<html" not in part
    for words in (
        'value="620" max="1000"',
        "3 min 40 s",
        "give or take 20 s",
        "2,220 rows a second",
        "hx-trigger",
        "cut off",
    ):
        assert words in part, words


def test_sten_stops_an_import_and_lets_it_go_on(tmp_path: Path) -> None:
    sten = signed_in("sten")
    upload(sten, write_rows(tmp_path / "receipts.csv", order_rows(5)))
    run = ImportRun.objects.get()
    confirmed(sten, run.id)
    sten.post(f"/data/imports/{run.id}/start/")
    sten.post(f"/data/imports/{run.id}/stop/")
    run_worker(until_empty=True, signals=False)
    page = sten.get(f"/data/imports/{run.id}/").content.decode()
    assert "Sten stopped it" in page
    assert OrderLine.objects.count() == 0
    sten.post(f"/data/imports/{run.id}/start/")
    run_worker(until_empty=True, signals=False)
    assert (OrderLine.objects.count(), ImportRun.objects.get().state) == (15, "finished")


def test_the_download_mended_comes_in_from_here(tmp_path: Path) -> None:
    rows = order_rows(4)
    right = str(rows[3][7])
    rows[3][7] = "two"
    sten = signed_in("sten")
    run = brought_in(sten, write_rows(tmp_path / "receipts.csv", rows))
    answer = sten.get(f"/data/imports/{run.id}/set-aside.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[arg-type]
    assert next(csv.reader([text.splitlines()[1]]))[:4] == ["5", "Not a number", "amount", "two"]
    (tmp_path / "mended.csv").write_text(text.replace(",two,S", f",{right},S"), encoding="utf-8")
    mended = brought_in(sten, tmp_path / "mended.csv")
    assert (mended.rows_new, mended.rows_refused, OrderLine.objects.count()) == (1, 0, 12)


def test_rows_set_aside_are_looked_at_with_a_line_in_the_log(tmp_path: Path) -> None:
    rows = order_rows(2)
    rows[0][7] = "=cmd()"
    sten = signed_in("sten")
    run = brought_in(sten, write_rows(tmp_path / "receipts.csv", rows))
    before = AccessEntry.objects.count()
    page = sten.get(f"/data/imports/{run.id}/set-aside/?reason=not_a_number").content.decode()
    assert "=cmd()" in page
    noted = AccessEntry.objects.latest("id")
    assert (AccessEntry.objects.count(), noted.who, noted.view, noted.rows) == (before + 1, "Sten", "repair", 1)


def test_phone_numbers_are_shown_by_their_shape_only(tmp_path: Path) -> None:
    headings = ("customer_no", "name", "phone")
    sten = signed_in("sten")
    upload(sten, write_rows(tmp_path / "people.csv", [["M1", "王芳", "13800138000"]] * 3, headings))
    page = sten.get(f"/data/imports/{ImportRun.objects.get().id}/columns/").content.decode()
    assert "13800138000" not in page
    assert "•••••••••••" in page


def test_dora_has_no_data_room_and_emil_only_looks(tmp_path: Path) -> None:
    run = brought_in(signed_in("sten"), write_rows(tmp_path / "receipts.csv", order_rows(2)))
    emil, dora = signed_in("emil"), signed_in("dora")
    assert dora.get("/data/").status_code == 403
    assert dora.get(f"/data/imports/{run.id}/set-aside.csv").status_code == 403
    assert emil.get("/data/").status_code == 200
    assert emil.get(f"/data/imports/{run.id}/").status_code == 200
    assert emil.get("/data/bring/").status_code == 403
    assert emil.post(f"/data/imports/{run.id}/stop/").status_code == 403


def test_an_import_that_is_not_there_is_a_page(tmp_path: Path) -> None:
    assert signed_in("sten").get("/data/imports/999/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "is empty"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(64), "is a picture"),
        ("archive.zip", b"PK\x03\x04" + bytes(64), "is damaged"),
        ("paper.pdf", b"%PDF-1.7\n", "is a text document"),
    ],
)
def test_a_file_that_is_no_table_gets_a_sentence(name: str, content: bytes, words: str) -> None:
    sten = signed_in("sten")
    answer = sten.post("/data/bring/", {"file": SimpleUploadedFile(name, content), "new_source": "till"})
    if answer.status_code == 302:
        answer = confirmed(sten, ImportRun.objects.get().id)
    assert words in answer.content.decode()
    assert OrderLine.objects.count() == 0


def test_a_missing_column_is_said_and_can_be_chosen(tmp_path: Path) -> None:
    sten = signed_in("sten")
    upload(
        sten,
        write_rows(tmp_path / "odd.csv", [["R1", "M1", "2025-03-01", "5"]], ("c1", "c2", "c3", "c4")),
        kind="orders",
    )
    run = ImportRun.objects.get()
    answer = confirmed(sten, run.id)
    assert answer.status_code == 422
    assert "Without this no row can be taken" in answer.content.decode()
    told = {"column-0": "order_ref", "column-1": "customer_ref", "column-2": "ordered_at", "column-3": "amount"}
    twice = sten.post(f"/data/imports/{run.id}/columns/", told | {"column-0": "amount"})
    assert "cannot both be" in twice.content.decode()
    assert sten.post(f"/data/imports/{run.id}/columns/", told).status_code == 302


def test_an_open_question_is_asked_on_the_page(tmp_path: Path) -> None:
    sten = signed_in("sten")
    rows = [["R1", 1, "M1", "03/04/2025", "P1", "Wool", 1, "10.00", "S1"]]
    upload(sten, write_rows(tmp_path / "receipts.csv", rows))
    run = ImportRun.objects.get()
    page = sten.get(f"/data/imports/{run.id}/columns/").content.decode()
    assert "which comes first, day or month?" in page
    told = offered(page)
    assert sten.post(f"/data/imports/{run.id}/columns/", told).status_code == 422
    assert sten.post(f"/data/imports/{run.id}/columns/", told | {"date_order": "dmy"}).status_code == 302


def test_a_source_has_an_owner_a_basis_and_a_cycle(tmp_path: Path) -> None:
    sten = signed_in("sten")
    told = {"ref": "till-hubin", "name": "Hubin till", "owner": "Sten", "lawful_basis": "contract", "refresh_days": "1"}
    assert sten.post("/data/sources/new/", told).status_code == 302
    source = Source.objects.get()
    assert (source.ref, source.name, source.refresh_days) == ("till-hubin", "Hubin till", 1)
    assert sten.post("/data/sources/new/", told).status_code == 200
    sten.post(f"/data/sources/{source.id}/", told | {"owner": "Ann"})
    source.refresh_from_db()
    assert source.owner == "Ann"
    assert "Hubin till" in sten.get("/data/").content.decode()


BOUGHT = {
    "ref": "acme", "name": "Acme 2026", "owner": "Mia", "kind": "bought_in", "supplier": "Acme Lists",
    "licence": "A-7", "lawful_basis": "consent", "purposes": ["direct_marketing"], "cost": "1200.50",
    "expires_on": "2026-12-31", "refresh_days": "", "trust": "1",
}  # fmt: skip


def test_a_bought_list_stands_in_the_register_with_its_terms() -> None:
    sten = signed_in("sten")
    refused = sten.post("/data/sources/new/", BOUGHT | {"licence": "", "expires_on": ""}).content.decode()
    assert "the licence, until when it may be kept" in refused
    assert not Source.objects.exists()
    assert sten.post("/data/sources/new/", BOUGHT).status_code == 302
    source = Source.objects.get()
    assert (source.supplier, source.purposes, source.cost_minor, source.trust) == (
        "Acme Lists", ["direct_marketing"], 120050, 1,
    )  # fmt: skip
    page = sten.get("/data/").content.decode()
    assert "1,200.50" in page
    assert "A list that was bought" in page
    assert 'value="1200.50"' in sten.get(f"/data/sources/{source.id}/").content.decode()


def test_programs_and_the_terminal_say_the_same_of_a_source() -> None:
    regulars("source", "say", "acme", "--kind", "external", "--cost", "12.5", "--purpose", "analysis", "--trust", "2")
    told = program("steward").put("/sources/acme", {"expires_on": "2026-12-31", "refresh_days": 30}).told
    assert (told["kind"], told["cost"], told["purposes"]) == (
        "external", {"minor": 1250, "currency": "CNY"}, ["analysis"],
    )  # fmt: skip
    assert program("steward").put("/sources/acme", {"kind": "bought_in"}).code() == "bought_in_needs"
    assert program("steward").put("/sources/nobody", {"trust": 1}).code() == "no_such_source"
    [line] = regulars("source", "list", "--json").json()
    assert (line["source"]["expires_on"], line["source"]["trust"], line["overdue"]) == ("2026-12-31", 2, False)
    assert "12.50" in regulars("source", "show", "acme").out
    assert regulars("source", "show", "nobody").status == 1


def test_a_source_that_never_came_is_overdue_once_its_time_is_over() -> None:
    sten = signed_in("sten")
    opened = ensure_source("feed", by=STEN, at=now() - timedelta(days=9))
    describe_source(opened.id, by=STEN, refresh_days=7)
    assert "none yet, overdue" in sten.get("/data/").content.decode()
    key = recognise(make_write_key(opened.id, "site", by=STEN, at=now())[1])
    assert key is not None
    receive_events({"batch": []}, key=key, at=now(), size=10, call="batch")
    [line] = source_lines(by=STEN)
    assert line.last_at is not None, "what a stream sends came, too"
    assert not line.is_overdue(now())
    assert "overdue" not in sten.get("/data/").content.decode()


def test_who_is_known_by_mail_alone_is_told_before_anything_is_written(tmp_path: Path) -> None:
    sten = signed_in("sten")
    headings = ("order_no", "E-mail", "order_date", "amount")
    rows = [["R1", "ann@example.com", "2025-03-01", "5.00"], ["R2", "bob@example.com", "2025-03-02", "6.00"]]
    upload(sten, write_rows(tmp_path / "web.csv", rows, headings))
    run = ImportRun.objects.latest("id")
    for path in ("columns", "trial"):
        page = sten.get(f"/data/imports/{run.id}/{path}/").content.decode()
        assert "Still without a column" not in page
        assert "e-mail address in “E-mail” says who it is" in page
        assert "ann@example.com" not in page
        confirmed(sten, run.id)
    told = regulars("import", str(tmp_path / "web.csv"), "--source", "web", "--dry-run")
    assert "“E-mail” says who it is" in told.out
    look = program("steward").get(f"/imports/{run.id}/look").told
    tried = program("steward").post(f"/imports/{run.id}/trial", {}).told
    assert (look["known_by"], tried["known_by"], tried["customers_new"]) == ("email", "email", 2)


def test_a_file_without_headings_is_confirmed_column_by_column(tmp_path: Path) -> None:
    sten = signed_in("sten")
    rows = [["cake", "bob", "2025-03-02", "6.50"], ["tea", "ann", "2025-03-09", "1.00"]]
    path = write_rows(tmp_path / "till.csv", rows, ["tea", "ann", "2025-03-01", "5.00"])
    upload(sten, path, kind="orders")
    run = ImportRun.objects.latest("id")
    sten.cookies["regulars_language"] = "zh-hans"
    page = sten.get(f"/data/imports/{run.id}/columns/?header_row=0").content.decode()
    assert "第 1 列" in page
    assert 'name="header_row" value="0"' in page
    chosen = offered(page) | {"column-0": "product_ref", "column-1": "customer_ref", "header_row": "0"}
    assert sten.post(f"/data/imports/{run.id}/columns/", chosen)["Location"] == f"/data/imports/{run.id}/trial/"
    assert "<b>3</b>" in sten.get(f"/data/imports/{run.id}/trial/").content.decode()
    assert ImportRun.objects.get(id=run.id).settings["look"]["header_row"] == 0
    told = regulars("import", str(path), "--source", "new", "--header-row", "0", "--column", "customer_ref=Column 2")
    assert told.status == 1
    assert '--column ordered_at="Column 3"' in told.err
    said = [
        word
        for one in ("ordered_at=Column 3", "amount=Column 4", "customer_ref=Column 2")
        for word in ("--column", one)
    ]
    told = regulars("import", str(path), "--source", "new", "--header-row", "0", *said)
    assert (told.status, "3 rows read, 3 new" in told.out) == (0, True)


def test_rows_set_aside_of_a_file_nobody_has_explained_yet_are_none() -> None:
    sten = signed_in("sten")
    source = Source.objects.create(ref="till", name="Till", created_at=NOON)
    run = ImportRun.objects.create(source=source, file_name="a.csv", asked_by="Sten", created_at=NOON)
    answer = sten.get(f"/data/imports/{run.id}/set-aside.csv")
    assert answer.status_code == 200
    assert len(b"".join(answer).splitlines()) == 1
