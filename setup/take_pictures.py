"""Takes the pictures in docs/pictures from a running demonstration: `make demo` in one window, this in another.

Usage: .venv/bin/python setup/take_pictures.py [http://127.0.0.1:8000 [NAME …]], of all pages or only of those named.
"""

import os
import shutil
import sys
from collections.abc import Collection
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PLACE = Path(__file__).resolve().parent.parent / "docs" / "pictures"
MARKETER, CLERK, OFFICER = "anran", "zhoumin", "zhixing"
CAMPAIGN = "autumn-coupons-2017"
#: name, who looks, address
PAGES = (
    ("signin", None, "/sign-in/"),
    ("today", MARKETER, "/"),
    ("rfm", MARKETER, "/rfm/"),
    ("segments", MARKETER, "/segments/regulars_slipping/"),
    ("campaign", MARKETER, f"/campaigns/{CAMPAIGN}/"),
    ("imports", MARKETER, "/data/"),
    ("customers", CLERK, "/customers/?q=wang"),
    ("card", CLERK, "first-customer"),
    ("tasks", CLERK, "/tasks/"),
    ("privacy", OFFICER, "/privacy/"),
    ("dictionary", OFFICER, "/privacy/dictionary/"),
    ("access-log", OFFICER, "/privacy/log/"),
    ("exports", OFFICER, "/privacy/exports/"),
    ("watching", OFFICER, "/privacy/watching/"),
    ("four-eyes", OFFICER, "/privacy/approvals/"),
    ("retention", OFFICER, "/privacy/retention/"),
    ("free-texts", OFFICER, "/privacy/texts/"),
    ("attributes", OFFICER, "/data/attributes/"),
)
#: language, theme, width, which pages
LOOKS = (
    ("en", "light", 1440, {page for page, *_ in PAGES}),
    ("zh-hans", "light", 1440, {page for page, *_ in PAGES}),
    ("en", "dark", 1440, {"today", "card", "rfm", "campaign", "privacy"}),
    ("zh-hans", "light", 375, {"today", "card", "campaign"}),
)


def main(base: str, names: Collection[str] = ()) -> None:
    """Every page, or those named, in every look it is wanted in."""
    PLACE.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("REGULARS_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for language, theme, width, wanted in LOOKS:
            for who in (None, MARKETER, CLERK, OFFICER):
                pages = [
                    (name, url)
                    for name, asks, url in PAGES
                    if asks == who and name in wanted and (not names or name in names)
                ]
                if pages:
                    _take(browser, base, who, pages, language, theme, width)
            if width == 1440 and (not names or "portal" in names):
                _take_portal(browser, base, language, theme)
        browser.close()


def _take(
    browser: Browser, base: str, who: str | None, pages: list[tuple[str, str]], language: str, theme: str, width: int
) -> None:
    page = _page(browser, base, language, theme, width)
    if who:
        page.goto(f"{base}/sign-in/")
        page.locator(f'form:has(input[value="{who}"]) button').first.click()
        page.wait_for_load_state("networkidle")
    for name, url in pages:
        page.goto(base + _found(page, base, url))
        page.wait_for_load_state("networkidle")
        page.screenshot(path=PLACE / f"{name}{_look(language, theme, width)}.png", full_page=width > 400)
    page.context.close()


def _take_portal(browser: Browser, base: str, language: str, theme: str) -> None:
    """The customer's own page, as the demonstration offers it on the sign-in page."""
    page = _page(browser, base, language, theme, 375)
    page.goto(f"{base}/sign-in/")
    page.locator('a[href*="demo"], form[action*="customer"] button').first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PLACE / f"portal{_look(language, theme, 1440)}.png", full_page=True)
    page.context.close()


def _page(browser: Browser, base: str, language: str, theme: str, width: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900 if width > 400 else 780})
    cookies = {"regulars_language": language, "theme": theme}
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    return context.new_page()


def _found(page: Page, base: str, url: str) -> str:
    """The address; for the card, that of somebody with a full history."""
    if url != "first-customer":
        return url
    page.goto(f"{base}/customers/?q=wang")
    return str(page.locator('a[href^="/customers/C-"]').first.get_attribute("href"))


def _look(language: str, theme: str, width: int) -> str:
    """What the file's name adds for a look other than English, light and wide."""
    words = (
        language.partition("-")[0] if language != "en" else "",
        theme if theme != "light" else "",
        "phone" if width < 400 else "",
    )
    return "".join(f"-{word}" for word in words if word)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000", sys.argv[2:])
