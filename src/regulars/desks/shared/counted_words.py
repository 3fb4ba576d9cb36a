"""The words for what is counted and sent: groups, states, lists, the bucket, campaigns; for pages and command line."""

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

ARMS: Final[Words] = {
    "test": pgettext_lazy("arm", "Test group"),
    "rollout": pgettext_lazy("arm", "Roll-out"),
    "holdout": _("Hold-out"),
}
