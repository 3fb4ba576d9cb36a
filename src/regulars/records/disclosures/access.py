"""The reading door of the register: partners, what they may have, what left, what was bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.customers.access import Opened
from regulars.records.disclosures.models import BoughtData, DisclosureContract, Partner, PartnerRelease
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere
from regulars.rules.privacy.partners import Terms, field_called


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """A partner. `answers` is who answers questions there."""

    id: int
    key: str
    name: str
    name_zh: str
    country: str
    answers: str
    made_by: str
    made_at: datetime

    def called(self, language: str) -> str:
        """Its name as a page in that language writes it."""
        return self.name_zh if self.name_zh and language.startswith("zh") else self.name


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """One contract; `stopped_at` is None while it stands."""

    id: int
    partner_id: int
    ref: str
    purpose: str
    permission: str
    fields: Sequence[str]
    promises: str
    least: int
    brand: str
    topic: str
    valid_from: date
    valid_until: date
    made_by: str
    made_at: datetime
    stopped_at: datetime | None
    stopped_because: str

    def runs(self, on: date) -> bool:
        """Whether data may leave under it on a day."""
        return self.stopped_at is None and self.valid_from <= on <= self.valid_until


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """One file that left."""

    id: int
    contract_id: int
    made_at: datetime
    made_by: str
    because: str
    kind: str
    content: str
    rows: int
    file_digest: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class BoughtFacts:
    """Data that was bought; money in minor units."""

    id: int
    partner_id: int
    what: str
    permission: str
    source_ref: str
    rows: int
    price_minor: int
    currency: str
    bought_on: date
    valid_until: date | None
    noted_by: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class PassedOn:
    """One time a customer's data left: to whom, for what, what it was, until when it may be used."""

    at: datetime
    partner: str
    purpose: str
    content: str
    expires_on: date


def partners(*, by: Asker) -> list[PartnerFacts]:
    """All partners by name."""
    _for_the_office(by)
    found = Partner.objects.using(by.view).order_by("name", "id").values_list(*PartnerFacts.__dataclass_fields__)
    return [PartnerFacts(*row) for row in found]


def partner_called(key: str, *, by: Asker) -> PartnerFacts:
    """The partner of that key; NotThere when there is none."""
    found = next((one for one in partners(by=by) if one.key == key), None)
    if found is None:
        raise NotThere("no_such_partner", {"partner": key[:40]})
    return found


def contracts(*, by: Asker, partner_id: int | None = None) -> list[ContractFacts]:
    """Contracts, the newest first: of all partners, or of one."""
    _for_the_office(by)
    found = DisclosureContract.objects.using(by.view).order_by("-id")
    found = found if partner_id is None else found.filter(partner_id=partner_id)
    return [ContractFacts(*row) for row in found.values_list(*ContractFacts.__dataclass_fields__)]


def releases(*, by: Asker, partner_id: int | None = None, limit: int = 100) -> list[ReleaseFacts]:
    """Files that left, the newest first."""
    _for_the_office(by)
    found = PartnerRelease.objects.using(by.view).order_by("-id")
    found = found if partner_id is None else found.filter(contract__partner_id=partner_id)
    return [ReleaseFacts(*row) for row in found.values_list(*ReleaseFacts.__dataclass_fields__)[:limit]]


def bought(*, by: Asker) -> list[BoughtFacts]:
    """What was bought, the newest first."""
    _for_the_office(by)
    found = BoughtData.objects.using(by.view).order_by("-bought_on", "-id")
    return [BoughtFacts(*row) for row in found.values_list(*BoughtFacts.__dataclass_fields__)]


def standing_contract(key: str) -> tuple[ContractFacts, Terms] | None:
    """The partner's contract that was not stopped, run out or not, with what the database must know of it.

    The house's own question: nobody's data is in it.
    """
    found = DisclosureContract.objects.filter(partner__key=key, stopped_at__isnull=True)
    row = found.values_list(*ContractFacts.__dataclass_fields__).first()
    if row is None:
        return None
    facts = ContractFacts(*row)
    return facts, terms_of(facts, key)


def rows_ever_allowed(partner_id: int) -> bool:
    """Whether any contract, of whenever, let this partner have rows. The house's own question."""
    return DisclosureContract.objects.filter(partner_id=partner_id).exclude(fields=[]).exists()


def standing_terms() -> list[Terms]:
    """Every contract that was not stopped, by partner."""
    found = DisclosureContract.objects.filter(stopped_at__isnull=True).order_by("partner__key")
    rows = found.values_list("partner__key", *ContractFacts.__dataclass_fields__)
    return [terms_of(ContractFacts(*row[1:]), row[0]) for row in rows]


def terms_of(facts: ContractFacts, key: str) -> Terms:
    """What the database must know of a contract."""
    fields = tuple(field_called(word) for word in facts.fields)
    return Terms(facts.partner_id, key, facts.id, fields, facts.brand, facts.topic)


def release_is_valid(release_id: int, key: str, *, on: date) -> bool:
    """Whether that file was this partner's, and may still be used on a day."""
    return PartnerRelease.objects.filter(id=release_id, contract__partner__key=key, expires_on__gte=on).exists()


def passed_on(opened: Opened) -> list[PassedOn]:
    """Every time this customer's data left, the newest first."""
    return [PassedOn(*row) for row in ask(WRITER, _PASSED_ON, [opened.id])]


def releases_with(pseudonyms: Sequence[str]) -> list[tuple[str, int, datetime, int]]:
    """Of found pseudonyms: with which partner they stand, in which release of when, and how many of them were in it.

    The house's own question, when a partner's file turns up; the release that held most first.
    """
    return [
        (partner, int(number), at, int(held)) for partner, number, at, held in ask(WRITER, _WITH, [list(pseudonyms)])
    ]


_WITH = """
SELECT k.name, r.id, r.made_at, count(*)
  FROM partner_pseudonym p JOIN partner k ON k.id = p.partner_id JOIN released_person w ON w.customer_id = p.customer_id
  JOIN partner_release r ON r.id = w.release_id JOIN disclosure_contract c ON c.id = r.contract_id
 WHERE p.pseudonym = ANY (%s) AND c.partner_id = p.partner_id
 GROUP BY k.name, r.id, r.made_at ORDER BY 4 DESC, r.id DESC LIMIT 20
"""
_PASSED_ON = """
SELECT r.made_at, p.name, c.purpose, r.content, r.expires_on
  FROM released_person w JOIN partner_release r ON r.id = w.release_id
  JOIN disclosure_contract c ON c.id = r.contract_id JOIN partner p ON p.id = c.partner_id
 WHERE w.customer_id = %s ORDER BY r.id DESC
"""


def _for_the_office(by: Asker) -> None:
    if by.view != "personal" or by.role == "customer":
        raise Denied("disclosures_are_the_officers")
