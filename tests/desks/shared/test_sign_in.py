"""The door and the page about it, as Dora and Emil meet them."""

import json
import re

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from pyotp import TOTP

from regulars.journeys.sign_in import ask_second_factor_of
from regulars.records.staff.factors import app_in_making
from regulars.records.staff.models import Staff, StaffSession
from regulars.records.staff.passkeys import keep_passkey
from regulars.records.staff.sessions import kept_of
from tests.cast import EMIL
from tests.desks.visitors import signed_in
from tests.story import PASSWORD, shop

pytestmark = pytest.mark.usefixtures("house")


def says(client: Client, username: str = "dora", password: str = PASSWORD, **more: str) -> tuple[int, str, str]:
    answer = client.post("/sign-in/", {"username": username, "password": password}, **more)
    return answer.status_code, answer.get("Location", ""), answer.content.decode()


def test_the_door_closes_with_a_sentence_and_a_time() -> None:
    shop()
    for _ in range(4):
        assert says(Client(), password="wrong")[0] == 422
    answer = Client().post("/sign-in/", {"username": "dora", "password": PASSWORD})
    assert (answer.status_code, answer["Retry-After"]) == (429, "2")
    assert "Too many wrong tries. For 2 seconds" in answer.content.decode()


def test_who_there_is_and_who_there_is_not_are_answered_alike() -> None:
    shop()

    def told(name: str) -> list[tuple[int, str]]:
        answers = [says(Client(), name, "wrong") for _ in range(6)]
        once = rf'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"|value="{name}"'
        return [(status, re.sub(once, "", page)) for status, _, page in answers]

    assert told("dora") == told("nobody")


def test_another_address_is_believed_only_behind_our_own_proxy() -> None:
    shop()
    for n in range(21):
        says(Client(), f"name{n}", "wrong", HTTP_X_FORWARDED_FOR=f"192.0.2.{n}")
    assert says(Client(), HTTP_X_FORWARDED_FOR="192.0.2.200")[0] == 429
    with override_settings(PROXIES=1):
        assert says(Client(), HTTP_X_FORWARDED_FOR="10.9.9.9, 192.0.2.201")[0] == 302


def test_a_role_that_must_goes_by_the_picture_and_gets_codes_once() -> None:
    dora = shop().dora
    ask_second_factor_of(frozenset({"service"}), by=EMIL, at=timezone.now())
    browser = Client()
    assert says(browser)[:2] == (302, "/sign-in/app/")
    assert browser.get("/customers/").status_code == 302, "half way is not in"
    page = browser.get("/sign-in/app/").content.decode()
    assert "<svg" in page and "style=" not in page
    secret = app_in_making(dora, at=timezone.now())
    assert browser.post("/sign-in/app/", {"code": "000000"}).status_code == 422
    shown = browser.post("/sign-in/app/", {"code": TOTP(secret).now()}).content.decode()
    codes = re.findall(r"<li><code>([\w-]+)</code>", shown)
    assert len(codes) == 10
    assert browser.get("/customers/").status_code == 200
    assert browser.get("/sign-in/app/")["Location"] == "/account/"
    again = Client()
    assert says(again)[:2] == (302, "/sign-in/code/")
    assert again.get("/customers/").status_code == 302
    assert again.get("/sign-in/app/")["Location"] == "/sign-in/", "half way nobody sets up another telephone"
    assert again.post("/sign-in/code/", {"code": "123"}).status_code == 422
    assert again.post("/sign-in/code/", {"code": codes[3]})["Location"] == "/"
    assert again.get("/customers/").status_code == 200


def test_half_way_ends_after_ten_minutes() -> None:
    shop()
    ask_second_factor_of(frozenset({"service"}), by=EMIL, at=timezone.now())
    browser = Client()
    says(browser)
    session = browser.session
    session["half_way"] = session["half_way"] | {"until": timezone.now().timestamp() - 1}
    session.save()
    assert browser.get("/sign-in/app/")["Location"] == "/sign-in/"
    assert browser.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_she_sees_where_she_is_signed_in_and_signs_out_there() -> None:
    shop()
    here, there = signed_in("dora"), signed_in("dora")
    page = here.get("/account/").content.decode()
    assert page.count("Sign out there") == 1
    other = StaffSession.objects.get(session_key=kept_of(str(there.session.session_key)))
    assert signed_in("emil").post(f"/account/sessions/{other.id}/end/").status_code == 404
    assert here.post(f"/account/sessions/{other.id}/end/").status_code == 302
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_a_new_password_signs_out_everywhere_else() -> None:
    shop()
    here, there = signed_in("dora"), signed_in("dora")
    wrong = here.post("/account/password/", {"old": "wrong", "new": "another long password"})
    assert wrong.status_code == 422
    short = here.post("/account/password/", {"old": PASSWORD, "new": "short"})
    assert "at least 12 characters" in short.content.decode()
    assert here.post("/account/password/", {"old": PASSWORD, "new": "another long password"}).status_code == 302
    assert (here.get("/account/").status_code, there.get("/account/").status_code) == (200, 302)
    assert says(Client(), password="another long password")[0] == 302


def test_the_app_goes_with_the_password_only() -> None:
    dora = shop().dora
    here = signed_in("dora")
    assert here.get("/sign-in/app/").status_code == 200
    here.post("/sign-in/app/", {"code": TOTP(app_in_making(dora, at=timezone.now())).now()})
    assert "10 recovery codes are left" in here.get("/account/").content.decode()
    assert here.post("/account/app/away/", {"password": "wrong"}).status_code == 422
    assert here.post("/account/app/away/", {"password": PASSWORD}).status_code == 302
    assert says(Client())[1] == "/"


def test_emil_decides_and_helps_after_a_lost_telephone() -> None:
    dora = shop().dora
    emil = signed_in("emil")
    assert emil.post("/privacy/people-asked/", {"roles": ["service"]}).status_code == 302
    assert "1 person sets up" in emil.get("/privacy/people/").content.decode()
    browser = Client()
    says(browser)
    browser.post("/sign-in/app/", {"code": TOTP(app_in_making(dora, at=timezone.now())).now()})
    assert "Telephone lost" in emil.get("/privacy/people/").content.decode()
    assert emil.post("/privacy/people/dora/reset/").status_code == 302
    assert browser.get("/account/").status_code == 302
    assert says(Client())[1] == "/sign-in/app/"
    assert signed_in("mia").post("/privacy/people/dora/reset/").status_code == 403
    assert Staff.objects.get(username="dora").is_active


def test_whose_second_step_is_a_passkey_sets_up_no_app_with_her_password_alone() -> None:
    dora = shop().dora
    keep_passkey(dora, credential=b"c", public_key=b"k", uses=0, label="x", at=timezone.now())
    browser = Client()
    assert says(browser)[:2] == (302, "/sign-in/code/")
    assert "data-passkey" in browser.get("/sign-in/code/").content.decode()
    secret = app_in_making(dora, at=timezone.now())
    assert browser.post("/sign-in/app/", {"code": TOTP(secret).now()})["Location"] == "/sign-in/"
    assert browser.post("/sign-in/code/", {"code": TOTP(secret).now()}).status_code == 422
    assert browser.get("/account/").status_code == 302


def test_a_passkeys_answer_is_to_one_challenge_and_counts_once() -> None:
    shop()
    browser = Client()
    assert browser.post("/sign-in/passkey/", {"answer": "{}"}).status_code == 422
    assert browser.post("/sign-in/passkey/options/").status_code == 200
    assert "does not open" in browser.post("/sign-in/passkey/", {"answer": "{}"}).json()["sentence"]
    assert "too long" in browser.post("/sign-in/passkey/", {"answer": "{}"}).json()["sentence"]
    dora = signed_in("dora")
    assert dora.post("/account/passkeys/options/", {"password": "wrong"}).status_code == 422
    assert dora.post("/account/passkeys/options/", {"password": PASSWORD}).status_code == 200
    assert dora.post("/sign-in/passkey/", {"answer": "{}"}).status_code == 422, "made for something else"
    assert dora.post("/account/passkeys/1/away/", {"password": PASSWORD}).status_code == 404


RESPONSE = dict.fromkeys(("clientDataJSON", "authenticatorData", "signature"), "YQ")
NO_ANSWERS = (
    "", "x", "[]", '{"id": "!", "rawId": "!", "type": "public-key", "response": {}}',
    json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": RESPONSE}),
)  # fmt: skip


@pytest.mark.parametrize("answer", NO_ANSWERS)
def test_what_is_no_answer_of_a_device_is_refused_in_words(answer: str) -> None:
    dora = shop().dora
    keep_passkey(dora, credential=b"a", public_key=b"k", uses=0, label="x", at=timezone.now())
    browser = signed_in("emil")
    browser.post("/account/passkeys/options/", {"password": PASSWORD})
    assert browser.post("/account/passkeys/", {"answer": answer}).status_code == 422
    stranger = Client()
    stranger.post("/sign-in/passkey/options/")
    assert stranger.post("/sign-in/passkey/", {"answer": answer}).status_code == 422
