"""A consent receipt has every field its page describes, says what holds now, and names purposes as others know them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from regulars.rules.permission.choices import PURPOSES
from regulars.rules.permission.youth import GROWN, Youth, youth_of
from regulars.rules.privacy.categories import USE_OF
from regulars.rules.privacy.dpv import PURPOSE
from regulars.rules.privacy.receipts import Holder, receipt
from tests.house.files import PROJECT

AT = datetime(2026, 3, 12, 12, tzinfo=UTC)
PAGE = PROJECT / "docs" / "reference" / "consent-receipt.md"


@dataclass(frozen=True)
class Kept:
    """An entry as the ledger has it."""

    id: int
    value: str = "granted"
    purpose: str = "direct_marketing"
    channel: str = ""
    brand: str = ""
    topic: str = ""
    by_guardian: bool = False
    at: datetime = AT
    by: str = "Dora"
    source: str = "counter"
    statement_version: int | None = 3
    wording: str = "Yes, write to me"


def told(*history: Kept, who: Youth = GROWN) -> dict[str, Any]:
    holder = Holder("C-1", "CN", who, "Shop", "zh-hans", "https://shop/me/statement/", "https://shop/me/")
    return receipt(history, holder, receipt_id="r-1", at=AT)


def keys_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        yield from (key for part in value.values() for key in keys_in(part))
    elif isinstance(value, list):
        yield from (key for part in value for key in keys_in(part))


def test_the_page_and_the_receipt_name_the_same_fields() -> None:
    cells = re.findall(r"^\| (`.+?) \|", PAGE.read_text(), re.MULTILINE)
    described = {word for cell in cells for name in re.findall(r"`([\w.]+)`", cell) for word in name.split(".")}
    for field in ("party_identification", r"pii_processing\.purposes"):
        [line] = re.findall(rf"^\| `{field}` \|(.*)$", PAGE.read_text(), re.MULTILINE)
        described |= set(re.findall(r"`(\w+)`", line))
    said = {"pii_controller", "pii_principal", "automated_decision"}
    assert set(keys_in(told(Kept(1)))) == described - said


def test_an_event_keeps_who_how_when_and_under_which_words() -> None:
    [record] = told(Kept(7))["records"]
    assert record["events"] == [{
        "event_id": "7", "event_time": AT.isoformat(), "event_type": "consent_given", "event_state": "granted",
        "entity_id": "principal", "recorded_by": "Dora", "collection_method": "counter", "notice_version": 3,
        "wording": "Yes, write to me",
    }]  # fmt: skip


def test_every_word_is_told_and_the_state_is_that_of_now() -> None:
    said = [Kept(1), Kept(2, "denied", channel="email"), Kept(3, "unset"), Kept(4, brand="tea", value="denied")]
    states = {one["record_id"]: one["consent_state"] for one in told(*said)["records"]}
    assert states == dict.fromkeys(
        ("C-1/direct_marketing", "C-1/direct_marketing/email", "C-1/direct_marketing/tea"), "not_given"
    )
    whole = told(*said)["records"][0]
    assert [one["event_type"] for one in whole["events"]] == ["consent_given", "consent_taken_back"]
    assert told(Kept(1))["records"][0]["consent_state"] == "given"


def test_a_childs_own_yes_is_told_and_given_only_by_her_guardian() -> None:
    child = youth_of("CN", "CN", date(2018, 3, 1), on=AT.date())
    own, guardians = Kept(1, purpose="sensitive_use"), Kept(2, purpose="sensitive_use", by_guardian=True)
    assert told(own, who=child)["records"][0]["consent_state"] == "not_given"
    [record] = told(own, guardians, who=child)["records"]
    assert record["consent_state"] == "given"
    assert [one["entity_id"] for one in record["events"]] == ["principal", "guardian"]


def test_a_purpose_is_called_as_in_the_dictionary_that_is_handed_out() -> None:
    """Receipt and dictionary can be laid side by side: one name for one purpose in each vocabulary."""
    for purpose in PURPOSES:
        [said] = told(Kept(1, purpose=purpose))["records"][0]["pii_processing"]["purposes"]
        assert (said["data_use"], said["purpose_type"]) == (USE_OF[purpose], f"https://w3id.org/dpv#{PURPOSE[purpose]}")
