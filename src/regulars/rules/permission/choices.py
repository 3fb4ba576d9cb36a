"""What a customer allows: choices per purpose, channel, brand and topic, the default where nothing was said, its
source.

A history is an append-only list of entries; nothing in it is ever altered. What holds now follows in five steps, and
this is the one place that says which word goes before which:

1. *Heard.* A guardian's word counts, and so does every no. A child's own yes, or taking back, does not (youth.py).
2. *Said.* Per (purpose, channel, brand, topic) the newest word that is heard speaks; words of the same moment are
   ordered by id. Channel, brand and topic are empty for the purpose as a whole.
3. *Counted.* `granted` is yes, `denied` is no, `unset` (or no entry) is the default of the jurisdiction; for a child it
   is no. A jurisdiction nobody has written defaults for has none, and then unset is no. Disclosure and sensitive use
   stay no until granted, whatever the defaults say.
4. *Holds.* A purpose holds if it counts as yes. A channel holds if it counts as yes and direct marketing holds.
5. *Except.* A word with a brand or a topic is an exception, and the stricter wins: a no takes out that brand, that
   topic, or (with both) that topic of that brand, from the channel it names or from all. A yes lifts an earlier no of
   the very same scope and opens nothing else: not the purpose that is closed, not the wider exception that stands.

Steps 1–4 are the oracle for the trigger that keeps the `allows_*` booleans in the database, and 1, 2, 5 for the one
that keeps the table `choice_exception`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.youth import GROWN, Youth

Because = Literal["said", "default", "whole_closed", "child"]

DIRECT_MARKETING: Final = "direct_marketing"
PURPOSES: Final = (DIRECT_MARKETING, "third_party_disclosure", "automated_decision", "sensitive_use")
CHANNELS: Final = ("email", "phone", "letter", "sms")
VALUES: Final = ("granted", "denied", "unset")
JURISDICTIONS: Final = ("CN", "EU", "US-CA", "none")
# Separate opt-in by PIPL 23 and 29; kept everywhere, also where the law would be content with an opt-out.
ONLY_WHEN_GRANTED: Final = frozenset({"third_party_disclosure", "sensitive_use"})
# Where a use knows the brand or topic it is for: a message its subject, a release the contract's.
WITH_EXCEPTIONS: Final = frozenset({DIRECT_MARKETING, "third_party_disclosure"})


class Entry(Protocol):
    """One line of the ledger of choices: who chose is known by whose history it stands in."""

    @property
    def purpose(self) -> str: ...
    @property
    def channel(self) -> str | None: ...
    @property
    def value(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def id(self) -> int: ...
    @property
    def brand(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def by_guardian(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A plain entry: `value` for `purpose`, said `at`; `channel`, `brand`, `topic` are empty for the purpose as a
    whole.
    """

    purpose: str
    channel: str
    value: str
    at: datetime
    id: int
    brand: str = ""
    topic: str = ""
    by_guardian: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """What a word is about: a purpose, and the channel, brand and topic it is narrowed to ("" for all)."""

    purpose: str
    channel: str = ""
    brand: str = ""
    topic: str = ""

    @property
    def is_exception(self) -> bool:
        """Whether it is about a brand or a topic only."""
        return bool(self.brand or self.topic)

    def takes_in(self, use: "Scope") -> bool:
        """Whether a use lies within this scope.

        >>> tea = Scope("direct_marketing", brand="tea")
        >>> tea.takes_in(Scope("direct_marketing", "email", "tea", "recipes")), tea.takes_in(Scope("direct_marketing"))
        (True, False)
        """
        narrowed = ((self.channel, use.channel), (self.brand, use.brand), (self.topic, use.topic))
        return self.purpose == use.purpose and all(own in ("", wanted) for own, wanted in narrowed)


@dataclass(frozen=True, slots=True)
class Default:
    """What unset counts as in a jurisdiction, and the article that says so."""

    jurisdiction: str
    purpose: str
    channel: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for one purpose or channel, and why: what was `said`, the entry (None by default) and the `source`."""

    allows: str
    purpose: str
    channel: str
    said: str
    holds: bool
    because: Because
    source: str
    entry: Entry | None


# The names of the booleans on the customer row, in the order they are shown.
ALLOWS: Final[dict[str, tuple[str, str]]] = {
    "allows_direct_marketing": (DIRECT_MARKETING, ""),
    "allows_disclosure": ("third_party_disclosure", ""),
    "allows_automated_decision": ("automated_decision", ""),
    "allows_sensitive_use": ("sensitive_use", ""),
    "allows_email": (DIRECT_MARKETING, "email"),
    "allows_phone": (DIRECT_MARKETING, "phone"),
    "allows_letter": (DIRECT_MARKETING, "letter"),
    "allows_sms": (DIRECT_MARKETING, "sms"),
}

_HOUSE = "house rule: opt-in everywhere, as PIPL Art. 23 and 29 ask"
_PLAIN = "house rule: allowed until refused; no particular law stated"
DEFAULTS: Final[tuple[Default, ...]] = tuple(
    Default(jurisdiction, purpose, channel, value, source)
    for jurisdiction, purpose, channel, value, source in (
        # China: advertisements to a home or by electronic means want consent; automated decisions may be refused.
        ("CN", DIRECT_MARKETING, "", "denied", "Advertising Law of the PRC Art. 43; PIPL Art. 13(1)"),
        ("CN", DIRECT_MARKETING, "email", "granted", "follows the consent to marketing, PIPL Art. 14"),
        ("CN", DIRECT_MARKETING, "phone", "granted", "follows the consent to marketing, PIPL Art. 14"),
        ("CN", DIRECT_MARKETING, "letter", "granted", "follows the consent to marketing, PIPL Art. 14"),
        ("CN", DIRECT_MARKETING, "sms", "granted", "follows the consent to marketing, PIPL Art. 14"),
        ("CN", "third_party_disclosure", "", "denied", "PIPL Art. 23"),
        ("CN", "automated_decision", "", "granted", "PIPL Art. 24: may be refused at any time"),
        ("CN", "sensitive_use", "", "denied", "PIPL Art. 29"),
        # Europe: post on legitimate interest until objected to; electronic mail and calls want consent of their own.
        ("EU", DIRECT_MARKETING, "", "granted", "GDPR Art. 6(1)(f), recital 47; objection Art. 21(2)"),
        ("EU", DIRECT_MARKETING, "email", "denied", "Directive 2002/58/EC Art. 13(1)"),
        ("EU", DIRECT_MARKETING, "phone", "denied", "Directive 2002/58/EC Art. 13(3), the stricter option"),
        ("EU", DIRECT_MARKETING, "letter", "granted", "GDPR Art. 6(1)(f), recital 47"),
        ("EU", DIRECT_MARKETING, "sms", "denied", "Directive 2002/58/EC Art. 13(1)"),
        ("EU", "third_party_disclosure", "", "denied", "GDPR Art. 6(1)(a)"),
        ("EU", "automated_decision", "", "denied", "GDPR Art. 22(1)"),
        ("EU", "sensitive_use", "", "denied", "GDPR Art. 9(1)"),
        # California: opt-out, except texts, which want prior express written consent.
        ("US-CA", DIRECT_MARKETING, "", "granted", "15 U.S.C. 7704(a)(3)-(4); Cal. Civ. Code 1798.105, 1798.120"),
        ("US-CA", DIRECT_MARKETING, "email", "granted", "15 U.S.C. 7704(a)(3)-(4)"),
        ("US-CA", DIRECT_MARKETING, "phone", "granted", "16 CFR 310.4(b)(1)(iii)"),
        ("US-CA", DIRECT_MARKETING, "letter", "granted", "39 U.S.C. 3008: may be refused"),
        ("US-CA", DIRECT_MARKETING, "sms", "denied", "47 CFR 64.1200(a)(2)"),
        ("US-CA", "third_party_disclosure", "", "denied", f"{_HOUSE} (the law: opt-out, Cal. Civ. Code 1798.120)"),
        ("US-CA", "automated_decision", "", "granted", "Cal. Code Regs. tit. 11, 7221: may be refused"),
        ("US-CA", "sensitive_use", "", "denied", f"{_HOUSE} (the law: limitation, Cal. Civ. Code 1798.121)"),
        ("none", DIRECT_MARKETING, "", "granted", _PLAIN),
        *(("none", DIRECT_MARKETING, channel, "granted", _PLAIN) for channel in CHANNELS),
        ("none", "third_party_disclosure", "", "denied", _HOUSE),
        ("none", "automated_decision", "", "granted", _PLAIN),
        ("none", "sensitive_use", "", "denied", _HOUSE),
    )
)
_DEFAULT: Final = {(d.jurisdiction, d.purpose, d.channel): d for d in DEFAULTS}
_NO_DEFAULT: Final = "no default is written for this jurisdiction: unset counts as denied"


def what_holds(history: Iterable[Entry], jurisdiction: str, youth: Youth = GROWN) -> dict[str, bool]:
    """The eight `allows_*` booleans that follow from a history of choices in a jurisdiction, for one of that age.

    >>> from datetime import UTC, datetime
    >>> march = datetime(2026, 3, 1, tzinfo=UTC)
    >>> now = what_holds([Choice("direct_marketing", "", "granted", march, 1),
    ...                   Choice("direct_marketing", "phone", "denied", march, 2)], "CN")
    >>> [name for name, holds in now.items() if holds]
    ['allows_direct_marketing', 'allows_automated_decision', 'allows_email', 'allows_letter', 'allows_sms']
    >>> any(what_holds([], "a country nobody knows").values())
    False
    """
    return {standing.allows: standing.holds for standing in where_it_stands(history, jurisdiction, youth)}


def where_it_stands(history: Iterable[Entry], jurisdiction: str, youth: Youth = GROWN) -> tuple[Standing, ...]:
    """For each of the eight permissions: what was said, whether it holds, and the entry or article it rests on."""
    each = what_counts(history, jurisdiction, youth)
    return tuple(_beneath(each[0], one) for one in each)


def what_counts(history: Iterable[Entry], jurisdiction: str, youth: Youth = GROWN) -> tuple[Standing, ...]:
    """The same, each by itself (steps 1 to 3): a channel may count as yes beneath a purpose that is closed."""
    newest = latest(history, youth)
    return tuple(_standing(allows, newest, jurisdiction, youth) for allows in ALLOWS)


def exceptions(history: Iterable[Entry], youth: Youth = GROWN) -> frozenset[Scope]:
    """The brands and topics taken out now.

    >>> from datetime import UTC, datetime
    >>> march = datetime(2026, 3, 1, tzinfo=UTC)
    >>> said = [Choice("direct_marketing", "", "denied", march, 1, brand="tea"),
    ...         Choice("direct_marketing", "", "granted", march, 2, topic="recipes")]
    >>> exceptions(said)
    frozenset({Scope(purpose='direct_marketing', channel='', brand='tea', topic='')})
    """
    newest = _newest((entry for entry in history if scope_of(entry).is_exception), youth)
    return frozenset(scope for scope, entry in newest.items() if entry.value == "denied")


def covers(use: Scope, history: Iterable[Entry], jurisdiction: str, youth: Youth = GROWN) -> bool:
    """Whether a use for that purpose, by that channel, for that brand and topic is allowed: all five steps."""
    said = tuple(history)
    now = what_holds(said, jurisdiction, youth)
    wanted = {(use.purpose, ""), (use.purpose, use.channel)}
    open_ = all(now[allows] for allows, where in ALLOWS.items() if where in wanted)
    return open_ and not any(out.takes_in(use) for out in exceptions(said, youth))


def latest(history: Iterable[Entry], youth: Youth = GROWN) -> dict[tuple[str, str], Entry]:
    """The newest heard entry per (purpose, channel) as a whole; of one moment, the one with the highest id."""
    whole = (entry for entry in history if not scope_of(entry).is_exception)
    return {(scope.purpose, scope.channel): entry for scope, entry in _newest(whole, youth).items()}


def scope_of(entry: Entry) -> Scope:
    """What an entry is about."""
    return Scope(entry.purpose, entry.channel or "", entry.brand, entry.topic)


def _newest(history: Iterable[Entry], youth: Youth) -> dict[Scope, Entry]:
    newest: dict[Scope, Entry] = {}
    for entry in history:
        if not youth.is_heard(entry.value, entry.at, by_guardian=entry.by_guardian):
            continue
        scope = scope_of(entry)
        if scope not in newest or (entry.at, entry.id) > (newest[scope].at, newest[scope].id):
            newest[scope] = entry
    return newest


def default_for(jurisdiction: str, purpose: str, channel: str = "") -> Default:
    """What unset counts as, `granted` or `denied`, and the article it comes from; `denied` where none is written.

    >>> default_for("EU", "direct_marketing", "email").value
    'denied'
    """
    found = _DEFAULT.get((jurisdiction, purpose, channel))
    return found or Default(jurisdiction, purpose, channel, "denied", _NO_DEFAULT)


def check_choice(purpose: str, channel: str | None, value: str, brand: str = "", topic: str = "") -> None:
    """Nothing, if a choice may be written so; else BadInput with the code of what is wrong.

    >>> check_choice("sensitive_use", "email", "granted")
    Traceback (most recent call last):
    regulars.rules.permission.errors.BadInput: choice_channel_only_for_marketing {'purpose': 'sensitive_use'}
    """
    if purpose not in PURPOSES:
        raise BadInput("choice_purpose_unknown", {"purpose": purpose})
    if channel and channel not in CHANNELS:
        raise BadInput("choice_channel_unknown", {"channel": channel})
    if channel and purpose != DIRECT_MARKETING:
        raise BadInput("choice_channel_only_for_marketing", {"purpose": purpose})
    if value not in VALUES:
        raise BadInput("choice_value_unknown", {"value": value})
    if (brand or topic) and purpose not in WITH_EXCEPTIONS:
        raise BadInput("choice_exception_not_for_purpose", {"purpose": purpose})


def _standing(allows: str, newest: dict[tuple[str, str], Entry], jurisdiction: str, youth: Youth) -> Standing:
    purpose, channel = ALLOWS[allows]
    entry = newest.get((purpose, channel))
    if entry is not None and entry.value != "unset":
        return Standing(allows, purpose, channel, entry.value, entry.value == "granted", "said", "", entry)
    default = default_for(jurisdiction, purpose, channel)
    if youth.presumes_nothing:
        return Standing(allows, purpose, channel, "unset", False, "child", default.source, entry)
    holds = default.value == "granted" and purpose not in ONLY_WHEN_GRANTED
    return Standing(allows, purpose, channel, "unset", holds, "default", default.source, entry)


def _beneath(whole: Standing, part: Standing) -> Standing:
    if whole.holds or part.purpose != whole.purpose or not part.channel:
        return part
    return Standing(
        part.allows, part.purpose, part.channel, part.said, False, "whole_closed", whole.source, whole.entry
    )
