"""One login per door, here and on a server by URL; what cannot be a URL stops the start and tells no password."""

from pathlib import Path

import pytest

from regulars.connections.home import Home
from regulars.connections.postgres.launch_errors import LauncherError
from regulars.connections.postgres.logins import administrator, keys_mark, login_password, login_settings, parameters_of
from regulars.rules.privacy.views import BY_NAME

URL = "postgresql://boss:p%40ss%2Fword@db.example:6432/our%20shop?sslmode=require&connect_timeout=5"


def test_every_view_has_its_own_login_and_password(tmp_path: Path) -> None:
    entries = login_settings(Home(tmp_path), {"DATABASE_URL": URL}, BY_NAME)
    readers = {alias: entries[alias]["USER"] for alias in BY_NAME}
    assert readers == {view: f"regulars_{view}" for view in BY_NAME}
    assert len({entry["PASSWORD"] for entry in entries.values()}) == len(BY_NAME) + 3


def test_the_address_and_its_options_are_everybodys(tmp_path: Path) -> None:
    for entry in login_settings(Home(tmp_path), {"DATABASE_URL": URL}, BY_NAME).values():
        words = parameters_of(entry)
        assert (words["host"], words["port"], words["dbname"]) == ("db.example", "6432", "our shop")
        assert (words["sslmode"], words["connect_timeout"]) == ("require", "5")


def test_the_administrator_is_who_the_url_says(tmp_path: Path) -> None:
    words = administrator(Home(tmp_path), {"DATABASE_URL": URL})
    assert (words["user"], words["password"]) == ("boss", "p@ss/word")


def test_a_socket_is_an_address_too(tmp_path: Path) -> None:
    words = administrator(Home(tmp_path), {"DATABASE_URL": "postgres://boss@/shop?host=/run/postgresql"})
    assert (words["host"], words["user"], words["dbname"]) == ("/run/postgresql", "boss", "shop")


def test_the_embedded_server_asks_for_no_password(tmp_path: Path) -> None:
    for entry in login_settings(Home(tmp_path), {}, BY_NAME).values():
        assert entry["PASSWORD"] == ""
        assert entry["HOST"].startswith("/")


def test_passwords_follow_from_the_key_of_the_home(tmp_path: Path) -> None:
    here, there = Home(tmp_path / "here"), Home(tmp_path / "there")
    assert login_password(here, "regulars_standard") == login_password(here, "regulars_standard")
    assert login_password(here, "regulars_standard") != login_password(there, "regulars_standard")
    assert keys_mark(here) != keys_mark(there)


@pytest.mark.parametrize("url", ["mysql://a:secret@b/c", "a:secret@b/c", "postgresql://a:secret@b:port/c", "secret"])
def test_what_is_no_postgresql_address_stops_the_start_and_repeats_no_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(LauncherError, match="DATABASE_URL should look like") as refused:
        login_settings(Home(tmp_path), {"DATABASE_URL": url}, BY_NAME)
    assert "secret" not in str(refused.value)
