"""The words people see for the codes that rules and doors hand out; one word for one thing, on every desk.

Each mapping goes from a code of the rules to a lazy translation. `say` looks a code up and gives the
code itself back when nobody has named it yet, so that a new code shows up on the page instead of breaking it.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = Mapping[str, str | Promise]

VIEWS: Final[Words] = {
    "standard": _("Standard view"),
    "personal": _("Personal data view"),
    "anonymous": _("Anonymous view"),
    "marketing": _("Opt-out view: marketing"),
    "disclosure": _("Opt-out view: disclosure"),
    "automated": _("Opt-out view: automated decisions"),
    "sensitive": _("Opt-out view: sensitive use"),
    "assigned": _("View for a given reason"),
    "opening": _("Opening view"),
    "delivery": _("Post room view"),
    "repair": _("Repair view"),
    "warehouse": _("Warehouse view"),
}

KEY_SOURCES: Final[Words] = {
    "file": _("file in the home"),
    "environment": _("environment"),
    "command": _("key service"),
}

#: What was closed with an erased customer.
CLOSED: Final[Words] = {
    "ways": _("Addresses that stay closed"),
    "contacts": _("Planned messages"),
    "tasks": pgettext_lazy("closed", "Tasks"),
    "complaints": pgettext_lazy("closed", "Complaints"),
    "touchpoints": _("Notes emptied"),
    "events": _("Events emptied"),
    "releases": _("Releases to partners"),
    "exports": _("Exports that held her"),
    "drafts": _("Orders begun for her and thrown away"),
    "orders": _("Orders that nobody has to hand over any more"),
    "groups": _("Households and accounts left"),
    "asked_again": _("Cases of whom to ask again"),
    "own_attributes": _("Values of own attributes"),
    "flagged_texts": _("Flagged and sealed texts"),
    "rows_set_aside": _("Rows set aside that said how to reach the customer"),
}

LENS_PURPOSES: Final[Words] = {
    "direct_marketing": _("for: direct marketing"),
    "service": _("for: service"),
    "oversight": _("for: oversight"),
    "data_care": _("for: data care"),
    "delivery": _("for: delivery"),
    "analysis": _("for: analysis"),
}

ABSENT: Final[Words] = {
    "assigned": _("opens for a given reason"),
    "standard": _("contact data not shown"),
    "personal": _("every read is logged"),
    "anonymous": _("names and contacts not here"),
    "marketing": _("those who said no are not here"),
    "disclosure": _("those who said no are not here"),
    "automated": _("those who said no are not here"),
    "sensitive": _("those who said no are not here"),
}

PURPOSES: Final[Words] = {
    "direct_marketing": _("Direct marketing"),
    "third_party_disclosure": _("Third-party disclosure"),
    "automated_decision": _("Automated decisions"),
    "sensitive_use": _("Sensitive data"),
    "service": _("Service"),
    "oversight": _("Oversight"),
    "data_care": _("Data care"),
    "delivery": _("Delivery"),
    "analysis": _("Analysis"),
}

CHANNELS: Final[Words] = {
    "email": _("E-mail"),
    "phone": _("Phone"),
    "letter": _("Letter"),
    "sms": _("SMS"),
}

CHOICES: Final[Words] = {
    "granted": pgettext_lazy("choice", "yes"),
    "denied": pgettext_lazy("choice", "no"),
    "unset": pgettext_lazy("choice", "unset"),
}

ROLES: Final[Words] = {
    "marketer": _("Marketing"),
    "service": _("Service agent"),
    "officer": _("Privacy officer"),
    "steward": _("Data steward"),
}

DATA_CLASSES: Final[Words] = {
    "identifying": _("identifying"),
    "personal": pgettext_lazy("class of data", "personal"),
    "sensitive": pgettext_lazy("class of data", "sensitive"),
    "pseudonym": _("pseudonym"),
    "none": pgettext_lazy("class of data", "not personal"),
    "unclassed": _("not classed"),
}

GATE_RULES: Final[Words] = {
    "reason": _("Reason"),
    "direct_marketing": _("Direct marketing"),
    "channel": _("Channel"),
    "suppression": _("Suppression list"),
    "minor": _("Under age"),
    "complaint": _("Open complaint"),
    "frequency_cap": _("Contact cap"),
    "priority": _("Way to a more important campaign"),
    "quiet_hours": _("Quiet hours"),
}

PRIVACY_RULES: Final = frozenset({"direct_marketing", "channel", "suppression", "minor"})

SECTIONS: Final[Words] = {
    "": "",
    "insight": _("Insight"),
    "engagement": _("Engagement"),
    "trust": _("Trust"),
}

SECTION_ORDER: Final = tuple(SECTIONS)


def say(words: Words, code: str) -> str:
    """The word for a code in the language now active, or the code itself when it has no word."""
    return str(words.get(code, code))
