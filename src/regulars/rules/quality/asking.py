"""What to ask a customer for again when she is here anyway: what does not work, then what sources disagree about, then
what is old; never what she never told, unless nothing reaches her at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from regulars.rules.quality.fields import ASKED, BY_KEY, WAYS

BROKEN, NOTHING, DISPUTED, OLD = "does_not_work", "nothing_reaches", "sources_disagree", "old"
#: More than that is an interrogation.
MOST: Final = 2


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach her that was told: which, whether it works, and since when it is known."""

    channel: str
    works: bool
    noted_on: date


@dataclass(frozen=True, slots=True)
class Known:
    """A field of her record that says something: since when, and whether sources disagree and nobody has asked her."""

    field: str
    noted_on: date
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """One field to ask for again, and why: it does not work, nothing reaches her, sources disagree, or it is old (noted
    on that day)."""

    field: str
    why: str
    noted_on: date | None = None


def to_ask(ways: Iterable[Way], fields: Iterable[Known] = (), *, on: date) -> list[Ask]:
    """What to ask, the most pressing first; a text message goes to a phone.

    >>> to_ask([Way("email", False, date(2026, 1, 1)), Way("phone", True, date(2023, 1, 1))], on=date(2026, 3, 12))
    ... # doctest: +NORMALIZE_WHITESPACE
    [Ask(field='email', why='does_not_work', noted_on=datetime.date(2026, 1, 1)),
     Ask(field='phone', why='old', noted_on=datetime.date(2023, 1, 1))]
    >>> to_ask([], on=date(2026, 3, 12))
    [Ask(field='phone', why='nothing_reaches', noted_on=None)]
    >>> [(one.field, one.why) for one in to_ask([Way("email", True, date(2026, 1, 1))],
    ...     [Known("city", date(2022, 1, 1)), Known("name", date(2010, 1, 1), disputed=True)], on=date(2026, 3, 12))]
    [('name', 'sources_disagree'), ('city', 'old')]
    """
    told = [one for one in fields if one.field in ASKED]
    disputed = [Ask(one.field, DISPUTED, one.noted_on) for one in told if one.disputed]
    aged = [Ask(one.field, OLD, one.noted_on) for one in told
            if not one.disputed and BY_KEY[one.field].moves and is_old(one.field, one.noted_on, on=on)]  # fmt: skip
    by_field: dict[str, list[Way]] = {}
    for one in ways:
        by_field.setdefault("phone" if one.channel == "sms" else one.channel, []).append(one)
    newest = {field: max(told, key=lambda one: (one.works, one.noted_on)) for field, told in by_field.items()}
    known = [(field, newest[field]) for field in WAYS if field in newest]
    if not known:
        return [Ask("phone", NOTHING), *disputed][:MOST]
    broken = [Ask(field, BROKEN, one.noted_on) for field, one in known if not one.works]
    old = [Ask(field, OLD, one.noted_on) for field, one in known if one.works and is_old(field, one.noted_on, on=on)]
    return [*broken, *disputed, *sorted([*old, *aged], key=lambda one: one.noted_on or on)][:MOST]


def is_old(field: str, noted_on: date, *, on: date) -> bool:
    """Whether what was said then is not believed any more.

    >>> [is_old("phone", date(year, 3, 11), on=date(2026, 3, 12)) for year in (2024, 2025)]
    [True, False]
    """
    return noted_on < on - timedelta(days=BY_KEY[field].fresh_days)
