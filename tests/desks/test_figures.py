"""Figures for a partner through the three desks: the same declaration, the same reasons, the same ledger."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from regulars.desks.cli.main import load
from regulars.journeys.approve import approve, ask_for_two
from regulars.records.access_log.models import AccessEntry, ChangeEntry
from regulars.records.approvals.models import Proposal
from regulars.records.disclosures.models import PartnerRelease
from regulars.records.statistics.models import Cube, CubeAnswer
from regulars.rules.permission.errors import Denied
from tests.cast import EMIL, NOON, asking
from tests.desks.api.programs import program
from tests.desks.visitors import signed_in
from tests.figures import asks, counts, crowd, figures_in, lets_figures_leave, open_house, people
from tests.story import shop

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def acme() -> None:
    """Two large cities and a small one; Acme may have figures."""
    shop()
    open_house()
    lets_figures_leave()
    crowd(30, city="Lyon"), crowd(25, city="Nice"), crowd(3, city="Metz")


def tell(*words: str) -> Result:
    done = CliRunner().invoke(load(words[0]), list(words[1:]), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_at_the_terminal_from_columns_to_the_ledger(acme: None, tmp_path: Path) -> None:
    assert "customer.city" in tell("figures", "columns").output
    offered = json.loads(tell("figures", "columns", "--json").stdout)
    assert {"customer.name", "customer.allergies", "customer.income_band"}.isdisjoint(one["column"] for one in offered)
    tell("figures", "declare", "acme", "--name", "Cities", "--by", "customer.city", "--because", "agreed")
    [cube] = json.loads(tell("figures", "list", "acme", "--json").stdout)
    assert (cube["name"], cube["dimensions"]) == ("Cities", ["customer.city:keep"])
    seen = tell("figures", "preview", "acme", str(cube["id"])).output
    assert "too few people" in seen
    assert "would tell another withheld cell" in seen
    made = json.loads(
        tell("figures", "release", "acme", str(cube["id"]), str(tmp_path), "--because", "x", "--json").stdout
    )
    assert people(figures_in(Path(made["file"]).read_bytes())) == {"(other)": None, "Lyon": 30, "Nice": None, "*": 58}
    [answer] = json.loads(tell("figures", "ledger", "acme", "--json").stdout)
    assert answer["release_id"] == made["release"]
    assert "withheld" in tell("figures", "ledger", "acme", "--answer", str(answer["id"])).output
    tell("figures", "end", "acme", str(cube["id"]), "--because", "printed")
    assert json.loads(tell("figures", "list", "acme", "--json").stdout)[0]["ended_at"]


def test_over_http_for_the_officer_alone(acme: None) -> None:
    emil, dora = program("officer"), program("service")
    wanted = {"name": "Cities", "by": ["customer.city"], "measures": ["orders"], "because": "agreed"}
    assert dora.post("/partners/acme/cubes", wanted).status == 403
    assert emil.post("/partners/acme/cubes", {**wanted, "by": ["customer.name"]}).code() == "cube_never_counts_by"
    made = emil.post("/partners/acme/cubes", {**wanted, "measures": []})
    assert (made.status, made.told["by"]) == (201, ["customer.city:keep"])
    path = f"/partners/acme/cubes/{made.told['id']}"
    cells = {cell["at"][0]: cell for cell in emil.get(f"{path}/preview").told["cells"]}
    assert cells["(other)"]["why"] == ["few_people"]
    assert (cells["Lyon"]["people"], cells["(other)"]["people"], cells["(other)"]["people_now"]) == (30, None, 3)
    assert not CubeAnswer.objects.exists()
    left = Client().post(
        f"/api{path}/release", {"because": "agreed"}, content_type="application/json",
        headers={"Authorization": f"Bearer {emil.secret}"},
    )  # fmt: skip
    assert people(figures_in(left.content))["Lyon"] == 30
    [line] = emil.get("/partners/acme/ledger").told
    assert {tuple(cell["at"]): cell["people"] for cell in line["figures"]}["Lyon",] == 30
    assert emil.post(f"{path}/end", {"because": "over"}).status == 204
    assert emil.get(f"{path}/preview").status == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("too few people", "would tell another withheld cell", "withheld", "City", "told, new")),
        ("zh-hans", ("人数过少", "会透露另一个被隐去的单元格", "隐去", "城市", "告知，新")),
    ],
)
def test_at_the_office_he_sees_what_is_withheld_before_it_leaves(
    acme: None, language: str, words: tuple[str, ...]
) -> None:
    emil = signed_in("emil", language)
    told = {"name": "Cities", "dimensions": ["customer.city:keep"], "percent": 10, "because": "agreed"}
    declared = emil.post("/privacy/disclosures/acme/figures/new/", told, follow=True)
    page = declared.content.decode()
    assert [word for word in words if word not in page] == []
    cube = Cube.objects.get().id
    left = emil.post(f"/privacy/disclosures/acme/figures/{cube}/release/", {"because": "agreed"})
    assert people(figures_in(left.content))["Lyon"] == 30
    room = emil.get("/privacy/disclosures/acme/figures/").content.decode()
    assert "Cities" in room
    assert words[0] in room
    assert emil.get("/privacy/disclosures/acme/").status_code == 200
    assert emil.post(f"/privacy/disclosures/acme/figures/{cube}/end/", {"because": "over"}).status_code == 302


def test_what_cannot_be_counted_is_said_beside_the_form(acme: None) -> None:
    emil = signed_in("emil")
    told = {
        "name": "Cities",
        "dimensions": ["customer.city:keep"],
        "only": "customer.name=Ann",
        "percent": 10,
        "because": "x",
    }
    page = emil.post("/privacy/disclosures/acme/figures/new/", told).content.decode()
    assert "Nobody is counted by customer.name" in page
    assert not Cube.objects.exists()


def test_dora_finds_no_figures(acme: None) -> None:
    cube = counts("customer.city")
    dora = signed_in("dora")
    for path in ("", "new/", f"{cube}/", f"{cube}/release/"):
        assert dora.get(f"/privacy/disclosures/acme/figures/{path}").status_code in (403, 404, 405)


def test_where_two_are_asked_for_declaring_and_releasing_wait(acme: None) -> None:
    """And the second sees what would be counted, and by what."""
    second = asking("Olga", "officer", staff_id=77)
    for act in ("cube", "release"):
        ask_for_two(act, asked=True, by=EMIL)
    first = asking("Emil", "officer", staff_id=76)
    from regulars.journeys.release_figures import NewCube, declare_cube, release_figures

    new = NewCube("Cities", ["customer.city"], only=["customer.city=Lyon|Nice"])
    with pytest.raises(Denied, match="waits_for_second"):
        declare_cube("acme", new, because="agreed", by=first, at=NOON)
    assert not Cube.objects.exists()
    page = signed_in("emil").get("/privacy/approvals/").content.decode()
    assert "A declaration of figures" in page
    assert "customer.city=Lyon|Nice" in page
    assert approve(Proposal.objects.latest("id").id, by=second, at=NOON) is None
    cube = Cube.objects.get()
    with pytest.raises(Denied, match="waits_for_second"):
        release_figures("acme", cube.id, because="agreed", by=first, at=NOON)
    made = approve(Proposal.objects.latest("id").id, by=second, at=NOON)
    assert made is not None
    assert people(figures_in(made.content)) == {"Lyon": 30, "Nice": 25, "*": 55}


def test_every_release_of_figures_is_in_register_log_and_change_book(acme: None) -> None:
    cube = counts("customer.city")
    asks(cube)
    kept = PartnerRelease.objects.get()
    assert (kept.kind, kept.content, kept.people.count()) == ("figures", "figures.csv", 0)
    assert AccessEntry.objects.filter(door="release", allowed=True, who=EMIL.name).exists()
    assert ChangeEntry.objects.filter(door="figures", subject=f"cube {cube}").exists()
