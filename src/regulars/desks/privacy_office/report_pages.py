"""The officer's reports: what was reached, rights nobody uses, reads outside, precedence, warehouse; the data model."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from regulars.charts.data_model import Drawn, data_model
from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.words import OTHER_ROLES, PRECEDENCE_WORDS, SHORT_VIEWS
from regulars.desks.shared.evidence_words import UNUSED_WORDS
from regulars.desks.shared.log_words import DOORS, said_because
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import DATA_CLASSES, ROLES, say
from regulars.journeys.report_reach import (
    reads_without_assignment,
    rights_never_used,
    warehouse_overview,
    what_was_reached,
)
from regulars.records.company.access import branches
from regulars.records.customers.side_by_side import numbers_of
from regulars.records.dictionary import DICTIONARY
from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.compiler import PERSON
from regulars.rules.privacy.dictionary import Class, Table
from regulars.rules.privacy.precedence import PRECEDENCE

#: From closest to a person to farthest: the order of the bands.
CLASSES = (Class.SENSITIVE, Class.IDENTIFYING, Class.PERSONAL, Class.PSEUDONYM, Class.NONE)
SHOWN = 50


@require_GET
@never_cache
@seated(OFFICER)
def reports(request: HttpRequest) -> HttpResponse:
    """Everything an auditor asks for first, live."""
    by, at = asker(request), timezone.now()
    unused = rights_never_used(by=by, at=at)
    outside = reads_without_assignment(by=by, at=at)
    around = {
        "reached": [(one, say(SHORT_VIEWS, one.view), _role(one.role)) for one in what_was_reached(by=by, at=at)],
        "unused": [
            (one, _role(one.role) if one.role else say(UNUSED_WORDS, one.kind), say(SHORT_VIEWS, one.view))
            for one in unused
        ],
        "outside": _outside(outside[:SHOWN], by),
        "outside_count": len(outside),
        "precedence": [
            (say(PRECEDENCE_WORDS, part), [say(PRECEDENCE_WORDS, code) for code in codes])
            for part, codes in PRECEDENCE.items()
        ],
        "kept": warehouse_overview(by=by),
    }
    return in_room(request, "reports", around, by=by)


@require_GET
@never_cache
@seated(OFFICER)
def model(request: HttpRequest) -> HttpResponse:
    """The logical data model, drawn and as a table."""
    drawn = data_model((Drawn(one.name, _counted(one), bool(one.person)) for one in DICTIONARY), middle=PERSON)
    bands = [(band, str(CLASSES[band.of]), say(DATA_CLASSES, str(CLASSES[band.of]))) for band in drawn.bands]
    around = {
        "model": drawn,
        "bands": bands,
        "classes": [(str(one), say(DATA_CLASSES, str(one))) for one in CLASSES],
        "tables": [(one, _counted(one), _person(one)) for one in DICTIONARY],
        "columns": sum(len(one.columns) for one in DICTIONARY),
    }
    return in_room(request, "model", around, by=asker(request))


def _counted(table: Table) -> tuple[int, ...]:
    return tuple(sum(column.class_ is one for column in table.columns) for one in CLASSES)


def _person(table: Table) -> str:
    """By which column a person is in it, in the reader's language."""
    if not table.person:
        return ""
    column = table.column(table.person)
    return column.label_zh if (get_language() or "en").startswith("zh") else column.label


def _role(role: str) -> str:
    return say(ROLES if role in ROLES else OTHER_ROLES, role)


def _outside(found: list[Any], by: Asker) -> list[dict[str, Any]]:
    known = numbers_of([one.customer_id for one in found], by=by)
    named = {branch.id: branch.name for branch in branches()}
    return [
        {
            "line": one,
            "number": known.get(one.customer_id, ("", ""))[0],
            "branch": named.get(one.branch_id, one.branch_id),
            "view": say(SHORT_VIEWS, one.view),
            "door": say(DOORS, one.door),
            "because": said_because(one.because),
        }
        for one in found
    ]
