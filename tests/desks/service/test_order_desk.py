"""The order desk: recognised while one types, counted while one adds, kept at every step, placed once."""

import re
from uuid import UUID

import pytest
from django.test import Client

from regulars.records.company.access import now
from regulars.records.customers.models import Customer
from regulars.records.orders.models import DeskOrder, OrderDraft, OrderLine, Product
from regulars.records.orders.selling import learn_prices
from regulars.records.touchpoints.models import Complaint
from tests.cast import customer
from tests.desks.visitors import signed_in
from tests.story import DAY, findable, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")


class Desk:
    """Dora at one order."""

    def __init__(self, language: str = "en", who: str = "dora") -> None:
        self.dora: Client = signed_in(who, language)
        answer = self.dora.post("/desk/new/")
        self.path = answer["Location"]
        self.said: dict[str, str] = {}

    def says(self, part: str = "", **said: str) -> str:
        """What comes back, a part or the page she is led to."""
        headers = {"HX-Request": "true", "HX-Target": part} if part else {}
        answer = self.dora.post(self.path, said, headers=headers, follow=not part)
        self.status = answer.status_code
        return answer.content.decode()

    def sees(self) -> str:
        return self.dora.get(self.path).content.decode()


def prepared() -> int:
    """The story's shop with prices learnt; the number of the shirt."""
    wanqing(shop())
    learn_prices(since=now() - 400 * DAY, until=now())
    return Product.objects.get(ref="Linen shirt").id


def test_dora_takes_an_order_for_somebody_she_recognises() -> None:
    shirt, desk = prepared(), Desk()
    likely = desk.says("likely", typed="chen wanqng")
    for said in (
        "陈婉清",
        "given name with a slip",
        "usually ",
        "complaint open",
        "last visit",
        'value="choose:C-20418"',
    ):
        assert said in likely, said
    assert "4187" not in likely
    assert "wanqing@" not in likely
    assert "C-20418" in desk.says("who", typed="chen wanqng", do="choose:C-20418")
    assert f'value="add:{shirt}"' in desk.says("products", wanted="linen")
    lines = desk.says("lines", wanted="linen", do=f"add:{shirt}")
    assert 'name="price" value="260"' in lines
    assert "¥520" in desk.says("sum", has_lines="1", product=str(shirt), quantity="2", price="260", discount="")
    page = desk.says(has_lines="1", product=str(shirt), quantity="2", price="260", discount="10%", do="place")
    made = DeskOrder.objects.get()
    assert f"Order {made.ref} is taken" in page
    assert OrderLine.objects.get(order_ref=made.ref).amount_minor == 46_800
    assert made.customer.number == "C-20418"
    assert (made.taken_by, made.channel) == ("Dora", "counter")
    assert desk.says(do="place").count(made.ref) >= 1
    assert DeskOrder.objects.count() == 1


def test_somebody_new_is_cleaned_asked_and_taken_in() -> None:
    shirt, desk = prepared(), Desk()
    page = desk.says("who", typed="李小龙 139 0013 9000", do="new")
    for said in ("李小龙", "+8613900139000", "Tell me about news and offers", "Not asked"):
        assert said in page, said
    new = {"has_person": "1", "name": "李 小龙先生", "phone": "139 0013 9000", "email": "li@gmial.com", "country": "CN"}
    looked = desk.says("looked", **new)
    for said in ("form of address set apart", "country code added", "the domain looks mistyped: gmail.com"):
        assert said in looked, said
    desk.says("lines", do=f"add:{shirt}")
    answers = {"says_allows_direct_marketing": "granted", "says_allows_sms": "denied", "says_allows_phone": ""}
    desk.says("", **new, **answers, do="place")
    who = Customer.objects.exclude(number="C-20418").get()
    assert (who.name, who.allows_direct_marketing, who.allows_sms) == ("李小龙", True, False)
    assert OrderDraft.objects.get().content is None


def test_what_is_not_ready_says_why_and_keeps_everything() -> None:
    prepared()
    desk = Desk()
    page = desk.says("", has_person="1", name="Zoe Zander", do="place")
    assert desk.status == 422
    assert "Nothing is in the order yet" in page
    desk.says("", do="new")
    page = desk.says("", has_person="1", name="Zoe Zander", phone="call me", do="place")
    assert "Zoe Zander" in desk.sees()
    assert not DeskOrder.objects.exists()
    assert Customer.objects.count() == 1


def test_a_lost_session_loses_nothing_and_a_draft_is_hers_alone() -> None:
    shirt, desk = prepared(), Desk()
    desk.says("who", typed="x", do="choose:C-20418")
    desk.says("lines", do=f"add:{shirt}")
    desk.dora = signed_in("dora")
    assert "陈婉清" in desk.dora.get("/desk/").content.decode()
    assert "Linen shirt" in desk.sees()
    from regulars.records.staff.actions import hire
    from tests.story import PASSWORD

    hire("lin", "Lin", roles=["service"], password=PASSWORD)
    lin = signed_in("lin")
    assert lin.get(desk.path).status_code == 404
    assert lin.post(desk.path, {"do": "place"}).status_code == 404
    assert "陈婉清" not in lin.get("/desk/").content.decode()
    assert signed_in("mia").get("/desk/").status_code == 403


def test_goods_come_back_with_two_presses() -> None:
    shirt, desk = prepared(), Desk()
    who = desk.says("who", typed="x", do="choose:C-20418")
    [ref] = re.findall(r'value="back:(B-1001)"', who)
    lines = desk.says("lines", do=f"back:{ref}")
    assert lines.count('name="product"') == 2
    assert "−¥299" in lines
    assert f'name="product" value="{shirt}"' in lines
    desk.says("", has_lines="1", returns=ref, product=str(shirt), quantity="-1", price="260", discount="", do="place")
    assert OrderLine.objects.get(order_ref=DeskOrder.objects.get().ref).amount_minor == -26_000


def test_the_page_speaks_chinese_and_works_without_scripts() -> None:
    shirt, desk = prepared(), Desk("zh-hans")
    page = desk.says(typed="wanqing", do="keep")
    assert "谁下单" in page
    assert "陈婉清" in page
    page = desk.says(do="choose:C-20418")
    page = desk.says(do=f"add:{shirt}")
    assert "应付" in page
    assert "已受理" in desk.says(has_lines="1", product=str(shirt), quantity="1", price="260", discount="", do="place")


def test_what_is_promised_waits_to_be_handed_over_and_is_a_hint() -> None:
    shirt, desk = prepared(), Desk()
    Complaint.objects.all().delete()
    desk.says("who", do="choose:C-20418")
    desk.says("lines", do=f"add:{shirt}")
    desk.says("", has_lines="1", product=str(shirt), quantity="1", price="260", discount="", promised_on="2026-03-20",
              do="place")  # fmt: skip
    ref = DeskOrder.objects.get().ref
    assert ref in desk.dora.get("/desk/").content.decode()
    assert "1 order waits for her" in Desk().says("likely", typed="wanqing")
    desk.dora.post(f"/desk/orders/{ref}/handed-over/")
    assert DeskOrder.objects.get().state == "handed_over"


def test_nobody_of_another_branch_is_told_of_and_an_id_in_the_form_opens_nobody() -> None:
    at = shop()
    wanqing(at, home_branch_id=at.hill)
    desk = Desk()
    for typed in ("chen wanqing", "13800004187", "wanqing@example.com", "C-20418"):
        told = desk.says("likely", typed=typed)
        assert "婉清" not in told, typed
        assert "complaint" not in told, typed
    who = desk.says("who", do="choose:C-20418")
    assert "婉清" not in who
    assert "another branch" in who
    desk.says("", has_person="", do="keep", customer="C-20418")
    assert "婉清" not in desk.sees()


def test_a_name_that_is_html_sql_or_a_formula_stays_a_name() -> None:
    at = shop()
    for evil in ("<script>alert(1)</script>", "Robert'); DROP TABLE customer;--", '=HYPERLINK("http://x")'):
        findable(customer(evil, phone="+8613900000001", home_branch_id=at.lake))
    desk = Desk()
    told = desk.says("likely", typed="13900000001")
    assert "<script>alert" not in told
    assert "&lt;script&gt;" in told
    new = desk.says("looked", has_person="1", name="<b>Bob</b> Baker", email="=1+1@example.com")
    assert "<b>Bob" not in new
    assert Customer.objects.count() == 3


def test_a_key_of_no_order_is_not_there() -> None:
    prepared()
    dora = signed_in("dora")
    assert dora.get(f"/desk/{UUID(int=7)}/").status_code == 404
    assert dora.post("/desk/orders/D-999/handed-over/").status_code == 404


def test_an_order_is_begun_from_her_card_by_whom_it_is_taken() -> None:
    prepared()
    dora, mia = signed_in("dora", "en"), signed_in("mia", "en")
    card = dora.get("/customers/C-20418/").content.decode()
    assert re.search(r'<form method="post" action="/desk/new/">(?:(?!</form>).)*value="C-20418"', card, re.DOTALL)
    begun = dora.post("/desk/new/", {"customer": "C-20418"}, follow=True).content.decode()
    assert "陈婉清" in begun
    assert "/desk/new/" not in mia.get("/customers/C-20418/").content.decode()
