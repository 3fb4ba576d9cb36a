"""A customer with a past: 陈婉清, a regular of the lake shop, as the card and her own page show her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from regulars.records.campaigns.models import Campaign
from regulars.records.company.actions import ensure_branches
from regulars.records.company.models import Branch, Company
from regulars.records.contacts.models import Contact
from regulars.records.contacts.planning import reasons_of
from regulars.records.customers.marking import mark_customers
from regulars.records.customers.models import Customer, SearchToken
from regulars.records.intake.models import ImportRun, Source
from regulars.records.orders.models import CustomerActivity, OrderLine, Product
from regulars.records.scores.models import Score
from regulars.records.segments.models import Segment
from regulars.records.staff.actions import hire
from regulars.records.touchpoints.models import Complaint, Touchpoint
from regulars.rules.identity.finding import all_tokens
from regulars.rules.intake.line_keys import order_key
from regulars.rules.permission.gate import Contact as Planned
from regulars.rules.permission.gate import Decision, Person, decide
from regulars.rules.segments.members import Members
from tests.cast import NOON, customer, reached_by, said

PASSWORD = "a long enough password"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop of the story: two branches, three people behind the counter and the desks."""

    lake: int
    hill: int
    dora: int
    emil: int
    mia: int
    source: int


def shop() -> Shop:
    """The company with its branches and people; Dora is assigned to the lake shop."""
    Company.objects.update_or_create(
        id=1,
        defaults={
            "name": "Nanzhi Clothing", "name_zh": "南枝衣铺", "business_on": date(2026, 3, 12), "jurisdiction": "CN",
            "currency": "CNY", "timezone": "Asia/Shanghai",
        },
    )  # fmt: skip
    places = ensure_branches(["lake", "hill"])
    Branch.objects.filter(ref="lake").update(name="Hubin shop", city="杭州")
    Branch.objects.filter(ref="hill").update(name="Hill shop", city="杭州")
    source = Source.objects.create(ref="till", name="Till receipts", created_at=NOON)
    dora = hire("dora", "Dora", roles=["service"], password=PASSWORD, branches=[places["lake"]], full_name_zh="朵拉")
    emil = hire("emil", "Emil", roles=["officer"], password=PASSWORD, full_name_zh="埃米尔")
    mia = hire("mia", "Mia", roles=["marketer"], password=PASSWORD, full_name_zh="米娅")
    return Shop(places["lake"], places["hill"], dora, emil, mia, source.id)


def wanqing(at_shop: Shop, **more: object) -> Customer:
    """She comes every month, takes no calls, has a complaint open, was written to and was not written to."""
    fields = {
        "email": "wanqing@example.com", "phone": "+8613800004187", "street": "湖滨路 8 号", "number": "C-20418",
        "given_name": "婉清", "family_name": "陈", "name_sort": "chen wanqing", "honorific": "女士", "sex": "female",
        "birth_on": date(1988, 4, 2), "city": "杭州", "region": "浙江", "country": "CN", "language": "zh-hans",
        "timezone": "Asia/Shanghai", "home_branch_id": at_shop.lake, "household_size": 3, "income_band": "150-199K",
        "allergies": "wool", "jurisdiction": "CN", "first_seen_on": date(2021, 2, 3), "source_id": at_shop.source,
        "invented": True, "quiet_from": 20, "quiet_until": 10,
    }  # fmt: skip
    who = customer("陈婉清", **fields | more)
    findable(who)
    for purpose, channel, value in (
        ("direct_marketing", "", "granted"), ("direct_marketing", "phone", "denied"),
        ("direct_marketing", "sms", "granted"),
        ("third_party_disclosure", "", "denied"), ("automated_decision", "", "denied"),
    ):  # fmt: skip
        said(who, purpose, value, channel, NOON - 300 * DAY)
    _bought(who, at_shop)
    _met(who, at_shop)
    _written_to(who)
    return who


def findable(who: Customer) -> None:
    """She is found by her names, her number, her phone and her mail."""
    contacts = reached_by(who)
    names = [who.name, f"{who.family_name}{who.given_name}", f"{who.given_name} {who.family_name}"]
    tokens = all_tokens(names, [who.number], contacts, settings.KEYS.read("search"), "CN")
    SearchToken.objects.bulk_create([SearchToken(token=token, customer=who) for token in sorted(tokens)])
    mark_customers([who.id], {who.id: contacts})


def order(who: Customer, at: datetime, lines: Sequence[tuple[str, int]], *, branch: int, source: int, ref: str) -> None:
    """One order of hers: (article, minor units) for each line."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_order_month(%s)", [at.date()])
    run, _ = ImportRun.objects.get_or_create(
        source_id=source, file_name="story.csv", kind="orders", defaults={"asked_by": "story", "created_at": NOON}
    )
    for name, amount in lines:
        product, _ = Product.objects.get_or_create(source_id=source, ref=name, defaults={"name": name})
        OrderLine.objects.create(
            line_key=uuid4(), ordered_at=at, customer=who, source_id=source, order_ref=ref,
            order_key=order_key(Source.objects.get(id=source).ref, ref), product=product,
            branch_id=branch, quantity_milli=1000 if amount > 0 else -1000, amount_minor=amount,
            discount_minor=20_000 if amount > 300_000 else 0,
            currency="CNY", import_run=run,
        )  # fmt: skip


def _bought(who: Customer, at_shop: Shop) -> None:
    for n in range(18):
        at = NOON - (29 + 31 * n) * DAY
        lines = [("羊绒大衣", 368_000)] if n == 0 else [("Linen shirt", 26_000), ("Socks", 3_900)]
        order(who, at, lines, branch=at_shop.lake, source=at_shop.source, ref=f"B-{1000 + n}")
    CustomerActivity.objects.create(
        customer=who,
        first_at=NOON - 556 * DAY,
        last_at=NOON - 29 * DAY,
        orders=23,
        lines=40,
        amount_minor=2_146_000,
        currency="CNY",
    )
    Score.objects.create(
        customer=who, as_of=date(2026, 3, 11), recency_days=29, frequency=23, monetary_minor=2_146_000, r=5, f=4, m=4,
        rfm_group="champions", first_on=date(2024, 9, 2), last_on=date(2026, 2, 11), rhythm_days=31.2,
        due_on=date(2026, 3, 14), grace_until=date(2026, 5, 1), state="inside",
    )  # fmt: skip
    for key, name, zh in (("spring", "Spring regulars", "老客春装"), ("cashmere", "Cashmere", "羊绒")):
        Segment.objects.create(
            key=key,
            name=name,
            name_zh=zh,
            rule={},
            made_by="Mia",
            made_at=NOON,
            count=1,
            members=Members([who.id]).to_bytes(),
            counted_at=NOON,
        )


def _met(who: Customer, at_shop: Shop) -> None:
    for kind, title, days in (
        ("visit", "Visited, tried two long coats", 0),
        ("wish", "A dark coat below the knee", 0),
        ("survey", "Fitting rooms: 10 of 10", 53),
    ):
        Touchpoint.objects.create(
            customer=who, at=NOON - days * DAY - timedelta(hours=2), kind=kind, channel="counter", title=title,
            staff_name="Dora", branch_id=at_shop.lake, invented=True,
        )  # fmt: skip
    Complaint.objects.create(
        customer=who, opened_at=NOON - DAY, code="repair", detail="The sleeve of the coat is torn.",
        answer_by=NOON + timedelta(hours=6), invented=True,
    )  # fmt: skip


def _written_to(who: Customer) -> None:
    segment = Segment.objects.get(key="spring")
    for n, (name, zh, channel, state, days) in enumerate((
        ("Spring preview", "春装预览", "sms", "sent", 3),
        ("Call-back after the coat", "大衣回访", "phone", "refused", 6),
        ("Cashmere care", "羊绒护理", "email", "held", 12), ("Summer preview", "夏装预览", "email", "waiting", 1),
        ("Winter thanks", "冬日答谢", "email", "holdout", 70),
    )):  # fmt: skip
        campaign = Campaign.objects.create(
            key=f"story-{n}", name=name, name_zh=zh, channel=channel, reason="due_this_month", segment=segment,
            threshold=0.03, expected_response=0.04, currency="CNY", owner="Mia", made_at=NOON,
        )  # fmt: skip
        contact(who, campaign, channel, state, NOON - days * DAY)


def contact(who: Customer, campaign: Campaign, channel: str, state: str, at: datetime) -> UUID:
    """One planned message with the gate's own reasons."""
    decision = _decided(channel, state, at)
    made = Contact.objects.create(
        campaign=campaign, customer=who, channel=channel, arm="", state=state, strip=decision.strip,
        reasons=reasons_of(decision), decided_at=at, sent_at=at if state == "sent" else None,
    )  # fmt: skip
    return made.id


def _decided(channel: str, state: str, at: datetime) -> Decision:
    person = Person(
        1,
        True,
        True,
        state != "refused",
        True,
        True,
        contacts_30d=3 if state == "held" else 0,
        timezone="Asia/Shanghai",
        jurisdiction="CN",
    )
    return decide(person, Planned(channel, "due_this_month", at.replace(hour=4, tzinfo=UTC)))
