"""What a browser may say for its owner: the Global Privacy Control, `Sec-GPC: 1`, "do not sell or share".

California makes it a valid opt-out of sale and sharing (Cal. Code Regs. tit. 11, 7025): there it is a no to disclosure.
Elsewhere disclosure waits for a yes in any case, so the signal is noted as what she wishes and changes nothing.
"""

from typing import Final, Literal

GPC: Final = "gpc"
HEADER: Final = "Sec-GPC"
BINDING_IN: Final = frozenset({"US-CA"})
Outcome = Literal["denied", "noted"]


def says_do_not_sell(header: str | None) -> bool:
    """Whether the header's value is the signal; anything but 1 says nothing.

    >>> says_do_not_sell("1"), says_do_not_sell("0"), says_do_not_sell(None)
    (True, False, False)
    """
    return header == "1"


def outcome_in(jurisdiction: str) -> Outcome:
    """What the signal counts as in a jurisdiction."""
    return "denied" if jurisdiction in BINDING_IN else "noted"


def is_news(before: str | None, jurisdiction: str) -> bool:
    """Whether hearing it once more changes anything: a second time only where it binds now and did not before.

    So a yes she gives herself after the signal was taken as a no stands, although her browser goes on sending it.

    >>> is_news(None, "CN"), is_news("noted", "CN"), is_news("noted", "US-CA"), is_news("denied", "US-CA")
    (True, False, True, False)
    """
    return before is None or (before == "noted" and outcome_in(jurisdiction) == "denied")
