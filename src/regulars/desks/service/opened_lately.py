"""Contact points a member of staff opened in the last ten minutes: kept in her session as rights, never as values."""

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone

from regulars.journeys.open_contact import ContactKey

KEPT: Final = "opened_contact_points"


def keep_key(request: HttpRequest, number: str, key: ContactKey) -> None:
    """The key opens the customer's card from now on until it ends; ended ones of all customers are forgotten."""
    mine = {who: alive for who, keys in _all(request).items() if (alive := [k for k in keys if _alive(k)])}
    others = [k for k in mine.get(number, []) if k["point"] != key.point_id]
    mine[number] = [*others, _written(key)]
    request.session[KEPT] = mine


def keys_for(request: HttpRequest, number: str) -> list[ContactKey]:
    """The keys to this customer's contact points that have not ended."""
    return [_read(k) for k in _all(request).get(number, []) if _alive(k)]


def _all(request: HttpRequest) -> dict[str, list[dict[str, Any]]]:
    kept: dict[str, list[dict[str, Any]]] = request.session.get(KEPT, {})
    return kept


def _alive(kept: dict[str, Any]) -> bool:
    return datetime.fromisoformat(kept["until"]) > timezone.now()


def _written(key: ContactKey) -> dict[str, Any]:
    return {
        "point": key.point_id, "channel": key.channel, "because": key.because, "reference": key.reference,
        "until": key.until.isoformat(),
    }  # fmt: skip


def _read(kept: dict[str, Any]) -> ContactKey:
    until = datetime.fromisoformat(kept["until"])
    return ContactKey(kept["point"], kept["channel"], kept["because"], kept["reference"], until)
