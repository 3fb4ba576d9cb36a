"""Particulars of a deed or of a proposal in words: what each is called, and the codes among them."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from regulars.desks.shared.customer_words import in_a_list
from regulars.desks.shared.dates import day
from regulars.desks.shared.log_words import DOORS
from regulars.desks.shared.retention_words import keep_words
from regulars.desks.shared.watching_words import ACTS, PROPOSAL_STATES
from regulars.desks.shared.words import DATA_CLASSES, PURPOSES, ROLES, Words, say
from regulars.rules.privacy.keeping import read_keep

NAMES: Final[Words] = {
    "who": pgettext_lazy("told", "who"),
    "username": pgettext_lazy("told", "name at sign-in"),
    "full_name": pgettext_lazy("told", "name"),
    "full_name_zh": pgettext_lazy("told", "Chinese name"),
    "what": pgettext_lazy("told", "what"),
    "roles": pgettext_lazy("told", "roles"),
    "roles_before": pgettext_lazy("told", "roles before"),
    "branches": pgettext_lazy("told", "branches"),
    "branches_before": pgettext_lazy("told", "branches before"),
    "language": pgettext_lazy("told", "language"),
    "key": pgettext_lazy("told", "key"),
    "keys": pgettext_lazy("told", "keys"),
    "version": pgettext_lazy("told", "version"),
    "state": pgettext_lazy("told", "state"),
    "proposal": pgettext_lazy("told", "proposal"),
    "takes_two": pgettext_lazy("told", "takes two people"),
    "act": pgettext_lazy("told", "act"),
    "export": pgettext_lazy("told", "export"),
    "expires_on": pgettext_lazy("told", "usable until"),
    "until": pgettext_lazy("told", "until"),
    "since": pgettext_lazy("told", "since"),
    "days": pgettext_lazy("told", "days"),
    "decoys": pgettext_lazy("told", "invented people in files"),
    "alarm": pgettext_lazy("told", "alarm"),
    "goes": pgettext_lazy("told", "goes every night"),
    "gone": pgettext_lazy("told", "gone"),
    "keep": pgettext_lazy("told", "kept"),
    "class": pgettext_lazy("told", "class"),
    "was": pgettext_lazy("told", "before"),
    "purposes": pgettext_lazy("told", "purposes"),
    "retired": pgettext_lazy("told", "retired"),
    "number": pgettext_lazy("told", "customer"),
    "because": pgettext_lazy("told", "why"),
    "reference": pgettext_lazy("told", "case"),
    "table": pgettext_lazy("told", "table"),
    "kind": pgettext_lazy("told", "as"),
    "columns": pgettext_lazy("told", "columns"),
    "rows": pgettext_lazy("told", "rows"),
    "by_hand": pgettext_lazy("told", "written by hand"),
    "entries": pgettext_lazy("told", "entries"),
    "granted": pgettext_lazy("told", "granted"),
    "denied": pgettext_lazy("told", "denied"),
    "wording": pgettext_lazy("told", "as worded in the file"),
    "plan": pgettext_lazy("told", "plan"),
    "field": pgettext_lazy("told", "field"),
    "old": pgettext_lazy("told", "before"),
    "new": pgettext_lazy("told", "now"),
    "asked": pgettext_lazy("told", "a given reason is asked"),
    "jurisdiction": pgettext_lazy("told", "law"),
    "currency": pgettext_lazy("told", "currency"),
    "timezone": pgettext_lazy("told", "time zone"),
    "business_on": pgettext_lazy("told", "business day"),
    "name_zh": pgettext_lazy("told", "called in Chinese"),
    "door": pgettext_lazy("told", "where"),
    "name": pgettext_lazy("told", "called"),
    "cube": pgettext_lazy("told", "declaration"),
    "extract": pgettext_lazy("told", "extract"),
    "known": pgettext_lazy("told", "known outside"),
    "confidential": pgettext_lazy("told", "confidential"),
    "variety": pgettext_lazy("told", "different values in a class"),
    "closeness": pgettext_lazy("told", "farthest shares (per cent)"),
    "suppressed": pgettext_lazy("told", "rows left out at most (per cent)"),
    "dimensions": pgettext_lazy("told", "counted by"),
    "measures": pgettext_lazy("told", "summed up"),
    "only": pgettext_lazy("told", "only these people"),
    "percent": pgettext_lazy("told", "protection of the biggest buyer (per cent)"),
    "merge": pgettext_lazy("told", "merge"),
    "merged": pgettext_lazy("told", "who goes"),
    "survivor": pgettext_lazy("told", "who stays"),
    "chosen": pgettext_lazy("told", "chosen by field"),
    "though_different": pgettext_lazy("told", "though found to be two"),
    "text en": pgettext_lazy("told", "English text"),
    "text zh-hans": pgettext_lazy("told", "Chinese text"),
}
#: What was done with a sign-in.
SIGN_IN_DEEDS: Final[Words] = {
    "authenticator app set up": gettext_lazy("authenticator app set up"),
    "authenticator app taken away": gettext_lazy("authenticator app taken away"),
    "password changed": gettext_lazy("password changed"),
    "signed out elsewhere": gettext_lazy("signed out elsewhere"),
    "signed out everywhere": gettext_lazy("signed out everywhere"),
    "second factors reset": gettext_lazy("second factors reset"),
    "hired": gettext_lazy("hired"),
    "seats changed": gettext_lazy("seats changed"),
    "let go": gettext_lazy("let go"),
    "invited": gettext_lazy("invited"),
    "password set": gettext_lazy("password set by link"),
    "new password given": gettext_lazy("new password given"),
    "without a name": gettext_lazy("without a name"),
    "names asked": gettext_lazy("names asked"),
    "hired by the company's account": gettext_lazy("hired by the company's account"),
}
#: How far a proposal or a change of keys has come.
STEPS: Final[Words] = {
    "proposed": pgettext_lazy("step", "proposed"),
    "begun": pgettext_lazy("step", "begun"),
    "done": pgettext_lazy("step", "done"),
    "destroyed": pgettext_lazy("step", "destroyed"),
    "retired": pgettext_lazy("step", "retired"),
}
READINGS: Final[Words] = {
    "here": pgettext_lazy("step", "said of many that they were here"),
    "slow": pgettext_lazy("step", "slowed down"),
    "stop": pgettext_lazy("step", "stopped"),
}
#: Codes, by what they are told as.
VALUES: Final[Mapping[str, Words]] = {
    "roles": ROLES,
    "roles_before": ROLES,
    "what": SIGN_IN_DEEDS,
    "class": DATA_CLASSES,
    "was": DATA_CLASSES,
    "purposes": PURPOSES,
    "act": ACTS,
    "state": {**PROPOSAL_STATES, **STEPS},
    "door": DOORS,
    "kind": READINGS,
}
DAYS: Final = frozenset({"expires_on", "until", "since", "business_on"})
LONGEST: Final = 120


def told_in_words(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each particular as (what it is called, its value), those left empty left out; long texts only begin."""
    return [(say(NAMES, name), _value(name, value)) for name, value in _flat(told) if value not in ("", None, [])]


def _flat(told: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """The texts of a statement one by one."""
    for name, value in told.items():
        if name == "bodies":
            yield from ((f"text {language}", text) for language, text in value.items())
        else:
            yield name, value


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "keep":
        return keep_words(read_keep(str(value)))
    if name in DAYS:
        with suppress(ValueError):  # a moment is told as it stands
            return day(date.fromisoformat(str(value)))
    parts = value if isinstance(value, list) else str(value).split(", ") if name in VALUES else [value]
    said = in_a_list(say(VALUES.get(name, {}), str(part)) for part in parts)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
