"""Ann's purchases, read with her opened file: orders with their lines, newest first, and nobody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from regulars.records.customers.access import Opened, open_customer
from regulars.records.customers.models import Customer
from regulars.records.orders.models import CustomerActivity
from regulars.records.orders.of_customer import activity_of, has_order, last_visits, order_of, orders_of
from tests.cast import DORA, MIA, NOON, ann, bob, wang_fang
from tests.story import order, shop

pytestmark = pytest.mark.usefixtures("house")
DAY = timedelta(days=1)


@pytest.fixture
def bought() -> tuple[Opened, Customer]:
    """Ann bought a coat yesterday, gave socks back with it, and bought a shirt two years ago; Bob bought once."""
    at, who, other = shop(), ann(), bob()
    order(who, NOON - DAY, [("Coat", 368_000), ("Socks", -3_900)], branch=at.lake, source=at.source, ref="R-2")
    order(who, NOON - 700 * DAY, [("Shirt", 26_000)], branch=at.hill, source=at.source, ref="R-1")
    order(other, NOON - 2 * DAY, [("Scarf", 9_900)], branch=at.lake, source=at.source, ref="R-3")
    CustomerActivity.objects.create(
        customer=who,
        first_at=NOON - 700 * DAY,
        last_at=NOON - DAY,
        orders=2,
        lines=3,
        amount_minor=390_100,
        currency="CNY",
    )
    return open_customer(who.number, by=DORA, because="test")[0], other


def test_orders_come_newest_first_however_long_ago(bought: tuple[Opened, Customer]) -> None:
    new, old = orders_of(bought[0], before=NOON)
    assert (new.ref, new.branch, new.source, new.amount_minor, new.discount_minor) == (
        "R-2", "Hubin shop", "Till receipts", 364_100, 20_000,
    )  # fmt: skip
    assert [(line.product, line.quantity_milli, line.amount_minor) for line in new.lines] == [
        ("Coat", 1000, 368_000), ("Socks", -1000, -3_900),
    ]  # fmt: skip
    assert (old.ref, old.at) == ("R-1", NOON - 700 * DAY)


def test_a_page_of_orders_ends_where_it_was_asked_to(bought: tuple[Opened, Customer]) -> None:
    assert [one.ref for one in orders_of(bought[0], before=NOON, newest=1)] == ["R-2"]
    assert [one.ref for one in orders_of(bought[0], before=NOON - DAY)] == ["R-1"]


def test_one_order_is_found_by_key_and_moment(bought: tuple[Opened, Customer]) -> None:
    opened = bought[0]
    newest = orders_of(opened, before=NOON)[0]
    assert order_of(opened, newest.key, at=newest.at) == newest
    assert order_of(opened, newest.key, at=NOON) is None
    assert (has_order(opened, "R-1"), has_order(opened, "R-9")) == (True, False)


def test_somebody_elses_order_is_not_hers(bought: tuple[Opened, Customer]) -> None:
    assert not has_order(bought[0], "R-3")
    his = open_customer(bought[1].number, by=DORA, because="test")[0]
    [scarf] = orders_of(his, before=NOON)
    assert order_of(bought[0], scarf.key, at=scarf.at) is None


def test_her_totals_are_those_of_the_last_import(bought: tuple[Opened, Customer]) -> None:
    totals = activity_of(bought[0])
    assert totals is not None
    assert (totals.orders, totals.lines, totals.amount_minor) == (2, 3, 390_100)
    assert last_visits([bought[0].id, bought[1].id], by=DORA) == {bought[0].id: NOON - DAY}


def test_who_never_bought_has_neither_orders_nor_totals() -> None:
    opened = open_customer(wang_fang().number, by=DORA, because="test")[0]
    assert activity_of(opened) is None
    assert orders_of(opened, before=NOON) == []


def test_through_a_view_that_does_not_show_him_he_bought_nothing(bought: tuple[Opened, Customer]) -> None:
    """Bob said no to marketing: with Mia's eyes there is no order of his, whoever opened his file."""
    his = replace(open_customer(bought[1].number, by=DORA, because="test")[0], by=MIA)
    assert orders_of(his, before=NOON) == []
    assert last_visits([bought[0].id, bought[1].id], by=MIA).keys() == {bought[0].id}
