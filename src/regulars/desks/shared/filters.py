"""Filters that write figures, money, days and moments as `figures.py` and `dates.py` do, and a few of Django's.

Moments are compared with the `at` given as argument, `{{ seen_at|ago(as_of) }}`, else with the clock.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.template import defaultfilters
from django.utils import timezone
from django.utils.html import json_script

from regulars.desks.shared import dates, figures
from regulars.desks.shared.customer_words import in_a_list, in_brackets, labelled
from regulars.desks.shared.staff_names import called


def short(value: figures.Amount | None) -> str:
    return figures.short(value)


def money_short(minor: int | None, currency: str) -> str:
    return figures.money_short(minor, currency)


def day(on: date | None, at: date | None = None) -> str:
    return dates.day(on, at=at)


def month(on: date, at: date | None = None) -> str:
    return dates.month(on, at=at)


def moment(then: datetime | None, at: datetime | None = None) -> str:
    return dates.moment(then, at=at)


def ago(then: date | None, at: date | None = None) -> str:
    return dates.ago(then, at=at or _now_like(then))


def left(until: date, at: date | None = None) -> str:
    return dates.left(until, at=at or _now_like(until))


def is_soon(until: date, at: date | None = None) -> bool:
    return dates.is_soon(until, at=at or _now_like(until))


def _now_like(when: Any) -> date:
    """Now as a moment for a moment, as a day for a day: the two are not compared."""
    return timezone.now() if isinstance(when, datetime) else timezone.localdate()


#: What a template may write after a bar; the names are those of Jinja, of Django and of our own figures and dates.
FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    **{own.__name__: own for own in (short, money_short, day, month, moment, ago, left, is_soon)},
    "called": called,
    "in_a_list": in_a_list,
    "in_brackets": in_brackets,
    "labelled": labelled,
    "number": figures.number,
    "signed": figures.signed,
    "percent": figures.percent,
    "money": figures.money,
    "money_exact": figures.money_exact,
    "money_whole": figures.money_whole,
    "long_day": dates.long_day,
    "clock": dates.clock,
    "date": defaultfilters.date,
    "default_if_none": defaultfilters.default_if_none,
    "filesizeformat": defaultfilters.filesizeformat,
    "json_script": json_script,
    "linebreaksbr": defaultfilters.linebreaksbr,
    "slugify": defaultfilters.slugify,
    "stringformat": defaultfilters.stringformat,
    "truncatechars": defaultfilters.truncatechars,
}
