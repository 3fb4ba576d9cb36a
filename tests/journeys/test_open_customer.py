"""The card gathers one customer's whole file through the asker's own view, with one line in the log."""

from datetime import timedelta

import pytest

from regulars.journeys.open_customer import PAGE, earlier_moments, open_card, order_on_card
from regulars.journeys.recognise_customer import recognise_customer
from regulars.records.access_log.models import AccessEntry
from regulars.records.choices.models import ChoiceEntry
from regulars.records.orders.of_customer import Order
from regulars.rules.permission.errors import NotThere
from tests.cast import DORA, EMIL, MIA, NOON, ann, said
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
AT = NOON + timedelta(hours=1)


def test_the_card_holds_everything_and_the_log_one_line() -> None:
    who = wanqing(shop())
    AccessEntry.objects.using("owner").all().delete()
    card = open_card(who.number, by=DORA, because="serving", at=AT)
    assert (card.facts.name, card.facts.home_branch, card.facts.allergies) == ("陈婉清", "Hubin shop", None)
    assert card.activity is not None
    assert card.value is not None
    assert (card.activity.orders, card.value.r) == (23, 5)
    assert [one.key for one in card.segments] == ["spring", "cashmere"]
    assert [one.title for one in card.wishes] == ["A dark coat below the knee"]
    assert {one.allows for one in card.choices if not one.holds} == {
        "allows_disclosure", "allows_automated_decision", "allows_sensitive_use", "allows_phone",
    }  # fmt: skip
    assert list(AccessEntry.objects.values_list("door", "rows", "customer_id")) == [("open_customer", 1, who.id)]


def test_the_timeline_goes_back_to_the_first_day_without_gap_or_repeat() -> None:
    who = wanqing(shop())
    timeline = open_card(who.number, by=DORA, because="serving", at=AT).timeline
    seen = list(timeline.moments)
    while timeline.earlier:
        timeline = earlier_moments(who.number, by=DORA, because="timeline", before=timeline.earlier)
        seen += timeline.moments
    assert [one.at for one in seen] == sorted((one.at for one in seen), reverse=True)
    kinds = [one.kind for one in seen]
    assert {kind: kinds.count(kind) for kind in kinds} == {"bought": 18, "contact": 5, "service": 4, "choice": 5}


def test_what_happened_in_one_breath_is_not_torn_apart_by_the_page() -> None:
    who = ann()
    for n in range(PAGE + 4):
        said(who, "sensitive_use", "granted" if n % 2 else "denied", at=NOON - timedelta(days=1))
    timeline = open_card(who.number, by=DORA, because="serving", at=AT).timeline
    assert len(timeline.moments) == ChoiceEntry.objects.filter(customer=who).count()


@pytest.mark.parametrize(("kind", "count"), [("bought", 14), ("contact", 5), ("service", 4), ("choice", 5)])
def test_the_timeline_shows_one_kind_when_asked(kind: str, count: int) -> None:
    who = wanqing(shop())
    moments = open_card(who.number, by=DORA, because="serving", at=AT, kind=kind).timeline.moments
    assert {one.kind for one in moments} == {kind}
    assert len(moments) == count


def test_an_order_opens_with_its_lines_and_only_for_its_customer() -> None:
    who, other = wanqing(shop()), ann()
    bought = open_card(who.number, by=DORA, because="serving", at=AT, kind="bought").timeline.moments[1]
    assert isinstance(bought.what, Order)
    order = order_on_card(who.number, bought.what.key, by=DORA, because="order", at=bought.at)
    assert [(line.product, line.amount_minor) for line in order.lines] == [("Linen shirt", 26_000), ("Socks", 3_900)]
    assert order.amount_minor == 29_900
    with pytest.raises(NotThere):
        order_on_card(other.number, bought.what.key, by=DORA, because="order", at=bought.at)


def test_mia_sees_the_value_and_not_the_words() -> None:
    who = wanqing(shop())
    card = open_card(who.number, by=MIA, because="serving", at=AT)
    assert (card.facts.income_band, card.facts.allergies) == ("150-199K", None)
    assert {point.value for point in card.points} == {None}
    assert {one.detail for one in card.complaints} == {None}


def test_emil_sees_the_points_themselves() -> None:
    card = open_card(wanqing(shop()).number, by=EMIL, because="request R-1", at=AT)
    assert {point.value for point in card.points} == {"wanqing@example.com", "+8613800004187", "湖滨路 8 号"}


def test_who_calls_is_recognised_with_hints() -> None:
    who = wanqing(shop())
    [found] = recognise_customer("13800004187", by=DORA, because="searching")
    assert (found.customer.number, found.complaint_open, found.state) == (who.number, True, "inside")
    assert found.last_at == NOON - timedelta(days=29)
    assert recognise_customer("nobody", by=DORA, because="searching") == []
