"""What is said of a source: its kind, on which basis and for what its data may be used, what it costs, how long it may
be kept, how often it should come, how far it is trusted, and what cleaning leaves as it is.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from regulars.rules.cleaning.cleaned import JUDGEMENTS
from regulars.rules.intake.money import CURRENCIES
from regulars.rules.permission.errors import BadInput

#: Our own systems; others who give us data; lists that were bought.
INTERNAL, EXTERNAL, BOUGHT_IN = "internal", "external", "bought_in"
SOURCE_KINDS: Final = (INTERNAL, EXTERNAL, BOUGHT_IN)
LAWFUL_BASES: Final = ("contract", "consent", "legitimate_interest", "legal_obligation")
#: What a source's data may serve; of a source of which nothing is said, everything the choices allow.
SOURCE_PURPOSES: Final = (
    "service", "analysis", "direct_marketing", "automated_decision", "third_party_disclosure", "sensitive_use",
)  # fmt: skip
LEAST_TRUST, USUAL_TRUST, MOST_TRUST = 1, 3, 5
#: What has to be said of a list that was bought, before anything of it comes in.
NEEDED_OF_BOUGHT: Final = ("supplier", "licence", "purposes", "expires_on")
SAID: Final = (
    "name", "owner", "kind", "supplier", "licence", "lawful_basis", "purposes", "refresh_days", "cost_minor",
    "currency", "expires_on", "trust", "leave",
)  # fmt: skip


def demand_sound(told: Mapping[str, Any]) -> None:
    """What is said of a source holds together; BadInput with the first thing that does not.

    >>> demand_sound({"kind": "internal", "lawful_basis": "contract", "trust": 3})
    >>> demand_sound({"kind": "bought_in", "supplier": "Acme", "licence": "A-7", "purposes": []})
    Traceback (most recent call last):
    regulars.rules.permission.errors.BadInput: bought_in_needs {'missing': 'purposes, expires_on'}
    """
    for code, values in _objections(told):
        raise BadInput(code, values)


def _objections(told: Mapping[str, Any]) -> list[tuple[str, dict[str, object]]]:
    kind, basis = told.get("kind", INTERNAL), told.get("lawful_basis", "contract")
    unknown = sorted(set(told.get("leave") or ()) - set(JUDGEMENTS))
    strange = sorted(set(told.get("purposes") or ()) - set(SOURCE_PURPOSES))
    missing = ", ".join(name for name in NEEDED_OF_BOUGHT if kind == BOUGHT_IN and not told.get(name))
    cost, currency, trust = told.get("cost_minor"), told.get("currency", ""), told.get("trust", USUAL_TRUST)
    checks: list[tuple[bool, str, dict[str, object]]] = [
        (kind not in SOURCE_KINDS, "no_such_source_kind", {"kind": kind, "known": ", ".join(SOURCE_KINDS)}),
        (basis not in LAWFUL_BASES, "no_such_basis", {"basis": basis, "known": ", ".join(LAWFUL_BASES)}),
        (bool(strange), "no_such_purpose", {"purposes": ", ".join(strange), "known": ", ".join(SOURCE_PURPOSES)}),
        (bool(unknown), "no_such_cleaning", {"reasons": ", ".join(unknown), "known": ", ".join(JUDGEMENTS)}),
        (trust not in range(LEAST_TRUST, MOST_TRUST + 1), "no_such_trust", {"trust": trust}),
        (cost is not None and cost < 0, "cost_unclear", {}),
        (bool(currency) and currency not in CURRENCIES, "currency_unknown", {"currency": currency}),
        (bool(missing), "bought_in_needs", {"missing": missing}),
    ]
    return [(code, values) for wrong, code, values in checks if wrong]


def is_overdue(since: datetime, refresh_days: int | None, at: datetime) -> bool:
    """Whether a source whose last file came then (or that was opened then) should have brought another by now.

    >>> since = datetime(2026, 3, 1)
    >>> is_overdue(since, 7, datetime(2026, 3, 9)), is_overdue(since, 7, datetime(2026, 3, 8))
    (True, False)
    """
    return bool(refresh_days and at - since > timedelta(days=refresh_days))


def has_expired(expires_on: date | None, on: date) -> bool:
    """Whether data may no longer be kept on that day; the day it expires on is the last.

    >>> has_expired(date(2026, 3, 1), date(2026, 3, 1)), has_expired(date(2026, 3, 1), date(2026, 3, 2))
    (False, True)
    """
    return expires_on is not None and on > expires_on


def demand_unexpired(name: str, expires_on: date | None, on: date) -> None:
    """BadInput `source_expired` where nothing of the source may be kept any more: it would go again the next night."""
    if has_expired(expires_on, on):
        raise BadInput("source_expired", {"source": name, "day": expires_on})


def serves(purposes: tuple[str, ...], purpose: str) -> bool:
    """Whether data of a source with these permitted purposes may serve that one.

    >>> serves((), "direct_marketing"), serves(("analysis",), "direct_marketing")
    (True, False)
    """
    return not purposes or purpose in purposes
