"""What the terminal writes about people can be opened by the account that wrote it, and by nobody else."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars.desks.cli.private_files import private_text, write_private
from tests.desks.cli.terminal import regulars


@pytest.fixture(autouse=True)
def a_careless_account() -> Iterator[None]:
    """One that leaves what it makes open to everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def rights_of(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def test_nobody_else_opens_the_file_not_while_it_is_written_either(tmp_path: Path) -> None:
    path = tmp_path / "aside.csv"
    with private_text(path) as file:
        assert rights_of(path) == "0o600"
        file.write("13800004187\r\n")
    write_private(tmp_path / "release.zip", b"rows")
    assert path.read_bytes() == b"13800004187\r\n"
    assert rights_of(tmp_path / "release.zip") == "0o600"


def test_an_older_open_file_is_closed_before_anything_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "aside.csv"
    path.write_text("older")
    write_private(path, b"new")
    assert (path.read_text(), rights_of(path)) == ("new", "0o600")


def test_a_device_keeps_its_rights() -> None:
    before = rights_of(Path("/dev/null"))
    write_private(Path("/dev/null"), b"nothing")
    assert rights_of(Path("/dev/null")) == before


@pytest.mark.usefixtures("house")
def test_addresses_set_aside_are_written_for_the_steward_only(tmp_path: Path) -> None:
    found, aside = tmp_path / "list.csv", tmp_path / "aside.csv"
    found.write_text("email\nann@example.com\nann at example\n")
    assert regulars("choice", "import", str(found), "--set-aside", str(aside)).status == 0
    assert "ann at example" in aside.read_text()
    assert rights_of(aside) == "0o600"


@pytest.mark.usefixtures("house")
def test_the_evidence_takes_no_devices_place(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    said = regulars("bundle", str(pipe))
    assert (said.status, "no ordinary file" in said.err) == (1, True)
    assert pipe.is_fifo()
    assert regulars("bundle", str(tmp_path / "evidence.zip")).status == 0
    assert rights_of(tmp_path / "evidence.zip") == "0o600"
