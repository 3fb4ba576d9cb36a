"""The reference names every reason a cleaner can give, and none besides."""

import re
from pathlib import Path

from regulars.rules.cleaning.cleaned import CHANGES, DOUBTS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "cleaning.md").read_text()
CLEANERS = (ROOT / "src" / "regulars" / "rules" / "cleaning").glob("*.py")


def test_the_reference_names_every_reason_once() -> None:
    changes, doubts = PAGE.split("## What somebody should look at")
    assert sorted(re.findall(r"^\| `(\w+)` \|", changes, re.MULTILINE)) == sorted(CHANGES)
    assert sorted(re.findall(r"^\| `(\w+)` \|", doubts, re.MULTILINE)) == sorted(DOUBTS)


def test_every_reason_is_given_by_some_cleaner() -> None:
    code = "".join(page.read_text() for page in CLEANERS if page.name != "cleaned.py")
    assert [reason for reason in sorted(CHANGES | DOUBTS) if not re.search(f'"{reason}[":]', code)] == []
