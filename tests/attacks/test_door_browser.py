"""Somebody at Dora's own browser, after her or with half of what she has: in a real Chromium."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pyotp import TOTP

from regulars.journeys.sign_in import set_up_app
from regulars.records.access_log.models import AccessEntry, PrivacyEntry
from regulars.records.staff.access import signed_in
from regulars.records.staff.factors import app_in_making
from regulars.records.staff.models import StaffPasskey, StaffTotp
from tests.browser import Visitor, address, chromium, visitor
from tests.desks.shared.test_passkeys_browser import enters, leaves, makes_passkey, with_device
from tests.story import PASSWORD, shop, wanqing

__all__ = ["address", "chromium", "visitor"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]
CARD = "/customers/C-20418/"


def signs_out(one: Visitor) -> None:
    with one.page.expect_navigation():
        one.page.evaluate("document.querySelector('form[action=\"/sign-out/\"]').requestSubmit()")


def says(one: Visitor, code: str) -> str:
    """What the page shows after this code."""
    one.page.fill("input[name=code]", code)
    with one.page.expect_navigation():
        one.page.press("input[name=code]", "Enter")
    return str(one.page.inner_text("body"))


def with_app(dora: int) -> tuple[TOTP, list[str]]:
    """Her authenticator app, set up some minutes ago, and her recovery codes."""
    staff, before = signed_in(dora), timezone.now() - timedelta(minutes=5)
    assert staff is not None
    app = TOTP(app_in_making(dora, at=before))
    return app, set_up_app(staff, app.at(before), at=before)


def test_the_back_button_after_signing_out_shows_nobody(house: None, visitor: Making) -> None:
    wanqing(shop())
    one = visitor().signs_in("dora")
    one.goes_to(CARD)
    assert "陈婉清" in one.page.content()
    one.goes_to("/account/")
    signs_out(one)
    for _ in range(4):
        one.page.go_back()
        one.page.wait_for_load_state()
        assert "陈婉清" not in one.page.content()
        assert "Sign out there" not in one.page.content()
    one.page.goto(f"{one.address}{CARD}")
    assert "/sign-in/" in one.page.url


def test_a_passkey_she_takes_away_in_her_browser_opens_nothing_any_more(house: None, visitor: Making) -> None:
    shop()
    one = visitor()
    with_device(one)
    one.signs_in("dora")
    makes_passkey(one)
    signs_out(one)
    one.goes_to("/sign-in/")
    enters(one)
    one.goes_to("/account/")
    one.page.on("dialog", lambda asked: asked.accept())
    one.page.click("form[action*='/account/passkeys/'][action$='/away/'] button")
    if one.page.locator("dialog[open] button, [role=dialog] button").count():
        one.page.locator("dialog[open] button, [role=dialog] button").last.click()
    one.page.wait_for_selector("text=This passkey opens nothing any more.")
    assert not StaffPasskey.objects.exists()
    assert PrivacyEntry.objects.filter(detail__contains="passkey taken away").count() == 1
    signs_out(one)
    one.goes_to("/sign-in/")
    one.page.click("form[data-passkey] button")
    one.page.wait_for_selector("form[data-passkey] [role=alert]:has-text('does not open this door')")
    leaves(one)


def test_a_code_is_computed_once_said_wrongly_and_said_again(house: None, visitor: Making) -> None:
    """She sets the app up by the secret on the page; a wrong code opens nothing, a code already said opens nothing."""
    dora = shop().dora
    one = visitor().signs_in("dora")
    one.goes_to("/sign-in/app/")
    secret = app_in_making(dora, at=timezone.now())
    assert secret in one.page.content().replace(" ", "")
    assert not StaffTotp.objects.filter(confirmed_at__isnull=False).exists()
    says(one, "000000")
    assert not StaffTotp.objects.filter(confirmed_at__isnull=False).exists()
    code = TOTP(secret).now()
    says(one, code)
    one.page.wait_for_selector("ul.rows code")
    assert StaffTotp.objects.filter(confirmed_at__isnull=False).count() == 1
    again = visitor().signs_in("dora")
    assert again.page.url.endswith("/sign-in/code/")
    says(again, code)
    assert again.page.url.endswith("/sign-in/code/"), "the code that set the app up opened the door"
    assert not again.page.locator("nav.side").count()


def test_a_recovery_code_opens_once_in_any_browser(house: None, visitor: Making) -> None:
    _, codes = with_app(shop().dora)
    one = visitor().signs_in("dora")
    says(one, codes[0])
    one.page.wait_for_selector("nav.side")
    two = visitor().signs_in("dora")
    says(two, codes[0])
    assert two.page.url.endswith("/sign-in/code/")
    assert not two.page.locator("nav.side").count()


def test_who_guesses_codes_is_locked_out_with_the_right_one_too(house: None, visitor: Making) -> None:
    app, _ = with_app(shop().dora)
    one = visitor().signs_in("dora")
    told = [says(one, f"{n:06}") for n in range(6)]
    assert "Try again in" in told[-1] or "too many" in told[-1].lower(), told[-1]
    says(one, app.now())
    assert not one.page.locator("nav.side").count(), "the right code opened a door that was closed"
    assert AccessEntry.objects.filter(door="sign_in", allowed=False).count() >= 4
    other = visitor()
    other.goes_to(CARD)
    assert "/sign-in/" in other.page.url


def test_half_way_in_she_is_nowhere(house: None, visitor: Making) -> None:
    """The password is right and the code not said: no page opens, and going back and forth opens none."""
    wanqing(at := shop())
    with_app(at.dora)
    one = visitor().signs_in("dora")
    for path in (CARD, "/customers/", "/account/", "/account/app/away/", "/sign-in/app/"):
        one.page.goto(f"{one.address}{path}")
        assert "陈婉清" not in one.page.content()
        assert not one.page.locator("nav.side").count(), path
    assert PASSWORD not in one.page.content()
