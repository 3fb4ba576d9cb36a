"""Master keys come from where they are kept, and data keys open under the right one only."""

import os
import stat
from pathlib import Path

import pytest

from regulars.connections.home import Home
from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.keys.master_keys import ROW, MasterKeys, Wrapped

PHONE = "contact_point.value"
KEY = "ab" * 32


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def made(home: Home, *versions: int, **environment: str) -> MasterKeys:
    keys = MasterKeys(home, environment)
    for version in versions:
        keys.make(version)
    return keys


def service(folder: Path, body: str) -> str:
    script = folder / "key service"
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return f"'{script}' --for regulars"


def code_of(asked: object) -> str:
    with pytest.raises(KeyFileError) as caught:
        asked()  # type: ignore[operator]
    return caught.value.code


def test_a_version_is_made_once_in_files_and_is_the_same_for_everybody(home: Home) -> None:
    first = made(home, 1)
    ((wrapped, key),) = first.new([42], 1)
    assert made(home, 1).open([wrapped])[42].open(PHONE, key.seal(PHONE, "+15550100001")) == "+15550100001"
    assert made(home, 1).mark(1) == first.mark(1)
    assert sorted(path.name for path in home.keys.iterdir()) == [".trees", "master_1", "tree_1"]


def test_a_key_that_was_never_made_is_not_made_by_asking_for_it(home: Home) -> None:
    assert code_of(lambda: made(home).key(1)) == "key_missing"
    assert not home.keys.exists()


def test_the_environment_goes_before_the_file(home: Home) -> None:
    keys = made(home, 1, REGULARS_KEY_MASTER_1=KEY)
    assert (keys.key(1), keys.comes_from(1)) == (bytes.fromhex(KEY), "environment")
    assert not (home.keys / "master_1").exists()
    assert code_of(lambda: keys.make(2)) == "cannot_make"


def test_a_key_service_is_asked_by_name(home: Home, tmp_path: Path) -> None:
    command = service(tmp_path, '[ "$3" = master_1 ] && echo ' + KEY + " || { echo no such key >&2; exit 3; }")
    keys = made(home, 1, REGULARS_KEY_COMMAND=command)
    assert (keys.key(1), keys.comes_from(1)) == (bytes.fromhex(KEY), "command")
    with pytest.raises(KeyFileError, match="gave no key: no such key"):
        keys.make(2)
    assert not (home.keys / "master_1").exists()


@pytest.mark.parametrize(("body", "code"), [("echo abcd", "bad_key"), ("exit 1", "service_silent"), ("", "bad_key")])
def test_a_key_service_that_gives_no_key_is_told_in_words_that_repeat_no_key(
    home: Home, tmp_path: Path, body: str, code: str
) -> None:
    keys = MasterKeys(home, {"REGULARS_KEY_COMMAND": service(tmp_path, body)})
    with pytest.raises(KeyFileError) as caught:
        keys.key(1)
    assert caught.value.code == code
    assert "abcd" not in str(caught.value)


def test_a_key_service_that_is_not_there_is_told(home: Home) -> None:
    assert code_of(lambda: MasterKeys(home, {"REGULARS_KEY_COMMAND": "/nowhere/keys"}).key(1)) == "service_silent"


def test_a_wrapped_key_is_its_customers_only(home: Home) -> None:
    keys = made(home, 1)
    ((wrapped, _),) = keys.new([42], 1)
    assert code_of(lambda: keys.open([Wrapped(43, wrapped.wrapped, 1)])) == "does_not_open"
    assert code_of(lambda: keys.open([Wrapped(42, wrapped.wrapped[:-1] + b"x", 1)])) == "does_not_open"
    assert code_of(lambda: keys.open([Wrapped(42, b"", 1)])) == "does_not_open"


def test_it_takes_the_master_key_and_the_tree_to_open(home: Home, tmp_path: Path) -> None:
    ((wrapped, _),) = made(home, 1).new([42], 1)
    for stolen in ("master_1", "tree_1"):
        elsewhere = Home(tmp_path / f"with {stolen}")
        elsewhere.folder("keys")
        (elsewhere.keys / stolen).write_bytes((home.keys / stolen).read_bytes())
        (elsewhere.keys / stolen).chmod(0o600)
        assert code_of(lambda elsewhere=elsewhere: made(elsewhere, 1).open([wrapped])) == "does_not_open"


def test_a_forgotten_leaf_opens_nothing_ever_again_and_its_neighbours_stay(home: Home) -> None:
    keys = made(home, 1)
    old = keys.new([41, 42, 43], 1)
    keys.forget(42)
    for one in (keys, made(home, 1)):
        assert code_of(lambda one=one: one.open([old[1][0]])) == "forgotten"
        assert set(one.open([old[0][0], old[2][0]])) == {41, 43}
    assert keys.forgotten() == {42}


def test_a_number_given_again_after_a_restored_backup_gets_another_leaf(home: Home) -> None:
    keys = made(home, 1)
    keys.forget(42)
    ((wrapped, key),) = keys.new([42], 1)
    assert wrapped.leaf == 42 + ROW
    assert keys.open([wrapped])[42].open(PHONE, key.seal(PHONE, "x")) == "x"


def test_a_number_forgotten_under_an_old_version_gets_another_leaf_under_a_new_one_too(home: Home) -> None:
    """Or she who gets it would be taken, at the next start, for the one who was erased."""
    keys = made(home, 1)
    keys.forget(42)
    keys.make(2)
    ((wrapped, _),) = keys.new([42], 2)
    assert wrapped.leaf == 42 + ROW


def test_another_version_wraps_the_same_data_key(home: Home) -> None:
    keys = made(home, 1, 2)
    made_first = keys.new([41, 42], 1)
    again = keys.wrap_again([one for one, _ in made_first], 2)
    keys.discard(1)
    cell = made_first[1][1].seal(PHONE, "x")
    assert made(home).open(again)[42].open(PHONE, cell) == "x"
    assert code_of(lambda: made(home).open([made_first[0][0]])) == "key_missing"


def test_what_a_killed_process_left_of_a_tree_or_a_key_goes_with_the_next_change(home: Home) -> None:
    """It would remember whom the tree forgets from now on."""
    keys = made(home, 1)
    half = home.keys / ".tree_1.dead"
    half.write_bytes((home.keys / "tree_1").read_bytes())
    os.link(home.keys / "master_1", home.keys / ".master_1.dead")
    with half.open("rb") as held:
        keys.forget(42)
        assert not half.exists()
        assert set(held.read()) == {0}
    keys.discard(1)
    assert [path.name for path in home.keys.iterdir()] == [".trees"]


def test_a_stranger_among_the_trees_stops_nobody(home: Home) -> None:
    keys = made(home, 1)
    (home.keys / "tree_1.old").write_text("put here by hand")
    keys.forget(42)
    assert keys.forgotten() == {42}


def test_every_version_forgets(home: Home) -> None:
    keys = made(home, 1, 2)
    ((old, _),) = keys.new([42], 1)
    (new,) = keys.wrap_again([old], 2)
    keys.forget(42)
    assert {code_of(lambda one=one: keys.open([one])) for one in (old, new)} == {"forgotten"}


def test_a_key_that_is_no_text_is_told_like_any_other_wrong_key(home: Home, tmp_path: Path) -> None:
    home.folder(home.keys.name)
    (home.keys / "master_1").write_bytes(b"\xff\xfe\x00" * 20)
    (home.keys / "master_1").chmod(0o600)
    assert code_of(lambda: MasterKeys(home, {}).key(1)) == "bad_key"
    command = service(tmp_path, "printf '\\377\\376'")
    assert code_of(lambda: MasterKeys(home, {"REGULARS_KEY_COMMAND": command}).key(2)) == "bad_key"
