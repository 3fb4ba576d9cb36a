"""Who begins, changes seats or leaves stands in the privacy log; so does every token, login and file of choices."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from regulars.journeys.employ_staff import give_new_password, hire_staff, let_go
from regulars.journeys.give_sql_login import give_sql_login, revoke_sql_login
from regulars.journeys.give_token import end_program_token, give_program_token
from regulars.records.access_log.models import PrivacyEntry
from regulars.records.access_log.reached import deeds
from regulars.records.company.actions import ensure_branches
from regulars.records.staff.access import check_sign_in, somebody
from regulars.records.staff.actions import issue_token
from regulars.records.staff.models import StaffSession
from regulars.records.staff.tokens import tokens
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, EMIL, NOON
from tests.desks.visitors import signed_in
from tests.journeys.order_files import bring, open_shop, write_rows
from tests.story import PASSWORD, shop

pytestmark = pytest.mark.usefixtures("house")


def told() -> list[dict[str, str]]:
    """The details of all deeds so far, in their order."""
    return [json.loads(one) for one in PrivacyEntry.objects.order_by("id").values_list("detail", flat=True)]


def test_a_new_colleague_and_her_seats_stand_in_the_privacy_log() -> None:
    lake, hill = ensure_branches(["lake", "hill"]).values()
    hire_staff("fay", "Fay", branches=[hill, lake], roles=["service"], password=PASSWORD, by=EMIL)
    assert told() == [
        {"who": "fay", "what": "hired", "roles": "service", "branches": f"{min(lake, hill)}, {max(lake, hill)}"}
    ]
    assert PASSWORD not in str(told())
    [deed] = deeds(by=EMIL)
    assert (deed.deed, deed.subject, deed.who, deed.allowed) == ("right", "staff", "Emil", True)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"username": " "}, "nothing_said"), ({"full_name": ""}, "nothing_said"),
        ({"username": "f" * 151}, "said_too_much"), ({"full_name": "F" * 5_000}, "said_too_much"),
        ({"branches": [-5]}, "branch_unknown"), ({"password": "x"}, "password_too_short"),
    ],
)  # fmt: skip
def test_nobody_is_hired_with_a_slip_of_the_hand(changed: dict[str, Any], code: str) -> None:
    said: dict[str, Any] = {"username": "fay", "full_name": "Fay", "roles": ["service"], "password": PASSWORD}
    with pytest.raises(BadInput) as refused:
        hire_staff(**said | changed, by=EMIL)
    assert refused.value.code == code
    assert (told(), somebody("fay")) == ([], None)


def test_an_officer_gives_no_short_password_either() -> None:
    shop()
    with pytest.raises(BadInput, match="password_too_short"):
        give_new_password("dora", "x", by=EMIL)
    assert check_sign_in("dora", PASSWORD) is not None


@pytest.mark.parametrize("name", ["", " ", "n" * 100_000])
def test_no_token_is_given_to_nobody(name: str) -> None:
    with pytest.raises(BadInput):
        give_program_token(name, kind="role", what="service", by=EMIL, at=NOON)


def test_two_programs_that_work_have_two_names() -> None:
    give = partial(give_program_token, kind="role", what="service", by=EMIL, at=NOON)
    give("till", expires_at=NOON + timedelta(days=1))
    for name in ("till", " Till  "):
        with pytest.raises(BadInput, match="token_name_taken"):
            give(name)
    give_program_token("till", kind="role", what="service", by=EMIL, at=NOON + timedelta(days=1))
    end_program_token(tokens()[0].id, by=EMIL, at=NOON)
    with pytest.raises(BadInput, match="token_name_taken"):
        give("till")
    end_program_token(tokens()[1].id, by=EMIL, at=NOON)
    give("till")
    assert [one.name for one in tokens()] == ["till"] * 3


def test_two_who_give_one_name_at_once_give_it_once() -> None:
    def give(_: int) -> bool:
        try:
            give_program_token("till", kind="role", what="service", by=EMIL, at=NOON)
            return True
        except BadInput:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as officers:
        assert sum(officers.map(give, range(6))) == 1


def test_those_that_shared_a_name_before_are_told_apart_by_their_numbers() -> None:
    for name in ("till", "Till", "shop", "till"):
        issue_token(name, role="service", issued_by="Emil", at=NOON)
    ended, shop, second, first = tokens()
    end_program_token(ended.id, by=EMIL, at=NOON)
    told = import_module("regulars.records.staff.migrations.0011_tokens_of_one_name")
    with connections["default"].cursor() as cursor:
        cursor.execute(told.NAMES)
    names = {one.id: one.name for one in tokens()}
    apart = {first.id: f"till ({first.id})", second.id: f"Till ({second.id})"}
    assert names == {ended.id: "till", shop.id: "shop"} | apart


def test_changed_seats_say_what_they_were_and_sign_her_out() -> None:
    shop()
    signed_in("dora")
    hire_staff("dora", "Dora", roles=["service", "steward"], password="x", by=EMIL)
    last = told()[-1]
    assert last["what"] == "seats changed"
    assert (last["roles_before"], last["roles"]) == ("service", "service, steward")
    assert not StaffSession.objects.exists()
    hire_staff("dora", "Dora", roles=["service", "steward"], password="x", by=EMIL)
    assert told()[-1] == last
    assert check_sign_in("dora", PASSWORD) is not None


def test_who_leaves_signs_in_no_more_and_may_come_back_with_another_password() -> None:
    shop()
    dora = signed_in("dora")
    let_go("dora", by=EMIL)
    assert dora.get("/customers/").status_code == 302
    assert check_sign_in("dora", PASSWORD) is None
    assert told()[-1]["what"] == "let go"
    with pytest.raises(NotThere):
        let_go("dora", by=EMIL)
    hire_staff("dora", "Dora", roles=["service"], password="another long password", by=EMIL)
    assert check_sign_in("dora", PASSWORD) is None
    assert check_sign_in("dora", "another long password") is not None


def test_a_password_given_by_the_officer_ends_what_was_open() -> None:
    shop()
    signed_in("dora")
    give_new_password("dora", "another long password", by=EMIL)
    assert not StaffSession.objects.exists()
    assert told()[-1] == {"who": "dora", "what": "new password given"}


def test_nobody_hires_herself_a_seat() -> None:
    shop()
    for attempt in (
        lambda: hire_staff("dora", "Dora", roles=["officer"], password="x", by=DORA),
        lambda: let_go("emil", by=DORA),
        lambda: give_new_password("emil", "another long password", by=DORA),
    ):
        with pytest.raises(Denied):
            attempt()
    assert list(PrivacyEntry.objects.values_list("who", "allowed")) == [("Dora", False)] * 3


def test_tokens_and_sql_logins_stand_in_it_too_from_their_making_to_their_end() -> None:
    give_program_token("till", kind="view", what="automated", by=EMIL, at=NOON)
    end_program_token(tokens()[0].id, by=EMIL, at=NOON)
    role = give_sql_login("fay", view="standard", by=EMIL, at=NOON).role_name
    revoke_sql_login(role, by=EMIL, at=NOON)
    found = [(one.deed, one.subject, one.detail["new"]) for one in reversed(deeds(by=EMIL))]
    assert found == [
        ("right", "api_token", "view automated"),
        ("right", "api_token", "ended"),
        ("right", "sql_login", "standard"),
        ("right", "sql_login", "revoked"),
    ]


def test_a_file_of_choices_has_one_line_with_figures_and_nobodys_name(tmp_path: Path) -> None:
    open_shop()
    headings = ("card_no", "name", "email", "marketing_consent")
    rows = [
        ["M1", "Zoe Quist", "zoe@example.org", "yes"],
        ["M2", "Yan Quist", "yan@example.org", "no"],
        ["M3", "Xia Quist", "xia@example.org", "no"],
    ]
    assert bring(write_rows(tmp_path / "people.csv", rows, headings)).rows_refused == 0
    [line] = PrivacyEntry.objects.filter(subject="import")
    detail = json.loads(line.detail)
    assert (line.deed, line.who, detail["entries"], detail["granted"], detail["denied"]) == ("choice", "Sten", 3, 1, 2)
    assert "zoe" not in line.detail.lower()
    bring(write_rows(tmp_path / "again.csv", rows, headings))
    assert PrivacyEntry.objects.filter(subject="import").count() == 1
