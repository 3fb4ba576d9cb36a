"""What has outlived its keep is found, shown, and goes once Emil says so; not before, not twice, and nothing else."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from regulars.journeys.keep_own_attributes import (
    Classing,
    add_own_attribute,
    class_own_attribute,
    fill_own_attribute,
    retire_own_attribute,
)
from regulars.journeys.let_go import (
    count_retention,
    how_retention_stands,
    keep_no_longer,
    let_rule_go,
    retention_rules,
    who_outlived,
)
from regulars.journeys.work_at_night import check_by_night
from regulars.records.access_log.models import PrivacyEntry
from regulars.records.customers.access import open_customer
from regulars.records.customers.changes import changes_of, note_customer_changes
from regulars.records.customers.models import Customer
from regulars.records.own_attributes.models import OwnValue, OwnValueSaid
from regulars.records.retention import letting_go
from regulars.records.touchpoints.models import Touchpoint
from regulars.rules.permission.errors import Denied, NotThere
from regulars.rules.privacy.own_attributes import OwnAttribute
from tests.cast import DORA, EMIL, NOON, STEN, ann, bob, keep_sealed
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
LONG_AGO = NOON - timedelta(days=2_000)
TITLES = "touchpoint.title"


def old_notes(who: Customer, count: int) -> None:
    for n in range(count):
        Touchpoint.objects.create(customer=who, at=LONG_AGO, kind="note", channel="counter", title=f"old {n}")
    Touchpoint.objects.create(customer=who, at=NOON, kind="note", channel="counter", title="new")


def stands(key: str) -> letting_go.Standing:
    return next(one for one in how_retention_stands(by=EMIL) if one.key == key)


def test_nothing_goes_before_emil_has_seen_it_and_said_so() -> None:
    her = ann()
    old_notes(her, 3)
    assert keep_no_longer(at=NOON) == {}
    assert (stands(TITLES).found, stands(TITLES).goes) == (3, False)
    assert who_outlived(TITLES, by=EMIL, because="review", at=NOON) == (3, [her.number])
    let_rule_go(TITLES, True, by=EMIL, at=NOON)
    assert keep_no_longer(at=NOON) == {TITLES: 3}
    assert sorted(Touchpoint.objects.values_list("title", flat=True)) == ["", "", "", "new"]
    assert (stands(TITLES).found, stands(TITLES).gone) == (0, 3)
    assert keep_no_longer(at=NOON) == {}
    told = [entry.detail for entry in PrivacyEntry.objects.filter(deed="retention").order_by("id")]
    assert len(told) == 2


@pytest.mark.parametrize("when", ["before its line in the log", "after its line in the log"])
def test_killed_in_the_second_batch_the_first_stands_whole_and_the_next_night_takes_the_rest(when: str) -> None:
    old_notes(ann(), 5)
    let_rule_go(TITLES, True, by=EMIL, at=NOON)
    assert killed_at_the_second_deed(when.split()[0]) == -signal.SIGKILL
    assert (stands(TITLES).gone, Touchpoint.objects.filter(title="").count(), gone_in_the_log()) == (2, 2, [2])
    assert keep_no_longer(at=NOON, at_once=2) == {TITLES: 3}
    assert (stands(TITLES).gone, Touchpoint.objects.filter(title="").count(), gone_in_the_log()) == (5, 5, [2, 2, 1])


def gone_in_the_log() -> list[object]:
    found = PrivacyEntry.objects.filter(deed="retention", subject=TITLES).order_by("id")
    told = [json.loads(entry.detail) for entry in found]
    return [one["gone"] for one in told if "gone" in one]


def killed_at_the_second_deed(when: str) -> int:
    """The night in a process that kills itself in its second batch, before or after that batch is in the log."""
    script = f"""
        import os, signal, django
        django.setup()
        from regulars.journeys.let_go import keep_no_longer
        from regulars.records.retention import letting_go
        from tests.cast import NOON
        real, deeds = letting_go.note_deed, []
        def note(*words, **more):
            deeds.append(more)
            if len(deeds) == 2 and {when!r} == "before": os.kill(os.getpid(), signal.SIGKILL)
            real(*words, **more)
            if len(deeds) == 2: os.kill(os.getpid(), signal.SIGKILL)
        letting_go.note_deed = note
        keep_no_longer(at=NOON, at_once=2)
    """
    words = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script)]
    return subprocess.run(words, cwd=Path(__file__).parents[3], env={**os.environ}, check=False).returncode


def test_what_was_sealed_goes_after_the_last_sign_of_life_and_who_came_lately_keeps_it() -> None:
    her, him = ann(), bob()
    for who in (her, him):
        keep_sealed(who, "allergies", "wool")
        Customer.objects.filter(id=who.id).update(first_seen_on=LONG_AGO.date())
    Touchpoint.objects.create(customer=him, at=NOON, kind="visit", channel="counter", title="came in")
    let_rule_go("customer.allergies", True, by=EMIL, at=NOON)
    assert keep_no_longer(at=NOON) == {"customer.allergies": 1}
    assert dict(Customer.objects.values_list("id", "allergies"))[her.id] is None
    assert dict(Customer.objects.values_list("id", "allergies"))[him.id] is not None


def changed_long_ago(who: Customer, field: str, old: str, new: str) -> None:
    note_customer_changes([(who.id, field, old, new)], by=STEN, door="test", at=LONG_AGO)


def in_the_book(who: Customer, field: str) -> list[tuple[str | None, str | None]]:
    """What the change book says of a field of the file, to the officer."""
    opened, _ = open_customer(who.number, by=EMIL, because="review")
    return [(line.old, line.new) for line in changes_of(opened) if line.field == field]


def test_what_has_gone_is_not_read_in_the_change_book_either() -> None:
    """Also where the cell itself was emptied by hand long before; that something changed, and who did it, stays."""
    her, him = ann(), bob()
    for who in (her, him):
        changed_long_ago(who, "allergies", "wool", "nuts")
        Customer.objects.filter(id=who.id).update(first_seen_on=LONG_AGO.date(), allergies=None)
    Touchpoint.objects.create(customer=him, at=NOON, kind="visit", channel="counter", title="came in")
    let_rule_go("customer.allergies", True, by=EMIL, at=NOON)
    assert stands("customer.allergies").found == 0 and count_retention(at=NOON) == 1
    assert who_outlived("customer.allergies", by=EMIL, because="review", at=NOON) == (1, [her.number])
    assert keep_no_longer(at=NOON) == {"customer.allergies": 1}
    assert (in_the_book(her, "allergies"), in_the_book(him, "allergies")) == ([(None, None)], [("wool", "nuts")])
    assert keep_no_longer(at=NOON) == {}


def test_a_retired_attribute_is_not_read_in_the_change_book_either() -> None:
    her, him = a_shoe_size()
    fill_own_attribute(her.number, "shoe_size", "43", by=STEN, because="told us", at=NOON)
    assert sorted(in_the_book(her, "own.shoe_size"), key=str) == [("42000", "43000"), (None, "42000")]
    retire_own_attribute("shoe_size", by=EMIL, at=NOON)
    keep_no_longer(at=NOON)
    assert {*in_the_book(her, "own.shoe_size"), *in_the_book(him, "own.shoe_size")} == {(None, None)}


def test_a_change_is_emptied_and_never_altered_by_the_house_itself() -> None:
    """The writer's login, which is behind every door: it empties a value, writes none, moves none, deletes none."""
    her = ann()
    changed_long_ago(her, "city", "Paris", "Rome")
    for attempt in (
        "UPDATE customer_change SET new = old",
        "UPDATE customer_change SET old = NULL, new = '\\x01'",
        "UPDATE customer_change SET who = 'nobody', old = NULL, new = NULL",
        "UPDATE customer_change SET customer_id = 1",
        "DELETE FROM customer_change",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)
    assert in_the_book(her, "city") == [("Paris", "Rome")]


def a_shoe_size(keep: str = "as long as the customer") -> tuple[Customer, Customer]:
    her, him = ann(), bob()
    add_own_attribute(OwnAttribute("shoe_size", "number", "Shoe size", "鞋码"), by=STEN, at=NOON)
    said = Classing("personal", "user.demographic", frozenset({"direct_marketing"}), keep=keep)
    class_own_attribute("shoe_size", said, by=EMIL, at=NOON)
    for who in (her, him):
        fill_own_attribute(who.number, "shoe_size", "42", by=STEN, because="told us", at=NOON)
    return her, him


def test_an_attribute_whose_only_purpose_bob_closed_goes_and_anns_stays() -> None:
    her, him = a_shoe_size()
    # The value, who said it, and the book.
    assert who_outlived("own.shoe_size", by=EMIL, because="review", at=NOON) == (3, [him.number])
    let_rule_go("own.shoe_size", True, by=EMIL, at=NOON)
    assert keep_no_longer(at=NOON) == {"own.shoe_size": 3}
    for book in (OwnValue, OwnValueSaid):
        assert [one.customer_id for one in book.objects.all()] == [her.id]


def test_an_attribute_goes_when_its_keep_has_run_out_or_it_is_retired() -> None:
    a_shoe_size("90 days after noted")
    assert count_retention(at=NOON) == 3  # only Bob's, who closed its purpose: value, who said it, the change book's
    assert count_retention(at=NOON + timedelta(days=91)) == 6
    retire_own_attribute("shoe_size", by=EMIL, at=NOON)
    assert stands("own.shoe_size").key == "own.shoe_size"
    assert who_outlived("own.shoe_size", by=EMIL, because="review", at=NOON)[0] == 6
    let_rule_go("own.shoe_size", True, by=EMIL, at=NOON)
    keep_no_longer(at=NOON)
    assert not OwnValue.objects.exists() and not OwnValueSaid.objects.exists()


def test_every_rule_of_the_dictionary_can_be_asked() -> None:
    assert count_retention(at=NOON) == 0
    assert {rule.key for rule in retention_rules()} == {
        "touchpoint.title", "touchpoint.detail", "complaint.detail", "task.words", "refused_row.example",
        "refused_row.value", "refused_row.raw", "customer.allergies", "customer.id_document", "customer.income_band",
        "event.properties", "complaint.answer", "preference.words",
    }  # fmt: skip


def test_nobody_but_the_officer_sees_or_changes_it() -> None:
    for asked in (lambda: how_retention_stands(by=DORA), lambda: let_rule_go(TITLES, True, by=STEN, at=NOON)):
        with pytest.raises(Denied):
            asked()
    with pytest.raises(NotThere):
        let_rule_go("customer.name", True, by=EMIL, at=NOON)


def test_the_night_shift_lets_go_by_itself() -> None:
    old_notes(ann(), 1)
    let_rule_go(TITLES, True, by=EMIL, at=NOON)
    check_by_night(at=NOON)
    assert Touchpoint.objects.filter(title="").count() == 1


@pytest.fixture
def emil() -> Client:
    wanqing(shop())
    return signed_in("emil")


def test_on_the_page_at_the_terminal_and_over_http(emil: Client) -> None:
    old_notes(ann(), 2)
    regulars("retention", "count")
    page = emil.get("/privacy/retention/").content.decode()
    assert "touchpoint.title" in page
    assert "C-2" in emil.get(f"/privacy/retention/?rule={TITLES}").content.decode()
    assert emil.post(f"/privacy/retention/{TITLES}/", {"goes": "1"}, follow=True).status_code == 200
    assert stands(TITLES).goes
    listed = {one["key"]: one for one in regulars("retention", "list", "--json").json()}
    assert listed[TITLES]["goes"] is True
    assert regulars("retention", "watch", TITLES).status == 0
    assert "touchpoint.title" in regulars("retention", "who", TITLES, "--because", "review").out
    officer = program("officer")
    assert officer.put(f"/retention/{TITLES}", {"goes": True}).told["goes"] is True
    assert any(one["found"] for one in officer.get("/retention").told)
    assert program("steward").get("/retention").status == 403
