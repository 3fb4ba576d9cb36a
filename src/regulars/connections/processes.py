"""What other processes, and other people of the machine, could learn from ours."""

import resource
from collections.abc import Mapping
from typing import Final

#: What the house is told apart from where its home is: keys, addresses with passwords or tokens in them.
OURS: Final = ("REGULARS_", "DATABASE_URL")
HARMLESS: Final = "REGULARS_HOME"


def leave_no_core() -> None:
    """This process and all it starts from now on leave no image of their memory on the disk, however they die: keys
    and open texts would lie in it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a program that is not ours: the caller's own, less what only the house is told.

    >>> without_secrets({"PATH": "/bin", "DATABASE_URL": "postgresql://me:secret@there/", "REGULARS_KEY_SEARCH": "ab"})
    {'PATH': '/bin'}
    """
    return {name: said for name, said in environment.items() if name == HARMLESS or not name.startswith(OURS)}
