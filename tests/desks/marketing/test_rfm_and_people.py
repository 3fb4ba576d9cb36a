"""The map of recency and frequency, and the people behind every figure."""

import re

import pytest
from django.http import QueryDict

from regulars.desks.marketing.csv_files import harmless
from regulars.desks.marketing.rfm_asked import asked_in
from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.models import Customer
from regulars.rules.value.bands import HOUSE_CUTS
from tests.desks.marketing.corner_shop import corner_shop, staff
from tests.desks.visitors import signed_in
from tests.shop import open_shop

pytestmark = pytest.mark.usefixtures("house")


def page_of(path: str, username: str = "mia", status: int = 200, language: str = "en") -> str:
    answer = signed_in(username, language).get(path)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return str(answer.content.decode())


def test_the_map_counts_everybody_and_leads_to_those_the_view_shows() -> None:
    corner_shop()
    page = page_of("/rfm/")
    assert "23 customers" in page
    cell = re.search(r'href="(\?r=\d&amp;f=\d)#map"', page)
    assert cell is not None
    chosen = page_of("/rfm/" + cell[1].replace("&amp;", "&"))
    assert "Chosen:" in chosen
    people = re.search(r'href="(/people/\?[^"]+)"', chosen)
    assert people is not None
    assert "person" in page_of(people[1].replace("&amp;", "&")) or "people" in page_of("/rfm/")


def test_bob_is_in_the_figure_and_not_on_the_list() -> None:
    corner_shop(3)
    page = page_of("/people/?state=lapsed")
    assert "Bob Baker" not in page
    assert "1 more is not shown to you." in page or "None of them is shown to you" in page


def test_emil_sees_bob_and_the_log_says_so() -> None:
    corner_shop(3)
    assert "Bob Baker" in page_of("/people/?state=lapsed", "emil")
    assert AccessEntry.objects.filter(who="Emil", door="people_where", view="personal", rows=1).exists()


def test_dora_and_sten_read_no_lists() -> None:
    corner_shop(3)
    for who in ("dora", "sten"):
        page_of("/people/?state=active", who, 403)
        page_of("/rfm/", who, 403)


@pytest.mark.parametrize("query", ["", "?state=nope", "?group=x", "?r=9&f=1", "?segment=none"])
def test_a_list_that_is_none_is_not_there(query: str) -> None:
    corner_shop(1)
    page_of(f"/people/{query}", status=404)


@pytest.mark.parametrize("query", ["?list=nope&month=2026-03", "?bucket=gained&month=never", "?bucket=x&month=2026-03"])
def test_a_list_that_makes_no_sense_is_told_so(query: str) -> None:
    corner_shop(1)
    page_of(f"/people/{query}", status=400)


def test_every_figure_of_the_bucket_has_its_people() -> None:
    corner_shop()
    front = page_of("/", "emil")
    figures = re.findall(r'<a href="(/people/\?bucket=[^"]+)">([\d,]+)', front)
    assert figures
    for path, count in figures:
        heading = page_of(path.replace("&amp;", "&"), "emil")
        assert f"{count} person" in heading or f"{count} people" in heading, path


def test_a_file_holds_what_the_list_shows_and_the_log_counts_it() -> None:
    corner_shop(5)
    Customer.objects.filter(name="Cleo Baker").update(name="=HYPERLINK(1)")
    answer = signed_in("mia").get("/people/?segment=everybody&csv=1")
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Type"].startswith("text/csv")
    assert "Bob" not in text
    assert "@example.com" not in text
    assert "'=HYPERLINK(1)" in text
    logged = AccessEntry.objects.get(because="file of people of segment everybody")
    assert logged.rows == len(text.splitlines()) - 1


def test_emil_takes_no_files_away() -> None:
    corner_shop(1)
    assert signed_in("emil").get("/people/?state=active&csv=1").status_code == 403
    assert AccessEntry.objects.filter(door="people_file", allowed=False).exists()


def test_own_bounds_are_remembered_in_the_address() -> None:
    corner_shop()
    page = page_of("/rfm/?bounds=own&rc0=3&rc1=10&rc2=20&rc3=60&fc0=1&fc1=2&fc2=3&fc3=6")
    assert "0–3 days" in page
    assert "rc=3%2C10%2C20%2C60" in page


def test_bounds_that_fall_are_told_and_the_fifths_shown() -> None:
    corner_shop(3)
    page = page_of("/rfm/?bounds=own&rc0=30&rc1=10&rc2=20&rc3=60&fc0=1&fc1=2&fc2=3&fc3=6")
    assert "Bounds must rise" in page


def test_a_part_of_the_shop_without_purchases_teaches() -> None:
    corner_shop(3)
    assert "Nobody bought anything in this part" in page_of("/rfm/?since=2020-01-01&until=2020-02-01")


def test_each_part_is_a_fragment_or_a_file() -> None:
    corner_shop(5)
    mia = signed_in("mia")
    for part in ("map", "flow"):
        fragment = mia.get(f"/rfm/{part}/", headers={"HX-Request": "true"}).content.decode()
        assert fragment.lstrip().startswith(f'<section id="{part}"')
        assert mia.get(f"/rfm/{part}/").status_code == 302
    for part in ("map", "flow", "health"):
        assert mia.get(f"/rfm/{part}/?csv=1")["Content-Type"].startswith("text/csv")


def test_before_the_first_figures_the_map_teaches() -> None:
    open_shop()
    staff()
    assert "No figures yet" in page_of("/rfm/")
    assert "No figures yet" in page_of("/segments/")


def test_what_cannot_be_read_counts_as_not_asked() -> None:
    asked = asked_in(QueryDict("branch=x&since=never&measure=weight&back=decade&r=7&f=1&bounds=house"))
    assert (asked.branch, asked.since, asked.measure, asked.back, asked.cell) == (None, None, "people", "quarter", None)
    assert asked.cuts == HOUSE_CUTS


def test_formulas_stay_texts() -> None:
    assert [harmless(text) for text in ("=1+1", "+86", "-5", "@x", "\t=1", "王芳")] == [
        "'=1+1", "'+86", "-5", "'@x", "'\t=1", "王芳",
    ]  # fmt: skip
