"""From a segment to those who may be contacted: privacy first, in counts only; then tact, with ways to the people."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from regulars.desks.marketing.ways import way_to
from regulars.desks.shared.figures import number
from regulars.desks.shared.parts import Arm, Cut, Funnel
from regulars.desks.shared.words import GATE_RULES, PRIVACY_RULES

LABELS: Final[Mapping[str, str | Promise]] = {
    "reason": gettext_lazy("without a reason"),
    "direct_marketing": gettext_lazy("want no direct marketing"),
    "channel": gettext_lazy("no e-mail wanted or known"),
    "suppression": gettext_lazy("on a suppression list"),
    "minor": gettext_lazy("under age"),
    "complaint": gettext_lazy("complaint open"),
    "frequency_cap": gettext_lazy("written to often enough"),
    "priority": gettext_lazy("left to a more important campaign"),
}
ICONS: Final = {
    "reason": "info-circle", "direct_marketing": "ban", "channel": "mail-off", "suppression": "user-shield",
    "minor": "baby-carriage", "complaint": "alert-triangle", "frequency_cap": "hourglass", "priority": "flag",
}  # fmt: skip
#: Whoever only sleeps is written to in her own morning, so this rule takes nobody out.
ONLY_LATER: Final = "quiet_hours"
ARMS: Final = {"test": "test", "rollout": "roll", "holdout": "hold"}


def funnel_drawn(
    funnel: Mapping[str, Any], *, segment: str, segment_url: str, arms: Mapping[str, int], cap: int, key: str = ""
) -> Funnel:
    """The funnel of a campaign (or of one still being written, without `key`) as the page draws it."""
    steps = {step["rule"]: step for step in funnel.get("steps", ())}
    everyone = int(funnel.get("everyone", 0))
    shown = [rule for rule in LABELS if rule in steps and (rule != "reason" or steps[rule]["taken"])]
    ordered = [rule for rule in shown if rule in PRIVACY_RULES] + [rule for rule in shown if rule not in PRIVACY_RULES]
    cuts, left = [], everyone
    for rule in ordered:
        left -= int(steps[rule]["taken"])
        cuts.append(_cut(rule, int(steps[rule]["taken"]), left, cap, key))
    asleep = int(steps.get(ONLY_LATER, {}).get("unknown", 0))
    end_url = way_to("marketing:contacts", key) if key else ""
    return Funnel(
        _("Segment “%(name)s”") % {"name": segment},
        everyone,
        cuts,
        _("May be contacted"),
        left - asleep,
        segment_url,
        end_url,
        _arms(arms),
    )


def asleep_words(funnel: Mapping[str, Any]) -> str:
    """How many of those who may be contacted sleep at this hour; empty when nobody does."""
    step = next((one for one in funnel.get("steps", ()) if one["rule"] == ONLY_LATER), None)
    waiting = int(step["taken"]) - int(step["unknown"]) if step else 0
    if not waiting:
        return ""
    return _("%(n)s of them sleep at that hour and hear from us in their own morning.") % {"n": number(waiting)}


def taken_by_privacy(funnel: Mapping[str, Any]) -> int:
    """How many the privacy rules took out."""
    return sum(int(step["taken"]) for step in funnel.get("steps", ()) if step["rule"] in PRIVACY_RULES)


def _cut(rule: str, taken: int, left: int, cap: int, key: str) -> Cut:
    privacy = rule in PRIVACY_RULES
    url = way_to("marketing:contacts", key, rule=rule) if key and not privacy and taken else ""
    note = _("at most %(n)d") % {"n": cap} if rule == "frequency_cap" else ""
    return Cut(str(LABELS[rule]), taken, left, privacy, ICONS[rule], note, url)


def _arms(arms: Mapping[str, int]) -> list[Arm]:
    words = {
        "test": pgettext("arm", "test"),
        "rollout": pgettext("arm", "roll-out"),
        "holdout": _("hold-out, not written to"),
    }
    return [Arm(words[arm], arms[arm], kind) for arm, kind in ARMS.items() if arms.get(arm)]


RULE_PLACES: Final = {rule: place for place, rule in enumerate(GATE_RULES)}
