"""The page about quality in a real Chromium: Sten reads it, turns it over time, and hands out whom to ask again."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from regulars.records.customers.models import ContactPoint, Customer
from regulars.records.quality.counting import count_quality
from regulars.records.staff.actions import hire
from regulars.records.tasks.models import Task
from tests.browser import LOOKS, Visitor
from tests.cast import NOON, STEN, ann, bob
from tests.story import PASSWORD, shop, wanqing

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]
PICTURES = os.environ.get("REGULARS_PICTURES", "")


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_quality_can_be_read_by_everybody(
    house: None, visitor: Making, language: str, theme: str, width: int
) -> None:  # fmt: skip
    at = shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    wanqing(at)
    ann()
    Customer.objects.update(invented=False, source_id=at.source)
    for days in (60, 30):
        count_quality(NOON.date() - timedelta(days=days), by=STEN)
    ContactPoint.objects.filter(customer__number="C-20418", channel="email").update(valid=False)
    bob()
    count_quality(NOON.date(), by=STEN)
    sten = visitor(language=language, theme=theme, width=width).comes_in("sten")
    sten.complaints.clear()
    for query in ("", "?measure=fresh"):
        page = sten.goes_to(f"/data/quality/{query}")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"quality-{language}-{theme}{query[-5:]}.png", full_page=True)
        assert sten.findings() == [], query
        assert not sten.slides_sideways(), query
    page.select_option("select[name=owner]", str(at.dora))
    page.click("form button.go")
    page.wait_for_load_state()
    assert Task.objects.get(kind="ask_again").owner_id == at.dora
    assert sten.complaints == []
