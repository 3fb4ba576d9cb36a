"""The words only this desk needs: what comes next for a group, how a rule is built, how a campaign looks."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.counted_words import ARMS, CAMPAIGN_STATES, GROUPS, LISTS, PLACES, STATES
from regulars.desks.shared.words import Words

__all__ = [
    "ARMS",
    "CAMPAIGN_ICONS",
    "CAMPAIGN_STATES",
    "CAMPAIGN_TONES",
    "COMING_AND_GOING",
    "FIELD_SOURCES",
    "GROUPS",
    "GROUP_KEYS",
    "KINDS_FIRST",
    "KINDS_IF_ALL",
    "KINDS_IF_ANY",
    "LISTS",
    "NEXT_STEPS",
    "OPERATORS",
    "PERIODS",
    "PLACES",
    "SEXES_AND_STAGES",
    "STATES",
    "UNITS",
]

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

#: How a part of a rule is joined to those before it.
KINDS_FIRST: Final[Words] = {
    "one": pgettext_lazy("rule", "who"),
    "any": pgettext_lazy("rule", "one of"),
    "all": pgettext_lazy("rule", "all of"),
    "none": pgettext_lazy("rule", "leave out"),
}
KINDS_IF_ALL: Final[Words] = {
    "one": pgettext_lazy("rule", "and"),
    "any": pgettext_lazy("rule", "and one of"),
    "all": pgettext_lazy("rule", "and all of"),
    "none": pgettext_lazy("rule", "leave out"),
}
KINDS_IF_ANY: Final[Words] = {
    "one": pgettext_lazy("rule", "or"),
    "any": pgettext_lazy("rule", "or one of"),
    "all": pgettext_lazy("rule", "or all of"),
    "none": pgettext_lazy("rule", "or none of"),
}
FIELD_SOURCES: Final[Words] = {
    "rfm": pgettext_lazy("fields", "Value and rhythm"),
    "behaviour": pgettext_lazy("fields", "What they did"),
    "record": pgettext_lazy("fields", "Who they are"),
    "own": pgettext_lazy("fields", "Our own attributes"),
}
OPERATORS: Final[Words] = {
    "at_least": pgettext_lazy("operator", "at least"),
    "at_most": pgettext_lazy("operator", "at most"),
    "more_than": pgettext_lazy("operator", "more than"),
    "less_than": pgettext_lazy("operator", "less than"),
    "equals": pgettext_lazy("operator", "exactly"),
    "between": pgettext_lazy("operator", "between"),
    "any_of": pgettext_lazy("operator", "is one of"),
    "none_of": pgettext_lazy("operator", "is none of"),
    "all_of": pgettext_lazy("operator", "is all of"),
    "on_or_after": pgettext_lazy("operator", "from"),
    "on_or_before": pgettext_lazy("operator", "up to"),
    "in_last_days": pgettext_lazy("operator", "in the past"),
    "in_next_days": pgettext_lazy("operator", "in the next"),
    "this_month": pgettext_lazy("operator", "this month"),
    "next_month": pgettext_lazy("operator", "next month"),
    "last_month": pgettext_lazy("operator", "last month"),
    "is_known": pgettext_lazy("operator", "is known"),
    "is_unknown": pgettext_lazy("operator", "is not known"),
    "at_all": pgettext_lazy("operator", "ever"),
    "not_at_all": pgettext_lazy("operator", "never"),
}
PERIODS: Final[Words] = {
    "ever": pgettext_lazy("period", "at any time"),
    "days": pgettext_lazy("period", "in the past"),
    "dates": pgettext_lazy("period", "between two days"),
}
UNITS: Final[Words] = {
    "days": pgettext_lazy("unit", "days"),
    "orders": pgettext_lazy("unit", "times"),
    "persons": pgettext_lazy("unit", "people"),
}
SEXES_AND_STAGES: Final[Words] = {
    "female": pgettext_lazy("sex", "female"),
    "male": pgettext_lazy("sex", "male"),
    "prospect": _("prospect"),
    "customer": pgettext_lazy("stage", "customer"),
}
