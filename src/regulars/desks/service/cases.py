"""For which case a contact point may be opened: the open ones of this customer, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.desks.shared.codes_said import matter_said
from regulars.desks.shared.customer_words import TASK_KINDS, in_a_row
from regulars.desks.shared.dates import day
from regulars.desks.shared.words import say
from regulars.journeys.open_contact import ROLES, Reach
from regulars.journeys.open_customer import CustomerCard

SEPARATOR = "|"
ORDERS_OFFERED = 3


def cases_of(card: CustomerCard) -> list[tuple[str, str]]:
    """(value of the form, words): complaints first, then tasks, then the newest orders."""
    return [*_complaints(card), *_tasks(card), *_orders(card)]


def case_behind(value: str) -> tuple[str, str]:
    """The reason and the reference behind a form's value; both may be nonsense, the journey checks them."""
    because, _separator, reference = value.partition(SEPARATOR)
    return because, reference


def who_could(reach: Reach, role: str) -> str:
    """Who could open a contact point of this customer, and whether the reader can."""
    agents = ngettext("%(n)d service agent", "%(n)d service agents", reach.agents) % {"n": reach.agents}
    officers = ngettext("%(n)d privacy officer", "%(n)d privacy officers", reach.officers) % {"n": reach.officers}
    people = _("Who could open it: %(agents)s, %(officers)s.") % {"agents": agents, "officers": officers}
    mine = _("Your role may, with a reason, for 10 minutes.") if role in ROLES else _("Your role does not need it.")
    return in_a_row(people, mine)


def _complaints(card: CustomerCard) -> Iterable[tuple[str, str]]:
    for one in card.complaints:
        if one.closed_at is None:
            words = _("Complaint %(ref)s: %(matter)s") % {"ref": one.ref, "matter": matter_said(one.code)}
            yield f"complaint{SEPARATOR}{one.ref}", words


def _tasks(card: CustomerCard) -> Iterable[tuple[str, str]]:
    for one in card.tasks:
        if one.state == "open":
            words = _("Task %(ref)s: %(kind)s") % {"ref": one.ref, "kind": say(TASK_KINDS, one.kind)}
            yield f"task{SEPARATOR}{one.ref}", words


def _orders(card: CustomerCard) -> Iterable[tuple[str, str]]:
    for one in card.orders[:ORDERS_OFFERED]:
        yield f"order{SEPARATOR}{one.ref}", _("Order of %(day)s, no. %(ref)s") % {"day": day(one.at), "ref": one.ref}
