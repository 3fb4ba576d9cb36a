"""Dates and moments as people write them → moments in UTC.

Every value is read by its own form, so one column may mix forms. Only one thing cannot be seen in a value: whether
03/12/2026 is in March or in December. That is settled by other values of the column, or asked — never guessed.

Moments without a zone are local to the shop. Where clocks go back the later (winter) reading of the doubled hour is
taken; where they go forward the missing hour is read with the offset that was in force before it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from regulars.rules.intake import engine_text as sql

ORDERS = ("ymd", "dmy", "mdy")
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
_TIME = rf"([ T]+{_CLOCK})?"
_ISO = r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
_SHORT = r"([0-9]{4}|[0-9]{2})"
_HALF = r" ?(AM|PM|am|pm|a\.m\.|p\.m\.)"
_MONTH = r"(Jan|Feb|Mar|Mär|Apr|May|Mai|Jun|Jul|Aug|Sep|Oct|Okt|Nov|Dec|Dez)[a-zä]*"


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a moment: a pattern both Python and the engine understand, and the engine's reading of it.

    `local` tells whether the reading is a local time (a zone must be added) or already UTC.
    """

    code: str
    pattern: str
    reading: str
    local: bool = True


def _iso(pattern: str, order: str) -> str:
    return f"TRY_CAST(regexp_replace({{cell}}, '^{pattern}', '{order}') AS TIMESTAMP)"


def _strptime(cell: str, *formats: str) -> str:
    return f"try_strptime({cell}, [{', '.join(sql.text(f) for f in formats)}])"


def _with_century(first: str, second: str, third: str) -> str:
    """A two-digit year belongs to the last hundred years up to {pivot}."""
    parts = r"^([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{1,2})(.*)$"
    groups = {"first": first, "second": second, "third": third}
    year = f"CAST(regexp_extract({{cell}}, '{parts}', {groups['first']}) AS INTEGER)"
    rest = f"regexp_extract({{cell}}, '{parts}', {{group}})".replace
    pieces = [rest("{group}", groups["second"]), rest("{group}", groups["third"]), rest("{group}", "4")]
    full = f"(CASE WHEN {year} <= {{pivot}} THEN 2000 ELSE 1900 END + {year})"
    return f"TRY_CAST({full} || '-' || {pieces[0]} || '-' || {pieces[1]} || {pieces[2]} AS TIMESTAMP)"


_CHINESE_DAY = r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]?"
_CHINESE_CLOCK = r"( *[0-9]{1,2}[:：时点]([0-9]{1,2}([:：分]([0-9]{1,2}秒?)?)?)?)?"
_CHINESE_READING = (
    "TRY_CAST(rtrim(regexp_replace(regexp_replace({cell}, '^" + _CHINESE_DAY + r" *', '\1-\2-\3 '),"
    " '[:：时点分]([0-9]{1,2})?', ':\\1', 'g'), ' :秒')"
    " || CASE WHEN regexp_matches({cell}, '[时点]$') THEN ':00' ELSE '' END AS TIMESTAMP)"
)
_NAMED = (
    r"regexp_replace(regexp_replace(translate({cell}, ',.-', '   '), '([A-Za-zä]{3})[a-zä]*', '\1'), ' +', ' ', 'g')"
)
for _german, _english in (("Mär", "Mar"), ("Mai", "May"), ("Okt", "Oct"), ("Dez", "Dec")):
    _NAMED = f"replace({_NAMED}, '{_german}', '{_english}')"
_CLOCKS = ("", " %H:%M", " %H:%M:%S")
_HALVES = (" %I:%M %p", " %I:%M:%S %p")
_UPPER = "regexp_replace(upper(replace({cell}, '.m.', 'm')), ' ?(AM|PM)$', ' \\1')"

FORMS = (
    Form("iso", _ISO + _TIME, "TRY_CAST({cell} AS TIMESTAMP)"),
    Form(
        "iso_zoned",
        _ISO + rf"[ T]+{_CLOCK} ?(Z|UTC|GMT|[+-][0-9]{{2}}(:?[0-9]{{2}})?)",
        "CAST(TRY_CAST(regexp_replace(regexp_replace({cell}, ' ?(UTC|GMT)$', 'Z'),"
        " '([0-9]{2}) ?([+-][0-9]{2}):?([0-9]{2})$', '\\1\\2:\\3') AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP)",
        local=False,
    ),
    Form("compact", r"(19|20)[0-9]{6}", _strptime("{cell}", "%Y%m%d")),
    Form("compact_minute", r"(19|20)[0-9]{10}", _strptime("{cell}", "%Y%m%d%H%M")),
    Form("compact_second", r"(19|20)[0-9]{6}[T ]?[0-9]{6}", _strptime("translate({cell}, 'T ', '')", "%Y%m%d%H%M%S")),
    Form("compact_clock", rf"(19|20)[0-9]{{6}}[ T]+{_CLOCK}", _iso("([0-9]{4})([0-9]{2})([0-9]{2})", r"\1-\2-\3")),
    Form(
        "epoch_second",
        r"1[0-9]{9}(\.[0-9]+)?",
        "make_timestamp(CAST(CAST({cell} AS DOUBLE) * 1000000 AS BIGINT))",
        local=False,
    ),
    Form("epoch_millisecond", r"1[0-9]{12}", "make_timestamp(CAST({cell} AS BIGINT) * 1000)", local=False),
    Form(
        "spreadsheet",
        r"[2-7][0-9]{4}(\.[0-9]+)?",
        "TIMESTAMP '1899-12-30' + to_seconds(CAST(round(CAST({cell} AS DOUBLE) * 86400) AS BIGINT))",
    ),
    Form("chinese", _CHINESE_DAY + _CHINESE_CLOCK, _CHINESE_READING),
    Form(
        "year_dots",
        r"[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}" + _TIME,
        _iso(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})", r"\1-\2-\3"),
    ),
    Form(
        "day_dots",
        r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}" + _TIME,
        _iso(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", r"\3-\2-\1"),
    ),
    Form("day_dots_short", r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}" + _TIME, _with_century("3", "2", "1")),
    Form(
        "day_name",
        rf"[0-9]{{1,2}}\.?[ -]+{_MONTH}[ ,.-]+[0-9]{{4}}{_TIME}",
        _strptime(_NAMED, *(f"%d %b %Y{c}" for c in _CLOCKS)),
    ),
    Form(
        "day_name_short",
        rf"[0-9]{{1,2}}[ -]+{_MONTH}[ -]+[0-9]{{2}}{_TIME}",
        _strptime(_NAMED, *(f"%d %b %y{c}" for c in _CLOCKS)),
    ),
    Form(
        "name_day",
        rf"{_MONTH}\.? +[0-9]{{1,2}},? +[0-9]{{4}}{_TIME}",
        _strptime(_NAMED, *(f"%b %d %Y{c}" for c in _CLOCKS)),
    ),
)
_SLASHED = {
    "dmy": (r"\3-\2-\1", ("3", "2", "1"), "%d/%m/%Y"),
    "mdy": (r"\3-\1-\2", ("3", "1", "2"), "%m/%d/%Y"),
    "ymd": ("", ("1", "2", "3"), "%Y/%m/%d"),
}
_SLASHED_PARTS = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2}|\d{4}|(?<=\d\d.\d.)\d|(?<=\d\d.\d\d.)\d)(?!\d)")
_SLASHED_LONG = r"[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{4}"
_SLASHED_SHORT = r"[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{2}"
_YEAR_FIRST_SHORT = r"[0-9]{2}[/-][0-9]{1,2}[/-][0-9]{1,2}"


def slashed_forms(order: str) -> tuple[Form, ...]:
    """How 03/12/2026 and 3/12/26 are read once the column's order is known."""
    replacement, parts, day = _SLASHED[order]
    pattern = _YEAR_FIRST_SHORT if order == "ymd" else _SLASHED_SHORT
    short = Form("slashed_short", pattern + _TIME, _with_century(*parts))
    formats = (day + half for day in dict.fromkeys((day, "%Y/%m/%d")) for half in _HALVES)
    reading = _strptime(_UPPER.replace("{cell}", "translate({cell}, '-', '/')"), *formats)
    half = Form("half_day", rf"({_ISO}|{_SLASHED_LONG}) +{_CLOCK}{_HALF}", reading)
    if order == "ymd":
        return short, half
    return (
        Form("slashed", _SLASHED_LONG + _TIME, _iso("([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})", replacement)),
        short,
        half,
    )


_KNOWN = tuple((form.code, re.compile(form.pattern)) for form in (*FORMS, *slashed_forms("dmy"), *slashed_forms("ymd")))


def form_of(value: str) -> str:
    """The code of the form a value is written in, or nothing.

    >>> [form_of(v) for v in ("2026-03-12 09:05", "12.03.2026", "03/12/2026", "2026年3月12日", "46093", "soon")]
    ['iso', 'day_dots', 'slashed', 'chinese', 'spreadsheet', '']
    """
    return next((code for code, pattern in _KNOWN if pattern.fullmatch(value.strip())), "")


@dataclass(frozen=True, slots=True)
class DateFinding:
    """What a column's values say about its dates.

    `order` is dmy, mdy or ymd; `sure` is False when values such as 03/12/2026 occur and nothing settles them — then
    `unclear` shows one. `contradictory` when some values can only be day first and others only month first.
    """

    forms: tuple[tuple[str, int], ...]
    order: str
    sure: bool
    contradictory: bool = False
    unclear: str = ""


def is_slashed(value: str) -> bool:
    """Whether the value needs an order of day and month to be read.

    >>> is_slashed("03/12/2026"), is_slashed("2026/3/12")
    (True, False)
    """
    return bool(_SLASHED_PARTS.match(value.strip()))


def find_date_order(values: Iterable[str], likely: str = "dmy") -> DateFinding:
    """Settle day and month from the values; `likely` is only the proposal put beside the question.

    >>> find_date_order(["03/12/2026", "25/12/2026"]).order
    'dmy'
    >>> find_date_order(["03/12/2026", "04/05/2026"]).sure
    False
    """
    kept = [value.strip() for value in values if value.strip()]
    forms = tuple(Counter(filter(None, map(form_of, kept))).most_common())
    slashed = [parts for value in kept if (parts := _SLASHED_PARTS.match(value))]
    first = any(int(parts[1]) > 12 for parts in slashed)
    second = any(int(parts[2]) > 12 for parts in slashed)
    if any(int(parts[1]) > 31 or len(parts[3]) == 1 for parts in slashed):
        return DateFinding(forms, "ymd", sure=True)
    if first and not second and _may_begin_with_year(slashed):
        return DateFinding(forms, "ymd", sure=False, unclear=slashed[0].string)
    if first != second or not slashed:
        return DateFinding(forms, "dmy" if first else "mdy" if second else likely, sure=True)
    return DateFinding(forms, likely, sure=False, contradictory=first and second, unclear=slashed[0].string)


def _may_begin_with_year(slashed: list[re.Match[str]]) -> bool:
    """Whether 26/3/12 may be a day of 2026: all end like a day, and vary there no less than where they begin."""
    ends_like_a_day = all(len(parts[1]) == len(parts[3]) == 2 and 1 <= int(parts[3]) <= 31 for parts in slashed)
    return ends_like_a_day and len({parts[3] for parts in slashed}) >= len({parts[1] for parts in slashed})


def local_and_utc_sql(cell: str, order: str, pivot: int) -> tuple[str, str]:
    """SQL for (the local TIMESTAMP, the UTC TIMESTAMP) that `cell` says; exactly one of them is not NULL, or none.

    `pivot` is the last two-digit year that belongs to this century.
    """
    forms = (*FORMS, *slashed_forms(order))
    return _case(cell, [f for f in forms if f.local], pivot), _case(cell, [f for f in forms if not f.local], pivot)


def _case(cell: str, forms: list[Form], pivot: int) -> str:
    whens = " ".join(
        f"WHEN regexp_full_match({cell}, {sql.text(form.pattern)})"
        f" THEN {form.reading.replace('{cell}', cell).replace('{pivot}', str(pivot))}"
        for form in forms
    )
    return f"CASE {whens} END"


def clock_sql(cell: str) -> str:
    """SQL: a time of day as 09:05:00; accepts 9:05, 905, 0905, 090510."""
    digits = f"lpad({cell}, CASE WHEN length({cell}) < 5 THEN 4 ELSE 6 END, '0')"
    return (
        f"CASE WHEN regexp_full_match({cell}, '[0-9]{{3,6}}')"
        f" THEN rtrim(regexp_replace({digits}, '([0-9]{{2}})', '\\1:', 'g'), ':') ELSE {cell} END"
    )
