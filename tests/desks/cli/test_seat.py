"""The terminal has a name: who signed in there acts in her own seats, and every line says under which account."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pyotp import TOTP

from regulars.desks.cli.seat import ACCOUNT, account, ticket
from regulars.desks.shared.sessions import SessionStore
from regulars.desks.shared.signing_in import SESSION_KEY
from regulars.journeys.employ_staff import let_go
from regulars.journeys.propose import ask_second
from regulars.journeys.sign_in import ask_second_factor_of
from regulars.records.access_log.models import AccessEntry, ChangeEntry, PrivacyEntry
from regulars.records.approvals.actions import set_four_eyes
from regulars.records.approvals.models import Proposal
from regulars.records.customers.models import Customer
from regulars.records.staff.actions import hire, issue_token
from regulars.records.staff.factors import app_in_making, confirm_app
from regulars.records.staff.sessions import sessions_of
from regulars.records.tasks.models import Task
from regulars.rules.permission.errors import Denied
from tests.cast import EMIL
from tests.desks.cli.terminal import Said, regulars
from tests.desks.visitors import signed_in
from tests.story import PASSWORD, Shop, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
NUMBER = "C-20418"
SHOW = ("customer", "show", NUMBER, "--because", "call")


@pytest.fixture
def here() -> Shop:
    at = shop()
    wanqing(at)
    return at


def sits(username: str, password: str = PASSWORD) -> Said:
    return regulars("sign-in", username, given=f"{password}\n")


def last_line() -> AccessEntry:
    return AccessEntry.objects.latest("id")


def test_without_a_name_the_log_says_the_account_as_the_system_knows_it(
    here: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("USER", "LOGNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "emil")
    assert regulars(*SHOW).status == 0
    assert last_line().who == f"{account()} (terminal)"


def test_dora_signs_in_and_what_she_does_stands_under_her_name_and_the_account(here: Shop) -> None:
    said = sits("dora")
    assert (said.status, "Dora sits here now" in said.out) == (0, True)
    assert regulars(*SHOW).status == 0
    entry = last_line()
    assert (entry.who, entry.role, entry.door) == (f"Dora (terminal, {account()})", "service", "open_customer")
    task = Task.objects.create(
        customer_id=entry.customer_id, kind="other", due_on="2026-03-14", opened_at=timezone.now()
    )
    assert regulars("tasks", "close", str(task.id), "done").status == 0
    assert ChangeEntry.objects.latest("id").who == entry.who
    assert regulars("whoami", "--json").json()["staff"]["username"] == "dora"


def test_she_has_the_seats_she_has_at_the_console_and_no_others(here: Shop) -> None:
    sits("dora")
    for words in (("staff", "hire", "fay", "--name", "Fay", "--role", "officer", "--password", PASSWORD),
                  ("report", "reached"), ("customer", "show", NUMBER, "--because", "x", "--role", "officer"),
                  ("psql", "--view", "personal", "-c", "select 1")):  # fmt: skip
        said = regulars(*words)
        assert (said.status, "no seat as" in said.err) == (1, True), words
    assert not AccessEntry.objects.filter(door="terminal_seat", allowed=True).exists()
    assert last_line().who == f"Dora (terminal, {account()})"


def test_where_no_role_was_said_she_asks_in_her_own(here: Shop) -> None:
    sits("mia")
    assert regulars(*SHOW).status == 0
    assert (last_line().role, last_line().view) == ("marketer", "marketing")


def test_her_branches_bind_her_there_too(here: Shop) -> None:
    sits("dora")
    Customer.objects.update(home_branch_id=here.hill)
    said = regulars(*SHOW)
    assert (said.status, "another branch" in said.err) == (1, True)


def test_a_wrong_password_opens_nothing_and_waits_grow_as_at_the_door(here: Shop) -> None:
    assert sits("dora", "guess").status == 1
    assert not ticket().exists()
    assert any("Too many" in sits("dora", "guess").err for _ in range(5))
    assert AccessEntry.objects.filter(door="sign_in", allowed=False).count() >= 3


def test_who_has_a_second_step_proves_it_here_too(here: Shop) -> None:
    app = TOTP(app_in_making(here.dora, at=timezone.now()))
    before = timezone.now() - timedelta(seconds=30)
    assert confirm_app(here.dora, app.at(before), at=timezone.now())
    wrong = regulars("sign-in", "dora", given=f"{PASSWORD}\n000000\n")
    assert (wrong.status, ticket().exists()) == (1, False)
    assert regulars("sign-in", "dora", given=f"{PASSWORD}\n{app.now()}\n").status == 0
    (session,) = sessions_of(here.dora, at=timezone.now())
    assert (session.factor, session.program) == ("app", f"terminal, {account()}")


def test_whose_role_must_have_one_sets_it_up_at_the_console_first(here: Shop) -> None:
    ask_second_factor_of(frozenset({"service"}), by=EMIL, at=timezone.now())
    said = sits("dora")
    assert (said.status, "at the console" in said.err, ticket().exists()) == (1, True, False)


def test_the_ticket_is_hers_alone_and_one_that_others_can_read_is_not_taken(here: Shop) -> None:
    sits("dora")
    assert (ticket().stat().st_mode & 0o777, ticket().parent.stat().st_mode & 0o777) == (0o600, 0o700)
    ticket().chmod(0o644)
    said = regulars(*SHOW)
    assert (said.status, "chmod 600" in said.err) == (1, True)


def test_another_terminal_of_the_same_account_is_nobodys(here: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two who share an account do not find each other's seat."""
    sits("dora")
    hers = ticket()
    monkeypatch.setattr(os, "getsid", lambda _process: 999_999_999)
    assert ticket() != hers
    regulars(*SHOW)
    assert last_line().who == f"{account()} (terminal)"


def ended_by_leaving(_at: Shop) -> None:
    let_go("dora", by=EMIL)


def ended_by_time(_at: Shop) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("ended", [ended_by_leaving, ended_by_time])
def test_a_seat_that_has_ended_is_told_and_nobody_goes_on_without_noticing(
    here: Shop, ended: Callable[[Shop], None]
) -> None:
    sits("dora")
    ended(here)
    said = regulars(*SHOW)
    assert (said.status, "has ended" in said.err) == (1, True)
    assert not AccessEntry.objects.filter(door="open_customer").exists()


def test_sign_out_leaves_nothing_behind(here: Shop) -> None:
    sits("dora")
    assert len(sessions_of(here.dora, at=timezone.now())) == 1
    assert regulars("sign-out").status == 0
    assert (ticket().exists(), sessions_of(here.dora, at=timezone.now())) == (False, [])


def test_a_ticket_opens_no_page_and_a_page_s_key_no_terminal(here: Shop) -> None:
    sits("dora")
    browser = signed_in("mia")
    hers = browser.session.session_key
    browser.cookies["regulars_session"] = ticket().read_text()
    assert browser.get("/customers/").status_code == 302
    assert SESSION_KEY not in SessionStore(ticket().read_text()).load()
    ticket().write_text(str(hers))
    assert "has ended" in regulars(*SHOW).err


def test_a_ticket_copied_to_another_account_opens_nothing(here: Shop) -> None:
    sits("dora")
    store = SessionStore(ticket().read_text())
    store[ACCOUNT] = "somebody else"
    store.save()
    assert "has ended" in regulars(*SHOW).err


def test_where_names_are_asked_for_nobody_works_without_one(here: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert regulars("staff", "ask-name").status == 0
    said = regulars(*SHOW)
    assert (said.status, "regulars sign-in" in said.err) == (1, True)
    assert regulars("check", "--dictionary-only").status == 0
    monkeypatch.setenv("REGULARS_WITHOUT_NAME", "Emil has lost his password")
    assert regulars("staff", "password", "emil", "--password", PASSWORD).status == 0
    deed = PrivacyEntry.objects.filter(subject="terminal_seat").latest("id")
    assert (deed.who, "lost his password" in deed.detail) == (f"{account()} (terminal)", True)
    monkeypatch.delenv("REGULARS_WITHOUT_NAME")
    sits("emil")
    assert regulars("staff", "ask-name", "--no").status == 0


def test_names_are_not_asked_for_before_anybody_could_sign_in() -> None:
    said = regulars("staff", "ask-name")
    assert (said.status, "staff hire" in said.err) == (1, True)


def test_work_nobody_sits_at_shows_the_token_of_a_program(
    here: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    regulars("staff", "ask-name")
    path = tmp_path / "nightly.token"
    path.write_text(issue_token("nightly", role="service", issued_by="Emil", at=timezone.now()))
    monkeypatch.setenv("REGULARS_TOKEN_FILE", str(path))
    path.chmod(0o644)
    assert "chmod 600" in regulars(*SHOW).err
    path.chmod(0o600)
    assert regulars(*SHOW).status == 0
    assert last_line().who == f"token nightly (terminal, {account()})"
    assert "no seat as" in regulars("report", "reached").err
    path.write_text("rg_guess")
    assert "opens nothing" in regulars(*SHOW).err


def test_a_second_person_is_somebody(here: Shop) -> None:
    """Emil proposes at the console; the account at the terminal, which he has too, is no second person."""
    hire("olga", "Olga", roles=["officer"], password=PASSWORD)
    set_four_eyes("statement", asked=True, by=EMIL)
    with pytest.raises(Denied, match="waits_for_second"):
        ask_second("statement", "x", {}, because="x", by=EMIL, approved=None)
    number = str(Proposal.objects.latest("id").id)
    assert "regulars sign-in" in regulars("approvals", "approve", number).err
    sits("olga")
    said = regulars("approvals", "approve", number)
    assert "sign-in" not in said.err
