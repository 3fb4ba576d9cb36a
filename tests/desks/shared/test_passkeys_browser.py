"""Dora makes a passkey in a real Chromium, with its virtual authenticator, and comes in with nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from regulars.journeys.sign_in import ask_second_factor_of
from regulars.records.access_log.models import PrivacyEntry
from regulars.records.staff.models import StaffPasskey, StaffSession
from tests.browser import Visitor
from tests.cast import EMIL
from tests.desks.shared.test_sign_in_browser import fine
from tests.story import PASSWORD, shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]


def with_device(one: Visitor, *, verified: bool = True) -> tuple[Any, str]:
    """Her browser has a device that holds passkeys. A passkey is bound to a name, so she comes by the name."""
    one.address = one.address.replace("127.0.0.1", "localhost")
    kept = [{"name": c["name"], "value": c["value"], "url": one.address} for c in one.page.context.cookies()]
    one.page.context.add_cookies(kept)
    cdp = one.page.context.new_cdp_session(one.page)
    cdp.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    moves = {"isUserVerified": verified, "automaticPresenceSimulation": True}
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": kind | moves})
    return cdp, made["authenticatorId"]


def makes_passkey(one: Visitor) -> None:
    one.goes_to("/account/")
    one.page.fill("form[data-passkey] input[name=password]", PASSWORD)
    one.page.click("form[data-passkey] button")
    one.page.wait_for_selector("text=From now on this device opens the door.")


def enters(one: Visitor) -> None:
    one.page.click("form[data-passkey] button")
    one.page.wait_for_selector("nav.side")


def leaves(one: Visitor) -> None:
    one.page.context.clear_cookies(name="regulars_session")


def test_with_her_device_alone_she_is_in_and_a_copy_of_it_is_not(house: None, visitor: Making) -> None:
    shop()
    one = visitor()
    cdp, device = with_device(one)
    one.signs_in("dora")
    one.goes_to("/account/")
    one.page.fill("form[data-passkey] input[name=password]", "wrong")
    one.page.click("form[data-passkey] button")
    one.page.wait_for_selector("form[data-passkey] [role=alert]:has-text('not your password')")
    makes_passkey(one)
    fine(one, "passkeys")
    copied = cdp.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"][0]
    leaves(one)
    one.goes_to("/sign-in/?next=/customers/")
    fine(one, "sign-in-with-passkey")
    enters(one)
    assert one.page.url.endswith("/customers/")
    assert StaffSession.objects.latest("id").factor == "passkey"
    assert PrivacyEntry.objects.filter(detail__contains="passkey made").count() == 1
    leaves(one)
    cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    two = visitor()
    other, elsewhere = with_device(two)
    other.send("WebAuthn.addCredential", {"authenticatorId": elsewhere, "credential": copied | {"signCount": 0}})
    two.goes_to("/sign-in/")
    two.page.click("form[data-passkey] button")
    two.page.wait_for_selector("form[data-passkey] [role=alert]:has-text('does not open this door')")


def test_after_a_password_it_stands_in_for_the_code_and_taken_away_it_opens_nothing(
    house: None, visitor: Making
) -> None:
    shop()
    one = visitor(language="zh-hans", theme="dark", width=375)
    with_device(one)
    one.signs_in("dora")
    one.goes_to("/account/")
    one.page.fill("form[data-passkey] input[name=password]", PASSWORD)
    one.page.click("form[data-passkey] button")
    one.page.wait_for_selector("text=这台设备可以直接登录")
    fine(one, "passkeys-zh-dark")
    ask_second_factor_of(frozenset({"service"}), by=EMIL, at=timezone.now())
    leaves(one)
    one.signs_in("dora")
    assert one.page.url.endswith("/sign-in/code/")
    fine(one, "passkey-step-zh-dark")
    enters(one)
    StaffPasskey.objects.all().delete()
    leaves(one)
    one.goes_to("/sign-in/")
    one.page.click("form[data-passkey] button")
    one.page.wait_for_selector("form[data-passkey] [role=alert]:has-text('不能在这里登录')")


def test_a_device_that_did_not_ask_who_she_is_is_not_enough(house: None, visitor: Making) -> None:
    shop()
    one = visitor()
    with_device(one, verified=False)
    one.signs_in("dora")
    one.goes_to("/account/")
    one.page.fill("form[data-passkey] input[name=password]", PASSWORD)
    one.page.click("form[data-passkey] button")
    one.page.wait_for_selector("form[data-passkey] [role=alert]:has-text('No passkey was made')")
    assert not StaffPasskey.objects.exists()
