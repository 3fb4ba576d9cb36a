"""Places for order lines: whoever comes second finds the month open."""

import threading
from contextlib import closing
from datetime import date

import pytest
from django.db import connections

from regulars.records.orders.actions import open_months

pytestmark = pytest.mark.usefixtures("house")
MONTHS = [date(2011, month, 1) for month in range(1, 13)]


def test_two_files_may_open_the_same_months_at_once() -> None:
    opened, beginning = list[int](), threading.Barrier(6)

    def open_all() -> None:
        beginning.wait()
        with closing(connections["default"]):
            for month in MONTHS:
                open_months([month])
        opened.append(1)

    threads = [threading.Thread(target=open_all) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == len(threads)
