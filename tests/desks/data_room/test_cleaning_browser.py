"""The report of cleaning in a real Chromium: read by everybody, a rule turned off in the dry run and back again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from regulars.journeys.import_file import import_now
from regulars.records.customers.models import Customer
from regulars.records.intake.models import ImportRun, Source
from regulars.records.staff.actions import hire
from tests.browser import LOOKS, Visitor
from tests.cast import NOON, STEN
from tests.desks.data_room.test_cleaning import HEADINGS, ROWS
from tests.journeys.order_files import write_rows
from tests.story import PASSWORD, shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    hire("emil", "Emil", roles=["officer"], password=PASSWORD)
    return write_rows(tmp_path / "people.csv", ROWS, HEADINGS)


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_every_page_can_be_read_by_everybody(
    file: Path, visitor: Making, language: str, theme: str, width: int
) -> None:
    run = import_now(file, source_ref="club", by=STEN, at=NOON).run_id
    number = Customer.objects.get(given_name="Ann").number
    emil = visitor(language=language, theme=theme, width=width).comes_in("emil")
    emil.complaints.clear()
    originals = f"/data/imports/{run}/originals/?field=phone&reason=country_code_added"
    for path in (f"/data/imports/{run}/", originals, f"/customers/{number}/sources/", f"/customers/{number}/"):
        emil.goes_to(path)
        assert emil.findings() == [], path
        assert not emil.slides_sideways(), path
    assert emil.complaints == []


def test_sten_leaves_names_as_they_are_in_the_dry_run_and_takes_it_back(file: Path, visitor: Making) -> None:
    sten = visitor().comes_in("sten")
    page = sten.goes_to("/data/bring/")
    page.set_input_files("input[type=file]", str(file))
    page.locator("input[name=new_source]").fill("club")
    page.locator("main form button.go").last.click()
    page.wait_for_url("**/columns/")
    assert sten.findings() == []
    page.get_by_role("button", name="These are right").click()
    page.wait_for_url("**/trial/")
    assert sten.findings() == []
    page.get_by_role("button", name="Leave as it is: name put in reading order").click()
    page.get_by_role("button", name="Clean again: name put in reading order").wait_for()
    assert Source.objects.get(ref="club").leave == ["order_turned"]
    page.get_by_role("button", name="Clean again: name put in reading order").click()
    page.get_by_role("button", name="Leave as it is: name put in reading order").wait_for()
    assert Source.objects.get(ref="club").leave == []
    assert ImportRun.objects.get().state == "looking" and not Customer.objects.exists()


def test_emil_reads_on_the_card_how_a_number_came_and_why(file: Path, visitor: Making) -> None:
    import_now(file, source_ref="club", by=STEN, at=NOON)
    number = Customer.objects.get(given_name="芳").number
    emil = visitor().comes_in("emil")
    page = emil.goes_to(f"/customers/{number}/")
    page.get_by_text("came as “138 0013 8000”").wait_for()
    page = emil.goes_to(f"/customers/{number}/sources/")
    page.get_by_text("form of address set apart").first.wait_for()
