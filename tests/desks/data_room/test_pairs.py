"""Sten goes through the pairs that wait: side by side, merge, two persons, later; and undoes a merge on the card."""

import re

import pytest
from django.test import Client

from regulars.desks.night_shift import jobs
from regulars.journeys.merge_customers import merge_customers
from regulars.records.company.access import CompanyFacts, now
from regulars.records.company.actions import set_up_company
from regulars.records.customers.models import Customer
from regulars.records.merging.models import MatchRun, Merge, ReviewPair
from regulars.records.merging.reviewing import are_different, put_up_for_review
from regulars.records.staff.actions import hire
from regulars.rules.identity.model import MODEL, Match
from regulars.rules.identity.pairs import DoubtfulPair
from tests.cast import STEN, customer, said
from tests.desks.visitors import signed_in
from tests.merging import DAY, a_campaign
from tests.story import PASSWORD, contact, findable

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def staff() -> None:
    set_up_company(CompanyFacts("South Branch", "南枝衣铺", None, "CN", "CNY", "Asia/Shanghai", False))
    hire("sten", "Sten", roles=["steward"], password=PASSWORD, full_name_zh="斯腾")
    hire("dora", "Dora", roles=["service"], password=PASSWORD)


def pair() -> tuple[Customer, Customer, int]:
    ann, anne = (
        customer("Ann Archer", phone="+15550100001"),
        customer("Anne Archer", phone="+15550100001", sex="female"),
    )
    for who in (ann, anne):
        findable(who)
    said(anne, "direct_marketing", "denied", "sms")
    match = Match((MODEL.prior, MODEL.step("phone", "same")))
    put_up_for_review([DoubtfulPair(ann.id, anne.id, match)], by=STEN)
    return ann, anne, ReviewPair.objects.latest("id").id


def read(client: Client, url: str) -> str:
    return client.get(url, follow=True).content.decode()


def test_the_list_leads_to_the_pair_and_the_pair_says_why() -> None:
    ann, anne, number = pair()
    sten = signed_in("sten")
    assert f"/data/duplicates/{number}/" in read(sten, "/data/duplicates/")
    page = read(sten, f"/data/duplicates/{number}/")
    for words in (
        "Anne Archer",
        "Ann Archer",
        "same phone",
        "the only one to say something",
        "The stricter choice holds",
    ):
        assert words in page
    assert page.index(ann.number) < page.index(anne.number)
    swapped = read(sten, f"/data/duplicates/{number}/?swapped=1")
    assert swapped.index(anne.number) < swapped.index(ann.number)


def test_the_pair_is_told_in_plain_words_and_in_the_readers_language() -> None:
    ann, anne, number = pair()
    Customer.objects.filter(id__in=[ann.id, anne.id]).update(country="IE")
    chinese = signed_in("sten", "zh-hans")
    page = read(chinese, f"/data/duplicates/{number}/")
    assert "爱尔兰" in page and "合并后将不同意：直接营销" in page
    assert re.search(r'class="num">−[\d.]+<', page), "a minus is no hyphen"
    assert not re.search(r"\bbits\b", read(signed_in("sten"), f"/data/duplicates/{number}/"))
    chinese.post("/data/duplicates/comparing/start/", {"kind": "whole"})
    assert re.search(r"<td[^>]*>斯腾\s*</td>", read(chinese, "/data/duplicates/comparing/"))


def test_merged_with_the_name_she_chose_and_undone_on_the_card() -> None:
    ann, anne, number = pair()
    sten = signed_in("sten")
    told = {"swapped": "0", "name": "from", "sex": "from", "because": "same phone, same person"}
    page = sten.post(f"/data/duplicates/{number}/merge/", told, follow=True).content.decode()
    assert f"{anne.number} is {ann.number} now" in page
    assert Customer.objects.get(id=ann.id).name == "Anne Archer"
    moved = sten.get(f"/customers/{anne.number}/")
    assert (moved.status_code, moved["Location"]) == (302, f"/customers/{ann.number}/")
    card = read(sten, f"/customers/{anne.number}/")
    assert "Merged from" in card and anne.number in card and "same phone, same person" in card
    assert "Merged from" in read(signed_in("dora"), f"/customers/{ann.number}/")
    assert "Make two of them again" not in read(signed_in("dora"), f"/customers/{ann.number}/")
    sten.post(f"/data/duplicates/undo/{anne.number}/", {"because": "two sisters", "are_two": "1"})
    assert Customer.objects.get(id=anne.id).erased_at is None and are_different(ann.id, anne.id)
    assert Merge.objects.get().undone_because == "two sisters"


def test_two_persons_and_later() -> None:
    ann, anne, number = pair()
    sten = signed_in("sten")
    sten.post(f"/data/duplicates/{number}/later/", {})
    assert ReviewPair.objects.get().state == "later"
    sten.post(f"/data/duplicates/{number}/different/", {"because": "twins"})
    assert are_different(ann.id, anne.id) and "No pair waits" in read(sten, "/data/duplicates/")


def test_nobody_else_sees_them() -> None:
    number = pair()[2]
    dora = signed_in("dora")
    for url in ("/data/duplicates/", f"/data/duplicates/{number}/"):
        assert dora.get(url).status_code == 403
    assert dora.post(f"/data/duplicates/{number}/merge/", {}).status_code == 403
    assert not Merge.objects.exists()


def test_sten_has_everybody_compared_and_stops_it() -> None:
    pair()
    sten = signed_in("sten")
    assert "Nobody has been compared yet" in read(sten, "/data/duplicates/")
    page = sten.post("/data/duplicates/comparing/start/", {"kind": "whole"}, follow=True).content.decode()
    assert "waits for its turn" in page and "everybody with everybody" in page
    run = MatchRun.objects.get()
    sten.post(f"/data/duplicates/comparing/{run.id}/stop/")
    assert "Go on from there" in read(sten, "/data/duplicates/comparing/")
    sten.post(f"/data/duplicates/comparing/{run.id}/go-on/")
    jobs.run_worker(until_empty=True, signals=False)
    assert "finished" in read(sten, "/data/duplicates/") and MatchRun.objects.get().state == "finished"
    dora = signed_in("dora")
    assert dora.post("/data/duplicates/comparing/start/", {}).status_code == 403
    assert dora.get("/data/duplicates/comparing/").status_code == 403


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "1 message of a campaign went to {} meanwhile, and stays there: Spring (Letter, sent, "),
        ("zh-hans", "其间有 1 条活动消息发给了 {}，并留在那里：春（信件、已发、"),
    ],
)
def test_undone_it_is_told_what_went_to_her_meanwhile(language: str, told: str) -> None:
    ann, anne, _ = pair()
    merge_customers(anne.number, ann.number, by=STEN, because="one", at=now())
    contact(ann, a_campaign(), "letter", "sent", now() + DAY)
    sten = signed_in("sten", language)
    page = sten.post(f"/data/duplicates/undo/{anne.number}/", {"because": "two"}, follow=True).content.decode()
    assert told.format(ann.number) in page
