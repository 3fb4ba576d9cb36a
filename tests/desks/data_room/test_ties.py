"""A file of ties on its page: tried, mended, taken in; whose it is, and how long it stays."""

import csv
import io
import json
import os
import time
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from regulars.desks.night_shift import jobs
from regulars.journeys import bring_ties as ties_journey
from regulars.journeys import import_ties as import_journey
from regulars.journeys.bring_ties import carry_on_ties
from regulars.journeys.look_at_file import FOLDER
from regulars.journeys.sweep_files import sweep_files
from regulars.records.groups.models import CustomerGroup, GroupMember
from regulars.records.staff.actions import hire
from regulars.records.staff.models import Staff
from tests.cast import NOON, ann, bob
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


LONG = "group,kind,name,customer\n" + "".join(
    f"g{n},company,Company {n},C-2000{1 + n % 2}\n" + (f"g{n},,,C-29999\n" if n % 4 == 0 else "") for n in range(40)
)


@pytest.fixture
def short_breath(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows are many, and somebody looks after each six."""
    monkeypatch.setattr(ties_journey, "AT_ONCE", 10)
    monkeypatch.setattr(import_journey, "AT_ONCE", 6)


def number_of(page: str) -> int:
    return int(page.split("/")[-2], 16)


def waiting() -> list[dict[str, int]]:
    """The jobs that wait, as the next worker finds them."""
    found = ProcrastinateJob.objects.filter(task_name="take_in_ties", status="todo")
    return list(found.order_by("id").values_list("args", flat=True))


@pytest.mark.usefixtures("short_breath")
def test_a_long_file_is_tried_and_taken_in_by_the_night_shift_and_watched_meanwhile() -> None:
    sten = signed_in("sten")
    page = tried(sten, LONG)
    told = read(sten, page)
    assert "It waits for its turn" in told and "hx-get" in told and "Bring it in" not in told
    assert waiting() == [{"file": number_of(page)}] and sten.post(f"{page}take-in/").status_code == 302
    jobs.run_worker(until_empty=True, signals=False)
    told = read(sten, page)
    assert "All 50 rows were tried" in told and "hx-get" not in told and not CustomerGroup.objects.exists()
    sten.post(f"{page}take-in/")
    assert "ties.csv is being taken in" in read(sten, page) and not CustomerGroup.objects.exists()
    for _ in range(2):  # the queue may hand it out twice
        carry_on_ties(number_of(page), at=NOON)
    told = read(sten, f"{page}progress/")
    assert "ties.csv is taken in" in told and ">New groups</span><b>40<" in told and "hx-get" not in told
    assert (CustomerGroup.objects.count(), GroupMember.objects.count(), len(downloaded(sten, page))) == (40, 40, 11)
    assert left() == [f"{page.split('/')[-2]}.aside", f"{page.split('/')[-2]}.ties"]


@pytest.mark.usefixtures("short_breath")
def test_stopped_it_keeps_what_is_written_and_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    sten = signed_in("sten")
    page = tried(sten, LONG)
    carry_on_ties(number_of(page), at=NOON)
    sten.post(f"{page}take-in/")
    keep = ties_journey._save

    def stop_after_two(key: str, told: Any) -> None:
        keep(key, told)
        if told.done_through > 12:
            sten.post(f"{page}stop/")

    with monkeypatch.context() as patch:
        patch.setattr(ties_journey, "_save", stop_after_two)
        carry_on_ties(number_of(page), at=NOON)
    some = GroupMember.objects.count()
    assert 0 < some < 40 and "Go on from there" in read(sten, page) and ">stopped<" in read(sten, page)
    carry_on_ties(number_of(page), at=NOON)
    assert GroupMember.objects.count() == some, "nobody goes on with what was stopped"
    assert sten.post(f"{page}go-on/")["Location"] == page
    carry_on_ties(number_of(page), at=NOON)
    told = read(sten, page)
    assert ">New groups</span><b>40<" in told and "All 50 rows were read" in told
    assert len(downloaded(sten, page)) == 11 and GroupMember.objects.count() == 40


@pytest.mark.usefixtures("short_breath")
def test_left_while_it_waits_nobody_does_it_and_nothing_lies_about() -> None:
    sten = signed_in("sten")
    page = tried(sten, LONG)
    sten.post(f"{page}forget/")
    carry_on_ties(number_of(page), at=NOON)
    assert left() == [] and not CustomerGroup.objects.exists()


@pytest.mark.usefixtures("short_breath")
def test_who_is_no_steward_any_more_brings_nothing_in() -> None:
    page = tried(signed_in("stina"), LONG)
    Staff.objects.filter(username="stina").update(roles=["service"])
    carry_on_ties(number_of(page), at=NOON)
    assert json.loads((settings.HOME.files / FOLDER / f"{page.split('/')[-2]}.ties").read_text())["state"] == "failed"
    Staff.objects.filter(username="stina").update(roles=["steward"])
    assert "broken off" in read(signed_in("stina"), page)


@pytest.mark.usefixtures("short_breath")
def test_what_was_cut_off_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    sten = signed_in("sten")
    page = tried(sten, LONG)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(ties_journey, "_demand_wanted", raises_at_once)
        carry_on_ties(number_of(page), at=NOON)
    told = read(sten, page)
    assert "it was cut off" in told and "Try it" in told and "hx-get" not in told
    sten.post(f"{page}go-on/")
    carry_on_ties(number_of(page), at=NOON)
    assert "All 50 rows were tried" in read(sten, page)


def raises_at_once(key: str) -> None:
    raise KeyboardInterrupt


def test_the_same_file_again_has_nothing_to_bring_in() -> None:
    sten = signed_in("sten")
    sten.post(f"{tried(sten, FILE.splitlines()[0])}take-in/")
    sten.post(f"{tried(sten)}take-in/")
    told = read(sten, tried(sten))
    assert "All this file says is known already" in told and "Bring it in" not in told


def test_what_cannot_be_a_table_is_said_in_words_to_act_on() -> None:
    sten = signed_in("sten")
    for name, content, said in (
        ("ties.xlsx", b"PK\x03\x04 no book", "Fetch it once more"),
        ("ties.pdf", b"%PDF-1.7 " * 90, "Save the table in it"),
        ("ties.csv.gz", b"\x1f\x8b\x08\0 packed", "Unpack it first"),
    ):  # fmt: skip
        answer = sten.post(BRING, {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 200 and said in answer.content.decode(), (name, said)
    assert left() == []


def test_letters_in_doubt_are_shown_and_damaged_ones_set_aside() -> None:
    sten = signed_in("sten")
    big5 = "group,kind,name\n甲,company,臺北服飾\n乙,company,高雄茶行\n".encode("big5")
    page = str(sten.post(BRING, {"file": SimpleUploadedFile("ties.csv", big5)})["Location"])
    told = read(sten, page)
    assert "which is likely and not certain" in told and "So its first rows are read" in told
    broken = b"group,kind,name\noak,company,Oak\nelm,company,\xe5\x8d\n" + "竹,company,竹\n".encode() * 9
    page = str(sten.post(BRING, {"file": SimpleUploadedFile("ties.csv", broken)})["Location"])
    told = read(sten, page)
    assert "save the file as UTF-8 and bring it again" in told


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
