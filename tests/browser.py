"""A real Chromium at the real application: fixtures `address` and `visitor` for tests marked `browser`.

The application runs in a thread of the test's own process, with the test's house behind it.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from selectors import EVENT_READ, DefaultSelector
from socket import socket
from typing import Any, cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from tests.desks.visitors import portal_path, signed_in
from tests.story import PASSWORD

WHERE = os.environ.get("REGULARS_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
#: Language, theme and width, each of them once. English is the narrow one: its words are the longer.
LOOKS = [("en", "dark", 375), ("zh-hans", "light", 1440)]
#: Types are there, and nothing that the page asks for by itself is still on its way.
QUIET = "document.fonts.status === 'loaded' && !document.querySelector('.htmx-request')"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Hatched grounds are beyond the automatic check; their contrast was measured by hand (the look, "Checked").
HATCHED = [".masked", ".ghosted", ".gone"]

MOST_STOPS = 120
#: What has the focus, and whether it has a ring of 2px and some of it lies on top; None at the end of the page.
WHERE_FOCUS_IS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const isRinged = (one) => { const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    return outlineStyle === "solid" && parseInt(outlineWidth) >= 2 || one.matches(".find") && boxShadow !== "none"; };
  const ringed = [at, at.closest(".find, label")].find((one) => one && isRinged(one));
  const { left, top, width, height } = (ringed ?? at).getBoundingClientRect();
  const isOnTop = (share) => { const above = document.elementFromPoint(left + width * share, top + height * share);
    return !!above && (at.contains(above) || above.contains(at) || ringed.contains(above)); };
  return { place: [...document.querySelectorAll("*")].indexOf(at), html: at.outerHTML.slice(0, 200),
    seen: !!ringed && [.1, .5, .9].some(isOnTop) };
}"""


class Silent(WSGIRequestHandler):
    def log_message(self, *_said: Any) -> None:
        """Says nothing: what a test prints belongs to the test."""


class Patient(WSGIServer):
    """Serves whoever has said something, one after the other: a browser opens connections ahead of what it will ask,
    and whoever reads from such a one waits for good."""

    def serve_until(self, ended: threading.Event) -> None:
        with DefaultSelector() as silent:
            silent.register(self, EVENT_READ)
            while not ended.is_set():
                for key, _ in silent.select(0.05):
                    if key.fileobj is self:
                        connection, client = self.get_request()
                        silent.register(connection, EVENT_READ, client)
                    else:
                        silent.unregister(key.fileobj)
                        self._serve(cast(socket, key.fileobj), key.data)
            for key in silent.get_map().values():
                if key.fileobj is not self:
                    self.shutdown_request(cast(socket, key.fileobj))

    def _serve(self, connection: socket, client: Any) -> None:
        try:
            self.process_request(connection, client)
        except OSError:  # the browser has gone
            self.handle_error(connection, client)
            self.shutdown_request(connection)


@contextmanager
def served(application: Any) -> Iterator[str]:
    """Where the application answers, in a thread that closes its connections when it ends."""
    ended = threading.Event()
    with make_server("127.0.0.1", 0, application, Patient, Silent) as server:
        thread = threading.Thread(target=_serving(server, ended), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        ended.set()
        thread.join(10)


@pytest.fixture(scope="session")
def address(standing_house: None) -> Iterator[str]:
    """Where the whole application answers."""
    with served(get_wsgi_application()) as where:
        yield where


def _serving(server: Patient, ended: threading.Event) -> Callable[[], None]:
    def serve() -> None:
        try:
            server.serve_until(ended)
        finally:
            connections.close_all()

    return serve


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser; tests are skipped where there is none."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # its driver keeps an event loop in this very thread
    sync_api = pytest.importorskip("playwright.sync_api")
    if WHERE is None:
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=WHERE, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@dataclass
class Visitor:
    """Somebody at a browser. `complaints` collects what the console says and what is asked of the outside."""

    page: Any
    address: str
    complaints: list[str] = field(default_factory=list)

    def goes_to(self, path: str) -> Any:
        """Her page, loaded and quiet."""
        self.page.goto(f"{self.address}{path}")
        self.page.wait_for_function(QUIET)
        return self.page

    def signs_in(self, username: str) -> "Visitor":
        """She is a member of staff."""
        self.goes_to("/sign-in/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        with self.page.expect_navigation():
            self.page.press("input[name=password]", "Enter")
        self.page.wait_for_function(QUIET)
        return self

    def comes_in(self, username: str) -> "Visitor":
        """She has signed in already, and no page is open yet."""
        cookies = {name: one.value for name, one in signed_in(username).cookies.items() if name != "regulars_language"}
        self.page.context.add_cookies(
            [{"name": name, "value": value, "url": self.address} for name, value in cookies.items()]
        )
        return self

    def comes_home(self, number: str) -> "Visitor":
        """She is a customer at her own page."""
        self.goes_to(portal_path(number))
        return self

    def slides_sideways(self) -> bool:
        """Whether the page is wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))

    def lost_on_the_way(self) -> list[str]:
        """Where Tab leads to and nobody sees it: without a ring, or behind something else."""
        self.page.locator(".skip").focus()
        lost, stops = [], set()
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(WHERE_FOCUS_IS)
            if stop is None or stop["place"] in stops:
                break
            stops.add(stop["place"])
            if not stop["seen"]:
                lost.append(stop["html"])
        assert len(stops) > 1, "the keyboard leads nowhere"
        return lost

    def findings(self) -> list[tuple[str, str]]:
        """What axe-core finds: the rule and the first place."""
        axe = pytest.importorskip("axe_playwright_python.sync_playwright")
        found = axe.Axe().run(self.page, context={"exclude": [[hatched] for hatched in HATCHED]}).response["violations"]
        return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


@pytest.fixture
def visitor(chromium: Any, address: str, house: None) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors: `visitor(language="zh-hans", theme="dark", width=375)`."""
    contexts = []

    def make(
        *, language: str = "en", theme: str = "light", width: int = 1440, height: int = 900, **more: Any
    ) -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": height}, **more)
        contexts.append(context)
        wanted = {"regulars_language": language, "theme": theme}
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in wanted.items()])
        made = Visitor(context.new_page(), address)
        _listen(made)
        return made

    yield make
    for context in contexts:
        context.close()


def _listen(visitor: Visitor) -> None:
    page, complaints = visitor.page, visitor.complaints
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(visitor.address) else complaints.append(asked.url))
