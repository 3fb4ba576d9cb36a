"""Every code that may reach a person has a sentence, and the sentence asks only for values it is given."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import translation

from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.postgres.launch_errors import SENTENCES as LAUNCHER_SENTENCES
from regulars.connections.postgres.launch_errors import LauncherError
from regulars.desks.shared.mistake_words import ALL
from regulars.desks.shared.mistakes import sentence_for, sentence_of
from regulars.rules.permission.errors import BadInput
from tests.house.files import SOURCE, inside

ERRORS = {"BadInput", "Denied", "NotThere", "CannotRead", "DatabaseAway"}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
#: Where a code is not written at the raise itself: file and expression → the calls and tables that hold the codes.
ELSEWHERE = {
    ("journeys/look_at_file.py", "error.code"): "every CannotRead is found by itself",
    ("journeys/import_ties.py", "error.code"): "every CannotRead is found by itself",
    ("journeys/draw_tables.py", "error.code"): "every DatabaseAway is found by itself",
    ("journeys/import_file.py", "question.code"): "Question",
    ("journeys/import_file.py", "problem.code"): "Problem",
    ("rules/intake/import_settings.py", "code"): "_objections",
    ("rules/intake/sources.py", "code"): "_objections",
    ("rules/privacy/own_attributes.py", "code"): "_named_wrong, _classed_wrong",
    ("records/touchpoints/actions.py", "code"): "_known",
    ("connections/files/looking.py", "code"): "_REFUSED",
    ("connections/databases/opening.py", "_cause(error, reason)"): "CAUSES, _cause",
    ("records/groups/actions.py", "reasons[0]"): "the constants of rules/groups/tree.py",
}
#: File → its functions that gather objections: triples with a code in the middle.
OBJECTIONS = {
    "import_settings.py": ("_objections",),
    "intake/sources.py": ("_objections",),
    "privacy/own_attributes.py": ("_named_wrong", "_classed_wrong"),
}


@dataclass(frozen=True)
class Raised:
    """A code at the place it is raised; `values` are the names given with it, None where they cannot be read off."""

    where: str
    code: str
    values: frozenset[str] | None


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path, ast.parse(path.read_text(), str(path))


def calls_of(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and node.args:
            yield node


def codes_in(expression: ast.expr) -> list[str]:
    """The codes an expression may be; empty when it is a variable."""
    if isinstance(expression, ast.Constant):
        return [str(expression.value)]
    if isinstance(expression, ast.IfExp):
        return codes_in(expression.body) + codes_in(expression.orelse)
    return []


def values_in(call: ast.Call) -> frozenset[str] | None:
    if len(call.args) < 2:
        return frozenset()
    given = call.args[1]
    if not isinstance(given, ast.Dict) or any(key is None for key in given.keys):
        return None
    return frozenset(str(key.value) for key in given.keys if isinstance(key, ast.Constant))


def raised() -> Iterator[Raised]:
    for path, tree in trees():
        for call in calls_of(tree, ERRORS):
            for code in codes_in(call.args[0]):
                yield Raised(f"{inside(path)}:{call.lineno}", code, values_in(call))


def written_elsewhere() -> Iterator[Raised]:
    """Codes that reach an error through a variable: first or third argument of some calls, entries of some tables."""
    for path, tree in trees():
        where = inside(path)
        for call in calls_of(tree, {"Question"}):
            yield from (Raised(where, code, None) for code in codes_in(call.args[0]))
        if where.endswith("touchpoints/actions.py"):
            yield from (
                Raised(where, code, None) for call in calls_of(tree, {"_known"}) for code in codes_in(call.args[2])
            )
        if where.endswith("files/looking.py"):
            yield from (Raised(where, code, None) for code in _second_of_pairs(tree, "_REFUSED"))
        read = next((read for end, read in READ_BY.items() if where.endswith(end)), None)
        yield from (Raised(where, code, None) for code in (read(tree) if read else ()))
        yield from (Raised(where, code, None) for code in _objected(where, tree))
        for call in calls_of(tree, {"fail", "ImportReport"}):
            told = [word.value for word in call.keywords if word.arg == "code"]
            yield from (Raised(where, code, None) for expression in told for code in codes_in(expression))
    yield from (
        Raised("journeys/import_file.py", code, None)
        for code in ("empty", "only_header", "line_too_long", "disk_full", "database_gone", "stopped")
    )


def _second_of_pairs(tree: ast.Module, name: str) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            for pair in getattr(node.value, "elts", []):
                yield pair.elts[1].value


def _caused(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if (
            isinstance(node, ast.AnnAssign)
            and ast.unparse(node.target) == "CAUSES"
            and isinstance(node.value, ast.Dict)
        ):
            yield from (str(key.value) for key in node.value.keys if isinstance(key, ast.Constant))
        if isinstance(node, ast.FunctionDef) and node.name == "_cause":
            yield from (
                code
                for part in ast.walk(node)
                if isinstance(part, ast.Return) and part.value
                for code in codes_in(part.value)
            )


def _constants(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


def _assigned_to_code(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "code":
            yield from codes_in(node.value)


#: File → how its codes are read off.
READ_BY = {
    "groups/tree.py": _constants, "intake/proposing.py": _assigned_to_code, "databases/opening.py": _caused,
}  # fmt: skip


def _objected(where: str, tree: ast.Module) -> Iterator[str]:
    for name in next((names for end, names in OBJECTIONS.items() if where.endswith(end)), ()):
        yield from _objections(tree, name)


def _objections(tree: ast.Module, name: str) -> Iterator[str]:
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    for node in ast.walk(function):
        if isinstance(node, ast.Tuple) and len(node.elts) == 3 and isinstance(node.elts[1], ast.Constant):
            yield str(node.elts[1].value)


def test_every_code_has_a_sentence() -> None:
    found = [*raised(), *written_elsewhere()]
    assert len(found) > 150
    assert not sorted({f"{one.where}: {one.code}" for one in found if one.code not in ALL})


def test_a_code_that_is_not_written_where_it_is_raised_is_accounted_for() -> None:
    hidden = {
        (inside(path).removeprefix("src/regulars/"), ast.unparse(call.args[0]))
        for path, tree in trees()
        for call in calls_of(tree, ERRORS)
        if not codes_in(call.args[0])
    }
    assert hidden <= ELSEWHERE.keys(), "say in ELSEWHERE where these codes come from, and look there for them"


def test_a_sentence_asks_only_for_values_it_is_given() -> None:
    short = [
        (one.where, one.code, name)
        for one in raised()
        if one.values is not None and one.code in ALL
        for name in PLACEHOLDER.findall(str(ALL[one.code]))
        if name not in one.values
    ]
    assert not short


def test_no_sentence_is_there_for_nothing() -> None:
    used = {one.code for one in [*raised(), *written_elsewhere()]}
    said = (call.args[0] for _path, tree in trees() for call in calls_of(tree, {"sentence_of"}))
    used |= {code for expression in said for code in codes_in(expression)}
    assert not sorted(ALL.keys() - used)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_sentence_is_filled_in(language: str) -> None:
    with translation.override(language):
        said = sentence_for(BadInput("field_not_for_purpose", {"field": "city", "purpose": "direct_marketing"}))
        assert ("直接营销" in said) == (language == "zh-hans")
        assert "direct_marketing" not in said


def test_values_are_spoken() -> None:
    with translation.override("en"):
        assert "12.5 MB" in sentence_of("split_key_length", {"bytes": 12_500_000})
        assert "part 2.1" in sentence_of("group_empty", {"path": (1, 0), "group": "any"})
        assert "– to 5" in sentence_of("value_out_of_range", {"field": "r", "value": 9, "low": None, "high": 5})


def test_a_name_with_a_percent_sign_stays_a_name() -> None:
    with translation.override("en"):
        assert "100%(key)s" in sentence_of("no_such_segment", {"key": "100%(key)s"})


def test_the_launcher_and_the_keys_speak_chinese_too() -> None:
    with translation.override("zh-hans"):
        for code in LAUNCHER_SENTENCES:
            names = re.findall(r"\{(\w+)\}", LAUNCHER_SENTENCES[code])
            said = sentence_for(LauncherError(code, dict.fromkeys(names, "x")))
            assert re.search(r"[\u4e00-\u9fff]", said), code
        assert "密钥" in sentence_for(KeyFileError("bad_name", {"name": "A b"}))
