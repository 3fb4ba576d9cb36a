"""What Regulars needs to run is declared, locked with hashes, and comes along where a system lacks it."""

import ast
import re
import sys
import tomllib
import zoneinfo
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.files import SOURCE

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"[A-Za-z0-9._-]+")
OURS = {"regulars", "regulars_verifier"}


def same(name: str) -> str:
    return name.lower().replace("_", "-")


def declared(extras: bool = False) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    more = [one for extra in project["optional-dependencies"].values() for one in extra] if extras else []
    return {same(NAME.match(one)[0]) for one in project["dependencies"] + more}  # type: ignore[index]


def imported() -> set[str]:
    """The outermost name of every absolute import in the program."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - OURS


def test_every_package_the_program_imports_is_declared() -> None:
    packages, wanted = packages_distributions(), declared(extras=True)
    undeclared = {name for name in imported() if not {same(one) for one in packages.get(name, [])} & wanted}
    assert not undeclared


@pytest.mark.parametrize("lock", [
    "requirements.txt", "requirements-dev.txt", "requirements-bench.txt", "requirements-matching.txt",
])  # fmt: skip
def test_every_declared_package_is_locked_with_its_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    locked = {same(name): rest for name, rest in re.findall(r"^([A-Za-z0-9._-]+)==(.+(?:\n .+)*)", text, re.MULTILINE)}
    assert declared() <= locked.keys()
    assert all("--hash=sha256:" in rest for rest in locked.values())
    assert "://" not in text


def test_time_zones_are_known_where_the_system_knows_none() -> None:
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    try:
        assert zoneinfo.ZoneInfo("Asia/Shanghai").key == "Asia/Shanghai"
        assert "Europe/Berlin" in zoneinfo.available_timezones()
    finally:
        zoneinfo.reset_tzpath()
        zoneinfo.ZoneInfo.clear_cache()
