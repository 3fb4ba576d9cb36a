"""Somebody at Dora's own browser, after her or with half of what she has: in a real Chromium."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from pyotp import TOTP

from regulars.journeys.passkeys import Asked, Site, ask_to_sign_in, enter, put_away
from regulars.journeys.sign_in import ask_second_factor_of, set_up_app
from regulars.records.access_log.models import AccessEntry, PrivacyEntry
from regulars.records.staff.access import signed_in
from regulars.records.staff.factors import app_in_making
from regulars.records.staff.models import StaffPasskey, StaffTotp
from regulars.records.staff.passkeys import note_use, passkeys_of
from regulars.records.staff.tries import forgive
from regulars.rules.permission.errors import Denied
from tests.browser import Visitor, address, chromium, served, visitor
from tests.cast import EMIL
from tests.desks.shared.test_passkeys_browser import enters, leaves, makes_passkey, with_device
from tests.story import PASSWORD, shop, wanqing

__all__ = ["address", "chromium", "visitor"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]
CARD = "/customers/C-20418/"
NOWHERE = "192.0.2.1"


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
    takes_away(one, "not her password")
    one.page.wait_for_selector("text=This is not your password")
    assert StaffPasskey.objects.exists()
    takes_away(one, PASSWORD)
    one.page.wait_for_selector("text=This passkey opens nothing any more.")
    assert not StaffPasskey.objects.exists()
    assert PrivacyEntry.objects.filter(detail__contains="passkey taken away").count() == 1
    signs_out(one)
    one.goes_to("/sign-in/")
    one.page.click("form[data-passkey] button")
    one.page.wait_for_selector("form[data-passkey] [role=alert]:has-text('does not open this door')")
    leaves(one)


def takes_away(one: Visitor, password: str) -> None:
    """Somebody at her browser says that password and takes the passkey away."""
    away = "form[action*='/account/passkeys/'][action$='/away/']"
    one.page.fill(f"{away} input[name=password]", password)
    one.page.click(f"{away} button")
    if one.page.locator("dialog[open] button, [role=dialog] button").count():
        one.page.locator("dialog[open] button, [role=dialog] button").last.click()


def test_the_last_second_step_is_not_taken_away_where_the_role_asks_for_one(house: None, visitor: Making) -> None:
    """By the page it is not offered; posted all the same, with the right password, it is refused."""
    dora = shop().dora
    one = visitor(language="zh-hans", width=375)
    with_device(one)
    one.signs_in("dora")
    one.goes_to("/account/")
    one.page.fill("form[data-passkey] input[name=password]", PASSWORD)
    one.page.click("form[data-passkey] button")
    one.page.wait_for_selector("text=这台设备可以直接登录")
    ask_second_factor_of(frozenset({"service"}), by=EMIL, at=timezone.now())
    one.goes_to("/account/")
    assert not one.page.locator("form[action$='/away/']").count()
    assert not one.slides_sideways()
    here, last = signed_in(dora), StaffPasskey.objects.get()
    assert here is not None
    with pytest.raises(Denied, match="second_factor_is_asked"):
        put_away(here, last.id, PASSWORD, address="", at=timezone.now())
    app = TOTP(app_in_making(dora, at=timezone.now() - timedelta(minutes=5)))
    before = timezone.now() - timedelta(minutes=5)
    set_up_app(here, app.at(before), at=before)
    put_away(here, last.id, PASSWORD, address="", at=timezone.now())
    assert not StaffPasskey.objects.exists()


ANSWER = """async ([options, verification]) => {
  const wanted = { ...JSON.parse(options), userVerification: verification };
  const asked = PublicKeyCredential.parseRequestOptionsFromJSON(wanted);
  return JSON.stringify((await navigator.credentials.get({ publicKey: asked })).toJSON());
}"""


def answered(one: Visitor, asked: Asked, verification: str = "required") -> str:
    """What her device says to a challenge, signed where her browser stands."""
    return str(one.page.evaluate(ANSWER, [asked.options, verification]))


def test_an_answer_holds_for_this_site_its_challenge_and_a_person_who_proved_herself(
    house: None, visitor: Making, address: str
) -> None:
    """Signed at another origin of the same name, to another challenge, for another domain, without asking who she is,
    with a counter that stood still, twice at once: none opens the door; the same answer as it should be does."""
    dora = shop().dora
    one = visitor()
    cdp, device = with_device(one)
    one.signs_in("dora")
    makes_passkey(one)
    site = Site("localhost", (one.address,))

    def opens(answer: str, challenge: bytes, at_site: Site = site) -> bool:
        forgive(at=timezone.now(), address=NOWHERE)
        return enter(answer, challenge=challenge, site=at_site, address=NOWHERE, at=timezone.now()) is not None

    with served(get_wsgi_application()) as elsewhere:
        one.page.goto(f"{elsewhere.replace('127.0.0.1', 'localhost')}/sign-in/")
        asked = ask_to_sign_in(site)
        assert not opens(answered(one, asked), asked.challenge), "signed at another origin"
    one.goes_to("/sign-in/")
    asked = ask_to_sign_in(site)
    good = answered(one, asked)
    assert not opens(good, ask_to_sign_in(site).challenge), "to another challenge"
    assert not opens(good, asked.challenge, Site("regulars.example", (one.address,))), "for another domain"
    assert not opens(good, asked.challenge, Site("localhost", ("http://localhost:1",))), "from another origin"
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    weak = answered(one, asked, "discouraged")
    assert not opens(weak, asked.challenge), "without asking who she is"
    assert opens(good, asked.challenge)
    assert not opens(good, asked.challenge), "the counter stood still"
    known = passkeys_of(dora)[0]
    assert note_use(known.id, before=known.uses, uses=known.uses + 1, at=timezone.now())
    assert not note_use(known.id, before=known.uses, uses=known.uses + 1, at=timezone.now()), "two at once"


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
