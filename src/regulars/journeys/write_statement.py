"""The privacy statement is written from what the house really does, and published as a new version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from regulars.records.access_log.actions import note_change
from regulars.records.company.access import CompanyFacts, company
from regulars.records.company.statements import publish_statement
from regulars.records.dictionary import DICTIONARY
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import CHANNELS, DIRECT_MARKETING, PURPOSES, Default, default_for
from regulars.rules.permission.errors import BadInput, Denied
from regulars.rules.privacy.dictionary import Class, Column
from regulars.rules.privacy.views import ROLES, VIEWS, View

LANGUAGES = ("en", "zh-hans")
ABOUT_A_CUSTOMER = (Class.IDENTIFYING, Class.SENSITIVE, Class.PERSONAL)
#: Tables whose columns a customer would call "what you hold about me"; the rest is the house's own bookkeeping.
HELD = ("customer", "contact_point", "order_line", "touchpoint", "complaint", "score", "contact", "choice_entry")


@dataclass(frozen=True, slots=True)
class Sources:
    """What the six clauses are made from: columns held by class, the law's defaults, the views, and the company."""

    company: CompanyFacts
    held: Mapping[Class, tuple[Column, ...]]
    defaults: tuple[Default, ...]
    channels: tuple[Default, ...]
    views: tuple[View, ...]
    roles: tuple[str, ...]


def statement_sources() -> Sources:
    """What holds now; the desk turns it into sentences in every language."""
    facts = company()
    return Sources(
        company=facts,
        held={class_: _held(class_) for class_ in ABOUT_A_CUSTOMER},
        defaults=tuple(default_for(facts.jurisdiction, purpose) for purpose in PURPOSES),
        channels=tuple(default_for(facts.jurisdiction, DIRECT_MARKETING, channel) for channel in CHANNELS),
        views=VIEWS,
        roles=tuple(ROLES),
    )


def publish(bodies: Mapping[str, str], *, by: Asker, at: datetime) -> int:
    """The number of the version in force from now on. BadInput when a language is missing or empty."""
    if by.role != "officer":
        raise Denied("statements_are_the_officers")
    missing = [language for language in LANGUAGES if not bodies.get(language, "").strip()]
    if missing:
        raise BadInput("statement_language_missing", {"languages": ", ".join(missing)})
    version = publish_statement(bodies, in_force_at=at)
    note_change(by, door="statement", subject="statement", field="version", old=None, new=version, customer_id=None)
    return version


def _held(class_: Class) -> tuple[Column, ...]:
    """Columns of that class, each label once, in the order of the tables."""
    found = (c for table in DICTIONARY if table.name in HELD for c in table.columns if c.class_ is class_)
    return tuple({column.label: column for column in found}.values())
