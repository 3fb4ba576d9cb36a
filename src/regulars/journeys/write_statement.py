"""The privacy statement is written from what the house really does, and published as a new version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from regulars.journeys.propose import ask_second, settled
from regulars.records.access_log.actions import note_change
from regulars.records.company.access import CompanyFacts, company
from regulars.records.company.statements import publish_statement
from regulars.records.dictionary import DICTIONARY
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import CHANNELS, DIRECT_MARKETING, PURPOSES, Default, default_for
from regulars.rules.permission.errors import BadInput, Denied
from regulars.rules.permission.four_eyes import STATEMENT, Approved
from regulars.rules.privacy.dictionary import Class, Column
from regulars.rules.privacy.views import ROLES, VIEWS, View

LANGUAGES = ("en", "zh-hans")
ABOUT_A_CUSTOMER = (Class.IDENTIFYING, Class.SENSITIVE, Class.PERSONAL)
#: Tables whose columns a customer would call "what you hold about me", with a code for what they are together.
HELD = {
    "customer": "basics",
    "contact_point": "contacts",
    "order_line": "purchases",
    "customer_activity": "purchases",
    "score": "value",
    "touchpoint": "history",
    "complaint": "history",
    "event": "history",
    "customer_events": "history",
    "contact": "messages",
    "response": "messages",
    "choice_entry": "choices",
}
#: Columns that only serve finding and sorting, or name a member of staff: not what a customer asks after.
INNER = frozenset({"name_sort", "staff_name", "by", "r", "f", "m", "rfm_group", "strip", "claimed_at"})


@dataclass(frozen=True, slots=True)
class Sources:
    """What the six clauses are made from: columns held, by what they are together; the law's defaults; the views."""

    company: CompanyFacts
    held: Mapping[str, tuple[Column, ...]]
    sensitive: tuple[Column, ...]
    defaults: tuple[Default, ...]
    channels: tuple[Default, ...]
    views: tuple[View, ...]
    roles: tuple[str, ...]


def statement_sources() -> Sources:
    """What holds now; the desk turns it into sentences in every language."""
    facts = company()
    return Sources(
        company=facts,
        held={code: _held(code) for code in dict.fromkeys(HELD.values())},
        sensitive=_sensitive(),
        defaults=tuple(default_for(facts.jurisdiction, purpose) for purpose in PURPOSES),
        channels=tuple(default_for(facts.jurisdiction, DIRECT_MARKETING, channel) for channel in CHANNELS),
        views=VIEWS,
        roles=tuple(ROLES),
    )


def publish(
    bodies: Mapping[str, str], *, by: Asker, at: datetime, by_hand: bool = False, approved: Approved | None = None
) -> int:
    """The number of the version in force from `at` on. BadInput when a language is missing or empty.

    One written `by_hand` is in the company's own words, and is not held against those the house would find.
    """
    if by.role != "officer":
        raise Denied("statements_are_the_officers")
    missing = [language for language in LANGUAGES if not bodies.get(language, "").strip()]
    if missing:
        raise BadInput("statement_language_missing", {"languages": ", ".join(missing)})
    told = {"bodies": dict(bodies), "by_hand": by_hand}
    ask_second(STATEMENT, "", told, because="statement", by=by, approved=approved)
    with transaction.atomic():
        settled(approved, by=by)
        version = publish_statement(bodies, in_force_at=at, is_by_hand=by_hand)
        note_change(by, door="statement", subject="statement", field="version", old=None, new=version, customer_id=None)
    return version


def _held(code: str) -> tuple[Column, ...]:
    """Columns about a customer in the tables of that kind, each label once, in the order of the tables."""
    tables = [table for table in DICTIONARY if HELD.get(table.name) == code]
    found = (c for table in tables for c in table.columns if c.class_ in ABOUT_A_CUSTOMER and c.name not in INNER)
    return tuple({c.label: c for c in found if not c.name.startswith("allows_")}.values())


def _sensitive() -> tuple[Column, ...]:
    """What is sensitive among it."""
    tables = [table for table in DICTIONARY if table.name in HELD]
    return tuple(c for table in tables for c in table.columns if c.class_ is Class.SENSITIVE)
