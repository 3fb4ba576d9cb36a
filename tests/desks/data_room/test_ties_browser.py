"""A file of ties in a real Chromium: read by everybody, brought without the mouse."""

from collections.abc import Callable
from pathlib import Path

import pytest

from regulars.records.groups.models import GroupMember
from regulars.records.staff.actions import hire
from tests.browser import LOOKS, Visitor
from tests.cast import ann, bob
from tests.story import PASSWORD, shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]
FILE = "group,kind,customer\noak,household,C-20001\noak,,C-20002\noak,,C-29999\n,household,C-20001\n"


@pytest.fixture
def ties(tmp_path: Path, house: None) -> str:
    shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    ann(), bob()
    (tmp_path / "ties.csv").write_text(FILE)
    return str(tmp_path / "ties.csv")


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_the_pages_can_be_read_by_everybody(
    visitor: Making, ties: str, language: str, theme: str, width: int
) -> None:  # fmt: skip
    sten = visitor(language=language, theme=theme, width=width).comes_in("sten")
    sten.complaints.clear()
    page = sten.goes_to("/data/households/ties/")
    assert sten.findings() == [] and not sten.slides_sideways()
    page.set_input_files("input[type=file]", ties)
    for name in ("tried", "taken"):
        page.locator("main .btn.go").click()
        page.locator(".figs").wait_for()
        page.get_by_text("C-29999").wait_for()
        assert sten.findings() == [] and not sten.slides_sideways(), name
    assert sten.complaints == []


def test_sten_brings_it_by_keyboard(visitor: Making, ties: str) -> None:
    sten = visitor().comes_in("sten")
    page = sten.goes_to("/groups/")
    page.get_by_role("link", name="Bring a file of ties").press("Enter")
    page.wait_for_url("**/data/households/ties/")
    page.set_input_files("input[type=file]", ties)
    page.locator("input[type=file]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Dry run of ties.csv").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="As a file to mend").press("Enter")
    assert "C-29999" in Path(download.value.path()).read_text()
    page.get_by_role("button", name="Bring it in").press("Enter")
    page.get_by_role("heading", name="ties.csv is taken in").wait_for()
    assert GroupMember.objects.count() == 2
