"""Customers: found, opened for a reason, their orders; each as far as the token's view shows.

A value the view does not show is null, and its name stands in `masked`; one that is shown only roughly stands in
`coarse`. Somebody the view leaves out and somebody who never was are told alike: 404.
"""

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import FOR_CUSTOMERS, Token, asking
from regulars.desks.api.shapes import Because, Id, Line, Moment, Money, Preference, Said, Short
from regulars.desks.shared.kept_reasons import kept
from regulars.desks.shared.own_said import own_in_words
from regulars.desks.shared.reasons import sentence
from regulars.journeys.open_customer import CustomerCard, open_card
from regulars.journeys.recognise_customer import Recognised, recognise_customer
from regulars.journeys.where_from import confirm_value, correct_value, take_back_correction, where_from
from regulars.records.company.access import company, now
from regulars.records.contacts.of_customer import ContactFacts, contacts_of
from regulars.records.customers.access import ContactPointFacts, CustomerFacts, contact_points_of, open_customer
from regulars.records.orders.of_customer import Activity, Order, activity_of, orders_of
from regulars.records.scores.of_customer import Standing, standing_of

Case = Annotated[
    str,
    Field(max_length=60, description="The task, complaint or order it is for; a protected customer's file wants one"),
]
FINDING: Final = Token("service", "marketer", "officer", "steward")
SERVING: Final = Token("service", "officer", "steward")
OPENING: Final = Token("service", "marketer", "officer", "steward", purposes=FOR_CUSTOMERS)

router = Router(tags=["Customers"])


class FoundCustomer(Schema):
    """Somebody found, with what one should know at once."""

    number: str
    name: str | None
    stage: str
    city: str | None
    home_branch: str | None
    last_at: datetime | None
    state: str
    complaint_open: bool
    invented: bool
    may_open: bool = Field(description="False where her file opens only once she says who she is")


class ContactPoint(Schema):
    """A way to reach the customer; `value` is null where it exists and is not shown."""

    channel: str
    label: str
    value: str | None
    valid: bool
    source: str | None
    noted_at: datetime


class Value(Schema):
    """Where the customer stands: bands 1 (low) to 5, days, money; `state` is new, active, due, grace or lapsed."""

    as_of: date
    recency_days: int
    frequency: int
    monetary: Money
    r: int
    f: int
    m: int
    group: str
    rhythm_days: float
    due_on: date
    grace_until: date
    state: str


class RunningTotals(Schema):
    """What the customer bought so far, as right as the last import."""

    first_at: datetime
    last_at: datetime
    orders: int
    lines: int
    amount: Money


class Customer(Schema):
    """The record as the view hands it out."""

    number: str
    kind: str
    stage: str
    name: str | None
    given_name: str | None
    family_name: str | None
    honorific: str | None
    sex: str | None
    birth_on: date | None
    language: str | None
    city: str | None
    region: str | None
    country: str | None
    postcode: str | None
    timezone: str | None
    home_branch: str | None
    household_size: int | None
    marital_status: str | None
    income_band: str | None
    potential_index: int | None
    product_knowledge: str | None
    allergies: str | None
    id_document: str | None
    preferred_channel: str | None
    quiet_from: int | None
    quiet_until: int | None
    jurisdiction: str
    source: str | None
    first_seen_on: date
    changed_at: datetime
    invented: bool = Field(description="Name and addresses were made up; the purchases are real")
    allows_direct_marketing: bool
    allows_disclosure: bool
    allows_automated_decision: bool
    allows_sensitive_use: bool
    allows_email: bool
    allows_phone: bool
    allows_letter: bool
    allows_sms: bool
    masked: list[str]
    coarse: list[str]
    contact_points: list[ContactPoint]
    activity: RunningTotals | None
    value: Value | None


class OrderLine(Schema):
    """One line; returned goods are negative. Quantity in thousandths."""

    product: str
    category: str
    quantity_milli: int
    amount: Money
    discount: Money
    promotion: str | None


class CustomerOrder(Schema):
    """One order with its lines, the dearest first."""

    ref: str
    at: datetime
    branch: str | None
    source: str | None
    amount: Money
    discount: Money
    lines: list[OrderLine]


class Orders(Schema):
    """Orders, newest first; `earlier` is the `before` that gives the next ones, null when these were the first."""

    items: list[CustomerOrder]
    earlier: datetime | None


class RuleAnswer(Schema):
    """What one of the nine rules of the contact gate said."""

    rule: str
    answer: str
    code: str
    sentence: str


class Contact(Schema):
    """One message planned for the customer: sent, held back or refused, and why."""

    campaign: str
    channel: str
    arm: str
    state: str
    strip: str
    decided_at: datetime
    sent_at: datetime | None
    rules: list[RuleAnswer]


class CustomerTask(Schema):
    """A piece of work about the customer."""

    ref: str
    kind: str
    due_on: date
    owner: str | None
    state: str
    outcome: str | None


class Complaint(Schema):
    """A complaint; open while `closed_at` is null. Words are null where the view masks them."""

    ref: str
    code: str
    detail: str | None
    opened_at: datetime
    answer_by: datetime | None
    closed_at: datetime | None
    outcome: str | None


class Card(Schema):
    """Everything the customer card shows."""

    customer: Customer
    orders: list[CustomerOrder]
    contacts: list[Contact]
    complaints: list[Complaint]
    tasks: list[CustomerTask]
    segments: list[str]
    wishes: list[str]
    preferences: list[Preference]


class Search(Said):
    """Whom to look for: a number, a name (also in pinyin, also its beginning), an exact phone number or address."""

    text: Line
    because: Because
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Earlier(Said):
    """Which orders."""

    because: Because
    before: Moment | None = Field(None, description="Only orders before this moment; now when left out")
    limit: Annotated[int, Field(ge=1, le=100)] = 20


@router.get("/customers", response=list[FoundCustomer], auth=FINDING)
def find(request: HttpRequest, search: Query[Search]) -> list[FoundCustomer]:
    """Customers whom a text may mean, by name. Every word must fit. Logged."""
    return [
        _found(one)
        for one in recognise_customer(search.text, by=asking(request), because=search.because, limit=search.limit)
    ]


@router.get("/customers/{number}", response=Customer, auth=OPENING)
def open_record(request: HttpRequest, number: Short, because: Because, reference: Case = "") -> Customer:
    """One customer's record. Logged, with the reason."""
    opened, facts = open_customer(number, by=replace(asking(request), reference=reference), because=because)
    return _customer(facts, contact_points_of(opened), activity_of(opened), standing_of(opened))


@router.get("/customers/{number}/card", response=Card, auth=FINDING)
def open_whole_card(request: HttpRequest, number: Short, because: Because, reference: Case = "") -> Card:
    """The customer card: record, orders, contacts with the reasons for and against, complaints, tasks, segments."""
    by, at = replace(asking(request), reference=reference), now()
    card = open_card(number, by=by, because=because, at=at)
    moments = [moment.what for moment in card.timeline.moments if isinstance(moment.what, ContactFacts)]
    return _card(card, moments)


class SaidBySource(Schema):
    """What one source says of a field; `source` is null where nobody knows any more who said it.

    `herself`: the customer told it to whoever confirmed it, because the record said otherwise; `because` is why.
    """

    source_id: int | None
    source: str | None
    value: str
    said_at: datetime
    confirmed_at: datetime | None
    confirmed_by: str
    herself: bool
    because: str


class FieldOrigin(Schema):
    """A field, what is believed of it and why, and what other sources say.

    `why`: confirmed, trusted, newest, first, agree, only, fills or all; `best` is null where nothing of it is believed.
    """

    field: str
    best: SaidBySource | None
    why: str
    others: list[SaidBySource]


class Original(Schema):
    """A value as a source sent it, what became of it, and the codes of why; both null where your view opens neither."""

    field: str
    source_id: int
    source: str | None
    original: str | None
    became: str | None
    reasons: list[str]
    noted_at: datetime


class Confirmed(Said):
    """Which source's value is confirmed, and why you do it."""

    source_id: Id | None = None
    because: Because


@router.get("/customers/{number}/sources", response=list[FieldOrigin], auth=FINDING)
def list_origins(request: HttpRequest, number: Short, because: Because, reference: Case = "") -> list[FieldOrigin]:
    """Where each field comes from: source, date, why it is believed, what others say. Masked fields are left out; the
    company's own attributes are called `own.` and their key."""
    found = where_from(number, by=replace(asking(request), reference=reference), because=because)
    own = [own_in_words(one, "en") for one in found.own]
    return [FieldOrigin.model_validate(asdict(one)) for one in (*found.fields, *own)]


class WaySaid(Schema):
    """A source that told of a way to reach her, and since when; null where nobody knows it any more."""

    source: str | None
    noted_at: datetime


class WayOrigin(Schema):
    """A way to reach a customer, without where it leads, and who told of it."""

    channel: str
    works: bool
    said: list[WaySaid]


@router.get("/customers/{number}/ways", response=list[WayOrigin], auth=FINDING)
def list_contact_origins(
    request: HttpRequest, number: Short, because: Because, reference: Case = ""
) -> list[WayOrigin]:
    """Which sources told of each phone, mail address and street, and since when; where they lead is not opened."""
    found = where_from(number, by=replace(asking(request), reference=reference), because=because)
    return [
        WayOrigin(channel=one.channel, works=one.works, said=[WaySaid(source=who, noted_at=at) for who, at in one.said])
        for one in found.points
    ]


@router.get("/customers/{number}/originals", response=list[Original], auth=FINDING)
def list_originals(request: HttpRequest, number: Short, because: Because, reference: Case = "") -> list[Original]:
    """How values came, where cleaning changed them, and why. Masked fields are left out; sealed ones are not opened."""
    found = where_from(number, by=replace(asking(request), reference=reference), because=because)
    return [Original.model_validate(asdict(one)) for one in found.came]


@router.put("/customers/{number}/sources/{field}", response={204: None}, auth=SERVING)
def confirm_origin(request: HttpRequest, number: Short, field: Short, said: Confirmed) -> Status[None]:
    """Confirm what a source says of a field: it is believed whatever others say, until something else is confirmed."""
    confirm_value(number, field, said.source_id, by=asking(request), because=said.because, at=now())
    return Status(204, None)


class Correction(Said):
    """What the customer says the value is, and why you write it down; both stand beside the field."""

    value: Annotated[str, Field(min_length=1, max_length=400)]
    because: Annotated[str, Field(min_length=1, max_length=200)]


@router.put("/customers/{number}/sources/{field}/correction", response={204: None}, auth=SERVING)
def correct_origin(request: HttpRequest, number: Short, field: Short, said: Correction) -> Status[None]:
    """Write down what the customer herself says a field is: cleaned, confirmed, and believed whatever others say."""
    correct_value(number, field, said.value, by=asking(request), because=said.because, at=now())
    return Status(204, None)


@router.delete("/customers/{number}/sources/{field}/correction", response={204: None}, auth=SERVING)
def take_back_origin(request: HttpRequest, number: Short, field: Short, because: Because) -> Status[None]:
    """Take back what she was noted to have said of a field: what sources say counts again."""
    take_back_correction(number, field, by=asking(request), because=because, at=now())
    return Status(204, None)


@router.get("/customers/{number}/contacts", response=list[Contact], auth=FINDING)
def list_contacts(request: HttpRequest, number: Short, asked: Query[Earlier]) -> list[Contact]:
    """What the customer was sent and not sent, newest first, with what each of the nine rules said."""
    opened, _facts = open_customer(number, by=asking(request), because=asked.because)
    return [_contact(one) for one in contacts_of(opened, before=asked.before or now(), newest=asked.limit)]


@router.get("/customers/{number}/orders", response=Orders, auth=OPENING)
def list_orders(request: HttpRequest, number: Short, asked: Query[Earlier]) -> Orders:
    """The customer's orders, newest first."""
    opened, _facts = open_customer(number, by=asking(request), because=asked.because)
    found = orders_of(opened, before=asked.before or now(), newest=asked.limit)
    return Orders(items=[_order(one) for one in found], earlier=found[-1].at if len(found) == asked.limit else None)


def _found(one: Recognised) -> FoundCustomer:
    line = one.customer
    return FoundCustomer(
        number=line.number,
        name=line.name,
        stage=line.stage,
        city=line.city,
        home_branch=line.home_branch,
        last_at=one.last_at,
        state=one.state,
        complaint_open=one.complaint_open,
        invented=line.invented,
        may_open=line.may_open,
    )


def _customer(
    facts: CustomerFacts, points: list[ContactPointFacts], activity: Activity | None, value: Standing | None
) -> Customer:
    told: dict[str, Any] = {name: getattr(facts, name) for name in Customer.model_fields if hasattr(facts, name)}
    return Customer(
        **told | {"masked": sorted(facts.masked), "coarse": sorted(facts.coarse)},
        contact_points=[_point(one) for one in points],
        activity=_activity(activity),
        value=_value(value),
    )


def _point(one: ContactPointFacts) -> ContactPoint:
    return ContactPoint(
        channel=one.channel, label=one.label, value=one.value, valid=one.valid, source=one.source, noted_at=one.noted_at
    )


def _activity(one: Activity | None) -> RunningTotals | None:
    if one is None:
        return None
    amount = Money(minor=one.amount_minor, currency=one.currency)
    return RunningTotals(first_at=one.first_at, last_at=one.last_at, orders=one.orders, lines=one.lines, amount=amount)


def _value(one: Standing | None) -> Value | None:
    if one is None:
        return None
    return Value(
        as_of=one.as_of,
        recency_days=one.recency_days,
        frequency=one.frequency,
        r=one.r,
        f=one.f,
        m=one.m,
        monetary=Money(minor=one.monetary_minor, currency=company().currency),
        group=one.rfm_group,
        rhythm_days=one.rhythm_days,
        due_on=one.due_on,
        grace_until=one.grace_until,
        state=one.state,
    )


def _order(one: Order) -> CustomerOrder:
    def money(minor: int) -> Money:
        return Money(minor=minor, currency=one.currency)

    return CustomerOrder(
        ref=one.ref,
        at=one.at,
        branch=one.branch,
        source=one.source,
        amount=money(one.amount_minor),
        discount=money(one.discount_minor),
        lines=[
            OrderLine(
                product=line.product,
                category=line.category,
                quantity_milli=line.quantity_milli,
                amount=money(line.amount_minor),
                discount=money(line.discount_minor),
                promotion=line.promotion_ref,
            )
            for line in one.lines
        ],
    )


def _contact(one: ContactFacts) -> Contact:
    rules = [
        RuleAnswer(rule=said.rule, answer=said.answer, code=said.code, sentence=sentence(said))
        for said in kept(one.reasons)
    ]
    return Contact(
        campaign=one.campaign,
        channel=one.channel,
        arm=one.arm,
        state=one.state,
        strip=one.strip,
        decided_at=one.decided_at,
        sent_at=one.sent_at,
        rules=rules,
    )


def _card(card: CustomerCard, contacts: list[ContactFacts]) -> Card:
    return Card(
        customer=_customer(card.facts, list(card.points), card.activity, card.value),
        orders=[_order(one) for one in card.orders],
        contacts=[_contact(one) for one in contacts],
        complaints=[
            Complaint(
                ref=c.ref,
                code=c.code,
                detail=c.detail,
                opened_at=c.opened_at,
                answer_by=c.answer_by,
                closed_at=c.closed_at,
                outcome=c.outcome,
            )
            for c in card.complaints
        ],
        tasks=[
            CustomerTask(ref=t.ref, kind=t.kind, due_on=t.due_on, owner=t.owner, state=t.state, outcome=t.outcome)
            for t in card.tasks
        ],
        segments=[one.key for one in card.segments],
        wishes=[one.title for one in card.wishes if one.title],
        preferences=[Preference(code=one.code, words=one.words) for one in card.preferences],
    )
