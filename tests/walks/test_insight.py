"""The walk of docs/walks/insight.md, step by step, from the command line."""

import csv
import json
import subprocess
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from django.conf import settings

from regulars.desks.cli.main import regulars
from regulars.records.company.access import CompanyFacts, branches, forget_company
from regulars.records.company.actions import set_up_company
from regulars.records.customers.models import Customer, CustomerRef
from regulars.records.orders.models import OrderLine
from regulars.records.scores.models import Score
from regulars.records.staff.actions import hire
from regulars.records.tasks.models import Task
from tests.cast import NOON, said
from tests.connections.files.workbooks import write_workbook
from tests.set_aside import rows_aside
from tests.walks.steps import Steps, walk_through

pytestmark = [pytest.mark.usefixtures("house"), pytest.mark.slow]
SHANGHAI = ZoneInfo("Asia/Shanghai")
PEOPLE = ("Ann", "Bob", "Cleo", "Dan", "Eve", "Fay", "Gil", "Hal", "Ida", "Jo")
AUTUMN = (
    ("A1", "Ann", "2025-11-21", 100), ("A2", "Ann", "2025-12-21", 100), ("C1", "Cleo", "2025-12-10", 120),
    ("D1", "Dan", "2025-12-20", 200), ("E1", "Eve", "2025-10-26", 90), ("E2", "Eve", "2025-11-25", 90),
    ("E3", "Eve", "2025-12-25", 90), ("F1", "Fay", "2025-10-05", 150), ("G1", "Gil", "2025-10-05", 80),
)  # fmt: skip
WINTER = (
    ("A3", "Ann", "2026-01-20", 100), ("A4", "Ann", "2026-02-19", 100), ("C2", "Cleo", "2026-01-09", 60),
    ("G2", "Gil", "2026-02-15", 80), ("H1", "Hal", "2026-01-10", 100), ("J1", "Jo", "2026-02-01", 50),
    ("J1", "Jo", "2026-02-03", -50),
)  # fmt: skip
MARCH = (
    ("A5", "Ann", "2026-03-21", 100), ("B1", "Bob", "2026-03-25", 300), ("H2", "Hal", "2026-03-10", 200),
    ("H2", "Hal", "2026-03-12", -200), ("I1", "Ida", "2026-03-01", 4000),
)  # fmt: skip
#: Days since, orders, money: the table of the walk.
FIGURES = {
    "Ann": (10, 5, 500), "Bob": (6, 1, 300), "Cleo": (81, 2, 180), "Dan": (101, 1, 200), "Eve": (96, 3, 270),
    "Fay": (177, 1, 150), "Gil": (44, 2, 160), "Hal": (80, 1, 100), "Ida": (30, 1, 4000),
}  # fmt: skip
HOUSE_CUTS = "30,90,180,365/1,2,4,9/20000,50000,100000,300000"
OFTEN = '{"all": [{"field": "orders", "operator": "at_least", "value": 3, "days": 90}]}'
CHAMPIONS = '{"all": [{"field": "frequency", "operator": "at_least", "value": 5}]}'
STEPS = Steps()


@dataclass
class Story:
    """Where the files lie, and what the last commands told."""

    folder: Path
    told: dict[str, Any] = field(default_factory=dict)


def command(*words: str) -> str:
    """What `regulars …` prints; it must end well."""
    done = CliRunner().invoke(regulars, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def told(*words: str) -> Any:
    """The last line of `regulars … --json`."""
    return json.loads(command(*words, "--json").splitlines()[-1])


def ref(name: str) -> str:
    return f"M{PEOPLE.index(name) + 1:02}"


def store(name: str) -> str:
    return "S2" if name == "Ida" else "S1"


def at_noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), NOON.time(), SHANGHAI)


def minus(name: str) -> int:
    return -1 if name.startswith("-") else 1


@STEPS.says(
    "Sten brings the file of the autumn: a CSV with Chinese headings in the encoding GB18030. Its columns are "
    "understood without a question."
)
def autumn_comes(story: Story) -> None:
    path = story.folder / "秋季订单.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["订单号", "客户编号", "姓名", "下单时间", "商品名称", "数量", "实付金额", "门店"])
        for order, name, day, amount in AUTUMN:
            writer.writerow([order, ref(name), name, f"{day} 12:00", "羊绒围巾", 1, f"{amount}.00", store(name)])
        writer.writerow(["X1", "M99", "无名", "2025-13-32 12:00", "羊绒围巾", 1, "10.00", "S1"])
    story.told["autumn"] = told("import", str(path), "--source", "till")
    columns = story.told["autumn"]["columns"]
    assert (columns["customer_ref"], columns["ordered_at"], columns["amount"]) == ("客户编号", "下单时间", "实付金额")


@STEPS.says(
    "Nine lines are in. One row has a day that no calendar knows; it is set aside with its number and its reason, and "
    "the others are not held up by it."
)
def nine_are_in(story: Story) -> None:
    report = story.told["autumn"]
    assert (report["state"], report["rows_new"], report["rows_refused"]) == ("finished", 9, 1)
    [refused] = rows_aside()
    assert (refused.row_number, refused.column) == (11, "下单时间")
    assert "2025-13-32" in refused.raw


@STEPS.says(
    "He brings the spreadsheet of January and February. Its headings are English ones; nothing of it is read before he "
    "has said what stands for each now. A line with a negative amount is something given back."
)
def winter_comes(story: Story) -> None:
    rows = [[order, ref(name), name, f"{day} 12:00", "Scarf", minus(str(amount)), amount, store(name)]
            for order, name, day, amount in WINTER]  # fmt: skip
    headings = ["order_no", "customer_no", "name", "order_date", "product_name", "quantity", "amount", "store"]
    path = write_workbook(story.folder / "winter.xlsx", {"Sales": [headings, *rows]})
    unsaid = CliRunner().invoke(regulars, ["import", str(path), "--source", "till"])
    assert unsaid.exit_code != 0 and OrderLine.objects.count() == 9
    meant = ["order_ref", "customer_ref", "name", "ordered_at", "product_name", "quantity", "amount", "branch_ref"]
    columns = [word for pair in zip(meant, headings, strict=True) for word in ("--column", "=".join(pair))]
    report = told("import", str(path), "--source", "till", *columns)
    assert (report["state"], report["rows_new"], report["rows_refused"]) == ("finished", 7, 0)
    assert OrderLine.objects.filter(amount_minor__lt=0).count() == 1


@STEPS.says(
    "He brings the Parquet file of March. The same ten people are recognised by their numbers: nobody is there twice."
)
def march_comes(story: Story) -> None:
    columns = {
        "order_no": [order for order, *_ in MARCH], "customer_no": [ref(name) for _, name, *_ in MARCH],
        "name": [name for _, name, *_ in MARCH], "order_date": pa.array([at_noon(day) for *_, day, _ in MARCH]),
        "product_name": ["Scarf"] * len(MARCH), "quantity": [minus(str(amount)) for *_, amount in MARCH],
        "amount": [float(amount) for *_, amount in MARCH], "store": [store(name) for _, name, *_ in MARCH],
    }  # fmt: skip
    pq.write_table(pa.table(columns), story.folder / "march.parquet")
    report = told("import", str(story.folder / "march.parquet"), "--source", "till")
    assert (report["state"], report["rows_new"], report["customers_new"]) == ("finished", 5, 2)
    assert sorted(CustomerRef.objects.values_list("ref", flat=True)) == [ref(name) for name in PEOPLE]
    assert Customer.objects.count() == 10
    assert OrderLine.objects.count() == 21


@STEPS.says("He brings the same file once more, by mistake. Nothing changes, and he is told so.")
def once_more(story: Story) -> None:
    assert "nothing has changed" in command("import", str(story.folder / "march.parquet"), "--source", "till")
    assert OrderLine.objects.count() == 21


@STEPS.says("The figures are drawn. Nine people have some: Jo, whose only order came back, has none.")
def figures_are_drawn(story: Story) -> None:
    assert "9 customers scored as of 2026-03-31" in command("refresh")
    assert not Score.objects.filter(customer__name="Jo").exists()


@STEPS.says("Days since, orders and money of all nine are those of the table.")
def as_the_table_says(story: Story) -> None:
    rows = Score.objects.values_list("customer__name", "recency_days", "frequency", "monetary_minor")
    assert {name: (days, orders, money / 100) for name, days, orders, money in rows} == FIGURES


@STEPS.says("With the house's cut points Ann is a champion, three are new, two promising, and three need attention.")
def groups_are_told(story: Story) -> None:
    picture = story.told["rfm"] = told("rfm", "--cuts", HOUSE_CUTS, "--back", "31")
    cells = {(cell["recency_band"], cell["frequency_band"]): cell["customers"] for cell in picture["cells"]}
    assert cells == {(5, 4): 1, (5, 1): 2, (4, 2): 2, (4, 1): 1, (3, 3): 1, (3, 1): 2}
    groups = {group["group_name"]: group["customers"] for group in picture["groups"]}
    assert groups == {"champions": 1, "new": 3, "promising": 2, "attention": 3}


@STEPS.says("A month before, Ann was loyal and Eve was, too: the flow shows that one of them rose and the other fell.")
def who_went_where(story: Story) -> None:
    before = {group["group_name"]: group["customers"] for group in story.told["rfm"]["groups_before"]}
    assert before == {"loyal": 2, "promising": 2, "new": 2, "attention": 1}
    flow = {(step["from_group"], step["to_group"]): step["customers"] for step in story.told["rfm"]["flow"]}
    assert flow == {
        ("loyal", "champions"): 1, ("loyal", "attention"): 1, ("promising", "promising"): 2, ("new", "new"): 1,
        ("new", "attention"): 1, ("attention", "attention"): 1, ("arrived", "new"): 2,
    }  # fmt: skip


@STEPS.says("Narrowed to the second shop there is Ida alone.")
def second_shop(story: Story) -> None:
    [second] = [branch.id for branch in branches() if branch.ref == "S2"]
    picture = told("rfm", "--cuts", HOUSE_CUTS, "--branch", str(second))
    assert [(cell["recency_band"], cell["frequency_band"], cell["customers"], cell["monetary"]) for cell in
            picture["cells"]] == [(5, 1, 1, 400_000)]  # fmt: skip


@STEPS.says("Of the five people due in March one bought, two still have time, and two did not come: Dan and Eve.")
def three_lists(story: Story) -> None:
    march = told("lists")[0]
    assert (march["month"], march["due"], march["bought"], march["within_grace"], march["lapsed"]) == (
        "2026-03-01", 5, 1, 2, 2,
    )  # fmt: skip
    lapsed = Score.objects.filter(state="lapsed", grace_until__gte=date(2026, 3, 1))
    assert set(lapsed.values_list("customer__name", flat=True)) == {"Dan", "Eve"}


@STEPS.says(
    "In March the bucket gained two people, kept one and lost two; in February it won Gil back; six are inside at the "
    "end."
)
def leaky_bucket(story: Story) -> None:
    months = {row["month"]: row for row in told("bucket")}
    march, february = months["2026-03-01"], months["2026-02-01"]
    assert [march[name] for name in ("gained", "kept", "won_back", "lapsed", "inside")] == [2, 1, 0, 2, 6]
    assert [february[name] for name in ("gained", "kept", "won_back", "lapsed", "inside")] == [0, 1, 1, 0, 6]
    story.told["march"] = march


@STEPS.says(
    "The money gained, kept and lost in March is 4,300, 100 and 299.67: the lost money is what Dan and Eve would have "
    "brought in a month of 31 days."
)
def money_in_the_bucket(story: Story) -> None:
    march = story.told["march"]
    assert [march[f"{name}_minor"] for name in ("gained", "kept", "lapsed")] == [430_000, 10_000, 29_967]
    assert round(20_000 * 31 / 30) + round(9_000 * 31 / 30) == 29_967


@STEPS.says(
    "Mia makes a segment: three orders or more within ninety days. It reads back as a sentence, holds one person, and "
    "overlaps with the champions in that one."
)
def a_segment(story: Story) -> None:
    read_back = " ".join(command("segment", "try", OFTEN).split())
    assert "at least 3" in read_back
    assert "1 of 10 customers as of 2026-03-31" in read_back
    assert "often: 1 people." in command("segment", "keep", "often", OFTEN, "--name", "Often")
    assert "champions: 1 people." in command("segment", "keep", "champions", CHAMPIONS, "--name", "Champions")
    assert "champions ∩ often" in command("segment", "overlap", "often", "champions")


@STEPS.says("Bob says no to advertising. Counts go on counting him; the list that Mia reads names him no more.")
def bob_says_no(story: Story) -> None:
    everybody = '{"all": [{"field": "frequency", "operator": "at_least", "value": 1}]}'
    assert "everybody: 9 people." in command("segment", "keep", "everybody", everybody, "--name", "Everybody")
    assert "Bob" in command("segment", "people", "everybody")
    said(Customer.objects.get(name="Bob"), "direct_marketing", "denied")
    seen = command("segment", "people", "everybody")
    assert "8 shown to you" in seen
    assert "Bob" not in seen
    assert {row["key"]: row["count"] for row in told("segment", "list")}["everybody"] == 9


@STEPS.says("The lapse list becomes work: Eve and Dan are tasks with an owner, Eve first because she was worth more.")
def work_is_given(story: Story) -> None:
    dora = hire("dora", "Dora", roles=["service"], password="a long enough password")
    assert "2 on the lapse list without a task; 2 tasks opened." in command("tasks", "assign")
    tasks = Task.objects.order_by("-worth_minor").values_list("customer__name", "owner_id", "worth_minor")
    assert list(tasks) == [("Eve", dora, 27_000), ("Dan", dora, 20_000)]
    assert "0 tasks opened" in command("tasks", "assign")


@STEPS.says("The warehouse behind all this holds no name, no phone and no mail.")
def warehouse_is_nameless(story: Story) -> None:
    files = sorted(settings.HOME.warehouse.rglob("*.parquet"))
    assert len(files) > 6
    columns = {name for file in files for name in duckdb.read_parquet(str(file)).columns}
    assert not columns & {"given_name", "family_name", "phone", "email", "street", "number"}
    found = subprocess.run(["grep", "-l", "-r", "-a", "-w", "-E", "Ann|Cleo|Ida", str(settings.HOME.warehouse)],
                           capture_output=True, text=True, check=False)  # fmt: skip
    assert found.stdout == ""


def test_three_files_become_insight(tmp_path: Path) -> None:
    set_up_company(CompanyFacts("South Branch", "南枝衣铺", date(2026, 3, 31), "none", "CNY", "Asia/Shanghai", False))
    forget_company()
    walk_through("insight", STEPS, Story(tmp_path))
