"""The marketing desk in a real Chromium: read by everybody, and three walks by hand."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from regulars.connections.mail.post_box import PostBox
from regulars.desks.marketing import campaign_pages
from regulars.desks.night_shift import jobs
from regulars.records.contacts.models import Contact
from regulars.records.customers.models import Customer
from tests.browser import LOOKS, Visitor
from tests.cast import NOON
from tests.desks.marketing.corner_shop import TODAY, corner_shop
from tests.shop import refreshed, sell, spring_campaign

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DRAWN = "() => [...document.querySelectorAll('[data-chart]')].every((box) => box.dataset.drawn)"
Making = Callable[..., Visitor]
PATHS = (
    "/", "/?unit=money", "/rfm/", "/rfm/?r=5&f=5", "/people/?segment=everybody", "/segments/", "/segments/new/",
    "/segments/everybody/", "/campaigns/", "/campaigns/new/", "/campaigns/spring/", "/campaigns/spring/people/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (campaign_pages, jobs):
        monkeypatch.setattr(module, "now", lambda: NOON)


@pytest.fixture
def post_box(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    with PostBox(settings.HOME.folder("mail")) as box:
        monkeypatch.setattr(settings, "MAIL_PORT", box.port)
        yield box


def shop_with_a_campaign() -> None:
    from regulars.journeys.plan_campaign import prepare_campaign
    from regulars.records.segments.access import segment
    from tests.cast import MIA

    corner_shop(8)
    spring_campaign(segment("everybody").id)
    prepare_campaign("spring", by=MIA, at=NOON, as_of=TODAY)


def the_night_shift_works() -> None:
    """All jobs are done when this returns; in a thread, for the browser's driver keeps an event loop in ours."""
    with ThreadPoolExecutor(1) as worker:
        worker.submit(jobs.run_worker, until_empty=True, signals=False).result()


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_every_page_can_be_read_by_everybody(visitor: Making, language: str, theme: str, width: int) -> None:
    shop_with_a_campaign()
    mia = visitor(language=language, theme=theme, width=width).comes_in("mia")
    for path in PATHS:
        mia.goes_to(path)
        mia.page.wait_for_function(
            "() => [...document.querySelectorAll('[data-chart]')].every((box) => box.dataset.drawn)"
        )
        assert mia.findings() == [], path
        assert not mia.slides_sideways(), path
        if path == "/campaigns/":
            list_of_them = mia.page.locator(".scroll")
            assert list_of_them.evaluate("at => at.scrollWidth <= at.clientWidth"), "no column is cut off"
    assert mia.complaints == []


@pytest.mark.parametrize("width", [768, 1920])
def test_no_page_slides_sideways(visitor: Making, width: int) -> None:
    shop_with_a_campaign()
    mia = visitor(width=width).comes_in("mia")
    for path in PATHS:
        mia.goes_to(path)
        assert not mia.slides_sideways(), path


def test_a_field_of_the_map_leads_to_its_people_by_keyboard(visitor: Making) -> None:
    corner_shop(20)
    mia = visitor().comes_in("mia")
    page = mia.goes_to("/rfm/")
    field = page.locator(".heat a").first
    count = field.inner_text()
    field.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#map .note")
    assert f"{count} p" in page.inner_text("#map .note")
    page.click("#map .note a[href^='/people/']")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#beside[open] h2")
    assert mia.complaints == []


def test_the_bucket_turns_into_money_without_leaving_the_page(visitor: Making) -> None:
    corner_shop(5)
    mia = visitor().comes_in("mia")
    page = mia.goes_to("/")
    page.click("#bucket .seg >> text=Money")
    page.wait_for_selector("#bucket .fig:has-text('¥')")
    page.wait_for_selector("#bucket [data-drawn]")
    page.wait_for_url("**/?unit=money")  # the address follows the page
    assert mia.complaints == []


def test_a_segment_is_built_while_it_counts(visitor: Making) -> None:
    corner_shop(20)
    mia = visitor().comes_in("mia")
    page = mia.goes_to("/segments/new/")
    figure = page.locator("#now .fig")
    page.select_option("[name=p1-field]", "frequency")
    page.wait_for_selector("[name=p1-was][value=frequency]", state="attached")
    page.fill("#p1-value", "5")
    page.wait_for_function("() => document.querySelector('#now .fig')?.innerText.startsWith('2')")
    assert page.evaluate("document.activeElement.id") == "p1-value"
    page.click("text=Add a line")
    page.select_option("[name=p2-field]", "rfm_group")
    page.click("[popovertarget=pick-p2]")
    page.locator("#pick-p2 input[value=champions]").check()
    page.wait_for_function("() => document.querySelector('#sum-p2').innerText === 'Champions'")
    assert page.evaluate("document.getElementById('pick-p2').matches(':popover-open')")
    page.keyboard.press("Escape")
    assert "are champions" in page.inner_text("#reading")
    page.fill("[name=name]", "Often and lately")
    page.click("header >> text=Save")
    page.wait_for_url("**/segments/often-and-lately/")
    assert figure.inner_text().strip()[0].isdigit()
    assert mia.complaints == []


def test_a_segment_is_built_without_script(visitor: Making) -> None:
    corner_shop(20)
    mia = visitor(java_script_enabled=False).comes_in("mia")
    page = mia.goes_to("/segments/new/")
    page.select_option("[name=p1-field]", "frequency")
    page.locator("button[value=try]").first.press("Enter")
    page.wait_for_load_state()
    page.fill("#p1-value", "5")
    page.press("#p1-value", "Enter")
    page.wait_for_load_state()
    assert page.inner_text("#now .fig").startswith("2")
    page.fill("[name=name]", "Often")
    page.click("header >> text=Save")
    page.wait_for_url("**/segments/often/")


def test_a_campaign_walks_from_draft_to_result(visitor: Making, post_box: PostBox) -> None:
    corner_shop(40)
    mia = visitor().comes_in("mia")
    page = mia.goes_to("/segments/everybody/")
    page.click("text=Write to them")
    page.wait_for_load_state("networkidle")
    page.fill("[name=name]", "Spring")
    page.fill("[name=subject]", "Spring, {given_name}")
    page.fill("[name=body]", "Dear {name},\n\nspring is here.")
    page.fill("[name=test_percent]", "50")
    page.fill("[name=holdout_percent]", "20")
    page.press("[name=holdout_percent]", "Tab")
    page.wait_for_function("() => document.querySelector('#preview').innerText.includes('test 21')")
    page.click("text=Save the draft")
    page.wait_for_url("**/campaigns/spring/")
    page.click("button:has-text('Prepare')")
    page.wait_for_selector("text=May be contacted")
    assert page.locator(".funnel tr.p a").count() == 0
    page.click("button:has-text('Start the test')")
    page.click("#confirm button[value=yes]")
    page.wait_for_selector("#sending progress")
    the_night_shift_works()
    page.wait_for_selector("#sending progress", state="detached")
    tested = Contact.objects.filter(arm="test", state="sent").values_list("customer_id", flat=True)
    assert len(tested) == len(post_box.arrivals()) > 0
    for person in list(tested)[: len(tested) // 2]:
        sell(Customer.objects.get(id=person), TODAY, 9_900)
    refreshed(TODAY)
    page.click("text=Count purchases as answers")
    page.wait_for_selector("[data-chart='test-option'][data-drawn]")
    page.click("button:has-text('Judge the test')")
    page.wait_for_selector(".countdown")
    page.click("button:has-text('Roll out now')")
    page.click("#confirm button[value=yes]")
    page.wait_for_selector("text=messages leave now")
    the_night_shift_works()
    page.goto(page.url)
    page.click("button:has-text('Close it')")
    page.click("#confirm button[value=yes]")
    page.wait_for_selector("h1 .tag:has-text('Finished')")
    page.wait_for_selector("#profile small, #profile p")
    assert mia.complaints == []
