"""The WSGI application granian serves.

What is there before the first page stays for good, so it is laid aside from the search for cycles, and the search runs
less often: pages leave few cycles behind. Measured with sixteen callers: a tenth of a page's work.
"""

import gc
import os
from typing import Final

from django.core.wsgi import get_wsgi_application

from regulars.desks.shared.lines import of_this_process
from regulars.desks.shared.turns import InTurn

THRESHOLDS: Final = (20_000, 50, 50)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.site.settings")
application = InTurn(get_wsgi_application(), lines=of_this_process())
gc.collect()
gc.freeze()
gc.set_threshold(*THRESHOLDS)
