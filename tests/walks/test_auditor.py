"""Every command of docs/guides/auditor.md, executed one after the other, as a keeper and an auditor would."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from regulars.journeys.write_statement import publish
from regulars.records.access_log.actions import note_access
from tests.cast import DORA, EMIL, NOON, ann, bob
from tests.house.files import PROJECT

pytestmark = pytest.mark.usefixtures("house")
GUIDE = PROJECT / "docs" / "guides" / "auditor.md"
PROGRAMS = {"regulars": "regulars.desks.cli", "regulars-verify": "regulars_verifier"}


def commands() -> list[str]:
    """The lines of every shell block."""
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def done(line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    program, *words = shlex.split(line)
    environment = {**os.environ, "REGULARS_HOME": str(settings.HOME.path), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", PROGRAMS[program], *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_every_command_of_the_guide_does_what_it_says(tmp_path: Path) -> None:
    for who in (ann(), bob()):
        note_access(DORA, door="open_customer", because="serving", rows=1, customer_id=who.id)
    publish({"en": "We keep little.", "zh-hans": "我们只留必要的。"}, by=EMIL, at=NOON)
    said = {line: done(line, tmp_path) for line in commands()}
    assert {line: (one.returncode, one.stderr) for line, one in said.items() if one.returncode} == {}
    assert "✓ Everything holds." in said["regulars-verify bundle.zip"].stdout
    assert "✓ 全部成立。" in said["regulars-verify bundle.zip --chinese"].stdout
    assert "goes on from the earlier bundle" in said["regulars-verify later.zip --before bundle.zip"].stdout
    assert "Public key: " in said["regulars bundle bundle.zip --since 2026-01-01"].stdout
    assert "Every closed line is as it was" in said["regulars log verify"].stdout
    assert "Dora" not in said["regulars report unused"].stdout


def test_the_guide_has_commands_of_both_programs() -> None:
    assert {shlex.split(line)[0] for line in commands()} == set(PROGRAMS)
    assert len(commands()) >= 10
