"""What goes in and out over HTTP, in the small: texts that can be kept, moments with a zone, money, pages.

Whatever comes in says exactly what it may hold and nothing besides: a field nobody asked for is a mistake, not a wish.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Generic, TypeVar

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, StringConstraints

from regulars.rules.page_keys import PATTERN

LARGEST: Final = 2**63 - 1
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_ONE_LINE: Final = r"^[^\u0000-\u001f\u007f]+$"
_YEAR_FIRST: Final = re.compile(r"\d{4}-\d\d-\d\d")
_LINES: Final = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$"


def _written_out(day: object) -> object:
    """A bare number is no day and no moment, though it could be counted from 1970."""
    if isinstance(day, int | float) or (isinstance(day, str) and not _YEAR_FIRST.match(day)):
        raise ValueError("a date is wanted, the year first: 2026-03-01")
    return day


def _in_our_times(moment: datetime) -> datetime:
    if not EARLIEST <= moment < LATEST:
        raise ValueError("a moment between 1970 and 2200 is wanted")
    return moment


Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_ONE_LINE)]
Lines = Annotated[str, StringConstraints(max_length=20_000, pattern=_LINES)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_ONE_LINE)]
Key = Annotated[str, StringConstraints(pattern=f"^{PATTERN}$")]
Id = Annotated[int, Field(ge=1, le=LARGEST)]
Subject = Annotated[str, Field(max_length=40, pattern=r"^([a-z][a-z0-9-]*)?$", description="A key, or nothing")]
Minor = Annotated[int, Field(ge=0, le=LARGEST, description="Money in minor units")]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_our_times)]
Day = Annotated[date, BeforeValidator(_written_out), Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
Month = Annotated[str, StringConstraints(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$")]
Because = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=_ONE_LINE),
    Field(description="Why you look; it stands in the access log, and the customer can read it."),
]

Item = TypeVar("Item")
Found = TypeVar("Found")


class Said(Schema):
    """Something handed in: nothing besides what is named here."""

    model_config = ConfigDict(extra="forbid")


class Money(Schema):
    """An amount in whole minor units (cents, 分) and its currency (ISO 4217)."""

    minor: int
    currency: str


class Mistake(Schema):
    """What went wrong: a code for programs, a sentence for people, and the values that fill it in."""

    code: str
    sentence: str
    values: dict[str, Any]


class Paging(Said):
    """Which page of a list."""

    limit: Annotated[int, Field(ge=1, le=200, description="At most so many")] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000, description="Leave out so many first")] = 0


class Page(Schema, Generic[Item]):
    """One page of a list, and how many there are in all."""

    total: int
    limit: int
    offset: int
    items: list[Item]


def page(paging: Paging, total: int, items: Iterable[Item]) -> Page[Item]:
    """A page that a door has cut."""
    return Page[Any](total=total, limit=paging.limit, offset=paging.offset, items=list(items))


def page_of(paging: Paging, everything: Sequence[Found], shaped: Callable[[Found], Item]) -> Page[Item]:
    """A page of a list that is here as a whole."""
    cut = everything[paging.offset : paging.offset + paging.limit]
    return page(paging, len(everything), [shaped(one) for one in cut])


def month_of(text: str) -> date:
    """The first day of a month written as 2026-03."""
    return date.fromisoformat(f"{text}-01")


class Preference(Schema):
    """What she prefers, by the company's own code, and in words (null where this token's view masks them)."""

    code: str
    words: str | None
