"""Merging from the command line: look first, merge, undo; pairs decided one by one."""

import json

import pytest
from click.testing import CliRunner, Result

from regulars.desks.cli.merging import duplicates_command, merge_command, unmerge_command
from regulars.records.company.access import now
from regulars.records.customers.models import Customer
from regulars.records.merging.models import ReviewPair
from regulars.records.merging.reviewing import are_different, put_up_for_review
from regulars.rules.identity.model import MODEL, Match
from regulars.rules.identity.pairs import DoubtfulPair
from tests.cast import STEN, customer, said
from tests.merging import DAY, a_campaign
from tests.shop import open_shop
from tests.story import contact, findable

pytestmark = pytest.mark.usefixtures("house")
WHY = ["--because", "one person"]


def two() -> tuple[Customer, Customer]:
    open_shop()
    ann, anne = (
        customer("Ann Archer", phone="+15550100001"),
        customer("Anne Archer", phone="+15550100001", sex="female"),
    )
    for who in (ann, anne):
        findable(who)
    said(anne, "direct_marketing", "denied", "sms")
    return ann, anne


def run(command: object, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, words, input=typed, catch_exceptions=False)  # type: ignore[arg-type]


def test_look_first_then_merge_then_undo() -> None:
    ann, anne = two()
    seen = run(merge_command, anne.number, ann.number, "--look", *WHY).output
    assert "only one to say something" in seen and "same phone" in seen and "no to direct marketing" in seen.lower()
    assert Customer.objects.filter(erased_at__isnull=True).count() == 2
    assert run(merge_command, anne.number, ann.number, *WHY, typed="n\n").exit_code == 1
    done = json.loads(run(merge_command, anne.number, ann.number, "--take", "name", "--json", *WHY).output)
    assert (done["goes"], done["into"]) == (anne.number, ann.number)
    assert Customer.objects.get(id=ann.id).name == "Anne Archer"
    contact(ann, a_campaign(), "letter", "sent", now() + DAY)
    told = run(unmerge_command, anne.number, "--two-persons", *WHY).output
    assert "two again" in told and f"stays with {ann.number}" in told and "Spring" in told and "Letter" in told
    assert Customer.objects.get(id=ann.id).name == "Ann Archer" and are_different(ann.id, anne.id)


def test_pairs_are_listed_and_decided() -> None:
    ann, anne = two()
    match = Match((MODEL.prior, MODEL.step("phone", "same")))
    put_up_for_review([DoubtfulPair(ann.id, anne.id, match)], by=STEN)
    pair = str(ReviewPair.objects.get().id)
    assert "same phone" in run(duplicates_command, "list", *WHY).output
    assert "Put off" in run(duplicates_command, "later", pair).output
    done = json.loads(run(duplicates_command, "merge", pair, "--json", *WHY).output)
    assert done["into"] == ann.number and ReviewPair.objects.get().state == "merged"
    run(unmerge_command, anne.number, *WHY)
    assert json.loads(run(duplicates_command, "list", "--json", *WHY).output)["waiting"] == 1
    assert "two persons" in run(duplicates_command, "different", pair, *WHY).output
    assert are_different(ann.id, anne.id)
