"""Where an installation lives, and that its folders are private from the first moment."""

import os
from pathlib import Path

import pytest

from regulars.connections import home as home_module
from regulars.connections.home import Home


def test_a_checkout_keeps_its_data_beside_itself() -> None:
    project = Path(__file__).resolve().parents[2]
    assert Home.from_environment({}).path == project / ".regulars"


def test_the_environment_decides() -> None:
    assert Home.from_environment({"REGULARS_HOME": "/srv/regulars"}).path == Path("/srv/regulars")
    assert Home.from_environment({"REGULARS_HOME": "data"}).path == Path.cwd() / "data"


def test_an_installed_package_keeps_its_data_with_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        home_module, "__file__", str(tmp_path / "lib/python3/site-packages/regulars/connections/home.py")
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Home.from_environment({}).path == tmp_path / ".local/share/regulars"
    assert Home.from_environment({"XDG_DATA_HOME": "/data"}).path == Path("/data/regulars")


def test_asking_for_a_path_makes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert home.warehouse.parent == home.keys.parent == home.path
    assert not home.path.exists()


def test_folders_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = Home(tmp_path / "home").folder("files")
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o066 == 0


def test_a_folder_that_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    home = Home(tmp_path / "home")
    home.folder("files")
    assert home.path.stat().st_mode & 0o777 == 0o755
