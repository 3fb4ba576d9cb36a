"""Keys that people and programs give and that stand in addresses of pages: of a segment, a campaign, a partner."""

import re
from typing import Final

#: Words that mean something else at the place of a key; tests/house/test_page_keys.py compares them with all addresses.
RESERVED: Final = frozenset({"bought", "fill", "funnel", "new", "try"})
PATTERN: Final = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_SHAPE: Final = re.compile(PATTERN)


def is_page_key(key: str) -> bool:
    """Whether something so called can be found at an address of its own.

    >>> [is_page_key(key) for key in ("spring-2026", "v1.2", "new", "a/b", "春", "")]
    [True, True, False, False, False, False]
    """
    return _SHAPE.fullmatch(key) is not None and key not in RESERVED


def free_key(wanted: str, taken: frozenset[str] | set[str]) -> str:
    """The key itself, or it with the lowest number that nobody has.

    >>> free_key("spring", {"spring", "spring-2"}), free_key("new", set())
    ('spring-3', 'new-2')
    """
    numbered = (wanted if n == 1 else f"{wanted}-{n}" for n in range(1, len(taken) + len(RESERVED) + 2))
    return next(key for key in numbered if key not in taken and key not in RESERVED)
