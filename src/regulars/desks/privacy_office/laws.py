"""What the law's defaults rest on, in the reader's language; the names of laws as their own language writes them."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from regulars.desks.shared.words import Words, say

LAWS: Final[Words] = {
    "Advertising Law of the PRC Art. 43; PIPL Art. 13(1)": _("Advertising Law of the PRC Art. 43; PIPL Art. 13(1)"),
    "follows the consent to marketing, PIPL Art. 14": _("follows the consent to marketing, PIPL Art. 14"),
    "PIPL Art. 23": _("PIPL Art. 23"),
    "PIPL Art. 24: may be refused at any time": _("PIPL Art. 24: may be refused at any time"),
    "PIPL Art. 29": _("PIPL Art. 29"),
    "GDPR Art. 6(1)(f), recital 47; objection Art. 21(2)": _("GDPR Art. 6(1)(f), recital 47; objection Art. 21(2)"),
    "Directive 2002/58/EC Art. 13(1)": _("Directive 2002/58/EC Art. 13(1)"),
    "Directive 2002/58/EC Art. 13(3), the stricter option": _("Directive 2002/58/EC Art. 13(3), the stricter option"),
    "GDPR Art. 6(1)(f), recital 47": _("GDPR Art. 6(1)(f), recital 47"),
    "house rule: opt-in everywhere, as PIPL Art. 23 and 29 ask": _(
        "house rule: opt-in everywhere, as PIPL Art. 23 and 29 ask"
    ),
    "house rule: allowed until refused; no particular law stated": _(
        "house rule: allowed until refused; no particular law stated"
    ),
}


def law_in_words(source: str) -> str:
    """The article or house rule in the language now active; an article nobody has translated stands as it is."""
    return say(LAWS, source)
