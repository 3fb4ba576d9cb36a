"""`python -m regulars.desks.night_shift`: the night shift comes in and works until it is told to end.

`--until-empty`: until no job is left. A process of its own, so that whoever starts it need not know what it does.
"""

import os
import sys

import django


def main() -> None:
    """Does the jobs; ends by itself on SIGTERM and SIGINT once those in hand are done."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.site.settings")
    django.setup()
    from regulars.desks.night_shift.jobs import run_worker

    run_worker(until_empty="--until-empty" in sys.argv[1:])


if __name__ == "__main__":
    main()
