"""What takes two people, in the office: who asks is led to where it waits, and reads there what she asked for."""

import pytest

from tests.cast import ann
from tests.desks.visitors import signed_in
from tests.story import shop

pytestmark = pytest.mark.usefixtures("house")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("now waits", "asked for it herself", "why", "case")),
        ("zh-hans", ("提议", "原因", "事由编号")),
    ],
)
def test_emil_is_led_to_his_proposal_and_not_told_that_he_may_not(language: str, words: tuple[str, ...]) -> None:
    shop()
    number, emil = ann().number, signed_in("emil", language)
    assert emil.post("/privacy/approvals/erasure/", {"asked": "yes"}).status_code == 302
    wish = {"number": number, "because": "asked for it herself", "reference": "T-1"}
    answer = emil.post("/privacy/erasing/", wish, follow=True)
    assert answer.redirect_chain == [("/privacy/approvals/", 302)]
    page = answer.content.decode()
    assert not [word for word in (*words, number) if word not in page]
    assert "because:" not in page
