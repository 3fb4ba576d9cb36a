"""Figures in a real Chromium: Emil declares a table, sees what would be withheld and why, and lets it go."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import LOOKS, Visitor
from tests.figures import crowd, lets_figures_leave, open_house, withdraws
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
def test_from_a_declaration_to_the_ledger(house: None, visitor: Making, language: str, theme: str, width: int) -> None:
    shop()
    open_house()
    lets_figures_leave()
    [ann, *_] = crowd(31, city="Lyon", spends=8_000)
    crowd(18, city="Nice", born=1975, spends=5_000), crowd(14, city="Nice", spends=6_500), crowd(4, city="Metz")
    emil = visitor(language=language, theme=theme, width=width).comes_in("emil")
    emil.complaints.clear()
    page = emil.goes_to("/privacy/disclosures/acme/")
    looked(emil, f"partner-figures-{language}-{theme}")
    page.click("a[href$='/acme/figures/']")
    looked(emil, f"figures-none-{language}-{theme}")
    page.fill("input[name=name]", "Regulars by city")
    page.select_option("select[name=dimensions]", ["customer.city:keep", "customer.birth_on:decade"])
    page.select_option("select[name=measures]", ["money"])
    page.fill("form.measure input[name=because]", "the yearly report")
    page.click("form.measure button.go")
    page.wait_for_url("**/figures/*/")
    looked(emil, f"cube-{language}-{theme}")
    page.fill("form[action$='/release/'] input[name=because]", "the yearly report")
    with page.expect_download() as download:
        page.click("form[action$='/release/'] button")
    assert download.value.suggested_filename.endswith("figures.csv.zip")
    withdraws(ann)
    page.reload()
    assert page.locator("td span.mid").count() > 0
    looked(emil, f"cube-stands-{language}-{theme}")
    page = emil.goes_to("/privacy/disclosures/acme/figures/")
    page.click("details.alarm summary")
    looked(emil, f"figures-{language}-{theme}")
    assert emil.complaints == []
