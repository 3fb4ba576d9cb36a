"""Whatever a line of the access log says, it says in words: every door and every reason the code writes has some."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.utils import translation

from regulars.desks.shared.evidence_words import DEED_WORDS
from regulars.desks.shared.log_words import ABOUT, DOORS, REASONS, said_because
from regulars.desks.shared.told_words import told_in_words
from regulars.records.access_log.actions import DEEDS
from tests.house.files import SOURCE


@dataclass(frozen=True)
class Told:
    """Something said to a parameter of that name: the text, or how it begins where more is filled in."""

    where: str
    text: str
    goes_on: bool


def told(parameter: str) -> list[Told]:
    """Everything the code says to a parameter of that name, by keyword or by place, written out or by a constant."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text())
        constants = dict(_constants(tree))
        places = {
            one.name: [a.arg for a in one.args.args] for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)
        }
        for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
            for value in _said_to(call, parameter, places.get(_called(call), [])):
                found += [Told(f"{path.relative_to(SOURCE)}:{call.lineno}", *one) for one in _text(value, constants)]
    return found


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for line in tree.body:
        targets = (
            line.targets if isinstance(line, ast.Assign) else [line.target] if isinstance(line, ast.AnnAssign) else []
        )
        value = getattr(line, "value", None)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield from ((target.id, value.value) for target in targets if isinstance(target, ast.Name))


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _said_to(call: ast.Call, parameter: str, places: list[str]) -> Iterator[ast.expr]:
    yield from (given.value for given in call.keywords if given.arg == parameter)
    yield from (value for name, value in zip(places, call.args, strict=False) if name == parameter)


def _text(value: ast.expr, constants: dict[str, str]) -> Iterator[tuple[str, bool]]:
    match value:
        case ast.Constant(value=str(text)) if text:
            yield text, False
        case ast.Name(id=name) if name in constants:
            yield constants[name], False
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_rest]):
            yield start, True


def test_every_door_has_words() -> None:
    doors = told("door")
    assert len({one.text for one in doors}) > 60
    assert not sorted(f"{one.where}: {one.text}" for one in doors if one.text not in DOORS)


def test_every_reason_has_words() -> None:
    reasons = told("because")
    assert len({one.text for one in reasons}) > 40
    assert not sorted(f"{one.where}: {one.text}" for one in reasons if not one.goes_on and one.text not in REASONS)
    assert not sorted(f"{one.where}: {one.text}…" for one in reasons if one.goes_on and one.text not in ABOUT)


@pytest.mark.parametrize("code", ["company_no_seat", "company_name_taken", "company_let_go"])
def test_a_refusal_at_the_company_account_has_words(code: str) -> None:
    assert code in REASONS


def test_no_door_is_called_by_its_code_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert not [code for code, word in DOORS.items() if str(word).isascii()]
        assert not [code for code, word in REASONS.items() if str(word).isascii()]


def test_a_reason_names_what_it_is_about_and_what_was_typed_stands() -> None:
    with translation.override("zh-hans"):
        assert said_because("people of campaign spring") == "活动 spring 的客户"
        assert said_because("asked at the counter") == "asked at the counter"
    with translation.override("en"):
        assert said_because("references of till 7") == "numbers in the source till 7"


def test_every_deed_has_words() -> None:
    deeds = {one.text for one in told("deed") if not one.goes_on} | set(DEEDS.values())
    assert len(deeds) > 12
    assert not sorted(deeds - set(DEED_WORDS))


def test_what_is_told_of_a_deed_has_words() -> None:
    with translation.override("zh-hans"):
        given = {"roles": "marketer, officer", "takes_two": True, "door": "open_customer", "was": "",
                 "expires_on": "2026-12-31"}  # fmt: skip
        said = dict(told_in_words(given))
    assert said == {"角色": "营销、首席隐私官", "需要两人": "是", "何处": "客户卡片", "可用至": "2026年12月31日"}
