"""Merging in words: whose word stands and why, what doors the log names, what a mistake says."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from regulars.desks.shared.customer_words import CONTACT_STATES, in_a_list
from regulars.desks.shared.dates import day
from regulars.desks.shared.figures import number
from regulars.desks.shared.words import CHANNELS, PURPOSES, Words, say
from regulars.records.contacts.of_customer import Went
from regulars.rules.permission.choices import Scope

#: How many messages a sentence names one by one.
NAMED: Final = 5
#: Who decides whether two are one person.
MAY_DECIDE: Final = ("steward", "officer")
FIELDS: Final[Words] = {
    "name": pgettext_lazy("customer", "Name"),
    "honorific": _("Honorific"),
    "sex": _("Sex"),
    "birth_on": _("Birth date"),
    "language": _("Language"),
    "address": _("Address"),
    "home_branch": _("Home branch"),
    "household_size": _("Household size"),
    "marital_status": _("Marital status"),
    "income_band": _("Income band"),
    "potential_index": _("Potential-consumption index"),
    "product_knowledge": _("Product knowledge"),
    "id_document": _("Id document"),
    "preferred_channel": _("Preferred channel"),
    "quiet_hours": _("Quiet hours"),
}
BECAUSE: Final[Words] = {
    "only": _("the only one to say something"),
    "confirmed": _("she confirmed it herself"),
    "trusted": _("the more trusted source"),
    "newest": _("the newer one"),
    "stays": _("nothing tells them apart; it stays"),
    "chosen": _("chosen by you"),
    "child": _("by it she is a child, and stays protected"),
}
#: Table → what its rows are.
ROWS: Final[Words] = {
    "contact_point": _("ways to reach her"),
    "customer_ref": _("numbers in other systems"),
    "search_token": _("search keys"),
    "recognition_mark": _("recognition marks"),
    "portal_link": _("links to the own page"),
    "protected_customer": _("protection"),
    "own_value": _("own attributes"),
    "order_line": _("order lines"),
    "touchpoint": _("visits and calls"),
    "complaint": _("complaints"),
    "event": _("events"),
    "visitor_link": _("devices"),
    "task": _("tasks"),
    "text_flag": _("flagged texts"),
    "sensitive_text": _("texts moved out of sight"),
    "released_person": _("releases to partners"),
    "exported_person": _("exports"),
    "audience_member": _("audiences"),
    "contact": _("contacts of campaigns"),
    "response": _("answers to campaigns"),
}
PAIR_STATES: Final[Words] = {
    "waiting": _("waits"),
    "later": _("put off"),
    "merged": _("merged"),
    "different": _("two persons"),
}
DOORS: Final[Words] = {
    "match_customers": _("Customers compared with each other"),
    "customers_to_compare": _("Customers read for comparing"),
    "learn_weights": _("Weights of recognition learned"),
    "proposed_households": _("Proposed households"),
    "propose_household": _("A proposed household decided"),
    "adopt_weights": _("Weights of recognition adopted"),
    "put_up_for_review": _("Pairs put up for review"),
    "pairs_in_review": _("Pairs that may be one person"),
    "pair_in_review": _("A pair that may be one person"),
    "put_off": _("A pair put off"),
    "say_different": _("Two confirmed as two persons"),
    "take_back_different": _("No longer confirmed as two persons"),
    "review": _("A pair decided"),
    "merge": _("Two customers merged"),
    "unmerge": _("A merge undone"),
}
REASONS: Final[Words] = {
    "weights of recognition": _("adopting weights of recognition"),
    "proposed households": _("deciding who lives together"),
    "nightly comparison": _("comparing who is new, by night"),
    "review of pairs": _("reviewing pairs that may be one person"),
}
#: Batches that compare customers.
MATCH_KINDS: Final[Words] = {
    "whole": _("everybody with everybody"),
    "news": _("who is new, with the others"),
}
MATCH_STATES: Final[Words] = {
    "waiting": _("waits for its turn"),
    "running": _("under way"),
    "stopped": pgettext_lazy("batch", "stopped"),
    "finished": pgettext_lazy("batch", "finished"),
}
MATCH_STEPS: Final[Words] = {
    "customers": _("Reading the customers"),
    "comparing": _("Comparing"),
    "households": _("Looking for households"),
}
MISTAKES: Final[Words] = {
    "match_under_way": _("Customers are being compared already. Look how far it is: Data room, Duplicates."),
    "match_was_stopped": _("Somebody stopped it. What it found stays; started again, it goes on from there."),
    "match_is_over": _("This comparison is finished. Start another one."),
    "match_not_under_way": _("This comparison is not under way, so there is nothing to stop."),
    "household_not_proposed": _(
        "These are not proposed as one household, or somebody has decided it. Reload the list."
    ),
    "match_run_not_there": _("There is no such comparison."),
    "merging_is_for_stewards": _(
        "Whether two are one person is decided by the data steward and the privacy officer. Ask one of them."
    ),
    "pair_not_there": _("There is no such pair waiting for you. Somebody may have decided it; reload the list."),
    "not_a_model": _("That file holds no weights of this version. Learn some: regulars weights learn"),
    "too_few_to_learn": _("There are too few customers here to learn anything from."),
    "pair_of_one": _("That is one and the same customer. Name two."),
    "merge_of_invented": _("Of %(one)s and %(other)s one is invented and one is real. They are not merged."),
    "merge_field_unknown": _("There is no field called %(field)s to choose. There are: %(known)s."),
    "merge_not_there": _("Nobody of that number was merged into another customer, or it has been undone already."),
    "merged_further": _("%(number)s has been merged into somebody else since. Undo that merge first."),
    "confirmed_different": _(
        "Somebody has found %(one)s and %(other)s to be two persons. If that was wrong, say so with the merge."
    ),
}


def scope_said(scope: Scope) -> str:
    """What a choice is about, in words."""
    parts = (say(PURPOSES, scope.purpose), say(CHANNELS, scope.channel) if scope.channel else "")
    return " · ".join(filter(None, (*parts, scope.brand, scope.topic)))


def went_rows(went: Sequence[Went]) -> Iterator[tuple[str, str, str, str]]:
    """Each message that went out while two were one: campaign, way, whether it is sure, day."""
    chinese = (get_language() or "").startswith("zh")
    for one in went:
        name = (one.campaign_zh if chinese else "") or one.campaign
        yield name, say(CHANNELS, one.channel), say(CONTACT_STATES, one.state), day(one.at)


def went_said(went: Sequence[Went], into: str) -> str:
    """What campaigns sent while two were one, and with whom it stays; nothing where nothing was sent."""
    if not went:
        return ""
    one = pgettext("sent", "%(campaign)s (%(how)s)")
    named = in_a_list(one % {"campaign": name, "how": in_a_list(how)} for name, *how in went_rows(went[:NAMED]))
    named += " …" if len(went) > NAMED else ""
    told = ngettext(
        "%(n)s message of a campaign went to %(into)s meanwhile, and stays there: %(named)s.",
        "%(n)s messages of campaigns went to %(into)s meanwhile, and stay there: %(named)s.",
        len(went),
    )
    return told % {"n": number(len(went)), "into": into, "named": named}
