"""The demonstration's privacy statement: the same promises in both languages, once."""

import re

import pytest

from regulars.journeys.demo.statement import BODIES, publish_once
from regulars.journeys.write_statement import LANGUAGES
from regulars.records.company.access import statement_version
from regulars.records.company.statements import statements

pytestmark = pytest.mark.usefixtures("house")


def test_it_is_published_once_in_both_languages() -> None:
    publish_once()
    publish_once()
    assert statement_version() == 1
    assert {(one.version, one.language, one.is_by_hand) for one in statements()} == {
        (1, language, True) for language in LANGUAGES
    }


def test_both_languages_promise_the_same_line_by_line() -> None:
    shapes = {tuple(part.count("\n") for part in body.split("\n\n")) for body in BODIES.values()}
    assert len(shapes) == 1
    assert [re.findall(r"^\d(?=\.)", body, re.MULTILINE) for body in BODIES.values()] == [[*"123456"]] * 2


def test_it_says_that_people_are_invented_and_is_short() -> None:
    assert "is invented" in BODIES["en"]
    assert "虚构" in BODIES["zh-hans"]
    assert len(BODIES["en"].split()) < 500
