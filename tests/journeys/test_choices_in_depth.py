"""Brands and topics, browsers that speak, receipts, and lists of people who want no contact."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from regulars.journeys.give_receipt import give_receipt
from regulars.journeys.hear_browser_signal import hear_browser_signal
from regulars.journeys.import_do_not_contact import import_do_not_contact
from regulars.journeys.read_choices import read_choices
from regulars.journeys.withdraw_consent import set_choice
from regulars.records.choices.models import BrowserSignal, ChoiceEntry, DoNotContactFile, Suppression
from regulars.records.choices.subjects import end_subject, name_subject, subjects
from regulars.records.contacts.gate_persons import persons_for_gate
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import Customer, SearchToken
from regulars.rules.identity.finding import contact_token
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import Scope
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob, customer, said
from tests.desks.visitors import at_home

pytestmark = pytest.mark.usefixtures("house")


def herself(who: Customer) -> Asker:
    return Asker(f"customer {who.number}", "customer", "personal", "oversight")


def brands() -> None:
    name_subject("brand", "tea", name="Tea House", name_zh="茶屋", by=EMIL, at=NOON)
    name_subject("topic", "recipes", name="Recipes", by=EMIL, at=NOON)


def choose(who: Customer, value: str, **more: object) -> None:
    words = {"purpose": "direct_marketing", "because": "choice", "source": "counter", "wording": "No tea, please"}
    set_choice(who.number, value=value, by=DORA, at=NOON, **(words | more))  # type: ignore[arg-type]


def test_a_brand_taken_out_closes_that_brand_and_leaves_the_rest() -> None:
    who = ann()
    brands()
    choose(who, "denied", brand="tea")
    held = read_choices(who.number, by=DORA, because="choice")
    assert held.exceptions == {Scope("direct_marketing", brand="tea")}
    assert next(one for one in held.choices if one.allows == "allows_direct_marketing").holds

    def closed(brand: str, topic: str = "") -> bool | None:
        [person] = persons_for_gate(
            [who.id], channel="email", campaign=0, at=NOON, zone="UTC", brand=brand, topic=topic
        )
        return person.subject_closed

    assert (closed("tea"), closed("tea", "recipes"), closed("", "recipes"), closed("toys")) == (
        True,
        True,
        False,
        False,
    )
    entry = ChoiceEntry.objects.get(brand="tea")
    assert (entry.wording, entry.by, entry.source) == ("No tea, please", "Dora", "counter")
    choose(who, "granted", brand="tea")
    assert not closed("tea")


def test_only_named_brands_and_topics_can_be_taken_out() -> None:
    who = ann()
    brands()
    with pytest.raises(BadInput, match="choice_subject_unknown"):
        choose(who, "denied", brand="coffee")
    with pytest.raises(BadInput, match="choice_exception_not_for_purpose"):
        choose(who, "denied", brand="tea", purpose="sensitive_use")
    end_subject("brand", "tea", by=EMIL, at=NOON)
    with pytest.raises(BadInput, match="choice_subject_unknown"):
        choose(who, "denied", brand="tea")
    assert [one.key for one in subjects()] == ["recipes"]
    with pytest.raises(NotThere):
        end_subject("brand", "tea", by=EMIL, at=NOON)
    with pytest.raises(BadInput, match="choice_subject_taken"):
        name_subject("topic", "recipes", name="Again", by=EMIL, at=NOON)
    with pytest.raises(BadInput, match="choice_subject_unclear"):
        name_subject("topic", "No Key", name="x", by=EMIL, at=NOON)
    for by in (DORA, MIA):
        with pytest.raises(Denied):
            name_subject("topic", "new", name="New", by=by, at=NOON)


def test_a_guardians_word_is_noted_by_staff_and_by_nobody_else() -> None:
    child = customer("Xiao Ming", jurisdiction="CN", birth_on=NOON.date() - timedelta(days=3650))
    with pytest.raises(Denied):
        set_choice(child.number, purpose="sensitive_use", value="granted", by=herself(child), because="own_record",
                   source="portal", wording="yes", at=NOON, by_guardian=True)  # fmt: skip
    choose(child, "granted", purpose="sensitive_use")
    held = read_choices(child.number, by=DORA, because="choice")
    assert held.is_child
    assert not any(one.holds for one in held.choices)
    choose(child, "granted", purpose="sensitive_use", by_guardian=True)
    held = read_choices(child.number, by=DORA, because="choice")
    assert [one.purpose for one in held.choices if one.holds] == ["sensitive_use"]


@pytest.mark.parametrize(("jurisdiction", "outcome"), [("US-CA", "denied"), ("CN", "noted"), ("EU", "noted")])
def test_a_browser_that_says_do_not_sell_is_heard(jurisdiction: str, outcome: str) -> None:
    who = customer("Cal Ito", jurisdiction=jurisdiction)
    said(who, "third_party_disclosure", "granted")
    page = at_home(who.number).get("/me/", headers={"Sec-GPC": "1"})
    assert page.status_code == 200
    assert Customer.objects.get(id=who.id).allows_disclosure == (outcome == "noted")
    assert BrowserSignal.objects.values_list("outcome", flat=True).get() == outcome
    assert "sell or share" in page.content.decode()


def test_her_own_later_yes_stands_although_the_browser_goes_on_asking() -> None:
    who = customer("Cal Ito", jurisdiction="US-CA")
    assert hear_browser_signal(who.number, by=herself(who), because="own_record", at=NOON).outcome == "denied"
    choose(who, "granted", purpose="third_party_disclosure")
    hear_browser_signal(who.number, by=herself(who), because="own_record", at=NOON)
    assert Customer.objects.get(id=who.id).allows_disclosure
    assert BrowserSignal.objects.count() == 1


def test_pages_that_come_at_once_are_heard_once(monkeypatch: pytest.MonkeyPatch) -> None:
    who, together = customer("Cal Ito", jurisdiction="US-CA"), threading.Barrier(4)

    def opened_together(*told: Any, **more: Any) -> Any:
        together.wait(20)
        return open_customer(*told, **more)

    def page() -> str:
        try:
            return hear_browser_signal(who.number, by=herself(who), because="own_record", at=NOON).outcome
        finally:
            connections.close_all()

    monkeypatch.setattr("regulars.journeys.hear_browser_signal.open_customer", opened_together)
    with ThreadPoolExecutor(4) as browser:
        heard = [browser.submit(page) for _ in range(4)]
    assert {one.result() for one in heard} == {"denied"}
    assert (BrowserSignal.objects.count(), ChoiceEntry.objects.filter(source="browser_signal").count()) == (1, 1)


@pytest.mark.parametrize("said_by_browser", ["0", "true", "", " 1", "1, 1", "１", "2"])
def test_nothing_but_one_is_the_signal(said_by_browser: str) -> None:
    who = customer("Cal Ito", jurisdiction="US-CA")
    said(who, "third_party_disclosure", "granted")
    at_home(who.number).head("/me/", headers={"Sec-GPC": said_by_browser})
    assert Customer.objects.get(id=who.id).allows_disclosure


def test_the_signal_without_a_link_finds_nobody() -> None:
    who = customer("Cal Ito", jurisdiction="US-CA")
    said(who, "third_party_disclosure", "granted")
    stranger = Client(headers={"Sec-GPC": "1"})
    assert {stranger.get("/me/").status_code, stranger.post("/me/choose/", {"number": who.number}).status_code} == {404}
    assert stranger.head("/.well-known/gpc.json").status_code == 200
    assert not BrowserSignal.objects.exists()
    assert Customer.objects.get(id=who.id).allows_disclosure


def test_a_visit_without_the_signal_notes_nothing_and_everybody_may_read_that_it_is_honoured() -> None:
    who = customer("Cal Ito", jurisdiction="US-CA")
    at_home(who.number).get("/me/", headers={"Sec-GPC": "0"})
    assert not BrowserSignal.objects.exists()
    told = Client().get("/.well-known/gpc.json")
    assert (told["Content-Type"], told.json()["gpc"]) == ("application/json", True)
    date.fromisoformat(told.json()["lastUpdate"])


def test_a_receipt_tells_everything_she_said_in_both_directions() -> None:
    who = ann()
    brands()
    choose(who, "denied", brand="tea")
    said(who, "direct_marketing", "denied", at=NOON + timedelta(hours=1))
    told = give_receipt(who.number, by=DORA, because="choice", at=NOON)
    assert told["schema_version"] == "ISO/IEC TS 27560:2023"
    whole, tea = told["records"]
    assert [one["event_type"] for one in whole["events"]] == ["consent_given", "consent_refused"]
    assert (whole["consent_state"], tea["consent_state"]) == ("not_given", "not_given")
    assert tea["pii_processing"]["purposes"][0]["brand"] == "tea"
    file = at_home(who.number).get("/me/receipt/")
    assert json.loads(file.content)["pii_principal_id"] == who.number
    assert f"{who.number}-receipt.json" in file["Content-Disposition"]


def test_she_takes_a_topic_out_on_her_own_page() -> None:
    who = ann()
    brands()
    home = at_home(who.number)
    assert "Recipes" in home.get("/me/").content.decode()
    home.post("/me/except/", {"kind": "topic", "key": "recipes", "value": "denied"})
    entry = ChoiceEntry.objects.get(topic="recipes")
    assert (entry.value, entry.source, entry.wording) == ("denied", "portal", "News and offers about Recipes")
    assert home.post("/me/except/", {"kind": "topic", "key": "gossip", "value": "denied"}).status_code == 404


LIST = """since,E-mail,Phone,Customer number
2020-01-01,ann@example.com,,
2020-01-01,,+1 555 010 0999,
,,,
2020-01-01,nobody here,,
2020-01-01,,,{bob}
2020-01-01,,,C-99999
"""


def findable(who: Customer, *ways: tuple[str, str]) -> None:
    from django.conf import settings

    for channel, value in ways:
        token = contact_token(channel, value, settings.KEYS.read("search"))
        SearchToken.objects.create(customer=who, token=token)


def written(folder: Path, text: str) -> Path:
    file = folder / "list.csv"
    file.write_text(text)
    return file


def test_a_list_closes_those_on_it_known_or_not(tmp_path: Path) -> None:
    a, b = ann(), customer("Bob Baker")
    findable(a, ("email", "ann@example.com"))
    file = written(tmp_path, LIST.format(bob=b.number))
    tried = import_do_not_contact(file, dry_run=True, by=EMIL, at=NOON)
    assert (Suppression.objects.count(), ChoiceEntry.objects.count(), DoNotContactFile.objects.count()) == (0, 1, 0)
    done = import_do_not_contact(file, by=EMIL, at=NOON)
    figures = (done.named, done.suppressed, done.customers, done.denials)
    assert figures == (tried.named, tried.suppressed, tried.customers, tried.denials) == (4, 3, 2, 2)
    assert {(row.row_number, row.reason) for row in done.set_aside} == {(5, "nobody_named"), (7, "number_unknown")}
    now = Customer.objects.in_bulk([a.id, b.id])
    assert (now[a.id].allows_email, now[a.id].allows_direct_marketing) == (False, True)
    assert not now[b.id].allows_direct_marketing
    entry = ChoiceEntry.objects.get(customer=b)
    assert (entry.source, entry.by, entry.wording) == ("import", "Emil", "do-not-contact list: list.csv")
    assert "ann@example.com" not in str(list(Suppression.objects.values()))


def test_the_same_list_again_changes_nothing(tmp_path: Path) -> None:
    who = ann()
    findable(who, ("email", "ann@example.com"))
    file = written(tmp_path, LIST.format(bob="C-1"))
    import_do_not_contact(file, by=STEN, at=NOON)
    again = import_do_not_contact(file, by=STEN, at=NOON + timedelta(days=1))
    assert (again.suppressed, again.denials) == (0, 0)


def test_a_broken_off_list_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Killed after the first chunk's commit: what was taken in stays, the rest follows."""
    people = 12_000
    file = written(tmp_path, "email\n" + "".join(f"person{n}@example.com\n" for n in range(people)))

    def break_off(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_do_not_contact(file, by=EMIL, at=NOON, say=break_off)
    first = Suppression.objects.count()
    assert 0 < first < people
    done = import_do_not_contact(file, by=EMIL, at=NOON)
    assert (done.went_on_after, done.suppressed) == (first + 1, people - first)
    assert Suppression.objects.count() == people


def test_those_who_want_nothing_at_all(tmp_path: Path) -> None:
    who = bob()
    said(who, "direct_marketing", "granted", at=NOON + timedelta(hours=1))
    findable(who, ("phone", "+15550100002"))
    file = written(tmp_path, "+1 555 010 0002\n")
    with pytest.raises(Denied):
        import_do_not_contact(file, by=MIA, at=NOON)
    done = import_do_not_contact(file, whole=True, by=EMIL, at=NOON)
    assert done.suppressed == 1
    assert done.customers == 1
    assert not Customer.objects.get(id=who.id).allows_direct_marketing


def test_what_is_no_table_is_refused_in_words(tmp_path: Path) -> None:
    picture = tmp_path / "list.csv"
    picture.write_bytes(b"\x89PNG\r\n")
    with pytest.raises(BadInput, match="file_unreadable"):
        import_do_not_contact(picture, by=EMIL, at=NOON)
