"""Events come in: kept once, joined to whose they are, set aside with a reason, or not kept."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from regulars.desks.shared.customer_words import scores_said
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.let_go import keep_no_longer, let_rule_go
from regulars.journeys.open_customer import open_card
from regulars.journeys.open_stream import say_how_read
from regulars.journeys.receive_events import Receipt, receive_events
from regulars.journeys.tell_people import close_days, tell_people
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import Customer, CustomerRef
from regulars.records.events import batches
from regulars.records.events.batches import listen, take_news
from regulars.records.events.models import CustomerEvents, Event, EventBatch, ToldTraits, VisitorLink
from regulars.records.events.reading import LONGEST_SCORE, EventDay, events_of
from regulars.records.events.write_keys import make_write_key, recognise
from regulars.records.intake.actions import ensure_source
from regulars.records.intake.models import ImportRun, Source
from regulars.records.set_aside.models import RefusedRow
from regulars.rules.permission.errors import BadInput, Denied
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, reached_by

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def secret(house: None) -> str:
    """The write key of the web shop."""
    source = ensure_source("shop", by=STEN, at=NOON)
    return make_write_key(source.id, "site", by=STEN, at=NOON)[1]


def sent(secret: str, *members: Any, at: Any = NOON, **more: Any) -> Receipt:
    """A batch as a client sends it."""
    key = recognise(secret)
    assert key is not None
    return receive_events({"batch": list(members), **more}, key=key, at=at, size=1_000, call="batch")


def track(event: str = "Product Viewed", **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, **more}


def identify(user: str, **more: Any) -> dict[str, Any]:
    return {"type": "identify", "userId": user, **more}


def test_an_event_is_kept_once_however_often_it_comes(secret: str) -> None:
    seen = track(userId="M-1", messageId="m-1", timestamp="2026-03-12T11:00:00Z")
    assert sent(secret, seen).kept == 1
    again = sent(secret, seen, seen | {"timestamp": "2026-01-03T11:00:00Z"}, at=NOON + timedelta(days=60))
    assert (again.kept, again.repeated) == (0, 2)
    assert Event.objects.count() == 1


def test_what_ann_did_before_she_signed_in_is_hers_afterwards(secret: str) -> None:
    sent(secret, track(anonymousId="cookie-1", messageId="m-1"), track(anonymousId="cookie-2", messageId="m-2"))
    sent(secret, identify("M-1", anonymousId="cookie-1", traits={"email": "ann@example.com", "firstName": "Ann"}))
    assert tell_people(at=NOON) == 1
    made = Customer.objects.get()
    assert (made.given_name, made.stage) == ("Ann", "prospect")
    assert reached_by(made) == [("email", "ann@example.com")]
    assert list(Event.objects.values_list("customer_id", flat=True).order_by("id")) == [made.id, None]
    sent(secret, track(anonymousId="cookie-1", messageId="m-3"))
    assert CustomerEvents.objects.get(customer=made).events == 2


def test_a_known_customer_is_found_by_the_number_of_her_source(secret: str) -> None:
    who = ann()
    source = ensure_source("shop", by=STEN, at=NOON)
    CustomerRef.objects.create(source_id=source.id, ref="M-1", customer=who)
    sent(secret, track(userId="M-1"), track("Order Completed", userId="M-1", properties={"revenue": 90}))
    assert [*Event.objects.order_by("id").values_list("customer_id", "kind")] == [(who.id, "web"), (who.id, "order")]
    assert CustomerEvents.objects.get(customer=who).events == 2


def test_the_newest_word_about_a_person_holds_in_whatever_order_it_comes(secret: str) -> None:
    def at(hour: int, **traits: Any) -> dict[str, Any]:
        return identify("M-1", traits=traits, timestamp=f"2026-03-12T{hour:02}:00:00Z", messageId=f"m-{hour}")

    lyon, graz = {"city": "Lyon", "country": "FR"}, {"city": "Graz", "country": "AT"}
    sent(secret, at(11, address=lyon, name="Ann Archer"), at(9, address=graz, name="Ann Miller", language="de"))
    tell_people(at=NOON)
    one = Customer.objects.get()
    assert (one.name, one.city, one.country, one.language) == ("Ann Archer", "Lyon", "FR", "de")
    sent(secret, at(10, address=graz, name="Ann Miller", language="fr", gender="female", email="ann@example.com"))
    sent(secret, at(8, email="old@example.com", phone="+4915112345678"))
    tell_people(at=NOON)
    one = Customer.objects.get()
    assert (one.name, one.city, one.language, one.sex) == ("Ann Archer", "Lyon", "de", "female")
    assert one.name_sort == "archer ann"
    assert reached_by(one) == [("email", "ann@example.com"), ("phone", "+4915112345678")]
    sent(secret, at(12, address=graz))
    tell_people(at=NOON)
    assert Customer.objects.get().city == "Graz"


def test_a_tablet_that_ann_and_bob_share_makes_nobody_of_both(secret: str) -> None:
    sent(secret, track(anonymousId="tablet", messageId="m-1"), identify("ann", anonymousId="tablet"))
    tell_people(at=NOON)
    sent(secret, identify("bob", anonymousId="tablet"), track(anonymousId="tablet", messageId="m-2"))
    tell_people(at=NOON)
    sent(secret, track(anonymousId="tablet", messageId="m-3"))
    anns = CustomerRef.objects.get(ref="ann").customer_id
    bobs = CustomerRef.objects.get(ref="bob").customer_id
    assert anns != bobs
    assert [*Event.objects.order_by("id").values_list("customer_id", flat=True)] == [anns, anns, None]
    assert VisitorLink.objects.get(shared=True).customer_id is None


def test_an_alias_joins_the_earlier_id_but_never_two_known_people(secret: str) -> None:
    sent(secret, track(userId="old-1", messageId="m-1"), {"type": "alias", "previousId": "old-1", "userId": "M-1"})
    tell_people(at=NOON)
    people = {ref.ref: ref.customer_id for ref in CustomerRef.objects.all()}
    assert set(people) == {"old-1", "M-1"}  # old-1 was heard of in the same breath, so both are known
    assert Event.objects.get().customer_id == people["old-1"]
    sent(secret, track(anonymousId="c-9", messageId="m-2"), {"type": "alias", "previousId": "c-9", "userId": "M-1"})
    tell_people(at=NOON)
    assert Event.objects.order_by("-id")[0].customer_id == people["M-1"]


def test_what_bob_denied_is_counted_and_not_kept(secret: str) -> None:
    said = {"consent": {"categoryPreferences": {"analytics": False}}}
    got = sent(secret, track(userId="bob", context=said), identify("bob", context=said))
    assert (got.kept, got.denied) == (0, 2)
    assert not Event.objects.exists()
    assert EventBatch.objects.get().denied == 2


def test_a_survey_stands_on_the_card_with_what_was_answered(secret: str) -> None:
    sent(secret, identify("M-1", traits={"name": "Ann Archer"}))
    tell_people(at=NOON)
    for score, hour in ((7, 9), ("4.5", 10), (None, 11)):
        sent(secret, track("Survey Answered", userId="M-1", timestamp=f"2026-03-12T{hour:02}:00:00Z",
                           properties={"score": score} if score else {}))  # fmt: skip
    sent(secret, track(userId="M-1", timestamp="2026-03-12T11:30:00Z", properties={"score": 99}))
    sent(
        secret,
        track("Survey Answered", userId="M-1", timestamp="2026-03-11T09:00:00Z", properties={"score": "x" * 100}),
    )
    number = Customer.objects.get().number
    moments = open_card(number, by=DORA, because="call", at=NOON).timeline.moments
    days = [one.what for one in moments if isinstance(one.what, EventDay)]
    told = {(one.kind, one.at.day): one.scores for one in days}
    assert told == {("survey", 12): ("4.5", "7"), ("web", 12): (), ("survey", 11): ("x" * LONGEST_SCORE,)}
    assert [scores_said(told[kind, 12]) for kind in ("survey", "web")] == ["answered with 4.5, 7", ""]


def test_members_that_cannot_be_read_are_set_aside_and_the_rest_is_kept(secret: str) -> None:
    wrong = [None, [], {"type": "dance"}, {"type": ["track"]}, {"type": {}}, track(""), track(),
             track(userId="x" * 300), track(userId="a", properties=3),
             track(userId="a", timestamp="yesterday"), track(userId="a", timestamp="2031-01-01T00:00:00Z"),
             track(userId="a", timestamp="1999-01-01T00:00:00Z"), track("a\x00b", userId="a")]  # fmt: skip
    got = sent(secret, *wrong, track(userId="a", properties={"a\x00": 1, "sku": "\x00"}))
    assert got.kept == 1
    assert [reason for _, reason in got.refused] == [
        "event_no_object", "event_no_object", *["event_call_unknown"] * 3, *["event_without_person"] * 2,
        "event_id_unreadable", "event_field_unreadable", "event_time_unreadable", "event_in_future", "event_too_old",
        "event_field_unreadable",
    ]  # fmt: skip


def test_a_batch_that_is_none_is_refused(secret: str) -> None:
    key = recognise(secret)
    assert key is not None
    for told in (None, [], {"batch": "x"}, {}):
        with pytest.raises(BadInput):
            receive_events(told, key=key, at=NOON, size=10, call="batch")


def test_an_erased_customer_leaves_nothing_in_her_events(secret: str) -> None:
    sent(secret, track(anonymousId="cookie", messageId="m-0"), identify("M-1", anonymousId="cookie"))
    tell_people(at=NOON)
    who = Customer.objects.get()
    sent(secret, track(userId="M-1", messageId="m-1", properties={"sku": "A-1", "wish": "a coat for my mother"}))
    sent(secret, identify("M-1", traits={"phone": "+8613800138000"}))
    assert Event.objects.get(message_key__isnull=False, free__isnull=False).customer_id == who.id
    left = erase_customer(who.number, by=EMIL, because="she asked", reference="T-1", at=NOON)
    assert left.closed["events"] == 2
    assert [(one.name, one.properties, one.free, one.visitor) for one in Event.objects.all()] == [
        ("", {}, None, None)
    ] * 2
    assert not VisitorLink.objects.exists()
    assert not ToldTraits.objects.exists()
    assert not CustomerEvents.objects.exists()
    assert sent(secret, track(userId="M-1", messageId="m-1")).repeated == 1, "an old message does not come back"
    sent(secret, track(anonymousId="cookie", messageId="m-9"))
    assert Event.objects.order_by("-id")[0].customer_id is None


def test_free_values_are_sealed_under_her_own_key_and_of_nobody_are_not_kept(secret: str) -> None:
    sent(secret, identify("M-1"))
    tell_people(at=NOON)
    wish = {"wish": "a coat for ann@example.com"}
    sent(secret, track(userId="M-1", properties=wish), track(anonymousId="c", properties=wish))
    hers, nobodys = Event.objects.order_by("id")
    assert nobodys.free is None
    assert b"ann@example.com" not in bytes(hers.free)
    for by, said in ((EMIL, wish), (DORA, None)):
        opened, _ = open_customer(Customer.objects.get().number, by=by, because="T-1")
        (seen,) = events_of(opened, before=NOON + timedelta(days=1))
        assert seen.free == said


def test_what_streams_say_about_persons_lies_sealed_until_it_is_told(secret: str) -> None:
    sent(secret, identify("ann@example.com", traits={"email": "ann@example.com"}))
    (waiting,) = ToldTraits.objects.all()
    assert "ann@example.com" not in waiting.ref
    assert b"ann@example.com" not in bytes(waiting.traits)
    tell_people(at=NOON)
    assert "@" not in CustomerRef.objects.get().ref
    assert not ToldTraits.objects.exists()


def test_a_trait_that_cannot_be_read_is_set_aside_and_the_rest_is_told(secret: str) -> None:
    sent(secret, identify("M-1", traits={"email": "no address", "name": "Ann Archer", "birthday": "the fifth"}))
    tell_people(at=NOON)
    assert Customer.objects.get().name == "Ann Archer"
    assert set(RefusedRow.objects.values_list("reason", flat=True)) == {"not_an_email", "not_a_date"}


def test_a_name_of_ten_thousand_letters_is_kept_whole_and_a_longer_one_not_at_all(secret: str) -> None:
    sent(secret, identify("M-1", traits={"name": "王" * 10_000}), identify("M-2", traits={"name": "王" * 10_001}))
    tell_people(at=NOON)
    assert [len(one.name or "") for one in Customer.objects.order_by("id")] == [10_000, 0]
    assert RefusedRow.objects.get().reason in ("too_long", "text_too_long")


def test_the_stewards_words_decide_how_a_stream_is_read(secret: str) -> None:
    say_how_read("shop", kind="till", categories=("Functional",), opened=("dish",), by=STEN)
    consent = {"consent": {"categoryPreferences": {"Functional": True, "Advertising": False}}}
    got = sent(secret, track("Paid", userId="M-1", context=consent, properties={"dish": "Peking duck"}))
    assert got.kept == 1
    one = Event.objects.get()
    assert one.kind == "till"
    assert "Peking duck" in str(one.properties)
    with pytest.raises(Denied):
        say_how_read("shop", by=MIA)


def test_an_event_on_its_way_when_its_visitor_is_joined_is_hers_soon(secret: str) -> None:
    sent(secret, identify("M-1", anonymousId="cookie"))
    tell_people(at=NOON)
    sent(secret, track(anonymousId="cookie", messageId="m-1"))
    Event.objects.update(customer=None)
    tell_people(at=NOON)
    assert Event.objects.get().customer_id == Customer.objects.get().id


def test_events_that_have_outlived_their_keep_go_and_newer_ones_stay(secret: str) -> None:
    sent(secret, track(userId="a", timestamp="2021-01-01T00:00:00Z"), track(userId="a", messageId="m-2"))
    let_rule_go("event.properties", True, by=EMIL, at=NOON)
    assert keep_no_longer(at=NOON) == {"event.properties": 1}
    assert Event.objects.get().occurred_at == NOON


def test_a_reader_hears_of_every_batch_once_and_of_none_if_it_could_not_act(secret: str) -> None:
    listen("triggers", at=NOON)
    sent(secret, track("Order Completed", userId="a", messageId="m-1"), track(anonymousId="c", messageId="m-2"))
    with suppress(ZeroDivisionError), transaction.atomic():
        assert len(list(take_news("triggers"))) == 2
        raise ZeroDivisionError
    with transaction.atomic():
        assert [one.name for one in take_news("triggers")] == ["Order Completed", "Product Viewed"]
    with transaction.atomic():
        assert not list(take_news("triggers"))


def test_news_of_a_few_batches_costs_what_they_hold_and_not_a_month(secret: str) -> None:
    listen("triggers", at=NOON)
    for batch in range(100):
        sent(secret, *(track(anonymousId="c", messageId=f"m-{batch}-{n}") for n in range(100)))
    some = list(EventBatch.objects.values_list("id", flat=True)[:40])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {batches._NEWS}", [some, "triggers"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan using event_2026_03_pkey" in plan
    assert "Seq Scan on event_2026_03" not in plan


def test_nights_close_the_days_of_streams(secret: str) -> None:
    sent(secret, track(userId="a", messageId="m-1"), track())
    close_days(at=NOON + timedelta(days=1))
    run = ImportRun.objects.get(kind="events")
    assert (run.state, run.rows_read, run.rows_new, run.rows_refused) == ("finished", 2, 1, 1)


def test_nothing_more_comes_from_a_source_whose_data_may_no_longer_be_kept(secret: str) -> None:
    sent(secret, track(userId="M-1"))
    Source.objects.update(expires_on=NOON.date())
    sent(secret, track(userId="M-1"))
    Source.objects.update(expires_on=NOON.date() - timedelta(days=1))
    with pytest.raises(BadInput, match="source_expired"):
        sent(secret, track(userId="M-1"))
    assert Event.objects.count() == 2
