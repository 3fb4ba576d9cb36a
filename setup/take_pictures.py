"""Takes the pictures in docs/pictures anew, from a demonstration of its own that ends with it: `make pictures`.

Usage: .venv/bin/python setup/take_pictures.py [NAME …], of all pages or only of those named.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import create_connection, socket

from playwright.sync_api import Browser, Page, sync_playwright

PLACE = Path(__file__).resolve().parent.parent / "docs" / "pictures"
MARKETER, CLERK, OFFICER = "anran", "zhoumin", "zhixing"
CAMPAIGN = "autumn-coupons-2017"
#: Of a page longer than this its beginning is shown.
TALLEST = 3_300
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


def main(names: Collection[str] = ()) -> None:
    """Every page, or those named, in every look it is wanted in."""
    with demonstration() as base:
        take(base, names)


@contextmanager
def demonstration() -> Iterator[str]:
    """Where a demonstration answers in which something has happened; it is gone without trace afterwards."""
    home = Path(tempfile.mkdtemp(prefix="regulars-pictures-"))
    home.chmod(0o711)  # the database server may run as another account and has to walk through
    os.environ |= {"REGULARS_HOME": str(home), "REGULARS_DEMO": "1", "DJANGO_SETTINGS_MODULE": "regulars.site.settings"}
    regulars = [sys.executable, "-m", "regulars.desks.cli"]
    try:
        subprocess.run([*regulars, "demo", "--once"], check=True)
        _something_happens()
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen([*regulars, "serve", "--address", f"127.0.0.1:{port}", "--no-jobs"])
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()
    finally:
        subprocess.run([*regulars, "stop"], check=False)
        shutil.rmtree(home, ignore_errors=True)


def _something_happens() -> None:
    """Within this demonstration: settings are read when they are first asked for, and by now its home is known."""
    import django
    from django.db import connections

    django.setup()
    from before_the_pictures import live_a_little

    live_a_little()
    connections.close_all()


def _wait_for(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.2)
    raise SystemExit("the demonstration does not answer")


def take(base: str, names: Collection[str]) -> None:
    """The pictures of what answers there."""
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
        _keep(page, f"{name}{_look(language, theme, width)}", whole=width > 400)
    page.context.close()


def _take_portal(browser: Browser, base: str, language: str, theme: str) -> None:
    """The customer's own page, as the demonstration offers it on the sign-in page."""
    page = _page(browser, base, language, theme, 375)
    page.goto(f"{base}/sign-in/")
    page.locator('a[href*="demo"], form[action*="customer"] button').first.click()
    page.wait_for_load_state("networkidle")
    _keep(page, f"portal{_look(language, theme, 1440)}", whole=True)
    page.context.close()


def _keep(page: Page, name: str, *, whole: bool) -> None:
    """The window as it is, or made as tall as the page, so that what is fixed to its edge lies over nothing."""
    page.evaluate("document.activeElement.blur()")
    width, height = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    if whole:
        page.set_viewport_size({"width": width, "height": min(height, TALLEST)})
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)  # charts are drawn anew
    page.screenshot(path=PLACE / f"{name}.png")
    page.set_viewport_size({"width": width, "height": _height(width)})


def _page(browser: Browser, base: str, language: str, theme: str, width: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": _height(width)})
    cookies = {"regulars_language": language, "theme": theme}
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    return context.new_page()


def _height(width: int) -> int:
    return 900 if width > 400 else 780


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
    main(sys.argv[1:])
