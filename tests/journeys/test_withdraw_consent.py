"""Ann withdraws: it holds for the next statement of everybody, and what was planned is called off with its reason."""

from datetime import timedelta

import pytest

from regulars.journeys.withdraw_consent import set_choice, withdraw_consent
from regulars.records.access_log.models import AccessEntry, ChangeEntry
from regulars.records.campaigns.models import Campaign
from regulars.records.choices.models import ChoiceEntry
from regulars.records.company.models import Statement
from regulars.records.contacts.models import Contact
from regulars.records.customers.models import Customer
from regulars.records.segments.models import Segment
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob
from tests.story import contact

pytestmark = pytest.mark.usefixtures("house")


def herself(who: Customer) -> Asker:
    return Asker(f"customer {who.number}", "customer", "personal", "oversight")


def planned(who: Customer, channel: str, state: str = "waiting", purpose: str = "direct_marketing") -> Contact:
    count = Campaign.objects.count()
    segment, _ = Segment.objects.get_or_create(
        key="s", defaults={"name": "S", "rule": {}, "made_by": "Mia", "made_at": NOON}
    )
    campaign = Campaign.objects.create(
        key=f"c-{count}", name="Spring", channel=channel, purpose=purpose, reason="due", segment=segment,
        threshold=0.03, expected_response=0.04, currency="CNY", owner="Mia", made_at=NOON,
    )  # fmt: skip
    return Contact.objects.get(id=contact(who, campaign, channel, state, NOON))


def states(*contacts: Contact) -> list[str]:
    return [Contact.objects.get(id=one.id).state for one in contacts]


def test_bob_is_refused_the_minute_he_withdraws() -> None:
    who = ann()
    waiting, held, reserved = (planned(who, "email", state) for state in ("waiting", "held", "reserved"))
    sent, service = planned(who, "email", "sent"), planned(who, "email", purpose="service")
    made = withdraw_consent(who.number, by=herself(who), source="portal", at=NOON)
    assert (made.before, made.value, made.called_off) == ("granted", "denied", 3)
    assert states(waiting, held, reserved, sent, service) == ["cancelled", "cancelled", "cancelled", "sent", "waiting"]
    assert not Customer.objects.using("marketing").filter(id=who.id).exists()
    assert not Customer.objects.using("delivery").filter(id=who.id).exists()


def test_a_cancelled_contact_says_which_rule_said_no() -> None:
    who = ann()
    by_mail, by_letter = planned(who, "email"), planned(who, "letter")
    withdraw_consent(who.number, by=herself(who), source="portal", at=NOON, channel="email")
    assert states(by_mail, by_letter) == ["cancelled", "waiting"]
    by_mail.refresh_from_db()
    [no] = [said for said in by_mail.reasons if said["answer"] == "stop"]
    assert (no["rule"], no["code"], no["values"]["channel"], by_mail.strip[2]) == (
        "channel",
        "channel_closed",
        "email",
        "s",
    )
    assert len(by_mail.reasons) == 9


def test_the_ledger_keeps_way_statement_and_words_and_the_log_says_who() -> None:
    who = ann()
    Statement.objects.create(version=3, language="en", body="…", in_force_at=NOON - timedelta(days=1))
    made = set_choice(
        who.number, purpose="sensitive_use", value="granted", by=DORA, because="choice", source="counter",
        wording="Use my sizes to advise me", at=NOON,
    )  # fmt: skip
    entry = ChoiceEntry.objects.latest("id")
    assert (entry.by, entry.source, entry.statement_version, entry.wording, entry.at) == (
        "Dora", "counter", 3, "Use my sizes to advise me", made.at,
    )  # fmt: skip
    change = ChangeEntry.objects.latest("id")
    assert (change.who, change.field, change.old, change.new) == ("Dora", "sensitive_use", "unset", "granted")
    assert AccessEntry.objects.filter(door="open_customer", because="choice", customer_id=who.id).exists()


@pytest.mark.parametrize("by", [MIA, STEN])
def test_who_neither_serves_nor_is_the_customer_records_nothing(by: Asker) -> None:
    """Attack 26."""
    who = ann()
    with pytest.raises(Denied, match="choices_not_for_this_role"):
        withdraw_consent(who.number, by=by, source="counter", at=NOON)
    assert ChoiceEntry.objects.filter(customer=who).count() == 1
    assert AccessEntry.objects.latest("id").allowed is False


def test_emil_may_record_what_reached_him() -> None:
    who = bob()
    made = set_choice(who.number, purpose="direct_marketing", value="granted", by=EMIL, because="choice",
                      source="officer", wording="", at=NOON)  # fmt: skip
    assert (made.before, made.called_off) == ("denied", 0)
    assert Customer.objects.using("marketing").filter(id=who.id).exists()


def test_a_way_nobody_knows_is_refused() -> None:
    with pytest.raises(BadInput, match="choice_source_unknown"):
        withdraw_consent(ann().number, by=DORA, source="gossip", at=NOON)


def test_when_something_breaks_half_way_nothing_has_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    who = ann()
    waiting = planned(who, "email")

    def breaks(*_args: object, **_more: object) -> int:
        raise RuntimeError("half-way")

    monkeypatch.setattr("regulars.journeys.withdraw_consent.cancel_waiting", breaks)
    with pytest.raises(RuntimeError, match="half-way"):
        withdraw_consent(who.number, by=herself(who), source="portal", at=NOON)
    assert ChoiceEntry.objects.filter(customer=who).count() == 1
    assert states(waiting) == ["waiting"]
    assert Customer.objects.using("marketing").filter(id=who.id).exists()
