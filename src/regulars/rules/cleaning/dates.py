"""A single date as somebody wrote it → a day. The same readings as `rules.intake.dates` gives a column of a file.

03/12/2026 is never guessed: without an order (dmy, mdy, ymd) it is a question, and both days are named.
"""

import re
from datetime import date, timedelta
from typing import Final

from regulars.rules.cleaning.cleaned import Cleaned, Notes, unusable
from regulars.rules.cleaning.texts import objection_to, tidied

LONGEST_DATE: Final = 60
_TIME: Final = re.compile(
    r"(?<=\d)(?:[ T]+|(?<=[日号]) *)\d{1,2}[:：时點点]\d{0,2}.*$|(?<=[日号]) *\d{1,2}[:：时點点]\d{0,2}.*$"
)
#: What stands around a day and says nothing more: the day of the week, 公元, a spreadsheet's apostrophe, a full stop.
_AROUND: Final = re.compile(
    r"^'|^公元|[ ,，]*[(（]?(?:星期|周|週|礼拜|禮拜)[一二三四五六日天1-7][)）]?$|(?<=\d)\.$"
    r"|^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|satur|sat|sun)(?:day)?\.?,? +"
    r"|^(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|mo|di|mi|do|fr|sa|so)\.?,? +(?=\d)",
    re.IGNORECASE,
)
_DASHES: Final = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "、": "-"})
_HAN_NUMBER: Final = dict(zip("〇零○一二三四五六七八九", "000123456789", strict=True))
_YMD: Final = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})\Z")
_COMPACT: Final = re.compile(r"((?:18|19|20)\d\d)(\d\d)(\d\d)\Z")
_CHINESE: Final = re.compile(r"(\d{2,4})年(\d{1,2})月(?:(\d{1,2})[日号號]?)?\Z")
_REPUBLIC: Final = re.compile(r"民[国國](\d{1,3})年(\d{1,2})月(?:(\d{1,2})[日号號]?)?\Z")
_DOTS: Final = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})\Z")
_SLASHES: Final = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{1,2})\Z")
_SERIAL: Final = re.compile(r"([2-7]\d{4})(?:\.\d+)?\Z")
_MONTH_ONLY: Final = re.compile(r"(?:\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{4}|\d{4}年?)\Z")
_NAMED: Final = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|er|\.)?[ -]+)?(?:de )?([^\W\d_]{3,})\.?[ ,-]+(?:de )?"
    r"(?:(\d{1,2})(?:st|nd|rd|th)?,?[ ]+)?(\d{4}|(?(1)\d{2}|(?!)))\Z"
)
_MONTHS: Final = {
    name[:3]: number
    for number, names in enumerate(
        "january januar janvier janv enero|february februar fév fevrier feb febrero|march märz maerz mrz mars marzo|"
        "april avril abril|may mai mayo|june juni juin|july juli juillet|august août aout agosto|september|"
        "october oktober octobre octubre|november|december dezember décembre decembre diciembre dic".split("|"), 1
    )
    for name in names.split()
}  # fmt: skip
_FRENCH: Final = {"juin": 6, "juillet": 7, "juil": 7}
_DEFAULTS: Final = frozenset({date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1970, 1, 1), date(1, 1, 1), date(9999, 12, 31), date(2099, 12, 31)})  # fmt: skip  # noqa: E501
_OLDEST: Final = date(1880, 1, 1)


def clean_date(text: str, *, at: date, order: str = "") -> Cleaned[date]:
    """The day. `at` is today, to which two-digit years and the future are measured: a year of two digits belongs to the
    last hundred. `order` is how day, month and year stand where signs leave it open.

    >>> today = date(2026, 11, 1)
    >>> said = ("2026年3月12日", "12.3.26", "民國79年3月12日", "March 12, 2026")
    >>> [clean_date(one, at=today).value.isoformat() for one in said]
    ['2026-03-12', '2026-03-12', '1990-03-12', '2026-03-12']
    >>> clean_date("03/12/2026", at=today).doubts
    (Doubt(reason='day_or_month', about='2026-03-12, 2026-12-03'),)
    >>> clean_date("90-10-20", at=today).value, clean_date("15-05-20", at=today).doubts[0].about
    (datetime.date(1990, 10, 20), '2020-05-15, 2015-05-20')
    >>> clean_date("03/12/2026", at=today, order="dmy").value, clean_date("25/12/2025", at=today).value
    (datetime.date(2026, 12, 3), datetime.date(2025, 12, 25))
    """
    notes = Notes()
    plain = tidied(text, notes)
    if reason := objection_to(plain) or ("not_a_date" if len(plain) > LONGEST_DATE else ""):
        return unusable(text, reason)
    if re.match(r"农历|農曆|阴历|陰曆|lunar", plain, re.IGNORECASE):
        return unusable(text, "lunar_date")
    bare = notes.change("time_removed", plain, _TIME.sub("", plain).strip())
    bare = notes.change("digits_spelled", bare, _han_digits(bare))
    found = _read(_AROUND.sub("", bare.translate(_DASHES)).strip(), at, order, notes)
    if isinstance(found, str):
        return unusable(text, *found.partition(":")[::2])
    notes.change("date_form", bare, found.isoformat())
    _doubts_about(found, at, notes)
    return notes.give(text, found)


def _han_digits(text: str) -> str:
    """二〇二六年三月十二日 and digits of other scripts with 0–9.

    >>> _han_digits("二〇二六年三月十二日"), _han_digits("一九九〇年十月二十日")
    ('2026年3月12日', '1990年10月20日')
    """
    text = "".join(str(int(sign)) if sign.isdecimal() else _HAN_NUMBER.get(sign, sign) for sign in text)
    text = re.sub(r"(?<!\d)廿(\d)", r"2\1", re.sub(r"(?<!\d)卅(\d)?", lambda tens: f"3{tens[1] or 0}", text))
    text = re.sub(r"(?<!\d)廿(?!\d)", "20", text)
    return re.sub(r"(\d?)十(\d?)", lambda tens: f"{tens[1] or 1}{tens[2] or 0}", text)


def _read(bare: str, at: date, order: str, notes: Notes) -> date | str:
    """The day, or the code of why there is none (with what it is about behind a colon)."""
    if parts := _YMD.match(bare) or _COMPACT.match(bare):
        return _day(*map(int, parts.groups()))
    if parts := _REPUBLIC.match(bare):
        notes.change("calendar_turned", bare, f"{int(parts[1]) + 1911}年")
        return _day(int(parts[1]) + 1911, int(parts[2]), int(parts[3])) if parts[3] else "day_missing"
    if parts := _CHINESE.match(bare):
        year = _full_year(parts[1], at, notes)
        return _day(year, int(parts[2]), int(parts[3])) if parts[3] else "day_missing"
    if (parts := _DOTS.match(bare) or _SLASHES.match(bare)) and _begins_with_year(parts, order):
        return _day(_full_year(parts[1], at, notes), int(parts[2]), int(parts[3]))
    if parts := _DOTS.match(bare):
        return _day(_full_year(parts[3], at, notes), int(parts[2]), int(parts[1]))
    if parts := _SLASHES.match(bare):
        return _slashed(parts[1], parts[2], parts[3], at, order, notes)
    return _read_rarer(bare, at, notes)


def _begins_with_year(parts: re.Match[str], order: str) -> bool:
    """Of three short numbers, the first is the year where the order says so, where it can be no day, or where the last
    has one digit."""
    said = order == "ymd" or len(parts[3]) == 1 or int(parts[1]) > 31
    return len(parts[1]) == 2 and len(parts[3]) <= 2 and said


def _read_rarer(bare: str, at: date, notes: Notes) -> date | str:
    if parts := _NAMED.match(bare):
        return _with_month_named(parts, at, notes)
    if parts := _SERIAL.match(bare):
        return date(1899, 12, 30) + timedelta(days=int(parts[1]))
    return "day_missing" if _MONTH_ONLY.match(bare) else "not_a_date"


def _with_month_named(parts: re.Match[str], at: date, notes: Notes) -> date | str:
    word = parts[2].casefold()
    month = _FRENCH.get(word) or _MONTHS.get(word[:3])
    day = parts[1] or parts[3]
    if month is None:
        return "not_a_date"
    return _day(_full_year(parts[4], at, notes), month, int(day)) if day else "day_missing"


def _slashed(first: str, second: str, third: str, at: date, order: str, notes: Notes) -> date | str:
    """Three numbers between slashes: settled by the order, or by a number that can be no month."""
    if len(third) == 1:
        return "not_a_date"
    year = _full_year(third, at, notes)
    by_day, by_month = _day(year, int(second), int(first)), _day(year, int(first), int(second))
    if order in ("dmy", "mdy"):
        return by_day if order == "dmy" else by_month
    by_year = _day(_full_year(first, at, Notes()), int(second), int(third)) if len(first) == len(third) == 2 else ""
    days = [found for found in (by_month, by_day, by_year) if isinstance(found, date)]
    if len(set(days)) > 1:
        return f"day_or_month:{', '.join(dict.fromkeys(day.isoformat() for day in days))}"
    return days[0] if days else by_day


def _full_year(said: str, at: date, notes: Notes) -> int:
    """Two digits in the last hundred years up to today's year; other years as they are."""
    if len(said) != 2:
        return int(said)
    century = at.year // 100 * 100
    year = century + int(said)
    year = year if year <= at.year else year - 100
    notes.change("century_added", said, str(year))
    return year


def _day(year: int, month: int, day: int) -> date | str:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return f"no_such_day:{year}-{month}-{day}"


def _doubts_about(found: date, at: date, notes: Notes) -> None:
    if found in _DEFAULTS:
        notes.doubt("default_date", found.isoformat())
    elif found > at:
        notes.doubt("date_in_future", found.isoformat())
    elif found < _OLDEST:
        notes.doubt("date_too_early", found.isoformat())
