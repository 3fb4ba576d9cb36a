"""The page about reading in a real Chromium, with somebody stopped, somebody released, and an officer's own alarm."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import timezone

from regulars.journeys.answer_alarm import answer_alarm
from regulars.records.access_log.alarms import open_alarms
from regulars.records.access_log.readings import Passage, pass_counted
from regulars.rules.permission.errors import Denied
from tests.browser import LOOKS, Visitor
from tests.cast import DORA, EMIL, MIA
from tests.desks.shared.test_sign_in_browser import fine
from tests.story import shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_the_page_about_reading_can_be_read_by_everybody(
    house: None, visitor: Making, monkeypatch: pytest.MonkeyPatch, language: str, theme: str, width: int
) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    at, emil = timezone.now(), shop().emil
    for by, most in ((MIA, 10), (DORA, 130), (replace(EMIL, staff_id=emil), 65)):
        for customer in range(most):
            try:
                pass_counted(by, Passage("open_customer", "serving", 1, customer + 1), at=at)
            except Denied:
                break
    slowed = next(one for one in open_alarms() if one.name == "Dora" and one.kind == "slow")
    answer_alarm(slowed.id, by=EMIL, because="stock-taking at the lake shop", at=at)
    for customer in range(1000, 1200):
        try:
            pass_counted(DORA, Passage("open_customer", "serving", 1, customer), at=at)
        except Denied:
            break
    one = visitor(language=language, theme=theme, width=width).comes_in("emil")
    one.complaints.clear()
    one.goes_to("/privacy/readings/")
    fine(one, f"readings-{language}-{theme}")
    assert one.complaints == []
