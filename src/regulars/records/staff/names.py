"""What people who work here, or did, are called: in logs and lists each by a name of her own, and in Chinese."""

import time
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask

KEPT_FOR: Final = 5  # seconds: a page says the same name forty times
NOTHING_KEPT: Final[tuple[Mapping[str, str], float]] = ({}, 0.0)
_kept = NOTHING_KEPT  # what was read last, and until when on the process's own clock it is believed
_NAMES: Final = """
SELECT log_name, full_name_zh, substr(log_name, length(full_name) + 1) FROM staff WHERE full_name_zh <> ''
"""
_IN_LOGS: Final = """
SELECT id, log_name FROM staff UNION
SELECT id, full_name FROM staff s WHERE NOT EXISTS (SELECT FROM staff o WHERE o.log_name = s.full_name) ORDER BY 1, 2
"""
#: So logs go on behind a name of who sits at a terminal; no name itself may go on so.
AT_A_TERMINAL: Final = " (terminal"
BRACKETS: Final = str.maketrans("()", "[]")


def chinese_names() -> Mapping[str, str]:
    """By name, the Chinese name of everybody who has one, as of some seconds ago."""
    global _kept
    known, until = _kept
    if time.monotonic() < until:
        return known
    read = {str(name): f"{chinese}{_beside(rest)}" for name, chinese, rest in ask(WRITER, _NAMES)}
    _kept = read, time.monotonic() + KEPT_FOR
    return read


def names_in_logs() -> Mapping[int, list[str]]:
    """By the id of everybody who works here, or did, the names under which logs write her: her own, and one she shared
    with others in lines of before there were names of one's own."""
    found: dict[int, list[str]] = {}
    for staff_id, name in ask(WRITER, _IN_LOGS):
        found.setdefault(int(staff_id), []).append(str(name))
    return found


def names_for(full_name: str, username: str) -> Iterator[str]:
    """How somebody new may be called in logs: Li Lan, else Li Lan (lan2); the first that is nobody's is hers."""
    alone, beside = (
        name.translate(BRACKETS) if AT_A_TERMINAL in name else name for name in (full_name, f"{full_name} ({username})")
    )
    yield from (alone, beside)
    yield from (f"{beside} {n}" for n in count(2))


def _beside(rest: str) -> str:
    """What tells two of one name apart, as it stands in Chinese."""
    return rest.replace(" (", "（").replace(")", "）")


def forget_names() -> None:
    """This process reads them anew when it is asked again."""
    global _kept
    _kept = NOTHING_KEPT


def names_like(text: str) -> list[str]:
    """The names under which logs write people whose Chinese name holds that text."""
    return [name for name, chinese in chinese_names().items() if text in chinese] if text.strip() else []
