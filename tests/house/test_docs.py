"""The documentation holds together: links lead somewhere, decisions are short, the built site stands alone."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.files import PROJECT, inside, own_files

LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
DECISIONS = sorted((PROJECT / "docs" / "decisions").glob("*.md"))
LONGEST = 350


def links(text: str) -> list[str]:
    """Where the Markdown links and pictures of a text lead, outside code."""
    prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    return [found[1] or found[2] for found in LINK.finditer(prose)]


def test_links_between_our_texts_lead_somewhere() -> None:
    broken = []
    for path in own_files(".md"):
        inner = [link for link in links(path.read_text()) if not re.match(r"[a-z]+:|#", link)]
        broken += [f"{inside(path)}: {link}" for link in inner if not (path.parent / link.split("#")[0]).exists()]
    assert not broken


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_half_a_page_with_the_decision_as_its_title(decision: Path) -> None:
    text = decision.read_text()
    number, slug = re.fullmatch(r"(\d{4})-([a-z0-9-]+)", decision.stem).groups()  # type: ignore[union-attr]
    title = re.match(r"# (\d+)\. (.+)\n", text)
    assert title is not None
    assert int(title[1]) == int(number)
    assert re.sub(r"[^a-z0-9]+", "-", title[2].lower()).startswith(slug)
    assert len(text.split()) <= LONGEST


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_what_the_threat_model_names_is_tried() -> None:
    """Every test it names by its words is there, every file, and every number of the suite that it stands on."""
    text = re.sub(r"\s+", " ", (PROJECT / "docs" / "reference" / "threat-model.md").read_text())
    paths = list((PROJECT / "tests").rglob("test_*.py"))
    tests = [name for path in paths for name in re.findall(r"^def test_(?:\d+_)?(\w+)", path.read_text(), re.MULTILINE)]
    named = [one for one in re.findall(r"\*([a-z][^*]+)\*", text) if len(one.split()) > 3]
    worded = {one: re.sub(r"[^a-z0-9]+", "_", one.replace("'", "").replace("…", "")).strip("_") for one in named}
    assert len(named) > 20
    assert not [one for one, word in worded.items() if not any(test.startswith(word) for test in tests)]
    assert set(re.findall(r"`(test_\w+\.py)`", text)) <= {path.name for path in paths}


def test_the_built_site_is_complete_and_asks_nobody_outside(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    built = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    fetched = re.compile(r"<(?:script|img|iframe)[^>]+src=\"(?:https?:)?//|<link[^>]+href=\"(?:https?:)?//")
    assert not [path.name for path in tmp_path.rglob("*.html") if fetched.search(path.read_text())]
    assert not [
        path.name for path in tmp_path.rglob("*.css") if re.search(r"url\(\s*[\"']?(https?:)?//", path.read_text())
    ]


def test_the_house_of_the_plan_and_the_file_names_in_the_guides_exist() -> None:
    """A make target named in a text is one."""
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    named = {
        (inside(path), name) for path in own_files(".md") for name in re.findall(r"`make ([a-z]+)", path.read_text())
    }
    assert not [f"{where}: make {name}" for where, name in named if name not in targets]
