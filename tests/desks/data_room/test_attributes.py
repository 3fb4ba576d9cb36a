"""Sten adds an attribute and fills it, Emil classes it; at the desk, at the terminal, over HTTP."""

import json
from html import unescape

import pytest
from django.test import Client

from regulars.records.own_attributes.models import OwnAttribute, OwnValue
from regulars.records.staff.actions import hire
from tests.cast import ann
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.story import PASSWORD, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
PAGE = "/data/attributes/"
TEA = {
    "key": "tea",
    "label": "Favourite tea",
    "label_zh": "爱喝的茶",
    "kind": "choice",
    "choices": "green=Green/绿茶\nred=Black/红茶",
}
CLASSED = {"data_class": "personal", "category": "user.behavior", "purposes": ["service", "direct_marketing"],
           "coarse": "keep", "coarser": "gone", "keep": "730 days after last_seen"}  # fmt: skip


@pytest.fixture
def desks() -> tuple[Client, Client]:
    wanqing(shop())
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    return signed_in("sten"), signed_in("emil")


def page(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_from_a_name_to_a_value_on_the_card(desks: tuple[Client, Client]) -> None:
    sten, emil = desks
    assert "No attribute of your own yet" in page(sten)
    assert "It may be filled now" in unescape(sten.post(PAGE, TEA, follow=True).content.decode())
    assert "not classed" in page(sten)
    assert "Class …" not in page(sten)
    filled = {"number": "C-20418", "key": "tea", "value": "绿茶", "because": "told us"}
    assert sten.post(f"{PAGE}fill/", filled, follow=True).status_code == 200
    assert OwnValue.objects.get().sealed is not None
    assert "Class it so" in page(emil, f"{PAGE}tea/")
    done = unescape(emil.post(f"{PAGE}tea/", CLASSED, follow=True).content.decode())
    assert "730 days after the last sign of life" in done
    assert "最近一次往来后 730 天" in page(signed_in("emil", "zh-hans"))
    assert OwnValue.objects.get().text == "green"
    assert "Favourite tea" in page(signed_in("dora"), "/customers/C-20418/")
    assert emil.post(f"{PAGE}tea/retire/", follow=True).status_code == 200
    assert "No attribute of your own yet" in page(sten)


def test_sten_classes_nothing_and_mia_sees_no_such_page(desks: tuple[Client, Client]) -> None:
    sten, _ = desks
    sten.post(PAGE, TEA)
    assert sten.post(f"{PAGE}tea/", CLASSED).status_code == 403
    assert sten.post(f"{PAGE}tea/retire/").status_code == 403
    assert signed_in("mia").get(PAGE).status_code == 403
    assert OwnAttribute.objects.get().data_class == ""


def test_what_cannot_be_meant_is_told_in_the_form(desks: tuple[Client, Client]) -> None:
    sten, emil = desks
    assert "cannot be a key" in unescape(sten.post(PAGE, TEA | {"key": "Tee!"}).content.decode())
    sten.post(PAGE, TEA)
    assert "no value" in unescape(
        sten.post(f"{PAGE}fill/", {"number": "C-20418", "key": "tea", "value": "cola", "because": "x"}).content.decode()
    )
    assert "must be gone" in unescape(
        emil.post(f"{PAGE}tea/", CLASSED | {"data_class": "identifying", "coarser": "keep"}).content.decode()
    )


def test_the_office_hands_out_the_dictionary_in_two_vocabularies(desks: tuple[Client, Client]) -> None:
    _, emil = desks
    assert json.loads(emil.get("/privacy/dictionary/fides/").content)["dataset"][0]["fides_key"] == "regulars"
    ld = emil.get("/privacy/dictionary/dpv/")
    assert ld["Content-Type"].startswith("application/ld+json")
    assert "@context" in json.loads(ld.content)


def test_at_the_terminal() -> None:
    who = ann()
    regulars(
        "attributes",
        "add",
        "tea",
        "--kind",
        "choice",
        "--label",
        "Tea",
        "--label-zh",
        "茶",
        "--choice",
        "green=Green/绿茶",
    )
    said = ("--class", "personal", "--category", "user.behavior", "--purpose", "service")
    told = regulars("attributes", "class", "tea", *said, "--keep", "90 days after noted")
    assert "Seen through: standard, personal" in told.out
    assert regulars("attributes", "set", who.number, "tea", "green", "--because", "told us").status == 0
    (listed,) = regulars("attributes", "list", "--json").json()
    assert (listed["key"], listed["values"], listed["keep"]) == ("tea", 1, "90 days after noted")
    assert regulars("attributes", "set", who.number, "tea", "cola", "--because", "told us").status == 1
    assert "own_attributes" in regulars("dictionary", "--fides").out
    assert "#own.tea" in regulars("dictionary", "--dpv").out
    assert regulars("attributes", "retire", "tea").status == 0


def test_over_http() -> None:
    who, officer, steward, service = ann(), program("officer"), program("steward"), program("service")
    new = {"key": "shoe_size", "kind": "number", "label": "Shoe size", "label_zh": "鞋码"}
    assert steward.post("/attributes", new).status == 201
    said = {"data_class": "personal", "purposes": ["service"]}
    assert steward.put("/attributes/shoe_size/class", said).status == 403
    shown = {"standard": "keep", "assigned": "keep", "personal": "keep"}
    assert officer.put("/attributes/shoe_size/class", said).told["shown"] == shown
    value = {"value": "42.5", "because": "told us"}
    assert service.put(f"/customers/{who.number}/attributes/shoe_size", value).status == 204
    (fact,) = service.get(f"/customers/{who.number}/attributes", because="serving").told
    assert (fact["value"], fact["shown"]) == ("42.5", "keep")
    assert "own.shoe_size" in json.dumps(steward.get("/dictionary/dpv").told)
    assert officer.delete("/attributes/shoe_size").status == 204
    assert officer.get("/attributes").told == []
