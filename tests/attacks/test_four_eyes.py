"""What takes two people is not done by one (27): not by asking twice, approving oneself, or switching it off."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.keys.master_keys import MasterKeys
from regulars.journeys.approve import approve, ask_for_two, turn_down
from regulars.journeys.employ_staff import hire_staff
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.need_to_know import ask_for_reason, needs_asked
from regulars.journeys.rotate_keys import retire_key, rotate_keys
from regulars.journeys.write_statement import publish
from regulars.records.access_log.models import PrivacyEntry
from regulars.records.approvals.access import acts_of_two, proposals
from regulars.records.approvals.models import Proposal
from regulars.records.company.models import Statement
from regulars.records.customers.models import Customer, MasterKey
from regulars.records.staff.actions import hire
from regulars.records.staff.models import Staff
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.permission.four_eyes import ACTS
from regulars.rules.permission.need_to_know import Needed
from tests.cast import EMIL, MIA, NOON, ann, asking
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.story import PASSWORD, shop

pytestmark = pytest.mark.usefixtures("house")
FIRST = replace(EMIL, staff_id=9)
SECOND = asking("Second Officer", "officer", staff_id=10)
WHY: dict[str, Any] = {"because": "her wish", "reference": "T-12", "at": NOON}
BODIES = {"en": "What we hold.", "zh-hans": "我们持有什么。"}


def waiting(error: pytest.ExceptionInfo[Denied]) -> int:
    """The number of the proposal a refusal names."""
    assert error.value.code == "waits_for_second"
    return int(str(error.value.values["proposal"]))


def proposed(number: str, by: Asker = FIRST) -> int:
    with pytest.raises(Denied) as error:
        erase_customer(number, by=by, **WHY)
    return waiting(error)


def test_27_two_eyes_do_nothing_four_do_it_once() -> None:
    who = ann()
    ask_for_two("erasure", asked=True, by=FIRST)
    number = proposed(who.number)
    assert proposed(who.number) == number
    assert Customer.objects.get().name == "Ann Archer"
    for by, code in ((FIRST, "own_proposal"), (MIA, "approvals_are_the_officers")):
        with pytest.raises(Denied, match=code):
            approve(number, by=by, at=NOON)
    approve(number, by=SECOND, at=NOON)
    assert Customer.objects.get().name == ""
    (answered,) = proposals(by=SECOND)
    assert (answered.state, answered.proposed_by, answered.answered_by) == ("approved", "Emil", "Second Officer")
    with pytest.raises(NotThere):
        approve(number, by=SECOND, at=NOON)
    told = PrivacyEntry.objects.filter(deed="approval").values_list("who", "allowed")
    assert set(told) == {("Emil", True), ("Emil", False), ("Mia", False), ("Second Officer", True)}


def test_27_one_alone_does_not_open_files_without_a_reason_again() -> None:
    ask_for_two("no_reason", asked=True, by=FIRST)
    ask_for_reason("service", asked=True, by=FIRST, at=NOON)  # more care takes one
    ask_for_reason("steward", asked=False, by=FIRST, at=NOON)  # of whom none is asked there is nothing to take back
    for _ in range(2):
        with pytest.raises(Denied) as error:
            ask_for_reason("service", asked=False, by=FIRST, at=NOON)
    assert needs_asked() == [Needed("service", None)]
    with pytest.raises(Denied, match="own_proposal"):
        approve(waiting(error), by=FIRST, at=NOON)
    approve(waiting(error), by=SECOND, at=NOON)
    assert needs_asked() == []
    assert Proposal.objects.get().state == "approved"


#: Approves, and is killed -9 on arriving at one place of the act.
KILLED = """
import os, signal, sys
import django; django.setup()
from importlib import import_module
from regulars.journeys.approve import approve
from tests.attacks.test_four_eyes import SECOND
from tests.cast import NOON
setattr(import_module(sys.argv[1]), sys.argv[2], lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
approve(int(sys.argv[3]), by=SECOND, at=NOON)
"""
#: Kind of act → how it is proposed, where the one who carries it out is killed, and whether it was done.
ACTED: dict[str, tuple[Callable[[], Any], tuple[str, str], Callable[[], bool]]] = {
    "erasure": (
        lambda: erase_customer(Customer.objects.get().number, by=FIRST, **WHY),
        ("regulars.journeys.erase_customer", "note_deed"),
        lambda: not Customer.objects.get().name,
    ),
    "statement": (
        lambda: publish(BODIES, by=FIRST, at=NOON),
        ("regulars.journeys.write_statement", "note_change"),
        lambda: Statement.objects.filter(body="What we hold.").exists(),
    ),
    "staff_roles": (
        lambda: hire_staff("nina", "Nina", roles=["officer"], password="a secret of hers", by=FIRST),
        ("regulars.journeys.employ_staff", "_note"),
        lambda: Staff.objects.filter(username="nina").exists(),
    ),
    "key_rotation": (
        lambda: rotate_keys(by=FIRST),
        ("regulars.journeys.rotate_keys", "begin_rotation"),
        lambda: MasterKey.objects.filter(version=2).exists(),
    ),
    "key_retirement": (
        lambda: changed_and_retired(),
        ("regulars.journeys.rotate_keys", "retire_master"),
        lambda: not MasterKey.objects.filter(version=1).exists(),
    ),
    "fewer_eyes": (
        lambda: ask_for_two("erasure", asked=False, by=FIRST),
        ("regulars.journeys.approve", "set_four_eyes"),
        lambda: not acts_of_two()["erasure"],
    ),
}


def changed_and_retired() -> None:
    rotate_keys(by=FIRST)
    retire_key(1, by=FIRST)


@pytest.fixture
def one_master_key() -> Iterator[None]:
    """Later tests begin with the first master key again."""
    yield
    masters: MasterKeys = settings.MASTER_KEYS
    masters.discard(2)


@pytest.mark.usefixtures("one_master_key")
@pytest.mark.parametrize("act", ACTED)
def test_27_whoever_is_killed_in_between_leaves_it_waiting(act: str) -> None:
    """Kill -9 in the middle of the act: it was not done and still waits, and is done when it is approved again."""
    propose, place, is_done = ACTED[act]
    ann()
    ask_for_two("erasure" if act == "fewer_eyes" else act, asked=True, by=FIRST)
    with pytest.raises(Denied) as error:
        propose()
    number = waiting(error)
    words = [sys.executable, "-W", "ignore", "-c", KILLED, *place, str(number)]
    assert subprocess.run(words, env=os.environ, check=False).returncode == -signal.SIGKILL
    assert (Proposal.objects.get().state, is_done()) == ("waiting", False)
    approve(number, by=SECOND, at=NOON)
    assert (Proposal.objects.get().state, is_done()) == ("approved", True)


def test_27_what_could_not_be_done_still_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The new master key has to be made elsewhere first: until then the proposal is not used up."""
    ann()
    ask_for_two("key_rotation", asked=True, by=FIRST)
    with pytest.raises(Denied) as error:
        rotate_keys(by=FIRST)
    here = {"REGULARS_KEY_MASTER_1": (settings.HOME.keys / "master_1").read_text().strip()}
    monkeypatch.setattr(settings, "MASTER_KEYS", MasterKeys(settings.HOME, here))
    with pytest.raises(KeyFileError, match="has to be made"):
        approve(waiting(error), by=SECOND, at=NOON)
    assert Proposal.objects.get().state == "waiting"


@pytest.mark.usefixtures("one_master_key")
def test_27_an_old_master_key_is_not_given_up_by_one_and_never_while_it_locks() -> None:
    ann()
    ask_for_two("key_retirement", asked=True, by=FIRST)
    with pytest.raises(BadInput, match="master_still_locks"):
        retire_key(1, by=FIRST)
    rotate_keys(by=FIRST)
    with pytest.raises(Denied) as error:
        retire_key(1, by=FIRST)
    number = waiting(error)
    assert "takes two people" in regulars("keys", "retire", "1", "--yes").err
    assert (Proposal.objects.get(id=number).told, (settings.HOME.keys / "master_1").exists()) == ({"version": 1}, True)
    with pytest.raises(Denied, match="own_proposal"):
        approve(number, by=FIRST, at=NOON)
    approve(number, by=SECOND, at=NOON)
    assert not (settings.HOME.keys / "master_1").exists()
    assert "no master key 1" in regulars("keys", "retire", "1", "--yes").err
    assert list(MasterKey.objects.values_list("version", flat=True)) == [2]


def test_27_refused_nothing_is_done_and_the_reason_stays() -> None:
    who = ann()
    ask_for_two("erasure", asked=True, by=FIRST)
    number = proposed(who.number)
    with pytest.raises(BadInput, match="reason_too_short"):
        turn_down(number, answer="no", by=SECOND)
    turn_down(number, answer="the court forbids it", by=SECOND)
    assert Customer.objects.get().name == "Ann Archer"
    with pytest.raises(NotThere):
        approve(number, by=SECOND, at=NOON)


def test_27_one_alone_cannot_switch_it_off() -> None:
    ask_for_two("erasure", asked=True, by=FIRST)
    with pytest.raises(Denied) as error:
        ask_for_two("erasure", asked=False, by=FIRST)
    number = waiting(error)
    assert acts_of_two()["erasure"]
    with pytest.raises(Denied, match="own_proposal"):
        approve(number, by=FIRST, at=NOON)
    approve(number, by=SECOND, at=NOON)
    assert not acts_of_two()["erasure"]
    for by, act, error_kind in ((MIA, "erasure", Denied), (FIRST, "lunch", BadInput)):
        with pytest.raises(error_kind):
            ask_for_two(act, asked=True, by=by)


def test_27_statement_roles_and_keys_wait_too_and_no_password_is_kept() -> None:
    shop()
    for act in ("statement", "staff_roles", "key_rotation"):
        ask_for_two(act, asked=True, by=FIRST)
    acts: list[Any] = [
        lambda: publish(BODIES, by=FIRST, at=NOON),
        lambda: hire_staff("nina", "Nina", roles=["officer"], password="a secret of hers", by=FIRST),
        lambda: rotate_keys(by=FIRST),
    ]
    numbers = []
    for act in acts:
        with pytest.raises(Denied) as error:
            act()
        numbers.append(waiting(error))
    assert not Statement.objects.exists() and not Staff.objects.filter(username="nina").exists()
    assert "a secret" not in str(list(Proposal.objects.values_list("told", flat=True)))
    for number in numbers:
        approve(number, by=SECOND, at=NOON)
    assert Statement.objects.filter(body="What we hold.").exists()
    assert Staff.objects.get(username="nina").roles == ["officer"]


def test_27_where_nobody_asked_for_it_one_is_enough() -> None:
    assert acts_of_two() == dict.fromkeys(ACTS, False)
    erase_customer(ann().number, by=FIRST, **WHY)
    assert Customer.objects.get().name == ""


def test_27_the_office_the_terminal_and_programs_propose_and_answer() -> None:
    shop()
    who = ann()
    emil = signed_in("emil")
    assert emil.post("/privacy/approvals/erasure/", {"asked": "yes"}).status_code == 302
    erased = {"number": who.number, "because": "her wish", "reference": "T-12"}
    assert "takes two people" in emil.post("/privacy/erasing/", erased, follow=True).content.decode()
    number = Proposal.objects.get().id
    assert who.number in emil.get("/privacy/approvals/").content.decode()
    assert emil.post(f"/privacy/approvals/{number}/approve/").status_code == 403
    assert regulars("approvals", "list", "--json").json()["proposals"][0]["id"] == number
    assert regulars("approvals", "refuse", str(number), "--because", "wrong customer").status == 0
    answer = program("officer").post(f"/customers/{who.number}/erasure", {"because": "wish", "reference": "T-12"})
    assert (answer.status, answer.code()) == (403, "waits_for_second")
    other = answer.told["values"]["proposal"]
    assert [one["state"] for one in program("officer").get("/proposals").told] == ["waiting", "refused"]
    assert emil.post(f"/privacy/approvals/{other}/approve/").status_code == 403  # the program is his
    hire("olga", "Olga", roles=["officer"], password=PASSWORD)
    assert signed_in("olga").post(f"/privacy/approvals/{other}/approve/").status_code == 302
    assert Customer.objects.get().name == ""
    assert regulars("approvals", "two", "statement", "--yes").status == 0
    assert acts_of_two()["statement"]
    assert signed_in("mia").get("/privacy/approvals/").status_code == 403
