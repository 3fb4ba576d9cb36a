"""Being somebody else for a moment: a child process that changes its account."""

import os
import pwd
import sys
import traceback
from collections.abc import Callable

IS_ROOT = os.geteuid() == 0


def as_account(name: str, work: Callable[[], str]) -> str:
    """Let a child process do the work as that account and return its answer, or the error's name and text."""
    entry = pwd.getpwnam(name)
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        with os.fdopen(reading) as answer:
            said = answer.read()
        os.waitpid(child, 0)
        return said
    try:  # the child never returns into pytest
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
        said = work()
    except BaseException as error:  # noqa: BLE001  whatever it is, the parent wants to read it
        said = f"{type(error).__name__}: {error}"
        traceback.print_exc(file=sys.stderr)
    os.write(writing, said.encode())
    os._exit(0)
