"""Whoever sits down at the counter after her, or owns a cache on the way: no answer about persons is kept anywhere."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from regulars.desks.api.house_api import api
from tests.desks.api.programs import program
from tests.desks.visitors import at_home, signed_in
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
#: What a browser or a proxy says that has an older answer and asks whether it still holds.
CONDITIONS = (
    {"If-None-Match": "*"},
    {"If-None-Match": '"0", W/"0"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    {"Range": "bytes=0-10", "If-Range": '"0"'},
)
#: What stands in an address where a page is about one thing.
NAMED = {"number": "C-20418", "customer": "C-20418"}


def every_page(patterns: Any = None, before: str = "/") -> Iterator[str]:
    """The address of every page, filled in; links of customers aside, which are used up by looking."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not path.startswith(("/api/", "/u/")):
                yield from every_page(one.url_patterns, path)
        elif isinstance(one, URLPattern):
            yield re.sub(r"<(?:(\w+):)?(\w+)>", lambda found: NAMED.get(found[2], "1"), path)


def is_kept(answer: Any) -> bool:
    """Whether anybody on the way may keep it, or ask later whether it still holds."""
    rule = answer.headers.get("Cache-Control", "")
    return "no-store" not in rule or answer.has_header("ETag") or answer.has_header("Last-Modified")


@pytest.mark.parametrize("who", ["dora", "emil", "mia"])
def test_no_page_of_anybody_who_works_here_is_kept(who: str) -> None:
    wanqing(shop())
    browser, pages = signed_in(who), sorted(set(every_page()) - {"/sign-out/"})
    assert len(pages) > 100
    answers = {path: browser.get(path) for path in pages}
    assert sum(answer.status_code == 200 for answer in answers.values()) >= 10
    assert not [path for path, answer in answers.items() if is_kept(answer)]
    assert not [path for path, answer in answers.items() if answer.status_code >= 500]


def test_no_page_of_a_customer_is_kept_nor_what_a_stranger_is_told_instead() -> None:
    who = wanqing(shop())
    for browser in (at_home(who.number), Client()):
        pages = [path for path in every_page() if path.startswith("/me/")]
        assert len(pages) > 5
        assert not [path for path in pages if is_kept(browser.get(path))]


@pytest.mark.parametrize("role", ["officer", "service", "marketer"])
def test_no_answer_of_the_api_is_kept(role: str) -> None:
    who = wanqing(shop())
    asking = program(role)
    looks = [path.removeprefix("/api") for path, told in api.get_openapi_schema()["paths"].items() if "get" in told]
    assert len(looks) > 40
    kept = []
    for path in looks:
        asked = re.sub(r"\{[^}]*\}", "1", path.replace("{number}", who.number))
        answer = asking.get(asked, because="x", q="x")
        if "no-store" not in answer.headers.get("Cache-Control", "") or {"ETag", "Last-Modified"} & set(answer.headers):
            kept.append((path, answer.status))
    assert not kept
    refused = Client().get(f"/api/customers/{who.number}?because=x")
    assert (refused.status_code, is_kept(refused)) == (401, False)


@pytest.mark.parametrize("said", CONDITIONS, ids=["any", "dated", "part"])
def test_asking_whether_an_older_answer_still_holds_tells_nothing(said: dict[str, str]) -> None:
    """No 304 and no part of a page: hidden, missing and shown are asked anew, and the log has a line for each look."""
    wanqing(shop())
    dora, asking = signed_in("dora"), program("service")
    for path, status in (("/customers/C-20418/", 200), ("/customers/C-99999/", 404)):
        assert dora.get(path, headers=said).status_code == status
        told = asking.client.get(
            f"/api{path.rstrip('/')}?because=x", headers={"Authorization": f"Bearer {asking.secret}", **said}
        )
        assert told.status_code == status


def test_what_everybody_may_keep_is_about_nobody() -> None:
    """Styles and scripts are kept by everybody, and are the same for everybody."""
    answer = Client().get("/static/passkey.js")
    answer.close()
    assert answer.status_code == 200
    assert "no-store" not in answer.headers.get("Cache-Control", "")
    assert "Set-Cookie" not in answer.headers
