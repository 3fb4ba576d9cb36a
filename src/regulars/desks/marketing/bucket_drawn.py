"""The leaky bucket in words and figures: this month beside an earlier one, the drawing, twelve months as bars."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.charts import Picture, bucket_bars
from regulars.desks.marketing.ways import people_url, way_to
from regulars.desks.marketing.words import PLACES
from regulars.desks.shared.dates import MONTHS, month
from regulars.desks.shared.figures import money_whole, number
from regulars.desks.shared.parts import Chart, Key
from regulars.desks.shared.pictures import currency_of, framed
from regulars.desks.shared.words import say
from regulars.records.scores.access import Bucket
from regulars.rules.permission.asking import Asker

UNITS: Final = ("people", "money")
KEYS: Final = {"gained": "", "won_back": "k3", "kept": "k2", "lapsed": "sand"}
DRAWN: Final = ("gained", "won_back", "lapsed")
SHOWN_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the four figures with what stands below it."""

    label: str
    value: str
    url: str
    small: str
    key: str


@dataclass(frozen=True, slots=True)
class BucketDrawn:
    """The bucket of one month as the page shows it."""

    unit: str
    period: str
    now: Bucket
    figures: Sequence[Figure]
    chart: Chart


def bucket_drawn(months: Sequence[Bucket], *, unit: str, as_of: date, currency: str, by: Asker) -> BucketDrawn | None:
    """The newest month and the twelve up to it; None when there is no month yet."""
    if not months:
        return None
    now = months[-1]
    figures = [_figure(place, now, _compared(months), unit, currency, by) for place in PLACES]
    return BucketDrawn(unit, period_of(now.month, as_of), now, figures, _chart(months, unit, as_of, currency))


def bucket_picture(months: Sequence[Bucket], *, unit: str, as_of: date, currency: str) -> Picture:
    """The bars of the last twelve months, with the words of the reader."""
    rows = [_row(one, as_of) for one in shown_months(months)]
    money = currency_of(currency) if unit == "money" else None
    return bucket_bars(rows, money=money, words=_words(months, as_of))


def shown_months(months: Sequence[Bucket]) -> Sequence[Bucket]:
    """The last twelve. The very first month of the books is left out: in it everybody is new, nothing else shows."""
    return months[1:][-SHOWN_MONTHS:] or months


def period_of(first: date, as_of: date) -> str:
    """How far the month of the figures has come: a whole month by name, a running one to its last counted day."""
    if is_over(first, as_of):
        return month(first, at=None)
    return _("%(month)s, up to day %(day)s") % {"month": month(first, at=None), "day": as_of.day}


def is_over(first: date, as_of: date) -> bool:
    """Whether the month had ended by the end of that day."""
    return as_of >= (first.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def short_month(first: date, at: date) -> str:
    """A month as an axis writes it: "Mar", 3月; with its year where that is another one."""
    written = month(first, at=first)
    short = written[:3] if written in MONTHS else written
    return short if first.year == at.year else f"{short} {first.year % 100:02d}"


def _compared(months: Sequence[Bucket]) -> tuple[str, Bucket] | None:
    """The same month a year ago if it is known, else the month before."""
    now = months[-1].month
    by_month = {one.month: one for one in months}
    if (year_ago := by_month.get(now.replace(year=now.year - 1))) is not None:
        return _("last year"), year_ago
    return (pgettext("period", "month before"), months[-2]) if len(months) > 1 else None


def _figure(place: str, now: Bucket, before: tuple[str, Bucket] | None, unit: str, currency: str, by: Asker) -> Figure:
    people, money = (_write(now, place, kind, currency) for kind in UNITS)
    main, other = (people, money) if unit == "people" else (money, _("%(n)s people") % {"n": people})
    small = [_("%(money)s expected") % {"money": other} if place == "lapsed" and unit == "people" else other]
    if before:
        small.append(f"{before[0]} {_write(before[1], place, unit, currency)}")
    url = people_url(by, bucket=place, month=f"{now.month:%Y-%m}") if getattr(now, place) else ""
    return Figure(say(PLACES, place), main, url, "\n".join(small), KEYS[place])


def _write(one: Bucket, place: str, unit: str, currency: str) -> str:
    return number(getattr(one, place)) if unit == "people" else money_whole(getattr(one, f"{place}_minor"), currency)


def _chart(months: Sequence[Bucket], unit: str, as_of: date, currency: str) -> Chart:
    picture = bucket_picture(months, unit=unit, as_of=as_of, currency=currency)
    return framed(
        "bucket",
        picture,
        _("Gained, won back and lapsed, month by month"),
        currency=currency,
        size="s",
        note=_note(months, as_of),
        keys=[Key(say(PLACES, place), KEYS[place]) for place in DRAWN],
        csv_url=way_to("marketing:bucket", unit=unit, csv="1"),
    )


def _note(months: Sequence[Bucket], as_of: date) -> str:
    """What the bars do not say themselves: a month still running, a first month left out."""
    if not is_over(months[-1].month, as_of):
        return _("%(month)s is not over") % {"month": month(as_of, at=as_of)}
    first = months[0]
    if first.month == shown_months(months)[0].month or len(months) > SHOWN_MONTHS + 1:
        return ""
    began = {"month": month(first.month, at=as_of), "n": number(first.gained)}
    return _("%(month)s, the first month, is not drawn: %(n)s") % began


def _row(one: Bucket, as_of: date) -> Mapping[str, Any]:
    return {**asdict(one), "inside_end": one.inside, "running": not is_over(one.month, as_of)}


def _words(months: Sequence[Bucket], as_of: date) -> dict[str, str]:
    names = {place: say(PLACES, place) for place in PLACES}
    return {
        **names, **{f"{place}_minor": name for place, name in names.items()},
        **{one.month.isoformat(): short_month(one.month, as_of) for one in months},
        "month": pgettext("column", "Month"), "inside_end": pgettext("column", "Inside at the end"),
        "quiet": pgettext("column", "Quiet"),
    }  # fmt: skip
