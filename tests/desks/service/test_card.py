"""Dora opens a file: she sees what serves, and nothing else."""

import pytest
from django.test import Client

from tests.story import PASSWORD, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")


def signed_in(username: str) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def test_dora_sees_the_card() -> None:
    wanqing(shop())
    page = signed_in("dora").get("/customers/C-20418/")
    assert page.status_code == 200, page.content.decode()[:3000]
