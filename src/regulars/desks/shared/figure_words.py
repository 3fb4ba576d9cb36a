"""Figures for partners in words: what is told of a cell, and why it is not."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from regulars.desks.shared.words import Words, say
from regulars.rules.statistics.answering import Figure
from regulars.rules.statistics.counting import OTHER, UNKNOWN
from regulars.rules.statistics.cubes import TOTAL

STATES: Final[Words] = {
    "told": gettext_lazy("told, new"),
    "told_again": gettext_lazy("told, as before"),
    "stands": gettext_lazy("stands as it was told"),
    "withheld": gettext_lazy("withheld"),
}
WHY: Final[Words] = {
    "few_people": gettext_lazy("too few people"),
    "few_buyers": gettext_lazy("too few of them bought"),
    "dominated": gettext_lazy("one buyer is most of the money"),
    "all_alike": gettext_lazy("everybody of a wider class is in it"),
    "would_tell_another": gettext_lazy("would tell another withheld cell"),
    "difference": gettext_lazy("too few people changed since an earlier answer"),
    "money_difference": gettext_lazy("too few purchases changed since an earlier answer"),
}
MEASURES: Final[Words] = {
    "people": pgettext_lazy("figure", "People"),
    "orders": pgettext_lazy("figure", "Orders"),
    "money": pgettext_lazy("figure", "Money"),
}
CATEGORIES: Final[Words] = {
    TOTAL: pgettext_lazy("category", "all"),
    UNKNOWN: pgettext_lazy("category", "unknown"),
    OTHER: pgettext_lazy("category", "others, too few each"),
}


def cell_called(figure: Figure) -> list[str]:
    """Its categories in words."""
    return [say(CATEGORIES, value) for value in figure.at]


def reasons_of(figure: Figure) -> str:
    """Why it is not told as it is now; nothing where it is."""
    return _(", ").join(say(WHY, code) for code in figure.why)
