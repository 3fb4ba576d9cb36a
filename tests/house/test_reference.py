"""The reference of command line, API and attacks says what the program and its tests are now."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["cli.md", "api.md", "attacks.md"])
def test_the_reference_is_current(name: str) -> None:
    wanted = runpy.run_path(str(ROOT / "setup" / "write_reference.py"))["pages"]()[name]
    assert (ROOT / "docs" / "reference" / name).read_text() == wanted, "run: .venv/bin/python setup/write_reference.py"
