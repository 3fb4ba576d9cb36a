"""Keys are made once, kept privately, and the same for everybody who asks."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from regulars.connections.home import Home
from regulars.connections.keys.key_file import KeyFile, KeyFileError


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_key_is_made_once_and_stays_the_same(home: Home) -> None:
    first = KeyFile(home, {}).read("search")
    assert len(first) == 32
    assert KeyFile(home, {}).read("search") == first


def test_every_name_has_a_key_of_its_own(home: Home) -> None:
    keys = KeyFile(home, {})
    assert len({keys.read(name) for name in ("search", "links", "holdout")}) == 3


def test_nobody_else_can_open_the_file_or_its_folder(home: Home) -> None:
    keys = KeyFile(home, {})
    keys.read("search")
    assert keys.path("search").stat().st_mode & 0o777 == 0o600
    assert home.keys.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in home.keys.iterdir()] == ["search"]


def test_twenty_who_ask_at_once_get_the_same_key(home: Home) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(lambda _: KeyFile(home, {}).read("links"), range(20)))
    assert len(answers) == 1
    assert [path.name for path in home.keys.iterdir()] == ["links"]


def test_the_environment_goes_before_the_file_and_makes_none(home: Home) -> None:
    keys = KeyFile(home, {"REGULARS_KEY_SEARCH": "ab" * 32})
    assert keys.read("search") == b"\xab" * 32
    assert not home.path.exists()


@pytest.mark.parametrize("wrong", ["", "ab", "xy" * 32, "ab" * 33])
def test_a_wrong_key_in_the_environment_stops_the_start_without_telling_it(home: Home, wrong: str) -> None:
    with pytest.raises(KeyFileError) as caught:
        KeyFile(home, {"REGULARS_KEY_SEARCH": wrong}).read("search")
    assert caught.value.code == "bad_key"
    assert not wrong or wrong not in str(caught.value)


def test_a_damaged_file_is_an_error_and_not_a_new_key(home: Home) -> None:
    keys = KeyFile(home, {})
    keys.read("search")
    keys.path("search").write_text("")
    with pytest.raises(KeyFileError, match="hexadecimal"):
        keys.read("search")


def test_a_key_that_others_can_read_is_refused(home: Home) -> None:
    keys = KeyFile(home, {})
    keys.read("search")
    keys.path("search").chmod(0o644)
    with pytest.raises(KeyFileError) as caught:
        keys.read("search")
    assert caught.value.code == "open_to_others"


@pytest.mark.parametrize("name", ["../server", "", "Search", "a/b", "search\n"])
def test_a_name_cannot_lead_out_of_the_folder(home: Home, name: str) -> None:
    with pytest.raises(KeyFileError) as caught:
        KeyFile(home, {}).read(name)
    assert caught.value.code == "bad_name"
