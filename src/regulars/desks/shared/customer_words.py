"""The words for what happens with one customer: meetings, complaints, tasks, choices, contacts, looks into the file.

The service desk, the customer's own page and today's page say the same thing by the same word. Codes are those of the
records' doors; like everything in `words.py`, a code nobody has named yet is shown as it is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from regulars.desks.shared.dates import ago
from regulars.desks.shared.words import Words

TOUCHPOINT_KINDS: Final[Words] = {
    "visit": pgettext_lazy("touchpoint", "Visit"),
    "call": pgettext_lazy("touchpoint", "Call"),
    "note": pgettext_lazy("touchpoint", "Note"),
    "wish": pgettext_lazy("touchpoint", "Wish"),
    "letter": pgettext_lazy("touchpoint", "Letter received"),
    "survey": pgettext_lazy("touchpoint", "Survey"),
    "referral": pgettext_lazy("touchpoint", "Referral"),
    "correction": pgettext_lazy("touchpoint", "Told us from their own page"),
}
TOUCHPOINT_ICONS: Final = {
    "visit": "door", "call": "phone", "note": "note", "wish": "heart", "letter": "mail-opened", "survey": "star",
    "referral": "friends", "correction": "pencil",
}  # fmt: skip

#: What streams bring: see rules/events/kinds.
EVENT_KINDS: Final[Words] = {
    "order": pgettext_lazy("event", "Order"), "return": pgettext_lazy("event", "Return"),
    "call": pgettext_lazy("event", "Call"), "visit": pgettext_lazy("event", "Visit"),
    "letter": pgettext_lazy("event", "Letter"), "mail": pgettext_lazy("event", "E-mail"),
    "message": pgettext_lazy("event", "Message"), "web": pgettext_lazy("event", "Web"),
    "app": pgettext_lazy("event", "App"), "meter": pgettext_lazy("event", "Meter"),
    "till": pgettext_lazy("event", "Till"), "complaint": pgettext_lazy("event", "Complaint"),
    "survey": pgettext_lazy("event", "Survey"), "stay": pgettext_lazy("event", "Stay"),
    "reward": pgettext_lazy("event", "Reward"),
}  # fmt: skip
EVENT_ICONS: Final = {
    "order": "shopping-bag", "return": "arrow-back-up", "call": "phone", "visit": "door", "letter": "mail-opened",
    "mail": "mail", "message": "message", "complaint": "alert-triangle", "survey": "star", "reward": "heart",
}  # fmt: skip

TOUCHPOINT_CHANNELS: Final[Words] = {
    "counter": pgettext_lazy("touchpoint", "at the counter"),
    "phone": pgettext_lazy("touchpoint", "by phone"),
    "email": pgettext_lazy("touchpoint", "by e-mail"),
    "letter": pgettext_lazy("touchpoint", "by letter"),
    "sms": pgettext_lazy("touchpoint", "by SMS"),
    "web": pgettext_lazy("touchpoint", "on the web"),
    "portal": pgettext_lazy("touchpoint", "on their own page"),
}

ORDER_CHANNELS: Final[Words] = {
    "counter": pgettext_lazy("touchpoint", "at the counter"),
    "phone": pgettext_lazy("touchpoint", "by phone"),
    "web": pgettext_lazy("touchpoint", "on the web"),
}

COMPLAINT_OUTCOMES: Final[Words] = {
    "repaired": pgettext_lazy("complaint", "repaired"),
    "replaced": pgettext_lazy("complaint", "replaced"),
    "refunded": pgettext_lazy("complaint", "money returned"),
    "explained": pgettext_lazy("complaint", "explained"),
    "apologised": pgettext_lazy("complaint", "apologised"),
    "withdrawn": pgettext_lazy("complaint", "taken back by the customer"),
}

TASK_KINDS: Final[Words] = {
    "lapse": pgettext_lazy("task", "Was due and did not come"),
    "complaint": pgettext_lazy("task", "Answer a complaint"),
    "call_back": pgettext_lazy("task", "Call back"),
    "order_ready": pgettext_lazy("task", "Say that the order is ready"),
    "correction": pgettext_lazy("task", "Review a correction"),
    "erasure": pgettext_lazy("task", "Wants to be deleted"),
    "ask_again": pgettext_lazy("task", "Ask again how to reach them"),
    "other": pgettext_lazy("task", "Something else"),
}
TASK_ICONS: Final = {
    "lapse": "wave-sine", "complaint": "alert-triangle", "call_back": "phone", "order_ready": "shopping-bag",
    "correction": "pencil", "erasure": "trash", "ask_again": "help", "other": "list-check",
}  # fmt: skip
TASK_OUTCOMES: Final[Words] = {
    "reached": pgettext_lazy("task", "reached, all well"),
    "comes_back": pgettext_lazy("task", "will come again"),
    "not_reached": pgettext_lazy("task", "not reached"),
    "not_interested": pgettext_lazy("task", "does not want to come again"),
    "done": pgettext_lazy("task", "done"),
    "not_needed": pgettext_lazy("task", "no longer needed"),
}

#: The very sentences she agrees to or refuses; they are kept with each entry of the ledger.
CHOICE_SENTENCES: Final[Words] = {
    "allows_direct_marketing": _("Tell me about news and offers"),
    "allows_email": _("News and offers by e-mail"),
    "allows_sms": _("News and offers by SMS"),
    "allows_letter": _("News and offers by letter"),
    "allows_phone": _("Call me"),
    "allows_automated_decision": _("Use my record to predict and suggest"),
    "allows_disclosure": _("Share my data with other companies"),
    "allows_sensitive_use": _("Use sensitive facts, such as allergies, to advise me"),
}

#: How a choice reached us.
CHOICE_SOURCES: Final[Words] = {
    "portal": pgettext_lazy("choice", "their own page"),
    "counter": pgettext_lazy("choice", "at the counter"),
    "phone": pgettext_lazy("choice", "by phone"),
    "unsubscribe": pgettext_lazy("choice", "unsubscribed in a mail"),
    "import": pgettext_lazy("choice", "came with a file"),
    "reply": pgettext_lazy("choice", "answered a message"),
    "browser_signal": pgettext_lazy("choice", "the browser says so"),
    "officer": pgettext_lazy("choice", "through the privacy officer"),
    "merge": pgettext_lazy("choice", "when two records became one, or two again"),
}
CHOICE_ICONS: Final = {"granted": "check", "denied": "ban", "unset": "minus"}

CONTACT_STATES: Final[Words] = {
    "waiting": pgettext_lazy("contact", "planned"),
    "reserved": pgettext_lazy("contact", "kept for the roll-out"),
    "sending": pgettext_lazy("contact", "being sent"),
    "sent": pgettext_lazy("contact", "sent"),
    "refused": pgettext_lazy("contact", "not sent"),
    "held": pgettext_lazy("contact", "held back"),
    "cancelled": pgettext_lazy("contact", "called off"),
    "failed": pgettext_lazy("contact", "did not arrive"),
    "unsure": pgettext_lazy("contact", "perhaps sent"),
    "holdout": pgettext_lazy("contact", "hold-out"),
}
CONTACT_ICONS: Final = {
    "email": ("mail", "mail-off"), "phone": ("phone", "phone-off"), "letter": ("file-text", "mail-off"),
    "sms": ("message", "message-off"),
}  # fmt: skip

#: Why somebody opened a file, as doors are told. Sentences that other doors write themselves are shown as they stand.
ACCESS_REASONS: Final[Words] = {
    "serving": pgettext_lazy("access", "serving you"),
    "searching": pgettext_lazy("access", "looking for somebody"),
    "timeline": pgettext_lazy("access", "reading your history"),
    "task": pgettext_lazy("access", "a task about you"),
    "complaint": pgettext_lazy("access", "your complaint"),
    "order": pgettext_lazy("access", "your order"),
    "choice": pgettext_lazy("access", "writing down your choice"),
    "portal_link": pgettext_lazy("access", "giving you the link to this page"),
    "call": pgettext_lazy("access", "your call"),
    "campaign": pgettext_lazy("access", "a campaign you were in"),
    "own_record": pgettext_lazy("access", "your own page"),
}

SEXES: Final[Words] = {
    "female": pgettext_lazy("sex", "female"),
    "male": pgettext_lazy("sex", "male"),
    "other": pgettext_lazy("sex", "other"),
}
LANGUAGES: Final[Words] = {"en": _("English"), "zh": _("Chinese"), "zh-hans": _("Chinese")}
MARITAL: Final[Words] = {
    "married": pgettext_lazy("family", "married"),
    "unmarried": pgettext_lazy("family", "single"),
    "single": pgettext_lazy("family", "single"),
}
STAGES: Final[Words] = {"prospect": _("prospect"), "customer": pgettext_lazy("stage", "customer")}
CONTACT_POINTS: Final[Words] = {
    "email": _("E-mail"), "phone": _("Phone"), "letter": _("Address"), "sms": _("Mobile"),
}  # fmt: skip


def since_last(last_at: datetime, *, at: datetime) -> str:
    """How long ago somebody came, in days: tills and the house do not share a clock, so hours would say too much."""
    came, today = timezone.localtime(last_at).date(), timezone.localtime(at).date()
    return ago(min(came, today), at=today)


def scores_said(scores: Sequence[str]) -> str:
    """What was answered in surveys; nothing where none is shown."""
    return pgettext("survey", "answered with %(scores)s") % {"scores": in_a_list(scores)} if scores else ""


def article_name(name: str) -> str:
    """The name of an article as one says it: tills shout in capitals, a page need not."""
    return name.capitalize() if name.isupper() else name


def in_a_row(*sentences: str) -> str:
    """Sentences one after the other: with a space between them in English, without one in 中文."""
    return gap().join(sentence for sentence in sentences if sentence)


def gap() -> str:
    """What stands between two sentences: a space in English, nothing in 中文."""
    return "" if (get_language() or "").startswith("zh") else " "


def in_a_list(values: Iterable[object]) -> str:
    """Names or values one after the other: with commas in English, with 、 in 中文."""
    return pgettext("list", ", ").join(map(str, values))


def in_brackets(what: object, more: object) -> str:
    """Something, and more of it in brackets: "age (coarse)"; 年龄（粗略）."""
    return pgettext("brackets", "%(what)s (%(more)s)") % {"what": what, "more": more}


def labelled(label: object, what: object) -> str:
    """A label and what it stands for: "Coat: long"; 大衣：长款."""
    return pgettext("label", "%(label)s: %(what)s") % {"label": label, "what": what}
