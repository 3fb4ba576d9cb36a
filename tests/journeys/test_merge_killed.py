"""Killed at any moment of a merge or of undoing one: it has been done wholly, or nothing has happened."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from regulars.records.merging.models import Merge, MergedRows
from tests.cast import EMIL
from tests.merging import World, differences, merge, unmerge, vault

pytestmark = pytest.mark.usefixtures("house")
BACK_AND_FORTH = """
import django; django.setup()
from regulars.journeys.merge_customers import merge_customers, unmerge_customers
from regulars.rules.permission.errors import NotThere
from tests.cast import EMIL, NOON
print("at it", flush=True)
while True:
    try:
        merge_customers("C-20002", "C-20001", by=EMIL, because="test", at=NOON)
    except Exception as error:
        if getattr(error, "code", "") != "pair_of_one":  # she is that one already
            raise
    unmerge_customers("C-20002", by=EMIL, because="test", at=NOON)
"""

#: Dies by its own hand, unasked and at once, before the statement of that number.
AT_A_STATEMENT = """
import os, signal, sys
import django; django.setup()
import psycopg
from regulars.journeys import merge_customers
from tests.cast import EMIL, NOON
act, left = sys.argv[1], [int(sys.argv[2])]
execute = psycopg.Cursor.execute
def counting(self, *words, **more):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return execute(self, *words, **more)
psycopg.Cursor.execute = counting
numbers = ("C-20002", "C-20001") if act == "merge_customers" else ("C-20002",)
getattr(merge_customers, act)(*numbers, by=EMIL, because="test", at=NOON)
"""


def killed_after(seconds: float) -> None:
    words = [sys.executable, "-W", "ignore", "-c", BACK_AND_FORTH]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=os.environ) as process:
        assert process.stdout is not None and process.stdout.readline()
        time.sleep(seconds)
        assert process.poll() is None, "it ended by itself: nobody was killed in the middle"
        process.send_signal(signal.SIGKILL)


def killed_before(act: str, statement: int) -> None:
    words = [sys.executable, "-W", "ignore", "-c", AT_A_STATEMENT, act, str(statement)]
    assert subprocess.run(words, env=os.environ, check=False).returncode == -signal.SIGKILL


@contextmanager
def statements() -> Iterator[list[int]]:
    """How many statements there were, in a list of one."""
    counted, execute = [0], psycopg.Cursor.execute

    def counting(self: Any, *words: Any, **more: Any) -> Any:
        counted[0] += 1
        return execute(self, *words, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", counting)
        yield counted


def unnumbered(lies: dict[str, list[str]]) -> dict[str, list[str]]:
    """Rows that each merge spells out anew have a new number each time, and say the same."""
    rows = {table: [row.split(",", 1)[1] for row in lies[table]] for table in ("field_said", "own_value_said")}
    return lies | rows


@pytest.mark.engine
def test_killed_at_random_moments_it_is_done_wholly_or_not_at_all() -> None:
    dice, world = random.Random(3), World()
    ann, anne = world.somebody("Ann Archer", dice), world.somebody("Anne Archer", dice)
    apart = vault()
    merge(anne, ann, by=EMIL)
    together = vault()
    unmerge(anne, by=EMIL)
    found = []
    for _ in range(6):
        killed_after(dice.uniform(0.0, 1.5))
        stands = Merge.objects.filter(undone_at__isnull=True).exists()
        before, now = (unnumbered(together), unnumbered(vault())) if stands else (apart, vault())
        assert differences(before, now).keys() <= {"former_number"}
        assert MergedRows.objects.exists() == stands
        found.append(stands)
    if found[-1]:
        unmerge(anne, by=EMIL)
    assert differences(apart, vault()) == {}


def test_killed_before_any_statement_of_either_nothing_has_happened() -> None:
    dice, world = random.Random(8), World()
    ann, anne = world.somebody("Ann Archer", dice), world.somebody("Anne Archer", dice)
    apart = vault()
    with statements() as of_merge:
        merge(anne, ann, by=EMIL)
    world.buys(ann, world.sources[0], dice), world.visits(ann, world.sources[1], dice), world.say(ann, dice)
    together = vault()
    for share in (0.4, 0.9):
        killed_before("unmerge_customers", int(of_merge[0] * share))
        assert differences(together, vault()) == {}
    unmerge(anne, by=EMIL)
    two_again = vault()
    assert differences(apart, two_again).keys() >= {"order_line", "touchpoint"}
    for share in (dice.uniform(0.3, 0.9), 0.97):
        killed_before("merge_customers", int(of_merge[0] * share))
        assert differences(two_again, vault()) == {}
    assert not Merge.objects.filter(undone_at__isnull=True).exists() and not MergedRows.objects.exists()
