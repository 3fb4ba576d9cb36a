"""The builder of a rule as the page shows it: the rows, what they leave, the reading, the SQL, and who is in it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from regulars.desks.marketing.rule_drawn import PartDrawn, coloured, offers, parts_drawn, read
from regulars.desks.marketing.rule_form import Draft, Path, changed, draft_in, draft_of, rule_of
from regulars.desks.marketing.ways import people_url, way_to
from regulars.desks.shared.figures import digits_of, money_short, money_whole, number, percent
from regulars.desks.shared.mistakes import sentence_for
from regulars.journeys.explore_segment import SAMPLE, Explored, explore
from regulars.journeys.keep_own_attributes import own_fields
from regulars.journeys.offer_values import Offered, offered_values, product_names, products_called
from regulars.records.company.access import company
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.segments.fields import BY_NUMBER, field_called, fields_for
from regulars.rules.segments.rule import mistake_in, parse

EMPTY: Final[Mapping[str, Any]] = {"all": [{"field": "recency_days", "operator": "at_most", "value": 90}]}


@dataclass(frozen=True, slots=True)
class Sampled:
    """One of the people in the segment, as the view shows her."""

    name: str
    url: str
    city: str
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Now:
    """What the rule gives now."""

    count: str
    people_url: str
    share: float
    share_words: str
    everybody: str
    worth: str
    each: str
    visible: str
    visible_url: str
    absent: str
    sample: Sequence[Sampled]
    next_sample: int


@dataclass(frozen=True, slots=True)
class Builder:
    """Everything the builder shows. `parts` is None where the rule is nested deeper than rows can show."""

    key: str
    name: str
    name_zh: str
    joined: str
    parts: Sequence[PartDrawn] | None
    offers: Sequence[tuple[str, list[str]]]
    json: str
    error: str
    now: Now | None
    reading: SafeString | str
    sql: SafeString | str
    can_save: bool
    sample_from: int


def builder_of(rule: Mapping[str, Any], *, by: Asker, key: str = "", name: str = "", name_zh: str = "") -> Builder:
    """The builder of a rule as it was kept; an empty one begins with a first row. BadInput when it is no rule."""
    parse(rule or EMPTY)
    draft = draft_of(rule or EMPTY, digits=_digits())
    if draft is None:
        return _deep(json.dumps(rule, ensure_ascii=False, indent=1), by, key, name, name_zh)
    return _drawn(draft, by, key, name, name_zh, 0)


def builder_of_kept(rule: Mapping[str, Any], *, by: Asker, key: str) -> Builder:
    """The builder of a living segment's rule; one that cannot be read any more stands there as JSON, with what is wrong
    with it, to be mended."""
    mistake = mistake_in(rule)
    if mistake is None:
        return builder_of(rule, by=by, key=key)
    return _deep(json.dumps(rule, ensure_ascii=False, indent=1), by, key, "", "", sentence_for(mistake))


def builder_in(query: QueryDict, *, by: Asker) -> Builder:
    """The builder after what was typed and pressed."""
    key, name, name_zh, what = (query.get(one, "") for one in ("key", "name", "name_zh", "do"))
    if what == "json" or (query.get("json") and "joined" not in query):
        return _from_json(query.get("json", ""), by, key, name, name_zh)
    draft = changed(draft_in(query, _resolver(by)), what)
    start = query.get("sample", "0")
    sample = (int(start) if start.isdecimal() and len(start) < 7 else 0) + (SAMPLE if what == "sample" else 0)
    return _drawn(draft, by, key, name, name_zh, sample)


def rule_in(query: QueryDict, *, by: Asker) -> Mapping[str, Any] | str:
    """The rule that was sent, to be kept; the text itself where it was written as JSON."""
    if "joined" not in query:
        return query.get("json", "")
    rule, _places = rule_of(draft_in(query, _resolver(by)), digits=_digits())
    if not rule:
        raise BadInput("group_empty", {"path": (), "group": query.get("joined", "all")})
    return rule


def _from_json(text: str, by: Asker, key: str, name: str, name_zh: str) -> Builder:
    try:
        rule = parse(text)
    except BadInput as error:
        return _deep(text, by, key, name, name_zh, sentence_for(error))
    data = json.loads(text)
    draft = draft_of(data, digits=_digits())
    return (
        _deep(text, by, key, name, name_zh) if draft is None or not rule else _drawn(draft, by, key, name, name_zh, 0)
    )


def _deep(text: str, by: Asker, key: str, name: str, name_zh: str, error: str = "") -> Builder:
    """A rule written as JSON: counted like any other, without rows."""
    found, problem = _explored(text, by, _offered(by).names(), 0) if not error else (None, error)
    return Builder(
        key, name, name_zh, "all", None, (), text, problem, _now(found, by, 0, key) if found else None,
        read(found.pieces) if found else "", coloured(found.sql) if found else "", found is not None, 0,
    )  # fmt: skip


def _drawn(draft: Draft, by: Asker, key: str, name: str, name_zh: str, sample: int) -> Builder:
    offered, (rule, places) = _offered(by), rule_of(draft, digits=_digits())
    names = _names(draft, offered)
    errors: dict[int, str] = {}
    found, problem = None, ""
    if rule:
        try:
            found = explore(rule, by=by, language=_language(), names=names, sample_from=sample)
        except BadInput as error:
            place = _place(error, places)
            errors, problem = ({place: sentence_for(error)}, "") if place else ({}, sentence_for(error))
    left = _left(found, places) if found else {}
    parts = parts_drawn(
        draft, offered=offered, names=names, fields=(*fields_for(by.purpose), *own_fields(by=by)),
        currency=company().currency, left=left, errors=errors,
    )  # fmt: skip
    return Builder(
        key,
        name,
        name_zh,
        draft.joined,
        parts,
        offers(draft, offered),
        json.dumps(rule, ensure_ascii=False, indent=1),
        problem,
        _now(found, by, sample, key) if found else None,
        read(found.pieces) if found else "",
        coloured(found.sql) if found else "",
        bool(found),
        sample,
    )


def _explored(text: str, by: Asker, names: Any, sample: int) -> tuple[Explored | None, str]:
    try:
        return explore(text, by=by, language=_language(), names=names, sample_from=sample), ""
    except BadInput as error:
        return None, sentence_for(error)


def _place(error: BadInput, places: Sequence[Path]) -> int:
    """The number of the part an error is about; 0 when it is about the whole."""
    path = error.values.get("path")
    if not isinstance(path, tuple) or not path or path[0] >= len(places):
        return 0
    return places[path[0]][0]


def _left(found: Explored, places: Sequence[Path]) -> dict[int, tuple[int, float]]:
    """How many are left after each filled-in part, and as a share of everybody."""
    whole = found.everyone or 1
    return {place[0]: (count, count / whole) for place, count in zip(places, found.left_after, strict=False)}


def _now(found: Explored, by: Asker, sample: int, key: str) -> Now:
    currency, absent = company().currency, found.count - found.visible
    people = people_url(by, segment=key) if key and found.count else ""
    return Now(
        count=number(found.count),
        people_url=people,
        share=found.count / found.everyone if found.everyone else 0.0,
        share_words=percent(found.count / found.everyone if found.everyone else 0),
        everybody=number(found.everyone),
        worth=money_short(found.worth_minor, currency),
        each=money_whole(found.worth_minor // found.count, currency) if found.count else "–",
        visible=number(found.visible),
        visible_url=people,
        absent=number(absent) if absent > 0 else "",
        sample=[
            Sampled(
                one.name or one.number,
                way_to("service:customer", one.number),
                one.city or "",
                (number(one.frequency), number(one.recency_days)),
            )
            for one in found.sample
        ],
        next_sample=sample + SAMPLE if found.visible > sample + SAMPLE else 0,
    )


def _names(draft: Draft, offered: Offered) -> dict[str, dict[int | str, str]]:
    """What ids are called, the chosen products among them."""
    chosen = [
        int(v)
        for part in draft.parts
        for row in part.rows
        if row.field == "bought_product"
        for v in row.values
        if v.isdecimal()
    ]
    return {**offered.names(), "bought_product": product_names(chosen)}


def _resolver(by: Asker) -> Any:
    offered = _offered(by)

    def resolve(field: str, typed: str) -> Sequence[str]:
        """The values of a name that was typed; of a text field the text itself."""
        same = [str(value) for value, name in offered.choices.get(field, ()) if name.casefold() == typed.casefold()]
        asked = field_called(field)
        if same or asked is None or asked.column not in BY_NUMBER:
            return same or [typed]
        if typed.isdecimal():
            return [typed]
        return [str(one) for one in products_called(typed)] if field == "bought_product" else []

    return resolve


def _offered(by: Asker) -> Offered:
    return offered_values(by=by, language=_language())


def _digits() -> int:
    return digits_of(company().currency)


def _language() -> str:
    return get_language() or "en"
