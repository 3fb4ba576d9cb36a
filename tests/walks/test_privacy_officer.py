"""Every command of docs/guides/privacy-officer.md, executed one after the other, as the officer would at the terminal.

The numbers in the guide are examples: here each stands for what the list before it shows of this house.
"""

import os
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.partners import end_partner_login
from regulars.journeys.approve import approve, ask_for_two
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.hand_out_people import people_file
from regulars.journeys.keep_own_attributes import add_own_attribute
from regulars.journeys.serve_customer import hear_complaint, note_touchpoint
from regulars.journeys.sign_in import ask_second_factor_of
from regulars.records.access_log.models import ReadingAlarm
from regulars.records.approvals.models import Proposal
from regulars.records.company.models import Branch
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import Customer
from regulars.records.disclosures.models import PartnerRelease
from regulars.records.exports.models import Export
from regulars.records.free_texts.models import TextFlag
from regulars.records.intake.models import Source
from regulars.records.orders.models import Product
from regulars.records.statistics.models import Cube
from regulars.records.touchpoints.models import Complaint
from regulars.records.watched.models import CanaryAlarm
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.own_attributes import OwnAttribute
from tests.cast import DORA, EMIL, MIA, NOON, STEN, customer, said
from tests.desks.cli.terminal import Said, regulars
from tests.desks.marketing.corner_shop import corner_shop
from tests.house.files import PROJECT
from tests.story import PASSWORD, findable

pytestmark = pytest.mark.usefixtures("house")
GUIDE = PROJECT / "docs" / "guides" / "privacy-officer.md"
HER = "C-10042"
TYPED = {
    "sign-in emil": f"{PASSWORD}\n", "staff hire": "tea-for-2 is good\ntea-for-2 is good\n", "customer erase": "y\n",
}  # fmt: skip
COLLEAGUE = replace(EMIL, staff_id=999)


def commands() -> list[str]:
    """The lines of every shell block, without what is said about them."""
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line.partition(" #")[0].partition(" > ")[0].strip() for line in lines]


@pytest.fixture
def outsiders() -> Iterator[None]:
    """The analyst's and the partner's logins leave with the test."""
    yield
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        connection.execute("DROP POLICY IF EXISTS view_partner_acme ON vault.customer")
        end_partner_login(
            connection, schema="partner_acme", login="regulars_partner_acme", owner="regulars_view_partner_acme"
        )


def furnished() -> list[str]:
    """The corner shop with all the guide speaks of; numbers of customers in a list that left."""
    people = corner_shop(20)
    Branch.objects.create(ref="lake", name="Lake shop")
    source = Source.objects.create(ref="teas", name="Teas", created_at=NOON)
    Product.objects.create(source=source, ref="oolong", name="Oolong", brand="Leaf")
    her = customer("Nora Known", number=HER, email="nora@example.com", phone="+15550104242", allergies="wool")
    findable(her)
    for one in people[3:]:
        said(one, "third_party_disclosure", "granted")
    note_touchpoint(
        HER, kind="note", channel="counter", title="She is a Catholic", detail="", branch_id=None, by=DORA, at=NOON
    )
    hear_complaint(HER, code="product", detail="Cold tea", answer_by=None, owner_id=None, by=DORA, at=NOON)
    return [
        line.number for line in people_file(by=MIA, because="spring", content="Everybody", at=NOON, limit=500).lines
    ]


def before(words: list[str], here: Path) -> None:
    """What has happened in the house before the officer types this."""
    match words[:2]:
        case ["staff", "alarms"]:
            ReadingAlarm.objects.create(
                who="staff 0", name="Dora", role="service", view="standard", kind="stop", at=NOON, files=200, rows=0,
                bound_files=120, bound_rows=9_000,
            )  # fmt: skip
        case ["sign-in", _]:  # no telephone comes along on this walk
            ask_second_factor_of(frozenset(), by=EMIL, at=NOON)
        case ["attributes", "list"]:
            add_own_attribute(OwnAttribute("shoe_size", "number", "Shoe size", "鞋码"), by=STEN, at=NOON)
        case ["canary", "answer"]:
            number = Customer.objects.get(name="Nadja Winter").number
            open_customer(number, by=DORA, because="serving")
        case ["approvals", "list" | "refuse"]:
            who = "C-20010" if words[1] == "list" else "C-20011"
            with pytest.raises(Denied):
                erase_customer(who, by=COLLEAGUE, because="his wish", reference="T-1", at=NOON)
        case ["customer", "erase"]:  # one person is enough again, as two have said
            with pytest.raises(Denied):
                ask_for_two("erasure", asked=False, by=COLLEAGUE)
            approve(newest(Proposal), by=EMIL, at=NOON)
        case ["partner", "recheck"]:
            (here / "names.txt").write_text("0" * 32 + "\n")


def newest(model: Any) -> int:
    return int(model.objects.latest("id").id)


def meant(words: list[str]) -> list[str]:
    """The same with this house's numbers for those of the guide."""
    stands_for: dict[tuple[str, ...], Any] = {
        ("staff", "release"): ReadingAlarm, ("exports", "until"): Export, ("exports", "end"): Export,
        ("canary", "answer"): CanaryAlarm, ("approvals", "approve"): Proposal, ("approvals", "refuse"): Proposal,
        ("texts", "decide"): TextFlag,
    }  # fmt: skip
    if model := stands_for.get(tuple(words[:2])):
        words = [*words[:2], str(newest(model)), *words[3:]]
    if words[0] == "figures" and "1" in words:
        words[words.index("1")] = str(newest(Cube))
    options: dict[str, Callable[[], object]] = {
        "--branch": lambda: Branch.objects.get(ref="lake").id, "--case": lambda: f"K-{newest(Complaint)}",
        "--release": lambda: newest(PartnerRelease),
    }  # fmt: skip
    for option in options.keys() & set(words):
        words[words.index(option) + 1] = str(options[option]())
    return words


@pytest.mark.slow
def test_every_command_of_the_guide_does_what_it_says(
    outsiders: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    listed = "\n".join(furnished())
    for name in ("found.csv", "spring.csv"):
        (tmp_path / name).write_text(f"number\n{listed}\n")
    (tmp_path / "old-list.csv").write_text("email\nold@example.com\nnobody\n")
    told: dict[str, Said] = {}
    for line in commands():
        words = [str(tmp_path) if word == "/tmp" else word for word in shlex.split(line)[1:]]
        before(words, tmp_path)
        told[line] = regulars(*meant(words), given=TYPED.get(" ".join(words[:2]), ""))
    assert {line: (one.status, one.err) for line, one in told.items() if one.status or one.err} == {}
    said_of = {" ".join(shlex.split(line)[1:3]): one.out for line, one in told.items()}
    assert "Mia" in said_of["trace found.csv"]
    assert "Nadja Winter" in said_of["canary list"]
    assert "Dora" in said_of["staff alarms"]
    assert "bi_lea" in said_of["sql list"]
    assert "T-12" in said_of["customer erased"]
    assert (tmp_path / "hers.json").stat().st_size > 1_000
    assert "nobody" in (tmp_path / "not-understood.csv").read_text()
    assert [Customer.objects.filter(number=one).exists() for one in ("C-20010", "C-20011", HER)] == [False, True, False]
