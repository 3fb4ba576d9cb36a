"""What no database can keep is refused in a sentence at every desk, wherever it was typed; and nothing breaks."""

import pytest

from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.story import shop

pytestmark = pytest.mark.usefixtures("house")


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("mia", "/people/?segment=%00"), ("emil", "/privacy/log/?q=%00"),
        ("emil", "/privacy/?who=%00"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("language", "word"), [("en", "Type it anew"), ("zh-hans", "请重新输入")])
def test_a_page_says_so(who: str, path: str, language: str, word: str) -> None:
    shop()
    answer = signed_in(who, language).get(path)
    assert (answer.status_code, word in answer.content.decode()) == (400, True)


def test_a_terminal_says_so() -> None:
    shop()
    said = regulars("protect", "C-\udcff", "--because", "court")
    assert (said.status, "Type it anew" in said.err) == (1, True)


def test_a_program_is_told_so() -> None:
    shop()
    rows = ["x" * 390] * 11 + ["Ann\0Archer"]
    said = program("officer").post("/found-lists/trace", {"rows": rows, "because": "found"})
    assert (said.status, said.code()) == (400, "not_keepable")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", ["/sign-out/", "/account/password/", "/privacy/exports/trace/", "/campaigns/funnel/"])
def test_an_address_that_takes_forms_only_says_so(path: str, language: str) -> None:
    shop()
    emil = signed_in("emil", language)
    answer = emil.get(path)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert {"en": "Nothing to look at", "zh-hans": "这里没有内容"}[language] in answer.content.decode()
    assert emil.get("/account/").status_code == 200  # nothing was done, and she is still there
