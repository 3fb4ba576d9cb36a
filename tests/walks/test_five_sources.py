"""The walk of docs/walks/five-sources.md, step by step: at the terminal, over HTTP and in a browser."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from django.utils import timezone
from segment.analytics.client import Client as Segment

from regulars.desks.api.stream_door import StreamDoor
from regulars.journeys.act_on_events import act_on_events
from regulars.journeys.tell_people import tell_people
from regulars.records.company.actions import ensure_branches
from regulars.records.customers.models import Customer
from regulars.records.events.models import Event
from regulars.records.intake.actions import ensure_source
from regulars.records.merging.models import Merge, ReviewPair
from regulars.records.orders.models import CustomerActivity, OrderLine, Product
from regulars.records.set_aside.models import RefusedRow
from regulars.records.staff.actions import hire
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.models import Complaint
from regulars.rules.events.signatures import signature
from tests.attacks.looking_for import found_in
from tests.attacks.test_thief import dumped
from tests.browser import Visitor, address, chromium, served, visitor
from tests.cast import STEN
from tests.desks.api.programs import program
from tests.desks.api.test_stream_door import nothing_else
from tests.desks.cli.terminal import Said, regulars
from tests.story import PASSWORD
from tests.walks.steps import Steps, walk_through

__all__ = ["address", "chromium", "visitor"]  # fixtures of the pages' own tests

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STEPS = Steps()
PHONE, MAIL = "13800004187", "wanqing@example.com"
BOOKINGS = "预订号,客人编号,客人姓名,手机,邮箱,出生日期,城市,预订时间,房型,房费"
TRAITS = {
    "firstName": "Wanqing", "lastName": "Chen", "email": MAIL.upper(), "birthday": "1988-04-02",
    "address": {"city": "上海"},
}  # fmt: skip
SURVEY = """event = topic
'stay.ended' = 'Stay Ended'
'survey.answered' = 'Survey Answered'
userId = guest
timestamp = at
properties.score = score
"""


@dataclass
class Story:
    """What the steps hand to each other."""

    folder: Path
    visitor: Callable[..., Visitor]
    streams: str
    number: str = ""
    left: str = ""
    key: str = ""
    hook: dict[str, Any] = field(default_factory=dict)
    stay: dict[str, Any] = field(default_factory=dict)
    dora: Visitor = field(init=False)
    sten: Visitor = field(init=False)
    guest: Visitor = field(init=False)

    def file(self, name: str, *lines: str, encoding: str = "utf-8") -> str:
        path = self.folder / name
        path.write_text("\n".join(lines), encoding=encoding)
        return str(path)

    def told(self, *words: str) -> Said:
        """What the terminal answers; it must have done it."""
        said = regulars(*words)
        assert said.status == 0, said
        return said

    def web(self) -> Segment:
        """The web site's own program, which knows nothing of this house but its address."""
        return Segment(self.key, host=self.streams, on_error=failed)

    def survey(self, message: dict[str, Any], *, secret: str = "", number: str = "") -> requests.Response:
        """A message of the survey office, signed as Standard Webhooks has it."""
        body, at, number = json.dumps(message).encode(), int(timezone.now().timestamp()), number or uuid4().hex
        signed = signature(secret or self.hook["secret"], number, at, body)
        headers = {"webhook-id": number, "webhook-timestamp": str(at), "webhook-signature": signed}
        return requests.post(f"{self.streams}{self.hook['path']}", body, headers=headers, timeout=20)

    def herself(self) -> Customer:
        return Customer.objects.get(number=self.number)

    def totals(self) -> tuple[int, int]:
        """Orders, and what they come to in yuan."""
        kept = CustomerActivity.objects.get(customer__number=self.number)
        return kept.orders, kept.amount_minor // 100


def failed(error: Any, items: Any) -> None:
    raise AssertionError((error, items))


def a_second_passes() -> None:
    """The night shift does what streams asked for."""
    tell_people(at=timezone.now())
    act_on_events(at=timezone.now())


def day(back: int = 0) -> str:
    return f"{timezone.localtime() - timedelta(days=back):%Y-%m-%d}"


@STEPS.says(
    "The Lakeside Hotel hears of its guests from the booking system, the web site, the restaurant, the survey"
    " office and the telephone. Sten says of the first two how far they are believed, and on what terms a list"
    " was bought."
)
def the_house_stands(story: Story) -> None:
    story.told("company", "--name", "Lakeside Hotel", "--name-zh", "湖滨酒店", "--currency", "CNY", "--timezone",
               "Asia/Shanghai", "--jurisdiction", "CN")  # fmt: skip
    lake = ensure_branches(["lake"])["lake"]
    for who, role in (("sten", "steward"), ("mia", "marketer"), ("emil", "officer")):
        hire(who, who.title(), roles=[role], password=PASSWORD)
    hire("dora", "Dora", roles=["service"], password=PASSWORD, branches=[lake])
    tea = ensure_source("restaurant", by=STEN, at=timezone.now(), name="Restaurant")
    Product.objects.create(source_id=tea.id, ref="tea", name="Pot of tea")
    story.told("source", "say", "bookings", "--name", "Booking system", "--basis", "contract", "--trust", "5")
    story.told("source", "say", "site", "--name", "Web site", "--basis", "contract", "--trust", "3")
    terms = ["--supplier", "Acme Lists", "--licence", "A-7", "--basis", "consent", "--purpose", "direct_marketing"]
    story.told("source", "say", "acme", "--kind", "bought_in", *terms, "--trust", "1", "--expires", "2099-12-31")
    story.key = story.told("stream", "key", "site", "--source", "site", "--json").json()["write_key"]
    story.hook = story.told("stream", "webhook", "stays", "--source", "survey", "--json").json()
    story.told("stream", "map", str(story.hook["id"]), story.file("mapping.txt", SURVEY))
    story.told("stream", "read", "survey", "--people-of", "bookings")
    story.told("stream", "rule", "Baskets left standing", "--when", "Product Added", "--unless", "Order Completed",
               "--within", "1", "--task", "call_back", "--purpose", "direct_marketing")  # fmt: skip


@STEPS.says(
    "The bookings come as a file with Chinese headings. The columns are understood, and 陈婉清 is a guest with one"
    " booking."
)
def bookings_come(story: Story) -> None:
    rows = [f"B-1001,G-88,陈婉清,{PHONE},{MAIL},1988-04-02,杭州,{day(30)} 10:12,湖景房,1280.00",
            f"B-1002,G-89,李明,13900001111,liming@example.com,1979-11-20,,{day(20)} 11:00,标准房,560.00"]  # fmt: skip
    path = story.file("预订.csv", BOOKINGS, *rows, encoding="gb18030")
    tried = story.told("import", path, "--source", "bookings", "--dry-run", "--json").json()
    assert (tried["rows_new"], tried["rows_refused"], tried["known_by"]) == (2, 0, "")
    story.told("import", path, "--source", "bookings")
    story.number = Customer.objects.get(name="陈婉清").number
    assert story.totals() == (1, 1280)


@STEPS.says("She has said nothing yet, so nobody may write to her about offers.")
def nothing_said(story: Story) -> None:
    assert not story.herself().allows_direct_marketing
    assert story.told("customer", "find", "陈婉清", "--role", "marketer", "--because", "walk", "--json").json() == []


@STEPS.says("At home a browser looks at two rooms on the web site. Nobody knows who it is.")
def a_browser_looks(story: Story) -> None:
    web = story.web()
    for room in ("lake-view", "suite"):
        web.track(anonymous_id="cookie-7", event="Product Viewed", properties={"sku": room, "name": room})
    sent(web)
    a_second_passes()
    assert list(Event.objects.values_list("customer", flat=True)) == [None, None]
    assert Customer.objects.count() == 2


@STEPS.says(
    "She signs in there. The site calls her W-70417, writes her name in Latin letters and has her living in"
    " Shanghai. What the browser did before is hers, and so is the dinner she pays for."
)
def she_signs_in(story: Story) -> None:
    web = story.web()
    web.identify(user_id="W-70417", anonymous_id="cookie-7", traits=TRAITS)
    dinner = {"order_id": "D-5", "currency": "CNY", "products": [{"sku": "dinner", "name": "Dinner", "price": 320}]}
    web.track(user_id="W-70417", event="Order Completed", properties=dinner)
    sent(web)
    a_second_passes()
    other = Customer.objects.get(name="Wanqing Chen")
    story.left = other.number
    assert set(Event.objects.values_list("customer", flat=True)) == {other.id}
    assert CustomerActivity.objects.get(customer=other).amount_minor == 32_000


@STEPS.says(
    "Booking system and web site have told of two people. The night compares everybody with everybody, and puts"
    " this pair up as sure."
)
def the_night_compares(story: Story) -> None:
    found = story.told("match", "--because", "every night", "--json").json()
    assert (found["sure"], found["doubtful"]) == (1, 0), found
    [pair] = story.told("duplicates", "list", "--because", "every night", "--json").json()["pairs"]
    assert {pair["one"]["number"], pair["other"]["number"]} == {story.number, story.left}


@STEPS.says(
    "Sten sees the two side by side and presses one key. Now they are one guest, found by both numbers, with"
    " two orders."
)
def one_key(story: Story) -> None:
    story.sten = story.visitor().comes_in("sten")
    page = story.sten.goes_to(f"/data/duplicates/{ReviewPair.objects.get().id}/")
    assert "陈婉清" in page.content() and "Wanqing Chen" in page.content()
    page.keyboard.press("m")
    page.wait_for_url("**/data/duplicates/")
    assert Merge.objects.count() == 1
    for number in (story.number, story.left):
        shown = story.told("customer", "show", number, "--because", "walk", "--json").json()
        assert shown["facts"]["number"] == story.number
    assert story.totals() == (2, 1600)


@STEPS.says(
    "In the restaurant Dora types “chne wanqing”, a slip and no Chinese at all. The guest appears with her last"
    " visit; Enter, an article, Enter, and two pots of tea are hers."
)
def at_the_desk(story: Story) -> None:
    story.dora = story.visitor().comes_in("dora")
    page = story.dora.goes_to("/desk/")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    page.keyboard.type("chne wanqing", delay=20)
    page.wait_for_selector("#likely button:has-text('陈婉清')")
    assert "last visit" in page.inner_text("#likely")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#who a:has-text('陈婉清')")
    page.wait_for_function("document.activeElement.name === 'wanted'")
    page.keyboard.type("tea", delay=20)
    page.wait_for_selector("#products button:has-text('Pot of tea')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#lines td:has-text('Pot of tea')")
    page.fill("input[name=quantity]", "2")
    page.fill("input[name=price]", "48")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sum b:has-text('¥96')")
    page.focus("button[value=place]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "is taken" in page.locator("h1").inner_text()


@STEPS.says("Her totals are right in that moment: three orders, and the sum of the three.")
def totals_at_once(story: Story) -> None:
    assert story.totals() == (3, 1280 + 320 + 96)
    page = story.dora.goes_to(f"/customers/{story.number}/")
    assert "¥1,696" in page.content()


@STEPS.says(
    "The survey office says that her stay has ended and what she thought of it. Its message is signed and comes"
    " twice; a stranger sends one too. Stay and answer are there once, the stranger's nowhere."
)
def the_survey_office(story: Story) -> None:
    at = timezone.now().isoformat()
    story.stay = {"topic": "stay.ended", "guest": "G-88", "at": at}
    answer = {"topic": "survey.answered", "guest": "G-88", "at": at, "score": 7}
    for message, number in ((story.stay, "stay-1"), (answer, "answer-1"), (story.stay, "stay-1")):
        assert story.survey(message, number=number).status_code == 200
    stranger = story.survey(story.stay, secret="whsec_" + "A" * 44)
    assert (stranger.status_code, stranger.json()["code"]) == (401, "webhook_wrong_signature")
    told = Event.objects.filter(customer=story.herself(), kind__in=["stay", "survey"])
    assert sorted(told.values_list("kind", flat=True)) == ["stay", "survey"]


@STEPS.says(
    "The telephone rings. Before Dora says a word the guest's name stands there, with about what an order of"
    " hers comes to."
)
def it_rings(story: Story) -> None:
    page = story.dora.goes_to("/tasks/")
    ring("c-1")
    page.wait_for_selector("#ringing a:has-text('陈婉清')", timeout=10_000)
    assert "about ¥565 an order" in page.inner_text("#ringing")


@STEPS.says("Her room was loud. Dora notes the complaint under its code, and it waits for an answer.")
def a_complaint(story: Story) -> None:
    page = story.dora.page
    page.select_option("#ringing select[name=code]", "complaint")
    page.fill("#ringing input[name=title]", "Music until two in the morning")
    with page.expect_navigation():
        page.press("#ringing input[name=title]", "Enter")
    page.select_option("select[name=code]", "service")
    page.fill("textarea[name=detail]", "Music until two in the morning, and nobody came")
    with page.expect_navigation():
        page.get_by_role("button", name="Write it down").click()
    assert Complaint.objects.get(customer__number=story.number).closed_at is None
    assert "complaint open" in story.dora.goes_to("/customers/?q=wanqing").inner_text("main")


@STEPS.says("“And no more advertising, please.” Dora notes it while she is on the line.")
def no_more(story: Story) -> None:
    page = story.dora.goes_to(f"/customers/{story.number}/choices/")
    whole = page.locator("form[aria-label='Direct marketing']")
    whole.locator("select").select_option("phone")
    with page.expect_navigation():
        whole.get_by_role("button", name="no", exact=True).click()
    page = story.dora.goes_to(f"/customers/{story.number}/")
    assert "they closed it" in page.inner_text("main")


@STEPS.says(
    "Sten tries the bought list. In it the guest is called Chen Wanqin, with her phone: that row would be set"
    " aside before anything of it is kept. He brings it, and so it is."
)
def a_bought_list(story: Story) -> None:
    rows = [f"A-1,Chen Wanqin,+86 {PHONE[:3]} {PHONE[3:7]} {PHONE[7:]},w.q@example.net,南京",
            "A-2,Zhao Yan,13700002222,zhao@example.net,南京"]  # fmt: skip
    path = story.file("acme.csv", "member_no,name,phone,email,city", *rows)
    tried = story.told("import", path, "--source", "acme", "--kind", "customers", "--dry-run", "--json").json()
    done = story.told("import", path, "--source", "acme", "--kind", "customers", "--json").json()
    for report in (tried, done):
        assert (report["customers_new"], report["rows_refused"]) == (1, 1)
    assert RefusedRow.objects.get(reason="already_ours").raw is None
    assert not Customer.objects.filter(city__startswith="南京").exclude(name="Zhao Yan").exists()


@STEPS.says(
    "Her no holds everywhere: Mia does not find her, the post room has no address of hers, the basket she"
    " leaves standing when she signs in at the web site again becomes nobody's task, and a file of the booking"
    " system that says yes does not speak over her."
)
def her_no_holds(story: Story) -> None:
    web = story.web()
    web.identify(user_id="W-70417", anonymous_id="cookie-7", traits=TRAITS)
    web.track(user_id="W-70417", event="Product Added", properties={"sku": "suite"},
              timestamp=timezone.now() - timedelta(minutes=5))  # fmt: skip
    sent(web)
    a_second_passes()
    assert not Task.objects.filter(customer__number=story.number, kind="call_back").exists()
    yes = story.file("guests.csv", "客人编号,姓名,同意营销", "G-88,陈婉清,是", "G-89,李明,是")
    story.told("import", yes, "--source", "bookings", "--kind", "customers")
    found = {
        name: story.told("customer", "find", name, "--role", "marketer", "--because", "walk", "--json").json()
        for name in ("陈婉清", "李明")
    }
    assert [len(people) for people in found.values()] == [0, 1]
    ming = Customer.objects.get(name="李明").number
    for view in ("marketing", "delivery"):
        assert list(Customer.objects.using(view).values_list("number", flat=True)) == [ming]


@STEPS.says(
    "Her card tells one story, in order: what she looked at, the three orders, the stay, the answer, the call,"
    " the complaint."
)
def one_story(story: Story) -> None:
    page = story.dora.goes_to(f"/customers/{story.number}/")
    told = page.inner_text("section[aria-labelledby=timeline] ol")
    complaint = f"Complaint K-{Complaint.objects.get(customer__number=story.number).id}:"
    newest_first = ["Direct marketing", complaint, "Music until two in the morning", "Stay Ended",
                    "Survey Answered", "Pot of tea", "Dinner", "Product Viewed", "湖景房"]  # fmt: skip
    places = [told.find(one) for one in newest_first]
    assert -1 not in places and places == sorted(places), told


@STEPS.says(
    "Every field says where it is from. About her name and her city two sources differ; the booking system is"
    " believed, and the page says why."
)
def where_from(story: Story) -> None:
    told = story.sten.goes_to(f"/customers/{story.number}/sources/").inner_text("main")
    for words in ("Wanqing Chen", "上海", "Web site, ", "more trusted than the others"):
        assert words in told, words


@STEPS.says("Sten asks her, and confirms Shanghai. From now on that is believed, whatever a source says.")
def confirmed(story: Story) -> None:
    page = story.sten.page
    with page.expect_navigation():
        page.get_by_role("button", name="Confirm City: 上海").click()
    assert story.herself().city.startswith("上海")
    again = story.file("cities.csv", "客人编号,姓名,城市", "G-88,陈婉清,苏州")
    means = ["--column", "city=城市", "--column", "consent_direct_marketing="]
    story.told("import", again, "--source", "bookings", "--kind", "customers", *means)
    assert story.herself().city.startswith("上海")


@STEPS.says("On her own page she reads the same: each fact with its source, her orders, her no, and who looked.")
def her_own_page(story: Story) -> None:
    story.guest = story.visitor(width=375).comes_home(story.number)
    no = story.guest.page.get_by_role("switch", name="Tell me about news and offers")
    assert no.get_attribute("aria-checked") == "false"
    told = story.guest.goes_to("/me/data/").inner_text("main")
    for words in (
        "Web site says: Wanqing Chen", "confirmed, ", "Booking system says: 苏州", "+86" + PHONE, "Web site · D-5",
        "¥1,696", "Booking system · B-1001", "Stay Ended", "Music until two in the morning, and nobody came",
    ):  # fmt: skip
        assert words in told, words
    seen = story.guest.goes_to("/me/seen/").inner_text("main")
    assert "your call" in seen and "your order" in seen
    assert story.guest.complaints == [] and not story.guest.slides_sideways()


@STEPS.says("She wants to be deleted, and presses it. Emil finds her wish and carries it out.")
def deleted(story: Story) -> None:
    page = story.guest.goes_to("/me/data/delete/")
    with page.expect_navigation():
        page.get_by_role("button", name="Yes, delete me").click()
    emil = story.visitor().comes_in("emil")
    page = emil.goes_to("/privacy/erasing/")
    page.get_by_role("link", name="Erase …").click()
    page.fill("input[name=because]", "her own wish")
    page.get_by_role("button", name="Erase", exact=True).click()
    page.click("#confirm button[value=yes]")
    page.wait_for_selector("text=Nobody can find, read or reach her any more")


@STEPS.says(
    "Nothing leads to her any more: no name, no phone, no address of hers, and neither number. A copy of the"
    " whole database holds none of the words that were hers, in no spelling."
)
def nothing_left(story: Story) -> None:
    for typed in ("陈婉清", "chen wanqing", PHONE, MAIL, story.number, story.left):
        found = story.told("customer", "find", typed, "--role", "officer", "--because", "walk", "--json").json()
        assert found == [], typed
        assert story.told("recognise", typed, "--because", "walk", "--json").json() == []
    words = {
        "陈婉清", "婉清", "Wanqing", "wanqing", "Wanqin", PHONE, MAIL, MAIL.upper(), "上海", "1988-04-02",
        "Music until two", "G-88", "W-70417",
    }  # fmt: skip
    for dump in (dumped(), dumped("--inserts")):
        assert found_in(dump, words) == []


@STEPS.says("What was bought still counts, as somebody's.")
def still_counts(story: Story) -> None:
    assert sum(OrderLine.objects.values_list("amount_minor", flat=True)) == (1_280 + 320 + 96 + 560) * 100


@STEPS.says(
    "The browser goes on, the survey office sends its message once more, the telephone rings: nobody knows"
    " whose they are."
)
def nobody_knows(story: Story) -> None:
    people = Customer.objects.count()
    web = story.web()
    web.track(anonymous_id="cookie-7", event="Product Viewed", properties={"sku": "suite"})
    sent(web)
    assert story.survey(story.stay, number="stay-1").json()["kept"] == 0
    a_second_passes()
    assert not Event.objects.filter(name="Product Viewed").latest("occurred_at").customer_id
    assert Customer.objects.count() == people
    page = story.dora.goes_to("/tasks/")
    ring("c-2")
    page.wait_for_selector("#ringing :text('A number nobody has calls')", timeout=10_000)


def ring(call: str) -> None:
    """Telephony says who calls."""
    assert program("service").post("/calls", {"call": call, "caller": PHONE, "agent": "dora"}).status == 201


def sent(web: Segment) -> None:
    """Everything it has to say is on the disk."""
    web.flush()
    web.join()


def test_one_guest_through_five_sources(tmp_path: Path, visitor: Callable[..., Visitor]) -> None:
    with served(StreamDoor(nothing_else)) as streams:
        walk_through("five-sources", STEPS, Story(tmp_path, visitor, streams))
