"""What the law's defaults rest on, in the reader's language, each law named as that language names it."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    "GDPR Art. 6(1)(a)": _("GDPR Art. 6(1)(a)"),
    "GDPR Art. 22(1)": _("GDPR Art. 22(1)"),
    "GDPR Art. 9(1)": _("GDPR Art. 9(1)"),
    "15 U.S.C. 7704(a)(3)-(4); Cal. Civ. Code 1798.105, 1798.120": _(
        "15 U.S.C. 7704(a)(3)-(4); Cal. Civ. Code 1798.105, 1798.120"
    ),
    "15 U.S.C. 7704(a)(3)-(4)": _("15 U.S.C. 7704(a)(3)-(4)"),
    "16 CFR 310.4(b)(1)(iii)": _("16 CFR 310.4(b)(1)(iii)"),
    "39 U.S.C. 3008: may be refused": _("39 U.S.C. 3008: may be refused"),
    "47 CFR 64.1200(a)(2)": _("47 CFR 64.1200(a)(2)"),
    "house rule: opt-in everywhere, as PIPL Art. 23 and 29 ask (the law: opt-out, Cal. Civ. Code 1798.120)": _(
        "house rule: opt-in everywhere, as PIPL Art. 23 and 29 ask (the law: opt-out, Cal. Civ. Code 1798.120)"
    ),
    "Cal. Code Regs. tit. 11, 7221: may be refused": _("Cal. Code Regs. tit. 11, 7221: may be refused"),
    "house rule: opt-in everywhere, as PIPL Art. 23 and 29 ask (the law: limitation, Cal. Civ. Code 1798.121)": _(
        "house rule: opt-in everywhere, as PIPL Art. 23 and 29 ask (the law: limitation, Cal. Civ. Code 1798.121)"
    ),
    "no default is written for this jurisdiction: unset counts as denied": _(
        "no default is written for this jurisdiction: unset counts as denied"
    ),
}


#: Whose law it is.
JURISDICTIONS: Final[Words] = {
    "CN": pgettext_lazy("law", "China"),
    "EU": pgettext_lazy("law", "European Union"),
    "US-CA": pgettext_lazy("law", "California"),
    "none": pgettext_lazy("law", "none in particular"),
}


def law_in_words(source: str) -> str:
    """The article or house rule in the language now active; an article nobody has translated stands as it is."""
    return say(LAWS, source)
