"""Rooms of the data room in a real Chromium, read by everybody; pairs decided by the keyboard, undone on the card."""

from collections.abc import Callable

import pytest

from regulars.journeys.ask_to_match import match_as_asked
from regulars.records.customers.models import Customer, FieldSaid
from regulars.records.events.models import WebhookIn
from regulars.records.merging.models import MatchRun, Merge, ReviewPair
from regulars.records.merging.reviewing import put_up_for_review
from regulars.records.staff.actions import hire
from regulars.rules.identity.model import MODEL, Match
from regulars.rules.identity.pairs import DoubtfulPair
from tests.browser import LOOKS, Visitor
from tests.cast import STEN, customer, said
from tests.desks.visitors import signed_in
from tests.story import PASSWORD, findable, shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]
ROOMS = (
    "/data/", "/data/bring/", "/data/sources/new/", "/data/streams/", "/data/streams/webhooks/", "/data/attributes/",
    "/data/codes/",
)  # fmt: skip
RULE = {"name": "Baskets", "event": "Product Added", "unless": "Order Completed", "wait_minutes": "60",
        "task": "call_back", "due_days": "1", "purpose": "direct_marketing"}  # fmt: skip


def pairs() -> tuple[int, int]:
    shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    told = {"phone": "+8613800004187", "city": "杭州", "country": "CN", "jurisdiction": "CN"}
    people = [
        customer("陈婉清", given_name="婉清", family_name="陈", sex="female", **told),
        customer("Chen Wanqing", given_name="Wanqing", family_name="Chen", language="en", **told),
        customer("Chen Wanqin", given_name="Wanqin", family_name="Chen", **told),
    ]
    for who in people:
        findable(who)
    said(people[1], "automated_decision", "denied")
    first, second, third = people
    strong = Match((MODEL.prior, MODEL.step("phone", "same"), MODEL.step("given_name", "same_reading")))
    weak = Match((MODEL.prior, MODEL.step("phone", "same")))
    put_up_for_review([DoubtfulPair(first.id, second.id, strong), DoubtfulPair(first.id, third.id, weak)], by=STEN)
    numbers = ReviewPair.objects.order_by("-bits").values_list("id", flat=True)
    return numbers[0], numbers[1]


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_every_page_can_be_read_by_everybody(visitor: Making, language: str, theme: str, width: int) -> None:
    first, _ = pairs()
    sten = visitor(language=language, theme=theme, width=width).comes_in("sten")
    sten.complaints.clear()
    for path in ("/data/duplicates/", f"/data/duplicates/{first}/"):
        sten.goes_to(path)
        assert sten.findings() == [], path
        assert not sten.slides_sideways(), path
    assert sten.page.locator(".btn kbd").first.is_visible() == (width > 375), "a phone has no keys"
    assert sten.complaints == []


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_every_other_room_can_be_read_by_everybody(visitor: Making, language: str, theme: str, width: int) -> None:
    at = shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    client = signed_in("sten")
    hook = client.post("/data/streams/webhooks/", {"name": "orders", "source": "till"})
    assert hook.status_code == 200 and client.post("/data/streams/rules/", RULE).status_code == 302
    sten = visitor(language=language, theme=theme, width=width).comes_in("sten")
    sten.complaints.clear()
    webhook = WebhookIn.objects.get().id
    for path in (*ROOMS, f"/data/sources/{at.source}/", f"/data/streams/webhooks/{webhook}/"):
        sten.goes_to(path)
        assert sten.findings() == [], path
        assert not sten.slides_sideways(), path
        assert sten.lost_on_the_way() == [], path
    assert sten.complaints == []


def test_sten_decides_with_the_keyboard_and_undoes_it_on_the_card(visitor: Making) -> None:
    first, second = pairs()
    sten = visitor().comes_in("sten")
    page = sten.goes_to(f"/data/duplicates/{first}/")
    page.keyboard.press("m")
    page.wait_for_url(f"**/data/duplicates/{second}/")
    merge = Merge.objects.get()
    assert FieldSaid.objects.exists() and not FieldSaid.objects.exclude(confirmed_at=None).exists()
    page.keyboard.press("d")
    page.wait_for_url("**/data/duplicates/")
    assert ReviewPair.objects.filter(state="different").count() == 1
    number = Customer.objects.get(id=merge.goes_id).number
    page = sten.goes_to(f"/customers/{number}/")
    page.get_by_text("Undo …").click()
    page.get_by_label("Why they are two").fill("two sisters")
    page.get_by_role("button", name="Make two of them again").click()
    page.wait_for_url("**/customers/**")
    assert Customer.objects.get(id=merge.goes_id).erased_at is None
    assert Merge.objects.get().undone_by == "Sten"


def test_sten_has_everybody_compared_and_watches_it(visitor: Making) -> None:
    pairs()
    sten = visitor().comes_in("sten")
    page = sten.goes_to("/data/duplicates/")
    page.get_by_role("button", name="Compare everybody now").click()
    page.get_by_text("waits for its turn").first.wait_for()
    assert page.get_by_role("button", name="Compare everybody now").count() == 0, "one at a time"
    page.get_by_role("button", name="Stop, keep what is found").click()
    page.get_by_role("button", name="Go on from there").click()
    page.get_by_text("waits for its turn").first.wait_for()
    match_as_asked(MatchRun.objects.get().id)
    page.get_by_role("cell", name="finished").wait_for()  # the page looks again by itself
    assert page.get_by_role("button", name="Compare everybody now").is_visible()
    assert MatchRun.objects.get().customers == 3
    assert sten.complaints == []
