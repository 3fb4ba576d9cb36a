"""Signing in with the company's own account, against a provider that really signs, and one that lies."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from joserfc.jwk import RSAKey

from regulars.connections.company_door import CompanyDoor, DoorMisread, read_door
from regulars.desks.cli.main import _told
from regulars.desks.shared.company_door import provider as company
from regulars.journeys.employ_staff import let_go
from regulars.journeys.sign_in import ask_second_factor_of
from regulars.records.access_log.models import AccessEntry, PrivacyEntry
from regulars.records.staff.access import somebody
from regulars.records.staff.models import CompanyAccount, Staff, StaffSession
from regulars.rules.privacy.views import ROLES
from tests.cast import EMIL, NOON
from tests.desks.shared.provider_of_the_test import LittleProvider, little_provider
from tests.desks.visitors import signed_in
from tests.story import shop

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def provider() -> Iterator[LittleProvider]:
    """The company's provider; shop staff serves, the privacy people are officers."""
    shop()
    with little_provider() as made:
        roles = {"shop-staff": "service", "privacy": "officer"}
        door = CompanyDoor(made.issuer, "regulars", "s3", roles, "Nanzhi account", "南枝账号")
        with override_settings(COMPANY_DOOR=door):
            yield made


def tried(made: LittleProvider, client: Client | None = None, **changed: str) -> tuple[Client, HttpResponse]:
    """There and back; what the browser brings back may be changed on the way."""
    browser = client or Client()
    code, state = made.sign_in(browser.get("/sign-in/company/?next=/customers/")["Location"])
    answer = browser.get("/sign-in/company/back/", {"code": code, "state": state} | changed)
    return browser, answer


def seats(name: str = "fay") -> tuple[str, ...]:
    found = somebody(name)
    return found.roles if found else ()


def test_she_comes_in_with_the_seat_of_her_group(provider: LittleProvider) -> None:
    browser, answer = tried(provider)
    assert (answer.status_code, answer["Location"]) == (302, "/customers/")
    assert browser.get("/customers/").status_code == 200
    assert seats() == ("service",)
    assert StaffSession.objects.get().factor == "company"
    assert "hired by the company" in PrivacyEntry.objects.get(subject="staff").detail
    assert AccessEntry.objects.filter(door="sign_in", who="Fay Chen").exists()


def test_the_door_shows_the_way_in_and_out_in_both_languages(provider: LittleProvider) -> None:
    assert "Sign in with Nanzhi account" in Client().get("/sign-in/").content.decode()
    chinese = Client()
    chinese.cookies["regulars_language"] = "zh-hans"
    assert "用南枝账号登录" in chinese.get("/sign-in/").content.decode()
    browser, _ = tried(provider)
    out = browser.post("/sign-out/", follow=True).content.decode()
    assert f"{provider.issuer}/out?client_id=regulars" in out
    assert browser.get("/customers/").status_code == 302


def test_the_officer_sees_which_group_has_which_seat(provider: LittleProvider) -> None:
    page = signed_in("emil").get("/privacy/people/").content.decode()
    assert provider.issuer in page
    assert "<code>shop-staff</code>" in page


def test_whose_groups_have_no_seat_gets_no_account(provider: LittleProvider) -> None:
    provider.groups = ["everybody"]
    _, answer = tried(provider)
    assert answer.status_code == 403
    assert not Staff.objects.filter(username="fay").exists()
    assert AccessEntry.objects.get(allowed=False).because == "company_no_seat"


def test_her_seats_are_those_of_her_groups_today(provider: LittleProvider) -> None:
    first, _ = tried(provider)
    provider.groups = ["privacy", "shop-staff"]
    tried(provider)
    assert seats() == ("service", "officer")
    assert first.get("/customers/").status_code == 302  # a session with other seats has ended
    provider.groups = []
    _, answer = tried(provider)
    assert answer.status_code == 403
    assert not StaffSession.objects.exists()


def test_an_account_made_by_hand_is_not_taken_over(provider: LittleProvider) -> None:
    provider.name = "emil"
    _, answer = tried(provider)
    assert answer.status_code == 403
    assert "made by hand" in answer.content.decode()
    assert seats("emil") == ("officer",)


def test_the_account_of_somebody_who_was_let_go_is_not_taken_over_either(provider: LittleProvider) -> None:
    let_go("dora", by=EMIL)
    before = Staff.objects.filter(username="dora").values().get()
    provider.name, provider.groups = "dora", ["privacy"]
    browser, answer = tried(provider)
    assert answer.status_code == 403
    assert browser.get("/privacy/").status_code == 302
    assert Staff.objects.filter(username="dora").values().get() == before
    assert not CompanyAccount.objects.exists()


def test_two_accounts_of_one_name_are_not_one_person(provider: LittleProvider) -> None:
    tried(provider)
    provider.subject = "account-8"
    assert tried(provider)[1].status_code == 403
    assert CompanyAccount.objects.get().subject == "account-7"


def test_who_was_let_go_here_stays_out(provider: LittleProvider) -> None:
    tried(provider)
    let_go("fay", by=EMIL)
    _, answer = tried(provider)
    assert answer.status_code == 403
    assert seats() == ()


def test_another_name_of_the_same_account_is_the_same_person(provider: LittleProvider) -> None:
    tried(provider)
    provider.name = "fay.chen"
    _, answer = tried(provider)
    assert answer.status_code == 302
    assert (seats("fay"), seats("fay.chen")) == (("service",), ())


OLD, SOON = -3600, 3600
LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "for somebody else": {"aud": "another-program"},
    "for us and others": {"aud": ["regulars", "another-program"]},
    "by order of another": {"azp": "another-program"},
    "another question": {"nonce": "of yesterday"},
    "no question": {"nonce": None},
    "nobody": {"sub": None},
    "for ever": {"exp": None},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_for_this_very_question_is_not_believed(provider: LittleProvider, lie: str) -> None:
    provider.lies = LIES[lie]
    browser, answer = tried(provider)
    assert answer.status_code == 400
    assert browser.get("/customers/").status_code == 302
    assert not Staff.objects.filter(username="fay").exists()
    assert AccessEntry.objects.filter(door="company_sign_in", allowed=False).count() == 1


@pytest.mark.parametrize(("seconds", "status"), [(-60, 302), (-600, 400)])
def test_clocks_may_differ_a_little(provider: LittleProvider, seconds: int, status: int) -> None:
    provider.lies = {"exp": int(time.time()) + seconds}
    assert tried(provider)[1].status_code == status


def test_a_token_signed_by_a_stranger_by_our_secret_or_by_nobody_is_not_believed(provider: LittleProvider) -> None:
    provider.signs_with = RSAKey.generate_key(2048)
    assert tried(provider)[1].status_code == 400
    provider.signs_with, provider.header = provider.shared_secret(), {"alg": "HS256"}
    assert tried(provider)[1].status_code == 400
    provider.header = {"alg": "none"}
    assert tried(provider)[1].status_code == 400


def test_when_the_provider_changes_its_key_she_comes_in_all_the_same(
    provider: LittleProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried(provider)
    provider.change_key()
    assert tried(provider)[1].status_code == 400  # asked for a moment ago: nobody makes us ask without end
    monkeypatch.setattr(company(), "_keys_at", -1_000_000.0)
    assert tried(provider)[1].status_code == 302


@pytest.mark.parametrize("changed", [{"state": "another"}, {"state": ""}, {"code": ""}, {"code": "guessed"}])
def test_a_way_back_that_was_changed_leads_nowhere(provider: LittleProvider, changed: dict[str, str]) -> None:
    assert tried(provider, **changed)[1].status_code == 400
    assert not StaffSession.objects.exists()


def test_nobody_is_led_in_by_another_persons_link(provider: LittleProvider) -> None:
    """A link back that was begun in another browser signs nobody in (login CSRF), nor does one used before."""
    browser = Client()
    code, state = provider.sign_in(browser.get("/sign-in/company/")["Location"])
    back = {"code": code, "state": state}
    assert Client().get("/sign-in/company/back/", back).status_code == 400
    assert browser.get("/sign-in/company/back/", back).status_code == 302
    assert browser.get("/sign-in/company/back/", back).status_code == 400


def test_a_stolen_code_is_no_use_without_the_verifier(provider: LittleProvider) -> None:
    thief, victim = Client(), Client()
    code, _ = provider.sign_in(victim.get("/sign-in/company/")["Location"])
    _, state = provider.sign_in(thief.get("/sign-in/company/")["Location"])
    assert thief.get("/sign-in/company/back/", {"code": code, "state": state}).status_code == 400
    assert not StaffSession.objects.exists()


def test_she_goes_on_only_to_pages_of_ours(provider: LittleProvider) -> None:
    browser = Client()
    code, state = provider.sign_in(browser.get("/sign-in/company/?next=https://evil.example/")["Location"])
    answer = browser.get("/sign-in/company/back/", {"code": code, "state": state})
    assert answer["Location"] == "/"


def test_a_second_step_is_asked_here_unless_it_was_asked_there(provider: LittleProvider) -> None:
    ask_second_factor_of(frozenset({"service"}), by=EMIL, at=NOON)
    assert tried(provider)[1]["Location"] == "/sign-in/app/"
    provider.lies = {"amr": ["pwd", "mfa"]}
    assert tried(provider)[1]["Location"] == "/customers/"


def test_without_a_file_there_is_no_such_door() -> None:
    shop()
    assert settings.COMPANY_DOOR is None
    assert Client().get("/sign-in/company/").status_code == 404
    assert "sign-in/company" not in Client().get("/sign-in/").content.decode()


def test_a_provider_that_is_away_is_said_so(provider: LittleProvider) -> None:
    gone = CompanyDoor("http://127.0.0.1:9", "regulars", "s3", {"x": "service"})
    with override_settings(COMPANY_DOOR=gone):
        assert Client().get("/sign-in/company/").status_code == 503


RIGHT = (
    'issuer = "https://login.example.com/"\nclient_id = "r"\nclient_secret = "s"\n[roles]\n"shop staff" = "service"\n'
)


def test_the_file_says_it_all(tmp_path: Path) -> None:
    (tmp_path / "company_sign_in.toml").write_text(RIGHT)
    door = read_door(tmp_path, {}, ROLES)
    assert door is not None
    assert (door.seats_of(["shop staff", "x"]), door.groups_claim) == (["service"], "groups")
    assert "s" not in repr(door).partition("client_secret")[2]
    assert read_door(tmp_path / "elsewhere", {}, ROLES) is None


@pytest.mark.parametrize(
    "wrong",
    [
        RIGHT.replace("https:", "http:"), RIGHT.replace('"service"', '"queen"'), RIGHT.partition("[roles]")[0],
        RIGHT.replace('client_id = "r"', ""), RIGHT.replace("client_id", "client"), "issuer = ",
        RIGHT.replace('"service"', '["service"]'), RIGHT.replace('"service"', "{a = 1}"), "x = " + "[" * 5_000,
        RIGHT.replace("shop staff", "店员").encode("utf-16"), RIGHT.replace("shop staff", "店员").encode("gb18030"),
    ],
)  # fmt: skip
def test_a_wrong_file_stops_the_start(tmp_path: Path, wrong: str | bytes) -> None:
    (tmp_path / "door.toml").write_bytes(wrong if isinstance(wrong, bytes) else wrong.encode())
    with pytest.raises(DoorMisread):
        read_door(tmp_path, {"REGULARS_COMPANY_SIGN_IN": str(tmp_path / "door.toml")}, ROLES)


def test_a_file_from_an_editor_that_marks_utf_8_is_read(tmp_path: Path) -> None:
    (tmp_path / "company_sign_in.toml").write_bytes(RIGHT.encode("utf-8-sig"))
    assert read_door(tmp_path, {}, ROLES) is not None


@pytest.mark.parametrize("nonsense", [{"keys": 5}, {"keys": [5]}, {"keys": [{"kty": "RSA", "n": 1}]}, {}, {"keys": {}}])
def test_a_provider_that_publishes_no_keys_is_away(provider: LittleProvider, nonsense: dict[str, Any]) -> None:
    with patch.object(provider, "told", lambda path, told=provider.told: nonsense if path == "/jwks" else told(path)):
        _, answer = tried(provider)
    assert answer.status_code == 503
    assert "does not answer" in answer.content.decode()


@pytest.mark.parametrize("where", ["0", "-1", "2026-01-01", "²", "sign_in"])
def test_whoever_is_in_goes_on_to_pages_only(where: str) -> None:
    shop()
    answer = signed_in("emil").get("/sign-in/", {"next": where})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_the_terminal_says_what_is_wrong_with_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def misread() -> None:
        raise DoorMisread("door.toml: unknown: x")

    monkeypatch.setattr("regulars.desks.cli.main.wake_django", misread)
    for language, word in (("en_US", "Mend it"), ("zh_CN", "请改正")):
        monkeypatch.setenv("LC_ALL", language)
        assert _told(DoorMisread("door.toml: unknown: x"))
        said = capsys.readouterr().err
        assert word in said
        assert "unknown: x" in said
