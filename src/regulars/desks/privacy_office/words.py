"""Words only the privacy office needs."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.words import Words

SHORT_VIEWS: Final[Words] = {
    "standard": _("Standard"),
    "personal": _("Personal data"),
    "anonymous": _("Anonymous"),
    "marketing": _("Opt-out: marketing"),
    "disclosure": _("Opt-out: disclosure"),
    "automated": _("Opt-out: automated decisions"),
    "sensitive": _("Opt-out: sensitive data"),
    "assigned": _("For a given reason"),
    "opening": _("Opening"),
    "repair": _("Repair"),
    "delivery": _("Post room"),
    "warehouse": _("Warehouse"),
}
VIEW_MEANINGS: Final[Words] = {
    "standard": _("Everyday work: names are shown, contact and sensitive data are not, birth dates only as a year."),
    "personal": _("Everything. For the privacy officer; every read is logged with its reason."),
    "anonymous": _("For analysis: no names, no contacts, keys that change every night, everything made coarse."),
    "marketing": _("Only people who allow direct marketing; the others are not in it at all."),
    "disclosure": _("Only people who allow disclosure to others."),
    "automated": _("Only people who allow automated decisions."),
    "sensitive": _("Only people who allow the use of sensitive data, and that data with them."),
    "assigned": _(
        "As the standard view, of nobody but the customer whose file the log says is being opened for a given reason."
    ),
    "opening": _(
        "Ways to reach one customer, while the log says that somebody is opening them for a case; nobody else."
    ),
    "repair": _("Rows of files set aside, with what is needed to mend them."),
    "delivery": _("Names and addresses of people who allow marketing. Only the job that sends looks through it."),
    "warehouse": _("Pseudonymous and coarse. Only the job that refreshes the figures looks through it."),
}
JOBS: Final[Words] = {
    "sending": _("the job that sends"),
    "opening": _("agents and privacy officers, one contact at a time, for a case"),
    "refresh": _("the job that refreshes the figures"),
    "mending": _("the data room, when rows are mended"),
}
PURPOSE_WORDS: Final[Words] = {
    "service": _("Service"),
    "operations": _("Operations"),
    "data_care": _("Data care"),
    "oversight": _("Oversight"),
    "analysis": _("Analysis"),
    "direct_marketing": _("Direct marketing"),
    "third_party_disclosure": _("Third-party disclosure"),
    "automated_decision": _("Automated decisions"),
    "sensitive_use": _("Sensitive data"),
    "delivery": _("Delivery"),
}
COARSENINGS: Final[Words] = {
    "year": _("only the year"),
    "decade": _("only the decade"),
    "month": _("only the month"),
    "day": _("only the day"),
    "band": _("only an amount it is above"),
    "rounded": _("rounded to two digits"),
    "prefix": _("only its beginning"),
    "renewed": _("a key that changes every night"),
    "by_row": _("as each attribute is classed"),
}
WAYS: Final[Words] = {
    "exact": pgettext_lazy("way through a view", "shown"),
    "coarse": pgettext_lazy("way through a view", "only roughly"),
    "closed": pgettext_lazy("way through a view", "not shown"),
    "absent": pgettext_lazy("way through a view", "not there"),
}
#: Which rule wins where several could speak.
PRECEDENCE_WORDS: Final[Words] = {
    "who": _("Whose view it is"),
    "rows": _("Which rows are there"),
    "cells": _("What a cell shows"),
    "login_is_the_view": _("The database login is the view. Nothing in a session can change it."),
    "seat_of_the_page": _("Somebody with several seats looks through the seat of the page, never through two at once."),
    "token_one_view": _("A program's token has one view and one purpose for good."),
    "analyst_one_group": _("An analyst belongs to one group, which has one view."),
    "limited_view_of_her_own": _(
        "An analyst who is limited to branches or brands has a view of her own, and belongs to no other."
    ),
    "erased_is_gone": _("Whoever was erased is in no view."),
    "purpose_closed_is_gone": _("In the view of a purpose, whoever does not allow it is gone with everything."),
    "outside_branch_is_gone": _("Where a login is limited to branches, customers of other branches are gone."),
    "outside_brand_is_gone": _(
        "Where a login is limited to brands, whoever bought none of them is gone, and so are the lines of others."
    ),
    "all_must_hold": _("A row must pass all of these, so where several apply the most restrictive wins."),
    "repeated_by_row_security": _("Row security says the same once more, behind the view."),
    "secret_of_the_house": _("The house's own secrets are shown to nobody."),
    "exact_view_shows_all": _("The personal view shows everything else; each look is logged with its reason."),
    "purpose_not_served": _("A column that may not serve the view's purpose is empty."),
    "sensitive_closed": _("Sensitive cells are empty, but in the view for their use."),
    "contact_closed": _("Contact data are empty, but for the post room and the mending of rows."),
    "name_closed": _("Names are empty where the view is for analysis."),
    "coarser_for_analysis": _("For analysis, what is left is made coarse as the dictionary says."),
    "coarse_every_day": _("Every day, some columns are shown only roughly."),
    "shown_as_it_is": _("What no rule speaks of is shown as it is."),
}
#: Askers that are no role of staff.
OTHER_ROLES: Final[Words] = {
    "house": _("the house itself"),
    "program": _("program"),
    "analyst": _("analyst"),
    "customer": _("the customer"),
    "stranger": _("nobody known"),
}

SUBJECT_KINDS: Final[Words] = {"brand": pgettext_lazy("subject", "Brand"), "topic": pgettext_lazy("subject", "Topic")}
#: Why a row of a list of people who want no contact was set aside.
WHY_SET_ASIDE: Final[Words] = {
    "row_empty": _("empty"),
    "nobody_named": _("no phone number, mail address or customer number in it"),
    "number_unknown": _("no customer of that number"),
    "wrong_field_count": _("not as many cells as the others"),
    "unclosed_quote": _("a quotation mark is never closed"),
    "headings_again": _("the headings once more"),
    "line_too_long": _("too long to be a row"),
}
