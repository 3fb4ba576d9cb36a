"""Extracts in words: how coarse a column is told, what becomes of a class, and how safe the file is."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.figures import number
from regulars.desks.shared.words import Words
from regulars.rules.statistics.risk import Risk

STATES: Final[Words] = {
    "told": pgettext_lazy("class", "in the file"),
    "stands": pgettext_lazy("class", "stands as it was told"),
    "left_out": pgettext_lazy("class", "left out"),
}
RUNGS: Final[Words] = {
    "value": pgettext_lazy("rung", "as it is"),
    "day": pgettext_lazy("rung", "day"),
    "month": pgettext_lazy("rung", "month"),
    "year": pgettext_lazy("rung", "year"),
    "decade": pgettext_lazy("rung", "decade"),
    "twenty_years": pgettext_lazy("rung", "twenty years"),
    "band": pgettext_lazy("rung", "band"),
    "power": pgettext_lazy("rung", "number of digits"),
    "city": pgettext_lazy("rung", "city"),
    "region": pgettext_lazy("rung", "region"),
    "country": pgettext_lazy("rung", "country"),
    "tongue": pgettext_lazy("rung", "language without country"),
    "continent": pgettext_lazy("rung", "continent"),
    "all": pgettext_lazy("rung", "not at all"),
}


def risk_lines(risk: Risk) -> Iterator[tuple[str, str]]:
    """The declared risk, word by word, for the officer."""
    yield _("People who said yes"), number(risk.people)
    yield _("Rows that are fit to leave"), number(risk.rows)
    yield _("Rows left out"), _("%(rows)s (%(share)s %%)") % {"rows": number(risk.left_out), "share": _share(risk)}
    yield _("Classes"), number(risk.classes)
    yield (
        _("Smallest class"),
        _("%(people)s people: nobody is found with more than 1 in %(people)s") % {"people": number(risk.smallest)},
    )
    yield _("Average class"), _("%(people)s people") % {"people": f"{risk.average:.1f}"}
    if risk.values > 1:
        yield _("Fewest values in a class"), number(risk.values)
        yield _("Farthest shares of a class"), f"{risk.farthest} %"
    yield _("Lost by being coarse"), f"{100 * risk.loss:.1f} %"


def _share(risk: Risk) -> str:
    return f"{100 * risk.left_out / max(1, risk.people):.1f}"
