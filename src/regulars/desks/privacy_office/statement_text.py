"""The six clauses of the privacy statement, written from what the house really does; in the language asked for.

A sentence stands here only if the program keeps it. What is not built is not promised.
"""

import re
from typing import Final

from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from regulars.desks.shared.clauses import Clause
from regulars.desks.shared.customer_words import in_a_list
from regulars.desks.shared.laws import law_in_words
from regulars.desks.shared.words import CHANNELS, PURPOSES, Words, say
from regulars.journeys.write_statement import Sources
from regulars.rules.permission.choices import ONLY_WHEN_GRANTED, Default
from regulars.rules.privacy.dictionary import Column

HELD: Final[Words] = {
    "basics": _lazy("Who you are"),
    "contacts": _lazy("How to reach you"),
    "purchases": _lazy("What you bought"),
    "value": _lazy("What follows from it"),
    "history": _lazy("What happened between us"),
    "messages": _lazy("What we sent and what you answered"),
    "choices": _lazy("What you decided"),
}
#: Units are for whoever reads the tables: "Amount in minor units" is an amount.
UNIT: Final = re.compile(r" in minor units| in thousandths| in days| \(hour\)|（分）|（千分之一）|（天）|（时）")


def statement_in(language: str, sources: Sources) -> str:
    """The whole statement as text: clauses parted by empty lines, each beginning with its heading."""
    with override(language):
        made = (_collection(sources), _use(sources), _control(sources), _access(sources), _security(), _enforcement())
        told = [f"{n}. {clause.title}\n" + "\n".join(clause.paragraphs) for n, clause in enumerate(made, 1)]
        return "\n\n".join([_who(sources), *told])


def _who(sources: Sources) -> str:
    zh = (get_language() or "en").startswith("zh")
    name = (sources.company.name_zh or sources.company.name) if zh else sources.company.name
    return _("How %(company)s treats what it knows about you.") % {"company": name}


def _collection(sources: Sources) -> Clause:
    """Each kind of record on a line of its own, with what it holds."""
    held = [
        f"{say(HELD, code)}{pgettext('statement', ': ')}{_listed(columns)}{pgettext('statement', '.')}"
        for code, columns in sources.held.items()
    ]
    return Clause(
        _("What we collect"),
        (
            *held,
            _("Of this, sensitive by law: %(columns)s.") % {"columns": _listed(sources.sensitive)},
            _("Records, contact data, orders and visits name the source they came from."),
        ),
    )


def _use(sources: Sources) -> Clause:
    return Clause(
        _("What we use it for"),
        (
            _("To serve you: orders, questions, complaints and what you asked us to do."),
            *(_default(default) for default in sources.defaults),
            _("Before a message leaves, nine rules are asked, your choices among them. You can read each answer."),
        ),
    )


def _control(sources: Sources) -> Clause:
    open_, closed = _channels(sources.channels, "granted"), _channels(sources.channels, "denied")
    lines = [_("You decide on each use and each way of being reached, on your own page or by telling us.")]
    lines += [_("Until you say something, marketing may use: %(channels)s.") % {"channels": open_}] if open_ else []
    lines += [_("Until you say yes, marketing does not use: %(channels)s.") % {"channels": closed}] if closed else []
    lines += [_("A choice is in force with the next question anybody asks our database. Refusing costs nothing else.")]
    return Clause(_("What you decide"), tuple(lines))


def _access(sources: Sources) -> Clause:
    views, roles = len(sources.views), len(sources.roles)
    return Clause(
        _("Who sees it"),
        (
            _("Our staff work in %(roles)d roles. Each looks through one of %(views)d views and sees nothing else.")
            % {"roles": roles, "views": views},
            _("In everyday work, phone, e-mail and street are not shown. To open one, a reason is given and kept."),
            _("On your own page you see everything we hold about you, and who has looked."),
            _("We give nothing about you to others for purposes of their own unless you said yes to disclosure."),
        ),
    )


def _security() -> Clause:
    return Clause(
        _("How we protect it"),
        (
            _("The tables themselves are open to no person: the database hands out views, and nothing else."),
            _("Whoever opens your record leaves a line in a book that can be added to and not altered."),
            _("Figures are worked out on data without names and without ways to reach you."),
        ),
    )


def _enforcement() -> Clause:
    return Clause(
        _("How we keep to it, and how it changes"),
        (
            _("A privacy officer watches over this. All views and rights are compared with what was declared."),
            _("When something here changes, there is a new version with its date. Your choices remember theirs."),
            _("If you think we broke it, tell the privacy officer; you may also turn to the authority."),
        ),
    )


def _default(default: Default) -> str:
    """What silence means for a purpose, and the law that says so."""
    words = {"purpose": say(PURPOSES, default.purpose), "law": law_in_words(default.source)}
    if default.value == "granted" and default.purpose not in ONLY_WHEN_GRANTED:
        return _("%(purpose)s: yes until you say no (%(law)s).") % words
    return _("%(purpose)s: only after you say yes (%(law)s).") % words


def _channels(channels: tuple[Default, ...], value: str) -> str:
    return in_a_list(say(CHANNELS, one.channel) for one in channels if one.value == value)


def _listed(columns: tuple[Column, ...]) -> str:
    zh = (get_language() or "en").startswith("zh")
    labels = (column.label_zh if zh else column.label.lower() for column in columns)
    return in_a_list(dict.fromkeys(UNIT.sub("", label) for label in labels))
