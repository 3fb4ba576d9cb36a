"""A dump of what streams brought and what recognition keeps: tables that are younger than the first search of a dump.

Programs send what they like where they like: a mail as a user id, a phone in a name, an address in a path.
"""

import pytest

from regulars.journeys.recognise_likely import recognise_typed
from regulars.journeys.tell_people import tell_people
from regulars.records.customers.models import Customer, CustomerRef, RecognitionMark, SearchToken
from regulars.records.events.models import Event, ToldTraits
from regulars.records.merging.models import DifferentPair, ReviewPair
from regulars.records.merging.reviewing import put_up_for_review, say_different
from regulars.records.set_aside.models import RefusedRow
from regulars.rules.identity.model import Match, Step
from regulars.rules.identity.pairs import DoubtfulPair
from tests.attacks.looking_for import found_in
from tests.attacks.test_thief import dumped, secrets_kept
from tests.cast import NOON, STEN, ann, bob
from tests.journeys.order_files import open_shop
from tests.journeys.test_receive_events import identify, secret, sent, track
from tests.story import findable

__all__ = ["secret"]  # a fixture of the streams' own tests

pytestmark = pytest.mark.usefixtures("house")

MAIL, ENCODED, PHONE, STREET = "zoe.quist@example.org", "zoe.quist%40example.org", "+8613900007654", "Bahnhofstrasse 77"
OTHERS = ("yan.quist@example.org", "+8613900007655", "139 0000 7656", "xaver@example.org", "+41446681800")
WORDS = {
    MAIL, ENCODED, PHONE, PHONE[3:], STREET, "yan.quist", "13900007655", "139 0000 7656", "13900007656", "xaver@",
    "+41446681800", "446681800", "446 68 18", "hazelnut-9",
}  # fmt: skip


def brought(secret: str) -> None:
    """Everything a program may send in the wrong place, by somebody who is known and by somebody who is not."""
    sent(
        secret,
        identify(MAIL, anonymousId=f"device of {MAIL}", messageId=f"m {MAIL}",
                 traits={"email": MAIL, "phone": PHONE, "street": STREET, "firstName": "Zoë", "note": "hazelnut-9"}),
        identify(PHONE, anonymousId=PHONE, traits={"phone": PHONE}),
        {"type": "alias", "previousId": OTHERS[0], "userId": PHONE},
        {"type": "group", "groupId": OTHERS[3], "userId": "M-1"},
    )  # fmt: skip
    tell_people(at=NOON)
    sent(
        secret,
        track(f"Called {OTHERS[1]}", userId=MAIL, messageId=OTHERS[1]),
        track(f"Wrote to {OTHERS[0]}", userId=PHONE, properties={"note": STREET, OTHERS[0]: "x", "phone": OTHERS[1]}),
        track("Cart (139 0000 7656) left", userId="13900007655"),
        {"type": "page", "anonymousId": "c-1", "properties": {"title": f"Account of {OTHERS[0]}"}},
        {"type": "page", "anonymousId": "c-1", "properties": {"path": f"/account/{MAIL}"}},
        {"type": "page", "anonymousId": "c-1", "name": "x", "properties": {"url": f"https://shop/u/{ENCODED}/?m={MAIL}"},
         "context": {"page": {"path": f"/u/{ENCODED}"}, "campaign": {"name": OTHERS[0], "term": OTHERS[1]}}},
        {"type": "screen", "userId": MAIL, "name": f"Chat with {OTHERS[3]}"},
        track("Seen", userId=MAIL, properties={"label": "+41 (44)  668  18  00", "products": [{"sku": OTHERS[4]}]}),
        {"type": "dance", "userId": OTHERS[0], "event": OTHERS[1]}, track(userId=OTHERS[3], properties=3),
    )  # fmt: skip
    tell_people(at=NOON)
    sent(secret, identify(OTHERS[0], traits={"email": "no address", "phone": "139 0000", "street": STREET}))


def test_a_dump_of_what_streams_brought_names_no_way_to_reach_anybody(secret: str) -> None:
    open_shop()
    brought(secret)
    assert Event.objects.count() >= 8
    assert Customer.objects.count() >= 4
    assert ToldTraits.objects.exists(), "something waits to be told"
    assert RefusedRow.objects.count() >= 2
    for dump in (dumped(), dumped("--inserts")):
        assert found_in(dump, WORDS | (secrets_kept() - {""})) == []


def test_an_event_whose_name_says_whom_is_still_known_by_what_happened(secret: str) -> None:
    """The name of everybody's event stays what it is; what stood in it of her lies sealed with the rest."""
    open_shop()
    brought(secret)
    names = set(Event.objects.values_list("name", flat=True))
    assert {"Called …", "Wrote to …", "Cart (…) left", "Account of …", "/account/…", "Chat with …", "Seen"} <= names
    assert sum(one.free is not None for one in Event.objects.filter(name__contains="…")) >= 3


def test_a_phone_among_numbers_is_the_same_customer_however_it_is_sent(secret: str) -> None:
    open_shop()
    sent(secret, identify(PHONE, traits={"firstName": "Zoë"}))
    tell_people(at=NOON)
    sent(secret, track(userId=PHONE, messageId="m-1"), track(userId=" +86 139-0000-7654", messageId="m-2"))
    tell_people(at=NOON)
    assert CustomerRef.objects.get().ref.startswith("phone:")
    assert set(Event.objects.values_list("customer_id", flat=True)) == {Customer.objects.get().id}


def test_a_dump_of_pairs_marks_and_tokens_names_no_way_to_reach_anybody() -> None:
    open_shop()
    one, other = ann(), bob()
    findable(one), findable(other)
    put_up_for_review([DoubtfulPair(one.id, other.id, Match((Step("phone", "same", 11.5),)))], by=STEN)
    say_different(one.id, other.id, by=STEN, because="two cards, two people")
    recognise_typed("An Archer +15550100001 ann@exampel.com", by=STEN, because="x")
    assert ReviewPair.objects.exists() and DifferentPair.objects.exists()
    assert RecognitionMark.objects.exists()
    assert SearchToken.objects.filter(token__startswith="p:").exists()
    words = (secrets_kept() - {"wool"}) | {
        "5550100001",
        "5550100002",
        "ann@exampel.com",
        "0100001",
        "elm street",
        "oak street",
    }
    for dump in (dumped(), dumped("--inserts")):
        assert found_in(dump + dump.lower(), words) == []
