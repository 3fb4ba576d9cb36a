"""Days and moments as one says them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from regulars.desks.shared import dates
from regulars.desks.shared.day_input import DayInput

AT = datetime(2026, 3, 12, 7, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("then", "english", "chinese"),
    [
        (AT - timedelta(seconds=20), "just now", "刚刚"),
        (AT - timedelta(minutes=12), "12 min ago", "12 分钟前"),
        (AT - timedelta(hours=5), "5 h ago", "5 小时前"),
        (AT - timedelta(hours=30), "yesterday", "昨天"),
        (AT - timedelta(days=3), "3 days ago", "3 天前"),
        (AT - timedelta(days=152), "5 months ago", "5 个月前"),
        (AT - timedelta(days=365 * 3), "3 years ago", "3 年前"),
        (date(2026, 3, 12), "today", "今天"),
        (date(2026, 3, 11), "yesterday", "昨天"),
        (None, "never", "从来没有"),
    ],
)
def test_how_long_ago(then: date | None, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert dates.ago(then, at=AT) == english
    with translation.override("zh-hans"):
        assert dates.ago(then, at=AT) == chinese


@pytest.mark.parametrize(
    ("until", "english", "chinese", "soon"),
    [
        (AT + timedelta(hours=31), "31 h left", "还剩 31 小时", True),
        (date(2026, 3, 13), "1 day left", "还剩 1 天", True),
        (date(2026, 3, 21), "9 days left", "还剩 9 天", False),
        (date(2026, 3, 12), "due today", "今天到期", True),
        (date(2026, 3, 9), "3 days late", "已过期 3 天", True),
    ],
)
def test_how_long_still(until: date, english: str, chinese: str, soon: bool) -> None:
    with translation.override("en"):
        assert dates.left(until, at=AT) == english
    with translation.override("zh-hans"):
        assert dates.left(until, at=AT) == chinese
    assert dates.is_soon(until, at=AT) is soon


@pytest.mark.usefixtures("in_english")
def test_days_in_english() -> None:
    assert dates.day(date(2026, 3, 12)) == "12 Mar 2026"
    assert dates.day(date(2026, 3, 12), at=AT) == "12 Mar"
    assert dates.day(date(2025, 12, 24), at=AT) == "24 Dec 2025"
    assert dates.long_day(AT) == "Thursday, 12 March"
    assert dates.month(AT, at=AT) == "March"
    assert dates.day(None) == "–"


@pytest.mark.usefixtures("in_chinese")
def test_days_in_chinese() -> None:
    assert dates.day(date(2026, 3, 12)) == "2026年3月12日"
    assert dates.day(date(2026, 3, 12), at=AT) == "3月12日"
    assert dates.long_day(AT) == "3月12日，星期四"
    assert dates.month(date(2025, 12, 1), at=AT) == "2025年12月"
    with timezone.override("UTC"):
        assert dates.moment(AT - timedelta(minutes=5), at=AT) == "今天 07:35"
        assert dates.greeting(AT) == "早上好"


def test_the_clock_is_the_one_on_the_companys_wall() -> None:
    with timezone.override("Asia/Shanghai"), translation.override("en"):
        late = datetime(2026, 3, 11, 17, 30, tzinfo=UTC)
        assert dates.clock(late) == "01:30"
        assert dates.moment(late, at=AT) == "today 01:30"


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9000)))
def test_every_moment_before_now_can_be_said(gone: timedelta) -> None:
    with translation.override("zh-hans"):
        said = dates.ago(AT - gone, at=AT)
        assert said
        assert "%" not in said


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_day_that_is_filled_in_already_is_one_a_browser_understands(language: str) -> None:
    with translation.override(language):
        assert 'value="2026-03-12"' in DayInput().render("day", date(2026, 3, 12))
