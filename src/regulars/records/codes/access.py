"""The reading door of codes: read by every page that says one in words, so kept for some seconds in each process."""

import time
from dataclasses import dataclass
from datetime import date
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask
from regulars.rules.codes.tree import Code

KEPT_FOR: Final = 5.0
_ALL: Final = f"SELECT {', '.join(Code.__dataclass_fields__)} FROM code ORDER BY kind, place, label, key"  # noqa: S608


@dataclass(slots=True)
class _Kept:
    codes: tuple[Code, ...] = ()
    until: float = 0.0


_kept = _Kept()


def codes(kind: str) -> tuple[Code, ...]:
    """All codes of that kind, retired and merged ones too, in their order; as of some seconds ago."""
    if time.monotonic() >= _kept.until:
        _kept.codes = tuple(Code(*row) for row in ask(WRITER, _ALL))
        _kept.until = time.monotonic() + KEPT_FOR
    return tuple(one for one in _kept.codes if one.kind == kind)


def forget_codes() -> None:
    """This process reads them anew when it is asked again."""
    _kept.until = 0.0


def is_valid(kind: str, key: str, *, on: date) -> bool:
    """Whether something may be noted under that code on that day."""
    return any(one.key == key and one.holds(on) for one in codes(kind))
