"""A consent receipt: what a customer said about the use of her data, in the structure of ISO/IEC TS 27560:2023.

A receipt has a header, the parties, and one record for each scope she ever spoke about; a record says what is
processed and lists every event, both ways. Purposes carry their names in fideslang and in DPV, so that a program that
never met this house can read them. docs/reference/consent-receipt.md describes each field.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from regulars.rules.permission.choices import Entry, Scope, covers, scope_of
from regulars.rules.permission.youth import Youth
from regulars.rules.privacy.categories import USE_OF
from regulars.rules.privacy.dpv import CONTEXT, PURPOSE

STANDARD: Final = "ISO/IEC TS 27560:2023"
FORMAT: Final = "regulars/consent-receipt/1"
CONTROLLER: Final = "controller"
EVENTS: Final = {"granted": "consent_given", "denied": "consent_refused", "unset": "consent_taken_back"}


class KeptEntry(Entry, Protocol):
    """An entry with what it rests on: through whom, by which way, under which statement, in which words."""

    @property
    def by(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def statement_version(self) -> int | None: ...
    @property
    def wording(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose receipt it is, and who keeps the data: names and addresses that stand on it."""

    number: str
    jurisdiction: str
    youth: Youth
    controller: str
    language: str
    notice: str
    withdrawal: str


def receipt(history: Sequence[KeptEntry], holder: Holder, *, receipt_id: str, at: datetime) -> dict[str, Any]:
    """The receipt as plain values ready for JSON; `at` and `receipt_id` are the moment and name of this copy."""
    scopes = dict.fromkeys(scope_of(entry) for entry in history)
    return {
        "schema_version": STANDARD,
        "format": FORMAT,
        "receipt_id": receipt_id,
        "receipt_time": at.isoformat(),
        "pii_principal_id": holder.number,
        "party_identification": [
            {"party_id": CONTROLLER, "party_name": holder.controller, "party_role": "pii_controller"},
            {"party_id": "principal", "party_name": holder.number, "party_role": "pii_principal"},
        ],
        "records": [_record(scope, history, holder) for scope in sorted(scopes)],
    }


def _record(scope: Scope, history: Sequence[KeptEntry], holder: Holder) -> dict[str, Any]:
    said = [entry for entry in history if scope_of(entry) == scope]
    named = filter(None, (holder.number, scope.purpose, scope.channel, scope.brand, scope.topic))
    return {
        "schema_version": STANDARD,
        "record_id": "/".join(named),
        "pii_principal_id": holder.number,
        "pii_processing": _processing(scope, holder),
        "consent_state": "given" if covers(scope, history, holder.jurisdiction, holder.youth) else "not_given",
        "events": list(_events(said)),
    }


def _processing(scope: Scope, holder: Holder) -> dict[str, Any]:
    purpose = {
        "purpose": scope.purpose, "purpose_type": f"{CONTEXT['dpv']}{PURPOSE[scope.purpose]}",
        "data_use": USE_OF[scope.purpose], "lawful_basis": "consent", "pii_controllers": [CONTROLLER],
        "channel": scope.channel, "brand": scope.brand, "topic": scope.topic,
    }  # fmt: skip
    return {
        "privacy_notice": holder.notice,
        "language": holder.language,
        "jurisdiction": holder.jurisdiction,
        "purposes": [purpose],
        "withdrawal_method": holder.withdrawal,
        "privacy_rights": holder.withdrawal,
    }


def _events(said: Iterable[KeptEntry]) -> Iterable[dict[str, Any]]:
    for entry in said:
        yield {
            "event_id": str(entry.id),
            "event_time": entry.at.isoformat(),
            "event_type": EVENTS[entry.value],
            "event_state": entry.value,
            "entity_id": "guardian" if entry.by_guardian else "principal",
            "recorded_by": entry.by,
            "collection_method": entry.source,
            "notice_version": entry.statement_version,
            "wording": entry.wording,
        }
