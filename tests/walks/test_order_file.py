"""The walk of docs/walks/order-file.md, step by step."""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from regulars.connections.files import delimited
from regulars.desks.night_shift.jobs import run_worker
from regulars.desks.shared.intake_words import known_by_words
from regulars.journeys import run_import as running
from regulars.records.access_log.models import AccessEntry
from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.access import find_customers
from regulars.records.customers.models import Customer, CustomerRef, SearchToken
from regulars.records.intake.models import ImportRun
from regulars.records.orders.models import CustomerActivity, MonthTouched, OrderLine
from regulars.records.staff.actions import hire
from tests.cast import DORA, reached_by
from tests.desks.visitors import signed_in
from tests.journeys.order_files import (
    activity_in_vault,
    activity_of_file,
    bring,
    in_a_process_of_its_own,
    lines_in_vault,
    open_shop,
    order_rows,
    vault_count,
    write_rows,
)
from tests.story import PASSWORD
from tests.walks.steps import Steps, walk_through

pytestmark = pytest.mark.usefixtures("house")
HEADINGS = ("小票号", "行号", "会员号", "下单时间", "货号", "品名", "数量", "实付", "门店")
ROWS = [
    ["1001", 1, "M1001", "2026-03-01 10:12", "P1", "羊绒衫", 1, "398.00", "湖滨店"],
    ["1001", 2, "M1001", "2026-03-01 10:12", "P2", "围巾", 2, "196.00", "湖滨店"],
    ["1002", 1, "M1002", "2026-03-02 11:30", "P1", "羊绒衫", 1, "398.00", "湖滨店"],
    ["1003", 1, "M1003", "2026-03-02 15:05", "P3", "衬衫", 1, "259.00", "城西店"],
    ["1004", 1, "M1004", "2026-03-03 09:40", "P4", "大衣", 1, "1280.00", "湖滨店"],
    ["1004", 2, "M1004", "2026-03-10 09:40", "P4", "大衣", -1, "-1280.00", "湖滨店"],
    ["1005", 1, "M1001", "2026-03-04 18:20", "P5", "袜子", 3, "59.70", "城西店"],
    ["1006", 1, "M1002", "2026-03-05 12:00", "P2", "围巾", 1, "", "湖滨店"],
    ["1007", 1, "M1003", "2026-03-06 13:10", "P5", "袜子", 1, "19.90", "城西店"],
    ["1008", 1, "M1004", "2052-03-07 14:00", "P3", "衬衫", 1, "259.00", "湖滨店"],
    ["1009", 1, "M1002", "2026-03-08 16:45", "P1", "羊绒衫", 1, "358.00", "湖滨店"],
    ["1010", 1, "M1003", "2026-03-09 17:00", "P2", "围巾", 1, "98.00", "城西店"],
]


@dataclass
class Story:
    """What the steps hand to each other."""

    folder: Path
    sten: Client = field(init=False)
    file: Path = field(init=False)
    run: ImportRun = field(init=False)
    rows: list[list[object]] = field(default_factory=lambda: [list(row) for row in ROWS])
    page: str = ""

    def bring(self, path: Path) -> None:
        """The file comes in by way of the upload page."""
        with path.open("rb") as file:
            self.sten.post("/data/bring/", {"file": file, "new_source": "till"})
        self.run = ImportRun.objects.latest("id")

    def confirm_and_start(self) -> None:
        """The columns are confirmed as proposed, and the night shift does its work."""
        address = f"/data/imports/{self.run.id}/"
        page = self.sten.get(f"{address}columns/").content.decode()
        selects = re.findall(r'<select id="(column-[0-9]+)".*?>(.*?)</select>', page, re.DOTALL)
        told = {name: "".join(re.findall(r'value="([a-z_]+)" selected', options)) for name, options in selects}
        assert self.sten.post(f"{address}columns/", told)["Location"] == f"{address}trial/"
        self.page = self.sten.get(f"{address}trial/").content.decode()
        self.sten.post(f"{address}start/")
        run_worker(until_empty=True, signals=False)
        self.run.refresh_from_db()


steps = Steps()


@steps.says("Sten has the receipts of March: a CSV in Chinese, encoding GB18030, twelve rows, among them a return.")
def sten_has_a_file(story: Story) -> None:
    open_shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    story.sten = signed_in("sten")
    story.file = write_rows(story.folder / "receipts.csv", story.rows, HEADINGS, encoding="gb18030")


@steps.says(
    "He brings it. It is looked at; every column is understood from its heading and its values, and nothing is written."
)
def he_brings_it(story: Story) -> None:
    story.bring(story.file)
    understood = story.run.settings["understanding"]["columns"]
    assert (story.run.settings["look"]["encoding"], len(understood)) == ("gb18030", len(HEADINGS))
    assert not OrderLine.objects.exists()
    assert not Customer.objects.exists()


@steps.says(
    "He tries it. Ten rows would come in, two would be set aside: one without an amount,"
    " one with a day in the year 2052."
)
def he_tries_it(story: Story) -> None:
    page = story.sten.get(f"/data/imports/{story.run.id}/trial/").content.decode()
    for words in ("Would be new</span><b>10</b>", "Would be set aside</span><b>2</b>", "No amount", "2052-03-07"):
        assert words in page, words
    assert not OrderLine.objects.exists()


@steps.says("He confirms the columns and lets it start. In the background the night shift brings it in.")
def it_is_brought_in(story: Story) -> None:
    story.confirm_and_start()
    assert (story.run.state, story.run.rows_read) == ("finished", 12)


@steps.says(
    "Ten lines are there, each with its customer, its product and its branch."
    " Money is kept in cents, moments with their zone."
)
def lines_are_there(story: Story) -> None:
    assert len(lines_in_vault()) == 10
    assert lines_in_vault()[0] == ("1001", "M1001", "P1", "2026-03-01 10:12", 1000, 39800, "湖滨店")
    assert f"{OrderLine.objects.order_by('ordered_at')[0].ordered_at:%H:%M%z}" == "02:12+0000"


@steps.says(
    "Four customers are new. Nobody of them has said anything yet, so nobody may be written to for what needs a yes."
)
def four_are_new(story: Story) -> None:
    assert story.run.customers_new == Customer.objects.count() == 4
    assert not ChoiceEntry.objects.exists()
    assert not Customer.objects.filter(allows_disclosure=True).exists()
    assert "4 new customers count as unset" in story.sten.get(f"/data/imports/{story.run.id}/").content.decode()


@steps.says("Their running totals are those of their lines. 王芳's coat came back, so it counts as no order.")
def totals_are_right(story: Story) -> None:
    assert activity_in_vault() == {
        "M1001": (2, 3, 65370), "M1002": (2, 2, 75600), "M1003": (3, 3, 37690), "M1004": (0, 2, 0),
    }  # fmt: skip


@steps.says("The months that changed are noted for the warehouse.")
def months_are_noted(story: Story) -> None:
    assert [f"{month:%Y-%m}" for month in MonthTouched.objects.values_list("month", flat=True)] == ["2026-03"]


@steps.says(
    "The two rows set aside are shown with their numbers, their reasons and what one can do;"
    " whoever looks is in the log."
)
def rows_set_aside_are_shown(story: Story) -> None:
    page = story.sten.get(f"/data/imports/{story.run.id}/").content.decode()
    for words in ("No amount", "Row 9", "Was it a gift?", "Date in the future", "2052-03-07"):
        assert words in page, words
    story.sten.get(f"/data/imports/{story.run.id}/set-aside/")
    noted = AccessEntry.objects.latest("id")
    assert (noted.who, noted.door, noted.rows) == ("Sten", "intake.rows_set_aside", 2)


@steps.says("Sten downloads them, mends them and brings them again. Now all twelve are there.")
def they_are_mended(story: Story) -> None:
    answer: Any = story.sten.get(f"/data/imports/{story.run.id}/set-aside.csv")
    text = b"".join(answer.streaming_content).decode()
    text = text.replace("围巾,1,,湖滨店", "围巾,1,98.00,湖滨店").replace(",2052-03-07 14:00,", ",2026-03-07 14:00,")
    story.rows[7][7], story.rows[9][3] = "98.00", "2026-03-07 14:00"
    mended = story.folder / "mended.csv"
    mended.write_text(text, encoding="utf-8")
    story.bring(mended)
    story.confirm_and_start()
    assert (story.run.rows_new, story.run.rows_refused, OrderLine.objects.count()) == (2, 0, 12)
    assert activity_in_vault() == activity_of_file(story.rows)


@steps.says("The till's first file comes once more, by mistake: nothing changes, and he is told so.")
def the_first_file_again(story: Story) -> None:
    before = lines_in_vault()
    report = bring(write_rows(story.folder / "whole.csv", story.rows, HEADINGS))
    assert (report.rows_new, report.rows_changed, report.rows_same) == (0, 0, 12)
    again = bring(story.folder / "whole.csv")
    assert (again.already, again.rows_same) == (report.run_id, 12)
    assert lines_in_vault() == before


@steps.says(
    "The till sends a corrected file: one amount is another, one receipt belongs to February."
    " Two lines change, none is added."
)
def a_corrected_file(story: Story) -> None:
    story.rows[3][7], story.rows[6][3] = "249.00", "2026-02-28 18:20"
    report = bring(write_rows(story.folder / "corrected.csv", story.rows, HEADINGS))
    assert (report.rows_new, report.rows_changed, report.rows_same) == (0, 2, 10)
    assert OrderLine.objects.count() == 12
    assert activity_in_vault() == activity_of_file(story.rows)
    assert "2026-02" in {f"{month:%Y-%m}" for month in MonthTouched.objects.values_list("month", flat=True)}


@steps.says("The next file is killed half-way. What was confirmed stays.")
def killed(story: Story) -> None:
    story.rows += order_rows(1_200)
    story.file = write_rows(story.folder / "april.csv", story.rows, HEADINGS)
    process = in_a_process_of_its_own(story.file, 12_000)
    while process.poll() is None and vault_count("order_line") == 12:
        time.sleep(0.02)
    process.kill()
    process.communicate()
    assert ImportRun.objects.latest("id").state == "running"
    assert 12 < OrderLine.objects.count() < len(story.rows)


@steps.says("It is run again, goes on after the last confirmed row, and every line is there once.")
def run_again(story: Story) -> None:
    confirmed = ImportRun.objects.latest("id").rows_read
    report = bring(story.file, wait=True)
    assert (report.state, report.rows_read, report.rows_same) == ("finished", len(story.rows), 12)
    assert 0 < confirmed < report.rows_read
    assert OrderLine.objects.count() == len(story.rows)
    assert activity_in_vault() == activity_of_file(story.rows)


@steps.says(
    "A file about the customers follows: names, phones, and who agreed to be written to."
    " Cleo's yes is in the ledger with the file as its source."
)
def customers_follow(story: Story) -> None:
    headings = ("会员号", "姓名", "手机", "同意营销")
    people = [["M1001", "Cleo Baker", "+15550100003", "是"], ["M1002", "Bob Baker", "+15550100002", "否"],
              ["M1003", "Ann Archer", "+15550100001", ""], ["M1004", "王芳", "13800138000", ""]]  # fmt: skip
    report = bring(write_rows(story.folder / "people.csv", people, headings))
    assert (report.kind, report.rows_new, report.rows_changed) == ("customers", 0, 4)
    said = ChoiceEntry.objects.get(customer=whose("M1001"))
    assert (said.purpose, said.value, said.source, said.wording) == (
        "direct_marketing",
        "granted",
        "import",
        "同意营销",
    )


@steps.says("Bob's row says no. From that moment the marketing view does not hold him.")
def bob_said_no(story: Story) -> None:
    seen = set(Customer.objects.using("marketing").values_list("id", flat=True))
    assert whose("M1001").id in seen
    assert whose("M1002").id not in seen


@steps.says(
    "Dora finds 王芳 by her name in characters, by its sound, and by her phone,"
    " which is nowhere written in the search keys."
)
def dora_finds_her(story: Story) -> None:
    for asked in ("王芳", "wang fang", "138 0013 8000"):
        assert [one.name for one in find_customers(asked, by=DORA, because="walk")] == ["王芳"], asked
    assert not SearchToken.objects.filter(token__contains="13800138000").exists()


@steps.says(
    "The web shop knows its customers only by their e-mail address."
    " The dry run says that the address will stand for the customer number."
)
def known_by_mail(story: Story) -> None:
    rows = [["W1", "Ann@Example.com", "2026-03-09 20:15", "88.00"], ["W2", "fang@example.com", "2026-03-10", "45.00"]]
    story.file = write_rows(story.folder / "web.csv", rows, ("单号", "邮箱", "下单时间", "实付"))
    tried = bring(story.file, source="web", dry_run=True)
    assert (tried.known_by, tried.rows_new, tried.customers_new) == ("email", 2, 2)
    with override("en"):
        assert "e-mail address in “邮箱” says who it is" in known_by_words(tried.columns)
    assert not CustomerRef.objects.filter(source__ref="web").exists()


@steps.says(
    "The file comes in. Each address is kept as a way to reach its customer;"
    " as her reference there is only a keyed digest of it."
)
def kept_as_digest(story: Story) -> None:
    report = bring(story.file, source="web")
    assert (report.known_by, report.rows_new, report.customers_new) == ("email", 2, 2)
    refs = CustomerRef.objects.filter(source__ref="web").values_list("ref", flat=True)
    assert all(re.fullmatch("email:[0-9a-f]{32}", ref) for ref in refs)
    assert ("email", "Ann@example.com") in reached_by()
    assert not OrderLine.objects.filter(order_ref__contains="@example").exists()
    assert not SearchToken.objects.filter(token__startswith="n:email").exists()


@steps.says("The next file spells an address with other capitals, and finds the same customer.")
def found_again(story: Story) -> None:
    rows = [["W3", "ann@EXAMPLE.com", "2026-03-11 09:00", "12.00"]]
    report = bring(write_rows(story.folder / "web2.csv", rows, ("单号", "邮箱", "下单时间", "实付")), source="web")
    assert (report.rows_new, report.customers_new, report.customers_matched) == (1, 0, 1)
    [ann] = find_customers("ann@example.com", by=DORA, because="walk")
    bought = OrderLine.objects.filter(customer__number=ann.number).values_list("order_ref", flat=True)
    assert sorted(bought) == ["W1", "W3"]


def whose(ref: str) -> Customer:
    return CustomerRef.objects.select_related("customer").get(ref=ref).customer


def test_an_order_file_becomes_order_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BLOCK", 64_000)
    monkeypatch.setattr(running, "ROWS_PER_CHUNK", 1_000)
    walk_through("order-file", steps, Story(tmp_path))
    assert CustomerActivity.objects.exists()
