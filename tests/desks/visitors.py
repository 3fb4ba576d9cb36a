"""People at a browser: staff who sign in with a password, a customer who comes by her link."""

import re

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from regulars.journeys.give_portal_link import give_portal_link
from tests.cast import DORA
from tests.story import PASSWORD


def signed_in(username: str, language: str = "en") -> Client:
    """That member of staff at her browser; forms are checked for their token as in life."""
    client = Client(enforce_csrf_checks=False)
    client.cookies["regulars_language"] = language
    answer = client.post("/sign-in/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def portal_path(number: str) -> str:
    """The path of a new link to that customer's page."""
    url = give_portal_link(number, by=DORA, because="portal_link", at=timezone.now())
    return url[url.index("/me/") :]


def at_home(number: str, language: str = "en") -> Client:
    """That customer at her own page."""
    client = Client()
    client.cookies["regulars_language"] = language
    answer = client.get(portal_path(number))
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    return client


def shape(answer: HttpResponse) -> tuple[int, str]:
    """What a stranger can tell of an answer: its status and its page, without the address asked and one-time tokens."""
    path = answer.wsgi_request.get_full_path()  # type: ignore[attr-defined]
    page = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', "", answer.content.decode())
    return answer.status_code, page.replace(path, "")
