"""Finds every sentence marked for translation, in Python and in templates, and the translations there are."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from tests.house.files import SOURCE, inside

KEYWORDS = (
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
    "npgettext", "npgettext_lazy",
)  # fmt: skip

#: A template that cannot be read is a failure here, not one without sentences.
READ_AS_DRAWN = {"silent": "false", "newstyle_gettext": "true"}


@dataclass(frozen=True)
class Sentence:
    """A marked sentence: where it stands, its context ('' for none) and its English."""

    where: str
    context: str
    english: str


def marked_sentences() -> list[Sentence]:
    """Every sentence a person can see, as marked in our sources."""
    python = [found for path in SOURCE.rglob("*.py") for found in in_python(path.read_text(), inside(path))]
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
    """The sentences marked in a template."""
    for _line, function, said, _ in babel_extract(BytesIO(text.encode()), KEYWORDS, (), READ_AS_DRAWN):
        yield from _sentence(where, function, said)


def in_python(text: str, where: str) -> Iterator[Sentence]:
    """The sentences marked in a module, also those within f-strings."""
    for call in ast.walk(ast.parse(text)):
        if isinstance(call, ast.Call) and (function := _called(call.func)) in KEYWORDS:
            said = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
            yield from _sentence(f"{where}:{call.lineno}", function, said)


def _called(function: ast.expr) -> str:
    return getattr(function, "attr", None) or getattr(function, "id", "")


def _sentence(where: str, function: str | None, said: object) -> Iterator[Sentence]:
    """What a call says, if it says anything: a name alone is said elsewhere."""
    parts = [part for part in (said if isinstance(said, tuple | list) else (said,)) if isinstance(part, str) and part]
    if parts:
        context = parts.pop(0) if "pgettext" in (function or "") else ""
        yield Sentence(where, context, parts[0])


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)
