"""Which people a list was asked for: a state, a group, a list of the month, a place in the bucket, a segment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.desks.marketing.rfm_asked import BACK, asked_in
from regulars.desks.marketing.rfm_drawn import frequency_labels, recency_labels
from regulars.desks.marketing.today_drawn import named
from regulars.desks.marketing.words import GROUPS, LISTS, PLACES, STATES
from regulars.desks.shared.dates import month as month_words
from regulars.desks.shared.words import say
from regulars.journeys.look_at_rfm import look_at_rfm, people_in_cell
from regulars.journeys.people_behind import people_in_bucket, people_in_segment, people_on_list
from regulars.records.scores.access import count_everybody
from regulars.records.segments.access import segment
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere
from regulars.rules.value.bands import BANDS, Cuts

KINDS: Final = ("segment", "list", "bucket", "r", "state", "group")


@dataclass(frozen=True, slots=True)
class PeopleAsked:
    """A list of people: its title, how many there are in all, and how a door finds them (ids, or a state and group)."""

    title: str
    everybody: int
    because: str
    query: dict[str, Any]
    ids: list[int] | None = None
    state: str = ""
    group: str = ""
    back_to: str = ""


def people_asked(query: QueryDict, *, by: Asker) -> PeopleAsked:
    """The list of a query string; NotThere when it names none."""
    kind = next((kind for kind in KINDS if query.get(kind)), None)
    if kind is None:
        raise NotThere("no_such_list")
    return _ASKED[kind](query, by)


def _segment(query: QueryDict, by: Asker) -> PeopleAsked:
    facts = segment(query.get("segment", ""))
    ids = people_in_segment(facts.key)
    title = _("Segment “%(name)s”") % {"name": named(facts.name, facts.name_zh, get_language() or "en")}
    return PeopleAsked(title, len(ids), f"people of segment {facts.key}", {"segment": facts.key}, ids.ids().tolist())


def _list(query: QueryDict, by: Asker) -> PeopleAsked:
    which, month = query.get("list", ""), _month(query)
    ids = people_on_list(which, month)
    title = _("%(list)s, %(month)s") % {"list": say(LISTS, which), "month": month_words(month, at=None)}
    return PeopleAsked(
        title, len(ids), f"three lists: {which}", {"list": which, "month": f"{month:%Y-%m}"}, ids.ids().tolist()
    )


def _bucket(query: QueryDict, by: Asker) -> PeopleAsked:
    place, month = query.get("bucket", ""), _month(query)
    ids = people_in_bucket(place, month)
    title = _("%(list)s, %(month)s") % {"list": say(PLACES, place), "month": month_words(month, at=None)}
    return PeopleAsked(
        title, len(ids), f"leaky bucket: {place}", {"bucket": place, "month": f"{month:%Y-%m}"}, ids.ids().tolist()
    )


def _cell(query: QueryDict, by: Asker) -> PeopleAsked:
    asked = asked_in(query)
    if asked.cell is None:
        raise NotThere("no_such_list")
    picture = look_at_rfm(scope=asked.scope, cuts=asked.cuts, back=BACK["month"], by=by)
    r, f = asked.cell
    ids = people_in_cell(scope=asked.scope, cuts=asked.cuts, r=r, f=f)
    title = _cell_title(picture.cuts, r, f) if picture else ""
    return PeopleAsked(title, len(ids), f"RFM field R{r} F{f}", asked.query(), ids.ids().tolist())


def _cell_title(cuts: Cuts, r: int, f: int) -> str:
    words = {"times": frequency_labels(cuts.frequency)[f - 1], "days": recency_labels(cuts.recency)[BANDS - r]}
    return _("Bought %(times)s, the last time %(days)s ago") % words


def _state(query: QueryDict, by: Asker) -> PeopleAsked:
    state = _known(query.get("state", ""), STATES)
    return PeopleAsked(
        say(STATES, state), count_everybody(state=state), f"state {state}", {"state": state}, state=state
    )


def _group(query: QueryDict, by: Asker) -> PeopleAsked:
    group = _known(query.get("group", ""), GROUPS)
    return PeopleAsked(
        say(GROUPS, group), count_everybody(group=group), f"RFM group {group}", {"group": group}, group=group
    )


_ASKED: Final = {"segment": _segment, "list": _list, "bucket": _bucket, "r": _cell, "state": _state, "group": _group}


def _month(query: QueryDict) -> date:
    try:
        return date.fromisoformat(f"{query.get('month', '')}-01")
    except ValueError:
        raise BadInput("month_unclear", {"month": query.get("month", "")[:20]}) from None


def _known(code: str, codes: Iterable[str]) -> str:
    if code not in codes:
        raise NotThere("no_such_list")
    return code
