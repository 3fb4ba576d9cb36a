"""The first page in the morning, for each who signs in; and the lapse list that becomes work."""

import re
from datetime import timedelta

import pytest

from regulars.records.access_log.models import AccessEntry
from regulars.records.intake.models import Source
from regulars.records.tasks.models import Task
from tests.cast import NOON, said
from tests.desks.marketing.corner_shop import corner_shop, staff
from tests.desks.visitors import signed_in
from tests.shop import open_shop

pytestmark = pytest.mark.usefixtures("house")


def page_of(username: str, path: str = "/", language: str = "en") -> str:
    answer = signed_in(username, language).get(path)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return str(answer.content.decode())


def test_mia_sees_the_month_the_lists_and_what_runs() -> None:
    corner_shop()
    page = page_of("mia")
    for heading in ("Leaky bucket", "The three lists", "Waiting", "Campaigns", "Privacy and data"):
        assert heading in page
    assert 'href="/people/?bucket=gained' in page
    assert "No campaign yet" in page


def test_the_page_of_each_role_opens_in_both_languages() -> None:
    corner_shop(3)
    for who in ("mia", "dora", "emil", "sten"):
        for language in ("en", "zh-hans"):
            page = page_of(who, language=language)
            assert "%(" not in page
            assert "{n}" not in page


def test_freshness_is_asked_of_whoever_sends_files() -> None:
    corner_shop(3)
    Source.objects.create(ref="desk", name="Counter desk", created_at=NOON)
    Source.objects.create(ref="web", name="Web shop", refresh_days=1, created_at=NOON)
    page = page_of("mia")
    assert "Web shop" in page and "Counter desk" not in page


def test_dora_finds_no_way_to_a_list_of_people() -> None:
    corner_shop(3)
    page = page_of("dora")
    assert "/people/" not in page
    assert "Assign" not in page


def test_an_empty_house_teaches_and_does_not_count() -> None:
    open_shop()
    staff()
    page = page_of("mia")
    assert "No figures yet" in page
    assert "Leaky bucket" not in page


def test_the_steward_is_shown_the_way_to_bring_in_orders() -> None:
    open_shop()
    staff()
    assert 'href="/data/bring/"' in page_of("sten")


def test_money_and_people_change_places() -> None:
    corner_shop(3)
    people, money = page_of("mia"), page_of("mia", "/?unit=money")
    assert re.search(r'unit=people"[^>]*aria-current="true"', people)
    assert re.search(r'unit=money"[^>]*aria-current="true"', money)
    fragment = signed_in("mia").get("/today/bucket/?unit=money", headers={"HX-Request": "true"}).content.decode()
    assert fragment.startswith('<section id="bucket"') or "<html" not in fragment


def test_the_bucket_is_a_file_whose_rows_are_months() -> None:
    corner_shop(3)
    answer = signed_in("mia").get("/today/bucket/?csv=1")
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="bucket-people.csv"'
    assert rows[0].startswith("Month,Gained")
    assert len(rows) > 2


def test_the_lapse_list_becomes_work_and_only_once() -> None:
    people = corner_shop(6)
    said(people[1], "direct_marketing", "granted", at=NOON + timedelta(minutes=1))
    mia = signed_in("mia")
    month = re.search(r'name="month" value="([^"]+)"', mia.get("/").content.decode())
    assert month is not None
    for _twice in range(2):
        assert mia.post("/today/lapse-tasks/", {"month": month[1]}).status_code == 302
    tasks = Task.objects.filter(kind="lapse")
    assert {task.owner.username for task in tasks if task.owner} == {"dora"}
    assert tasks.count() == len({task.customer_id for task in tasks}) > 0


def test_nobody_who_said_no_becomes_a_task_of_marketing() -> None:
    people = corner_shop(6)
    signed_in("mia").post("/today/lapse-tasks/", {"month": "2026-03-01"})
    signed_in("mia").post("/today/lapse-tasks/", {"month": "2026-02-01"})
    assert not Task.objects.filter(customer=people[1]).exists()


def test_only_marketing_makes_tasks_of_the_list() -> None:
    corner_shop(3)
    for who in ("dora", "emil"):
        assert signed_in(who).post("/today/lapse-tasks/", {"month": "2026-03-01"}).status_code == 403
    assert not Task.objects.exists()
    assert AccessEntry.objects.filter(allowed=False, door="/today/lapse-tasks/").count() == 2


def test_a_month_that_is_none_is_told_in_words() -> None:
    corner_shop(3)
    assert signed_in("mia").post("/today/lapse-tasks/", {"month": "soon"}).status_code == 400


def test_before_sign_in_there_is_only_the_door() -> None:
    from django.test import Client

    assert Client().get("/")["Location"].startswith("/sign-in/")


def test_the_frame_says_how_many_are_absent() -> None:
    corner_shop(3)
    assert "1 not shown" in page_of("mia")
    assert "1 not shown" not in page_of("emil")
