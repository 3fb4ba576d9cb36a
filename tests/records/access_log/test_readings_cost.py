"""Counting what is read costs next to nothing: one statement counts, decides and writes the line."""

import time
from dataclasses import replace
from statistics import median

import pytest
from django.utils import timezone

from regulars.connections.postgres.asking import tell
from regulars.records.access_log.actions import INSERT, LOG, _line, note_access
from tests.cast import DORA

pytestmark = pytest.mark.usefixtures("house")
TIMES = 400
AT_MOST = 0.0004  # a fifth of a millisecond on a quiet machine, twice that on a busy one


def test_counting_costs_less_than_a_fifth_of_a_millisecond_beside_the_line_itself() -> None:
    by = replace(DORA, staff_id=7)

    def seconds(counted: bool) -> float:
        before = time.perf_counter()
        if counted:
            note_access(by, door="open_customer", because="serving", rows=1, customer_id=5)
        else:
            tell(LOG, INSERT, _line(by, "open_customer", "serving", 1, 5, allowed=True))
        return time.perf_counter() - before

    took = [(seconds(False), seconds(True)) for _ in range(TIMES)]
    assert median(with_it for _, with_it in took) - median(plain for plain, _ in took) < AT_MOST, timezone.now()
