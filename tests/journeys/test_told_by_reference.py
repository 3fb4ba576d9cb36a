"""A source that knows both of two tells of each by her own reference while they are one. Undone, a phone that came by
hers is hers, and so is what her own device did; what was told of both, or under no reference, stays with who stayed."""

from pathlib import Path
from typing import Any

import pytest

from regulars.journeys.open_stream import say_how_read
from regulars.journeys.receive_events import receive_events
from regulars.journeys.tell_people import tell_people
from regulars.records.customers.access import find_customers
from regulars.records.customers.keys import keys_at_hand
from regulars.records.customers.models import Customer, CustomerRef
from regulars.records.events.models import CustomerEvents, Event, VisitorLink
from regulars.records.events.write_keys import make_write_key, recognise
from regulars.records.intake.actions import ensure_source
from regulars.records.merging.models import MergedRows
from tests.cast import DORA, NOON, STEN, reached_by
from tests.journeys.order_files import bring, open_shop, write_rows
from tests.merging import merge, unmerge

pytestmark = pytest.mark.usefixtures("house")
HEADINGS = ("customer_no", "name", "phone", "email", "city")
ANN, ANNE, ANNA = ("N1", "Ann Archer"), ("N2", "Anne Archer"), ("N3", "Anna Archer")
Two = tuple[Customer, Customer]


@pytest.fixture
def files(tmp_path: Path) -> Any:
    """Brings a file of the shop: rows of (whom, phone, mail)."""
    open_shop()
    number = iter(range(100))

    def told(*rows: tuple[tuple[str, str], str, str], source: str = "shop") -> None:
        lines = [[ref, name, phone, mail, "Lyon"] for (ref, name), phone, mail in rows]
        bring(write_rows(tmp_path / f"{next(number)}.csv", lines, HEADINGS), source)

    told((ANN, "+41446680001", ""), (ANNE, "+41446680002", ""), (ANNA, "+41446680003", ""))
    return told


@pytest.fixture
def two(files: Any) -> Two:
    """Ann, into whom Anne was merged."""
    ann, anne = who(ANN), who(ANNE)
    merge(anne, ann)
    return ann, anne


def who(of: tuple[str, str]) -> Customer:
    return CustomerRef.objects.select_related("customer").get(ref=of[0]).customer


def phones(one: Customer) -> list[str]:
    return [value[-2:] for channel, value in reached_by(one) if channel == "phone"]


def test_a_phone_that_came_by_her_reference_is_hers_again(files: Any, two: Two) -> None:
    ann, anne = two
    files((ANNE, "+41446680022", "anne@example.com"), (ANN, "+41446680011", ""))
    assert phones(ann) == ["01", "02", "11", "22"]
    unmerge(anne)
    assert (phones(ann), phones(anne)) == (["01", "11"], ["02", "22"])
    assert reached_by(anne)[0] == ("email", "anne@example.com")
    for number, found in (("+41446680022", anne), ("+41446680011", ann)):
        assert [one.id for one in find_customers(number, by=DORA, because="a call")] == [found.id]


def test_a_file_that_says_different_things_of_two_who_are_one_comes_in_and_the_last_row_holds(
    files: Any, two: Two, tmp_path: Path
) -> None:
    ann, _ = two
    rows = [[ANNE[0], "Anne Archer", "", "", "Graz"], [ANN[0], "Ann Archer", "", "", "Nice"],
            ["N9", "Bob Baker", "", "", "Lyon"]]  # fmt: skip
    path = write_rows(tmp_path / "both.csv", rows, HEADINGS)
    tried = bring(path, "shop", dry_run=True)
    done = bring(path, "shop")
    assert (tried.rows_new, tried.rows_changed) == (done.rows_new, done.rows_changed) == (1, 1)
    known = Customer.objects.get(id=ann.id)
    assert (known.name, known.city) == ("Ann Archer", "Nice")


def test_in_whatever_order_what_was_told_of_both_stays(files: Any, two: Two) -> None:
    ann, anne = two
    files((ANNE, "+41446680033", "Both@example.com")), files((ANN, "+41446680033", "both@example.com"))
    files((ANN, "+41446680044", "")), files((ANNE, "+41446680044", ""))
    files((ANN, "+41446680055", ""), (ANNE, "+41446680055", ""))
    assert unmerge(anne).stayed["contact_point"] == 4
    assert phones(ann) == ["01", "33", "44", "55"] and reached_by(anne) == [("phone", "+41446680002")]


def test_what_another_source_tells_of_who_stayed_too_stays_and_what_it_tells_of_her_goes_along(
    files: Any, two: Two
) -> None:
    ann, anne = two
    for of, one in ((ANN, ann), (ANNE, ann)):
        CustomerRef.objects.create(source_id=ensure_source("till", by=STEN, at=NOON).id, ref=of[0], customer=one)
    files((ANNE, "+41446680033", "")), files((ANN, "+41446680033", ""), source="till")
    files((ANNE, "+41446680044", ""))
    unmerge(anne)
    assert (phones(ann), phones(anne)) == (["01", "33"], ["02", "44"])


def test_what_she_had_when_they_became_one_is_hers_whoever_tells_it_since(files: Any, two: Two) -> None:
    anne = two[1]
    files((ANN, "+41446680002", ""))
    unmerge(anne)
    assert phones(anne) == ["02"]


def test_of_several_each_gets_her_own(files: Any) -> None:
    ann, anne, anna = who(ANN), who(ANNE), who(ANNA)
    merge(anna, anne), merge(anne, ann)
    files((ANNA, "+41446680033", ""), (ANNE, "+41446680022", ""), (ANN, "+41446680011", ""))
    files((ANNA, "+41446680044", ""), (ANNE, "+41446680044", ""))
    unmerge(anne)
    assert phones(ann) == ["01", "11", "44"]
    unmerge(anna)
    assert (phones(anne), phones(anna)) == (["02", "22"], ["03", "33"])


def test_where_nobody_was_merged_nothing_is_opened_or_noted(files: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.journeys.follow_merges.ways_of", lambda _ids: 1 / 0)
    files((ANNE, "+41446680022", ""))
    assert phones(who(ANNE)) == ["02", "22"] and not MergedRows.objects.exists()


def shop_stream() -> Any:
    """Sends a batch of events of the shop."""
    secret = make_write_key(ensure_source("shop", by=STEN, at=NOON).id, "site", by=STEN, at=NOON)[1]

    def sent(*members: dict[str, Any]) -> None:
        key = recognise(secret)
        assert key is not None
        receive_events({"batch": list(members)}, key=key, at=NOON, size=1_000, call="batch")
        tell_people(at=NOON)

    return sent


def test_a_phone_that_a_stream_tells_of_her_is_hers_again(files: Any, two: Two) -> None:
    ann, anne = two
    shop_stream()({"type": "identify", "userId": ANNE[0], "traits": {"phone": "+41446680022"}})
    assert phones(ann) == ["01", "02", "22"]
    unmerge(anne)
    assert (phones(ann), phones(anne)) == (["01"], ["02", "22"])


def test_what_came_by_her_reference_or_her_device_is_hers_again_and_the_rest_is_counted(files: Any) -> None:
    ann, anne, sent = who(ANN), who(ANNE), shop_stream()
    for of, device in ((ANN, "a"), (ANNE, "b")):
        sent({"type": "identify", "userId": of[0], "anonymousId": device})
    merge(anne, ann)
    seen = {"type": "track", "event": "Product Viewed", "properties": {"note": "in a hurry"}}
    sent(seen | {"anonymousId": "a"}, seen | {"anonymousId": "b"}, seen | {"userId": ANNE[0]})
    sent(seen | {"userId": ANNE[0], "anonymousId": "a"}, seen | {"userId": ANN[0], "anonymousId": "b"})
    done = unmerge(anne)
    assert (Event.objects.filter(customer=ann).count(), Event.objects.filter(customer=anne).count()) == (2, 3)
    assert (done.stayed["event"], done.back["event"]) == (2, 3)
    assert CustomerEvents.objects.get(customer=anne).events == 3
    keys = keys_at_hand([anne.id])
    free = [
        keys[anne.id].open("event.free", bytes(one))
        for one in Event.objects.filter(customer=anne).values_list("free", flat=True)
    ]
    assert free == ['{"note":"in a hurry"}'] * 3


def test_also_where_the_user_ids_are_another_sources(files: Any) -> None:
    ann, anne = who(ANN), who(ANNE)
    secret = make_write_key(ensure_source("site", by=STEN, at=NOON).id, "site", by=STEN, at=NOON)[1]
    say_how_read("site", by=STEN, people_of="shop")
    merge(anne, ann)
    key = recognise(secret)
    assert key is not None
    members = [{"type": "track", "event": "Seen", "userId": of[0]} for of in (ANN, ANNE, ANNE)]
    receive_events({"batch": members}, key=key, at=NOON, size=1_000, call="batch")
    unmerge(anne)
    assert (Event.objects.filter(customer=ann).count(), Event.objects.filter(customer=anne).count()) == (1, 2)


def test_a_device_that_both_have_used_says_nothing(files: Any) -> None:
    ann, anne, sent = who(ANN), who(ANNE), shop_stream()
    sent({"type": "identify", "userId": ANNE[0], "anonymousId": "b"})
    merge(anne, ann)
    sent({"type": "track", "event": "Product Viewed", "anonymousId": "b"})
    VisitorLink.objects.update(shared=True)
    unmerge(anne)
    assert Event.objects.get().customer_id == ann.id
