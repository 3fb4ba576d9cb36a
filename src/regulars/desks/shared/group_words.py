"""The words for households, company accounts and agents: of which kind, as what somebody belongs, how it is known."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.mistakes import sentence_of
from regulars.desks.shared.words import Words, say
from regulars.records.groups.access import GroupFacts

KINDS: Final[Words] = {
    "household": pgettext_lazy("group", "Household"),
    "company": pgettext_lazy("group", "Company account"),
    "agent": pgettext_lazy("group", "Agent"),
    "channel": pgettext_lazy("group", "Channel"),
}
ICONS: Final[Mapping[str, str]] = {"household": "home", "company": "building", "agent": "users", "channel": "share"}
ROLES: Final[Words] = {
    "adult": pgettext_lazy("member", "adult"),
    "child": pgettext_lazy("member", "child"),
    "owner": pgettext_lazy("member", "owner"),
    "manager": pgettext_lazy("member", "manager"),
    "buyer": pgettext_lazy("member", "buyer"),
    "accounts": pgettext_lazy("member", "accounts"),
    "assistant": pgettext_lazy("member", "assistant"),
    "staff": pgettext_lazy("member", "works there"),
    "introduced": pgettext_lazy("member", "introduced by them"),
    "served": pgettext_lazy("member", "served by them"),
    "other": pgettext_lazy("member", "other"),
}
KNOWN_BY: Final[Words] = {
    "told": pgettext_lazy("known", "told by the customer"),
    "rule": pgettext_lazy("known", "proposed by a rule, agreed to by a person"),
    "match": pgettext_lazy("known", "found in two records"),
}
#: Why a row of a file of ties was set aside, where it is no refusal of its own.
TIES_ASIDE: Final[Words] = {
    "tie_names_no_group": _lazy("no group is named"),
    "tie_says_nothing": _lazy("neither a customer, a group above nor a name is said"),
    "tie_day_unclear": _lazy("a day that is none"),
    "tie_too_long": _lazy("a cell too long, or with signs that cannot be kept"),
    "tie_undecodable": _lazy("damaged characters: save the file as UTF-8 and bring it again"),
    "tie_kind_unknown": _lazy("no such kind of group"),
    "tie_country_unknown": _lazy("no such country"),
    "wrong_field_count": _lazy("not as many cells as the others"),
    "unclosed_quote": _lazy("a quotation mark is never closed"),
    "headings_again": _lazy("the headings once more"),
    "line_too_long": _lazy("too long to be a row"),
}


def tie_aside(reason: str, values: Mapping[str, object]) -> str:
    """Why a row of a file of ties was set aside, in a sentence."""
    return str(TIES_ASIDE[reason]) if reason in TIES_ASIDE else sentence_of(reason, values)


def called(group: GroupFacts) -> str:
    """What a page calls the group: a company by its name, a household by its number.

    A household has no name of its own: whose it is, is told by the people in it whom the reader may see.
    """
    return group.name or f"{say(KINDS, group.kind)} {group.ref}"


def days_said(since: str, until: str) -> str:
    """From when until when, as far as it is known."""
    if since and until:
        return _("%(since)s until %(until)s") % {"since": since, "until": until}
    if until:
        return _("until %(until)s") % {"until": until}
    return _("since %(since)s") % {"since": since} if since else ""
