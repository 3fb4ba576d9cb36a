"""Sources and files on their way in: brought, looked at, columns confirmed, tried, started, watched, mended.

POST /imports → PUT /imports/7/settings → POST /imports/7/trial → POST /imports/7/start → GET /imports/7
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.once import MAY_COME_TWICE, once
from regulars.desks.api.shapes import Day, Id, Line, Lines, Minor, Money, Page, Paging, Said, Short, page_of
from regulars.desks.api.telling import plain
from regulars.desks.shared.cleaning_words import why
from regulars.desks.shared.intake_words import REASONS
from regulars.desks.shared.mistakes import sentence_of
from regulars.desks.shared.source_words import SOURCE_TASKS
from regulars.desks.shared.words import say
from regulars.journeys.import_file import confirm, forget, start, stop, take_in, try_out, understand
from regulars.journeys.look_at_file import LookedAt, keep_upload, question_values
from regulars.journeys.show_imports import cleaned_as_csv, set_aside_as_csv
from regulars.records.company.access import company, now
from regulars.records.intake.access import (
    RunFacts,
    SourceLine,
    run_of,
    runs,
    source_by_ref,
    source_lines,
)
from regulars.records.intake.actions import describe_source
from regulars.records.intake.source_tasks import source_tasks
from regulars.records.set_aside.access import ReasonLine, reasons_set_aside
from regulars.rules.cleaning.cleaned import JUDGEMENTS
from regulars.rules.cleaning.report import CleanedLine
from regulars.rules.intake.import_settings import named_by
from regulars.rules.permission.errors import BadInput, NotThere

LOOKING: Final = Token("steward", "officer")
ACTING: Final = Token("steward")
EVERY_FILE: Final = 100_000  # files, not rows: what a house sees in a lifetime
Kind = Literal["orders", "customers"]
SourceKind = Literal["internal", "external", "bought_in"]
Basis = Literal["contract", "consent", "legitimate_interest", "legal_obligation"]
Served = Literal[
    "service", "analysis", "direct_marketing", "automated_decision", "third_party_disclosure", "sensitive_use"
]
Left = Literal[
    "order_turned", "family_name_first", "capitals_evened", "honorific_apart", "aside_apart", "signs_removed",
    "place_name_completed", "city_filled", "region_filled", "region_code", "phone_apart", "addressee_apart",
    "postcode_zero_restored", "plus_restored", "at_sign_restored", "comma_to_dot",
]  # fmt: skip
Meaning = Annotated[str, Field(max_length=64)]
Heading = Annotated[str, Field(max_length=500)]

router = Router(tags=["Sources and imports"])


class Source(Schema):
    """Where data comes from, under which terms, and what came from it so far. `cost` is of one refresh, or of the list.

    `purposes` are those its data may serve; none: whatever the customers' own choices allow.
    """

    ref: str
    name: str
    owner: str
    kind: str
    supplier: str
    licence: str
    lawful_basis: str
    purposes: list[str]
    cost: Money | None
    expires_on: date | None
    trust: int
    refresh_days: int | None
    leave: list[str] = Field(description="Changes that cleaning does not make of what it sends")
    overdue: bool
    files: int
    rows_new: int
    rows_refused: int
    last_at: datetime | None


class Reason(Schema):
    """Why rows were set aside, with the first of them. `row_taken`: only this cell was left out."""

    reason: str
    sentence: str
    column: str
    rows: int
    row_number: int
    example: str
    row_taken: bool


class CleanedExample(Schema):
    """What a value looks like before and after, in letters that say nothing; `row_number` is its row in the file."""

    row_number: int
    before: str
    after: str


class CleanedValues(Schema):
    """How many values of a column were changed for a reason, or (`doubtful`) kept as they are and doubted."""

    column: str
    field: str
    reason: str
    sentence: str
    doubtful: bool
    values: int
    may_leave: bool = Field(description="Whether a source's steward may have this change left out (leave)")
    examples: list[CleanedExample]


class Import(Schema):
    """A file on its way in. `state`: looking, waiting, running, finished, stopped or failed."""

    id: int
    source: str
    kind: str
    file_name: str
    state: str
    asked_by: str
    rows_expected: int
    rows_read: int
    rows_new: int
    rows_changed: int
    rows_same: int
    rows_refused: int
    customers_new: int
    customers_matched: int
    share: float
    seconds_left: float | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    code: str = Field(description="Why it is not going on; empty while all is well")
    sentence: str


class ImportReport(Import):
    """The same with why rows were set aside, and what cleaning changed."""

    reasons: list[Reason]
    cleaned: list[CleanedValues]


class Guessed(Schema):
    """What a column is taken for; `confidence` from 0 to 1."""

    column: str
    meaning: str
    confidence: float
    why: str


class Question(Schema):
    """Something the file does not settle; `setting` is the answer it wants."""

    code: str
    setting: str
    values: dict[str, Any]
    sentence: str


class ColumnsChanged(Schema):
    """How the columns differ from those of the source's last file: new and gone headings, old ones with the new one
    they may only be called now, and what meant something and is gone (meaning → heading)."""

    new: list[str]
    gone: list[str]
    alike: dict[str, str]
    lost: dict[str, str]


class Look(Schema):
    """What a file is and how it would be read."""

    format: str
    size: int
    rows: int
    rows_exact: bool
    encoding: str
    delimiter: str
    sheet: str
    sheets: list[str]
    headers: list[str]
    columns: dict[str, str] = Field(description="Meaning → heading, as proposed")
    known_by: str = Field(description="email or phone, where it stands for the customer number the file does not have")
    guesses: list[Guessed]
    questions: list[Question]
    problems: list[str]
    changed: ColumnsChanged | None = Field(description="Null where the columns are those of the source's last file")
    settings: dict[str, Any]


class SourceTaskLine(Schema):
    """What has to be said of a source before more of it comes in (columns_changed or message_changed), and by whom."""

    source: str
    kind: str
    sentence: str
    told: dict[str, Any]
    owner: str
    opened_at: datetime


class Answers(Said):
    """What a file leaves open, settled by somebody."""

    date_order: Literal["ymd", "dmy", "mdy"] | None = None
    decimal_mark: Literal[".", ","] | None = None
    zone: Short | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    order_within: list[Literal["day", "branch"]] | None = None
    encoding: Short | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    sheet: Line | None = None
    header_row: Annotated[int, Field(ge=0, le=1000)] | None = None

    def said(self) -> dict[str, Any]:
        """Only what was said."""
        told = self.model_dump(exclude_none=True)
        return told | ({"order_within": tuple(told["order_within"])} if "order_within" in told else {})


class Understanding(Said):
    """How a file is to be read: meaning → heading, and answers to its open questions."""

    columns: Annotated[dict[Meaning, Heading], Field(max_length=200)]
    answers: Answers = Answers()


class TrialWanted(Said):
    """How many rows to try; all of them when left out."""

    rows: Annotated[int, Field(ge=1, le=10_000_000)] | None = 100_000


class Tried(Schema):
    """What would become of the rows that were tried. Nothing has been written."""

    rows_read: int
    rows_new: int
    rows_changed: int
    rows_same: int
    rows_refused: int
    customers_new: int
    customers_matched: int
    rows_expected: int
    whole: bool
    known_by: str = Field(description="email or phone, where it stands for the customer number the file does not have")
    reasons: list[Reason]
    cleaned: list[CleanedValues]


@router.get("/sources", response=list[Source], auth=LOOKING)
def list_sources(request: HttpRequest) -> list[Source]:
    """All sources with what came from them, by name."""
    return [_source(line) for line in source_lines(by=asking(request))]


@router.get("/source-tasks", response=list[SourceTaskLine], auth=LOOKING)
def list_source_tasks(request: HttpRequest) -> list[SourceTaskLine]:
    """What waits to be said of sources whose columns or messages changed, the oldest first."""
    return [
        SourceTaskLine(
            source=one.source_ref, kind=one.kind, told=dict(one.told), owner=one.owner, opened_at=one.opened_at,
            sentence=say(SOURCE_TASKS, one.kind) % one.told,
        )
        for one in source_tasks(by=asking(request))
    ]  # fmt: skip


class SourceSaid(Said):
    """What is said of a source; what is left out stays as it is. A cost is in minor units of the company's currency."""

    name: Line | None = None
    owner: Line | None = None
    kind: SourceKind | None = None
    supplier: Line | None = None
    licence: Lines | None = None
    lawful_basis: Basis | None = None
    purposes: Annotated[list[Served], Field(max_length=6)] | None = None
    cost_minor: Minor | None = None
    expires_on: Day | None = None
    trust: Annotated[int, Field(ge=1, le=5)] | None = None
    refresh_days: Annotated[int, Field(ge=1, le=3_650)] | None = None
    leave: Annotated[list[Left], Field(max_length=15)] | None = None


@router.put("/sources/{source_ref}", response=Source, auth=ACTING)
def say_source(request: HttpRequest, source_ref: str, said: SourceSaid) -> Source:
    """Say of a source whose it is, on which basis and for what it may be used, what it costs and when it expires."""
    by = asking(request)
    known = source_by_ref(source_ref, by=by)
    if known is None:
        raise NotThere("no_such_source", {"source": source_ref})
    told = said.model_dump(exclude_unset=True, exclude_none=True)
    money = {"currency": company().currency} if "cost_minor" in told else {}
    describe_source(known.id, by=by, **told, **money)
    return next(_source(line) for line in source_lines(by=by) if line.source.id == known.id)


class ImportsAsked(Paging):
    """Which files."""

    source: Line | None = None


@router.get("/imports", response=Page[Import], auth=LOOKING)
def list_imports(request: HttpRequest, asked: Query[ImportsAsked]) -> Page[Import]:
    """The newest files first, of all sources or of one."""
    by = asking(request)
    source = source_by_ref(asked.source, by=by) if asked.source else None
    if asked.source and source is None:
        raise NotThere("no_such_source", {"source": asked.source})
    return page_of(asked, runs(by=by, source_id=source.id if source else None, limit=EVERY_FILE), shaped)


class Brought(Said):
    """Where a file comes from; `kind` is guessed from its columns when left out or empty, as forms send it."""

    source: Line
    kind: Kind | Literal[""] = ""


@router.post("/imports", response={201: Import}, auth=ACTING, openapi_extra=MAY_COME_TWICE)
@once
def bring_file(request: HttpRequest, brought: Form[Brought], file: File[UploadedFile]) -> Status[Import]:
    """Bring a file (CSV, XLSX, Parquet). It is kept and looked at; nothing is imported before it is started."""
    by = asking(request)
    kept = keep_upload(file.name or "file", file.chunks(1 << 20), file.size or 0)
    run_id = take_in(kept, source_ref=brought.source, kind=brought.kind, by=by, at=now())
    return Status(201, shaped(run_of(run_id, by=by)))


@router.get("/imports/{import_id}", response=ImportReport, auth=LOOKING)
def show_import(request: HttpRequest, import_id: Id) -> ImportReport:
    """How far it is, what became of its rows, and why some were set aside."""
    by = asking(request)
    run = run_of(import_id, by=by)
    reasons = [_reason(line) for line in reasons_set_aside(import_id, by=by)]
    return ImportReport(**shaped(run).model_dump(), reasons=reasons, cleaned=[_cleaned(one) for one in run.cleaned])


@router.delete("/imports/{import_id}", response={204: None}, auth=ACTING)
def forget_import(request: HttpRequest, import_id: Id) -> Status[None]:
    """Forget a file that was only looked at."""
    if not forget(import_id, by=asking(request)):
        raise BadInput("import_has_begun", {"import": import_id})
    return Status(204, None)


@router.get("/imports/{import_id}/look", response=Look, auth=ACTING)
def look_at_import(request: HttpRequest, import_id: Id) -> Look:
    """What the file is, how its columns are understood, and what is still open."""
    return _look(understand(import_id, by=asking(request))[1])


@router.put("/imports/{import_id}/settings", response=dict[str, Any], auth=ACTING)
def settle_import(request: HttpRequest, import_id: Id, wanted: Understanding) -> dict[str, Any]:
    """Confirm what the columns mean; the source's next file is read the same way."""
    return confirm(import_id, wanted.columns, wanted.answers.said(), by=asking(request), at=now()).to_json()


@router.post("/imports/{import_id}/trial", response=Tried, auth=ACTING)
def try_import(request: HttpRequest, import_id: Id, wanted: TrialWanted) -> Tried:
    """What would become of the file's first rows. Nothing is written."""
    by = asking(request)
    tried = try_out(import_id, by=by, at=now(), rows=wanted.rows)
    understood = run_of(import_id, by=by).settings.get("understanding", {})
    counts = tried.counts
    return Tried(
        rows_read=counts.read,
        rows_new=counts.new,
        rows_changed=counts.changed,
        rows_same=counts.same,
        rows_refused=counts.refused,
        customers_new=counts.customers_new,
        customers_matched=counts.customers_matched,
        rows_expected=tried.rows_expected,
        whole=tried.whole,
        known_by=named_by(understood.get("columns", {})),
        reasons=[_reason(line) for line in tried.reasons],
        cleaned=[_cleaned(line) for line in tried.cleaned],
    )


@router.post("/imports/{import_id}/start", response={202: Import}, auth=ACTING, openapi_extra=MAY_COME_TWICE)
@once
def start_import(request: HttpRequest, import_id: Id) -> Status[Import]:
    """Bring it in, in the background. A stopped or failed import goes on after its last confirmed row."""
    by = asking(request)
    run = run_of(import_id, by=by)
    if not start(import_id) and not run.is_under_way:
        raise BadInput("import_not_startable", {"import": import_id, "state": run.state})
    return Status(202, shaped(run_of(import_id, by=by)))


@router.post("/imports/{import_id}/stop", response=Import, auth=ACTING)
def stop_import(request: HttpRequest, import_id: Id) -> Import:
    """Stop before the next chunk; what is written stays."""
    by = asking(request)
    run_of(import_id, by=by)
    if not stop(import_id, by=by):
        raise BadInput("import_not_under_way", {"import": import_id})
    return shaped(run_of(import_id, by=by))


@router.get(
    "/imports/{import_id}/set-aside.csv", auth=LOOKING, response={200: str}, openapi_extra={"x-media-type": "text/csv"}
)
def set_aside(request: HttpRequest, import_id: Id) -> StreamingHttpResponse:
    """Rows set aside as they stood in the file, to mend and bring again. Logged."""
    headings = (_("Row"), _("Reason"), _("Column"), _("Value"))
    rows = set_aside_as_csv(import_id, by=asking(request), headings=headings, say=lambda code: say(REASONS, code))
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="set-aside-{import_id}.csv"'
    return answer


@router.get(
    "/imports/{import_id}/cleaned.csv", auth=LOOKING, response={200: str}, openapi_extra={"x-media-type": "text/csv"}
)
def cleaned(request: HttpRequest, import_id: Id) -> StreamingHttpResponse:
    """What cleaning changed and doubted, by column and reason; nobody is named in it."""
    headings = (_("Column"), _("Reason"), _("Code"), _("Values"), _("Row"), _("Before"), _("After"))
    lines = cleaned_as_csv(import_id, by=asking(request), headings=headings, say=why)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="cleaned-{import_id}.csv"'
    return answer


def shaped(run: RunFacts) -> Import:
    """A run as it is told over HTTP."""
    told: Mapping[str, Any] = run.progress
    code = str(run.message.get("code", ""))
    counts = {
        name: getattr(run, name) for name in RunFacts.__dataclass_fields__ if name.startswith(("rows_", "customers_"))
    }
    return Import(
        id=run.id,
        source=run.source_ref,
        kind=run.kind,
        file_name=run.file_name,
        state=run.state,
        asked_by=run.asked_by,
        share=1.0 if run.state == "finished" else float(told.get("share") or 0.0),
        seconds_left=told.get("seconds_left"),
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        code=code,
        sentence=sentence_of(code, run.message.get("values", {})) if code else "",
        **counts,
    )


def _source(line: SourceLine) -> Source:
    facts = line.source
    return Source(
        ref=facts.ref,
        name=facts.name,
        owner=facts.owner,
        kind=facts.kind,
        supplier=facts.supplier,
        licence=facts.licence,
        lawful_basis=facts.lawful_basis,
        purposes=list(facts.purposes),
        cost=None if facts.cost_minor is None else Money(minor=facts.cost_minor, currency=facts.currency),
        expires_on=facts.expires_on,
        trust=facts.trust,
        refresh_days=facts.refresh_days,
        leave=list(facts.leave),
        overdue=line.is_overdue(now()),
        files=line.files,
        rows_new=line.rows_new,
        rows_refused=line.rows_refused,
        last_at=line.last_at,
    )


def _reason(line: ReasonLine) -> Reason:
    return Reason(
        reason=line.reason,
        sentence=say(REASONS, line.reason),
        column=line.column,
        rows=line.rows,
        row_number=line.row_number,
        example=line.example,
        row_taken=line.row_taken,
    )


def _cleaned(line: CleanedLine) -> CleanedValues:
    return CleanedValues(
        column=line.column, field=line.field, reason=line.reason, sentence=why(line.reason), doubtful=line.doubtful,
        values=line.values, may_leave=line.reason in JUDGEMENTS,
        examples=[CleanedExample(row_number=e.row_number, before=e.before, after=e.after) for e in line.examples],
    )  # fmt: skip


def _look(looked: LookedAt) -> Look:
    """No cell of the file is in it: whatever stands there may name somebody."""
    seen, settings = looked.look, looked.proposal.settings
    questions = [
        Question(
            **plain(one),
            sentence=sentence_of(
                str(one["code"]), one["values"] | {"meanings": one["values"].get("meaning"), "headers": seen.headers}
            ),
        )
        for one in question_values(looked.proposal)
    ]
    return Look(
        format=seen.format,
        size=seen.size,
        rows=seen.rows,
        rows_exact=seen.rows_exact,
        encoding=seen.encoding,
        delimiter=seen.delimiter,
        sheet=seen.sheet,
        sheets=list(seen.sheets),
        headers=list(seen.headers),
        columns=dict(settings.columns),
        known_by=settings.named_by,
        questions=questions,
        problems=[one.code for one in seen.problems],
        guesses=[
            Guessed(column=g.column, meaning=g.meaning, confidence=g.confidence, why=g.why)
            for g in looked.proposal.guesses
        ],
        settings=settings.to_json(),
        changed=ColumnsChanged(
            new=list(found.new), gone=list(found.gone), alike=dict(found.alike), lost=dict(found.lost)
        )
        if (found := looked.changed)
        else None,
    )
