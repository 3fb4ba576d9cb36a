"""Fay is hired in a real Chromium: Emil hands her a link, she sets a password, signs in, and her seats change."""

from collections.abc import Callable

import pytest

from regulars.records.staff.access import somebody
from tests.browser import LOOKS, Visitor
from tests.story import shop

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("house")]
Making = Callable[..., Visitor]
HERS = "her very own password"


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_fay_begins_to_work_here(visitor: Making, language: str, theme: str, width: int) -> None:
    shop()
    look = {"language": language, "theme": theme, "width": width}
    emil = visitor(**look).comes_in("emil")
    page = emil.goes_to("/privacy/people/")
    page.click("main details summary")
    assert emil.findings() == []
    assert not emil.slides_sideways()
    page.fill("main input[name=username]", "fay")
    page.fill("main input[name=full_name]", "Fay Chen")
    page.check("main details input[name=roles][value=service]")
    with page.expect_navigation():
        page.click("main details button.go")
    link = page.input_value("main input.secret")
    assert emil.findings() == []
    assert not emil.slides_sideways()
    fay = visitor(**look)
    hers = fay.goes_to(link.removeprefix("http://").partition("/")[2].join(("/", "")))
    assert fay.findings() == []
    hers.fill("input[name=password]", HERS)
    with hers.expect_navigation():
        hers.press("input[name=password]", "Enter")
    hers.fill("input[name=username]", "fay")
    hers.fill("input[name=password]", HERS)
    with hers.expect_navigation():
        hers.press("input[name=password]", "Enter")
    assert "/sign-in/" not in hers.url
    page.goto(f"{emil.address}/privacy/people/fay/")
    page.check("main input[name=roles][value=marketer]")
    with page.expect_navigation():
        page.click("main form[action$='/seats/'] button")
    found = somebody("fay")
    assert found is not None
    assert set(found.roles) == {"service", "marketer"}
    assert "/sign-in/" in fay.goes_to("/customers/").url
    page.goto(f"{emil.address}/privacy/people/emil/")
    assert page.locator("main form[action$='/seats/'] button").count() == 0
    assert emil.findings() == []
