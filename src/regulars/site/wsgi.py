"""The WSGI application granian serves.

What is there before the first page stays for good, so it is laid aside from the search for cycles, and the search runs
less often: pages leave few cycles behind. Measured with sixteen callers: a tenth of a page's work.

A process that draws does not push aside whoever is at work the moment an answer comes for it, the database above all:
Linux calls that a batch. Measured with sixteen callers on two cores, twice in turn: a seventh more cards, and the
slowest of a hundred in 144 and 138 ms instead of 157 and 201; searches gained little.

What a page keeps for itself (language, time zone, connections) Django looks up so that coroutines may share a thread.
Here every page has a thread to itself, and a plain look-up does: a sentence costs 1.4 µs instead of 4.9, and a card
looks up two hundred such things.
"""

import gc
import os
import threading
from contextlib import suppress
from typing import Final

import pyarrow as pa
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import base
from django.utils import timezone
from django.utils.translation import trans_real

from regulars.desks.shared.lines import of_this_process, processes_here
from regulars.desks.shared.turns import READERS, InTurn

THRESHOLDS: Final = (20_000, 50, 50)

with suppress(AttributeError, OSError):  # another system, or one that keeps its order to itself
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.site.settings")
for keeper, name in (
    (trans_real, "_active"), (timezone, "_active"), (base, "_prefixes"), (base, "_urlconfs"),
    (connections, "_connections"),
):  # fmt: skip
    setattr(keeper, name, threading.local())
pages = get_wsgi_application()
from regulars.desks.api.stream_door import StreamDoor  # noqa: E402  (its records want Django awake)
from regulars.desks.shared.forgotten import Forgotten  # noqa: E402
from regulars.rules.cleaning.pinyin import syllables  # noqa: E402
from regulars.site import urls  # noqa: E402, F401  (every page, before the first one is asked for)

pages.request_class = Forgotten
syllables("熟客")  # its tables stay, like every page
pa.array([0])  # with the first array comes all of pandas, where it is installed
arriving = threading.BoundedSemaphore(READERS)
application = StreamDoor(
    InTurn(pages, lines=of_this_process(), arriving=arriving), arriving=arriving, shares=processes_here()
)
gc.collect()
gc.freeze()
gc.set_threshold(*THRESHOLDS)
