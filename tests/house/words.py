"""Finds every sentence marked for translation, in Python and in templates, and the translations there are."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.house.files import SOURCE, inside

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# What Django makes of a template: calls among blanked-out text.
CALL = re.compile(
    r"""(?<!\w)(_|gettext|ngettext|pgettext|npgettext)\(\s*((?:u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*,?\s*)+)"""
)
STRING = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""")


@dataclass(frozen=True)
class Sentence:
    """A marked sentence: where it stands, its context ('' for none) and its English."""

    where: str
    context: str
    english: str


def marked_sentences() -> list[Sentence]:
    """Every sentence a person can see, as marked in our sources."""
    python = [found for path in SOURCE.rglob("*.py") for found in _in_python(path)]
    templates = [
        found
        for ending in ("*.html", "*.txt")
        for path in SOURCE.rglob(f"templates/**/{ending}")
        for found in in_template(path.read_text(), inside(path))
    ]
    return python + templates


def catalogues() -> dict[str, Catalog]:
    """Every translation file by its path."""
    return {inside(path): _read(path) for path in sorted(SOURCE.rglob("locale/*/LC_MESSAGES/django.po"))}


def in_template(text: str, where: str) -> Iterator[Sentence]:
    """The sentences marked in a Django template."""
    for call in CALL.finditer(templatize(text, origin=where)):
        strings = [ast.literal_eval(found) for found in STRING.findall(call[2])]
        context = strings.pop(0) if call[1].startswith(("p", "np")) else ""
        yield Sentence(where, context, strings[0])


def _in_python(path: Path) -> Iterator[Sentence]:
    with path.open("rb") as file:
        for line, function, said, _ in extract_python(file, KEYWORDS, (), {}):
            parts = [part for part in ([said] if isinstance(said, str) else said or ()) if part]
            if parts:
                context = parts.pop(0) if "pgettext" in (function or "") else ""
                yield Sentence(f"{inside(path)}:{line}", context, parts[0])


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)
