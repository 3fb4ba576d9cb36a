"""Walls that import-linter cannot see: no clock in the rules, and a record's models belong to its own doors."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.files import SOURCE, inside

CLOCK_AND_CHANCE = {
    "now",
    "today",
    "utcnow",
    "time_ns",
    "monotonic",
    "perf_counter",
    "localtime",
    "uuid4",
    "uuid7",
}
OUTSIDE_CALLS = {"open", "input", "print", "eval", "exec", "__import__", "breakpoint"}
MODELS = re.compile(r"regulars\.records\.(\w+)\.models")


# Doors that work on a left neighbour's row in the same transaction, and why no door of the neighbour's would do.
NEIGHBOURS = {
    "choices/actions.py uses the models of customers": "a choice locks its customer, so that two cannot cross",
    "contacts/actions.py uses the models of customers": "notes what was allowed in the transaction that plans",
    "contacts/sending.py uses the models of customers": "locks the person for the second of sending",
}


def calls(tree: ast.AST) -> Iterator[tuple[int, str, bool]]:
    """Every call in a module: line, name, and whether it is asked of something (`date.today`)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.lineno, node.func.attr, True
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.lineno, node.func.id, False


def modules(folder: str) -> list[Path]:
    return sorted((SOURCE / folder).rglob("*.py"))


def trespasses(path: Path) -> list[str]:
    """What a module of rules does that a rule must not."""
    found = calls(ast.parse(path.read_text()))
    wrong = ((line, name) for line, name, asked in found if name in (CLOCK_AND_CHANCE if asked else OUTSIDE_CALLS))
    return [f"{inside(path)}:{line} {name}()" for line, name in wrong]


def test_rules_know_no_clock_no_chance_and_no_file() -> None:
    paths = modules("rules")
    assert paths
    assert not [found for path in paths for found in trespasses(path)]


@pytest.mark.parametrize("line", ["date.today()", "datetime.now(UTC)", "open('x')", "print(1)", "time.monotonic()"])
def test_a_rule_that_looks_at_the_clock_is_caught(tmp_path: Path, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = tmp_path / "rule.py"
    rule.write_text(f"def days_since(on):\n    return {line} - on\n")
    monkeypatch.setattr("tests.house.test_walls.inside", str)
    assert trespasses(rule)


def imported(path: Path) -> set[str]:
    """The modules a file imports, by full name."""
    tree = ast.parse(path.read_text())
    whole = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return whole | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_only_a_records_own_doors_touch_its_models() -> None:
    strangers = []
    for path in SOURCE.rglob("*.py"):
        owners = {found[1] for name in imported(path) if (found := MODELS.match(name))}
        own = path.parts[path.parts.index("records") + 1] if "records" in path.parts else ""
        where = inside(path).removeprefix("src/regulars/records/")
        strangers += [f"{where} uses the models of {owner}" for owner in sorted(owners - {own})]
    assert sorted(strangers) == sorted(NEIGHBOURS)


def test_every_module_says_what_it_is_for() -> None:
    formalities = ("migrations", "apps.py")  # Django wants them as they are
    silent = [inside(path) for path in SOURCE.rglob("*.py") if not {*formalities} & {*path.parts} and not _says(path)]
    assert not silent


def _says(path: Path) -> bool:
    text = path.read_text()
    return not text.strip() or ast.get_docstring(ast.parse(text)) is not None


def test_every_door_and_rule_promises_something() -> None:
    """Public functions and classes of rules, journeys and doors have a docstring."""
    doors = [
        *modules("rules"),
        *modules("journeys"),
        *SOURCE.glob("records/*/access.py"),
        *SOURCE.glob("records/*/actions.py"),
    ]
    silent = [f"{inside(path)}: {name}" for path in doors for name in undocumented(ast.parse(path.read_text()))]
    assert not silent


def undocumented(tree: ast.Module) -> list[str]:
    kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    public = [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]
    return [node.name for node in public if ast.get_docstring(node) is None]
