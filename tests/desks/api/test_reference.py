"""The reference page: everything the API says of itself, in both languages, with nothing from outside."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from django.test import Client

from regulars.desks.api.described import shapes, subjects
from regulars.desks.api.reference_page import described
from tests.house.words import catalogues

pytestmark = pytest.mark.usefixtures("house")


def sentences() -> Iterator[str]:
    """Every sentence the page takes over from the description."""
    for subject in subjects(described()):
        yield subject.name
        for one in subject.operations:
            yield one.description
            yield from (field.description for field in (*one.parameters, *one.form))
            yield from (why for _, why in one.refused)
    for shape in shapes(described()):
        yield shape.description
        yield from (field.description for field in shape.fields)


@cache
def page(language: str) -> str:
    client = Client()
    client.cookies["regulars_language"] = language
    answer = client.get("/api/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_sentence_of_the_description_has_its_chinese() -> None:
    known = {str(message.id) for catalogue in catalogues().values() for message in catalogue if message.id}
    assert not sorted({one for one in sentences() if one and one not in known})


def test_every_endpoint_and_every_shape_stands_on_the_page() -> None:
    for path in described()["paths"]:
        assert f"<code>{path}</code>" in page("en")
    for shape in shapes(described()):
        assert f"<code>{shape.name}</code>" in page("en")


def test_every_link_on_the_page_leads_somewhere() -> None:
    anchors = set(re.findall(r'id="([^"]+)"', page("en")))
    assert not set(re.findall(r'href="#([^"]+)"', page("en"))) - anchors


def test_it_is_told_in_chinese() -> None:
    assert "一枚令牌终身属于一个岗位" in page("zh-hans")
    assert "The privacy officer gives tokens" not in page("zh-hans")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_comes_from_outside(language: str) -> None:
    fetched = re.findall(r'(?:src|href)="([^"#]+)"', page(language))
    assert not [one for one in fetched if not one.startswith("/")]
    assert "://cdn" not in page(language)


def test_the_description_is_openapi() -> None:
    told = Client().get("/api/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert told["paths"]["/api/campaigns"]["get"]["x-roles"] == ["marketer", "officer", "steward"]
    assert told["components"]["schemas"]["Mistake"]["required"] == ["code", "sentence", "values"]
