"""Erasing and keys at the terminal."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from regulars.journeys.approve import ask_for_two
from regulars.records.access_log.models import AccessEntry
from regulars.records.approvals.models import Proposal
from regulars.records.customers.models import Customer
from tests.cast import EMIL, ann, bob, reached_by
from tests.desks.cli.terminal import regulars
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
WHY = ("--because", "her wish", "--reference", "T-12")


def test_a_customer_is_erased_with_her_copy_and_the_proof(tmp_path: Path) -> None:
    who, copy = ann(), tmp_path / "hers.json"
    told = regulars("customer", "erase", who.number, *WHY, "--copy", str(copy), "--yes")
    assert "This is what is left" in told.out
    assert json.loads(copy.read_text())["customer"]["name"] == "Ann Archer"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert Customer.objects.get().name == ""
    proof = regulars("customer", "erased", who.number, "--because", "she asks", "--json").json()
    assert (proof["because"], proof["reference"], len(proof["key_digest"])) == ("her wish", "T-12", 64)
    assert regulars("customer", "erased", "C-77", "--because", "she asks").status == 1


def test_what_she_took_along_is_brought_back(tmp_path: Path) -> None:
    who, copy, wrong = wanqing(shop()), tmp_path / "hers.json", tmp_path / "wrong.json"
    regulars("customer", "erase", who.number, *WHY, "--copy", str(copy), "--yes")
    assert regulars("customer", "bring-back", str(copy), "--json").json()["order_lines"] == 35
    assert "New order lines: 0" in regulars("customer", "bring-back", str(copy)).out
    wrong.write_text("no json")
    assert "no take-along file" in regulars("customer", "bring-back", str(wrong)).err


def test_without_yes_it_is_asked_and_a_no_erases_nobody() -> None:
    who = ann()
    assert regulars("customer", "erase", who.number, *WHY).status != 0
    assert Customer.objects.get().name == "Ann Archer"


def test_it_is_not_asked_about_somebody_who_is_not_there() -> None:
    told = regulars("customer", "erase", "C-99999", *WHY)
    assert told.status == 1
    assert "Erase" not in told.out
    assert "There is no customer" in told.err
    assert AccessEntry.objects.filter(door="erase_customer", allowed=False).count() == 1


def test_nothing_is_proposed_about_somebody_who_is_not_there() -> None:
    ask_for_two("erasure", asked=True, by=EMIL)
    assert "There is no customer" in regulars("customer", "erase", "C-99999", *WHY, "--yes").err
    assert not Proposal.objects.exists()


def test_keys_are_shown_changed_and_given_up() -> None:
    ann(), bob()
    before = reached_by()
    assert regulars("keys", "rotate", "--json").json() == {"version": 2, "keys": 2}
    found = regulars("keys", "status", "--json").json()
    assert [(one["version"], one["locks"], one["newest"]) for one in found["masters"]] == [(1, 0, False), (2, 2, True)]
    assert "file in the home" in regulars("keys", "status").out
    assert "still locks" in regulars("keys", "retire", "2", "--yes").err
    assert regulars("keys", "rotate", "--json").json()["version"] == 3
    assert "given up" in regulars("keys", "retire", "2", "--yes").out
    assert reached_by() == before
    settings.MASTER_KEYS.discard(3)
