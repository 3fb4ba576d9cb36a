"""A house from before the seals is sealed while it is brought up to date; only who steals it notices."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from regulars.connections.postgres.logins import administrator

pytestmark = pytest.mark.engine
ROOT = Path(__file__).resolve().parents[2]
DATABASE = "regulars_seals"
PEOPLE = 400
ASIDE = 300


@pytest.fixture(scope="module")
def told(standing_house: None) -> dict[str, Any]:
    """What life_of_seals.py told, from a database of its own on the tests' server."""
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
        try:
            words = [sys.executable, "-m", "tests.journeys.life_of_seals"]
            environment = {**os.environ, "REGULARS_DATABASE": DATABASE}
            done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            return dict(json.loads(done.stdout.splitlines()[-1]))
        finally:
            connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def test_taking_the_seals_back_opens_every_value_again(told: dict[str, Any]) -> None:
    assert told["open_again"] == told["before"]
    assert len(told["before"]) == 6


def test_killed_while_sealing_it_goes_on_where_it_ended(told: dict[str, Any]) -> None:
    assert told["killed"] == -9
    still_open, sealed = told["half"]
    assert sealed >= 150
    assert still_open > 0
    rows = told["progress"].index([0, ASIDE])
    total = told["progress"][0][1]
    assert total < 7 * PEOPLE // 2 + 7
    assert told["progress"][rows - 1] == [total, total]
    assert told["progress"][rows + 1] == [ASIDE, ASIDE]


def test_afterwards_everything_is_there_and_nothing_lies_open(told: dict[str, Any]) -> None:
    assert (told["changed"], told["again"]) == (True, False)
    assert told["after"] == told["before"]
    assert told["everybody"] == PEOPLE + 6
    assert told["points"] == ["C-50002@example.com"]
    assert told["left"] == 0
    assert told["changes"] == [["customer", "city", "Paris", "C-50002"], ["task", "state", None, "open"]]
    assert told["findings"] == []


def test_what_changed_while_it_was_sealed_is_the_later_word(told: dict[str, Any]) -> None:
    assert told["facts"] == ["changed meanwhile", "X50002", None]


def test_rows_set_aside_in_the_open_are_sealed_and_what_went_meanwhile_is_gone(told: dict[str, Any]) -> None:
    """One was emptied while the others were sealed, one came in from an import of the version before."""
    assert told["aside"] == [ASIDE + 1, "Old 5,0138-5", "", "Old 300,0138-300", ",0138-late"]
