"""Who we are, what day it is here, and which statement is in force."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from regulars.records.company.access import (
    UNNAMED,
    CompanyFacts,
    branches,
    company,
    forget_company,
    now,
    statement_version,
    today,
)
from regulars.records.company.actions import describe_branch, ensure_branches, set_up_company
from regulars.records.company.statements import publish_statement, statement_in_force, statements
from tests.cast import NOON

pytestmark = pytest.mark.usefixtures("house")
SHOP = CompanyFacts("South Branch", "南枝衣铺", None, "CN", "CNY", "Asia/Shanghai", False)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    forget_company()


def test_before_it_is_set_up_the_company_has_no_name_of_its_own() -> None:
    assert company() == UNNAMED


def test_it_is_what_was_said_last_and_at_once() -> None:
    set_up_company(SHOP)
    assert company() == SHOP
    moved = CompanyFacts("North Branch", "北枝衣铺", date(2025, 12, 31), "EU", "EUR", "Europe/Berlin", True)
    set_up_company(moved)
    assert company() == moved


def test_what_was_not_confirmed_was_not_said() -> None:
    set_up_company(SHOP)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        set_up_company(UNNAMED)
        raise ZeroDivisionError
    assert company() == SHOP


def test_the_day_is_that_of_the_companys_clock() -> None:
    set_up_company(SHOP)
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert today() == datetime.now(ZoneInfo("Asia/Shanghai")).date()


def test_where_the_data_ended_it_is_always_the_last_day() -> None:
    set_up_company(CompanyFacts("Shop", "店", date(2017, 12, 31), "none", "USD", "America/Chicago", True))
    assert today() == date(2017, 12, 31)
    assert now().astimezone(ZoneInfo("America/Chicago")).date() == date(2017, 12, 31)


def test_a_branch_nobody_described_bears_its_reference() -> None:
    first = ensure_branches(["S2", "S1", "S2"])
    assert ensure_branches(["S1", "S2"]) == first
    describe_branch("S1", name="Lakeside", city="杭州", region="浙江")
    assert [(one.ref, one.name, one.city) for one in branches()] == [("S1", "Lakeside", "杭州"), ("S2", "S2", "")]


def test_a_statement_is_added_to_never_altered() -> None:
    assert statement_version() is None
    assert statement_in_force("en", at=NOON) is None
    first = publish_statement({"en": "We keep little.", "zh-hans": "我们只留必要的信息。"}, in_force_at=NOON - DAY)
    second = publish_statement({"en": "We keep less."}, in_force_at=NOON + DAY)
    assert (first, second) == (1, 2)
    assert [(one.version, one.language) for one in statements()] == [(2, "en"), (1, "en"), (1, "zh-hans")]


def test_the_one_in_force_is_told_in_the_readers_language_else_in_english() -> None:
    publish_statement({"en": "One.", "zh-hans": "一。"}, in_force_at=NOON - DAY)
    publish_statement({"en": "Two."}, in_force_at=NOON + DAY)
    told = {(days, language): statement_in_force(language, at=NOON + days * DAY) for days in (0, 1) for language in
            ("zh-hans", "fr")}  # fmt: skip
    assert {where: one.body if one else None for where, one in told.items()} == {
        (0, "zh-hans"): "一。", (0, "fr"): "One.", (1, "zh-hans"): "Two.", (1, "fr"): "Two.",
    }  # fmt: skip


def test_the_version_of_today_is_the_newest_that_began() -> None:
    publish_statement({"en": "One."}, in_force_at=datetime.now(UTC) - DAY)
    publish_statement({"en": "Two."}, in_force_at=datetime.now(UTC) + DAY)
    assert statement_version() == 1
