"""The door's further steps in a real Chromium: both languages, light and dark, wide and narrow."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from pyotp import TOTP

from regulars.journeys.sign_in import ask_second_factor_of
from regulars.records.staff.factors import app_in_making
from tests.browser import LOOKS, Visitor
from tests.cast import EMIL
from tests.story import shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]


def fine(one: Visitor, where: str) -> None:
    """Everybody can read it, and it fits; kept as a picture where somebody wants to look."""
    if folder := os.environ.get("REGULARS_PICTURES"):
        one.page.screenshot(path=str(Path(folder) / f"{where}.png"), full_page=True)
    assert one.findings() == [], where
    assert not one.slides_sideways(), where


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_every_step_can_be_read_by_everybody(
    house: None, visitor: Making, language: str, theme: str, width: int
) -> None:
    dora = shop().dora
    ask_second_factor_of(frozenset({"service"}), by=EMIL, at=timezone.now())
    look = f"{language}-{theme}"
    one = visitor(language=language, theme=theme, width=width).signs_in("dora")
    fine(one, f"app-{look}")
    one.page.fill("input[name=code]", TOTP(app_in_making(dora, at=timezone.now())).now())
    one.page.press("input[name=code]", "Enter")
    one.page.wait_for_selector("ul.rows code")
    code = one.page.inner_text("ul.rows li:first-child code")
    fine(one, f"codes-{look}")
    one.page.goto(f"{one.address}/account/")
    fine(one, f"account-{look}")
    assert one.complaints == []
    two = visitor(language=language, theme=theme, width=width).signs_in("dora")
    fine(two, f"code-{look}")
    two.page.fill("input[name=code]", code)
    two.page.press("input[name=code]", "Enter")
    two.page.wait_for_selector("nav.side")
    emil = visitor(language=language, theme=theme, width=width).signs_in("emil")
    emil.goes_to("/privacy/people/")
    fine(emil, f"people-{look}")
    assert emil.complaints == []
