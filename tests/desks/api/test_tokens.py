"""Who may ask what: the right token, the wrong one, one of another purpose, none at all. Attack 41 of privacy.md."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from regulars.desks.api.house_api import api
from regulars.records.access_log.models import AccessEntry
from regulars.records.staff.actions import issue_token, revoke_token
from tests.cast import ann, bob, said
from tests.desks.api.programs import Program, program, program_for
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")


def test_without_a_token_nothing_but_health_is_told() -> None:
    answer = Client().get("/api/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "token_unknown"
    health = Client().get("/api/health")
    assert health.status_code == 200
    assert health.json()["healthy"]


def test_an_unknown_token_is_refused_and_logged() -> None:
    assert Program("rg_made-up").get("/me").status == 401
    assert AccessEntry.objects.filter(allowed=False, who="stranger", because="unknown token").count() == 1


@pytest.mark.parametrize("secret", ["", " ", "rg_" + "x" * 5000, "王芳"])
def test_a_token_that_cannot_be_one_is_just_unknown(secret: str) -> None:
    assert Program(secret.encode().decode("latin-1")).get("/me").status == 401


def test_a_token_ends_when_it_is_taken_back_or_its_day_has_come() -> None:
    at = timezone.now()
    ended = Program(issue_token("old", role="service", issued_by="Emil", at=at, expires_at=at - timedelta(seconds=1)))
    assert ended.get("/me").status == 401
    dora = program("service")
    assert dora.get("/me").status == 200
    revoke_token("service's program", at=timezone.now())
    assert dora.get("/me").status == 401


def test_a_token_says_what_it_is_bound_to() -> None:
    told = program("marketer").get("/me").told
    assert (told["role"], told["view"], told["purpose"]) == ("marketer", "marketing", "direct_marketing")


def test_a_token_of_another_purpose_is_refused_in_words_and_logged() -> None:
    answer = program_for("disclosure").get("/campaigns")
    assert answer.status == 403
    assert answer.code() == "token_for_another_purpose"
    assert "Third-party disclosure" in answer.told["sentence"]
    denied = AccessEntry.objects.get(allowed=False)
    assert (denied.who, denied.purpose) == ("token for disclosure", "third_party_disclosure")
    assert denied.door == "GET /api/campaigns"


def test_the_refusal_is_told_in_the_callers_language() -> None:
    assert "这枚令牌" in program("service", "zh-CN,zh;q=0.9").get("/campaigns").told["sentence"]


def test_a_marketers_program_does_not_see_bob_and_cannot_tell_him_from_nobody() -> None:
    a, b = ann(), bob()
    mia = program("marketer")
    assert mia.get(f"/customers/{a.number}", because="campaign").status == 200
    hidden = mia.get(f"/customers/{b.number}", because="campaign")
    absent = mia.get("/customers/C-99999", because="campaign")
    assert (hidden.status, hidden.told) == (absent.status, absent.told)
    assert hidden.status == 404


def test_a_program_for_disclosure_sees_only_who_granted_it() -> None:
    a, b = ann(), bob()
    said(a, "third_party_disclosure", "granted")
    partner = program_for("disclosure")
    told = partner.get(f"/customers/{a.number}", because="partner report")
    assert told.status == 200
    assert [point["value"] for point in told.told["contact_points"]] == [None, None, None]
    assert partner.get(f"/customers/{b.number}", because="partner report").status == 404


def test_the_standard_view_masks_and_says_so_the_officers_does_not() -> None:
    wanqing(shop())
    hers = program("service").get("/customers/C-20418", because="call").told
    assert hers["allergies"] is None
    assert "allergies" in hers["masked"]
    assert {point["value"] for point in hers["contact_points"]} == {None}
    assert program("officer").get("/customers/C-20418", because="request").told["allergies"] == "wool"


def test_reading_wants_a_reason() -> None:
    a = ann()
    answer = program("service").get(f"/customers/{a.number}")
    assert answer.status == 422
    assert "because" in answer.told["sentence"]


def test_a_browsers_session_opens_nothing_here() -> None:
    from tests.desks.visitors import signed_in

    shop()
    assert signed_in("emil").get("/api/access-log").status_code == 401


def test_every_endpoint_but_health_wants_a_token() -> None:
    open_to_all = [
        path
        for path, methods in api.get_openapi_schema()["paths"].items()
        for told in methods.values()
        if not told.get("security")
    ]
    assert open_to_all == ["/api/health"]


def test_an_address_there_is_none_of_is_told_as_json() -> None:
    answer = program("service").get("/nothing/here")
    assert (answer.status, answer.code()) == (404, "no_such_address")
