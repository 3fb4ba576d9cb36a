"""Emil erases who wants it, gives her copy before, shows the proof after, and sees how the keys stand."""

import json
from html import unescape

import pytest
from django.test import Client

from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.tell_us import ask_to_be_deleted
from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.models import Customer, Erasure
from regulars.records.tasks.models import Task
from regulars.rules.permission.asking import Asker
from tests.cast import EMIL, NOON, ann
from tests.desks.visitors import signed_in
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
HERSELF = Asker("customer C-20418", "customer", "personal", "oversight")
PAGE = "/privacy/erasing/"


@pytest.fixture
def emil() -> Client:
    """The privacy officer at his desk; 陈婉清 wants to be deleted."""
    wanqing(shop())
    ask_to_be_deleted("C-20418", words="please", by=HERSELF, at=NOON)
    return signed_in("emil")


def seen(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_her_wish_waits_with_her_copy_beside_it(emil: Client) -> None:
    page = seen(emil)
    task = Task.objects.get(kind="erasure")
    assert all(said in page for said in ("陈婉清", "C-20418", f"T-{task.id}", "/privacy/erasing/C-20418/copy/"))
    held = json.loads(emil.get("/privacy/erasing/C-20418/copy/").content)
    assert (held["customer"]["allergies"], len(held["orders"])) == ("wool", 18)
    assert f'value="T-{task.id}"' in seen(emil, f"{PAGE}?number=C-20418&reference=T-{task.id}")


def test_she_is_erased_and_the_proof_stands_on_the_page(emil: Client) -> None:
    words = {"number": "C-20418", "because": "her own wish", "reference": "T-1"}
    page = unescape(emil.post(PAGE, words, follow=True).content.decode())
    assert "Nobody can find, read or reach her any more" in page
    assert Customer.objects.get().name == ""
    assert Erasure.objects.get().key_digest[:16] in page
    assert "in backups too" in page
    assert "陈婉清" not in seen(emil)
    assert emil.get("/privacy/erasing/C-20418/copy/").status_code == 404


@pytest.mark.parametrize("words", [{"number": "C-1"}, {"because": " "}, {"reference": ""}])
def test_what_cannot_be_done_is_told_in_the_form(emil: Client, words: dict[str, str]) -> None:
    told = {"number": "C-20418", "because": "her wish", "reference": "T-1"} | words
    answer = emil.post(PAGE, told)
    assert answer.status_code == 200
    assert "heed" in answer.content.decode()
    assert not Erasure.objects.exists()


def test_nobody_but_the_officer_comes_in(emil: Client) -> None:
    for name in ("dora", "mia"):
        client = signed_in(name)
        words = {"number": "C-20418", "because": "x", "reference": "T-1"}
        assert client.post(PAGE, words).status_code == 403
        assert client.get("/privacy/erasing/C-20418/copy/").status_code == 403
    assert AccessEntry.objects.filter(allowed=False).count() >= 4
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_tells_the_keys_in_both_languages(emil: Client, language: str) -> None:
    emil.cookies["regulars_language"] = language
    erase_customer(ann().number, by=EMIL, because="x", reference="T-9", at=NOON)
    page = seen(emil)
    assert ("主密钥" if language == "zh-hans" else "Master keys") in page
    assert ("安装目录中的文件" if language == "zh-hans" else "file in the home") in page
