"""How days and moments are written in both languages: "12 March", 3月12日; "12 min ago", 12 分钟前; "2 days left".

Plain functions: the day or moment to compare with comes in as `at=`; the language is the one now active.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                 "November", "December")  # fmt: skip
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HAN_WEEKDAYS: Final = "一二三四五六日"

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


def day(on: date | None, *, at: date | None = None) -> str:
    """The day; the year is left out when it is the year of `at`. "12 Mar", "12 Mar 2025"; 3月12日, 2025年3月12日."""
    if on is None:
        return "–"
    on = _day_of(on)
    with_year = at is None or _day_of(at).year != on.year
    if _in_chinese():
        return f"{on.year}年{on.month}月{on.day}日" if with_year else f"{on.month}月{on.day}日"
    return f"{on.day} {MONTHS[on.month - 1][:3]}" + (f" {on.year}" if with_year else "")


def long_day(on: date) -> str:
    """The day as one says it in the morning: "Thursday, 12 March"; 3月12日，星期四."""
    on = _day_of(on)
    if _in_chinese():
        return f"{on.month}月{on.day}日，星期{HAN_WEEKDAYS[on.weekday()]}"
    return f"{WEEKDAYS[on.weekday()]}, {on.day} {MONTHS[on.month - 1]}"


def month(on: date, *, at: date | None = None) -> str:
    """The month of a day: "March", "March 2025" when not in the year of `at`; 3月, 2025年3月."""
    on = _day_of(on)
    with_year = at is None or _day_of(at).year != on.year
    if _in_chinese():
        return f"{on.year}年{on.month}月" if with_year else f"{on.month}月"
    return MONTHS[on.month - 1] + (f" {on.year}" if with_year else "")


def clock(moment: datetime) -> str:
    """Hours and minutes on the wall of the company: 07:40."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{local.hour:02}:{local.minute:02}"


def moment(then: datetime | None, *, at: datetime | None = None) -> str:
    """Day and clock together; today and yesterday by name. "today 10:20", "11 Mar 16:30"; 今天 10:20."""
    if then is None:
        return "–"
    return f"{named_day(then, at=at) if at else day(then)} {clock(then)}"


def named_day(on: date, *, at: date) -> str:
    """Today, yesterday and tomorrow by name, every other day by its date."""
    apart = (_day_of(on) - _day_of(at)).days
    if abs(apart) > 1:
        return day(on, at=at)
    return _("today") if apart == 0 else _("tomorrow") if apart > 0 else _("yesterday")


def ago(then: date | None, *, at: date) -> str:
    """How long before `at`, in the coarsest unit that says it: "12 min ago", "3 days ago", "5 months ago".

    A day without a clock is counted in whole days ("today", "yesterday"). What lies ahead is said as `left` does.
    """
    if then is None:
        return _("never")
    if not isinstance(then, datetime) or not isinstance(at, datetime):
        return _days_ago((_day_of(at) - _day_of(then)).days)
    gone = at - then
    if gone < timedelta(0):
        return left(then, at=at)
    if gone < MINUTE:
        return _("just now")
    if gone < HOUR:
        return _said(ngettext("%(n)d min ago", "%(n)d min ago", gone // MINUTE), gone // MINUTE)
    if gone < DAY:
        return _said(ngettext("%(n)d h ago", "%(n)d h ago", gone // HOUR), gone // HOUR)
    return _days_ago(max(gone.days, 1))


def left(until: date, *, at: date) -> str:
    """How long still until a deadline: "31 h left", "2 days left", "due today", "3 days late"."""
    if isinstance(until, datetime) and isinstance(at, datetime) and timedelta(0) <= until - at < 2 * DAY:
        hours = max((until - at) // HOUR, 1)
        return _said(ngettext("%(n)d h left", "%(n)d h left", hours), hours)
    days = (_day_of(until) - _day_of(at)).days
    if days == 0:
        return _("due today")
    if days < 0:
        return _said(ngettext("%(n)d day late", "%(n)d days late", -days), -days)
    return _said(ngettext("%(n)d day left", "%(n)d days left", days), days)


def is_soon(until: date, *, at: date) -> bool:
    """Whether a deadline is near enough to be shown in the colour of heed: two days or less, or past."""
    return (_day_of(until) - _day_of(at)).days <= 2


def _days_ago(days: int) -> str:
    if days < 0:
        return _said(ngettext("in %(n)d day", "in %(n)d days", -days), -days)
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 61:
        return _said(ngettext("%(n)d day ago", "%(n)d days ago", days), days)
    if days < 730:
        months = round(days * 12 / 365)
        return _said(ngettext("%(n)d month ago", "%(n)d months ago", months), months)
    return _said(ngettext("%(n)d year ago", "%(n)d years ago", days // 365), days // 365)


def greeting(at: datetime) -> str:
    """The word for this time of day, on the wall of the company."""
    hour = (timezone.localtime(at) if timezone.is_aware(at) else at).hour
    if hour < 12:
        return pgettext("greeting", "Good morning")
    return pgettext("greeting", "Good afternoon") if hour < 18 else pgettext("greeting", "Good evening")


def _said(words: str, n: int) -> str:
    return words % {"n": n}


def _day_of(on: date) -> date:
    if not isinstance(on, datetime):
        return on
    return (timezone.localtime(on) if timezone.is_aware(on) else on).date()


def _in_chinese() -> bool:
    return (get_language() or "en").startswith("zh")
