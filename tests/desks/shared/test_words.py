"""Every word the shared desk says, it says in Chinese too."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from regulars.desks.shared import reasons, words
from regulars.rules.permission import gate
from tests.desks.shared.conftest import SHARED

CALLS = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
BLANK = re.compile(r"%\((\w+)\)[sd]")


HAN = re.compile("[一-鿿]")


def said_in(folder: Path) -> Iterator[tuple[str | None, str, str]]:
    """Context, English and file of every message in the Python files and templates of a folder."""
    for file in sorted([*folder.rglob("*.py"), *folder.rglob("templates/**/*.html")]):
        source = file.read_text()
        source = source if file.suffix == ".py" else templatize(source, origin=str(file))
        for _line, message, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=CALLS):
            yield context, message if isinstance(message, str) else message[0], file.name


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    with (SHARED / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as source:
        return read_po(source, locale="zh_Hans")


def test_every_message_has_its_chinese(chinese: Catalog) -> None:
    missing = {
        (file, english) for context, english, file in said_in(SHARED) if not _translated(chinese, english, context)
    }
    assert not missing


def test_the_same_blanks_are_filled_in_both_languages(chinese: Catalog) -> None:
    for message in chinese:
        english = message.id if isinstance(message.id, str) else message.id[0]
        texts = [message.string] if isinstance(message.string, str) else message.string
        for text in texts:
            assert set(BLANK.findall(text)) == set(BLANK.findall(english)), english


def test_chinese_is_chinese(chinese: Catalog) -> None:
    for message in chinese:
        texts = [message.string] if isinstance(message.string, str) else message.string
        told = BLANK.sub("", "".join(message.id)) if message.id else ""
        assert not re.search("[A-Za-z]", told) or all(HAN.search(BLANK.sub("", text)) for text in texts), message.id


def test_nobody_is_addressed_without_respect(chinese: Catalog) -> None:
    assert not [m.id for m in chinese if m.id and "你" in str(m.string)]
    assert not [m.id for m in chinese if m.id and re.search("非法|权限不足|错误", str(m.string))]


def test_the_nine_rules_have_names_and_the_privacy_ones_are_known() -> None:
    assert tuple(words.GATE_RULES) == gate.RULES
    assert words.PRIVACY_RULES == gate.PRIVACY_RULES


def test_every_code_of_the_gate_has_a_sentence() -> None:
    source = Path(gate.__file__).read_text()
    codes = set(re.findall(r'return "(?:pass|stop|wait)", "(\w+)"', source)) | set(
        re.findall(r'"(\w+)" if \w+ else "\w+"', source)
    )
    codes -= {"pass", "stop", "wait", "reachable"}
    channels = {"channel_open", "channel_closed"}
    assert codes - channels <= set(reasons.TO_A_DESK)
    assert {f"{code}.{channel}" for code in channels for channel in words.CHANNELS} <= set(reasons.TO_A_DESK)


@pytest.mark.usefixtures("in_chinese")
def test_bob_reads_why_he_was_not_called() -> None:
    said = gate.RuleAnswer("channel", "stop", "channel_closed", {"channel": "phone"})
    assert reasons.sentence(said) == "不要电话"
    assert reasons.sentence_to_customer(said) == "您不要电话。"
    assert reasons.headline([said]) == "为什么没有：不要电话"


@pytest.mark.usefixtures("in_english")
def test_a_reason_nobody_has_named_is_shown_as_it_is() -> None:
    said = gate.RuleAnswer("reason", "pass", "reason", {"reason": "spring preview"})
    assert reasons.sentence(said) == "spring preview"
    assert reasons.sentence(gate.RuleAnswer("reason", "pass", "brand_new_code")) == "brand_new_code"


def _translated(catalog: Catalog, english: str, context: str | None) -> bool:
    found = catalog.get(english, context)
    return bool(found and found.string and all(found.string if isinstance(found.string, tuple) else [found.string]))
