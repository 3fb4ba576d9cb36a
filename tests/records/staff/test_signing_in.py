"""Dora signs in with her password; nobody else does. A program's token opens one view, until it ends."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.contrib.sessions.models import Session
from django.db import connections

from regulars.records.staff.access import asker_of, check_sign_in, demo_staff, everybody, signed_in, token_asker
from regulars.records.staff.actions import hire, issue_purpose_token, issue_token, revoke_token, set_password
from regulars.records.staff.models import ApiToken, Staff
from regulars.records.staff.names import names_in_logs
from regulars.records.staff.sessions import kept_of, note_session, sessions_of
from regulars.records.staff.tokens import end_token, tokens
from regulars.rules.permission.errors import BadInput
from tests.cast import NOON

pytestmark = pytest.mark.usefixtures("house")
PASSWORD = "a long enough password"


@pytest.fixture
def dora() -> int:
    return hire("dora", "Dora", roles=["service", "marketer"], password=PASSWORD, branches=[7], full_name_zh="朵拉")


def test_dora_signs_in(dora: int) -> None:
    found = check_sign_in("dora", PASSWORD)
    assert found is not None
    assert (found.id, found.roles, found.branches) == (dora, ("service", "marketer"), frozenset({7}))
    assert signed_in(dora) == found


@pytest.mark.parametrize(("username", "password"), [("dora", "wrong"), ("dora", ""), ("nobody", PASSWORD), ("", "")])
def test_nobody_else_does(dora: int, username: str, password: str) -> None:
    assert check_sign_in(username, password) is None


def test_who_has_left_does_not_come_in_again(dora: int) -> None:
    Staff.objects.filter(id=dora).update(is_active=False)
    assert check_sign_in("dora", PASSWORD) is None
    assert signed_in(dora) is None
    assert everybody() == []


def test_her_password_is_kept_as_a_digest_only(dora: int) -> None:
    kept = Staff.objects.get(id=dora).password
    assert kept.startswith("scrypt$")
    assert PASSWORD not in kept


def test_a_new_password_replaces_the_old_one(dora: int) -> None:
    set_password("dora", "another long password")
    assert check_sign_in("dora", PASSWORD) is None
    assert check_sign_in("dora", "another long password") is not None
    with pytest.raises(BadInput, match="no_such_staff"):
        set_password("nobody", PASSWORD)


def test_hired_again_she_changes_seats_and_keeps_her_password(dora: int) -> None:
    assert hire("dora", "Somebody Else", roles=["steward"], password="other", branches=[]) == dora
    found = check_sign_in("dora", PASSWORD)
    assert found is not None
    assert (found.full_name, found.roles, found.branches) == ("Dora", ("steward",), frozenset())


def test_two_of_one_name_are_called_apart_in_the_logs(dora: int) -> None:
    """The first keeps the name; who comes later, or would be taken for somebody at a terminal, gets more than that."""
    for username, name in (
        ("dora2", "Dora"), ("extern", "Dora (dora3)"), ("dora3", "Dora"), ("eve", "Dora (terminal, lin)"),
    ):  # fmt: skip
        hire(username, name, roles=["service"], password=PASSWORD)
    assert {one.username: asker_of(one, "service").name for one in everybody()} == {
        "dora": "Dora", "dora2": "Dora (dora2)", "extern": "Dora (dora3)", "dora3": "Dora (dora3) 2",
        "eve": "Dora [terminal, lin]",
    }  # fmt: skip
    let_go_and_back = hire("dora", "Dora", roles=["steward"], password=PASSWORD)
    assert (let_go_and_back, Staff.objects.get(id=dora).log_name) == (dora, "Dora")


def test_who_had_a_name_together_before_has_it_alone_no_more(dora: int) -> None:
    """Lines of then are either's, and stay so; from now on each has her own."""
    two = hire("dora2", "Dora", roles=["service"], password=PASSWORD)
    eve = hire("eve", "Eve", roles=["service"], password=PASSWORD)
    with connections["owner"].cursor() as cursor:
        cursor.execute(import_module("regulars.records.staff.migrations.0010_log_name").NAMES)
    new = hire("dora3", "Dora", roles=["service"], password=PASSWORD)
    assert names_in_logs() == {
        dora: ["Dora", "Dora (dora)"], two: ["Dora", "Dora (dora2)"], eve: ["Eve"], new: ["Dora", "Dora (dora3)"],
    }  # fmt: skip


@pytest.mark.parametrize("roles", [[], ["janitor"], ["service", "janitor"]])
def test_a_seat_there_is_not_cannot_be_taken(roles: list[str]) -> None:
    with pytest.raises(BadInput, match="no_such_role"):
        hire("eve", "Eve", roles=roles, password=PASSWORD)


def test_each_seat_looks_through_its_own_view(dora: int) -> None:
    at_work = signed_in(dora)
    assert at_work is not None
    serving, marketing = asker_of(at_work, "service"), asker_of(at_work, "marketer")
    assert (serving.view, serving.purpose, serving.branches) == ("standard", "service", frozenset({7}))
    assert (marketing.view, marketing.purpose, marketing.staff_id) == ("marketing", "direct_marketing", dora)
    assert serving.has_seat(frozenset({"marketer"}))
    assert not serving.has_seat(frozenset({"officer"}))
    with pytest.raises(KeyError):
        asker_of(at_work, "janitor")


def test_the_demonstrations_people_are_offered_in_their_order(dora: int) -> None:
    for username in ("zhixing", "anran"):
        hire(username, username.title(), roles=["officer"], password=PASSWORD)
    assert [one.username for one in demo_staff()] == ["anran", "zhixing"]
    assert [one.username for one in everybody()] == ["anran", "dora", "zhixing"]


def test_a_token_opens_the_view_of_its_role_and_no_other() -> None:
    secret = issue_token("till", role="service", issued_by="Emil", at=NOON)
    by = token_asker(secret, at=NOON)
    assert by is not None
    assert (by.name, by.role, by.view, by.purpose) == ("token till", "service", "standard", "service")
    assert token_asker(secret + "x", at=NOON) is None
    assert token_asker("", at=NOON) is None


def test_a_token_for_one_purpose_is_bound_to_its_view() -> None:
    by = token_asker(issue_purpose_token("partner", view="disclosure", issued_by="Emil", at=NOON), at=NOON)
    assert by is not None
    assert (by.role, by.view, by.purpose) == ("program", "disclosure", "third_party_disclosure")


def test_only_its_digest_is_kept() -> None:
    secret = issue_token("till", role="service", issued_by="Emil", at=NOON)
    kept = ApiToken.objects.get()
    assert secret not in (kept.digest, kept.name)
    assert len(kept.digest) == 64


def test_what_there_is_not_no_token_is_issued_for() -> None:
    with pytest.raises(BadInput, match="no_such_role"):
        issue_token("x", role="janitor", issued_by="Emil", at=NOON)
    with pytest.raises(BadInput, match="no_such_view"):
        issue_purpose_token("x", view="vault", issued_by="Emil", at=NOON)


def test_a_token_ends_on_its_day_or_when_it_is_taken_back() -> None:
    day = timedelta(days=1)
    short = issue_token("short", role="service", issued_by="Emil", at=NOON, expires_at=NOON + day)
    long = issue_token("long", role="service", issued_by="Emil", at=NOON)
    assert token_asker(short, at=NOON + day - timedelta(seconds=1)) is not None
    assert token_asker(short, at=NOON + day) is None
    assert revoke_token("long", at=NOON) == 1
    assert revoke_token("long", at=NOON) == 0
    assert token_asker(long, at=NOON) is None


def test_the_book_knows_every_token_and_whether_it_works() -> None:
    issue_token("first", role="service", issued_by="Emil", at=NOON)
    issue_token("second", role="marketer", issued_by="Emil", at=NOON + timedelta(hours=1))
    second, first = tokens()
    assert (first.name, second.name, first.issued_by) == ("first", "second", "Emil")
    assert end_token(first.id, at=NOON) == "first"
    assert end_token(first.id, at=NOON) is None
    assert end_token(0, at=NOON) is None
    assert [one.works(NOON) for one in tokens()] == [True, False]


def test_whoever_signs_in_sweeps_out_the_sessions_that_have_run_out(dora: int) -> None:
    for key, days in (("out", -1), ("open", 1)):
        Session.objects.create(session_key=kept_of(key), session_data="", expire_date=NOON + timedelta(days=days))
        note_session(dora, key, address="", program="", factor="", at=NOON - timedelta(days=2))
    note_session(dora, "open", address="10.0.0.7", program="Firefox", factor="password", at=NOON)
    assert set(Session.objects.values_list("session_key", flat=True)) == {kept_of("open")}
    assert [one.program for one in sessions_of(dora, at=NOON)] == ["Firefox"]
