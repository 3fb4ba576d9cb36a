"""The data dictionary: every column with its class, its purposes, and how each view shows it."""

import json
from dataclasses import dataclass
from math import ceil
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from regulars.desks.privacy_office.office import OFFICER, in_room, page_asked, pager
from regulars.desks.privacy_office.words import COARSENINGS, PURPOSE_WORDS, SHORT_VIEWS, WAYS
from regulars.desks.shared.customer_words import in_a_list
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import DATA_CLASSES, say
from regulars.journeys.tell_dictionary import dictionary_as
from regulars.records.dictionary import DICTIONARY
from regulars.rules.privacy.dictionary import PURPOSES, Column, Table
from regulars.rules.privacy.reach import CLASSES, way_through
from regulars.rules.privacy.views import BY_NAME, VIEWS, treatment

ALL: Final = frozenset(PURPOSES)
ASKED: Final = ("q", "table", "class", "view")
PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Mark:
    """How one view shows the column: `way` is exact, coarse, closed or absent; `label` says it in full."""

    way: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One column as the page shows it."""

    label: str
    other_label: str
    code: str
    table: str
    data_class: str
    category: str
    purposes: str
    coarse: str
    marks: tuple[Mark, ...]


@require_GET
@seated(OFFICER)
def dictionary(request: HttpRequest) -> HttpResponse:
    """All columns, or those that fit the words, the table, the class and the view, a hundred at a time."""
    wanted = {name: request.GET.get(name, "").strip()[:80] for name in ASKED}
    found = [(table, column) for table in DICTIONARY for column in table.columns if _fits(table, column, wanted)]
    page = page_asked(request.GET.get("page", ""), pages=ceil(len(found) / PAGE))
    start = (page - 1) * PAGE
    entries = [_entry(table, column) for table, column in found[start : start + PAGE]]
    here = pager("dictionary", wanted, page, first=start + 1, shown=len(entries), total=len(found))
    around = {
        "entries": entries,
        "found": len(found),
        "pager": here if len(found) > PAGE else None,
        "wanted": wanted,
        "tables": [table.name for table in DICTIONARY],
        "classes": [(str(one), say(DATA_CLASSES, str(one))) for one in CLASSES],
        "views": [(view.name, say(SHORT_VIEWS, view.name)) for view in VIEWS],
        "total": sum(len(table.columns) for table in DICTIONARY),
        "all_tables": len(DICTIONARY),
    }
    return in_room(request, "dictionary", around, part="entries", by=asker(request))


@require_GET
@seated(OFFICER)
def dictionary_file(request: HttpRequest, way: str) -> HttpResponse:
    """The dictionary as a file, in the words of fideslang or of the W3C's DPV."""
    told = json.dumps(dictionary_as(way), ensure_ascii=False, indent=1)
    kind = "application/ld+json" if way == "dpv" else "application/json"
    answer = HttpResponse(told, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="dictionary-{way}.json"'
    return answer


def _fits(table: Table, column: Column, wanted: dict[str, str]) -> bool:
    text = wanted["q"].casefold()
    words = (column.name, column.label, column.label_zh, column.category, table.name, f"{table.name}.{column.name}")
    return (
        (not text or any(text in word.casefold() for word in words))
        and wanted["table"] in ("", table.name)
        and wanted["class"] in ("", str(column.class_))
        and (
            wanted["view"] not in BY_NAME or way_through(table, column, BY_NAME[wanted["view"]]) in ("exact", "coarse")
        )
    )


def _entry(table: Table, column: Column) -> Entry:
    zh = (get_language() or "en").startswith("zh")
    label, other = (column.label_zh, column.label) if zh else (column.label, column.label_zh)
    return Entry(
        label,
        other if other != label else "",
        column.name,
        table.name,
        str(column.class_),
        column.category,
        _purposes(column),
        _coarse(column),
        tuple(Mark(way_through(table, column, view), _told(table, column, view.name)) for view in VIEWS),
    )


def _purposes(column: Column) -> str:
    if not column.purposes:
        return _("none")
    if column.purposes == ALL:
        return _("all")
    missing = ALL - column.purposes
    if len(missing) <= 2:
        return _("all but %(purposes)s") % {"purposes": _listed(missing)}
    return _listed(column.purposes)


def _listed(purposes: frozenset[str]) -> str:
    return in_a_list(say(PURPOSE_WORDS, purpose) for purpose in PURPOSES if purpose in purposes)


def _coarse(column: Column) -> str:
    """How the anonymous view shows it, where that is neither as it is nor not at all."""
    return say(COARSENINGS, column.coarser) if column.coarser in COARSENINGS else ""


def _told(table: Table, column: Column, name: str) -> str:
    view = BY_NAME[name]
    way = way_through(table, column, view)
    shown = treatment(column, view) if way == "coarse" else ""
    return f"{say(SHORT_VIEWS, name)}: {say(COARSENINGS, shown) if shown else say(WAYS, way)}"
