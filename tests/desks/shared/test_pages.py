"""The theme switch, and what is said when something goes wrong."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from regulars.desks.shared.pages import set_theme


def test_the_theme_is_remembered_and_the_reader_stays_where_she_was() -> None:
    response = set_theme(RequestFactory().post("/theme/", {"theme": "dark", "next": "/segments/?page=2"}))
    assert response.status_code == 302
    assert response.headers["Location"] == "/segments/?page=2"
    assert response.cookies["theme"].value == "dark"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_nobody_is_led_away_from_the_house(elsewhere: str) -> None:
    response = set_theme(RequestFactory().post("/theme/", {"theme": "purple", "next": elsewhere}))
    assert response.headers["Location"] == "/"
    assert response.cookies["theme"].value == "auto"


def test_a_look_at_the_theme_changes_nothing() -> None:
    assert set_theme(RequestFactory().get("/theme/")).status_code == 405


@pytest.mark.parametrize(
    ("status", "english", "chinese"),
    [
        (400, "This could not be read", "这个没读懂"),
        (403, "Not shown to you", "没有给您看"),
        (404, "Nothing here", "这里没有东西"),
        (500, "Something broke on our side", "我们这边出了岔子"),
        (503, "The database does not answer", "数据库没有回应"),
    ],
)
def test_every_mishap_is_told_in_both_languages_without_asking_the_database(
    status: int, english: str, chinese: str
) -> None:
    for language, said in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            page = render_to_string(f"{status}.html")
        assert said in page
        assert "htmx" not in page.split("<body")[1]


def test_the_two_ways_of_not_being_there_look_alike() -> None:
    with translation.override("en"):
        absent = render_to_string("404.html")
        hidden = render_to_string("404.html", {"code": "not_there", "values": {"number": "C-1"}})
    assert absent == hidden
