"""The groups customers belong to: of which kinds, which may stand under which, and as what somebody belongs to one."""

from typing import Final

HOUSEHOLD: Final = "household"
COMPANY: Final = "company"
AGENT: Final = "agent"
CHANNEL: Final = "channel"
#: From the household up: a group stands under one of a later kind, and a company also under a company.
KINDS: Final = (HOUSEHOLD, COMPANY, AGENT, CHANNEL)
UNDER: Final = {
    HOUSEHOLD: frozenset({AGENT, CHANNEL}),
    COMPANY: frozenset({COMPANY, AGENT, CHANNEL}),
    AGENT: frozenset({AGENT, CHANNEL}),
    CHANNEL: frozenset({CHANNEL}),
}
#: As what a customer belongs to a group of that kind. A branch of a company is a company under it.
ROLES: Final = {
    HOUSEHOLD: ("adult", "child", "other"),
    COMPANY: ("owner", "manager", "buyer", "accounts", "assistant", "staff", "other"),
    AGENT: ("introduced", "served"),
    CHANNEL: ("introduced", "served"),
}
#: How it is known: somebody said so, or a rule proposed it and somebody agreed, or two records were found to belong.
KNOWN_BY: Final = ("told", "rule", "match")
#: A tree is at most so many groups high, the topmost and the lowest counted.
DEEPEST: Final = 8


def stands_under(kind: str, parent: str) -> bool:
    """Whether a group of that kind may stand under one of the other.

    >>> stands_under("company", "company"), stands_under("household", "company"), stands_under("company", "agent")
    (True, False, True)
    """
    return parent in UNDER.get(kind, frozenset())
