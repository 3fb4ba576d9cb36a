"""A new master key takes over while everybody works; an old one goes when nothing needs it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pyarrow as pa
import pytest
from django.conf import settings
from django.db import transaction

from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.keys.master_keys import MasterKeys
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.rotate_keys import how_keys_stand, retire_key, rotate_keys
from regulars.records.customers import rotation
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import CustomerKey, GivenUpKey
from regulars.records.intake.actions import KeptFile, ensure_source, open_run
from regulars.records.set_aside.actions import set_aside
from regulars.rules.permission.errors import BadInput, Denied
from tests.cast import DORA, EMIL, NOON, STEN, ann, bob, cleo, customer, keep_sealed, reached_by
from tests.desks.cli.terminal import regulars
from tests.set_aside import rows_aside

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def clean_keys() -> Iterator[None]:
    """Later tests begin with the first master key again."""
    yield
    masters: MasterKeys = settings.MASTER_KEYS
    for version in (2, 3):
        masters.discard(version)


def locks() -> dict[int, int]:
    return {one.version: one.locks for one in how_keys_stand(by=EMIL).masters}


def test_every_key_is_wrapped_anew_and_everything_still_opens() -> None:
    who, _ = ann(), bob()
    before, wrapped = reached_by(), bytes(CustomerKey.objects.get(customer=who).wrapped)
    said: list[tuple[int, int]] = []
    done = rotate_keys(by=EMIL, say=lambda *step: said.append(step))
    assert (done.version, done.keys, said) == (2, 2, [(0, 2), (2, 2)])
    assert (locks(), reached_by()) == ({1: 0, 2: 2}, before)
    assert bytes(CustomerKey.objects.get(customer=who).wrapped) != wrapped
    customer("New One", email="new@example.com")
    assert locks() == {1: 0, 2: 3}


def test_a_rotation_that_was_broken_off_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    ann(), bob()
    monkeypatch.setattr(rotation, "BATCH", 1)
    with pytest.raises(KeyboardInterrupt):
        rotate_keys(by=EMIL, say=stop_after_one)
    found = how_keys_stand(by=EMIL)
    assert (locks(), found.half_done) == ({1: 1, 2: 1}, True)
    assert len(reached_by()) == 6
    assert rotate_keys(by=EMIL).version == 2
    assert (locks(), how_keys_stand(by=EMIL).half_done) == ({1: 0, 2: 2}, False)


def test_the_keys_of_files_change_over_too_and_hold_an_old_master_back() -> None:
    """Rows set aside open before, half-way and after; while one file's key is under the old master, it stays."""
    till = ensure_source("till", by=STEN, at=NOON)
    run = open_run(till.id, "orders", KeptFile("orders.csv", "files/1.csv", "d1"), {}, rows=1, by=STEN, at=NOON)
    told = {"row_number": [2], "reason": ["no_name"], "column": [""], "value": [""], "example": [""], "raw": ["a,b"]}
    more = {"ordinal": pa.nulls(1, pa.int32()), "row_taken": [False]}
    with transaction.atomic():
        set_aside(run, pa.table(told | more))
    assert locks() == {1: 1}
    rotate_keys(by=EMIL)
    assert (locks(), [row.raw for row in rows_aside()]) == ({1: 0, 2: 1}, ["a,b"])
    with pytest.raises(BadInput, match="master_still_locks"):
        retire_key(2, by=EMIL)
    retired = [one.version for one in how_keys_stand(by=EMIL).masters if not one.locks]
    assert retired == [1]


def stop_after_one(done: int, of: int) -> None:
    if done:
        raise KeyboardInterrupt


def test_an_old_master_goes_only_when_it_locks_nothing() -> None:
    who = ann()
    with pytest.raises(BadInput, match="master_still_locks"):
        retire_key(1, by=EMIL)
    rotate_keys(by=EMIL)
    rotate_keys(by=EMIL)
    retire_key(2, by=EMIL)
    assert locks() == {1: 0, 3: 1}
    assert not (settings.HOME.keys / "master_2").exists()
    assert reached_by(who)
    with pytest.raises(BadInput, match="master_unknown"):
        retire_key(2, by=EMIL)


#: Retires master key 1, and is killed -9 on arriving at one place of it for the so-manieth time.
KILLED = """
import os, signal, sys
from itertools import count
from operator import attrgetter
import django; django.setup()
from importlib import import_module
from regulars.journeys.rotate_keys import retire_key
from tests.cast import EMIL
module, holder, name, times = sys.argv[1:]
place = import_module(module)
place = attrgetter(holder)(place) if holder else place
real, calls = getattr(place, name), count(1)
def deadly(*words, **more):
    if next(calls) == int(times):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*words, **more)
setattr(place, name, deadly)
retire_key(1, by=EMIL)
"""
PLACES = {
    "nothing destroyed": ("regulars.journeys.rotate_keys", "", "destroy_master", "1"),
    "key written over": ("pathlib", "Path", "unlink", "1"),
    "tree still there": ("regulars.connections.keys.master_keys", "", "destroy", "2"),
    "tree written over": ("pathlib", "Path", "unlink", "2"),
    "not noted": ("regulars.journeys.rotate_keys", "", "note_deed", "2"),
}


def retire_and_die(place: str) -> None:
    words = [sys.executable, "-W", "ignore", "-c", KILLED, *PLACES[place]]
    assert subprocess.run(words, env=os.environ, check=False).returncode == -signal.SIGKILL


def left_in_the_home() -> list[str]:
    return sorted(one.name for one in settings.HOME.keys.iterdir() if one.name in {"master_1", "tree_1"})


@pytest.mark.parametrize("place", PLACES)
def test_whoever_is_killed_while_a_master_goes_can_finish(place: str) -> None:
    who = ann()
    rotate_keys(by=EMIL)
    retire_and_die(place)
    assert (locks(), how_keys_stand(by=EMIL).to_destroy) == ({2: 1}, (1,))
    assert "regulars keys retire 1" in regulars("keys", "status").out
    retire_key(1, by=EMIL)
    assert (left_in_the_home(), how_keys_stand(by=EMIL).to_destroy) == ([], ())
    assert GivenUpKey.objects.get().destroyed_at
    assert reached_by(who)
    with pytest.raises(BadInput, match="master_unknown"):
        retire_key(1, by=EMIL)


def test_finishing_never_destroys_the_key_of_a_newer_database() -> None:
    """The home has got other keys of the same names since: they are not those this database gave up."""
    ann()
    rotate_keys(by=EMIL)
    retire_and_die("nothing destroyed")
    masters: MasterKeys = settings.MASTER_KEYS
    masters.discard(1)
    masters.make(1)
    newer = masters.mark(1)
    with pytest.raises(KeyFileError, match="not the one"):
        retire_key(1, by=EMIL)
    assert (left_in_the_home(), masters.mark(1)) == (["master_1", "tree_1"], newer)
    assert how_keys_stand(by=EMIL).to_destroy == (1,)


def test_a_key_from_elsewhere_has_to_be_made_there_first(monkeypatch: pytest.MonkeyPatch) -> None:
    ann()
    key = (settings.HOME.keys / "master_1").read_text().strip()
    here = {"REGULARS_KEY_MASTER_1": key}
    monkeypatch.setattr(settings, "MASTER_KEYS", MasterKeys(settings.HOME, here))
    with pytest.raises(KeyFileError, match="has to be made"):
        rotate_keys(by=EMIL)
    assert locks() == {1: 1}
    here["REGULARS_KEY_MASTER_2"] = "ab" * 32
    assert rotate_keys(by=EMIL).version == 2
    assert {one.comes_from for one in how_keys_stand(by=EMIL).masters} == {"environment"}


def test_who_is_erased_is_forgotten_under_every_master() -> None:
    who = ann()
    old = CustomerKey.objects.get(customer=who)
    rotate_keys(by=EMIL)
    erase_customer(who.number, by=EMIL, because="x", reference="T-1", at=NOON)
    masters: MasterKeys = settings.MASTER_KEYS
    with pytest.raises(KeyFileError, match="destroyed"):
        masters.open([rotation.Wrapped(who.id, bytes(old.wrapped), 1)])


def test_the_keys_are_the_officers() -> None:
    for asked in (lambda: rotate_keys(by=DORA), lambda: how_keys_stand(by=DORA), lambda: retire_key(1, by=DORA)):
        with pytest.raises(Denied):
            asked()


def test_reading_goes_on_while_keys_change(monkeypatch: pytest.MonkeyPatch) -> None:
    who, _ = ann(), bob()
    monkeypatch.setattr(rotation, "BATCH", 1)
    seen = []
    rotate_keys(by=EMIL, say=lambda done, of: seen.append(open_customer(who.number, by=EMIL, because="x")[1].name))
    assert seen == ["Ann Archer"] * 3


def test_writing_and_erasing_go_on_while_keys_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two batches somebody new comes, a value is added and somebody is erased who was still to be wrapped."""
    who, gone, _ = ann(), bob(), cleo()
    old = CustomerKey.objects.get(customer=gone)
    monkeypatch.setattr(rotation, "BATCH", 1)

    def meanwhile(done: int, of: int) -> None:
        if done == 1:
            customer("New One", email="new@example.com")
            keep_sealed(who, "allergies", "wool")
            erase_customer(gone.number, by=EMIL, because="x", reference="T-1", at=NOON)

    assert rotate_keys(by=EMIL, say=meanwhile).keys == 2
    assert locks() == {1: 0, 2: 3}
    mails = {value for channel, value in reached_by() if channel == "email"}
    assert mails == {"ann@example.com", "cleo@example.com", "new@example.com"}
    assert open_customer(who.number, by=EMIL, because="x")[1].allergies == "wool"
    masters: MasterKeys = settings.MASTER_KEYS
    with pytest.raises(KeyFileError, match="destroyed"):
        masters.open([rotation.Wrapped(gone.id, bytes(old.wrapped), 1)])
