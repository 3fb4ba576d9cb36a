"""What whoever stands in a log or beside a task is called on a page: members of staff in Chinese by their Chinese name,
where they have one, and the house's own hands by what they do."""

import re
from typing import Final

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from regulars.desks.shared.words import Words, say
from regulars.records.staff.names import chinese_names

#: Who acts where no person does, as logs write it.
OWN_HANDS: Final[Words] = {
    "demonstration": pgettext_lazy("who", "demonstration"),
    "night shift": pgettext_lazy("who", "night shift"),
    "post room": pgettext_lazy("who", "post room"),
    "start": pgettext_lazy("who", "start"),
    "stranger": pgettext_lazy("who", "stranger"),
    "stream": pgettext_lazy("who", "stream"),
}
AT_A_TERMINAL: Final = re.compile(r"(?P<person>.+) \(terminal(?:, (?P<account>.+))?\)", re.DOTALL)


def called(name: str) -> str:
    """The name in the language of the page; of whom nothing is known, as it stands there."""
    if not (get_language() or "").startswith("zh"):
        return name
    if name in OWN_HANDS:
        return say(OWN_HANDS, name)
    if known := chinese_names().get(name):
        return known
    return _at_a_terminal(name) or _program_or_customer(name)


def _at_a_terminal(name: str) -> str:
    found = AT_A_TERMINAL.fullmatch(name)
    if found is None:
        return ""
    told = {"person": called(found["person"]), "account": found["account"] or ""}
    words = _("%(person)s (terminal, %(account)s)") if told["account"] else _("%(person)s (terminal)")
    return words % told


def _program_or_customer(name: str) -> str:
    kind, _space, rest = name.partition(" ")
    if kind == "token" and rest:
        return _("token %(name)s") % {"name": rest}
    if kind == "customer" and rest.startswith("C-"):
        return _("customer %(number)s") % {"number": rest}
    return name
