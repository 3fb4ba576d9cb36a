"""Need to know in a real Chromium: Dora is refused a file, the customer says who she is, and Emil reads of it."""

from collections.abc import Callable

import pytest

from regulars.journeys.need_to_know import ask_for_reason
from regulars.journeys.serve_customer import give_task
from regulars.records.company.access import now
from regulars.records.staff.access import asker_of, somebody
from tests.browser import LOOKS, Visitor
from tests.cast import EMIL, NOON
from tests.story import shop, wanqing

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("house")]
Making = Callable[..., Visitor]


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_a_customer_who_is_here_and_what_emil_reads_of_it(
    visitor: Making, language: str, theme: str, width: int
) -> None:
    at = shop()
    who = wanqing(at)
    who.touchpoints.all().delete()
    ask_for_reason("service", asked=True, by=EMIL, at=NOON)
    dora = visitor(language=language, theme=theme, width=width).comes_in("dora")
    for path in ("/customers/?q=chen", "/customers/?q=13800004187", f"/customers/{who.number}/"):
        page = dora.goes_to(path)
        assert dora.findings() == [], path
        assert not dora.slides_sideways(), path
        assert "陈婉清" not in page.inner_text("main")
    page.fill("main input[name=said]", "138 0000 4187")
    with page.expect_navigation():
        page.press("main input[name=said]", "Enter")
    assert "陈婉清" in page.inner_text("main")
    dora_at_work = somebody("dora")
    assert dora_at_work is not None
    give_task(
        who.number, kind="call_back", words="", due_on=NOON.date(), owner_id=at.dora,
        by=asker_of(dora_at_work, "service"), at=now(),
    )  # fmt: skip
    emil = visitor(language=language, theme=theme, width=width).comes_in("emil")
    page = emil.goes_to("/privacy/needs/")
    assert emil.findings() == []
    assert not emil.slides_sideways()
    named = "朵拉" if language == "zh-hans" else "Dora"
    assert page.inner_text("main").count(named) == 3  # refused, said she is here, gave herself a task
    with emil.page.expect_navigation():
        emil.page.click("main form:has(input[name=branch]) button.quiet")
    assert emil.page.locator("main form:has(input[name=branch]) button.quiet").count() == 0
    assert "陈婉清" in dora.goes_to(f"/customers/{who.number}/").inner_text("main")
