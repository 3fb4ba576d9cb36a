"""Every command of docs/guides/data-room.md, executed one after the other, as a steward would at the terminal.

The numbers in the guide are examples: here each stands for the newest of its kind in this house.
"""

import json
import re
import shlex
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from regulars.records.company.access import now
from regulars.records.customers.models import ContactPoint, Customer, CustomerRef, FieldSaid
from regulars.records.events.models import EventRule, WebhookIn, WriteKey
from regulars.records.groups.models import CustomerGroup, GroupMember
from regulars.records.intake.models import ImportRun, Source
from regulars.records.merging.models import Merge
from regulars.records.orders.models import OrderLine
from regulars.records.own_attributes.models import OwnValue
from regulars.records.tasks.models import Task
from tests.cast import NOON, customer
from tests.desks.cli.terminal import Said, regulars
from tests.house.files import PROJECT
from tests.story import DAY, findable, shop

pytestmark = pytest.mark.usefixtures("house")
GUIDE = (PROJECT / "docs" / "guides" / "data-room.md").read_text()
STANDS_FOR: dict[tuple[str, str], Any] = {
    ("stream", "end-key"): WriteKey, ("stream", "end-rule"): EventRule, ("stream", "renew"): WebhookIn,
    ("stream", "map"): WebhookIn, ("stream", "try"): WebhookIn,
}  # fmt: skip
BESIDE = ("stream webhook", "stream renew", "stream map", "stream try", "stream read shop --no-orders", "quality show")


def commands() -> list[str]:
    """The lines of every shell block, and those named in the text that belong to a block, in the guide's order."""
    found = []
    for block, beside in re.findall(r"^```sh\n(.*?)^```|`(regulars [^`…]+)`", GUIDE, re.MULTILINE | re.DOTALL):
        lines = re.sub(r"\\\n\s*", "", block).splitlines()
        lines += [beside] if beside.removeprefix("regulars ").startswith(BESIDE) else []
        found += [line.partition("  #")[0].strip() for line in lines]
    return found


def furnished(here: Path) -> None:
    """The shop with all the guide speaks of: two records of one person, two sources that disagree, files, a table."""
    at_shop = shop()
    site = Source.objects.create(ref="shop", name="Web shop", created_at=NOON)
    Source.objects.create(ref="crm", name="CRM", created_at=NOON)
    for number, name, phone in (
        ("C-10042", "Ann Archer", "1"),
        ("C-10043", "Carl Archer", "2"),
        ("C-10044", "Anne Archer", "1"),
    ):
        told = {"city": "Lyon", "country": "FR", "source_id": at_shop.source}
        home = None if number == "C-10044" else "2 Oak Street"
        who = customer(name, number=number, phone=f"+1555010000{phone}", street=home, **told)
        CustomerRef.objects.create(source_id=at_shop.source, ref=number, customer=who)
        findable(who)
        ContactPoint.objects.filter(customer=who).update(noted_at=now() - 1_500 * DAY)
    FieldSaid.objects.create(
        customer=Customer.objects.get(number="C-10042"), field="city", source=site, value="Graz", said_at=NOON
    )
    (here / "receipts.csv").write_text("receipt,customer_no,date,amount\nR-1,K-1,2026-03-01,10.00\n")
    (here / "people.csv").write_text("customer_no,name,Wrap\nC-10042,Ann Archer,paper\n")
    (here / "ties.csv").write_text(
        "group,kind,customer,role\noak-street,household,C-10042,adult\noak-street,,C-10043,\n"
    )
    mapping = re.search(r"^```\n(event = .*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    assert mapping is not None
    (here / "mapping.txt").write_text(mapping[1])
    lines = [{"code": "A", "price": "9.50"}]
    told = {"topic": "orders/create", "order": {"id": 7, "lines": lines, "customer": {"id": 1, "mail": "a@b.example"}}}
    (here / "message.json").write_text(json.dumps(told))
    with sqlite3.connect(here / "till.sqlite") as till:
        till.execute("CREATE TABLE sale (id INTEGER, receipt TEXT, card TEXT, sold_at TEXT, paid TEXT)")
        till.execute("INSERT INTO sale VALUES (1, 'T-1', 'K-9', '2026-03-02 10:00', '12.50')")


def meant(line: str) -> list[str]:
    """The words with this house's numbers for those of the guide."""
    words = shlex.split(line)[1:]
    if model := STANDS_FOR.get((words[0], words[1])):
        words[2] = str(model.objects.latest("id").id)
    if words[0] == "cleaned":
        words[1] = str(ImportRun.objects.latest("id").id)
    return words


def test_every_command_of_the_guide_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    furnished(tmp_path)
    told: dict[str, Said] = {}
    for line in commands():
        if "quality ask" in line:
            regulars("quality", "count")
        given = {"table add": f"sqlite:///{tmp_path}/till.sqlite\n", "merge C-10044": "y\n"}
        words = meant(line)
        told[line] = regulars(*words, given=given.get(" ".join(words[:2]), ""))
    assert [(line, one.status, one.err) for line, one in told.items() if one.status] == []
    assert OrderLine.objects.filter(order_ref__in=["R-1", "T-1"]).count() == 2
    assert Source.objects.get(ref="acme").purposes == ["direct_marketing"]
    assert Merge.objects.get().undone_at is not None
    assert OwnValue.objects.count() == 1
    assert Task.objects.filter(kind="ask_again", owner__username="dora").count() >= 1
    assert CustomerGroup.objects.get(ref="nanzhi").company_code == "91110000600037341L"
    assert GroupMember.objects.filter(group__ref="oak-street").count() == 2
    said_of = {" ".join(shlex.split(line)[1:3]): one.out for line, one in told.items()}
    assert "Order Completed" in said_of["stream try"]
    assert "C-10044" in said_of["duplicates list"]
