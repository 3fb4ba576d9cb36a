"""An anonymous extract for a partner through the three desks: the same declaration, the same risk, the same files."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from regulars.desks.cli.main import load
from regulars.journeys.approve import approve, ask_for_two
from regulars.journeys.release_extract import NewExtract, declare_extract, release_extract
from regulars.records.access_log.models import ChangeEntry
from regulars.records.approvals.models import Proposal
from regulars.records.customers.models import Customer
from regulars.records.statistics.models import Extract, ExtractAnswer
from regulars.rules.permission.errors import Denied
from tests.cast import EMIL, NOON, asking
from tests.desks.api.programs import program
from tests.desks.visitors import signed_in
from tests.extracts import allow, extracts_for, grouped, hands_out
from tests.figures import crowd, lets_figures_leave, open_house
from tests.story import shop

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def acme() -> None:
    """Two cities, each with its share of gold and tin; Acme may have what is about nobody."""
    shop()
    open_house()
    lets_figures_leave()
    grouped({who: ("gold", "tin")[n % 2] for n, who in enumerate(crowd(300, city="Lyon") + crowd(250, city="Nice"))})


def tell(*words: str) -> Result:
    done = CliRunner().invoke(load(words[0]), list(words[1:]), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_at_the_terminal_from_columns_to_the_files(acme: None, tmp_path: Path) -> None:
    offered = {one["column"]: one["rungs"] for one in json.loads(tell("extract", "columns", "--json").stdout)}
    assert offered["customer.city"] == ["city", "region", "country", "all"]
    assert offered["score.rfm_group"] == []
    assert {"customer.name", "customer.allergies", "customer.income_band"}.isdisjoint(offered)
    assert "confidential only" in tell("extract", "columns").output
    tell("extract", "declare", "acme", "--name", "Regulars", "--known", "customer.city", "--confidential",
         "score.rfm_group", "--because", "agreed")  # fmt: skip
    seen = tell("extract", "preview", "acme").output
    assert "250 people: nobody is found with more than 1 in 250" in seen
    assert json.loads(tell("extract", "preview", "acme", "--json").stdout)["rungs"] == ["city"]
    made = json.loads(
        tell("extract", "release", "acme", str(tmp_path), "--as", "parquet", "--because", "x", "--json").stdout
    )
    assert (Path(made["file"]).suffix, made["rows"]) == (".parquet", 550)
    told = json.loads(tell("extract", "list", "acme", "--json").stdout)
    assert (told["extracts"][0]["known"], told["files"][0]["release_id"]) == (["customer.city:keep"], made["release"])
    assert "550" in tell("extract", "list", "acme").output
    tell("extract", "end", "acme", "--because", "printed")
    assert Extract.objects.get().ended_at


def test_over_http_for_the_officer_alone(acme: None) -> None:
    emil, dora = program("officer"), program("service")
    wanted = {"name": "Regulars", "known": ["customer.city"], "confidential": "score.rfm_group", "because": "agreed"}
    assert dora.post("/partners/acme/extracts", wanted).status == 403
    assert emil.post("/partners/acme/extracts", {**wanted, "known": ["customer.name"]}).code() == "cube_never_counts_by"
    made = emil.post("/partners/acme/extracts", wanted)
    assert (made.status, made.told["known"], made.told["suppressed"]) == (201, ["customer.city:keep"], 2)
    seen = emil.get("/partners/acme/extract/preview").told
    assert (seen["risk"]["smallest"], seen["risk"]["left_out"], seen["fixed"]) == (250, 0, False)
    assert [one["state"] for one in seen["classes"]] == ["told", "told"]
    assert not ExtractAnswer.objects.exists()
    left = Client().post(
        "/api/partners/acme/extract/release", {"because": "agreed"}, content_type="application/json",
        headers={"Authorization": f"Bearer {emil.secret}"},
    )  # fmt: skip
    assert left["Content-Disposition"].endswith('extract.csv.zip"')
    assert emil.post("/partners/acme/extract/release", {"because": "again"}).code() == "extract_moved_by_too_few"
    [line] = emil.get("/partners/acme/extract/files").told
    assert (line["rows"], line["classes"], line["rungs"]) == (550, 2, ["city"])
    assert emil.get("/partners/acme/extracts").told[0]["ended_at"] is None
    assert emil.post("/partners/acme/extract/end", {"because": "over"}).status == 204
    assert emil.get("/partners/acme/extract/preview").status == 404


@pytest.mark.parametrize(
    ("language", "words", "held"),
    [
        ("en", ("Declared risk", "Smallest class", "in the file", "City: city", "Lost by being coarse"), "No class"),
        ("zh-hans", ("声明的风险", "最小的类", "在文件中", "城市：城市", "变粗的损失"), "没有哪一类"),
    ],
)
def test_at_the_office_he_reads_the_risk_before_it_leaves(
    acme: None, language: str, words: tuple[str, ...], held: str
) -> None:
    emil = signed_in("emil", language)
    room = "/privacy/disclosures/acme/extract/"
    assert room in emil.get("/privacy/disclosures/acme/").content.decode()
    told = {"name": "Regulars", "known": ["customer.city"], "confidential": "score.rfm_group", "variety": 2,
            "closeness": 50, "suppressed": 2, "because": "agreed"}  # fmt: skip
    page = emil.post(f"{room}new/", told, follow=True).content.decode()
    assert [word for word in words if word not in page] == []
    left = emil.post(f"{room}release/", {"because": "agreed", "kind": "csv"})
    assert left["Content-Disposition"].endswith('extract.csv.zip"')
    page = emil.get(room).content.decode()
    assert held in page
    assert "550" in page
    assert emil.post(f"{room}release/", {"because": "agreed", "kind": "csv"}).status_code == 302
    assert emil.post(f"{room}end/", {"because": "over"}).status_code == 302
    assert emil.get(room).status_code == 200


def test_what_cannot_be_in_an_extract_is_said_beside_the_form(acme: None) -> None:
    emil = signed_in("emil")
    told = {"name": "Regulars", "known": ["customer.city", "customer.region"], "variety": 2, "closeness": 50,
            "suppressed": 2, "because": "agreed"}  # fmt: skip
    page = emil.post("/privacy/disclosures/acme/extract/new/", told).content.decode()
    assert "of a place the finest says the wider ones" in page
    assert not Extract.objects.exists()


def test_where_nobody_said_yes_the_page_says_why_there_is_no_file(acme: None) -> None:
    extracts_for("customer.city")
    allow((who, "denied") for who in Customer.objects.all())
    page = signed_in("emil").get("/privacy/disclosures/acme/extract/").content.decode()
    assert "fewer than 10 people said yes" in page


def test_dora_finds_no_extract(acme: None) -> None:
    extracts_for("customer.city")
    dora = signed_in("dora")
    for path in ("", "new/", "release/", "end/"):
        assert dora.get(f"/privacy/disclosures/acme/extract/{path}").status_code in (403, 404, 405)


def test_where_two_are_asked_for_declaring_and_releasing_an_extract_wait(acme: None) -> None:
    """And the second sees what would be in it."""
    first, second = asking("Emil", "officer", staff_id=76), asking("Olga", "officer", staff_id=77)
    for act in ("extract", "release"):
        ask_for_two(act, asked=True, by=EMIL)
    new = NewExtract("Regulars", ["customer.city"], "score.rfm_group")
    with pytest.raises(Denied, match="waits_for_second"):
        declare_extract("acme", new, because="agreed", by=first, at=NOON)
    assert not Extract.objects.exists()
    page = signed_in("emil").get("/privacy/approvals/").content.decode()
    assert "A declaration of an extract" in page
    assert "score.rfm_group" in page
    assert approve(Proposal.objects.latest("id").id, by=second, at=NOON) is None
    with pytest.raises(Denied, match="waits_for_second"):
        release_extract("acme", because="agreed", by=first, at=NOON)
    made = approve(Proposal.objects.latest("id").id, by=second, at=NOON)
    assert made is not None
    assert (made.rows, made.name.endswith("extract.csv.zip")) == (550, True)


def test_declaring_and_ending_an_extract_stand_in_the_change_book(acme: None) -> None:
    extract = extracts_for("customer.city")
    hands_out(confidential=False)
    assert ChangeEntry.objects.filter(door="figures", subject=f"extract {extract}").exists()
