"""A new colleague gets a link that ends, sets a password nobody else sees; and who tries more with it."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection

from regulars.journeys.approve import approve
from regulars.journeys.employ_staff import change_seats, hire_staff, let_go
from regulars.journeys.invite_staff import OPENS_FOR, Invitation, accept, hire_and_invite, invite, who_is_invited
from regulars.journeys.sign_in import sign_out_everywhere
from regulars.records.access_log.models import AccessEntry, PrivacyEntry
from regulars.records.approvals.actions import set_four_eyes
from regulars.records.approvals.models import Proposal
from regulars.records.staff.access import asker_of, check_sign_in, somebody, token_asker
from regulars.records.staff.actions import hire, issue_token
from regulars.records.staff.models import StaffSession
from regulars.records.staff.tokens import end_token, tokens
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, EMIL, MIA, NOON, STEN
from tests.desks.visitors import signed_in
from tests.story import PASSWORD, shop

pytestmark = pytest.mark.usefixtures("house")
HERS = "her very own password"


def fay(at: object = NOON, by: Asker = EMIL) -> Invitation:
    return hire_and_invite("fay", "Fay Chen", roles=["service"], by=by, at=NOON)


def secret_of(made: Invitation) -> str:
    return made.url.rstrip("/").rpartition("/")[2]


def in_the_office(username: str) -> Asker:
    staff = somebody(username)
    assert staff is not None
    return asker_of(staff, "officer")


def test_fay_sets_a_password_nobody_else_has_seen() -> None:
    made = fay()
    assert re.search(r"/welcome/[\w-]{43}/$", made.url)
    assert made.url not in repr(made)
    assert who_is_invited(secret_of(made), at=NOON).full_name == "Fay Chen"
    accept(secret_of(made), HERS, at=NOON + timedelta(hours=1))
    assert check_sign_in("fay", HERS) is not None
    told = [json.loads(one) for one in PrivacyEntry.objects.order_by("id").values_list("detail", flat=True)]
    assert [one["what"] for one in told] == ["hired", "invited", "password set"]


def test_neither_link_nor_password_lies_anywhere() -> None:
    made = fay()
    accept(secret_of(made), HERS, at=NOON)
    with connection.cursor() as cursor:
        for table in ("staff", "staff_invitation", "privacy_entry", "access_entry", "change_entry", "proposal"):
            cursor.execute(f"SELECT string_agg(t::text, '') FROM {table} t")
            held = cursor.fetchone()[0] or ""
            assert secret_of(made) not in held, table
            assert HERS not in held, table


def test_it_opens_once_and_until_its_moment() -> None:
    made = fay()
    accept(secret_of(made), HERS, at=NOON)
    second = invite("fay", by=EMIL, at=NOON)
    for secret, at in ((secret_of(made), NOON), (secret_of(second), NOON + OPENS_FOR), ("x" * 43, NOON), ("", NOON)):
        with pytest.raises(NotThere, match="link_closed"):
            accept(secret, "another long password", at=at)
    assert check_sign_in("fay", HERS) is not None
    assert AccessEntry.objects.filter(door="welcome", allowed=False).count() == 4


def test_a_newer_link_ends_the_older_one() -> None:
    first = fay()
    second = invite("fay", by=EMIL, at=NOON)
    with pytest.raises(NotThere):
        who_is_invited(secret_of(first), at=NOON)
    assert who_is_invited(secret_of(second), at=NOON).username == "fay"


def test_whoever_is_let_go_has_no_link_left_not_even_when_she_comes_back() -> None:
    made = fay()
    let_go("fay", by=EMIL)
    hire_staff("fay", "Fay Chen", roles=["service"], password=PASSWORD, by=EMIL)
    with pytest.raises(NotThere):
        who_is_invited(secret_of(made), at=NOON)


def test_a_short_password_is_not_taken_and_the_link_stays_open() -> None:
    made = fay()
    with pytest.raises(BadInput, match="password_too_short"):
        accept(secret_of(made), "short", at=NOON)
    accept(secret_of(made), HERS, at=NOON)


def test_setting_it_anew_signs_her_out_everywhere() -> None:
    shop()
    browser = signed_in("dora")
    accept(secret_of(invite("dora", by=EMIL, at=NOON)), HERS, at=NOON)
    assert browser.get("/customers/").status_code == 302
    assert check_sign_in("dora", PASSWORD) is None


@pytest.mark.parametrize("by", [DORA, MIA, STEN], ids=["service", "marketer", "steward"])
def test_only_the_officer_hires_invites_and_signs_out(by: Asker) -> None:
    shop()
    for deed in (
        lambda: fay(by=by),
        lambda: invite("dora", by=by, at=NOON),
        lambda: change_seats("dora", roles=["officer"], branches=[], by=by),
        lambda: sign_out_everywhere("dora", by=by),
        lambda: let_go("dora", by=by),
    ):
        with pytest.raises(Denied):
            deed()
    assert PrivacyEntry.objects.filter(allowed=False).count() == 5
    assert (somebody("fay"), getattr(somebody("dora"), "roles", None)) == (None, ("service",))


def test_nobody_gives_herself_a_seat_nor_a_link() -> None:
    shop()
    emil = in_the_office("emil")
    for deed in (
        lambda: change_seats("emil", roles=["officer", "marketer"], branches=[], by=emil),
        lambda: hire_staff("emil", "Emil", roles=["officer", "marketer"], password=PASSWORD, by=emil),
        lambda: invite("emil", by=emil, at=NOON),
        lambda: let_go("emil", by=emil),
    ):
        with pytest.raises(Denied, match="not_about_oneself"):
            deed()
    assert getattr(somebody("emil"), "roles", None) == ("officer",)


def test_who_works_here_already_is_not_hired_again() -> None:
    shop()
    with pytest.raises(BadInput, match="username_taken"):
        hire_and_invite("dora", "Another Dora", roles=["officer"], by=EMIL, at=NOON)


def test_where_it_takes_two_she_waits_and_gets_her_link_when_approved() -> None:
    shop()
    hire("olga", "Olga", roles=["officer"], password=PASSWORD)
    emil, olga = in_the_office("emil"), in_the_office("olga")
    set_four_eyes("staff_roles", asked=True, by=EMIL)
    with pytest.raises(Denied, match="waits_for_second"):
        fay(by=emil)
    assert somebody("fay") is None
    number = Proposal.objects.get().id
    with pytest.raises(Denied, match="own_proposal"):
        approve(number, by=emil, at=NOON)
    approve(number, by=olga, at=NOON)
    accept(secret_of(invite("fay", by=emil, at=NOON)), HERS, at=NOON)
    with pytest.raises(Denied, match="waits_for_second"):
        change_seats("fay", roles=["officer"], branches=[], by=emil)


@pytest.mark.parametrize("before", [(), ("Olga",)])
def test_a_program_of_ones_own_is_no_second_person(before: tuple[str, ...]) -> None:
    """An officer who gives a program the officer's role has two hands, and is still one; also where a program of
    another's went by that name before."""
    shop()
    for other in before:
        issue_token("emil's", role="officer", issued_by=other, at=NOON)
        end_token(tokens()[0].id, at=NOON)
    emil = in_the_office("emil")
    program = token_asker(issue_token("emil's", role="officer", issued_by="Emil", at=NOON), at=NOON)
    assert program is not None
    set_four_eyes("staff_roles", asked=True, by=EMIL)
    for proposer, answerer in ((emil, program), (program, emil)):
        with pytest.raises(Denied, match="waits_for_second"):
            fay(by=proposer)
        with pytest.raises(Denied, match="own_proposal"):
            approve(Proposal.objects.latest("id").id, by=answerer, at=NOON)
    assert somebody("fay") is None


def test_changed_seats_end_her_sessions_and_unchanged_ones_do_not() -> None:
    at = shop()
    signed_in("dora")
    before = StaffSession.objects.filter(staff_id=at.dora).count()
    change_seats("dora", roles=["service"], branches=[at.lake], by=EMIL)
    assert StaffSession.objects.filter(staff_id=at.dora).count() == before
    change_seats("dora", roles=["service", "marketer"], branches=[], by=EMIL)
    assert StaffSession.objects.filter(staff_id=at.dora).count() == 0
