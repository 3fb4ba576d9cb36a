"""The reading door of contacts: a campaign's counts, its people by state, and who answered in which arm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet

from regulars.records.access_log.actions import note_access
from regulars.records.contacts.answers import POSITIVE
from regulars.records.contacts.models import Contact, Response
from regulars.records.customers.within_reach import unnamed
from regulars.rules.permission.asking import Asker

#: An arm is drawn only for those the gate let through when the audience was made; it stays theirs whatever becomes of
#: the contact later, so that the comparison with the hold-out is by intention to contact.
NO_ARM = ""
#: A strip in which one of the rules two to five, which are privacy, did not let pass.
STOPPED_BY_PRIVACY = "^.[pn]{0,3}[swu]"


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact in a campaign's list of samples: a name through the asker's view, the strip and the reasons."""

    id: UUID
    number: str
    name: str
    city: str
    invented: bool
    arm: str
    state: str
    strip: str
    reasons: Sequence[Mapping[str, Any]]
    decided_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class ArmAnswers:
    """One arm: how many were drawn into it, how many were sent to, and how many people answered."""

    arm: str
    people: int
    sent: int
    responders: int


_LINE = (
    "id", "customer__number", "customer__name", "customer__city", "customer__invented", "arm", "state", "strip",
    "reasons", "decided_at", "sent_at",
)  # fmt: skip


def state_counts(campaign_id: int, *, by: Asker) -> dict[tuple[str, str], int]:
    """(arm, state) → contacts. Counts of the whole campaign, no person among them."""
    rows = Contact.objects.filter(campaign_id=campaign_id).values_list("arm", "state").annotate(n=Count("id"))
    return {(arm, state): n for arm, state, n in rows}


def sample_contacts(
    campaign_id: int, *, by: Asker, because: str, state: str = "", arm: str = "", limit: int = 10
) -> list[ContactLine]:
    """Some contacts, through the asker's view: who said no is not among them. Logged."""
    found = _tellable(by).filter(campaign_id=campaign_id)
    found = found.filter(state=state) if state else found
    found = found.filter(arm=arm) if arm else found
    lines = _lines(found, by, 0, limit)
    note_access(by, door="sample_contacts", because=because, rows=len(lines))
    return lines


def contacts_where(
    campaign_id: int, *, by: Asker, because: str, rule: int | None = None, arm: str = "", state: str = "",
    limit: int = 50, offset: int = 0,
) -> tuple[int, list[ContactLine]]:  # fmt: skip
    """How many such contacts the asker's view shows, and one page of them; logged.

    `rule` is the place (from 0) of the gate's rule that was the first not to let them pass.
    """
    found = _tellable(by).filter(campaign_id=campaign_id)
    found = found.filter(strip__regex=f"^[pn]{{{int(rule)}}}[swu]") if rule is not None else found
    wanted = {name: value for name, value in (("arm", arm), ("state", state)) if value}
    found = found.filter(**wanted, customer__number__isnull=False)
    lines = _lines(found, by, offset, limit)
    note_access(by, door="contacts_where", because=because, rows=len(lines))
    return found.count(), lines


def _lines(found: "QuerySet[Contact, Contact]", by: Asker, offset: int, limit: int) -> list[ContactLine]:
    rows = found.order_by("id").values_list(*_LINE)[offset : offset + limit]
    return unnamed([ContactLine(*row) for row in rows], by=by, name="", city="")


@dataclass(frozen=True, slots=True)
class GateDay:
    """What the gate decided in a day: the nine letters of each different answer, and how often it was given."""

    until: datetime
    strips: Mapping[str, int]


def last_gate_day(*, at: datetime) -> GateDay | None:
    """The decisions of the twenty-four hours before the latest one known at `at`; None if nobody was ever asked about.

    Counts only: no person is read.
    """
    latest = Contact.objects.filter(decided_at__lte=at).aggregate(at=Max("decided_at"))["at"]
    if latest is None:
        return None
    day = Contact.objects.filter(decided_at__lte=latest, decided_at__gt=latest - timedelta(days=1))
    return GateDay(latest, dict(day.values_list("strip").annotate(n=Count("id"))))


def arm_answers(campaign_id: int) -> list[ArmAnswers]:
    """Each arm with its answers, for the rules to judge; numbers only."""
    drawn = _drawn(campaign_id)
    people = dict(drawn.values_list("arm").annotate(n=Count("id")))
    sent = dict(drawn.filter(state="sent").values_list("arm").annotate(n=Count("id")))
    answered = _responders(campaign_id)
    return [
        ArmAnswers(arm, n, sent.get(arm, 0), len(answered & set(_ids(campaign_id, arm)))) for arm, n in people.items()
    ]


def answer_days(campaign_id: int) -> list[tuple[int, str, date]]:
    """(customer id, arm, day of the first answer) for everybody drawn who answered."""
    arms = dict(_drawn(campaign_id).values_list("customer_id", "arm"))
    first = Response.objects.filter(campaign_id=campaign_id, kind__in=POSITIVE).values_list("customer_id")
    return [(person, arms[person], at.date()) for person, at in first.annotate(at=Min("at")) if person in arms]


def drawn_people(campaign_id: int) -> dict[int, str]:
    """Customer id → arm of everybody the gate let through."""
    return dict(_drawn(campaign_id).values_list("customer_id", "arm"))


def sent_people(campaign_id: int) -> list[int]:
    """The customer ids of everybody to whom something of the campaign was sent."""
    return list(_drawn(campaign_id).filter(state="sent").values_list("customer_id", flat=True))


def _tellable(by: Asker) -> "QuerySet[Contact, Contact]":
    """Contacts that may be told one by one: whom privacy stopped is a number to all but the privacy officer."""
    found = Contact.objects.using(by.view)
    return found.all() if by.view == "personal" else found.exclude(strip__regex=STOPPED_BY_PRIVACY)


def _responders(campaign_id: int) -> set[int]:
    rows = Response.objects.filter(campaign_id=campaign_id, kind__in=POSITIVE)
    return set(rows.values_list("customer_id", flat=True))


def _ids(campaign_id: int, arm: str) -> list[int]:
    return list(_drawn(campaign_id).filter(arm=arm).values_list("customer_id", flat=True))


def _drawn(campaign_id: int) -> QuerySet[Contact]:
    return Contact.objects.filter(campaign_id=campaign_id).exclude(arm=NO_ARM)
