"""The call pop-up, the card beside the page, codes on pages and over HTTP."""

from collections.abc import Iterator

import pytest

from regulars.journeys.serve_customer import note_preference
from regulars.records.access_log.models import AccessEntry
from regulars.records.codes.access import forget_codes
from regulars.records.codes.models import Code as Row
from regulars.records.company.actions import ensure_branches
from regulars.records.orders.models import DeskOrder, Product
from regulars.records.staff.actions import hire
from regulars.records.touchpoints.models import Complaint, PhoneCall, Preference, Touchpoint
from tests.cast import DORA, NOON
from tests.desks.api.programs import program
from tests.desks.visitors import signed_in
from tests.story import PASSWORD, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
CARD = "/customers/C-20418/"


@pytest.fixture(autouse=True)
def as_before(house: None) -> Iterator[None]:
    before = list(Row.objects.values())
    yield
    Row.objects.all().delete()
    Row.objects.bulk_create(Row(**one) for one in before)
    forget_codes()


def test_who_calls_pops_up_once_is_noted_and_goes() -> None:
    wanqing(shop())
    dora, telephony = signed_in("dora"), program("service")
    assert dora.get("/calls/ringing/").status_code == 204
    made = telephony.post("/calls", {"caller": "13800004187", "call": "c-1", "agent": "dora", "line": "3"})
    assert made.status == 201
    shown = dora.get("/calls/ringing/").content.decode()
    for said in ("陈婉清 calls", "complaint open", "last visit", f'href="{CARD}" data-card="call"'):
        assert said in shown, said
    call = PhoneCall.objects.get().id
    assert dora.get("/calls/ringing/", {"shown": call}).status_code == 204
    assert 'hx-get="/calls/ringing/"' in dora.get("/tasks/").content.decode()
    said = {"number": "C-20418", "code": "enquiry", "title": "Asked about the coat"}
    assert dora.post(f"/calls/{call}/", said)["Location"] == CARD
    assert Touchpoint.objects.get(kind="call").code == "enquiry"
    assert "a question" in dora.get(CARD).content.decode()
    assert dora.get("/calls/ringing/").status_code == 204
    assert telephony.post("/calls/over", {"call": "c-1"}).told == {"known": True}


def test_a_call_with_a_complaint_goes_on_where_it_is_written_down() -> None:
    wanqing(shop())
    dora = signed_in("dora")
    program("service").post("/calls", {"caller": "13800004187", "call": "c-1", "agent": "dora"})
    said = {"number": "C-20418", "code": "complaint", "title": "Her coat sheds"}
    where = dora.post(f"/calls/{PhoneCall.objects.get().id}/", said)["Location"]
    assert where == f"{CARD}complaints/new/"
    assert "Hear a complaint" in dora.get(where).content.decode()


def test_a_new_number_begins_an_order_and_nobody_else_hears_of_a_call() -> None:
    shop()
    telephony = program("service")
    telephony.post("/calls", {"caller": "+8613900139000", "call": "c-2", "agent": "dora"})
    dora = signed_in("dora")
    shown = dora.get("/calls/ringing/").content.decode()
    assert "A number nobody has calls" in shown
    begun = dora.post("/desk/new/", {"typed": "+8613900139000", "channel": "phone"})
    assert "+8613900139000" in dora.get(begun["Location"]).content.decode()
    hire("lin", "Lin", roles=["service"], password=PASSWORD)
    lin = signed_in("lin")
    assert lin.get("/calls/ringing/").status_code == 204
    assert lin.get(f"/calls/{PhoneCall.objects.get().id}/").status_code == 404
    assert signed_in("mia").get("/calls/ringing/").status_code == 403
    assert program("marketer").post("/calls", {"caller": "1", "call": "c"}).status == 403
    assert dora.post(f"/calls/{PhoneCall.objects.get().id}/away/", headers={"HX-Request": "true"}).status_code == 200
    assert PhoneCall.objects.get().phone is None


def test_the_card_beside_the_page_is_the_same_one_and_its_reason_is_in_the_log() -> None:
    at = shop()
    wanqing(at)
    dora = signed_in("dora")
    beside = dora.get(f"{CARD}panel/", {"from": "task"}, headers={"HX-Request": "true"}).content.decode()
    page = dora.get(CARD).content.decode()
    for said in ("陈婉清", "Linen shirt", "How to reach them", "R5 F4 M4"):
        assert said in beside, said
        assert said in page, said
    assert "<html" not in beside
    assert "4187" not in beside
    assert AccessEntry.objects.filter(door="open_customer", because="task", who="Dora", rows=1).exists()
    dora.get(f"{CARD}panel/", {"from": "<script>"})
    assert not AccessEntry.objects.filter(because__contains="script").exists()
    Complaint.objects.get()
    type(wanqing_of()).objects.filter(number="C-20418").update(home_branch_id=at.hill)
    assert dora.get(f"{CARD}panel/", {"from": "order"}).status_code == 403


def wanqing_of() -> object:
    from regulars.records.customers.models import Customer

    return Customer.objects.get(number="C-20418")


def test_a_preference_is_noted_and_ended_and_a_complaint_is_answered() -> None:
    at = shop()
    wanqing(at)
    dora = signed_in("dora")
    dora.post(f"{CARD}preferences/", {"code": "material-no-wool", "words": "itches"})
    assert "no wool: itches" in dora.get(CARD).content.decode()
    dora.post(f"{CARD}preferences/", {"ended": Preference.objects.get().id})
    assert "no wool" not in dora.get(CARD).content.decode()
    one = Complaint.objects.get()
    page = f"{CARD}complaints/{one.id}/"
    dora.post(page, {"do": "answer", "answer": "It is mended"})
    dora.post(page, {"do": "weigh", "severity": "3", "owner": at.dora})
    shown = dora.get(page).content.decode()
    for said in ("It is mended", "grave", "Dora"):
        assert said in shown, said
    assert Complaint.objects.get().closed_at is None
    dora.post(page, {"do": "close", "outcome": "repaired", "words": ""})
    assert Complaint.objects.get().closed_at is not None
    heard = {"code": "service-tone", "severity": "1", "detail": "curt", "answer_by": "2026-03-14", "owner": ""}
    assert dora.post(f"{CARD}complaints/new/", heard).status_code == 302
    assert Complaint.objects.get(closed_at=None).severity == 1


def test_the_steward_keeps_the_codes_on_a_page_and_over_http() -> None:
    shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    sten = signed_in("sten")
    tea = {"key": "tea", "label": "tea", "label_zh": "茶", "parent_key": "taste"}
    assert sten.post("/data/codes/?kind=preference", tea).status_code == 302
    assert "tea" in sten.get("/data/codes/", {"kind": "preference"}).content.decode()
    assert sten.post("/data/codes/?kind=preference", tea).status_code == 422
    sten.post("/data/codes/tea/", {"kind": "preference", "do": "merge", "into": "taste"})
    assert Row.objects.get(key="tea").merged_into == "taste"
    assert signed_in("dora").get("/data/codes/").status_code == 403
    steward = program("steward")
    told = steward.post("/codes/complaint", {"key": "noise", "label": "noise", "label_zh": "噪音"})
    assert (told.status, told.told["holds"]) == (201, True)
    assert program("service").post("/codes/complaint", {"key": "a", "label": "a", "label_zh": "a"}).status == 403
    assert "noise" in [one["key"] for one in program("service").get("/codes/complaint").told]


def test_a_till_takes_an_order_once_for_somebody_new() -> None:
    at = shop()
    ensure_branches(["lake"])
    shirt = Product.objects.create(source_id=at.source, ref="Linen shirt", name="Linen shirt").id
    till = program("service")
    assert [one["id"] for one in till.get("/products", q="linen").told] == [shirt]
    wanted = {"order": "w-1", "person": {"name": "王芳", "phone": "13900139000", "country": "CN"}, "branch": "lake",
              "choices": [{"allows": "allows_email", "value": "granted", "wording": "News by mail"}],
              "lines": [{"product": shirt, "quantity": "2", "price": "260", "discount": "5%"}]}  # fmt: skip
    first, again = till.post("/orders", wanted), till.post("/orders", wanted)
    assert (first.status, first.told["again"], again.told["again"]) == (201, False, True)
    assert first.told["ref"] == again.told["ref"] == DeskOrder.objects.get().ref
    assert till.post("/orders", wanted | {"order": "w-2", "lines": []}).status == 422
    broken = wanted | {"order": "w-3", "lines": [{"product": shirt, "price": "abc"}]}
    assert till.post("/orders", broken).code() == "order_line_unclear"


def test_a_call_shows_on_every_page_of_whoever_answers_calls_and_on_nobody_elses() -> None:
    wanqing(shop())
    hire("sam", "Sam", roles=["marketer", "service", "steward"], password=PASSWORD)
    sam = signed_in("sam")
    for path in ("/", "/segments/", "/data/", "/tasks/"):
        page = sam.get(path, follow=True).content.decode()
        assert page.count('hx-get="/calls/ringing/"') == page.count('id="ringing"') == 1, path
    assert "autofocus" not in sam.get("/calls/ringing/").content.decode()
    assert "/calls/ringing/" not in signed_in("mia").get("/", follow=True).content.decode()


def test_programs_hear_what_she_prefers_as_far_as_their_view_shows_it() -> None:
    wanqing(shop())
    note_preference("C-20418", code="delivery-evening", words="after six", by=DORA, at=NOON)
    [found] = program("service").post("/recognise", {"text": "13800004187", "because": "a call"}).told
    assert found["preferences"] == [{"code": "delivery-evening", "words": "after six"}]
    card = program("service").get("/customers/C-20418/card", because="a call").told
    assert {"code": "delivery-evening", "words": "after six"} in card["preferences"]
