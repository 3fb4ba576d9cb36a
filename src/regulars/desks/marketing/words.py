"""The words for what the marketing desk counts and sends: groups, states, lists, campaigns."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.words import Words

GROUPS: Final[Words] = {
    "champions": pgettext_lazy("customer group", "Champions"),
    "loyal": pgettext_lazy("customer group", "Loyal"),
    "new": pgettext_lazy("customer group", "New"),
    "promising": pgettext_lazy("customer group", "Promising"),
    "attention": pgettext_lazy("customer group", "Needs attention"),
    "at_risk": pgettext_lazy("customer group", "At risk"),
    "asleep": pgettext_lazy("customer group", "Dormant"),
}
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

STATES: Final[Words] = {
    "new": pgettext_lazy("customer state", "New"),
    "active": pgettext_lazy("customer state", "Comes as usual"),
    "due": pgettext_lazy("customer state", "Due within a week"),
    "grace": pgettext_lazy("customer state", "Late"),
    "lapsed": pgettext_lazy("customer state", "Lapsed"),
}
LISTS: Final[Words] = {
    "due": pgettext_lazy("three lists", "Due"),
    "bought": pgettext_lazy("three lists", "Bought"),
    "within_grace": pgettext_lazy("three lists", "Not yet, within grace"),
    "lapsed": pgettext_lazy("three lists", "Lapse list"),
}
PLACES: Final[Words] = {
    "gained": _("Gained"),
    "won_back": _("Won back"),
    "kept": _("Kept"),
    "lapsed": _("Lapsed"),
}

CAMPAIGN_STATES: Final[Words] = {
    "draft": pgettext_lazy("campaign", "Draft"),
    "ready": pgettext_lazy("campaign", "Ready"),
    "testing": pgettext_lazy("campaign", "Testing"),
    "passed": pgettext_lazy("campaign", "Test passed"),
    "failed": pgettext_lazy("campaign", "Below the threshold"),
    "rolling_out": pgettext_lazy("campaign", "Rolling out"),
    "finished": pgettext_lazy("campaign", "Finished"),
    "stopped": pgettext_lazy("campaign", "Stopped"),
}
CAMPAIGN_TONES: Final = {"passed": "ok", "rolling_out": "ok", "finished": "", "failed": "heed", "stopped": "heed"}
CAMPAIGN_ICONS: Final = {
    "draft": "pencil", "ready": "clipboard-list", "testing": "flask", "passed": "check", "failed": "flag",
    "rolling_out": "send", "finished": "circle-check", "stopped": "player-stop",
}  # fmt: skip
ARMS: Final[Words] = {
    "test": pgettext_lazy("arm", "Test group"),
    "rollout": pgettext_lazy("arm", "Roll-out"),
    "holdout": _("Hold-out"),
}
