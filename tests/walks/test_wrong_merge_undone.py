"""The walk of docs/walks/wrong-merge-undone.md, step by step."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client

from regulars.journeys.erase_customer import demand_there
from regulars.journeys.merge_customers import MergeUndone, unmerge_customers
from regulars.journeys.withdraw_consent import set_choice
from regulars.records.access_log.models import PrivacyEntry
from regulars.records.customers.access import find_customers, open_customer
from regulars.records.customers.known_by import ids_of_numbers
from regulars.records.customers.models import Customer, CustomerRef
from regulars.records.intake.models import Source
from regulars.records.merging.models import Merge, ReviewPair
from regulars.records.merging.reviewing import pairs_waiting, put_up_for_review
from regulars.records.orders.models import OrderLine
from regulars.records.staff.actions import hire
from regulars.records.touchpoints.models import Touchpoint
from regulars.rules.identity.model import MODEL, Match
from regulars.rules.identity.pairs import DoubtfulPair
from tests.cast import DORA, EMIL, NOON, STEN, asking, customer, reached_by, said
from tests.desks.visitors import signed_in
from tests.story import PASSWORD, Shop, findable, order, shop
from tests.walks.steps import Steps, walk_through

pytestmark = pytest.mark.usefixtures("house")
STEPS = Steps()
PHONE = "+8613800004187"
YEAR = timedelta(days=365)


@dataclass
class Story:
    """What the steps hand to each other."""

    shop: Shop = field(init=False)
    web: int = 0
    ann: Customer = field(init=False)
    anna: Customer = field(init=False)
    sten: Client = field(init=False)
    undone: MergeUndone = field(init=False)

    def match(self) -> DoubtfulPair:
        """What the batch says of the two."""
        found = Match((MODEL.prior, MODEL.step("phone", "same"), MODEL.step("family_name", "same", "chen")))
        return DoubtfulPair(self.ann.id, self.anna.id, found)

    def fresh(self, who: Customer) -> Customer:
        return Customer.objects.get(id=who.id)


@STEPS.says(
    "Ann and her sister Anna shop at two branches; the web shop knows only Anna, the till knows both, and they share a"
    " phone."
)
def two_sisters(story: Story) -> None:
    story.shop = shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    story.sten = signed_in("sten")
    story.web = Source.objects.create(ref="web", name="Web shop", created_at=NOON).id
    told = {"phone": PHONE, "city": "杭州", "country": "CN", "jurisdiction": "EU", "family_name": "Chen"}
    story.ann = customer("Ann Chen", given_name="Ann", home_branch_id=story.shop.lake, **told)
    story.anna = customer("Anna Chen", given_name="Anna", sex="female", email="anna@example.com", **told)
    for who, sources in ((story.ann, [story.shop.source]), (story.anna, [story.shop.source, story.web])):
        findable(who)
        for source in sources:
            CustomerRef.objects.create(source_id=source, ref=f"{who.given_name}-{source}", customer=who)
            order(who, NOON, [("Tea", 1_000)], branch=story.shop.lake, source=source, ref=f"{who.given_name}-{source}")


@STEPS.says("Ann allowed news by mail. Anna never wanted any.")
def they_chose(story: Story) -> None:
    said(story.ann, "direct_marketing", "granted", "email", NOON - YEAR)
    said(story.anna, "direct_marketing", "denied", at=NOON - 2 * YEAR)
    assert story.fresh(story.ann).allows_email and not story.fresh(story.anna).allows_direct_marketing


@STEPS.says("The night's batch puts them up for review, since a shared phone is not enough to be sure.")
def put_up(story: Story) -> None:
    assert put_up_for_review([story.match()], by=asking("batch", "steward")) == 1 == pairs_waiting()


@STEPS.says("Sten looks at them side by side, and reads what speaks for one person and what against it.")
def side_by_side(story: Story) -> None:
    page = story.sten.get(f"/data/duplicates/{ReviewPair.objects.get().id}/").content.decode()
    for words in ("Ann Chen", "Anna Chen", "same phone", "same family name", "by chance"):
        assert words in page


@STEPS.says("He merges them: Anna's orders, calls and phone are Ann's now, and Anna's number leads to Ann.")
def merged(story: Story) -> None:
    told = {"swapped": "0", "name": "into", "because": "same phone, same family"}
    story.sten.post(f"/data/duplicates/{ReviewPair.objects.get().id}/merge/", told)
    assert OrderLine.objects.filter(customer=story.ann).count() == 3
    assert ("email", "anna@example.com") in reached_by(story.ann)
    assert story.sten.get(f"/customers/{story.anna.number}/")["Location"] == f"/customers/{story.ann.number}/"


@STEPS.says("No news goes to Ann any more: of two choices the stricter holds.")
def stricter(story: Story) -> None:
    assert not story.fresh(story.ann).allows_direct_marketing and not story.fresh(story.ann).allows_email


@STEPS.says("Neither desk, nor search, nor a file that names Anna finds anybody but Ann.")
def only_ann(story: Story) -> None:
    assert open_customer(story.anna.number, by=DORA, because="test")[0].id == story.ann.id
    assert {one.number for one in find_customers("anna", by=DORA, because="test")} == {story.ann.number}
    assert ids_of_numbers([story.anna.number]) == {story.anna.number: story.ann.id}
    assert set(CustomerRef.objects.values_list("customer_id", flat=True)) == {story.ann.id}
    demand_there(story.anna.number, by=EMIL, because="test")


@STEPS.says(
    "A year passes: an order comes from the web shop, a visit is noted at the counter, and Ann says no to automated"
    " decisions."
)
def a_year(story: Story) -> None:
    Merge.objects.update(at=NOON - YEAR)
    order(story.ann, NOON, [("Scarf", 9_000)], branch=story.shop.lake, source=story.web, ref="W-2")
    Touchpoint.objects.create(customer=story.ann, at=NOON, kind="visit", channel="counter", title="looked at scarves")
    set_choice(
        story.anna.number, purpose="automated_decision", value="denied", by=DORA, because="she said so",
        source="counter", wording="No machine decides about me", at=NOON,
    )  # fmt: skip


@STEPS.says("On the phone Ann says that she has a sister.")
def she_says_so(story: Story) -> None:
    assert "Merged from" in story.sten.get(f"/customers/{story.ann.number}/").content.decode()


@STEPS.says("Sten undoes the merge from Ann's card, and keeps the two apart from now on.")
def undone(story: Story) -> None:
    story.undone = unmerge_customers(story.anna.number, by=STEN, because="two sisters", at=NOON, are_two=True)
    assert story.sten.get(f"/customers/{story.anna.number}/").status_code == 200


@STEPS.says("Anna has her name, her orders and her phone again; the order from the web shop is hers too.")
def hers_again(story: Story) -> None:
    assert story.fresh(story.anna).name == "Anna Chen" and story.fresh(story.ann).sex == ""
    assert reached_by(story.anna) == [("email", "anna@example.com"), ("phone", PHONE)]
    refs = set(OrderLine.objects.filter(customer=story.anna).values_list("order_ref", flat=True))
    assert refs == {f"Anna-{story.shop.source}", f"Anna-{story.web}", "W-2"}
    assert OrderLine.objects.filter(customer=story.ann).count() == 1


@STEPS.says("The visit at the counter stays with Ann, and Sten was told that nobody could say whose it was.")
def the_visit(story: Story) -> None:
    assert Touchpoint.objects.get(title="looked at scarves").customer_id == story.ann.id
    assert story.undone.stayed == {"touchpoint": 1}


@STEPS.says("Ann's yes to news holds again; Anna's no has never stopped holding.")
def own_words(story: Story) -> None:
    assert story.fresh(story.ann).allows_email and not story.fresh(story.anna).allows_direct_marketing


@STEPS.says("What Ann said no to meanwhile counts for both, since nobody knows who it was that spoke.")
def counts_for_both(story: Story) -> None:
    assert story.undone.noes == 1
    assert not story.fresh(story.ann).allows_automated_decision
    assert not story.fresh(story.anna).allows_automated_decision


@STEPS.says("The next batch finds them as alike as before, and puts nobody up.")
def next_batch(story: Story) -> None:
    assert put_up_for_review([story.match()], by=asking("batch", "steward")) == 0 == pairs_waiting()


@STEPS.says("The books tell who merged, who undid it, when and why.")
def the_books(story: Story) -> None:
    merge = Merge.objects.get()
    assert (merge.who, merge.because) == ("Sten", "same phone, same family")
    assert (merge.undone_by, merge.undone_because) == ("Sten", "two sisters") and merge.undone_at
    assert list(PrivacyEntry.objects.filter(deed="merge").values_list("subject", flat=True)) == ["merged", "unmerged"]


def test_a_wrong_merge_is_undone() -> None:
    walk_through("wrong-merge-undone", STEPS, Story())
