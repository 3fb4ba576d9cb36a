"""The words for what the marketing desk counts and sends: groups, states, lists, campaigns."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.counted_words import ARMS, CAMPAIGN_STATES, GROUPS, LISTS, PLACES, STATES
from regulars.desks.shared.words import Words

__all__ = [
    "ARMS", "CAMPAIGN_ICONS", "CAMPAIGN_STATES", "CAMPAIGN_TONES", "COMING_AND_GOING", "GROUPS", "GROUP_KEYS", "LISTS",
    "NEXT_STEPS", "PLACES", "STATES",
]  # fmt: skip

#: Those who were not there on the earlier day, and those no longer there on the later.
COMING_AND_GOING: Final[Words] = {
    "arrived": pgettext_lazy("customer group", "Arrived"),
    "gone": pgettext_lazy("customer group", "Brought all back"),
}
GROUP_KEYS: Final = {
    "champions": "k6", "loyal": "k5", "new": "k4", "promising": "k3", "attention": "k2", "at_risk": "sand2",
    "asleep": "sand",
}  # fmt: skip
NEXT_STEPS: Final[Words] = {
    "champions": _("Ask them to bring friends"),
    "loyal": _("New things first"),
    "new": _("A reason for the second purchase"),
    "promising": _("One friendly call"),
    "attention": _("Ask how they are"),
    "at_risk": _("One task each"),
    "asleep": _("One letter a year at most"),
}

CAMPAIGN_TONES: Final = {"passed": "ok", "rolling_out": "ok", "finished": "", "failed": "heed", "stopped": "heed"}
CAMPAIGN_ICONS: Final = {
    "draft": "pencil", "ready": "clipboard-list", "testing": "flask", "passed": "check", "failed": "flag",
    "rolling_out": "send", "finished": "circle-check", "stopped": "player-stop",
}  # fmt: skip
