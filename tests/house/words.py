"""Finds every sentence marked for translation, in Python and in templates, and the translations there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

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
    """The sentences marked in a template."""
    for _line, function, said, _ in babel_extract(BytesIO(text.encode()), list(KEYWORDS), (), READ_AS_DRAWN):
        yield from _sentence(where, function, said)


def _in_python(path: Path) -> Iterator[Sentence]:
    with path.open("rb") as file:
        for line, function, said, _ in extract_python(file, KEYWORDS, (), {}):
            yield from _sentence(f"{inside(path)}:{line}", function, said)


def _sentence(where: str, function: str | None, said: object) -> Iterator[Sentence]:
    """What a call says, if it says anything: a name alone is said elsewhere."""
    parts = [part for part in (said if isinstance(said, tuple | list) else (said,)) if isinstance(part, str) and part]
    if parts:
        context = parts.pop(0) if "pgettext" in (function or "") else ""
        yield Sentence(where, context, parts[0])


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)
