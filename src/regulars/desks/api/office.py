"""The privacy office: the data dictionary, who looked, and whether the house is as declared."""

from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Line, Moment, Page, Paging, Short, page
from regulars.desks.shared.finding_words import sentence_of, sentence_of_limit
from regulars.journeys.check_house import check_and_keep
from regulars.records.access_log.access import AccessLine
from regulars.records.access_log.checks import KeptCheck, last_check
from regulars.records.access_log.search import LogSearch, search_log
from regulars.records.customers.access import open_customer
from regulars.records.dictionary import DICTIONARY
from regulars.rules.privacy.dictionary import Column, Table
from regulars.rules.privacy.views import VIEWS, treatment

OFFICER: Final = Token("officer")
READING: Final = Token("officer", "steward")

router = Router(tags=["Privacy office"])


class ClassedColumn(Schema):
    """One column: its class, category, the purposes it may serve, and how each view shows it."""

    name: str
    label: str
    label_zh: str
    data_class: str
    category: str
    purposes: list[str]
    keep: str
    shown: dict[str, str] = Field(description="View → keep, gone, or a coarsening")


class ClassedTable(Schema):
    """One table of the dictionary; `person` is the column that holds the customer."""

    name: str
    meaning: str
    person: str
    views: list[str]
    columns: list[ClassedColumn]


class LogAsked(Paging):
    """What to look for in the access log; whatever is left out does not restrict."""

    text: Line | None = None
    view: Short | None = None
    role: Short | None = None
    allowed: bool | None = None
    customer: Short | None = Field(None, description="A customer's number")
    since: Moment | None = None
    until: Moment | None = None


class Looked(Schema):
    """One line of the access log: who looked at what, through which view, why, and how many rows were handed out."""

    at: datetime
    who: str
    role: str
    view: str
    purpose: str
    door: str
    because: str
    reference: str
    customer_id: int | None
    rows: int
    allowed: bool


class Disagreement(Schema):
    """Something that is not as declared."""

    code: str
    place: str
    expected: str
    found: str
    sentence: str


class Check(Schema):
    """A check of the house: dictionary, views, owners, rights and ledger against what the program says."""

    at: datetime
    asked_by: str
    agrees: bool
    disagreements: list[Disagreement]
    compared: dict[str, int]
    limits: list[str]
    seconds: float


class LastCheck(Schema):
    """The newest check, null before the first one."""

    check: Check | None


@router.get("/dictionary", response=list[ClassedTable], auth=READING)
def show_dictionary(request: HttpRequest) -> list[ClassedTable]:
    """Every table and column: its class, its purposes, and how each view shows it."""
    return [_table(one) for one in DICTIONARY]


@router.get("/access-log", response=Page[Looked], auth=OFFICER)
def search_access_log(request: HttpRequest, asked: Query[LogAsked]) -> Page[Looked]:
    """Who looked, newest first, granted and denied alike."""
    by = asking(request)
    customer = open_customer(asked.customer, by=by, because="access log")[0].id if asked.customer else None
    search = LogSearch(
        text=asked.text or "",
        view=asked.view or "",
        role=asked.role or "",
        allowed=asked.allowed,
        customer_id=customer,
        since=asked.since,
        until=asked.until,
    )
    number, left_out = divmod(asked.offset, asked.limit)
    pages = [
        search_log(search, by=by, page=number + 1 + more, size=asked.limit) for more in range(2 if left_out else 1)
    ]
    lines = [line for one in pages for line in one.lines][left_out : left_out + asked.limit]
    return page(asked, pages[0].total, [_looked(line) for line in lines])


@router.post("/checks", response={201: Check}, auth=OFFICER)
def check_house(request: HttpRequest) -> Status[Check]:
    """Check the house now; the result stands in the book of checks."""
    return Status(201, _check(check_and_keep(asked_by=asking(request).name, at=timezone.now())))


@router.get("/checks/latest", response=LastCheck, auth=OFFICER)
def show_last_check(request: HttpRequest) -> LastCheck:
    """The newest check, null before the first one."""
    found = last_check(by=asking(request))
    return LastCheck(check=_check(found) if found else None)


def _table(one: Table) -> ClassedTable:
    return ClassedTable(
        name=one.name,
        meaning=one.meaning,
        person=one.person,
        views=sorted(one.views),
        columns=[_column(column, one) for column in one.columns],
    )


def _column(one: Column, table: Table) -> ClassedColumn:
    return ClassedColumn(
        name=one.name,
        label=one.label,
        label_zh=one.label_zh,
        data_class=str(one.class_),
        category=one.category,
        purposes=sorted(one.purposes),
        keep=one.keep,
        shown={view.name: treatment(one, view) for view in VIEWS if view.name in table.views},
    )


def _looked(line: AccessLine) -> Looked:
    return Looked(**{name: getattr(line, name) for name in Looked.model_fields})


def _check(kept: KeptCheck) -> Check:
    report = kept.report
    return Check(
        at=kept.at,
        asked_by=kept.asked_by,
        agrees=report.agrees,
        compared=dict(report.counts),
        seconds=report.seconds,
        limits=[sentence_of_limit(code) for code in report.limits],
        disagreements=[
            Disagreement(code=f.code, place=f.place, expected=f.expected, found=f.found, sentence=sentence_of(f))
            for f in report.findings
        ],
    )
