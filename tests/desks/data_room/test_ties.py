"""A file of ties on its page: tried, mended, taken in; whose it is, and how long it stays."""

import csv
import io
import os
import time
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regulars.journeys.look_at_file import FOLDER
from regulars.journeys.sweep_files import sweep_files
from regulars.records.groups.models import CustomerGroup, GroupMember
from regulars.records.staff.actions import hire
from tests.cast import ann, bob
from tests.desks.visitors import signed_in
from tests.story import PASSWORD, shop

pytestmark = pytest.mark.usefixtures("house")
BRING = "/data/households/ties/"
FILE = 'group;kind;name;customer\noak;household;;C-20001\noak;;;C-20002\noak;;"=1+1; twice";C-29999\none;two\n'


@pytest.fixture(autouse=True)
def staff() -> None:
    shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    hire("stina", "Stina", roles=["steward", "service"], password=PASSWORD)
    ann(), bob()


def upload(client: Client, text: str = FILE) -> Any:
    return client.post(BRING, {"file": SimpleUploadedFile("ties.csv", text.encode())})


def tried(client: Client, text: str = FILE) -> str:
    answer = upload(client, text)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return str(answer["Location"])


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def left() -> list[str]:
    return sorted(one.name for one in (settings.HOME.files / FOLDER).glob("*"))


def downloaded(client: Client, page: str) -> list[list[str]]:
    answer: Any = client.get(f"{page}set-aside.csv")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_sten_tries_a_file_takes_it_in_and_mends_what_was_set_aside() -> None:
    sten = signed_in("sten")
    page = tried(sten)
    told = read(sten, page)
    for words in ("Dry run of ties.csv", "All 4 rows were tried", "There is no customer of that number", "Bring it in"):
        assert words in told
    assert not CustomerGroup.objects.exists()
    assert sten.post(f"{page}take-in/")["Location"] == page
    assert (CustomerGroup.objects.count(), GroupMember.objects.count()) == (1, 2)
    told = read(sten, page)
    assert "ties.csv is taken in" in told and "Bring it in" not in told
    first, *rows = downloaded(sten, page)
    assert first == ["row", "reason", "group", "kind", "name", "customer"]
    assert [row[0] for row in rows] == ["4", "5"] and rows[0][2:] == ["oak", "", "'=1+1; twice", "C-29999"]
    rows[0][4:] = ["", "C-20002"]
    text = io.StringIO()
    csv.writer(text).writerows([first, rows[0]])
    assert ">Known already</span><b>1<" in read(sten, tried(sten, text.getvalue())), "mended it is read again"


def test_taken_in_twice_it_changes_nothing_and_the_file_itself_is_gone() -> None:
    sten = signed_in("sten")
    page = tried(sten)
    key = page.split("/")[-2]
    sten.post(f"{page}take-in/")
    before = read(sten, page)
    assert sten.post(f"{page}take-in/").status_code == 302
    assert read(sten, page) == before or "taken in" in before
    assert ">New groups</span><b>1<" in read(sten, page)
    assert left() == [f"{key}.aside", f"{key}.ties"]
    for name in left():
        place = settings.HOME.files / FOLDER / name
        assert place.stat().st_mode & 0o777 == 0o600
        os.utime(place, (time.time() - 90_000, time.time() - 90_000))
    sweep_files()
    assert left() == [] and sten.get(page).status_code == 404


def test_left_it_is_gone_and_nothing_was_changed() -> None:
    sten = signed_in("sten")
    page = tried(sten)
    assert sten.post(f"{page}forget/")["Location"] == BRING
    assert left() == [] and not CustomerGroup.objects.exists()
    assert [sten.get(page).status_code, sten.post(f"{page}take-in/").status_code] == [404, 404]


def test_it_is_whose_who_brought_it_and_nobody_elses() -> None:
    page = tried(signed_in("sten"))
    stina, dora = signed_in("stina"), signed_in("dora")
    asked = [
        stina.get(page),
        stina.get(f"{page}set-aside.csv"),
        stina.post(f"{page}take-in/"),
        stina.post(f"{page}forget/"),
    ]
    assert {one.status_code for one in asked} == {404} and not CustomerGroup.objects.exists()
    assert (upload(dora).status_code, dora.get(page).status_code) == (403, 403)
    assert signed_in("sten").get(page).status_code == 200


@pytest.mark.parametrize(("text", "said"), [("", "empty"), ("colour,size\nred,3\n", "group"), ("\0\1" * 90, "")])
def test_what_is_no_table_of_ties_is_said_beside_the_field(text: str, said: str) -> None:
    answer = upload(signed_in("sten"), text)
    assert answer.status_code == 200 and 'role="alert"' in answer.content.decode() and left() == []


def test_the_way_there_is_shown_to_whoever_may_go_it() -> None:
    for who, path in (("sten", "/data/households/"), ("sten", "/groups/"), ("stina", "/groups/")):
        assert f'href="{BRING}"' in read(signed_in(who), path)
    assert f'href="{BRING}"' not in read(signed_in("dora"), "/groups/")


def test_in_chinese() -> None:
    sten = signed_in("sten", "zh-hans")
    assert "从文件导入家庭与账户" in read(sten, BRING)
    assert downloaded(sten, tried(sten))[0][:2] == ["行号", "原因"]
