"""The shared words in Chinese are compiled before the first test asks for them, as `make` does for the house."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils import translation

SHARED = Path(__file__).parents[3] / "src/regulars/desks/shared"


def compile_words(folder: Path) -> None:
    for source in folder.glob("locale/*/LC_MESSAGES/django.po"):
        with source.open("rb") as words, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(words))


compile_words(SHARED)


@pytest.fixture
def in_chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield
