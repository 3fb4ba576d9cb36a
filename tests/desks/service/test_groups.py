"""Dora notes who lives together, Sten keeps a company: at the desk, at the terminal, over HTTP."""

from html import unescape

import pytest
from django.test import Client

from regulars.records.groups.models import CustomerGroup, GroupMember
from regulars.records.staff.actions import hire
from tests.cast import customer
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import at_home, signed_in
from tests.story import PASSWORD, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
CARD = "/customers/C-20418/"


@pytest.fixture
def husband() -> str:
    at = shop()
    wanqing(at)
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    return customer("李明", home_branch_id=at.lake).number


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def test_dora_notes_who_lives_together_and_that_he_moved_out(husband: str) -> None:
    dora = signed_in("dora")
    assert "Household and accounts" in page(dora, CARD)
    assert "Nothing is known yet" in page(dora, f"{CARD}groups/")
    said = {"number": husband, "role": "adult", "since": "2025-01-01"}
    assert "李明" in unescape(dora.post(f"{CARD}groups/", said, follow=True).content.decode())
    ref = CustomerGroup.objects.get().ref
    assert "陈婉清" in page(dora, f"/groups/{ref}/")
    assert "¥" in page(dora, f"/groups/{ref}/")
    assert "家庭" in page(at_home("C-20418", "zh-hans"), "/me/data/")
    assert "李明" not in page(at_home("C-20418"), "/me/data/")
    answer = dora.post(f"/customers/{husband}/groups/{ref}/left/", {"until": "2026-03-01"}, follow=True)
    assert answer.status_code == 200
    assert "Nothing is known yet" in page(dora, f"{CARD}groups/")
    assert GroupMember.objects.filter(until_on__isnull=True).count() == 1


def test_what_cannot_be_is_told_in_the_form(husband: str) -> None:
    dora = signed_in("dora")
    own = {"number": "C-20418", "role": "adult"}
    assert "one and the same" in unescape(dora.post(f"{CARD}groups/", own).content.decode())
    nobody = {"number": "C-99999", "role": "adult"}
    assert "alert" in dora.post(f"{CARD}groups/", nobody).content.decode()
    assert not CustomerGroup.objects.exists()


def test_sten_opens_a_company_and_its_branch(husband: str) -> None:
    sten = signed_in("sten")
    top = {"kind": "company", "name": "Nanzhi Group", "company_code": "91110000600037341L", "country": "CN"}
    assert "Nanzhi Group" in unescape(sten.post("/groups/", top, follow=True).content.decode())
    low = {"kind": "company", "name": "Nanzhi East", "country": "CN"}
    sten.post("/groups/", low)
    east, group = (CustomerGroup.objects.get(name=name).ref for name in ("Nanzhi East", "Nanzhi Group"))
    placed = sten.post(f"/groups/{east}/place/", {"parent": group}, follow=True)
    assert "Nanzhi Group" in unescape(placed.content.decode())
    assert "cannot stand above" in unescape(sten.post(f"/groups/{group}/place/", {"parent": east}).content.decode())
    joined = sten.post(f"/groups/{east}/join/", {"number": husband, "role": "buyer"}, follow=True)
    assert "李明" in unescape(joined.content.decode())
    assert "Nanzhi East" in page(sten, "/groups/?q=nanzhi")
    assert "公司账户" in page(signed_in("sten", "zh-hans"), f"/groups/{group}/")
    wrong = top | {"company_code": "91110000600037341A"}
    assert "check digit" in unescape(sten.post("/groups/", wrong).content.decode())


def test_mia_looks_and_writes_nothing(husband: str) -> None:
    mia = signed_in("mia")
    assert "Open an account" not in page(mia, "/groups/")
    assert mia.post("/groups/x/place/", {"parent": "y"}).status_code == 403
    assert mia.get("/groups/H-7/").status_code == 404


def test_the_same_at_the_terminal(husband: str) -> None:
    ref = regulars("group", "open", "household", "--json").json()["ref"]
    for number in ("C-20418", husband):
        assert "Noted" in regulars("group", "join", ref, number, "--as", "adult", "--because", "told us").out
    shown = regulars("group", "show", ref, "--because", "test", "--json").json()
    assert {one["number"] for one in shown["members"]} == {"C-20418", husband}
    assert "¥" in regulars("group", "show", ref, "--because", "test").out
    assert ref in regulars("group", "of", husband, "--because", "test").out
    over = ("--until", "2026-03-01")
    assert "Noted" in regulars("group", "leave", ref, husband, *over, "--because", "moved out").out
    regulars("group", "open", "company", "--name", "Nanzhi", "--ref", "nanzhi")
    regulars("group", "open", "agent", "--name", "Lake Tours", "--ref", "lake")
    assert "Noted" in regulars("group", "under", "nanzhi", "lake").out
    assert "That was known" in regulars("group", "under", "nanzhi", "lake").out
    assert "nanzhi" in regulars("group", "find", "Nan", "--because", "test").out
    assert "Noted" in regulars("group", "from-under", "nanzhi", "lake", *over).out
    assert "no such household" in regulars("group", "show", "H-99999", "--because", "test").err


def test_the_same_over_http(husband: str) -> None:
    ask = program("steward")
    made = ask.post("/groups", {"kind": "household"})
    assert made.status == 201
    ref = made.told["ref"]
    for number in ("C-20418", husband):
        new = {"number": number, "role": "adult", "since": "2024-01-01", "because": "told us"}
        assert ask.post(f"/groups/{ref}/members", new).told == {"new": True}
    told = ask.get(f"/groups/{ref}", because="test").told
    assert told["people"] == 2
    assert sum(one["orders"] for one in told["sums"]) > 0
    [hers] = ask.get("/customers/C-20418/groups", because="test").told
    assert [one["number"] for one in hers["others"]] == [husband]
    left = ask.post(f"/groups/{ref}/members/{husband}/leave", {"until": "2026-03-01", "because": "moved out"})
    assert left.status == 204
    for name in ("top", "low"):
        ask.post("/groups", {"kind": "company", "name": name, "ref": name})
    assert ask.post("/groups/low/place", {"parent": "top"}).told == {"new": True}
    assert ask.post("/groups/top/place", {"parent": "low"}).code() == "group_circle"
    assert ask.post("/groups/low/place/end", {"parent": "top", "until": "2026-03-01"}).status == 204
    assert [one["ref"] for one in ask.get("/groups", text="to", because="test").told] == ["top"]
