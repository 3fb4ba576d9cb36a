"""With what is kept around a page, whole pages say what they say drawn anew; and forms obey only their own session."""

import re

import pytest
from django.test import Client

from regulars.desks.shared import kept as keeping
from tests.desks.visitors import signed_in
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
CARD = "/customers/C-20418/"
PAGES = ("/", "/customers/", "/customers/?q=chen", "/tasks/", "/complaints/", CARD, f"{CARD}choices/", "/nowhere/")


def told(client: Client, path: str) -> str:
    page = client.get(path).content.decode()
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+', r"\1", page)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_whole_pages_are_the_same(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    wanqing(shop())
    people = [signed_in(name, language) for name in ("dora", "emil", "mia")]
    kept = [[told(one, path) for path in PAGES] for one in people]
    again = [[told(one, path) for path in PAGES] for one in people]
    monkeypatch.setattr(keeping, "written", keeping.written.__wrapped__)
    assert kept == again == [[told(one, path) for path in PAGES] for one in people]


def test_a_form_of_one_session_opens_nothing_in_another() -> None:
    shop()
    one, other = (_strict(name) for name in ("dora", "emil"))
    secrets = [_secret(client) for client in (one, other)]
    assert _sign_out(one, secrets[1]) == 403
    assert _sign_out(other, secrets[0]) == 403
    assert [_sign_out(client, secret) for client, secret in zip((one, other), secrets, strict=True)] == [302, 302]


def _strict(name: str) -> Client:
    client = signed_in(name)
    client.handler.enforce_csrf_checks = True
    return client


def _secret(client: Client) -> str:
    found = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/customers/").content.decode()))
    [secret] = found
    return str(secret)


def _sign_out(client: Client, secret: str) -> int:
    return client.post("/sign-out/", {"csrfmiddlewaretoken": secret}).status_code
