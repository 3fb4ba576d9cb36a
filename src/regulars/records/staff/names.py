"""What people who work here, or did, are called in Chinese; logs and tasks keep the other name."""

import time
from collections.abc import Mapping
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask

KEPT_FOR: Final = 5  # seconds: a page says the same name forty times
NOTHING_KEPT: Final[tuple[Mapping[str, str], float]] = ({}, 0.0)
_kept = NOTHING_KEPT  # what was read last, and until when on the process's own clock it is believed
# Two of one name are told apart by nothing that a log keeps: they are called as it stands there.
_NAMES: Final = """
SELECT full_name, min(full_name_zh) FROM staff
 GROUP BY full_name HAVING count(DISTINCT full_name_zh) = 1 AND min(full_name_zh) <> ''
"""


def chinese_names() -> Mapping[str, str]:
    """By name, the Chinese name of everybody who has one, as of some seconds ago."""
    global _kept
    known, until = _kept
    if time.monotonic() < until:
        return known
    read = {str(name): str(chinese) for name, chinese in ask(WRITER, _NAMES)}
    _kept = read, time.monotonic() + KEPT_FOR
    return read


def forget_names() -> None:
    """This process reads them anew when it is asked again."""
    global _kept
    _kept = NOTHING_KEPT


def names_like(text: str) -> list[str]:
    """The names under which logs write people whose Chinese name holds that text."""
    return [name for name, chinese in chinese_names().items() if text in chinese] if text.strip() else []
