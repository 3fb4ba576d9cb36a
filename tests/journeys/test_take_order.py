"""An order is taken by hand: known customer or new one, once for ever, in the same book as imported ones."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from time import sleep
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.utils import timezone

from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.open_customer import open_card
from regulars.journeys.recognise_likely import recognise_typed, serve_known
from regulars.journeys.take_in_customer import ChoiceSaid
from regulars.journeys.take_order import (
    OrderAsked,
    coming_back,
    hand_order_over,
    place_draft,
    take_order,
    weigh_lines,
    written,
)
from regulars.records.access_log.models import AccessEntry
from regulars.records.choices.models import ChoiceEntry
from regulars.records.company.access import now
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import ContactPoint, Customer
from regulars.records.customers.needed import reasons_among
from regulars.records.orders.desk import Returnable, may_be_returned, orders_waiting
from regulars.records.orders.drafts import begin_draft, draft_of, drafts_of, forget_drafts, keep_draft, leave_draft
from regulars.records.orders.models import CustomerActivity, DeskOrder, MonthTouched, OrderDraft, OrderLine, Product
from regulars.records.orders.selling import find_products, learn_prices, products_of
from regulars.rules.cleaning.person import TypedPerson
from regulars.rules.orders.typed import TypedLine
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import EMIL, MIA, NOON, asking
from tests.story import Shop, order, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
NEW = TypedPerson(name="李 小龙先生", phone="139 0013 9000", email="LI@Example.COM", city="杭州", country="CN")


def dora(at: Shop) -> Asker:
    return asking("Dora", "service", staff_id=at.dora, branches=frozenset({at.lake}))


def shirt(at: Shop) -> Product:
    return Product.objects.get_or_create(source_id=at.source, ref="Linen shirt", defaults={"name": "Linen shirt"})[0]


def asked(at: Shop, *lines: TypedLine, **more: object) -> OrderAsked:
    chosen = lines or (TypedLine(shirt(at).id, "2", "260", "10%"),)
    return OrderAsked(**{"lines": chosen, "branch_id": at.lake} | more)  # type: ignore[arg-type]


def test_her_order_is_in_the_book_and_her_totals_are_right_at_once() -> None:
    at = shop()
    who = wanqing(at)
    before = CustomerActivity.objects.get(customer=who)
    placed = take_order(asked(at, customer="C-20418"), key=uuid4(), by=dora(at), at=now())
    [line] = OrderLine.objects.filter(order_ref=placed.ref)
    assert (line.quantity_milli, line.amount_minor, line.discount_minor) == (2000, 46_800, 5_200)
    assert (line.customer_id, line.branch_id, line.import_run_id) == (who.id, at.lake, None)
    after = CustomerActivity.objects.get(customer=who)
    assert after.last_at == line.ordered_at != before.last_at
    counted = OrderLine.objects.filter(customer_id=who.id)
    assert (after.lines, after.amount_minor) == (counted.count(), sum(one.amount_minor for one in counted))
    assert MonthTouched.objects.filter(month=date(2026, 3, 1)).exists()
    card = open_card("C-20418", by=dora(at), because="serving", at=now() + timedelta(minutes=1))
    assert card.orders[0].ref == placed.ref
    assert products_of([shirt(at).id], by=dora(at))[shirt(at).id].price_minor == 26_000


def test_the_same_key_is_one_order_however_often_and_from_however_many_sides() -> None:
    at = shop()
    wanqing(at)
    key, said = uuid4(), asked(at, customer="C-20418")
    begin_draft(key, written(said), by=dora(at))
    placed: list[str] = []

    def place() -> None:
        placed.append(place_draft(key, by=dora(at), at=now()).ref)
        connections.close_all()

    together = [threading.Thread(target=place) for _ in range(4)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert len(placed) == 4
    assert len(set(placed)) == 1
    assert DeskOrder.objects.count() == 1
    assert OrderDraft.objects.get().content is None
    assert place_draft(key, by=dora(at), at=now()).again
    assert take_order(said, key=key, by=dora(at), at=now()).again


def test_somebody_new_is_taken_in_with_what_she_said() -> None:
    at = shop()
    choices = (ChoiceSaid("allows_direct_marketing", "granted", "Tell me about news and offers"),
               ChoiceSaid("allows_sms", "denied", "News and offers by SMS"))  # fmt: skip
    placed = take_order(asked(at, person=NEW, choices=choices), key=uuid4(), by=dora(at), at=now())
    who = Customer.objects.get()
    assert (who.name, who.family_name, who.honorific, who.stage) == ("李小龙", "李", "先生", "customer")
    assert (who.home_branch_id, who.jurisdiction, who.city) == (at.lake, "CN", "杭州市")
    assert ContactPoint.objects.filter(customer=who).count() == 2
    assert {one.channel or one.purpose: one.value for one in ChoiceEntry.objects.filter(customer=who)} == {
        "direct_marketing": "granted", "sms": "denied",
    }  # fmt: skip
    who.refresh_from_db()
    assert who.allows_direct_marketing
    assert not who.allows_sms
    for said in ("li xiaolong", "13900139000", "li@example.com"):
        assert [one.customer.number for one in recognise_typed(said, by=dora(at), because="test")] == [who.number]
    assert OrderLine.objects.get(order_ref=placed.ref).customer_id == who.id
    assert AccessEntry.objects.filter(door="open_customer", customer_id=who.id, who="Dora", because="order").exists()


def test_she_is_recognised_by_the_number_of_an_order_of_hers() -> None:
    at = shop()
    who = wanqing(at)
    taken = take_order(asked(at, customer="C-20418"), key=uuid4(), by=dora(at), at=now()).ref
    booked = OrderLine.objects.filter(customer_id=who.id).exclude(order_ref=taken)[0].order_ref
    for said in (taken, taken.lower(), f"#{taken}", booked, f"wanqing {taken}"):
        found = recognise_typed(said, by=dora(at), because="call")
        assert [one.customer.number for one in found] == ["C-20418"], said
        assert "same" in {step.level for step in found[0].steps if step.comparison == "reference"}
    assert recognise_typed("B-0000000", by=dora(at), because="call") == []


def test_an_order_of_digits_alone_is_found_though_they_may_be_a_phone() -> None:
    at = shop()
    who = wanqing(at)
    order(who, NOON, [("Socks", 3_900)], branch=at.lake, source=at.source, ref="31198570044")
    [one] = recognise_typed("31198570044", by=dora(at), because="call")
    assert one.customer.number == "C-20418"


def test_the_number_of_an_order_leads_to_nobody_whom_the_view_leaves_out() -> None:
    at = shop()
    who = wanqing(at)
    taken = take_order(asked(at, customer="C-20418"), key=uuid4(), by=dora(at), at=now()).ref
    elsewhere = replace(dora(at), branches=frozenset({at.lake + 1000}))
    Customer.objects.filter(id=who.id).update(home_branch_id=at.lake)
    assert recognise_typed(taken, by=elsewhere, because="call") == []
    erase_customer("C-20418", by=EMIL, because="she asked", reference="R-2", at=now())
    assert recognise_typed(taken, by=dora(at), because="call") == []


def test_who_is_almost_certainly_known_is_not_taken_in_twice_by_accident() -> None:
    at = shop()
    wanqing(at)
    again = TypedPerson(name="陈婉清", phone="13800004187", birth_on="1988-04-02", country="CN")
    with pytest.raises(BadInput, match="perhaps_known"):
        take_order(asked(at, person=again), key=uuid4(), by=dora(at), at=now())
    take_order(asked(at, person=again, surely_new=True), key=uuid4(), by=dora(at), at=now())
    assert Customer.objects.count() == 2
    with pytest.raises(BadInput, match="perhaps_known"):  # either of two: neither is certain, and a third is no one new
        take_order(asked(at, person=again), key=uuid4(), by=dora(at), at=now())


def test_killed_or_refused_nothing_is_there_and_the_draft_is_kept() -> None:
    at = shop()
    key = uuid4()
    lines = (TypedLine(shirt(at).id, "1", "260"), TypedLine(10**9, "1", "5"))
    begin_draft(key, written(asked(at, *lines, person=NEW)), by=dora(at))
    with pytest.raises(BadInput, match="product_unknown"):
        place_draft(key, by=dora(at), at=now())
    assert not Customer.objects.exists()
    assert draft_of(key, by=dora(at)).content["person"]["phone"] == "139 0013 9000"
    assert "139" not in bytes(OrderDraft.objects.get().content).decode("latin1")


def test_goods_come_back_from_an_order_of_hers_and_never_more_than_she_bought() -> None:
    at = shop()
    who = wanqing(at)
    back = TypedLine(shirt(at).id, "-1", "260")
    for wrong in ({}, {"returns_ref": "B-9999"}, {"returns_ref": "B-1000"}):
        with pytest.raises(BadInput, match="return_of"):
            take_order(asked(at, back, customer="C-20418", **wrong), key=uuid4(), by=dora(at), at=now())
    before = sum(one.amount_minor for one in OrderLine.objects.filter(customer_id=who.id))
    take_order(asked(at, back, customer="C-20418", returns_ref="B-1001"), key=uuid4(), by=dora(at), at=now())
    assert CustomerActivity.objects.get(customer=who).amount_minor == before - 26_000
    with pytest.raises(BadInput, match="return_of_too_much"):
        take_order(asked(at, back, customer="C-20418", returns_ref="B-1001"), key=uuid4(), by=dora(at), at=now())


def test_two_counters_that_take_the_same_goods_back_at_once_give_the_money_back_once() -> None:
    at = shop()
    who = wanqing(at)
    back = TypedLine(shirt(at).id, "-1", "260")
    gate, told = threading.Barrier(2), list[str]()

    def take_back() -> None:
        gate.wait()
        try:
            told.append(
                take_order(
                    asked(at, back, customer=who.number, returns_ref="B-1001"), key=uuid4(), by=dora(at), at=now()
                ).ref[:2]
            )
        except BadInput as error:
            told.append(error.code)
        finally:
            connections.close_all()

    clerks = [threading.Thread(target=take_back) for _ in range(2)]
    with transaction.atomic():
        Customer.objects.select_for_update().get(id=who.id)
        for one in clerks:
            one.start()
        sleep(3)
    for one in clerks:
        one.join()
    assert sorted(told) == ["D-", "return_of_too_much"]


def test_an_order_she_took_herself_is_no_reason_to_open_the_file_all_day() -> None:
    at = shop()
    who, mine = wanqing(at), dora(at)
    take_order(asked(at, customer=who.number), key=uuid4(), by=mine, at=now())
    colleague = asking("Lin", "service", staff_id=at.dora + 1000, branches=mine.branches)
    assert reasons_among([who.id], by=replace(mine, view="assigned")) == {}
    assert list(reasons_among([who.id], by=replace(colleague, view="assigned"))) == [who.id]


def test_who_is_erased_stands_in_no_draft_any_more() -> None:
    at = shop()
    who, hers, another = wanqing(at), uuid4(), uuid4()
    begin_draft(hers, {"customer": who.number, "called": who.name, "lines": []}, by=dora(at))
    begin_draft(another, {"customer": "", "lines": []}, by=dora(at))
    left = erase_customer(who.number, by=EMIL, because="she asked for it", reference="T-12", at=now())
    assert left.closed["drafts"] == 1
    assert [one.key for one in drafts_of(by=dora(at))] == [another]


def test_what_is_promised_stays_open_until_it_is_handed_over() -> None:
    at = shop()
    wanqing(at)
    placed = take_order(
        asked(at, customer="C-20418", promised_on=date(2026, 3, 20)), key=uuid4(), by=dora(at), at=now()
    )
    [waiting] = orders_waiting(by=dora(at), because="order")
    assert (waiting.order.ref, waiting.number, waiting.name) == (placed.ref, "C-20418", "陈婉清")
    assert serve_known("C-20418", by=dora(at), because="order").hints.open_orders == 1
    [likely] = recognise_typed("chen wanqing", by=dora(at), because="test")
    assert likely.open_orders == 1
    assert hand_order_over(placed.ref, by=dora(at), at=now()) == "C-20418"
    assert orders_waiting(by=dora(at), because="order") == []
    with pytest.raises(NotThere):
        hand_order_over(placed.ref, by=dora(at), at=now())


def test_who_may_not_sell_or_not_here_is_refused_and_it_is_in_the_log() -> None:
    at = shop()
    wanqing(at, home_branch_id=at.hill)
    with pytest.raises(Denied, match="orders_not_for_this_role"):
        take_order(asked(at, customer="C-20418"), key=uuid4(), by=MIA, at=now())
    with pytest.raises(Denied, match="customer_of_another_branch"):
        take_order(asked(at, customer="C-20418"), key=uuid4(), by=dora(at), at=now())
    with pytest.raises(BadInput, match="branch_not_yours"):
        take_order(asked(at, person=NEW, branch_id=at.hill), key=uuid4(), by=dora(at), at=now())
    with pytest.raises(BadInput, match="order_without_branch"):
        take_order(asked(at, person=NEW, branch_id=None), key=uuid4(), by=dora(at), at=now())
    assert AccessEntry.objects.filter(allowed=False).count() == 2
    assert not DeskOrder.objects.exists()


def test_a_draft_is_hers_alone_and_goes_after_a_week() -> None:
    at = shop()
    key, somebody = uuid4(), asking("Lin", "service", staff_id=at.dora + 1000)
    begin_draft(key, {"lines": []}, by=dora(at))
    with pytest.raises(NotThere):
        draft_of(key, by=somebody)
    assert not keep_draft(key, {}, by=somebody)
    leave_draft(key, by=somebody)
    assert [one.key for one in drafts_of(by=dora(at))] == [key]
    assert forget_drafts(at=timezone.now() + timedelta(days=6)) == 0
    assert forget_drafts(at=timezone.now() + timedelta(days=8)) == 1


def test_what_cannot_be_read_is_said_line_by_line() -> None:
    at = shop()
    weighed = weigh_lines([TypedLine(1, "1", "3"), TypedLine(1, "", "3"), TypedLine(1, "1", "3", "4")])
    assert [(one.place, one.code) for one in weighed.objections] == [(1, "quantity_unclear"), (2, "discount_unclear")]
    for person, code in ((TypedPerson(), "new_customer_nameless"), (TypedPerson(phone="x"), "new_customer_unusable")):
        with pytest.raises(BadInput, match=code):
            take_order(asked(at, person=person), key=uuid4(), by=dora(at), at=now())


def test_products_are_found_by_any_word_with_the_price_they_last_had() -> None:
    at = shop()
    wanqing(at)
    assert learn_prices(since=now() - timedelta(days=400), until=now()) == 3
    [found] = find_products("shirt lin", by=dora(at))
    assert (found.name, found.price_minor, found.currency) == ("Linen shirt", 26_000, "CNY")
    assert find_products("100%", by=dora(at)) == find_products("  ", by=dora(at)) == []
    assert [one.name for one in find_products("羊绒", by=dora(at))] == ["羊绒大衣"]


def test_no_more_money_is_given_back_than_was_paid() -> None:
    at = shop()
    wanqing(at)

    def back(quantity: str, price: str) -> OrderAsked:
        return asked(at, TypedLine(shirt(at).id, quantity, price), customer="C-20418", returns_ref="B-1001")

    with pytest.raises(BadInput, match="refund_of_too_much") as told:
        take_order(back("-1", "9999"), key=uuid4(), by=dora(at), at=now())
    assert told.value.values == {"order": "B-1001", "left": "260 CNY"}
    assert not DeskOrder.objects.exists()


@pytest.mark.parametrize(("pieces", "paid"), [(3, 2_000), (7, 10_000), (3, 1), (2, 0), (2.5, 101)])
def test_what_does_not_divide_comes_back_to_the_last_penny(pieces: float, paid: int) -> None:
    at = shop()
    who = wanqing(at)
    order(who, now(), [("thing", paid)], branch=at.lake, source=at.source, ref="B-7")
    line = OrderLine.objects.get(order_ref="B-7")
    OrderLine.objects.filter(order_ref="B-7").update(quantity_milli=round(pieces * 1000), product_id=shirt(at).id)
    lines = tuple(coming_back("C-20418", "B-7", by=dora(at)))
    assert sum(one.amount_minor for one in weigh_lines(lines).lines) == -line.amount_minor
    placed = take_order(asked(at, *lines, customer="C-20418", returns_ref="B-7"), key=uuid4(), by=dora(at), at=now())
    assert placed.ref and not any(one.left_milli for one in left_of_order(at, "B-7"))


def left_of_order(at: Shop, ref: str) -> list[Returnable]:
    opened, _ = open_customer("C-20418", by=dora(at), because="order")
    return list(may_be_returned(opened, ref).values())


def test_of_somebody_erased_no_order_waits_to_be_handed_over_and_no_draft_is_left() -> None:
    at = shop()
    wanqing(at)
    soon = {"customer": "C-20418", "promised_on": NOON.date()}
    take_order(asked(at, TypedLine(shirt(at).id, "1", "260"), **soon), key=uuid4(), by=dora(at), at=now())
    begin_draft(uuid4(), written(asked(at, TypedLine(shirt(at).id, "1", "260"), customer="C-20418")), by=dora(at))
    left = erase_customer("C-20418", by=EMIL, because="she asked", reference="R-1", at=now())
    assert (left.closed["orders"], left.closed["drafts"]) == (1, 1)
    assert DeskOrder.objects.get().state == "closed" and DeskOrder.objects.get().closed_at is not None
    assert orders_waiting(by=dora(at), because="orders") == []
