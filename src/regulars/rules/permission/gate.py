"""The contact gate 联系准则: may this person be contacted, now, so, about this?

Nine rules, always all of them, always in the same order; every one answers before the gate does, so that nobody asks
twice: `reason` · `direct_marketing` · `channel` · `suppression` · `minor` · `complaint` · `frequency_cap` ·
`priority` · `quiet_hours`. Rules two to five are privacy: people see how many they took out, never whom. The others
are tact.

An answer is `pass`, `stop` (not this contact at all), `wait` (not now) or `not_asked`. Not knowing is an answer of its
own: `wait` with the code `unknown`, the letter `u`, and nothing is sent. One stop refuses, else one wait holds.

Service messages (an order is ready, a recall, an answer to a complaint) are part of what the customer asked for, so
they are not asked for marketing permission, age, complaint, cap and priority. They still need a reason, an address to
go to, no suppression, and the customer's waking hours.
"""

from calendar import isleap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from regulars.rules.permission.choices import CHANNELS
from regulars.rules.permission.errors import BadInput

Verdict = Literal["allowed", "held", "refused"]
Answer = Literal["pass", "stop", "wait", "not_asked"]
Rule = Literal[
    "reason",
    "direct_marketing",
    "channel",
    "suppression",
    "minor",
    "complaint",
    "frequency_cap",
    "priority",
    "quiet_hours",
]
RULES: Final[tuple[Rule, ...]] = get_args(Rule)
PRIVACY_RULES: Final = frozenset(RULES[1:5])
NOT_ASKED_FOR_SERVICE: Final = frozenset({"direct_marketing", "minor", "complaint", "frequency_cap", "priority"})
CAP_DAYS: Final = 30
# Inside the 8 am to 9 pm of the American 47 CFR 64.1200(c)(1), the strictest hours in a law we know.
WAKING: Final = (time(9), time(20))
# Under this age marketing wants more than the young person's own word: PIPL Art. 28 and 31; GDPR Art. 8(1), before any
# lower age of a member state; Cal. Civ. Code 1798.120(c). Elsewhere the Convention on the Rights of the Child, Art. 1.
ADULT_AT: Final[Mapping[str, int]] = {"CN": 14, "EU": 16, "US-CA": 16}
ADULT_ELSEWHERE: Final = 18
LETTERS: Final[Mapping[str, str]] = {"pass": "p", "stop": "s", "wait": "w", "not_asked": "n"}


@dataclass(frozen=True, slots=True)
class Person:
    """What the gate must know of one person; None where nobody knows, which holds the contact back.

    `reachable`: there is a usable address for the channel. `reason_holds`: the reason is still true (she was due, and
    has not bought since). `suppressions`: why she stands on a list of those never to be contacted; empty if on none.
    `subject_closed`: she has taken out the message's brand or topic. `birth_year` serves where the birth date is only
    shown to the year. `contacts_30d` counts across all campaigns and channels. `competing_priority`,
    `competing_campaign`: the weightiest other contact planned for her, None if there is none. `may_from`, `may_until`:
    her own hours, local; None for the contact's.
    """

    customer_id: int
    allows_direct_marketing: bool | None
    allows_email: bool | None
    allows_phone: bool | None
    allows_letter: bool | None
    allows_sms: bool | None
    reachable: bool | None = True
    reason_holds: bool | None = True
    suppressions: tuple[str, ...] | None = ()
    birth_on: date | None = None
    birth_year: int | None = None
    flagged_minor: bool = False
    jurisdiction: str = "none"
    open_complaints: int | None = 0
    contacts_30d: int | None = 0
    competing_priority: int | None = None
    competing_campaign: int | None = None
    may_from: time | None = None
    may_until: time | None = None
    timezone: str | None = None
    subject_closed: bool | None = False


@dataclass(frozen=True, slots=True)
class Contact:
    """What is about to be sent: by which channel, why, when (`at`, with its zone), and how much it weighs.

    `brand` and `topic` say what it is about, "" for nothing in particular. `cap` is the most contacts a person may have
    had in thirty days before this one. Of two campaigns the one with the higher `priority` goes first, of equals the
    older (lower `campaign`).
    """

    channel: str
    reason: str
    at: datetime
    purpose: str = "direct_marketing"
    service: bool = False
    campaign: int = 0
    priority: int = 0
    cap: int = 3
    brand: str = ""
    topic: str = ""
    open_from: time = WAKING[0]
    open_until: time = WAKING[1]

    def __post_init__(self) -> None:
        if self.channel not in CHANNELS:
            raise BadInput("contact_channel_unknown", {"channel": self.channel})
        if self.at.tzinfo is None:
            raise BadInput("contact_without_zone", {"at": self.at.isoformat()})


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """What one rule says, with the code of the sentence and the values that fill it in."""

    rule: Rule
    answer: Answer
    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def letter(self) -> str:
        """`p` pass, `s` stop, `w` wait, `n` not asked, `u` nobody knows."""
        return "u" if self.code == "unknown" else LETTERS[self.answer]


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's verdict with the answers of all nine rules, in their order."""

    verdict: Verdict
    rules: tuple[RuleAnswer, ...]

    @property
    def strip(self) -> str:
        """Nine letters for the picture, one per rule."""
        return "".join(answer.letter for answer in self.rules)

    @property
    def against(self) -> tuple[RuleAnswer, ...]:
        """Every reason why not, in the order of the rules; empty when allowed."""
        return tuple(answer for answer in self.rules if answer.answer in ("stop", "wait"))

    @property
    def first(self) -> RuleAnswer | None:
        """The first rule that stops or waits, where the funnel counts this person; None when allowed."""
        return next(iter(self.against), None)

    @property
    def until(self) -> datetime | None:
        """When to ask again, if nothing but quiet hours is in the way; else None."""
        only = self.against[0] if len(self.against) == 1 else None
        until = only.values.get("until") if only else None
        return until if isinstance(until, datetime) else None


def decide(person: Person, contact: Contact) -> Decision:
    """The decision about one contact to one person, with every reason for and against.

    >>> bob = Person(2, allows_direct_marketing=False, allows_email=False, allows_phone=False, allows_letter=False,
    ...              allows_sms=False, open_complaints=1, timezone="Asia/Shanghai")
    >>> letter = Contact("letter", "due_this_month", datetime(2026, 3, 2, 3, tzinfo=UTC))
    >>> decision = decide(bob, letter)
    >>> decision.verdict, decision.strip, [answer.code for answer in decision.against]
    ('refused', 'pssppwppn', ['marketing_closed', 'channel_closed', 'complaint_open'])
    """
    answers = tuple(_answer(rule, person, contact) for rule in RULES)
    return Decision(verdict_of(answer.answer for answer in answers), answers)


def verdict_of(answers: Iterable[str]) -> Verdict:
    """Refused by one stop, else held by one wait, else allowed.

    >>> verdict_of(["pass", "wait", "not_asked"])
    'held'
    """
    said = set(answers)
    return "refused" if "stop" in said else "held" if "wait" in said else "allowed"


def is_asked(rule: Rule, contact: Contact) -> bool:
    """Whether a rule is asked for such a contact at all; it never depends on the person."""
    if rule == "quiet_hours":
        return contact.channel != "letter"
    return not (contact.service and rule in NOT_ASKED_FOR_SERVICE)


def adult_at(jurisdiction: str) -> int:
    """The age in years from which a person is contacted like any other in a jurisdiction."""
    return ADULT_AT.get(jurisdiction, ADULT_ELSEWHERE)


def youngest_birth_on(jurisdiction: str, on: date) -> date:
    """The latest birth date of those who are of age on a day.

    >>> youngest_birth_on("CN", date(2024, 2, 29))
    datetime.date(2010, 2, 28)
    """
    year = on.year - adult_at(jurisdiction)
    leap_day_is_missing = (on.month, on.day) == (2, 29) and not isleap(year)
    return date(year, 2, 28) if leap_day_is_missing else on.replace(year=year)


def is_open(now: time, opens: time, closes: time) -> bool:
    """Whether a time of day lies in [opens, closes); hours may run over midnight, equal ones mean the whole day.

    >>> is_open(time(23), time(22), time(6)), is_open(time(20), time(9), time(20))
    (True, False)
    """
    if opens < closes:
        return opens <= now < closes
    return now >= opens or now < closes


def _answer(rule: Rule, person: Person, contact: Contact) -> RuleAnswer:
    if not is_asked(rule, contact):
        code = "letter_has_no_hour" if rule == "quiet_hours" else "service_message"
        return RuleAnswer(rule, "not_asked", code)
    answer, code, values = _ASK[rule](person, contact)
    return RuleAnswer(rule, answer, code, values)


Said = tuple[Answer, str, Mapping[str, object]]


def _unknown(what: str) -> Said:
    return "wait", "unknown", {"what": what}


def _reason(person: Person, contact: Contact) -> Said:
    if not contact.reason.strip():
        return "stop", "no_reason", {}
    if person.reason_holds is None:
        return _unknown("reason_holds")
    holds = person.reason_holds
    return "pass" if holds else "stop", "reason" if holds else "reason_gone", {"reason": contact.reason}


def _direct_marketing(person: Person, contact: Contact) -> Said:
    allows = person.allows_direct_marketing
    if allows is False:
        return "stop", "marketing_closed", {}
    if person.subject_closed:
        about = (("brand", contact.brand), ("topic", contact.topic))
        return "stop", "subject_closed", {name: key for name, key in about if key}
    if allows is None or person.subject_closed is None:
        return _unknown("subject_closed" if allows else "allows_direct_marketing")
    return "pass", "marketing_open", {}


def _channel(person: Person, contact: Contact) -> Said:
    # The permissions of channels lie beneath marketing; a service message only needs somewhere to go.
    allows = True if contact.service else _ALLOWS_CHANNEL[contact.channel](person)
    values = {"channel": contact.channel}
    if allows is False:
        return "stop", "channel_closed", values
    if person.reachable is False:
        return "stop", "no_address", values
    if allows is None or person.reachable is None:
        return _unknown("reachable" if allows else "allows_channel")
    return "pass", "channel_open", values


_ALLOWS_CHANNEL: Final[Mapping[str, Callable[[Person], bool | None]]] = {
    "email": lambda person: person.allows_email,
    "phone": lambda person: person.allows_phone,
    "letter": lambda person: person.allows_letter,
    "sms": lambda person: person.allows_sms,
}


def _suppression(person: Person, contact: Contact) -> Said:
    if person.suppressions is None:
        return _unknown("suppressions")
    if person.suppressions:
        return "stop", "suppressed", {"suppressions": person.suppressions}
    return "pass", "not_suppressed", {}


def _minor(person: Person, contact: Contact) -> Said:
    if person.flagged_minor:
        return "stop", "minor_by_flag", {}
    born_on = born_at_the_latest(person)
    if born_on is None:
        return "pass", "age_not_known", {}
    adult = born_on <= youngest_birth_on(person.jurisdiction, contact.at.date())
    return "pass" if adult else "stop", "of_age" if adult else "minor", {"adult_at": adult_at(person.jurisdiction)}


def born_at_the_latest(person: Person) -> date | None:
    """The birth date, or the last day of the birth year where no more is shown: the younger reading protects."""
    if person.birth_on is not None:
        return person.birth_on
    return None if person.birth_year is None else date(person.birth_year, 12, 31)


def _complaint(person: Person, contact: Contact) -> Said:
    if person.open_complaints is None:
        return _unknown("open_complaints")
    waits = person.open_complaints > 0
    return "wait" if waits else "pass", "complaint_open" if waits else "no_complaint", {"open": person.open_complaints}


def _frequency_cap(person: Person, contact: Contact) -> Said:
    if person.contacts_30d is None:
        return _unknown("contacts_30d")
    waits = person.contacts_30d >= contact.cap
    values = {"contacts": person.contacts_30d, "cap": contact.cap, "days": CAP_DAYS}
    return "wait" if waits else "pass", "cap_reached" if waits else "under_cap", values


def _priority(person: Person, contact: Contact) -> Said:
    if person.competing_priority is None:
        return "pass", "nothing_weightier", {}
    other = (person.competing_priority, -(person.competing_campaign or 0))
    yields = other > (contact.priority, -contact.campaign)
    values = {"campaign": person.competing_campaign, "priority": person.competing_priority}
    return "wait" if yields else "pass", "yields" if yields else "goes_first", values


def _quiet_hours(person: Person, contact: Contact) -> Said:
    zone = zone_of(person.timezone)
    if zone is None:
        return _unknown("timezone")
    opens, closes = person.may_from or contact.open_from, person.may_until or contact.open_until
    local = contact.at.astimezone(zone)
    values: dict[str, object] = {"from": opens, "until_time": closes, "timezone": person.timezone}
    if is_open(local.time(), opens, closes):
        return "pass", "awake", values
    return "wait", "quiet_hours", values | {"until": _next_opening(local, opens)}


def zone_of(name: str | None) -> ZoneInfo | None:
    """The time zone of an IANA name; None for none and for a name nobody knows."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def _next_opening(local: datetime, opens: time) -> datetime:
    # The hour that comes twice when summer time ends may open a second time: compare moments, not wall clocks.
    today = datetime.combine(local.date(), opens, tzinfo=local.tzinfo)
    openings = (today, today.replace(fold=1), today + timedelta(days=1))
    return next(at for opening in openings if (at := opening.astimezone(UTC)) > local.astimezone(UTC))


_ASK: Final[Mapping[Rule, Callable[[Person, Contact], Said]]] = {
    "reason": _reason,
    "direct_marketing": _direct_marketing,
    "channel": _channel,
    "suppression": _suppression,
    "minor": _minor,
    "complaint": _complaint,
    "frequency_cap": _frequency_cap,
    "priority": _priority,
    "quiet_hours": _quiet_hours,
}
