"""The writing door of the register. What is stopped stays in the book; what left stays in the book."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction

from regulars.connections.postgres.arrays import array_of, array_of_numbers
from regulars.records.access_log.actions import note_change
from regulars.records.customers.alive import held_alive
from regulars.records.customers.keys import cursor_of
from regulars.records.disclosures.models import (
    BoughtData,
    DisclosureContract,
    Partner,
    PartnerRelease,
)
from regulars.rules.page_keys import is_page_key
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere
from regulars.rules.privacy.partners import pseudonym

KEY: Final = re.compile(r"[a-z][a-z0-9_]{1,23}\Z")


@dataclass(frozen=True, slots=True)
class NewContract:
    """What has to be said of a contract before it stands."""

    ref: str
    purpose: str
    fields: Sequence[str]
    promises: str
    valid_from: date
    valid_until: date
    permission: str = "consent"
    least: int = 10
    brand: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class NewBought:
    """What has to be said of data that was bought."""

    what: str
    permission: str
    bought_on: date
    source_ref: str = ""
    rows: int = 0
    price_minor: int = 0
    currency: str = ""
    valid_until: date | None = None


def name_partner(
    key: str, *, name: str, name_zh: str = "", country: str = "", answers: str = "", by: Asker, at: datetime
) -> int:
    """The number of the new partner. BadInput for a bad or taken key, or no name."""
    if not KEY.match(key) or not name.strip():
        raise BadInput("partner_unclear", {"partner": key[:40]})
    if not is_page_key(key):
        raise BadInput("key_not_possible", {"key": key})
    if Partner.objects.filter(key=key).exists():
        raise BadInput("partner_taken", {"partner": key})
    with transaction.atomic():
        made = Partner.objects.create(
            key=key, name=name.strip(), name_zh=name_zh.strip(), country=country.upper(), answers=answers.strip(),
            made_by=by.name, made_at=at,
        )  # fmt: skip
        _noted(by, "partner", key, None, name)
    return int(made.id)


def write_contract(partner_id: int, new: NewContract, *, by: Asker, at: datetime) -> int:
    """The number of the contract that stands from now on; BadInput while another stands or when it says too little."""
    said = (new.ref.strip(), new.purpose.strip(), new.promises.strip(), new.permission.strip())
    if not all(said) or new.least < 2:
        raise BadInput("contract_says_too_little", {"ref": new.ref[:80]})
    if new.valid_until < new.valid_from:
        raise BadInput("contract_ends_before_it_begins", {"from": new.valid_from, "until": new.valid_until})
    if DisclosureContract.objects.filter(partner_id=partner_id, stopped_at__isnull=True).exists():
        raise BadInput("contract_stands_already", {"ref": new.ref[:80]})
    with transaction.atomic():
        made = DisclosureContract.objects.create(
            partner_id=partner_id, made_by=by.name, made_at=at, **asdict(new) | {"fields": list(new.fields)}
        )
        _noted(by, f"disclosure_contract {made.id}", "ref", None, new.ref)
    return int(made.id)


def stop_contract(contract_id: int, *, because: str, by: Asker, at: datetime) -> None:
    """Nothing leaves under it any more, from the next statement; NotThere when it does not stand."""
    standing = DisclosureContract.objects.filter(id=contract_id, stopped_at__isnull=True)
    if not standing.update(stopped_at=at, stopped_because=because):
        raise NotThere("no_such_contract", {"contract": contract_id})
    _noted(by, f"disclosure_contract {contract_id}", "stopped", None, because)


def keep_pseudonyms(partner_id: int, key: bytes) -> int:
    """Everybody who grants disclosure has a name with this partner; how many are new. Nobody who does not gets one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WITHOUT_A_NAME, [partner_id])
        named = {int(who): pseudonym(int(who), key) for (who,) in cursor.fetchall()}  # nobody is held for so long
        people = sorted(held_alive(named))
        names = array_of(named[who] for who in people)
        cursor.execute(_NAMED, [partner_id, array_of_numbers(people), names])
    return len(people)


def held_by_name(partner_id: int, pseudonyms: Iterable[str]) -> frozenset[str]:
    """Those of the names that are still somebody's: nobody of them is erased before this transaction has ended."""
    found = cursor_of("default").execute(_STILL_NAMED, [partner_id, sorted(set(pseudonyms))])
    return frozenset(name for (name,) in found)


_WITHOUT_A_NAME = """
SELECT c.id FROM customer c WHERE c.allows_disclosure AND c.erased_at IS NULL
   AND NOT EXISTS (SELECT FROM partner_pseudonym p WHERE p.partner_id = %s AND p.customer_id = c.id)
"""


_NAMED = """
INSERT INTO partner_pseudonym (partner_id, customer_id, pseudonym)
SELECT %s, told.* FROM unnest(%s::bigint[], %s::text[]) told
    ON CONFLICT DO NOTHING
"""

_STILL_NAMED = """
SELECT p.pseudonym FROM partner_pseudonym p JOIN customer c ON c.id = p.customer_id AND c.erased_at IS NULL
 WHERE p.partner_id = %s AND p.pseudonym = ANY (%s) ORDER BY c.id FOR KEY SHARE OF c
"""


def note_release(
    contract_id: int, *, kind: str, content: str, people: Iterable[str], rows: int, file_digest: str, expires_on: date,
    because: str, by: Asker, at: datetime,
) -> int:  # fmt: skip
    """The number of the release, with everybody who is in it (by this partner's pseudonyms). Before the file is handed
    out: what no book knows does not leave."""
    with transaction.atomic():
        made = PartnerRelease.objects.create(
            contract_id=contract_id, kind=kind, content=content, rows=rows, file_digest=file_digest,
            expires_on=expires_on, because=because, made_by=by.name, made_at=at,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_PEOPLE, [made.id, contract_id, list(people)])
        _noted(by, f"partner_release {made.id}", "rows", None, rows)
    return int(made.id)


_PEOPLE = """
INSERT INTO released_person (release_id, customer_id)
SELECT %s, p.customer_id FROM partner_pseudonym p JOIN disclosure_contract c ON c.partner_id = p.partner_id
 WHERE c.id = %s AND p.pseudonym = ANY (%s)
"""


def note_bought(partner_id: int, new: NewBought, *, by: Asker, at: datetime) -> int:
    """The number of the entry; BadInput without what it is and under which permission it was bought."""
    if not new.what.strip() or not new.permission.strip():
        raise BadInput("bought_says_too_little", {})
    made = BoughtData.objects.create(partner_id=partner_id, noted_by=by.name, noted_at=at, **asdict(new))
    _noted(by, f"bought_data {made.id}", "what", None, new.what)
    return int(made.id)


def _noted(by: Asker, subject: str, field: str, old: object, new: object) -> None:
    note_change(by, door="disclosures", subject=subject, field=field, old=old, new=new, customer_id=None)
