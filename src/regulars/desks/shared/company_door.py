"""The company's own door: what its button says, the way out of it, and the one provider behind it."""

from typing import Final

from django.conf import settings
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.connections.company_door import CompanyDoor, Provider, ProviderAway

_PROVIDERS: Final[dict[int, Provider]] = {}


def provider() -> Provider:
    """The one provider of this process; there is no such page where none is configured."""
    door: CompanyDoor | None = settings.COMPANY_DOOR
    if door is None:
        raise Http404
    found = _PROVIDERS.get(id(door))
    if found is None or found.door is not door:
        found = _PROVIDERS[id(door)] = Provider(door)
    return found


def company_label() -> str:
    """What the button on the door says; "" where the company has no door of its own."""
    door: CompanyDoor | None = settings.COMPANY_DOOR
    if door is None:
        return ""
    chinese = (get_language() or "").startswith("zh")
    return (door.label_zh if chinese else "") or door.label or _("company account")


def company_way_out() -> str:
    """Where to sign out at the provider as well; "" where that cannot be said."""
    try:
        return provider().way_out if settings.COMPANY_DOOR else ""
    except ProviderAway:
        return ""
