"""People and logins over HTTP: as the pages do it, for the officer's programs only, and no secret is kept."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from regulars.connections.postgres.analysts import end_analyst
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.securing import Connection
from regulars.journeys.invite_staff import accept
from regulars.records.staff.access import check_sign_in
from regulars.records.staff.company_accounts import keep_account
from tests.desks.api.programs import program
from tests.desks.visitors import signed_in
from tests.story import Shop, shop

pytestmark = pytest.mark.usefixtures("house")
FAY = {"username": "fay", "full_name": "Fay Chen", "roles": ["service"]}


@pytest.fixture
def here() -> Shop:
    return shop()


def test_fay_is_hired_sets_a_password_changes_seats_and_leaves(here: Shop) -> None:
    office = program("officer")
    made = office.post("/staff", {**FAY, "branches": [here.lake], "full_name_zh": "陈菲"})
    assert (made.status, made.told["username"]) == (201, "fay")
    accept(made.told["url"].rstrip("/").rpartition("/")[2], "her very own password", at=timezone.now())
    assert check_sign_in("fay", "her very own password") is not None
    assert office.put("/staff/fay/seats", {"roles": ["marketer"], "branches": []}).status == 204
    (fay,) = [one for one in office.get("/staff").told if one["username"] == "fay"]
    assert (fay["roles"], fay["branches"], fay["full_name_zh"], fay["app_since"]) == (["marketer"], [], "陈菲", None)
    assert office.delete("/staff/fay").status == 204
    assert [office.delete("/staff/fay").status, office.post("/staff/fay/invitation").status] == [404, 404]


def test_sessions_are_seen_and_ended(here: Shop) -> None:
    office, browser = program("officer"), signed_in("dora")
    places = office.get("/staff/dora/sessions").told
    assert [one["factor"] for one in places] == ["password"] * len(places)
    ended = office.delete("/staff/dora/sessions")
    assert (ended.status, ended.told["ended"]) == (200, len(places))
    assert browser.get("/customers/").status_code == 302
    assert office.delete("/staff/dora/second-step").status == 204


@pytest.fixture
def ends(administrator_connection: Connection) -> Iterator[None]:
    """The login leaves with the test."""
    yield
    end_analyst(administrator_connection, "bi_lea")


def test_an_analysts_login_is_given_limited_and_taken(here: Shop, ends: None) -> None:
    office = program("officer")
    made = office.post("/sql-logins", {"name": "lea", "view": "standard", "branches": [here.lake]})
    assert (made.status, made.told["role_name"]) == (201, "bi_lea")
    words: dict[str, Any] = Server(settings.HOME).connection_parameters("bi_lea")
    with psycopg.connect(**words, password=made.told["password"]) as hers:
        assert hers.execute("SELECT count(*) FROM customer").fetchone() == (0,)
    (told,) = office.get("/sql-logins").told
    assert (told["branches"], told["revoked_at"], "password" in told) == ([here.lake], None, False)
    assert office.delete("/sql-logins/bi_lea").status == 204
    assert office.delete("/sql-logins/bi_lea").status == 404
    assert office.get("/sql-logins").told[0]["revoked_at"] is not None


def test_no_secret_of_an_answer_is_kept_anywhere(here: Shop, ends: None) -> None:
    """Nor for a request that says it may come twice."""
    office = program("officer")
    password = office.post("/sql-logins", {"name": "lea"}, key="once").told["password"]
    secret = office.post("/staff", FAY, key="twice").told["url"].rstrip("/").rpartition("/")[2]
    with connection.cursor() as cursor:
        for table in ("api_answer", "sql_login", "staff_invitation", "change_entry", "privacy_entry", "access_entry"):
            cursor.execute(f"SELECT COALESCE(string_agg(t::text, ''), '') FROM {table} t")
            held = cursor.fetchone()[0]
            assert password not in held, table
            assert secret not in held, table


def test_the_companys_own_accounts_are_told(here: Shop) -> None:
    keep_account(here.dora, "https://id.example", "subject-1", at=timezone.now())
    told = program("officer").get("/company-sign-in").told
    assert [(one["username"], one["issuer"]) for one in told["accounts"]] == [("dora", "https://id.example")]
    assert "subject-1" not in str(told)


@pytest.mark.parametrize("role", ["service", "marketer", "steward"])
def test_no_other_program_hires_or_gives_logins(here: Shop, role: str) -> None:
    asks = program(role)
    for answer in (
        asks.get("/staff"), asks.post("/staff", FAY), asks.delete("/staff/dora"), asks.get("/sql-logins"),
        asks.put("/staff/dora/seats", {"roles": ["officer"]}), asks.post("/staff/dora/invitation"),
        asks.post("/sql-logins", {"name": "lea"}), asks.delete("/staff/dora/sessions"), asks.get("/company-sign-in"),
    ):  # fmt: skip
        assert answer.status == 403


@pytest.mark.parametrize(
    "changed", [{"roles": []}, {"roles": ["king"]}, {"username": "f a"}, {"full_name": " "}, {"branches": [0]}]
)
def test_slips_are_refused(here: Shop, changed: dict[str, object]) -> None:
    assert program("officer").post("/staff", FAY | changed).status == 422
    assert program("officer").post("/staff", FAY | {"branches": [9_999_999]}).code() == "branch_unknown"
    assert program("officer").post("/staff", FAY | {"username": "dora"}).code() == "username_taken"
