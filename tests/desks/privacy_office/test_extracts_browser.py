"""An extract in a real Chromium: Emil declares it, reads the risk, lets it go, and sees why there is no second file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import LOOKS, Visitor
from tests.extracts import households_move_in
from tests.figures import lets_figures_leave, open_house
from tests.story import shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]
PICTURES = os.environ.get("REGULARS_PICTURES", "")


def looked(emil: Visitor, name: str) -> None:
    """The page as it is now has no findings and does not slide; a picture of it where one is wanted."""
    if PICTURES:
        emil.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    assert emil.findings() == [], name
    assert not emil.slides_sideways(), name


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_from_a_declaration_to_the_files(house: None, visitor: Making, language: str, theme: str, width: int) -> None:
    shop()
    open_house()
    lets_figures_leave()
    households_move_in()
    emil = visitor(language=language, theme=theme, width=width).comes_in("emil")
    emil.complaints.clear()
    page = emil.goes_to("/privacy/disclosures/acme/")
    page.click("a[href$='/acme/extract/']")
    looked(emil, f"extract-none-{language}-{theme}")
    page.fill("input[name=name]", "Who our regulars are")
    page.select_option("select[name=known]", ["customer.city", "customer.birth_on", "customer.sex"])
    page.select_option("select[name=confidential]", "score.rfm_group")
    page.fill("form.measure input[name=because]", "the study")
    page.click("form.measure button.go")
    page.wait_for_selector("form[action$='/release/']")
    looked(emil, f"extract-{language}-{theme}")
    page.fill("form[action$='/release/'] input[name=because]", "the study")
    with page.expect_download() as download:
        page.click("form[action$='/release/'] button")
    assert download.value.suggested_filename.endswith("extract.csv.zip")
    page.reload()
    assert page.locator("form[action$='/release/']").count() == 0
    assert page.locator("td span.mid").count() > 0
    looked(emil, f"extract-stands-{language}-{theme}")
    assert emil.complaints == []
