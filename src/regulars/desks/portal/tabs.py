"""What stands around each of her pages: the four tabs, and how she is greeted."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from regulars.records.customers.access import CustomerFacts


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab at the foot of the page."""

    label: str
    url: str
    icon: str
    current: bool


def around(request: HttpRequest, facts: CustomerFacts, page: dict[str, Any]) -> dict[str, Any]:
    """The page's own values, with tabs and greeting."""
    return page | {"portal_tabs": tabs(request.path), "hello": hello(facts), "invented": facts.invented}


def tabs(path: str) -> list[Tab]:
    """Choices, my data, contacts, who saw; the current one is marked."""
    known = (
        (pgettext("portal tab", "Choices"), reverse("portal:choices"), "adjustments"),
        (_("My data"), reverse("portal:data"), "id"),
        (pgettext("portal tab", "Contacts"), reverse("portal:contacts"), "message"),
        (pgettext("portal tab", "Who saw"), reverse("portal:seen"), "eye"),
    )
    here = max((url for _label, url, _icon in known if path.startswith(url)), key=len)
    return [Tab(label, url, icon, url == here) for label, url, icon in known]


def hello(facts: CustomerFacts) -> str:
    """The name she is greeted by: in Chinese the whole name, elsewhere the given one."""
    chinese = (get_language() or "").startswith("zh")
    name = (facts.name if chinese else facts.given_name) or facts.name or ""
    return _("Hello, %(name)s") % {"name": name} if name else _("Hello")
