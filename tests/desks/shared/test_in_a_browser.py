"""The parts in a real Chromium: both languages, light and dark, phone and desk; nothing inline or from outside."""

import mimetypes
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIRequest
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.utils import translation

from regulars.desks.shared import pages
from regulars.desks.shared.guard import Guard
from tests.browser import LOOKS, WHERE, served
from tests.desks.shared.people import MARA

pytestmark = [pytest.mark.browser, pytest.mark.slow]
sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")


def answer(request: HttpRequest) -> HttpResponseBase:
    if request.path.startswith("/static/"):
        file = finders.find(request.path.removeprefix("/static/"))
        kind = mimetypes.guess_type(request.path)[0]
        return FileResponse(open(file, "rb"), content_type=kind) if file else HttpResponseNotFound()  # noqa: PTH123
    if request.path == "/theme/":
        return pages.set_theme(request)
    if request.path != "/parts/":
        return HttpResponse(f"<!doctype html><title>{request.path}</title>")
    request.asker = MARA  # type: ignore[attr-defined]
    with translation.override(request.COOKIES.get("language", "en")):
        return pages.parts(request)


def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
    response = Guard(answer)(WSGIRequest(environ))
    cookies = [("Set-Cookie", morsel.OutputString()) for morsel in SimpleCookie(response.cookies).values()]
    start(f"{response.status_code} {response.reason_phrase}", [*response.items(), *cookies])
    return response


@pytest.fixture(scope="module")
def address(standing_house: None) -> Iterator[str]:
    """The frame around the parts asks the house who the company is."""
    with served(serve) as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if WHERE is None:
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=WHERE, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def opened(browser: Any, address: str, width: int = 1440, **settings: Any) -> tuple[Any, list[str]]:
    cookies = [
        {"name": name, "value": settings.pop(name), "url": address}
        for name in ("language", "theme")
        if name in settings
    ]
    context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
    context.add_cookies(cookies)
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((address, "blob:")) else complaints.append(asked.url))
    page.goto(f"{address}/parts/")
    return page, complaints


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_every_part_can_be_read_by_everybody(browser: Any, address: str, language: str, theme: str, width: int) -> None:
    page, complaints = opened(browser, address, width, language=language, theme=theme)
    page.wait_for_function("[...document.querySelectorAll('[data-chart]')].every((box) => box.dataset.drawn)")
    found = [(finding["id"], finding["nodes"][0]["html"]) for finding in axe.Axe().run(page).response["violations"]]
    assert not found
    assert not complaints
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.context.close()


@pytest.mark.parametrize("width", [768, 1920])
def test_no_page_slides_sideways(browser: Any, address: str, width: int) -> None:
    page, _complaints = opened(browser, address, width)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.context.close()


def test_the_keyboard_goes_everywhere(browser: Any, address: str) -> None:
    page, complaints = opened(browser, address)
    page.keyboard.press("?")
    assert page.evaluate("document.getElementById('help').matches(':popover-open')")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.querySelectorAll('.marked').length") == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/parts/?people=4871")
    assert not complaints
    page.context.close()


def test_what_came_to_scroll_sideways_can_be_reached_by_keyboard(browser: Any, address: str) -> None:
    page, _complaints = opened(browser, address)
    page.evaluate("document.querySelectorAll('.scroll:not([tabindex])')[0].id = 'fits'")
    page.evaluate("at = document.getElementById('fits'); at.firstElementChild.style.width = `${at.clientWidth + 1}px`")
    page.wait_for_selector("#fits[tabindex='0']", state="attached", timeout=5_000)
    page.context.close()


def test_the_theme_changes_at_once_and_is_there_from_the_first_paint_on(browser: Any, address: str) -> None:
    page, _complaints = opened(browser, address)
    page.click("[popovertarget=theme]")
    page.click("#theme button[value=dark]")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.goto(f"{address}/parts/")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.context.close()


def test_a_chart_says_its_figures_without_markup(browser: Any, address: str) -> None:
    page, complaints = opened(browser, address)
    page.wait_for_selector("[data-chart='bucket-option'][data-drawn]")
    box = page.locator("[data-chart='bucket-option']").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2)
    page.wait_for_selector(".tip")
    assert "Gained" in page.inner_text(".tip")
    assert page.locator("[data-chart] svg").count() == 4
    assert not complaints
    page.context.close()


def test_a_question_is_asked_before_something_is_stopped(browser: Any, address: str) -> None:
    page, _complaints = opened(browser, address)
    page.click("[commandfor=question]")
    assert page.evaluate("document.getElementById('question').open")
    assert page.evaluate("document.activeElement.textContent") == "Leave it"
    page.context.close()


def test_everything_is_there_without_script(browser: Any, address: str) -> None:
    page, _complaints = opened(browser, address, java_script_enabled=False)
    page.click("[popovertarget=theme]")
    page.click("#theme button[value=dark]")
    page.wait_for_load_state()
    assert page.get_attribute("html", "data-theme") == "dark"
    assert page.locator(".chart table").first.is_visible()
    page.context.close()
