"""Invented decisions of the living style sheet: gate, campaign, choices, and the days of one customer."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.desks.shared.parts import Answer, Arm, Choice, Cut, Entry, Funnel, Opening, Step


def passed() -> list[Answer]:
    """All nine rules let a message pass."""
    said = {
        "reason": _("due in March; bought a trench this time last year"),
        "direct_marketing": _("agreed to direct marketing, 18 May 2024, statement 3"),
        "frequency_cap": _("first of at most three this month"),
    }
    rules = (
        "reason",
        "direct_marketing",
        "channel",
        "suppression",
        "minor",
        "complaint",
        "frequency_cap",
        "priority",
        "quiet_hours",
    )
    return [Answer(rule, "pass", said.get(rule, "")) for rule in rules]


def stopped() -> list[Answer]:
    """Privacy stops a call at the third rule."""
    answers = ["pass", "pass", "stop", *["not_asked"] * 6]
    said = [_("courtesy call after a sample"), _("agreed to direct marketing"), _("takes no calls"), *[""] * 6]
    return [Answer(one.rule, answer, text) for one, answer, text in zip(passed(), answers, said, strict=True)]


def opening() -> Opening:
    """Who could open a masked phone number."""
    who = _(
        "Who could open it: 2 shop managers, 1 service agent, the privacy officer. "
        "You may, with a reason, for 10 minutes."
    )
    return Opening(who, "/parts/", [("K-118", _("She asked for a call: complaint K-118"))], "identifying", _("Mobile"))


def campaign_steps() -> list[Step]:
    """A campaign on its way from draft to end."""
    return [
        Step(_("Draft"), _("2 March"), "done"),
        Step(_("Approved"), _("owner, privacy officer"), "done"),
        Step(_("Test of 600 letters"), _("posted 6 March"), "done"),
        Step(_("Passed"), _("11 March 14:52"), "done"),
        Step(_("Rolling out within 48 hours"), _("letters are set, the printer collects"), "now"),
        Step(_("Rolled out, 3,104 letters")),
        Step(_("End"), _("11 May")),
    ]


def funnel() -> Funnel:
    """From a segment to those who may be contacted."""
    cuts = [
        Cut(_("want no direct marketing"), 1038, 5374, True, "ban"),
        Cut(_("want no letters"), 402, 4972, True, "mail-off"),
        Cut(_("on a suppression list"), 17, 4955, True, "user-shield"),
        Cut(_("under age"), 11, 4944, True, "baby-carriage"),
        Cut(_("complaint open"), 26, 4918, False, "alert-triangle", url="?why=complaint"),
        Cut(_("three this month already"), 588, 4330, False, "hourglass", _("at most 3"), "?why=cap"),
        Cut(_("left to a more important campaign"), 214, 4116, False, "flag", url="?why=priority"),
    ]
    arms = [
        Arm(pgettext("arm", "test"), 600, "test"),
        Arm(pgettext("arm", "roll-out"), 3104, "roll"),
        Arm(_("hold-out, not written to"), 412, "hold"),
    ]
    return Funnel(_("Segment “Spring regulars”"), 6412, cuts, _("May be contacted"), 4116, "?segment", "?allowed", arms)


def choices() -> list[Choice]:
    """What one customer said."""
    return [
        Choice(_("Phone"), "denied"),
        Choice(_("SMS"), "granted", _("10 am–8 pm")),
        Choice(_("E-mail, letter"), "granted"),
        Choice(_("Third-party disclosure"), "denied"),
        Choice(_("Automated decisions"), "denied"),
        Choice(_("Sensitive data"), "unset"),
    ]


def timeline() -> list[Entry]:
    """A few days of one customer: a visit, a complaint, a message, and two that were not sent."""
    return [
        Entry(
            _("today"),
            "door",
            _("Visited Hubin, tried two long coats"),
            _("Served by Zhou Min · wish noted: dark, below the knee, no fake fur"),
            "10:20",
        ),
        Entry(
            _("11 Mar"),
            "arrow-back-up",
            _("Complaint K-118: torn coat sleeve"),
            _("Cashmere coat ¥3,680 · in repair at Hubin. No marketing until it is closed"),
            "16:30",
            "bad",
            _("answer by 12:00 today"),
            "heed",
        ),
        Entry(
            _("9 Mar"),
            "message",
            _("SMS: spring preview"),
            "",
            "11:04",
            "out",
            _("sent, opened"),
            "ok",
            answers=passed(),
            headline=_("Why this contact"),
            open=True,
        ),
        Entry(
            _("6 Mar"),
            "phone-off",
            _("Call-back was not made"),
            tone="held",
            answers=stopped(),
            headline=_("Why not: she takes no calls"),
            source=_("her own choice, portal, 2 Nov 2025"),
        ),
        Entry(
            _("28 Feb"),
            "mail-off",
            _("E-mail: cashmere care note, not sent"),
            answers=[
                Answer(one.rule, answer)
                for one, answer in zip(passed(), [*["pass"] * 6, "wait", "not_asked", "not_asked"], strict=True)
            ],
            headline=_("Why not: already three this month"),
        ),
        Entry(
            _("11 Feb"),
            "shopping-bag",
            _("Bought a cashmere coat, ¥3,680"),
            _("Hubin · birthday voucher ¥200"),
            url="?order",
        ),
    ]
