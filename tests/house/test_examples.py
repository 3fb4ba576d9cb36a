"""Examples in docstrings are true wherever they stand; those of the rules run beside the rules themselves."""

import doctest
import importlib
from pathlib import Path

import pytest
from django.utils import translation

from tests.house.files import PROJECT, SOURCE

ALL, RULES = PROJECT / "src", SOURCE / "rules"
LOOSELY = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def examples_in(path: Path) -> int:
    """How many examples the text of a file holds."""
    return sum(line.lstrip().startswith(">>> ") for line in path.read_text().splitlines())


SHOWING = [path for path in sorted(ALL.rglob("*.py")) if not path.is_relative_to(RULES) and examples_in(path)]


@pytest.mark.parametrize("path", SHOWING, ids=lambda path: str(path.relative_to(ALL)))
def test_every_example_is_found_and_true(path: Path) -> None:
    module = importlib.import_module(".".join(path.relative_to(ALL).with_suffix("").parts))
    with translation.override("en"):
        told = doctest.testmod(module, optionflags=LOOSELY)
    assert (told.failed, told.attempted) == (0, examples_in(path))


def test_there_are_examples_outside_the_rules() -> None:
    assert len(SHOWING) > 20
