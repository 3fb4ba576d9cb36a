"""What a browser may do with our pages."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from regulars.desks.shared.guard import HEADERS, POLICY, Guard
from tests.desks.shared.people import DORA


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>a page</p>")


def test_nothing_in_a_page_may_run_and_nobody_may_frame_it() -> None:
    response = Guard(answer)(RequestFactory().get("/"))
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert all(where in ("'self'", "'none'") for where in POLICY.values())


def test_every_header_is_there() -> None:
    response = Guard(answer)(RequestFactory().get("/"))
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_a_page_drawn_for_dora_is_not_kept_for_the_next_at_the_counter() -> None:
    request = RequestFactory().get("/customers/1/")
    request.asker = DORA  # type: ignore[attr-defined]
    assert Guard(answer)(request).headers["Cache-Control"] == "private, no-store"
    assert Guard(answer)(RequestFactory().get("/sign-in/")).headers["Cache-Control"] == "private, no-store"


def test_a_page_that_says_its_own_rule_keeps_it() -> None:
    def stricter(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Referrer-Policy": "no-referrer", "Cache-Control": "max-age=60, public"})

    said = Guard(stricter)(RequestFactory().get("/")).headers
    assert (said["Referrer-Policy"], said["Cache-Control"]) == ("no-referrer", "max-age=60, public")
