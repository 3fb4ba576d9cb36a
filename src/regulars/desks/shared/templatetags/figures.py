"""Filters that write figures, money, days and moments as `figures.py` and `dates.py` do: `{% load figures %}`.

Moments are compared with the `at` given as argument, `{{ seen_at|ago:as_of }}`, else with the clock.
"""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone

from regulars.desks.shared import dates, figures

register = template.Library()

register.filter("number", figures.number)
register.filter("signed", figures.signed)
register.filter("percent", figures.percent)
register.filter("money", figures.money)
register.filter("money_exact", figures.money_exact)
register.filter("money_whole", figures.money_whole)
register.filter("long_day", dates.long_day)
register.filter("clock", dates.clock)


@register.filter
def short(value: figures.Amount | None) -> str:
    return figures.short(value)


@register.filter
def money_short(minor: int | None, currency: str) -> str:
    return figures.money_short(minor, currency)


@register.filter
def day(on: date | None, at: date | None = None) -> str:
    return dates.day(on, at=at)


@register.filter
def month(on: date, at: date | None = None) -> str:
    return dates.month(on, at=at)


@register.filter
def moment(then: datetime | None, at: datetime | None = None) -> str:
    return dates.moment(then, at=at)


@register.filter
def ago(then: date | None, at: date | None = None) -> str:
    return dates.ago(then, at=at or _now_like(then))


@register.filter
def left(until: date, at: date | None = None) -> str:
    return dates.left(until, at=at or _now_like(until))


@register.filter
def is_soon(until: date, at: date | None = None) -> bool:
    return dates.is_soon(until, at=at or _now_like(until))


def _now_like(when: Any) -> date:
    """Now as a moment for a moment, as a day for a day: the two are not compared."""
    return timezone.now() if isinstance(when, datetime) else timezone.localdate()
