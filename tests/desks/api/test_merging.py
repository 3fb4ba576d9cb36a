"""Merging over HTTP, for programs of the data steward and nobody else's."""

import pytest

from regulars.desks.night_shift import jobs
from regulars.journeys.match_customers import match_customers
from regulars.records.company.access import now
from regulars.records.customers.models import Customer
from regulars.records.merging.models import ReviewPair
from regulars.records.merging.reviewing import are_different, put_up_for_review
from regulars.rules.identity.model import MODEL, Match
from regulars.rules.identity.pairs import DoubtfulPair
from tests.cast import STEN, customer, said
from tests.desks.api.programs import program
from tests.merging import DAY, a_campaign
from tests.shop import open_shop
from tests.story import contact, findable

pytestmark = pytest.mark.usefixtures("house")
WHY = {"because": "one person"}


def two() -> tuple[Customer, Customer]:
    open_shop()
    ann, anne = customer("Ann Archer", phone="+15550100001"), customer("Anne Archer", phone="+15550100001")
    for who in (ann, anne):
        findable(who)
    said(anne, "direct_marketing", "denied", "sms")
    match = Match((MODEL.prior, MODEL.step("phone", "same")))
    put_up_for_review([DoubtfulPair(ann.id, anne.id, match)], by=STEN)
    return ann, anne


def test_looked_at_merged_found_by_the_old_number_and_undone() -> None:
    ann, anne = two()
    sten = program("steward")
    [pair] = sten.get("/duplicates", **WHY).told["pairs"]
    assert (pair["one"], pair["other"], pair["steps"][1]["sentence"]) == (ann.number, anne.number, "same phone")
    told = {"into": ann.number, "chosen": {"name": "from"}, **WHY}
    seen = sten.post(f"/customers/{anne.number}/merge-preview", told).told
    assert {"field": "name", "side": "from", "because": "chosen"} in seen["winners"]
    done = sten.post(f"/customers/{anne.number}/merge", told).told
    sms = {"purpose": "direct_marketing", "channel": "sms", "brand": "", "topic": ""}
    assert (done["into"], done["closed"]) == (ann.number, [sms])
    assert sten.get(f"/customers/{anne.number}", **WHY).told["number"] == ann.number
    contact(ann, a_campaign(), "email", "sent", now() + DAY)
    back = sten.post(f"/customers/{anne.number}/unmerge", {"are_two": True, **WHY}).told
    assert [(one["campaign"], one["channel"], one["state"]) for one in back["went"]] == [("Spring", "email", "sent")]
    assert back["goes"] == anne.number and are_different(ann.id, anne.id)
    assert sten.post(f"/customers/{anne.number}/merge", told).code() == "confirmed_different"
    assert sten.post(f"/customers/{anne.number}/unmerge", WHY).status == 404


def test_pairs_are_decided() -> None:
    two()
    sten, pair = program("steward"), ReviewPair.objects.get().id
    assert sten.post(f"/duplicates/{pair}/later").status == 204
    assert sten.post(f"/duplicates/{pair}/different", WHY).status == 204
    assert sten.get("/duplicates", **WHY).told["waiting"] == 0
    assert sten.post(f"/duplicates/{pair}/later").status == 404


def test_no_other_token_merges() -> None:
    ann, anne = two()
    for role in ("service", "marketer"):
        other = program(role)
        assert other.get("/duplicates", **WHY).status == 403
        assert other.post(f"/customers/{anne.number}/merge", {"into": ann.number, **WHY}).status == 403


def test_a_comparison_is_asked_for_watched_stopped_and_gone_on_with() -> None:
    two()
    sten = program("steward")
    begun = sten.post("/comparisons", {"kind": "whole", **WHY})
    assert (begun.status, begun.told["state"]) == (202, "waiting")
    run = begun.told["run"]
    assert sten.post(f"/comparisons/{run}/stop", WHY).told["state"] == "stopped"
    assert sten.post(f"/comparisons/{run}/stop", WHY).code() == "match_not_under_way"
    assert sten.post(f"/comparisons/{run}/go-on").told["state"] == "waiting"
    jobs.run_worker(until_empty=True, signals=False)
    told = sten.get(f"/comparisons/{run}", **WHY).told
    assert (told["state"], told["customers"]) == ("finished", 2)
    assert sten.get("/comparisons", **WHY).told["runs"][0]["run"] == run
    assert sten.get(f"/comparisons/{run + 1}", **WHY).status == 404
    assert sten.post(f"/comparisons/{run}/go-on").code() == "match_is_over"
    assert program("service").post("/comparisons", WHY).status == 403


def test_households_are_proposed_agreed_to_and_refused() -> None:
    open_shop()
    bob, cleo = customer("Bob Baker", street="2 Oak Street"), customer("Cleo Baker", street="2 Oak Street")
    ann, tom = customer("Ann Archer", street="1 Elm Street"), customer("Tom Archer", street="1 Elm Street")
    match_customers(by=STEN, because="spring cleaning")
    sten = program("steward")
    told = sten.get("/proposed-households", **WHY).told
    assert {frozenset(who["number"] for who in one["members"]) for one in told} == {
        frozenset((bob.number, cleo.number)), frozenset((ann.number, tom.number))
    }  # fmt: skip
    assert "same home" in told[0]["reasons"]
    done = sten.post("/proposed-households/accept", {"members": [bob.number, cleo.number], **WHY})
    assert done.status == 200 and done.told["ref"].startswith("H-")
    assert sten.post("/proposed-households/refuse", {"members": [ann.number, tom.number], **WHY}).status == 204
    assert sten.get("/proposed-households", **WHY).told == []
    assert sten.post("/proposed-households/refuse", {"members": [ann.number, bob.number], **WHY}).status == 404
    assert program("service").get("/proposed-households", **WHY).status == 403
